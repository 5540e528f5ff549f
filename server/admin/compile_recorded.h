/*
 * compile_recorded.h - the second door of an operation marked OP_OFFLINE: a record of a terminal's journal.
 * Not for: the chain itself (server/rules/journal.sql). Trap: see compile_recorded.c.
 */
#ifndef LODGE_COMPILE_RECORDED_H
#define LODGE_COMPILE_RECORDED_H

#include "common/book.h"
#include "common/buf.h"

/* op.BOOK_OP_recorded: the parameters of op.BOOK_OP, then j_counter, j_before, j_tag, j_at, j_by, j_about, j_content, j_written.
 * Nothing for an operation that is not OP_OFFLINE. */
void compile_recorded(struct buf *, const struct book *, const struct op *);
void compile_recorded_grant(struct buf *, const struct book *, const struct op *);

#endif
