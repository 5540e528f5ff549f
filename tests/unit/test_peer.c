/*
 * test_peer.c - framing, order, limits and deadlines of a connection, over a socket pair with a
 * handler of the test's own. Not for: real methods. Trap: time is moved by the argument of
 * peer_sweep, never by sleeping.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>

#include "server/loop.h"
#include "server/peer.h"
#include "server/session.h"
#include "server/settings.h"
#include "tests/unit/defaults.h"

enum { HELD_MAX = 32, HEARD_MAX = 4 * 1024 * 1024 };

static struct event_base *base;
static int client = -1;
static struct request *held[HELD_MAX];
static size_t nheld;
static char *heard; /* everything that the client received */
static size_t nheard;
static bool is_over; /* the client saw the end */
static struct session person;

/* "now" answers at once, "big" with too much, everything else waits for the test. */
static void take(struct request *rq, bool automatic)
{
	(void)automatic;
	if (strcmp(rq->method, "now") == 0) {
		request_result(rq, "{\"done\":true}", 13);
	} else if (strcmp(rq->method, "big") == 0) {
		size_t len = (size_t)settings.answer_bytes + 1;
		char *text = malloc(len);
		assert_non_null(text);
		memset(text, ' ', len);
		request_result(rq, text, len);
		free(text);
	} else if (strcmp(rq->method, "sign") == 0) {
		peer_attach(rq->peer, &person);
		request_result(rq, "{}", 2);
	} else {
		assert_true(nheld < HELD_MAX);
		held[nheld++] = rq;
	}
}

static bool is_alone(const char *method)
{
	return strncmp(method, "sign", 4) == 0;
}

static const struct peer_handler fake = { .take = take, .is_alone = is_alone };

/* Turns the loop until nothing moves any more. */
static void pump(void)
{
	for (int still = 0; still < 3;) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		ssize_t n = is_over ? 0 : read(client, heard + nheard, HEARD_MAX - nheard - 1);
		if (n > 0)
			nheard += (size_t)n;
		else if (n == 0 || errno != EAGAIN)
			is_over = true;
		still = n > 0 ? 0 : still + 1;
	}
	heard[nheard] = '\0';
}

static void say(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(client, bytes, len);
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
		pump();
		if (n < 0 && errno != EAGAIN)
			return;
	}
	pump();
}

static void ask(int id, const char *method)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\"}\n", id, method);
	say(line, (size_t)n);
}

