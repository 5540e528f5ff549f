/*
 * engine_write.c - BOOK.OP: shape check, parameters, the pen, the receipt or the refusal.
 *
 * The server judges shape only; role, scope, state, version and guards are judged by the compiled
 * function alone, which also logs every refusal. Not for: opening fields
 * (engine_open.c). Trap: values of F_CRYPT fields leave this file sealed; the digest is made of
 * the plain request, under a key, so that a retry is recognised and the database learns nothing.
 */
#include <ctype.h>
#include <string.h>

#include "common/validate.h"
#include "server/array.h"
#include "server/crypt.h"
#include "server/draft.h"
#include "server/engine_own.h"
#include "server/recorded.h"
#include "server/search_key.h"
#include "server/signin.h"

enum { CALL_MAX = 4096, CANONICAL_MAX = 128 * 1024, REFUSALS_WAIT_S = 60 };

/* --- the digest -------------------------------------------------------------------------- */

/* A password stays out of it: a digest is kept for ever and could be guessed at. */
enum err engine_digest(struct request *rq, const struct book *book, const char **digest)
{
	struct node *members = arena_alloc(rq->arena, (rq->params->count + 1) * sizeof(*members)), *end = members;
	struct node params = {.type = NODE_OBJECT};
	const struct field *field;
	struct buf text;
	enum err err;

	if (!members)
		return ERR_NOMEM;
	for (const struct node *member = rq->params->first; member; member = member->next)
		if (strcmp(member->key, "op_id") != 0 && !(book && (field = book_field(book, member->key)) && (field->flags & F_PASSWORD))) {
			*end = *member;
			end->next = NULL;
			if (params.count++)
				end[-1].next = end;
			end++;
		}
	params.first = params.count ? members : NULL;
	buf_init(&text, CANONICAL_MAX);
	buf_printf(&text, "%s\n", rq->method);
	node_write(&text, &params);
	err = text.failed ? ERR_TOO_BIG : crypt_digest(rq->arena, text.data, text.len, digest);
	buf_done(&text);
	return err;
}

/* --- parameters -------------------------------------------------------------------------- */

struct write {
	struct arena *arena;
	const struct book *book;
	const char *op_id;
	const char **params;
	int nparams;
	const char *key; /* of the password, or NULL */
	enum err err; /* the first that went wrong */
};

static void push(struct write *w, const char *text)
{
	w->params[w->nparams++] = text;
}

/* The text that was made of another one, if it was. */
static const char *made(struct write *w, enum err err, const char *text)
{
	if (w->err == OK)
		w->err = err == OK && !text ? ERR_NOMEM : err;
	return text;
}

/* Letters and digits only, capitals: how a number is written must not make it another one. */
static const char *key_of(struct write *w, const char *text)
{
	char *plain = arena_strdup(w->arena, text), *to = plain;
	const char *hash = NULL;
	enum err err;

	if (!plain)
		return made(w, ERR_NOMEM, NULL);
	for (const char *c = text; *c; c++)
		if (isalnum((unsigned char)*c))
			*to++ = (char)toupper((unsigned char)*c);
	*to = '\0';
	err = crypt_key_hash(w->arena, plain[0] ? plain : text, &hash);
	return made(w, err, hash);
}

static const char *search_keys_of(struct write *w, const char *name)
{
	const char **keys = NULL;
	size_t n = 0;
	enum err err = search_keys(w->arena, name, &keys, &n);

	return made(w, err, err == OK ? array_of_texts(w->arena, keys, n) : NULL);
}

/* What a value is sealed to. */
static const char *aad_of(struct arena *arena, const struct book *book, const struct field *field, const char *op_id)
{
	return arena_printf(arena, "%s|%s|%s", book->name, field->name, op_id ? op_id : "");
}

static const char *sealed_of(struct write *w, const struct field *field, const char *text)
{
	const char *aad = aad_of(w->arena, w->book, field, w->op_id), *sealed = NULL;
	enum err err = aad ? crypt_seal(w->arena, aad, text, &sealed) : ERR_NOMEM;

	return made(w, err, sealed);
}

