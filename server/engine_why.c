/*
 * engine_why.c - why: may I, which rule says so, who may, who of them is here, and the lawful way.
 *
 * A field is answered from the descriptor, the clearances and the open sessions; an operation on a
 * record by its guards, which lodge.why_BOOK asks for everybody who holds one of its roles. Not for:
 * judging; nothing said here is a permission. Trap: a record out of scope is not found here either;
 * the answer must not tell that it exists.
 */
#include <stdlib.h>
#include <string.h>

#include "common/i18n.h"
#include "server/engine_own.h"
#include "server/message.h"

enum { C_ROLE, C_LISTS, C_NIGHT, C_OPENS };
enum { W_STAFF, W_ROLE, W_GUARD };
enum { NAMES_MAX = 20 };

/* The rule that draws each level's line. */
static const char *const level_rules[LEVEL_END] = {
	[LEVEL_NAME] = "CNF-04", [LEVEL_CONTACT] = "CNF-03", [LEVEL_FULL] = "CNF-02",
	[LEVEL_SEALED] = "CNF-05",
};

struct question {
	const struct field *field;
	const struct op *op;
	bool has_record; /* then statement 0 is about it */
	bool by_guards;  /* and holds the rows of lodge.why_BOOK: the reader's own, then those who may */
	const struct book *lawful;  /* the book of the lawful way; then the last statement is its record's code */
	const struct op *way;
	const struct field *what;   /* its field for that record */
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

static uint64_t roles_unhindered(const struct rows *rows)
{
	uint64_t roles = 0;

	for (size_t row = 1; row < rows_count(rows); row++)
		roles |= BIT(role_of_word(rows_get(rows, row, W_ROLE)));
	return roles;
}

/* Whether nothing stands in the way of this session's person in his role. */
static bool is_unhindered(const struct rows *rows, const struct session *s)
{
	for (size_t row = 1; row < rows_count(rows); row++)
		if (strtoll(rows_get(rows, row, W_STAFF), NULL, 10) == s->staff && role_of_word(rows_get(rows, row, W_ROLE)) == s->role)
			return true;
	return false;
}

/* Names of those who are signed in here and may; work numbers below NAME. */
static void put_on_duty(struct buf *out, const struct job *job, const struct rows *record, uint64_t roles)
{
	const struct question *q = job->own;
	const char *area = q->has_record && !q->by_guards && (job->book->flags & B_AREA) ? rows_get(record, 0, 1) : NULL;
	size_t n = 0;

	for (const struct session *s = session_next(NULL); s && n < NAMES_MAX; s = session_next(s)) {
		if (s->ended || !s->interactive || !(roles & BIT(s->role)))
			continue;
		if (q->by_guards ? !is_unhindered(record, s) : area && !(job->book->estate_wide & BIT(s->role)) && !session_has(s->areas, strtoll(area, NULL, 10)))
			continue;
		buf_puts(out, n++ ? "," : "");
		buf_json_str(out, job->reader->level >= LEVEL_NAME ? s->name : s->work_no);
	}
}

static const struct guard *guard_of(const struct op *op, const char *name)
{
	for (const struct guard *guard = op->guards; guard && guard->name; guard++)
		if (strcmp(guard->name, name) == 0)
			return guard;
	return NULL;
}

/* The rule that stands in the way, in words too. */
static void put_hindrance(struct buf *out, const struct job *job, const char *name)
{
	const struct question *q = job->own;
	const struct guard *guard = guard_of(q->op, name);
	const char *sentence = guard ? guard->sentence : N_("Your role does not do this."), *rule = guard ? guard->rule : NULL;

	if (strcmp(name, "state") == 0) {
		sentence = q->op->state_sentence;
		rule = q->op->state_rule;
	}
	if (rule)
		buf_printf(out, ",\"rule\":\"%s\"", rule);
	buf_printf(out, ",\"guard\":\"%s\"", name);
	if (!sentence)
		return;
	buf_puts(out, ",\"message\":");
	buf_json_str(out, tr_in(job->rq->session->lang, sentence));
}

static void put_level(struct buf *out, enum level level)
{
	buf_printf(out, ",\"level\":\"%s\"", level_word(level));
	if (level_rules[level])
		buf_printf(out, ",\"rule\":\"%s\"", level_rules[level]);
}

static void put_request(struct buf *out, const struct question *q, const struct rows *rows)
{
	if (!q->lawful || rows_count(rows) == 0)
		return;
	buf_printf(out, ",\"request\":{\"book\":\"%s\",\"op\":\"%s\",\"field\":\"%s\",\"value\":", q->lawful->name, q->way->name, q->what->name);
	buf_json_str(out, rows_get(rows, 0, 0));
	buf_puts(out, "}");
}

static void why_answer(struct job *job, const struct rows *const *rows)
{
	const struct question *q = job->own;
	const struct rows *clearances = rows[q->has_record];
	const char *guard = q->by_guards ? rows_get(rows[0], 0, W_GUARD) : NULL;
	uint64_t may = q->by_guards ? roles_unhindered(rows[0]) : q->op ? q->op->roles : roles_cleared(job->book, q->field, clearances);
	bool allowed = q->by_guards ? !guard : (may & BIT(job->reader->role)) || (q->field && read_may(job->reader, q->field));
	struct buf out;

	if (q->has_record && rows_count(rows[0]) == 0) {
		request_refuse(job->rq, ERR_NOT_FOUND, NULL);
		return;
	}
	buf_init(&out, ANSWER_MAX);
	buf_printf(&out, "{\"allowed\":%s", allowed ? "true" : "false");
	if (q->field)
		put_level(&out, q->field->level);
	else if (guard)
		put_hindrance(&out, job, guard);
	else if (!q->by_guards && q->op->state_rule)
		buf_printf(&out, ",\"rule\":\"%s\"", q->op->state_rule);
	buf_puts(&out, ",\"may\":");
	message_roles(&out, may);
	buf_puts(&out, ",\"on_duty\":[");
	put_on_duty(&out, job, q->has_record ? rows[0] : NULL, may);
	buf_puts(&out, "]");
	if (!allowed)
		put_request(&out, q, rows[job->nstmts - 1]);
	buf_puts(&out, "}");
	job_result(job, &out);
}

/* The record, when it is in scope; with its area, for who of those on duty has it. */
static enum err select_record(struct selection *sel, const char *id)
{
	struct buf sql;

