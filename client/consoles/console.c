/*
 * console.c - see console.h.
 *
 * Not for: choosing a console by role; every role has reception until the other desks are built.
 * Trap: a wrong name in a table would be a key that does nothing, hence console_check.
 */
#include "client/consoles/console.h"

#include <string.h>

const struct console *console_current(void)
{
	return &console_reception;
}

const char *const *console_order(const struct book *book, const struct op *op)
{
	const struct console *c = console_current();

	for (size_t i = 0; i < c->norders; i++)
		if (strcmp(c->orders[i].book, book->name) == 0 && strcmp(c->orders[i].op, op->name) == 0)
			return c->orders[i].fields;
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

enum err console_check(const struct console *c, struct buf *errors)
{
	check_look_up(c->unit, errors);
	check_look_up(c->give_back, errors);
	for (size_t i = 0; i < c->norders; i++)
		check_order(&c->orders[i], errors);
	return errors->len > 0 ? ERR_INVALID : OK;
}
