/*
 * pick.h - a list that filters while one types; Enter takes. Help and palette are made of it.
 *
 * Not for: records of the house (list.c), which are tied to ids and come from the server.
 * Trap: items are borrowed; they must outlive the widget.
 */
#ifndef LODGE_PICK_H
#define LODGE_PICK_H

#include "client/edit.h"
#include "common/buf.h"

enum pick_result {
	PICK_IGNORED = 0,
	PICK_USED = 1 << 0,
	PICK_TAKEN = 1 << 1,  /* pick_taken() is the item */
	PICK_CANCEL = 1 << 2,
};

struct pick_item {
	const char *name;  /* matched and shown, translated */
	const char *key;   /* shown left of it, or NULL */
	const char *help;  /* shown behind it, translated, or NULL */
	const void *data;
};

struct pick {
	char title[64];
	const struct pick_item *items;
	size_t nitems;
	struct edit filter;
	size_t at;   /* selected, counted among those that match */
	size_t top;
};

void pick_init(struct pick *, const char *title, const struct pick_item *items, size_t nitems);
void pick_done(struct pick *);
unsigned pick_handle(struct pick *, const struct key *);
void pick_draw(struct pick *, int row, int rows);
/* What the selected item does, when its line has no room for all of it. */
void pick_hint(const struct pick *, struct buf *out);
/* True when name or key of the item hold what is typed; it may be shown as the nearest only. */
bool pick_holds(const struct pick *, const struct pick_item *);
/* The selected item, or NULL when nothing matches. */
const struct pick_item *pick_taken(const struct pick *);

#endif
