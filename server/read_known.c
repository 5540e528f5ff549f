/*
 * read_known.c - the statements of BOOK.get, built once for each role, level and way of naming.
 *
 * Their text depends on nothing else; areas, person and key travel as parameters and are put in here for
 * every reading. Not for: lists, whose text depends on what is asked. Trap: calls under way point into
 * what is kept, so nothing is ever replaced: where two meet in one place, the second is built each time.
 */
#include <stdlib.h>

#include "server/prepared.h"
#include "server/read.h"

enum { KNOWN_MAX = 1024, KNOWN_ARENA = 256 * 1024 };

struct known {
	const struct book *book, *parent;
	const struct part *part;
	enum role role;
	enum level level;
	bool by_id;
	struct selection sel;
};

static struct known *places[KNOWN_MAX];

static struct known **place_of(const struct known *key)
{
	const uintptr_t parts[] = {(uintptr_t)key->book, (uintptr_t)key->parent, (uintptr_t)key->part,
		(uintptr_t)key->role, (uintptr_t)key->level, key->by_id};
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < NITEMS(parts); i++)
		hash = (hash ^ parts[i]) * UINT64_C(1099511628211);
	return &places[(hash >> 32) % KNOWN_MAX];
}

static bool is_same(const struct known *a, const struct known *b)
{
	return a->book == b->book && a->parent == b->parent && a->part == b->part && a->role == b->role &&
		a->level == b->level && a->by_id == b->by_id;
}

static void keep(struct known **place, const struct known *key, const struct reader *reader)
{
	struct arena *arena = arena_new(KNOWN_ARENA);
	struct known *known = arena ? arena_alloc(arena, sizeof(*known)) : NULL;
	enum err err = ERR_NOMEM;

	if (known) {
		*known = *key;
		read_init(&known->sel, arena, reader, key->book);
		err = read_record_build(&known->sel, key->parent, key->part, key->by_id ? "" : NULL, "");
	}
	if (err != OK) {
		arena_free(arena); /* built, and its fault told, for the request itself */
		return;
	}
	known->sel.stmt.hash = prepared_hash(known->sel.stmt.sql);
	*place = known;
}

static void set_param(struct selection *sel, int n, const char *text)
{
	if (n)
		sel->params[n - 1] = text;
}

enum err read_record(struct selection *sel, const struct book *parent, const struct part *part,
	const char *id, const char *code)
{
	const struct known key = {.book = sel->book, .parent = parent, .part = part,
		.role = sel->reader->role, .level = sel->reader->level, .by_id = id != NULL};
	struct known **place = place_of(&key);
	const struct reader *reader = sel->reader;
	struct arena *arena = sel->arena;

	if (!*place)
		keep(place, &key, reader);
	if (!*place || !is_same(*place, &key))
		return read_record_build(sel, parent, part, id, code);
	*sel = (*place)->sel;
	sel->arena = arena;
	sel->reader = reader;
	sel->stmt.params = sel->params;
	set_param(sel, sel->areas_at, reader->areas);
	set_param(sel, sel->staff_at, reader->staff);
	set_param(sel, sel->heads_at, reader->heads);
	set_param(sel, sel->key_at, id ? id : code);
	return OK;
}
