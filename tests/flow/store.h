/*
 * store.h - PostgreSQL for the flow tests: a statement as a login role, its rows or its SQLSTATE.
 *
 * Not for: the product; only tests speak SQL so freely. Trap: connections stay open from line to
 * line, so a script may begin a transaction; store_settle rolls back what a test left open.
 */
#ifndef FLOW_STORE_H
#define FLOW_STORE_H

#include <stdbool.h>

/* The answer to the last statement; texts live until the next one. */
struct table {
	int rows, columns;      /* rows of a SELECT, or rows changed */
	char sqlstate[6];       /* "00000" when it went well */
	const char *message;    /* one line when it did not */
};

/* Runs sql as "lodge_name", …, as "super" (the cluster's superuser) or as "owner" (superuser that
 * took the owner's part). A tail such as "lodge_name/2" is a second connection of the same role.
 * False when there is no connection; the sentence is in out->message. */
bool store_run(const char *role, const char *sql, struct table *out);
/* A cell of the last result as text; NULL for SQL NULL or out of range. */
const char *store_cell(int row, int column);
/* Rolls back whatever is open on any connection. */
void store_settle(void);
void store_close(void);

#endif
