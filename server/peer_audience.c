/*
 * peer_audience.c - for whom a connection acts, and what it hears out of turn.
 *
 * Not for: answers (request.c). Trap: a notification is one whole line put behind whole answers,
 * so it never falls into the middle of one; a client that does not read them is cut, because a
 * notification left out would be a screen that lies.
 */
#include <stdio.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "server/loop.h"
#include "server/peer_own.h"
#include "server/session.h"
#include "server/settings.h"

static bool peer_hears(const struct peer *peer)
{
	return peer->state == PEER_OPEN || peer->state == PEER_LAST;
}

void peer_notify(struct peer *peer, const char *json)
{
	if (!peer_hears(peer))
		return;
	struct evbuffer *output = bufferevent_get_output(peer->bev);
	size_t most = 4 * (size_t)settings.output_bytes;
	if (peer_output_length(peer) > most || evbuffer_add(output, json, strlen(json)) != 0 ||
			evbuffer_add(output, "\n", 1) != 0)
		peer_close(peer);
}

void peer_notify_session(const struct session *session, const char *json)
{
	for (struct peer *peer = peers; peer != NULL; peer = peer->next)
		if (peer->session == session)
			peer_notify(peer, json);
}

void peer_notify_watchers(size_t book, bool (*may)(const struct session *, const void *ctx),
	const void *ctx, const char *json)
{
	for (struct peer *peer = peers; peer != NULL; peer = peer->next) {
		if (peer->session == NULL || (peer->watch[book / 64] & BIT(book % 64)) == 0)
			continue;
		if (may(peer->session, ctx))
			peer_notify(peer, json);
	}
}

void peer_leave_session(struct peer *peer)
{
	struct session *session = peer->session;
	peer->session = NULL;
	if (session != NULL && --session->peers == 0)
		session_detach(session);
}

void peer_attach(struct peer *peer, struct session *session)
{
	if (peer->state == PEER_CLOSED || peer->session == session)
		return;
	if (session != NULL)
		session->peers++;
	peer_count_strangers((session == NULL) - (peer->session == NULL));
	peer_leave_session(peer);
	peer->session = session;
	peer->since = loop_now();
	memset(peer->watch, 0, sizeof(peer->watch));
	bufferevent_setwatermark(peer->bev, EV_READ, 0, (size_t)peer_frame_limit(peer) + 1);
}

void peer_detach_others(struct session *session, const struct peer *keep, const char *json)
{
	for (struct peer *peer = peers; peer != NULL; peer = peer->next) {
		if (peer->session != session || peer == keep)
			continue;
		peer_notify(peer, json);
		peer_attach(peer, NULL);
	}
}

const char *peer_terminal(const struct peer *peer)
{
	return peer->terminal;
}

void peer_set_terminal(struct peer *peer, const char *name)
{
	if (!peer->certified)
		snprintf(peer->terminal, sizeof(peer->terminal), "%s", name);
}

const char *peer_lang(const struct peer *peer)
{
	return peer->session != NULL ? peer->session->lang : peer->lang;
}

void peer_set_lang(struct peer *peer, const char *lang)
{
	snprintf(peer->lang, sizeof(peer->lang), "%s", lang);
	if (peer->session != NULL)
		snprintf(peer->session->lang, sizeof(peer->session->lang), "%s", lang);
}

void peer_watch(struct peer *peer, const uint64_t books_wanted[PEER_WATCH_WORDS])
{
	memcpy(peer->watch, books_wanted, sizeof(peer->watch));
}
