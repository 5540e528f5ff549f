/*
 * value.h - how a value of the wire is shown: for people, and for scripts.
 *
 * Not for: deciding what may be seen; the server has left out what may not (row_masks says so).
 * Trap: the text for people is in the current language and must not be compared or sent back.
 */
#ifndef LODGE_VALUE_H
#define LODGE_VALUE_H

#include <stdbool.h>

#include "common/book.h"
#include "common/buf.h"
#include "common/node.h"

/* Times are shown and typed in the estate's time zone, which the server names; NULL or "": the
 * process's own. */
void value_use_zone(const char *zone);
/* Appends the value as people read it: labels of choices, local times, the code of a reference. */
void value_show(struct buf *, const struct field *, const struct node *value);
/* The same in few cells, for columns of lists: no year that is this one, no caption. */
void value_show_short(struct buf *, const struct field *, const struct node *value);
/* A field's value in its row, in few cells: what is shown instead when it is empty, the labels of
 * what it names. */
void row_show(struct buf *, const struct book *, const struct field *, const struct node *row);
/* The same by the field's name, in the place of what the buffer held; NULL, and an empty buffer, when there is no such
 * field or no such value. */
const struct field *row_show_named(struct buf *, const struct book *, const char *name, const struct node *row);
/* Appends the word of the wire: "take_out", "2026-03-01T10:30:00Z", "7-1203/1". */
void value_word(struct buf *, const struct node *value);
/* True when the row names this field among those the reader may not see. */
bool row_masks(const struct node *row, const char *field);
/* Numbers of a row; 0 when missing. */
int64_t row_number(const struct node *row, const char *member);
/* Label of the row's state, translated, or "". *is_late: it is a computed state of something open. */
const char *row_state(const struct book *, const struct node *row, bool *is_late);
/* The stored state behind the one that the row shows, or -1. */
int row_stored_state(const struct book *, const struct node *row);
/* What people call this record: its number, code or caption; "" when it has none. */
void row_title(struct buf *, const struct book *, const struct node *row);

#endif
