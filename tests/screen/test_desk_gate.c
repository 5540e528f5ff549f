/*
 * test_desk_gate.c - T1, T1r, T2, T9 and T10 of tasks.tsv to their end in the database: typed slowly, in one write,
 * 300 ms away from the server, and with resizes in the middle; all with the same outcome.
 *
 * Not for: the gate's own screen (test_gate_screen.c). Trap: each test makes people of its own, with digits that
 * nobody else has, so that it may run any number of times on one estate.
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

enum manner { SLOWLY, AT_ONCE, FAR, RESIZED, MANNERS };
enum { DELAY_MS = 300 };

static struct relay *far;

/* Digits that no paper in the house ends with. */
static const char *fresh_digits(void)
{
	static char digits[16];

	do
		snprintf(digits, sizeof(digits), "%lld", (long long)estate_number("SELECT 100000 + floor(random() * 900000)::int"));
	while (estate_number("SELECT (SELECT count(*) FROM visitor WHERE doc_tail = '%s') + (SELECT count(*) FROM entry_pass WHERE doc_tail = '%s')",
		digits, digits) > 0);
	return digits;
}

/* Types the script in a manner, on a client of its own, till the answer stands there. */
static void run_script(const char *staff, const char *script, enum manner manner, const char *ready, const char *outcome)
{
	struct vt *vt = desk_open_at(staff, "en", manner == FAR ? relay_address(far) : NULL, "xterm-256color", 24, 80);
	const char *middle = script + strlen(script) / 2;
	char half[400];

	desk_see(vt, ready);
	vt_settle(vt, 100, SOON);
	if (manner == SLOWLY) {
		desk_type(vt, script);
	} else if (manner == RESIZED) {
		while (*middle != '<' && *middle != '\0')
			middle++;
		snprintf(half, sizeof(half), "%.*s", (int)(middle - script), script);
		desk_type(vt, half);
		vt_resize(vt, 30, 100);
		vt_resize(vt, 10, 40);
		vt_resize(vt, 24, 80);
		desk_type_at_once(vt, middle);
	} else {
		desk_type_at_once(vt, script);
	}
	desk_see(vt, outcome);
	desk_close(vt);
}

static void T1_a_new_visitor_is_written_down(void **state)
{
	char script[200];

	(void)state;
	for (int manner = SLOWLY; manner < MANNERS; manner++) {
		const char *digits = fresh_digits();

		snprintf(script, sizeof(script), "<v>7-1203<Tab>tran van minh<Tab>%s<Enter><Enter>", digits);
		run_script("desk", script, (enum manner)manner, "QUEUES", "saved 20");
		assert_int_equal(estate_number("SELECT count(*) FROM visitor v JOIN unit u ON u.id = v.unit WHERE doc_tail = '%s' AND "
			"u.code = '7-1203' AND v.name = 'tran van minh' AND v.class = 'guest' AND v.state = 'inside'", digits), 1);
		assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE doc_tail = '%s'", digits), 1);
	}
}

/* Somebody who was here before, with these digits. */
static void was_here(const char *digits, const char *name)
{
	char json[300];
	const struct node *made;

	snprintf(json, sizeof(json), "{\"name\":\"%s\",\"unit\":\"7-1203\",\"doc_tail\":\"%s\"}", name, digits);
	made = desk_ask("desk", "visitor.arrive", json);
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)desk_number(made, "id"));
	assert_string_equal(desk_text(desk_ask("desk", "visitor.leave", json), "state"), "left");
}

static void T1r_a_returning_visitor_is_known_by_digits(void **state)
{
	char script[100];

	(void)state;
	for (int manner = SLOWLY; manner < MANNERS; manner++) {
		const char *digits = fresh_digits();

		was_here(digits, "Lê Thị Hoa");
		snprintf(script, sizeof(script), "<v>%s<Enter><Enter>", digits);
		run_script("desk", script, (enum manner)manner, "QUEUES", "saved 20");
		assert_int_equal(estate_number("SELECT count(*) FROM visitor v JOIN unit u ON u.id = v.unit WHERE doc_tail = '%s' AND "
			"u.code = '7-1203' AND v.name = 'Lê Thị Hoa' AND v.state = 'inside'", digits), 1);
	}
}

