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
#include "server/ask.h"
#include "server/crypt.h"
#include "server/members.h"
#include "server/session.h"

enum { FORM_MAX = 100, BODY_MAX = 32 * 1024, ANSWER_MAX = 1024 * 1024, USED_PARAMS = 4 };

/* Callers give every method of a book an op_id; a draft needs none and takes it. */
#define OP_ID { .name = "op_id", .type = NODE_STRING, .max = 36 }

enum { LISTED_FORM, LISTED_RECORD, LISTED_BODY, LISTED_AT };

/* What a draft belongs to. */
struct place {
	const char *form, *record;
	const struct book *book;
	const struct op *op;
};

static void draft_ask(struct request *rq, const char *sql, size_t n, const char *const *params,
	void (*answered)(void *ctx, const struct rows *, enum err))
{
	enum err err = ask(LANE_PEN, sql, n, params, answered, rq);
	if (err != OK)
		request_refuse(rq, err, NULL);
}

static void done(void *ctx, const struct rows *rows, enum err err)
{
	const char *result = err == OK ? rows_get(rows, 0, 0) : NULL;
	if (err == OK)
		err = result != NULL ? err_of_word(result) : ERR_INDETERMINATE;
	if (err == OK)
		request_result(ctx, "{}", 2);
	else
		request_refuse(ctx, err == ERR_INVALID ? ERR_REFUSED : err, NULL);
}

/* The operation behind "BOOK.OP"; NULL when there is none. */
static const struct op *form_find(struct arena *arena, const char *form, const struct book **book)
{
	const char *dot = strchr(form, '.');
	const char *name = dot != NULL ? arena_strndup(arena, form, (size_t)(dot - form)) : NULL;
	*book = name != NULL ? book_find(name) : NULL;
	return *book != NULL ? book_op(*book, dot + 1) : NULL;
}

static const char *record_text(struct request *rq, const char *member)
{
	const struct node *record = node_get(rq->params, member);
	return arena_printf(rq->arena, "%" PRId64, record != NULL && record->type == NODE_INT ? record->i : 0);
}

/* Checks the members, and takes form and record, which keep and drop share. False: answered. */
static bool take_place(struct request *rq, const struct member *members, size_t n, struct place *place)
{
	if (!members_check(rq, members, n))
		return false;
	place->form = node_str(node_get(rq->params, "form"));
	place->record = record_text(rq, "record");
	place->op = form_find(rq->arena, place->form, &place->book);
	if (place->op == NULL)
		members_refuse(rq, "form", N_("There is no such operation."));
	else if (place->record == NULL)
		request_refuse(rq, ERR_NOMEM, NULL);
	else if (place->record[0] == '-')
		members_refuse(rq, "record", N_("There is no such record, or it is out of your reach."));
	else
		return true;
	return false;
}

/* What a body is sealed to. */
static const char *aad_of(struct request *rq, const char *form, const char *record)
{
	return arena_printf(rq->arena, "draft|%s|%" PRId64 "|%s", form, rq->session->staff, record);
}

/* Texts of fields that the operation asks for, as typed, and nothing else. */
static bool body_fits(struct request *rq, const struct place *place)
{
	for (const struct node *n = node_get(rq->params, "body")->first; n != NULL; n = n->next) {
		const struct field *field = book_field(place->book, n->key);
		if (field == NULL || (field->flags & F_PASSWORD) || (place->op->asks & BIT(field_index(place->book, field))) == 0) {
			members_refuse(rq, n->key, N_("There is no such member."));
			return false;
		}
		if (node_str(n) == NULL) {
			members_refuse(rq, n->key, N_("This is of another type."));
			return false;
		}
	}
	return true;
}

