/*
 * db.h - one connection to PostgreSQL in the event loop: it connects, prepares and runs batches.
 *
 * A batch is a row of statements under one Sync, so one implicit transaction. The connection is
 * opened again by itself when it is lost, for ever, with a growing pause. Not for: queues, reruns
 * and what an error means to a request; that is lane.c.
 * Trap: results exist before their COMMIT. Only db_end DB_CLEAN says that they may be believed.
 */
#ifndef LODGE_DB_H
#define LODGE_DB_H

#include <stdbool.h>

#include "server/lane.h"

struct db;

enum { DB_STATEMENTS_MAX = 160 }; /* in one batch; fewer than the prepared statements kept */

enum db_end {
	DB_END_UNSET = 0,
	DB_CLEAN,     /* the Sync came back: committed, every result is there */
	DB_STATEMENT, /* statement .failed raised .sqlstate: rolled back */
	DB_COMMIT,    /* every statement was fine, but COMMIT raised .sqlstate: rolled back */
	DB_UNSURE,    /* COMMIT warned: committed here, perhaps not on the standby */
	DB_LOST,      /* the connection went: committed or not, nobody knows */
};

struct db_outcome {
	enum db_end end;
	size_t failed;                    /* DB_STATEMENT: which one */
	char sqlstate[6];                 /* "" when there is none */
	const struct rows *const *rows;   /* DB_CLEAN: one a statement; gone when ended() returns */
};

/* What the owner of a connection is told; all called from the event loop, never from db_run. */
struct db_hooks {
	void (*ready)(void *ctx);  /* connected and idle, first or again */
	void (*failed)(void *ctx); /* an attempt to connect failed; the next one is scheduled */
	void (*ended)(void *ctx, const struct db_outcome *); /* the batch is over */
	void *ctx;
};

struct db_setup {
	const char *conninfo;   /* libpq parameters or URI; user and encoding in it are overruled */
	const char *login;      /* login role */
	int statement_ms, lock_ms;
	struct db_hooks hooks;
};

/* Starts to connect. NULL when memory is short or conninfo cannot be parsed (logged). */
struct db *db_new(struct event_base *, const struct db_setup *);
void db_free(struct db *); /* without telling the owner */

bool db_is_idle(const struct db *);
/* Sends n statements and a Sync; exactly one ended() follows in a later turn. Only when idle. */
void db_run(struct db *, const struct stmt *const *stmts, size_t n);
/* Gives the connection up: ended() with DB_LOST if a batch runs, then connects anew. */
void db_drop(struct db *);
/* Seconds (monotonic) when the running batch last moved; 0 when idle. */
double db_moved(const struct db *);
double db_clock(void); /* monotonic seconds */

#endif
