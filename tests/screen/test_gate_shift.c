/*
 * test_gate_shift.c - the gate's lists: who is still here at the end of the shift, the roll; and whose desk the gate is.
 *
 * Not for: the line and its word (test_gate_word.c). Trap: other tests leave visitors inside; each looks for its own.
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
#include "tests/screen/guard.h"

/* The end-of-shift list with this visitor selected. */
static void select_visitor(struct vt *vt, const char *name)
{
	char asked[200];

	snprintf(asked, sizeof(asked), "1 Visitor  %s", name);
	desk_type(vt, "<Home><End>");
	for (int i = 0; i < 400 && !desk_shows(vt, asked); i++) {
		desk_type(vt, "<Up>");
		vt_settle(vt, 10, 200);
	}
	desk_see(vt, asked);
}

static void see_state(struct vt *vt, int64_t id, const char *wanted)
{
	DESK_AWAIT(vt, strcmp(estate_cell("SELECT state || ' ' || coalesce(left_how, '-') || ' ' || (unaccounted_at IS NOT NULL)::text FROM visitor WHERE id = %lld",
			(long long)id), wanted) == 0);
	assert_string_equal(estate_cell("SELECT state || ' ' || coalesce(left_how, '-') || ' ' || (unaccounted_at IS NOT NULL)::text FROM visitor WHERE id = %lld",
		(long long)id), wanted);
}

static void VIS_12_who_is_still_here_is_worked_off_by_single_keys(void **state)
{
	static const char *const who[] = {"guard", "desk"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *digits = estate_digits();
		char seen[64], gone[64];
		int64_t one, other;
		struct vt *vt;

		snprintf(seen, sizeof(seen), "An %s", digits);
		snprintf(gone, sizeof(gone), "Ba %s", digits);
		one = guard_visitor(seen, ",\"unit\":\"7-1203\"");
		other = guard_visitor(gone, ",\"unit\":\"7-1203\"");
		vt = desk_open_at(who[i], "en", NULL, "xterm-256color", 24, 80);
		desk_see(vt, i == 0 ? "w011" : "w001");
		desk_type(vt, "i");
		desk_see(vt, "End of shift");
		select_visitor(vt, seen);
		desk_see(vt, "2 Host  7-1203: ask the operator");
		desk_type(vt, "o");
		see_state(vt, one, "left seen false");
		desk_see_gone(vt, seen);
		/* Not found stays inside, at the head of the list; nothing is invented for him. */
		select_visitor(vt, gone);
		desk_type(vt, "m");
		desk_type(vt, "looked for on all floors<F2>");
		see_state(vt, other, "inside - true");
		desk_see(vt, "!Not found");
		select_visitor(vt, gone);
		desk_type(vt, "l");
		desk_type(vt, "host says he went home<F2>");
		see_state(vt, other, "left presumed true");
		desk_see_gone(vt, gone);
		desk_close(vt);
	}
}

static void CNF_12_the_list_gives_the_hosts_number_only_with_his_consent(void **state)
{
	const char *digits = estate_digits();
	char name[64], host[200], phone[40], json[200];
	int64_t consent;

	(void)state;
	snprintf(phone, sizeof(phone), "%s", estate_cell("SELECT phone FROM staff WHERE login = 'finance'"));
	snprintf(name, sizeof(name), "Cam %s", digits);
	guard_visitor(name, ",\"class\":\"business\",\"host\":\"finance\"");
	snprintf(host, sizeof(host), "Call the host: %s", estate_cell("SELECT work_no FROM staff WHERE login = 'finance'"));
	desk_ask("finance", "phone_consent.give", "{}"); /* refused when a run before gave it */
	consent = estate_number("SELECT id FROM phone_consent WHERE state = 'given' AND employee = (SELECT id FROM staff WHERE login = 'finance')");
	for (int i = 0; i < 2; i++) {
		struct vt *vt = guard_open("en", NULL);

		desk_type(vt, "i");
		desk_see(vt, "End of shift");
		select_visitor(vt, name);
		desk_type(vt, "k");
		desk_see(vt, host);
		desk_see(vt, i == 0 ? phone : "ask the operator");
		if (i == 1) /* not on the screen, not in any byte */
			assert_null(strstr(vt_output(vt, &(size_t){0}), phone));
		desk_close(vt);
		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)consent);
		if (i == 0)
			assert_string_equal(desk_text(desk_ask("finance", "phone_consent.withdraw", json), "state"), "withdrawn");
	}
}

