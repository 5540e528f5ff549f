/*
 * test_report.c - the table of reports has no fault, and bars fit their cells in any script.
 *
 * Not for: figures (tests/flow/report.flow). Trap: widths need a UTF-8 LC_CTYPE.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "client/bars.h"
#include "common/arena.h"
#include "common/text.h"
#include "server/admin/compile_report.h"

static struct arena *arena;

static const struct node *parsed(const char *text)
{
	struct node *n = NULL;

	assert_int_equal(node_parse(arena, text, strlen(text), 8, &n), OK);
	return n;
}

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void the_table_has_no_fault(void **state)
{
	struct buf errors;

	(void)state;
	buf_init(&errors, 1 << 16);
	if (reports_check(&errors) != OK)
		fail_msg("%s", errors.data);
	buf_done(&errors);
}

static bool door_tells(const struct report *report, const char *column)
{
	struct buf door, value;
	bool tells;

	buf_init(&door, 1 << 16);
	buf_init(&value, 128);
	compile_report(&door, report);
	buf_printf(&value, "t.%s", column);
	tells = strstr(door.data, value.data) != NULL;
	buf_done(&value);
	buf_done(&door);
	return tells;
}

/* What nobody may list is a number without a list behind it, or a column that stands there locked: the
 * door gives nothing for it. */
static void confidential_columns_are_numbers_or_locked(void **state)
{
	(void)state;
	for (size_t i = 0; i < nreports; i++)
		for (size_t k = 0; k < reports[i].ncolumns; k++)
			if (reports[i].columns[k].kind == COLUMN_GROUP && reports[i].columns[k].field.level >= LEVEL_FULL) {
				assert_false(door_tells(&reports[i], reports[i].columns[k].field.name));
			} else if (reports[i].columns[k].field.level >= LEVEL_FULL) {
				assert_int_equal(reports[i].columns[k].kind, COLUMN_COUNT);
				assert_null(reports[i].book);
				assert_non_null(reports[i].closed);
			}
}

static void each_line_fits(const struct report *report, const struct node *rows, int cells)
{
	struct bars bars;
	struct buf line;

	buf_init(&line, BARS_LINE_MAX);
	bars_fit(&bars, report, report_count(report, NULL), rows, cells);
	bars_head(&bars, &line);
	assert_true(text_width(line.data) <= cells);
	for (const struct node *r = rows->first; r != NULL; r = r->next) {
		buf_reset(&line);
		bars_row(&bars, r, &line);
		assert_true(text_width(line.data) <= cells);
	}
	buf_done(&line);
}

static void bars_never_take_more_cells_than_there_are(void **state)
{
	const struct node *rows = parsed("[{\"household\":{\"id\":1,\"name\":\"欧阳静欧阳静欧阳静欧阳静欧阳静欧阳静欧阳静欧阳静欧阳静欧阳静\"},"
		"\"unit\":{\"id\":2,\"code\":\"12-0801\"},\"persons\":40,\"masked\":[]},"
		"{\"household\":{\"id\":3,\"name\":\"Nguyễn Thị Ánh\"},\"unit\":{\"id\":4,\"code\":\"7-1203\"},\"persons\":1,\"masked\":[]}]");

	(void)state;
	each_line_fits(report_find("persons_per_household"), rows, 78);
	each_line_fits(report_find("persons_per_household"), rows, 118);
}

static void the_longest_bar_fills_its_cells_and_the_least_is_seen(void **state)
{
	const struct report *report = report_find("units_in_use");
	const struct node *rows = parsed("[{\"use\":\"residential\",\"in_use\":40000,\"vacant\":0,\"units\":40000,\"masked\":[]},"
		"{\"use\":\"office\",\"in_use\":1,\"vacant\":0,\"units\":1,\"masked\":[]},{\"use\":\"shop\",\"in_use\":0,\"vacant\":0,\"units\":0,\"masked\":[]}]");
	struct bars bars;
	struct buf line;
	const struct node *row = rows->first;
	int expected[3], i = 0;

	(void)state;
	buf_init(&line, BARS_LINE_MAX);
	bars_fit(&bars, report, report_count(report, NULL), rows, 78);
	expected[0] = bars.bar;
	expected[1] = 1;
	expected[2] = 0;
	for (; row != NULL; row = row->next, i++) {
		const char *bar;

		buf_reset(&line);
		bars_row(&bars, row, &line);
		bar = strchr(line.data, '#');
		assert_int_equal(bar != NULL ? (int)strlen(bar) : 0, expected[i]);
	}
	buf_done(&line);
}

static void a_number_that_is_not_told_has_no_bar(void **state)
{
	const struct report *report = report_find("age_bands");
	const struct node *rows = parsed("[{\"band\":\"to_5\",\"persons\":90,\"masked\":[]},{\"band\":\"unknown\",\"masked\":[\"persons\"]}]");
	struct bars bars;
	struct buf line;

	(void)state;
	buf_init(&line, BARS_LINE_MAX);
	bars_fit(&bars, report, report_count(report, NULL), rows, 78);
	bars_row(&bars, rows->first->next, &line);
	assert_non_null(strstr(line.data, "[#]"));
	assert_null(strstr(line.data, "##"));
	assert_true(bars_hide(rows));
	buf_done(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_has_no_fault),
		cmocka_unit_test(confidential_columns_are_numbers_or_locked),
		cmocka_unit_test(bars_never_take_more_cells_than_there_are),
		cmocka_unit_test(the_longest_bar_fills_its_cells_and_the_least_is_seen),
		cmocka_unit_test(a_number_that_is_not_told_has_no_bar),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
