/*
 * test_terminal.c - the toolkit and the terminal: sizes, kinds, keys, bytes, leaving.
 *
 * Each test drives tests/screen/toolkit_demo.c in a terminal of its own. Not for: typing and forms
 * (test_toolkit.c). Trap: byte budgets are upper limits of what was measured; raise one only with a
 * reason.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/words.h"
#include "tests/screen/toolkit_demo.h"
#include "tests/screen/toolkit_vt.h"
#include "tests/screen/vt.h"

enum { SOON = TOOLKIT_SOON };

static void a_storm_of_resizes_ends_in_a_whole_screen(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);
	unsigned seed = 7;

	(void)state;
	vt_puts(vt, "张三丰");
	for (int i = 0; i < 200; i++) {
		seed = seed * 1103515245u + 12345u;
		vt_resize(vt, 1 + (int)(seed >> 16) % 60, 2 + (int)(seed >> 8) % 199);
		vt_settle(vt, 1, 3);
	}
	/* libvterm itself writes a wide character past a screen of one column: none may be under way */
	vt_resize(vt, 10, 10);
	vt_settle(vt, 50, 500);
	vt_resize(vt, 1, 1);
	vt_settle(vt, 20, 200);
	vt_resize(vt, 24, 80);
	assert_text(vt, "[张三丰");
	assert_text(vt, "? keys");
	assert_true(vt_wait_at(vt, 0, 0, " Lodge", SOON));
	close_demo(vt);
}

/* The same text on every terminal, with and without colour. */
static void every_terminal_shows_the_same_text(void **state)
{
	static const char *const terms[] = {"xterm-256color", "xterm", "screen", "screen-256color",
		"tmux-256color", "linux", "vt100", "vt220"};
	static const char *const no_colour[] = {"NO_COLOR=1", NULL};
	char *first = NULL;

	(void)state;
	for (size_t i = 0; i < NITEMS(terms) * 2; i++) {
		struct vt *vt = open_demo(terms[i / 2], "form", i % 2 ? no_colour : NULL);
		char *screen;

		vt_puts(vt, "张三丰\t7-1203\t2\t");
		assert_text(vt, "> 1 Routine");
		assert_text(vt, "Why.");
		screen = vt_screen_text(vt);
		if (first == NULL)
			first = strdup(screen);
		assert_string_equal(first, screen);
		for (int row = 0; i % 2 && row < 24; row++)
			for (int col = 0; col < 80; col++)
				assert_false(vt_cell(vt, row, col).coloured);
		free(screen);
		close_demo(vt);
	}
	free(first);
}

static void every_language_ends_the_last_row_with_its_help_key(void **state)
{
	static const struct { const char *lang, *help; } all[] = {
		{"en", "? keys"}, {"zh_CN", "? 按键"}, {"zh_TW", "? 按鍵"}, {"vi", "? phím"},
	};
	char *argv[] = {(char *)(uintptr_t)"/proc/self/exe", (char *)(uintptr_t)"--demo",
		(char *)(uintptr_t)"form", NULL};

	(void)state;
	for (size_t i = 0; i < NITEMS(all); i++) {
		struct vt *vt = vt_start(24, 80, "xterm-256color", all[i].lang, NULL, argv);
		const char *row;

		assert_text(vt, all[i].help);
		row = vt_row(vt, 23);
		assert_string_equal(row + strlen(row) - strlen(all[i].help), all[i].help);
		close_demo(vt);
	}
}

