/*
 * test_app_desk.c - the reception desk on a real stack: looking, locking, languages, the cut line.
 *
 * Not for: lending (test_app_loan.c). Trap: see desk.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/desk.h"

static void a_unit_number_shows_who_lives_there(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type_at_once(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	desk_see(vt, "陳美玲");
	desk_see(vt, "Nguyễn Thị Ánh");
	desk_see(vt, "7-1203/2");
	desk_see(vt, "[#]");
	desk_close(vt);
}

static void the_important_number_reaches_the_desk_in_no_byte(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);
	const char *number = "18612040888";
	size_t n;

	(void)state;
	desk_type(vt, "7-1204<Enter>");
	desk_see(vt, "欧阳静");
	desk_see(vt, "[#]");
	assert_null(strstr(vt_output(vt, &n), number));
	desk_close(vt);
}

/* On a lock help begins with why, and one key files the request for what belongs to it. */
static void on_a_lock_help_says_why_and_files_the_request(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "[#]");
	desk_type(vt, "<Down><Down><Down><Down><Down>?");
	desk_see(vt, "You may not see it.");
	desk_see(vt, "CNF-05");
	desk_see(vt, "a = Borrow a file");
	desk_type(vt, "a");
	desk_see(vt, "[7-1203/1");
	desk_see(vt, "Households: Special facts");
	desk_close(vt);
}

static void a_unit_of_another_area_does_not_exist(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type_at_once(vt, "18-0502<Enter>b7-1203/2");
	desk_see(vt, "No household that you may see lives there.");
	desk_see(vt, "keys typed ahead were left out");
	assert_false(desk_shows(vt, "Borrow a file"));
	desk_close(vt);
}

static void a_resize_keeps_the_screen_and_what_is_typed(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203");
	vt_resize(vt, 10, 40);
	desk_see(vt, "Need 80x24");
	vt_resize(vt, 40, 120);
	desk_see(vt, "[7-1203");
	desk_close(vt);
}

static void the_lock_covers_names_and_gives_them_back(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "陳美玲");
	vt_key(vt, "F12");
	desk_see_gone(vt, "陳美玲");
	desk_see(vt, "This screen is locked.");
	desk_type(vt, "wrong<Enter>");
	desk_see(vt, "!");
	desk_type(vt, "lodge-demo<Enter>");
	desk_see(vt, "陳美玲");
	desk_close(vt);
}

static void the_language_changes_at_once(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_see(vt, "? keys");
	vt_key(vt, "F9");
	desk_see(vt, "? 按键");
	vt_key(vt, "F9");
	desk_see(vt, "? 按鍵");
	vt_key(vt, "F9");
	desk_see(vt, "? phím");
	desk_close(vt);
}

static void the_list_keeps_its_record_and_filters(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, ":");
	desk_see(vt, "Commands");
	desk_type(vt, "loan out<Enter>");
	desk_see(vt, "7-1301/1");
	desk_type(vt, "</>7-1301");
	desk_see(vt, "1 / ");
	desk_type(vt, "<Enter><Enter>");
	desk_see(vt, "File Loan Register > ");
	desk_see(vt, "Overdue !");
	desk_type(vt, "<Esc>");
	desk_see(vt, "1 / ");
	desk_close(vt);
}

static void the_search_finds_by_name_without_marks(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "</>nguyen thi anh<Enter>");
	desk_see(vt, "7-1203");
	desk_close(vt);
}

static void a_mistyped_name_offers_the_similar_ones(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "</>tran van mnih<Enter>");
	desk_see(vt, "~");
	desk_see(vt, "Trần Văn Minh, 7-1301");
	desk_type(vt, "<Enter>");
	desk_see(vt, "0912130155");
	desk_close(vt);
}

static void similar_names_come_below_what_was_found(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "</>zhaoqiang<Enter>");
	desk_see(vt, "赵强, 7-1304");
	desk_see(vt, "~");
	desk_close(vt);
}

static void a_cut_line_is_told_and_mended_and_loses_no_text(void **state)
{
	struct relay *relay = relay_start();
	struct vt *vt = desk_open("desk", "en", relay_address(relay));

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab>w0");
	relay_cut(relay);
	desk_see(vt, "OFFLINE 00:0");
	vt_puts(vt, "17");
	desk_see(vt, "[w017");
	desk_see(vt, "[7-1203/2");
	relay_mend(relay);
	desk_see_gone(vt, "OFFLINE");
	desk_see(vt, "[w017");
	desk_close(vt);
	relay_stop(relay);
}

static void signing_in_elsewhere_ends_this_desk_and_keeps_its_draft(void **state)
{
	static const char *const elsewhere[] = {"LODGE_STAFF=operator", "LODGE_PASSWORD=lodge-demo",
		"LODGE_TERMINAL=another-desk", NULL};
	struct vt *vt = desk_open("operator", "en", NULL), *other;
	char path[512];
	char *argv[] = {path, NULL};

	(void)state;
	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	desk_type(vt, "<b>7-1203/1");
	other = vt_start(24, 80, "xterm-256color", "en", elsewhere, argv);
	assert_non_null(other);
	desk_see(other, "QUEUES");
	desk_see(vt, "You signed in at another terminal");
	desk_close(other);
	desk_type(vt, "operator<Enter>wrong<Enter>");
	desk_see(vt, "Name or password is wrong.");
	desk_type(vt, "lodge-demo<Enter>");
	desk_see(vt, "QUEUES");
	desk_type(vt, "<b><F3>");
	desk_see(vt, "[7-1203/1");
	desk_close(vt);
}

