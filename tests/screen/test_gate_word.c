/*
 * test_gate_word.c - the gate's big word, in four languages, and what Enter then does in the database.
 *
 * Not for: the word of every kind of row (tests/unit/test_gate.c), or how the line is fed (test_gate_line.c).
 * Trap: names and plates are new in every run, so that nothing of an earlier one answers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"
#include "tests/screen/golden.h"
#include "tests/screen/guard.h"

/* What a guard reads from two metres: the middle of three letters of the word, row by row. */
static const struct big {
	const char *lang, *word;
	const char *rows[5];
} big_stops[] = {
	{"en", "!!! STOP", {"  ######  ##########    ####    ######", "##            ##      ##    ##  ##    ##", "  ####        ##      ##    ##  ######", "      ##      ##      ##    ##  ##",
		"######        ##        ####    ##"}},
	{"vi", "!!! CHẶN LẠI", {"\\\\//", "  ######  ##    ##    ####    ##    ##        ##          ####    ##", "##        ########  ########  ##  ####        ##        ########  ##",
		"  ######  ##    ##  ##    ##  ##    ##        ########  ##    ##  ##", "oo                                  oo"}},
	{"zh_CN", "!!! 拦下", {"##  ##  ##      ====================      ##  ##  ##", "##  ##  ##                                ##  ##  ##", "##  ##  ##            拦    下            ##  ##  ##",
		"\n\n", "##  ##  ##      ====================      ##  ##  ##"}},
	{"zh_TW", "!!! 攔下", {"##  ##  ##      ====================      ##  ##  ##", "##  ##  ##                                ##  ##  ##", "##  ##  ##            攔    下            ##  ##  ##",
		"\n\n", "##  ##  ##      ====================      ##  ##  ##"}},
};

static void see_big(struct vt *vt, const struct big *big)
{
	const char *at;
	char *screen;

	desk_see(vt, big->word);
	screen = vt_screen_text(vt);
	at = screen;
	for (size_t i = 0; i < sizeof(big->rows) / sizeof(big->rows[0]); i++) {
		at = strstr(at, big->rows[i]);
		if (at == NULL)
			fail_msg("no row \"%s\" on\n%s", big->rows[i], screen);
		at += strlen(big->rows[i]);
	}
	free(screen);
}

static void the_word_stands_in_block_letters_in_four_languages_with_and_without_colour(void **state)
{
	const char *digits = guard_barred();
	char typed[64];

	(void)state;
	snprintf(typed, sizeof(typed), "</>51f%s<Enter>", digits);
	for (size_t i = 0; i < 2 * sizeof(big_stops) / sizeof(big_stops[0]); i++) {
		const struct big *big = &big_stops[i / 2];
		struct vt *vt;

		desk_set(i % 2 == 0 ? NULL : "NO_COLOR=1");
		vt = guard_open(big->lang, NULL);
		desk_set(NULL);
		desk_type_at_once(vt, typed);
		see_big(vt, big);
		desk_close(vt);
	}
}

/* The planted lines of the demo estate; what is below the word is the work of the other tests. */
static void it_reads_well_in_four_languages(void **state)
{
	static const struct golden_hole below = {.row = 11, .rows = 11, .col = 0, .cols = 80};
	static const char *const langs[] = {"en", "zh_CN", "zh_TW", "vi"};
	static const struct { const char *name, *script; } words[] = {{"gate_stop", "</>mac dinh khoi<Enter>"}, {"gate_ask", "</>zzz qqq<Enter>"}};

	(void)state;
	for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
		struct vt *vt;

		estate_cell("DELETE FROM draft"); /* of the tests before */
		vt = guard_open(langs[i], NULL);
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			char name[40];

			snprintf(name, sizeof(name), "%s.%s", words[k].name, langs[i]);
			desk_type_at_once(vt, words[k].script);
			golden_see(vt, name, &below);
		}
		desk_close(vt);
	}
}

static void VIS_10_a_barred_plate_stops_in_the_guards_language(void **state)
{
	static const char *const said[][3] = {{"en", "!!! STOP", "do-not-admit list"}, {"vi", "!!! CHẶN LẠI", "Danh sách không cho vào"},
		{"zh_CN", "!!! 拦下", "禁止进入名单"}};
	const char *digits = estate_digits();
	char json[300], typed[64];

	(void)state;
	snprintf(json, sizeof(json), "{\"kind\":\"barred\",\"name\":\"Kẻ Gian %s\",\"vehicle\":\"51F-%s\",\"instruction\":\"call the supervisor\"}", digits, digits);
	assert_true(desk_number(desk_ask("guardchief", "gate_list.enter", json), "id") > 0);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct vt *vt = guard_open(said[i][0], NULL);

		vt_mark(vt);
		snprintf(typed, sizeof(typed), "</>51f%s<Enter>", digits);
		desk_type_at_once(vt, typed);
		desk_see(vt, said[i][1]);
		desk_see(vt, said[i][2]);
		desk_see(vt, "VIS-10");
		assert_int_equal(vt_bells(vt), 1);
		desk_type(vt, "5"); /* the word goes with the next input */
		desk_see_gone(vt, said[i][1]);
		desk_close(vt);
	}
}

