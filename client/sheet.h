/*
 * sheet.h - a record laid out in lines: its fields, then the rows of its parts.
 *
 * Made from descriptor and answer, for a width. Not for: keys or asking (record.c). Trap: lines
 * point into the answer's arena and die with it.
 */
#ifndef LODGE_SHEET_H
#define LODGE_SHEET_H

#include "common/book.h"
#include "common/node.h"
#include "client/columns.h"

enum { SHEET_LINES_MAX = 600, SHEET_TABLES_MAX = 16 };

enum line_kind { LINE_UNSET, LINE_FIELD, LINE_HEAD, LINE_ROW };

struct line {
	enum line_kind kind;
	const struct field *field; /* LINE_FIELD */
	const struct part *part;   /* LINE_HEAD, LINE_ROW */
	const struct node *values; /* LINE_FIELD: the record; LINE_ROW: the part's row */
	size_t table;              /* LINE_HEAD, LINE_ROW: index in .tables */
	size_t count;              /* LINE_HEAD: rows below it */
	int row, col, width;       /* where on the sheet */
	int height;                /* rows: long texts have several */
};

struct sheet {
	const struct book *book;
	const struct node *values, *opened;
	int cols, rows;            /* of the whole sheet */
	struct line lines[SHEET_LINES_MAX];
	size_t n;
	struct columns tables[SHEET_TABLES_MAX];
	size_t ntables;
};

/* opened: the values of an opening of this record, or NULL. */
void sheet_lay_out(struct sheet *, const struct book *, const struct node *values,
                   const struct node *opened, int cols);
/* The first line that can be selected at or after (before) this one; the same when there is none. */
size_t sheet_step(const struct sheet *, size_t at, int direction);
bool sheet_is_locked(const struct line *);
/* Paints a line that begins on row, but only what lies on the rows from..end - 1 of the screen. */
void sheet_draw_line(const struct sheet *, const struct line *, int row, int from, int end, bool selected);

#endif
