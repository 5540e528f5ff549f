/*
 * test_app_draft.c - typed text outlives its terminal: a killed client, another desk, a colleague who
 * takes the desk over; the lock that holds at the server, too; a new password.
 *
 * Not for: what the server stores (tests/flow/draft.flow). Trap: drafts of the people of these
 * tests are wiped before each test, because other tests leave forms open.
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

static int64_t drafts_of(const char *login)
{
	return estate_number("SELECT count(*) FROM draft d JOIN staff s ON s.id = d.staff WHERE s.login = '%s'", login);
}

static void await_drafts(const char *login, int64_t n)
{
	for (int i = 0; i < 500 && drafts_of(login) != n; i++)
		estate_cell("SELECT pg_sleep(0.02)");
	assert_int_equal(drafts_of(login), n);
}

static struct vt *open_elsewhere(const char *staff)
{
	static char who[64], path[512];
	static const char *extra[] = {who, "LODGE_PASSWORD=lodge-demo", "LODGE_TERMINAL=another-desk", NULL};
	char *argv[] = {path, NULL};
	struct vt *vt;

	snprintf(who, sizeof(who), "LODGE_STAFF=%s", staff);
	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	vt = vt_start(24, 80, "xterm-256color", "en", extra, argv);
	assert_non_null(vt);
	desk_see(vt, "QUEUES");
	return vt;
}

static void a_killed_client_loses_no_field(void **state)
{
	struct vt *vt = desk_open("hr", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab><Tab>2<Tab><Ctrl-U>看一下 Nguyễn<Tab>");
	await_drafts("hr", 1);
	vt_settle(vt, 2200, 2500); /* the last field follows within two seconds */
	vt_stop(vt, SIGKILL, 5000);
	vt = desk_open("hr", "en", NULL);
	desk_see(vt, "What you began is kept: ");
	desk_type(vt, "<b>");
	desk_see(vt, "F3 draft");
	vt_key(vt, "F3");
	desk_see(vt, "[7-1203/2 ");
	desk_see(vt, "[Borrow ");
	desk_see(vt, "[看一下 Nguyễn ");
	desk_close(vt);
}

