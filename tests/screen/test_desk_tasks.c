/*
 * test_desk_tasks.c - T3, T4 and T5 of the front desk to their end in the database: typed slowly,
 * in one write, with a resize in the middle, with Chinese and Vietnamese.
 *
 * Not for: what other people do with the request (test_desk_people.c). Trap: each test lends a file
 * that is free, so that it may run any number of times on one estate.
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

/* ---- T3: who lives there ---- */

static void assert_household(struct vt *vt)
{
	static const char *const shown[] = {"张小明", "Nguyễn Thị Ánh", "陳美玲", "张语桐", "13917203001",
		"0903172032", "[#]", "7-1203/1", "7-1203/2", "B7"};

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		desk_see(vt, shown[i]);
}

static void who_lives_there_is_one_enter_away(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	assert_household(vt);
	vt_resize(vt, 30, 100);
	assert_household(vt);
	vt_resize(vt, 24, 80);
	desk_type(vt, "<Esc>");
	desk_type_at_once(vt, "7-1203<Enter>");
	assert_household(vt);
	desk_close(vt);
}

static void who_lives_there_survives_a_resize_in_the_number(void **state)
{
	struct vt *vt = desk_open("desk", "zh_TW", NULL);

	(void)state;
	desk_see(vt, "w001");
	desk_type(vt, "7-12");
	vt_resize(vt, 30, 100);
	desk_type(vt, "03");
	vt_resize(vt, 24, 80);
	vt_key(vt, "Enter");
	assert_household(vt);
	desk_close(vt);
}

/* There is one event for a session and minute. */
static int64_t lookups(void)
{
	return estate_number("SELECT count(*) FROM event e JOIN staff s ON s.id = e.staff WHERE e.op = 'lookup' "
		"AND e.at > lodge_now() - interval '90 seconds' AND s.login = 'desk'");
}

static void looking_up_a_household_is_in_the_log(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "7-1203<Enter>");
	assert_household(vt);
	DESK_AWAIT(vt, lookups() != 0);
	assert_true(lookups() > 0);
	desk_close(vt);
}

static void people_are_found_by_names_in_their_own_writing(void **state)
{
	static const char *const names[] = {"张小明", "zhangxiaoming", "Nguyễn Thị Ánh", "nguyen thi anh", "陳美玲"};
	struct vt *vt = desk_open("desk", "vi", NULL);

	(void)state;
	desk_see(vt, "w001");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		desk_type(vt, "</>");
		desk_type_at_once(vt, names[i]);
		vt_key(vt, "Enter");
		desk_see(vt, "7-1203");
		vt_key(vt, "Esc");
		desk_see_gone(vt, "7-1203");
	}
	desk_close(vt);
}

/* ---- T4: borrow ---- */

enum { SLOWLY, AT_ONCE };

static void borrow(struct vt *vt, int manner, const char *script)
{
	if (manner == SLOWLY)
		desk_type(vt, script);
	else
		desk_type_at_once(vt, script);
}

/* Waits for the loan of the file; returns it, and that it is the only one since `before`. */
static int64_t made(struct vt *vt, const char *file, int64_t before)
{
	DESK_AWAIT(vt, estate_number("SELECT count(*) FROM loan l JOIN file f ON f.id = l.file "
			"WHERE f.code = '%s' AND l.id > %lld", file, (long long)before) != 0);
	assert_int_equal(estate_number("SELECT count(*) FROM loan l JOIN file f ON f.id = l.file WHERE f.code = '%s' "
		"AND l.id > %lld", file, (long long)before), 1);
	return estate_number("SELECT max(l.id) FROM loan l JOIN file f ON f.id = l.file WHERE f.code = '%s'", file);
}

static const char *loan(int64_t id, const char *column)
{
	return estate_cell("SELECT %s FROM loan l WHERE id = %lld", column, (long long)id);
}

static int64_t newest_loan(void)
{
	return estate_number("SELECT coalesce(max(id), 0) FROM loan");
}

