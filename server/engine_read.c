/*
 * engine_read.c - BOOK.list, BOOK.get with its parts, BOOK.history.
 *
 * A handler checks the shape, queues one call and encodes its rows. Every row that shows contact
 * data of a household is noted for the look-up log (CNF-01). Not for: what may be read (read.c).
 * Trap: out of scope and not there are one answer, and the same one.
 */
#include <string.h>

#include "server/engine_own.h"
#include "server/lookup.h"

enum { HISTORY_MAX = 200 };

static bool may_read(struct request *rq, const struct book *book)
{
	if ((book->readers | book->parties) & BIT(rq->session->role))
		return true;
	request_fault(rq, &(struct fault){.code = ERR_FORBIDDEN, .may = book->readers,
		.message = N_("Your role does not read this book.")});
	return false;
}

/* False: not all of it can be logged, so nothing of it may be shown. */
static bool note_lookups(const struct job *job, const struct selection *sel, const struct rows *rows)
{
	size_t n = rows_count(rows);
	bool noted = true;

	if (!sel->shows_contact || sel->subject < 0)
		return true;
	for (size_t row = 0; row < n && row < (size_t)sel->limit && noted; row++)
		noted = lookup_saw(job->rq->session, read_subject(sel, rows, row));
	return noted;
}

static void answer_if(bool noted, struct job *job, struct buf *out)
{
	if (noted) {
		job_result(job, out);
		return;
	}
	buf_done(out);
	request_refuse(job->rq, ERR_BUSY, NULL);
}

/* --- list -------------------------------------------------------------------------------- */

static void list_answer(struct job *job, const struct rows *const *rows)
{
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	read_rows(&out, job->sels[0], rows[0], true);
	answer_if(note_lookups(job, job->sels[0], rows[0]), job, &out);
}

void engine_list(struct request *rq, const struct book *book)
{
	struct job *job = may_read(rq, book) ? job_new(rq, book, list_answer, 0) : NULL;
	struct selection *sel = job ? job_select(job, book) : NULL;

	if (job && job_add(job, sel, sel ? read_list(sel, rq->params) : ERR_NOMEM))
		job_read(job);
}

/* --- get --------------------------------------------------------------------------------- */

/* The parts that this reader may not see are named in masked. */
struct record {
	const struct part *parts[JOB_SELECTIONS_MAX]; /* of statement 1, 2, … */
	const char *masked;
};

static void get_answer(struct job *job, const struct rows *const *rows)
{
	const struct record *record = job->own;
	bool noted;
	struct buf out;

	if (rows_count(rows[0]) == 0) {
		request_refuse(job->rq, ERR_NOT_FOUND, NULL);
		return;
	}
	buf_init(&out, ANSWER_MAX);
	read_row_open(&out, job->sels[0], rows[0], 0);
	noted = note_lookups(job, job->sels[0], rows[0]);
	for (size_t i = 1; i < job->nstmts; i++) {
		buf_printf(&out, ",\"%s\":", record->parts[i]->name);
		read_rows(&out, job->sels[i], rows[i], false);
		noted = note_lookups(job, job->sels[i], rows[i]) && noted;
	}
	read_row_close(&out, job->sels[0], rows[0], 0, record->masked);
	answer_if(noted, job, &out);
}

/* A part whose book or condition is out of this reader's reach is masked as a whole. */
static bool add_part(struct job *job, struct record *record, const struct part *part,
	const char *id, const char *code)
{
	const struct book *book = book_find(part->book);
	struct selection *sel;
	enum err err = ERR_INVALID;

	if (read_book_may(job->reader, book)) {
		sel = job_select(job, book);
		err = sel ? read_record(sel, job->book, part, id, code) : ERR_NOMEM;
		if (err != ERR_INVALID) {
			record->parts[job->nstmts] = part;
			return job_add(job, sel, err);
		}
	}
	record->masked = arena_printf(job->rq->arena, "%s%s\"%s\"", record->masked,
		record->masked[0] ? "," : "", part->name);
	if (!record->masked)
		request_refuse(job->rq, ERR_NOMEM, NULL);
	return record->masked != NULL;
}

void engine_get(struct request *rq, const struct book *book)
{
	static const char *const members[] = {"id", "code", NULL};
	const char *id, *code;
	struct record *record;
	struct selection *sel;
	struct job *job;

	if (!may_read(rq, book) || !engine_knows_members(rq, members) ||
		!engine_named_record(rq, book, &id, &code))
		return;
	job = job_new(rq, book, get_answer, sizeof(*record));
	if (!job)
		return;
	sel = job_select(job, book);
	if (!job_add(job, sel, sel ? read_record(sel, NULL, NULL, id, code) : ERR_NOMEM))
		return;
	record = job->own;
	record->masked = "";
	for (size_t i = 0; i < book->nparts; i++)
		if (!add_part(job, record, &book->parts[i], id, code))
			return;
	job_read(job);
}

