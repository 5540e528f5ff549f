/*
 * test_edit.c - the editor without a terminal: clusters, NFC, limits, killing, notes.
 *
 * Not for: painting (tests/screen). Trap: letters with marks are written as bytes, so that no tool
 * composes them before the editor does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "client/edit.h"
#include "common/arena.h"
#include "common/text.h"

static struct edit e;

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	edit_init(&e, 40, false);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	edit_done(&e);
	return 0;
}

static unsigned type(const char *s)
{
	unsigned result = 0;
	size_t n = strlen(s), used;

	for (size_t i = 0; i < n; i += used) {
		struct key key = { .kind = K_TEXT };

		used = text_decode(s + i, n - i, &key.cp);
		assert_true(used > 0);
		if (key.cp == 0x7f)
			key.kind = K_BACKSPACE;
		result |= edit_handle(&e, &key);
	}
	return result;
}

static unsigned press(const char *name)
{
	struct key key;

	assert_int_equal(key_of_name(name, &key), OK);
	return edit_handle(&e, &key);
}

static unsigned paste(const char *s)
{
	struct key key = { .kind = K_PASTE, .text = s, .len = strlen(s) };

	return edit_handle(&e, &key);
}

static void marks_join_the_letter_before(void **state)
{
	(void)state;
	type("Nguye\xcc\x82\xcc\x83n");
	assert_string_equal(e.text, "Nguy\xe1\xbb\x85n");
	press("Left");
	press("Backspace");
	assert_string_equal(e.text, "Nguyn");
	type("e\xcc\x82");
	type("\xcc\x83");
	assert_string_equal(e.text, "Nguy\xe1\xbb\x85n");
}

static void a_letter_without_composed_form_is_one_cluster(void **state)
{
	(void)state;
	type("ax\xcc\x81\xcc\xa3" "b");
	press("Left");
	press("Backspace");
	assert_string_equal(e.text, "ab");
}

static void a_mark_without_a_letter_is_refused(void **state)
{
	(void)state;
	assert_true(type("\xcc\x81") & EDIT_FULL);
	assert_string_equal(e.text, "");
	type("x\xcc\x81\xcc\xa3\xcc\x82");
	assert_true(type("\xcc\x83") & EDIT_FULL);
}

static void the_burst_of_an_input_method_is_right(void **state)
{
	(void)state;
	type("tie\x7f\x7f" "i\xc3\xaa\x7f\x7f" "i\xe1\xba\xbf\x7f\x7f" "i\xe1\xba\xbfng");
	assert_string_equal(e.text, "ti\xe1\xba\xbfng");
}

static void joined_emoji_fall_apart(void **state)
{
	(void)state;
	type("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7");
	assert_int_equal(text_chars(e.text), 3);
}

static void the_limit_counts_characters_and_is_loud(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		assert_false(type("\xe5\xad\x97") & EDIT_FULL);
	assert_int_equal(type("\xe5\xad\x97"), EDIT_USED | EDIT_FULL);
	assert_int_equal(text_chars(e.text), 40);
	press("Backspace");
	assert_true(paste("abc") & EDIT_FULL);
	assert_int_equal(text_chars(e.text), 40);
	assert_int_equal(e.text[e.len - 1], 'a');
}

static void a_mark_over_the_limit_leaves_the_letter(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		type("x");
	assert_true(type("\xcc\x81") & EDIT_FULL);
	assert_int_equal(e.len, 40);
	press("Backspace");
	type("e\xcc\x81"); /* composes into one character: fits */
	assert_int_equal(text_chars(e.text), 40);
}

static void a_paste_is_folded_into_one_line(void **state)
{
	(void)state;
	paste("a\tb\r\nc\n\nd\x1b[31m\xe2\x80\xae!\xff");
	assert_string_equal(e.text, "a b c  d[31m!");
}

static void killing_and_yanking(void **state)
{
	(void)state;
	type("one two three");
	press("Ctrl-W");
	assert_string_equal(e.text, "one two ");
	press("Ctrl-Y");
	assert_string_equal(e.text, "one two three");
	press("Ctrl-A");
	press("Ctrl-Right");
	press("Ctrl-K");
	assert_string_equal(e.text, "one");
	press("Ctrl-U");
	assert_string_equal(e.text, "");
	press("Ctrl-Y");
	assert_string_equal(e.text, "one");
	press("Home");
	press("Delete");
	assert_string_equal(e.text, "ne");
}

