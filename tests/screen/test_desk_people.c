/*
 * test_desk_people.c - the whole loan on the screens of everybody who has a part in it: borrower, head
 * of department, manager, general manager, custodian; for the three classes of borrower.
 *
 * Not for: every rule (tests/flow). Trap: the queues hold what other tests left; a record is found
 * by its file, which nobody else has asked for.
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

enum { QUEUES_FROM = 4, QUEUES_TO = 20, COUNT_COL = 34 };

static int64_t loan_of(const char *file)
{
	return estate_number("SELECT max(l.id) FROM loan l JOIN file f ON f.id = l.file WHERE f.code = '%s'", file);
}

static const char *state_of(const char *file)
{
	return estate_cell("SELECT state FROM loan WHERE id = %lld", (long long)loan_of(file));
}

/* Waits for the state in the database. */
static void reach(struct vt *vt, const char *file, const char *state)
{
	DESK_AWAIT(vt, strcmp(state_of(file), state) == 0);
	if (strcmp(state_of(file), state) != 0)
		desk_see(vt, state); /* fails with the screen */
}

static int queue_row(struct vt *vt, const char *queue)
{
	desk_see(vt, queue);
	for (int row = QUEUES_FROM; row < QUEUES_TO; row++)
		if (strstr(vt_row(vt, row), queue) != NULL)
			return row;
	fail_msg("no queue %s", queue);
	return 0;
}

/* The number behind a queue on the home screen; -1 while it is not known. */
static long queue_count(struct vt *vt, int row)
{
	char text[64] = "";

	for (int col = COUNT_COL; col < COUNT_COL + 9; col++)
		strncat(text, vt_cell(vt, row, col).text, sizeof(text) - strlen(text) - 1);
	return text[strcspn(text, "0123456789")] == '\0' ? -1 : strtol(text + strcspn(text, "0123456789"), NULL, 10);
}

static long counted(struct vt *vt, int row)
{
	DESK_AWAIT(vt, queue_count(vt, row) >= 0);
	return queue_count(vt, row);
}

/* Puts the selection of the home screen on a queue; each step is seen before the next. */
static void select_queue(struct vt *vt, const char *queue)
{
	int row = queue_row(vt, queue);

	vt_key(vt, "Home");
	for (int at = QUEUES_FROM; at <= row; at++) {
		assert_true(vt_wait_cursor(vt, at, 0, SOON));
		if (at < row)
			vt_key(vt, "Tab");
	}
}

/* From home: the record of the file in a queue. */
static void open_in_queue(struct vt *vt, const char *queue, const char *file)
{
	select_queue(vt, queue);
	desk_type(vt, "<Enter></>");
	vt_puts(vt, file);
	desk_see(vt, "/ ");
	desk_type(vt, "<Enter>");
	if (!vt_wait_text(vt, file, SOON))
		desk_see(vt, file);
	vt_settle(vt, 150, SOON);
	desk_type(vt, "<Enter>");
	desk_see(vt, "File Loan Register > ");
	desk_see(vt, file);
}

static void act(struct vt *vt, const char *queue, const char *file, const char *script, const char *state)
{
	open_in_queue(vt, queue, file);
	desk_type(vt, script);
	reach(vt, file, state);
	desk_see(vt, " saved 20");
	/* An Esc while an answer is awaited only gives that up, so there is no fixed number of them. */
	for (int i = 0; i < 8 && !desk_shows(vt, "QUEUES"); i++)
		desk_type(vt, "<Esc>");
	desk_see(vt, "QUEUES");
}

static void act_as(const char *who, const char *queue, const char *file, const char *script, const char *state)
{
	struct vt *vt = desk_open(who, "en", NULL);

	act(vt, queue, file, script, state);
	desk_close(vt);
}

static void a_loan_of_another_department_passes_every_desk(void **state)
{
	const char *file = estate_free_file();
	struct vt *vt = desk_open("engineer", "en", NULL);
	char script[200];

	(void)state;
	snprintf(script, sizeof(script), "<b>%s<Tab><Tab>2<Tab>核对图纸 kiểm tra bản vẽ<Enter><Enter>", file);
	desk_type(vt, script);
	reach(vt, file, "requested");
	desk_close(vt);
	act_as("engchief", "Loans to endorse", file, "e", "endorsed");
	act_as("manager", "Loans to approve", file, "a", "approved");
	vt = desk_open("custodian", "en", NULL);
	act(vt, "Files to hand out", file, "o<F2>", "issued");
	snprintf(script, sizeof(script), "<r>%s<Enter><y><Enter>", file);
	desk_type_at_once(vt, script);
	reach(vt, file, "returned");
	desk_close(vt);
	assert_string_equal(estate_cell("SELECT string_agg(op, ' ' ORDER BY seq) FROM event WHERE book = 'loan' AND "
		"record = %lld AND result = 'ok'", (long long)loan_of(file)), "request endorse approve hand_out take_back");
}

