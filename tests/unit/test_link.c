/*
 * test_link.c - the link against a server played by the test itself, in one thread.
 *
 * Not for: the real server's answers (tests/flow). Trap: nothing here sleeps for a fixed time; each
 * wait ends when the thing happened or a deadline passed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/link.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/node.h"

struct stage {
	char folder[64], path[96], address[128];
	int listener, peer;
	char in[8192];        /* what the peer has read and not yet used */
	size_t nin;
	char line[8192];      /* the last request */
	struct link *link;
	int answers, notices;
	enum err code;
	char text[64], notice[64];
};

static void on_answer(void *ctx, const struct answer *a)
{
	struct stage *s = ctx;
	const char *word = node_str(node_get(a->result, "word"));

	s->answers++;
	s->code = a->code;
	snprintf(s->text, sizeof s->text, "%s", word != NULL ? word : "");
}

static void on_notice(void *ctx, const char *method, const struct node *params)
{
	struct stage *s = ctx;

	(void)params;
	if (strcmp(method, "hello") == 0)
		return;
	s->notices++;
	snprintf(s->notice, sizeof s->notice, "%s", method);
}

static void listen_at(struct stage *s)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	memcpy(at.sun_path, s->path, strlen(s->path) + 1);
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(s->listener, 8), 0);
}

static int stage_set(void **state)
{
	struct stage *s = calloc(1, sizeof *s);
	struct link_owner owner = {.notice = on_notice, .ctx = s};
	struct link_setup setup = {.terminal = "test-1", .retry_first = 1, .retry_most = 20};

	snprintf(s->folder, sizeof s->folder, "/tmp/lodge-link-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof s->path, "%s/s", s->folder);
	snprintf(s->address, sizeof s->address, "unix:%s", s->path);
	s->peer = -1;
	listen_at(s);
	setup.server = s->address;
	assert_int_equal(link_new(&s->link, &setup, &owner), OK);
	*state = s;
	return 0;
}

static int stage_clear(void **state)
{
	struct stage *s = *state;

	link_free(s->link);
	close(s->listener);
	if (s->peer >= 0)
		close(s->peer);
	unlink(s->path);
	rmdir(s->folder);
	free(s);
	return 0;
}

static void turn(struct stage *s)
{
	struct pollfd p = {.fd = link_fd(s->link), .events = link_events(s->link)};

	poll(&p, p.fd >= 0 ? 1 : 0, 2);
	link_turn(s->link);
}

/* The next request that reaches the server, as s->line. */
static bool hears(struct stage *s)
{
	for (int i = 0; i < 1000; i++) {
		char *end = memchr(s->in, '\n', s->nin);
		ssize_t n;

		if (end != NULL) {
			size_t len = (size_t)(end - s->in);

			snprintf(s->line, sizeof s->line, "%.*s", (int)len, s->in);
			s->nin -= len + 1;
			memmove(s->in, end + 1, s->nin);
			return true;
		}
		turn(s);
		if (s->peer < 0)
			s->peer = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK);
		n = s->peer < 0 ? -1 : recv(s->peer, s->in + s->nin, sizeof s->in - s->nin, 0);
		if (n > 0)
			s->nin += (size_t)n;
	}
	return false;
}

static void says(struct stage *s, const char *line)
{
	assert_int_equal(send(s->peer, line, strlen(line), MSG_NOSIGNAL), (ssize_t)strlen(line));
}

/* Answers the request in s->line with the given member. */
static void replies(struct stage *s, const char *member)
{
	const char *id = strstr(s->line, "\"id\":");
	char line[512];

	assert_non_null(id);
	snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%ld,%s}\n", strtol(id + 5, NULL, 10),
	         member);
	says(s, line);
}

static void greets(struct stage *s)
{
	assert_true(hears(s));
	assert_non_null(strstr(s->line, "\"hello\""));
	replies(s, "\"result\":{}");
}

static void hangs_up(struct stage *s)
{
	close(s->peer);
	s->peer = -1;
	s->nin = 0;
}

static void answered(struct stage *s, int times)
{
	for (int i = 0; i < 1000 && s->answers < times; i++)
		turn(s);
	assert_int_equal(s->answers, times);
}

static void an_answer_reaches_who_asked(void **state)
{
	struct stage *s = *state;

	assert_true(link_ask(s->link, "unit.get", "{\"code\":\"7-1203\"}", 0, on_answer, s) > 0);
	greets(s);
	assert_true(hears(s));
	assert_non_null(strstr(s->line, "\"params\":{\"code\":\"7-1203\"}"));
	replies(s, "\"result\":{\"word\":\"here\"}");
	answered(s, 1);
	assert_int_equal(s->code, OK);
	assert_string_equal(s->text, "here");
	assert_int_equal(link_state(s->link), LINK_READY);
}

static void an_error_brings_its_code(void **state)
{
	struct stage *s = *state;

	link_ask(s->link, "loan.approve", NULL, 0, on_answer, s);
	greets(s);
	assert_true(hears(s));
	replies(s, "\"error\":{\"code\":-32000,\"message\":\"No.\",\"data\":{\"code\":\"refused\"}}");
	answered(s, 1);
	assert_int_equal(s->code, ERR_REFUSED);
}

static void a_write_is_sent_again_unchanged_after_a_break(void **state)
{
	struct stage *s = *state;
	char first[8192];

	link_set_token(s->link, "abcd");
	link_ask(s->link, "loan.approve", "{\"op_id\":\"one\"}", 0, on_answer, s);
	greets(s);
	assert_true(hears(s));
	memcpy(first, s->line, sizeof first);
	hangs_up(s);
	assert_true(hears(s));
	assert_non_null(strstr(s->line, "\"token\":\"abcd\""));
	assert_int_not_equal(link_state(s->link), LINK_READY);
	replies(s, "\"result\":{}");
	assert_true(hears(s));
	assert_string_equal(s->line, first);
	replies(s, "\"result\":{\"word\":\"receipt\"}");
	answered(s, 1);
	assert_string_equal(s->text, "receipt");
}

