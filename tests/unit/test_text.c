/*
 * test_text.c - the hygiene rule against the attacks that it names, NFC, widths, cutting, logs.
 * Not for: lengths of fields. Trap: characters are written as bytes here, so that no editor or
 * review tool can normalise or hide them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/text.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	arena = arena_new(1 << 20);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void becomes(const char *in, const char *expected)
{
	const char *out = NULL, *why = NULL;
	arena_reset(arena);
	assert_int_equal(text_clean(arena, in, strlen(in), false, &out, &why), OK);
	assert_null(why);
	assert_string_equal(out, expected);
}

static void stays(const char *in)
{
	becomes(in, in);
}

static void refused_n(const char *in, size_t n, bool lines)
{
	const char *out = NULL, *why = NULL;
	arena_reset(arena);
	if (text_clean(arena, in, n, lines, &out, &why) != ERR_INVALID)
		fail_msg("accepted: %.*s", (int)n, in);
	assert_null(out);
	assert_non_null(why);
}

static void refused(const char *in)
{
	refused_n(in, strlen(in), false);
}

static void refused_cp(uint32_t cp)
{
	char text[16] = "a";
	size_t n = text_encode(cp, text + 1);
	text[1 + n] = 'b';
	if (!n)
		return;
	refused_n(text, n + 2, false);
	refused_n(text, n + 2, true);
}

static void decomposed_vietnamese_is_composed(void **state)
{
	(void)state;
	/* Nguyễn Thị Ánh as macOS sends it: e + circumflex + tilde, i + dot below, A + acute */
	becomes("Nguye\xcc\x82\xcc\x83n Thi\xcc\xa3 A\xcc\x81nh", "Nguyễn Thị Ánh");
	/* marks in the other order: e + tilde + circumflex stays in its own order, e + dot below +
	 * circumflex is reordered */
	becomes("e\xcc\x82\xcc\xa3", "ệ");
	becomes("e\xcc\xa3\xcc\x82", "ệ");
	becomes("O\xcc\x9b\xcc\x81", "Ớ");
	stays("Nguyễn Thị Ánh");
	stays("Đường Trần Hưng Đạo");
}

static void chinese_and_signs_of_daily_life_stay_as_they_are(void **state)
{
	(void)state;
	stays("");
	stays("张小明 陳美玲 欧阳静");
	stays("\xf0\xa0\xae\xb7\xe9\x87\x8e"); /* a Han letter of extension B */
	stays("7-1203、「档案」（①）— 50 % €");
	stays("O'Brien \"x\" \\ <b> '; DROP TABLE loan; -- %s %n $(id) =1+1");
	stays("\xf0\x9f\x98\x80\xf0\x9f\x91\x8d"); /* emoji of one code point each */
	becomes("\xef\xa4\x80", "\xe8\xb1\x88"); /* a compatibility ideograph has one canonical form */
}

static void broken_utf8_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "\xff", "\xfe", "\x80", "\xbf", "\xc0\x80", "\xc0\xaf", "\xc1\xbf",
		"\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xed\xa0\xbd\xed\xb8\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xe4\xb8", "\xe4", "\xf0\x9f\x98", "\xe4\x41\x42", "a\xcc" };
	for (size_t i = 0; i < NITEMS(bad); i++) {
		refused(bad[i]);
		refused_n(bad[i], strlen(bad[i]), true);
	}
	refused_n("a\0b", 3, false);
	refused_n("\0", 1, true);
}

static void every_class_of_the_hygiene_rule_is_refused(void **state)
{
	(void)state;
	static const struct { uint32_t from, to; } classes[] = {
		{ 0x01, 0x09 }, { 0x0b, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f },
		{ 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xe000, 0xe0ff },
		{ 0xf8f0, 0xf8ff }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xfffe, 0xffff }, { 0x1fffe, 0x1ffff }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe01ef }, { 0xf0000, 0xf0010 }, { 0x10fff0, 0x10ffff },
	};
	for (size_t i = 0; i < NITEMS(classes); i++)
		for (uint32_t cp = classes[i].from; cp <= classes[i].to; cp++)
			refused_cp(cp);
}

static void named_attacks_are_refused(void **state)
{
	(void)state;
	refused("\x1b]0;pwned\x07");
	refused("\x1b[2J");
	refused("\xc2\x9b" "2J");               /* CSI of eight bits */
	refused("abc\xe2\x80\xae" "cba");         /* right-to-left override */
	refused("a\xe2\x80\x8b" "b");             /* zero-width space */
	refused("\xe2\x81\xa6x\xe2\x81\xa9");     /* isolates */
	refused("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"); /* a family joined by ZWJ */
	refused("\xe2\x9d\xa4\xef\xb8\x8f");      /* variation selector */
	refused("a\nb");
	refused("a\tb");
	refused("a\rb");
}

static void only_notes_take_line_feeds(void **state)
{
	(void)state;
	const char *out = NULL, *why = NULL;
	assert_int_equal(text_clean(arena, "a\nb\n", 4, true, &out, &why), OK);
	assert_string_equal(out, "a\nb\n");
	refused_n("a\nb", 3, false);
	refused_n("a\r\nb", 4, true);
	refused_n("a\xe2\x80\xa8" "b", 5, true);
}

