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

static bool has_prefix(const char *name, const char *typed)
{
	const char **keys;
	size_t n;
	assert_int_equal(search_keys(arena, name, &keys, &n), OK);
	for (size_t i = 0; i < n; i++)
		if (strncmp(keys[i], typed, strlen(typed)) == 0)
			return true;
	return false;
}

static void chinese_name_is_found_by_pinyin_initials_and_characters(void **state)
{
	(void)state;
	static const char *const keys[] = { "zhangxiaoming", "xiaoming", "ming", ".zxm", "=zhangxiaoming", "张小明", "小明", "明" };
	for (size_t i = 0; i < NITEMS(keys); i++)
		assert_true(has_key("张小明", keys[i]));
	assert_true(has_key("张晓明", ".zxm"));
	assert_false(has_key("张小明", "zhang"));
}

static void vietnamese_name_is_found_without_marks(void **state)
{
	(void)state;
	static const char *const keys[] = { "nguyenthidanh", "thidanh", "danh", ".ntd",
		"nguyễnthịđanh", "thịđanh", "đanh" };
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
	static const struct { const char *name, *key; } cases[] = {
		{ "单田芳", "shantianfang" }, { "单田芳", "dantianfang" }, { "單田芳", "shantianfang" }, { "單田芳", ".stf" },
		{ "曾国藩", "zengguofan" }, { "曾国藩", "cengguofan" }, { "仇英", "qiuying" }, { "仇英", "chouying" },
		{ "解缙", "xiejin" }, { "解缙", "jiejin" }, { "区大典", "oudadian" }, { "區大典", "qudadian" },
		{ "查良镛", "zhaliangyong" }, { "任正非", "renzhengfei" }, { "朴树", "piaoshu" }, { "覃辉", "qinhui" },
		{ "覃辉", "tanhui" }, { "盖叫天", "gejiaotian" }, { "翟天临", "zhaitianlin" }, { "缪斯", "miaosi" },
		{ "尉迟恭", "yuchigong" }, { "尉迟恭", "weichigong" }, { "吕布", "lvbu" }, { "吕布", "lubu" },
		{ "乐嘉", "yuejia" }, { "乐嘉", "lejia" }, { "盛宣怀", "shengxuanhuai" }, { "员半千", "yunbanqian" },
		{ "华罗庚", "hualuogeng" }, { "万俟卨", "moqi" }, { "冼星海", "xianxinghai" }, { "晁盖", "chao" },
		{ "逄先知", "pang" }, { "燕青", "yanqing" }, { "叶剑英", "yejianying" }, { "葉劍英", "yejianying" },
		{ "哈林", "halin" }, { "曲波", "qubo" }, { "纪晓岚", "jixiaolan" }, { "过百龄", "guobailing" },
		{ "令狐冲", "linghuchong" }, { "沈从文", "shencongwen" }, { "尤三姐", "yousanjie" }, { "殷桃", "yintao" },
	};
	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		bool found = has_prefix(cases[i].name, cases[i].key);
		if (!found)
			print_error("%s is not found by %s\n", cases[i].name, cases[i].key);
		assert_true(found);
	}
}

static void pinyin_is_found_with_the_v_of_a_keyboard(void **state)
{
	(void)state;
	assert_true(has_key("李绿", "lilv"));
	assert_true(has_key("李绿", "lilu"));
	assert_false(has_key("Müller", "mvller"));
}

static void apostrophe_makes_no_new_word(void **state)
{
	(void)state;
	assert_true(has_key("Ruth O'Neill", "oneill"));
	assert_true(has_key("Ruth O'Neill", ".ro"));
	assert_true(has_key("Anne-Marie Green", ".amg"));
}

static void single_word_has_no_initials(void **state)
{
	const char **keys;
	size_t n;
	(void)state;
	assert_int_equal(search_keys(arena, "Minh", &keys, &n), OK);
	assert_int_equal(n, 2);
	assert_string_equal(keys[0], "minh");
	assert_string_equal(keys[1], "=minh");
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

static void query_takes_the_forms_of_the_keys(void **state)
{
	static const struct { const char *typed, *plain, *given, *initials, *latin; } cases[] = {
		{ "zhang xiaoming", "zhangxiaoming", NULL, ".zhangxiaoming", "zhangxiaoming" },
		{ "Nguyễn Đ", "nguyend", "nguyễnđ", ".nguyend", "nguyend" },
		{ "ZXM", "zxm", NULL, ".zxm", "zxm" },
		{ "ＺＸＭ", "zxm", NULL, ".zxm", "zxm" },
		{ "陳美", "陈美", "陳美", NULL, "chenmei" },
		{ " 张 小 ", "张小", NULL, NULL, "zhangxiao" },
		{ "张 Peter", "张", "张peter", NULL, "zhangpeter" },
		{ "--", "", NULL, NULL, "" },
	};
	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		struct search_words words;
		assert_int_equal(search_query(arena, cases[i].typed, &words), OK);
		assert_string_equal(words.plain, cases[i].plain);
		assert_string_equal(words.latin, cases[i].latin);
		assert_true((words.given == NULL) == (cases[i].given == NULL));
		if (cases[i].given != NULL)
			assert_string_equal(words.given, cases[i].given);
		assert_true((words.initials == NULL) == (cases[i].initials == NULL));
		if (cases[i].initials != NULL)
			assert_string_equal(words.initials, cases[i].initials);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chinese_name_is_found_by_pinyin_initials_and_characters),
		cmocka_unit_test(vietnamese_name_is_found_without_marks),
		cmocka_unit_test(traditional_name_is_found_in_both_scripts),
		cmocka_unit_test(surname_is_found_under_all_its_readings),
		cmocka_unit_test(pinyin_is_found_with_the_v_of_a_keyboard),
		cmocka_unit_test(apostrophe_makes_no_new_word),
		cmocka_unit_test(single_word_has_no_initials),
		cmocka_unit_test(no_key_is_given_twice),
		cmocka_unit_test(name_without_letters_has_no_keys),
		cmocka_unit_test(endless_name_is_too_big),
		cmocka_unit_test(query_takes_the_forms_of_the_keys),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
