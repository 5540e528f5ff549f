/*
 * keys_bind.c - which key a row of the table has: the table's, or those of lodge.conf; and whether any means two things.
 *
 * Not for: dispatch (keys_find.c). Trap: on a console's first screen two verbs may share a key only when both are
 * about the row in focus; in lists and on records verbs of different books always may.
 */
#include "client/keys_table.h"

#include <stdio.h>
#include <string.h>

#include "client/consoles/console.h"
#include "common/book.h"

enum { NAME_SIZE = 16, BOUND_MAX = 128 };

/* Keys given by lodge.conf, by row of the table and context. */
static struct { size_t row; enum context context; char name[NAME_SIZE]; } bound[BOUND_MAX];
static size_t nbound;

const char *keys_nth_name(const struct binding *b, enum context c, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < nbound; i++)
		if (&keys_table[bound[i].row] == b && bound[i].context == c && found++ == n)
			return bound[i].name;
	return found == 0 && n == 0 ? b->key : NULL;
}

const char *keys_name(const struct binding *b, enum context c)
{
	return keys_nth_name(b, c, 0);
}

/* The same act without words of its own. */
static bool is_twin(const struct binding *b, const struct binding *of, enum context c)
{
	return b != of && b->action == of->action && b->action != ACTION_VERB && b->help == NULL && (b->contexts & BIT(c)) != 0;
}

void keys_names(struct buf *out, const struct binding *b, enum context c)
{
	const char *name;

	for (size_t n = 0; (name = keys_nth_name(b, c, n)) != NULL; n++)
		buf_printf(out, "%s%s", n > 0 ? " " : "", name);
	for (size_t i = 0; i < keys_n; i++)
		for (size_t n = 0; is_twin(&keys_table[i], b, c) && (name = keys_nth_name(&keys_table[i], c, n)) != NULL; n++)
			buf_printf(out, " %s", name);
}

bool keys_has(const struct binding *b, enum context c, const struct key *key)
{
	const char *name;
	struct key wanted;

	for (size_t n = 0; (name = keys_nth_name(b, c, n)) != NULL; n++)
		if (key_of_name(name, &wanted) == OK && key_same(&wanted, key))
			return true;
	return false;
}

static bool is_forbidden(const struct key *key)
{
	return (key->kind == K_CTRL && strchr("sqz", (int)key->cp) != NULL) ||
		(key->kind == K_TEXT && key->cp >= '0' && key->cp <= '9');
}

/* The first key that both rows have, by its name there; NULL. */
static const char *shared_key(const struct binding *a, const struct binding *b, enum context c)
{
	const char *name;
	struct key key;

	for (size_t n = 0; (name = keys_nth_name(a, c, n)) != NULL; n++)
		if (key_of_name(name, &key) == OK && keys_has(b, c, &key))
			return name;
	return NULL;
}

static const char *name_of(const struct binding *b)
{
	return b->op != NULL ? b->op : action_word(b->action);
}

/* A verb that is about the row in focus: of rows of different books only one can be meant. */
static bool is_about_focus(const struct binding *b)
{
	const struct book *book = b->book != NULL ? book_find(b->book) : NULL;
	const struct op *op = book != NULL ? book_op(book, b->op) : NULL;

	return b->action == ACTION_VERB && op != NULL && (op->flags & OP_CREATE) == 0;
}

static bool may_share(const struct binding *a, const struct binding *b, bool on_desk)
{
	if (a->action == b->action && a->op == NULL && b->op == NULL)
		return true; /* twins */
	if (a->book == NULL || b->book == NULL || strcmp(a->book, b->book) == 0)
		return false;
	return !on_desk || (is_about_focus(a) && is_about_focus(b));
}

/* Says every row that shares the key of this row in a context; desk: on the first screen of that console. */
static bool conflicts(const struct binding *a, enum context c, const struct console *desk, struct buf *errors)
{
	bool found = false;

	for (size_t k = 0; k < keys_n; k++) {
		const struct binding *b = &keys_table[k];
		bool meets = (b->contexts & BIT(c)) != 0 || (desk != NULL && keys_offered(desk, b));
		const char *key = meets && a != b ? shared_key(a, b, c) : NULL;

		if (key == NULL || may_share(a, b, desk != NULL))
			continue;
		buf_printf(errors, "key %s of %s: both %s and %s\n", key, context_word(c), name_of(a), name_of(b));
		found = true;
	}
	return found;
}

/* The same on the first screen of every console that has such a context, or else in that context. */
static bool conflicts_anywhere(const struct binding *a, enum context c, struct buf *errors)
{
	bool is_desk = false, found = false, is_plain = (a->contexts & BIT(c)) != 0;

	for (const struct console *const *d = consoles; *d != NULL; d++)
		if ((*d)->context == c) {
			is_desk = true;
			found = ((is_plain || keys_offered(*d, a)) && conflicts(a, c, *d, errors)) || found;
		}
	return is_desk ? found : is_plain && conflicts(a, c, NULL, errors);
}

/* The context that a word names; CONTEXT_UNSET. */
static enum context context_of(const char *word)
{
	for (int c = CONTEXT_UNSET + 1; c < CONTEXT_END; c++)
		if (strcmp(context_word((enum context)c), word) == 0)
			return (enum context)c;
	return CONTEXT_UNSET;
}

