/*
 * tty.h - the terminal: modes, events, and a screen of sanitised text.
 *
 * The only module that knows curses. It owns raw mode, the alternate screen, bracketed paste, the
 * signals WINCH, HUP and TERM, and the painting primitives. Not for: meaning of keys, layout, network.
 * Trap: signals are blocked except inside tty_wait(), so a resize can never be lost between a
 * check and a sleep. Wait only there.
 */
#ifndef LODGE_TTY_H
#define LODGE_TTY_H

#include <poll.h>

#include "client/key.h"

/* The fixed role table: a widget names a role, never a colour. */
enum style {
	STYLE_TEXT = 0, /* plain: the terminal's own colours */
	STYLE_TITLE,    /* row 0 */
	STYLE_FOOTER,   /* last row, texts */
	STYLE_KEY,      /* last row, key names; label of the current field */
	STYLE_SELECT,   /* selected row */
	STYLE_ERROR,
	STYLE_LATE,
	STYLE_LOCKED,   /* [#] */
	STYLE_FIELD,    /* text being typed: always plain (bytes per key) */
	STYLE_STOP,     /* bars above and below a word that stops somebody */
	STYLE_END
};

struct tty_options {
	const char *colour; /* "auto" (NULL), "always", "never" */
	const char *theme;  /* "default" (NULL), "high-contrast", "mono" */
	bool lean;          /* selected row by marker only: 13 bytes a move instead of 179 */
	int esc_delay_ms;   /* 0 = 50 */
};

/* Opens the terminal on standard input and output. ERR_INVALID: no terminal, or one that cannot
 * move its cursor; *why is then one English sentence and the terminal is as it was. */
enum err tty_open(const struct tty_options *options, const char **why) MUST_CHECK;

/* Back to the shell's screen and modes; harmless when not open. */
void tty_close(void);

/* Sleeps until the terminal, one of fds, or a signal has something, or timeout_ms (-1 = for ever)
 * went by; sets revents of fds. The only place where the client sleeps. Returns how many fds are
 * ready. */
int tty_wait(struct pollfd *fds, size_t nfds, int timeout_ms);

/* Takes the next event; false when there is none now. With hold, only K_RESIZE and K_EOF are
 * given and keys stay queued: type-ahead is never lost while an answer is awaited. Held escape
 * keys can be asked for with tty_escape_waits(). */
bool tty_next(struct key *out, bool hold);

/* What was said last about holding is not true any more: keys that are not held wake tty_wait(). */
void tty_hold(bool hold);

/* True when a lone escape key is among the keys still queued (the user wants out of a wait). */
bool tty_escape_waits(void);

void tty_size(int *rows, int *cols);

/* Starts a picture: everything blank, cursor at 0,0. False when the screen is below 80x24: then
 * the sentence about it is the picture, and only tty_end() is to be called. */
bool tty_begin(void);

/* Paints text into exactly width cells: what is unsafe to show becomes U+FFFD, cut by cluster
 * with ~ as mark, padded with blanks. Cells outside the screen are left out. text may be any
 * bytes. A NULL text is empty. */
void tty_put(int row, int col, int width, const char *text, enum style style);

/* Like tty_put but left of nothing: paints only the cells of the text, at most width; returns
 * the column behind it. */
int tty_say(int row, int col, int width, const char *text, enum style style);

/* A rule of '-'. */
void tty_rule(int row, int col, int width);

/* Where the cursor rests at the end of the picture: the focus (braille follows it). The last call wins. */
void tty_cursor(int row, int col);

/* Shows the picture: one write of the differences. */
void tty_end(void);

/* Forgets what the terminal shows: the next tty_end() sends everything (Ctrl-L). */
void tty_redraw(void);

/* Overwrites the buffers and the screen with blanks at once (lock, end of a reveal). */
void tty_wipe(void);

void tty_bell(void);

/* True when the selected row is to be shown by marker only. */
bool tty_is_lean(void);

#endif
