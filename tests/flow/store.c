/*
 * store.c - cached libpq connections by role.
 *
 * Host, port and database come from PGHOST, PGPORT and PGDATABASE. Not for: anything but tests.
 * Trap: as another system user than root or the cluster's, "super" cannot connect; say so.
 */
#include "tests/flow/store.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINKS = 32, NAME = 64 };

struct link {
	char role[NAME];
	PGconn *conn;
};

static struct link links[LINKS];
static size_t nlinks;
static PGresult *last;
static char message[512];

static void quiet(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static void say(const char *text)
{
	snprintf(message, sizeof(message), "%s", text);
	message[strcspn(message, "\n")] = '\0';
}

static PGconn *link_open(const char *role)
{
	const char *keys[] = { "user", "dbname", "application_name", "options", NULL };
	const char *values[] = { "postgres", getenv("PGDATABASE"), "flow", NULL, NULL };
	char user[NAME];
	PGconn *conn;

	snprintf(user, sizeof(user), "%s", role);
	user[strcspn(user, "/")] = '\0';
	if (strcmp(user, "super") != 0 && strcmp(user, "owner") != 0)
		values[0] = user;
	if (values[1] == NULL)
		values[1] = "lodge";
	if (strcmp(user, "owner") == 0)
		values[3] = "-c role=lodge_owner";
	conn = PQconnectdbParams(keys, values, 0);
	if (PQstatus(conn) != CONNECTION_OK) {
		say(PQerrorMessage(conn));
		PQfinish(conn);
		return NULL;
	}
	PQsetNoticeProcessor(conn, quiet, NULL);
	return conn;
}

static PGconn *link_find(const char *role)
{
	for (size_t i = 0; i < nlinks; i++) {
		if (strcmp(links[i].role, role) != 0)
			continue;
		if (PQstatus(links[i].conn) == CONNECTION_OK)
			return links[i].conn;
		PQfinish(links[i].conn);
		links[i] = links[--nlinks];
		break;
	}
	if (nlinks == LINKS || strlen(role) >= NAME) {
		say("too many connections in one script");
		return NULL;
	}
	links[nlinks].conn = link_open(role);
	if (links[nlinks].conn == NULL)
		return NULL;
	snprintf(links[nlinks].role, NAME, "%s", role);
	return links[nlinks++].conn;
}

bool store_run(const char *role, const char *sql, struct table *out)
{
	PGconn *conn = link_find(role);
	const char *state;

	*out = (struct table){ .message = message };
	if (conn == NULL)
		return false;
	PQclear(last);
	last = PQexec(conn, sql);
	if (PQresultStatus(last) == PGRES_FATAL_ERROR && PQresultErrorField(last, PG_DIAG_SQLSTATE) == NULL) {
		PQreset(conn); /* it had died since the last line: once more */
		PQclear(last);
		last = PQexec(conn, sql);
	}
	state = PQresultErrorField(last, PG_DIAG_SQLSTATE);
	if (PQresultStatus(last) == PGRES_TUPLES_OK || PQresultStatus(last) == PGRES_COMMAND_OK)
		state = "00000";
	snprintf(out->sqlstate, sizeof(out->sqlstate), "%s", state != NULL ? state : "08000");
	say(PQresultErrorMessage(last));
	out->columns = PQnfields(last);
	out->rows = PQresultStatus(last) == PGRES_TUPLES_OK ? PQntuples(last)
	    : (int)strtol(PQcmdTuples(last), NULL, 10);
	return true;
}

const char *store_cell(int row, int column)
{
	if (last == NULL || row >= PQntuples(last) || column >= PQnfields(last) ||
	    PQgetisnull(last, row, column))
		return NULL;
	return PQgetvalue(last, row, column);
}

void store_settle(void)
{
	for (size_t i = 0; i < nlinks; i++)
		if (PQtransactionStatus(links[i].conn) != PQTRANS_IDLE)
			PQclear(PQexec(links[i].conn, "ROLLBACK"));
}

void store_close(void)
{
	PQclear(last);
	last = NULL;
	while (nlinks > 0)
		PQfinish(links[--nlinks].conn);
}
