/*
 * db.c - one connection to PostgreSQL in pipeline mode: connecting, preparing, one batch at a time.
 *
 * Statements are prepared once a connection and found again by their text; the least used ones
 * make room. Not for: reruns and queues (lane.c), nor for anything that waits.
 * Trap: libpq reports a dead backend by NULL results for ever and never sends the Sync, so every
 * turn also looks at PQstatus; and an error that comes after the last statement's result belongs
 * to COMMIT. A new connection knows no prepared statement of the old one.
 */
#include "server/db.h"

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "server/prepared.h"
#include "server/settings.h"

enum {
	SLOTS_MAX = 3 * DB_STATEMENTS_MAX, /* close, prepare and run for each statement */
	SETTINGS_MAX = 64,
	PAUSE_MIN_MS = 20,
	PAUSE_MAX_MS = 1000,
	SERVER_VERSION_MIN = 150000,
};
_Static_assert((int)DB_STATEMENTS_MAX < (int)PREPARED_MAX, "a batch must find room for its own statements");

enum db_state {
	DB_STATE_UNSET = 0,
	DB_DOWN,       /* no PGconn; timer runs */
	DB_CONNECTING, /* PQconnectPoll decides what it waits for; timer runs */
	DB_IDLE,       /* pipeline mode, nothing sent */
	DB_RUNNING,    /* a batch was sent and its Sync has not come back */
};

enum slot_kind { SLOT_UNSET = 0, SLOT_CLOSE, SLOT_PREPARE, SLOT_RUN };

/* One command of the pipeline and what its result is for. */
struct slot {
	enum slot_kind kind;
	size_t statement;
	struct prepared *prepared;
};

struct db {
	struct event_base *base;
	char *conninfo, *login, *options;
	struct db_hooks hooks;
	enum db_state state;
	PGconn *conn;
	struct event *io, *flush, *timer;
	int pause_ms;
	struct prepared_cache cache;
	uint64_t batches;

	struct slot slots[SLOTS_MAX]; /* the running batch */
	size_t nslots, at;
	size_t nresults;
	PGresult *results[DB_STATEMENTS_MAX];
	struct db_outcome outcome;
	bool warned, complained;
	double moved;
};

static void db_connect(struct db *);

double db_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- prepared statements ---------------------------------------------------------------- */

static void slot_add(struct db *db, enum slot_kind kind, size_t statement, struct prepared *prepared)
{
	db->slots[db->nslots++] = (struct slot){kind, statement, prepared};
}

/* Finds the entry of a text; when that takes another statement's place, the server drops it. */
static struct prepared *statement_take(struct db *db, const char *sql)
{
	char gone[PREPARED_NAME], close[PREPARED_NAME + 16];
	struct prepared *prepared = prepared_take(&db->cache, sql, db->batches, gone);

	if (!prepared || gone[0] == '\0')
		return prepared;
	snprintf(close, sizeof(close), "DEALLOCATE %s", gone);
	if (!PQsendQueryParams(db->conn, close, 0, NULL, NULL, NULL, NULL, 0))
		return NULL;
	slot_add(db, SLOT_CLOSE, 0, NULL);
	return prepared;
}

/* --- the connection's life -------------------------------------------------------------- */

static void event_drop(struct event **event)
{
	if (*event)
		event_free(*event);
	*event = NULL;
}

static void results_clear(struct db *db)
{
	for (size_t i = 0; i < db->nresults; i++)
		PQclear(db->results[i]);
	memset(db->results, 0, sizeof(db->results));
	db->nresults = 0;
}

static void db_disconnect(struct db *db)
{
	event_drop(&db->io);
	event_drop(&db->flush);
	if (db->conn)
		PQfinish(db->conn);
	db->conn = NULL;
	prepared_clear(&db->cache);
}

static void db_wait(struct db *db, int ms)
{
	struct timeval pause = {ms / 1000, (ms % 1000) * 1000};

	event_add(db->timer, &pause);
}

/* Tells the owner how the batch ended; the results die afterwards. */
static void db_finish(struct db *db, enum db_end end)
{
	struct db_outcome outcome = db->outcome;

	outcome.end = end;
	if (end == DB_CLEAN)
		outcome.rows = (const struct rows *const *)(void *)db->results;
	db->moved = 0;
	db->hooks.ended(db->hooks.ctx, &outcome);
	results_clear(db);
}

