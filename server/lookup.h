/*
 * lookup.h - which households' contact data a session saw, for the log (CNF-01).
 *
 * Ids are collected and written through the pen, at most once a minute and session; the first of
 * a minute goes at once. Not for: FULL and SEALED, whose log is written before they are read.
 * Trap: whoever ends a session calls lookup_flush while its token is still known.
 */
#ifndef LODGE_LOOKUP_H
#define LODGE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/words.h"

struct event_base;
struct session;

enum err lookup_start(struct event_base *) MUST_CHECK;
void lookup_stop(void); /* after lanes_close */
/* The session is about to see this household (its id as text; NULL is none). False: it cannot be
 * noted any more, so it must not be shown. */
bool lookup_saw(const struct session *, const char *household) MUST_CHECK;
/* False when the log could not be written for so long that nothing more may be shown. */
bool lookup_is_ready(const struct session *);
/* Writes what is left of a session that ends. */
void lookup_flush(int64_t session);
void lookup_flush_all(void); /* the server stops: before the pen is drained */

#endif
