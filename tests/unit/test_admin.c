/*
 * test_admin.c - migrate, policy apply, staff and check against a database of their own.
 * Not for: the serving part. Trap: the cluster's superuser signs in without a password here, so
 * only what happens inside the database is judged.
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

#include "common/arena.h"
#include "server/admin/admin.h"
#include "server/admin/check.h"
#include "server/commands.h"
#include "server/admin/policy.h"
#include "tests/unit/cluster.h"

static struct arena *arena;
static struct policy *policy;

const char *command_conf(void)
{
	return "conf";
}

/* What cluster.sql makes, without what only psql understands. */
static const char roles_sql[] =
	"CREATE ROLE lodge_owner NOLOGIN; CREATE ROLE lodge_name LOGIN; CREATE ROLE lodge_contact LOGIN; CREATE ROLE lodge_reveal LOGIN; "
	"CREATE ROLE lodge_report LOGIN; CREATE ROLE lodge_writer LOGIN; CREATE ROLE lodge_feed LOGIN";

/* Runs a command of ours with its standard output thrown away. */
static int quietly(int (*command)(int, char **), int argc, char **argv)
{
	int kept = dup(STDOUT_FILENO);
	fflush(stdout);
	if (freopen("/dev/null", "w", stdout) == NULL)
		return -1;
	int status = command(argc, argv);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	return status;
}

static int house_up(void **state)
{
	char host[128];
	char *migrate[] = { "migrate", NULL }, *apply[] = { "policy", "apply", NULL };
	struct buf errors;
	(void)state;
	if (!cluster_start())
		exit(77);
	const char *at = strstr(cluster_conninfo(), "host=") + strlen("host=");
	snprintf(host, sizeof(host), "%.*s", (int)strcspn(at, " "), at);
	setenv("PGHOST", host, 1);
	setenv("PGDATABASE", "lodge", 1);
	unsetenv("PGPORT");
	cluster_sql(roles_sql);
	cluster_sql("CREATE DATABASE lodge OWNER lodge_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'");
	arena = arena_new(16 << 20);
	buf_init(&errors, 1 << 20);
	enum err err = policy_read("conf/policy.conf", arena, &policy, &errors);
	buf_done(&errors);
	return err == OK && quietly(cmd_migrate, 1, migrate) == 0 && quietly(cmd_policy, 2, apply) == 0 ? 0 : -1;
}

static int house_down(void **state)
{
	(void)state;
	arena_free(arena);
	cluster_stop();
	return 0;
}

static void owner_runs(const char *sql)
{
	struct admin *admin;
	assert_int_equal(admin_open(&admin, true), OK);
	assert_int_equal(admin_run(admin, sql), OK);
	admin_close(admin);
}

/* Breaks something, expects it among the findings, mends it, expects silence. */
static void expect_finding(const char *broken, const char *mended, const char *expected)
{
	struct buf findings;
	buf_init(&findings, 1 << 20);
	owner_runs(broken);
	assert_int_equal(check_database(policy, &findings), OK);
	owner_runs(mended);
	if (strstr(findings.data, expected) == NULL)
		fail_msg("\"%s\" is not in: %s", expected, findings.data);
	assert_int_equal(strncmp(findings.data, "database:1: ", 12), 0);
	buf_reset(&findings);
	assert_int_equal(check_database(policy, &findings), OK);
	assert_string_equal(findings.data, "");
	buf_done(&findings);
}

static void fresh_house_has_no_findings(void **state)
{
	struct buf findings;
	(void)state;
	buf_init(&findings, 1 << 20);
	assert_int_equal(check_database(policy, &findings), OK);
	assert_string_equal(findings.data, "");
	buf_done(&findings);
}

static void second_apply_changes_nothing(void **state)
{
	struct admin *admin;
	struct buf changes;
	(void)state;
	buf_init(&changes, 1 << 20);
	assert_int_equal(admin_open(&admin, true), OK);
	assert_int_equal(admin_run(admin, "BEGIN"), OK);
	assert_int_equal(policy_sync(admin, policy, &changes), OK);
	admin_close(admin);
	assert_string_equal(changes.data, "");
	buf_done(&changes);
}

static void apply_says(struct admin *admin, const char *expected)
{
	struct buf changes;
	buf_init(&changes, 1 << 20);
	assert_int_equal(policy_sync(admin, policy, &changes), OK);
	assert_string_equal(changes.data, expected);
	buf_done(&changes);
}