static void a_field_still_being_typed_is_kept_within_five_seconds(void **state)
{
	struct vt *vt = desk_open("hr", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203");
	await_drafts("hr", 1);
	vt_stop(vt, SIGKILL, 5000);
}

static void a_draft_comes_back_on_another_terminal_and_is_used_up_there(void **state)
{
	const char *file = estate_free_file();
	struct vt *vt = desk_open("quality", "en", NULL), *other;
	char text[200];

	(void)state;
	snprintf(text, sizeof(text), "<b>%s<Tab><Tab>2<Tab><Ctrl-U>on the other desk<Esc>", file);
	desk_type(vt, text);
	await_drafts("quality", 1);
	other = open_elsewhere("quality");
	desk_see(vt, "You signed in at another terminal");
	desk_type(other, "<b>");
	desk_see(other, "F3 draft");
	desk_type(other, "<F3>");
	desk_see(other, "[on the other desk ");
	desk_type(other, "<F2>");
	desk_see(other, " saved 20");
	await_drafts("quality", 0);
	desk_close(other);
	/* The first terminal still has the text, and must not offer it again. */
	desk_type(vt, "quality<Enter>lodge-demo<Enter>");
	desk_see(vt, "QUEUES");
	desk_type(vt, "<b>");
	desk_see(vt, "Borrow a file");
	vt_settle(vt, 300, 3000);
	assert_false(desk_shows(vt, "F3 draft"));
	desk_close(vt);
}

static void what_is_typed_over_a_draft_does_not_replace_it_unseen(void **state)
{
	struct vt *vt = desk_open("hr", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/1<Tab><Esc><b>7-1203/2<Tab>");
	desk_see(vt, "[7-1203/2 ");
	desk_type(vt, "<F3>");
	desk_see(vt, "[7-1203/1 ");
	desk_type(vt, "<F3>");
	desk_see(vt, "[7-1203/2 ");
	desk_close(vt);
}

static void a_colleague_takes_over_and_the_form_stays_its_owners(void **state)
{
	struct vt *vt = desk_open("hr", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab>w017");
	vt_key(vt, "F12");
	desk_see(vt, "This screen is locked.");
	desk_see(vt, "F4 colleague");
	await_drafts("hr", 1);
	vt_key(vt, "F4");
	desk_see(vt, "Somebody else may sign in now");
	desk_type(vt, "store<Enter>lodge-demo<Enter>");
	desk_see(vt, "QUEUES");
	desk_type(vt, "<b>");
	desk_see(vt, "Borrow a file");
	vt_settle(vt, 300, 3000);
	assert_false(desk_shows(vt, "F3 draft"));
	assert_false(desk_shows(vt, "w017"));
	desk_type(vt, "<Esc>Q");
	desk_see(vt, "Sign in again.");
	desk_type(vt, "hr<Enter>lodge-demo<Enter>");
	desk_see(vt, "What you began is kept: ");
	desk_type(vt, "<b><F3>");
	desk_see(vt, "[7-1203/2 ");
	desk_see(vt, "[w017 ");
	desk_close(vt);
}

static void the_lock_holds_at_the_server_until_the_password_comes(void **state)
{
	struct vt *vt = desk_open("hr", "en", NULL);
	static const char locked[] = "SELECT count(*) FROM session x JOIN staff s ON s.id = x.staff "
		"WHERE s.login = 'hr' AND x.interactive AND x.ended IS NULL AND x.locked";

	(void)state;
	vt_key(vt, "F12");
	desk_see(vt, "This screen is locked.");
	DESK_AWAIT(vt, estate_number("%s", locked) == 1);
	assert_int_equal(estate_number("%s", locked), 1);
	desk_type(vt, "lodge-demo<Enter>");
	desk_see(vt, "QUEUES");
	assert_int_equal(estate_number("%s", locked), 0);
	desk_close(vt);
}

static void a_new_password_is_given_by_command(void **state)
{
	struct vt *vt = desk_open("store", "en", NULL);

	(void)state;
	desk_type(vt, ":password<Enter>");
	desk_see(vt, "New password");
	desk_type(vt, "lodge-demo<Enter>xanh-lam-42<Enter>xanh-lam-43<Enter>");
	desk_see(vt, "The two are not the same");
	desk_type(vt, "xanh-lam-42<Enter>xanh-lam-42<Enter>");
	desk_see(vt, "The new password holds from now on.");
	assert_false(desk_shows(vt, "xanh"));
	vt_key(vt, "F12");
	desk_see(vt, "This screen is locked.");
	desk_type(vt, "lodge-demo<Enter>");
	desk_see(vt, "The password is wrong.");
	desk_type(vt, "xanh-lam-42<Enter>");
	desk_see(vt, "QUEUES");
	desk_type(vt, ":password<Enter>xanh-lam-42<Enter>lodge-demo<Enter>lodge-demo<Enter>");
	desk_see(vt, "The new password holds from now on.");
	desk_close(vt);
}

/* The answer may be quicker than the next picture; what is typed at that picture is wanted. */
static void nothing_typed_after_a_refusal_is_lost(void **state)
{
	struct vt *vt = desk_open("store", "en", NULL);

	(void)state;
	desk_type(vt, ":password<Enter>");
	desk_see(vt, "Once more");
	for (int i = 0; i < 40; i++) {
		desk_type(vt, "lodge-demo<Enter>Password1<Enter>");
		desk_type_at_once(vt, "Password1<Enter>");
		desk_see(vt, "among the first that anybody tries");
		desk_type(vt, "abc");
		desk_see(vt, "[*** ");
		desk_type(vt, "<Ctrl-U>");
	}
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_killed_client_loses_no_field, wipe_drafts),
		cmocka_unit_test_setup(a_field_still_being_typed_is_kept_within_five_seconds, wipe_drafts),
		cmocka_unit_test_setup(a_draft_comes_back_on_another_terminal_and_is_used_up_there, wipe_drafts),
		cmocka_unit_test_setup(what_is_typed_over_a_draft_does_not_replace_it_unseen, wipe_drafts),
		cmocka_unit_test_setup(a_colleague_takes_over_and_the_form_stays_its_owners, wipe_drafts),
		cmocka_unit_test_setup(the_lock_holds_at_the_server_until_the_password_comes, wipe_drafts),
		cmocka_unit_test_setup(a_new_password_is_given_by_command, wipe_drafts),
		cmocka_unit_test_setup(nothing_typed_after_a_refusal_is_lost, wipe_drafts),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	estate_close();
	return failed;
}
