/*
 * help.h - the key list of a context: type to filter, Enter runs.
 *
 * Made from keys.c, so it cannot differ from what the keys do. Not for: the handbook.
 * Trap: help_taken() borrows from the key table.
 */
#ifndef LODGE_HELP_H
#define LODGE_HELP_H

#include "client/keys.h"
#include "client/pick.h"

struct help {
	struct pick pick;
	struct pick_item items[96];
	char keys[96][32]; /* of each item, twins too */
};

void help_open(struct help *, enum context, keys_allow_cb *, void *arg);
void help_close(struct help *);
unsigned help_handle(struct help *, const struct key *); /* enum pick_result */
void help_draw(struct help *, int row, int rows);
const struct binding *help_taken(const struct help *);

#endif
