/*
 * message.h - JSON-RPC 2.0 on the wire: one request line in, one answer line out.
 *
 * Pure functions without connection or session, so that they can be tested and fuzzed alone.
 * Not for: members of params (validate.h) or what a method means (dispatch.h).
 * Trap: an answer line holds personal data; the caller wipes its buffer (buf_done does).
 */
#ifndef LODGE_MESSAGE_H
#define LODGE_MESSAGE_H

#include "common/arena.h"
#include "common/buf.h"
#include "common/node.h"
#include "server/request.h"

struct message {
	const char *id;            /* as JSON text: 7, "a", null; set even when the rest is bad */
	const char *method;
	const struct node *params; /* an object, empty when there was none */
	bool automatic;            /* "auto": true – the program asked, not the person */
};

/* JSON-RPC's own error codes, and the one for everything of the contract. */
enum { RPC_PARSE = -32700, RPC_REQUEST = -32600, RPC_METHOD = -32601, RPC_LODGE = -32000 };

/* ERR_PARSE: no JSON or no UTF-8. ERR_TOO_BIG: nested too deep. ERR_INVALID: JSON, but no request
 * (out->id is then the best that is known). ERR_NOMEM. */
enum err message_parse(struct arena *, const char *line, size_t len, int nesting,
	struct message *out) MUST_CHECK;

/* Both end with a line feed; check out->failed. */
void message_result(struct buf *out, const char *id, const char *json, size_t len);
/* rpc is one of RPC_*; 0 = what the code stands for. Sentences are put into the language. */
void message_fault(struct buf *out, const char *id, const char *lang, const struct fault *, int rpc);
/* ["FD","CM"]: the roles of a set. */
void message_roles(struct buf *out, uint64_t roles);

#endif
