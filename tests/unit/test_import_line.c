/*
 * test_import_line.c - headers and values of residents' lists in four languages, good and bad.
 * Not for: reading the file (test_import_csv.c). Trap: catalogues come from the build folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "client/import_line.h"
#include "common/i18n.h"

static struct arena *arena;
static char said[4096];

static int open_catalogues(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	i18n_open(LODGE_BUILD "/locale");
	i18n_use("en");
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(4 << 20);
	said[0] = '\0';
	return arena == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void note(void *ctx, size_t line, const char *column, const char *why)
{
	size_t n = strlen(said);

	(void)ctx;
	assert_true(why[0] != '\0');
	snprintf(said + n, sizeof said - n, "%zu:%s ", line, column);
}

static const struct import_report report = {.fault = note};

/* Reads the list; its values one line a person, columns split by |; faults go to said. */
static const char *read_list(const char *text)
{
	static char values[4096];
	struct import_header header;
	struct csv_row row;
	struct csv csv;
	size_t n = 0;

	values[0] = '\0';
	csv_open(&csv, text, strlen(text));
	assert_int_equal(csv_next(&csv, arena, &row), OK);
	if (!import_header(arena, &row, &header, &report))
		return values;
	while (csv_next(&csv, arena, &row) == OK) {
		struct import_person p;
		enum err err;

		if (!import_person(arena, &header, &row, &p, &report, &err))
			continue;
		for (int i = 0; i < IMPORT_COLUMNS; i++)
			n += (size_t)snprintf(values + n, sizeof values - n, "%s%s", i > 0 ? "|" : "", p.values[i] ? p.values[i] : "");
		n += (size_t)snprintf(values + n, sizeof values - n, "\n");
	}
	return values;
}

#define EN "unit,household,name,relation,mobile,home_phone,sex,id_no,birth,important\n"
#define AN "7-1203|Nguyen|Nguyễn An|owner|0901234567|0281234567|m|079012345678|1990-04-03|true\n"

static void the_header_may_be_in_any_of_the_four_languages(void **state)
{
	(void)state;
	assert_string_equal(read_list(EN "7-1203,Nguyen,Nguyễn An,owner,0901234567,0281234567,m,079012345678,1990-04-03,true\n"), AN);
	assert_string_equal(read_list("单元,住户,姓名,关系,手机,家庭电话,性别,身份证号码,出生日期,重要\n"
		"7-1203,Nguyen,Nguyễn An,业主,0901234567,0281234567,男,079012345678,1990年4月3日,是\n"), AN);
	assert_string_equal(read_list("單元,住戶,姓名,關係,手機,家庭電話,性別,身份證號碼,出生日期,重要\n"
		"7-1203,Nguyen,Nguyễn An,業主,0901234567,0281234567,男,079012345678,1990/4/3,是\n"), AN);
	assert_string_equal(read_list("Căn hộ;Hộ;Họ tên;Quan hệ;Di động;Điện thoại nhà;Giới tính;Số giấy tờ;Ngày sinh;Quan trọng\n"
		"7-1203;Nguyen;Nguyễn An;Chủ sở hữu;0901234567;0281234567;Nam;079012345678;03/04/1990;có\n"), AN);
	assert_string_equal(said, "");
}

static void columns_stand_in_any_order_and_most_may_be_missing(void **state)
{
	(void)state;
	assert_string_equal(read_list("Name,RELATION,unit\nAn,Spouse,7-1203\n"), "7-1203||An|spouse||||||\n");
	assert_string_equal(said, "");
}

static void a_header_that_is_none_is_named(void **state)
{
	(void)state;
	read_list("unit,name\n");
	read_list("unit,name,relation,unit\n");
	read_list("unit,nom,relation\n");
	assert_string_equal(said, "1:relation 1:unit 1:2 ");
}

static void letters_written_apart_are_composed(void **state)
{
	(void)state;
	assert_string_equal(read_list("unit,name,relation\n7-1203,Nguye\xcc\x82\xcc\x83n,owner\n"), "7-1203||Nguyễn|owner||||||\n");
}

static void every_bad_cell_of_a_line_is_named(void **state)
{
	(void)state;
	assert_string_equal(read_list(EN ",H,,captain,12,1,z,1,31/2/1990,perhaps\n"), "");
	assert_string_equal(said, "2:unit 2:name 2:relation 2:mobile 2:home_phone 2:sex 2:id_no 2:birth 2:important ");
}

static void bytes_that_are_no_text_and_signs_nobody_sees_are_named(void **state)
{
	(void)state;
	read_list("unit,name,relation\n7-1203,\xd5\xc5,owner\n7-1203,A\xe2\x80\xaeN,owner\n7-1203,A\x1b]0;x,owner\n7-1203,\xef\xbf\xbd,owner\n7-1203,\"a\nb\",owner\n");
	assert_string_equal(said, "2:name 3:name 4:name 5:name 6:name ");
}

static void days_that_are_none_are_named(void **state)
{
	(void)state;
	read_list("unit,name,relation,birth\n7,A,owner,1990-02-30\n7,A,owner,2190-01-01\n7,A,owner,90-1-1\n7,A,owner,+30\n7,A,owner,today\n7,A,owner,1990-1\n7,A,owner,33000\n");
	assert_string_equal(said, "2:birth 3:birth 4:birth 5:birth 6:birth 7:birth 8:birth ");
}

static void cells_beyond_the_header_are_named_and_missing_ones_are_empty(void **state)
{
	(void)state;
	assert_string_equal(read_list("unit,name,relation,sex\n7-1203,An,owner\n7-1203,An,owner,m,x\n7-1203,Bi,owner,m,,\n"),
		"7-1203||An|owner||||||\n7-1203||Bi|owner|||m|||\n");
	assert_string_equal(said, "3:line ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_header_may_be_in_any_of_the_four_languages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(columns_stand_in_any_order_and_most_may_be_missing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_header_that_is_none_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(letters_written_apart_are_composed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_bad_cell_of_a_line_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bytes_that_are_no_text_and_signs_nobody_sees_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(days_that_are_none_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cells_beyond_the_header_are_named_and_missing_ones_are_empty, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, open_catalogues, NULL);
}
