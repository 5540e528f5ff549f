/*
 * test_desk_goldens.c - whole screens under review as text: the desk's frames, and the house's own example – the
 * household of 7-1203, its file, a loan that is overdue, a refusal –, in each language and on each terminal.
 *
 * Only planted records are shown, and nothing is saved. Not for: behaviour (test_desk_*.c). Trap: no golden may show a
 * value that is locked; and other tests leave requests for the files shown here, which clear_requests takes away.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"
#include "tests/screen/golden.h"

/* How many there are in all is the work of the other tests. */
static const struct golden_hole total = {.row = 1, .rows = 1, .col = 60, .cols = 20};

static void withdraw(int64_t id, int64_t version)
{
	static const char *const who[] = {"desk", "manager", "general", "tenants", "custodian"};
	char json[200];

	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
		bool rejects = strcmp(who[i], "manager") == 0 || strcmp(who[i], "general") == 0;

		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":%lld,\"reason\":\"made by a test\"}",
			(long long)id, (long long)version);
		if (desk_number(desk_ask(who[i], rejects ? "loan.reject" : "loan.withdraw", json), "id") == id)
			return;
	}
}

/* Requests for a planted file that other tests made. */
static void clear_requests(const char *file)
{
	int64_t ids[200], versions[200];
	char where[200];
	size_t n = 0;
	const struct node *rows;

	snprintf(where, sizeof(where), "{\"where\":{\"file\":\"%s\",\"state\":[\"requested\",\"endorsed\","
		"\"approved\",\"expired\"]},\"limit\":200}", file);
	rows = node_get(desk_ask("custodian", "loan.list", where), "rows");
	for (const struct node *r = rows != NULL ? rows->first : NULL; r != NULL && n < 200; r = r->next) {
		ids[n] = desk_number(r, "id");
		versions[n++] = desk_number(r, "version");
	}
	for (size_t i = 0; i < n; i++)
		withdraw(ids[i], versions[i]);
}

static int planted_files_are_free(void **state)
{
	(void)state;
	clear_requests("7-1203/1");
	clear_requests("7-1203/2");
	return 0;
}

static struct vt *open_home(const char *lang, const char *term)
{
	struct vt *vt;

	estate_cell("DELETE FROM draft"); /* of the walk before */
	vt = desk_open_at("desk", lang, NULL, term, 24, 80);
	desk_see(vt, "w001");
	return vt;
}

static void see(struct vt *vt, const char *screen, const char *lang, const struct golden_hole *hole)
{
	char name[80];

	snprintf(name, sizeof(name), "%s.%s", screen, lang);
	golden_see(vt, name, hole);
}

static void back(struct vt *vt, int steps)
{
	for (int i = 0; i < steps; i++)
		desk_type(vt, "<Esc>");
}

/* The example household, its file, a planted loan and a refusal, as the desk meets them. */
static void walk(struct vt *vt, const char *lang)
{
	desk_type(vt, "7-1203<Enter>");
	see(vt, "example", lang, NULL);
	back(vt, 1);
	desk_type(vt, "</>7-1302/1<Enter>");
	see(vt, "file", lang, NULL);
	back(vt, 1);
	desk_type(vt, "<Home><Enter>");
	desk_see(vt, "7-1301/1");
	desk_type(vt, "</>7-1301/1<Enter>");
	see(vt, "overdue", lang, &total);
	desk_type(vt, "<Enter>");
	see(vt, "loan", lang, NULL);
	back(vt, 3);
	desk_type(vt, "<b>7-1203/2<Tab><Tab>2<Tab><Tab>Trần Văn Minh<Tab>华信科技有限公司<F2>");
	see(vt, "refusal", lang, NULL);
}

/* What of a frame is the work of the other tests. */
enum moving { NOTHING, COUNTS /* of the queues */, TOTAL };

/* The frames of the desk: where one signs in, boxes, forms, lists, what lies over them. */
static const struct frame {
	const char *name, *staff, *script;
	enum moving moving;
} frames[] = {
	{"sign_in", "", "", NOTHING},
	{"home", "desk", "", COUNTS},
	{"unit_box", "desk", "7-13", COUNTS},
	{"locked_field", "custodian", "7-1303<Enter><Down><Down><Down><Down><Down>", NOTHING},
	{"purpose", "css", "7-1303<Enter>#", NOTHING},
	{"borrow", "desk", "<b>7-1303/1<Tab>w017<Tab>2<Enter>", NOTHING},
	{"bad_field", "desk", "<b>7-1303/1<Tab>w017<Tab>2<Tab>x<Tab>", NOTHING},
	{"return_box", "custodian", "<r>7-1303/1<Enter>", COUNTS},
	{"list", "desk", ":unit<Enter>", TOTAL},
	{"help", "desk", "?", TOTAL},
	{"commands", "desk", ":loan", TOTAL},
	{"lock", "desk", "<F12>", NOTHING},
};

