/*
 * link.c - see link.h: the queue of requests, the states of the connection, JSON lines.
 *
 * Requests wait in one list in the order asked. At most LINK_FLIGHT are on the wire, because the
 * server takes no more of one connection. When the connection breaks all of them count as unsent.
 * Not for: sockets (wire.c). Trap: callbacks may ask, forget and take; while one runs, the list is
 * only ever shortened after the callback returned (asks.c).
 */
#include "client/link.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "client/asks.h"
#include "client/stand_in.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/i18n.h"
#include "common/node.h"

enum {
	LINK_FLIGHT = 8,                 /* the server's limit of waiting requests a connection */
	LINK_ANSWER_MAX = 1024 * 1024 + 4096,
	LINK_ARENA_MAX = 32 * 1024 * 1024,
	LINK_DEPTH = 16,
	LINK_RETRY_FIRST = 100,          /* ms; doubled up to LINK_RETRY_MOST, with jitter */
	LINK_RETRY_MOST = 5000,
	LINK_SILENCE = 12000,            /* ms without the answer that is due: the connection is dead */
	LINK_AGAIN_TRIES = 5,            /* how often an indeterminate answer is asked again */
	LINK_AGAIN_WAIT = 500,
	LINK_STAND_IN_MS = 1500,         /* so long a break is waited for */
	LINK_STRANGER_WAIT = 30000,      /* ms: a connection without a session is cut by the server, and not made anew at once */
};

struct link {
	struct wire *wire;
	struct wire_keys keys;
	struct link_owner owner;
	enum link_state state;
	char *terminal, *token;
	char lang[16];
	struct asks asks;
	uint64_t greeting;          /* greeting: id of the hello under way, 0 = none */
	struct buf in, out;
	size_t scanned;             /* bytes of .in known to hold no newline */
	struct arena *arena;        /* the message being handled */
	int64_t lost_at, retry_at, retry_first, retry_most;
	int attempts;
	bool is_alone;
	struct stand_in stand_in;
};

/* From each state, the states that may follow. */
static const unsigned next_states[LINK_END] = {
	[LINK_OFFLINE] = 1U << LINK_CONNECTING,
	[LINK_CONNECTING] = 1U << LINK_OFFLINE | 1U << LINK_GREETING,
	[LINK_GREETING] = 1U << LINK_OFFLINE | 1U << LINK_READY,
	[LINK_READY] = 1U << LINK_OFFLINE,
};

static void link_set_state(struct link *l, enum link_state state)
{
	assert((next_states[l->state] & 1U << state) != 0);
	l->state = state;
	if (l->owner.changed != NULL)
		l->owner.changed(l->owner.ctx);
}

int64_t link_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool is_spent(const struct ask *a, uint64_t unused)
{
	(void)unused;
	return (a->flags & LINK_ONCE) != 0 && a->tries > 0;
}

static bool is_unsent_until(const struct ask *a, uint64_t last_id)
{
	return !a->is_sent && a->id <= last_id;
}

/* ---- the connection ---- */

/* Nobody signed in and nothing asked: a stranger's connection would only be cut again. */
static bool has_no_reason(const struct link *l)
{
	return l->token == NULL && l->asks.first == NULL && !l->is_alone;
}

static bool needs_session(const struct ask *a, uint64_t unused)
{
	(void)unused;
	return (a->flags & LINK_STRANGER) == 0;
}

static int64_t back_off(struct link *l)
{
	int64_t wait = l->retry_first;
	uint16_t dice = 0;

	for (int i = 1; i < l->attempts && wait < l->retry_most; i++)
		wait *= 2;
	if (wait > l->retry_most)
		wait = l->retry_most;
	/* Half to one and a half times: sixteen desks must not come back in the same instant. */
	if (getrandom(&dice, sizeof dice, 0) == (ssize_t)sizeof dice)
		wait = wait / 2 + wait * dice / 65536;
	return wait;
}

static void link_lose(struct link *l)
{
	struct ask *a;

	wire_close(l->wire);
	buf_reset(&l->in);
	buf_reset(&l->out);
	l->scanned = 0;
	if (l->greeting != 0 && (a = asks_find(&l->asks, l->greeting)) != NULL)
		asks_remove(&l->asks, a);
	l->greeting = 0;
	if (l->lost_at == 0 && !has_no_reason(l))
		l->lost_at = link_now();
	l->attempts++;
	l->retry_at = link_now() + (l->attempts > 1 ? back_off(l) : l->is_alone ? LINK_STRANGER_WAIT : 0);
	for (a = l->asks.first; a != NULL; a = a->next)
		a->is_sent = false;
	link_set_state(l, LINK_OFFLINE);
	asks_fail(&l->asks, is_spent, 0, ERR_DEGRADED, tr("The link to the server is lost."));
}

