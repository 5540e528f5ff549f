/*
 * test_desk_gate.c - T1, T1r, T2, T8 to T12 of tests/expected/tasks.tsv to their end in the database, at reception, at the
 * gate and at the night console: typed slowly, in one write, 300 ms away from the server, and with resizes between all keys; all with
 * the same outcome and within their budgets.
 *
 * Not for: the gate's own screen (test_gate_word.c). Trap: each run makes people of its own, with digits that
 * nobody else has, so that it may be repeated on one estate.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/words.h"
#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

enum { DELAY_MS = 300, PLACES = 8, PLACE = 120, OWN = 400 };

/* A task at a desk. */
struct task {
	const char *test, *id;
	const char *staff, *ready; /* who types, and what stands there before */
	const char *word;          /* of the script, in whose place stands what begin() made */
	void (*begin)(char *own, size_t cap);
	const char *(*end)(const char *own); /* what the database holds then */
	const char *wanted;
	const char *said;          /* on the screen at the end; NULL: that it is saved */
};

/* Its row of tasks.tsv. */
struct budget {
	char script[200];
	long keys, screens, seconds;
};

static struct relay *far;
static int64_t made; /* the record that begin() made */

/* ---- what is there before, and after ---- */

/* Digits that no paper in the house ends with. */
static void fresh_digits(char *own, size_t cap)
{
	snprintf(own, cap, "%s", estate_digits());
}

/* Somebody who was here before, with these digits. */
static void was_here(const char *digits, const char *name)
{
	char json[300];
	const struct node *r;

	snprintf(json, sizeof(json), "{\"name\":\"%s\",\"unit\":\"7-1203\",\"doc_tail\":\"%s\"}", name, digits);
	r = desk_ask("desk", "visitor.arrive", json);
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":1}", (long long)desk_number(r, "id"));
	assert_string_equal(desk_text(desk_ask("desk", "visitor.leave", json), "state"), "left");
}

static void somebody_known(char *own, size_t cap)
{
	fresh_digits(own, cap);
	was_here(own, "Lê Thị Hoa");
}

static void somebody_inside(char *own, size_t cap)
{
	made = desk_number(desk_ask("desk", "visitor.arrive", "{\"name\":\"Võ Minh\",\"unit\":\"7-1203\"}"), "id");
	snprintf(own, cap, "%lld", (long long)estate_number("SELECT badge FROM visitor WHERE id = %lld", (long long)made));
}

static void a_slip(char *own, size_t cap)
{
	const struct node *r = desk_ask("desk", "release_slip.issue", "{\"unit\":\"7-1203\",\"person\":\"Ngô Văn Tài\","
		"\"items\":[{\"name\":\"sofa\",\"quantity\":1},{\"name\":\"fridge\",\"quantity\":2}]}");

	made = desk_number(r, "id");
	snprintf(own, cap, "%s", desk_text(r, "no"));
}

static const char *visits(const char *digits)
{
	return estate_cell("SELECT string_agg(concat_ws(' ', v.name, u.code, v.class, v.state), ', ' ORDER BY v.id) "
		"FROM visitor v JOIN unit u ON u.id = v.unit WHERE v.doc_tail = '%s'", digits);
}

static const char *passes(const char *digits)
{
	return estate_cell("SELECT string_agg(concat_ws(' ', p.person_name, p.kind, u.code, p.photo, p.original_seen, p.copy, p.state), ', ') "
		"FROM entry_pass p JOIN unit u ON u.id = p.unit WHERE p.doc_tail = '%s'", digits);
}

static const char *visit(const char *own)
{
	(void)own;
	return estate_cell("SELECT concat_ws(' ', state, left_how, (SELECT count(*) FROM event WHERE book = 'visitor' AND record = v.id "
		"AND op = 'leave' AND result = 'ok')) FROM visitor v WHERE id = %lld", (long long)made);
}

static const char *slip(const char *own)
{
	(void)own;
	return estate_cell("SELECT concat_ws(' ', state, remaining, (SELECT count(*) FROM event WHERE book = 'release_slip' AND record = s.id "
		"AND op = 'clear' AND result = 'ok')) FROM release_slip s WHERE id = %lld", (long long)made);
}

static void a_post(char *own, size_t cap)
{
	estate_page_to("night");
	made = estate_number("SELECT coalesce(max(id), 0) FROM post_check");
	snprintf(own, cap, "c07");
}

static const char *check(const char *own)
{
	(void)own;
	return estate_cell("SELECT string_agg(concat_ws(' ', c.state, p.code, s.work_no), ', ') FROM post_check c JOIN post p ON p.id = c.post "
		"JOIN staff s ON s.id = c.signed_by WHERE c.id > %lld", (long long)made);
}

