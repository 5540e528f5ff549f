/*
 * edit.h - the editor of one field: a line, or a note of several lines.
 *
 * Text is UTF-8 in NFC at any moment; the cursor stands between clusters (a base and its marks).
 * Not for: what a text must look like to be accepted (common/validate.c).
 * Trap: composing works backwards – a typed accent, also one in a burst with DELs as the
 * Vietnamese input methods send them, joins the cluster before the cursor.
 */
#ifndef LODGE_EDIT_H
#define LODGE_EDIT_H

#include "client/key.h"

enum edit_result {
	EDIT_IGNORED = 0,
	EDIT_USED = 1 << 0,    /* the key was for the editor */
	EDIT_CHANGED = 1 << 1, /* the text is another */
	EDIT_FULL = 1 << 2,    /* something did not fit and was left out: beep and say so */
	EDIT_ASK = 1 << 3,     /* a paste of more than 4096 characters waits for edit_take_paste() */
};

struct edit {
	char *text;        /* NUL-terminated, NFC */
	size_t len, cap;
	size_t at;         /* cursor: byte offset at a cluster boundary */
	size_t left;       /* first byte shown (one line), or first line shown (note) */
	int32_t max_chars; /* 0 = 4096 */
	bool lines;        /* Enter in a paste stays a line feed; Up and Down move by line */
	bool secret;       /* shown as *; kept out of kill and yank */
	int width;         /* cells of the last drawing: Up and Down need it */
	char *killed;      /* last cut, for Ctrl-Y */
	char *paste;       /* cleaned paste that waits for an answer */
	size_t paste_chars;
};

void edit_init(struct edit *, int32_t max_chars, bool lines);

/* Wipes and frees the text. */
void edit_done(struct edit *);

/* Replaces the text (cleaned, cut to the limit); cursor at the end. EDIT_FULL when it was cut. */
unsigned edit_set(struct edit *, const char *text);

/* Bits of enum edit_result. Enter, Tab, Esc, Up and Down (one line) and F-keys are ignored. */
unsigned edit_handle(struct edit *, const struct key *);

/* Inserts a line feed into a note (also on Ctrl-O). */
unsigned edit_newline(struct edit *);

/* Answers EDIT_ASK. */
unsigned edit_take_paste(struct edit *, bool yes);

/* Paints into width x height cells; marks overflow with < and >. Places the cursor when focused. */
void edit_draw(struct edit *, int row, int col, int width, int height, bool focused);

#endif
