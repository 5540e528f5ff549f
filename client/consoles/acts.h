/*
 * acts.h - how the desks start an operation: the order of its form, the box that finds its record, who comes back by
 * digits, and what is already written in it.
 *
 * One row an operation, the same at every desk; what no row says is as the book says it. Not for: keys (keys.c), or
 * which desk offers what (the consoles). Trap: the names must exist in the descriptors; acts_check says which do not.
 */
#ifndef LODGE_ACTS_H
#define LODGE_ACTS_H

#include "common/book.h"
#include "common/buf.h"

/* A typed code that leads to one record: where .by = code (and .states). */
struct look_up {
	const char *by;
	const char *states;  /* JSON array of states, or NULL */
	const char *number;  /* what digits alone name: another field, then given to the operation too; or NULL */
	bool at_once;        /* at the gate: where there is nothing to look at first */
	const char *label;   /* English msgid, in front of the box */
	const char *nothing; /* English msgid: what to say when there is none */
};

/* Digits typed into a field of a new record's form name somebody who was here before: the last row of .from
 * with these digits in .by fills the form. Several different ones are asked about, never guessed. */
struct recall {
	const char *field;        /* that the digits are typed in */
	const char *from, *by;    /* the book looked in, and its field of digits */
	const char *digits;       /* the form's field that takes the digits */
	const char *const *fills; /* fields of the form and of .from by turns; ends with NULL. The first
	                             tells one from another */
};

/* A field that begins with a value of the record the operation is about. */
struct prefill {
	const char *field, *from;
};

/* Members without a name are not said. */
struct act {
	const char *book, *op;     /* op NULL: the record found is shown */
	const char *const *order;  /* fields that come first in the form; ends with NULL */
	bool in_place;             /* its form stands above the rows of the screen it began on, and Enter behind the last
	                              field that is needed saves */
	struct look_up box;
	struct recall recall;
	struct prefill prefill;
};

/* A digit at any desk starts it. */
extern const struct act household_of_unit;

/* The row of an operation; one that says nothing when there is none, never NULL. */
const struct act *act_of(const char *book, const char *op);
/* Its box, or NULL. */
const struct act *act_with_box(const char *book, const char *op);
/* What is typed into its box is a number for a field of numbers; what is none stays a text, and the server says so. */
bool act_takes_integer(const struct act *, const char *text);
/* It may be the number that .number names: digits without a zero in front, as many as a number has. */
bool act_takes_number(const struct act *, const char *text);

/* One sentence for every name in a row that no descriptor knows. */
enum err act_check(const struct act *, struct buf *errors) MUST_CHECK;
/* The same for all rows, and for operations that have two. */
enum err acts_check(struct buf *errors) MUST_CHECK;

#endif
