/*
 * keep.h - what a console knows without the server: the rows of the books that it keeps (keep_book.h).
 *
 * Fetched page by page through the person's own session, so nothing is here that he may not see; refreshed row by
 * row when the server tells of a change; still here when the link is gone, with their age, and in a file when the program is
 * started anew without a server (keep_file.h). What this terminal recorded itself is learnt at once. Not for: what a console
 * makes of them (gate_lists.h, keep_answer.h). Trap: a row's text belongs to the lists and lives until the next answer of the link.
 */
#ifndef LODGE_KEEP_H
#define LODGE_KEEP_H

#include "client/app.h"
#include "client/keep_book.h"

struct keep;

struct keep_row {
	int64_t id;
	int state;           /* index in the book's states, or -1 */
	const char *text;    /* the row as JSON */
	const char *keys;    /* what the book's .keys made of it */
};

/* fresh: something here is another, told with the caller's ctx. NULL: no memory. */
struct keep *keep_new(struct app *, keep_nth *, void (*fresh)(void *ctx), void *ctx);
void keep_free(struct keep *);

/* Fetches everything anew; nobody waits for it. */
void keep_load(struct keep *);
/* The same when the link has come back since, for what changed meanwhile was told to nobody: true. */
bool keep_catch_up(struct keep *);
/* Somebody changed a record. */
void keep_changed(struct keep *, const struct book *, int64_t id);
/* BIT(index in books[]) of the books that it must be told of. */
void keep_watches(const struct keep *, struct book_set *);
/* A row that was just fetched takes the place of what is kept. */
void keep_take(struct keep *, const struct keep_book *, const struct node *row);

/* What is kept of this book, or NULL. */
const struct keep_book *keep_of(const struct keep *, const struct book *);
/* The rows of a book one by one, in the order of their ids; false at the end. */
bool keep_row(const struct keep *, const struct keep_book *, size_t at, struct keep_row *);
/* Is every page here? And: is one on its way that was never here before? */
bool keep_complete(const struct keep *);
bool keep_filling(const struct keep *);
/* A row as it is kept, with what was learnt of the journal; NULL: it is not. */
const char *keep_text(const struct keep *, const struct keep_book *, int64_t id);
/* Seconds since the lists were known to be as the server has them; 0 while they are. */
int64_t keep_age(const struct keep *);
/* They were so this long ago. */
void keep_aged(struct keep *, int64_t seconds);
/* When their time is over nothing is kept any more, and it is to be said: after how many hours; else 0. */
int keep_expire(struct keep *);

/* link_now() at which the file is due to be written; -1 = not. */
int64_t keep_save_at(const struct keep *);
/* Writes it; without the server, or for somebody whose console does not stand alone, does nothing. */
void keep_save(struct keep *);

#endif
