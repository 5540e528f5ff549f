/*
 * stand_in.h - requests that somebody here answers while the server is away.
 *
 * Not for: when that is (link.c), or what is answered (keep_answer.h). Trap: what was declined once waits for the server, however long.
 */
#ifndef LODGE_STAND_IN_H
#define LODGE_STAND_IN_H

#include "client/asks.h"

struct stand_in {
	link_stand_in_cb *answer; /* NULL: nobody */
	void *ctx;
};

/* Does anything wait that he may answer? */
bool stand_in_is_asked(const struct asks *);
/* Answers what he can; the answers lie in *arena, made of this size when there is none, until their callbacks return. */
void stand_in_turn(const struct stand_in *, struct asks *, struct arena **arena, size_t most);

#endif
