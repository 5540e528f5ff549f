/*
 * slip_job.c - see slip_job.h.
 *
 * Not for: rights. What the server does not answer is shown as locked. Trap: a reader whose role does not
 * read the book of the rows gets an empty list, which must not look like an empty file.
 */
#include "client/slip_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/pdf.h"
#include "client/value.h"
#include "common/i18n.h"

enum { ARENA_MAX = 64 * 1024 * 1024, ANSWER_MAX = 4 * 1024 * 1024, DEPTH = 16, FOOT_MAX = 320 };

enum step { STEP_RECORD = 1, STEP_REFS, STEP_ROWS, STEP_DONE };

struct slip_job {
	struct slip_content content;
	struct arena *arena;
	int64_t id;
	char code[128];
	enum role reader;
	enum step step;
	size_t ref;        /* the reference asked for */
	const char *after; /* cursor of the next page */
};

struct slip_job *slip_job_new(const struct book *book, const struct slip *slip, int64_t id, const char *code, enum role reader)
{
	struct slip_job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->arena = arena_new(ARENA_MAX);
	if (job->arena == NULL) {
		free(job);
		return NULL;
	}
	job->content.book = book;
	job->content.slip = slip;
	job->id = id;
	job->reader = reader;
	job->step = slip->whole ? STEP_ROWS : STEP_RECORD;
	snprintf(job->code, sizeof job->code, "%s", code != NULL ? code : "");
	return job;
}

void slip_job_free(struct slip_job *job)
{
	if (job == NULL)
		return;
	arena_free(job->arena);
	free(job);
}

const struct slip *slip_job_slip(const struct slip_job *job)
{
	return job->content.slip;
}

void slip_job_blank(struct slip_job *job)
{
	job->content.blank = true;
	job->step = STEP_DONE;
}

/* ---- asking ---- */

/* The names before the dots, each once. */
static void find_refs(struct slip_content *c)
{
	for (const char *const *name = c->slip->fields; *name != NULL; name++) {
		const char *dot = strchr(*name, '.');
		size_t len = dot != NULL ? (size_t)(dot - *name) : 0, i = 0;

		while (i < c->nrefs && (c->refs[i].len != len || strncmp(c->refs[i].name, *name, len) != 0))
			i++;
		if (dot != NULL && i == c->nrefs && c->nrefs < SLIP_REFS) {
			c->refs[i].name = *name;
			c->refs[i].len = len;
			c->nrefs++;
		}
	}
}

static const struct node *ref_value(const struct slip_job *job)
{
	char name[64];

	snprintf(name, sizeof name, "%.*s", (int)job->content.refs[job->ref].len, job->content.refs[job->ref].name);
	return node_get(job->content.record, name);
}

/* The next reference that leads somewhere. */
static bool ask_ref(struct slip_job *job, struct buf *method, struct buf *params)
{
	for (; job->ref < job->content.nrefs; job->ref++) {
		int64_t id = row_number(ref_value(job), "id");
		char name[64];

		snprintf(name, sizeof name, "%.*s", (int)job->content.refs[job->ref].len, job->content.refs[job->ref].name);
		if (id == 0)
			continue;
		buf_printf(method, "%s.get", book_field(job->content.book, name)->ref);
		buf_printf(params, "{\"id\":%lld}", (long long)id);
		return true;
	}
	return false;
}

static void put_member(struct buf *to, const char *name, const struct node *value)
{
	buf_printf(to, "%s\"%s\":", to->data[to->len - 1] == '{' ? "" : ",", name);
	if (value == NULL || value->type == NODE_NULL)
		buf_puts(to, "null");
	else if (value->type == NODE_OBJECT)
		buf_json_int(to, row_number(value, "id"));
	else
		node_write(to, value);
}

static void put_where(const struct slip_job *job, struct buf *to)
{
	const struct slip_rows *rows = job->content.slip->rows;
	size_t n = rows->where != NULL ? strlen(rows->where) : 0;

	buf_puts(to, "{\"where\":{");
	if (n > 2)
		buf_put(to, rows->where + 1, n - 2);
	if (rows->by != NULL && rows->of == NULL)
		buf_printf(to, "%s\"%s\":%lld", n > 2 ? "," : "", rows->by, (long long)job->id);
	else if (rows->by != NULL)
		put_member(to, rows->by, node_get(job->content.record, rows->of));
	for (const char *const *name = rows->same; name != NULL && *name != NULL; name++)
		put_member(to, *name, node_get(job->content.record, *name));
	buf_puts(to, "},\"limit\":200");
	if (rows->sort != NULL)
		buf_printf(to, ",\"sort\":[\"%s\"]", rows->sort);
}

/* Rows tied by a reference that is empty are none. */
static bool has_rows(const struct slip_job *job)
{
	const struct slip_rows *rows = job->content.slip->rows;
	const struct node *of = rows != NULL && rows->of != NULL ? node_get(job->content.record, rows->of) : NULL;

	return rows != NULL && (rows->of == NULL || (of != NULL && of->type != NODE_NULL));
}

