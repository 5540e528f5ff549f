/*
 * test_app_cli.c - `lodge call`, `lodge BOOK VERB`, `lodge --plain`: exit codes and lines of the
 * contract, at a real stack.
 *
 * Not for: what the methods mean (tests/flow). Trap: the sentences go to standard error, which is
 * not looked at; the codes are.
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

enum { OUT_MAX = 1 << 20 };

static char out[OUT_MAX];

static int lodge(const char *staff, const char *password, const char *input, const char *const *words)
{
	return desk_run(staff, password, input, words, out, sizeof(out));
}

#define LODGE(...) lodge("custodian", "lodge-demo", "", (const char *const[]){__VA_ARGS__, NULL})

static void a_result_is_one_line_and_exit_0(void **state)
{
	(void)state;
	assert_int_equal(LODGE("call", "hello"), 0);
	assert_true(out[0] == '{' && strchr(out, '\n') == out + strlen(out) - 1);
	assert_non_null(strstr(out, "\"role\":\"ACU\""));
}

static void an_error_is_its_object_and_exit_1(void **state)
{
	(void)state;
	assert_int_equal(LODGE("call", "loan.get", "{\"id\":999999999}"), 1);
	assert_non_null(strstr(out, "\"code\":\"not_found\""));
	assert_int_equal(LODGE("call", "no.such"), 1);
	assert_non_null(strstr(out, "-32601"));
}

static void no_connection_wrong_password_and_bad_usage_are_exit_2(void **state)
{
	const char *const hello[] = {"call", "hello", NULL};
	char server[512];

	(void)state;
	assert_int_equal(lodge("custodian", "wrong", "", hello), 2);
	assert_int_equal(LODGE("call"), 2);
	assert_int_equal(LODGE("call", "hello", "no json"), 2);
	assert_int_equal(LODGE("call", "hello", "[]"), 2);
	assert_int_equal(LODGE("loan", "frob"), 2);
	assert_int_equal(LODGE("nosuch", "list"), 2);
	snprintf(server, sizeof(server), "%s", getenv("LODGE_SERVER"));
	setenv("LODGE_SERVER", "unix:/nowhere/at/all", 1);
	assert_int_equal(LODGE("call", "hello"), 2);
	setenv("LODGE_SERVER", "telnet:host", 1);
	assert_int_equal(LODGE("call", "hello"), 2);
	setenv("LODGE_SERVER", server, 1);
}

static void lines_are_answered_one_by_one_and_a_bad_one_is_invalid(void **state)
{
	const char *const words[] = {"call", "-", NULL};

	(void)state;
	assert_int_equal(lodge("custodian", "lodge-demo",
		"hello {}\nthis is no call\nloan.get {\"id\":999999999}\nunit.get {\"code\":\"7-1203\"}\n", words), 0);
	assert_non_null(strstr(out, "{\"result\":{"));
	assert_non_null(strstr(out, "\"code\":\"invalid\""));
	assert_non_null(strstr(out, "\"code\":\"not_found\""));
	assert_non_null(strstr(out, "\"code\":\"7-1203\""));
}

static void a_report_is_bars_for_people_and_json_for_scripts(void **state)
{
	(void)state;
	assert_int_equal(LODGE("report"), 0);
	assert_non_null(strstr(out, "loans_by_file "));
	assert_null(strstr(out, "loan_refusals"));
	assert_int_equal(LODGE("report", "units_in_use"), 0);
	assert_non_null(strstr(out, "[In use]"));
	assert_non_null(strstr(out, "####"));
	assert_int_equal(LODGE("report", "units_in_use", "--sort", "vacant", "--limit", "1"), 0);
	assert_non_null(strstr(out, "[Vacant]"));
	assert_non_null(strstr(out, "the first 1"));
	assert_int_equal(LODGE("report", "units_in_use", "--json"), 0);
	assert_true(out[0] == '{' && strchr(out, '\n') == out + strlen(out) - 1);
	assert_non_null(strstr(out, "\"use\":\"office\""));
	assert_int_equal(LODGE("report", "loan_refusals"), 1);
	assert_non_null(strstr(out, "\"code\":\"forbidden\""));
	assert_int_equal(LODGE("report", "units_in_use", "--sort", "use"), 1);
	assert_int_equal(LODGE("report", "no_such"), 2);
	assert_int_equal(LODGE("report", "units_in_use", "--sort"), 2);
	assert_int_equal(LODGE("report", "units_in_use", "extra"), 2);
}

static void a_write_without_op_id_gets_one(void **state)
{
	(void)state;
	assert_int_equal(LODGE("call", "loan.request", "{\"file\":\"5-0202/1\",\"act\":\"borrow\","
		"\"requester\":\"custodian\",\"purpose\":\"Archive upkeep\"}"), 0);
	assert_non_null(strstr(out, "\"op_id\":\""));
	assert_int_equal(LODGE("loan", "request", "--file", "5-0202/1", "--act", "borrow", "--requester",
		"custodian", "--purpose", "Archive upkeep", "--json"), 0);
	assert_non_null(strstr(out, "\"op_id\":\""));
}

static void flags_filter_lists_by_field(void **state)
{
	(void)state;
	assert_int_equal(LODGE("file", "list", "--unit", "7-1203", "--json"), 0);
	assert_non_null(strstr(out, "\"7-1203/1\""));
	assert_int_equal(LODGE("file", "list", "--unit", "7-1203", "--csv"), 0);
	assert_int_equal(strncmp(out, "id,version,state,code,", 22), 0);
	assert_non_null(strstr(out, ",7-1203/2,"));
}

static void household_data_gives_no_csv(void **state)
{
	(void)state;
	assert_int_equal(LODGE("household", "list", "--unit", "7-1203", "--csv"), 2);
	assert_int_equal(LODGE("person", "list", "--unit", "7-1203", "--csv"), 2);
	assert_string_equal(out, "");
}

static void plain_mode_finds_and_gets(void **state)
{
	(void)state;
	assert_int_equal(LODGE("--plain", "find", "7-1203"), 0);
	assert_non_null(strstr(out, "7-1203/1"));
	assert_int_equal(LODGE("--plain", "get", "file", "7-1203/1"), 0);
	assert_non_null(strstr(out, "Cabinet: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_is_one_line_and_exit_0),
		cmocka_unit_test(an_error_is_its_object_and_exit_1),
		cmocka_unit_test(no_connection_wrong_password_and_bad_usage_are_exit_2),
		cmocka_unit_test(lines_are_answered_one_by_one_and_a_bad_one_is_invalid),
		cmocka_unit_test(a_report_is_bars_for_people_and_json_for_scripts),
		cmocka_unit_test(a_write_without_op_id_gets_one),
		cmocka_unit_test(flags_filter_lists_by_field),
		cmocka_unit_test(household_data_gives_no_csv),
		cmocka_unit_test(plain_mode_finds_and_gets),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