/* Who takes the desk over; and what he reads back where other tests have left red lines. */
static void somebody_next(char *own, size_t cap)
{
	const char *red;

	estate_page_to("night");
	red = estate_cell("SELECT coalesce(string_agg(lodge.last_two(no), ' ' ORDER BY place, since, record), '') FROM "
		"(SELECT 0 AS place, m.since, m.record, m.no FROM lodge.desk_missing((SELECT id FROM duty_page WHERE state = 'open'), lodge_now()) m "
		"UNION ALL SELECT place, since, record, no FROM lodge.desk_list(lodge_now()) WHERE red) l");
	snprintf(own, cap, "w006%s%s", *red != '\0' ? "<Tab>" : "", red);
}

static const char *desk_now(const char *own)
{
	(void)own;
	return estate_cell("SELECT concat_ws(' ', s.work_no, (SELECT h.state FROM handover h ORDER BY h.id DESC LIMIT 1)) FROM duty_page p "
		"JOIN staff s ON s.id = p.owner WHERE p.state = 'open'");
}

static void a_place(char *own, size_t cap)
{
	estate_page_to("night");
	snprintf(own, cap, "7-b1 %s", estate_mark());
}

static const char *incident(const char *own)
{
	return estate_cell("SELECT string_agg(concat_ws(' ', kind, severity, state, details), ', ') FROM incident WHERE place = '%s'", own);
}

#define GUEST "tran van minh 7-1203 guest inside"
#define KNOWN "Lê Thị Hoa 7-1203 guest left, Lê Thị Hoa 7-1203 guest inside"
#define PASS "Lê Thị Hoa tutor 7-1203 t t t active"

static const struct task tasks[] = {
	{"T1_reception_writes_down_a_new_visitor", "T1", "desk", "QUEUES", "4417", fresh_digits, visits, GUEST, NULL},
	{"T1_the_gate_writes_down_a_new_visitor", "T1", "guard", "Scan a card", "4417", fresh_digits, visits, GUEST, NULL},
	{"T1r_reception_knows_a_returning_visitor_by_digits", "T1r", "desk", "QUEUES", "4417", somebody_known, visits, KNOWN, NULL},
	{"T1r_the_gate_knows_a_returning_visitor_by_digits", "T1r", "guard", "Scan a card", "4417", somebody_known, visits, KNOWN, NULL},
	{"T2_reception_sees_a_visitor_out_by_his_card", "T2", "desk", "QUEUES", "23", somebody_inside, visit, "left seen 1", NULL},
	{"T2_the_gate_sees_a_visitor_out_by_his_card", "T2", "guard", "Scan a card", "23", somebody_inside, visit, "left seen 1", NULL},
	{"T9_reception_issues_a_pass_on_three_papers", "T9", "desk", "QUEUES", "4417", somebody_known, passes, PASS, NULL},
	{"T9_the_gate_issues_a_pass_on_three_papers", "T9", "guard", "Scan a card", "4417", somebody_known, passes, PASS, NULL},
	{"T10_the_gate_releases_goods_by_their_slip", "T10", "guard", "Scan a card", "10482", a_slip, slip, "used [] 1", NULL},
	{"T8_the_night_manager_checks_a_post", "T8", "night", "Holds the desk", "c07", a_post, check, "signed c07 w030", "Saved 20"},
	{"T11_the_night_manager_hands_the_desk_over", "T11", "night", "Holds the desk", "w006", somebody_next, desk_now, "w006 done", "handed over: w006"},
	{"T12_the_night_manager_opens_an_incident", "T12", "night", "Holds the desk", "7-b1", a_place, incident, "water general opened pump room pipe burst", NULL},
};

/* ---- the budget ---- */

static struct budget budget_of(const char *id)
{
	struct budget b = {.keys = 0};
	char line[400], name[16], what[100];
	FILE *f = fopen(LODGE_TESTS "/expected/tasks.tsv", "r");

	assert_non_null(f);
	while (b.keys == 0 && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%15[^\t]\t%99[^\t]\t%199[^\t]\t%ld\t%ld\t%ld", name, what, b.script, &b.keys, &b.screens, &b.seconds) != 6 ||
				strcmp(name, id) != 0)
			b.keys = 0;
	fclose(f);
	assert_true(b.keys > 0);
	return b;
}

static long count_keys(const char *script)
{
	long n = 0;

	for (; *script != '\0'; script++)
		n += *script == '<';
	return n;
}

/* The places that the first row named, each once. */
struct places {
	char name[PLACES][PLACE];
	long n;
};

static void note_place(struct places *p, struct vt *vt)
{
	const char *row = vt_row(vt, 0) + strlen(" Lodge  "), *end = strstr(row, "  ");
	char name[PLACE];

	snprintf(name, sizeof(name), "%.*s", end != NULL ? (int)(end - row) : PLACE - 1, row);
	for (long i = 0; i < p->n; i++)
		if (strcmp(p->name[i], name) == 0)
			return;
	assert_true(p->n < PLACES);
	snprintf(p->name[p->n++], PLACE, "%s", name);
}