static void keys_work_in_every_encoding(void **state)
{
	static const char *const downs[] = {"\x1b[B", "\x1bOB"};
	static const char *const ends[] = {"\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"};
	static const char *const helps[] = {"\x1bOP", "\x1b[11~", "\x1b[[A"};

	(void)state;
	for (size_t i = 0; i < NITEMS(downs); i++) {
		struct vt *vt = open_demo(i == 0 ? "linux" : "vt220", "list", NULL);

		vt_puts(vt, downs[i]);
		assert_text(vt, ">7-1201");
		for (size_t k = 0; k < NITEMS(ends); k++) {
			vt_puts(vt, ends[k]);
			assert_text(vt, "last");
			vt_puts(vt, "\x1b[A\x1b[B");
			assert_text(vt, "down");
		}
		for (size_t k = 0; k < NITEMS(helps); k++) {
			vt_puts(vt, helps[k]);
			assert_text(vt, "Keys here:");
			vt_key(vt, "Esc");
			assert_text(vt, "cancel");
		}
		close_demo(vt);
	}
}

static void a_dumb_terminal_is_refused_with_a_sentence(void **state)
{
	char *argv[] = {(char *)(uintptr_t)"/proc/self/exe", (char *)(uintptr_t)"--demo", NULL};
	static const char *const terms[] = {"dumb", "no-such-terminal", "../../etc/passwd"};

	(void)state;
	for (size_t i = 0; i < NITEMS(terms); i++) {
		struct vt *vt = vt_start(24, 80, terms[i], "en", NULL, argv);
		int status;

		assert_text(vt, "try TERM=vt100");
		status = vt_stop(vt, 0, 2000);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 3);
	}
}

static void escape_acts_in_time_and_twice_is_once(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_puts(vt, "f");
	assert_text(vt, "Full name.");
	vt_puts(vt, "\x1b\x1b");
	assert_true(vt_wait_text(vt, ">7-1200", 500));
	vt_puts(vt, "f");
	assert_text(vt, "Full name.");
	close_demo(vt);
}

static void unknown_sequences_are_swallowed_whole(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "a\x1b[?1;2c" "b\x1b]0;title\x07" "c\x1bP1$r\x1b\\" "d\x1b[0n" "e");
	assert_text(vt, "[abcde ");
	close_demo(vt);
}

static void help_filters_and_runs(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_puts(vt, "?");
	assert_text(vt, "Keys here:");
	vt_puts(vt, "row down");
	assert_text(vt, "1 / ");
	vt_puts(vt, "\r");
	assert_text(vt, ">7-1201");
	close_demo(vt);
}

static void the_palette_offers_the_nearest_names(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_puts(vt, ":lokc");
	assert_text(vt, ">          lock");
	vt_puts(vt, "\r");
	assert_text(vt, "lock");
	close_demo(vt);
}

static void a_dialog_rests_on_cancel(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_key(vt, "F12");
	assert_text(vt, "Everybody has to sign in again.");
	assert_text(vt, "> Esc Cancel <");
	vt_puts(vt, "\r");
	assert_text(vt, "dialog no");
	vt_key(vt, "F12");
	assert_text(vt, "This desk");
	vt_puts(vt, "y");
	assert_text(vt, "dialog yes");
	close_demo(vt);
}

static void the_cursor_rests_on_the_focus(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	assert_true(vt_wait_cursor(vt, 1, 0, SOON));
	vt_key(vt, "Down");
	assert_true(vt_wait_cursor(vt, 2, 0, SOON));
	assert_true(vt_cursor_is_shown(vt));
	assert_true(vt_is_alternate(vt));
	assert_false(vt_wants_mouse(vt));
	assert_string_equal(vt_title(vt), "");
	close_demo(vt);
}

/* Bytes that one key costs, after the first of its kind. */
static size_t cost(struct vt *vt, const char *bytes)
{
	vt_puts(vt, bytes);
	vt_settle(vt, 60, 1000);
	vt_mark(vt);
	vt_puts(vt, bytes);
	vt_settle(vt, 60, 1000);
	return vt_bytes(vt);
}

