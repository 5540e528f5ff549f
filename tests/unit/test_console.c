/*
 * test_console.c - the tables of the desks name what exists, and tables of rows fit their cells.
 *
 * Not for: screens (tests/screen). Trap: widths need a UTF-8 LC_CTYPE.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "client/columns.h"
#include "client/consoles/console.h"
#include "client/opid.h"
#include "client/value.h"
#include "client/wrap.h"
#include "common/arena.h"
#include "common/text.h"
#include "common/validate.h"

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

static void reception_names_only_what_the_books_have(void **state)
{
	struct buf errors;

	(void)state;
	buf_init(&errors, 4096);
	if (console_check(&console_reception, &errors) != OK)
		fail_msg("%s", errors.data);
	buf_done(&errors);
}

static void an_unknown_name_in_a_console_is_told(void **state)
{
	static const char *const fields[] = {"file", "colour", NULL};
	static const struct form_order order = {.book = "loan", .op = "request", .fields = fields};
	struct console wrong = console_reception;
	struct buf errors;

	(void)state;
	wrong.orders = &order;
	wrong.norders = 1;
	buf_init(&errors, 4096);
	assert_int_equal(console_check(&wrong, &errors), ERR_INVALID);
	assert_string_equal(errors.data, "no field loan.colour\n");
	buf_done(&errors);
}

static void columns_never_take_more_cells_than_there_are(void **state)
{
	const struct node *rows = parsed("[{\"no\":\"1\",\"file\":{\"id\":1,\"code\":\"7-1203/1\"},"
		"\"requester\":{\"id\":2,\"code\":\"w017\",\"name\":\"Nguyễn Thị Ánh 欧阳静 of somewhere far away\"},"
		"\"act\":\"borrow\",\"due\":\"2026-11-21T10:30:00Z\",\"state\":\"overdue\"}]");

	(void)state;
	for (int cells = 60; cells <= 200; cells++) {
		struct columns t;
		int sum = 0;

		columns_init(&t, book_find("loan"), NULL, NULL);
		columns_measure(&t, rows);
		columns_fit(&t, cells);
		for (size_t i = 0; i < t.n; i++)
			sum += t.column[i].width + (i > 0 ? COLUMNS_GAP : 0);
		assert_int_equal(sum, cells);
	}
}

static void a_masked_value_is_a_lock_of_the_same_width(void **state)
{
	const struct node *row = parsed("{\"name\":\"x\",\"masked\":[\"mobile\"]}");
	struct columns t;
	struct buf cell;
	bool seen = false;

	(void)state;
	columns_init(&t, book_find("person"), NULL, NULL);
	buf_init(&cell, 256);
	for (size_t i = 0; i < t.n; i++)
		if (t.column[i].field != NULL && strcmp(t.column[i].field->name, "mobile") == 0) {
			columns_cell(&cell, &t, i, row);
			assert_string_equal(cell.data, "[#]");
			seen = true;
		}
	assert_true(seen);
	buf_done(&cell);
}

static void assert_title(const char *book, const char *row, const char *title)
{
	struct buf text;

	buf_init(&text, 256);
	row_title(&text, book_find(book), parsed(row));
	assert_string_equal(text.data, title);
	buf_done(&text);
}

static void records_go_by_what_people_call_them(void **state)
{
	(void)state;
	assert_title("loan", "{\"no\":\"12\",\"file\":{\"id\":1,\"code\":\"7-1203/1\"}}", "12 7-1203/1");
	assert_title("household", "{\"unit\":{\"id\":1,\"code\":\"7-1203\"},\"display_name\":\"张小明\"}",
		"7-1203 张小明");
	assert_title("file", "{\"code\":\"7-1203/1\"}", "7-1203/1");
}

static void a_sentence_breaks_behind_blanks_and_between_hanzi(void **state)
{
	(void)state;
	assert_int_equal(wrap_at("one two three", 8), strlen("one two "));
	assert_int_equal(wrap_at("档案已借出", 6), strlen("档案已"));
	assert_int_equal(wrap_at("unbreakable", 4), 0);
}

static void an_op_id_is_a_fresh_uuid(void **state)
{
	char a[OPID_SIZE], b[OPID_SIZE];

	(void)state;
	opid_make(a);
	opid_make(b);
	assert_true(validate_uuid(a));
	assert_string_not_equal(a, b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reception_names_only_what_the_books_have),
		cmocka_unit_test(an_unknown_name_in_a_console_is_told),
		cmocka_unit_test(columns_never_take_more_cells_than_there_are),
		cmocka_unit_test(a_masked_value_is_a_lock_of_the_same_width),
		cmocka_unit_test(records_go_by_what_people_call_them),
		cmocka_unit_test(a_sentence_breaks_behind_blanks_and_between_hanzi),
		cmocka_unit_test(an_op_id_is_a_fresh_uuid),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