static void assert_borrowed(struct vt *vt, const char *file, int64_t before)
{
	int64_t id = made(vt, file, before);

	assert_string_equal(loan(id, "(SELECT work_no FROM staff WHERE id = l.requester)"), "w017");
	assert_string_equal(loan(id, "(SELECT login FROM staff WHERE id = l.requested_by)"), "desk");
	assert_string_equal(loan(id, "act"), "borrow");
	assert_string_equal(loan(id, "purpose"), "Resident's request");
	assert_string_equal(loan(id, "state"), "requested");
	assert_string_equal(loan(id, "needs_endorsement"), "t");
}

static void borrow_in_manner(int manner)
{
	int64_t before = newest_loan();
	const char *file = estate_free_file();
	struct vt *vt = desk_open("desk", "en", NULL);
	char script[200];

	snprintf(script, sizeof(script), "<b>%s<Tab>w017<Tab>2<Enter><Enter>", file);
	borrow(vt, manner, script);
	desk_see(vt, " saved 20");
	desk_see(vt, "QUEUES");
	assert_borrowed(vt, file, before);
	desk_close(vt);
}

static void borrowing_slowly_makes_one_request(void **state)
{
	(void)state;
	borrow_in_manner(SLOWLY);
}

static void borrowing_in_one_write_makes_one_request(void **state)
{
	(void)state;
	borrow_in_manner(AT_ONCE);
}

static void borrowing_over_resizes_makes_one_request(void **state)
{
	int64_t before = newest_loan();
	const char *file = estate_free_file();
	struct vt *vt = desk_open("desk", "en", NULL);
	char script[200];

	(void)state;
	desk_type(vt, "<b>");
	vt_resize(vt, 30, 100);
	snprintf(script, sizeof(script), "%s<Tab>w0", file);
	desk_type(vt, script);
	vt_resize(vt, 10, 40);
	desk_see(vt, "Need 80x24");
	vt_resize(vt, 24, 80);
	desk_type_at_once(vt, "17<Tab>2<Enter>");
	vt_resize(vt, 40, 132);
	vt_key(vt, "Enter");
	desk_see(vt, " saved 20");
	assert_borrowed(vt, file, before);
	desk_close(vt);
}

static void a_purpose_in_chinese_and_vietnamese_is_kept_to_the_letter(void **state)
{
	static const char *const purposes[] = {"核对装修图纸与原始户型", "Đối chiếu bản vẽ với chủ hộ Nguyễn Thị Ánh"};
	struct vt *vt = desk_open("desk", "zh_CN", NULL);

	(void)state;
	desk_see(vt, "w001");
	for (size_t i = 0; i < 2; i++) {
		int64_t before = newest_loan();
		const char *file = estate_free_file();
		char script[400];

		snprintf(script, sizeof(script), "<b>%s<Tab>w017<Tab>2<Tab>%s<Enter><Enter>", file, purposes[i]);
		borrow(vt, i == 0 ? SLOWLY : AT_ONCE, script);
		assert_string_equal(loan(made(vt, file, before), "purpose"), purposes[i]);
	}
	desk_close(vt);
}

static void an_outsider_keeps_his_name_and_his_number_stays_unread(void **state)
{
	int64_t before = newest_loan(), id;
	const char *file = estate_free_file();
	struct vt *vt = desk_open("desk", "vi", NULL);
	char script[500];

	(void)state;
	desk_see(vt, "w001");
	snprintf(script, sizeof(script), "<b>%s<Tab><Tab>1<Tab><Tab>Trương Tam Phong<Tab>华信科技有限公司<Tab>3<Tab>GT-88-7120<F2>",
		file);
	desk_type(vt, script);
	id = made(vt, file, before);
	assert_string_equal(loan(id, "outsider_name"), "Trương Tam Phong");
	assert_string_equal(loan(id, "outsider_body"), "华信科技有限公司");
	assert_string_equal(loan(id, "proof_kind"), "letter");
	assert_string_equal(loan(id, "requester_class"), "outsider");
	assert_string_equal(loan(id, "coalesce(position('GT-88'::bytea in l.proof_no), 0)"), "0");
	desk_close(vt);
}

/* ---- T5: return ---- */

