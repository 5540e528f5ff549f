/*
 * golden.h - whole screens against files of tests/screen/golden.
 *
 * A golden is the text of a screen, blanks at the ends of rows cut off. What moves by itself is
 * neutral in it: dates, times of day, and the cells a test names. Not for: colours and attributes.
 * Trap: UPDATE_GOLDEN=1 rewrites the files; read what it wrote as the person at the desk would.
 */
#ifndef LODGE_SCREEN_GOLDEN_H
#define LODGE_SCREEN_GOLDEN_H

#include "tests/screen/vt.h"

/* Cells that differ between two runs: counts that other tests move. */
struct golden_hole {
	int row, rows, col, cols; /* rows 0 = no hole */
};

/* Waits until the screen is that of golden/NAME.txt; fails the test with both otherwise. Asserts, too,
 * that the first row names the program and the last one ends with the help key. */
void golden_see(struct vt *, const char *name, const struct golden_hole *);

#endif
