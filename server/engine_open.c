/*
 * engine_open.c - BOOK.open: the logged operation on the pen, then the reveal against its tickets.
 *
 * Two calls after each other: the first commits who opens what and why, and only its events make
 * the second one answer. Not for: deciding who may (the compiled function does).
 * Trap: between the two the values exist nowhere here; after the answer everything is wiped with
 * the arena and the buffer. Never write a revealed value to the log.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "common/log.h"
#include "common/text.h"
#include "server/array.h"
#include "server/engine_own.h"

enum { OPEN_IDS_MAX = 16, PURPOSE_MIN = 5, PURPOSE_MAX = 200, UUID_TEXT = 37 };

struct opening {
	const char *params[7];
	const char *reveal_params[2];
	const struct field *fields[64];
	size_t nfields;
	const char *events;
};

/* --- what is asked ----------------------------------------------------------------------- */

static const char *ids_text(struct request *rq)
{
	const struct node *one = node_get(rq->params, "id"), *many = node_get(rq->params, "ids");
	const struct node *id = many && many->type == NODE_ARRAY ? many->first : one;
	const char *text = "{", *comma = "";

	if ((one != NULL) == (many != NULL) || !id || (many && many->type != NODE_ARRAY) ||
		(many && many->count > OPEN_IDS_MAX))
		return NULL;
	for (; id && text; id = many ? id->next : NULL) {
		if (id->type != NODE_INT || id->i < 1)
			return NULL;
		text = arena_printf(rq->arena, "%s%s%lld", text, comma, (long long)id->i);
		comma = ",";
	}
	return text ? arena_printf(rq->arena, "%s}", text) : NULL;
}

static const char *fields_text(struct request *rq, const struct book *book, struct opening *opening)
{
	const struct node *fields = node_get(rq->params, "fields");
	const char *names[64];

	if (!fields || fields->type != NODE_ARRAY || fields->count == 0)
		return NULL;
	for (const struct node *name = fields->first; name; name = name->next) {
		const char *text = node_str(name);
		const struct field *field = text ? book_field(book, text) : NULL;

		if (!field || !field_is_revealable(field) || opening->nfields == NITEMS(names))
			return NULL;
		for (size_t i = 0; i < opening->nfields; i++)
			if (opening->fields[i] == field)
				return NULL;
		names[opening->nfields] = field->name;
		opening->fields[opening->nfields++] = field;
	}
	return array_of_texts(rq->arena, names, opening->nfields);
}

static const char *purpose_text(struct request *rq, const char **why)
{
	const struct node *node = node_get(rq->params, "purpose");
	const char *clean = NULL;

	*why = N_("Say in at least five characters what this is for.");
	if (!node || node->type != NODE_STRING)
		return NULL;
	if (text_clean(rq->arena, node->s, node->len, false, &clean, why) != OK)
		return NULL;
	*why = N_("Say in at least five characters what this is for.");
	return text_chars(clean) >= PURPOSE_MIN && text_chars(clean) <= PURPOSE_MAX ? clean : NULL;
}

/* The client's op_id, or one of our own: an opening without one is simply never a retry. */
static const char *op_id_text(struct request *rq)
{
	const struct node *node = node_get(rq->params, "op_id");
	const char *given = node_str(node);
	unsigned char b[16];

	if (node)
		return given && validate_uuid(given) ? given : NULL;
	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		return NULL;
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	return arena_printf(rq->arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		b[15]);
}

/* Fills the parameters; false: answered, with every bad member. */
static bool check(struct request *rq, const struct book *book, struct opening *opening)
{
	static const char *const members[] = {
		"op_id", "id", "ids", "fields", "purpose", "on_behalf_of", NULL};
	struct issue *issues = arena_alloc(rq->arena, 6 * sizeof(*issues));
	const struct node *behalf = node_get(rq->params, "on_behalf_of");
	const char *why = NULL, **p = opening->params;
	size_t n = 0;

	if (!issues || !engine_knows_members(rq, members)) {
		if (!issues)
			request_refuse(rq, ERR_NOMEM, NULL);
		return false;
	}
	p[1] = op_id_text(rq);
	p[3] = ids_text(rq);
	p[4] = fields_text(rq, book, opening);
	p[5] = purpose_text(rq, &why);
	p[6] = behalf && behalf->type == NODE_INT ? arena_printf(rq->arena, "%lld", (long long)behalf->i) : node_str(behalf);
	if (!p[1])
		issues[n++] = (struct issue){.field = "op_id", .message = N_("This must be a UUID, made once for what is meant.")};
	if (!p[3])
		issues[n++] = (struct issue){.field = "id", .message = N_("Name one record by id, or up to sixteen by ids.")};
	if (!p[4])
		issues[n++] = (struct issue){.field = "fields", .message = N_("Name the confidential fields to be opened, each once.")};
	if (!p[5])
		issues[n++] = (struct issue){.field = "purpose", .message = why};
	if (behalf && behalf->type != NODE_NULL && !p[6])
		issues[n++] = (struct issue){.field = "on_behalf_of", .message = N_("This must be a text.")};
	if (n)
		engine_refuse_issues(rq, issues);
	return n == 0;
}

