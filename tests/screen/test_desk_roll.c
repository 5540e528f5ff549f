/*
 * test_desk_roll.c - the roll of one emergency on three consoles at once: the night manager's, a gate's, the manager's (EMG-12).
 *
 * Not for: forty consoles and ticks made offline (tests/flow/emergency.flow). Trap: E leads to the record only while one emergency runs, so what
 * other tests left open is closed first; and the roll is the last part of the record, so End stands on its last line.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

enum { DESKS = 3 };

static const char *const staff[DESKS] = {"night", "guard", "manager"}, *const work_no[DESKS] = {"w010", "w011", "w006"};
static struct vt *desks[DESKS];
static int64_t emergency;

static void close_all(void)
{
	char json[160];
	int64_t id;

	while ((id = estate_number("SELECT coalesce(min(id), 0) FROM emergency WHERE state = 'open'")) > 0) {
		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":%lld,\"outcome\":\"made by a test\"}", (long long)id,
			(long long)estate_number("SELECT version FROM emergency WHERE id = %lld", (long long)id));
		assert_string_equal(desk_text(desk_ask("estate", "emergency.close", json), "state"), "closed");
	}
}

/* A floor with its roll called, and its record on every console. */
static int open_all(void **state)
{
	char json[80];

	(void)state;
	close_all();
	emergency = desk_number(desk_ask("estate", "emergency.open", "{\"kind\":\"fire\",\"zone\":\"7/12\",\"details\":\"made by a test\"}"), "id");
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)emergency);
	assert_string_equal(desk_text(desk_ask("estate", "emergency.call_roll", json), "state"), "open");
	for (size_t i = 0; i < DESKS; i++) {
		desks[i] = desk_open_at(staff[i], "en", NULL, "xterm-256color", 24, 80);
		desk_see(desks[i], work_no[i]);
		desk_see(desks[i], "E opens it");
		desk_type(desks[i], "<E>");
		desk_see(desks[i], "Runs until");
		desk_type(desks[i], "<End>");
	}
	return 0;
}

/* A test that failed leaves nothing running either. */
static int end_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < DESKS; i++)
		if (desks[i] != NULL)
			desk_close(desks[i]);
	close_all();
	return 0;
}

static int64_t left(void)
{
	return estate_number("SELECT count(*) FROM roll_tick WHERE emergency = %lld AND state IN ('to_see', 'not_found')", (long long)emergency);
}

/* How many are still looked for, on every console, without a key. */
static void all_see(int64_t count)
{
	char head[40];

	snprintf(head, sizeof(head), "Roll (%lld)", (long long)count);
	for (size_t i = 0; i < DESKS; i++)
		desk_see(desks[i], head);
	assert_int_equal(left(), count);
}

/* The selection is on a unit of the roll: steps and units may bear the same id, and k acts on both. */
static bool is_on_roll(struct vt *vt)
{
	bool found = false;

	for (int row = 0; row < vt_rows(vt); row++)
		found = found || (vt_row(vt, row)[0] == '>' && strstr(vt_row(vt, row), " 7-12") != NULL);
	return found;
}

static void EMG_12_a_tick_on_one_console_appears_on_the_others_without_a_key(void **state)
{
	int64_t count = left();

	(void)state;
	assert_true(count >= DESKS + 1);
	all_see(count);
	for (size_t i = 0; i < DESKS; i++) {
		desk_type(desks[i], "<End><k>");
		all_see(count - 1 - (int64_t)i);
		for (size_t k = 0; k < DESKS; k++)
			assert_true(is_on_roll(desks[k]));
		assert_string_equal(estate_cell("SELECT s.work_no FROM roll_tick t JOIN staff s ON s.id = t.ticked_by WHERE t.emergency = %lld "
			"ORDER BY t.ticked_at DESC LIMIT 1", (long long)emergency), work_no[i]);
	}
}

static void EMG_12_two_who_tick_the_same_unit_at_once_make_one_line(void **state)
{
	int64_t count = left();

	(void)state;
	for (size_t i = 0; i < DESKS; i++)
		desk_type(desks[i], "<End>");
	all_see(count);
	vt_send(desks[1], "k", 1);
	vt_send(desks[2], "k", 1);
	all_see(count - 1);
	for (size_t i = 0; i < DESKS; i++) {
		vt_settle(desks[i], 200, SOON);
		assert_true(is_on_roll(desks[i]));
		assert_false(desk_shows(desks[i], "EMG-")); /* the later one is told that somebody was there before, and refused by no rule */
	}
	assert_true(desk_shows(desks[1], "Saved") || desk_shows(desks[2], "Saved"));
	all_see(count - 1);
	assert_int_equal(estate_number("SELECT max(n) FROM (SELECT count(*) AS n FROM roll_tick WHERE emergency = %lld GROUP BY unit) x", (long long)emergency), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(EMG_12_a_tick_on_one_console_appears_on_the_others_without_a_key),
		cmocka_unit_test(EMG_12_two_who_tick_the_same_unit_at_once_make_one_line),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, open_all, end_all);
	estate_close();
	return failed;
}
