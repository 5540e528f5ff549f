/*
 * test_gate_screen.c - the gate's line and its big word: in three languages, from scanners, offline, and what Enter then
 * does in the database.
 *
 * Not for: the word of every kind of row (tests/unit/test_gate.c). Trap: names and plates are new in every run, so that
 * nothing of an earlier one answers. Text in one write is a scanner's burst, which a pause ends: the Enter behind
 * it belongs into the same write.
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
#include "tests/screen/golden.h"

static struct vt *open_gate(const char *lang, const char *server)
{
	struct vt *vt = desk_open_at("guard", lang, server, "xterm-256color", 24, 80);

	desk_see(vt, "w011");
	vt_settle(vt, 150, SOON);
	return vt;
}

/* Six digits that nothing at the gate has. */
static const char *fresh_digits(void)
{
	static char digits[16];

	do
		snprintf(digits, sizeof(digits), "%lld", (long long)estate_number("SELECT 100000 + floor(random() * 900000)::int"));
	while (estate_number("SELECT (SELECT count(*) FROM gate_list WHERE vehicle LIKE '%%%s') + (SELECT count(*) FROM visitor WHERE vehicle LIKE '%%%s' OR doc_tail = '%s')",
		digits, digits, digits) > 0);
	return digits;
}

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

/* A line that bars a plate; its digits. */
static const char *bar(void)
{
	const char *digits = fresh_digits();
	char json[300];

	snprintf(json, sizeof(json), "{\"kind\":\"barred\",\"name\":\"Kẻ Gian %s\",\"vehicle\":\"51F-%s\",\"instruction\":\"call the supervisor\"}", digits, digits);
	assert_true(desk_number(desk_ask("guardchief", "gate_list.enter", json), "id") > 0);
	return digits;
}

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
	const char *digits = bar();
	char typed[64];

	(void)state;
	snprintf(typed, sizeof(typed), "</>51f%s<Enter>", digits);
	for (size_t i = 0; i < 2 * sizeof(big_stops) / sizeof(big_stops[0]); i++) {
		const struct big *big = &big_stops[i / 2];
		struct vt *vt;

		desk_set(i % 2 == 0 ? NULL : "NO_COLOR=1");
		vt = open_gate(big->lang, NULL);
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
		vt = open_gate(langs[i], NULL);
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			char name[40];

			snprintf(name, sizeof(name), "%s.%s", words[k].name, langs[i]);
			desk_type_at_once(vt, words[k].script);
			golden_see(vt, name, &below);
		}
		desk_close(vt);
	}
}

/* At 9600 baud 960 bytes go in a second; a whole screen may cost 1850 (ui.md B). */
static void the_word_is_cheap_on_a_slow_line(void **state)
{
	static const struct { const char *conf; size_t most; } manners[] = {{"", 1850}, {"ui: { lean = true; };\n", 1200}};
	const char *digits = bar();
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
		vt = open_gate("en", NULL);
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

static void VIS_10_a_barred_plate_stops_in_the_guards_language(void **state)
{
	static const char *const said[][3] = {{"en", "!!! STOP", "do-not-admit list"}, {"vi", "!!! CHẶN LẠI", "Danh sách không cho vào"},
		{"zh_CN", "!!! 拦下", "禁止进入名单"}};
	const char *digits = fresh_digits();
	char json[300], typed[64];

	(void)state;
	snprintf(json, sizeof(json), "{\"kind\":\"barred\",\"name\":\"Kẻ Gian %s\",\"vehicle\":\"51F-%s\",\"instruction\":\"call the supervisor\"}", digits, digits);
	assert_true(desk_number(desk_ask("guardchief", "gate_list.enter", json), "id") > 0);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct vt *vt = open_gate(said[i][0], NULL);

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

static int64_t make_expected(const char *digits)
{
	char json[300];

	snprintf(json, sizeof(json), "{\"kind\":\"expected\",\"name\":\"Trương Tam Phong %s\",\"unit\":\"7-1203\",\"vehicle\":\"30A-%s\"}", digits, digits);
	return desk_number(desk_ask("desk", "gate_list.enter", json), "id");
}

static void who_is_expected_is_let_in_by_enter(void **state)
{
	const char *digits = fresh_digits();
	struct vt *vt = open_gate("vi", NULL);
	char typed[100];

	(void)state;
	assert_true(make_expected(digits) > 0); /* while the screen is open: told by the server */
	vt_settle(vt, 1200, SOON);
	snprintf(typed, sizeof(typed), "truong tam phong %s<Enter>", digits);
	desk_type(vt, "</>"); /* with it the write would be as long as a paste, which opens nothing */
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> ĐƯỢC VÀO");
	desk_type(vt, "<Enter>");
	desk_see_gone(vt, ">>> ĐƯỢC");
	for (int i = 0; i < 100 && estate_number("SELECT count(*) FROM visitor WHERE name = 'Trương Tam Phong %s'", digits) == 0; i++)
		vt_settle(vt, 20, 20);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor v JOIN unit u ON u.id = v.unit WHERE v.name = 'Trương Tam Phong %s' AND v.state = 'inside' "
		"AND u.code = '7-1203' AND v.vehicle = '30A%s'", digits, digits), 1);
	desk_close(vt);
}

