/*
 * named.h - the log's words as people read them: books, operations and fields by their labels.
 *
 * Not for: values (value.h). Trap: the log also holds words of the house itself (a session's
 * opening, the policy); one that nobody knows is shown as it is, never left out.
 */
#ifndef LODGE_NAMED_H
#define LODGE_NAMED_H

#include "common/book.h"
#include "common/node.h"

/* What was done: the label of an operation or time limit of the book (NULL: of none), of an act of
 * the house, else the word itself. */
const char *named_act(const struct book *, const char *word);
/* Labels of the fields in a list of words, with commas between. */
void named_fields(struct buf *, const struct book *, const struct node *words);
/* A text of words parted by " · " or blanks: of these choices; choices, states, time limits, fields of the book or of one that it
 * names; titles of books. What is none of these stays as it is. */
void named_words(struct buf *, const struct choice *, const struct book *, const char *text);
/* The value of a field that holds names (F_NAMES) in this row of the book. */
void named_show(struct buf *, const struct book *, const struct field *, const struct node *row);

#endif
