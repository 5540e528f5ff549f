/*
 * test_gate_line.c - the gate's line fed by scanners, over a slow line and without any.
 *
 * Not for: which word stands there (test_gate_word.c). Trap: text in one write is a scanner's burst, which a pause ends:
 * the Enter behind it belongs into the same write.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"
#include "tests/screen/guard.h"

/* At 9600 baud 960 bytes go in a second; a whole screen may cost 1850 (ui.md B). */
static void the_word_is_cheap_on_a_slow_line(void **state)
{
	static const struct { const char *conf; size_t most; } manners[] = {{"", 1850}, {"ui: { lean = true; };\n", 1200}};
	const char *digits = guard_barred();
	char typed[64], folder[] = "/tmp/lodge-lean-XXXXXX", path[64], set[64];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/lodge.conf", folder);
	snprintf(set, sizeof(set), "LODGE_CONF=%s", folder);
	snprintf(typed, sizeof(typed), "</>51f%s<Enter>", digits);
	for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++) {
		struct vt *vt;

		file = fopen(path, "w");
		assert_non_null(file);
		fputs(manners[i].conf, file);
		fclose(file);
		desk_set(set);
		vt = guard_open("en", NULL);
		desk_set(NULL);
		for (size_t k = 0; k < 2; k++) { /* from few letters to many */
			desk_type(vt, "<Esc>");
			vt_settle(vt, 200, SOON);
			vt_mark(vt);
			desk_type_at_once(vt, k == 0 ? typed : "</>zzz qqq<Enter>");
			desk_see(vt, k == 0 ? "!!! STOP" : "??? ASK RECEPTION");
			vt_settle(vt, 100, SOON);
			if (vt_bytes(vt) > manners[i].most)
				fail_msg("%zu bytes for a word, at most %zu", vt_bytes(vt), manners[i].most);
		}
		desk_close(vt);
	}
	unlink(path);
	rmdir(folder);
}

/* Sends bytes one by one at 300 a second, as scanners do. */
static void scan(struct vt *vt, const char *text)
{
	for (; *text != '\0'; text++) {
		struct timespec gap = {.tv_nsec = 3333333};

		vt_send(vt, text, 1);
		nanosleep(&gap, NULL);
	}
}

static void expect_scan(const char *digits)
{
	char json[200];

	snprintf(json, sizeof(json), "{\"kind\":\"expected\",\"name\":\"Scan %s\",\"unit\":\"7-1203\",\"vehicle\":\"%s\"}", digits, digits);
	assert_true(desk_number(desk_ask("desk", "gate_list.enter", json), "id") > 0);
}

/* Two cards one right after the other: the end of the first line parts them, or where it has none, the pause. */
static void scan_two(const char *begin, const char *end)
{
	char first[16], second[16], text[64], seen[32];
	struct vt *vt;

	snprintf(first, sizeof(first), "%s", estate_digits());
	snprintf(second, sizeof(second), "%s", estate_digits());
	expect_scan(first);
	expect_scan(second);
	vt = guard_open("en", NULL);
	snprintf(text, sizeof(text), "%s%s%s", begin, first, end);
	scan(vt, text);
	snprintf(seen, sizeof(seen), "Scan %s", first);
	if (*end == '\0')
		desk_see(vt, seen);
	snprintf(text, sizeof(text), "%s%s%s", begin, second, end);
	scan(vt, text);
	snprintf(seen, sizeof(seen), "Scan %s", second);
	desk_see(vt, seen);
	/* A second half of the line's end would let him in. */
	vt_settle(vt, 300, 2000);
	desk_see(vt, ">>> ENTER");
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE name IN ('Scan %s', 'Scan %s')", first, second), 0);
	desk_close(vt);
}

static void scanners_end_their_line_with_cr(void **state)
{
	(void)state;
	scan_two("", "\r");
	scan_two("/", "\r");
}

static void scanners_end_their_line_with_lf(void **state)
{
	(void)state;
	scan_two("", "\n");
	scan_two("/", "\n");
}

