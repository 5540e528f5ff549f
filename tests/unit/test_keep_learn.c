/*
 * test_keep_learn.c - what a console's own records make of its rows: slips, visitors, cars.
 *
 * Not for: the lists around it (tests/screen/test_app_offline.c). Trap: rows and params are written as the wire has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/gate_decide.h"
#include "client/consoles/console.h"
#include "client/keep_learn.h"
#include "client/keep_where.h"
#include "common/arena.h"

#define AT "2026-11-22T03:00:00Z"
#define SLIP "{\"id\":4,\"version\":2,\"no\":\"12\",\"state\":\"issued\",\"items\":[{\"name\":\"chair\",\"quantity\":3}],\"remaining\":[{\"name\":\"chair\",\"quantity\":3}]}"

static struct arena *arena;

static const struct keep_book *rule_of(const char *book)
{
	size_t i = 0;

	while (i < gate_nrules && strcmp(gate_rules[i].kept.book, book) != 0)
		i++;
	assert_true(i < gate_nrules);
	return &gate_rules[i].kept;
}

static const struct node *parsed(const char *text)
{
	struct node *n = NULL;

	assert_int_equal(node_parse(arena, text, strlen(text), 8, &n), OK);
	return n;
}

static const struct node *learnt(const char *book, const char *op, const char *row, const char *params)
{
	const struct keep_book *rule = rule_of(book);
	struct buf out;
	const struct node *n;

	buf_init(&out, 64 * 1024);
	assert_int_equal(keep_learn(rule, book_op(book_find(book), op), row != NULL ? parsed(row) : NULL, parsed(params), row != NULL ? 4 : -3, AT, &out), OK);
	n = parsed(arena_strndup(arena, out.data, out.len));
	buf_done(&out);
	return n;
}

static void is_state(const struct node *row, const char *state)
{
	assert_string_equal(node_str(node_get(row, "state")), state);
}

static const char *refused(const char *book, const char *op, const char *row, const char *params)
{
	const char *rule = NULL, *sentence = keep_learn_refuses(rule_of(book), book_op(book_find(book), op), parsed(row), parsed(params), &rule);

	assert_true((sentence == NULL) == (rule == NULL));
	return rule;
}

static void GRS_01_a_slip_is_used_when_nothing_is_left(void **state)
{
	const struct node *some, *all = learnt("release_slip", "clear", SLIP, "{\"op_id\":\"x\",\"id\":4,\"version\":2}");

	(void)state;
	is_state(all, "used");
	assert_int_equal(node_get(all, "remaining")->count, 0);
	assert_int_equal(node_get(all, "items")->count, 1); /* what was issued stays written */
	some = learnt("release_slip", "clear", SLIP, "{\"op_id\":\"x\",\"id\":4,\"items\":[{\"name\":\"Chair\",\"quantity\":2}]}");
	is_state(some, "issued");
	assert_int_equal(node_get(node_get(some, "remaining")->first, "quantity")->i, 1);
	is_state(learnt("release_slip", "clear", SLIP, "{\"id\":4,\"items\":\"chair x3\"}"), "used");
}

static void GRS_01_what_is_not_left_cannot_go(void **state)
{
	(void)state;
	assert_null(refused("release_slip", "clear", SLIP, "{\"id\":4,\"items\":[{\"name\":\"chair\",\"quantity\":3}]}"));
	assert_string_equal(refused("release_slip", "clear", SLIP, "{\"id\":4,\"items\":[{\"name\":\"chair\",\"quantity\":4}]}"), "GRS-01");
	assert_string_equal(refused("release_slip", "clear", SLIP, "{\"id\":4,\"items\":[{\"name\":\"sofa\",\"quantity\":1}]}"), "GRS-01");
	assert_string_equal(refused("release_slip", "clear", "{\"id\":4,\"version\":2,\"state\":\"used\",\"remaining\":[]}", "{\"id\":4}"), "GRS-01");
}

static void VIS_12_who_left_is_not_inside(void **state)
{
	const struct node *row = learnt("visitor", "leave", "{\"id\":4,\"version\":1,\"state\":\"inside\",\"name\":\"A B\",\"in_at\":\"2026-11-22T01:00:00Z\"}", "{\"id\":4}");

	(void)state;
	is_state(row, "left");
	assert_string_equal(node_str(node_get(row, "out_at")), AT);
	assert_string_equal(node_str(node_get(row, "in_at")), "2026-11-22T01:00:00Z");
	assert_string_equal(refused("visitor", "leave", "{\"id\":4,\"version\":1,\"state\":\"left\"}", "{\"id\":4}"), "VIS-08");
}

static void VIS_07_a_visitor_made_here_waits_or_is_inside_as_the_house_says(void **state)
{
	const struct node *row = learnt("visitor", "arrive", NULL, "{\"op_id\":\"x\",\"name\":\"A B\",\"unit\":\"7-1203\",\"entry_pass\":null}");

	(void)state;
	is_state(row, "inside"); /* a guest, as no class was given */
	assert_int_equal(node_get(row, "id")->i, -3);
	assert_string_equal(node_str(node_get(node_get(row, "unit"), "code")), "7-1203");
	assert_null(node_get(row, "op_id"));
	is_state(learnt("visitor", "arrive", NULL, "{\"name\":\"A B\",\"class\":\"business\"}"), "waiting");
	is_state(learnt("visitor", "arrive", NULL, "{\"name\":\"A B\",\"entry_pass\":7}"), "waiting");
	is_state(learnt("visitor", "pass_through", NULL, "{\"service\":\"taxi\"}"), "inside");
	is_state(learnt("visitor", "answer", "{\"id\":4,\"version\":1,\"state\":\"asked\"}", "{\"answer\":\"agreed\",\"by\":\"x\"}"), "agreed");
	is_state(learnt("visitor", "answer", "{\"id\":4,\"version\":1,\"state\":\"asked\"}", "{\"answer\":\"no_answer\",\"by\":\"x\"}"), "asked");
}