static void a_key_costs_few_bytes(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);
	size_t letter = cost(vt, "a"), hanzi = cost(vt, "张"), back = cost(vt, "\x7f"), move, lean, full;

	(void)state;
	close_demo(vt);
	vt = open_demo("xterm-256color", "list", NULL);
	move = cost(vt, "\x1b[B");
	vt_mark(vt);
	vt_puts(vt, "\x0c");
	vt_settle(vt, 60, 1000);
	full = vt_bytes(vt);
	close_demo(vt);
	{
		char *argv[] = {(char *)(uintptr_t)"/proc/self/exe", (char *)(uintptr_t)"--demo",
			(char *)(uintptr_t)"list", (char *)(uintptr_t)"lean", NULL};

		vt = vt_start(24, 80, "xterm-256color", "en", NULL, argv);
		assert_text(vt, "? keys");
		lean = cost(vt, "\x1b[B");
		close_demo(vt);
	}
	print_message("bytes: letter %zu, hanzi %zu, backspace %zu, bar %zu, marker %zu, redraw %zu\n",
		letter, hanzi, back, move, lean, full);
	assert_in_range(letter, 1, 8);
	assert_in_range(hanzi, 3, 10);
	assert_in_range(back, 1, 12);
	assert_in_range(move, 1, 175);
	assert_in_range(lean, 1, 18);
	assert_in_range(full, 1, 1850);
}

/* Hostile and wide text in columns of every width: what stands beside it is not touched, and no
 * byte of it reaches the terminal as a command. */
static void painted_text_stays_in_its_column(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "paint", NULL);

	(void)state;
	for (int screen = 0; screen < 40; screen++) {
		char count[32];

		snprintf(count, sizeof(count), "screen %d ? keys", screen);
		assert_true(vt_wait_at(vt, 23, 0, count, SOON));
		for (int row = 0; row < 23; row++) {
			int width = (row + screen * 23) % 78 + 1, used = 0;

			assert_string_equal(vt_cell(vt, row, width).text, "|");
			while (used < width)
				used += vt_cell(vt, row, used).width;
			assert_int_equal(used, width);
			assert_false(vt_cell(vt, row, 0).coloured);
		}
		vt_puts(vt, "n");
	}
	assert_int_equal(vt_bells(vt), 0);
	close_demo(vt);
}

static void a_cut_line_ends_the_program(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);
	int status;

	(void)state;
	vt_puts(vt, "abc");
	assert_text(vt, "[abc");
	vt_hang_up(vt);
	status = vt_stop(vt, 0, 1000);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void leaving_restores_the_terminal(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);
	const char *output;
	size_t n;

	(void)state;
	vt_key(vt, "Ctrl-C");
	assert_true(vt_wait_end(vt, SOON));
	output = vt_output(vt, &n);
	assert_non_null(strstr(output, "\x1b[?2004h"));
	assert_non_null(strstr(output, "\x1b[?2004l"));
	assert_non_null(strstr(output, "\x1b[?1049l"));
	assert_false(vt_is_alternate(vt));
	assert_int_equal(vt_stop(vt, 0, 1000), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_storm_of_resizes_ends_in_a_whole_screen),
		cmocka_unit_test(every_terminal_shows_the_same_text),
		cmocka_unit_test(every_language_ends_the_last_row_with_its_help_key),
		cmocka_unit_test(keys_work_in_every_encoding),
		cmocka_unit_test(a_dumb_terminal_is_refused_with_a_sentence),
		cmocka_unit_test(escape_acts_in_time_and_twice_is_once),
		cmocka_unit_test(unknown_sequences_are_swallowed_whole),
		cmocka_unit_test(help_filters_and_runs),
		cmocka_unit_test(the_palette_offers_the_nearest_names),
		cmocka_unit_test(a_dialog_rests_on_cancel),
		cmocka_unit_test(the_cursor_rests_on_the_focus),
		cmocka_unit_test(a_key_costs_few_bytes),
		cmocka_unit_test(painted_text_stays_in_its_column),
		cmocka_unit_test(a_cut_line_ends_the_program),
		cmocka_unit_test(leaving_restores_the_terminal),
	};
	int code = toolkit_demo_main(argc, argv);

	return code >= 0 ? code : cmocka_run_group_tests(tests, NULL, NULL);
}
