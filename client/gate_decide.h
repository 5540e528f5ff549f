/*
 * gate_decide.h - what a guard is told about something that was typed or scanned: one word, and the fact behind it.
 *
 * Pure: a table of the books that a gate knows (what of them is kept, which fields are compared, which row makes
 * which word), and functions over rows. The same code judges a row that was just fetched and one that was kept
 * when the link broke. Not for: asking the server, or keeping rows (keep.h).
 * Trap: the word is advice for the guard; what he then does is judged by the server like every operation.
 */
#ifndef LODGE_GATE_DECIDE_H
#define LODGE_GATE_DECIDE_H

#include <stdbool.h>

#include "client/keep_book.h"

/* The big words. The smaller stops the bigger ones when several say something. */
enum gate_word { GATE_UNSET = 0, GATE_STOP, GATE_ASK, GATE_ENTER, GATE_LEAVE };

enum gate_compare {
	GATE_CODE = 1,  /* number or code: the whole, whatever its case */
	GATE_NAME,      /* without case, marks, blanks and dots; a part of it is a proposal */
	GATE_PLATE,     /* the same, but the whole */
};

struct gate_key {
	const char *field;
	enum gate_compare compare;
	enum { GATE_ASK_NOBODY = 0, GATE_ASK_KEPT, GATE_ASK_ALL } ask; /* what no list knows is asked of the server by this
	                   field: among the rows worth keeping, or among all */
};

/* Which day a row's dates must have for a case: its first day has not come, its last is over. */
enum gate_day { GATE_ANY_DAY = 0, GATE_EARLY, GATE_OVER };

/* An operation on another book, made of the row: field of it and of the row by turns; ends with NULL. "id" names
 * the row itself, and a value in quotes stands for itself. */
struct gate_write {
	const char *book, *op;
	const char *const *fills;
	const char *then; /* operation of that book on what was just written, or NULL */
	bool is_form;     /* something is still asked for */
};

/* The first case of a rule that a row fits decides. Members left out fit every row. */
struct gate_case {
	const char *state;
	const char *field, *value;  /* a field with this word; value NULL: it is filled */
	enum gate_day day;
	enum gate_word word;
	const char *fact;           /* English msgid */
	const char *rule;           /* its ID, or NULL */
	const char *op;             /* what Enter does: an operation of the row, … */
	const struct gate_write *write; /* … or of another book; both NULL: nothing */
};

/* One book that the gate knows. */
struct gate_rule {
	struct keep_book kept;      /* first: what a list keeps of it leads here */
	const struct gate_key *keys;
	const struct gate_case *cases;
	const char *from, *until;   /* DATE fields of the first and last day, or NULL */
	const char *const *facts;   /* fields shown below the word; ends with NULL */
	const char *warn;           /* part of the record whose rows stand below them, or NULL */
	bool bars;                  /* what stops here stops, whatever else is known */
};

extern const struct gate_rule gate_rules[];
extern const size_t gate_nrules;

/* What the gate keeps of them (keep.h). */
const struct keep_book *gate_keeps(size_t n);

struct gate_verdict {
	enum gate_word word;
	const struct gate_rule *rule; /* NULL: nothing is known */
	const struct gate_case *why;  /* NULL: no case of the rule fits */
};

/* How well something typed fits a row. */
enum gate_fit { GATE_NO_FIT = 0, GATE_PARTLY, GATE_WHOLLY };

/* What was typed, ready to be compared. */
struct gate_text {
	struct buf code, name;
};
void gate_text_init(struct gate_text *, const char *typed);
void gate_text_done(struct gate_text *);

/* Appends a row's keys, one a line in the order of the rule, as they are compared. */
void gate_row_keys(const struct gate_rule *, const struct node *row, struct buf *keys);
/* Compares with such keys; with one field's only when it is given. */
enum gate_fit gate_fits(const struct gate_rule *, const char *keys, const char *field, const struct gate_text *);
/* The word for a row on a day (YYYY-MM-DD). NULL row: what is known of nobody. */
struct gate_verdict gate_judge(const struct gate_rule *, const struct node *row, const char *today);
/* The big word, English msgid, and what stands left and right of it where there is no colour. */
const char *gate_word_label(enum gate_word);
const char *gate_word_mark(enum gate_word);
/* The part of a book with this name, or NULL. */
const struct part *gate_part(const struct book *, const char *name);
/* The sentence behind the word, English msgid. */
const char *gate_fact(const struct gate_verdict *);
/* Every name of the table that no book knows, a sentence each; OK when there is none (a unit test). */
enum err gate_check(struct buf *errors) MUST_CHECK;

#endif
