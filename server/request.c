/*
 * request.c - requests of a connection in their order, and the answers they end in.
 *
 * Not for: reading lines (peer.c) or the JSON of an answer (message.c). Trap: the first answer
 * counts: when the deadline has already answered, what the handler says later is dropped.
 */
#include "server/request.h"

#include <stdlib.h>

#include "server/loop.h"
#include "server/message.h"
#include "server/peer_own.h"
#include "server/session.h"
#include "server/settings.h"

enum { REQUEST_ARENA = 8 * 1024 * 1024 }; /* a line of 64 KiB made of nothing but commas fits */

void slot_bind(struct slot *slot)
{
	struct session *now = slot->rq.peer->session, *before = slot->rq.session;
	if (now != NULL)
		now->uses++;
	if (before != NULL)
		before->uses--;
	slot->rq.session = now;
}

struct slot *slot_new(struct peer *peer)
{
	struct slot *slot = calloc(1, sizeof(*slot));
	struct arena *arena = arena_new(REQUEST_ARENA);
	if (slot == NULL || arena == NULL) {
		free(slot);
		arena_free(arena);
		return NULL;
	}
	slot->rq.peer = peer;
	slot->rq.arena = arena;
	slot_bind(slot);
	slot->id = "null";
	slot->due = loop_now() + (double)settings.request_s;
	buf_init(&slot->line, (size_t)settings.answer_bytes + 1024);
	struct slot **end = &peer->head;
	while (*end != NULL)
		end = &(*end)->next;
	*end = slot;
	peer->waiting++;
	peer->pending++;
	return slot;
}

void slot_release(struct slot *slot)
{
	if (!slot->handled || !slot->flushed)
		return;
	if (slot->rq.session != NULL)
		slot->rq.session->uses--;
	buf_done(&slot->line);
	arena_free(slot->rq.arena);
	free(slot);
}

void slot_fault(struct slot *slot, const struct fault *fault, int rpc)
{
	message_fault(&slot->line, slot->id, peer_lang(slot->rq.peer), fault, rpc);
	slot->ready = true;
}

void slot_handled(struct slot *slot)
{
	struct peer *peer = slot->rq.peer;
	slot->handled = true;
	peer->pending--;
	if (peer->alone == slot) {
		peer->alone = NULL;
		peer->parked = false;
	}
	slot_release(slot);
	peer_flush(peer);
}

void request_result(struct request *rq, const char *json, size_t len)
{
	struct slot *slot = (struct slot *)rq;
	if (!slot->ready && !slot->flushed) {
		if (len <= (size_t)settings.answer_bytes)
			message_result(&slot->line, slot->id, json, len);
		slot->ready = slot->line.len > 0 && !slot->line.failed;
		if (!slot->ready) {
			buf_reset(&slot->line);
			slot_fault(slot, &(struct fault){ .code = ERR_TOO_BIG }, 0);
		}
	}
	slot_handled(slot);
}

void request_fault(struct request *rq, const struct fault *fault)
{
	struct slot *slot = (struct slot *)rq;
	if (!slot->ready && !slot->flushed)
		slot_fault(slot, fault, 0);
	slot_handled(slot);
}

void request_refuse(struct request *rq, enum err code, const char *message)
{
	request_fault(rq, &(struct fault){ .code = code, .message = message });
}

bool request_is_wanted(const struct request *rq)
{
	const struct slot *slot = (const struct slot *)rq;
	return !slot->ready && !slot->flushed;
}