static bool ask_rows(struct slip_job *job, struct buf *method, struct buf *params)
{
	const struct book *book;

	if (!has_rows(job) || (job->content.npages > 0 && job->after == NULL) || job->content.npages == SLIP_PAGES)
		return false;
	book = book_find(job->content.slip->rows->book);
	if ((book->readers & BIT(job->reader)) == 0) {
		job->content.rows_locked = true;
		return false;
	}
	buf_printf(method, "%s.list", book->name);
	put_where(job, params);
	if (job->after != NULL) {
		buf_puts(params, ",\"after\":");
		buf_json_str(params, job->after);
	}
	buf_puts(params, "}");
	return true;
}

bool slip_job_next(struct slip_job *job, struct buf *method, struct buf *params)
{
	if (job->step == STEP_RECORD) {
		buf_printf(method, "%s.get", job->content.book->name);
		if (job->id != 0) {
			buf_printf(params, "{\"id\":%lld}", (long long)job->id);
		} else {
			buf_puts(params, "{\"code\":");
			buf_json_str(params, job->code);
			buf_puts(params, "}");
		}
		return true;
	}
	if (job->step == STEP_REFS && ask_ref(job, method, params))
		return true;
	if (job->step == STEP_REFS)
		job->step = STEP_ROWS;
	if (job->step == STEP_ROWS && ask_rows(job, method, params))
		return true;
	job->step = STEP_DONE;
	return false;
}

/* ---- answers ---- */

static const struct node *copy(struct slip_job *job, const struct node *answer)
{
	struct node *out = NULL;
	struct buf text;

	buf_init(&text, ANSWER_MAX);
	node_write(&text, answer);
	if (text.failed || node_parse(job->arena, text.data, text.len, DEPTH, &out) != OK)
		out = NULL;
	buf_done(&text);
	return out;
}

/* One form under several titles: the one that this record bears. */
static const struct slip *same_form(const struct book *book, const struct slip *slip, const struct node *record)
{
	for (size_t i = 0; slip->only != NULL && i < book->nslips; i++)
		if (book->slips[i].only != NULL && strcmp(book->slips[i].only, slip->only) == 0 && slip_fits(book, &book->slips[i], record))
			return &book->slips[i];
	return slip;
}

static bool take_record(struct slip_job *job, const struct node *result)
{
	struct slip_content *c = &job->content;

	if (result != NULL)
		c->slip = same_form(c->book, c->slip, result);
	if (result == NULL || !slip_fits(c->book, c->slip, result) || (c->record = copy(job, result)) == NULL)
		return false;
	job->id = row_number(c->record, "id");
	find_refs(c);
	job->step = STEP_REFS;
	return true;
}

static bool take_rows(struct slip_job *job, const struct node *result)
{
	const struct node *page = result != NULL ? copy(job, result) : NULL;

	if (result == NULL)
		job->content.rows_locked = true;
	job->after = node_str(node_get(page, "next"));
	if (page != NULL && node_get(page, "rows") != NULL)
		job->content.pages[job->content.npages++] = node_get(page, "rows");
	else
		job->step = STEP_DONE;
	return result == NULL || page != NULL;
}

bool slip_job_take(struct slip_job *job, const struct node *result)
{
	if (job->step == STEP_RECORD)
		return take_record(job, result);
	if (job->step == STEP_ROWS)
		return take_rows(job, result);
	if (result != NULL)
		job->content.refs[job->ref].row = copy(job, result);
	job->ref++;
	return true;
}

/* ---- the text ---- */

static void put_foot(char foot[FOOT_MAX], const char *by)
{
	char now[40];
	time_t at = time(NULL);
	struct tm local;

	localtime_r(&at, &local);
	strftime(now, sizeof now, "%Y-%m-%d %H:%M", &local);
	snprintf(foot, FOOT_MAX, tr("Printed %s, %s"), now, by);
}

void slip_job_write(const struct slip_job *job, struct buf *out, const char *by)
{
	struct slip_content content = job->content;
	char foot[FOOT_MAX];

	put_foot(foot, by);
	content.foot = foot;
	slip_write(out, &content);
}

bool slip_job_pdf(const struct slip_job *job, struct buf *out, const char *by)
{
	struct slip_content content = job->content;
	char foot[FOOT_MAX];
	struct buf form;
	bool fine;

	put_foot(foot, by);
	content.foot = foot;
	buf_init(&form, SLIP_TEXT_MAX);
	slip_form_write(&form, &content);
	fine = !form.failed && pdf_make(&form, out);
	buf_done(&form);
	return fine;
}

void slip_job_name(const struct slip_job *job, char *name, size_t size)
{
	const struct slip_content *c = &job->content;
	struct buf head;

	buf_init(&head, ANSWER_MAX);
	if (c->record != NULL)
		value_word(&head, node_get(c->record, c->slip->head));
	for (char *at = head.data; at != NULL && *at != '\0'; at++)
		if (strchr("0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *at) == NULL)
			*at = '_';
	snprintf(name, size, "%s%s%.60s", c->slip->name, c->blank ? "-blank" : head.len > 0 ? "-" : "", head.len > 0 ? head.data : "");
	buf_done(&head);
}
