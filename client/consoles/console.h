/*
 * console.h - what makes a desk a desk: its first screen, the verbs that keys start there, its queues, and whose it is.
 *
 * To add one: a word in CONSOLES and a file of its name with one constant struct. Keys are in keys.c (a row with DESK
 * for each verb), forms and boxes in acts.c, queues are the views of the books. Not for: code; a first screen that
 * is no list of queues has files of its own. Trap: names that nobody knows, and two verbs on one key, are
 * told by console_check (a unit test asks).
 */
#ifndef LODGE_CONSOLE_H
#define LODGE_CONSOLE_H

#include "client/keep_book.h"
#include "client/keys.h"
#include "common/book.h"
#include "common/buf.h"

/* The last one is everybody's whom no other names. */
#define CONSOLES(X) \
	X(gate) \
	X(night) \
	X(reception)

struct app;

/* Rows of a queue stand on the first screen one by one; the key "next step" starts the first of these operations of
 * its book that may start from the row's state. */
struct step {
	const char *queue;            /* "book.view"; NULL ends a table */
	const char *const *ops;       /* "book.operation" makes a record of another book about the row; ends with NULL; NULL: none */
};

struct console {
	uint64_t roles;               /* BIT(role): whose it is without being asked for; 0: everybody else's */
	uint64_t may;                 /* who else may ask for it */
	enum context context;         /* of its first screen */
	void (*home)(struct app *);   /* opens the screen where everything begins */
	void (*search)(struct app *); /* goes back to it with its box open */
	/* "book.operation", "book.view" or the word of an action, as footer and help have them; ends with NULL. */
	const char *const *verbs;
	/* "book.view" of the queues that come first, or NULL; the role's others follow, late ones first. */
	const char *const *queues;
	const char *head;             /* "book.view" whose first row stands above everything, or NULL */
	const char *head_none;        /* English msgid: what stands there when there is no such row; with .head */
	const struct step *steps;     /* rows on the first screen, late ones first, else in this order; or NULL */
	/* What it keeps, on the disk too, so that whose own it is may sign in without the server (alone.h); or NULL. */
	keep_nth *keeps;
};

struct step_op {
	const struct book *book;
	const struct op *op;
};

struct queue_name {
	const struct book *book;
	const struct view *view;
};

#define X(name) extern const struct console console_##name;
CONSOLES(X)
#undef X

/* All of them, and their words behind "auto"; both end with NULL. */
extern const struct console *const consoles[];
extern const char *const console_words[];

/* The console in use: reception's until a role has chosen. */
const struct console *console_current(void);
/* The one in use when its first screen is of this context, else the first with such a screen; NULL: none. */
const struct console *console_at(enum context);
/* Takes the role's own console, or the one of this word (NULL, "auto": its own). False: the role has no right
 * to that one, and its own was taken. */
bool console_choose(enum role, const char *word);
/* Does the role's own console stand alone? */
bool console_stands_alone(enum role);
/* Is it the role's to have? */
bool console_suits(const struct console *, enum role);
/* The operation that a step names, for a row of this book; .op NULL: there is none. */
struct step_op console_step(const struct book *, const char *name);
/* The view that "book.view" names, when it is one of the role's; else .view is NULL. */
struct queue_name console_queue(const char *name, enum role);
/* The queues of a role there, in their order; how many were written. */
size_t console_queues(const struct console *, enum role, struct queue_name *out, size_t max);
/* One sentence for every name that nobody knows, and for every key with two meanings. OK when there is none. */
enum err console_check(const struct console *, struct buf *errors) MUST_CHECK;

#endif