static void see_frame(const struct frame *f, const char *lang, int rows, int cols)
{
	const struct golden_hole counts = {.row = 4, .rows = rows - 6, .col = 36, .cols = 18};
	const struct golden_hole top = {.row = 1, .rows = 1, .col = cols - 20, .cols = 20};
	struct vt *vt;
	char name[80];

	estate_cell("DELETE FROM draft"); /* of the frame before */
	vt = desk_open_at(f->staff, lang, NULL, "xterm-256color", rows, cols);
	desk_type(vt, f->script);
	snprintf(name, sizeof(name), "%s.%s%s", f->name, lang, cols > 80 ? ".120x40" : "");
	golden_see(vt, name, f->moving == COUNTS ? &counts : f->moving == TOTAL ? &top : NULL);
	vt_stop(vt, SIGKILL, 5000); /* it must not send a last draft after the next frame began */
}

static void see_frames(const char *lang, int rows, int cols)
{
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		see_frame(&frames[i], lang, rows, cols);
}

static void walk_in(const char *lang, const char *term)
{
	struct vt *vt = open_home(lang, term);

	walk(vt, lang);
	vt_stop(vt, SIGKILL, 5000); /* it must not send a last draft after the next walk began */
}

/* What else is at the gate is the work of the other tests; who is barred is planted. */
static const struct golden_hole around = {.row = 2, .rows = 20, .cols = 80};

/* The gate's line, and the keys while a word stands there, whose row is in focus: without one that is another
 * test's. The words themselves: test_gate_word.c. */
static void walk_gate(const char *lang, const char *term)
{
	struct vt *vt = desk_open_at("guard", lang, NULL, term, 24, 80);

	desk_see(vt, "w011");
	desk_see(vt, "Mạc Đình Khôi"); /* the lists are here */
	desk_type(vt, "</><m><a><c>");
	see(vt, "gate_line", lang, &around);
	desk_type(vt, "<Esc></>");
	desk_type_at_once(vt, "mac dinh khoi<Enter>");
	desk_see(vt, "!!! ");
	desk_type(vt, "<?>");
	see(vt, "gate_keys", lang, NULL);
	vt_stop(vt, SIGKILL, 5000);
}

static void the_gate_reads_well_in_every_language(void **state)
{
	static const char *const langs[] = {"en", "zh_CN", "zh_TW", "vi"};

	(void)state;
	for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++)
		walk_gate(langs[i], "xterm-256color");
}

static void the_gate_is_the_same_text_on_every_terminal(void **state)
{
	(void)state;
	walk_gate("vi", "vt100");
	walk_gate("zh_CN", "linux");
}

static void it_reads_well_in_english(void **state)
{
	(void)state;
	see_frames("en", 24, 80);
	walk_in("en", "xterm-256color");
}

static void it_reads_well_in_simplified_chinese(void **state)
{
	(void)state;
	see_frames("zh_CN", 24, 80);
	walk_in("zh_CN", "xterm-256color");
}

static void it_reads_well_in_traditional_chinese(void **state)
{
	(void)state;
	see_frames("zh_TW", 24, 80);
	walk_in("zh_TW", "xterm-256color");
}

static void it_reads_well_in_vietnamese(void **state)
{
	(void)state;
	see_frames("vi", 24, 80);
	walk_in("vi", "xterm-256color");
}

static void it_reads_well_on_a_large_terminal(void **state)
{
	(void)state;
	see_frames("en", 40, 120);
}

static void it_is_the_same_text_on_every_terminal(void **state)
{
	(void)state;
	walk_in("en", "vt100");
	walk_in("zh_TW", "screen");
	walk_in("zh_CN", "linux");
}

static void it_is_the_same_text_without_colours(void **state)
{
	struct vt *vt;

	(void)state;
	desk_set("NO_COLOR=1");
	vt = open_home("vi", "xterm-256color");
	desk_set(NULL);
	walk(vt, "vi");
	for (int row = 0; row < 24; row++)
		for (int col = 0; col < 80; col++)
			assert_false(vt_cell(vt, row, col).coloured);
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_well_in_english),
		cmocka_unit_test(it_reads_well_in_simplified_chinese),
		cmocka_unit_test(it_reads_well_in_traditional_chinese),
		cmocka_unit_test(it_reads_well_in_vietnamese),
		cmocka_unit_test(it_reads_well_on_a_large_terminal),
		cmocka_unit_test(it_is_the_same_text_on_every_terminal),
		cmocka_unit_test(it_is_the_same_text_without_colours),
		cmocka_unit_test(the_gate_reads_well_in_every_language),
		cmocka_unit_test(the_gate_is_the_same_text_on_every_terminal),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, planted_files_are_free, NULL);
}
