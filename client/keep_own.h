/*
 * keep_own.h - what the files of the keep share: rows, what was learnt of the journal, the file.
 *
 * Not for: anybody else; keep.h has the doors. Trap: .text is what the console decides by, .base what the server gave; they are
 * the same bytes only while nothing of this row waits in the journal.
 */
#ifndef LODGE_KEEP_OWN_H
#define LODGE_KEEP_OWN_H

#include "client/keep.h"
#include "common/arena.h"

enum { PAGE = 200, ROWS_MOST = 50000, BOOKS_MOST = 24, ROW_MAX = 64 * 1024, ROW_DEPTH = 16, ROW_ARENA = 8 * ROW_MAX };

struct kept {
	int64_t id, version;  /* id below 0: made here, by the journal's record of that number */
	int state;
	char *text, *keys;
	char *base;           /* NULL: the row was made here, or nothing of it waits and .text is the server's */
	char *made_by;        /* op_id that made it here, or NULL */
	unsigned round;       /* the load that last saw it */
};

struct one_list {
	struct keep *lists;
	const struct keep_book *kept;
	const struct book *book;
	const struct node *where;
	struct kept *rows;
	size_t nrows, room;
	unsigned round;       /* of the load under way, or done */
	bool is_loading, is_complete;
};

/* A record of the journal that is about a row of a list. */
struct learnt {
	uint64_t counter;
	struct one_list *list;
	int64_t id;
	const struct op *op;
	char *text;           /* the record */
};

struct keep {
	struct app *app;
	struct arena *arena;  /* of the lists' .where */
	void (*fresh)(void *);
	void *ctx;
	struct one_list list[BOOKS_MOST];
	size_t n;
	uint64_t connections; /* the link's, when everything was last asked for */
	bool was_fresh;       /* .fresh_at says when all was last known to be so */
	int64_t fresh_at;     /* seconds since the machine started */
	struct learnt *learnt;
	size_t nlearnt, learnt_room;
	uint64_t through;     /* the journal's last record whose outcome the server's rows hold */
	bool is_unsaved;
	int64_t saved_at, save_from; /* link_now(): last written; not written anew before */
};

/* Where the id is, or has to be put. */
size_t keep_place_of(const struct one_list *, int64_t id);
/* The row at this place; NULL: the id is not kept. */
struct kept *keep_kept(const struct one_list *, int64_t id);
void keep_drop(struct one_list *, size_t at);
/* Is it among what is kept? */
bool keep_is_worth(const struct one_list *, const struct node *row);
/* The row, as the server gave it (is_base) or as it is after what was learnt, takes the place of what was here; NULL: no memory.
 * A base shows through once nothing of the row waits. */
struct kept *keep_put(struct one_list *, int64_t id, const struct node *row, bool is_base);
struct one_list *keep_list_of(struct keep *, const char *book);
void keep_told(struct keep *); /* something here is another: to be shown and kept */

/* ---- what was learnt (keep_learnt.c) ---- */

/* Begins to listen to the journal, and learns what waits in it. */
void keep_learnt_begin(struct keep *);
void keep_learnt_end(struct keep *);
/* Does anything of this row wait in the journal? */
bool keep_learnt_has(const struct keep *, const struct one_list *, int64_t id);
/* A fresh base: makes .text of it anew. */
void keep_learnt_fold(struct one_list *, int64_t id);

/* ---- the file (keep_disk.c) ---- */

/* Takes what alone_sign_in has opened; false: there is nothing. */
bool keep_from_disk(struct keep *);

#endif
