/*
 * entry_begin.h - what stands in the form of an operation when it opens.
 *
 * Not for: whether it may open (entry.c). Trap: what stands there was typed by nobody, so a form with nothing else in it counts as blank
 * only where it is a suggestion.
 */
#ifndef LODGE_ENTRY_BEGIN_H
#define LODGE_ENTRY_BEGIN_H

#include "client/form.h"

/* What a record is called by: its own code, or that of the record it is about (a loan's file); the book that this names. */
const char *entry_called_by(const struct book *focus, const struct node *row, struct buf *code);
/* A new record begins with the one in focus (NULL: none): its file, its unit are what people mean. */
void entry_preset(struct form *, const struct book *focus, const struct node *row);
/* The same, and with the moment of the key that opened the form (F_FIRST_KEY). */
void entry_begin_new(struct form *, const struct book *focus, const struct node *row);
/* An operation on a record: what the console's tables fill in, or all that it says already where it is taken on (OP_RESUME). */
void entry_begin_with(struct form *, const struct node *row);

#endif
