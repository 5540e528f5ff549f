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
#include "client/consoles/acts.h"
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

static void every_console_names_only_what_there_is(void **state)
{
	struct buf errors;

	(void)state;
	buf_init(&errors, 4096);
	for (const struct console *const *c = consoles; *c != NULL; c++)
		if (console_check(*c, &errors) != OK)
			fail_msg("%s", errors.data);
	if (acts_check(&errors) != OK)
		fail_msg("%s", errors.data);
	buf_done(&errors);
}

static void assert_act_told(const struct act *act, const char *told)
{
	struct buf errors;

	buf_init(&errors, 4096);
	assert_int_equal(act_check(act, &errors), ERR_INVALID);
	assert_string_equal(errors.data, told);
	buf_done(&errors);
}

static void an_unknown_name_in_an_act_is_told(void **state)
{
	static const char *const order[] = {"file", "colour", NULL}, *const fills[] = {"name", "colour", NULL};

	(void)state;
	assert_act_told(&(struct act){.book = "loan", .op = "request", .order = order}, "no field loan.colour\n");
	assert_act_told(&(struct act){.book = "loan", .op = "lend"}, "no operation loan.lend\n");
	assert_act_told(&(struct act){.book = "lone", .op = "request"}, "no operation lone.request\n");
	assert_act_told(&(struct act){.book = "loan", .op = "take_back", .box = {.by = "spine"}}, "no field loan.spine\n");
	assert_act_told(&(struct act){.book = "visitor", .op = "arrive",
		.recall = {.field = "unit", .from = "visitor", .by = "doc_tail", .digits = "doc_tail", .fills = fills}},
		"no field visitor.colour\n");
	assert_act_told(&(struct act){.book = "release_slip", .op = "clear", .prefill = {.field = "items", .from = "rest"}},
		"no field release_slip.rest\n");
}

static void assert_console_told(const char *const *verbs, const char *const *queues, const char *told)
{
	const struct console wrong = {.context = CONTEXT_HOME, .verbs = verbs, .queues = queues};
	struct buf errors;

	buf_init(&errors, 4096);
	assert_int_equal(console_check(&wrong, &errors), ERR_INVALID);
	assert_non_null(errors.data);
	if (strstr(errors.data, told) == NULL)
		fail_msg("\"%s\" is not in: %s", told, errors.data);
	buf_done(&errors);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_console_that_cannot_work_is_told(void **state)
{
	(void)state;
	assert_console_told(NAMES("loan.request", "loan.lend"), NULL, "no verb loan.lend\n");
	assert_console_told(NAMES("loan.extend"), NULL, "no verb loan.extend\n"); /* a key of records, not of desks */
	assert_console_told(NAMES("reports", "reports"), NULL, "reports is there twice\n");
	/* r: both begin here. n: two forms of two books. */
	assert_console_told(NAMES("loan.take_back", "roll_call"), NULL, "key r of home: both roll_call and take_back\n");
	assert_console_told(NAMES("room_entry.enter", "goods_log.note"), NULL, "key n of home: both note and enter\n");
	assert_console_told(NAMES("reports"), NAMES("loan.never"), "no queue loan.never\n");
	assert_console_told(NAMES("reports"), NAMES("loan"), "no queue loan\n");
}

static void queues_come_as_the_console_says_then_late_ones(void **state)
{
	static const char *const first[] = {"visitor.inside", "loan.to_endorse", NULL};
	const struct console desk = {.queues = first};
	struct queue_name q[64];
	size_t n = console_queues(&desk, ROLE_FD, q, NITEMS(q));
	bool was_late = true;

	(void)state;
	assert_true(n > 2);
	assert_ptr_equal(q[0].view, book_view(book_find("visitor"), "inside")); /* to_endorse is no view of the role */
	for (size_t i = 1; i < n; i++) {
		assert_true((q[i].view->roles & BIT(ROLE_FD)) != 0);
		assert_true(was_late || !q[i].view->late);
		was_late = q[i].view->late;
		for (size_t k = 0; k < i; k++)
			assert_ptr_not_equal(q[i].view, q[k].view);
	}
	assert_int_equal(console_queues(&desk, ROLE_FD, q, 2), 2);
}

/* Which console a role gets for a word; whether it is the one it asked for. */
static void assert_given(enum role role, const char *word, const struct console *got, bool is_asked_for)
{
	assert_int_equal(console_choose(role, word), is_asked_for);
	assert_ptr_equal(console_current(), got);
}

static void a_role_has_its_own_console_or_another_that_it_may(void **state)
{
	(void)state;
	assert_given(ROLE_SG, NULL, &console_gate, true);
	assert_given(ROLE_SS, "auto", &console_gate, true);
	assert_given(ROLE_SS, "reception", &console_reception, true);
	assert_given(ROLE_SG, "reception", &console_gate, false);
	assert_given(ROLE_NM, "gate", &console_gate, true);
	assert_given(ROLE_FD, "gate", &console_reception, false);
	assert_given(ROLE_FIN, NULL, &console_reception, true);
	assert_ptr_equal(console_at(CONTEXT_GATE), &console_gate);
	assert_null(console_at(CONTEXT_FORM));
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
		columns_measure(&t, rows->first, false);
		columns_fit(&t, cells);
		for (size_t i = 0; i < t.n; i++)
			sum += t.column[i].width + (i > 0 ? COLUMNS_GAP : 0);
		assert_int_equal(sum, cells);
	}
}

