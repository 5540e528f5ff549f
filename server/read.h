/*
 * read.h - reading a book: one SELECT from its descriptor, and its rows as JSON.
 *
 * What may be read is decided here and nowhere else: the column list, the rows in scope, and which
 * fields may be named in a condition all come from the same question (read_may). The login role's
 * column grants say the same once more. Not for: FULL and SEALED values (engine_open.c), deciding
 * operations. Trap: identifiers come from descriptors only, values travel as parameters only.
 */
#ifndef LODGE_READ_H
#define LODGE_READ_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/book.h"
#include "common/buf.h"
#include "common/node.h"
#include "common/validate.h"
#include "server/lane.h"

enum {
	READ_LIMIT = 50, READ_LIMIT_MAX = 200,
	READ_FILTERS_MAX = 4,
	READ_PARAMS_MAX = 24,
	READ_ISSUES_MAX = 8,
};

/* For whom: the part of a session that reads need. */
struct reader {
	enum role role;
	enum level level;           /* at most CONTACT: what lists may show him now */
	const char *areas, *heads;  /* array texts */
	const char *staff;          /* his id */
};

/* The cells of one field in a row; -1 = there is none. */
struct read_cells {
	const struct field *field;
	/* names: "id US code US caption", such records with RS between; all fields of one book share it.
	 * Clean text holds neither separator. */
	int value, withheld, names;
};


/* One statement and how to read its rows. Built once, lives in the arena. */
struct selection {
	struct arena *arena;
	const struct book *book;
	const struct reader *reader;
	struct stmt stmt;
	const char *params[READ_PARAMS_MAX];
	int nparams, areas_at, staff_at, heads_at, key_at; /* numbers of shared parameters, 0 = not yet used */
	int ncells, version, state, subject, sort; /* cells; -1 = there is none */
	struct read_cells *fields;
	size_t nfields;
	const char *masked;      /* JSON strings with commas between */
	bool shows_contact;      /* a CONTACT field is among them: rows are look-ups (CNF-01) */
	int limit;               /* rows shown; one more is asked for */
	const char *sort_name;   /* "-due": also stands in the cursor */
	bool sort_has_nulls;     /* a deadline's moment, which may be empty */
	struct issue issues[READ_ISSUES_MAX + 1];
	size_t nissues;
	struct buf *sql;         /* while it is built */
};

/* May he read this field in lists and records? */
bool read_may(const struct reader *, const struct field *);
/* May he read the book at all (perhaps only the rows that he is a party to)? */
bool read_book_may(const struct reader *, const struct book *);

/* BOOK.list with its params. ERR_INVALID: ->issues says what; ERR_NOMEM. */
enum err read_list(struct selection *, const struct node *params) MUST_CHECK;
/* One record, by id or (id NULL) by code. With a parent and a part: the rows of part->book that hang on
 * the parent's record of that name. */
enum err read_record(struct selection *, const struct book *parent, const struct part *,
	const char *id, const char *code) MUST_CHECK;
void read_init(struct selection *, struct arena *, const struct reader *, const struct book *);

/* {"id":…,fields… without the end: the caller adds members of his own and then closes it. */
void read_row_open(struct buf *, const struct selection *, const struct rows *, size_t row);
/* ,"masked":[…]} with the further masked members of extra (JSON strings with commas, or NULL). */
void read_row_close(struct buf *, const struct selection *, const struct rows *, size_t row,
	const char *extra);
/* {"rows":[…],"next":…}, or only the array when !whole. */
void read_rows(struct buf *, const struct selection *, const struct rows *, bool whole);
/* Household that the row is about, or NULL: for the look-up log. */
const char *read_subject(const struct selection *, const struct rows *, size_t row);

/* A field of alias t in the form that the wire needs, and such a cell as JSON (NULL = null). */
void read_value_sql(struct buf *, const struct field *);
void read_value_json(struct buf *, const struct field *, const char *text);
/* For statements of one's own: begin, write into sel->sql, end (moves the text into the arena and
 * fills sel->stmt; hands err on). */
void read_sql_begin(struct selection *, struct buf *);
enum err read_sql_end(struct selection *, enum err);
/* Adds a parameter; writes nothing. Returns its number, or 0 when there is no room. */
int read_param(struct selection *, const char *text);
const char *read_key(const struct book *); /* primary key column */
/* Conditions over alias t that hold for every row this reader may see; never empty. */
void read_scope_sql(struct selection *);

/* --- between read*.c only ---------------------------------------------------------------- */

/* Builds what read_record hands out. */
enum err read_record_build(struct selection *, const struct book *parent, const struct part *,
	const char *id, const char *code);

/* A field of alias t as it is compared. */
void read_operand_sql(struct buf *, const struct field *);
void read_issue(struct selection *, const char *field, const char *message);
/* The state as a person sees it, as an SQL expression over alias t. */
void read_state_sql(struct buf *, const struct book *);
/* " AND …" for each member of a where object. */
enum err read_where_sql(struct selection *, const struct node *where);
/* Sorting and paging: checks sort, after, limit; writes the condition and ORDER BY … LIMIT. */
enum err read_page_parse(struct selection *, const struct node *params, const char **after_value,
	const char **after_id);
void read_page_where_sql(struct selection *, const char *after_value, const char *after_id);
void read_page_order_sql(struct selection *);
void read_cursor(struct buf *, const struct selection *, const struct rows *, size_t row);

#endif