/* A row of that context, or a verb of a desk with such a screen. */
static bool is_met(const struct binding *b, enum context c)
{
	bool met = (b->contexts & BIT(c)) != 0;

	for (const struct console *const *d = consoles; *d != NULL; d++)
		met = met || ((*d)->context == c && keys_offered(*d, b));
	return met;
}

/* The row that an action (or a verb's operation) has in a context. */
static size_t row_of(enum context c, const char *action)
{
	for (size_t i = 0; i < keys_n; i++)
		if (is_met(&keys_table[i], c) && (strcmp(action_word(keys_table[i].action), action) == 0 ||
				(keys_table[i].op != NULL && strcmp(keys_table[i].op, action) == 0)))
			return i;
	return keys_n;
}

/* Moving, opening and leaving are the same keys wherever one types: the fields know them. */
static bool is_fixed(enum context c, enum action action)
{
	switch (action) {
	case ACTION_OPEN: case ACTION_BACK: case ACTION_NEXT: case ACTION_PREVIOUS: case ACTION_UP: case ACTION_DOWN:
	case ACTION_PAGE_UP: case ACTION_PAGE_DOWN: case ACTION_QUEUE:
		return (BIT(c) & LETTERS) == 0;
	case ACTION_COMMIT:
		return c != CONTEXT_FORM;
	default:
		return false;
	}
}

enum err keys_bind(const char *context, const char *action, const char *key, struct buf *errors)
{
	enum context c = context_of(context);
	size_t row = c != CONTEXT_UNSET ? row_of(c, action) : keys_n;
	struct key wanted;

	if (c == CONTEXT_UNSET || row == keys_n) {
		buf_printf(errors, "keys: no action %s in %s\n", action, context);
		return ERR_INVALID;
	}
	if (is_fixed(c, keys_table[row].action)) {
		buf_printf(errors, "keys: the key of %s in %s cannot be changed\n", action, context);
		return ERR_INVALID;
	}
	if (key_of_name(key, &wanted) != OK || strlen(key) >= NAME_SIZE || is_forbidden(&wanted) ||
			(wanted.kind == K_TEXT && (BIT(c) & LETTERS) == 0)) {
		buf_printf(errors, "keys: %s is no key that can be bound in %s\n", key, context);
		return ERR_INVALID;
	}
	if (nbound == BOUND_MAX) {
		buf_puts(errors, "keys: too many\n");
		return ERR_INVALID;
	}
	bound[nbound].row = row;
	bound[nbound].context = c;
	snprintf(bound[nbound].name, NAME_SIZE, "%s", key);
	nbound++;
	return OK;
}

enum err keys_conflict(const char *context, const char *action, struct buf *errors)
{
	enum context c = context_of(context);
	size_t row = c != CONTEXT_UNSET ? row_of(c, action) : keys_n;

	return row < keys_n && conflicts_anywhere(&keys_table[row], c, errors) ? ERR_INVALID : OK;
}

void keys_unbind_all(void)
{
	nbound = 0;
}

/* A key that can be had, and a book with that operation or view. */
static bool check_row(const struct binding *b, struct buf *errors)
{
	const struct book *book = b->book != NULL ? book_find(b->book) : NULL;
	struct key key;
	bool fine = true;

	if (key_of_name(b->key, &key) != OK || is_forbidden(&key)) {
		buf_printf(errors, "key %s cannot be bound\n", b->key);
		fine = false;
	}
	if (b->book != NULL && (book == NULL || (book_op(book, b->op) == NULL && book_view(book, b->op) == NULL))) {
		buf_printf(errors, "key %s: no %s.%s\n", b->key, b->book, b->op);
		fine = false;
	}
	return fine;
}

static bool is_on_any(const struct binding *b)
{
	bool on = false;

	for (const struct console *const *d = consoles; *d != NULL; d++)
		on = on || keys_offered(*d, b);
	return on;
}

enum err keys_check(struct buf *errors)
{
	bool bad = false;

	for (size_t i = 0; i < keys_n; i++) {
		bad = !check_row(&keys_table[i], errors) || bad;
		if ((keys_table[i].contexts & DESK) != 0 && !is_on_any(&keys_table[i])) {
			buf_printf(errors, "key %s: no desk offers %s\n", keys_table[i].key, name_of(&keys_table[i]));
			bad = true;
		}
		for (int c = CONTEXT_UNSET + 1; c < CONTEXT_END; c++)
			bad = conflicts_anywhere(&keys_table[i], (enum context)c, errors) || bad;
	}
	return bad ? ERR_INVALID : OK;
}

enum err keys_check_verbs(const struct console *desk, struct buf *errors)
{
	bool bad = false;

	for (const char *const *v = desk->verbs; *v != NULL; v++) {
		const struct binding *b = keys_verb(*v);

		if (b == NULL)
			buf_printf(errors, "no verb %s\n", *v);
		bad = b == NULL || conflicts(b, desk->context, desk, errors) || bad;
		for (const char *const *w = desk->verbs; w < v; w++)
			if (strcmp(*w, *v) == 0) {
				buf_printf(errors, "%s is there twice\n", *v);
				bad = true;
			}
	}
	return bad ? ERR_INVALID : OK;
}
