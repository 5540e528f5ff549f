/*
 * gate_lists_own.h - what the three files of the gate's lists share: rows, what was learnt of the journal, the file.
 *
 * Not for: anybody else; gate_lists.h has the doors. Trap: .text is what the gate decides by, .base what the server gave; they are
 * the same bytes only while nothing of this row waits in the journal.
 */
#ifndef LODGE_GATE_LISTS_OWN_H
#define LODGE_GATE_LISTS_OWN_H

#include "client/gate_lists.h"
#include "common/arena.h"

enum { PAGE = 200, ROWS_MOST = 50000, RULES_MOST = 16, ROW_MAX = 64 * 1024, ROW_DEPTH = 16, ROW_ARENA = 8 * ROW_MAX };

struct kept {
	int64_t id, version;  /* id below 0: made here, by the journal's record of that number */
	int state;
	char *text, *keys;
	char *base;           /* NULL: the row was made here, or nothing of it waits and .text is the server's */
	char *made_by;        /* op_id that made it here, or NULL */
	unsigned round;       /* the load that last saw it */
};

struct one_list {
	struct gate_lists *lists;
	const struct gate_rule *rule;
	const struct book *book;
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

struct gate_lists {
	struct app *app;
	void (*fresh)(void *);
	void *ctx;
	struct one_list list[RULES_MOST];
	bool was_fresh;       /* .fresh_at says when all was last known to be so */
	int64_t fresh_at;     /* seconds since the machine started */
	struct learnt *learnt;
	size_t nlearnt, learnt_room;
	uint64_t through;     /* the journal's last record whose outcome the server's rows hold */
	bool is_unsaved;
	int64_t saved_at, save_from; /* link_now(): last written; not written anew before */
};

/* Where the id is, or has to be put. */
size_t gate_place_of(const struct one_list *, int64_t id);
/* The row at this place; NULL: the id is not kept. */
struct kept *gate_kept(const struct one_list *, int64_t id);
void gate_drop(struct one_list *, size_t at);
/* Is it among the states that the rule keeps? */
bool gate_is_worth_keeping(const struct one_list *, const struct node *row);
/* The row, as the server gave it (is_base) or as it is after what was learnt, takes the place of what was here; NULL: no memory.
 * A base shows through once nothing of the row waits. */
struct kept *gate_put(struct one_list *, int64_t id, const struct node *row, bool is_base);
struct one_list *gate_list_of(struct gate_lists *, const char *book);
void gate_told(struct gate_lists *); /* something here is another: to be shown and kept */

/* ---- what was learnt (gate_learnt.c) ---- */

/* Begins to listen to the journal, and learns what waits in it. */
void gate_learnt_begin(struct gate_lists *);
void gate_learnt_end(struct gate_lists *);
/* Does anything of this row wait in the journal? */
bool gate_learnt_has(const struct gate_lists *, const struct one_list *, int64_t id);
/* A fresh base: makes .text of it anew. */
void gate_learnt_fold(struct one_list *, int64_t id);

/* ---- the file (gate_keep.c) ---- */

/* Takes what alone_sign_in has opened; false: there is nothing. */
bool gate_keep_load(struct gate_lists *);

#endif