static void an_outsiders_excerpt_leaves_when_the_general_manager_has_read_it(void **state)
{
	const char *file = estate_free_file();
	struct vt *vt = desk_open("desk", "en", NULL);
	char script[300];

	(void)state;
	snprintf(script, sizeof(script), "<b>%s<Tab><Tab>7<Tab><Tab>Ngô Văn Khách<Tab>公安局<Tab>4<Tab>W-120<F2>", file);
	desk_type(vt, script);
	reach(vt, file, "requested");
	desk_close(vt);
	act_as("general", "Outsiders' loans to approve", file, "a", "approved");
	vt = desk_open("custodian", "en", NULL);
	open_in_queue(vt, "Files to hand out", file);
	desk_type(vt, "o<F2>");
	desk_see(vt, "LOAN-02");
	desk_type(vt, "assistant<F2>");
	reach(vt, file, "issued");
	desk_type(vt, "c");
	desk_see(vt, "LOAN-06");
	desk_close(vt);
	vt = desk_open("general", "en", NULL);
	open_in_queue(vt, "Copies to review", file);
	desk_type(vt, "v1<F2>");
	desk_see(vt, " saved 20");
	desk_close(vt);
	assert_string_equal(estate_cell("SELECT verdict FROM loan WHERE id = %lld", (long long)loan_of(file)), "cleared");
	vt = desk_open("custodian", "en", NULL);
	open_in_queue(vt, "Files out", file);
	desk_type(vt, "c");
	desk_see(vt, " saved 20");
	desk_close(vt);
	assert_string_equal(estate_cell("SELECT carried_out_at IS NOT NULL FROM loan WHERE id = %lld",
		(long long)loan_of(file)), "t");
	snprintf(script, sizeof(script), "{\"id\":%lld,\"version\":%lld,\"condition\":\"ok\"}", (long long)loan_of(file),
		(long long)estate_number("SELECT version FROM loan WHERE id = %lld", (long long)loan_of(file)));
	assert_string_equal(desk_text(desk_ask("custodian", "loan.take_back", script), "state"), "returned");
}

static void a_request_is_rejected_with_its_reason(void **state)
{
	const char *file = estate_free_file();
	char json[200];

	(void)state;
	snprintf(json, sizeof(json), "{\"file\":\"%s\",\"requester\":\"tenants\",\"act\":\"borrow\",\"purpose\":\"%s\"}", file,
		estate_mark());
	assert_true(desk_number(desk_ask("tenants", "loan.request", json), "id") > 0);
	act_as("manager", "Loans to approve", file, "x资料不齐, thiếu giấy<F2>", "rejected");
	assert_string_equal(estate_cell("SELECT reason FROM loan WHERE id = %lld", (long long)loan_of(file)),
		"资料不齐, thiếu giấy");
}

/* Nobody touches the keyboard: the queue of `who` counts one more within a second of the receipt. */
static void assert_queue_moves(const char *who, const char *queue, const char *asker, const char *borrower)
{
	const char *file = estate_free_file();
	struct vt *vt = desk_open(who, "en", NULL);
	int row = queue_row(vt, queue);
	long was = counted(vt, row);
	char json[300];

	snprintf(json, sizeof(json), "{\"file\":\"%s\",\"requester\":\"%s\",\"act\":\"borrow\",\"purpose\":\"%s\"}", file,
		borrower, estate_mark());
	assert_true(was >= 0);
	assert_true(desk_number(desk_ask(asker, "loan.request", json), "id") > 0);
	for (int i = 0; i < 100 && queue_count(vt, row) == was; i++)
		vt_settle(vt, 10, 10);
	/* Past a hundred the queue says 100+ for ever. */
	if (was < 100)
		assert_int_equal(queue_count(vt, row), was + 1);
	desk_close(vt);
}

static void the_managers_queue_grows_within_a_second(void **state)
{
	(void)state;
	assert_queue_moves("manager", "Loans to approve", "tenants", "tenants");
}

static void the_heads_queue_grows_within_a_second(void **state)
{
	(void)state;
	assert_queue_moves("cleanchief", "Loans to endorse", "desk", "cleanlead");
}

static void an_open_list_says_that_something_is_new_and_does_not_move(void **state)
{
	const char *file = estate_free_file();
	struct vt *vt = desk_open("manager", "en", NULL);
	char json[200], first[400];

	(void)state;
	snprintf(json, sizeof(json), "{\"file\":\"%s\",\"requester\":\"tenants\",\"act\":\"borrow\",\"purpose\":\"%s\"}", file,
		estate_mark());
	select_queue(vt, "Loans to approve");
	desk_type(vt, "<Enter>");
	desk_see(vt, "Borrower");
	/* Longer than the server's poll: what happened before the list was opened has been told. */
	vt_settle(vt, 800, 1600);
	snprintf(first, sizeof(first), "%s", vt_row(vt, 3));
	assert_true(desk_number(desk_ask("tenants", "loan.request", json), "id") > 0);
	if (!vt_wait_text(vt, "1 new", 1000))
		desk_see(vt, "1 new");
	assert_string_equal(vt_row(vt, 3), first);
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loan_of_another_department_passes_every_desk),
		cmocka_unit_test(an_outsiders_excerpt_leaves_when_the_general_manager_has_read_it),
		cmocka_unit_test(a_request_is_rejected_with_its_reason),
		cmocka_unit_test(the_managers_queue_grows_within_a_second),
		cmocka_unit_test(the_heads_queue_grows_within_a_second),
		cmocka_unit_test(an_open_list_says_that_something_is_new_and_does_not_move),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