static void who_is_expected_is_let_in_by_enter(void **state)
{
	const char *digits = estate_digits();
	struct vt *vt = guard_open("vi", NULL);
	char typed[100];

	(void)state;
	assert_true(guard_expected(digits) > 0); /* while the screen is open: told by the server */
	vt_settle(vt, 1200, SOON);
	snprintf(typed, sizeof(typed), "truong tam phong %s<Enter>", digits);
	desk_type(vt, "</>"); /* with it the write would be as long as a paste, which opens nothing */
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> ĐƯỢC VÀO");
	desk_type(vt, "<Enter>");
	desk_see_gone(vt, ">>> ĐƯỢC");
	DESK_AWAIT(vt, estate_number("SELECT count(*) FROM visitor WHERE name = 'Trương Tam Phong %s'", digits) != 0);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor v JOIN unit u ON u.id = v.unit WHERE v.name = 'Trương Tam Phong %s' AND v.state = 'inside' "
		"AND u.code = '7-1203' AND v.vehicle = '30A%s'", digits, digits), 1);
	desk_close(vt);
}

static void what_is_withdrawn_a_moment_ago_does_not_enter(void **state)
{
	const char *digits = estate_digits();
	int64_t id = guard_expected(digits);
	struct vt *vt = guard_open("en", NULL);
	char json[100], typed[100];

	(void)state;
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)id);
	assert_string_equal(desk_text(desk_ask("desk", "gate_list.withdraw", json), "state"), "withdrawn");
	snprintf(typed, sizeof(typed), "</>30a%s<Enter>", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, "??? ASK RECEPTION");
	assert_false(desk_shows(vt, ">>> ENTER"));
	desk_close(vt);
}

static void GRS_01_a_used_slip_stops(void **state)
{
	static const char slip[] = "{\"unit\":\"7-1203\",\"person\":\"Ngô Văn Tài\",\"items\":[{\"name\":\"sofa\",\"quantity\":1}]}";
	const struct node *made = desk_ask("desk", "release_slip.issue", slip);
	struct vt *vt = guard_open("en", NULL);
	char typed[64];

	(void)state;
	snprintf(typed, sizeof(typed), "<g>%s<Enter><Enter>", desk_text(made, "no"));
	desk_type_at_once(vt, typed);
	desk_see(vt, "saved 20");
	snprintf(typed, sizeof(typed), "<g>%s<Enter>", desk_text(made, "no"));
	desk_type_at_once(vt, typed);
	desk_see(vt, "!!! STOP");
	desk_see(vt, "GRS-01");
	desk_close(vt);
}

