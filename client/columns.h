/*
 * columns.h - rows of a book as a table: which columns, how wide, and painting a row.
 *
 * Widths come from the descriptor and from what the rows hold, in terminal cells. Not for: choosing
 * or moving (list.c, record.c). Trap: what is measured and what is drawn are two numbers, so that a
 * table fitted again – another page, another size of the terminal – is the one that it would be at once.
 */
#ifndef LODGE_COLUMNS_H
#define LODGE_COLUMNS_H

#include "client/tty.h"
#include "common/book.h"
#include "common/node.h"

enum { COLUMNS_MAX = 24, COLUMNS_GAP = 2 };

struct columns {
	const struct book *book;
	size_t n;
	struct column {
		const struct field *field; /* NULL: the state */
		int widest; /* cell measured */
		int width;  /* drawn */
	} column[COLUMNS_MAX];
};

/* Starts a table of the book's list columns. of: the book whose record the rows hang on, or NULL:
 * what all of them share with it (its unit) is not repeated. by: the field that ties them, or NULL. */
void columns_init(struct columns *, const struct book *, const struct book *of, const char *by);
/* Widens for what a row holds. further: a row behind those that people see first; only what would say something else
 * when it is cut (numbers, codes, times) still widens its column, so that the table does not jump while one scrolls. */
void columns_measure(struct columns *, const struct node *row, bool further);
/* Shrinks or stretches the measured widths to exactly this many cells. */
void columns_fit(struct columns *, int cells);
void columns_draw_head(const struct columns *, int row, int col);
/* The labels of the columns that begin at or behind the cell from: the rest of a head. */
void columns_draw_labels(const struct columns *, int row, int col, int from);
/* Paints a row; masked values as [#]. selected only chooses the style. */
void columns_draw_row(const struct columns *, int row, int col, const struct node *values,
                      bool selected);
/* The text of one cell, as it is painted. */
void columns_cell(struct buf *, const struct columns *, size_t at, const struct node *values);

#endif
