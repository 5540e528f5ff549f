/*
 * engine_report.c - report.list and report.NAME: figures over the books, from the table of reports.
 *
 * They run on the slow lane, bounded in time and number, so that no desk waits behind one. Not for:
 * counting, or judging what is too few to be told: op.report_NAME does both. Trap: labels are
 * translated when the answer is written, in a later turn, when another peer's language may be in use.
 */
#include <string.h>

#include "common/i18n.h"
#include "common/report.h"
#include "server/engine_own.h"
#include "server/feed.h"
#include "server/lookup.h"

/* Reports that wait for the one that runs; the next asker is told to come again. */
enum { WAITING_MAX = 8, PATIENCE_S = 5, FIGURES_MAX = 128 * 1024 };
/* Its own limit: twice that, when it was nobody's fault, is less than a request may take. */
#define TIME_OUT "SELECT set_config('statement_timeout', '2s', true)"

struct figures {
	const struct report *report;
	const struct report_column *sort;
	int64_t limit;
	const char *params[3], *lang;
	const struct book *book; /* with .op: the operation that keeps them */
	const struct op *op;
	bool noted; /* whose numbers are shown is in the log, or will be */
};

/* --- what there is ------------------------------------------------------------------------ */

static void put_columns(struct buf *out, const struct report *report)
{
	static const char *const kinds[] = {[COLUMN_GROUP] = "group", [COLUMN_COUNT] = "count", [COLUMN_KEY] = "key"};

	buf_puts(out, "\"columns\":[");
	for (size_t i = 0; i < report->ncolumns; i++) {
		const struct report_column *column = &report->columns[i];

		buf_printf(out, "%s{\"name\":\"%s\",\"kind\":\"%s\",\"type\":\"%s\",\"level\":\"%s\",\"label\":", i ? "," : "", column->field.name,
			kinds[column->kind], type_word(column->field.type), level_word(column->field.level));
		buf_json_str(out, tr(column->field.label));
		buf_puts(out, "}");
	}
	buf_puts(out, "]");
}

static void list_reports(struct request *rq)
{
	const char *comma = "";
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (size_t i = 0; i < nreports; i++) {
		if (!(reports[i].roles & BIT(rq->session->role)))
			continue;
		buf_printf(&out, "%s{\"name\":\"%s\",\"rule\":\"%s\",\"title\":", comma, reports[i].name, reports[i].rule);
		buf_json_str(&out, tr(reports[i].title));
		buf_puts(&out, ",\"help\":");
		buf_json_str(&out, tr(reports[i].help));
		buf_puts(&out, ",");
		put_columns(&out, &reports[i]);
		buf_puts(&out, "}");
		comma = ",";
	}
	buf_puts(&out, "]}");
	if (out.failed)
		request_refuse(rq, ERR_TOO_BIG, NULL);
	else
		request_result(rq, out.data, out.len);
	buf_done(&out);
}

/* --- one report --------------------------------------------------------------------------- */

/* Numbers of level FULL are told as numbers, and masked one by one where they are small. */
static bool may_see(const struct reader *reader, const struct report_column *column)
{
	return column->field.level <= reader->level || (column->kind == COLUMN_COUNT && column->field.level >= LEVEL_FULL);
}

static bool has_caption(const struct reader *reader, const struct book *to)
{
	const struct field *caption = to->caption ? book_field(to, to->caption) : NULL;

	return caption && read_may(reader, caption) && (to->readers & BIT(reader->role));
}

/* Code and name of a reference follow its id, as the door gives them. */
static void put_reference(struct buf *out, const struct reader *reader, const struct book *to, const struct rows *rows, size_t row, size_t *at)
{
	const char *id = rows_get(rows, row, *at - 1);
	const char *code = to->code ? rows_get(rows, row, (*at)++) : NULL;
	const char *name = to->caption ? rows_get(rows, row, (*at)++) : NULL;

	if (!id) {
		buf_puts(out, "null");
		return;
	}
	buf_printf(out, "{\"id\":%s", id);
	if (code)
		buf_json_member(out, "code", code);
	if (name && has_caption(reader, to))
		buf_json_member(out, "name", name);
	buf_puts(out, "}");
}

