/*
 * gate.c - see gate.h.
 *
 * Not for: tests. Trap: a cut line is the client's socket shut down in both directions, so what the server has answered
 * meanwhile is lost with it.
 */
#include "tests/screen/gate.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/node.h"

enum { PATIENCE_MS = 20000, TURN_MS = 20 };

static void turn(struct gate *g)
{
	struct pollfd p = { .fd = link_fd(g->link), .events = link_events(g->link) };
	int64_t wait = link_deadline(g->link) - link_now();

	poll(&p, p.fd >= 0 ? 1 : 0, wait >= 0 && wait < TURN_MS ? (int)wait : TURN_MS);
	link_turn(g->link);
}

static void read_key(struct gate *g, const char *hex)
{
	for (size_t i = 0; i < JOURNAL_KEY_BYTES; i++) {
		unsigned int byte = 0;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		g->key[i] = (unsigned char)byte;
	}
}

static void answered(void *ctx, const struct answer *a)
{
	struct gate *g = ctx;
	const struct node *id = node_get(a->result, "id"), *counter = node_get(a->result, "counter");
	const char *token = node_str(node_get(a->result, "token")), *key = node_str(node_get(a->result, "key"));

	if (a->code != OK)
		fail_msg("%s: %s", g->terminal, a->message);
	if (token != NULL)
		link_set_token(g->link, token);
	if (key != NULL) {
		read_key(g, key);
		g->counter = (uint64_t)counter->i;
		snprintf(g->tag, sizeof(g->tag), "%s", node_str(node_get(a->result, "tag")));
	}
	g->number = id != NULL && id->type == NODE_INT ? id->i : 0;
	g->is_answered = true;
}

void gate_call(struct gate *g, const char *method, const char *params)
{
	int64_t until = link_now() + PATIENCE_MS;

	g->is_answered = false;
	assert_true(link_ask(g->link, method, params, 0, answered, g) != 0);
	while (!g->is_answered && link_now() < until)
		turn(g);
	assert_true(g->is_answered);
}

static void all_taken(void *ctx)
{
	struct gate *g = ctx;

	g->taken += g->in.taken;
	g->refused += g->in.refused;
}

static void broken(void *ctx)
{
	const struct gate *g = ctx;

	fail_msg("the journal of %s is broken: counter %llu", g->terminal, (unsigned long long)g->counter);
}

struct gate *gate_new(const char *staff, const char *terminal, const char *folder, const char *server)
{
	struct gate *g = calloc(1, sizeof(*g));
	const struct link_owner owner = { .ctx = g };
	char params[256];

	assert_non_null(g);
	g->staff = staff;
	snprintf(g->terminal, sizeof(g->terminal), "%s", terminal);
	snprintf(g->path, sizeof(g->path), "%s/%s.journal", folder, terminal);
	assert_int_equal(link_new(&g->link, &(struct link_setup){ .server = server, .terminal = g->terminal, .retry_first = 1, .retry_most = 50 }, &owner), OK);
	g->in = (struct handin){ .link = g->link, .all_taken = all_taken, .broken = broken, .ctx = g };
	snprintf(params, sizeof(params), "{\"staff\":\"%s\",\"password\":\"lodge-demo\",\"terminal\":\"%s\"}", staff, g->terminal);
	gate_call(g, "sign_in", params);
	gate_call(g, "journal.key", "{}");
	return g;
}

void gate_free(struct gate *g)
{
	if (g == NULL)
		return;
	gate_close(g);
	link_free(g->link);
	free(g);
}

struct journal_found gate_open(struct gate *g)
{
	struct journal_found found;

	gate_close(g);
	assert_int_equal(journal_open(&g->in.journal, g->path, g->key, &found), OK);
	if (found.waiting == 0)
		assert_int_equal(journal_start(g->in.journal, g->counter, g->tag), OK);
	return found;
}

/* As when the program dies: nobody hears the answers to what is under way. */
void gate_close(struct gate *g)
{
	link_forget_ctx(g->link, &g->in);
	g->in.under_way = 0;
	g->in.is_halted = false;
	journal_close(g->in.journal);
	g->in.journal = NULL;
}

bool gate_record(struct gate *g, const char *method, const char *params)
{
	time_t now = time(NULL);
	struct tm utc;
	char at[32], text[1024];

	gmtime_r(&now, &utc);
	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &utc);
	snprintf(text, sizeof(text), "{\"at\":\"%s\",\"by\":\"%s\",\"method\":\"%s\",\"params\":%s}", at, g->staff, method, params);
	return journal_add(g->in.journal, text) == OK;
}

bool gate_turn(struct gate *g, int cut)
{
	if (journal_waiting(g->in.journal) == 0)
		return false;
	if (link_state(g->link) == LINK_READY) {
		handin_turn(&g->in);
		link_turn(g->link);
	}
	if (link_fd(g->link) >= 0 && rand() % 1000 < cut) {
		shutdown(link_fd(g->link), SHUT_RDWR);
		g->cuts++;
	}
	turn(g);
	return true;
}

void gate_deliver(struct gate *g, int cut)
{
	size_t waiting = journal_waiting(g->in.journal);
	int64_t until = link_now() + PATIENCE_MS;

	while (gate_turn(g, cut)) {
		if (journal_waiting(g->in.journal) < waiting) {
			waiting = journal_waiting(g->in.journal);
			until = link_now() + PATIENCE_MS;
		}
		if (link_now() > until)
			fail_msg("%s: %zu records wait, and none goes on", g->terminal, waiting);
	}
	gate_call(g, "journal.key", "{}");
}
