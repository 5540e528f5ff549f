/*
 * import_csv.h - a table of text, row by row: commas, semicolons or tabs, quotes, any line end.
 *
 * Reads RFC 4180 as spreadsheets write it: a mark at the beginning (BOM), CRLF, LF or CR, cells in
 * quotes that hold separators and line ends. Not for: characters and meanings (import_text.h,
 * import_line.h). Trap: a quote that is never closed would swallow the rest of the file; its line
 * alone is bad, and reading goes on with the next one.
 */
#ifndef LODGE_IMPORT_CSV_H
#define LODGE_IMPORT_CSV_H

#include <stddef.h>

#include "common/arena.h"

enum { CSV_CELLS_MAX = 64, CSV_CELL_MAX = 8192 };

/* Cells are NUL-terminated and without the blanks at their ends. */
struct csv_row {
	size_t line;      /* of its beginning, from 1 */
	const char *cells[CSV_CELLS_MAX];
	size_t ncells;
	const char *why;  /* English msgid: what makes the row unreadable; NULL when it is fine */
	size_t bad;       /* index of the cell that is bad */
};

struct csv {
	const char *text, *end, *at;
	size_t line;
	char separator;
};

/* text outlives the reader. The separator is the one of , ; and tab that the first line has most of. */
void csv_open(struct csv *, const char *text, size_t len);
/* The next row that is not empty, in the arena. ERR_NOT_FOUND: there is none; ERR_NOMEM. */
enum err csv_next(struct csv *, struct arena *, struct csv_row *) MUST_CHECK;

#endif