static void VIS_12_the_list_goes_on_paper_and_the_roll_is_one_key_away(void **state)
{
	static const char *const who[] = {"guardchief", "desk"};
	const char *digits = estate_digits();
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "Dung %s", digits);
	guard_visitor(name, ",\"unit\":\"7-1203\"");
	for (size_t i = 0; i < 2; i++) {
		struct vt *vt = desk_open_at(who[i], "en", NULL, "xterm-256color", 24, 80);

		desk_see(vt, "? keys");
		desk_type(vt, "i");
		desk_see(vt, "1 Visitor");
		desk_type(vt, "P");
		desk_see(vt, "[ ] Seen leaving   [ ] Presumed   [ ] Not found");
		desk_type(vt, "<Esc>"); /* alone, or the next letter is an Alt key */
		desk_see(vt, "k call host");
		desk_type(vt, "r");
		desk_see(vt, "Roll call: everybody inside");
		desk_see(vt, "  [ ]  ");
		desk_type(vt, "<Esc>");
		desk_see(vt, "k call host");
		desk_type(vt, "/");
		desk_see(vt, "Visitors inside");
		desk_close(vt);
	}
}

static void the_roll_is_called_by_building_and_floor(void **state)
{
	const char *digits = estate_digits();
	struct vt *vt;
	char json[200];

	(void)state;
	snprintf(json, sizeof(json), "{\"name\":\"Roll %s\",\"unit\":\"1-0108\"}", digits);
	assert_true(desk_number(desk_ask("desk", "visitor.arrive", json), "id") > 0);
	vt = guard_open("en", NULL);
	desk_type(vt, "<r>");
	desk_see(vt, "Roll call: everybody inside");
	desk_see(vt, "Building 1  Floor 1");
	desk_type(vt, "<Esc>");
	desk_see(vt, "Scan a card");
	desk_close(vt);
}

static void open_console(const char *console, const char *staff, const char *seen)
{
	const char *const words[] = {"--console", console, NULL};
	struct vt *vt;

	desk_words(words);
	vt = desk_open_at(staff, "en", NULL, "xterm-256color", 24, 80);
	desk_words(NULL);
	desk_see(vt, seen);
	desk_close(vt);
}

static void a_terminal_has_another_desk_where_the_role_may(void **state)
{
	const char *const wrong[] = {"--console", "kitchen", NULL};
	char said[200];

	(void)state;
	open_console("reception", "guardchief", "QUEUES");
	open_console("gate", "night", "Scan a card");
	open_console("auto", "guardchief", "Scan a card");
	open_console("gate", "desk", "Your role does not have the desk \"gate\"; this is its own.");
	open_console("reception", "guard", "Your role does not have the desk \"reception\"; this is its own.");
	assert_int_equal(desk_run("desk", "lodge-demo", "", wrong, said, sizeof(said)), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(VIS_12_who_is_still_here_is_worked_off_by_single_keys),
		cmocka_unit_test(CNF_12_the_list_gives_the_hosts_number_only_with_his_consent),
		cmocka_unit_test(VIS_12_the_list_goes_on_paper_and_the_roll_is_one_key_away),
		cmocka_unit_test(the_roll_is_called_by_building_and_floor),
		cmocka_unit_test(a_terminal_has_another_desk_where_the_role_may),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, estate_done);
}
