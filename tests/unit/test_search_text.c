/*
 * test_search_text.c - what a typed text may mean as a telephone number and as a code.
 * Not for: the search itself (flow/search). Trap: texts are given folded, as search_query folds them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "server/search_text.h"

static struct arena *arena;

static int arena_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int arena_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void number_is_kept_forwards_and_backwards(void **state)
{
	const char *keys[PHONE_KEYS_MAX];
	size_t n;

	(void)state;
	assert_int_equal(search_phone_keys(arena, "090-312 34", keys, &n), OK);
	assert_int_equal(n, 2);
	assert_string_equal(keys[0], "09031234");
	assert_string_equal(keys[1], "<43213090");
	assert_int_equal(search_phone_keys(arena, "none", keys, &n), OK);
	assert_int_equal(n, 0);
}

static void four_digits_are_an_end_and_six_a_beginning(void **state)
{
	static const struct { const char *typed, *tail, *head; } cases[] = {
		{ "3001", "<1003", NULL }, { "203001", "<100302", "203001" }, { "300", NULL, NULL }, { "", NULL, NULL },
		{ "139 1720 3001", "<100302719", "13917203001" }, { "7-1203", NULL, NULL }, { "7-1203/1", NULL, NULL },
		{ "3001 ext", NULL, NULL }, { "12 34", NULL, NULL },
	};
	struct search_phone phone;

	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		assert_int_equal(search_phone(arena, cases[i].typed, &phone), OK);
		assert_int_equal(phone.tail == NULL, cases[i].tail == NULL);
		assert_int_equal(phone.head == NULL, cases[i].head == NULL);
		if (cases[i].tail)
			assert_string_equal(phone.tail, cases[i].tail);
		if (cases[i].head)
			assert_string_equal(phone.head, cases[i].head);
	}
}

static bool spells(const char *typed, const char *code)
{
	struct search_code out;

	assert_int_equal(search_code(arena, typed, &out), OK);
	for (size_t i = 0; i < out.nspellings; i++)
		if (strcmp(out.spellings[i], code) == 0)
			return true;
	return false;
}

static void code_is_read_in_any_spelling(void **state)
{
	static const char *const units[] = { "7-1203", "7 1203", "7–1203", "7.1203", "7栋1203室", "7号楼12层03室", "7-12-03", "07-1203",
		"unit 7-1203", "tòa 7 căn 1203", "71203", "7/1203", "#7-1203" };

	(void)state;
	for (size_t i = 0; i < NITEMS(units); i++)
		assert_true(spells(units[i], "7-1203"));
	assert_true(spells("7 501", "7-0501"));
	assert_true(spells("7-1203/2", "7-1203/2"));
	assert_true(spells("7 1203 2", "7-1203/2"));
	assert_true(spells("712032", "7-1203/2"));
	assert_true(spells("hr-01/1", "HR-01/1"));
	assert_false(spells("zhang 1203", "zhang-1203"));
}

static void only_bare_digits_are_a_guess(void **state)
{
	struct search_code out;

	(void)state;
	assert_int_equal(search_code(arena, "71203", &out), OK);
	assert_true(out.is_guess);
	assert_int_equal(search_code(arena, "7 1203", &out), OK);
	assert_false(out.is_guess);
	assert_int_equal(search_code(arena, "123456789", &out), OK);
	assert_true(out.nspellings <= CODE_SPELLINGS_MAX);
	assert_int_equal(search_code(arena, "1234567890123", &out), OK);
	assert_false(out.is_guess);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_is_kept_forwards_and_backwards),
		cmocka_unit_test(four_digits_are_an_end_and_six_a_beginning),
		cmocka_unit_test(code_is_read_in_any_spelling),
		cmocka_unit_test(only_bare_digits_are_a_guess),
	};

	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
