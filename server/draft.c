/*
 * draft.c - see draft.h: the shape of a draft, its seal, and the calls of the pen.
 *
 * Not for: whose drafts these are; op.draft_* takes that from the token. Trap: answering may free
 * the request and everything here: it is always the last thing done.
 */
#include "server/draft.h"

#include <inttypes.h>
#include <string.h>

#include "common/book.h"
#include "common/i18n.h"
#include "common/log.h"
#include "server/crypt.h"
#include "server/members.h"
#include "server/session.h"

enum { FORM_MAX = 100, BODY_MAX = 32 * 1024, ANSWER_MAX = 1024 * 1024, PARAMS = 4 };

/* Callers give every method of a book an op_id; a draft needs none and takes it. */
#define OP_ID { .name = "op_id", .type = NODE_STRING, .max = 36 }

enum { LISTED_FORM, LISTED_RECORD, LISTED_BODY, LISTED_AT };

struct draft {
	struct request *rq;
	struct call call;
	struct stmt stmt;
	const char *params[PARAMS];
	void (*answered)(struct draft *, const struct rows *);
};

static void refuse_member(struct request *rq, const char *member, const char *message)
{
	struct issue issues[2] = { { .field = member, .message = message } };
	request_fault(rq, &(struct fault){ .code = ERR_INVALID, .issues = issues });
}

static void answered_cb(struct call *call, const struct rows *const *rows, enum err err, const char *sqlstate)
{
	(void)sqlstate;
	struct draft *draft = call->ctx;
	if (err != OK)
		request_refuse(draft->rq, err == ERR_INVALID ? ERR_REFUSED : err, NULL);
	else
		draft->answered(draft, rows[0]);
}

static void draft_call(struct draft *draft, const char *sql, int nparams)
{
	draft->params[0] = draft->rq->session->token_hex;
	draft->stmt = (struct stmt){ .sql = sql, .nparams = nparams, .params = draft->params };
	draft->call = (struct call){ .stmts = &draft->stmt, .nstmts = 1, .done = answered_cb, .ctx = draft };
	enum err err = lane_submit(LANE_PEN, &draft->call);
	if (err != OK)
		request_refuse(draft->rq, err, NULL);
}

static struct draft *draft_new(struct request *rq, void (*answered)(struct draft *, const struct rows *))
{
	struct draft *draft = arena_alloc(rq->arena, sizeof(*draft));
	if (draft == NULL) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return NULL;
	}
	draft->rq = rq;
	draft->answered = answered;
	return draft;
}

/* The operation behind "BOOK.OP"; NULL when there is none. */
static const struct op *form_find(struct arena *arena, const char *form, const struct book **book)
{
	const char *dot = strchr(form, '.');
	const char *name = dot != NULL ? arena_strndup(arena, form, (size_t)(dot - form)) : NULL;
	*book = name != NULL ? book_find(name) : NULL;
	return *book != NULL ? book_op(*book, dot + 1) : NULL;
}

/* Takes form and record, which keep and drop share, into params 1 and 2. False: answered. */
static bool take_place(struct draft *draft, const struct book **book, const struct op **op)
{
	struct request *rq = draft->rq;
	const char *form = node_str(node_get(rq->params, "form"));
	const struct node *record = node_get(rq->params, "record");
	int64_t id = record != NULL && record->type == NODE_INT ? record->i : 0;
	*op = form_find(rq->arena, form, book);
	if (*op == NULL) {
		refuse_member(rq, "form", N_("There is no such operation."));
		return false;
	}
	if (id < 0) {
		refuse_member(rq, "record", N_("There is no such record, or it is out of your reach."));
		return false;
	}
	draft->params[1] = form;
	draft->params[2] = arena_printf(rq->arena, "%" PRId64, id);
	if (draft->params[2] == NULL)
		request_refuse(rq, ERR_NOMEM, NULL);
	return draft->params[2] != NULL;
}

/* What a body is sealed to. */
static const char *aad_of(struct arena *arena, const struct session *s, const char *form, const char *record)
{
	return arena_printf(arena, "draft|%s|%" PRId64 "|%s", form, s->staff, record);
}

static void done(struct draft *draft, const struct rows *rows)
{
	const char *result = rows_get(rows, 0, 0);
	enum err err = result != NULL ? err_of_word(result) : ERR_INDETERMINATE;
	if (err == OK)
		request_result(draft->rq, "{}", 2);
	else
		request_refuse(draft->rq, err, NULL);
}

/* Texts of fields that the operation asks for, as typed, and nothing else. */
static bool body_fits(struct request *rq, const struct book *book, const struct op *op)
{
	for (const struct node *n = node_get(rq->params, "body")->first; n != NULL; n = n->next) {
		const struct field *field = book_field(book, n->key);
		if (field == NULL || (op->asks & BIT(field_index(book, field))) == 0) {
			refuse_member(rq, n->key, N_("There is no such member."));
			return false;
		}
		if (node_str(n) == NULL) {
			refuse_member(rq, n->key, N_("This is of another type."));
			return false;
		}
	}
	return true;
}