static void what_is_withdrawn_a_moment_ago_does_not_enter(void **state)
{
	const char *digits = fresh_digits();
	int64_t id = make_expected(digits);
	struct vt *vt = open_gate("en", NULL);
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

	snprintf(first, sizeof(first), "%s", fresh_digits());
	snprintf(second, sizeof(second), "%s", fresh_digits());
	expect_scan(first);
	expect_scan(second);
	vt = open_gate("en", NULL);
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
	const char *digits = fresh_digits();
	struct vt *vt;
	char typed[64];

	(void)state;
	assert_true(make_expected(digits) > 0);
	vt = open_gate("en", NULL);
	snprintf(typed, sizeof(typed), "</>30a%s", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> ENTER");
	desk_type(vt, "<Enter>");
	vt_settle(vt, 300, 2000);
	assert_true(desk_shows(vt, ">>> ENTER"));
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s'", digits), 0);
	desk_type(vt, "<Enter>"); /* the next one is the guard's */
	for (int i = 0; i < 100 && estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s'", digits) == 0; i++)
		vt_settle(vt, 20, 20);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s' AND state = 'inside'", digits), 1);
	desk_close(vt);
}

static void GRS_01_a_used_slip_stops(void **state)
{
	static const char slip[] = "{\"unit\":\"7-1203\",\"person\":\"Ngô Văn Tài\",\"items\":[{\"name\":\"sofa\",\"quantity\":1}]}";
	const struct node *made = desk_ask("desk", "release_slip.issue", slip);
	struct vt *vt = open_gate("en", NULL);
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
	const char *digits = fresh_digits();
	struct vt *vt;
	char json[300], typed[100];
	int64_t pass;

	(void)state;
	snprintf(json, sizeof(json), "{\"person_name\":\"Đặng Lan %s\",\"kind\":\"tutor\",\"unit\":\"7-1203\",\"photo\":true,\"original_seen\":true,\"copy\":true}", digits);
	pass = desk_number(desk_ask("desk", "entry_pass.issue", json), "id");
	assert_true(pass > 0);
	vt = open_gate("zh_CN", NULL);
	snprintf(typed, sizeof(typed), "</>dang lan %s<Enter>", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> 可进入");
	desk_type(vt, "<Enter>");
	for (int i = 0; i < 100 && estate_number("SELECT count(*) FROM visitor WHERE entry_pass = %lld AND state = 'inside'", (long long)pass) == 0; i++)
		vt_settle(vt, 20, 20);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE entry_pass = %lld AND state = 'inside' AND class = 'casual_worker'", (long long)pass), 1);
	desk_close(vt);
}

static void several_matches_are_a_numbered_list_and_never_a_guess(void **state)
{
	const char *digits = fresh_digits();
	struct vt *vt;
	char json[200], typed[64];

	(void)state;
	for (int i = 0; i < 2; i++) {
		snprintf(json, sizeof(json), "{\"name\":\"%s Hoa %s\",\"unit\":\"7-1203\"}", i == 0 ? "Lê" : "Võ", digits);
		assert_true(desk_number(desk_ask("desk", "visitor.arrive", json), "id") > 0);
	}
	vt = open_gate("en", NULL);
	snprintf(typed, sizeof(typed), "</>hoa %s<Enter>", digits);
	desk_type_at_once(vt, typed);
	desk_see(vt, "2 are called this: press a number.");
	assert_false(desk_shows(vt, "<<< MAY"));
	desk_type(vt, "2");
	desk_see(vt, "<<< MAY LEAVE");
	desk_see(vt, "Võ Hoa");
	desk_type(vt, "<Enter>");
	for (int i = 0; i < 100 && estate_number("SELECT count(*) FROM visitor WHERE name = 'Võ Hoa %s' AND state = 'left'", digits) == 0; i++)
		vt_settle(vt, 20, 20);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE name LIKE '%%Hoa %s' AND state = 'left'", digits), 1);
	desk_close(vt);
}

static void without_a_link_the_kept_lists_decide_and_the_journal_remembers(void **state)
{
	const char *digits = fresh_digits();
	struct relay *relay = relay_start();
	char folder[] = "/tmp/lodge-gate-XXXXXX", journal[96], set[64], typed[64];
	struct vt *vt;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(set, sizeof(set), "LODGE_JOURNAL=%s", folder);
	desk_set(set);
	assert_true(make_expected(digits) > 0);
	vt = open_gate("en", relay_address(relay));
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
	for (int i = 0; i < 300 && estate_number("SELECT count(*) FROM visitor WHERE vehicle = '30A%s'", digits) == 0; i++)
		vt_settle(vt, 20, 20);
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

static void who_is_not_known_is_written_down_by_enter(void **state)
{
	const char *digits = fresh_digits();
	struct vt *vt = open_gate("en", NULL);
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
	const char *digits = fresh_digits();
	struct vt *vt = open_gate("en", NULL);
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
	for (int i = 0; i < 100 && strcmp(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "asked") != 0; i++)
		vt_settle(vt, 20, 20);
	assert_string_equal(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "asked");
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":2,\"answer\":\"agreed\",\"by\":\"chủ nhà\"}", (long long)id);
	assert_string_equal(desk_text(desk_ask("desk", "visitor.answer", json), "state"), "agreed");
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":3,\"escort\":\"guardlead\"}", (long long)id);
	assert_string_equal(desk_text(desk_ask("desk", "visitor.escort", json), "state"), "agreed");
	desk_type_at_once(vt, typed);
	desk_see(vt, ">>> ENTER");
	desk_type(vt, "<Enter>");
	for (int i = 0; i < 100 && strcmp(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "inside") != 0; i++)
		vt_settle(vt, 20, 20);
	assert_string_equal(estate_cell("SELECT state FROM visitor WHERE id = %lld", (long long)id), "inside");
	/* The guard's terminal never gets the visitor's telephone. */
	snprintf(json, sizeof(json), "0912%s", digits);
	assert_null(strstr(vt_output(vt, &(size_t){0}), json));
	desk_close(vt);
}

static int64_t arrived(const char *name, const char *more)
{
	char json[400];
	int64_t id;

	snprintf(json, sizeof(json), "{\"name\":\"%s\"%s}", name, more);
	id = desk_number(desk_ask("desk", "visitor.arrive", json), "id");
	assert_true(id > 0);
	return id;
}

/* The end-of-shift list with this visitor selected. */
static void select_visitor(struct vt *vt, const char *name)
{
	char asked[200];

	snprintf(asked, sizeof(asked), "1 Visitor  %s", name);
	desk_type(vt, "<Home><End>");
	for (int i = 0; i < 400 && !desk_shows(vt, asked); i++) {
		desk_type(vt, "<Up>");
		vt_settle(vt, 10, 200);
	}
	desk_see(vt, asked);
}

static void see_state(struct vt *vt, int64_t id, const char *wanted)
{
	for (int i = 0; i < 100 && strcmp(estate_cell("SELECT state || ' ' || coalesce(left_how, '-') || ' ' || (unaccounted_at IS NOT NULL)::text FROM visitor WHERE id = %lld",
			(long long)id), wanted) != 0; i++)
		vt_settle(vt, 20, 20);
	assert_string_equal(estate_cell("SELECT state || ' ' || coalesce(left_how, '-') || ' ' || (unaccounted_at IS NOT NULL)::text FROM visitor WHERE id = %lld",
		(long long)id), wanted);
}

static void VIS_12_who_is_still_here_is_worked_off_by_single_keys(void **state)
{
	static const char *const who[] = {"guard", "desk"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *digits = fresh_digits();
		char seen[64], gone[64];
		int64_t one, other;
		struct vt *vt;

		snprintf(seen, sizeof(seen), "An %s", digits);
		snprintf(gone, sizeof(gone), "Ba %s", digits);
		one = arrived(seen, ",\"unit\":\"7-1203\"");
		other = arrived(gone, ",\"unit\":\"7-1203\"");
		vt = desk_open_at(who[i], "en", NULL, "xterm-256color", 24, 80);
		desk_see(vt, i == 0 ? "w011" : "w001");
		desk_type(vt, "i");
		desk_see(vt, "End of shift");
		select_visitor(vt, seen);
		desk_see(vt, "2 Host  7-1203: ask the operator");
		desk_type(vt, "o");
		see_state(vt, one, "left seen false");
		desk_see_gone(vt, seen);
		/* Not found stays inside, at the head of the list; nothing is invented for him. */
		select_visitor(vt, gone);
		desk_type(vt, "m");
		desk_type(vt, "looked for on all floors<F2>");
		see_state(vt, other, "inside - true");
		desk_see(vt, "!Not found");
		select_visitor(vt, gone);
		desk_type(vt, "l");
		desk_type(vt, "host says he went home<F2>");
		see_state(vt, other, "left presumed true");
		desk_see_gone(vt, gone);
		desk_close(vt);
	}
}

static void CNF_12_the_list_gives_the_hosts_number_only_with_his_consent(void **state)
{
	const char *digits = fresh_digits();
	char name[64], host[200], phone[40], json[200];
	int64_t consent;

	(void)state;
	snprintf(phone, sizeof(phone), "%s", estate_cell("SELECT phone FROM staff WHERE login = 'finance'"));
	snprintf(name, sizeof(name), "Cam %s", digits);
	arrived(name, ",\"class\":\"business\",\"host\":\"finance\"");
	snprintf(host, sizeof(host), "Call the host: %s", estate_cell("SELECT work_no FROM staff WHERE login = 'finance'"));
	desk_ask("finance", "phone_consent.give", "{}"); /* refused when a run before gave it */
	consent = estate_number("SELECT id FROM phone_consent WHERE state = 'given' AND employee = (SELECT id FROM staff WHERE login = 'finance')");
	for (int i = 0; i < 2; i++) {
		struct vt *vt = open_gate("en", NULL);

		desk_type(vt, "i");
		desk_see(vt, "End of shift");
		select_visitor(vt, name);
		desk_type(vt, "k");
		desk_see(vt, host);
		desk_see(vt, i == 0 ? phone : "ask the operator");
		if (i == 1) /* not on the screen, not in any byte */
			assert_null(strstr(vt_output(vt, &(size_t){0}), phone));
		desk_close(vt);
		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)consent);
		if (i == 0)
			assert_string_equal(desk_text(desk_ask("finance", "phone_consent.withdraw", json), "state"), "withdrawn");
	}
}

