/*
 * test_app_golden.c - whole screens of the desk under review as text: 80x24 in four languages,
 * 120x40 in English, and the same words without colour.
 *
 * tests/screen/golden/NAME.LANG.txt; UPDATE_GOLDEN=1 writes them anew. Digits become 9 and the
 * counts of queues dots, because they depend on the day and on other tests. Not for: what happens
 * (test_app_desk.c). Trap: no golden may show a value that is locked.
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

enum { TEXT_MAX = 64 * 1024, COUNTS_FROM = 36, COUNTS_TO = 54, QUEUES_FROM = 4 };

static const struct picture {
	const char *name, *staff, *script;
	bool has_queues, is_plain; /* is_plain: looked at without colour, too */
} pictures[] = {
	{.name = "sign_in", .staff = "", .script = ""},
	{.name = "home", .staff = "desk", .script = "", .has_queues = true},
	{.name = "unit_box", .staff = "desk", .script = "7-13", .has_queues = true},
	{.name = "locked_field", .staff = "custodian", .script = "7-1303<Enter><Down><Down><Down><Down><Down>"},
	{.name = "purpose", .staff = "css", .script = "7-1303<Enter>#"},
	{.name = "borrow", .is_plain = true, .staff = "desk", .script = "<b>7-1303/1<Tab>w017<Tab>2<Enter>"},
	{.name = "bad_field", .staff = "desk", .script = "<b>7-1303/1<Tab>w017<Tab>2<Tab>x<Tab>"},
	{.name = "return_box", .staff = "custodian", .script = "<r>7-1303/1<Enter>", .has_queues = true},
	{.name = "list", .is_plain = true, .staff = "desk", .script = ":unit<Enter>"},
	{.name = "help", .staff = "desk", .script = "?"},
	{.name = "commands", .staff = "desk", .script = ":loan"},
	{.name = "lock", .staff = "desk", .script = "<F12>"},
};

/* The screen as the reviewer reads it. */
static void take(struct vt *vt, const struct picture *p, char *out)
{
	size_t at = 0;

	for (int row = 0; row < vt_rows(vt); row++) {
		size_t start = at;
		bool in_key = false; /* the digits of F12 stay */

		for (int col = 0; col < vt_cols(vt); col++) {
			struct vt_cell cell = vt_cell(vt, row, col);
			const char *text = cell.text[0] != '\0' ? cell.text : cell.width > 0 ? " " : "";

			if (p->has_queues && row >= QUEUES_FROM && row < vt_rows(vt) - 2 && col >= COUNTS_FROM &&
					col < COUNTS_TO)
				text = ".";
			else if (text[0] >= '0' && text[0] <= '9' && !in_key)
				text = "9";
			in_key = text[0] == 'F' || (in_key && text[0] >= '0' && text[0] <= '9');
			at += (size_t)snprintf(out + at, TEXT_MAX - at, "%s", text);
		}
		while (at > start && out[at - 1] == ' ')
			at--;
		out[at++] = '\n';
	}
	out[at] = '\0';
}

static bool read_file(const char *path, char *to)
{
	FILE *file = fopen(path, "r");
	size_t n;

	if (file == NULL)
		return false;
	n = fread(to, 1, TEXT_MAX - 1, file);
	to[n] = '\0';
	fclose(file);
	return true;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* True when the screen becomes the kept one; the last look stays in seen. */
static bool becomes(struct vt *vt, const struct picture *p, const char *kept, char *seen)
{
	for (int i = 0; i < 30; i++) {
		vt_settle(vt, 100, SOON);
		take(vt, p, seen);
		if (strcmp(kept, seen) == 0)
			return true;
	}
	return false;
}

static void compare(const struct picture *p, const char *lang, int rows, int cols, const char *term)
{
	static char kept[TEXT_MAX], seen[TEXT_MAX];
	struct vt *vt;
	const char *wide = cols > 80 ? ".120x40" : "";
	char path[512];
	bool same;

	snprintf(path, sizeof(path), "%s/screen/golden/%s.%s%s.txt", LODGE_TESTS, p->name, lang, wide);
	estate_cell("DELETE FROM draft"); /* of the tests before, and of the picture before */
	vt = desk_open_at(p->staff, lang, NULL, term, rows, cols);
	desk_type(vt, p->script);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		vt_settle(vt, 600, SOON);
		take(vt, p, seen);
		write_file(path, seen);
	}
	if (!read_file(path, kept))
		fail_msg("%s is missing; UPDATE_GOLDEN=1 writes it", path);
	same = becomes(vt, p, kept, seen);
	vt_stop(vt, SIGKILL, 5000); /* it must not send a last draft after the next picture began */
	if (!same) {
		print_error("%s\nis not what is shown:\n%s", path, seen);
		fail();
	}
}

static void all_in(const char *lang, int rows, int cols, const char *term)
{
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
		if (strcmp(term, "vt100") != 0 || pictures[i].is_plain)
			compare(&pictures[i], lang, rows, cols, term);
}

static void the_screens_in_english(void **state)
{
	(void)state;
	all_in("en", 24, 80, "xterm-256color");
}

static void the_screens_in_simplified_chinese(void **state)
{
	(void)state;
	all_in("zh_CN", 24, 80, "xterm-256color");
}

static void the_screens_in_traditional_chinese(void **state)
{
	(void)state;
	all_in("zh_TW", 24, 80, "xterm-256color");
}

static void the_screens_in_vietnamese(void **state)
{
	(void)state;
	all_in("vi", 24, 80, "xterm-256color");
}

static void the_screens_on_a_large_terminal(void **state)
{
	(void)state;
	all_in("en", 40, 120, "xterm-256color");
}

static void without_colour_the_words_are_the_same(void **state)
{
	(void)state;
	all_in("en", 24, 80, "vt100");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_screens_in_english),
		cmocka_unit_test(the_screens_in_simplified_chinese),
		cmocka_unit_test(the_screens_in_traditional_chinese),
		cmocka_unit_test(the_screens_in_vietnamese),
		cmocka_unit_test(the_screens_on_a_large_terminal),
		cmocka_unit_test(without_colour_the_words_are_the_same),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
