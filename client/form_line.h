/*
 * form_line.h - one field of a form: its editor, its choices, its fault.
 *
 * Not for: moving between fields or committing (form.c).
 * Trap: a choice keeps the index of what is picked; its editor only holds the label for painting.
 */
#ifndef LODGE_FORM_LINE_H
#define LODGE_FORM_LINE_H

#include "client/edit.h"
#include "common/arena.h"
#include "common/book.h"
#include "common/buf.h"

/* Whom or what a reference names: is that asked for? */
enum line_naming { NAMING_NONE = 0, NAMING_WANTED, NAMING_ASKED };

enum { LINE_FAULT = 240, LINE_REMARK = 120, LINE_FILTER = 32 };

struct form_line {
	const struct field *field;
	const struct choice *choices; /* also yes and no of a BOOL; NULL = free text */
	struct edit edit;
	int picked;                   /* FT_CHOICE, FT_BOOL: index, -1 = nothing */
	char filter[LINE_FILTER];     /* letters typed to find a choice */
	bool needed;
	bool fresh;                   /* still the suggestion: the first letter replaces it */
	bool changed;                 /* since it was entered */
	char fault[LINE_FAULT];       /* "" = fine */
	char remark[LINE_REMARK];     /* shown to its right */
	enum line_naming naming;      /* belongs to the text as it is: another text, and nothing is asked for */
};

void form_line_init(struct form_line *, const struct field *, bool needed);
void form_line_done(struct form_line *);

/* As if typed: a choice by word, label or number. */
void form_line_set(struct form_line *, const char *text);

/* The word of a choice, else the text as typed. */
const char *form_line_text(const struct form_line *);
bool form_line_is_empty(const struct form_line *);

/* Bits of enum edit_result; EDIT_IGNORED when the key is not for the field. */
unsigned form_line_handle(struct form_line *, const struct key *);

/* Sets or clears .fault. With needs, an empty needed field is one. */
bool form_line_check(struct form_line *, struct arena *, bool needs);

/* Appends the value as JSON. */
enum err form_line_wire(struct form_line *, struct arena *, struct buf *out) MUST_CHECK;

int form_line_height(const struct form_line *);
void form_line_draw(struct form_line *, int row, int label_width, bool focused);

/* 0 for a field without choices. */
int form_line_count_choices(const struct form_line *);
/* The choices below the form, as many as have room, the chosen one always. */
void form_line_draw_choices(const struct form_line *, int row, int rows, int col);

/* F_TICK: a digit ticks or unticks the n-th of the neighbours of line at, which is returned; NULL: no such key. */
struct form_line *form_lines_tick(struct form_line *lines, size_t n, size_t at, const struct key *);

#endif