static void VIS_12_the_list_goes_on_paper_and_the_roll_is_one_key_away(void **state)
{
	static const char *const who[] = {"guardchief", "desk"};
	const char *digits = fresh_digits();
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "Dung %s", digits);
	arrived(name, ",\"unit\":\"7-1203\"");
	for (size_t i = 0; i < 2; i++) {
		struct vt *vt = desk_open_at(who[i], "en", NULL, "xterm-256color", 24, 80);

		desk_see(vt, "? keys");
		desk_type(vt, "i");
		desk_see(vt, "1 Visitor");
		desk_type(vt, "P");
		desk_see(vt, "[ ] Seen   [ ] Presumed   [ ] Not found");
		desk_type(vt, "<Esc>"); /* alone, or the next letter is an Alt key */
		desk_see(vt, "k call host");
		desk_type(vt, "r");
		desk_see(vt, "Roll call: everybody inside");
		desk_see(vt, "  [ ]  ");
		desk_type(vt, "<Esc>");
		desk_see(vt, "k call host");
		desk_type(vt, "/");
		desk_see(vt, "Visitors inside");
		desk_close(vt);
	}
}

/* The polite line is on the screen whole; why, is in none of its bytes. */
static void VIS_06_the_guard_says_the_polite_line_and_knows_no_reason(void **state)
{
	static const char *const answers[][2] = {{"refused", "another appointment. (VIS-06)"}, {"no_answer", "take a message. (VIS-06)"}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *digits = fresh_digits();
		char name[64], json[300], typed[100];
		struct vt *vt;
		int64_t id;

		snprintf(name, sizeof(name), "Giang %s", digits);
		id = arrived(name, ",\"class\":\"business\",\"unit\":\"7-1203\"");
		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)id);
		assert_string_equal(desk_text(desk_ask("desk", "visitor.ask_host", json), "state"), "asked");
		vt = open_gate("en", NULL);
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