/* ---- ways of typing ---- */

/* What comes first in a script: a key, or a letter of its text. */
static const char *piece_of(const char *script, char *piece, size_t cap)
{
	size_t n = *script == '<' ? (size_t)(strchr(script, '>') + 1 - script) : 1;

	snprintf(piece, cap, "%.*s", (int)n, script);
	return script + n;
}

/* Letter by letter, as a person does who sees each answer; counts the screens. */
static void type_slowly(struct vt *vt, const char *script, long screens)
{
	struct places places = {.n = 0};
	char piece[100];

	note_place(&places, vt);
	while (*script != '\0') {
		script = piece_of(script, piece, sizeof(piece));
		desk_type(vt, piece);
		note_place(&places, vt);
	}
	assert_in_range(places.n, 1, screens);
}

static void type_at_once(struct vt *vt, const char *script, long screens)
{
	(void)screens;
	desk_type_at_once(vt, script);
}

/* The window grows and shrinks, below what is enough, too, without a wait between its sizes and the keys. */
static void type_resizing(struct vt *vt, const char *script, long screens)
{
	static const int sizes[][2] = {{30, 100}, {24, 80}, {10, 40}, {40, 132}};
	char piece[100];

	(void)screens;
	for (size_t i = 0; *script != '\0'; i++) {
		script = piece_of(script, piece, sizeof(piece));
		desk_type_at_once(vt, piece);
		vt_resize(vt, sizes[i % NITEMS(sizes)][0], sizes[i % NITEMS(sizes)][1]);
	}
	vt_resize(vt, 24, 80);
}

static const struct manner {
	const char *name;
	void (*type)(struct vt *, const char *script, long screens);
	bool is_far, is_timed;
} manners[] = {
	{"slowly", type_slowly, false, false},
	{"in one write", type_at_once, false, true},
	{"300 ms away", type_at_once, true, true},
	{"resizing", type_resizing, false, false},
};

/* The script with its own word in the place of the example's. */
static void put_own(char *out, size_t cap, const char *script, const char *word, const char *own)
{
	const char *at = strstr(script, word);

	assert_non_null(at);
	snprintf(out, cap, "%.*s%s%s", (int)(at - script), script, own, at + strlen(word));
}

static void run(const struct task *t, const struct manner *m)
{
	const struct budget b = budget_of(t->id);
	char own[OWN], script[OWN + 200];
	struct vt *vt;
	time_t began;

	t->begin(own, sizeof(own));
	put_own(script, sizeof(script), b.script, t->word, own);
	assert_in_range(count_keys(script), 1, b.keys);
	vt = desk_open_at(t->staff, "en", m->is_far ? relay_address(far) : NULL, "xterm-256color", 24, 80);
	desk_see(vt, t->ready);
	vt_settle(vt, 100, SOON);
	began = time(NULL);
	m->type(vt, script, b.screens);
	desk_see(vt, t->said != NULL ? t->said : "saved 20");
	if (m->is_timed)
		assert_in_range(time(NULL) - began, 0, b.seconds);
	if (strcmp(t->end(own), t->wanted) != 0)
		fail_msg("%s, %s: %s", t->test, m->name, t->end(own));
	desk_close(vt);
}

static void in_every_manner(void **state)
{
	for (size_t i = 0; i < NITEMS(manners); i++)
		run(*state, &manners[i]);
}

static void T1r_two_people_with_the_same_digits_are_never_guessed_at(void **state)
{
	static const char *const who[][2] = {{"desk", "QUEUES"}, {"guard", "Scan a card"}};
	char digits[40], script[100];

	(void)state;
	for (size_t i = 0; i < NITEMS(who); i++) {
		struct vt *vt;

		fresh_digits(digits, sizeof(digits));
		was_here(digits, "Lê Thị Hoa");
		was_here(digits, "Phạm Văn Đức");
		vt = desk_open_at(who[i][0], "en", NULL, "xterm-256color", 24, 80);
		desk_see(vt, who[i][1]);
		snprintf(script, sizeof(script), "<v>%s<Enter><Enter>", digits);
		desk_type_at_once(vt, script);
		desk_see(vt, "Several people are known by these digits");
		assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE doc_tail = '%s' AND state = 'inside'", digits), 0);
		desk_close(vt);
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
	struct CMUnitTest tests[NITEMS(tasks) + 1] = {cmocka_unit_test(T1r_two_people_with_the_same_digits_are_never_guessed_at)};

	for (size_t i = 0; i < NITEMS(tasks); i++)
		tests[i + 1] = (struct CMUnitTest){.name = tasks[i].test, .test_func = in_every_manner,
			.initial_state = (void *)(uintptr_t)&tasks[i]};
	desk_need_stack();
	far = relay_start_slow(DELAY_MS);
	return cmocka_run_group_tests(tests, NULL, all_done);
}
