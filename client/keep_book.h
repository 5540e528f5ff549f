/*
 * keep_book.h - what a console keeps of a book, so that it goes on without the server: which rows, and what its own
 * records make of them.
 *
 * Data only; each console lists its own (console.h). Not for: the rows (keep.h). Trap: the names must exist in the descriptors;
 * keep_check says which do not.
 */
#ifndef LODGE_KEEP_BOOK_H
#define LODGE_KEEP_BOOK_H

#include "common/book.h"
#include "common/buf.h"
#include "common/node.h"

/* What a row is after an operation that was recorded here (keep_learn.h), where the book's own table does not say it. The
 * first that fits gives the state; every one with this operation gives its stamp, and counts. */
struct keep_outcome {
	const char *op;
	const char *field, *value;  /* an argument with this word; "": it was not given; field NULL: whatever was */
	const char *state;          /* or NULL: it stays */
	const char *stamp;          /* FT_TIME field that takes the moment, or NULL */
	const char *less, *more;    /* FT_INT fields that go down and up by one, or NULL */
};

/* An operation that takes items off those that are left. */
struct keep_spend {
	const char *op, *taken, *left; /* FT_ITEMS fields; without .taken all that is left goes */
	const char *then;              /* the state when nothing is left */
	const char *guard;             /* of the operation: says why what is not left cannot go */
};

/* What an operation of another book does to rows of this one. */
struct keep_touch {
	const char *book, *op;
	const char *const *by;      /* field of the row ("id": itself) and argument that names the same, by turns; ends with NULL */
	const char *const *sets;    /* member of the row and its new value as JSON by turns, "$at": the moment; ends with NULL */
};

/* One book that a console keeps. */
struct keep_book {
	const char *book;
	const char *where;          /* JSON: the rows worth keeping */
	const char *also;           /* a book whose changes change these rows too, or NULL */
	const char *due, *overdue;  /* FT_TIME field that makes this BOOL true once it has passed, or NULL */
	const struct keep_outcome *outcomes; /* ends with .op NULL; or NULL */
	const struct keep_spend *spends;     /* or NULL */
	const struct keep_touch *touched;    /* ends with .book NULL; or NULL */
	/* Appends what the row is found by, or NULL: it is not looked for by such keys. */
	void (*keys)(const struct keep_book *, const struct node *row, struct buf *keys);
};

/* The n-th of those that a console keeps; NULL: no more. */
typedef const struct keep_book *keep_nth(size_t n);

/* Appends a sentence for every name that no book knows. */
void keep_check(const struct keep_book *, struct buf *errors);

#endif
