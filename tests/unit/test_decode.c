/*
 * test_decode.c - the bytes of terminals: every encoding, split anywhere, broken, forged.
 *
 * Not for: reading from a real terminal (tests/screen). Trap: time is a number given by the test;
 * nothing here waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "client/decode.h"
#include "common/text.h"

enum { DELAY = 50, MANY = 4096 };

static struct decode d;

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	decode_init(&d, DELAY);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	decode_done(&d);
	return 0;
}

/* The names of all events that the bytes give once the input is quiet, one blank between. */
static const char *names(const char *bytes, size_t n)
{
	static char all[MANY];
	size_t len = 0;
	struct key key;

	decode_feed(&d, bytes, n, 1000);
	all[0] = '\0';
	while (decode_next(&d, 1000 + DELAY, &key)) {
		char name[16] = "";

		if (key.kind == K_PASTE)
			len += (size_t)snprintf(all + len, sizeof(all) - len, "{%s} ", key.text);
		else
			key_spell(&key, name, sizeof(name));
		if (name[0] != '\0')
			len += (size_t)snprintf(all + len, sizeof(all) - len, "%s ", name);
	}
	assert_int_equal(d.len, 0);
	return all;
}

static void gives(const char *bytes, const char *expected)
{
	assert_string_equal(names(bytes, strlen(bytes)), expected);
}

static void every_encoding_of_a_named_key_is_known(void **state)
{
	(void)state;
	gives("\x1b[A\x1bOA", "Up Up ");
	gives("\x1b[D\x1b[1;5D\x1b[1;3C\x1bOd", "Left Ctrl-Left Ctrl-Right Ctrl-Left ");
	gives("\x1b[H\x1bOH\x1b[1~\x1b[7~", "Home Home Home Home ");
	gives("\x1b[F\x1bOF\x1b[4~\x1b[8~", "End End End End ");
	gives("\x1bOP\x1b[11~\x1b[[A\x1b[1;2P", "F1 F1 F1 F1 ");
	gives("\x1bOS\x1b[14~\x1b[[D\x1b[[E\x1b[15~", "F4 F4 F4 F5 F5 ");
	gives("\x1b[17~\x1b[21~\x1b[23~\x1b[24~", "F6 F10 F11 F12 ");
	gives("\x1b[2~\x1b[3~\x1b[5~\x1b[6~\x1b[Z", "Insert Delete PgUp PgDn Shift-Tab ");
	gives("\n\r\t\x7f\x08", "Enter Enter Tab Backspace Backspace ");
	gives("1\r\n2\r\n", "1 Enter 2 Enter "); /* as scanners end a line */
	gives("\r\r\n\n", "Enter Enter Enter ");
	gives("\x01\x05\x15\x0b", "Ctrl-A Ctrl-E Ctrl-U Ctrl-K ");
	gives("\x1bOp\x1bOy\x1bOM", "0 9 Enter ");
	gives("\x1b" "f", "Alt-f ");
}

static void text_is_strict(void **state)
{
	(void)state;
	gives("a张\xc3\xa9", "a 张 \xc3\xa9 ");
	gives("\xc0\xaf", "\xef\xbf\xbd \xef\xbf\xbd ");           /* overlong */
	gives("\xed\xa0\x80", "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd "); /* surrogate */
	gives("\xe5\xbc", "\xef\xbf\xbd \xef\xbf\xbd ");            /* cut short for good */
	gives("\xc2\x9b" "A", "A ");                                 /* C1 is no text */
}

static void foreign_sequences_are_swallowed_whole(void **state)
{
	(void)state;
	gives("a\x1b[?62;1;2;4c" "b", "a b ");
	gives("a\x1b]11;rgb:00/00/00\x07" "b\x1b]0;x\x1b\\c", "a b c ");
	gives("a\x1bP1+r\x1b\\b", "a b ");
	gives("a\x1b[M !!b", "a b ");
	gives("a\x1b[<0;1;1Mb", "a b ");
	gives("a\x1b[12;\rb", "a Enter b ");
}

static void a_split_anywhere_changes_nothing(void **state)
{
	static const char all[] = "a\x1b[A张\x1bOPế\x1b[15~\x1b[1;5C\tz";

	(void)state;
	for (size_t cut = 0; cut < sizeof(all) - 1; cut++) {
		struct key key;
		int count = 0;

		decode_feed(&d, all, cut, 1000);
		while (decode_next(&d, 1001, &key))
			count++;
		decode_feed(&d, all + cut, sizeof(all) - 1 - cut, 1010);
		while (decode_next(&d, 1011, &key))
			count++;
		assert_int_equal(count, 9);
		assert_int_equal(d.len, 0);
	}
}

