/*
 * gate_roll.h - the roll call for an emergency: everybody who is inside, by building and floor, on paper.
 * Not for: residents (the archive's lists). Trap: it is made of the kept lists, so that it works without a link;
 * the head says how old they are.
 */
#ifndef LODGE_GATE_ROLL_H
#define LODGE_GATE_ROLL_H

#include "client/gate_lists.h"

/* Appends the text; by: who prints. */
void gate_roll_write(struct buf *, const struct gate_lists *, const char *by);
/* Prints or shows it. */
void gate_roll_call(struct app *, const struct gate_lists *);

#endif
