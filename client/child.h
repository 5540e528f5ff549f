/*
 * child.h - a program of this machine that is given a text and has to end soon.
 *
 * Not for: choosing it (printer.c, pdf.c). Trap: the caller waits, for five seconds at most: then the program is ended.
 */
#ifndef LODGE_CHILD_H
#define LODGE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/buf.h"

/* A file in memory that holds the text, to be read from its beginning; -1: none. */
int child_file(const char *name, const struct buf *text);
/* Waits for its end, or ours of patience; true when it ended with 0. */
bool child_ended_well(pid_t);

#endif