static void PARK_02_a_car_that_drove_out_is_out(void **state)
{
	(void)state;
	is_state(learnt("parking", "drive_in", NULL, "{\"plate\":\"51F12345\"}"), "inside");
	is_state(learnt("parking", "drive_out", "{\"id\":4,\"version\":1,\"state\":\"inside\",\"plate\":\"51F12345\"}", "{\"fee\":0}"), "out");
}

static void nothing_of_the_paper_number_stays_in_the_lists(void **state)
{
	const struct node *row = learnt("visitor", "arrive", NULL, "{\"name\":\"A B\",\"doc_no\":\"079203004455\",\"message\":\"ring\"}");

	(void)state;
	assert_null(node_get(row, "message"));
	assert_null(node_get(row, "doc_no"));
}

static const struct keep_book *night_keeps(const char *book)
{
	const struct keep_book *kept;

	for (size_t i = 0; (kept = console_night.keeps(i)) != NULL; i++)
		if (strcmp(kept->book, book) == 0)
			return kept;
	fail();
	return NULL;
}

static const struct node *touched(const char *book, const char *by, const char *op, const char *row, const char *params)
{
	const struct keep_book *kept = night_keeps(book);
	const struct book *other = book_find(by);
	const struct keep_touch *touch = keep_touch_of(kept, other, book_op(other, op));
	const struct node *n;
	struct buf out;

	assert_non_null(touch);
	if (!keep_touches(kept, touch, parsed(row), parsed(params)))
		return NULL;
	buf_init(&out, 64 * 1024);
	assert_int_equal(keep_touch(touch, parsed(row), AT, &out), OK);
	n = parsed(arena_strndup(arena, out.data, out.len));
	buf_done(&out);
	return n;
}

#define POST "{\"id\":7,\"version\":1,\"state\":\"in_use\",\"code\":\"c07\",\"check_due\":\"2026-11-22T01:00:00Z\",\"unchecked\":true,\"check_overdue\":true}"

static void NGT_08_a_post_checked_offline_is_not_due_any_more(void **state)
{
	const struct node *row = touched("post", "post_check", "sign", POST, "{\"post\":\"c07\",\"pin\":\"00\"}");

	(void)state;
	assert_non_null(row);
	assert_false(node_get(row, "check_overdue")->b);
	assert_false(node_get(row, "unchecked")->b);
	assert_int_equal(node_get(row, "check_due")->type, NODE_NULL);
	assert_string_equal(node_str(node_get(row, "last_check")), AT);
	assert_string_equal(node_str(node_get(row, "code")), "c07");
	assert_non_null(touched("post", "post_check", "absent", POST, "{\"post\":7,\"remark\":\"nobody\"}"));
	assert_null(touched("post", "post_check", "sign", POST, "{\"post\":\"c05\"}"));
	assert_null(keep_touch_of(night_keeps("post"), book_find("post_check"), book_op(book_find("post_check"), "repeat")));
}

static void NGT_09_a_point_seen_offline_is_seen(void **state)
{
	static const char point[] = "{\"id\":3,\"version\":1,\"state\":\"to_see\",\"round\":{\"id\":5},\"point\":{\"id\":1,\"code\":\"p01\"}}";

	(void)state;
	is_state(touched("round_point", "round", "see", point, "{\"id\":5,\"point\":\"p01\"}"), "seen");
	assert_null(touched("round_point", "round", "see", point, "{\"id\":5,\"point\":\"p02\"}"));
	assert_null(touched("round_point", "round", "see", point, "{\"id\":6,\"point\":\"p01\"}"));
}

static void what_is_asked_beyond_what_is_kept_is_not_answered(void **state)
{
	const struct node *kept = parsed("{\"state\":[\"open\",\"wanted\"]}");

	(void)state;
	assert_true(keep_within(parsed("{\"state\":\"open\"}"), kept));
	assert_true(keep_within(parsed("{\"state\":[\"wanted\"],\"important\":true}"), kept));
	assert_false(keep_within(parsed("{\"state\":[\"open\",\"closed\"]}"), kept));
	assert_false(keep_within(parsed("{}"), kept));
	assert_false(keep_within(parsed("{\"state\":\"open\",\"at\":{\"from\":\"2026-01-01T00:00:00Z\"}}"), kept));
	assert_true(keep_fits(parsed("{\"page\":\"a b\",\"result\":null,\"important\":false}"), parsed("{\"id\":1,\"page\":{\"id\":2,\"code\":\"a b\"},\"important\":false}")));
	assert_false(keep_fits(parsed("{\"important\":true}"), parsed("{\"id\":1,\"important\":false}")));
}

static int begin(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(GRS_01_a_slip_is_used_when_nothing_is_left),
		cmocka_unit_test(GRS_01_what_is_not_left_cannot_go),
		cmocka_unit_test(VIS_12_who_left_is_not_inside),
		cmocka_unit_test(VIS_07_a_visitor_made_here_waits_or_is_inside_as_the_house_says),
		cmocka_unit_test(PARK_02_a_car_that_drove_out_is_out),
		cmocka_unit_test(NGT_08_a_post_checked_offline_is_not_due_any_more),
		cmocka_unit_test(NGT_09_a_point_seen_offline_is_seen),
		cmocka_unit_test(what_is_asked_beyond_what_is_kept_is_not_answered),
		cmocka_unit_test(nothing_of_the_paper_number_stays_in_the_lists),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
