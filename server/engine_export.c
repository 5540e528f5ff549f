/*
 * engine_export.c - BOOK.export: the paper of a record, piece by piece, to who has just made it.
 *
 * The first request reads op.export_BOOK on the reveal lane, decrypts in memory, hands the lines to
 * lodge-print and answers "printing"; later ones answer the PDF in pieces. Not for: deciding who may (the
 * compiled function does). Trap: nothing of it is ever written to the log or to a file.
 */
#include <string.h>

#include "common/base64.h"
#include "common/i18n.h"
#include "common/log.h"
#include "server/engine_own.h"
#include "server/paper.h"
#include "server/settings.h"

enum { LINES_MAX = 64 * 1024 * 1024, PIECE_MAX = 512 * 1024, PIECE_FRAME = 1024, SCRATCH_MAX = 1024 * 1024 };

struct export {
	int64_t id, from;
	const char *params[2];
};

static void put_piece(struct request *rq, const struct export *ask, const char *pdf, size_t len)
{
	size_t room = ((size_t)settings.answer_bytes - PIECE_FRAME) / 4 * 3;
	size_t most = (room < PIECE_MAX ? room : PIECE_MAX) / 3 * 3, from = (size_t)ask->from < len ? (size_t)ask->from : len;
	size_t n = len - from < most ? len - from : most;
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	buf_printf(&out, "{\"id\":%lld,\"size\":%zu,\"from\":%zu,\"pdf\":\"", (long long)ask->id, len, from);
	base64_put(&out, pdf + from, n);
	if (from + n < len)
		buf_printf(&out, "\",\"next\":%zu}", from + n);
	else
		buf_puts(&out, "\",\"next\":null}");
	if (out.failed)
		request_refuse(rq, ERR_NOMEM, NULL);
	else
		request_result(rq, out.data, out.len);
	buf_done(&out);
}

static void put_printing(struct request *rq, const struct export *ask)
{
	const char *text = arena_printf(rq->arena, "{\"id\":%lld,\"size\":null,\"from\":0,\"pdf\":null,\"next\":0}", (long long)ask->id);

	if (text)
		request_result(rq, text, strlen(text));
	else
		request_refuse(rq, ERR_NOMEM, NULL);
}

/* --- the lines --------------------------------------------------------------------------- */

/* A choice or a truth value by its label, in the session's language. */
static const char *shown(const struct field *field, const char *text)
{
	const char *word = field->type != FT_BOOL ? text : text[0] == 't' ? "true" : "false";

	if (field->flags & F_SUGGEST)
		return text;
	for (const struct choice *c = field->choices; c && c->word; c++)
		if (strcmp(c->word, word) == 0)
			return tr(c->label);
	return text;
}

static enum err put_cell(struct buf *out, struct arena *scratch, const struct book *of, const struct field *field,
	const struct rows *rows, size_t row, size_t *at)
{
	const char *text;
	enum err err = engine_cell(scratch, of, field, rows, row, at, &text);

	if (err != OK)
		return err;
	buf_json_str(out, text ? shown(field, text) : "");
	return OK;
}

/* "No. 12 · Recipient w001 林小雨 · Expires 2027-02-20" */
static void put_foot(struct buf *out, const struct job *job, const struct rows *rows)
{
	struct buf text;
	size_t at = 1;

	buf_init(&text, 8192);
	for (const char *const *name = job->book->paper->foot; *name; name++) {
		const struct field *field = book_field(job->book, *name);
		const char *value = rows_get(rows, 0, at++);

		buf_printf(&text, "%s%s %s", at > 2 ? " · " : "", tr(field->label), value ? shown(field, value) : "-");
	}
	buf_json_str(out, text.data);
	buf_done(&text);
}

static void put_head(struct buf *out, const struct job *job, const struct paper_sheet *sheet, const struct rows *rows)
{
	const struct book *of = book_find(sheet->book);
	const char *comma = "";

	buf_puts(out, "{\"title\":");
	buf_json_str(out, tr(sheet->title));
	buf_puts(out, ",\"stamp\":");
	buf_json_str(out, tr(job->book->paper->stamp));
	buf_puts(out, ",\"page\":");
	buf_json_str(out, tr(N_("Page")));
	buf_puts(out, ",\"foot\":");
	put_foot(out, job, rows);
	buf_puts(out, ",\"lines\":[");
	put_foot(out, job, rows);
	buf_puts(out, "],\"columns\":[");
	for (const char *const *name = sheet->columns; *name; name++, comma = ",") {
		buf_puts(out, comma);
		buf_json_str(out, tr(book_field(of, *name)->label));
	}
	buf_puts(out, "]}\n");
}

