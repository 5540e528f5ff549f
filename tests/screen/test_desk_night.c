/*
 * test_desk_night.c - the night manager's console: what stands first and what one key does to it, passwords that leave
 * nothing behind, red lines, an incident that comes between.
 *
 * Not for: T8, T11 and T12 (test_desk_gate.c), what the hand-over refuses (tests/flow/night_handover.flow). Trap: the desk is one for the whole house: each test
 * gives it to the night manager first, and other tests may have left red lines, which are then read back.
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

/* What stands in the rows is the work of other tests; the line above the keys speaks of the row selected. */
static const struct golden_hole rows_and_hint = {.row = 2, .rows = 21, .col = 0, .cols = 80};
static const struct golden_hole list = {.row = 1, .rows = 16, .col = 0, .cols = 80};

static const char *holder(void)
{
	return estate_cell("SELECT s.work_no FROM duty_page p JOIN staff s ON s.id = p.owner WHERE p.state = 'open'");
}

/* The digits of the red lines, as the next list will have them; mostly "". */
static const char *digits(void)
{
	return estate_cell("SELECT coalesce(string_agg(lodge.last_two(no), ' ' ORDER BY place, since, record), '') FROM "
		"(SELECT 0 AS place, m.since, m.record, m.no FROM lodge.desk_missing((SELECT id FROM duty_page WHERE state = 'open'), lodge_now()) m "
		"UNION ALL SELECT place, since, record, no FROM lodge.desk_list(lodge_now()) WHERE red) l");
}

/* The head of the home names the page that is open. */
static void see_home(struct vt *vt)
{
	desk_see(vt, estate_cell("SELECT left(code, 10) FROM duty_page WHERE state = 'open'"));
}

static struct vt *open_night(const char *lang)
{
	struct vt *vt = desk_open_at("night", lang, NULL, "xterm-256color", 24, 80);

	see_home(vt);
	vt_settle(vt, 100, SOON);
	return vt;
}

static void LOG_06_a_wrong_password_leaves_the_desk_where_it_is(void **state)
{
	struct vt *vt;

	(void)state;
	estate_page_to("night");
	vt = open_night("en");
	desk_type(vt, "<h><Enter><Enter>lodge-dome<Enter>");
	desk_see(vt, "LOG-06");
	desk_see(vt, "Your password");
	assert_string_equal(holder(), "w010");
	assert_string_equal(estate_cell("SELECT state FROM handover ORDER BY id DESC LIMIT 1"), "frozen");
	desk_type(vt, "<Esc>");
	desk_see(vt, "Enter goes on to the passwords");
	desk_type(vt, "<w>");
	desk_see_gone(vt, "Enter goes on to the passwords");
	assert_string_equal(estate_cell("SELECT state FROM handover ORDER BY id DESC LIMIT 1"), "withdrawn");
	desk_close(vt);
}

static void a_password_is_neither_shown_nor_kept(void **state)
{
	struct vt *vt;

	(void)state;
	estate_page_to("night");
	vt = open_night("en");
	desk_type(vt, "<h><Enter><Enter>lodge-demo");
	desk_see(vt, "[**********");
	assert_false(desk_shows(vt, "lodge-demo"));
	desk_type(vt, "<Esc>");
	desk_see_gone(vt, "**********");
	desk_type(vt, "<Enter>");
	desk_see(vt, "[          ");
	assert_int_equal(estate_number("SELECT count(*) FROM draft WHERE form LIKE 'handover%%'"), 0);
	desk_type(vt, "<Esc>");
	desk_see(vt, "Enter goes on to the passwords");
	desk_type(vt, "<w>");
	desk_see_gone(vt, "Enter goes on to the passwords");
	desk_close(vt);
}

/* A major incident is red: without its digits nobody takes the desk over. */
static void LOG_06_red_lines_are_read_back(void **state)
{
	const struct node *made = desk_ask("night", "incident.open", "{\"kind\":\"other\",\"severity\":\"major\",\"place\":\"gate\",\"details\":\"made by a test\"}");
	int64_t id = desk_number(made, "id");
	struct vt *vt;
	char json[200], script[300];

	(void)state;
	estate_page_to("night");
	vt = open_night("en");
	desk_type(vt, "<h><Enter>");
	desk_see(vt, "Other \u00b7 gate"); /* words of books by their labels, in the reader's language */
	desk_type(vt, "<Enter>lodge-demo<Enter>");
	desk_see(vt, "Last two digits");
	desk_type(vt, "w006<Tab><Tab>lodge-demo<Enter>");
	vt_settle(vt, 100, SOON);
	assert_string_equal(holder(), "w010");
	desk_type(vt, "9 9 9 9 9<Enter>");
	desk_see(vt, "LOG-06");
	assert_string_equal(holder(), "w010");
	vt_key(vt, "Ctrl-U");
	snprintf(script, sizeof(script), "%s<Enter>lodge-demo<Enter>", digits());
	desk_type(vt, script);
	desk_see(vt, "handed over: w006");
	assert_string_equal(holder(), "w006");
	desk_close(vt);
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1,\"reason\":\"made by a test\"}", (long long)id);
	assert_string_equal(desk_text(desk_ask("night", "incident.void", json), "state"), "voided");
}

