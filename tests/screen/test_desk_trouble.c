/*
 * test_desk_trouble.c - what goes wrong at a desk: refusals, bad input, an Esc too early, a server
 * that dies, a screen left alone, fields under lock.
 *
 * Not for: the sentences themselves (goldens). Trap: a server that is killed is one of this test's
 * own on the same database, so that no other test notices.
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

static int64_t loans_of(const char *purpose)
{
	return estate_number("SELECT count(*) FROM loan WHERE purpose = '%s'", purpose);
}

/* ---- typed text survives ---- */

static void a_refusal_names_its_rule_and_keeps_every_field(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab><Tab>2<Tab>看一下图纸<Tab>Trần Văn Minh<Tab>华信科技有限公司<F2>");
	desk_see(vt, "(LOAN-06)");
	desk_see(vt, "[7-1203/2 ");
	desk_see(vt, "[Borrow ");
	desk_see(vt, "[看一下图纸 ");
	desk_see(vt, "[Trần Văn Minh ");
	desk_see(vt, "[华信科技有限公司 ");
	desk_close(vt);
}

/* Waits for a marked message: one row, or two when the sentence is long. */
static void see_complaint(struct vt *vt)
{
	for (int i = 0; i < 250; i++) {
		if (vt_row(vt, 21)[0] == '!' || vt_row(vt, 22)[0] == '!')
			return;
		vt_settle(vt, 20, 20);
	}
	desk_see(vt, "a complaint in the message row");
}

static void what_is_wrong_is_said_in_its_field_and_stays(void **state)
{
	static const struct { const char *script, *kept; } wrong[] = {
		{"<b>7-1203/9<Tab><Tab>1<F2>", "[7-1203/9 "},
		{"<b>7-1203/2<Tab>nobody-of-us<Tab>1<F2>", "[nobody-of-us "},
		{"<b>7-1203/2<Tab><Tab>1<Tab><Ctrl-U>abc<F2>", "[abc "},
		{"<b>7-1203/2<Tab><Tab>1<Tab><Tab><Tab><Tab><Tab><Tab>31.31.2026<F2>", "[31.31.2026 "},
		{"<b>7-1203/2<Tab><Tab>1<Tab><Tab><Tab><Tab><Tab><Tab>2020-01-01 10:00<F2>", "[2020-01-01 10:00 "},
		{"<b><F2>", "File"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct vt *vt = desk_open("desk", "en", NULL);

		desk_type(vt, wrong[i].script);
		see_complaint(vt);
		desk_see(vt, wrong[i].kept);
		desk_see(vt, "Borrow a file");
		desk_close(vt);
	}
}

static void controls_and_overlong_text_never_enter_a_field(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);
	char longer[600];

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab><Tab>1<Tab><Ctrl-U>");
	vt_puts(vt, "a\xe2\x80\xae" "b\xe2\x80\x8b" "c\xff" "d");
	desk_see(vt, "[abcd ");
	vt_key(vt, "Ctrl-U");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	vt_paste(vt, longer, strlen(longer));
	desk_see(vt, "At most 200 characters.");
	desk_see(vt, "Borrow a file");
	desk_close(vt);
}

static void a_draft_is_offered_when_the_form_is_opened_again(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab>w017<Tab>2<Tab>給業主查閱 Nguyễn<Esc>");
	desk_see(vt, "QUEUES");
	desk_see(vt, "draft");
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	desk_type(vt, "<Esc><b>");
	desk_see(vt, "F3");
	vt_key(vt, "F3");
	desk_see(vt, "[7-1203/2 ");
	desk_see(vt, "[w017 ");
	desk_see(vt, "[Borrow ");
	desk_see(vt, "[給業主查閱 Nguyễn ");
	desk_close(vt);
}

/* ---- the server dies ---- */

static void a_killed_server_costs_no_text_and_the_request_is_made_once(void **state)
{
	struct server *server = server_new();
	const char *file = estate_free_file(), *purpose = estate_mark();
	struct vt *vt = desk_open("desk", "en", server_address(server));
	char text[200];

	(void)state;
	snprintf(text, sizeof(text), "<b>%s<Tab>w0", file);
	desk_type(vt, text);
	server_kill(server);
	desk_see(vt, "OFFLINE 00:");
	desk_type(vt, "17<Tab>2<Tab>");
	vt_puts(vt, purpose);
	desk_see(vt, purpose);
	desk_type(vt, "<Enter><Enter>");
	desk_see(vt, "Not saved yet");
	assert_int_equal(loans_of(purpose), 0);
	server_start(server);
	desk_see(vt, " saved 20");
	desk_see_gone(vt, "OFFLINE");
	assert_int_equal(loans_of(purpose), 1);
	desk_type_at_once(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	desk_close(vt);
	server_free(server);
}

static void a_server_killed_around_the_answer_makes_nothing_twice(void **state)
{
	struct server *server = server_new();
	struct vt *vt = desk_open("desk", "en", server_address(server));

	(void)state;
	for (int i = 0; i < 3; i++) {
		const char *file = estate_free_file(), *purpose = estate_mark();
		char text[200];

		snprintf(text, sizeof(text), "<b>%s<Tab>w017<Tab>2<Tab>%s<Enter>", file, purpose);
		desk_type_at_once(vt, text);
		desk_see(vt, "Enter saves");
		vt_key(vt, "Enter");
		/* Each time a little later: before the call, in it, after it. */
		vt_settle(vt, 4 * i, 4 * i);
		server_kill(server);
		server_start(server);
		desk_see(vt, " saved 20");
		assert_int_equal(loans_of(purpose), 1);
		desk_see(vt, "QUEUES");
	}
	desk_close(vt);
	server_free(server);
}

/* ---- left alone ---- */

static void the_lock_blanks_the_body_and_the_password_returns_to_the_form(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "陳美玲");
	desk_type(vt, "<Esc><b>7-1203/2<Tab><Tab>1<Tab>Nguyễn Thị Ánh hỏi<F12>");
	desk_see(vt, "This screen is locked.");
	assert_false(desk_shows(vt, "7-1203"));
	assert_false(desk_shows(vt, "Nguyễn"));
	assert_false(desk_shows(vt, "Borrow"));
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "!");
	assert_false(desk_shows(vt, "Nguyễn"));
	desk_type(vt, "lodge-demo<Enter>");
	desk_see(vt, "[Nguyễn Thị Ánh hỏi ");
	desk_close(vt);
}

