/*
 * admin.h - one blocking connection to PostgreSQL for the administration commands.
 *
 * Connects through PGHOST and PGPORT as the administration account and acts as lodge_owner.
 * Not for: the serving part, which never holds owner rights and never blocks (lane.h).
 * Trap: a failed statement is already logged with its SQLSTATE when ERR_* comes back; the open
 * transaction, if any, is then dead and closes with the connection.
 */
#ifndef LODGE_ADMIN_H
#define LODGE_ADMIN_H

#include <stdbool.h>

#include "common/words.h"

struct admin;
struct admin_rows;

/* ERR_REFUSED with a logged sentence when there is no connection. as_owner: SET ROLE lodge_owner
 * (a cluster without our roles has only its superuser: migrate starts with false). */
enum err admin_open(struct admin **, bool as_owner) MUST_CHECK;
void admin_close(struct admin *); /* NULL is allowed */

/* One or more statements without parameters. */
enum err admin_run(struct admin *, const char *sql) MUST_CHECK;
/* One statement with text parameters (NULL = SQL NULL). The caller frees the rows; rows may be
 * NULL when the answer does not matter. */
enum err admin_query(struct admin *, const char *sql, size_t nparams, const char *const *params,
	struct admin_rows **rows) MUST_CHECK;
size_t admin_rows_count(const struct admin_rows *);
/* Text of a cell; NULL for SQL NULL or out of range. */
const char *admin_rows_get(const struct admin_rows *, size_t row, size_t column);
void admin_rows_free(struct admin_rows *);

/* COPY … FROM STDIN in text format: start, any number of puts of whole or partial lines, end. */
enum err admin_copy_start(struct admin *, const char *sql) MUST_CHECK;
enum err admin_copy_put(struct admin *, const char *data, size_t len) MUST_CHECK;
enum err admin_copy_end(struct admin *) MUST_CHECK;

#endif
