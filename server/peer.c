/*
 * peer.c - connections: framing, limits, deadlines, back-pressure.
 *
 * Not for: JSON (message.c), the queue of requests (request.c), meaning (dispatch.c).
 * Trap: taking a line may answer it, and an answer may make room for the next line; peer_turn is
 * the only loop and guards itself against that.
 */
#include "server/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "common/i18n.h"
#include "server/loop.h"
#include "server/message.h"
#include "server/peer_own.h"
#include "server/settings.h"
#include "server/tls.h"

enum { LINGER_S = 1 }; /* how long a side that is shut waits for the client's end */

struct peer *peers;
static int64_t npeers, nstrangers; /* without closed ones */
static const struct peer_handler *handler;

void peer_set_handler(const struct peer_handler *with)
{
	handler = with;
}

int64_t peer_frame_limit(const struct peer *peer)
{
	return peer->session != NULL ? settings.frame_bytes : settings.frame_bytes_stranger;
}

size_t peer_output_length(const struct peer *peer)
{
	return evbuffer_get_length(bufferevent_get_output(peer->bev));
}

void peer_count_strangers(int n)
{
	nstrangers += n;
}

static void input_cb(struct evbuffer *input, const struct evbuffer_cb_info *info, void *ctx)
{
	(void)input;
	if (info->n_added > 0)
		((struct peer *)ctx)->heard = loop_now();
}

static void output_cb(struct evbuffer *output, const struct evbuffer_cb_info *info, void *ctx)
{
	(void)output;
	if (info->n_deleted > 0 || info->orig_size == 0)
		((struct peer *)ctx)->moved = loop_now();
}

/* The connection goes now; its memory when its last request was handled (peer_sweep). */
void peer_close(struct peer *peer)
{
	if (peer->state == PEER_CLOSED)
		return;
	peer->state = PEER_CLOSED;
	npeers--;
	if (peer->session == NULL)
		nstrangers--;
	peer_leave_session(peer);
	evbuffer_remove_cb(bufferevent_get_input(peer->bev), input_cb, peer);
	evbuffer_remove_cb(bufferevent_get_output(peer->bev), output_cb, peer);
	bufferevent_free(peer->bev);
	peer->bev = NULL;
	struct slot *next;
	for (struct slot *slot = peer->head; slot != NULL; slot = next) {
		next = slot->next;
		slot->flushed = true;
		if (peer->parked && slot == peer->alone) { /* never reached its handler */
			slot->handled = true;
			peer->pending--;
		}
		slot_release(slot);
	}
	peer->head = NULL;
	peer->alone = NULL;
	peer->waiting = 0;
}

/* Everything is said: shut our side, and give the client a moment to read it. */
static void peer_linger(struct peer *peer)
{
	peer->state = PEER_LINGER;
	peer->since = loop_now();
	tls_goodbye(peer->bev);
	shutdown(bufferevent_getfd(peer->bev), SHUT_WR);
	if (peer->eof)
		peer_close(peer);
	else
		bufferevent_enable(peer->bev, EV_READ);
}

