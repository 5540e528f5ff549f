/*
 * recorded.c - see recorded.h: the terminal's key, the tag of a record, the operation inside.
 *
 * Not for: judging anything. Trap: the request that came in as journal.replay becomes the recorded one: method and params are
 * exchanged, so that shape, digest and answer are those of the operation.
 */
#include "server/recorded.h"

#include <inttypes.h>
#include <string.h>

#include "common/book.h"
#include "common/i18n.h"
#include "server/ask.h"
#include "server/crypt.h"
#include "server/engine.h"
#include "server/engine_own.h"
#include "server/members.h"
#include "server/session.h"

enum { RECORD_MAX = 16 * 1024, CONTENT_MAX = 390, DEPTH = 8, TAG_HEX = CRYPT_HEX - 1, SPOILED_PARAMS = 6 + RECORDED_PARAMS };

/* ---- the key ---- */

static void told_end(void *ctx, const struct rows *rows, enum err err)
{
	struct request *rq = ctx;
	char key[CRYPT_HEX], pins[CRYPT_HEX];
	struct buf out;

	if (err == OK)
		err = rows_count(rows) > 0 ? crypt_terminal_keys(rq->session->terminal, key, pins) : ERR_LOCKED;
	if (err != OK) {
		request_refuse(rq, err, NULL);
		return;
	}
	buf_init(&out, 1024);
	buf_printf(&out, "{\"key\":\"%s\",\"pins\":\"%s\",\"counter\":%s,\"tag\":\"%s\",\"hours\":%s,\"at\":\"%s\"}", key, pins, rows_get(rows, 0, 0), rows_get(rows, 0, 1), rows_get(rows, 0, 2),
		rows_get(rows, 0, 3));
	explicit_bzero(key, sizeof key);
	request_result(rq, out.data, out.len);
	buf_done(&out);
}

static bool records_offline(enum role role)
{
	for (size_t b = 0; b < nbooks; b++)
		for (size_t i = 0; i < books[b]->nops; i++)
			if ((books[b]->ops[i].flags & OP_OFFLINE) != 0 && (books[b]->ops[i].roles & BIT(role)) != 0)
				return true;
	return false;
}

void journal_key(struct request *rq)
{
	static const struct member members[] = { { .name = "op_id", .type = NODE_STRING, .max = 36 } };
	enum err err;

	if (!members_check(rq, members, NITEMS(members)))
		return;
	if (!records_offline(rq->session->role)) {
		request_refuse(rq, ERR_FORBIDDEN, N_("Your role records nothing offline."));
		return;
	}
	err = ask(LANE_PEN, "SELECT * FROM op.journal_end($1)", 1, &(const char *){ rq->session->token_hex }, told_end, rq);
	if (err != OK)
		request_refuse(rq, err, NULL);
}

/* ---- the record ---- */

/* Made of "BEFORE COUNTER TEXT" under the terminal's key, as client/journal.c makes it. */
static bool tag_holds(const struct request *rq, const struct recorded *record)
{
	const char *all = arena_printf(rq->arena, "%s %s %s", record->before, record->counter, record->text);

	return all != NULL && crypt_terminal_signed(rq->session->terminal, all, record->tag);
}

static const char *moment(struct arena *arena, const struct node *at)
{
	const struct field field = { .name = "at", .type = FT_TIME };
	const char *text = NULL, *why = NULL;

	return at != NULL && validate_value(arena, &field, at, &text, &why) == OK ? text : NULL;
}

/* Opens what was signed with, which the terminal seals, and takes it out of the record. */
static void open_pin(struct arena *arena, const struct node *params, const struct node *member, struct node *copy)
{
	if (node_str(copy) != NULL && node_str(node_get(params, "op_id")) != NULL) {
		copy->s = crypt_pin_open(arena, node_get(params, "op_id")->s, copy->s);
		copy->len = strlen(copy->s);
	}
	((struct node *)(uintptr_t)member)->type = NODE_NULL;
}