static void help_lists_the_keys_that_work_here(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	vt_puts(vt, "?");
	desk_see(vt, "Enter a request for a file.");
	desk_see(vt, "F5 Ctrl-R refresh"); /* every key, also the twin for those whose keyboard has no F5 */
	desk_see(vt, "Up                      One row up.");
	vt_puts(vt, "lock");
	desk_see_gone(vt, "Enter a request for a file.");
	vt_key(vt, "Enter");
	desk_see(vt, "This screen is locked.");
	desk_close(vt);
}

/* Where one types, ? is text: the key beside it is named. */
static void a_form_names_the_help_key_that_works_there(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "<b>");
	desk_see(vt, "F1/? keys");
	desk_type(vt, "<F1>");
	desk_see(vt, "Go to the next empty field");
	desk_close(vt);
}

/* A key is offered where it does something sensible: reserving begins with a file. */
static void no_file_is_reserved_from_a_department(void **state)
{
	struct vt *vt = desk_open("css", "en", NULL);

	(void)state;
	desk_type(vt, ":");
	desk_see(vt, "Commands");
	desk_type(vt, "department<Enter>");
	desk_see(vt, "engineering");
	desk_type(vt, "?");
	desk_see(vt, "Keys here:");
	desk_see_gone(vt, "Wait for a file that is out.");
	desk_close(vt);
}

static void a_technician_has_nothing_to_endorse(void **state)
{
	struct vt *vt = desk_open("engineer", "en", NULL);

	(void)state;
	desk_see(vt, "My loans");
	desk_see_gone(vt, "Loans to endorse");
	desk_close(vt);
	vt = desk_open("engchief", "en", NULL);
	desk_see(vt, "Loans to endorse");
	desk_close(vt);
}

static void a_digit_picks_the_purpose(void **state)
{
	struct vt *vt = desk_open("css", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	desk_type(vt, "<F7>");
	desk_see(vt, "2         Repair or inspection");
	desk_see(vt, "Households > 7-1203 张小明 > ");
	desk_type(vt, "2");
	desk_see_gone(vt, "Archive upkeep");
	desk_close(vt);
}

static void lodge_conf_gives_other_keys(void **state)
{
	char folder[] = "/tmp/lodge-keys-XXXXXX", path[64], set[64];
	struct vt *vt;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/lodge.conf", folder);
	snprintf(set, sizeof(set), "LODGE_CONF=%s", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("keys: { home: { request = [ \"z\", \"Z\" ]; lock = \"F11\"; }; };\n", file);
	fclose(file);
	desk_set(set);
	vt = desk_open("desk", "en", NULL);
	desk_set(NULL);
	desk_see(vt, "z borrow");
	desk_type(vt, "<z>");
	desk_see(vt, "Borrow a file");
	desk_type(vt, "<Esc>");
	desk_see(vt, "QUEUES");
	desk_type(vt, "?");
	desk_see(vt, "z Z       borrow");
	desk_type(vt, "<Esc><Z>");
	desk_see(vt, "Borrow a file");
	desk_type(vt, "<Esc><F11>");
	desk_see(vt, "This screen is locked.");
	desk_close(vt);
	unlink(path);
	rmdir(folder);
}

static void any_terminal_without_colours_says_the_same(void **state)
{
	static const char *const terms[] = {"xterm-256color", "screen", "linux", "vt100"};

	(void)state;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		struct vt *vt = desk_open_at("desk", "en", NULL, terms[i], 24, 80);

		desk_see(vt, "QUEUES");
		desk_type_at_once(vt, "7-1203<Enter>");
		desk_see(vt, "Persons (4)");
		desk_close(vt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_unit_number_shows_who_lives_there),
		cmocka_unit_test(the_important_number_reaches_the_desk_in_no_byte),
		cmocka_unit_test(on_a_lock_help_says_why_and_files_the_request),
		cmocka_unit_test(a_unit_of_another_area_does_not_exist),
		cmocka_unit_test(a_resize_keeps_the_screen_and_what_is_typed),
		cmocka_unit_test(the_lock_covers_names_and_gives_them_back),
		cmocka_unit_test(the_language_changes_at_once),
		cmocka_unit_test(the_list_keeps_its_record_and_filters),
		cmocka_unit_test(the_search_finds_by_name_without_marks),
		cmocka_unit_test(a_mistyped_name_offers_the_similar_ones),
		cmocka_unit_test(similar_names_come_below_what_was_found),
		cmocka_unit_test(a_cut_line_is_told_and_mended_and_loses_no_text),
		cmocka_unit_test(signing_in_elsewhere_ends_this_desk_and_keeps_its_draft),
		cmocka_unit_test(help_lists_the_keys_that_work_here),
		cmocka_unit_test(a_form_names_the_help_key_that_works_there),
		cmocka_unit_test(no_file_is_reserved_from_a_department),
		cmocka_unit_test(a_technician_has_nothing_to_endorse),
		cmocka_unit_test(a_digit_picks_the_purpose),
		cmocka_unit_test(lodge_conf_gives_other_keys),
		cmocka_unit_test(any_terminal_without_colours_says_the_same),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
