/*
 * read_known.c - the statements of BOOK.get, built once for each role, level and way of naming.
 *
 * Their text depends on nothing else; areas, person and key travel as parameters and are put in here for
 * every reading. Not for: lists, whose text depends on what is asked. Trap: calls under way point into
 * what is kept, so nothing is ever replaced: where two meet in one place, the second is built each time.
 */
#include <string.h>

#include "server/read.h"

enum { KNOWN_MAX = 1024, KNOWN_ARENA = 256 * 1024, KEYS = 6 };

struct known {
	uintptr_t key[KEYS]; /* book, parent, part, role, level, by id? */
	struct selection sel;
};

static struct known *places[KNOWN_MAX];

static struct known **place_of(const uintptr_t *key)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < KEYS; i++)
		hash = (hash ^ key[i]) * UINT64_C(1099511628211);
	return &places[(hash >> 32) % KNOWN_MAX];
}

/* What cannot be built has its fault told when it is built for the request itself. */
static struct known *keep(const uintptr_t *key, const struct selection *sel, const struct book *parent,
	const struct part *part)
{
	struct arena *arena = arena_new(KNOWN_ARENA);
	struct known *known = arena ? arena_alloc(arena, sizeof(*known)) : NULL;

	if (known) {
		memcpy(known->key, key, sizeof(known->key));
		read_init(&known->sel, arena, sel->reader, sel->book);
		if (read_record_build(&known->sel, parent, part, key[KEYS - 1] ? "" : NULL, "") == OK)
			return known;
	}
	arena_free(arena);
	return NULL;
}

enum err read_record(struct selection *sel, const struct book *parent, const struct part *part,
	const char *id, const char *code)
{
	const struct reader *reader = sel->reader;
	const uintptr_t key[KEYS] = {(uintptr_t)sel->book, (uintptr_t)parent, (uintptr_t)part,
		(uintptr_t)reader->role, (uintptr_t)reader->level, id != NULL};
	struct known **place = place_of(key);
	struct arena *arena = sel->arena;

	if (!*place)
		*place = keep(key, sel, parent, part);
	if (!*place || memcmp((*place)->key, key, sizeof(key)) != 0)
		return read_record_build(sel, parent, part, id, code);
	*sel = (*place)->sel;
	sel->arena = arena;
	sel->reader = reader;
	sel->stmt.params = sel->params;
	sel->params[sel->key_at - 1] = id ? id : code;
	if (sel->areas_at)
		sel->params[sel->areas_at - 1] = reader->areas;
	if (sel->staff_at)
		sel->params[sel->staff_at - 1] = reader->staff;
	if (sel->heads_at)
		sel->params[sel->heads_at - 1] = reader->heads;
	return OK;
}
