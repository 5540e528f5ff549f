/*
 * compile_known.h - the steps of a compiled operation that may meet its row again.
 * Not for: others than compile.c. Trap: both count on the variables asked and same of its skeleton.
 */
#ifndef LODGE_COMPILE_KNOWN_H
#define LODGE_COMPILE_KNOWN_H

#include "common/book.h"
#include "common/buf.h"

/* The known row is in old: what was given goes over it, the rest stays; who.prior is how it was. */
void compile_known(struct buf *, const struct book *, const struct op *);
/* Nothing differs: nothing is written. A rehearsal ends here too, whatever it found. */
void compile_same(struct buf *, const struct book *, const struct op *);

#endif
