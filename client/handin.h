/*
 * handin.h - hands a terminal's journal in to the server: in order, a few records on their way at a time.
 *
 * The server's answers tell what it has taken. At the first fault nothing more is sent; when everything under way has been
 * answered, it begins again with the oldest record that was not taken, and the server answers those that it has as before.
 * Not for: when it may (offline.c), the file (journal.c). Trap: an answer behind a fault counts for nothing, not even a
 * refusal: the chain could not be judged there.
 */
#ifndef LODGE_HANDIN_H
#define LODGE_HANDIN_H

#include "client/journal.h"
#include "client/link.h"

enum { HANDIN_WINDOW = 6 }; /* of the eight that a connection may have waiting: two are the guard's */

/* All zero, then link and journal (both borrowed) and the callbacks: ready to begin. */
struct handin {
	struct link *link;
	struct journal *journal;
	/* The oldest record was taken; receipt NULL: as an exception. is_last: the file begins anew behind it. Perhaps told twice. */
	void (*one_taken)(void *ctx, uint64_t counter, const struct node *receipt, bool is_last);
	void (*all_taken)(void *ctx); /* nothing waits any more; taken, refused and why tell of it until it returns */
	void (*broken)(void *ctx);    /* the chain does not hold: nothing more is handed in */
	void *ctx;
	size_t taken, refused;        /* refused: taken too, but as an exception */
	char why[200];                /* the last one was refused for */
	size_t under_way;
	bool is_halted, is_broken;
	int64_t again_at;             /* link_now(): not before */
};

/* Sends what may be sent now; the link is up and somebody is signed in. */
void handin_turn(struct handin *);
/* link_now() at which handin_turn is due; -1: it waits for answers, or has nothing to do. */
int64_t handin_deadline(const struct handin *);

#endif
