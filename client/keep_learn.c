/*
 * keep_learn.c - see keep_learn.h.
 *
 * Not for: the lists. Trap: what an operation is given stands in the row under the same name, but for arguments that the
 * server makes something else of (F_ARG) and the items that a slip is cleared of.
 */
#include "client/keep_learn.h"

#include <string.h>

#include "client/keep_where.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/items.h"
#include "common/text.h"

enum { ITEMS_ARENA = 512 * 1024, ITEMS_MOST = 1000, WORD_MAX = 256 };

/* ---- items ---- */

static bool same_name(const char *a, const char *b)
{
	struct buf one, other;
	bool same;

	buf_init(&one, 4096);
	buf_init(&other, 4096);
	text_fold(&one, a);
	text_fold(&other, b);
	same = one.len == other.len && memcmp(one.data, other.data, one.len) == 0;
	buf_done(&one);
	buf_done(&other);
	return same;
}

static struct node *list_of(struct arena *arena, const struct node *n)
{
	const char *text = NULL, *why = NULL;
	struct node *list = NULL;

	if (n == NULL || items_read(arena, n, ITEMS_MOST, &text, &why) != OK || text == NULL || node_parse(arena, text, strlen(text), 4, &list) != OK)
		return NULL;
	return list;
}

/* Where the number of a line stands. */
static int64_t *quantity(struct node *item)
{
	for (struct node *m = item->first; m != NULL; m = m->next)
		if (strcmp(m->key, "quantity") == 0)
			return &m->i;
	return NULL;
}

/* Takes one line off what is left; false: it is not there. */
static bool take_item(struct node *left, const struct node *item)
{
	const char *name = node_str(node_get(item, "name"));
	int64_t want = row_number(item, "quantity");

	for (struct node *l = left != NULL ? left->first : NULL; l != NULL && want > 0; l = l->next) {
		const char *here = node_str(node_get(l, "name"));
		int64_t *have = quantity(l), n;

		if (here == NULL || name == NULL || have == NULL || !same_name(here, name))
			continue;
		n = *have < want ? *have : want;
		*have -= n;
		want -= n;
	}
	return want <= 0;
}

/* What is left after params; false: more goes than is there. */
static bool spend(struct arena *arena, const struct keep_spend *s, const struct node *row, const struct node *params, struct buf *out, bool *is_empty)
{
	struct node *left = list_of(arena, node_get(row, s->left)), *taken = list_of(arena, node_get(params, s->taken));
	bool covered = true;

	buf_puts(out, "[");
	*is_empty = true;
	for (const struct node *t = taken != NULL ? taken->first : NULL; t != NULL && covered; t = t->next)
		covered = take_item(left, t);
	/* Nothing named: all of it goes. */
	for (struct node *l = left != NULL && taken != NULL ? left->first : NULL; l != NULL; l = l->next)
		if (quantity(l) != NULL && *quantity(l) > 0) {
			buf_puts(out, *is_empty ? "" : ",");
			node_write(out, l);
			*is_empty = false;
		}
	buf_puts(out, "]");
	return covered;
}

/* ---- the state ---- */

static bool outcome_fits(const struct keep_outcome *o, const struct node *params)
{
	const struct node *v = o->field != NULL ? node_get(params, o->field) : NULL;
	bool given = v != NULL && v->type != NODE_NULL && !(v->type == NODE_STRING && v->len == 0);
	const char *word = given ? node_str(v) : NULL;

	if (o->field == NULL)
		return true;
	return o->value[0] == '\0' ? !given : word != NULL && strcmp(word, o->value) == 0;
}

static const char *state_after(const struct keep_book *kept, const struct op *op, const struct node *row, const struct node *params)
{
	const struct book *book = book_find(kept->book);

	for (const struct keep_outcome *o = kept->outcomes; o != NULL && o->op != NULL; o++)
		if (o->state != NULL && strcmp(o->op, op->name) == 0 && outcome_fits(o, params))
			return o->state;
	if (op->to < book->nstates)
		return book->states[op->to].name;
	return node_str(node_get(row, "state"));
}

