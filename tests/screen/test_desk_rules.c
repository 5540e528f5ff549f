/*
 * test_desk_rules.c - rules of the screen (R1..R43 of its design) by their numbers, each seen in the
 * running client.
 *
 * Not for: what other files of this folder show already (grep for R-numbers). Trap: other tests
 * leave records behind; what is looked for is planted or marked by the test itself.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

static int wipe_drafts(void **state)
{
	(void)state;
	estate_cell("DELETE FROM draft");
	return 0;
}

static void R16_a_filter_looks_through_case_marks_and_width(void **state)
{
	static const char *const typed[] = {"nguyen thi anh", "NGUYỄN THỊ ÁNH", "ｎｇｕｙｅｎ ｔｈｉ", "Anh"};
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	desk_type(vt, "<Esc>:person<Enter>");
	desk_see(vt, "Relation");
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		desk_type(vt, "</>");
		vt_puts(vt, typed[i]);
		desk_see(vt, "Nguyễn Thị Ánh");
		desk_see_gone(vt, "张小明");
		desk_type(vt, "<Esc>");
		desk_see(vt, "张小明");
	}
	desk_close(vt);
}

static void R16_a_choice_and_the_palette_are_found_without_marks(void **state)
{
	struct vt *vt = desk_open("desk", "vi", NULL);

	(void)state;
	desk_see(vt, "w001");
	desk_type(vt, ":muon ho so");
	desk_see(vt, "loan request");
	desk_type(vt, "<Esc><b>7-1203/1<Tab><Tab>m");
	desk_see(vt, "[Mượn ");
	desk_type(vt, "<Ctrl-U>tra");
	desk_see(vt, "[Tra cứu ");
	desk_close(vt);
}

static void an_outsider_stands_as_borrower_in_lists(void **state)
{
	const char *file = estate_free_file(), *mark = estate_mark();
	struct vt *vt;
	char json[400];

	(void)state;
	snprintf(json, sizeof(json), "{\"file\":\"%s\",\"act\":\"consult\",\"purpose\":\"Complaint handling\",\"outsider_name\":\"%s\","
		"\"outsider_body\":\"华信科技\",\"proof_kind\":\"passport\",\"proof_no\":\"P1234567\"}", file, mark);
	assert_string_not_equal(desk_text(desk_ask("desk", "loan.request", json), "no"), "");
	vt = desk_open("general", "en", NULL);
	desk_type(vt, ":loan<Enter>");
	desk_see(vt, "Borrower");
	desk_type(vt, "</>");
	vt_puts(vt, mark);
	desk_see(vt, " 1 / ");
	desk_see(vt, file);
	desk_close(vt);
}

static void the_log_is_read_in_words_not_in_names_of_the_wire(void **state)
{
	struct vt *vt;

	(void)state;
	desk_ask("custodian", "loan.approve", "{\"id\":1,\"version\":1}"); /* refused, and logged */
	vt = desk_open("estate", "en", NULL);
	desk_type(vt, ":event refusals<Enter>");
	desk_see(vt, "File Loan");
	desk_see(vt, "Approve");
	assert_false(desk_shows(vt, "  approve  "));
	desk_type(vt, "<Enter>");
	desk_see(vt, "The log > ");
	desk_see(vt, "File Loan Register");
	desk_close(vt);
}

static void R25_the_unit_box_takes_codes_as_people_say_them_and_telephones(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "71203<Enter>");
	desk_see(vt, "7-1203");
	desk_see(vt, "Units > 7-1203");
	desk_type(vt, "<Esc>0903172032<Enter>");
	desk_see(vt, "Nguyễn Thị Ánh");
	desk_type(vt, "<Esc>999999999<Enter>");
	desk_see(vt, "No household that you may see lives there.");
	desk_close(vt);
}

static void R27_a_locked_field_names_its_level_below(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter><Down><Down><Down><Down><Down>");
	desk_see(vt, "Level: sealed. Enter asks to see it");
	desk_type(vt, "<Up>");
	desk_see_gone(vt, "Level: sealed.");
	desk_close(vt);
}

static void R32_an_outage_says_how_old_the_picture_is(void **state)
{
	struct relay *relay = relay_start();
	struct vt *vt = desk_open("desk", "en", relay_address(relay));

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	relay_cut(relay);
	desk_see(vt, "No connection: what you see is as of ");
	desk_see(vt, "Persons (4)");
	relay_mend(relay);
	desk_see_gone(vt, "No connection: what you see");
	desk_close(vt);
	relay_stop(relay);
}

/* Whether anything of the screen has a colour. */
static bool is_coloured(struct vt *vt)
{
	for (int row = 0; row < vt_rows(vt); row++)
		for (int col = 0; col < vt_cols(vt); col++)
			if (vt_cell(vt, row, col).coloured)
				return true;
	return false;
}

static struct vt *open_with(const char *setting, const char *word)
{
	static char path[512];
	const char *extra[] = {setting, NULL};
	char *argv[] = {path, (char *)(uintptr_t)"--color", (char *)(uintptr_t)word, NULL};
	struct vt *vt;

	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	vt = vt_start(24, 80, "xterm-256color", "en", extra, argv);
	assert_non_null(vt);
	desk_see(vt, "? keys");
	desk_type(vt, "desk<Enter>wrong<Enter>"); /* what is refused is red */
	desk_see(vt, "!");
	return vt;
}

static void R37_the_flag_goes_over_the_environment(void **state)
{
	struct vt *vt = open_with("NO_COLOR=1", "always");

	(void)state;
	assert_true(is_coloured(vt));
	desk_close(vt);
	vt = open_with("COLORTERM=truecolor", "never");
	assert_false(is_coloured(vt));
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(R16_a_filter_looks_through_case_marks_and_width, wipe_drafts),
		cmocka_unit_test_setup(R16_a_choice_and_the_palette_are_found_without_marks, wipe_drafts),
		cmocka_unit_test_setup(R25_the_unit_box_takes_codes_as_people_say_them_and_telephones, wipe_drafts),
		cmocka_unit_test_setup(R27_a_locked_field_names_its_level_below, wipe_drafts),
		cmocka_unit_test_setup(R32_an_outage_says_how_old_the_picture_is, wipe_drafts),
		cmocka_unit_test_setup(R37_the_flag_goes_over_the_environment, wipe_drafts),
		cmocka_unit_test_setup(an_outsider_stands_as_borrower_in_lists, wipe_drafts),
		cmocka_unit_test_setup(the_log_is_read_in_words_not_in_names_of_the_wire, wipe_drafts),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	estate_close();
	return failed;
}
