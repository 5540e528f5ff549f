/*
 * gate_shift.h - the work list at the end of a shift: who is still here, on the screen and on paper.
 *
 * Not for: full lists of the visitor book (list.c). Trap: whom nobody saw leave is asked for, first himself, then his
 * host; what is presumed stays marked as presumed (VIS-12), and no number is shown that was not given away (CNF-12).
 */
#ifndef LODGE_GATE_SHIFT_H
#define LODGE_GATE_SHIFT_H

#include "client/keep.h"

/* Opens it. lists: those of the gate below, which go on without a link; NULL: the server is asked. */
void gate_shift_push(struct app *, const struct keep *);
/* May this role see it? */
bool gate_shift_allows(const struct app *);

#endif