static size_t count(const char *what)
{
	size_t n = 0;
	for (const char *p = heard; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static int setup(void **state)
{
	(void)state;
	int pair[2];
	signal(SIGPIPE, SIG_IGN);
	settings_defaults();
	memset(&person, 0, sizeof(person));
	person.interactive = true;
	base = event_base_new();
	heard = calloc(1, HEARD_MAX);
	assert_non_null(heard);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	client = pair[0];
	fcntl(client, F_SETFL, O_NONBLOCK);
	evutil_make_socket_nonblocking(pair[1]);
	nheld = nheard = 0;
	is_over = false;
	peer_set_handler(&fake);
	peer_new(bufferevent_socket_new(base, pair[1], BEV_OPT_CLOSE_ON_FREE), NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	while (nheld > 0)
		request_refuse(held[--nheld], ERR_BUSY, NULL);
	peer_close_all();
	event_base_loop(base, EVLOOP_NONBLOCK); /* libevent frees what was closed in a later turn */
	close(client);
	free(heard);
	event_base_free(base);
	return 0;
}

static void release(size_t i, const char *json)
{
	request_result(held[i], json, strlen(json));
	memmove(&held[i], &held[i + 1], (--nheld - i) * sizeof(held[0]));
	pump();
}

static void answers_leave_in_the_order_of_the_requests(void **state)
{
	(void)state;
	ask(1, "wait");
	ask(2, "wait");
	ask(3, "now");
	assert_int_equal(nheard, 0);
	release(1, "\"second\"");
	assert_int_equal(nheard, 0);
	release(0, "\"first\"");
	assert_string_equal(heard, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"first\"}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"second\"}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"done\":true}}\n");
}

static void a_request_may_come_byte_by_byte(void **state)
{
	(void)state;
	const char line[] = "{\"id\":\"a\",\"method\":\"now\",\"params\":{}}\r\n";
	for (size_t i = 0; i < sizeof(line) - 1; i++)
		say(&line[i], 1);
	assert_string_equal(heard, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{\"done\":true}}\n");
}

static void a_line_that_is_no_json_is_answered_and_ends_the_connection(void **state)
{
	(void)state;
	ask(1, "wait");
	say("nonsense\n{\"id\":3,\"method\":\"now\"}\n", 34);
	assert_int_equal(nheard, 0);
	release(0, "1");
	assert_non_null(strstr(heard, "\"id\":1,\"result\":1"));
	assert_non_null(strstr(heard, "\"id\":null,\"error\":{\"code\":-32700,"));
	assert_int_equal(count("\n"), 2);
	assert_true(is_over);
}

static void a_line_that_is_no_utf8_is_answered_and_ends_the_connection(void **state)
{
	(void)state;
	say("{\"id\":1,\"method\":\"n\xc0\xaf\"}\n", 24);
	assert_non_null(strstr(heard, "\"code\":-32700,"));
	assert_true(is_over);
}

static void json_that_is_no_request_keeps_the_connection(void **state)
{
	(void)state;
	static const char *const lines[] = { "[]\n", "{}\n", "{\"id\":1}\n", "{\"method\":\"now\"}\n",
		"{\"id\":1.5,\"method\":\"now\"}\n", "{\"id\":1,\"method\":\"now\",\"params\":[]}\n",
		"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"now\"}\n" };
	for (size_t i = 0; i < NITEMS(lines); i++)
		say(lines[i], strlen(lines[i]));
	assert_int_equal(count("\"code\":-32600,"), NITEMS(lines));
	assert_int_equal(count("\"data\":{\"code\":\"invalid\"}"), NITEMS(lines));
	ask(9, "now");
	assert_non_null(strstr(heard, "\"id\":9,\"result\""));
	assert_false(is_over);
}

/* A request of exactly n bytes before its line feed. */
static void ask_long(size_t n)
{
	char *line = malloc(n + 1);
	assert_non_null(line);
	int head = snprintf(line, n, "{\"id\":1,\"method\":\"now\",\"params\":{}");
	memset(line + head, ' ', n - (size_t)head - 1);
	line[n - 1] = '}';
	line[n] = '\n';
	say(line, n + 1);
	free(line);
}

static void a_stranger_may_send_4_kib_a_line(void **state)
{
	(void)state;
	ask_long(4096);
	assert_non_null(strstr(heard, "\"id\":1,\"result\""));
	ask_long(4097);
	assert_non_null(strstr(heard, "\"data\":{\"code\":\"too_big\"}"));
	assert_true(is_over);
}

static void whoever_is_signed_in_may_send_64_kib_a_line(void **state)
{
	(void)state;
	ask(1, "sign");
	ask_long(65536);
	assert_int_equal(count("\"result\""), 2);
	ask_long(65537);
	assert_non_null(strstr(heard, "\"data\":{\"code\":\"too_big\"}"));
	assert_true(is_over);
}

static void an_endless_line_ends_before_it_is_over(void **state)
{
	(void)state;
	char bytes[8192];
	memset(bytes, 'x', sizeof(bytes));
	say(bytes, sizeof(bytes));
	assert_non_null(strstr(heard, "too_big"));
	assert_true(is_over);
}

static void nesting_without_end_is_refused(void **state)
{
	(void)state;
	char line[3000] = "{\"id\":1,\"method\":\"now\",\"params\":{\"a\":";
	size_t n = strlen(line);
	memset(line + n, '[', sizeof(line) - n);
	line[sizeof(line) - 1] = '\n';
	say(line, sizeof(line));
	assert_int_equal(count("\"error\""), 1);
	assert_true(is_over);
}

static void the_ninth_request_waits_until_one_is_answered(void **state)
{
	(void)state;
	for (int i = 1; i <= 10; i++)
		ask(i, "wait");
	assert_int_equal(nheld, 8);
	release(0, "1");
	assert_int_equal(nheld, 8); /* seven of before and the ninth */
	while (nheld > 0)
		release(0, "1");
	assert_int_equal(count("\"result\""), 10);
}

static void nothing_is_taken_beside_a_sign_in(void **state)
{
	(void)state;
	ask(1, "wait");
	ask(2, "sign_later");
	ask(3, "wait");
	assert_int_equal(nheld, 1); /* the sign-in waits for what came before */
	release(0, "1");
	assert_int_equal(nheld, 1);
	assert_string_equal(held[0]->method, "sign_later");
	peer_attach(held[0]->peer, &person);
	release(0, "1");
	assert_int_equal(nheld, 1); /* and what came after acts for who signed in */
	assert_ptr_equal(held[0]->session, &person);
	assert_int_equal(person.uses, 1);
}

static void a_late_request_is_indeterminate_and_its_result_is_dropped(void **state)
{
	(void)state;
	ask(1, "wait");
	ask(2, "now");
	assert_true(request_is_wanted(held[0]));
	peer_sweep(loop_now() + 6);
	pump();
	assert_non_null(strstr(heard, "\"id\":1,\"error\":{\"code\":-32000,"));
	assert_non_null(strstr(heard, "\"data\":{\"code\":\"indeterminate\"}"));
	assert_non_null(strstr(heard, "\"id\":2,\"result\""));
	assert_false(request_is_wanted(held[0]));
	size_t before = nheard;
	release(0, "\"late\"");
	assert_int_equal(nheard, before);
	ask(3, "now");
	assert_non_null(strstr(heard, "\"id\":3,\"result\""));
}

static void a_sign_in_that_never_started_is_busy(void **state)
{
	(void)state;
	ask(1, "wait");
	ask(2, "sign");
	peer_sweep(loop_now() + 6);
	pump();
	assert_non_null(strstr(heard, "\"code\":\"indeterminate\""));
	assert_non_null(strstr(heard, "\"code\":\"busy\""));
	assert_int_equal(person.peers, 0);
}

static void an_answer_over_the_cap_becomes_too_big(void **state)
{
	(void)state;
	ask(1, "big");
	assert_non_null(strstr(heard, "\"data\":{\"code\":\"too_big\"}"));
	assert_true(nheard < 1000);
	assert_false(is_over);
}

static void a_stranger_has_ten_seconds_to_sign_in(void **state)
{
	(void)state;
	ask(1, "now");
	peer_sweep(loop_now() + 9);
	pump();
	assert_false(is_over);
	peer_sweep(loop_now() + 11);
	pump();
	assert_true(is_over);
}

static void an_unfinished_line_has_five_seconds(void **state)
{
	(void)state;
	ask(1, "sign");
	say("{\"id\":", 6);
	peer_sweep(loop_now() + 4);
	pump();
	assert_false(is_over);
	peer_sweep(loop_now() + 6);
	pump();
	assert_true(is_over);
	assert_int_equal(person.peers, 0);
}

static void silence_ends_a_connection_after_ninety_seconds(void **state)
{
	(void)state;
	ask(1, "sign");
	peer_sweep(loop_now() + 80);
	pump();
	assert_false(is_over);
	peer_sweep(loop_now() + 91);
	pump();
	assert_true(is_over);
}

static void answering_a_client_that_left_changes_nothing(void **state)
{
	(void)state;
	ask(1, "wait");
	close(client);
	client = open("/dev/null", O_RDONLY);
	for (int i = 0; i < 10; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	peer_sweep(loop_now());
	request_result(held[0], "1", 1);
	nheld = 0;
	for (int i = 0; i < 10; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	peer_sweep(loop_now() + 2);
	assert_int_equal(peer_count(), 0);
}

static void a_client_that_only_stops_sending_still_gets_its_answers(void **state)
{
	(void)state;
	ask(1, "wait");
	shutdown(client, SHUT_WR);
	pump();
	release(0, "\"yes\"");
	assert_non_null(strstr(heard, "\"result\":\"yes\""));
	assert_true(is_over);
}

static void notifications_come_between_answers(void **state)
{
	(void)state;
	ask(1, "sign");
	ask(2, "wait");
	peer_notify_session(&person, "{\"method\":\"locked\"}");
	pump();
	assert_non_null(strstr(heard, "\"result\":{}}\n{\"method\":\"locked\"}\n"));
	peer_detach_others(&person, NULL, "{\"method\":\"signed_out\"}");
	pump();
	assert_non_null(strstr(heard, "{\"method\":\"signed_out\"}\n"));
	assert_int_equal(person.peers, 0);
	assert_int_equal(person.uses, 2 - 1); /* the waiting request still borrows it */
}

static void no_more_strangers_than_allowed_get_in(void **state)
{
	(void)state;
	settings.connections_stranger = 1;
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	peer_new(bufferevent_socket_new(base, pair[1], BEV_OPT_CLOSE_ON_FREE), NULL);
	char byte;
	assert_int_equal(peer_count(), 1);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(read(pair[0], &byte, 1), 0);
	close(pair[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(answers_leave_in_the_order_of_the_requests),
		T(a_request_may_come_byte_by_byte),
		T(a_line_that_is_no_json_is_answered_and_ends_the_connection),
		T(a_line_that_is_no_utf8_is_answered_and_ends_the_connection),
		T(json_that_is_no_request_keeps_the_connection),
		T(a_stranger_may_send_4_kib_a_line),
		T(whoever_is_signed_in_may_send_64_kib_a_line),
		T(an_endless_line_ends_before_it_is_over),
		T(nesting_without_end_is_refused),
		T(the_ninth_request_waits_until_one_is_answered),
		T(nothing_is_taken_beside_a_sign_in),
		T(a_late_request_is_indeterminate_and_its_result_is_dropped),
		T(a_sign_in_that_never_started_is_busy),
		T(an_answer_over_the_cap_becomes_too_big),
		T(a_stranger_has_ten_seconds_to_sign_in),
		T(an_unfinished_line_has_five_seconds),
		T(silence_ends_a_connection_after_ninety_seconds),
		T(answering_a_client_that_left_changes_nothing),
		T(a_client_that_only_stops_sending_still_gets_its_answers),
		T(notifications_come_between_answers),
		T(no_more_strangers_than_allowed_get_in),
#undef T
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