static void a_lone_escape_waits_for_the_delay(void **state)
{
	struct key key;

	(void)state;
	decode_feed(&d, "\x1b", 1, 1000);
	assert_false(decode_next(&d, 1000 + DELAY - 1, &key));
	assert_int_equal(decode_wait(&d, 1010), DELAY - 10);
	assert_true(decode_next(&d, 1000 + DELAY, &key));
	assert_int_equal(key.kind, K_ESC);
	assert_int_equal(decode_wait(&d, 1060), -1);
}

static void two_escapes_are_one_but_not_before_an_arrow(void **state)
{
	(void)state;
	gives("\x1b\x1b", "Esc ");
	gives("\x1b\x1b[A", "Esc Up ");
	gives("\x1b\r", "Esc Enter ");
}

static void a_paste_ends_at_its_last_mark(void **state)
{
	(void)state;
	gives("\x1b[200~abc\x1b[201~\r", "{abc} Enter ");
	gives("\x1b[200~a\x1b[201~\rq\x1b[200~b\x1b[201~", "{a\rqb} ");
	gives("\x1b[200~q\x1b[A\x1b[201~", "{q\x1b[A} ");
	gives("\x1b[200~\x1b[201~x", "{} x ");
}

static void a_paste_may_come_in_pieces(void **state)
{
	struct key key;

	(void)state;
	decode_feed(&d, "\x1b[200~first ", 12, 1000);
	assert_false(decode_next(&d, 1000 + DELAY, &key));
	decode_feed(&d, "second\x1b[20", 10, 1200);
	assert_false(decode_next(&d, 1200 + DELAY, &key));
	decode_feed(&d, "1~", 2, 1300);
	assert_true(decode_next(&d, 1300 + DELAY, &key));
	assert_int_equal(key.kind, K_PASTE);
	assert_string_equal(key.text, "first second");
}

static void a_run_too_fast_for_fingers_is_marked(void **state)
{
	struct key key;
	int marked = 0;

	(void)state;
	decode_feed(&d, "abcdefghijklmnopqrstu\rxy", 24, 1000);
	while (decode_next(&d, 1001, &key))
		marked += key.burst ? 1 : 0;
	assert_int_equal(marked, 21);
	decode_feed(&d, "abcdefghijklmnopqrst\r", 21, 1000);
	while (decode_next(&d, 1001, &key))
		assert_false(key.burst);
}

static void any_bytes_are_used_up(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char bytes[64];
		struct key key;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			static const char likely[] = "\x1b[O~;12P]\r\x7f\xe5\xbc\xa0";

			seed = seed * 1103515245u + 12345u;
			bytes[i] = seed >> 31 ? likely[(seed >> 8) % (sizeof(likely) - 1)] : (char)(seed >> 16);
		}
		decode_feed(&d, bytes, sizeof(bytes), round * 10000);
		while (decode_next(&d, round * 10000 + 40 * DELAY, &key)) {
			assert_in_range(key.kind, K_TEXT, K_END_OF_KINDS - 1);
			if (key.kind == K_TEXT)
				assert_true(key.cp >= 0x20 && key.cp <= 0x10ffff);
		}
		assert_int_equal(d.len, 0);
	}
}

static void names_of_keys_go_both_ways(void **state)
{
	static const char *const all[] = {"a", "?", "Space", "Ctrl-L", "Alt-s", "F12", "Shift-Tab", "PgUp", "张"};
	struct key key;

	(void)state;
	for (size_t i = 0; i < NITEMS(all); i++) {
		char name[16];

		assert_int_equal(key_of_name(all[i], &key), OK);
		key_spell(&key, name, sizeof(name));
		assert_string_equal(name, all[i]);
	}
	assert_int_equal(key_of_name("F13", &key), ERR_INVALID);
	assert_int_equal(key_of_name("Ctrl-5", &key), ERR_INVALID);
	assert_int_equal(key_of_name("", &key), ERR_INVALID);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_encoding_of_a_named_key_is_known),
		T(text_is_strict),
		T(foreign_sequences_are_swallowed_whole),
		T(a_split_anywhere_changes_nothing),
		T(a_lone_escape_waits_for_the_delay),
		T(two_escapes_are_one_but_not_before_an_arrow),
		T(a_paste_ends_at_its_last_mark),
		T(a_paste_may_come_in_pieces),
		T(a_run_too_fast_for_fingers_is_marked),
		T(any_bytes_are_used_up),
		T(names_of_keys_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
