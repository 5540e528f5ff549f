/*
 * lane.c - the queues in front of PostgreSQL: batches, what ends them, and what runs again.
 *
 * Calls that waited in one turn travel under one Sync. When a statement fails, its transaction is
 * gone with all neighbours: the guilty call is answered, the others go back to the front of the
 * queue in their old order and run again, so every round removes at least one call or counts a try.
 * Not for: sockets and results (db.c). Trap: a batch lost with its connection may have committed;
 * it runs again all the same, because operations answer a second time from their receipt and reads
 * do no harm. Only a call that may have committed and can wait no longer is ERR_INDETERMINATE.
 */
#include "server/lane.h"

#include <event2/event.h>
#include <string.h>

#include "common/log.h"
#include "server/db.h"
#include "server/settings.h"

enum { LINKS_MAX = 3, BATCH_MAX = 32, OPEN_SECONDS = 10, SWEEP_MS = 250 };

/* One row a lane, named after its login role. patience: seconds from submit until a call is given up; a batch
 * that has not moved for so long hangs (a COMMIT waiting for a standby knows no timeout). */
static const struct lane_row {
	const char *login;
	size_t links, batch;
	int statement_ms, lock_ms;
	double patience;
} lane_rows[LANE_END] = {
	[LANE_NAME] = {"lodge_name", 2, 16, 500, 500, 5},
	[LANE_CONTACT] = {"lodge_contact", 3, 16, 500, 500, 5},
	[LANE_REVEAL] = {"lodge_reveal", 1, 16, 2000, 500, 5},
	[LANE_REPORT] = {"lodge_report", 1, 1, 10000, 500, 20},
	[LANE_PEN] = {"lodge_writer", 1, 32, 2000, 1500, 5},
	[LANE_FEED] = {"lodge_feed", 1, 1, 500, 500, 5},
};

struct lane;

struct link {
	struct lane *lane;
	struct db *db;
	bool stood, failed; /* since lanes_open */
	struct call *batch[BATCH_MAX];
	size_t ncalls;
};

struct lane {
	const struct lane_row *row;
	struct call *head, *tail;
	size_t waiting;
	struct link links[LINKS_MAX];
	struct event *pump;
};

static struct lane lanes[LANE_END];
static struct event *sweeper;

/* --- SQLSTATE ---------------------------------------------------------------------------- */

enum verdict {
	VERDICT_UNSET = 0,
	VERDICT_GUILTY, /* this call's own fault: answer it, rerun the rest */
	VERDICT_NOBODY, /* nobody's fault: rerun all, each call that fails again is busy */
	VERDICT_LOST,   /* this connection is of no use: another one, same batch */
	VERDICT_FULL,   /* the disk is full */
	VERDICT_OURS,   /* a grant, a name or a type of ours is wrong */
};

/* The one place that knows what an SQLSTATE means. */
static enum verdict verdict_of(const char *sqlstate)
{
	static const struct {
		const char *prefix;
		enum verdict verdict;
	} table[] = {
		{"53100", VERDICT_FULL},
		{"40001", VERDICT_NOBODY}, {"40P01", VERDICT_NOBODY}, {"55P03", VERDICT_NOBODY},
		{"57014", VERDICT_NOBODY},
		{"25006", VERDICT_LOST},
		{"0A000", VERDICT_LOST}, {"26000", VERDICT_LOST}, /* stale prepared statement */
		{"53", VERDICT_LOST}, {"57P", VERDICT_LOST}, {"08", VERDICT_LOST},
		{"22", VERDICT_GUILTY}, {"23", VERDICT_GUILTY}, {"P0", VERDICT_GUILTY},
	};

	if (sqlstate[0] == '\0')
		return VERDICT_LOST;
	for (size_t i = 0; i < NITEMS(table); i++)
		if (strncmp(sqlstate, table[i].prefix, strlen(table[i].prefix)) == 0)
			return table[i].verdict;
	return VERDICT_OURS;
}

static enum err verdict_err(enum verdict verdict)
{
	if (verdict == VERDICT_GUILTY)
		return ERR_INVALID;
	return verdict == VERDICT_FULL || verdict == VERDICT_OURS ? ERR_DEGRADED : ERR_BUSY;
}

/* --- the queue --------------------------------------------------------------------------- */

static void call_expire(const struct lane *lane, struct call *call)
{
	bool unknown = call->sent && lane == &lanes[LANE_PEN];

	call->done(call, NULL, unknown ? ERR_INDETERMINATE : ERR_BUSY, "");
}

static bool call_is_old(const struct lane *lane, const struct call *call, double now)
{
	return now - call->submitted > lane->row->patience;
}

static struct call *queue_pop(struct lane *lane)
{
	struct call *call = lane->head;

	lane->head = call->next;
	if (!lane->head)
		lane->tail = NULL;
	call->next = NULL;
	lane->waiting--;
	return call;
}

static void lane_wake(struct lane *lane)
{
	event_active(lane->pump, EV_TIMEOUT, 0);
}

