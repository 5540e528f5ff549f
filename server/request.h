/*
 * request.h - one request of a peer, from its line to its answer, and the fault it may end in.
 *
 * Owned by peer.c: a request and its arena live until request_result or request_fault was called,
 * which must happen exactly once, at any later time (answers leave in the order of the requests).
 * Not for: deciding anything. Trap: a peer may be gone when the answer comes; answering is then a
 * no-op, and nobody else has to ask.
 */
#ifndef LODGE_REQUEST_H
#define LODGE_REQUEST_H

#include "common/arena.h"
#include "common/node.h"
#include "common/validate.h"
#include "common/words.h"

struct peer;
struct session;

struct request {
	struct peer *peer;
	struct session *session;  /* NULL before sign-in; borrowed, outlives the request */
	struct arena *arena;      /* everything parsed, validated and answered lives here */
	const char *method;       /* "loan.approve" */
	const struct node *params; /* an object; never NULL (empty when the message had none) */
	const struct recorded *recorded; /* the journal's record that it comes from (recorded.h), or NULL */
	void *state;              /* the handler's own, in the arena */
};

/* Why a request failed, in the terms of the contract. Texts are English msgids or live in the
 * request's arena; request_fault translates .message into the session's language. */
struct fault {
	enum err code;
	const char *message;      /* NULL: a general sentence for the code */
	const char *rule, *guard, *field;
	const char *recorded;     /* a journal's record was taken all the same, as this exception */
	const struct issue *issues; /* validate.h: one per bad field, NULL-name terminated; or NULL */
	uint64_t may;             /* BIT(role) of those who may, 0 = not told */
	int retry_after;          /* seconds, 0 = not told */
	bool step_up;             /* the password is wanted again */
};

void request_result(struct request *, const char *json, size_t len);
void request_fault(struct request *, const struct fault *);
/* Shorthand for a fault with nothing but a code and a sentence. */
void request_refuse(struct request *, enum err code, const char *message);

#endif