/* CNF-16: the command only proposes; the table stays until the estate manager approves. */
static void clearance_of_the_file_is_proposed_and_not_in_force(void **state)
{
	struct policy_row *row = policy->first[POLICY_CLEARANCE];
	const char *kept = row->cells[3];
	struct admin *admin;
	struct admin_rows *rows = NULL;
	(void)state;
	assert_string_equal(row->cells[0], "FD");
	assert_int_equal(admin_open(&admin, true), OK);
	assert_int_equal(admin_run(admin, "BEGIN"), OK);
	row->cells[3] = "sealed";
	apply_says(admin, "clearance FD: proposed, waits for the estate manager's approval (CNF-16)\n");
	apply_says(admin, "clearance FD: waits for the estate manager's approval (CNF-16)\n");
	assert_int_equal(admin_query(admin, "SELECT opens FROM lodge.clearance WHERE role = 'FD'", 0, NULL, &rows), OK);
	assert_string_equal(admin_rows_get(rows, 0, 0), kept);
	admin_rows_free(rows);
	row->cells[3] = kept;
	apply_says(admin, "clearance FD: as it is in force; the proposal is withdrawn\n");
	apply_says(admin, "");
	admin_close(admin);
}

static void policy_row_altered_missing_or_strange_is_found(void **state)
{
	(void)state;
	expect_finding("UPDATE lodge.clearance SET opens = 'sealed' WHERE role = 'FD'",
		"UPDATE lodge.clearance SET opens = 'open' WHERE role = 'FD'", "clearance FD");
	expect_finding("DELETE FROM lodge.rest_day WHERE day = '2026-01-01'", "INSERT INTO lodge.rest_day VALUES ('2026-01-01')",
		"rest_day 2026-01-01");
	expect_finding("INSERT INTO lodge.clearance VALUES ('BOSS', 'contact', 'contact', 'sealed')",
		"DELETE FROM lodge.clearance WHERE role = 'BOSS'", "clearance BOSS: removed");
}

static void grant_that_no_book_asks_for_is_found(void **state)
{
	(void)state;
	expect_finding("GRANT SELECT (birth) ON lodge.person TO lodge_name", "REVOKE SELECT (birth) ON lodge.person FROM lodge_name",
		"lodge_name SELECT lodge.person.birth");
	expect_finding("GRANT EXECUTE ON FUNCTION op.reveal_person TO lodge_writer",
		"REVOKE EXECUTE ON FUNCTION op.reveal_person FROM lodge_writer", "lodge_writer EXECUTE op.reveal_person");
}

static void function_altered_or_gone_is_found(void **state)
{
	(void)state;
	expect_finding("ALTER FUNCTION lodge.guard_loan_not_own RENAME TO guard_away",
		"ALTER FUNCTION lodge.guard_away RENAME TO guard_loan_not_own", "guard_loan_not_own(lodge.loan,lodge.actor) is missing");
	expect_finding("ALTER FUNCTION op.loan_approve SECURITY INVOKER", "ALTER FUNCTION op.loan_approve SECURITY DEFINER",
		"op.loan_approve");
}

static void test_clock_is_found_loudly(void **state)
{
	(void)state;
	expect_finding("INSERT INTO lodge.test_clock VALUES ('2 days')", "DELETE FROM lodge.test_clock", "THE TEST CLOCK IS SET");
}

static void other_books_than_ours_are_found(void **state)
{
	char *migrate[] = { "migrate", NULL };
	struct buf findings;
	(void)state;
	buf_init(&findings, 1 << 20);
	owner_runs("UPDATE lodge.compiled SET books_hash = 'other'");
	assert_int_equal(check_database(policy, &findings), OK);
	assert_non_null(strstr(findings.data, "lodge.compiled"));
	assert_int_equal(quietly(cmd_migrate, 1, migrate), 0);
	buf_done(&findings);
}

static void employee_of_no_department_is_not_added(void **state)
{
	char *add[] = { "staff", "add", "w901", "someone", "Lý Thu", "nowhere", "FD", NULL };
	(void)state;
	assert_int_equal(quietly(cmd_staff, 7, add), 1);
	add[1] = "ad";
	assert_int_equal(quietly(cmd_staff, 7, add), 2);
	assert_int_equal(quietly(cmd_staff, 2, add), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_house_has_no_findings),
		cmocka_unit_test(second_apply_changes_nothing),
		cmocka_unit_test(clearance_of_the_file_is_proposed_and_not_in_force),
		cmocka_unit_test(policy_row_altered_missing_or_strange_is_found),
		cmocka_unit_test(grant_that_no_book_asks_for_is_found),
		cmocka_unit_test(function_altered_or_gone_is_found),
		cmocka_unit_test(test_clock_is_found_loudly),
		cmocka_unit_test(other_books_than_ours_are_found),
		cmocka_unit_test(employee_of_no_department_is_not_added),
	};
	return cmocka_run_group_tests(tests, house_up, house_down);
}
