/*
 * import_line.h - what a row of a residents' list says: its columns, its values, its faults.
 *
 * One table of columns with their names in the four languages; values are judged by the fields of
 * the operation that takes them, after what spreadsheets do to dates, sexes and yes is undone.
 * Not for: what the server alone knows. Trap: a fault names line and column and never the value,
 * because reports are kept and shown around.
 */
#ifndef LODGE_IMPORT_LINE_H
#define LODGE_IMPORT_LINE_H

#include <stdbool.h>

#include "client/import_csv.h"
#include "common/book.h"

enum import_column {
	IMPORT_UNIT, IMPORT_HOUSEHOLD, IMPORT_NAME, IMPORT_RELATION, IMPORT_MOBILE, IMPORT_HOME_PHONE,
	IMPORT_SEX, IMPORT_ID_NO, IMPORT_BIRTH, IMPORT_IMPORTANT, IMPORT_COLUMNS
};

/* The operation that takes a line. */
#define IMPORT_BOOK "person"
#define IMPORT_OP "take_over"

struct import_header {
	int at[IMPORT_COLUMNS]; /* index of the cell, -1 = the list has no such column */
	size_t ncells;
	struct import_word *words; /* every spelling of every choice, in the arena */
};

struct import_person {
	size_t line;
	const char *values[IMPORT_COLUMNS]; /* as the wire takes them; NULL = not given */
	bool is_bad;
};

/* Where faults go; why is a sentence in the current language. */
struct import_report {
	void (*fault)(void *ctx, size_t line, const char *column, const char *why);
	void *ctx;
};

/* Name of the column in reports, and of the member that carries it. */
const char *import_column_word(enum import_column);
const struct field *import_column_field(enum import_column);
/* False: the first row is no header; every fault was reported. */
bool import_header(struct arena *, const struct csv_row *, struct import_header *, const struct import_report *);
/* False: the row is bad; every fault was reported. Memory short: false and *err. */
bool import_person(struct arena *, const struct import_header *, const struct csv_row *, struct import_person *,
	const struct import_report *, enum err *err);

#endif