/* No value where one is withheld: a number that is too small, the telephones of an important household. */
static bool is_withheld(const struct report_column *column, const char *text)
{
	return !text && (column->kind == COLUMN_COUNT || column->field.level >= LEVEL_CONTACT);
}

/* The household that the row is about, or NULL. */
static const char *subject_of(const struct report_column *column, const char *text, const char *before)
{
	const struct book *to = column->field.type == FT_REF ? book_find(column->field.ref) : NULL;

	return to && (to->flags & B_SUBJECT) ? text : before;
}

static void put_row(struct buf *out, const struct job *job, const struct rows *rows, size_t row)
{
	struct figures *f = job->own;
	const struct report *report = f->report;
	const char *masked[64], *comma = "", *subject = NULL;
	size_t at = 0, nmasked = 0;
	bool is_lookup = false;

	buf_puts(out, "{");
	for (size_t i = 0; i < report->ncolumns; i++) {
		const struct report_column *column = &report->columns[i];
		const char *text = rows_get(rows, row, at++);

		subject = subject_of(column, text, subject);
		if (!may_see(job->reader, column) || is_withheld(column, text)) {
			masked[nmasked++] = column->field.name;
			continue;
		}
		buf_printf(out, "%s\"%s\":", comma, column->field.name);
		comma = ",";
		is_lookup = is_lookup || (column->field.level == LEVEL_CONTACT && text && text[0]);
		if (column->field.type == FT_REF)
			put_reference(out, job->reader, book_find(column->field.ref), rows, row, &at);
		else
			read_value_json(out, &column->field, text);
	}
	buf_printf(out, "%s\"masked\":[", comma);
	for (size_t i = 0; i < nmasked; i++)
		buf_printf(out, "%s\"%s\"", i ? "," : "", masked[i]);
	buf_puts(out, "]}");
	f->noted = f->noted && (!is_lookup || lookup_saw(job->rq->session, subject));
}

static void put_figures(struct buf *out, struct job *job, const struct rows *const *rows)
{
	struct figures *f = job->own;
	size_t n = rows_count(rows[1]), shown = n > (size_t)f->limit ? (size_t)f->limit : n;

	i18n_use(f->lang);
	f->noted = true;
	buf_printf(out, "{\"report\":\"%s\",\"sort\":\"%s\",\"at\":\"%s\",", f->report->name, f->sort->field.name, rows_get(rows[2], 0, 0));
	put_columns(out, f->report);
	buf_puts(out, ",\"rows\":[");
	for (size_t row = 0; row < shown; row++) {
		buf_puts(out, row ? "," : "");
		put_row(out, job, rows[1], row);
	}
	buf_printf(out, "],\"more\":%s}", n > shown ? "true" : "false");
}

static void report_answer(struct job *job, const struct rows *const *rows)
{
	const struct figures *f = job->own;
	struct buf out;

	buf_init(&out, ANSWER_MAX);
	put_figures(&out, job, rows);
	if (f->noted) {
		job_result(job, &out);
		return;
	}
	buf_done(&out);
	request_refuse(job->rq, ERR_BUSY, NULL);
}

/* Nothing is shown to anybody here, and no telephone is among it. */
static void counted(struct job *job, const struct rows *const *rows)
{
	const struct figures *f = job->own;
	const char *text;
	struct buf out;

	buf_init(&out, FIGURES_MAX);
	put_figures(&out, job, rows);
	text = out.failed ? NULL : arena_strndup(job->rq->arena, out.data, out.len);
	buf_done(&out);
	if (text)
		engine_write(job->rq, f->book, f->op, text);
	else
		request_refuse(job->rq, ERR_TOO_BIG, NULL);
}

static enum err report_sql(struct selection *sel, const struct figures *f)
{
	struct buf sql;

