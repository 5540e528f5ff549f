/*
 * gate_roll.h - the roll call for an emergency: everybody who is inside, by building and floor, on paper.
 * Not for: residents (the archive's lists). Trap: it is made of the kept lists, so that it works without a link;
 * the head says how old they are.
 */
#ifndef LODGE_GATE_ROLL_H
#define LODGE_GATE_ROLL_H

#include "client/keep.h"

enum { ROLL_MOST = 4000 };

/* Rows of people; they belong to whoever fetched them. */
struct roll {
	const struct node *row[ROLL_MOST];
	size_t n;
};

/* Adds who is inside – or here at all – of the kept lists, parsed into the arena. */
void gate_roll_collect(struct roll *, const struct keep *, bool only_inside, struct arena *);
/* Prints or shows the roll call of those of them who are inside; lists NULL: fetched just now. */
void gate_roll_call(struct app *, const struct roll *, const struct keep *);
/* The same of everybody in the lists. */
void gate_roll_call_lists(struct app *, const struct keep *);

/* A line of paper; the first lines: title, when and by whom, how old the lists are. */
void gate_paper_line(struct buf *, const char *text);
void gate_paper_head(struct buf *, const char *title, const struct app *, const struct keep *);

#endif