static bool is_called(const char *name, const char *field)
{
	return name != NULL && strcmp(name, field) == 0;
}

/* The outcome of this operation that writes the field by itself; NULL: none does. */
static const struct keep_outcome *writer_of(const struct keep_book *kept, const struct op *op, const char *field)
{
	for (const struct keep_outcome *o = kept->outcomes; o != NULL && o->op != NULL; o++)
		if (strcmp(o->op, op->name) == 0 && (is_called(o->stamp, field) || is_called(o->less, field) || is_called(o->more, field)))
			return o;
	return NULL;
}

/* ---- the row ---- */

static const struct keep_spend *spend_of(const struct keep_book *kept, const struct op *op)
{
	return kept->spends != NULL && strcmp(kept->spends->op, op->name) == 0 ? kept->spends : NULL;
}

/* The field that a member of params writes; NULL: none. */
static const struct field *written_field(const struct keep_book *kept, const struct op *op, const struct node *member)
{
	const struct book *book = book_find(kept->book);
	const struct field *f = book_field(book, member->key);
	const struct keep_spend *s = spend_of(kept, op);

	/* What a list would not show is not taken up either. */
	if (f == NULL || (op->asks & BIT(field_index(book, f))) == 0 || (f->flags & (F_ARG | F_CRYPT)) != 0 || f->level > LEVEL_NAME || member->type == NODE_NULL)
		return NULL;
	return s != NULL && strcmp(s->taken, f->name) == 0 ? NULL : f;
}

static bool is_overwritten(const struct keep_book *kept, const struct op *op, const struct node *params, const char *key)
{
	const struct keep_spend *s = spend_of(kept, op);
	const struct node *given = node_get(params, key);

	return strcmp(key, "id") == 0 || strcmp(key, "version") == 0 || strcmp(key, "state") == 0 || writer_of(kept, op, key) != NULL ||
	       (s != NULL && strcmp(s->left, key) == 0) || (given != NULL && written_field(kept, op, given) != NULL);
}

static void put_given(struct buf *out, const struct field *f, const struct node *v)
{
	buf_printf(out, ",\"%s\":", f->name);
	if (f->type == FT_REF && v->type != NODE_OBJECT)
		buf_puts(out, v->type == NODE_INT ? "{\"id\":" : "{\"code\":");
	node_write(out, v);
	if (f->type == FT_REF && v->type != NODE_OBJECT)
		buf_puts(out, "}");
}

static void put_members(struct buf *out, const struct keep_book *kept, const struct op *op, const struct node *row, const struct node *params)
{
	for (const struct node *m = row != NULL ? row->first : NULL; m != NULL; m = m->next)
		if (!is_overwritten(kept, op, params, m->key)) {
			buf_puts(out, ",");
			buf_json_str(out, m->key);
			buf_puts(out, ":");
			node_write(out, m);
		}
	for (const struct node *m = params->first; m != NULL; m = m->next)
		if (written_field(kept, op, m) != NULL)
			put_given(out, written_field(kept, op, m), m);
}

static void put_count(struct buf *out, const struct node *row, const char *field, int by)
{
	if (row != NULL && field != NULL && node_get(row, field) != NULL)
		buf_printf(out, ",\"%s\":%lld", field, (long long)row_number(row, field) + by);
}

static void put_outcomes(struct buf *out, const struct keep_book *kept, const struct op *op, const struct node *row, const char *at)
{
	for (const struct keep_outcome *o = kept->outcomes; o != NULL && o->op != NULL; o++) {
		if (strcmp(o->op, op->name) != 0)
			continue;
		if (o->stamp != NULL)
			buf_json_member(out, o->stamp, at);
		put_count(out, row, o->less, -1);
		put_count(out, row, o->more, 1);
	}
}

enum err keep_learn(const struct keep_book *kept, const struct op *op, const struct node *row, const struct node *params, int64_t id, const char *at,
                    struct buf *out)
{
	const struct keep_spend *s = spend_of(kept, op);
	const char *state = state_after(kept, op, row, params);
	struct arena *arena = arena_new(ITEMS_ARENA);
	struct buf left;
	bool is_empty = false;

