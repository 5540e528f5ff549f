/*
 * items.h - lists of goods: names with how many of each, on the wire and as people type them.
 * Not for: what may be done with them; that is a rule of their book. Trap: see items.c.
 */
#ifndef LODGE_ITEMS_H
#define LODGE_ITEMS_H

#include "common/arena.h"
#include "common/buf.h"
#include "common/node.h"
#include "common/words.h"

enum { ITEM_NAME_LONGEST = 160, ITEM_MOST = 99999 };

/* A list of {"name","quantity"} (quantity 1 when left out) or plain names, or the text "sofa x2; bed", as canonical JSON text
 * in the arena; NULL when it is empty. ERR_INVALID: *why says what is wrong (English msgid or translated). */
enum err items_read(struct arena *, const struct node *, size_t most, const char **text, const char **why) MUST_CHECK;
/* Appends a list as people read it: "sofa x2; bed". */
void items_show(struct buf *, const struct node *list);

#endif
