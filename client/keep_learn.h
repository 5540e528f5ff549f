/*
 * keep_learn.h - what a row is after an operation that this terminal recorded offline, as far as a console has to know it.
 *
 * Pure: descriptor and keep_book.h say it (an operation's state, outcomes, what is spent, what is touched). Not for: judging; the server does that
 * when the journal is handed in, and its row then takes the place of this one. Trap: it may be wrong where the server
 * refuses the record afterwards; so the row that the server gave is kept beside it (keep_own.h).
 */
#ifndef LODGE_KEEP_LEARN_H
#define LODGE_KEEP_LEARN_H

#include "client/keep_book.h"

/* Appends the row as JSON. row NULL: the operation makes it. id: what it is called here. at: the moment of the record. */
enum err keep_learn(const struct keep_book *, const struct op *, const struct node *row, const struct node *params, int64_t id, const char *at,
                    struct buf *out) MUST_CHECK;
/* Whether what is known here rules it out: it starts from another state, or takes what is not left. NULL, or the sentence with its
 * rule, English msgids. */
const char *keep_learn_refuses(const struct keep_book *, const struct op *, const struct node *row, const struct node *params, const char **rule);

/* What an operation does to rows of another book; NULL: nothing. Is this row one of them? And what the row is afterwards. */
const struct keep_touch *keep_touch_of(const struct keep_book *, const struct book *, const struct op *);
bool keep_touches(const struct keep_book *, const struct keep_touch *, const struct node *row, const struct node *params);
enum err keep_touch(const struct keep_touch *, const struct node *row, const char *at, struct buf *out) MUST_CHECK;

#endif
