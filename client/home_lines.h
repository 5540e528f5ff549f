/*
 * home_lines.h - a console's queues written out row by row on its first screen: late first, worst first, one key acts.
 *
 * Which queues, and what the key does to a row of each, says the console (steps). Not for: how many wait in the other
 * queues (home.c). Trap: rows are those of the last answers and are arranged anew with each, so nothing may hold one
 * over a turn; the selection is kept by book and id.
 */
#ifndef LODGE_HOME_LINES_H
#define LODGE_HOME_LINES_H

#include "client/app.h"
#include "client/consoles/console.h"

struct lines;

/* Of this console, for the role that is signed in. */
struct lines *lines_new(struct app *, const struct console *);
void lines_free(struct lines *);
/* Asks for everything, without holding the keyboard. */
void lines_load(struct lines *);
/* What a changed book shows here is asked for again. */
void lines_changed(struct lines *, const struct book *);
void lines_watches(const struct lines *, struct book_set *);
void lines_draw(struct lines *, int row, int rows);
/* Moves the selection; false: the action is not about that. */
bool lines_move(struct lines *, enum action);
/* Shows the selected record, or the queue where a row stands for more of it. */
void lines_open(struct lines *);
/* The operation that comes next for the selected row, .op NULL: none; and starts it. */
struct step_op lines_next(const struct lines *);
void lines_step(struct lines *);

#endif
