/*
 * test_app_loan.c - the whole loan on the screen: borrow (T4), approve, hand out, return (T5), a
 * queue that moves by itself, an opening, and a write over a cut line.
 *
 * Not for: the rules of lending (tests/flow). Trap: see desk.h; the files named here are lent by
 * no other test, and a failed run may leave requests.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

/* Loan of the file after `before`, or NULL: what this test made. */
static const struct node *made_after(const char *file, int64_t before)
{
	const struct node *loan = desk_last_loan(file);

	return loan != NULL && desk_number(loan, "id") > before ? loan : NULL;
}

static int64_t newest(const char *file)
{
	const struct node *loan = desk_last_loan(file);

	return loan != NULL ? desk_number(loan, "id") : 0;
}

/* How many loans of the file came after `before`. */
static int count_after(const char *file, int64_t before)
{
	char where[200];
	const struct node *rows;
	int n = 0;

	snprintf(where, sizeof(where), "{\"where\":{\"file\":\"%s\"},\"sort\":[\"-id\"],\"limit\":9}", file);
	rows = node_get(desk_ask("custodian", "loan.list", where), "rows");
	for (const struct node *r = rows->first; r != NULL; r = r->next)
		n += desk_number(r, "id") > before;
	return n;
}

static void assert_borrowed(const char *file, int64_t before, const char *by)
{
	const struct node *loan = made_after(file, before);

	assert_non_null(loan);
	assert_string_equal(desk_text(loan, "requester"), by);
	assert_string_equal(desk_text(loan, "act"), "borrow");
	assert_string_equal(desk_text(loan, "state"), "requested");
	assert_true(strlen(desk_text(loan, "purpose")) >= 5);
}

static void borrowing_typed_slowly_enters_one_request(void **state)
{
	int64_t before = newest("7-1203/2");
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab>w017<Tab>2<Enter><Enter>");
	desk_see(vt, "saved");
	desk_see(vt, "QUEUES");
	desk_close(vt);
	assert_borrowed("7-1203/2", before, "w017");
}

static void borrowing_in_one_write_enters_one_request(void **state)
{
	int64_t before = newest("7-1203/2");
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type_at_once(vt, "<b>7-1203/2<Tab>w017<Tab>2<Enter><Enter>");
	desk_see(vt, "saved");
	desk_close(vt);
	assert_borrowed("7-1203/2", before, "w017");
	assert_int_equal(count_after("7-1203/2", before), 1);
}

static void borrowing_survives_a_resize_in_the_middle(void **state)
{
	int64_t before = newest("7-1203/2");
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab>w0");
	vt_resize(vt, 30, 100);
	desk_type_at_once(vt, "17<Tab>2");
	vt_resize(vt, 24, 80);
	desk_type_at_once(vt, "<Enter><Enter>");
	desk_see(vt, "saved");
	desk_close(vt);
	assert_borrowed("7-1203/2", before, "w017");
}

static void an_outsider_is_entered_in_chinese_and_vietnamese(void **state)
{
	int64_t before = newest("7-1203/1");
	struct vt *vt = desk_open("desk", "vi", NULL);
	const struct node *loan;

	(void)state;
	vt_settle(vt, 200, SOON);
	/* The accents come decomposed, as some keyboards send them. */
	desk_type(vt, "<b>7-1203/1<Tab><Tab>1<Tab><Tab>Nguye\xcc\x82\xcc\x83n Thi\xcc\xa3 \xe5\xb0\x8f\xe6\x98\x8e<Tab>"
		"\xe5\x85\xac\xe5\xae\x89\xe5\xb1\x80<Tab>1<Tab>AB123456<F2>");
	vt_settle(vt, 500, SOON);
	desk_close(vt);
	loan = made_after("7-1203/1", before);
	assert_non_null(loan);
	assert_string_equal(desk_text(loan, "outsider_name"), "Nguy\u1ec5n Th\u1ecb \u5c0f\u660e");
	assert_string_equal(desk_text(loan, "outsider_body"), "\u516c\u5b89\u5c40");
}