static void db_fail(struct db *db, const char *what)
{
	enum db_state was = db->state;
	const char *why = db->conn ? PQerrorMessage(db->conn) : "no connection";

	if (!db->complained)
		log_warn("database connection of %s: %s: %.*s", db->login, what,
			(int)strcspn(why, "\n"), why);
	db->complained = was == DB_CONNECTING; /* once is enough while the server is away */
	db_disconnect(db);
	db->state = DB_DOWN;
	db_wait(db, db->pause_ms);
	db->pause_ms = db->pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : db->pause_ms * 2;
	if (was == DB_RUNNING)
		db_finish(db, DB_LOST);
	else if (was == DB_CONNECTING)
		db->hooks.failed(db->hooks.ctx);
}

/* A warning of COMMIT has no context; one that a function of ours raised has. */
static void notice_received(void *ctx, const PGresult *result)
{
	struct db *db = ctx;
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (!severity || strcmp(severity, "WARNING") != 0)
		return;
	log_warn("database connection of %s: %s", db->login,
		PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	if (!PQresultErrorField(result, PG_DIAG_CONTEXT))
		db->warned = true;
}

/* --- results ---------------------------------------------------------------------------- */

static void note_error(struct db *db, const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (db->outcome.end != DB_END_UNSET)
		return; /* the first error is the one that counts */
	if (db->at >= db->nslots)
		db->outcome.end = DB_COMMIT;
	else if (db->slots[db->at].kind == SLOT_CLOSE || !sqlstate)
		db->outcome.end = DB_LOST;
	else
		db->outcome.end = DB_STATEMENT;
	if (db->outcome.end == DB_STATEMENT)
		db->outcome.failed = db->slots[db->at].statement;
	if (sqlstate)
		snprintf(db->outcome.sqlstate, sizeof(db->outcome.sqlstate), "%s", sqlstate);
	/* The message may quote values, so only errors that are our own fault are written down. */
	if (!sqlstate || (strncmp(sqlstate, "22", 2) != 0 && strncmp(sqlstate, "23", 2) != 0))
		log_warn("database statement of %s: %s %s", db->login, sqlstate ? sqlstate : "-",
			message ? message : "no message");
}

/* Takes one result that is neither NULL nor a Sync. */
static void take_result(struct db *db, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	bool fine = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
	const struct slot *slot = &db->slots[db->at];

	if (!fine && status != PGRES_PIPELINE_ABORTED)
		note_error(db, result);
	if (db->at < db->nslots) {
		if (fine && slot->kind == SLOT_PREPARE)
			slot->prepared->ready = true;
		if (fine && slot->kind == SLOT_RUN) {
			db->results[slot->statement] = result;
			result = NULL;
		}
		db->at++;
	}
	PQclear(result);
}

static void batch_ended(struct db *db)
{
	enum db_end end = db->outcome.end;

	for (size_t i = 0; i < db->nslots; i++)
		if (db->slots[i].prepared)
			db->slots[i].prepared->sent = false;
	if (end == DB_END_UNSET)
		end = db->at < db->nslots ? DB_LOST : db->warned ? DB_UNSURE : DB_CLEAN;
	if (end == DB_LOST) {
		db_fail(db, "batch without all its results");
		return;
	}
	db->state = DB_IDLE;
	db_finish(db, end);
	if (db->state == DB_IDLE)
		db->hooks.ready(db->hooks.ctx);
}

static void read_cb(evutil_socket_t fd, short what, void *ctx)
{
	struct db *db = ctx;
	int nulls = 0;

	(void)fd, (void)what;
	if (!PQconsumeInput(db->conn) || PQstatus(db->conn) == CONNECTION_BAD) {
		db_fail(db, "lost");
		return;
	}
	while (db->state == DB_RUNNING && nulls < 2 && !PQisBusy(db->conn)) {
		PGresult *result = PQgetResult(db->conn);

		if (PQstatus(db->conn) == CONNECTION_BAD) {
			PQclear(result);
			db_fail(db, "lost");
			return;
		}
		nulls = result ? 0 : nulls + 1;
		if (!result)
			continue;
		db->moved = db_clock();
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			batch_ended(db);
			return;
		}
		take_result(db, result);
	}
}

static void flush_cb(evutil_socket_t fd, short what, void *ctx)
{
	struct db *db = ctx;
	int left = PQflush(db->conn);

	(void)fd, (void)what;
	if (left < 0)
		db_fail(db, "cannot send");
	else if (left > 0)
		event_add(db->flush, NULL);
}