/* What is decrypted lives for one row and is wiped. */
static enum err put_lines(struct buf *out, const struct job *job, const struct paper_sheet *sheet, const struct rows *rows)
{
	const struct book *of = book_find(sheet->book);
	struct arena *scratch = arena_new(SCRATCH_MAX);
	enum err err = scratch ? OK : ERR_NOMEM;

	i18n_use(job->rq->session->lang);
	put_head(out, job, sheet, rows);
	for (size_t row = 1; row < rows_count(rows) && err == OK; row++) {
		size_t at = 1;

		for (const char *const *name = sheet->columns; *name && err == OK; name++) {
			buf_puts(out, name == sheet->columns ? "[" : ",");
			err = put_cell(out, scratch, of, book_field(of, *name), rows, row, &at);
		}
		buf_puts(out, "]\n");
		arena_reset(scratch);
	}
	arena_free(scratch);
	return err == OK && out->failed ? ERR_TOO_BIG : err;
}

/* --- the request ------------------------------------------------------------------------- */

static const struct paper_sheet *sheet_of(const struct book *book, const char *word)
{
	for (size_t i = 0; word && i < book->paper->nsheets; i++)
		if (strcmp(book->paper->sheets[i].name, word) == 0)
			return &book->paper->sheets[i];
	return NULL;
}

static void export_answer(struct job *job, const struct rows *const *rows)
{
	const struct export *ask = job->own;
	const struct session *session = job->rq->session;
	const struct paper_sheet *sheet = sheet_of(job->book, rows_get(rows[0], 0, 0));
	struct buf lines;
	enum err err;

	if (!sheet) {
		request_fault(job->rq, &(struct fault){.code = ERR_REFUSED, .rule = job->book->paper->rule, .guard = "export_ticket",
			.message = N_("Only who has just issued it fetches it, within a minute.")});
		return;
	}
	buf_init(&lines, LINES_MAX);
	err = put_lines(&lines, job, sheet, rows[0]);
	if (err == OK && session->ended)
		err = ERR_LOCKED;
	if (err == OK)
		err = paper_print(session->id, job->book->name, ask->id, &lines);
	if (err == ERR_INVALID)
		log_error("%s: a sealed value cannot be opened", job->rq->method);
	if (err == OK)
		put_printing(job->rq, ask);
	else
		request_refuse(job->rq, err == ERR_INVALID ? ERR_DEGRADED : err, NULL);
	buf_done(&lines);
}

static void export_read(struct job *job, struct export *ask)
{
	struct request *rq = job->rq;

	ask->params[0] = job->token;
	ask->params[1] = arena_printf(rq->arena, "%lld", (long long)ask->id);
	job->stmts[0] = (struct stmt){.nparams = 2, .params = ask->params,
		.sql = arena_printf(rq->arena, "SELECT * FROM op.export_%s($1, $2)", job->book->name)};
	job->nstmts = 1;
	if (!ask->params[1] || !job->stmts[0].sql)
		request_refuse(rq, ERR_NOMEM, NULL);
	else
		job_submit(job, LANE_REVEAL);
}

/* Takes id and from; false: answered. */
static bool export_asked(struct request *rq, const struct book *book, struct export *ask)
{
	static const char *const members[] = {"op_id", "id", "from", NULL};
	const struct node *id = node_get(rq->params, "id"), *from = node_get(rq->params, "from");

	if (!engine_knows_members(rq, members))
		return false;
	ask->id = id && id->type == NODE_INT ? id->i : 0;
	ask->from = from ? from->type == NODE_INT ? from->i : -1 : 0;
	if (!book->paper)
		engine_refuse_member(rq, "id", N_("Nothing of this book leaves on paper."));
	else if (ask->id < 1 || ask->from < 0)
		engine_refuse_member(rq, ask->id < 1 ? "id" : "from", N_("This must be a whole number from 1."));
	else
		return true;
	return false;
}

void engine_export(struct request *rq, const struct book *book)
{
	struct job *job = job_new(rq, book, export_answer, sizeof(struct export));
	struct export *ask = job ? job->own : NULL;
	enum paper_state state;
	const char *pdf = NULL;
	size_t len = 0;

	if (!ask || !export_asked(rq, book, ask))
		return;
	state = paper_find(rq->session->id, book->name, ask->id, &pdf, &len);
	if (state == PAPER_NONE && ask->from == 0)
		export_read(job, ask);
	else if (state == PAPER_PRINTING)
		put_printing(rq, ask);
	else if (state == PAPER_READY)
		put_piece(rq, ask, pdf, len);
	else /* or the rest of a paper that is gone: another one would not fit to it */
		request_refuse(rq, ERR_DEGRADED, N_("The paper could not be printed; ask again."));
}