/* A copy of the params in which the record is named as the shape check wants it: "id":{"op_id":…} becomes a number that the
 * database replaces, and a version that nobody reads is put in where there is none. */
static struct node *plain_params(struct arena *arena, const struct book *book, const struct node *params, const char **about)
{
	struct node *object = arena_alloc(arena, 2 * sizeof *object), **end;

	if (object == NULL)
		return NULL;
	*object = *params;
	object->first = NULL;
	end = &object->first;
	for (const struct node *member = params->first; member != NULL; member = member->next) {
		struct node *copy = arena_alloc(arena, sizeof *copy);

		if (copy == NULL)
			return NULL;
		*copy = *member;
		copy->next = NULL;
		if (book_field(book, member->key) != NULL && (book_field(book, member->key)->flags & (F_PIN | F_PASSWORD)) != 0)
			open_pin(arena, params, member, copy);
		if (strcmp(member->key, "id") == 0 && member->type == NODE_OBJECT) {
			*about = node_str(node_get(member, "op_id"));
			*copy = (struct node){ .type = NODE_INT, .i = 1, .key = "id" };
		}
		*end = copy;
		end = &copy->next;
	}
	if (node_get(params, "id") != NULL && node_get(params, "version") == NULL) {
		object[1] = (struct node){ .type = NODE_INT, .i = 1, .key = "version" };
		*end = &object[1];
		object->count++;
	}
	return object;
}

/* What a supervisor sees of an exception without opening it: the names and words, nothing confidential. */
static const char *content_of(struct arena *arena, const struct given *given, size_t n)
{
	struct buf text;
	const char *content = NULL;

	buf_init(&text, CONTENT_MAX + 1);
	for (size_t i = 0; i < n; i++) {
		const struct field *field = given[i].field;

		if (given[i].null || field->level > LEVEL_NAME || (field->flags & F_CRYPT) != 0 ||
		    text.len + strlen(given[i].text) + 3 > CONTENT_MAX)
			continue;
		buf_printf(&text, "%s%s", text.len > 0 ? ", " : "", given[i].text);
	}
	if (text.len > 0 && !text.failed)
		content = arena_strndup(arena, text.data, text.len);
	buf_done(&text);
	return content;
}

enum err journal_params(struct request *rq, const char *op_id, const struct given *given, size_t n, const char *params[RECORDED_PARAMS])
{
	const struct recorded *r = rq->recorded;
	const char *aad = arena_printf(rq->arena, "gate_record|written|%s", op_id), *written = NULL;
	enum err err = aad != NULL && r->kept != NULL ? crypt_seal(rq->arena, aad, r->kept, &written) : ERR_NOMEM;
	const char *const all[RECORDED_PARAMS] = { r->counter, r->before, r->tag, r->at, r->by, r->about, content_of(rq->arena, given, n), written };

	memcpy(params, all, sizeof all);
	return err;
}

static void spoiled_done(struct job *job, const struct rows *const *rows)
{
	if (!engine_refused(job->rq, NULL, rows[0]))
		request_result(job->rq, "{}", 2);
}

/* "visitor.enter" as book and operation, where they are words at all. */
static void names_of(struct request *rq, const char **book, const char **op)
{
	const char *dot = strchr(rq->method, '.');

	*book = dot != NULL && dot - rq->method < 64 ? arena_strndup(rq->arena, rq->method, (size_t)(dot - rq->method)) : NULL;
	*op = *book != NULL && strlen(dot + 1) < 64 ? dot + 1 : NULL;
}