	if (arena == NULL)
		return ERR_NOMEM;
	buf_init(&left, ITEMS_ARENA);
	if (s != NULL)
		(void)spend(arena, s, row, params, &left, &is_empty);
	buf_printf(out, "{\"id\":%lld,\"version\":%lld", (long long)id, (long long)(row != NULL ? row_number(row, "version") : 1));
	if (state != NULL || is_empty)
		buf_json_member(out, "state", is_empty ? s->then : state);
	put_members(out, kept, op, row, params);
	if (s != NULL)
		buf_printf(out, ",\"%s\":%s", s->left, left.data);
	put_outcomes(out, kept, op, row, at);
	buf_puts(out, "}");
	buf_done(&left);
	arena_free(arena);
	return out->failed ? ERR_NOMEM : OK;
}

/* ---- rows of other books ---- */

const struct keep_touch *keep_touch_of(const struct keep_book *kept, const struct book *book, const struct op *op)
{
	for (const struct keep_touch *t = kept->touched; t != NULL && t->book != NULL; t++)
		if (strcmp(t->book, book->name) == 0 && strcmp(t->op, op->name) == 0)
			return t;
	return NULL;
}

/* Says a row's own number what an argument says: by it, or by its code. */
static bool names_row(const struct keep_book *kept, const struct node *row, const struct node *asked)
{
	const struct book *book = book_find(kept->book);

	return keep_same(node_get(row, "id"), asked) || (book->code != NULL && keep_same(node_get(row, book->code), asked));
}

bool keep_touches(const struct keep_book *kept, const struct keep_touch *t, const struct node *row, const struct node *params)
{
	for (const char *const *by = t->by; *by != NULL; by += 2) {
		const struct node *asked = node_get(params, by[1]);

		if (asked == NULL || (asked->type != NODE_INT && asked->type != NODE_STRING))
			return false;
		if (strcmp(by[0], "id") == 0 ? !names_row(kept, row, asked) : !keep_same(node_get(row, by[0]), asked))
			return false;
	}
	return true;
}

enum err keep_touch(const struct keep_touch *t, const struct node *row, const char *at, struct buf *out)
{
	bool is_set;

	buf_puts(out, "{");
	for (const struct node *m = row->first; m != NULL; m = m->next) {
		is_set = false;
		for (const char *const *set = t->sets; *set != NULL; set += 2)
			is_set = is_set || strcmp(*set, m->key) == 0;
		if (is_set)
			continue;
		buf_printf(out, "\"%s\":", m->key);
		node_write(out, m);
		buf_puts(out, ",");
	}
	for (const char *const *set = t->sets; *set != NULL; set += 2) {
		buf_printf(out, "%s\"%s\":", set != t->sets ? "," : "", set[0]);
		if (strcmp(set[1], "$at") == 0)
			buf_json_str(out, at);
		else
			buf_puts(out, set[1]);
	}
	buf_puts(out, "}");
	return out->failed ? ERR_NOMEM : OK;
}

/* ---- ruling out ---- */

static const char *spend_refuses(const struct keep_spend *s, const struct op *op, const struct node *row, const struct node *params, const char **rule)
{
	struct arena *arena = arena_new(ITEMS_ARENA);
	const struct guard *g = op->guards;
	struct buf left;
	bool is_empty, covered;

	if (arena == NULL)
		return NULL;
	buf_init(&left, ITEMS_ARENA);
	covered = spend(arena, s, row, params, &left, &is_empty);
	buf_done(&left);
	arena_free(arena);
	while (!covered && g->name != NULL && strcmp(g->name, s->guard) != 0)
		g++;
	if (covered || g->name == NULL)
		return NULL;
	*rule = g->rule;
	return g->sentence;
}

const char *keep_learn_refuses(const struct keep_book *kept, const struct op *op, const struct node *row, const struct node *params, const char **id)
{
	const struct book *book = book_find(kept->book);
	int state = row_stored_state(book, row);

	*id = NULL;
	if (op->from != 0 && state >= 0 && (op->from & BIT(state)) == 0) {
		*id = op->state_rule;
		return op->state_sentence;
	}
	return spend_of(kept, op) != NULL ? spend_refuses(kept->spends, op, row, params, id) : NULL;
}