/* A request by the custodian for himself: centre staff, so the manager approves. */
static int64_t request(const char *file)
{
	char json[300];

	snprintf(json, sizeof(json), "{\"file\":\"%s\",\"requester\":\"custodian\",\"act\":\"borrow\","
		"\"purpose\":\"Archive upkeep\"}", file);
	return desk_number(desk_ask("custodian", "loan.request", json), "id");
}

static void the_approvers_queue_shows_a_request_by_itself(void **state)
{
	struct vt *vt = desk_open("manager", "en", NULL);
	char was[128], *row;
	int at = -1;

	(void)state;
	vt_settle(vt, 500, SOON);
	for (int i = 0; i < 20; i++)
		if (strstr(vt_row(vt, i), "Loans to approve") != NULL)
			at = i;
	assert_true(at > 0);
	snprintf(was, sizeof(was), "%s", vt_row(vt, at));
	assert_true(request("6-1303/1") > 0);
	/* The server promises a second; the call itself has passed by now. */
	for (int i = 0; i < 150; i++) {
		vt_settle(vt, 10, 10);
		row = (char *)(uintptr_t)vt_row(vt, at);
		if (strcmp(row, was) != 0)
			break;
	}
	assert_string_not_equal(vt_row(vt, at), was);
	desk_close(vt);
}

static void open_queue(struct vt *vt, const char *queue);

static void new_data_is_told_and_moves_no_row(void **state)
{
	struct vt *vt = desk_open("manager", "en", NULL);
	char was[256];
	int row, col;

	(void)state;
	assert_true(request("6-1303/1") > 0);
	open_queue(vt, "Loans to approve");
	desk_see(vt, "6-1303/1");
	vt_key(vt, "End");
	vt_settle(vt, 200, SOON);
	vt_cursor(vt, &row, &col);
	snprintf(was, sizeof(was), "%s", vt_row(vt, row));
	assert_true(request("6-1303/1") > 0);
	desk_see(vt, "new  F5");
	assert_string_equal(vt_row(vt, row), was);
	vt_key(vt, "F5");
	desk_see_gone(vt, "new  F5");
	desk_close(vt);
}

static void open_queue(struct vt *vt, const char *queue)
{
	vt_settle(vt, 300, SOON);
	for (int i = 0; i < 20; i++) {
		int row, col;

		vt_cursor(vt, &row, &col);
		if (strstr(vt_row(vt, row), queue) != NULL)
			break;
		vt_key(vt, "Down");
		vt_settle(vt, 50, 1000);
	}
	vt_key(vt, "Enter");
	vt_settle(vt, 300, SOON);
}

/* Opens the newest record of a queue: the last row. */
static void open_last(struct vt *vt, const char *file)
{
	desk_type(vt, "</>");
	vt_puts(vt, file);
	vt_settle(vt, 100, 1000);
	desk_type(vt, "<Enter><End><Enter>");
	desk_see(vt, "File Loan Register > ");
}

/* One key on the row: no form, no question, and the row shows it. */
static void remind_at_once(struct vt *vt, const char *file)
{
	open_queue(vt, "Files out");
	desk_type(vt, "</>");
	vt_puts(vt, file);
	vt_settle(vt, 100, 1000);
	desk_type(vt, "<Enter><R>");
	desk_see(vt, "saved");
	assert_int_equal(desk_number(desk_last_loan(file), "reminders"), 1);
	desk_type(vt, "<Esc><Esc>");
	desk_see(vt, "QUEUES");
}

