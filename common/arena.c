/*
 * arena.c - chunks of memory in a list, filled one after the other.
 * Not for: giving back single pieces. Trap: a chunk is wiped over its used part only, so nothing
 * may write beyond what arena_alloc handed out (ASan builds see to that).
 */
#include "common/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_FIRST = 4096, CHUNK_LARGEST = 256 * 1024 };

struct chunk {
	struct chunk *older;
	size_t used, size;
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *newest;
	size_t taken, cap;
};

struct arena *arena_new(size_t cap)
{
	struct arena *a = calloc(1, sizeof(*a));
	if (a)
		a->cap = cap;
	return a;
}

static void chunk_wipe(struct chunk *c)
{
	explicit_bzero(c->data, c->used);
	c->used = 0;
}

void arena_reset(struct arena *a)
{
	struct chunk *c = a->newest;
	while (c && c->older) { /* the oldest, smallest chunk is kept for the next request */
		struct chunk *older = c->older;
		chunk_wipe(c);
		free(c);
		c = older;
	}
	if (c)
		chunk_wipe(c);
	a->newest = c;
	a->taken = 0;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a->newest);
	free(a);
}

static struct chunk *chunk_add(struct arena *a, size_t n)
{
	size_t size = a->newest ? a->newest->size * 2 : CHUNK_FIRST;
	if (size > CHUNK_LARGEST)
		size = CHUNK_LARGEST;
	if (size < n)
		size = n;
	struct chunk *c = calloc(1, sizeof(*c) + size);
	if (!c)
		return NULL;
	c->size = size;
	c->older = a->newest;
	a->newest = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = _Alignof(max_align_t);
	if (n > a->cap - a->taken)
		return NULL;
	size_t room = n ? (n + align - 1) / align * align : align;
	if (room > a->cap - a->taken)
		return NULL;
	struct chunk *c = a->newest;
	if ((!c || room > c->size - c->used) && !(c = chunk_add(a, room)))
		return NULL;
	void *p = c->data + c->used;
	c->used += room;
	a->taken += room;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;
	if (copy && n)
		memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	char *s = NULL;
	int n = vsnprintf(NULL, 0, fmt, args);
	if (n >= 0 && (s = arena_alloc(a, (size_t)n + 1)))
		vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(args);
	return s;
}
