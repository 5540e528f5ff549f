/*
 * engine.c - from a method's name to its handler, and the way of a job through a lane.
 *
 * Not for: what the handlers do (engine_*.c). Trap: everything is looked up in the descriptors; a
 * method that they do not know is not ours, and no name of a book stands here.
 */
#include "server/engine.h"

#include <string.h>

#include "common/log.h"
#include "server/engine_own.h"
#include "server/feed.h"
#include "server/lookup.h"
#include "server/members.h"
#include "server/paper.h"

static const struct {
	const char *name;
	void (*run)(struct request *, const struct book *);
} book_methods[] = {
	{"list", engine_list}, {"get", engine_get}, {"open", engine_open}, {"history", engine_history},
	{"export", engine_export},
};
static const struct {
	const char *name;
	void (*run)(struct request *);
} house_methods[] = {{"find", engine_find}, {"why", engine_why}};

static const struct book *book_of_method(struct request *rq, const char **verb)
{
	const char *dot = strchr(rq->method, '.');
	char *name = dot ? arena_strndup(rq->arena, rq->method, (size_t)(dot - rq->method)) : NULL;

	*verb = dot ? dot + 1 : "";
	return name ? book_find(name) : NULL;
}

bool engine_dispatch(struct request *rq)
{
	const char *verb;
	const struct book *book = book_of_method(rq, &verb);
	const struct op *op = book ? book_op(book, verb) : NULL;

	if (!rq->session || rq->session->ended || rq->session->locked) {
		request_refuse(rq, ERR_LOCKED, NULL);
		return true;
	}
	for (size_t i = 0; i < NITEMS(house_methods) && !book; i++)
		if (strcmp(rq->method, house_methods[i].name) == 0) {
			house_methods[i].run(rq);
			return true;
		}
	if (!book && strncmp(rq->method, "report.", strlen("report.")) == 0)
		return engine_report(rq, verb);
	if (op) {
		if (op->flags & OP_FIGURES)
			engine_keep(rq, book, op);
		else
			engine_write(rq, book, op, NULL);
		return true;
	}
	for (size_t i = 0; i < NITEMS(book_methods) && book; i++)
		if (strcmp(verb, book_methods[i].name) == 0) {
			book_methods[i].run(rq, book);
			return true;
		}
	return false;
}

enum err engine_start(struct event_base *base)
{
	enum err err = feed_start(base);

	if (err == OK)
		err = lookup_start(base);
	return err == OK ? paper_open(base) : err;
}

void engine_finish(void)
{
	feed_stop();
	lookup_flush_all();
}

void engine_stop(void)
{
	feed_stop();
	lookup_stop();
	paper_close();
}

/* --- jobs -------------------------------------------------------------------------------- */

static struct reader *reader_of(struct arena *arena, const struct session *session)
{
	struct reader *reader = arena_alloc(arena, sizeof(*reader));
	enum level level = session_level(session);

	if (!reader)
		return NULL;
	reader->role = session->role;
	reader->level = level > LEVEL_CONTACT ? LEVEL_CONTACT : level;
	/* Copies: the session may change, or end, while the call waits. */
	reader->areas = arena_strdup(arena, session->areas);
	reader->heads = arena_strdup(arena, session->heads);
	reader->staff = arena_printf(arena, "%lld", (long long)session->staff);
	return reader->areas && reader->heads && reader->staff ? reader : NULL;
}

struct job *job_new(struct request *rq, const struct book *book,
	void (*answer)(struct job *, const struct rows *const *rows), size_t n)
{
	struct job *job = arena_alloc(rq->arena, sizeof(*job));
	struct reader *reader = reader_of(rq->arena, rq->session);
	const char *token = arena_strdup(rq->arena, rq->session->token_hex);
	void *own = arena_alloc(rq->arena, n);

	if (!job || !reader || !token || !own) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return NULL;
	}
	*job = (struct job){.rq = rq, .book = book, .reader = reader, .token = token, .answer = answer, .own = own};
	rq->state = job;
	return job;
}

struct selection *job_select(struct job *job, const struct book *book)
{
	struct selection *sel = job->nstmts < JOB_SELECTIONS_MAX ?
		arena_alloc(job->rq->arena, sizeof(*sel)) : NULL;

	if (sel)
		read_init(sel, job->rq->arena, job->reader, book);
	return sel;
}