static void T1r_two_people_with_the_same_digits_are_never_guessed_at(void **state)
{
	const char *digits = fresh_digits();
	char script[100];

	(void)state;
	was_here(digits, "Lê Thị Hoa");
	was_here(digits, "Phạm Văn Đức");
	snprintf(script, sizeof(script), "<v>%s<Enter><Enter>", digits);
	run_script("desk", script, AT_ONCE, "QUEUES", "Several people are known by these digits");
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE doc_tail = '%s' AND state = 'inside'", digits), 0);
}

static void T2_a_visitor_is_seen_out_by_his_card(void **state)
{
	char script[100], json[200];

	(void)state;
	for (int manner = SLOWLY; manner < MANNERS; manner++) {
		const char *digits = fresh_digits();
		int64_t id;

		snprintf(json, sizeof(json), "{\"name\":\"Võ Minh\",\"unit\":\"7-1203\",\"doc_tail\":\"%s\"}", digits);
		id = desk_number(desk_ask("desk", "visitor.arrive", json), "id");
		snprintf(script, sizeof(script), "<o>%lld<Enter>", (long long)estate_number("SELECT badge FROM visitor WHERE id = %lld", (long long)id));
		run_script("desk", script, (enum manner)manner, "QUEUES", "saved 20");
		assert_string_equal(estate_cell("SELECT state || ' ' || left_how FROM visitor WHERE id = %lld", (long long)id), "left seen");
	}
}

static void T9_a_pass_takes_three_papers(void **state)
{
	char script[200];

	(void)state;
	for (int manner = SLOWLY; manner < MANNERS; manner++) {
		const char *digits = fresh_digits();

		was_here(digits, "Đặng Thị Lan");
		snprintf(script, sizeof(script), "<p>%s<Tab>2<Tab>7-1203<Tab><1><2><3><Enter><Enter>", digits);
		run_script("desk", script, (enum manner)manner, "QUEUES", "saved 20");
		assert_int_equal(estate_number("SELECT count(*) FROM entry_pass p JOIN unit u ON u.id = p.unit WHERE p.doc_tail = '%s' AND "
			"p.kind = 'tutor' AND u.code = '7-1203' AND p.photo AND p.original_seen AND p.copy AND p.person_name = 'Đặng Thị Lan'", digits), 1);
	}
}

static void T10_goods_are_released_by_their_slip(void **state)
{
	static const char slip[] = "{\"unit\":\"7-1203\",\"person\":\"Ngô Văn Tài\",\"items\":[{\"name\":\"sofa\",\"quantity\":1},{\"name\":\"fridge\",\"quantity\":2}]}";

	(void)state;
	for (int manner = SLOWLY; manner < MANNERS; manner++) {
		const struct node *made = desk_ask("desk", "release_slip.issue", slip);
		int64_t id = desk_number(made, "id");
		char script[100];

		snprintf(script, sizeof(script), "<g>%s<Enter><Enter>", desk_text(made, "no"));
		run_script("guard", script, (enum manner)manner, "Lodge", "saved 20");
		assert_string_equal(estate_cell("SELECT state || ' ' || remaining FROM release_slip WHERE id = %lld", (long long)id), "used []");
	}
}

static int all_done(void **state)
{
	(void)state;
	relay_stop(far);
	estate_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(T1_a_new_visitor_is_written_down),
		cmocka_unit_test(T1r_a_returning_visitor_is_known_by_digits),
		cmocka_unit_test(T1r_two_people_with_the_same_digits_are_never_guessed_at),
		cmocka_unit_test(T2_a_visitor_is_seen_out_by_his_card),
		cmocka_unit_test(T9_a_pass_takes_three_papers),
		cmocka_unit_test(T10_goods_are_released_by_their_slip),
	};

	desk_need_stack();
	far = relay_start_slow(DELAY_MS);
	return cmocka_run_group_tests(tests, NULL, all_done);
}
