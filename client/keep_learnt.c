/*
 * keep_learnt.c - the lists learn what this terminal records: see keep_own.h.
 *
 * Every record that waits in the journal is kept beside the row that it is about; the row shown is the server's with all of
 * them applied. What the server took becomes the base, what it refused is taken off again. Not for: what an operation makes
 * of a row (keep_learn.c). Trap: a row that was made here is called by the number of its record, below 0, until the
 * server has given it a name.
 */
#include "client/keep_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/keep_learn.h"
#include "client/offline.h"
#include "client/value.h"
#include "common/i18n.h"

enum { RECORD_ARENA = 512 * 1024, RECORD_DEPTH = 8 };

/* ---- the records ---- */

/* A record taken apart. */
struct told {
	const struct book *book;
	const struct op *op;
	const struct node *params;
	const char *at;
};

static bool take_apart(struct arena *arena, const char *text, struct told *out)
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
	out->book = book_find(book);
	out->op = out->book != NULL ? book_op(out->book, dot + 1) : NULL;
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

bool keep_learnt_has(const struct keep *g, const struct one_list *l, int64_t id)
{
	for (size_t i = 0; i < g->nlearnt; i++)
		if (g->learnt[i].list == l && g->learnt[i].id == id)
			return true;
	return false;
}

static bool remember(struct keep *g, const struct learnt *one)
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

static void forget(struct keep *g, size_t at)
{
	explicit_bzero(g->learnt[at].text, strlen(g->learnt[at].text));
	free(g->learnt[at].text);
	memmove(&g->learnt[at], &g->learnt[at + 1], (g->nlearnt - at - 1) * sizeof *g->learnt);
	g->nlearnt--;
}

/* ---- rows ---- */

/* Writes the row (NULL: none yet) as it is after one record; false: nothing comes of it. */
static bool write_after(const struct learnt *one, const struct told *told, const struct node *row, struct buf *text)
{
	const struct keep_touch *touch;

	if (told->book == one->list->book)
		return keep_learn(one->list->kept, one->op, row, told->params, one->id, told->at, text) == OK;
	touch = keep_touch_of(one->list->kept, told->book, told->op);
	return touch != NULL && row != NULL && keep_touch(touch, row, told->at, text) == OK;
}

