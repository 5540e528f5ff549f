/*
 * engine_why.c - why: may I, which rule says so, who may, and who of them is here.
 *
 * Everything comes from the descriptor, the clearances of the policy and the open sessions. Not
 * for: guards, which look at the record itself. Trap: a record out of scope is not found here
 * either; the answer must not tell that it exists.
 */
#include <string.h>

#include "server/engine_own.h"
#include "server/message.h"

enum { C_ROLE, C_LISTS, C_NIGHT, C_OPENS };
enum { NAMES_MAX = 20 };

/* The rule that draws each level's line. */
static const char *const level_rules[LEVEL_END] = {
	[LEVEL_NAME] = "CNF-04", [LEVEL_CONTACT] = "CNF-03", [LEVEL_FULL] = "CNF-02",
	[LEVEL_SEALED] = "CNF-05",
};

struct question {
	const struct field *field;
	const struct op *op;
	bool has_record; /* then statement 0 asks whether it is in scope */
};

/* Roles whose clearance reaches the field, by list or by opening. */
static uint64_t roles_cleared(const struct book *book, const struct field *field,
	const struct rows *rows)
{
	const size_t column = field_is_revealable(field) && field->level > LEVEL_CONTACT ? C_OPENS : C_LISTS;
	uint64_t roles = field->level == LEVEL_OPEN ? book->readers | book->parties : 0;

	for (size_t row = 0; row < rows_count(rows); row++) {
		const char *word = rows_get(rows, row, C_ROLE), *reach = rows_get(rows, row, column);
		enum role role = word ? role_of_word(word) : ROLE_UNSET;

		if (role != ROLE_UNSET && reach && level_of_word(reach) >= field->level)
			roles |= BIT(role) & book->readers;
	}
	return roles;
}

/* Names of those who are signed in here in one of the roles; work numbers below NAME. */
static void put_on_duty(struct buf *out, const struct reader *reader, uint64_t roles)
{
	size_t n = 0;

	for (const struct session *s = session_next(NULL); s && n < NAMES_MAX; s = session_next(s)) {
		if (s->ended || !s->interactive || !(roles & BIT(s->role)))
			continue;
		buf_puts(out, n++ ? "," : "");
		buf_json_str(out, reader->level >= LEVEL_NAME ? s->name : s->work_no);
	}
}

static void why_answer(struct job *job, const struct rows *const *rows)
{
	const struct question *q = job->own;
	const struct rows *clearances = rows[job->nstmts - 1];
	const char *rule = q->op ? q->op->state_rule : level_rules[q->field->level];
	uint64_t may = q->op ? q->op->roles : roles_cleared(job->book, q->field, clearances);
	bool allowed = (may & BIT(job->reader->role)) || (q->field && read_may(job->reader, q->field));
	struct buf out;

	if (q->has_record && rows_count(rows[0]) == 0) {
		request_refuse(job->rq, ERR_NOT_FOUND, NULL);
		return;
	}
	buf_init(&out, ANSWER_MAX);
	buf_printf(&out, "{\"allowed\":%s", allowed ? "true" : "false");
	if (q->field)
		buf_printf(&out, ",\"level\":\"%s\"", level_word(q->field->level));
	if (rule)
		buf_printf(&out, ",\"rule\":\"%s\"", rule);
	buf_puts(&out, ",\"may\":");
	message_roles(&out, may);
	buf_puts(&out, ",\"on_duty\":[");
	put_on_duty(&out, job->reader, may);
	buf_puts(&out, "]}");
	job_result(job, &out);
}

static enum err select_clearances(struct selection *sel)
{
	struct buf sql;

	read_sql_begin(sel, &sql);
	buf_puts(&sql, "SELECT c.role, c.lists, c.lists_night, c.opens FROM lodge.clearance c");
	return read_sql_end(sel, OK);
}

/* The question, or the member that is wrong with it. */
static const char *parse(struct request *rq, const struct book *book, struct question *q)
{
	const char *field = node_str(node_get(rq->params, "field"));
	const char *op = node_str(node_get(rq->params, "op"));

	if (!book)
		return "book";
	q->field = field ? book_field(book, field) : NULL;
	q->op = op ? book_op(book, op) : NULL;
	if (op && field)
		return "field";
	return q->field || q->op ? NULL : op ? "op" : "field";
}

void engine_why(struct request *rq)
{
	static const char *const members[] = {"book", "id", "field", "op", NULL};
	const char *name = node_str(node_get(rq->params, "book")), *id = NULL, *code = NULL, *wrong;
	const struct book *book = name ? book_find(name) : NULL;
	struct job *job = job_new(rq, book, why_answer, sizeof(struct question));
	struct question *q = job ? job->own : NULL;
	struct selection *sel;

	if (!job || !engine_knows_members(rq, members))
		return;
	wrong = parse(rq, book, q);
	if (wrong) {
		engine_refuse_member(rq, wrong, N_("Name a book, and one of its fields or operations."));
		return;
	}
	q->has_record = node_get(rq->params, "id") != NULL;
	if (q->has_record && !engine_named_record(rq, book, &id, &code))
		return;
	if (q->has_record) {
		sel = job_select(job, book);
		if (!job_add(job, sel, sel ? engine_scope_sql(sel, id) : ERR_NOMEM))
			return;
	}
	sel = job_select(job, book);
	if (job_add(job, sel, sel ? select_clearances(sel) : ERR_NOMEM))
		job_read(job);
}