	read_sql_begin(sel, &sql);
	for (size_t i = 0; i < f->report->ncolumns; i++) {
		const struct field *field = &f->report->columns[i].field;
		const struct book *to = field->type == FT_REF ? book_find(field->ref) : NULL;

		buf_puts(&sql, i ? ", " : "SELECT ");
		read_value_sql(&sql, field);
		if (to && to->code)
			buf_printf(&sql, ", t.%s_code", field->name);
		if (to && to->caption)
			buf_printf(&sql, ", t.%s_name", field->name);
	}
	buf_printf(&sql, " FROM op.report_%s($%d, $%d, $%d) t", f->report->name, read_param(sel, f->params[0]), read_param(sel, f->params[1]),
		read_param(sel, f->params[2]));
	return read_sql_end(sel, OK);
}

/* False: answered, with what is wrong. */
static bool question_read(struct request *rq, struct figures *f)
{
	static const char *const members[] = {"sort", "limit", NULL};
	const struct node *sort = node_get(rq->params, "sort"), *limit = node_get(rq->params, "limit");

	if (!engine_knows_members(rq, members))
		return false;
	f->sort = sort && !node_str(sort) ? NULL : report_count(f->report, node_str(sort));
	f->limit = limit ? limit->i : READ_LIMIT;
	if (!f->sort)
		engine_refuse_member(rq, "sort", N_("Name one of the report's numbers."));
	else if (limit && (limit->type != NODE_INT || limit->i < 1 || limit->i > READ_LIMIT_MAX))
		engine_refuse_member(rq, "limit", N_("This must be a number from 1 to 200."));
	else
		return true;
	return false;
}

/* The lane is slow on purpose; who would wait too long in it is told at once. */
static bool lane_is_full(struct request *rq)
{
	if (feed_is_alive() && lane_waiting(LANE_REPORT) < WAITING_MAX)
		return false;
	request_fault(rq, &(struct fault){.code = ERR_BUSY, .retry_after = PATIENCE_S,
		.message = N_("Other reports are being counted; ask again in a moment.")});
	return true;
}

static void count(struct job *job)
{
	struct request *rq = job->rq;
	struct figures *f = job->own;
	struct selection *sel;

	f->params[0] = job->token;
	f->params[1] = f->sort->field.name;
	f->lang = arena_strdup(rq->arena, i18n_lang());
	f->params[2] = arena_printf(rq->arena, "%lld", (long long)f->limit);
	job->stmts[job->nstmts++] = (struct stmt){.sql = TIME_OUT};
	sel = f->params[2] && f->lang ? job_select(job, NULL) : NULL;
	if (!job_add(job, sel, sel ? report_sql(sel, f) : ERR_NOMEM))
		return;
	job->stmts[job->nstmts++] = (struct stmt){.sql = "SELECT to_char(lodge.lodge_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"};
	job_submit(job, LANE_REPORT);
}

static void run_report(struct request *rq, const struct report *report)
{
	struct job *job = job_new(rq, NULL, report_answer, sizeof(struct figures));

	if (!job)
		return;
	((struct figures *)job->own)->report = report;
	if (question_read(rq, job->own) && !lane_is_full(rq))
		count(job);
}

void engine_count(struct request *rq, const struct report *report, const char *sort, const struct book *book, const struct op *op)
{
	struct job *job = job_new(rq, NULL, counted, sizeof(struct figures));

	if (!job)
		return;
	*(struct figures *)job->own = (struct figures){.report = report, .sort = report_count(report, sort), .limit = READ_LIMIT_MAX,
		.book = book, .op = op};
	if (job->reader->level > LEVEL_NAME)
		job->reader->level = LEVEL_NAME;
	if (!lane_is_full(rq))
		count(job);
}

bool engine_report(struct request *rq, const char *name)
{
	const struct report *report = report_find(name);

	if (strcmp(name, "list") == 0)
		list_reports(rq);
	else if (strcmp(name, "kept") == 0)
		engine_kept(rq);
	else if (!report)
		return false;
	else if (!(report->roles & BIT(rq->session->role)))
		request_fault(rq, &(struct fault){.code = ERR_FORBIDDEN, .rule = report->rule, .may = report->roles,
			.message = N_("Your role does not see this report.")});
	else
		run_report(rq, report);
	return true;
}