static void signing_in_again_opens_a_session_that_was_locked(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	estate_cell("UPDATE session SET locked = true, changed = clock_timestamp() WHERE interactive AND ended IS NULL "
		"AND staff = (SELECT id FROM staff WHERE login = 'desk') RETURNING id");
	desk_see(vt, "This screen is locked.");
	desk_close(vt);
	vt = desk_open("desk", "en", NULL);
	desk_type(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	desk_close(vt);
}

static void the_language_changes_at_once_and_keeps_what_is_typed(void **state)
{
	static const char *const keys[] = {"? 按键", "? 按鍵", "? phím", "? keys"};
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab><Tab>2<Tab>查閱 hồ sơ");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		vt_key(vt, "F9");
		desk_see(vt, keys[i]);
		desk_see(vt, "[7-1203/2 ");
		desk_see(vt, "[查閱 hồ sơ ");
	}
	desk_see(vt, "[Borrow ");
	desk_close(vt);
}

/* ---- under lock ---- */

static const char *hidden_mobile(void)
{
	return "18612040888";
}

static void the_important_mobile_is_in_no_byte_of_any_screen(void **state)
{
	static const char *const walks[] = {"7-1204<Enter>", "<Enter>", "<Down><Down><Enter>", "<Esc><Esc><Esc></>欧阳静<Enter>",
		"<Esc><Esc><Esc></>ouyang<Enter>", "<Esc><Esc><Esc></>7-1204/1<Enter>", "<Esc><Esc>:persons<Enter>",
		"</>欧阳<Enter>", "#<Enter>"};
	struct vt *vt = desk_open("desk", "en", NULL);
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		desk_type(vt, walks[i]);
		vt_settle(vt, 150, SOON);
	}
	assert_null(strstr(vt_output(vt, &n), hidden_mobile()));
	assert_true(n > 2000);
	desk_close(vt);
}

static void the_important_household_is_not_found_by_its_mobile(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "</>");
	desk_type(vt, hidden_mobile());
	vt_key(vt, "Enter");
	desk_see(vt, "Nothing found.");
	assert_false(desk_shows(vt, "7-1204"));
	assert_false(desk_shows(vt, "欧阳静"));
	desk_close(vt);
}

/* Makes the password of the newest session of a person old, as five minutes would. */
static void age_password(const char *login)
{
	estate_cell("UPDATE session SET password_at = password_at - interval '6 minutes' WHERE id = (SELECT max(x.id) "
		"FROM session x JOIN staff s ON s.id = x.staff WHERE s.login = '%s') RETURNING id", login);
}

static void the_strictest_lock_asks_purpose_and_password(void **state)
{
	int64_t before = estate_number("SELECT max(seq) FROM event");
	struct vt *vt = desk_open("css", "en", NULL);
	size_t n;

	(void)state;
	age_password("css");
	desk_type(vt, "</>欧阳静<Enter>");
	desk_see(vt, "Persons");
	desk_type(vt, "7-1204 Persons<Enter>");
	desk_see(vt, "[#]");
	assert_null(strstr(vt_output(vt, &n), hidden_mobile()));
	desk_type(vt, "#");
	desk_see(vt, "Purpose, for the log:");
	assert_null(strstr(vt_output(vt, &n), hidden_mobile()));
	desk_type(vt, "<Enter>");
	desk_see(vt, "Your password once more");
	assert_null(strstr(vt_output(vt, &n), hidden_mobile()));
	desk_type(vt, "lodge-demo<Enter>");
	desk_see(vt, hidden_mobile());
	desk_see(vt, "then locked again");
	assert_string_equal(estate_cell("SELECT purpose FROM event WHERE seq > %lld AND op = 'open' AND result = 'ok' "
		"ORDER BY seq DESC LIMIT 1", (long long)before), "Resident's request");
	desk_type(vt, "<Esc>");
	desk_see_gone(vt, hidden_mobile());
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_names_its_rule_and_keeps_every_field),
		cmocka_unit_test(what_is_wrong_is_said_in_its_field_and_stays),
		cmocka_unit_test(controls_and_overlong_text_never_enter_a_field),
		cmocka_unit_test(a_draft_is_offered_when_the_form_is_opened_again),
		cmocka_unit_test(a_killed_server_costs_no_text_and_the_request_is_made_once),
		cmocka_unit_test(a_server_killed_around_the_answer_makes_nothing_twice),
		cmocka_unit_test(the_lock_blanks_the_body_and_the_password_returns_to_the_form),
		cmocka_unit_test(signing_in_again_opens_a_session_that_was_locked),
		cmocka_unit_test(the_language_changes_at_once_and_keeps_what_is_typed),
		cmocka_unit_test(the_important_mobile_is_in_no_byte_of_any_screen),
		cmocka_unit_test(the_important_household_is_not_found_by_its_mobile),
		cmocka_unit_test(the_strictest_lock_asks_purpose_and_password),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