/* --- connecting ------------------------------------------------------------------------- */

static bool connection_ready(struct db *db)
{
	const char *encoding = PQparameterStatus(db->conn, "client_encoding");
	int fd = PQsocket(db->conn);

	if (!encoding || strcmp(encoding, "UTF8") != 0 || PQserverVersion(db->conn) < SERVER_VERSION_MIN)
		return false;
	if (PQsetnonblocking(db->conn, 1) != 0 || !PQenterPipelineMode(db->conn))
		return false;
	PQsetNoticeReceiver(db->conn, notice_received, db);
	event_drop(&db->io);
	db->io = event_new(db->base, fd, EV_READ | EV_PERSIST, read_cb, db);
	db->flush = event_new(db->base, fd, EV_WRITE, flush_cb, db);
	return db->io && db->flush && event_add(db->io, NULL) == 0;
}

static void connect_cb(evutil_socket_t fd, short what, void *ctx)
{
	struct db *db = ctx;
	short wanted = EV_WRITE;

	(void)fd, (void)what;
	switch (PQconnectPoll(db->conn)) {
	case PGRES_POLLING_OK:
		if (!connection_ready(db)) {
			db_fail(db, "wrong encoding, server before 15, or no pipeline mode");
			return;
		}
		event_del(db->timer);
		db->pause_ms = PAUSE_MIN_MS;
		db->complained = false;
		db->state = DB_IDLE;
		db->hooks.ready(db->hooks.ctx);
		return;
	case PGRES_POLLING_FAILED:
		db_fail(db, "cannot connect");
		return;
	case PGRES_POLLING_READING:
		wanted = EV_READ;
		break;
	case PGRES_POLLING_WRITING:
	case PGRES_POLLING_ACTIVE:
		break;
	}
	event_drop(&db->io); /* the socket may be another one now */
	db->io = event_new(db->base, PQsocket(db->conn), wanted, connect_cb, db);
	if (!db->io || event_add(db->io, NULL) != 0)
		db_fail(db, "no memory to connect");
}

/* Our parameters, then those of the configuration that we do not set ourselves. */
static PGconn *connect_start(struct db *db)
{
	const char *keys[SETTINGS_MAX], *values[SETTINGS_MAX];
	const char *const ours[][2] = {
		{"user", db->login}, {"client_encoding", "UTF8"}, {"application_name", "lodged"},
		{"options", db->options}, {"gssencmode", "disable"},
		{"target_session_attrs", "primary"}, {"tcp_user_timeout", "5000"},
		{"keepalives", "1"}, {"keepalives_idle", "10"},
	};
	PQconninfoOption *given = PQconninfoParse(db->conninfo, NULL);
	PGconn *conn;
	size_t n = 0;

	for (const PQconninfoOption *option = given; option && option->keyword; option++) {
		bool taken = !option->val;

		for (size_t i = 0; i < NITEMS(ours); i++)
			taken = taken || strcmp(ours[i][0], option->keyword) == 0;
		if (!taken && n + NITEMS(ours) + 1 < SETTINGS_MAX) {
			keys[n] = option->keyword;
			values[n++] = option->val;
		}
	}
	for (size_t i = 0; i < NITEMS(ours); i++) {
		keys[n] = ours[i][0];
		values[n++] = ours[i][1];
	}
	keys[n] = values[n] = NULL;
	conn = given ? PQconnectStartParams(keys, values, 0) : NULL;
	PQconninfoFree(given);
	return conn;
}

static void db_connect(struct db *db)
{
	db->state = DB_CONNECTING;
	db->conn = connect_start(db);
	if (!db->conn || PQstatus(db->conn) == CONNECTION_BAD) {
		db_fail(db, "cannot connect");
		return;
	}
	db->io = event_new(db->base, PQsocket(db->conn), EV_WRITE, connect_cb, db);
	if (!db->io || event_add(db->io, NULL) != 0) {
		db_fail(db, "no memory to connect");
		return;
	}
	db_wait(db, (int)settings.db_connect_s * 1000);
}

/* While down: time to try again. While connecting: it took too long. While running: the batch
 * could not be sent. */
static void timer_cb(evutil_socket_t fd, short what, void *ctx)
{
	struct db *db = ctx;

	(void)fd, (void)what;
	if (db->state == DB_DOWN)
		db_connect(db);
	else
		db_fail(db, db->state == DB_RUNNING ? "given up" : "too slow");
}

