/*
 * docs.h - what can be said about a book from its descriptor alone: Markdown, and a table's draft.
 *
 * Not for: rights of one role (roles.c). Trap: the draft of a table is a start for a migration,
 * not a migration; constraints that the descriptor cannot say are yours to add.
 */
#ifndef LODGE_DOCS_H
#define LODGE_DOCS_H

#include "common/book.h"
#include "common/buf.h"

/* One chapter: fields, states, operations with their rules, time limits, views, parts. */
void docs_book(struct buf *, const struct book *);
/* CREATE TABLE, the sealed companion, and the constraints that follow from the fields. */
void docs_ddl(struct buf *, const struct book *);
/* "FD, OP, ACU", "everybody", "everybody but SYS", "nobody". */
void docs_roles(struct buf *, uint64_t roles);

#endif
