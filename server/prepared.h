/*
 * prepared.h - which statements one connection has prepared, found by their text, at most so many.
 *
 * Pure bookkeeping: sending the commands is the owner's matter (db.c). Not for: sharing between
 * connections, each of which knows its own names only.
 * Trap: an entry that was used in the running batch is never given away, so the cache must hold
 * more entries than a batch has statements.
 */
#ifndef LODGE_PREPARED_H
#define LODGE_PREPARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PREPARED_MAX = 256, PREPARED_NAME = 16 };

struct prepared {
	char *sql;
	uint64_t hash;
	uint64_t used;            /* number of the batch that last used it */
	char name[PREPARED_NAME]; /* its name on the server */
	bool ready;               /* the server has it */
	bool sent;                /* PREPARE is under way in the running batch */
};

struct prepared_cache {
	struct prepared rows[PREPARED_MAX];
	size_t count;
	unsigned names; /* names given so far; never given twice on a connection */
};

/* The entry of this text, made when it is new; NULL when memory is short. Fills gone with the name
 * of a statement that the server should forget because its entry was needed, else "". */
struct prepared *prepared_take(
	struct prepared_cache *, const char *sql, uint64_t batch, char gone[PREPARED_NAME]);
void prepared_clear(struct prepared_cache *);

#endif