static void a_loan_goes_its_whole_way_on_the_screen(void **state)
{
	const char *file = estate_free_file();
	char script[100];
	struct vt *vt;

	(void)state;
	assert_true(request(file) > 0);
	vt = desk_open("manager", "en", NULL);
	open_queue(vt, "Loans to approve");
	open_last(vt, file);
	vt_puts(vt, "a");
	desk_see(vt, "Approved");
	desk_close(vt);
	assert_string_equal(desk_text(desk_last_loan(file), "state"), "approved");

	vt = desk_open("custodian", "en", NULL);
	open_queue(vt, "Files to hand out");
	open_last(vt, file);
	desk_type(vt, "<o><Enter>");
	desk_see(vt, "Handed out");
	desk_type(vt, "<Esc><Esc><Esc>");
	desk_see(vt, "QUEUES");
	assert_string_equal(desk_text(desk_last_loan(file), "state"), "issued");
	remind_at_once(vt, file);
	snprintf(script, sizeof(script), "<r>%s<Enter><y><Enter>", file);
	desk_type_at_once(vt, script);
	desk_see(vt, "saved");
	desk_close(vt);
	assert_string_equal(desk_text(desk_last_loan(file), "state"), "returned");
	assert_string_equal(desk_text(desk_last_loan(file), "condition"), "ok");
}

static void returning_what_is_not_out_commits_nothing(void **state)
{
	struct vt *vt = desk_open("custodian", "en", NULL);

	(void)state;
	desk_type_at_once(vt, "<r>4-0303/1<Enter><y><Enter>");
	desk_see(vt, "This file is not out.");
	desk_see(vt, "2 keys typed ahead were left out");
	desk_close(vt);
}

static void a_refusal_names_its_rule_and_keeps_the_text(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	/* An outsider may not borrow. */
	desk_type(vt, "<b>7-1203/1<Tab><Tab>2<Tab><Tab>Tran Van Minh<F2>");
	desk_see(vt, "LOAN-06");
	desk_see(vt, "Tran Van Minh");
	desk_close(vt);
}

static void a_write_over_a_cut_line_is_done_once(void **state)
{
	int64_t before = newest("7-1203/2");
	struct relay *relay = relay_start();
	struct vt *vt = desk_open("desk", "en", relay_address(relay));

	(void)state;
	desk_type(vt, "<b>7-1203/2<Tab>w017<Tab>2<Enter>");
	relay_cut(relay);
	desk_see(vt, "OFFLINE");
	vt_key(vt, "Enter");
	desk_see(vt, "Not saved yet");
	relay_mend(relay);
	desk_see(vt, " saved 20");
	desk_close(vt);
	relay_stop(relay);
	assert_borrowed("7-1203/2", before, "w017");
	assert_int_equal(count_after("7-1203/2", before), 1);
}

static void a_locked_field_opens_with_a_purpose(void **state)
{
	struct vt *vt = desk_open("css", "en", NULL);

	(void)state;
	desk_type_at_once(vt, "7-1203<Enter>");
	desk_see(vt, "Persons (4)");
	desk_type(vt, "#");
	desk_see(vt, "Purpose, for the log:");
	desk_type(vt, "<Enter>");
	desk_see(vt, "then locked again");
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borrowing_typed_slowly_enters_one_request),
		cmocka_unit_test(borrowing_in_one_write_enters_one_request),
		cmocka_unit_test(borrowing_survives_a_resize_in_the_middle),
		cmocka_unit_test(an_outsider_is_entered_in_chinese_and_vietnamese),
		cmocka_unit_test(the_approvers_queue_shows_a_request_by_itself),
		cmocka_unit_test(new_data_is_told_and_moves_no_row),
		cmocka_unit_test(a_loan_goes_its_whole_way_on_the_screen),
		cmocka_unit_test(returning_what_is_not_out_commits_nothing),
		cmocka_unit_test(a_refusal_names_its_rule_and_keeps_the_text),
		cmocka_unit_test(a_write_over_a_cut_line_is_done_once),
		cmocka_unit_test(a_locked_field_opens_with_a_purpose),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