static void a_secret_is_never_killed_into_memory(void **state)
{
	(void)state;
	e.secret = true;
	type("password");
	press("Ctrl-U");
	assert_null(e.killed);
	press("Ctrl-Y");
	assert_string_equal(e.text, "");
}

static void a_note_keeps_lines_and_moves_by_them(void **state)
{
	(void)state;
	edit_done(&e);
	edit_init(&e, 1000, true);
	e.width = 10;
	paste("first\r\nsecond line is long\nthird");
	assert_string_equal(e.text, "first\nsecond line is long\nthird");
	press("Up");
	press("Ctrl-A");
	type("X");
	assert_string_equal(e.text, "first\nXsecond line is long\nthird");
	press("Up");
	assert_int_equal(e.at, 1);
	assert_int_equal(press("Up"), EDIT_IGNORED);
	for (int i = 0; i < 4; i++)
		press("Down");
	assert_int_equal(press("Down"), EDIT_IGNORED);
	press("Ctrl-O");
	press("Up");
	press("Down");
	assert_int_equal(e.text[e.at - 1], '\n');
}

static void a_long_paste_waits_for_an_answer(void **state)
{
	static char text[5001];

	(void)state;
	edit_done(&e);
	edit_init(&e, 6000, true);
	memset(text, 'x', 5000);
	assert_int_equal(paste(text), EDIT_USED | EDIT_ASK);
	assert_int_equal(e.len, 0);
	edit_take_paste(&e, false);
	assert_int_equal(e.len, 0);
	paste(text);
	assert_true(edit_take_paste(&e, true) & EDIT_CHANGED);
	assert_int_equal(e.len, 5000);
}

static unsigned seed = 42;

static unsigned roll(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

/* Whatever is typed, the text stays clean NFC and the cursor at a cluster. */
static void any_keys_leave_clean_text(void **state)
{
	static const char *const bits[] = {"a", "e", "\xcc\x82", "\xcc\x83", "\xcc\xa3", "\xe5\xbc\xa0",
		"\xc4\x91", " ", "\xe2\x80\x8d", "\xf0\x9f\x91\xa8", "x\xcc\x81", "\xe1\xba\xbf"};
	static const char *const keys[] = {"Left", "Right", "Home", "End", "Backspace", "Delete",
		"Ctrl-W", "Ctrl-Y", "Ctrl-K", "Ctrl-Left", "Ctrl-Right"};
	struct arena *arena = arena_new(1 << 16);

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const char *clean = NULL, *why = NULL;
		uint32_t cp = 0;

		if (roll(3) > 0)
			type(bits[roll(NITEMS(bits))]);
		else
			press(keys[roll(NITEMS(keys))]);
		assert_int_equal(strlen(e.text), e.len);
		assert_true(e.at <= e.len);
		assert_int_equal(text_clean(arena, e.text, e.len, false, &clean, &why), OK);
		assert_string_equal(clean, e.text);
		if (e.at < e.len) {
			assert_true(text_decode(e.text + e.at, e.len - e.at, &cp) > 0);
			assert_false(text_is_mark(cp));
		}
		assert_true(text_chars(e.text) <= 40);
		arena_reset(arena);
	}
	arena_free(arena);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(marks_join_the_letter_before),
		T(a_letter_without_composed_form_is_one_cluster),
		T(a_mark_without_a_letter_is_refused),
		T(the_burst_of_an_input_method_is_right),
		T(joined_emoji_fall_apart),
		T(the_limit_counts_characters_and_is_loud),
		T(a_mark_over_the_limit_leaves_the_letter),
		T(a_paste_is_folded_into_one_line),
		T(killing_and_yanking),
		T(a_secret_is_never_killed_into_memory),
		T(a_note_keeps_lines_and_moves_by_them),
		T(a_long_paste_waits_for_an_answer),
		T(any_keys_leave_clean_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
