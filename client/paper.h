/*
 * paper.h - the PDF of an operation marked OP_EXPORT, into a file that the person names.
 * Not for: the screen. Trap: make the file first; a number in the register is never given back.
 */
#ifndef LODGE_PAPER_H
#define LODGE_PAPER_H

#include "client/cli.h"
#include "common/book.h"

struct paper_file;

/* A new file, 0600; false with a sentence on standard error, also when there is one already. */
bool paper_create(const char *path, struct paper_file **out);
/* Closes it; removes it unless keep. False when it could not be written. NULL is fine. */
bool paper_close(struct paper_file *, bool keep);
/* Fetches the record's paper. False: *answer holds the error, if one came. */
bool paper_fetch(struct cli *, const struct book *, int64_t id, struct paper_file *, struct cli_answer *answer);

#endif