/* Moves ready answers from the head of the queue to the wire, and starts what waited for that. */
void peer_flush(struct peer *peer)
{
	while (peer->head != NULL && peer->head->ready && peer->state != PEER_CLOSED) {
		struct slot *slot = peer->head;
		if (slot->line.failed ||
				evbuffer_add(bufferevent_get_output(peer->bev), slot->line.data, slot->line.len) != 0) {
			peer_close(peer);
			return;
		}
		peer->head = slot->next;
		peer->waiting--;
		slot->flushed = true;
		buf_done(&slot->line);
		slot_release(slot);
	}
	/* Taking lines here could call a lane from within its own answer: later, in its own turn. */
	if (peer->state != PEER_CLOSED && !peer->turning)
		bufferevent_trigger(peer->bev, EV_READ, BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

/* A line that breaks the protocol: its answer is the last thing that this client hears. */
static void peer_refuse_line(struct peer *peer, struct slot *slot, enum err err)
{
	bool broken = err == ERR_PARSE || err == ERR_TOO_BIG;
	int rpc = err == ERR_INVALID || err == ERR_TOO_BIG ? RPC_REQUEST : 0;
	slot_fault(slot, &(struct fault){ .code = err }, rpc);
	if (broken)
		peer->state = PEER_LAST;
	slot_handled(slot);
}

static void slot_start(struct slot *slot)
{
	slot_bind(slot); /* it may have waited for a sign-in */
	handler->take(&slot->rq, slot->automatic);
}

static void peer_take_request(struct peer *peer, struct slot *slot, const struct message *message)
{
	slot->rq.method = message->method;
	slot->rq.params = message->params;
	slot->automatic = message->automatic;
	if (!handler->is_alone(message->method)) {
		slot_start(slot);
		return;
	}
	peer->alone = slot;
	peer->parked = peer->pending > 1;
	if (!peer->parked)
		slot_start(slot);
}

/* Takes one line out of the input. False when there is no whole line. */
static bool peer_take_line(struct peer *peer)
{
	struct evbuffer *input = bufferevent_get_input(peer->bev);
	size_t have = evbuffer_get_length(input), limit = (size_t)peer_frame_limit(peer);
	struct evbuffer_ptr from;
	if (evbuffer_ptr_set(input, &from, peer->scanned, EVBUFFER_PTR_SET) != 0)
		return false;
	struct evbuffer_ptr end = evbuffer_search(input, "\n", 1, &from);
	size_t len = end.pos >= 0 ? (size_t)end.pos : have;
	if (end.pos < 0 && have <= limit) {
		peer->scanned = have;
		return false;
	}
	struct slot *slot = slot_new(peer);
	if (slot == NULL) {
		peer_close(peer);
		return false;
	}
	peer->scanned = 0;
	if (len > limit) {
		peer_refuse_line(peer, slot, ERR_TOO_BIG);
		return false;
	}
	struct message message = { .id = "null" };
	unsigned char *line = evbuffer_pullup(input, (ev_ssize_t)len + 1);
	enum err err = line == NULL ? ERR_NOMEM :
		message_parse(slot->rq.arena, (const char *)line, len, (int)settings.nesting, &message);
	if (line != NULL)
		explicit_bzero(line, len); /* it may hold a password */
	evbuffer_drain(input, len + 1);
	slot->id = message.id;
	if (err == OK)
		peer_take_request(peer, slot, &message);
	else
		peer_refuse_line(peer, slot, err);
	return true;
}

static bool peer_takes_lines(const struct peer *peer)
{
	return peer->state == PEER_OPEN && peer->alone == NULL &&
		peer->waiting < settings.requests_waiting &&
		peer_output_length(peer) < (size_t)settings.output_bytes;
}

/* After lines were taken: read on or not, is a line unfinished, is it over? */
static void peer_settle(struct peer *peer)
{
	if (peer->state == PEER_OPEN && peer_takes_lines(peer)) {
		size_t rest = evbuffer_get_length(bufferevent_get_input(peer->bev));
		if (rest == 0)
			peer->frame = 0;
		else if (peer->frame == 0)
			peer->frame = loop_now();
		if (peer->eof)
			peer->state = PEER_LAST;
		else
			bufferevent_enable(peer->bev, EV_READ);
	} else if (peer->state == PEER_OPEN) {
		peer->frame = 0; /* it is us who do not read */
		bufferevent_disable(peer->bev, EV_READ);
	}
	if (peer->state == PEER_LAST && peer->head == NULL && peer_output_length(peer) == 0)
		peer_linger(peer);
}

static void peer_turn(struct peer *peer)
{
	if (peer->turning)
		return;
	peer->turning = true;
	if (peer->parked && peer->pending == 1) {
		peer->parked = false;
		slot_start(peer->alone);
	}
	while (peer->state != PEER_CLOSED && peer_takes_lines(peer) && peer_take_line(peer))
		peer->frame = 0;
	peer->turning = false;
	if (peer->state != PEER_CLOSED)
		peer_settle(peer);
}

static void read_cb(struct bufferevent *bev, void *ctx)
{
	struct peer *peer = ctx;
	struct evbuffer *input = bufferevent_get_input(bev);
	if (peer->state == PEER_LINGER || peer->state == PEER_LAST)
		evbuffer_drain(input, evbuffer_get_length(input));
	if (peer->state != PEER_LINGER)
		peer_turn(peer);
}

static void write_cb(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	struct peer *peer = ctx;
	if (peer->state != PEER_LINGER)
		peer_turn(peer);
}

static void event_cb(struct bufferevent *bev, short what, void *ctx)
{
	(void)bev;
	struct peer *peer = ctx;
	peer->eof = true;
	if ((what & BEV_EVENT_ERROR) != 0 || peer->state == PEER_LINGER)
		peer_close(peer);
	else
		peer_turn(peer);
}

static int64_t terminal_count(const char *terminal)
{
	int64_t n = 0;
	for (const struct peer *p = peers; p != NULL; p = p->next)
		n += p->state != PEER_CLOSED && p->certified && strcmp(p->terminal, terminal) == 0;
	return n;
}

bool peer_is_full(void)
{
	return npeers >= settings.connections || nstrangers >= settings.connections_stranger;
}

void peer_new(struct bufferevent *bev, const char *terminal)
{
	struct peer *peer = NULL;
	if (!peer_is_full() && (terminal == NULL ||
			terminal_count(terminal) < settings.connections_terminal))
		peer = calloc(1, sizeof(*peer));
	if (peer == NULL) {
		bufferevent_free(bev);
		return;
	}
	peer->state = PEER_OPEN;
	peer->bev = bev;
	peer->since = peer->heard = peer->moved = loop_now();
	peer->certified = terminal != NULL;
	snprintf(peer->terminal, sizeof(peer->terminal), "%s", terminal != NULL ? terminal : "local");
	snprintf(peer->lang, sizeof(peer->lang), "%s", i18n_langs[0]);
	peer->next = peers;
	peers = peer;
	npeers++;
	nstrangers++;
	evbuffer_add_cb(bufferevent_get_input(bev), input_cb, peer);
	evbuffer_add_cb(bufferevent_get_output(bev), output_cb, peer);
	bufferevent_setcb(bev, read_cb, write_cb, event_cb, peer);
	bufferevent_setwatermark(bev, EV_READ, 0, (size_t)peer_frame_limit(peer) + 1);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
	bufferevent_trigger(bev, EV_READ, BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
}

/* --- once a tick --- */

static void peer_expire_requests(struct peer *peer, double now)
{
	struct slot *next;
	for (struct slot *slot = peer->head; slot != NULL && peer->state != PEER_CLOSED; slot = next) {
		next = slot->next;
		if (slot->ready || now < slot->due)
			continue;
		bool never_started = peer->parked && slot == peer->alone;
		slot_fault(slot, &(struct fault){ .code = never_started ? ERR_BUSY : ERR_INDETERMINATE }, 0);
		if (never_started)
			slot_handled(slot);
		else
			peer_flush(peer);
		next = peer->head; /* the head may be gone, and others with it */
	}
}

/* True when this connection has had its time. */
static bool peer_is_overdue(const struct peer *peer, double now)
{
	double age = now - peer->since;
	bool quiet = peer->head == NULL, written = peer_output_length(peer) == 0;
	if (peer->session == NULL && age > (double)settings.sign_in_s && quiet)
		return true;
	if (peer->session == NULL && age > (double)(settings.sign_in_s + settings.request_s))
		return true;
	if (peer->frame > 0 && now - peer->frame > (double)settings.frame_s)
		return true;
	if (!written && now - peer->moved > (double)settings.output_s)
		return true;
	return quiet && written && now - peer->heard > (double)settings.keep_alive_s;
}

void peer_sweep(double now)
{
	struct peer **link = &peers;
	while (*link != NULL) {
		struct peer *peer = *link;
		if (peer->state == PEER_OPEN || peer->state == PEER_LAST)
			peer_expire_requests(peer, now);
		if (peer->state == PEER_LINGER && now - peer->since > LINGER_S)
			peer_close(peer);
		else if ((peer->state == PEER_OPEN || peer->state == PEER_LAST) && peer_is_overdue(peer, now))
			peer_close(peer);
		if (peer->state == PEER_CLOSED && peer->pending == 0) {
			*link = peer->next;
			free(peer);
		} else {
			link = &peer->next;
		}
	}
}

size_t peer_count(void)
{
	return (size_t)npeers;
}

void peer_finish_all(void)
{
	for (struct peer *peer = peers; peer != NULL; peer = peer->next) {
		if (peer->state != PEER_OPEN)
			continue;
		peer->state = PEER_LAST;
		peer_settle(peer);
	}
}

void peer_close_all(void)
{
	for (struct peer *peer = peers; peer != NULL; peer = peer->next)
		peer_close(peer);
	peer_sweep(loop_now());
}