static void hello_answered(void *ctx, const struct answer *answer)
{
	struct link *l = ctx;
	bool resumed = l->token != NULL;

	l->greeting = 0;
	l->attempts = 0;
	l->lost_at = 0;
	link_set_state(l, LINK_READY);
	if (answer->code != OK && resumed) {
		link_set_token(l, NULL);
		if (l->owner.notice != NULL)
			l->owner.notice(l->owner.ctx, "signed_out", NULL);
	} else if (l->owner.notice != NULL) {
		l->owner.notice(l->owner.ctx, "hello", answer->result);
	}
}

static void link_greet(struct link *l)
{
	struct buf params;

	buf_init(&params, ASKS_REQUEST_MAX);
	buf_puts(&params, "{\"terminal\":");
	buf_json_str(&params, l->terminal);
	if (l->lang[0] != '\0') {
		buf_puts(&params, ",\"lang\":");
		buf_json_str(&params, l->lang);
	}
	if (l->token != NULL) {
		buf_puts(&params, ",\"token\":");
		buf_json_str(&params, l->token);
	}
	buf_puts(&params, "}");
	link_set_state(l, LINK_GREETING);
	if (!params.failed)
		l->greeting = link_ask(l, "hello", params.data, LINK_ONCE | LINK_STRANGER, hello_answered, l);
	buf_done(&params);
	if (l->greeting == 0)
		link_lose(l);
}

static void link_connect(struct link *l)
{
	if (l->state == LINK_OFFLINE)
		link_set_state(l, LINK_CONNECTING);
	switch (wire_connect(l->wire)) {
	case WIRE_DONE:
		link_greet(l);
		break;
	case WIRE_LOST:
		link_lose(l);
		break;
	case WIRE_AGAIN:
	case WIRE_UNSET:
		break;
	}
}

/* ---- messages ---- */

static enum err error_code(const struct node *error)
{
	const char *word = node_str(node_get(node_get(error, "data"), "code"));

	return word != NULL ? err_of_word(word) : ERR_METHOD;
}

/* An indeterminate write is asked again with its op_id: the server answers the first receipt. */
static bool ask_again(struct ask *a, enum err code)
{
	if (code != ERR_INDETERMINATE || (a->flags & LINK_ONCE) != 0 || a->tries > LINK_AGAIN_TRIES)
		return false;
	a->is_sent = false;
	a->not_before = link_now() + LINK_AGAIN_WAIT;
	return true;
}

static void take_answer(struct link *l, const struct node *message, const struct node *id)
{
	struct ask *a = asks_find(&l->asks, (uint64_t)id->i);
	struct answer answer = {.result = node_get(message, "result"), .code = OK, .message = ""};

	if (a == NULL || !a->is_sent)
		return;
	answer.error = node_get(message, "error");
	if (answer.error != NULL) {
		const char *text = node_str(node_get(answer.error, "message"));

		answer.result = NULL;
		answer.code = error_code(answer.error);
		answer.message = text != NULL ? text : "";
		if (ask_again(a, answer.code))
			return;
	}
	asks_answer(&l->asks, a, &answer);
}

/* False: what came is no message, and the connection is given up. */
static bool take_line(struct link *l, const char *line, size_t len)
{
	struct node *message = NULL;
	const struct node *id;
	const char *method;

	if (l->arena == NULL)
		l->arena = arena_new(LINK_ARENA_MAX);
	if (l->arena == NULL || node_parse(l->arena, line, len, LINK_DEPTH, &message) != OK)
		return false;
	id = node_get(message, "id");
	method = node_str(node_get(message, "method"));
	if (id != NULL && id->type == NODE_INT)
		take_answer(l, message, id);
	else if (method != NULL && l->owner.notice != NULL)
		l->owner.notice(l->owner.ctx, method, node_get(message, "params"));
	if (l->arena != NULL)
		arena_reset(l->arena);
	return true;
}

static bool take_lines(struct link *l)
{
	size_t start = 0;
	char *end;

	while (l->state >= LINK_GREETING &&
	       (end = memchr(l->in.data + l->scanned, '\n', l->in.len - l->scanned)) != NULL) {
		size_t stop = (size_t)(end - l->in.data);

		if (!take_line(l, l->in.data + start, stop - start))
			return false;
		start = l->scanned = stop + 1;
	}
	if (l->state < LINK_GREETING)
		return true;
	memmove(l->in.data, l->in.data + start, l->in.len - start);
	l->in.len -= start;
	l->scanned = l->in.len;
	return true;
}

