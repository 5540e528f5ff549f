/*
 * gate_learnt.c - the lists learn what this terminal records: see gate_lists_own.h.
 *
 * Every record that waits in the journal is kept beside the row that it is about; the row shown is the server's with all of
 * them applied. What the server took becomes the base, what it refused is taken off again. Not for: what an operation makes
 * of a row (gate_learn.c). Trap: a row that was made here is called by the number of its record, below 0, until the
 * server has given it a name.
 */
#include "client/gate_lists_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/gate_learn.h"
#include "client/offline.h"
#include "client/value.h"
#include "common/i18n.h"

enum { RECORD_ARENA = 512 * 1024, RECORD_DEPTH = 8 };

/* ---- the records ---- */

/* A record taken apart. */
struct told {
	const struct op *op;
	struct one_list *list;
	const struct node *params;
	const char *at;
};

static bool take_apart(struct gate_lists *g, struct arena *arena, const char *text, struct told *out)
{
	const char *method, *dot;
	struct node *n = NULL;
	char book[64];

	if (node_parse(arena, text, strlen(text), RECORD_DEPTH, &n) != OK)
		return false;
	method = node_str(node_get(n, "method"));
	dot = method != NULL ? strchr(method, '.') : NULL;
	if (dot == NULL || (size_t)(dot - method) >= sizeof book)
		return false;
	snprintf(book, sizeof book, "%.*s", (int)(dot - method), method);
	out->list = gate_list_of(g, book);
	out->op = out->list != NULL ? book_op(out->list->book, dot + 1) : NULL;
	out->params = node_get(n, "params");
	out->at = node_str(node_get(n, "at"));
	return out->op != NULL && out->params != NULL && out->params->type == NODE_OBJECT && out->at != NULL;
}

/* The row that params are about, by its id or by what made it here; 0: none. */
static int64_t row_of(const struct one_list *l, const struct node *params)
{
	const struct node *id = node_get(params, "id");
	const char *made_by = node_str(node_get(id, "op_id"));

	for (size_t i = 0; made_by != NULL && i < l->nrows; i++)
		if (l->rows[i].made_by != NULL && strcmp(l->rows[i].made_by, made_by) == 0)
			return l->rows[i].id;
	return id != NULL && id->type == NODE_INT ? id->i : 0;
}

bool gate_learnt_has(const struct gate_lists *g, const struct one_list *l, int64_t id)
{
	for (size_t i = 0; i < g->nlearnt; i++)
		if (g->learnt[i].list == l && g->learnt[i].id == id)
			return true;
	return false;
}

static bool remember(struct gate_lists *g, const struct learnt *one)
{
	struct learnt *more = g->learnt;

	if (g->nlearnt == g->learnt_room) {
		g->learnt_room = g->learnt_room == 0 ? 64 : 2 * g->learnt_room;
		more = realloc(g->learnt, g->learnt_room * sizeof *more);
		if (more == NULL)
			return false;
		g->learnt = more;
	}
	g->learnt[g->nlearnt++] = *one;
	return true;
}

static void forget(struct gate_lists *g, size_t at)
{
	explicit_bzero(g->learnt[at].text, strlen(g->learnt[at].text));
	free(g->learnt[at].text);
	memmove(&g->learnt[at], &g->learnt[at + 1], (g->nlearnt - at - 1) * sizeof *g->learnt);
	g->nlearnt--;
}

/* ---- rows ---- */

/* The row (NULL: none yet) after one record, in the arena; NULL: no row. */
static const struct node *after(struct gate_lists *g, struct arena *arena, const struct learnt *one, const struct node *row)
{
	struct told told;
	struct node *made = NULL;
	struct buf text;
	char *copy;

	if (!take_apart(g, arena, one->text, &told))
		return row;
	if (row == NULL && (one->op->flags & OP_CREATE) == 0)
		return NULL;
	buf_init(&text, ROW_MAX);
	copy = gate_learn(one->list->rule, one->op, row, told.params, one->id, told.at, &text) == OK ? arena_strndup(arena, text.data, text.len) : NULL;
	if (copy == NULL || node_parse(arena, copy, text.len, ROW_DEPTH, &made) != OK)
		made = NULL;
	buf_done(&text);
	return made != NULL ? made : row;
}

static const struct node *parsed(struct arena *arena, const char *text)
{
	struct node *row = NULL;

	return text != NULL && node_parse(arena, text, strlen(text), ROW_DEPTH, &row) == OK ? row : NULL;
}

/* What the server gave of a row. */
static const char *base_of(const struct kept *k)
{
	if (k == NULL || k->id < 0)
		return NULL;
	return k->base != NULL ? k->base : k->text;
}

void gate_learnt_fold(struct one_list *l, int64_t id)
{
	struct gate_lists *g = l->lists;
	struct arena *arena = arena_new(RECORD_ARENA);
	struct kept *k = gate_kept(l, id);
	const struct node *row, *base;
	bool waits = false;

	if (arena == NULL)
		return;
	row = base = parsed(arena, base_of(k));
	for (size_t i = 0; i < g->nlearnt; i++)
		if (g->learnt[i].list == l && g->learnt[i].id == id) {
			row = after(g, arena, &g->learnt[i], row);
			waits = true;
		}
	if (row != NULL && waits)
		k = gate_put(l, id, row, false);
	else if (row != NULL && gate_is_worth_keeping(l, base))
		k = gate_put(l, id, base, true);
	else if (k != NULL)
		gate_drop(l, gate_place_of(l, id));
	arena_free(arena);
}

