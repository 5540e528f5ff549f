/*
 * peer.h - one connection: lines in, answers out in the order of the requests.
 *
 * Framing, limits, deadlines and back-pressure live here and nowhere else; the meaning of a
 * request is dispatch.c's. Not for: sessions (session.h) or listening (loop.c).
 * Trap: a peer that misbehaves is closed, never the process; a closed peer is freed only between
 * turns and when its last request was answered, so handlers never meet a dangling pointer.
 */
#ifndef LODGE_PEER_H
#define LODGE_PEER_H

#include "server/request.h"

struct bufferevent;
struct session;

enum { PEER_TERMINAL_MAX = 64 };

/* Who handles requests; set once before the first connection. */
struct peer_handler {
	/* Must lead to exactly one answer, at once or later. automatic: the client's program asked
	 * by itself, the person did nothing. */
	void (*take)(struct request *, bool automatic);
	/* True for methods that change who is signed in: they run with no other request beside. */
	bool (*is_alone)(const char *method);
};
void peer_set_handler(const struct peer_handler *);

/* Takes over the connection (and closes it in the end). The terminal's name is known for TLS
 * (the certificate says it) and NULL on the Unix socket, where sign_in or hello tells it. When
 * memory is short or there are too many connections, it is closed at once. */
void peer_new(struct bufferevent *, const char *terminal);
/* True when a further connection would be closed at once: better leave it in the backlog. */
bool peer_is_full(void);

/* Sends a notification as it is: one JSON message without its line feed. */
void peer_notify(struct peer *, const char *json);
/* Sends a notification to every connection of a session. */
void peer_notify_session(const struct session *, const char *json);
/* Sends json to the connections that watch the book (index in books[]) and for whose session
 * may() holds. */
void peer_notify_watchers(size_t book, bool (*may)(const struct session *, const void *ctx),
	const void *ctx, const char *json);

/* The connection acts for this session from now on; NULL: it is a stranger again. */
void peer_attach(struct peer *, struct session *);
/* Every connection of the session but one (or NULL) is a stranger again, after hearing json. */
void peer_detach_others(struct session *, const struct peer *keep, const char *json);

/* The terminal of this connection; a name given by the client never overrides a certificate. */
const char *peer_terminal(const struct peer *);
void peer_set_terminal(struct peer *, const char *name);
const char *peer_lang(const struct peer *);
void peer_set_lang(struct peer *, const char *lang);
/* The books this connection wants to hear about: bits by index in books[]. */
enum { PEER_WATCH_WORDS = 2 };
void peer_watch(struct peer *, const uint64_t books[PEER_WATCH_WORDS]);

/* False when the client was already told indeterminate, or is gone: what the handler acquired
 * for it has no owner. */
bool request_is_wanted(const struct request *);

/* Once a tick: deadlines of connections and requests; frees what is closed. */
void peer_sweep(double now);
size_t peer_count(void);
/* The server stops: takes no more lines; each connection ends when its answers have left. */
void peer_finish_all(void);
/* Answers nothing more and closes everything: the server stops. */
void peer_close_all(void);

#endif
