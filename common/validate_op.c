/*
 * validate_op.c - all members of one operation at once.
 * Not for: single values (validate.c). Trap: members that the operation does not ask for are
 * faults too, even when the book has such a field; nothing is ignored silently.
 */
#include "common/validate.h"

#include <assert.h>
#include <string.h>

#include "common/i18n.h"

enum { ISSUES_LARGEST = 128 }; /* more than a book has fields; the rest of a flood is not told */

struct check {
	struct arena *arena;
	const struct book *book;
	const struct op *op;
	const struct node *params;
	struct issue *issues; /* ISSUES_LARGEST and the end mark */
	size_t n;
	bool is_resumed; /* OP_RESUME of a row that is there */
};

static void add_issue(struct check *c, const char *field, const char *message)
{
	if (c->n < ISSUES_LARGEST)
		c->issues[c->n++] = (struct issue){ .field = field, .message = message };
}

static bool is_asked(const struct check *c, const char *name)
{
	for (size_t i = 0; i < c->book->nfields; i++)
		if ((c->op->asks & BIT(i)) && strcmp(c->book->fields[i].name, name) == 0)
			return true;
	return false;
}

static void check_unknown(struct check *c)
{
	static const char *const always[] = { "op_id", "id", "version" };
	for (const struct node *m = c->params->first; m; m = m->next) {
		bool known = is_asked(c, m->key);
		for (size_t i = 0; i < NITEMS(always); i++)
			known = known || strcmp(always[i], m->key) == 0;
		if (!known)
			add_issue(c, m->key, N_("This operation does not take this member."));
	}
}

static void check_op_id(struct check *c)
{
	const char *op_id = node_str(node_get(c->params, "op_id"));
	if (!op_id || !validate_uuid(op_id))
		add_issue(c, "op_id", N_("This must be a UUID, made once for what is meant."));
}

/* wanted: must be there; otherwise must not. */
static void check_identity(struct check *c, const char *name, bool wanted)
{
	const struct node *n = node_get(c->params, name);
	bool is_given = n && n->type != NODE_NULL;
	if (is_given && !wanted)
		add_issue(c, name, N_("This operation does not take this member."));
	else if (wanted && !is_given)
		add_issue(c, name, N_("This must be given."));
	else if (is_given && (n->type != NODE_INT || n->i < 1))
		add_issue(c, name, N_("This must be a whole number from 1."));
}

static void check_identities(struct check *c)
{
	const struct node *id = node_get(c->params, "id"), *version = node_get(c->params, "version");
	bool is_named = (id && id->type != NODE_NULL) || (version && version->type != NODE_NULL);
	bool wanted = !(c->op->flags & OP_CREATE) || (op_takes_row(c->op) && is_named);
	c->is_resumed = wanted && (c->op->flags & OP_RESUME);
	check_identity(c, "id", wanted);
	check_identity(c, "version", wanted && !(c->book->flags & B_NO_VERSION));
}

static enum err check_field(struct check *c, size_t i, struct given *g)
{
	const char *why = NULL;
	const struct node *n = node_get(c->params, g->field->name);
	enum err err = validate_value(c->arena, g->field, n, &g->text, &why);
	if (err != OK && err != ERR_INVALID)
		return err;
	g->present = n != NULL;
	g->null = g->text == NULL;
	if (err == ERR_INVALID)
		add_issue(c, g->field->name, why);
	else if (g->null && (c->op->needs & BIT(i)) && !c->is_resumed)
		add_issue(c, g->field->name, N_("This must be given."));
	return OK;
}

static enum err check_fields(struct check *c, struct given *given, size_t *n)
{
	for (size_t i = 0; i < c->book->nfields; i++) {
		if (!(c->op->asks & BIT(i)))
			continue;
		given[*n].field = &c->book->fields[i];
		enum err err = check_field(c, i, &given[(*n)++]);
		if (err != OK)
			return err;
	}
	return OK;
}

enum err validate_op(struct arena *a, const struct book *book, const struct op *op,
	const struct node *params, const struct given **out, size_t *n, const struct issue **issues)
{
	struct check c = { .arena = a, .book = book, .op = op, .params = params };
	struct given *given = arena_alloc(a, (book->nfields + 1) * sizeof(*given));
	size_t count = 0;
	c.issues = arena_alloc(a, (ISSUES_LARGEST + 1) * sizeof(*c.issues));
	if (!given || !c.issues)
		return ERR_NOMEM;
	assert(params->type == NODE_OBJECT);
	check_op_id(&c);
	check_identities(&c);
	enum err err = check_fields(&c, given, &count);
	if (err != OK)
		return err;
	check_unknown(&c);
	if (c.n) {
		*issues = c.issues;
		return ERR_INVALID;
	}
	*out = given;
	*n = count;
	return OK;
}
