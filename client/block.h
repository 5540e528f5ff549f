/*
 * block.h - block letters: a word in letters five rows high, read from two metres.
 *
 * Capital Latin letters with the marks of Vietnamese, made of '#', because every terminal has it, one cell wide and
 * without a colour. Not for: styles, or scripts whose characters are wide already. Trap: what it has no shape for makes
 * the whole word fail, so that no letter is ever missing from it.
 */
#ifndef LODGE_BLOCK_H
#define LODGE_BLOCK_H

#include <stdbool.h>

#include "common/buf.h"

enum { BLOCK_ROWS = 7 }; /* one of marks above, five of letters, one of marks below */

/* Draws the word at this scale (cells to each dot); rows are initialised by the caller and get their text without
 * blanks at the end. Returns its width in cells; 0: a letter has no shape here, or it is wider than that. */
int block_write(struct buf rows[BLOCK_ROWS], const char *word, int scale, int cells);
/* The same at the largest scale that fits, at most 2; that is *scale. */
int block_fit(struct buf rows[BLOCK_ROWS], const char *word, int cells, int *scale);

#endif