/* A file out with a cleaner's head, by the wire. Returns the loan. */
static int64_t lend(const char *file)
{
	char json[300];
	int64_t id;

	snprintf(json, sizeof(json), "{\"file\":\"%s\",\"act\":\"borrow\",\"purpose\":\"%s\"}", file, estate_mark());
	id = desk_number(desk_ask("tenants", "loan.request", json), "id");
	assert_true(id > 0);
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)id);
	assert_string_equal(desk_text(desk_ask("manager", "loan.approve", json), "state"), "approved");
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":2}", (long long)id);
	assert_string_equal(desk_text(desk_ask("custodian", "loan.hand_out", json), "state"), "issued");
	return id;
}

static void return_in_manner(int manner, bool resizes)
{
	const char *file = estate_free_file();
	int64_t id = lend(file);
	struct vt *vt = desk_open("custodian", "en", NULL);
	char script[200];

	snprintf(script, sizeof(script), resizes ? "<r>%s" : "<r>%s<Enter><y><Enter>", file);
	borrow(vt, manner, script);
	if (resizes) {
		vt_resize(vt, 30, 100);
		desk_type(vt, "<Enter><y>");
		vt_resize(vt, 24, 80);
		vt_key(vt, "Enter");
	}
	desk_see(vt, " saved 20");
	desk_see(vt, "QUEUES");
	assert_string_equal(loan(id, "state"), "returned");
	assert_string_equal(loan(id, "condition"), "ok");
	assert_string_equal(loan(id, "(SELECT login FROM staff WHERE id = l.received_by)"), "custodian");
	assert_int_equal(estate_number("SELECT count(*) FROM event WHERE book = 'loan' AND record = %lld AND "
		"op = 'take_back' AND result = 'ok'", (long long)id), 1);
	desk_close(vt);
}

static void returning_slowly_ends_the_loan(void **state)
{
	(void)state;
	return_in_manner(SLOWLY, false);
}

static void returning_in_one_write_ends_the_loan(void **state)
{
	(void)state;
	return_in_manner(AT_ONCE, false);
}

static void returning_over_resizes_ends_the_loan(void **state)
{
	(void)state;
	return_in_manner(SLOWLY, true);
}

static void a_damaged_file_needs_a_note_and_makes_a_report(void **state)
{
	const char *file = estate_free_file(), *note = "第三页撕裂, thiếu một góc";
	int64_t id = lend(file);
	struct vt *vt = desk_open("custodian", "en", NULL);
	char script[200];

	(void)state;
	snprintf(script, sizeof(script), "<r>%s<Enter>2<Enter>", file);
	desk_type(vt, script);
	desk_see(vt, "LOAN-10");
	assert_string_equal(loan(id, "state"), "issued");
	desk_type_at_once(vt, note);
	vt_key(vt, "F2");
	desk_see(vt, " saved 20");
	assert_string_equal(loan(id, "state"), "damaged");
	assert_string_equal(loan(id, "note"), note);
	assert_int_equal(estate_number("SELECT count(*) FROM damage_report WHERE loan = %lld", (long long)id), 1);
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_lives_there_is_one_enter_away),
		cmocka_unit_test(who_lives_there_survives_a_resize_in_the_number),
		cmocka_unit_test(looking_up_a_household_is_in_the_log),
		cmocka_unit_test(people_are_found_by_names_in_their_own_writing),
		cmocka_unit_test(borrowing_slowly_makes_one_request),
		cmocka_unit_test(borrowing_in_one_write_makes_one_request),
		cmocka_unit_test(borrowing_over_resizes_makes_one_request),
		cmocka_unit_test(a_purpose_in_chinese_and_vietnamese_is_kept_to_the_letter),
		cmocka_unit_test(an_outsider_keeps_his_name_and_his_number_stays_unread),
		cmocka_unit_test(returning_slowly_ends_the_loan),
		cmocka_unit_test(returning_in_one_write_ends_the_loan),
		cmocka_unit_test(returning_over_resizes_ends_the_loan),
		cmocka_unit_test(a_damaged_file_needs_a_note_and_makes_a_report),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
