/*
 * policy.h - conf/policy.conf as rows of the policy tables, and bringing the tables into step.
 *
 * policy_read judges the file alone (schema, doubled and missing rows, unknown roles); policy_sync
 * writes what differs, within the caller's transaction. Not for: reading policy at run time; server
 * and rules read the tables. Trap: the tables hold words, so that psql shows what the file says.
 */
#ifndef LODGE_POLICY_H
#define LODGE_POLICY_H

#include "common/arena.h"
#include "common/buf.h"

struct admin;

enum { POLICY_COLUMNS_MAX = 9 };
enum policy_table { POLICY_SETTING, POLICY_CLEARANCE, POLICY_LOAN, POLICY_CHECKLIST, POLICY_REST_DAY, POLICY_TABLES };

/* One table: lodge.NAME, its columns, how many of them are the key. What hangs on the table is brought
 * into step by one statement, when a row has changed. */
struct policy_shape {
	const char *name;
	const char *columns[POLICY_COLUMNS_MAX];
	size_t ncolumns, nkeys;
	const char *follow_up; /* or NULL */
};
extern const struct policy_shape policy_shapes[POLICY_TABLES];

/* One row as PostgreSQL text, in the order of the columns; NULL = SQL NULL. */
struct policy_row {
	const char *cells[POLICY_COLUMNS_MAX];
	struct policy_row *next;
};

struct policy {
	struct arena *arena;
	struct policy_row *first[POLICY_TABLES], **end[POLICY_TABLES];
	struct policy_row *demo; /* settings that replace others in a demo estate */
};

/* ERR_INVALID: *errors holds one "FILE:LINE: text" a fault. The policy lives in the arena. */
enum err policy_read(const char *file, struct arena *, struct policy **, struct buf *errors) MUST_CHECK;

/* Writes every row that differs, removes what the file does not name, writes one event if anything
 * changed, and adds one line "TABLE KEY: what" a change to *changes. */
enum err policy_sync(struct admin *, const struct policy *, struct buf *changes) MUST_CHECK;

/* The words of a row's key: "borrow outsider". NULL when out of memory. */
const char *policy_row_label(struct arena *, enum policy_table, const struct policy_row *) MUST_CHECK;

#endif
