/*
 * arena.h - memory of one request (server) or one message (client): taken piece by piece, given
 * back all at once.
 *
 * Everything parsed, validated and answered lives in one arena and dies in one arena_reset, so
 * request code holds no free(). The cap turns a greedy peer into ERR_NOMEM for that peer only.
 * Not for: things that outlive a request. Trap: arena_reset wipes, so every pointer into the
 * arena is dead afterwards, and reading through it shows zeros, not an error.
 */
#ifndef LODGE_ARENA_H
#define LODGE_ARENA_H

#include "common/words.h"

struct arena;

/* A new arena that hands out at most cap bytes between two resets. NULL when memory is short.
 * The caller owns it: arena_free. */
struct arena *arena_new(size_t cap) MUST_CHECK;
/* Wipes and frees everything; NULL is allowed. */
void arena_free(struct arena *);
/* Wipes everything handed out (explicit_bzero) and starts afresh. */
void arena_reset(struct arena *);

/* n zeroed bytes, aligned for any type; NULL over the cap or when memory is short. n = 0 gives a
 * valid pointer. */
void *arena_alloc(struct arena *, size_t n) MUST_CHECK;
/* A NUL-terminated copy of n bytes; NULL as above. */
char *arena_strndup(struct arena *, const char *s, size_t n) MUST_CHECK;
char *arena_strdup(struct arena *, const char *s) MUST_CHECK;
char *arena_printf(struct arena *, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

#endif
