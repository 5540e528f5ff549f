/*
 * lane.h - queues of statements in front of PostgreSQL, and the pen.
 *
 * A lane is a login role with a few connections. Calls wait in the lane and travel in batches:
 * up to 16 reads or 32 writes under one Sync, one implicit transaction, one round trip. done() is
 * called only after the Sync came back clean, so a result is never seen before its COMMIT.
 * Not for: knowing what a statement means. Trap: done() may be called from within a later turn
 * only, never from lane_submit, so that callers need not be re-entrant.
 */
#ifndef LODGE_LANE_H
#define LODGE_LANE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/words.h"

struct event_base;
struct rows; /* one statement's result; borrowed during done() */

enum lane_kind { LANE_NAME, LANE_CONTACT, LANE_REVEAL, LANE_REPORT, LANE_PEN, LANE_FEED, LANE_END };

struct stmt {
	const char *sql;             /* constant or built from descriptors; prepared once a connection */
	int nparams;
	const char *const *params;   /* text format; NULL = SQL NULL; must live until done() */
};

struct call {
	const struct stmt *stmts;    /* run in order, in one transaction, possibly with neighbours */
	size_t nstmts;
	/* err == OK: rows[i] holds the result of stmts[i]. Otherwise rows is NULL; ERR_INVALID means
	 * the statement itself was refused (SQLSTATE class 22, 23, P0), ERR_BUSY, ERR_DEGRADED,
	 * ERR_INDETERMINATE as in the contract. sqlstate is "" when there is none. */
	void (*done)(struct call *, const struct rows *const *rows, enum err err, const char *sqlstate);
	void *ctx;
	struct call *next;           /* the lane's own */
	int tries;                   /* the lane's own */
	double submitted;            /* the lane's own */
	bool sent, alone;            /* the lane's own */
};

size_t rows_count(const struct rows *);
/* Text of a cell; NULL for SQL NULL or out of range. */
const char *rows_get(const struct rows *, size_t row, size_t column);

/* Connects every lane of the database at conninfo's host and port (libpq parameters without user);
 * reconnects for ever by itself. ERR_* with a logged sentence when the first connection fails.
 * Turns the event loop until every connection stands: nothing else may be on it yet. */
enum err lanes_open(struct event_base *, const char *conninfo) MUST_CHECK;
void lanes_close(void); /* calls that still wait are done() with ERR_BUSY or ERR_INDETERMINATE */
/* True when a call would start at once: nobody waits, and a connection is free. */
bool lane_is_idle(enum lane_kind);
/* Calls that wait for a connection of the lane. */
size_t lane_waiting(enum lane_kind);
/* Queues a call; the call and what it points to live until done(). ERR_BUSY when the queue is full
 * (then done() is not called). A call that could not be ended in 5 s is done() with ERR_BUSY when
 * it certainly did nothing, else with ERR_INDETERMINATE. */
enum err lane_submit(enum lane_kind, struct call *) MUST_CHECK;

#endif
