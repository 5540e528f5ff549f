/*
 * test_import_csv.c - tables as spreadsheets write them, and as they should not.
 * Not for: what the cells mean (test_import_line.c).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "client/import_csv.h"
#include "client/import_text.h"

static struct arena *arena;
static struct csv csv;
static struct csv_row row;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* The rows as text: LINE:cell|cell, a bad one LINE!cell. */
static const char *rows(const char *text, size_t n)
{
	static char said[4096];
	size_t at = 0;

	said[0] = '\0';
	csv_open(&csv, text, n);
	while (csv_next(&csv, arena, &row) == OK) {
		at += (size_t)snprintf(said + at, sizeof said - at, "%zu%c", row.line, row.why ? '!' : ':');
		if (row.why)
			at += (size_t)snprintf(said + at, sizeof said - at, "%zu", row.bad);
		for (size_t i = 0; i < row.ncells && !row.why; i++)
			at += (size_t)snprintf(said + at, sizeof said - at, "%s%s", i > 0 ? "|" : "", row.cells[i]);
		at += (size_t)snprintf(said + at, sizeof said - at, "/");
	}
	return said;
}

#define ROWS(text) rows(text, sizeof(text) - 1)

static void commas_semicolons_and_tabs_are_told_apart_by_the_first_line(void **state)
{
	(void)state;
	assert_string_equal(ROWS("a,b\nc;d,e\n"), "1:a|b/2:c;d|e/");
	assert_string_equal(ROWS("a;b;c,d\n1;2;3\n"), "1:a|b|c,d/2:1|2|3/");
	assert_string_equal(ROWS("a\tb\n1,5\t2\n"), "1:a|b/2:1,5|2/");
	assert_string_equal(ROWS("\"a,b,c\";d\n1;2\n"), "1:a,b,c|d/2:1|2/");
}

static void every_line_end_and_a_mark_at_the_beginning_are_fine(void **state)
{
	(void)state;
	assert_string_equal(ROWS("\xef\xbb\xbf" "a,b\r\n1,2\r\n"), "1:a|b/2:1|2/");
	assert_string_equal(ROWS("a,b\r1,2\r"), "1:a|b/2:1|2/");
	assert_string_equal(ROWS("a,b\n1,2"), "1:a|b/2:1|2/");
}

static void quotes_hold_separators_quotes_and_line_ends(void **state)
{
	(void)state;
	assert_string_equal(ROWS("a,b\n\"x, \"\"y\"\"\",\"1\n2\"\n3,4\n"), "1:a|b/2:x, \"y\"|1\n2/4:3|4/");
	assert_string_equal(ROWS("a,b\n5\" pipe,2\n"), "1:a|b/2:5\" pipe|2/");
	assert_string_equal(ROWS("a,b\n \"x\" ,2\n"), "1:a|b/2:x|2/");
}

static void empty_lines_count_and_are_skipped(void **state)
{
	(void)state;
	assert_string_equal(ROWS("a,b\n\n,,\n \n1,2\n"), "1:a|b/5:1|2/");
	assert_string_equal(ROWS(""), "");
	assert_string_equal(ROWS("\n\r\n"), "");
}

static void blanks_at_the_ends_go_wide_ones_too(void **state)
{
	(void)state;
	assert_string_equal(ROWS(" a ,\xe3\x80\x80" "b\xc2\xa0 \n"), "1:a|b/");
}

static void a_quote_never_closed_costs_its_own_line_only(void **state)
{
	(void)state;
	assert_string_equal(ROWS("a,b\n1,\"2\n3,4\n"), "1:a|b/2!1/3:3|4/");
	assert_string_equal(ROWS("a,b\n\"1\"x,2\n3,4\n"), "1:a|b/2!0/3:3|4/");
}

static void zero_bytes_and_endless_rows_are_named(void **state)
{
	char text[4 * CSV_CELLS_MAX];

	(void)state;
	assert_string_equal(ROWS("a,b\n1,2\0003\n"), "1:a|b/2!1/");
	memset(text, ',', sizeof text);
	text[0] = 'a';
	assert_string_equal(rows(text, sizeof text), "1!64/");
}

static const char *decoded(const char *bytes, const char *encoding)
{
	static char said[256];
	struct buf to;
	enum err err;

	buf_init(&to, sizeof said - 1);
	err = import_decode(&to, bytes, strlen(bytes), encoding);
	snprintf(said, sizeof said, "%s", err == OK ? to.data : err == ERR_NOT_FOUND ? "unknown" : "too big");
	buf_done(&to);
	return said;
}

static void other_encodings_become_utf_8(void **state)
{
	(void)state;
	assert_string_equal(decoded("\xd5\xc5\xcf\xfe\xc3\xf7", "GB18030"), "张晓明");
	assert_string_equal(decoded("\xb3\xaf\xac\xfc\xac\xc2", "Big5"), "陳美玲");
	assert_string_equal(decoded("\xff\xfe" "a", "UTF-9000"), "unknown");
	assert_string_equal(decoded("张", NULL), "张");
}

static void bytes_unknown_to_an_encoding_are_marked_where_they_stand(void **state)
{
	(void)state;
	assert_string_equal(decoded("a,\xff,b\n\xd5", "GB18030"), "a,\xef\xbf\xbd,b\n\xef\xbf\xbd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(commas_semicolons_and_tabs_are_told_apart_by_the_first_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_line_end_and_a_mark_at_the_beginning_are_fine, set_up, tear_down),
		cmocka_unit_test_setup_teardown(quotes_hold_separators_quotes_and_line_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(empty_lines_count_and_are_skipped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(blanks_at_the_ends_go_wide_ones_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_quote_never_closed_costs_its_own_line_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(zero_bytes_and_endless_rows_are_named, set_up, tear_down),
		cmocka_unit_test(other_encodings_become_utf_8),
		cmocka_unit_test(bytes_unknown_to_an_encoding_are_marked_where_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