	read_sql_begin(sel, &sql);
	buf_printf(&sql, "SELECT t.%s%s FROM lodge.%s t WHERE ", read_key(sel->book), sel->book->flags & B_AREA ? ", t.area" : "", sel->book->name);
	read_scope_sql(sel);
	buf_printf(&sql, " AND t.%s = $%d", read_key(sel->book), read_param(sel, id));
	return read_sql_end(sel, OK);
}

static enum err select_guards(struct selection *sel, const char *token, const struct op *op, const char *id)
{
	struct buf sql;

	read_sql_begin(sel, &sql);
	buf_printf(&sql, "SELECT w.staff, w.role, w.in_the_way FROM lodge.why_%s($%d, $%d, $%d) w", sel->book->name,
		read_param(sel, token), read_param(sel, op->name), read_param(sel, id));
	return read_sql_end(sel, OK);
}

/* --- the lawful way ------------------------------------------------------------------------ */

/* A field of the book that refers to the same book as this one does. */
static const struct field *same_ref(const struct book *book, const char *ref)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].type == FT_REF && !book->fields[i].computed && strcmp(book->fields[i].ref, ref) == 0)
			return &book->fields[i];
	return NULL;
}

/* The operation marked OP_LAWFUL, and its field for a coded record that shares a reference with this book. */
static void find_way(struct question *q, const struct book *book, enum role role)
{
	for (size_t b = 0; b < nbooks; b++)
		for (size_t i = 0; i < books[b]->nops; i++)
			if ((books[b]->ops[i].flags & OP_LAWFUL) && (books[b]->ops[i].roles & BIT(role)) && books[b] != book) {
				q->lawful = books[b];
				q->way = &books[b]->ops[i];
			}
	for (size_t i = 0; q->lawful && i < q->lawful->nfields && !q->what; i++)
		if ((q->way->needs & BIT(i)) && q->lawful->fields[i].type == FT_REF)
			q->what = &q->lawful->fields[i];
	if (!q->what)
		q->lawful = NULL;
}

/* The code of the first such record that belongs where this one does. Codes are open to everybody who may ask. */
static enum err select_way(struct selection *sel, struct question *q, const char *id)
{
	const struct book *to = book_find(q->what->ref);
	struct buf sql;

	read_sql_begin(sel, &sql);
	for (size_t i = 0; i < to->nfields; i++) {
		const struct field *theirs = &to->fields[i];
		const struct field *ours = theirs->type == FT_REF && !theirs->computed ? same_ref(sel->book, theirs->ref) : NULL;

		if (!ours || !to->code)
			continue;
		buf_printf(&sql, "SELECT r.%s FROM lodge.%s r JOIN lodge.%s t ON t.%s = r.%s WHERE t.%s = $%d ORDER BY r.%s LIMIT 1", to->code, to->name,
			sel->book->name, ours->name, theirs->name, read_key(sel->book), read_param(sel, id), to->code);
		return read_sql_end(sel, OK);
	}
	q->lawful = NULL;
	buf_puts(&sql, "SELECT NULL WHERE false");
	return read_sql_end(sel, OK);
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

static bool ask_record(struct job *job, struct question *q, const char *id)
{
	struct selection *sel;
	enum err err = ERR_NOMEM;

	if (!q->has_record)
		return true;
	q->by_guards = q->op && !(q->op->flags & OP_CREATE);
	sel = job_select(job, job->book);
	if (sel)
		err = q->by_guards ? select_guards(sel, job->token, q->op, id) : select_record(sel, id);
	return job_add(job, sel, err);
}

static bool ask_rest(struct job *job, struct question *q, const char *id)
{
	struct selection *sel = job_select(job, job->book);

	if (!job_add(job, sel, sel ? select_clearances(sel) : ERR_NOMEM))
		return false;
	if (q->has_record)
		find_way(q, job->book, job->reader->role);
	if (!q->lawful)
		return true;
	sel = job_select(job, job->book);
	return job_add(job, sel, sel ? select_way(sel, q, id) : ERR_NOMEM);
}

void engine_why(struct request *rq)
{
	static const char *const members[] = {"book", "id", "field", "op", NULL};
	const char *name = node_str(node_get(rq->params, "book")), *id = NULL, *code = NULL, *wrong;
	const struct book *book = name ? book_find(name) : NULL;
	struct job *job = job_new(rq, book, why_answer, sizeof(struct question));
	struct question *q = job ? job->own : NULL;

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
	if (ask_record(job, q, id) && ask_rest(job, q, id))
		job_read(job);
}