void journal_spoiled(struct request *rq, const char *guard)
{
	const char *tag = rq->recorded->tag, **params = arena_alloc(rq->arena, SPOILED_PARAMS * sizeof *params), *digest = NULL;
	struct job *job = params != NULL ? job_new(rq, NULL, spoiled_done, 0) : NULL;
	enum err err;

	if (job == NULL)
		return;
	params[0] = job->token;
	params[1] = arena_printf(rq->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", tag, tag + 8, tag + 12, tag + 16, tag + 20);
	params[3] = guard;
	names_of(rq, &params[4], &params[5]);
	err = params[1] != NULL ? engine_digest(rq, NULL, &digest) : ERR_NOMEM;
	params[2] = digest;
	if (err == OK)
		err = journal_params(rq, params[1], NULL, 0, params + 6);
	if (err != OK) {
		request_refuse(rq, err, NULL);
		return;
	}
	params[11] = NULL; /* about */
	job->stmts[0] = (struct stmt){ .nparams = SPOILED_PARAMS, .params = params,
		.sql = "SELECT * FROM op.journal_spoiled($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)" };
	job->nstmts = 1;
	job_submit(job, LANE_PEN);
}

/* The operation of the record, ready for the engine; NULL: there is none that may be recorded offline. */
static const struct op *recorded_op(struct request *rq, const struct book **book)
{
	const char *name, *verb;
	const struct op *op;

	names_of(rq, &name, &verb);
	*book = name != NULL ? book_find(name) : NULL;
	op = *book != NULL && verb != NULL ? book_op(*book, verb) : NULL;
	return op != NULL && (op->flags & OP_OFFLINE) != 0 ? op : NULL;
}

static void run_record(struct request *rq, struct recorded *record)
{
	struct node *text = NULL, *plain;
	const struct node *params;
	const struct book *book;
	const struct op *op;
	struct buf kept;

	rq->method = "";
	if (node_parse(rq->arena, record->text, strlen(record->text), DEPTH, &text) != OK || text->type != NODE_OBJECT) {
		journal_spoiled(rq, "journal_shape");
		return;
	}
	params = node_get(text, "params");
	record->at = moment(rq->arena, node_get(text, "at"));
	record->by = node_str(node_get(text, "by"));
	if (node_str(node_get(text, "method")) != NULL)
		rq->method = node_str(node_get(text, "method"));
	op = recorded_op(rq, &book);
	plain = op != NULL && params != NULL && params->type == NODE_OBJECT ? plain_params(rq->arena, book, params, &record->about) : NULL;
	if (plain == NULL || (record->about != NULL && !validate_uuid(record->about))) {
		record->about = NULL;
		journal_spoiled(rq, op != NULL ? "journal_shape" : "journal_operation");
		return;
	}
	buf_init(&kept, RECORD_MAX);
	node_write(&kept, text);
	record->kept = kept.failed ? NULL : arena_strndup(rq->arena, kept.data, kept.len);
	buf_done(&kept);
	rq->params = plain;
	engine_write(rq, book, op, NULL);
}

void journal_replay(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "counter", .type = NODE_INT, .needed = true }, { .name = "before", .type = NODE_STRING, .needed = true, .max = TAG_HEX },
		{ .name = "tag", .type = NODE_STRING, .needed = true, .max = TAG_HEX }, { .name = "text", .type = NODE_STRING, .needed = true, .max = RECORD_MAX },
		{ .name = "op_id", .type = NODE_STRING, .max = 36 },
	};
	struct recorded *record = arena_alloc(rq->arena, sizeof *record);

	if (record == NULL) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return;
	}
	if (!members_check(rq, members, NITEMS(members)))
		return;
	*record = (struct recorded){ .before = node_str(node_get(rq->params, "before")), .tag = node_str(node_get(rq->params, "tag")),
		.text = node_str(node_get(rq->params, "text")), .counter = arena_printf(rq->arena, "%" PRId64, node_get(rq->params, "counter")->i) };
	record->kept = record->text;
	rq->recorded = record;
	if (record->counter == NULL)
		request_refuse(rq, ERR_NOMEM, NULL);
	else if (strlen(record->tag) != TAG_HEX)
		members_refuse(rq, "tag", N_("This is of another type."));
	else if (!tag_holds(rq, record))
		journal_spoiled(rq, "journal_tag");
	else
		run_record(rq, record);
}