/* ---- checking ---- */

static void check_field(const struct book *book, const char *field, struct buf *errors)
{
	if (field != NULL && book_field(book, field) == NULL)
		buf_printf(errors, "no field %s.%s\n", book->name, field);
}

static void check_outcome(const struct keep_outcome *o, const struct book *book, struct buf *errors)
{
	if (book_op(book, o->op) == NULL)
		buf_printf(errors, "no operation %s.%s\n", book->name, o->op);
	if (o->state != NULL && book_state(book, o->state) < 0)
		buf_printf(errors, "no state %s.%s\n", book->name, o->state);
	check_field(book, o->field, errors);
	check_field(book, o->stamp, errors);
	check_field(book, o->less, errors);
	check_field(book, o->more, errors);
}

static void check_spend(const struct keep_spend *s, const struct book *book, struct buf *errors)
{
	const struct op *op = book_op(book, s->op);
	const struct guard *g = op != NULL ? op->guards : NULL;

	while (g != NULL && g->name != NULL && strcmp(g->name, s->guard) != 0)
		g++;
	if (g == NULL || g->name == NULL || book_state(book, s->then) < 0)
		buf_printf(errors, "no guard %s of %s.%s, or no state %s\n", s->guard, book->name, s->op, s->then);
	check_field(book, s->taken, errors);
	check_field(book, s->left, errors);
}

static void check_touch(const struct keep_touch *t, const struct book *book, struct buf *errors)
{
	const struct book *other = book_find(t->book);

	if (other == NULL || book_op(other, t->op) == NULL)
		buf_printf(errors, "no operation %s.%s\n", t->book, t->op);
	for (const char *const *by = t->by; *by != NULL; by += 2) {
		if (strcmp(by[0], "id") != 0)
			check_field(book, by[0], errors);
		if (other != NULL && strcmp(by[1], "id") != 0)
			check_field(other, by[1], errors);
	}
	for (const char *const *set = t->sets; *set != NULL; set += 2)
		if (strcmp(set[0], "state") != 0)
			check_field(book, set[0], errors);
}

static void check_state(const struct book *book, const struct node *word, struct buf *errors)
{
	if (node_str(word) == NULL || book_state(book, node_str(word)) < 0)
		buf_printf(errors, "no state %s.%s\n", book->name, node_str(word) != NULL ? node_str(word) : "");
}

/* Names of fields, and of states. */
static void check_where(const struct keep_book *kept, const struct book *book, struct buf *errors)
{
	struct arena *arena = arena_new(ITEMS_ARENA);
	struct node *where = NULL;

	if (arena == NULL || node_parse(arena, kept->where, strlen(kept->where), 4, &where) != OK)
		buf_printf(errors, "no condition %s\n", kept->where);
	for (const struct node *m = where != NULL ? where->first : NULL; m != NULL; m = m->next)
		if (strcmp(m->key, "state") != 0)
			check_field(book, m->key, errors);
		else if (m->type != NODE_ARRAY)
			check_state(book, m, errors);
		else
			for (const struct node *one = m->first; one != NULL; one = one->next)
				check_state(book, one, errors);
	arena_free(arena);
}

void keep_check(const struct keep_book *kept, struct buf *errors)
{
	const struct book *book = book_find(kept->book);

	if (book == NULL || (kept->also != NULL && book_find(kept->also) == NULL)) {
		buf_printf(errors, "no book %s, or %s\n", kept->book, kept->also != NULL ? kept->also : "");
		return;
	}
	check_where(kept, book, errors);
	check_field(book, kept->due, errors);
	check_field(book, kept->overdue, errors);
	for (const struct keep_outcome *o = kept->outcomes; o != NULL && o->op != NULL; o++)
		check_outcome(o, book, errors);
	if (kept->spends != NULL)
		check_spend(kept->spends, book, errors);
	for (const struct keep_touch *t = kept->touched; t != NULL && t->book != NULL; t++)
		check_touch(t, book, errors);
}
