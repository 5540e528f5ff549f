/*
 * wrap.c - see wrap.h.
 *
 * Not for: paragraphs. Trap: a width is that of a whole prefix, because marks have none of their
 * own.
 */
#include "client/wrap.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"

enum { WRAP_MAX = 1024, FIRST_HAN = 0x2e80 };

size_t wrap_at(const char *text, int cells)
{
	size_t at = 0, best = 0, n = strnlen(text, WRAP_MAX - 1), step;
	char head[WRAP_MAX];
	uint32_t cp;

	while (at < n && (step = text_decode(text + at, n - at, &cp)) > 0) {
		at += step;
		snprintf(head, sizeof head, "%.*s", (int)at, text);
		if (text_width(head) > cells)
			break;
		if (cp == ' ' || cp >= FIRST_HAN)
			best = at;
	}
	return best;
}
