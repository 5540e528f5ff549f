/*
 * report.h - the contract of the reports: figures over the books that people look at.
 *
 * A report is data as a book is: its columns, who may see it, how it is drawn, and which rows stand
 * behind a bar. Wire, SQL door, command line, screen, documentation and role audit are derived from
 * the table in report.c; the counting is one SQL function a report, in server/reports/. Not for:
 * rows of a book, which a list shows. Trap: a count of level FULL counts what nobody may list; small
 * ones are masked by the door (policy report.least), and no list of ours stands behind it.
 */
#ifndef LODGE_REPORT_H
#define LODGE_REPORT_H

#include "common/book.h"
#include "common/buf.h"

enum report_kind {
	REPORT_UNSET = 0,
	REPORT_RANKED, /* the biggest bar first; bars of nothing are left out */
	REPORT_SERIES, /* in the order of the SQL function: bands, months */
};

enum column_kind {
	COLUMN_UNSET = 0,
	COLUMN_GROUP, /* what the bar is about; at least one. Of level FULL or more its value never leaves the
	                 database: it stands there as locked. Of CONTACT, no value (NULL) is a withheld one. */
	COLUMN_COUNT, /* a number that a bar may be drawn of */
	COLUMN_KEY,   /* on the wire only: leads to the rows behind */
};

/* .field: name, label, help, type, level, choices, ref as in a book; it is a column of the function. */
struct report_column {
	enum column_kind kind;
	struct field field;
	const char *where;   /* COLUMN_COUNT: members of the list's "where" that this number counts */
	const char *nothing; /* COLUMN_GROUP: English msgid shown where there is no value */
};

/* SQL lodge.report_NAME(who lodge.actor) RETURNS TABLE (one column a column, here in their order). */
struct report {
	const char *name, *title, *help;
	const char *rule;     /* ID for those who are refused */
	uint64_t roles;
	enum report_kind kind;
	const struct report_column *columns;
	size_t ncolumns;
	const char *book;     /* whose rows stand behind a bar; NULL: nobody lists them */
	const char *where;    /* members of that list's "where"; $NAME is the row's value of that column */
	const char *closed;   /* without .book: English msgid, why */
	const char *locked_book, *locked_field; /* with .closed: the field that is counted, so that `why` can tell who may open it; or NULL */
};

extern const struct report reports[];
extern const size_t nreports;

const struct report *report_find(const char *name); /* NULL when there is none */
/* The named COLUMN_COUNT; the first when name is NULL; NULL when there is none of that name. */
const struct report_column *report_count(const struct report *, const char *name);
/* One sentence for every fault of the table. OK when there is none. */
enum err reports_check(struct buf *errors) MUST_CHECK;

#endif