/* Puts calls that are left of a batch back to the front, in their order; NULL entries are done. */
static void queue_restore(struct lane *lane, struct call *const *calls, size_t n)
{
	for (size_t i = n; i-- > 0;) {
		if (!calls[i])
			continue;
		calls[i]->next = lane->head;
		lane->head = calls[i];
		if (!lane->tail)
			lane->tail = calls[i];
		lane->waiting++;
	}
	lane_wake(lane);
}

/* --- batches ----------------------------------------------------------------------------- */

/* Takes what fits under one Sync. Calls that waited too long are ended here. */
static size_t batch_take(struct lane *lane, struct link *link)
{
	const double now = db_clock();
	size_t statements = 0;

	link->ncalls = 0;
	while (lane->head && link->ncalls < lane->row->batch) {
		struct call *call = lane->head;

		if (call_is_old(lane, call, now)) {
			call_expire(lane, queue_pop(lane));
			continue;
		}
		if (statements + call->nstmts > DB_STATEMENTS_MAX || (call->alone && link->ncalls > 0))
			break;
		link->batch[link->ncalls++] = queue_pop(lane);
		statements += call->nstmts;
		call->sent = true;
		if (call->alone)
			break;
	}
	return statements;
}

static void link_run(struct link *link)
{
	const struct stmt *stmts[DB_STATEMENTS_MAX];
	size_t n = batch_take(link->lane, link), at = 0;

	if (link->ncalls == 0)
		return;
	for (size_t i = 0; i < link->ncalls; i++)
		for (size_t k = 0; k < link->batch[i]->nstmts; k++)
			stmts[at++] = &link->batch[i]->stmts[k];
	db_run(link->db, stmts, n);
}

static struct link *link_idle(struct lane *lane)
{
	for (size_t i = 0; i < lane->row->links; i++)
		if (lane->links[i].db && db_is_idle(lane->links[i].db))
			return &lane->links[i];
	return NULL;
}

static void pump_cb(evutil_socket_t fd, short what, void *ctx)
{
	struct lane *lane = ctx;

	(void)fd, (void)what;
	for (struct link *link; lane->head && (link = link_idle(lane)) != NULL;)
		link_run(link);
}

/* --- endings ----------------------------------------------------------------------------- */

static void batch_done(struct call *const *calls, size_t n, const struct rows *const *results)
{
	for (size_t i = 0; i < n; i++) {
		size_t used = calls[i]->nstmts; /* the call may be gone after done() */

		calls[i]->done(calls[i], results, OK, "");
		results += used;
	}
}

/* Counts a failure that was nobody's fault against calls[i]; ends it the second time. */
static void count_try(struct call **calls, size_t i, enum err err, const char *sqlstate)
{
	if (++calls[i]->tries < 2)
		return;
	calls[i]->done(calls[i], NULL, err, sqlstate);
	calls[i] = NULL;
}

/* Statement .failed of the batch raised an error: ends at most the call it belongs to. */
static void statement_failed(struct link *link, struct call **calls, size_t n,
	const struct db_outcome *outcome)
{
	enum verdict verdict = verdict_of(outcome->sqlstate);
	size_t i = 0, first = 0;

	while (i + 1 < n && first + calls[i]->nstmts <= outcome->failed)
		first += calls[i++]->nstmts;
	if (verdict == VERDICT_GUILTY || verdict == VERDICT_FULL || verdict == VERDICT_OURS) {
		calls[i]->done(calls[i], NULL, verdict_err(verdict), outcome->sqlstate);
		calls[i] = NULL;
		return;
	}
	if (verdict == VERDICT_LOST)
		db_drop(link->db);
	count_try(calls, i, verdict == VERDICT_LOST ? ERR_DEGRADED : ERR_BUSY, outcome->sqlstate);
}

/* COMMIT failed, and does not say through whom: each call runs again, by itself. */
static void commit_failed(struct link *link, struct call **calls, size_t n,
	const struct db_outcome *outcome)
{
	enum verdict verdict = verdict_of(outcome->sqlstate);

	if (verdict == VERDICT_LOST)
		db_drop(link->db);
	for (size_t i = 0; i < n; i++) {
		if (verdict == VERDICT_NOBODY || verdict == VERDICT_LOST) {
			count_try(calls, i, ERR_BUSY, outcome->sqlstate);
		} else if (n == 1) {
			calls[i]->done(calls[i], NULL, verdict_err(verdict), outcome->sqlstate);
			calls[i] = NULL;
		} else {
			calls[i]->alone = true;
		}
	}
}

static void link_ended(void *ctx, const struct db_outcome *outcome)
{
	struct link *link = ctx;
	struct lane *lane = link->lane;
	struct call *calls[BATCH_MAX];
	size_t n = link->ncalls;

	memcpy(calls, link->batch, n * sizeof(*calls));
	link->ncalls = 0;
	switch (outcome->end) {
	case DB_CLEAN:
		batch_done(calls, n, outcome->rows);
		return;
	case DB_STATEMENT:
		statement_failed(link, calls, n, outcome);
		break;
	case DB_COMMIT:
		commit_failed(link, calls, n, outcome);
		break;
	case DB_UNSURE:
		for (size_t i = 0; i < n; i++)
			count_try(calls, i, ERR_INDETERMINATE, outcome->sqlstate);
		break;
	case DB_LOST:
	case DB_END_UNSET:
		break;
	}
	queue_restore(lane, calls, n);
}

