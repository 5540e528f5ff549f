/*
 * compile_shape.h - the part of a compiled operation that checks its parameters.
 * Not for: others; they use compile.h.
 */
#ifndef LODGE_COMPILE_SHAPE_H
#define LODGE_COMPILE_SHAPE_H

#include "common/book.h"
#include "common/buf.h"

/* Fills who.given, then answers `invalid` for what is missing or has not its field's shape. */
void compile_shape(struct buf *, const struct book *, const struct op *);

#endif