/* The body, sealed, into params 3. False: answered. */
static bool take_body(struct draft *draft)
{
	struct request *rq = draft->rq;
	const char *aad = aad_of(rq->arena, rq->session, draft->params[1], draft->params[2]);
	struct buf text;
	buf_init(&text, BODY_MAX);
	node_write(&text, node_get(rq->params, "body"));
	enum err err = text.failed ? ERR_TOO_BIG : aad == NULL ? ERR_NOMEM : OK;
	if (err == OK)
		err = crypt_seal(rq->arena, aad, text.data, &draft->params[3]);
	if (text.len > 0)
		explicit_bzero(text.data, text.len);
	buf_done(&text);
	if (err != OK)
		request_refuse(rq, err, NULL);
	return err == OK;
}

void draft_keep(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "form", .type = NODE_STRING, .needed = true, .max = FORM_MAX },
		{ .name = "record", .type = NODE_INT },
		{ .name = "body", .type = NODE_OBJECT, .needed = true }, OP_ID,
	};
	const struct book *book;
	const struct op *op;
	struct draft *draft = members_check(rq, members, NITEMS(members)) ? draft_new(rq, done) : NULL;
	if (draft == NULL || !take_place(draft, &book, &op) || !body_fits(rq, book, op) || !take_body(draft))
		return;
	rq->session->drafts = true;
	draft_call(draft, "SELECT op.draft_keep($1,$2,$3,$4)", 4);
}

void draft_drop(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "form", .type = NODE_STRING, .needed = true, .max = FORM_MAX },
		{ .name = "record", .type = NODE_INT }, OP_ID,
	};
	const struct book *book;
	const struct op *op;
	struct draft *draft = members_check(rq, members, NITEMS(members)) ? draft_new(rq, done) : NULL;
	if (draft != NULL && take_place(draft, &book, &op))
		draft_call(draft, "SELECT op.draft_drop($1,$2,$3)", 3);
}

/* One row; a body that our key does not open is left out: it would stop the others. */
static void write_row(struct buf *out, struct draft *draft, const struct rows *rows, size_t row, const char **comma)
{
	const char *form = rows_get(rows, row, LISTED_FORM), *record = rows_get(rows, row, LISTED_RECORD);
	const char *sealed = rows_get(rows, row, LISTED_BODY), *at = rows_get(rows, row, LISTED_AT), *body = NULL;
	if (form == NULL || record == NULL || sealed == NULL || at == NULL)
		return;
	const char *aad = aad_of(draft->rq->arena, draft->rq->session, form, record);
	if (aad == NULL || crypt_open(draft->rq->arena, aad, sealed, &body) != OK) {
		log_warn("a draft of staff %" PRId64 " cannot be opened", draft->rq->session->staff);
		return;
	}
	buf_printf(out, "%s{\"form\":\"%s\"", *comma, form);
	if (strcmp(record, "0") != 0)
		buf_printf(out, ",\"record\":%s", record);
	buf_puts(out, ",\"body\":");
	buf_puts(out, body);
	buf_printf(out, ",\"at\":\"%s\"}", at);
	*comma = ",";
}

static void listed(struct draft *draft, const struct rows *rows)
{
	const char *comma = "";
	struct buf out;
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (size_t row = 0; row < rows_count(rows); row++)
		write_row(&out, draft, rows, row, &comma);
	buf_puts(&out, "]}");
	if (out.failed)
		request_refuse(draft->rq, ERR_TOO_BIG, NULL);
	else
		request_result(draft->rq, out.data, out.len);
	if (out.len > 0)
		explicit_bzero(out.data, out.len);
	buf_done(&out);
}

void draft_list(struct request *rq)
{
	static const struct member members[] = { OP_ID };
	struct draft *draft = members_check(rq, members, NITEMS(members)) ? draft_new(rq, listed) : NULL;
	if (draft != NULL)
		draft_call(draft, "SELECT * FROM op.draft_list($1)", 1);
}

bool draft_used_stmt(struct request *rq, const char *op_id, struct stmt *stmt)
{
	const struct node *id = node_get(rq->params, "id");
	int64_t record = id != NULL && id->type == NODE_INT ? id->i : 0;
	const char **params = arena_alloc(rq->arena, PARAMS * sizeof(*params));
	/* Programs that keep none need not pay for looking. */
	if (params == NULL || !(rq->session->interactive || rq->session->drafts))
		return false;
	params[0] = arena_strdup(rq->arena, rq->session->token_hex);
	params[1] = rq->method;
	params[2] = arena_printf(rq->arena, "%" PRId64, record);
	params[3] = op_id;
	*stmt = (struct stmt){ .sql = "SELECT op.draft_used($1,$2,$3,$4)", .nparams = PARAMS, .params = params };
	return params[0] != NULL && params[2] != NULL;
}