static bool link_read(struct link *l)
{
	char bytes[16384];
	size_t got = 0;

	for (;;) {
		switch (wire_read(l->wire, bytes, sizeof bytes, &got)) {
		case WIRE_DONE:
			buf_put(&l->in, bytes, got);
			explicit_bzero(bytes, got);
			if (l->in.failed || !take_lines(l))
				return false;
			if (l->state < LINK_GREETING)
				return true;
			break;
		case WIRE_AGAIN:
		case WIRE_UNSET:
			return true;
		case WIRE_LOST:
			return false;
		}
	}
}

/* Moves requests that may go into the output, as many as the server takes at once. */
static void link_pump(struct link *l)
{
	int64_t now = link_now();
	int flight = 0;

	for (const struct ask *a = l->asks.first; a != NULL; a = a->next)
		flight += a->is_sent;
	for (struct ask *a = l->asks.first; a != NULL && flight < LINK_FLIGHT; a = a->next) {
		bool may = l->state == LINK_READY || (l->state == LINK_GREETING && a->id == l->greeting);

		if (a->is_sent || a->is_running || !may || a->not_before > now || (l->is_alone && needs_session(a, 0)))
			continue;
		buf_put(&l->out, a->line, a->len);
		a->is_sent = true;
		a->sent_at = now;
		a->tries++;
		flight++;
	}
}

static bool link_write(struct link *l)
{
	size_t put = 0;

	while (l->out.len > 0) {
		switch (wire_write(l->wire, l->out.data, l->out.len, &put)) {
		case WIRE_DONE:
			l->out.len -= put;
			memmove(l->out.data, l->out.data + put, l->out.len);
			explicit_bzero(l->out.data + l->out.len, put);
			break;
		case WIRE_AGAIN:
		case WIRE_UNSET:
			return true;
		case WIRE_LOST:
			return false;
		}
	}
	return true;
}

/* ---- without the server ---- */

/* link_now() from which somebody stands in for the server; -1 = nobody does. */
static int64_t stand_in_from(const struct link *l)
{
	if (l->stand_in.answer == NULL)
		return -1;
	if (l->is_alone)
		return 0;
	return l->lost_at != 0 ? l->lost_at + LINK_STAND_IN_MS : -1;
}

/* The oldest request on the wire has waited longer than any server takes. */
static bool is_silent(const struct link *l)
{
	for (const struct ask *a = l->asks.first; a != NULL; a = a->next)
		if (a->is_sent && link_now() - a->sent_at > LINK_SILENCE)
			return true;
	return false;
}

void link_turn(struct link *l)
{
	if (stand_in_from(l) >= 0 && stand_in_from(l) <= link_now())
		stand_in_turn(&l->stand_in, &l->asks, &l->arena, LINK_ARENA_MAX);
	if (l->is_alone)
		asks_fail(&l->asks, needs_session, 0, ERR_DEGRADED, tr("This waits for the server: you are signed in without it."));
	if (l->state == LINK_OFFLINE && (has_no_reason(l) || link_now() < l->retry_at))
		return;
	if (l->state == LINK_OFFLINE || l->state == LINK_CONNECTING)
		link_connect(l);
	if (l->state < LINK_GREETING)
		return;
	link_pump(l);
	if (!link_write(l) || !link_read(l) || is_silent(l)) {
		if (l->state >= LINK_GREETING)
			link_lose(l);
		return;
	}
	if (l->state < LINK_GREETING)
		return;
	link_pump(l);
	if (!link_write(l))
		link_lose(l);
}

/* ---- the owner's side ---- */

enum err link_new(struct link **out, const struct link_setup *setup, const struct link_owner *owner)
{
	struct link *l = calloc(1, sizeof *l);
	enum err err;

	if (l == NULL)
		return ERR_NOMEM;
	l->keys = setup->keys;
	l->owner = *owner;
	l->retry_first = setup->retry_first > 0 ? setup->retry_first : LINK_RETRY_FIRST;
	l->retry_most = setup->retry_most > 0 ? setup->retry_most : LINK_RETRY_MOST;
	l->state = LINK_OFFLINE;
	buf_init(&l->in, LINK_ANSWER_MAX);
	buf_init(&l->out, LINK_FLIGHT * ASKS_REQUEST_MAX + ASKS_REQUEST_MAX);
	l->terminal = strdup(setup->terminal);
	err = l->terminal == NULL ? ERR_NOMEM : wire_new(&l->wire, setup->server, &l->keys);
	if (err != OK) {
		link_free(l);
		return err;
	}
	*out = l;
	return OK;
}

