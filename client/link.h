/*
 * link.h - the conversation with the server: requests, answers, notices, and coming back by itself.
 *
 * Nothing here blocks: the owner polls link_fd() for link_events() until link_deadline() and calls
 * link_turn(). What is unanswered when the connection breaks is sent again on the next one: reads
 * are harmless twice, and a write carries its op_id, so that the server answers the first receipt.
 * Not for: deciding what to show. Trap: an answer lives until its callback returns, unless the
 * callback takes its arena with link_take(). Without a session and without a request the link does
 * not connect: the server gives strangers only seconds.
 */
#ifndef LODGE_LINK_H
#define LODGE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/wire.h"
#include "common/words.h"

struct arena;
struct node;
struct link;

enum link_state {
	LINK_UNSET = 0,
	LINK_OFFLINE,    /* no socket; the next attempt has its time */
	LINK_CONNECTING, /* socket or TLS under way */
	LINK_GREETING,   /* connected, hello not answered yet */
	LINK_READY,      /* requests flow */
	LINK_END
};

enum link_flag {
	LINK_ONCE = 1 << 0, /* never sent again: answered ERR_DEGRADED when the connection breaks */
	LINK_STRANGER = 1 << 1, /* is answered without a session, too: signing in */
	LINK_SERVER = 1 << 2, /* never answered by who stands in for the server */
};

struct answer {
	const struct node *result; /* NULL when it failed */
	const struct node *error;  /* the server's error object; NULL when the fault is on this side */
	enum err code;             /* OK, or data.code of the error */
	const char *message;       /* one sentence; "" when it worked */
};

typedef void link_answer_cb(void *ctx, const struct answer *);

struct link_owner {
	/* A message of the server without a request. "signed_out" also comes when the session could
	 * not be resumed, and "hello" with what the server answered to the greeting. */
	void (*notice)(void *ctx, const char *method, const struct node *params);
	/* The state changed; ask link_state(). */
	void (*changed)(void *ctx);
	void *ctx;
};

struct link_setup {
	const char *server;   /* unix:PATH or tls:HOST:PORT */
	const char *terminal; /* name of this terminal */
	struct wire_keys keys;
	int64_t retry_first, retry_most; /* ms between attempts; 0 = 100 and 5000 */
};

/* All of setup is copied except the key files' names. ERR_INVALID: the address is none. */
enum err link_new(struct link **out, const struct link_setup *setup,
                  const struct link_owner *owner) MUST_CHECK;
void link_free(struct link *);

enum link_state link_state(const struct link *);
/* Seconds since the link was lost; 0 while it is up. */
int64_t link_offline_seconds(const struct link *);
int64_t link_offline_ms(const struct link *);
const char *link_why(const struct link *); /* why there is no connection */
bool link_is_waiting(const struct link *); /* something asked is unanswered */

int link_fd(const struct link *);          /* -1: nothing to poll */
short link_events(const struct link *);
int64_t link_deadline(const struct link *); /* link_now() at which link_turn is due; -1 = never */
void link_turn(struct link *);
int64_t link_now(void);                     /* monotonic milliseconds */

/* Asks METHOD with params, the text of a JSON object (NULL = {}). Returns the number of the
 * request, or 0 when it is too big or memory is short (then done is not called). done may be NULL.
 * It is called from link_turn only, never from here. */
uint64_t link_ask(struct link *, const char *method, const char *params, unsigned flags,
                  link_answer_cb *done, void *ctx);
/* The answer is not wanted any more: its callback will not be called. The request stays sent. */
void link_forget(struct link *, uint64_t request);
/* Takes back a request that is not on the wire; its callback will not be called. */
void link_drop(struct link *, uint64_t request);
/* The answer shall go to another callback. */
void link_redirect(struct link *, uint64_t request, link_answer_cb *done, void *ctx);
/* Forgets all requests of this ctx: a screen that closes. */
void link_forget_ctx(struct link *, const void *ctx);
/* Inside an answer's callback: the arena that holds it becomes the caller's. */
struct arena *link_take(struct link *);

/* The token that resumes the session after a break; NULL forgets it and fails what waits. */
void link_set_token(struct link *, const char *token);
/* Somebody works here without a session: whatever needs one is answered ERR_DEGRADED at once, and the server is looked for
 * all the time, so that the state says when it is back. */
void link_set_alone(struct link *, bool alone);
/* Stands in for the server while it is away: answers from what is here, building the result in the arena; false: it cannot. It may be
 * asked from link_turn only. */
typedef bool link_stand_in_cb(void *ctx, const char *method, const struct node *params, struct arena *, const struct node **result);
void link_stand_in(struct link *, link_stand_in_cb *, void *ctx); /* NULL: nobody */
/* The next attempt is now. */
void link_hurry(struct link *);
void link_set_lang(struct link *, const char *lang);
/* Sends a small request, so that the server keeps the connection; for the minute tick. active:
 * the person did something, so that the session does not count as idle. */
void link_keep_alive(struct link *, bool active);

#endif
