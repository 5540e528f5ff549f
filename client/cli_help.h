/*
 * cli_help.h - the help of `lodge BOOK VERB`.
 * Not for: the keys of the screen (help.h). Trap: none.
 */
#ifndef LODGE_CLI_HELP_H
#define LODGE_CLI_HELP_H

#include <stdio.h>

#include "common/book.h"

/* The verbs of a book. */
void cli_help_book(FILE *out, const struct book *);
/* The flags of one verb that the book has; * marks those that must be given. */
void cli_help_verb(FILE *out, const struct book *, const char *verb);

#endif
