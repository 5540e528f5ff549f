/*
 * book_check.h - refuses descriptors that are not whole.
 * Not for: the database; `lodged check` compares the two.
 */
#ifndef LODGE_BOOK_CHECK_H
#define LODGE_BOOK_CHECK_H

#include "common/book.h"
#include "common/buf.h"

/* Judges one book; one line a fault goes to the buffer. True when there is none. */
bool book_check(const struct book *, struct buf *faults);
/* Judges every book of the table, and that no name stands twice. */
bool books_check(struct buf *faults);

#endif
