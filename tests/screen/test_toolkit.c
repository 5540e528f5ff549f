/*
 * test_toolkit.c - the toolkit in a terminal: typing, forms and pasting.
 *
 * Each test drives tests/screen/toolkit_demo.c in a terminal of its own. Not for: the consoles, nor
 * what the terminal itself does (test_terminal.c). Trap: byte budgets are upper limits of what was
 * measured; raise one only with a reason.
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

static void a_hanzi_is_typed_moved_over_and_deleted_whole(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "张三丰");
	assert_text(vt, "[张三丰");
	vt_key(vt, "Left");
	vt_key(vt, "Left");
	vt_puts(vt, "X");
	assert_text(vt, "[张X三丰");
	vt_key(vt, "Backspace");
	vt_key(vt, "Backspace");
	assert_text(vt, "[三丰");
	close_demo(vt);
}

static void decomposed_vietnamese_becomes_one_letter_each(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "Nguye\xcc\x82\xcc\x83n Thi\xcc\xa3 A\xcc\x81nh");
	assert_text(vt, "[Nguyễn Thị Ánh");
	for (int i = 0; i < 3; i++)
		vt_key(vt, "Backspace");
	assert_text(vt, "[Nguyễn Thị ");
	assert_true(vt_wait_gone(vt, "Ánh", SOON));
	close_demo(vt);
}

static void a_burst_of_an_input_method_is_decoded_byte_by_byte(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "tie\x7f\x7fiê\x7f\x7fiế\x7f\x7fiếng");
	assert_text(vt, "[tiếng ");
	close_demo(vt);
}

static void letters_split_over_two_reads_arrive_whole(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "\xe5");
	vt_settle(vt, 20, 100);
	vt_puts(vt, "\xbc\xa0");
	assert_text(vt, "[张 ");
	close_demo(vt);
}

static void joiners_and_controls_do_not_enter(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "a\xe2\x80\xae" "b\xe2\x80\x8b" "c\xc2\x9b" "d\xff" "e");
	assert_text(vt, "[abcde ");
	close_demo(vt);
}

static void the_script_of_a_new_record_needs_two_enters(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_puts(vt, "fTrần Văn Đức\t7-1203/2\t2\r");
	assert_text(vt, "Enter saves");
	vt_puts(vt, "\r");
	assert_text(vt, "\"who\":\"Trần Văn Đức\",\"place\":\"7-1203/2\",\"colour\":\"green\"");
	assert_true(vt_wait_gone(vt, "Enter saves", SOON));
	close_demo(vt);
}

static void the_same_script_in_one_write_ends_alike(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_puts(vt, "f张三\t7-1203/2\t2\r\r");
	assert_text(vt, "\"who\":\"张三\",\"place\":\"7-1203/2\",\"colour\":\"green\",\"reason\":\"Routine\"");
	close_demo(vt);
}

static void the_same_script_survives_a_resize_in_the_middle(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_puts(vt, "f张三\t7-12");
	vt_resize(vt, 10, 40);
	assert_text(vt, "Need 80x24, have 40x10");
	vt_puts(vt, "03/2\t");
	vt_resize(vt, 30, 100);
	assert_text(vt, "7-1203/2");
	assert_text(vt, "? keys");
	vt_puts(vt, "2\r\r");
	assert_text(vt, "\"place\":\"7-1203/2\",\"colour\":\"green\"");
	close_demo(vt);
}

static void an_act_on_a_record_commits_with_the_last_enter(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_puts(vt, "py\r");
	assert_text(vt, "\"colour\":\"red\"}");
	close_demo(vt);
}

static void a_needed_field_is_asked_for_and_marked(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_key(vt, "F2");
	assert_text(vt, "This field is needed.");
	assert_true(vt_wait_at(vt, 4, 0, "!", SOON));
	assert_true(vt_bells(vt) > 0);
	vt_puts(vt, "Lan\r");
	vt_puts(vt, "blu");
	assert_text(vt, "> 3 Blue");
	close_demo(vt);
}

static void a_bad_date_is_said_on_leaving_and_kept(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "\t\t\t\t2026-02-30\t");
	assert_text(vt, "[2026-02-30");
	assert_true(vt_wait_at(vt, 8, 0, "!", SOON));
	close_demo(vt);
}

static void escape_keeps_the_text_for_the_next_time(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "Hà Nội");
	assert_text(vt, "[Hà Nội");
	vt_key(vt, "Esc");
	assert_text(vt, ">7-1200");
	vt_puts(vt, "f");
	assert_text(vt, "[Hà Nội");
	close_demo(vt);
}

static void a_suggestion_is_kept_replaced_or_picked_by_digit(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_puts(vt, "\t\t\t2");
	assert_text(vt, "[By request");
	vt_puts(vt, "1");
	assert_text(vt, "[Routine");
	vt_puts(vt, "Xyz abc");
	assert_text(vt, "[Xyz abc ");
	close_demo(vt);
}

static void a_paste_is_text_whatever_it_holds(void **state)
{
	static const char evil[] = "q\x1b[31m\r\n\x1b[201~\rp\x1b[Aend";
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	vt_paste(vt, evil, sizeof(evil) - 1);
	assert_text(vt, "[q[31m  p[Aend");
	assert_text(vt, "Full name.");
	close_demo(vt);
}

static void a_paste_outside_a_field_runs_nothing(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "list", NULL);

	(void)state;
	vt_paste(vt, "fp\r", 3);
	assert_text(vt, "paste left out");
	vt_puts(vt, "ffffffffffffffffffffffffffffffffffffffff");
	vt_settle(vt, 100, 1000);
	assert_text(vt, ">7-1200");
	close_demo(vt);
}

static void a_long_paste_is_asked_about_and_costs_little(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);
	char text[10231];

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 60 == 59 ? '\n' : (char)('a' + (int)(i % 26));
	text[sizeof(text) - 1] = '\0';
	vt_key(vt, "Shift-Tab");
	assert_text(vt, "Several lines");
	vt_mark(vt);
	vt_paste(vt, text, sizeof(text) - 1);
	assert_text(vt, "Paste 10230 characters?");
	assert_true(vt_bytes(vt) < 200);
	vt_puts(vt, "n");
	assert_true(vt_wait_gone(vt, "Paste 10230", SOON));
	vt_paste(vt, text, sizeof(text) - 1);
	assert_text(vt, "Paste 10230 characters?");
	vt_puts(vt, "y");
	assert_text(vt, "[ijklmnopqrstuvwxyzabcdefghijkl ");
	close_demo(vt);
}

static void a_full_field_beeps_and_says_how_much_it_holds(void **state)
{
	struct vt *vt = open_demo("xterm-256color", "form", NULL);

	(void)state;
	for (int i = 0; i < 41; i++)
		vt_puts(vt, "字");
	assert_text(vt, "At most 40 characters.");
	assert_true(vt_bells(vt) >= 1);
	assert_text(vt, "[<");
	vt_key(vt, "Home");
	assert_text(vt, "字>]");
	close_demo(vt);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hanzi_is_typed_moved_over_and_deleted_whole),
		cmocka_unit_test(decomposed_vietnamese_becomes_one_letter_each),
		cmocka_unit_test(a_burst_of_an_input_method_is_decoded_byte_by_byte),
		cmocka_unit_test(letters_split_over_two_reads_arrive_whole),
		cmocka_unit_test(joiners_and_controls_do_not_enter),
		cmocka_unit_test(the_script_of_a_new_record_needs_two_enters),
		cmocka_unit_test(the_same_script_in_one_write_ends_alike),
		cmocka_unit_test(the_same_script_survives_a_resize_in_the_middle),
		cmocka_unit_test(an_act_on_a_record_commits_with_the_last_enter),
		cmocka_unit_test(a_needed_field_is_asked_for_and_marked),
		cmocka_unit_test(a_bad_date_is_said_on_leaving_and_kept),
		cmocka_unit_test(escape_keeps_the_text_for_the_next_time),
		cmocka_unit_test(a_suggestion_is_kept_replaced_or_picked_by_digit),
		cmocka_unit_test(a_paste_is_text_whatever_it_holds),
		cmocka_unit_test(a_paste_outside_a_field_runs_nothing),
		cmocka_unit_test(a_long_paste_is_asked_about_and_costs_little),
		cmocka_unit_test(a_full_field_beeps_and_says_how_much_it_holds),
	};
	int code = toolkit_demo_main(argc, argv);

	return code >= 0 ? code : cmocka_run_group_tests(tests, NULL, NULL);
}
