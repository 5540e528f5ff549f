/*
 * gate_learn.c - see gate_learn.h.
 *
 * Not for: the lists. Trap: what an operation is given stands in the row under the same name, but for arguments that the
 * server makes something else of (F_ARG) and the items that a slip is cleared of.
 */
#include "client/gate_learn.h"

#include <string.h>

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
static bool spend(struct arena *arena, const struct gate_spend *s, const struct node *row, const struct node *params, struct buf *out, bool *is_empty)
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

static bool outcome_fits(const struct gate_outcome *o, const struct node *params)
{
	const struct node *v = o->field != NULL ? node_get(params, o->field) : NULL;
	bool given = v != NULL && v->type != NODE_NULL && !(v->type == NODE_STRING && v->len == 0);
	const char *word = given ? node_str(v) : NULL;

	if (o->field == NULL)
		return true;
	return o->value[0] == '\0' ? !given : word != NULL && strcmp(word, o->value) == 0;
}

static const char *state_after(const struct gate_rule *rule, const struct op *op, const struct node *row, const struct node *params)
{
	const struct book *book = book_find(rule->book);

	for (const struct gate_outcome *o = rule->outcomes; o != NULL && o->op != NULL; o++)
		if (o->state != NULL && strcmp(o->op, op->name) == 0 && outcome_fits(o, params))
			return o->state;
	if (op->to < book->nstates)
		return book->states[op->to].name;
	return node_str(node_get(row, "state"));
}

static bool is_stamp(const struct gate_rule *rule, const struct op *op, const char *field)
{
	for (const struct gate_outcome *o = rule->outcomes; o != NULL && o->op != NULL; o++)
		if (o->stamp != NULL && strcmp(o->op, op->name) == 0 && strcmp(o->stamp, field) == 0)
			return true;
	return false;
}

/* ---- the row ---- */

static const struct gate_spend *spend_of(const struct gate_rule *rule, const struct op *op)
{
	return rule->spends != NULL && strcmp(rule->spends->op, op->name) == 0 ? rule->spends : NULL;
}

/* The field that a member of params writes; NULL: none. */
static const struct field *written_field(const struct gate_rule *rule, const struct op *op, const struct node *member)
{
	const struct book *book = book_find(rule->book);
	const struct field *f = book_field(book, member->key);
	const struct gate_spend *s = spend_of(rule, op);

	/* What a list would not show is not taken up either. */
	if (f == NULL || (op->asks & BIT(field_index(book, f))) == 0 || (f->flags & (F_ARG | F_CRYPT)) != 0 || f->level > LEVEL_NAME || member->type == NODE_NULL)
		return NULL;
	return s != NULL && strcmp(s->taken, f->name) == 0 ? NULL : f;
}

static bool is_overwritten(const struct gate_rule *rule, const struct op *op, const struct node *params, const char *key)
{
	const struct gate_spend *s = spend_of(rule, op);
	const struct node *given = node_get(params, key);

	return strcmp(key, "id") == 0 || strcmp(key, "version") == 0 || strcmp(key, "state") == 0 || is_stamp(rule, op, key) ||
	       (s != NULL && strcmp(s->left, key) == 0) || (given != NULL && written_field(rule, op, given) != NULL);
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

static void put_members(struct buf *out, const struct gate_rule *rule, const struct op *op, const struct node *row, const struct node *params)
{
	for (const struct node *m = row != NULL ? row->first : NULL; m != NULL; m = m->next)
		if (!is_overwritten(rule, op, params, m->key)) {
			buf_puts(out, ",");
			buf_json_str(out, m->key);
			buf_puts(out, ":");
			node_write(out, m);
		}
	for (const struct node *m = params->first; m != NULL; m = m->next)
		if (written_field(rule, op, m) != NULL)
			put_given(out, written_field(rule, op, m), m);
}

enum err gate_learn(const struct gate_rule *rule, const struct op *op, const struct node *row, const struct node *params, int64_t id, const char *at,
                    struct buf *out)
{
	const struct gate_spend *s = spend_of(rule, op);
	const char *state = state_after(rule, op, row, params);
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
	put_members(out, rule, op, row, params);
	if (s != NULL)
		buf_printf(out, ",\"%s\":%s", s->left, left.data);
	for (const struct gate_outcome *o = rule->outcomes; o != NULL && o->op != NULL; o++)
		if (o->stamp != NULL && strcmp(o->op, op->name) == 0)
			buf_json_member(out, o->stamp, at);
	buf_puts(out, "}");
	buf_done(&left);
	arena_free(arena);
	return out->failed ? ERR_NOMEM : OK;
}

/* ---- ruling out ---- */

static const char *spend_refuses(const struct gate_spend *s, const struct op *op, const struct node *row, const struct node *params, const char **rule)
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

const char *gate_learn_refuses(const struct gate_rule *rule, const struct op *op, const struct node *row, const struct node *params, const char **id)
{
	const struct book *book = book_find(rule->book);
	int state = row_stored_state(book, row);

	*id = NULL;
	if (op->from != 0 && state >= 0 && (op->from & BIT(state)) == 0) {
		*id = op->state_rule;
		return op->state_sentence;
	}
	return spend_of(rule, op) != NULL ? spend_refuses(rule->spends, op, row, params, id) : NULL;
}
