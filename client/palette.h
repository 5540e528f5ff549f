/*
 * palette.h - ':' – every command the reader may use, by name.
 *
 * The commands are operations and views of the books, and the actions of keys.c; the caller filters
 * by role. Unknown words show the nearest names. Not for: arguments; a command opens its screen.
 * Trap: palette_taken() borrows from the descriptors.
 */
#ifndef LODGE_PALETTE_H
#define LODGE_PALETTE_H

#include "client/keys.h"
#include "client/pick.h"
#include "common/report.h"

struct command {
	const struct book *book;   /* NULL for an action */
	const struct op *op;       /* one of op, view; both NULL: the book's list */
	const struct view *view;
	const struct report *report; /* then there is no book */
	enum action action;
	char name[96];             /* "loan request", "lock" */
};

struct palette {
	struct pick pick;
	struct command *commands;
	struct pick_item *items;
	size_t n;
};

/* role: whose books and views; acts: BIT(role), whose operations. ERR_NOMEM. */
enum err palette_open(struct palette *, enum role role, uint64_t acts) MUST_CHECK;
void palette_close(struct palette *);
unsigned palette_handle(struct palette *, const struct key *); /* enum pick_result */
void palette_draw(struct palette *, int row, int rows);
const struct command *palette_taken(const struct palette *);

#endif