/* --- the reveal -------------------------------------------------------------------------- */

/* One field of a revealed row; a sealed one is opened with the place it was sealed for. */
static enum err put_revealed(struct buf *out, const struct job *job, const struct field *field,
	const struct rows *rows, size_t row, size_t *at)
{
	const char *text;
	enum err err = engine_cell(job->rq->arena, job->book, field, rows, row, at, &text);

	if (err != OK)
		return err;
	buf_printf(out, ",\"%s\":", field->name);
	read_value_json(out, field, text);
	return OK;
}

static void reveal_answer(struct job *job, const struct rows *const *rows)
{
	const struct opening *opening = job->own;
	size_t n = rows_count(rows[0]);
	enum err err = OK;
	struct buf out;

	if (n == 0) { /* a retry after more than a minute: the tickets are no longer good */
		request_refuse(job->rq, ERR_REFUSED, N_("This opening has run out; open it again."));
		return;
	}
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (size_t row = 0; row < n && err == OK; row++) {
		size_t at = 1;

		buf_printf(&out, "%s{\"id\":%s", row ? "," : "", rows_get(rows[0], row, 0));
		for (size_t i = 0; i < opening->nfields && err == OK; i++)
			err = put_revealed(&out, job, opening->fields[i], rows[0], row, &at);
		buf_puts(&out, "}");
	}
	buf_printf(&out, "],\"events\":[%.*s]}", (int)strlen(opening->events) - 2, opening->events + 1);
	if (err == OK) {
		job_result(job, &out);
		return;
	}
	buf_done(&out);
	log_error("%s: a sealed value cannot be opened", job->rq->method);
	request_refuse(job->rq, ERR_DEGRADED, NULL);
}

/* Named columns of the fields asked for, in the order asked. */
static enum err reveal_sql(struct job *job, const struct opening *opening, struct selection *sel)
{
	struct buf sql;

	read_sql_begin(sel, &sql);
	buf_puts(&sql, "SELECT t.id");
	for (size_t i = 0; i < opening->nfields; i++) {
		buf_puts(&sql, ", ");
		read_value_sql(&sql, opening->fields[i]);
		if (opening->fields[i]->flags & F_CRYPT)
			buf_printf(&sql, ", t.%s_op", opening->fields[i]->name);
	}
	buf_printf(&sql, " FROM op.reveal_%s($1, $2) t", job->book->name);
	read_param(sel, opening->params[0]);
	read_param(sel, opening->events);
	return read_sql_end(sel, OK);
}

static void open_answer(struct job *job, const struct rows *const *rows)
{
	struct opening *opening = job->own;
	const char *events = rows_get(rows[0], 0, RECEIPT_EVENTS);
	struct job *reveal;
	struct selection *sel;

	if (engine_refused(job->rq, NULL, rows[0]))
		return;
	opening->events = arena_strdup(job->rq->arena, events && strlen(events) >= 2 ? events : "{}");
	if (!opening->events)
		request_refuse(job->rq, ERR_NOMEM, NULL);
	reveal = opening->events ? job_new(job->rq, job->book, reveal_answer, 0) : NULL;
	if (!reveal)
		return;
	reveal->own = opening;
	sel = job_select(reveal, job->book);
	if (job_add(reveal, sel, sel ? reveal_sql(reveal, opening, sel) : ERR_NOMEM))
		job_submit(reveal, LANE_REVEAL);
}

static bool has_revealable(const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (field_is_revealable(&book->fields[i]))
			return true;
	return false;
}

void engine_open(struct request *rq, const struct book *book)
{
	struct job *job = job_new(rq, book, open_answer, sizeof(struct opening));
	struct opening *opening = job ? job->own : NULL;
	enum err err;

	if (!job)
		return;
	if (!has_revealable(book)) {
		engine_refuse_member(rq, "fields", N_("This book has nothing to open."));
		return;
	}
	if (!check(rq, book, opening))
		return;
	opening->params[0] = job->token;
	err = engine_digest(rq, book, &opening->params[2]);
	job->stmts[0] = (struct stmt){.nparams = 7, .params = opening->params,
		.sql = arena_printf(rq->arena, "SELECT * FROM op.%s_open($1, $2, $3, $4, $5, $6, $7)", book->name)};
	job->nstmts = 1;
	if (err == OK && !job->stmts[0].sql)
		err = ERR_NOMEM;
	if (err != OK)
		request_refuse(rq, err, NULL);
	else
		job_submit(job, LANE_PEN);
}
