/*
 * compile_why.h - lodge.why_BOOK(token, op, id): what stands in the way of an operation, and who may do it.
 * Not for: creations; there is no row to ask about.
 */
#ifndef LODGE_COMPILE_WHY_H
#define LODGE_COMPILE_WHY_H

#include "common/book.h"
#include "common/buf.h"

void compile_why(struct buf *, const struct book *);
/* Is there an lodge.why_BOOK? */
bool compile_has_why(const struct book *);

#endif