static void the_roll_is_called_by_building_and_floor(void **state)
{
	const char *digits = fresh_digits();
	struct vt *vt;
	char json[200];

	(void)state;
	snprintf(json, sizeof(json), "{\"name\":\"Roll %s\",\"unit\":\"1-0108\"}", digits);
	assert_true(desk_number(desk_ask("desk", "visitor.arrive", json), "id") > 0);
	vt = open_gate("en", NULL);
	desk_type(vt, "<r>");
	desk_see(vt, "Roll call: everybody inside");
	desk_see(vt, "Building 1  Floor 1");
	desk_type(vt, "<Esc>");
	desk_see(vt, "Scan a card");
	desk_close(vt);
}

static void open_console(const char *console, const char *staff, const char *seen)
{
	const char *const words[] = {"--console", console, NULL};
	struct vt *vt;

	desk_words(words);
	vt = desk_open_at(staff, "en", NULL, "xterm-256color", 24, 80);
	desk_words(NULL);
	desk_see(vt, seen);
	desk_close(vt);
}

static void a_terminal_has_another_desk_where_the_role_may(void **state)
{
	const char *const wrong[] = {"--console", "kitchen", NULL};
	char said[200];

	(void)state;
	open_console("reception", "guardchief", "QUEUES");
	open_console("gate", "night", "Scan a card");
	open_console("auto", "guardchief", "Scan a card");
	open_console("gate", "desk", "Your role does not have the desk \"gate\"; this is its own.");
	open_console("reception", "guard", "Your role does not have the desk \"reception\"; this is its own.");
	assert_int_equal(desk_run("desk", "lodge-demo", "", wrong, said, sizeof(said)), 2);
}

