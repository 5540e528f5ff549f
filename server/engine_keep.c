/*
 * engine_keep.c - operations that keep a report's figures, and report.kept, which shows them again.
 *
 * The report is counted on the slow lane for the session that asks; what would have been answered goes with the
 * operation to the pen, which therefore never counts. Not for: who may (the compiled operation judges, and
 * op.report_kept). Trap: the figures are a setting of the transaction, which is a batch: it is always written,
 * empty too, or a neighbour's figures would stand there.
 */
#include "common/report.h"
#include "server/engine_own.h"

void engine_keep(struct request *rq, const struct book *book, const struct op *op)
{
	const char *name = node_str(node_get(rq->params, "report")), *sort = node_str(node_get(rq->params, "sort"));
	const struct report *report = name ? report_find(name) : NULL;

	if (!report || !(report->roles & BIT(rq->session->role)) || !report_count(report, sort))
		engine_write(rq, book, op, "");
	else
		engine_count(rq, report, sort, book, op);
}

static void kept_answer(struct job *job, const struct rows *const *rows)
{
	struct buf out;

	if (rows_count(rows[0]) == 0) {
		request_refuse(job->rq, ERR_NOT_FOUND, NULL);
		return;
	}
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, rows_get(rows[0], 0, 0));
	job_result(job, &out);
}

void engine_kept(struct request *rq)
{
	static const char *const members[] = {"id", NULL};
	const struct node *id = node_get(rq->params, "id");
	const char **params;
	struct job *job;

	if (!engine_knows_members(rq, members))
		return;
	if (!id || id->type != NODE_INT || id->i < 1) {
		engine_refuse_member(rq, "id", N_("Name the record by its id."));
		return;
	}
	job = job_new(rq, NULL, kept_answer, 2 * sizeof(*params));
	if (!job)
		return;
	params = job->own;
	params[0] = job->token;
	params[1] = arena_printf(rq->arena, "%lld", (long long)id->i);
	job->stmts[job->nstmts++] = (struct stmt){.sql = "SELECT figures FROM op.report_kept($1, $2)", .nparams = 2, .params = params};
	if (params[1])
		job_submit(job, LANE_REPORT);
	else
		request_refuse(rq, ERR_NOMEM, NULL);
}