bool job_add(struct job *job, struct selection *sel, enum err err)
{
	if (sel && err == OK) {
		job->sels[job->nstmts] = sel;
		job->stmts[job->nstmts++] = sel->stmt;
		return true;
	}
	if (sel && err == ERR_INVALID)
		engine_refuse_issues(job->rq, sel->issues);
	else
		request_refuse(job->rq, sel ? err : ERR_NOMEM, NULL);
	return false;
}

/* What a lane's error means to the person. Class 22 is a value that passed the shape check and is
 * none all the same (a date of the year 9999999); 23 a constraint behind the guards. */
static void refuse_lane(struct request *rq, enum err err, const char *sqlstate)
{
	if (err == ERR_INVALID && (strcmp(sqlstate, "23505") == 0 || strcmp(sqlstate, "23P01") == 0))
		request_refuse(rq, ERR_REFUSED, N_("There is such an entry already."));
	else if (err == ERR_INVALID && strncmp(sqlstate, "22", 2) != 0)
		request_refuse(rq, ERR_REFUSED, N_("The rules of the house do not allow this."));
	else if (err == ERR_INVALID)
		request_refuse(rq, ERR_INVALID, N_("One of the values is not possible."));
	else
		request_refuse(rq, err, NULL);
}

static void job_done(struct call *call, const struct rows *const *rows, enum err err,
	const char *sqlstate)
{
	struct job *job = call->ctx;

	if (err == ERR_DEGRADED)
		log_error("%s: the database refuses the statement: %s", job->rq->method, sqlstate);
	if (err != OK)
		refuse_lane(job->rq, err, sqlstate);
	else
		job->answer(job, rows);
}

void job_submit(struct job *job, enum lane_kind lane)
{
	enum err err;

	job->call = (struct call){
		.stmts = job->stmts, .nstmts = job->nstmts, .done = job_done, .ctx = job};
	err = lane_submit(lane, &job->call);
	if (err != OK)
		request_refuse(job->rq, err, NULL);
}

void job_read(struct job *job)
{
	bool contact = job->reader->level >= LEVEL_CONTACT;

	if (!feed_is_alive())
		request_refuse(job->rq, ERR_BUSY, NULL);
	else if (contact && !lookup_is_ready(job->rq->session))
		request_refuse(job->rq, ERR_DEGRADED, NULL);
	else
		job_submit(job, contact ? LANE_CONTACT : LANE_NAME);
}

void job_result(struct job *job, struct buf *out)
{
	if (job->rq->session->ended)
		request_refuse(job->rq, ERR_LOCKED, NULL);
	else if (out->failed)
		request_refuse(job->rq, ERR_TOO_BIG, NULL);
	else
		request_result(job->rq, out->data, out->len);
	buf_done(out);
}

/* --- members ----------------------------------------------------------------------------- */

void engine_refuse_issues(struct request *rq, const struct issue *issues)
{
	request_fault(rq, &(struct fault){.code = ERR_INVALID, .issues = issues});
}

void engine_refuse_member(struct request *rq, const char *member, const char *message)
{
	members_refuse(rq, member, message);
}

bool engine_knows_members(struct request *rq, const char *const *names)
{
	for (const struct node *member = rq->params->first; member; member = member->next) {
		bool known = false;

		for (size_t i = 0; names[i]; i++)
			known = known || strcmp(names[i], member->key) == 0;
		if (!known) {
			engine_refuse_member(rq, member->key, N_("There is no such member."));
			return false;
		}
	}
	return true;
}

bool engine_named_record(struct request *rq, const struct book *book, const char **id,
	const char **code)
{
	const struct node *by_id = node_get(rq->params, "id"), *by_code = node_get(rq->params, "code");

	*id = *code = NULL;
	if (by_id && by_id->type == NODE_INT && by_id->i > 0 && !by_code) {
		*id = arena_printf(rq->arena, "%lld", (long long)by_id->i);
		if (!*id)
			request_refuse(rq, ERR_NOMEM, NULL);
		return *id != NULL;
	}
	*code = by_id ? NULL : node_str(by_code);
	if (*code && book->code)
		return true;
	engine_refuse_member(rq, by_code ? "code" : "id", book->code ?
		N_("Name the record by its id or its code.") : N_("Name the record by its id."));
	return false;
}

const char *engine_time(struct arena *arena, const char *timestamp)
{
	if (!timestamp || strlen(timestamp) < 19)
		return NULL;
	return arena_printf(arena, "%.10sT%.8sZ", timestamp, timestamp + 11);
}
