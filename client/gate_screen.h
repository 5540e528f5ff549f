/*
 * gate_screen.h - what the files of the gate's screen share: its state, its rows below, its drawing.
 *
 * Not for: anybody else; screens.h has the doors. Trap: a candidate and the shown row own their memory, while a
 * row below lives until the next gate_below_build.
 */
#ifndef LODGE_GATE_SCREEN_H
#define LODGE_GATE_SCREEN_H

#include "client/consoles/acts.h"
#include "client/crisis.h"
#include "client/edit.h"
#include "client/gate_lists.h"
#include "client/tty.h"
#include "common/arena.h"

enum { GATE_CANDIDATES = 9, GATE_BELOW_MOST = 120, GATE_TYPED_MAX = 160, GATE_ROW_MAX = 64 * 1024, GATE_ROW_DEPTH = 16 };

/* One of several that the text fits. */
struct gate_candidate {
	const struct gate_rule *rule;
	int64_t id;
	char *text;
};

/* A row below the line. */
struct gate_below {
	const struct gate_panel *panel;
	const struct book *book;
	const struct node *row;
};

struct gate {
	struct screen screen;
	struct keep *lists;
	struct crisis *crisis;        /* what runs, above everything */

	struct edit box;
	bool in_box;
	const struct act *only;       /* what the line takes; NULL: anything */
	int64_t typed_at;             /* when its last key came */
	size_t nquick;                /* keys in a row that no fingers type */
	int64_t burst_at;             /* when a burst was taken without its end; 0 = not */

	struct gate_candidate candidates[GATE_CANDIDATES];
	size_t ncandidates, nmatches;

	bool is_shown;                /* the big word */
	struct gate_verdict verdict;
	char typed[GATE_TYPED_MAX];   /* what it is about */
	struct arena *arena;          /* holds .row */
	const struct node *row;
	int64_t age;                  /* of what it was decided by; 0 = fetched just now */

	struct gate_candidate pending; /* is being fetched anew */
	bool is_opening;              /* the lists are on their way */
	int64_t asked_at;
	bool is_waiting;              /* for pages of the lists */
	size_t ask_rule, ask_key;     /* where the server is being asked for what no list knows */
	char writing[64], written_as[40]; /* method that follows the one on its way, and the op_id of that */

	struct arena *last_arena;     /* the last movements */
	const struct node *last;
	bool is_asking_last, is_stale;

	struct arena *below_arena;
	struct gate_below below[GATE_BELOW_MOST];
	size_t nbelow;
	size_t drawn[64], ndrawn;     /* indices of those on the screen */
	int64_t selected;
	const struct book *selected_book;
	bool is_dirty;
};

/* ---- from a text to a word (gate_answer.c) ---- */

/* Looks for what .typed says, in what .only takes. */
void gate_look(struct gate *);
/* The line holds the number of a candidate: that one is meant. */
bool gate_pick(struct gate *);
/* This row is meant: it is fetched anew and judged. */
void gate_take(struct gate *, const struct gate_rule *, int64_t id, const char *text);
/* Lists whose time is over decide nothing: they go, and it is said. */
void gate_expire(struct gate *);
/* No answer: what is kept decides. */
void gate_go_on_alone(struct gate *);
/* The word, or the list, goes away. */
void gate_forget(struct gate *);
void gate_forget_candidates(struct gate *);

/* ---- Enter (gate_act.c) ---- */

/* Does what the word allows, or writes down whom nobody knows. */
void gate_act_on_word(struct gate *);

/* ---- the rows below (gate_below.c) ---- */

/* Makes the rows anew from the lists and the last movements. */
void gate_below_build(struct gate *);
/* from: the first screen row that nothing covers. */
void gate_below_draw(struct gate *, int row, int rows, int from);
/* The row that is selected; NULL when there is none. */
const struct gate_below *gate_below_selected(const struct gate *);
void gate_below_move(struct gate *, int by);

/* ---- the word (gate_word.c) ---- */

/* Draws the word, or the candidates; returns how many rows it took. */
int gate_word_draw(const struct gate *, int row, int rows);

/* Today on the estate, YYYY-MM-DD. */
void gate_today(char out[11]);

#endif
