/*
 * admin.c - the blocking libpq connection behind admin.h.
 * Not for: anything a peer can reach. Trap: notices of PostgreSQL are dropped, errors are logged.
 */
#include "server/admin/admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "common/log.h"

struct admin {
	PGconn *conn;
};

static void notice_drop_cb(void *ctx, const PGresult *result)
{
	(void)ctx;
	(void)result;
}

/* Logs what PostgreSQL said; its messages hold SQL, which only this side of the house may see. */
static enum err result_check(const struct admin *admin, PGresult *result, ExecStatusType want)
{
	ExecStatusType got = PQresultStatus(result);
	if (got == want || (want == PGRES_COMMAND_OK && got == PGRES_TUPLES_OK))
		return OK;
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *where = PQresultErrorField(result, PG_DIAG_CONTEXT);
	log_error("database: %s (%s)%s%s%s%s", message != NULL ? message : PQerrorMessage(admin->conn),
		sqlstate != NULL ? sqlstate : "no SQLSTATE", detail != NULL ? "; " : "",
		detail != NULL ? detail : "", where != NULL ? "; " : "", where != NULL ? where : "");
	return ERR_REFUSED;
}

enum err admin_open(struct admin **out, bool as_owner)
{
	static const char *const names[] = { "user", "dbname", "client_encoding", "application_name", NULL };
	const char *database = getenv("PGDATABASE");
	const char *values[] = { "postgres", database != NULL ? database : "lodge", "UTF8", "lodged", NULL };
	struct admin *admin = calloc(1, sizeof(*admin));
	if (admin == NULL)
		return ERR_NOMEM;
	admin->conn = PQconnectdbParams(names, values, 0);
	if (PQstatus(admin->conn) != CONNECTION_OK) {
		const char *why = PQerrorMessage(admin->conn);
		log_error("no connection to the database as its administrator: %.*s", (int)strcspn(why, "\n"), why);
		admin_close(admin);
		return ERR_REFUSED;
	}
	PQsetNoticeReceiver(admin->conn, notice_drop_cb, NULL);
	enum err err = as_owner ? admin_run(admin, "SET ROLE lodge_owner") : OK;
	if (err != OK) {
		admin_close(admin);
		return err;
	}
	*out = admin;
	return OK;
}

void admin_close(struct admin *admin)
{
	if (admin == NULL)
		return;
	PQfinish(admin->conn);
	free(admin);
}

enum err admin_run(struct admin *admin, const char *sql)
{
	PGresult *result = PQexec(admin->conn, sql);
	enum err err = result_check(admin, result, PGRES_COMMAND_OK);
	PQclear(result);
	return err;
}

enum err admin_query(struct admin *admin, const char *sql, size_t nparams, const char *const *params,
	struct admin_rows **rows)
{
	PGresult *result = PQexecParams(admin->conn, sql, (int)nparams, NULL, params, NULL, NULL, 0);
	enum err err = result_check(admin, result, PGRES_COMMAND_OK);
	if (err == OK && rows != NULL)
		*rows = (struct admin_rows *)result;
	else
		PQclear(result);
	return err;
}

size_t admin_rows_count(const struct admin_rows *rows)
{
	return (size_t)PQntuples((const PGresult *)rows);
}

const char *admin_rows_get(const struct admin_rows *rows, size_t row, size_t column)
{
	const PGresult *result = (const PGresult *)rows;
	if (row >= (size_t)PQntuples(result) || column >= (size_t)PQnfields(result))
		return NULL;
	return PQgetisnull(result, (int)row, (int)column) ? NULL : PQgetvalue(result, (int)row, (int)column);
}

void admin_rows_free(struct admin_rows *rows)
{
	PQclear((PGresult *)rows);
}

enum err admin_copy_start(struct admin *admin, const char *sql)
{
	PGresult *result = PQexec(admin->conn, sql);
	enum err err = result_check(admin, result, PGRES_COPY_IN);
	PQclear(result);
	return err;
}

enum err admin_copy_put(struct admin *admin, const char *data, size_t len)
{
	if (PQputCopyData(admin->conn, data, (int)len) == 1)
		return OK;
	log_error("database: %s", PQerrorMessage(admin->conn));
	return ERR_REFUSED;
}

enum err admin_copy_end(struct admin *admin)
{
	if (PQputCopyEnd(admin->conn, NULL) != 1) {
		log_error("database: %s", PQerrorMessage(admin->conn));
		return ERR_REFUSED;
	}
	enum err err = OK;
	for (PGresult *result; (result = PQgetResult(admin->conn)) != NULL; PQclear(result))
		if (err == OK)
			err = result_check(admin, result, PGRES_COMMAND_OK);
	return err;
}
