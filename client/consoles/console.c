/*
 * console.c - see console.h: the list of the desks, which one is in use, and whether they name what exists.
 *
 * Not for: what stands in them. Trap: a wrong name in a table would be a key that does nothing, hence console_check.
 */
#include "client/consoles/console.h"

#include <string.h>

const struct console *const consoles[] = {
#define X(name) &console_##name,
	CONSOLES(X)
#undef X
	NULL,
};

const char *const console_words[] = {
	"auto",
#define X(name) #name,
	CONSOLES(X)
#undef X
	NULL,
};

static const struct console *current = &console_reception;

const struct console *console_current(void)
{
	return current;
}

const struct console *console_at(enum context context)
{
	size_t i = 0;

	if (current->context == context)
		return current;
	while (consoles[i] != NULL && consoles[i]->context != context)
		i++;
	return consoles[i];
}

/* The console that is the role's without a word. */
static const struct console *own(enum role role)
{
	size_t i = 0;

	while (consoles[i + 1] != NULL && (consoles[i]->roles & BIT(role)) == 0)
		i++;
	return consoles[i];
}

static const struct console *named(const char *word)
{
	for (size_t i = 0; word != NULL && consoles[i] != NULL; i++)
		if (strcmp(console_words[i + 1], word) == 0)
			return consoles[i];
	return NULL;
}

bool console_suits(const struct console *c, enum role role)
{
	return c == own(role) || (c->may & BIT(role)) != 0;
}

bool console_stands_alone(enum role role)
{
	return own(role)->keeps != NULL;
}

bool console_choose(enum role role, const char *word)
{
	const struct console *wanted = named(word);

	current = wanted != NULL && console_suits(wanted, role) ? wanted : own(role);
	return wanted == NULL || wanted == current;
}

/* ---- queues ---- */

/* The view that "book.view" names. */
static struct queue_name queue_of(const char *name)
{
	struct queue_name q = {.book = NULL};
	const char *dot = strchr(name, '.');

	for (size_t b = 0; dot != NULL && b < nbooks; b++)
		if (strlen(books[b]->name) == (size_t)(dot - name) && strncmp(books[b]->name, name, (size_t)(dot - name)) == 0)
			q = (struct queue_name){.book = books[b], .view = book_view(books[b], dot + 1)};
	return q;
}

struct queue_name console_queue(const char *name, enum role role)
{
	struct queue_name q = queue_of(name != NULL ? name : "");

	if (q.view != NULL && (q.view->roles & BIT(role)) == 0)
		q.view = NULL;
	return q;
}

static size_t add_queue(struct queue_name q, enum role role, struct queue_name *out, size_t n, size_t max)
{
	if (n == max || q.view == NULL || (q.view->roles & BIT(role)) == 0)
		return n;
	for (size_t i = 0; i < n; i++)
		if (out[i].view == q.view)
			return n;
	out[n] = q;
	return n + 1;
}

size_t console_queues(const struct console *c, enum role role, struct queue_name *out, size_t max)
{
	size_t n = 0;

	for (const char *const *q = c->queues; q != NULL && *q != NULL; q++)
		n = add_queue(queue_of(*q), role, out, n, max);
	for (int late = 1; late >= 0; late--)
		for (size_t b = 0; b < nbooks; b++)
			for (size_t v = 0; v < books[b]->nviews; v++)
				if (books[b]->views[v].late == (late == 1))
					n = add_queue((struct queue_name){.book = books[b], .view = &books[b]->views[v]}, role, out, n, max);
	return n;
}

static bool check_queue(const char *name, struct buf *errors)
{
	if (name == NULL || queue_of(name).view != NULL)
		return true;
	buf_printf(errors, "no queue %s\n", name);
	return false;
}

struct step_op console_step(const struct book *book, const char *name)
{
	const char *dot = strchr(name, '.');

	for (size_t b = 0; dot != NULL && b < nbooks; b++)
		if (strlen(books[b]->name) == (size_t)(dot - name) && strncmp(books[b]->name, name, (size_t)(dot - name)) == 0)
			return (struct step_op){.book = books[b], .op = book_op(books[b], dot + 1)};
	return (struct step_op){.book = book, .op = book_op(book, name)};
}

static bool check_steps(const struct console *c, struct buf *errors)
{
	bool fine = true;

	for (const struct step *s = c->steps; s != NULL && s->queue != NULL; s++) {
		const struct book *book = queue_of(s->queue).book;

		fine = check_queue(s->queue, errors) && fine;
		for (const char *const *op = s->ops; book != NULL && op != NULL && *op != NULL; op++)
			if (console_step(book, *op).op == NULL) {
				buf_printf(errors, "no operation %s.%s\n", book->name, *op);
				fine = false;
			}
	}
	return fine;
}

enum err console_check(const struct console *c, struct buf *errors)
{
	enum err err = keys_check_verbs(c, errors);

	for (const char *const *q = c->queues; q != NULL && *q != NULL; q++)
		err = check_queue(*q, errors) ? err : ERR_INVALID;
	err = check_queue(c->head, errors) ? err : ERR_INVALID;
	for (size_t i = 0, before = errors->len; c->keeps != NULL && c->keeps(i) != NULL; i++) {
		keep_check(c->keeps(i), errors);
		err = errors->len > before ? ERR_INVALID : err;
	}
	return check_steps(c, errors) ? err : ERR_INVALID;
}