static void what_may_go_out_once_fails_when_the_link_breaks(void **state)
{
	struct stage *s = *state;

	link_ask(s->link, "unlock", "{}", LINK_ONCE, on_answer, s);
	greets(s);
	assert_true(hears(s));
	hangs_up(s);
	answered(s, 1);
	assert_int_equal(s->code, ERR_DEGRADED);
}

static void a_forgotten_answer_is_dropped(void **state)
{
	struct stage *s = *state;
	uint64_t first = link_ask(s->link, "a.get", NULL, 0, on_answer, s);

	link_ask(s->link, "b.get", NULL, 0, on_answer, s);
	link_forget(s->link, first);
	greets(s);
	assert_true(hears(s));
	replies(s, "\"result\":{\"word\":\"late\"}");
	assert_true(hears(s));
	replies(s, "\"result\":{\"word\":\"wanted\"}");
	answered(s, 1);
	assert_string_equal(s->text, "wanted");
}

static void no_more_than_eight_requests_wait_at_the_server(void **state)
{
	struct stage *s = *state;
	char eighth[8192];

	for (int i = 0; i < 12; i++)
		link_ask(s->link, "a.get", NULL, 0, on_answer, s);
	greets(s);
	for (int i = 0; i < 8; i++)
		assert_true(hears(s));
	memcpy(eighth, s->line, sizeof eighth);
	for (int i = 0; i < 20; i++)
		turn(s);
	assert_int_equal(recv(s->peer, s->in, sizeof s->in, 0), -1);
	replies(s, "\"result\":{}");
	assert_true(hears(s));
	assert_string_not_equal(s->line, eighth);
}

static void an_indeterminate_write_is_asked_again(void **state)
{
	struct stage *s = *state;

	link_ask(s->link, "loan.approve", "{\"op_id\":\"one\"}", 0, on_answer, s);
	greets(s);
	assert_true(hears(s));
	replies(s, "\"error\":{\"code\":-32000,\"message\":\"\",\"data\":{\"code\":\"indeterminate\"}}");
	assert_true(hears(s));
	replies(s, "\"result\":{\"word\":\"receipt\"}");
	answered(s, 1);
	assert_string_equal(s->text, "receipt");
}

static void a_session_that_is_gone_signs_out_and_fails_what_waits(void **state)
{
	struct stage *s = *state;

	link_set_token(s->link, "abcd");
	link_ask(s->link, "loan.approve", NULL, 0, on_answer, s);
	assert_true(hears(s));
	replies(s, "\"error\":{\"code\":-32000,\"message\":\"\",\"data\":{\"code\":\"forbidden\"}}");
	answered(s, 1);
	assert_int_equal(s->code, ERR_LOCKED);
	assert_string_equal(s->notice, "signed_out");
}

static void a_notification_reaches_the_owner(void **state)
{
	struct stage *s = *state;

	link_set_token(s->link, "abcd");
	greets(s);
	says(s, "{\"jsonrpc\":\"2.0\",\"method\":\"changed\",\"params\":{\"id\":7}}\n");
	for (int i = 0; i < 1000 && s->notices == 0; i++)
		turn(s);
	assert_string_equal(s->notice, "changed");
}

static void bytes_that_are_no_message_end_the_connection_only(void **state)
{
	struct stage *s = *state;

	link_set_token(s->link, "abcd");
	greets(s);
	says(s, "\xff\xfe{]\n");
	for (int i = 0; i < 1000 && link_state(s->link) != LINK_OFFLINE; i++)
		turn(s);
	assert_int_equal(link_state(s->link), LINK_OFFLINE);
	hangs_up(s);
	greets(s);
}

static void a_stranger_with_nothing_to_ask_stays_away(void **state)
{
	struct stage *s = *state;

	for (int i = 0; i < 5; i++)
		turn(s);
	assert_int_equal(link_state(s->link), LINK_OFFLINE);
	assert_int_equal(link_deadline(s->link), -1);
	assert_int_equal(link_offline_seconds(s->link), 0);
}

static void an_address_of_no_known_kind_is_refused(void **state)
{
	static const char *const bad[] = {"", "unix:", "tcp:host:1", "tls:host", "/tmp/s"};
	struct link_owner owner = {.ctx = NULL};
	struct link *l = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct link_setup setup = {.server = bad[i], .terminal = "t"};

		assert_int_equal(link_new(&l, &setup, &owner), ERR_INVALID);
	}
}

#define WITH_STAGE(f) cmocka_unit_test_setup_teardown(f, stage_set, stage_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STAGE(an_answer_reaches_who_asked),
		WITH_STAGE(an_error_brings_its_code),
		WITH_STAGE(a_write_is_sent_again_unchanged_after_a_break),
		WITH_STAGE(what_may_go_out_once_fails_when_the_link_breaks),
		WITH_STAGE(a_forgotten_answer_is_dropped),
		WITH_STAGE(no_more_than_eight_requests_wait_at_the_server),
		WITH_STAGE(an_indeterminate_write_is_asked_again),
		WITH_STAGE(a_session_that_is_gone_signs_out_and_fails_what_waits),
		WITH_STAGE(a_notification_reaches_the_owner),
		WITH_STAGE(bytes_that_are_no_message_end_the_connection_only),
		WITH_STAGE(a_stranger_with_nothing_to_ask_stays_away),
		cmocka_unit_test(an_address_of_no_known_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
