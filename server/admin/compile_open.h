/*
 * compile_open.h - what compile.c and compile_open.c share.
 * Not for: others; they use compile.h.
 */
#ifndef LODGE_COMPILE_OPEN_H
#define LODGE_COMPILE_OPEN_H

#include "common/book.h"
#include "common/buf.h"

/* op.BOOK_open and op.reveal_BOOK; nothing for a book without fields above NAME. */
void compile_open(struct buf *, const struct book *);
/* ARRAY['FD','OP']::text[] */
void compile_roles(struct buf *, uint64_t roles);
/* SQL condition: the row in alias or variable v exists for who. */
void compile_scope(struct buf *, const struct book *, const char *v);
/* Staff who are a party to the row in variable v, as SQL array. */
void compile_parties(struct buf *, const struct book *, const char *v);

#endif
