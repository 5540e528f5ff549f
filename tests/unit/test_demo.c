/*
 * test_demo.c - the demo estate's invented people are valid in form, and chance repeats itself.
 * Not for: what stands in the database; the stack of `./run test` is loaded from it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/admin/demo.h"
#include "server/admin/demo_planted.h"

enum { DRAWS = 2000 };

static struct demo demo_fresh(void)
{
	return (struct demo){ .chance = 42 };
}

static void chinese_number_carries_its_check_digit(void **state)
{
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1 };
	struct demo demo = demo_fresh();
	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		char text[24], date[16];
		int sum = 0, birth = date_day(1930, 1, 1) + i * 17;
		bool female = i % 2 == 0;
		demo_id_number(&demo, TONGUE_HANS, female, birth, text);
		assert_int_equal(strlen(text), 18);
		for (size_t d = 0; d < 18; d++)
			sum += (text[d] == 'X' ? 10 : text[d] - '0') * weights[d];
		assert_int_equal(sum % 11, 1);
		date_text(birth, date);
		assert_int_equal(strncmp(text + 6, date, 4), 0);
		assert_int_equal((text[16] - '0') % 2, female ? 0 : 1);
	}
}

static void vietnamese_number_tells_century_sex_and_year(void **state)
{
	struct demo demo = demo_fresh();
	char text[24];
	(void)state;
	demo_id_number(&demo, TONGUE_VIET, true, date_day(2004, 7, 1), text);
	assert_int_equal(strlen(text), 12);
	assert_int_equal(strncmp(text + 3, "304", 3), 0);
	demo_id_number(&demo, TONGUE_VIET, false, date_day(1985, 7, 1), text);
	assert_int_equal(strncmp(text + 3, "085", 3), 0);
}

static void nobody_else_bears_a_planted_name(void **state)
{
	struct demo demo = demo_fresh();
	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct demo_name name;
		demo_name_make(&demo, demo_tongue(&demo), i % 2 == 0, -1, &name);
		for (size_t h = 0; h < nplanted_homes; h++)
			for (size_t p = 0; p < PLANTED_PERSONS && planted_homes[h].persons[p].name != NULL; p++)
				assert_string_not_equal(name.text, planted_homes[h].persons[p].name);
	}
}

static void no_number_ends_like_one_that_scripts_type(void **state)
{
	struct demo demo = demo_fresh();
	(void)state;
	for (int i = 0; i < 20 * DRAWS; i++) {
		char text[24];
		demo_mobile(&demo, i % 2 == 0 ? TONGUE_HANS : TONGUE_VIET, text);
		assert_int_equal(strlen(text), i % 2 == 0 ? 11 : 10);
		assert_string_not_equal(text + strlen(text) - 4, "4417");
		assert_string_not_equal(text + strlen(text) - 4, "5521");
	}
}

static void same_seed_gives_the_same_people(void **state)
{
	struct demo one = demo_fresh(), other = demo_fresh();
	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct demo_name a, b;
		demo_name_make(&one, demo_tongue(&one), false, -1, &a);
		demo_name_make(&other, demo_tongue(&other), false, -1, &b);
		assert_string_equal(a.text, b.text);
	}
}

static void days_and_dates_are_one_another(void **state)
{
	char text[16];
	(void)state;
	assert_int_equal(date_day(1970, 1, 1), 0);
	date_text(date_day(2024, 2, 29), text);
	assert_string_equal(text, "2024-02-29");
	date_text(date_day(2024, 2, 29) + 1, text);
	assert_string_equal(text, "2024-03-01");
	for (int day = date_day(1900, 1, 1); day < date_day(2100, 1, 1); day++) {
		int year, month, of_month;
		date_text(day, text);
		assert_int_equal(sscanf(text, "%d-%d-%d", &year, &month, &of_month), 3);
		assert_int_equal(date_day(year, month, of_month), day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chinese_number_carries_its_check_digit),
		cmocka_unit_test(vietnamese_number_tells_century_sex_and_year),
		cmocka_unit_test(nobody_else_bears_a_planted_name),
		cmocka_unit_test(no_number_ends_like_one_that_scripts_type),
		cmocka_unit_test(same_seed_gives_the_same_people),
		cmocka_unit_test(days_and_dates_are_one_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