static void link_ready(void *ctx)
{
	struct link *link = ctx;

	link->stood = true;
	lane_wake(link->lane);
}

static void link_failed(void *ctx)
{
	struct link *link = ctx;

	link->failed = true;
}

/* Ends what waited too long while no connection stands, and gives up connections that hang. */
static void sweep_cb(evutil_socket_t fd, short what, void *ctx)
{
	const double now = db_clock();

	(void)fd, (void)what, (void)ctx;
	for (size_t kind = 0; kind < LANE_END; kind++) {
		struct lane *lane = &lanes[kind];

		while (lane->head && call_is_old(lane, lane->head, now))
			call_expire(lane, queue_pop(lane));
		for (size_t i = 0; i < lane->row->links; i++) {
			double moved = db_moved(lane->links[i].db);

			if (moved > 0 && now - moved > lane->row->patience)
				db_drop(lane->links[i].db);
		}
	}
}

/* --- opening and closing ----------------------------------------------------------------- */

static bool lane_open(struct lane *lane, const struct lane_row *row, struct event_base *base,
	const char *conninfo)
{
	lane->row = row;
	lane->pump = event_new(base, -1, 0, pump_cb, lane);
	if (!lane->pump)
		return false;
	for (size_t i = 0; i < row->links; i++) {
		struct link *link = &lane->links[i];
		const struct db_setup setup = {
			.conninfo = conninfo, .login = row->login,
			.statement_ms = row->statement_ms, .lock_ms = row->lock_ms,
			.hooks = {link_ready, link_failed, link_ended, link},
		};

		link->lane = lane;
		link->db = db_new(base, &setup);
		if (!link->db)
			return false;
	}
	return true;
}

/* Login of a link that does not stand yet (failed: and has failed); NULL = there is none. */
static const char *login_missing(bool failed)
{
	for (size_t kind = 0; kind < LANE_END; kind++)
		for (size_t i = 0; i < lane_rows[kind].links; i++)
			if (!lanes[kind].links[i].stood && (!failed || lanes[kind].links[i].failed))
				return lane_rows[kind].login;
	return NULL;
}

enum err lanes_open(struct event_base *base, const char *conninfo)
{
	const struct timeval every = {0, SWEEP_MS * 1000};
	const double until = db_clock() + OPEN_SECONDS;
	bool fine = true;

	memset(lanes, 0, sizeof(lanes));
	for (size_t kind = 0; kind < LANE_END && fine; kind++)
		fine = lane_open(&lanes[kind], &lane_rows[kind], base, conninfo);
	sweeper = fine ? event_new(base, -1, EV_PERSIST, sweep_cb, NULL) : NULL;
	fine = sweeper && event_add(sweeper, &every) == 0;
	while (fine && login_missing(false)) {
		fine = !login_missing(true) && db_clock() < until;
		if (fine)
			event_base_loop(base, EVLOOP_ONCE);
	}
	if (fine)
		return OK;
	log_error("no connection to the database as %s", login_missing(true) ? login_missing(true) : "one of the login roles");
	lanes_close();
	return ERR_BUSY;
}

void lanes_close(void)
{
	for (size_t kind = 0; kind < LANE_END; kind++) {
		struct lane *lane = &lanes[kind];

		for (size_t i = 0; i < LINKS_MAX; i++) {
			struct link *link = &lane->links[i];

			db_free(link->db);
			link->db = NULL;
			for (size_t k = 0; k < link->ncalls; k++)
				call_expire(lane, link->batch[k]);
			link->ncalls = 0;
		}
		while (lane->head)
			call_expire(lane, queue_pop(lane));
		if (lane->pump)
			event_free(lane->pump);
		lane->pump = NULL;
	}
	if (sweeper)
		event_free(sweeper);
	sweeper = NULL;
}

bool lane_is_idle(enum lane_kind kind)
{
	return !lanes[kind].head && link_idle(&lanes[kind]);
}

size_t lane_waiting(enum lane_kind kind)
{
	return lanes[kind].waiting;
}

enum err lane_submit(enum lane_kind kind, struct call *call)
{
	struct lane *lane = &lanes[kind];

	if (!lane->pump || lane->waiting >= (size_t)settings.lane_queue)
		return ERR_BUSY;
	if (call->nstmts > DB_STATEMENTS_MAX)
		return ERR_TOO_BIG;
	call->next = NULL;
	call->tries = 0;
	call->sent = call->alone = false;
	call->submitted = db_clock();
	if (lane->tail)
		lane->tail->next = call;
	else
		lane->head = call;
	lane->tail = call;
	lane->waiting++;
	lane_wake(lane);
	return OK;
}
