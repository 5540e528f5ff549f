/*
 * asks.h - the requests that are not answered yet, in the order asked.
 *
 * Not for: sending them or deciding when (link.c). Trap: a request whose callback runs is marked
 * running and stays in the list until the callback returned; nobody else may remove it.
 */
#ifndef LODGE_ASKS_H
#define LODGE_ASKS_H

#include "client/link.h"

enum { ASKS_REQUEST_MAX = 64 * 1024 };

struct ask {
	uint64_t id;
	char *line;          /* with its newline; wiped, because it may hold a password */
	size_t len;
	unsigned flags;      /* enum link_flag */
	bool is_sent, is_running;
	bool is_declined;    /* who stands in for the server cannot answer it */
	int tries;
	int64_t sent_at, not_before;
	link_answer_cb *done;
	void *ctx;
	struct ask *next;
};

struct asks {
	struct ask *first;
	uint64_t last_id;
};

/* Appends a request; NULL when it is too big or memory is short. */
struct ask *asks_add(struct asks *, const char *method, const char *params);
void asks_remove(struct asks *, struct ask *);
struct ask *asks_find(const struct asks *, uint64_t id);
/* Runs the callback and removes the request. */
void asks_answer(struct asks *, struct ask *, const struct answer *);
/* Answers everything for which is() holds with a fault of this side. */
void asks_fail(struct asks *, bool (*is)(const struct ask *, uint64_t), uint64_t arg, enum err code,
               const char *message);
void asks_clear(struct asks *);

#endif