/* ! is text where it can be text, Alt-i never is; what was being written is there afterwards. */
static void an_incident_comes_between_and_nothing_is_lost(void **state)
{
	struct vt *vt;

	(void)state;
	estate_page_to("night");
	vt = open_night("en");
	desk_type(vt, "<w>");
	desk_see(vt, "Write into the duty book");
	desk_type(vt, "Noise in 5-0101 !");
	desk_see(vt, "5-0101 !");
	vt_send(vt, "\033i", 2);
	desk_see(vt, "Open an incident");
	desk_type(vt, "<Esc>");
	desk_see(vt, "5-0101 !");
	desk_type(vt, "<Tab><Tab><Tab>!");
	desk_see(vt, "Open an incident");
	desk_type(vt, "<Esc>");
	desk_see(vt, "5-0101 !");
	desk_close(vt);
}

/* What has to be written stands above everything that is only open, and Space writes it. */
static void the_latest_matter_stands_first_and_one_key_acts(void **state)
{
	struct vt *vt;
	int64_t id, entry;

	(void)state;
	estate_page_to("night");
	id = desk_number(desk_ask("night", "incident.open", "{\"kind\":\"water\",\"place\":\"gate\",\"details\":\"made by a test\"}"), "id");
	entry = estate_number("SELECT id FROM duty_entry WHERE about_book = 'incident' AND about = %lld", (long long)id);
	vt = open_night("en");
	desk_see(vt, "Holds the desk");
	assert_string_equal(vt_cell(vt, 6, 1).text, "!");
	desk_type(vt, "<Home>");
	/* Below what other tests left that is worse. */
	for (int i = 0; i < 130 && !desk_shows(vt, "Space: Write into the duty book"); i++) {
		vt_settle(vt, 40, 400);
		if (!desk_shows(vt, "Space: Write into the duty book"))
			vt_key(vt, "Down");
	}
	desk_see(vt, "Space: Write into the duty book");
	vt_key(vt, "Space");
	desk_see(vt, "Facts");
	desk_type(vt, "<Esc>");
	desk_see(vt, "Holds the desk");
	assert_string_equal(estate_cell("SELECT state FROM duty_entry WHERE id = %lld", (long long)entry), "wanted");
	desk_close(vt);
}

static void walk_in(const char *lang)
{
	struct vt *vt;
	char name[40];

	estate_cell("DELETE FROM draft");
	estate_page_to("night");
	vt = open_night(lang);
	desk_type(vt, "<End>"); /* a visitor: nothing is done with him here, so the keys are always the same */
	snprintf(name, sizeof(name), "night.%s", lang);
	golden_see(vt, name, &rows_and_hint);
	desk_type(vt, "<h><Enter><Enter>");
	snprintf(name, sizeof(name), "night_sign.%s", lang);
	golden_see(vt, name, &list);
	desk_type(vt, "<Esc>");
	desk_see_gone(vt, "[    ");
	desk_type(vt, "<w>");
	see_home(vt);
	desk_type(vt, "<!>");
	snprintf(name, sizeof(name), "night_incident.%s", lang);
	golden_see(vt, name, NULL);
	desk_close(vt);
}

static void it_reads_well_in_each_language(void **state)
{
	(void)state;
	walk_in("en");
	walk_in("zh_CN");
	walk_in("zh_TW");
	walk_in("vi");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(LOG_06_a_wrong_password_leaves_the_desk_where_it_is),
		cmocka_unit_test(a_password_is_neither_shown_nor_kept),
		cmocka_unit_test(LOG_06_red_lines_are_read_back),
		cmocka_unit_test(an_incident_comes_between_and_nothing_is_lost),
		cmocka_unit_test(the_latest_matter_stands_first_and_one_key_acts),
		cmocka_unit_test(it_reads_well_in_each_language),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
