/*
 * engine_own.h - what the files of the engine share: a job, its statements, its ways to fail.
 * Not for: others; they use engine.h. Trap: a job lives in its request's arena and ends with the
 * answer; nothing of it may be touched afterwards.
 */
#ifndef LODGE_ENGINE_OWN_H
#define LODGE_ENGINE_OWN_H

#include "server/lane.h"
#include "server/read.h"
#include "server/request.h"
#include "server/session.h"

enum { ANSWER_MAX = 1024 * 1024 + 4096, JOB_SELECTIONS_MAX = 40 };

/* One request on its way through a lane. */
struct job {
	struct request *rq;
	const struct book *book;
	const struct op *op;
	struct reader *reader;
	const char *token;
	struct selection *sels[JOB_SELECTIONS_MAX]; /* one a statement, where they are reads */
	struct stmt stmts[JOB_SELECTIONS_MAX];
	size_t nstmts;
	/* Rows of every statement. Must answer. */
	void (*answer)(struct job *, const struct rows *const *rows);
	void *own;
	struct call call;
};

/* With n zeroed bytes in ->own. NULL: was answered with "no memory". */
struct job *job_new(struct request *, const struct book *,
	void (*answer)(struct job *, const struct rows *const *rows), size_t n);
/* A selection for the next statement of the job; NULL when there is no room. */
struct selection *job_select(struct job *, const struct book *);
/* The selection's statement joins the job. err is what building it gave; on anything but OK the
 * request is answered and false comes back. */
bool job_add(struct job *, struct selection *, enum err err);
/* Queues the job on the read lane of its reader; answers when that fails. Reads only. */
void job_read(struct job *);
/* Queues the job on another lane. */
void job_submit(struct job *, enum lane_kind);
/* Sends the buffer as the result and frees it. */
void job_result(struct job *, struct buf *out);

void engine_refuse_issues(struct request *, const struct issue *);
/* One bad member. */
void engine_refuse_member(struct request *, const char *member, const char *message);
/* True when every member of params is one of names (ends with NULL); else it is answered. */
bool engine_knows_members(struct request *, const char *const *names);
/* id or code of params as text (the other one NULL); false: answered. */
bool engine_named_record(struct request *, const struct book *, const char **id, const char **code);
/* 2026-11-21 19:54:53.2+00 → 2026-11-21T19:54:53Z, in the arena; NULL stays NULL. */
const char *engine_time(struct arena *, const char *timestamp);

/* SELECT * FROM op.BOOK_OP($1,$2,…): the statement the pen prepares. recorded: op.BOOK_OP_recorded. */
void engine_call(struct buf *, const struct book *, const struct op *, bool recorded);

void engine_list(struct request *, const struct book *);
void engine_get(struct request *, const struct book *);
void engine_history(struct request *, const struct book *);
/* figures: what a report answered, for OP_FIGURES; else NULL. */
void engine_write(struct request *, const struct book *, const struct op *, const char *figures);
/* An OP_FIGURES operation. */
void engine_keep(struct request *, const struct book *, const struct op *);
void engine_kept(struct request *);
void engine_open(struct request *, const struct book *);
void engine_export(struct request *, const struct book *);
void engine_find(struct request *);
void engine_why(struct request *);
/* report.NAME; false: there is no such report, and the request was not answered. */
bool engine_report(struct request *, const char *name);
struct report;
/* Counts it for the session, below CONTACT, and then does the operation with the figures. */
void engine_count(struct request *, const struct report *, const char *sort, const struct book *, const struct op *);

/* Answers for a receipt of the database (row 0) that is no success, or false when it is one. */
bool engine_refused(struct request *, const struct op *, const struct rows *);
/* Columns of lodge.receipt. */
enum {
	RECEIPT_RESULT, RECEIPT_RULE, RECEIPT_GUARD, RECEIPT_FIELD, RECEIPT_ID, RECEIPT_NO,
	RECEIPT_VERSION, RECEIPT_STATE, RECEIPT_SEQ, RECEIPT_AT, RECEIPT_EVENTS, RECEIPT_MAY,
};
/* Is the record in scope? One row, or none. */
enum err engine_scope_sql(struct selection *, const char *id) MUST_CHECK;
/* A cell and, behind an encrypted one, what it was sealed with: the plain text, in the arena. */
enum err engine_cell(struct arena *, const struct book *, const struct field *, const struct rows *, size_t row, size_t *at,
	const char **text) MUST_CHECK;
/* Keyed digest of a request: its method and params without op_id and without passwords of the book. */
enum err engine_digest(struct request *, const struct book *, const char **digest) MUST_CHECK;

#endif
