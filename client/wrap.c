/*
 * wrap.c - see wrap.h.
 *
 * Not for: painting. Trap: widths are summed up character by character, so that a long note is
 * not measured anew at each of its letters.
 */
#include "client/wrap.h"

#include <string.h>

#include "common/text.h"

enum { FIRST_HAN = 0x2e80, CHARACTER = 5 };

/* The cells of the character at text, and its bytes. */
static int character(const char *text, size_t n, uint32_t *cp, size_t *step)
{
	char one[CHARACTER] = "";

	*step = text_decode(text, n, cp);
	if (*step == 0) {
		*step = 1;
		*cp = 0xfffd;
	}
	memcpy(one, text, *step);
	return text_width(one);
}

/* Bytes of the characters that fit; *best: those up to the last place to break at. */
static size_t fitting(const char *text, int cells, size_t *best)
{
	size_t at = 0, n = strlen(text), step;
	uint32_t cp;

	*best = 0;
	while (at < n && text[at] != '\n') {
		cells -= character(text + at, n - at, &cp, &step);
		if (cells < 0)
			break;
		at += step;
		if (cp == ' ' || cp >= FIRST_HAN)
			*best = at;
	}
	return at;
}

size_t wrap_at(const char *text, int cells)
{
	size_t best;

	fitting(text, cells, &best);
	return best;
}

size_t wrap_row(const char *text, int cells)
{
	size_t best, at = fitting(text, cells, &best), step;
	uint32_t cp;

	if (text[at] == '\0' || text[at] == '\n')
		return at;
	if (best > 0)
		return best;
	if (at == 0) /* not even one: a row must go on all the same */
		character(text, strlen(text), &cp, &step);
	return at > 0 ? at : step;
}