/* The row (NULL: none yet) after one record, in the arena; NULL: no row. */
static const struct node *after(struct arena *arena, const struct learnt *one, const struct node *row)
{
	struct told told;
	struct node *made = NULL;
	struct buf text;
	char *copy;

	if (!take_apart(arena, one->text, &told))
		return row;
	if (row == NULL && (one->op->flags & OP_CREATE) == 0)
		return NULL;
	buf_init(&text, ROW_MAX);
	copy = write_after(one, &told, row, &text) ? arena_strndup(arena, text.data, text.len) : NULL;
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

void keep_learnt_fold(struct one_list *l, int64_t id)
{
	struct keep *g = l->lists;
	struct arena *arena = arena_new(RECORD_ARENA);
	struct kept *k = keep_kept(l, id);
	const struct node *row, *base;
	bool waits = false;

	if (arena == NULL)
		return;
	row = base = parsed(arena, base_of(k));
	for (size_t i = 0; i < g->nlearnt; i++)
		if (g->learnt[i].list == l && g->learnt[i].id == id) {
			row = after(arena, &g->learnt[i], row);
			waits = true;
		}
	if (row != NULL && waits)
		k = keep_put(l, id, row, false);
	else if (row != NULL && keep_is_worth(l, base))
		k = keep_put(l, id, base, true);
	else if (k != NULL)
		keep_drop(l, keep_place_of(l, id));
	arena_free(arena);
}

/* ---- from the journal ---- */

/* Remembers the record beside a row of a list, and takes it up there. */
static void learn(struct keep *g, struct one_list *l, const struct told *told, int64_t id, uint64_t counter, const char *text)
{
	struct learnt one = {.counter = counter, .list = l, .id = id, .op = told->op, .text = strdup(text)};

	if (one.text != NULL && remember(g, &one))
		keep_learnt_fold(l, id);
}

/* Of the book itself: a row that is there, or one that is made here. */
static void learn_own(struct keep *g, struct one_list *l, const struct told *told, uint64_t counter, const char *text)
{
	bool creates = (told->op->flags & OP_CREATE) != 0 && node_get(told->params, "id") == NULL;
	int64_t id = creates ? -(int64_t)counter : row_of(l, told->params);
	const char *op_id = node_str(node_get(told->params, "op_id"));
	struct kept *k;

	if (id == 0)
		return;
	learn(g, l, told, id, counter, text);
	k = creates ? keep_kept(l, id) : NULL;
	if (k != NULL && k->made_by == NULL && op_id != NULL)
		k->made_by = strdup(op_id);
}

/* Rows of another book that the record changes, too. */
static void learn_touched(struct keep *g, struct one_list *l, const struct told *told, uint64_t counter, const char *text)
{
	const struct keep_touch *touch = keep_touch_of(l->kept, told->book, told->op);
	struct arena *arena = touch != NULL ? arena_new(RECORD_ARENA) : NULL;

	for (size_t i = 0; arena != NULL && i < l->nrows; i++) {
		const struct node *row = parsed(arena, l->rows[i].text);

		if (row != NULL && keep_touches(l->kept, touch, row, told->params))
			learn(g, l, told, l->rows[i].id, counter, text);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void recorded(void *ctx, uint64_t counter, const char *text)
{
	struct keep *g = ctx;
	struct arena *arena = arena_new(RECORD_ARENA);
	struct told told;

	if (arena == NULL)
		return;
	if (counter > g->through && take_apart(arena, text, &told)) {
		for (size_t i = 0; i < g->n; i++)
			if (g->list[i].book == told.book)
				learn_own(g, &g->list[i], &told, counter, text);
			else
				learn_touched(g, &g->list[i], &told, counter, text);
		g->fresh(g->ctx);
	}
	arena_free(arena);
}

/* The row has a name now: all that waits about it is about that. */
static void rename_row(struct keep *g, struct one_list *l, int64_t from, int64_t to)
{
	for (size_t i = 0; i < g->nlearnt; i++)
		if (g->learnt[i].list == l && g->learnt[i].id == from)
			g->learnt[i].id = to;
}

/* The server did it, and what it did to a row of another book beside it is known by this record only. */
static void touch_base(struct arena *arena, const struct learnt *one)
{
	const struct node *row = parsed(arena, base_of(keep_kept(one->list, one->id)));

	row = row != NULL ? after(arena, one, row) : NULL;
	if (row != NULL)
		(void)keep_put(one->list, one->id, row, true);
}

/* The server did it: its row is the old one with this record. */
static void become_base(struct keep *g, struct arena *arena, const struct learnt *one, const struct node *receipt)
{
	struct one_list *l = one->list;
	struct learnt named = *one;
	int64_t id = row_number(receipt, "id");
	const char *state = node_str(node_get(receipt, "state"));
	struct kept *k = keep_kept(l, one->id);
	char *made_by = one->id < 0 && k != NULL && k->made_by != NULL ? strdup(k->made_by) : NULL;
	const struct node *row = parsed(arena, base_of(k));

	if (row != NULL && row_number(row, "version") >= row_number(receipt, "version"))
		return; /* the server told of it already */
	named.id = id;
	row = after(arena, &named, row);
	for (struct node *m = row != NULL ? row->first : NULL; m != NULL; m = m->next) {
		if (strcmp(m->key, "version") == 0)
			m->i = row_number(receipt, "version");
		else if (strcmp(m->key, "state") == 0 && state != NULL)
			m->s = state, m->len = strlen(state);
	}
	if (one->id < 0) {
		if (k != NULL)
			keep_drop(l, keep_place_of(l, one->id));
		rename_row(g, l, one->id, id);
	}
	k = keep_kept(l, id);
	if (row != NULL && (k == NULL || k->version < row_number(receipt, "version")))
		k = keep_put(l, id, row, true);
	if (k != NULL && k->made_by == NULL)
		k->made_by = made_by, made_by = NULL;
	if (k != NULL)
		k->round = l->round;
	free(made_by);
}

/* One of the rows that the record is about. */
static void take_one(struct keep *g, struct arena *arena, size_t at, const struct node *receipt)
{
	struct learnt one = g->learnt[at];
	struct told told;

	if (receipt != NULL && take_apart(arena, one.text, &told) && told.book != one.list->book)
		touch_base(arena, &one);
	else if (receipt != NULL) {
		become_base(g, arena, &one, receipt);
		if (one.id < 0)
			one.id = row_number(receipt, "id");
	}
	forget(g, at);
	keep_learnt_fold(one.list, one.id);
}

static void taken(void *ctx, uint64_t counter, const struct node *receipt, bool is_last)
{
	struct keep *g = ctx;
	struct arena *arena = arena_new(RECORD_ARENA);
	bool any = false;

	for (size_t at = 0; arena != NULL && at < g->nlearnt;) {
		if (g->learnt[at].counter != counter) {
			at++;
			continue;
		}
		arena_reset(arena);
		take_one(g, arena, at, receipt);
		any = true;
	}
	if (any)
		keep_told(g);
	arena_free(arena);
	if (counter > g->through)
		g->through = counter;
	/* The journal begins anew after this one: what the rows have of it must not be lost with it. */
	if (is_last)
		keep_save(g);
}

static const char *refuses(void *ctx, const struct book *book, const struct op *op, const struct node *params)
{
	static char said[512];
	struct keep *g = ctx;
	struct one_list *l = keep_list_of(g, book->name);
	const struct kept *k = l != NULL ? keep_kept(l, row_of(l, params)) : NULL;
	struct arena *arena = k != NULL ? arena_new(ROW_ARENA) : NULL;
	const struct node *row = arena != NULL ? parsed(arena, k->text) : NULL;
	const char *sentence = NULL, *rule = NULL;

	/* Only what this terminal did itself rules out: the server may know better than an old list. */
	if (row != NULL && keep_learnt_has(g, l, k->id))
		sentence = keep_learn_refuses(l->kept, op, row, params, &rule);
	arena_free(arena);
	if (sentence == NULL)
		return NULL;
	snprintf(said, sizeof said, "%s%s%s%s", rule != NULL ? "(" : "", rule != NULL ? rule : "", rule != NULL ? ") " : "", tr(sentence));
	return said;
}

void keep_learnt_begin(struct keep *g)
{
	offline_listen(&(struct offline_listener){.refuses = refuses, .recorded = recorded, .taken = taken, .ctx = g});
}

void keep_learnt_end(struct keep *g)
{
	offline_listen(NULL);
	while (g->nlearnt > 0)
		forget(g, g->nlearnt - 1);
	free(g->learnt);
	g->learnt = NULL;
}
