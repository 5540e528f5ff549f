/*
 * test_pace.c - frame pacing, the terminal's answers among keys, and what stands in for ambiguous
 * characters. Not for: a real slow line (tests/screen/test_app_slow.c). Trap: time is an argument.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/ambiguous.h"
#include "client/decode.h"
#include "client/pace.h"

static void a_fast_line_is_asked_once_and_never_waited_for(void **state)
{
	struct pace p = {.on = false};

	(void)state;
	assert_true(pace_asks(&p, 1000));
	pace_answered(&p, 1004);
	for (int64_t now = 1010; now < 20000; now += 100) {
		assert_true(pace_may_draw(&p, now));
		assert_false(pace_asks(&p, now));
	}
	assert_true(pace_asks(&p, 1000 + PACE_AGAIN_MS));
}

static void two_slow_answers_make_pictures_wait(void **state)
{
	struct pace p = {.on = false};

	(void)state;
	assert_true(pace_asks(&p, 1000));
	pace_answered(&p, 2700);
	assert_false(p.on);
	assert_true(pace_may_draw(&p, 2800));
	assert_true(pace_asks(&p, 2800));
	pace_answered(&p, 3000);
	assert_true(p.on);
	assert_true(pace_asks(&p, 3000));
	assert_false(pace_may_draw(&p, 3100));
	assert_true(pace_deadline(&p) > 3100);
	pace_answered(&p, 3150);
	assert_true(pace_may_draw(&p, 3150));
}

static void one_late_answer_of_a_busy_machine_changes_nothing(void **state)
{
	struct pace p = {.on = false};

	(void)state;
	assert_true(pace_asks(&p, 1000));
	pace_answered(&p, 1500);
	assert_true(pace_asks(&p, 1600));
	pace_answered(&p, 1601);
	assert_false(p.on);
	assert_false(pace_asks(&p, 1700));
}

static void a_long_line_has_two_pictures_under_way(void **state)
{
	struct pace p = {.on = true, .answers = true, .asked = 1, .latency = 300};

	(void)state;
	assert_true(pace_asks(&p, 1000));
	assert_true(pace_may_draw(&p, 1010));
	assert_true(pace_asks(&p, 1010));
	assert_false(pace_may_draw(&p, 1020));
	pace_answered(&p, 1300);
	assert_true(pace_may_draw(&p, 1300));
}

static void a_terminal_that_never_answers_is_given_up_after_two_seconds(void **state)
{
	struct pace p = {.on = true, .asked = 1};

	(void)state;
	assert_true(pace_asks(&p, 1000));
	assert_false(pace_may_draw(&p, 2900));
	assert_true(pace_may_draw(&p, 1000 + PACE_PATIENCE_MS));
	assert_false(p.on);
	pace_answered(&p, 9000); /* too late to matter */
	assert_false(p.on);
}

static void a_line_that_became_fast_is_no_longer_paced(void **state)
{
	struct pace p = {.on = true, .answers = true, .asked = 1};

	(void)state;
	for (int64_t now = 1000; now < 1300; now += 100) {
		assert_true(pace_asks(&p, now));
		pace_answered(&p, now + 2);
	}
	assert_false(p.on);
}

static void answers_are_taken_out_from_among_keys(void **state)
{
	struct decode d;
	struct key key;
	int second = 0;

	(void)state;
	decode_init(&d, 50);
	decode_feed(&d, "a\033[0nb\033[2;3Rc\033[1;2R", 19, 0);
	assert_true(decode_take_answer(&d, 0, 'n', &second));
	assert_false(decode_take_answer(&d, 0, 'n', &second));
	assert_true(decode_take_answer(&d, 2, 'R', &second));
	assert_int_equal(second, 3);
	for (const char *text = "abc"; *text != '\0'; text++) {
		assert_true(decode_next(&d, 0, &key));
		assert_int_equal(key.kind, K_TEXT);
		assert_int_equal(key.cp, *text);
	}
	assert_true(decode_next(&d, 0, &key)); /* Shift-F3 is a key */
	assert_int_equal(key.kind, K_F3);
	assert_false(decode_next(&d, 100, &key));
	decode_done(&d);
}

static void half_an_answer_waits_for_its_rest(void **state)
{
	struct decode d;
	struct key key;
	int second = 0;

	(void)state;
	decode_init(&d, 50);
	decode_feed(&d, "x\033[", 3, 0);
	assert_false(decode_take_answer(&d, 0, 'n', &second));
	decode_feed(&d, "0n", 2, 5);
	assert_true(decode_take_answer(&d, 0, 'n', &second));
	assert_true(decode_next(&d, 5, &key));
	assert_int_equal(key.cp, 'x');
	assert_false(decode_next(&d, 100, &key));
	decode_done(&d);
}

static void ambiguous_characters_have_one_cell_of_ascii_instead(void **state)
{
	(void)state;
	assert_true(ambiguous_is(0x00B7));
	assert_true(ambiguous_is(0x2500));
	assert_true(ambiguous_is(0x0111));
	assert_false(ambiguous_is('a'));
	assert_false(ambiguous_is(0x5F20));
	assert_false(ambiguous_is(0x1EC5));
	assert_int_equal(ambiguous_narrow(0x00B7), '.');
	assert_int_equal(ambiguous_narrow(0x0111), 'd');
	assert_int_equal(ambiguous_narrow(0x2026), '~');
	assert_int_equal(ambiguous_narrow(0x2460), '?');
	assert_int_equal(ambiguous_narrow(0x5F20), 0x5F20);
	for (uint32_t cp = 0x80; cp < 0x10000; cp++)
		assert_true(!ambiguous_is(cp) || ambiguous_narrow(cp) < 0x80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fast_line_is_asked_once_and_never_waited_for),
		cmocka_unit_test(two_slow_answers_make_pictures_wait),
		cmocka_unit_test(one_late_answer_of_a_busy_machine_changes_nothing),
		cmocka_unit_test(a_long_line_has_two_pictures_under_way),
		cmocka_unit_test(a_terminal_that_never_answers_is_given_up_after_two_seconds),
		cmocka_unit_test(a_line_that_became_fast_is_no_longer_paced),
		cmocka_unit_test(answers_are_taken_out_from_among_keys),
		cmocka_unit_test(half_an_answer_waits_for_its_rest),
		cmocka_unit_test(ambiguous_characters_have_one_cell_of_ascii_instead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
