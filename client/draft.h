/*
 * draft.h - the copy of an open form that the server keeps, so that text outlives this terminal.
 *
 * Sent when a field was left, at most every 2 s, and 5 s after the first letter in any case; asked
 * for when a form opens. Not for: forms that were left on this terminal (form_park), which hold
 * without a server, too. Trap: what was asked for when the form opened is the older text: once
 * something new is typed and sent, this is the only copy of it.
 */
#ifndef LODGE_DRAFT_H
#define LODGE_DRAFT_H

#include "client/app.h"
#include "client/form.h"

struct draft {
	struct app *app;
	const struct book *book;
	const struct op *op;
	int64_t record;
	int64_t due, sent;          /* link_now(): when it goes out (-1 = all is kept), when it last did */
	uint64_t keeping, asking;   /* requests under way */
	bool wanted;                /* it was asked for before the answer came */
	struct arena *arena;        /* of the answer that holds .body */
	const struct node *body;    /* what was kept when the form opened; NULL = nothing */
	struct form *sending;       /* the form that .keeping holds */
	void (*offered)(struct draft *, void *ctx); /* .body has come */
	void *ctx;
};

/* Asks the server what it keeps for this form; offered() may follow later. */
void draft_open(struct draft *, struct app *, const struct book *, const struct op *, int64_t record,
                void (*offered)(struct draft *, void *ctx), void *ctx);
/* Takes what form_handle said. */
void draft_note(struct draft *, unsigned did);
/* Sends now what is not kept yet. */
void draft_keep(struct draft *, struct form *);
/* link_now() at which draft_keep is due; -1. */
int64_t draft_deadline(const struct draft *);
/* Is there text to go on with, here or at the server? */
bool draft_is_there(const struct draft *);
/* That text as a form, which replaces the given one; what was typed in it is put away. NULL: none,
 * or offered() comes when the server has said what it keeps. */
struct form *draft_take(struct draft *, struct form *);
/* The screen closes. form: what is left of it, parked or freed here; NULL when it was used. True
 * when there is something to come back to. */
bool draft_close(struct draft *, struct form *);
/* Says after sign-in that something is kept. */
void draft_remind(struct app *);

#endif
