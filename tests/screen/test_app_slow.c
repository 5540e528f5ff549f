/*
 * test_app_slow.c - the desk on a line of 9600 baud, on a terminal that paints ambiguous characters
 * wide, under a screen reader; and what the desk's own screens cost in bytes.
 *
 * Not for: the pacing itself (tests/unit/test_pace.c). Trap: byte counts are upper limits of what was
 * measured (ui.md B); the times have room for a busy machine.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

enum { BAUD_9600 = 960, KEYS = 40, KEY_MS = 33, LAG_MOST = 1500 };

static int64_t now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* Opens the desk with these lines of lodge.conf, on a line so fast (0 = any). */
static struct vt *open_with(const char *conf, int bytes_per_second)
{
	char folder[] = "/tmp/lodge-conf-XXXXXX", path[64], set[64];
	struct vt *vt;
	FILE *file;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/lodge.conf", folder);
	snprintf(set, sizeof(set), "LODGE_CONF=%s", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(conf, file);
	fclose(file);
	desk_set(set);
	vt = desk_open_at("desk", "en", NULL, "xterm-256color", 24, 80);
	vt_throttle(vt, bytes_per_second);
	desk_see(vt, "QUEUES");
	desk_set(NULL);
	unlink(path);
	rmdir(folder);
	return vt;
}

/* How long the marker still moves when 40 keys at 30 a second are over. */
static int64_t lag_of(const char *conf, size_t *questions)
{
	struct vt *vt = open_with(conf, BAUD_9600);
	int64_t released;

	desk_type(vt, ":unit<Enter>");
	desk_see(vt, "1-0108");
	vt_settle(vt, 500, 20000);
	for (int i = 0; i < KEYS; i++) {
		int64_t until = now_ms() + KEY_MS;

		vt_puts(vt, i % 36 < 18 ? "\x1b[B" : "\x1b[A");
		while (now_ms() < until)
			vt_settle(vt, 5, 5);
	}
	released = now_ms();
	vt_settle(vt, 400, 20000);
	*questions = vt_questions(vt);
	vt_throttle(vt, 0);
	desk_close(vt);
	return now_ms() - released - 400;
}

static void held_keys_do_not_queue_pictures_for_seconds(void **state)
{
	size_t questions;
	int64_t bar = lag_of("", &questions), lean;

	(void)state;
	assert_true(questions > 4);
	lean = lag_of("ui: { lean = true; };", &questions);
	print_message("lag after 40 keys at 9600 baud: bar %lld ms, marker %lld ms\n", (long long)bar, (long long)lean);
	assert_true(bar < LAG_MOST);
	assert_true(lean < LAG_MOST);
}

static void a_fast_line_is_not_asked_for_every_key(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	desk_type(vt, ":unit<Enter>");
	desk_see(vt, "1-0108");
	for (int i = 0; i < 20; i++)
		desk_type(vt, i % 2 == 0 ? "<Down>" : "<Up>");
	assert_true(vt_questions(vt) <= 3);
	desk_close(vt);
}

/* The least of three, after a first one: a message that goes is not the key's. */
static size_t cost(struct vt *vt, const char *bytes)
{
	size_t least = SIZE_MAX;

	for (int i = 0; i < 4; i++) {
		vt_mark(vt);
		vt_puts(vt, bytes);
		vt_settle(vt, 80, 2000);
		if (i > 0 && vt_bytes(vt) < least)
			least = vt_bytes(vt);
	}
	return least;
}

static void the_desk_costs_few_bytes(void **state)
{
	struct vt *vt = open_with("ui: { lean = true; };", 0);
	size_t lean, bar, page, full, letter, hanzi, back;

	(void)state;
	desk_type(vt, ":unit<Enter>");
	desk_see(vt, "1-0108");
	lean = cost(vt, "\x1b[B");
	desk_close(vt);
	vt = desk_open("desk", "en", NULL);
	desk_type(vt, ":unit<Enter>");
	desk_see(vt, "1-0108");
	bar = cost(vt, "\x1b[B");
	page = cost(vt, "\x1b[6~");
	full = cost(vt, "\x0c");
	desk_type(vt, "<Esc><b><Tab><Tab><Tab><Ctrl-U>");
	letter = cost(vt, "a");
	hanzi = cost(vt, "张");
	back = cost(vt, "\x7f");
	desk_close(vt);
	print_message("bytes: marker %zu, bar %zu, page %zu, redraw %zu, letter %zu, hanzi %zu, backspace %zu\n", lean,
		bar, page, full, letter, hanzi, back);
	assert_in_range(lean, 1, 18);
	assert_in_range(bar, 1, 175);
	assert_in_range(page, 1, 1011);
	assert_in_range(full, 1, 1850);
	assert_in_range(letter, 1, 8);
	assert_in_range(hanzi, 1, 10);
	assert_in_range(back, 1, 12);
}

static void an_idle_desk_writes_nothing(void **state)
{
	struct vt *vt = desk_open("desk", "en", NULL);

	(void)state;
	vt_settle(vt, 500, 5000);
	vt_mark(vt);
	vt_settle(vt, 8000, 8000);
	assert_in_range(vt_bytes(vt), 0, 64); /* a minute may turn, which is 43 when an hour does, and a queue change */
	desk_close(vt);
}

static void ambiguous_characters_are_replaced_where_the_terminal_paints_them_wide(void **state)
{
	struct vt *vt = desk_open_at("desk", "vi", NULL, "xterm-256color", 24, 80);

	(void)state;
	vt_claim_wide(vt);
	desk_see(vt, "? phim");
	desk_see_gone(vt, "đ");
	assert_false(desk_shows(vt, "đ"));
	assert_false(desk_shows(vt, "á"));
	desk_close(vt);
}

static void a_screen_reader_is_led_to_the_message_and_back(void **state)
{
	struct vt *vt = open_with("ui: { reader = true; };", 0);

	(void)state;
	desk_type(vt, "<b>");
	desk_see(vt, "Borrow a file");
	vt_settle(vt, 1000, 3000);
	vt_key(vt, "F2");
	assert_true(vt_wait_cursor(vt, 22, 0, SOON));
	vt_settle(vt, 1000, 3000);
	assert_false(vt_wait_cursor(vt, 22, 0, 0));
	assert_true(vt_cursor_is_shown(vt));
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(held_keys_do_not_queue_pictures_for_seconds),
		cmocka_unit_test(a_fast_line_is_not_asked_for_every_key),
		cmocka_unit_test(the_desk_costs_few_bytes),
		cmocka_unit_test(an_idle_desk_writes_nothing),
		cmocka_unit_test(ambiguous_characters_are_replaced_where_the_terminal_paints_them_wide),
		cmocka_unit_test(a_screen_reader_is_led_to_the_message_and_back),
	};

	desk_need_stack();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
