/*
 * test_session.c - the table of sessions: clearance, locks, ends, notices; with a pen and rows of
 * the test's own, so that no database is needed. Not for: signing in (flows do that).
 * Trap: time is moved by the arguments of session_sweep; loop_now() itself stands still enough.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>

#include "common/book.h"
#include "server/lane.h"
#include "server/loop.h"
#include "server/peer_own.h"
#include "server/session.h"
#include "server/settings.h"
#include "tests/unit/defaults.h"

/* --- a pen that writes down what it was told, and rows out of a list of texts --- */

enum { CALLS_MAX = 16, COLUMNS = 13 };

struct rows {
	const char *cells[COLUMNS];
};

static struct call *calls[CALLS_MAX];
static size_t ncalls;
static bool pen_is_full;

enum err lane_submit(enum lane_kind kind, struct call *call)
{
	assert_int_equal(kind, LANE_PEN);
	if (pen_is_full)
		return ERR_BUSY;
	assert_true(ncalls < CALLS_MAX);
	calls[ncalls++] = call;
	return OK;
}

size_t rows_count(const struct rows *rows)
{
	(void)rows;
	return 1;
}

const char *rows_get(const struct rows *rows, size_t row, size_t column)
{
	return row == 0 && column < COLUMNS ? rows->cells[column] : NULL;
}

static bool pen_was_told(const char *what)
{
	for (size_t i = 0; i < ncalls; i++)
		if (strstr(calls[i]->stmts[0].sql, what) != NULL)
			return true;
	return false;
}

/* Ends every call with this row. */
static void pen_answers(const struct rows *rows)
{
	size_t n = ncalls;
	ncalls = 0;
	for (size_t i = 0; i < n; i++)
		calls[i]->done(calls[i], &rows, OK, "");
}

/* --- one client --- */

static struct event_base *base;
static int client;
static struct peer *peer;
static char heard[4096];

static void take(struct request *rq, bool automatic)
{
	(void)automatic;
	peer = rq->peer;
	request_result(rq, "0", 1);
}

static bool is_alone(const char *method)
{
	(void)method;
	return false;
}

static const struct peer_handler handler = { .take = take, .is_alone = is_alone };

