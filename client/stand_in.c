/*
 * stand_in.c - see stand_in.h.
 *
 * Not for: writes; they go into the journal (offline.c). Trap: a callback may ask, forget and take the arena, so after each the list
 * is begun anew.
 */
#include "client/stand_in.h"

#include "common/arena.h"
#include "common/node.h"

enum { DEPTH = 16 };

static bool waits(const struct ask *a)
{
	return !a->is_sent && !a->is_running && !a->is_declined && (a->flags & (LINK_ONCE | LINK_STRANGER | LINK_SERVER)) == 0;
}

bool stand_in_is_asked(const struct asks *all)
{
	const struct ask *a = all->first;

	while (a != NULL && !waits(a))
		a = a->next;
	return a != NULL;
}

/* Takes the request's line apart again. */
static bool answer(const struct stand_in *by, const struct ask *a, struct arena *arena, const struct node **result)
{
	struct node *message = NULL;
	const char *method;

	if (arena == NULL || node_parse(arena, a->line, a->len - 1, DEPTH, &message) != OK)
		return false;
	method = node_str(node_get(message, "method"));
	return method != NULL && by->answer(by->ctx, method, node_get(message, "params"), arena, result);
}

void stand_in_turn(const struct stand_in *by, struct asks *all, struct arena **arena, size_t most)
{
	struct ask *a = all->first;

	while (a != NULL && by->answer != NULL) {
		struct answer given = {.code = OK, .message = ""};

		if (*arena == NULL)
			*arena = arena_new(most);
		if (!waits(a)) {
			a = a->next;
			continue;
		}
		if (answer(by, a, *arena, &given.result)) {
			asks_answer(all, a, &given);
			a = all->first;
		} else {
			a->is_declined = true;
		}
		if (*arena != NULL)
			arena_reset(*arena);
	}
}