static int width_of(const struct columns *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->column[i].field != NULL && strcmp(t->column[i].field->name, name) == 0)
			return t->column[i].width;
	fail_msg("no column %s", name);
	return 0;
}

static void assert_same_widths(const struct columns *a, const struct columns *b)
{
	for (size_t i = 0; i < a->n; i++)
		assert_int_equal(a->column[i].width, b->column[i].width);
}

static const char first_loan[] = "{\"no\":\"1\",\"file\":{\"id\":1,\"code\":\"7-1203/1\"},\"requester\":{\"id\":2,\"code\":\"w017\","
	"\"name\":\"Lan\"},\"act\":\"borrow\",\"due\":\"2026-11-21T10:30:00Z\",\"state\":\"overdue\"}";

/* A picture painted before the rows came, or on a smaller terminal, leaves nothing behind. */
static void columns_do_not_depend_on_what_was_drawn_before(void **state)
{
	struct columns once, often;

	(void)state;
	columns_init(&once, book_find("loan"), NULL, NULL);
	columns_init(&often, book_find("loan"), NULL, NULL);
	columns_fit(&often, 78);
	columns_fit(&often, 60);
	columns_measure(&often, parsed(first_loan), false);
	columns_fit(&often, 118);
	columns_fit(&often, 78);
	columns_measure(&once, parsed(first_loan), false);
	columns_fit(&once, 78);
	assert_same_widths(&once, &often);
}

static void further_rows_widen_only_what_must_not_be_cut(void **state)
{
	struct columns first, all;

	(void)state;
	columns_init(&first, book_find("loan"), NULL, NULL);
	columns_measure(&first, parsed(first_loan), false);
	all = first;
	columns_measure(&all, parsed("{\"no\":\"2\",\"file\":{\"id\":3,\"code\":\"7-1301/1\"},\"requester\":{\"id\":2,\"code\":\"w018\","
		"\"name\":\"Nguyễn Thị Ánh of somewhere far away\"},\"act\":\"borrow\",\"due\":\"2026-11-21T10:30:00Z\",\"state\":\"overdue\"}"), true);
	columns_fit(&first, 118);
	columns_fit(&all, 118);
	assert_same_widths(&first, &all);
	columns_measure(&all, parsed("{\"no\":\"1234567\",\"file\":{\"id\":4,\"code\":\"101-2203/11\"}}"), true);
	columns_fit(&all, 118);
	assert_int_equal(width_of(&all, "no"), 7);
	assert_int_equal(width_of(&all, "file"), (int)strlen("101-2203/11"));
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
		cmocka_unit_test(every_console_names_only_what_there_is),
		cmocka_unit_test(an_unknown_name_in_an_act_is_told),
		cmocka_unit_test(a_console_that_cannot_work_is_told),
		cmocka_unit_test(queues_come_as_the_console_says_then_late_ones),
		cmocka_unit_test(a_role_has_its_own_console_or_another_that_it_may),
		cmocka_unit_test(columns_never_take_more_cells_than_there_are),
		cmocka_unit_test(columns_do_not_depend_on_what_was_drawn_before),
		cmocka_unit_test(further_rows_widen_only_what_must_not_be_cut),
		cmocka_unit_test(a_masked_value_is_a_lock_of_the_same_width),
		cmocka_unit_test(records_go_by_what_people_call_them),
		cmocka_unit_test(a_sentence_breaks_behind_blanks_and_between_hanzi),
		cmocka_unit_test(an_op_id_is_a_fresh_uuid),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
