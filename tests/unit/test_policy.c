/*
 * test_policy.c - the house's own policy is whole, and broken ones are refused with file and line.
 * Not for: writing it to the database. Trap: works on copies of conf/policy.conf with one line
 * changed, so it must be run in the source folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/admin/policy.h"

#define HOUSE "conf/policy.conf"

struct attempt {
	struct arena *arena;
	struct policy *policy;
	struct buf errors;
	enum err err;
};

static void attempt_read(struct attempt *attempt, const char *file)
{
	attempt->arena = arena_new(4 << 20);
	assert_non_null(attempt->arena);
	buf_init(&attempt->errors, 1 << 20);
	attempt->err = policy_read(file, attempt->arena, &attempt->policy, &attempt->errors);
}

static void attempt_done(struct attempt *attempt)
{
	buf_done(&attempt->errors);
	arena_free(attempt->arena);
}

/* Reads the house's policy with the first `from` replaced, and expects `complaint` in the errors,
 * behind "FILE:LINE: ". */
static void expect_refused(const char *from, const char *to, const char *complaint)
{
	char path[] = "/tmp/lodge-policy-XXXXXX", text[32768];
	struct attempt attempt;
	FILE *house = fopen(HOUSE, "r");
	assert_non_null(house);
	text[fread(text, 1, sizeof(text) - 1, house)] = '\0';
	fclose(house);
	char *at = strstr(text, from);
	assert_non_null(at);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	dprintf(fd, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	close(fd);
	attempt_read(&attempt, path);
	unlink(path);
	assert_int_not_equal(attempt.err, OK);
	assert_int_equal(strncmp(attempt.errors.data, path, strlen(path)), 0);
	assert_true(strtol(attempt.errors.data + strlen(path) + 1, NULL, 10) > 0);
	if (strstr(attempt.errors.data, complaint) == NULL)
		fail_msg("\"%s\" is not in: %s", complaint, attempt.errors.data);
	attempt_done(&attempt);
}

static size_t rows_of(const struct policy *policy, enum policy_table table)
{
	size_t n = 0;
	for (const struct policy_row *row = policy->first[table]; row != NULL; row = row->next)
		n++;
	return n;
}

static void policy_of_the_house_is_whole(void **state)
{
	struct attempt attempt;
	(void)state;
	attempt_read(&attempt, HOUSE);
	assert_string_equal(attempt.errors.data, "");
	assert_int_equal(attempt.err, OK);
	assert_int_equal(rows_of(attempt.policy, POLICY_CLEARANCE), ROLE_END - 1);
	assert_int_equal(rows_of(attempt.policy, POLICY_LOAN), 7 * 3);
	attempt_done(&attempt);
}

static void unknown_role_is_refused(void **state)
{
	(void)state;
	expect_refused("role = \"FD\"", "role = \"XX\"", "XX");
	expect_refused("approvers = [ \"CM\", \"EM\" ]", "approvers = [ \"CM\", \"BOSS\" ]", "BOSS");
}

static void doubled_row_is_refused(void **state)
{
	(void)state;
	expect_refused("role = \"OP\"", "role = \"FD\"", "second row for FD");
	expect_refused("act = [ \"borrow\" ]; class = \"centre_staff\"", "act = [ \"consult\" ]; class = \"centre_staff\"",
		"second row for consult centre_staff");
}

static void missing_row_is_refused(void **state)
{
	(void)state;
	expect_refused("  { role = \"FD\";  lists = \"contact\"; },\n", "", "no row for role FD");
	expect_refused("\"print\", ", "", "no row for print by centre_staff");
}

static void number_that_wraps_is_refused(void **state)
{
	(void)state;
	expect_refused("refusals_a_minute = 10", "refusals_a_minute = 4294967297", "4294967297");
	expect_refused("approval_days = 3", "approval_days = 0", "approval_days");
}

static void unknown_key_and_wrong_type_are_refused(void **state)
{
	(void)state;
	expect_refused("approval_days", "aproval_days", "aproval_days");
	expect_refused("escort = true", "escort = \"true\"", "escort");
	expect_refused("days = 1;", "dais = 1;", "dais");
}

static void time_and_date_must_exist(void **state)
{
	(void)state;
	expect_refused("\"08:00\"", "\"24:00\"", "shift.day_starts");
	expect_refused("2026-02-16", "2026-02-30", "2026-02-30");
}

static void refused_loan_row_says_nothing_else(void **state)
{
	(void)state;
	expect_refused("refused = \"LOAN-06\"", "refused = \"LOAN-06\"; approvers = [ \"GM\" ]", "what is refused");
	expect_refused("reviewer = \"GM\"; ", "", "reviewer go together");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_of_the_house_is_whole),
		cmocka_unit_test(unknown_role_is_refused),
		cmocka_unit_test(doubled_row_is_refused),
		cmocka_unit_test(missing_row_is_refused),
		cmocka_unit_test(number_that_wraps_is_refused),
		cmocka_unit_test(unknown_key_and_wrong_type_are_refused),
		cmocka_unit_test(time_and_date_must_exist),
		cmocka_unit_test(refused_loan_row_says_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
