/*
 * crisis.h - the emergency that runs, on the first screen of every desk: what, where, since when, what callers are told.
 *
 * One key leads to it from everywhere, and to the procedures of each kind where none runs (EMG-01). Not for: what is done in it
 * (its record), or who is looked for (roll.h). Trap: it is what the server said last; without the link it stays.
 */
#ifndef LODGE_CRISIS_H
#define LODGE_CRISIS_H

#include "client/app.h"

struct crisis;

/* Of a first screen; there is one at a time, which the key below asks. */
struct crisis *crisis_new(struct app *);
void crisis_free(struct crisis *);
/* Asks for what runs, without holding the keyboard. */
void crisis_load(struct crisis *);
void crisis_changed(struct crisis *, const struct book *);
void crisis_watches(const struct crisis *, struct book_set *);
/* Draws it from this row on; how many rows it took: none where nothing runs. */
int crisis_draw(const struct crisis *, int row, int cols);
/* What runs, the newest first, one behind the other; NULL: nothing. */
const struct node *crisis_runs(void);

/* Shows what runs. Where nothing does, or that is shown already: asks for a kind, and shows its procedure. */
void crisis_show(struct app *);

#endif
