/*
 * console.h - what makes a desk a desk: its first screen, look-ups by a typed code and the order of its forms.
 *
 * Constant tables of book, field and operation names, read by home.c and entry.c. Keys are in
 * keys.c, queues are the views of the books. Not for: code; the first screens have files of their own. Trap: the names must exist in the
 * descriptors; console_check says which do not (a unit test asks).
 */
#ifndef LODGE_CONSOLE_H
#define LODGE_CONSOLE_H

#include "common/book.h"
#include "common/buf.h"

/* A typed code that leads to one record: where .by = code (and .states). */
struct look_up {
	const char *book, *by;
	const char *states;  /* JSON array of states, or NULL */
	const char *number;  /* what digits alone name: another field, then given to .op too; or NULL */
	const char *op;      /* started on the record found; NULL: the record is shown */
	bool at_once;        /* at the gate: where there is nothing to look at first */
	const char *label;   /* English msgid, in front of the box */
	const char *nothing; /* English msgid: what to say when there is none */
};

/* Digits typed into a field of a new record's form name somebody who was here before: the last row of a book
 * with these digits in .by fills the form. Several different ones are asked about, never guessed. */
struct recall {
	const char *book, *op, *field;   /* the form, and the field that the digits are typed in */
	const char *from, *by;           /* the book looked in, and its field of digits */
	const char *digits;              /* the form's field that takes the digits */
	const char *const *fills;        /* fields of the form and of .from by turns; ends with NULL. The first
	                                    tells one from another */
};

/* A field of an operation that begins with a value of the record it is about. */
struct prefill {
	const char *book, *op, *field, *from;
};

/* A form whose fields come in another order than the book's. */
struct form_order {
	const char *book, *op;
	const char *const *fields;
};

struct app;

struct console {
	const char *name;
	uint64_t roles;                /* BIT(role): whose console it is; 0: everybody else's */
	void (*home)(struct app *);    /* opens the screen where everything begins */
	void (*search)(struct app *);  /* goes back to it with its box open */
	const struct look_up *unit;    /* a digit starts it */
	const struct look_up *boxes;   /* look-ups that keys of the home screen start: found by book and op */
	size_t nboxes;
	const struct form_order *orders;
	size_t norders;
	const struct recall *recalls;
	size_t nrecalls;
	const struct prefill *prefills;
	size_t nprefills;
};

extern const struct console console_reception, console_gate;

/* The console in use: reception's until a role has chosen. */
const struct console *console_current(void);
void console_choose(enum role);
/* Field names that come first, or NULL. */
const char *const *console_order(const struct book *, const struct op *);
/* The box of an operation, the recall of a form's field, what a record's form begins with; or NULL. */
const struct look_up *console_box(const char *book, const char *op);
const struct recall *console_recall(const struct book *, const struct op *, const char *field);
const struct prefill *console_prefill(const struct book *, const struct op *);
/* One sentence for every name that no descriptor knows. OK when there is none. */
enum err console_check(const struct console *, struct buf *errors) MUST_CHECK;

#endif
