/*
 * base64.c - RFC 4648, with padding and without line feeds.
 * Not for: streams; whole groups of three bytes join, so only the last part may be odd.
 * Trap: what is left over in the last character must be zero, or two texts mean one.
 */
#include "common/base64.h"

#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_put(struct buf *b, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (; n > 0; p += n < 3 ? n : 3, n -= n < 3 ? n : 3) {
		unsigned group = (unsigned)p[0] << 16 | (n > 1 ? (unsigned)p[1] << 8 : 0) | (n > 2 ? p[2] : 0u);
		char text[4] = { letters[group >> 18], letters[group >> 12 & 63], n > 1 ? letters[group >> 6 & 63] : '=',
			n > 2 ? letters[group & 63] : '=' };

		buf_put(b, text, sizeof(text));
	}
}

/* The six bits of a letter, or -1. */
static int bits_of(char c)
{
	const char *at = c ? strchr(letters, c) : NULL;

	return at ? (int)(at - letters) : -1;
}

enum err base64_take(struct buf *b, const char *text, size_t n)
{
	if (n % 4 != 0)
		return ERR_PARSE;
	for (; n > 0; text += 4, n -= 4) {
		size_t odd = n > 4 ? 0 : (size_t)(text[3] == '=') + (size_t)(text[3] == '=' && text[2] == '=');
		unsigned group = 0;

		for (size_t i = 0; i < 4; i++) {
			int bits = i < 4 - odd ? bits_of(text[i]) : 0;

			if (bits < 0)
				return ERR_PARSE;
			group = group << 6 | (unsigned)bits;
		}
		unsigned char bytes[3] = { (unsigned char)(group >> 16), (unsigned char)(group >> 8), (unsigned char)group };

		if ((odd == 1 && bytes[2]) || (odd == 2 && (bytes[1] || bytes[2])))
			return ERR_PARSE;
		buf_put(b, bytes, 3 - odd);
	}
	return b->failed ? ERR_TOO_BIG : OK;
}
