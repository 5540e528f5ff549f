/*
 * members.h - which params a session method takes.
 *
 * Not for: operations and lists of books: validate.h knows those from their descriptors.
 * Trap: what is not listed is refused, so that a typing mistake is never taken for a default.
 */
#ifndef LODGE_MEMBERS_H
#define LODGE_MEMBERS_H

#include "server/request.h"

struct member {
	const char *name;
	enum node_type type;
	bool needed;
	size_t max; /* bytes of a text */
};

/* True when params fits; otherwise every bad member was named in an answer `invalid`. */
bool members_check(struct request *, const struct member *, size_t n) MUST_CHECK;
/* The answer `invalid` for one member. */
void members_refuse(struct request *, const char *name, const char *message);

#endif