void link_free(struct link *l)
{
	if (l == NULL)
		return;
	asks_clear(&l->asks);
	if (l->token != NULL)
		explicit_bzero(l->token, strlen(l->token));
	free(l->token);
	free(l->terminal);
	wire_free(l->wire);
	buf_done(&l->in);
	buf_done(&l->out);
	if (l->arena != NULL)
		arena_free(l->arena);
	free(l);
}

enum link_state link_state(const struct link *l)
{
	return l->state;
}

int64_t link_offline_seconds(const struct link *l)
{
	return l->lost_at == 0 ? 0 : (link_now() - l->lost_at) / 1000;
}

int64_t link_offline_ms(const struct link *l)
{
	return l->lost_at == 0 ? 0 : link_now() - l->lost_at;
}

const char *link_why(const struct link *l)
{
	return wire_why(l->wire);
}

bool link_is_waiting(const struct link *l)
{
	return l->asks.first != NULL;
}

int link_fd(const struct link *l)
{
	return wire_fd(l->wire);
}

short link_events(const struct link *l)
{
	return wire_events(l->wire, l->out.len > 0);
}

/* This time, or that at which somebody stands in for the server, when something waits for him. */
static int64_t sooner_than(const struct link *l, int64_t at)
{
	int64_t from = stand_in_from(l);

	return from >= 0 && from < at && stand_in_is_asked(&l->asks) ? from : at;
}

int64_t link_deadline(const struct link *l)
{
	int64_t due = -1;

	for (const struct ask *a = l->asks.first; l->is_alone && a != NULL; a = a->next)
		if (needs_session(a, 0))
			return link_now();
	if (l->state == LINK_OFFLINE)
		return has_no_reason(l) ? -1 : sooner_than(l, l->retry_at);
	for (const struct ask *a = l->asks.first; a != NULL; a = a->next) {
		int64_t at = a->is_sent ? a->sent_at + LINK_SILENCE + 1 : a->not_before;

		/* An unsent one waits for a place on the wire, not for a time. */
		if ((a->is_sent || a->not_before > 0) && (due < 0 || at < due))
			due = at;
	}
	return due;
}

uint64_t link_ask(struct link *l, const char *method, const char *params, unsigned flags,
                  link_answer_cb *done, void *ctx)
{
	struct ask *a = asks_add(&l->asks, method, params);

	if (a == NULL)
		return 0;
	a->flags = flags;
	a->done = done;
	a->ctx = ctx;
	/* The caller goes on to poll: what fits is put into the output now, written by link_turn. */
	link_pump(l);
	return a->id;
}

void link_redirect(struct link *l, uint64_t request, link_answer_cb *done, void *ctx)
{
	struct ask *a = asks_find(&l->asks, request);

	if (a == NULL)
		return;
	a->done = done;
	a->ctx = ctx;
}

void link_forget(struct link *l, uint64_t request)
{
	link_redirect(l, request, NULL, NULL);
}

void link_drop(struct link *l, uint64_t request)
{
	struct ask *a = asks_find(&l->asks, request);

	link_forget(l, request);
	if (a != NULL && !a->is_sent && !a->is_running)
		asks_remove(&l->asks, a);
}

void link_forget_ctx(struct link *l, const void *ctx)
{
	for (struct ask *a = l->asks.first; a != NULL; a = a->next)
		if (a->ctx == ctx)
			a->done = NULL;
}

struct arena *link_take(struct link *l)
{
	struct arena *taken = l->arena;

	l->arena = NULL;
	return taken;
}

void link_set_token(struct link *l, const char *token)
{
	if (l->token != NULL)
		explicit_bzero(l->token, strlen(l->token));
	free(l->token);
	l->token = token != NULL ? strdup(token) : NULL;
	if (token != NULL)
		return;
	/* What waited was asked by the person who is gone; the next one must not send it. */
	asks_fail(&l->asks, is_unsent_until, l->asks.last_id, ERR_LOCKED, tr("You are signed out."));
}

void link_set_alone(struct link *l, bool alone)
{
	l->is_alone = alone;
	if (alone && l->lost_at == 0 && l->state != LINK_READY)
		l->lost_at = link_now();
}

void link_stand_in(struct link *l, link_stand_in_cb *stand_in, void *ctx)
{
	l->stand_in = (struct stand_in){.answer = stand_in, .ctx = ctx};
}

void link_hurry(struct link *l)
{
	if (l->state == LINK_OFFLINE)
		l->retry_at = link_now();
}

void link_set_lang(struct link *l, const char *lang)
{
	snprintf(l->lang, sizeof l->lang, "%s", lang);
}

void link_keep_alive(struct link *l, bool active)
{
	if (l->state == LINK_READY && l->token != NULL)
		link_ask(l, "hello", active ? "{\"active\":true}" : NULL, LINK_ONCE, NULL, NULL);
}
