/*
 * key.h - one event from the keyboard side of a terminal, and the English names of keys.
 *
 * Every widget takes these and nothing else, so it can be tested without a terminal. Not for:
 * reading bytes (decode.c) or saying what a key does (keys.c).
 * Trap: .text of a paste belongs to the decoder and lives until its next event only.
 */
#ifndef LODGE_KEY_H
#define LODGE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/words.h"

/* Named keys with the names used in lodge.conf, in footers and in help. */
#define KEY_WORDS(X) \
	X(ENTER, "Enter") \
	X(TAB, "Tab") \
	X(BACKTAB, "Shift-Tab") \
	X(ESC, "Esc") \
	X(BACKSPACE, "Backspace") \
	X(DELETE, "Delete") \
	X(INSERT, "Insert") \
	X(UP, "Up") \
	X(DOWN, "Down") \
	X(LEFT, "Left") \
	X(RIGHT, "Right") \
	X(WORD_LEFT, "Ctrl-Left") \
	X(WORD_RIGHT, "Ctrl-Right") \
	X(HOME, "Home") \
	X(END, "End") \
	X(PGUP, "PgUp") \
	X(PGDN, "PgDn") \
	X(F1, "F1") X(F2, "F2") X(F3, "F3") X(F4, "F4") X(F5, "F5") X(F6, "F6") \
	X(F7, "F7") X(F8, "F8") X(F9, "F9") X(F10, "F10") X(F11, "F11") X(F12, "F12")

enum key_kind {
	K_UNSET = 0,
	K_TEXT,   /* one code point in .cp, Unicode scalar value, never a control */
	K_CTRL,   /* .cp = 'a'..'z' held with Ctrl (those that are not Tab, Enter, Backspace) */
	K_ALT,    /* .cp typed right behind an escape */
	K_PASTE,  /* .text, .len: as the terminal sent it, unchecked; never a command */
	K_RESIZE, /* the screen has another size; buffers are already adapted */
	K_EOF,    /* the terminal is gone, or the process is told to end: save and leave */
#define X(id, word) K_##id,
	KEY_WORDS(X)
#undef X
	K_END_OF_KINDS
};

struct key {
	enum key_kind kind;
	uint32_t cp;
	const char *text;
	size_t len;
	bool burst; /* part of a run of more than 20 characters that came in one read: text for
	               fields, but never a command (a paste from a terminal without brackets) */
};

/* Name as in lodge.conf: "a", "?", "Space", "Ctrl-L", "Alt-x", "F2", "Shift-Tab". dst >= 16 bytes. */
void key_spell(const struct key *key, char *dst, size_t cap);

/* The key of that name. ERR_INVALID for an unknown name. */
enum err key_of_name(const char *name, struct key *out) MUST_CHECK;

/* Same key, whatever the burst mark. */
bool key_same(const struct key *a, const struct key *b);

#endif