/* --- history ----------------------------------------------------------------------------- */

enum { H_SEQ, H_AT, H_STAFF, H_CODE, H_NAME, H_OP, H_RESULT, H_GUARD, H_FIELDS, H_PURPOSE };

static void put_member(struct buf *out, const char *name, const char *text)
{
	if (text)
		buf_json_member(out, name, text);
}

static void put_event(struct buf *out, const struct rows *rows, size_t row, bool names)
{
	const char *staff = rows_get(rows, row, H_STAFF);

	buf_printf(out, "{\"seq\":%s,\"at\":\"%s\",\"by\":", rows_get(rows, row, H_SEQ),
		rows_get(rows, row, H_AT));
	if (staff) {
		buf_printf(out, "{\"id\":%s", staff);
		put_member(out, "code", rows_get(rows, row, H_CODE));
		put_member(out, "name", names ? rows_get(rows, row, H_NAME) : NULL);
		buf_puts(out, "}");
	} else {
		buf_puts(out, "null");
	}
	put_member(out, "op", rows_get(rows, row, H_OP));
	put_member(out, "result", rows_get(rows, row, H_RESULT));
	put_member(out, "guard", rows_get(rows, row, H_GUARD));
	buf_printf(out, ",\"fields\":%s", rows_get(rows, row, H_FIELDS));
	put_member(out, "purpose", rows_get(rows, row, H_PURPOSE));
	buf_puts(out, "}");
}

static void history_answer(struct job *job, const struct rows *const *rows)
{
	struct buf out;

	if (rows_count(rows[0]) == 0) {
		request_refuse(job->rq, ERR_NOT_FOUND, NULL);
		return;
	}
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (size_t row = 0; row < rows_count(rows[1]); row++) {
		buf_puts(&out, row ? "," : "");
		put_event(&out, rows[1], row, job->reader->level >= LEVEL_NAME);
	}
	buf_puts(&out, "]}");
	job_result(job, &out);
}

enum err engine_scope_sql(struct selection *sel, const char *id)
{
	struct buf sql;

	read_sql_begin(sel, &sql);
	buf_printf(&sql, "SELECT t.%s FROM lodge.%s t WHERE ", read_key(sel->book), sel->book->name);
	read_scope_sql(sel);
	buf_printf(&sql, " AND t.%s = $%d", read_key(sel->book), read_param(sel, id));
	return read_sql_end(sel, OK);
}

/* Newest first. What refuses looks up nothing: a person out of reach has no history either. */
static enum err select_events(struct selection *sel, const char *id)
{
	struct buf sql;
	bool names = sel->reader->level >= LEVEL_NAME;

	read_sql_begin(sel, &sql);
	buf_printf(&sql, "SELECT e.seq, to_char(e.at AT TIME ZONE 'UTC', "
		"'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), e.staff, p.work_no, %s, e.op, e.result, e.guard, "
		"to_json(e.fields), e.purpose FROM lodge.event e LEFT JOIN lodge.staff p ON p.id = e.staff "
		"WHERE e.book = '%s' AND e.record = $%d ORDER BY e.seq DESC LIMIT %d",
		names ? "p.name" : "NULL", sel->book->name, read_param(sel, id), HISTORY_MAX);
	return read_sql_end(sel, OK);
}

void engine_history(struct request *rq, const struct book *book)
{
	static const char *const members[] = {"id", NULL};
	const char *id, *code;
	struct selection *sel;
	struct job *job;

	if (!(book->historians & BIT(rq->session->role))) {
		request_fault(rq, &(struct fault){.code = ERR_FORBIDDEN, .may = book->historians,
			.message = N_("Your role does not read the history of this book.")});
		return;
	}
	if (!engine_knows_members(rq, members) || !engine_named_record(rq, book, &id, &code))
		return;
	job = job_new(rq, book, history_answer, 0);
	if (!job)
		return;
	sel = job_select(job, book);
	if (!job_add(job, sel, sel ? engine_scope_sql(sel, id) : ERR_NOMEM))
		return;
	sel = job_select(job, book);
	if (job_add(job, sel, sel ? select_events(sel, id) : ERR_NOMEM))
		job_read(job);
}