static int all_done(void **state)
{
	(void)state;
	estate_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(VIS_10_a_barred_plate_stops_in_the_guards_language),
		cmocka_unit_test(the_word_stands_in_block_letters_in_four_languages_with_and_without_colour),
		cmocka_unit_test(it_reads_well_in_four_languages),
		cmocka_unit_test(the_word_is_cheap_on_a_slow_line),
		cmocka_unit_test(who_is_expected_is_let_in_by_enter),
		cmocka_unit_test(what_is_withdrawn_a_moment_ago_does_not_enter),
		cmocka_unit_test(scanners_end_their_line_with_cr),
		cmocka_unit_test(scanners_end_their_line_with_lf),
		cmocka_unit_test(scanners_end_their_line_with_crlf),
		cmocka_unit_test(scanners_end_their_line_with_nothing),
		cmocka_unit_test(an_end_of_line_that_comes_late_lets_nobody_in),
		cmocka_unit_test(GRS_01_a_used_slip_stops),
		cmocka_unit_test(PASS_03_a_pass_lets_its_holder_in_by_enter),
		cmocka_unit_test(several_matches_are_a_numbered_list_and_never_a_guess),
		cmocka_unit_test(without_a_link_the_kept_lists_decide_and_the_journal_remembers),
		cmocka_unit_test(a_link_lost_while_opening_leaves_the_keyboard_free),
		cmocka_unit_test(who_is_not_known_is_written_down_by_enter),
		cmocka_unit_test(VIS_07_a_visitor_goes_through_the_gate_by_single_keys),
		cmocka_unit_test(VIS_12_who_is_still_here_is_worked_off_by_single_keys),
		cmocka_unit_test(CNF_12_the_list_gives_the_hosts_number_only_with_his_consent),
		cmocka_unit_test(VIS_12_the_list_goes_on_paper_and_the_roll_is_one_key_away),
		cmocka_unit_test(VIS_06_the_guard_says_the_polite_line_and_knows_no_reason),
		cmocka_unit_test(the_roll_is_called_by_building_and_floor),
		cmocka_unit_test(a_terminal_has_another_desk_where_the_role_may),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, all_done);
}
