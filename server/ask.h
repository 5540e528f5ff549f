/*
 * ask.h - one statement of a lane and its answer, for whoever needs no batch of his own.
 *
 * Texts are copied, so the caller may forget them at once; they are wiped when the answer came.
 * Not for: requests of the books (engine_own.h), which live in their arena. Trap: answered() is the
 * last that is heard, also when the server stops; ctx must live until then.
 */
#ifndef LODGE_ASK_H
#define LODGE_ASK_H

#include "server/lane.h"

enum { ASK_PARAMS_MAX = 5 };

/* rows is NULL unless err is OK. answered NULL: nobody waits, and a failure is logged.
 * ERR_BUSY, ERR_NOMEM: it was not sent, and answered() is not called. */
enum err ask(enum lane_kind, const char *sql, size_t n, const char *const *params,
	void (*answered)(void *ctx, const struct rows *rows, enum err), void *ctx) MUST_CHECK;

#endif
