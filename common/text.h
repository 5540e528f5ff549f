/*
 * text.h - what a text may hold, how wide it is, and how it is cut: UTF-8, NFC, hygiene.
 *
 * The one place that decides which characters enter the house: at write on the server, at the
 * input edge and again at drawing in the client, and in logs. Not for: lengths of a field
 * (validate.h), escaping for JSON (buf.h). Trap: widths come from wcwidth, so main must have
 * called setlocale(LC_CTYPE) with a UTF-8 locale; characters that it does not know count 1.
 */
#ifndef LODGE_TEXT_H
#define LODGE_TEXT_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/words.h"

enum { TEXT_MARKS_MAX = 3 }; /* combining marks on one base; Vietnamese needs two */

/* First character of n bytes: returns its length and sets *cp, or 0 when the bytes are no strict
 * UTF-8 (overlong, surrogate, beyond U+10FFFF, cut short, n = 0). */
size_t text_decode(const char *s, size_t n, uint32_t *cp);
/* Writes cp as UTF-8 (4 bytes at most, no NUL) and returns the length; 0 for no character. */
size_t text_encode(uint32_t cp, char out[4]);

/* Why this single character may not be stored: an English msgid, or NULL when it may. lines: line
 * feeds are allowed. */
const char *text_refuses(uint32_t cp, bool lines);
/* True for a character that joins the one before it (a combining mark). */
bool text_is_mark(uint32_t cp);

/* Checks n bytes and normalises them to NFC. OK: *out is the text in the arena. ERR_INVALID: *why
 * says what is wrong (English msgid). ERR_NOMEM: the arena is full. Nothing is dropped silently:
 * what may not be stored is refused. */
enum err text_clean(struct arena *, const char *in, size_t n, bool lines, const char **out,
	const char **why) MUST_CHECK;

/* Code points, as PostgreSQL's char_length counts them; a broken byte counts 1. */
size_t text_chars(const char *s);
/* Terminal cells that text_fit would use for the whole text. */
int text_width(const char *s);
/* Writes s as exactly `cells` cells: cut between clusters with `~` in place of the last cell,
 * padded with blanks, every character that may not be shown as U+FFFD. dst is NUL-terminated and
 * never more than cap bytes with the NUL; what does not fit in cap is left out whole. Returns the
 * bytes written without the NUL. Four bytes a cell plus marks: cap = 16 * cells + 1 is ample. */
size_t text_fit(char *dst, size_t cap, const char *s, int cells);
/* Appends s as one looks for it: lower case, half width, without marks (Đ as d), so that `nguyen`
 * is found in Nguyễn. For comparing only. What is no UTF-8 is appended as it is. */
void text_fold(struct buf *, const char *s);
/* True when s holds the words as text_fold makes them; folded must be folded already. */
bool text_holds(const char *s, const char *folded);
/* For logs: one line of printable text whatever s holds. Control, invisible and direction
 * characters become JSON escapes (\n, \u202e), bytes that are no UTF-8 become \ufffd, quotes and
 * backslashes are escaped. */
void text_safe(struct buf *, const char *s);

#endif