static const char *listen_up(void)
{
	for (int i = 0; i < 5; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	ssize_t n = read(client, heard, sizeof(heard) - 1);
	heard[n > 0 ? n : 0] = '\0';
	return heard;
}

static struct session *session_make(const char *id, const char *staff, bool interactive)
{
	const struct rows rows = { .cells = { "ok", "0", id, staff, "w001", "ann", "Ann", "FD", "{FD,CSA}",
		"{1,12}", "{}", "name", "contact" } };
	struct session *s = session_take(&rows);
	assert_non_null(s);
	s->interactive = interactive;
	snprintf(s->token_hex, sizeof(s->token_hex), "\\x%064d", 7);
	return s;
}

static int setup(void **state)
{
	(void)state;
	static const char hello[] = "{\"id\":1,\"method\":\"hello\"}\n";
	int pair[2];
	settings_defaults();
	base = event_base_new();
	ncalls = 0;
	pen_is_full = false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	client = pair[0];
	fcntl(client, F_SETFL, O_NONBLOCK);
	evutil_make_socket_nonblocking(pair[1]);
	peer_set_handler(&handler);
	peer_new(bufferevent_socket_new(base, pair[1], BEV_OPT_CLOSE_ON_FREE), NULL);
	assert_int_equal(write(client, hello, sizeof(hello) - 1), sizeof(hello) - 1);
	listen_up();
	session_set_night(false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	const struct rows gone = { .cells = { "ok" } };
	peer_close_all();
	pen_answers(&gone);
	session_free_all();
	event_base_loop(base, EVLOOP_NONBLOCK);
	event_base_free(base);
	close(client);
	return 0;
}

static void the_row_of_the_database_fills_the_record(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", true);
	assert_int_equal(s->id, 5);
	assert_int_equal(s->staff, 3);
	assert_int_equal(s->role, ROLE_FD);
	assert_int_equal(s->roles, BIT(ROLE_FD) | BIT(ROLE_CSA));
	assert_string_equal(s->areas, "{1,12}");
	assert_string_equal(s->lang, "en");
	assert_ptr_equal(session_find(5), s);
	assert_ptr_equal(session_make("5", "3", true), s);
	assert_null(session_find(6));
}

static void a_row_that_says_no_role_makes_no_session(void **state)
{
	(void)state;
	const struct rows rows = { .cells = { "ok", "0", "5", "3", "w001", "ann", "Ann", "XX", "{}", "{}", "{}",
		"name", "name" } };
	assert_null(session_take(&rows));
	assert_null(session_find(5));
}

static void clearance_follows_the_clock(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", true);
	assert_int_equal(session_level(s), LEVEL_NAME);
	session_set_night(true);
	assert_int_equal(session_level(s), LEVEL_CONTACT);
}

static void an_area_is_found_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_true(session_has("{1,12}", 12));
	assert_true(session_has("{1,12}", 1));
	assert_false(session_has("{1,12}", 2));
	assert_false(session_has("{}", 0));
	assert_true(session_has("{-3}", -3));
}

static void the_idle_are_locked_and_told(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", true);
	peer_attach(peer, s);
	session_sweep(s->active + 119);
	assert_false(s->locked);
	session_sweep(s->active + 121);
	assert_true(s->locked);
	assert_string_equal(listen_up(), "{\"jsonrpc\":\"2.0\",\"method\":\"locked\",\"params\":{}}\n");
	assert_true(pen_was_told("op.session_idle"));
	session_lock(5);
	assert_string_equal(listen_up(), ""); /* once */
}

static void script_sessions_are_not_locked(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", false);
	peer_attach(peer, s);
	session_sweep(s->active + 100000);
	assert_false(s->locked);
}

static void a_poll_from_before_the_unlock_does_not_lock_again(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", true);
	s->unlocked = loop_now();
	session_lock(5);
	assert_false(s->locked);
}

static void activity_is_written_at_most_every_30_seconds(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", true);
	double start = s->active;
	session_active(s, start + 5);
	session_sweep(start + 6);
	assert_false(pen_was_told("op.session_touch"));
	session_sweep(start + 31);
	assert_true(pen_was_told("op.session_touch"));
	assert_string_equal(calls[0]->stmts[0].params[0], "{\"\\\\x"
		"0000000000000000000000000000000000000000000000000000000000000007\"}");
	size_t before = ncalls;
	session_sweep(start + 70);
	assert_int_equal(ncalls, before); /* nothing happened since */
}

static void a_revoked_session_is_told_and_its_connection_is_a_stranger(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", true);
	peer_attach(peer, s);
	session_end(5, "ended");
	assert_string_equal(listen_up(),
		"{\"jsonrpc\":\"2.0\",\"method\":\"signed_out\",\"params\":{\"reason\":\"ended\"}}\n");
	assert_null(peer->session);
	assert_null(session_find(5));
	session_end(5, "ended");
	session_end(99, "ended");
	assert_string_equal(listen_up(), "");
}

static void signing_in_elsewhere_ends_only_ones_own_consoles(void **state)
{
	(void)state;
	struct session *mine = session_make("5", "3", true), *script = session_make("6", "3", false);
	struct session *other = session_make("7", "4", true), *again = session_make("8", "3", true);
	session_end_others(again);
	assert_true(mine->ended);
	assert_false(script->ended);
	assert_false(other->ended);
	assert_false(again->ended);
}

static void a_script_session_ends_with_its_connection(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", false);
	peer_attach(peer, s);
	pen_is_full = true;
	peer_close_all();
	assert_true(s->ended);
	session_sweep(loop_now());
	assert_false(pen_was_told("op.session_close"));
	pen_is_full = false;
	session_sweep(loop_now()); /* told again until the pen takes it */
	assert_true(pen_was_told("op.session_close"));
}

static void a_console_session_outlives_its_connection(void **state)
{
	(void)state;
	struct session *s = session_make("5", "3", true);
	peer_attach(peer, s);
	peer_close_all();
	session_sweep(loop_now());
	assert_ptr_equal(session_find(5), s);
	assert_int_equal(s->peers, 0);
}

static void after_a_silence_of_the_feed_the_database_is_asked(void **state)
{
	(void)state;
	const struct rows gone = { .cells = { "locked" } };
	session_make("5", "3", true);
	session_recheck();
	assert_true(pen_was_told("op.session_resume"));
	pen_answers(&gone);
	assert_null(session_find(5));
}

static void a_recheck_brings_what_changed(void **state)
{
	(void)state;
	const struct rows moved = { .cells = { "ok", "0", "5", "3", "w001", "ann", "Ann", "CSA", "{CSA}", "{2}",
		"{}", "open", "open" } };
	struct session *s = session_make("5", "3", true);
	session_recheck();
	pen_answers(&moved);
	assert_int_equal(s->role, ROLE_CSA);
	assert_string_equal(s->areas, "{2}");
	assert_int_equal(session_level(s), LEVEL_OPEN);
}

/* A book that the front desk reads and the system administrator does not, and its index. */
static const struct book *some_book(size_t *index)
{
	for (*index = 0; *index < nbooks; (*index)++)
		if ((books[*index]->readers & (BIT(ROLE_FD) | BIT(ROLE_SYS))) == BIT(ROLE_FD))
			return books[*index];
	fail_msg("no book fits");
	return NULL;
}

static bool hears(const char *book, int64_t area, const int64_t *parties, size_t n)
{
	session_changed(area, book, 9, 2, parties, n);
	return listen_up()[0] != '\0';
}

static void changes_are_told_to_who_watches_and_may_see(void **state)
{
	(void)state;
	size_t index;
	const struct book *book = some_book(&index);
	const int64_t strangers[] = { 30, 33 }, me[] = { 30, 3 };
	uint64_t watch[PEER_WATCH_WORDS] = { 0 };
	struct session *s = session_make("5", "3", true);
	peer_attach(peer, s);
	assert_false(hears(book->name, 1, NULL, 0)); /* watches nothing yet */
	watch[index / 64] = BIT(index % 64);
	peer_watch(peer, watch);
	assert_true(hears(book->name, 1, NULL, 0));
	assert_non_null(strstr(heard, "\"id\":9,\"version\":2}}\n"));
	assert_false(hears(book->name, 0, NULL, 0)); /* the estate office is an area like another */
	assert_false(hears(book->name, 2, NULL, 0));
	assert_false(hears(book->name, 2, strangers, 2));
	assert_true(hears(book->name, 2, me, 2));
	assert_false(hears("no_such_book", 1, NULL, 0));
	s->role = ROLE_SYS;
	assert_false(hears(book->name, 1, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(the_row_of_the_database_fills_the_record),
		T(a_row_that_says_no_role_makes_no_session),
		T(clearance_follows_the_clock),
		T(an_area_is_found_whole_or_not_at_all),
		T(the_idle_are_locked_and_told),
		T(script_sessions_are_not_locked),
		T(a_poll_from_before_the_unlock_does_not_lock_again),
		T(activity_is_written_at_most_every_30_seconds),
		T(a_revoked_session_is_told_and_its_connection_is_a_stranger),
		T(signing_in_elsewhere_ends_only_ones_own_consoles),
		T(a_script_session_ends_with_its_connection),
		T(a_console_session_outlives_its_connection),
		T(after_a_silence_of_the_feed_the_database_is_asked),
		T(a_recheck_brings_what_changed),
		T(changes_are_told_to_who_watches_and_may_see),
#undef T
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
