/*
 * wrap.h - where a sentence may be broken into rows.
 *
 * Not for: cutting values to columns (common/text.c). Trap: hanzi have no blanks between them and
 * may be broken anywhere; words of other scripts only behind a blank.
 */
#ifndef LODGE_WRAP_H
#define LODGE_WRAP_H

#include <stddef.h>

/* Bytes of the text that stand in the first row of this many cells; 0 when nothing can be broken. */
size_t wrap_at(const char *text, int cells);

/* The same for texts that are shown whole: up to a line feed, else to the last place to break at, else
 * as much as fits; 0 only before a line feed or at the end. */
size_t wrap_row(const char *text, int cells);

#endif