/* --- public ------------------------------------------------------------------------------ */

static char *options_text(const struct db_setup *setup)
{
	char *text = NULL;

	/* Generic plans keep latency flat; the two formats are what read.c relies on. */
	if (asprintf(&text, "-c statement_timeout=%d -c lock_timeout=%d -c datestyle=ISO,YMD "
			"-c timezone=UTC -c plan_cache_mode=force_generic_plan -c jit=off",
			setup->statement_ms, setup->lock_ms) < 0)
		return NULL;
	return text;
}

struct db *db_new(struct event_base *base, const struct db_setup *setup)
{
	struct db *db = calloc(1, sizeof(*db));
	PQconninfoOption *parsed;
	char *why = NULL;

	if (!db)
		return NULL;
	parsed = PQconninfoParse(setup->conninfo, &why);
	if (!parsed)
		log_error("database address: %s", why ? why : "no memory");
	PQfreemem(why);
	db->base = base;
	db->hooks = setup->hooks;
	db->conninfo = strdup(setup->conninfo);
	db->login = strdup(setup->login);
	db->options = options_text(setup);
	db->timer = event_new(base, -1, 0, timer_cb, db);
	db->pause_ms = PAUSE_MIN_MS;
	db->state = DB_DOWN;
	if (!parsed || !db->conninfo || !db->login || !db->options || !db->timer) {
		PQconninfoFree(parsed);
		db_free(db);
		return NULL;
	}
	PQconninfoFree(parsed);
	db_wait(db, 0);
	return db;
}

void db_free(struct db *db)
{
	if (!db)
		return;
	db_disconnect(db);
	results_clear(db);
	event_drop(&db->timer);
	free(db->conninfo);
	free(db->login);
	free(db->options);
	free(db);
}

bool db_is_idle(const struct db *db)
{
	return db->state == DB_IDLE;
}

double db_moved(const struct db *db)
{
	return db->moved;
}

static bool send_statement(struct db *db, size_t i, const struct stmt *stmt, struct prepared *prepared)
{
	if (!prepared->ready && !prepared->sent) {
		if (!PQsendPrepare(db->conn, prepared->name, stmt->sql, stmt->nparams, NULL))
			return false;
		prepared->sent = true;
		slot_add(db, SLOT_PREPARE, i, prepared);
	}
	slot_add(db, SLOT_RUN, i, prepared);
	return PQsendQueryPrepared(db->conn, prepared->name, stmt->nparams, stmt->params, NULL, NULL,
		0) == 1;
}

void db_run(struct db *db, const struct stmt *const *stmts, size_t n)
{
	struct prepared *prepared[DB_STATEMENTS_MAX];
	bool sent = n <= DB_STATEMENTS_MAX;
	int left;

	db->state = DB_RUNNING;
	db->nslots = db->at = 0;
	db->nresults = n;
	db->outcome = (struct db_outcome){.end = DB_END_UNSET};
	db->warned = false;
	db->moved = db_clock();
	db->batches++;
	/* Room is made first: in front of the statements nothing can stop a DEALLOCATE. */
	for (size_t i = 0; i < n && sent; i++) {
		prepared[i] = statement_take(db, stmts[i]->sql);
		sent = prepared[i] != NULL;
	}
	for (size_t i = 0; i < n && sent; i++)
		sent = send_statement(db, i, stmts[i], prepared[i]);
	left = sent && PQpipelineSync(db->conn) ? PQflush(db->conn) : -1;
	if (left < 0)
		db_wait(db, 0); /* timer_cb ends the batch in a later turn */
	else if (left > 0)
		event_add(db->flush, NULL);
}

void db_drop(struct db *db)
{
	if (db->state == DB_IDLE || db->state == DB_RUNNING)
		db_fail(db, "given up");
}

size_t rows_count(const struct rows *rows)
{
	return (size_t)PQntuples((const PGresult *)(const void *)rows);
}

const char *rows_get(const struct rows *rows, size_t row, size_t column)
{
	const PGresult *result = (const PGresult *)(const void *)rows;

	if (row >= (size_t)PQntuples(result) || column >= (size_t)PQnfields(result) ||
		PQgetisnull(result, (int)row, (int)column))
		return NULL;
	return PQgetvalue(result, (int)row, (int)column);
}