enum err engine_cell(struct arena *arena, const struct book *book, const struct field *field, const struct rows *rows, size_t row,
	size_t *at, const char **text)
{
	const char *aad;

	*text = rows_get(rows, row, (*at)++);
	if (!(field->flags & F_CRYPT))
		return OK;
	aad = aad_of(arena, book, field, rows_get(rows, row, (*at)++));
	if (!aad)
		return ERR_NOMEM;
	return *text ? crypt_open(arena, aad, *text, text) : OK;
}

/* One asked field: its value, then what admin/compile.h says goes with it, in that order. */
static void push_field(struct write *w, const struct given *given)
{
	const struct field *field = given->field;
	const char *text = given->null ? NULL : field->flags & F_PASSWORD ? w->key : given->text;

	if (text && (field->flags & F_PIN))
		text = key_of(w, text);
	push(w, text && (field->flags & F_CRYPT) ? sealed_of(w, field, text) : text);
	if (field->flags & F_HASHED)
		push(w, text ? key_of(w, text) : NULL);
	if (field->flags & F_SEARCH)
		push(w, text ? search_keys_of(w, text) : NULL);
}

static const char *number_text(struct request *rq, const char *member)
{
	const struct node *node = node_get(rq->params, member);

	return node && node->type == NODE_INT ?
		arena_printf(rq->arena, "%lld", (long long)node->i) : NULL;
}

/* UUIDs are compared and sealed in the form in which PostgreSQL writes them. */
static const char *lower(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* token, op_id, digest, names given, id, version, then the fields. */
static enum err push_all(struct job *job, struct write *w, const struct given *given, size_t n)
{
	const char **names = arena_alloc(w->arena, (n + 1) * sizeof(*names)), *digest = NULL;
	enum err err = engine_digest(job->rq, w->book, &digest);
	size_t count = 0;

	if (!names || !w->params || !w->op_id)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		if (given[i].present)
			names[count++] = given[i].field->name;
	push(w, job->token);
	push(w, w->op_id);
	push(w, made(w, err, digest));
	push(w, made(w, OK, array_of_texts(w->arena, names, count)));
	push(w, number_text(job->rq, "id"));
	push(w, number_text(job->rq, "version"));
	for (size_t i = 0; i < n; i++)
		push_field(w, &given[i]);
	return w->err;
}

/* --- the answer -------------------------------------------------------------------------- */

static const char *guard_sentence(const struct op *op, const char *guard)
{
	/* Words of the compiled functions that are no guard of the book. */
	static const struct {
		const char *guard, *sentence;
	} fixed[] = {
		{"version", N_("Somebody else has changed this record in the meantime; look at it again.")},
		{"role", N_("Your role does not do this.")},
		{"reference", N_("There is no such record, or it is out of your reach.")},
		{"required", N_("This must be given.")},
		{"op_id_used", N_("This op_id stands for another request.")},
		{"session_ended", N_("The session has ended; sign in again.")},
		{"session_locked", N_("The screen is locked; give your password.")},
		{"too_many_refusals", N_("Too many refusals; wait a minute.")},
		{"shape", N_("One of the values is not possible.")},
		{"level", N_("Your role does not open this.")},
		{"step_up", N_("Give your password again to open this.")},
		{"constraint", N_("The rules of the house do not allow this.")},
		{"journal_chain", N_("This journal does not go on where its last record ended; nothing of it is taken from here on.")},
		{"journal_tag", N_("This record was altered, or is another terminal's; nothing of the journal is taken from here on.")},
		{"journal_person", N_("Nobody here is the person who recorded this.")},
		{"journal_time", N_("This was recorded in the future, or so long ago that it does not hold any more.")},
		{"journal_shape", N_("No operation can be made of this record.")},
		{"journal_operation", N_("This is not done offline.")},
		{"persons_a_shift", N_("You have opened as many households' records as one shift allows.")},
		{"persons_a_week", N_("You have opened as many households' records as seven days allow.")},
		{"persons_a_month", N_("You have opened as many households' records as thirty days allow.")},
	};

	if (!guard)
		return NULL;
	if (op && strcmp(guard, "state") == 0)
		return op->state_sentence;
	for (size_t i = 0; i < NITEMS(fixed); i++)
		if (strcmp(guard, fixed[i].guard) == 0)
			return fixed[i].sentence;
	for (const struct guard *g = op ? op->guards : NULL; g && g->name; g++)
		if (strcmp(guard, g->name) == 0)
			return g->sentence;
	return NULL;
}

/* The number of the gate record that a record of a journal became; NULL: it is none, or it was not taken. */
static const char *recorded_as(struct request *rq, const struct rows *rows)
{
	const char *ids = rq->recorded ? rows_get(rows, 0, RECEIPT_EVENTS) : NULL;

	return ids && strlen(ids) > 2 ? arena_strndup(rq->arena, ids + 1, strlen(ids) - 2) : NULL;
}

bool engine_refused(struct request *rq, const struct op *op, const struct rows *rows)
{
	const char *guard = rows_get(rows, 0, RECEIPT_GUARD), *field = rows_get(rows, 0, RECEIPT_FIELD);
	const char *result = rows_get(rows, 0, RECEIPT_RESULT);
	enum err code = result ? err_of_word(result) : ERR_INDETERMINATE;
	struct issue issues[2] = {{.field = NULL}, {.field = NULL}};
	struct fault fault = {.code = code, .guard = guard, .field = field,
		.rule = rows_get(rows, 0, RECEIPT_RULE), .message = guard_sentence(op, guard),
		.may = array_roles(rows_get(rows, 0, RECEIPT_MAY)), .recorded = recorded_as(rq, rows)};

	if (code == OK)
		return false;
	if (code == ERR_INVALID && field) {
		issues[0] = (struct issue){.field = field, .message = fault.message, .rule = fault.rule};
		fault.issues = fault.message ? issues : NULL;
	}
	if (code == ERR_BUSY)
		fault.retry_after = REFUSALS_WAIT_S;
	fault.step_up = code == ERR_LOCKED && guard && strcmp(guard, "step_up") == 0;
	request_fault(rq, &fault);
	return true;
}

static void put_number(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, ",\"%s\":%s", name, text ? text : "null");
}