static void at_most_three_marks_sit_on_a_letter(void **state)
{
	(void)state;
	char zalgo[1 + 2 * 400 + 1] = "a";
	stays("x\xcc\x9f\xcc\xb2\xcc\xb3");             /* three that compose with nothing */
	refused("x\xcc\x9f\xcc\xb2\xcc\xb3\xcc\xb4");   /* four */
	/* four typed, but two of them are the ế that Vietnamese has */
	becomes("e\xcc\x82\xcc\x81\xcc\xb4\xcc\xb5", "ế\xcc\xb4\xcc\xb5");
	for (size_t i = 1; i < sizeof(zalgo) - 1; i += 2)
		memcpy(zalgo + i, "\xcc\xb2", 2);
	refused(zalgo);
	refused("\xcc\x81" "a");                        /* a mark without a letter */
	refused_n("a\n\xcc\x81", 4, true);
}

static void what_was_cleaned_is_clean(void **state)
{
	(void)state;
	char text[8];
	for (uint32_t cp = 1; cp <= 0x10ffff; cp++) {
		const char *once = NULL, *twice = NULL, *why = NULL;
		size_t n = text_encode(cp, text);
		if (!n || text_refuses(cp, false))
			continue;
		arena_reset(arena);
		if (text_clean(arena, text, n, false, &once, &why) != OK)
			continue; /* a mark alone */
		assert_int_equal(text_clean(arena, once, strlen(once), false, &twice, &why), OK);
		assert_string_equal(once, twice);
	}
}

static void a_full_arena_is_told(void **state)
{
	(void)state;
	const char *out = NULL, *why = NULL;
	struct arena *small = arena_new(16);
	assert_int_equal(text_clean(small, "0123456789abcdef", 16, false, &out, &why), ERR_NOMEM);
	assert_null(out);
	arena_free(small);
}

static void characters_and_cells_are_counted(void **state)
{
	(void)state;
	assert_int_equal(text_chars(""), 0);
	assert_int_equal(text_chars("Nguyễn"), 6);
	assert_int_equal(text_chars("张小明"), 3);
	assert_int_equal(text_chars("a\xff\xff"), 3);
	assert_int_equal(text_width("Nguyễn"), 6);
	assert_int_equal(text_width("张小明"), 6);
	assert_int_equal(text_width("e\xcc\x82\xcc\x83"), 1);
	assert_int_equal(text_width("a\x1b\xff"), 3);
}

static void fits(const char *in, int cells, const char *expected)
{
	char cut[200];
	size_t n = text_fit(cut, sizeof(cut), in, cells);
	assert_string_equal(cut, expected);
	assert_int_equal(n, strlen(cut));
	assert_int_equal(text_width(cut), cells);
}

static void a_text_fits_its_cells_exactly(void **state)
{
	(void)state;
	fits("abc", 5, "abc  ");
	fits("abcde", 5, "abcde");
	fits("abcdef", 5, "abcd~");
	fits("张小明", 6, "张小明");
	fits("张小明", 7, "张小明 ");
	fits("张小明", 5, "张小~");
	fits("张小明", 4, "张 ~"); /* half a letter is never drawn */
	fits("张", 1, "~");
	fits("x", 0, "");
	fits("", 3, "   ");
	fits("e\xcc\x82\xcc\x83" "a", 1, "~");
	fits("ae\xcc\x82\xcc\x83", 2, "ae\xcc\x82\xcc\x83");
	fits("a\x1b" "b\xe2\x80\xae", 4, "a\xef\xbf\xbd" "b\xef\xbf\xbd");
}

static void a_small_buffer_never_overflows(void **state)
{
	(void)state;
	char cut[9];
	for (size_t cap = 0; cap < sizeof(cut); cap++) {
		memset(cut, '#', sizeof(cut));
		size_t n = text_fit(cut, cap, "张小明abc", 20);
		assert_true(cap == 0 || n < cap);
		for (size_t i = cap; i < sizeof(cut); i++)
			assert_int_equal(cut[i], '#');
	}
}

static void a_log_line_shows_what_would_hide(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1000);
	text_safe(&b, "a\n\x1b[1m\xe2\x80\xae\"\\张\xff\xf3\xa0\x81\x81\xc2\x9b");
	assert_string_equal(b.data, "a\\n\\u001b[1m\\u202e\\\"\\\\张\\ufffd\\udb40\\udc41\\u009b");
	buf_done(&b);
}

static void a_text_is_found_without_case_marks_and_width(void **state)
{
	(void)state;
	assert_true(text_holds("Nguyễn Thị Ánh Đào", "nguyen thi anh dao"));
	assert_true(text_holds("ＡＢＣ１２３", "abc123"));
	assert_true(text_holds("A b", "a b"));
	assert_true(text_holds("张小明", "小明"));
	assert_true(text_holds("anything", ""));
	assert_false(text_holds("Nguyen", "nguyet"));
	assert_true(text_holds("\xff broken", "\xff"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_found_without_case_marks_and_width),
		cmocka_unit_test(decomposed_vietnamese_is_composed),
		cmocka_unit_test(chinese_and_signs_of_daily_life_stay_as_they_are),
		cmocka_unit_test(broken_utf8_is_refused),
		cmocka_unit_test(every_class_of_the_hygiene_rule_is_refused),
		cmocka_unit_test(named_attacks_are_refused),
		cmocka_unit_test(only_notes_take_line_feeds),
		cmocka_unit_test(at_most_three_marks_sit_on_a_letter),
		cmocka_unit_test(what_was_cleaned_is_clean),
		cmocka_unit_test(a_full_arena_is_told),
		cmocka_unit_test(characters_and_cells_are_counted),
		cmocka_unit_test(a_text_fits_its_cells_exactly),
		cmocka_unit_test(a_small_buffer_never_overflows),
		cmocka_unit_test(a_log_line_shows_what_would_hide),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
