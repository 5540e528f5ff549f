/*
 * buf.c - the growing buffer and the JSON string writer.
 * Not for: knowing what a message means. Trap: growth copies by hand, because realloc would leave
 * an unwiped copy of personal data behind.
 */
#include "common/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

static char nothing[1]; /* what an unused buffer shows; only ever read */

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .data = nothing, .max = max };
}

void buf_reset(struct buf *b)
{
	if (b->cap)
		explicit_bzero(b->data, b->len + 1);
	b->len = 0;
	b->failed = false;
}

void buf_done(struct buf *b)
{
	buf_reset(b);
	if (b->cap)
		free(b->data);
	buf_init(b, b->max);
}

/* Makes room for n more bytes and the NUL. */
static bool buf_grow(struct buf *b, size_t n)
{
	if (b->failed || n > b->max - b->len) {
		b->failed = true;
		return false;
	}
	size_t need = b->len + n + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap ? b->cap : 256;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	char *data = malloc(cap);
	if (!data) {
		b->failed = true;
		return false;
	}
	memcpy(data, b->data, b->len);
	if (b->cap) {
		explicit_bzero(b->data, b->len + 1);
		free(b->data);
	}
	b->data = data;
	b->cap = cap;
	return true;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	if (n == 0 || !buf_grow(b, n))
		return;
	memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

/* Most of what is printed fits into what is there: only the rest is measured first. */
void buf_printf(struct buf *b, const char *fmt, ...)
{
	const size_t room = b->cap ? b->cap - b->len : 0;
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(room ? b->data + b->len : NULL, room, fmt, args);
	bool fits = n >= 0 && !b->failed && (size_t)n < room && (size_t)n <= b->max - b->len;
	if (room && !fits)
		explicit_bzero(b->data + b->len, room); /* its beginning, which growth would leave behind */
	if (n < 0) {
		b->failed = true;
	} else if (fits) {
		b->len += (size_t)n;
	} else if (buf_grow(b, (size_t)n)) {
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
	va_end(args);
}

/* The two-character escape of JSON, or 0. */
static char short_escape(uint32_t cp)
{
	switch (cp) {
	case '"': return '"';
	case '\\': return '\\';
	case '\b': return 'b';
	case '\f': return 'f';
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	}
	return 0;
}

static void put_escaped(struct buf *b, uint32_t cp)
{
	char c = short_escape(cp);
	if (c)
		buf_put(b, (char[]){ '\\', c }, 2);
	else
		buf_printf(b, "\\u%04x", (unsigned)cp);
}

static bool needs_escape(uint32_t cp)
{
	return cp < 0x20 || cp == '"' || cp == '\\' || (cp >= 0x7f && cp < 0xa0);
}

void buf_json_strn(struct buf *b, const char *s, size_t n)
{
	size_t plain = 0; /* start of the run that is copied as it stands */
	buf_put(b, "\"", 1);
	for (size_t i = 0; i < n;) {
		uint32_t cp = 0;
		size_t step = text_decode(s + i, n - i, &cp);
		if (step && !needs_escape(cp)) {
			i += step;
			continue;
		}
		buf_put(b, s + plain, i - plain);
		if (step)
			put_escaped(b, cp);
		else
			buf_puts(b, "\xef\xbf\xbd");
		i += step ? step : 1;
		plain = i;
	}
	buf_put(b, s + plain, n - plain);
	buf_put(b, "\"", 1);
}

void buf_json_str(struct buf *b, const char *s)
{
	if (s)
		buf_json_strn(b, s, strlen(s));
	else
		buf_puts(b, "null");
}

void buf_json_member(struct buf *buf, const char *name, const char *text)
{
	buf_printf(buf, ",\"%s\":", name);
	buf_json_str(buf, text);
}

void buf_json_int(struct buf *b, int64_t i)
{
	buf_printf(b, "%lld", (long long)i);
}