static void write_answer(struct job *job, const struct rows *const *rows)
{
	const struct rows *row = rows[job->op->flags & OP_FIGURES ? 1 : 0];
	struct buf out;

	if (engine_refused(job->rq, job->op, row))
		return;
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"op_id\":");
	buf_json_str(&out, node_str(node_get(job->rq->params, "op_id")));
	put_number(&out, "id", rows_get(row, 0, RECEIPT_ID));
	if (rows_get(row, 0, RECEIPT_NO))
		buf_json_member(&out, "no", rows_get(row, 0, RECEIPT_NO));
	put_number(&out, "version", rows_get(row, 0, RECEIPT_VERSION));
	buf_json_member(&out, "state", rows_get(row, 0, RECEIPT_STATE));
	put_number(&out, "seq", rows_get(row, 0, RECEIPT_SEQ));
	buf_json_member(&out, "at", engine_time(job->rq->arena, rows_get(row, 0, RECEIPT_AT)));
	if (recorded_as(job->rq, row))
		put_number(&out, "recorded", recorded_as(job->rq, row));
	buf_puts(&out, "}");
	request_result(job->rq, out.data, out.len);
	buf_done(&out);
}

void engine_call(struct buf *out, const struct book *book, const struct op *op, bool recorded)
{
	int n = 6;

	buf_printf(out, "SELECT * FROM op.%s_%s%s($1, $2, $3, $4, $5, $6", book->name, op->name, recorded ? "_recorded" : "");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!((op->asks >> i) & 1))
			continue;
		buf_printf(out, ", $%d", ++n);
		if (field->flags & F_HASHED)
			buf_printf(out, ", $%d", ++n);
		if (field->flags & F_SEARCH)
			buf_printf(out, ", $%d", ++n);
	}
	for (int i = 0; recorded && i < RECORDED_PARAMS; i++)
		buf_printf(out, ", $%d", ++n);
	buf_puts(out, ")");
}