/* ---- from the journal ---- */

static void recorded(void *ctx, uint64_t counter, const char *text)
{
	struct gate_lists *g = ctx;
	struct arena *arena = arena_new(RECORD_ARENA);
	struct learnt one = {.counter = counter};
	struct told told;
	struct kept *k;
	bool creates;

	if (arena == NULL)
		return;
	if (counter > g->through && take_apart(g, arena, text, &told)) {
		creates = (told.op->flags & OP_CREATE) != 0 && node_get(told.params, "id") == NULL;
		one.list = told.list;
		one.op = told.op;
		one.id = creates ? -(int64_t)counter : row_of(told.list, told.params);
		one.text = one.id != 0 ? strdup(text) : NULL;
		if (one.text != NULL && remember(g, &one)) {
			gate_learnt_fold(one.list, one.id);
			k = creates ? gate_kept(one.list, one.id) : NULL;
			if (k != NULL && k->made_by == NULL && node_str(node_get(told.params, "op_id")) != NULL)
				k->made_by = strdup(node_str(node_get(told.params, "op_id")));
			g->fresh(g->ctx);
		}
	}
	arena_free(arena);
}

/* The row has a name now: all that waits about it is about that. */
static void rename_row(struct gate_lists *g, struct one_list *l, int64_t from, int64_t to)
{
	for (size_t i = 0; i < g->nlearnt; i++)
		if (g->learnt[i].list == l && g->learnt[i].id == from)
			g->learnt[i].id = to;
}

/* The server did it: its row is the old one with this record. */
static void become_base(struct gate_lists *g, struct arena *arena, const struct learnt *one, const struct node *receipt)
{
	struct one_list *l = one->list;
	struct learnt named = *one;
	int64_t id = row_number(receipt, "id");
	const char *state = node_str(node_get(receipt, "state"));
	struct kept *k = gate_kept(l, one->id);
	char *made_by = one->id < 0 && k != NULL && k->made_by != NULL ? strdup(k->made_by) : NULL;
	const struct node *row = parsed(arena, base_of(k));

	if (row != NULL && row_number(row, "version") >= row_number(receipt, "version"))
		return; /* the server told of it already */
	named.id = id;
	row = after(g, arena, &named, row);
	for (struct node *m = row != NULL ? row->first : NULL; m != NULL; m = m->next) {
		if (strcmp(m->key, "version") == 0)
			m->i = row_number(receipt, "version");
		else if (strcmp(m->key, "state") == 0 && state != NULL)
			m->s = state, m->len = strlen(state);
	}
	if (one->id < 0) {
		if (k != NULL)
			gate_drop(l, gate_place_of(l, one->id));
		rename_row(g, l, one->id, id);
	}
	k = gate_kept(l, id);
	if (row != NULL && (k == NULL || k->version < row_number(receipt, "version")))
		k = gate_put(l, id, row, true);
	if (k != NULL && k->made_by == NULL)
		k->made_by = made_by, made_by = NULL;
	if (k != NULL)
		k->round = l->round;
	free(made_by);
}

static void taken(void *ctx, uint64_t counter, const struct node *receipt, bool is_last)
{
	struct gate_lists *g = ctx;
	struct arena *arena = arena_new(RECORD_ARENA);
	struct learnt one = {.counter = 0};
	size_t at = 0;

	while (at < g->nlearnt && g->learnt[at].counter != counter)
		at++;
	if (arena != NULL && at < g->nlearnt) {
		one = g->learnt[at];
		if (receipt != NULL)
			become_base(g, arena, &one, receipt);
		forget(g, at);
		if (receipt != NULL && one.id < 0)
			one.id = row_number(receipt, "id");
		gate_learnt_fold(one.list, one.id);
		gate_told(g);
	}
	arena_free(arena);
	if (counter > g->through)
		g->through = counter;
	/* The journal begins anew after this one: what the rows have of it must not be lost with it. */
	if (is_last)
		gate_lists_keep(g);
}

static const char *refuses(void *ctx, const struct book *book, const struct op *op, const struct node *params)
{
	static char said[512];
	struct gate_lists *g = ctx;
	struct one_list *l = gate_list_of(g, book->name);
	const struct kept *k = l != NULL ? gate_kept(l, row_of(l, params)) : NULL;
	struct arena *arena = k != NULL ? arena_new(ROW_ARENA) : NULL;
	const struct node *row = arena != NULL ? parsed(arena, k->text) : NULL;
	const char *sentence = NULL, *rule = NULL;

	/* Only what this terminal did itself rules out: the server may know better than an old list. */
	if (row != NULL && gate_learnt_has(g, l, k->id))
		sentence = gate_learn_refuses(l->rule, op, row, params, &rule);
	arena_free(arena);
	if (sentence == NULL)
		return NULL;
	snprintf(said, sizeof said, "%s%s%s%s", rule != NULL ? "(" : "", rule != NULL ? rule : "", rule != NULL ? ") " : "", tr(sentence));
	return said;
}

void gate_learnt_begin(struct gate_lists *g)
{
	offline_listen(&(struct offline_listener){.refuses = refuses, .recorded = recorded, .taken = taken, .ctx = g});
}

void gate_learnt_end(struct gate_lists *g)
{
	offline_listen(NULL);
	while (g->nlearnt > 0)
		forget(g, g->nlearnt - 1);
	free(g->learnt);
	g->learnt = NULL;
}
