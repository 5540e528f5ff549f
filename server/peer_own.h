/*
 * peer_own.h - the insides of a connection, for peer.c, peer_audience.c and request.c only.
 *
 * Each line becomes a slot in the connection's queue; answers leave from the head. A slot lives
 * until it was both handled (its handler answered) and flushed (its line left, or the peer went),
 * so a late handler always finds its memory. Not for: anybody else (peer.h, request.h).
 * Trap: .state is set in peer.c only.
 */
#ifndef LODGE_PEER_OWN_H
#define LODGE_PEER_OWN_H

#include "common/buf.h"
#include "server/peer.h"

enum peer_state {
	PEER_UNSET = 0,
	PEER_OPEN,   /* lines are taken */
	PEER_LAST,   /* no more lines; waiting answers are flushed */
	PEER_LINGER, /* our side is shut; input is thrown away until the client ends its own */
	PEER_CLOSED, /* the connection is gone; freed when its last request was handled */
};

struct slot {
	struct request rq; /* first: a request is its slot */
	const char *id;
	bool automatic;
	bool ready;        /* .line holds the answer */
	bool handled;      /* the handler answered: it will not touch the request again */
	bool flushed;      /* no longer in the queue */
	double due;
	struct buf line;
	struct slot *next;
};

struct peer {
	enum peer_state state;
	struct bufferevent *bev;
	struct session *session;
	struct slot *head;
	int64_t waiting;     /* slots in the queue */
	size_t pending;      /* slots not handled */
	struct slot *alone;  /* changes who is signed in: nothing is taken beside it */
	bool parked;         /* .alone waits for the requests before it */
	bool turning, eof, certified;
	size_t scanned;      /* bytes of input known to hold no line feed */
	double since;        /* a stranger since; in LINGER: lingering since */
	double heard;        /* last byte in */
	double moved;        /* output last shrank or was empty */
	double frame;        /* an unfinished line waits since; 0 = none */
	uint64_t watch[PEER_WATCH_WORDS];
	char terminal[PEER_TERMINAL_MAX], lang[16];
	struct peer *next;
};

extern struct peer *peers; /* all of them, closed ones too until they are freed */

/* request.c */
struct slot *slot_new(struct peer *); /* at the end of the queue; NULL when memory is short */
void slot_release(struct slot *);     /* frees it when nobody needs it any more */
void slot_fault(struct slot *, const struct fault *, int rpc); /* writes the answer */
void slot_handled(struct slot *);     /* the handler is done; what waited for it goes on */
/* Binds the request to who is signed in now. */
void slot_bind(struct slot *);

/* peer.c */
/* Moves ready answers to the wire; lines waiting for that are taken in a later turn. */
void peer_flush(struct peer *);
void peer_close(struct peer *);
int64_t peer_frame_limit(const struct peer *);
size_t peer_output_length(const struct peer *);
/* The number of connections that are not signed in changed by n. */
void peer_count_strangers(int n);

/* peer_audience.c */
void peer_leave_session(struct peer *);

#endif