static enum err seal_body(struct request *rq, const struct place *place, const char **sealed)
{
	const char *aad = aad_of(rq, place->form, place->record);
	struct buf text;
	buf_init(&text, BODY_MAX);
	node_write(&text, node_get(rq->params, "body"));
	enum err err = text.failed ? ERR_TOO_BIG : aad == NULL ? ERR_NOMEM : OK;
	if (err == OK)
		err = crypt_seal(rq->arena, aad, text.data, sealed);
	buf_done(&text);
	return err;
}

void draft_keep(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "form", .type = NODE_STRING, .needed = true, .max = FORM_MAX },
		{ .name = "record", .type = NODE_INT },
		{ .name = "body", .type = NODE_OBJECT, .needed = true }, OP_ID,
	};
	struct place place;
	const char *sealed = NULL;
	if (!take_place(rq, members, NITEMS(members), &place) || !body_fits(rq, &place))
		return;
	enum err err = seal_body(rq, &place, &sealed);
	if (err != OK) {
		request_refuse(rq, err, NULL);
		return;
	}
	rq->session->drafts = true;
	draft_ask(rq, "SELECT op.draft_keep($1,$2,$3,$4)", 4,
		(const char *const[]){ rq->session->token_hex, place.form, place.record, sealed }, done);
}

void draft_drop(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "form", .type = NODE_STRING, .needed = true, .max = FORM_MAX },
		{ .name = "record", .type = NODE_INT }, OP_ID,
	};
	struct place place;
	if (take_place(rq, members, NITEMS(members), &place))
		draft_ask(rq, "SELECT op.draft_drop($1,$2,$3)", 3,
			(const char *const[]){ rq->session->token_hex, place.form, place.record }, done);
}

/* One row; a body that our key does not open is left out: it would stop the others. */
static void write_row(struct buf *out, struct request *rq, const struct rows *rows, size_t row, const char **comma)
{
	const char *form = rows_get(rows, row, LISTED_FORM), *record = rows_get(rows, row, LISTED_RECORD);
	const char *sealed = rows_get(rows, row, LISTED_BODY), *at = rows_get(rows, row, LISTED_AT), *body = NULL;
	if (form == NULL || record == NULL || sealed == NULL || at == NULL)
		return;
	const char *aad = aad_of(rq, form, record);
	if (aad == NULL || crypt_open(rq->arena, aad, sealed, &body) != OK) {
		log_warn("a draft of staff %" PRId64 " cannot be opened", rq->session->staff);
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

static void listed(void *ctx, const struct rows *rows, enum err err)
{
	struct request *rq = ctx;
	const char *comma = "";
	struct buf out;
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (size_t row = 0; err == OK && row < rows_count(rows); row++)
		write_row(&out, rq, rows, row, &comma);
	buf_puts(&out, "]}");
	if (err == OK && out.failed)
		err = ERR_TOO_BIG;
	if (err == OK)
		request_result(rq, out.data, out.len);
	else
		request_refuse(rq, err == ERR_INVALID ? ERR_REFUSED : err, NULL);
	buf_done(&out);
}

void draft_list(struct request *rq)
{
	static const struct member members[] = { OP_ID };
	if (members_check(rq, members, NITEMS(members)))
		draft_ask(rq, "SELECT * FROM op.draft_list($1)", 1, &(const char *){ rq->session->token_hex }, listed);
}

bool draft_used_stmt(struct request *rq, const char *op_id, struct stmt *stmt)
{
	const char **params = arena_alloc(rq->arena, USED_PARAMS * sizeof(*params));
	/* Programs that keep none need not pay for looking. */
	if (params == NULL || !(rq->session->interactive || rq->session->drafts))
		return false;
	params[0] = arena_strdup(rq->arena, rq->session->token_hex);
	params[1] = rq->method;
	params[2] = record_text(rq, "id");
	params[3] = op_id;
	*stmt = (struct stmt){ .sql = "SELECT op.draft_used($1,$2,$3,$4)", .nparams = USED_PARAMS, .params = params };
	return params[0] != NULL && params[2] != NULL;
}