static void scanners_end_their_line_with_crlf(void **state)
{
	(void)state;
	scan_two("", "\r\n");
	scan_two("/", "\r\n");
}

static void scanners_end_their_line_with_nothing(void **state)
{
	(void)state;
	scan_two("", "");
	scan_two("/", "");
}

/* A busy line may deliver the end of a scanner's line after its pause: it must not let anybody in. */
static void an_end_of_line_that_comes_late_lets_nobody_in(void **state)
{
	const char *digits = estate_digits();
	struct vt *vt;
	char typed[64];

	(void)state;
	assert_true(guard_expected(digits) > 0);
	vt = guard_open("en", NULL);
	snprintf(typed, sizeof(typed), "</>30a%s", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> ENTER");
	desk_type(vt, "<Enter>");
	vt_settle(vt, 300, 2000);
	assert_true(desk_shows(vt, ">>> ENTER"));
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s'", digits), 0);
	desk_type(vt, "<Enter>"); /* the next one is the guard's */
	DESK_AWAIT(vt, estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s'", digits) != 0);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s' AND state = 'inside'", digits), 1);
	desk_close(vt);
}

static void without_a_link_the_kept_lists_decide_and_the_journal_remembers(void **state)
{
	const char *digits = estate_digits();
	struct relay *relay = relay_start();
	char folder[] = "/tmp/lodge-gate-XXXXXX", journal[96], set[64], typed[64];
	struct vt *vt;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(set, sizeof(set), "LODGE_JOURNAL=%s", folder);
	desk_set(set);
	assert_true(guard_expected(digits) > 0);
	vt = guard_open("en", relay_address(relay));
	desk_set(NULL);
	snprintf(typed, sizeof(typed), "</>30a%s<Enter>", digits);
	desk_type_at_once(vt, typed); /* answered when every list is here */
	desk_see(vt, ">>> ENTER");
	desk_type(vt, "<Esc>");
	relay_cut(relay);
	desk_see(vt, "OFFLINE 00:0");
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> ENTER");
	desk_see(vt, "[lists of this minute]");
	desk_type(vt, "<Enter>");
	desk_see(vt, "Recorded offline (1 waiting)");
	relay_mend(relay);
	desk_see_gone(vt, "OFFLINE");
	DESK_AWAIT(vt, estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s'", digits) != 0);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s' AND state = 'inside'", digits), 1);
	desk_close(vt);
	relay_stop(relay);
	for (const char *const *ending = (const char *const[]){"journal", "signins", "w011.lists", NULL}; *ending != NULL; ending++) {
		snprintf(journal, sizeof(journal), "%s/screen-test.%s", folder, *ending);
		assert_int_equal(unlink(journal), 0);
	}
	assert_int_equal(rmdir(folder), 0);
}

static void a_link_lost_while_opening_leaves_the_keyboard_free(void **state)
{
	struct relay *relay = relay_start_slow(2000);
	struct vt *vt = desk_open_at("guard", "en", relay_address(relay), "xterm-256color", 24, 80);

	(void)state;
	if (!vt_wait_text(vt, "Scan a card", 3 * SOON))
		fail_msg("the gate does not open");
	relay_cut(relay);
	desk_type_at_once(vt, "</>29C12345");
	desk_see(vt, "29C12345");
	desk_close(vt);
	relay_stop(relay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_word_is_cheap_on_a_slow_line),
		cmocka_unit_test(scanners_end_their_line_with_cr),
		cmocka_unit_test(scanners_end_their_line_with_lf),
		cmocka_unit_test(scanners_end_their_line_with_crlf),
		cmocka_unit_test(scanners_end_their_line_with_nothing),
		cmocka_unit_test(an_end_of_line_that_comes_late_lets_nobody_in),
		cmocka_unit_test(without_a_link_the_kept_lists_decide_and_the_journal_remembers),
		cmocka_unit_test(a_link_lost_while_opening_leaves_the_keyboard_free),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
