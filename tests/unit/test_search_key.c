/*
 * test_search_key.c - under which keys a name is found, and what a typed text becomes.
 * Not for: the search itself. Trap: the readings come from the installed ICU.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/search_key.h"

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

static bool has_key(const char *name, const char *key)
{
	const char **keys;
	size_t n;
	assert_int_equal(search_keys(arena, name, &keys, &n), OK);
	for (size_t i = 0; i < n; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void chinese_name_is_found_by_pinyin_initials_and_characters(void **state)
{
	(void)state;
	static const char *const keys[] = { "zhangxiaoming", "xiaoming", "ming", "zxm", "张小明", "小明", "明" };
	for (size_t i = 0; i < NITEMS(keys); i++)
		assert_true(has_key("张小明", keys[i]));
	assert_true(has_key("张晓明", "zxm"));
	assert_false(has_key("张小明", "zhang"));
}

static void vietnamese_name_is_found_without_marks(void **state)
{
	(void)state;
	static const char *const keys[] = { "nguyenthidanh", "thidanh", "danh", "ntd" };
	for (size_t i = 0; i < NITEMS(keys); i++)
		assert_true(has_key("Nguyễn Thị Đanh", keys[i]));
}

static void traditional_name_is_found_in_both_scripts(void **state)
{
	(void)state;
	assert_true(has_key("陳美玲", "陈美玲"));
	assert_true(has_key("陳美玲", "陳美玲"));
	assert_true(has_key("陳美玲", "chenmeiling"));
}

static void surname_is_found_under_all_its_readings(void **state)
{
	(void)state;
	assert_true(has_key("单田芳", "shantianfang"));
	assert_true(has_key("单田芳", "dantianfang"));
	assert_true(has_key("單田芳", "shantianfang"));
	assert_true(has_key("吕布", "lvbu"));
	assert_true(has_key("吕布", "lubu"));
	assert_true(has_key("尉迟恭", "yuchigong"));
	assert_true(has_key("尉迟恭", "weichigong"));
}

static void single_word_has_no_initials(void **state)
{
	const char **keys;
	size_t n;
	(void)state;
	assert_int_equal(search_keys(arena, "Minh", &keys, &n), OK);
	assert_int_equal(n, 1);
	assert_string_equal(keys[0], "minh");
}

static void no_key_is_given_twice(void **state)
{
	const char **keys;
	size_t n;
	(void)state;
	assert_int_equal(search_keys(arena, "李 李 Lý", &keys, &n), OK);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			assert_string_not_equal(keys[i], keys[k]);
}

static void name_without_letters_has_no_keys(void **state)
{
	const char **keys;
	size_t n;
	(void)state;
	assert_int_equal(search_keys(arena, "", &keys, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(search_keys(arena, "— …", &keys, &n), OK);
}

static void endless_name_is_too_big(void **state)
{
	char name[2000];
	const char **keys;
	size_t n;
	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(search_keys(arena, name, &keys, &n), ERR_TOO_BIG);
}

static void query_takes_the_form_of_the_keys(void **state)
{
	static const struct { const char *typed, *key; } cases[] = {
		{ "zhang xiaoming", "zhangxiaoming" }, { "Nguyễn Đ", "nguyend" }, { "ZXM", "zxm" },
		{ "陳美", "陈美" }, { " 张 小 ", "张小" }, { "--", "" },
	};
	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		const char *key;
		assert_int_equal(search_query(arena, cases[i].typed, &key), OK);
		assert_string_equal(key, cases[i].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chinese_name_is_found_by_pinyin_initials_and_characters),
		cmocka_unit_test(vietnamese_name_is_found_without_marks),
		cmocka_unit_test(traditional_name_is_found_in_both_scripts),
		cmocka_unit_test(surname_is_found_under_all_its_readings),
		cmocka_unit_test(single_word_has_no_initials),
		cmocka_unit_test(no_key_is_given_twice),
		cmocka_unit_test(name_without_letters_has_no_keys),
		cmocka_unit_test(endless_name_is_too_big),
		cmocka_unit_test(query_takes_the_form_of_the_keys),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
