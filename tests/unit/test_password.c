/*
 * test_password.c - which new passwords are refused. Not for: the change itself
 * (tests/flow/own_password.flow). Trap: the person below is w007, ann, Ann Lee.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/password.h"
#include "server/session.h"

static const struct session person = { .work_no = "w007", .login = "ann", .name = "Ann Lee" };

static void what_is_hard_to_guess_is_taken(void **state)
{
	static const char *const good[] = {"xanh-lam-42", "correct horse battery", "大门口的灯还亮着", "Tr0ub4dor&3",
		"pass-the-salt-please"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_null(password_fault(&person, "old-one-old", good[i]));
}

static void short_and_endless_ones_are_refused(void **state)
{
	char text[200];

	(void)state;
	assert_non_null(password_fault(&person, "old-one-old", "xy-1234"));
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * 7 % 26);
	text[129] = '\0';
	assert_non_null(password_fault(&person, "old-one-old", text));
	text[128] = '\0';
	assert_null(password_fault(&person, "old-one-old", text));
}

static void the_name_and_the_number_are_refused_however_written(void **state)
{
	static const char *const bad[] = {"W007-W007", "Ann.Lee.2024", "my name is ANN", "annannann", "x-w-0-0-7-x"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(password_fault(&person, "old-one-old", bad[i]));
}

static void common_words_and_runs_are_refused(void **state)
{
	static const char *const bad[] = {"password", "Password123!", "qwertyuiop", "iloveyou1", "12345678", "87654321",
		"aaaaaaaa", "abcdefgh", "2024-01-01", "12345679", "matkhau99", "Welcome2024", "old-one-old"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(password_fault(&person, "old-one-old", bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_hard_to_guess_is_taken),
		cmocka_unit_test(short_and_endless_ones_are_refused),
		cmocka_unit_test(the_name_and_the_number_are_refused_however_written),
		cmocka_unit_test(common_words_and_runs_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
