/*
 * compile_row.h - the statements that write a row: variables new and old, the id in a_id.
 *
 * Trap: a succession (op.succeed) leaves the receipt to the row that comes after.
 */
#ifndef LODGE_COMPILE_ROW_H
#define LODGE_COMPILE_ROW_H

#include "common/book.h"
#include "common/buf.h"

void compile_insert(struct buf *out, const struct book *);
void compile_update(struct buf *out, const struct book *);
/* Another row takes the place of the one that the operation started from: a new one, or one that
 * waited and was chosen by .derive. */
void compile_succession(struct buf *out, const struct book *, const struct op *);

#endif