/* In front of the operation, in its transaction. */
static void push_figures(struct job *job, const char *figures)
{
	const char **param = arena_alloc(job->rq->arena, sizeof(*param));

	if (param)
		*param = figures;
	job->stmts[job->nstmts++] = (struct stmt){.nparams = 1, .params = param,
		.sql = param ? "SELECT set_config('lodge.figures', $1, true)" : NULL};
}

/* key: what was made of the password among what was given, or NULL. */
static void write_given(struct request *rq, const struct book *book, const struct op *op, const char *figures, const char *key,
	const struct given *given, size_t n)
{
	struct write w = {.arena = rq->arena, .book = book, .key = key};
	struct job *job = job_new(rq, book, write_answer, 0);
	struct buf sql;
	enum err err;

	if (!job)
		return;
	job->op = op;
	w.op_id = lower(rq->arena, node_str(node_get(rq->params, "op_id")));
	w.params = arena_alloc(rq->arena, (6 + 3 * n + RECORDED_PARAMS) * sizeof(*w.params));
	err = push_all(job, &w, given, n);
	if (err == OK && rq->recorded) {
		err = journal_params(rq, w.op_id, given, n, w.params + w.nparams);
		w.nparams += RECORDED_PARAMS;
	}
	buf_init(&sql, CALL_MAX);
	engine_call(&sql, book, op, rq->recorded != NULL);
	if (figures)
		push_figures(job, figures);
	job->stmts[job->nstmts++] = (struct stmt){.nparams = w.nparams, .params = w.params,
		.sql = sql.failed ? NULL : arena_strndup(rq->arena, sql.data, sql.len)};
	buf_done(&sql);
	if (!rq->recorded && draft_used_stmt(rq, w.op_id, &job->stmts[job->nstmts]))
		job->nstmts++;
	if (err != OK || !job->stmts[0].sql || !job->stmts[figures ? 1 : 0].sql)
		request_refuse(rq, err != OK ? err : ERR_NOMEM, NULL);
	else
		job_submit(job, LANE_PEN);
}

/* A write that waits for the key of its password. */
struct signed_write {
	struct signin in; /* first: the steps hand this back */
	const struct book *book;
	const struct op *op;
	const struct given *given;
	size_t n;
};

static void keyed(struct signin *in)
{
	const struct signed_write *w = (const struct signed_write *)in;

	write_given(in->rq, w->book, w->op, NULL, in->job.key, w->given, w->n);
}

/* False: there is no password among what was given. Else the write goes on when its key is made, or was answered. */
static bool waits_for_key(struct request *rq, const struct book *book, const struct op *op, const struct given *given, size_t n)
{
	const struct given *password = NULL;
	const char *whose = rq->session->work_no;
	struct signed_write *w;

	for (size_t i = 0; i < n; i++)
		if ((given[i].field->flags & F_PASSWORD) && given[i].text)
			password = &given[i];
	for (size_t i = 0; password && password->field->whose && i < n; i++)
		if (given[i].text && strcmp(given[i].field->name, password->field->whose) == 0)
			whose = given[i].text;
	if (!password)
		return false;
	w = arena_alloc(rq->arena, sizeof(*w));
	if (!w) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return true;
	}
	*w = (struct signed_write){.in.rq = rq, .book = book, .op = op, .given = given, .n = n};
	signin_derive(&w->in, whose, password->text, keyed);
	return true;
}

void engine_write(struct request *rq, const struct book *book, const struct op *op, const char *figures)
{
	const struct given *given = NULL;
	const struct issue *issues = NULL;
	size_t n = 0;
	enum err err = validate_op(rq->arena, book, op, rq->params, &given, &n, &issues);

	if (err == ERR_INVALID && rq->recorded)
		journal_spoiled(rq, "journal_shape");
	else if (err == ERR_INVALID)
		engine_refuse_issues(rq, issues);
	else if (err != OK)
		request_refuse(rq, err, NULL);
	else if (!waits_for_key(rq, book, op, given, n))
		write_given(rq, book, op, figures, NULL, given, n);
}
