/*
 * gate_lists.h - what the gate knows, kept here: the rows of every book of gate_rules that are worth keeping.
 *
 * Fetched page by page through the guard's own session, so nothing is here that he may not see; refreshed row by
 * row when the server tells of a change; still here when the link is gone, with their age, and in a file when the program is
 * started anew without a server (gate_file.h). What this terminal recorded itself is learnt at once. Not for: words
 * (gate_decide.h). Trap: a row's text belongs to the lists and lives until the next answer of the link.
 */
#ifndef LODGE_GATE_LISTS_H
#define LODGE_GATE_LISTS_H

#include "client/app.h"
#include "client/gate_decide.h"

struct gate_lists;

struct gate_hit {
	const struct gate_rule *rule;
	int64_t id;
	const char *text;    /* the row as JSON */
	enum gate_fit fit;
};

/* fresh: something here is another, told with the caller's ctx. NULL: no memory. */
struct gate_lists *gate_lists_new(struct app *, void (*fresh)(void *ctx), void *ctx);
void gate_lists_free(struct gate_lists *);

/* Fetches everything anew; nobody waits for it. */
void gate_lists_load(struct gate_lists *);
/* Somebody changed a record. */
void gate_lists_changed(struct gate_lists *, const struct book *, int64_t id);
/* BIT(index in books[]) of the books that it must be told of. */
void gate_lists_watches(struct book_set *);
/* A row that was just fetched takes the place of what is kept. */
void gate_lists_take(struct gate_lists *, const struct gate_rule *, const struct node *row);

/* Every row that the text fits, of one book and key only when given; what fits wholly drives out what fits partly, and
 * who is barred drives out everything. Returns how many there are; at most `most` are written. */
size_t gate_lists_find(const struct gate_lists *, const char *typed, const char *book, const char *key, const char *today,
                       struct gate_hit *out, size_t most);
/* The rows of a rule one by one, oldest first; false at the end. state: index in the book's states, or -1. */
bool gate_lists_row(const struct gate_lists *, const struct gate_rule *, size_t at, int64_t *id, int *state, const char **text);
/* A line for the whole estate stands in every area: is this one there already, further up? */
bool gate_lists_is_twin(const struct gate_lists *, const struct gate_rule *, size_t at);
/* Is every page here? And: is one on its way that was never here before? */
bool gate_lists_complete(const struct gate_lists *);
bool gate_lists_filling(const struct gate_lists *);
/* A row as it is kept, with what was learnt of the journal; NULL: it is not. */
const char *gate_lists_text(const struct gate_lists *, const struct gate_rule *, int64_t id);
/* Seconds since the lists were known to be as the server has them; 0 while they are. */
int64_t gate_lists_age(const struct gate_lists *);
/* They were so this long ago. */
void gate_lists_aged(struct gate_lists *, int64_t seconds);
/* Their time is over: nothing is kept any more. */
void gate_lists_clear(struct gate_lists *);

/* link_now() at which the file is due to be written; -1 = not. */
int64_t gate_lists_keep_at(const struct gate_lists *);
/* Writes it; without the server, or for somebody whose console does not stand alone, does nothing. */
void gate_lists_keep(struct gate_lists *);

#endif