static void PASS_03_a_pass_lets_its_holder_in_by_enter(void **state)
{
	const char *digits = estate_digits();
	struct vt *vt;
	char json[300], typed[100];
	int64_t pass;

	(void)state;
	snprintf(json, sizeof(json), "{\"person_name\":\"Đặng Lan %s\",\"kind\":\"tutor\",\"unit\":\"7-1203\",\"photo\":true,\"original_seen\":true,\"copy\":true}", digits);
	pass = desk_number(desk_ask("desk", "entry_pass.issue", json), "id");
	assert_true(pass > 0);
	vt = guard_open("zh_CN", NULL);
	snprintf(typed, sizeof(typed), "</>dang lan %s<Enter>", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> 可进入");
	desk_type(vt, "<Enter>");
	DESK_AWAIT(vt, estate_number("SELECT count(*) FROM visitor WHERE entry_pass = %lld AND state = 'inside'", (long long)pass) != 0);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE entry_pass = %lld AND state = 'inside' AND class = 'casual_worker'", (long long)pass), 1);
	desk_close(vt);
}

static void several_matches_are_a_numbered_list_and_never_a_guess(void **state)
{
	const char *digits = estate_digits();
	struct vt *vt;
	char json[200], typed[64];

	(void)state;
	for (int i = 0; i < 2; i++) {
		snprintf(json, sizeof(json), "{\"name\":\"%s Hoa %s\",\"unit\":\"7-1203\"}", i == 0 ? "Lê" : "Võ", digits);
		assert_true(desk_number(desk_ask("desk", "visitor.arrive", json), "id") > 0);
	}
	vt = guard_open("en", NULL);
	snprintf(typed, sizeof(typed), "</>hoa %s<Enter>", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, "2 are called this: press a number.");
	assert_false(desk_shows(vt, "<<< MAY"));
	desk_type(vt, "2");
	desk_see(vt, "<<< MAY LEAVE");
	desk_see(vt, "Võ Hoa");
	desk_type(vt, "<Enter>");
	DESK_AWAIT(vt, estate_number("SELECT count(*) FROM visitor WHERE name = 'Võ Hoa %s' AND state = 'left'", digits) != 0);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE name LIKE '%%Hoa %s' AND state = 'left'", digits), 1);
	desk_close(vt);
}

static void who_is_not_known_is_written_down_by_enter(void **state)
{
	const char *digits = estate_digits();
	struct vt *vt = guard_open("en", NULL);
	char typed[100];

	(void)state;
	snprintf(typed, sizeof(typed), "</>29C%s<Enter>", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, "??? ASK RECEPTION");
	desk_type(vt, "<Enter>");
	desk_type(vt, "7-1203<Tab>Bùi Văn Sáu<F2>");
	desk_see(vt, "saved 20");
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE vehicle = '29C%s' AND name = 'Bùi Văn Sáu' AND state = 'inside'", digits), 1);
	desk_close(vt);
}

static void VIS_07_a_visitor_goes_through_the_gate_by_single_keys(void **state)
{
	const char *digits = estate_digits();
	struct vt *vt = guard_open("en", NULL);
	char json[300], typed[100];
	int64_t id;

	(void)state;
	snprintf(json, sizeof(json), "{\"name\":\"Thợ Điện %s\",\"class\":\"business\",\"body\":\"Điện Lực\",\"unit\":\"7-1203\",\"contact\":\"0912%s\"}", digits, digits);
	id = desk_number(desk_ask("guard", "visitor.arrive", json), "id");
	vt_settle(vt, 1200, SOON);
	snprintf(typed, sizeof(typed), "</>tho dien %s<Enter>", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, "has not been asked yet");
	desk_type(vt, "<k><F2>");
	DESK_AWAIT(vt, strcmp(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "asked") == 0);
	assert_string_equal(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "asked");
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":2,\"answer\":\"agreed\",\"by\":\"chủ nhà\"}", (long long)id);
	assert_string_equal(desk_text(desk_ask("desk", "visitor.answer", json), "state"), "agreed");
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":3,\"escort\":\"guardlead\"}", (long long)id);
	assert_string_equal(desk_text(desk_ask("desk", "visitor.escort", json), "state"), "agreed");
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> ENTER");
	desk_type(vt, "<Enter>");
	DESK_AWAIT(vt, strcmp(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "inside") == 0);
	assert_string_equal(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "inside");
	/* The guard's terminal never gets the visitor's telephone. */
	snprintf(json, sizeof(json), "0912%s", digits);
	assert_null(strstr(vt_output(vt, &(size_t){0}), json));
	desk_close(vt);
}

/* The polite line is on the screen whole; why, is in none of its bytes. */
static void VIS_06_the_guard_says_the_polite_line_and_knows_no_reason(void **state)
{
	static const char *const answers[][2] = {{"refused", "another appointment. (VIS-06)"}, {"no_answer", "take a message. (VIS-06)"}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *digits = estate_digits();
		char name[64], json[300], typed[100];
		struct vt *vt;
		int64_t id;

		snprintf(name, sizeof(name), "Giang %s", digits);
		id = guard_visitor(name, ",\"class\":\"business\",\"unit\":\"7-1203\"");
		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)id);
		assert_string_equal(desk_text(desk_ask("desk", "visitor.ask_host", json), "state"), "asked");
		vt = guard_open("en", NULL);
		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":2,\"answer\":\"%s\",\"by\":\"chủ nhà\",\"reason\":\"owes money %s\"}", (long long)id, answers[i][0], digits);
		snprintf(typed, sizeof(typed), "</>giang %s<Enter>", digits);
		if (i == 0) { /* he refuses while the visitor stands at the gate */
			desk_type_at_once(vt, typed);
			desk_see(vt, "??? ASK RECEPTION");
			desk_type(vt, "<Esc>");
		}
		assert_int_equal(desk_number(desk_ask("desk", "visitor.answer", json), "id"), id);
		vt_settle(vt, 300, SOON);
		desk_type_at_once(vt, typed);
		if (i == 1) {
			desk_see(vt, "Tell the visitor:");
			desk_see(vt, answers[i][1]);
		}
		assert_null(strstr(vt_output(vt, &(size_t){0}), "owes money"));
		desk_close(vt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_word_stands_in_block_letters_in_four_languages_with_and_without_colour),
		cmocka_unit_test(it_reads_well_in_four_languages),
		cmocka_unit_test(VIS_10_a_barred_plate_stops_in_the_guards_language),
		cmocka_unit_test(who_is_expected_is_let_in_by_enter),
		cmocka_unit_test(what_is_withdrawn_a_moment_ago_does_not_enter),
		cmocka_unit_test(GRS_01_a_used_slip_stops),
		cmocka_unit_test(PASS_03_a_pass_lets_its_holder_in_by_enter),
		cmocka_unit_test(several_matches_are_a_numbered_list_and_never_a_guess),
		cmocka_unit_test(who_is_not_known_is_written_down_by_enter),
		cmocka_unit_test(VIS_07_a_visitor_goes_through_the_gate_by_single_keys),
		cmocka_unit_test(VIS_06_the_guard_says_the_polite_line_and_knows_no_reason),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
