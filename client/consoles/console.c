/*
 * console.c - see console.h.
 *
 * Not for: what stands in them. Trap: a wrong name in a table would be a key that does nothing, hence console_check.
 */
#include "client/consoles/console.h"

#include <string.h>

/* A role that no console names has reception's. */
static const struct console *const consoles[] = {&console_gate, &console_reception};
static const struct console *current = &console_reception;

const struct console *console_current(void)
{
	return current;
}

void console_choose(enum role role)
{
	size_t i = 0;

	while (i + 1 < NITEMS(consoles) && (consoles[i]->roles & BIT(role)) == 0)
		i++;
	current = consoles[i];
}

const char *const *console_order(const struct book *book, const struct op *op)
{
	const struct console *c = console_current();

	for (size_t i = 0; i < c->norders; i++)
		if (strcmp(c->orders[i].book, book->name) == 0 && strcmp(c->orders[i].op, op->name) == 0)
			return c->orders[i].fields;
	return NULL;
}

const struct look_up *console_box(const char *book, const char *op)
{
	const struct console *c = console_current();

	for (size_t i = 0; i < c->nboxes; i++)
		if (strcmp(c->boxes[i].book, book) == 0 && strcmp(c->boxes[i].op, op) == 0)
			return &c->boxes[i];
	return NULL;
}

const struct recall *console_recall(const struct book *book, const struct op *op, const char *field)
{
	const struct console *c = console_current();

	for (size_t i = 0; i < c->nrecalls; i++)
		if (strcmp(c->recalls[i].book, book->name) == 0 && strcmp(c->recalls[i].op, op->name) == 0 && strcmp(c->recalls[i].field, field) == 0)
			return &c->recalls[i];
	return NULL;
}

const struct prefill *console_prefill(const struct book *book, const struct op *op)
{
	const struct console *c = console_current();

	for (size_t i = 0; i < c->nprefills; i++)
		if (strcmp(c->prefills[i].book, book->name) == 0 && strcmp(c->prefills[i].op, op->name) == 0)
			return &c->prefills[i];
	return NULL;
}

static void check_look_up(const struct look_up *l, struct buf *errors)
{
	const struct book *book = book_find(l->book);

	if (book == NULL)
		buf_printf(errors, "no book %s\n", l->book);
	else if (book_field(book, l->by) == NULL)
		buf_printf(errors, "no field %s.%s\n", l->book, l->by);
	else if (l->number != NULL && book_field(book, l->number) == NULL)
		buf_printf(errors, "no field %s.%s\n", l->book, l->number);
	else if (l->op != NULL && book_op(book, l->op) == NULL)
		buf_printf(errors, "no operation %s.%s\n", l->book, l->op);
}

static void check_order(const struct form_order *o, struct buf *errors)
{
	const struct book *book = book_find(o->book);

	if (book == NULL || book_op(book, o->op) == NULL) {
		buf_printf(errors, "no operation %s.%s\n", o->book, o->op);
		return;
	}
	for (const char *const *f = o->fields; *f != NULL; f++)
		if (book_field(book, *f) == NULL)
			buf_printf(errors, "no field %s.%s\n", o->book, *f);
}

static void check_field(const char *name, const char *field, struct buf *errors)
{
	const struct book *book = book_find(name);

	if (book == NULL || book_field(book, field) == NULL)
		buf_printf(errors, "no field %s.%s\n", name, field);
}

static void check_recall(const struct recall *r, struct buf *errors)
{
	const struct book *book = book_find(r->book);

	if (book == NULL || book_op(book, r->op) == NULL)
		buf_printf(errors, "no operation %s.%s\n", r->book, r->op);
	check_field(r->book, r->field, errors);
	check_field(r->book, r->digits, errors);
	check_field(r->from, r->by, errors);
	for (const char *const *f = r->fills; *f != NULL; f += 2) {
		check_field(r->book, f[0], errors);
		check_field(r->from, f[1], errors);
	}
}

enum err console_check(const struct console *c, struct buf *errors)
{
	check_look_up(c->unit, errors);
	for (size_t i = 0; i < c->nboxes; i++)
		check_look_up(&c->boxes[i], errors);
	for (size_t i = 0; i < c->nrecalls; i++)
		check_recall(&c->recalls[i], errors);
	for (size_t i = 0; i < c->nprefills; i++) {
		check_field(c->prefills[i].book, c->prefills[i].field, errors);
		check_field(c->prefills[i].book, c->prefills[i].from, errors);
	}
	for (size_t i = 0; i < c->norders; i++)
		check_order(&c->orders[i], errors);
	return errors->len > 0 ? ERR_INVALID : OK;
}
