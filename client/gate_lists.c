/*
 * gate_lists.c - see gate_lists.h.
 *
 * Keys are compared, rows are not read: a look-up runs through twenty-five thousand visitors. Not for: fetching (keep.c).
 * Trap: who is barred stops whoever else is called so.
 */
#include "client/gate_lists.h"

#include <string.h>

#include "common/arena.h"

enum { ROW_ARENA = 256 * 1024, ROW_DEPTH = 16 };

static bool is_barred(const struct gate_hit *hit, const char *today)
{
	struct arena *arena = hit->rule->bars && hit->fit == GATE_WHOLLY ? arena_new(ROW_ARENA) : NULL;
	struct node *row = NULL;
	bool barred = arena != NULL && node_parse(arena, hit->text, strlen(hit->text), ROW_DEPTH, &row) == OK &&
		gate_judge(hit->rule, row, today).word == GATE_STOP;

	arena_free(arena);
	return barred;
}

/* Only those that fit wholly, when there are any. */
static size_t keep_whole(struct gate_hit *hits, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (hits[i].fit == GATE_WHOLLY)
			hits[kept++] = hits[i];
	return kept > 0 ? kept : n;
}

bool gate_lists_is_twin(const struct keep *g, const struct gate_rule *rule, size_t at)
{
	struct keep_row this, other;

	if (!rule->bars || !keep_row(g, &rule->kept, at, &this))
		return false;
	for (size_t i = 0; i < at && keep_row(g, &rule->kept, i, &other); i++)
		if (other.state == this.state && strcmp(other.keys, this.keys) == 0)
			return true;
	return false;
}

size_t gate_lists_find(const struct keep *g, const char *typed, const char *book, const char *key, const char *today,
                       struct gate_hit *out, size_t most)
{
	struct gate_text text;
	struct keep_row row;
	size_t n = 0;

	gate_text_init(&text, typed);
	for (size_t i = 0; i < gate_nrules; i++) {
		const struct gate_rule *rule = &gate_rules[i];

		if (book != NULL && strcmp(book, rule->kept.book) != 0)
			continue;
		for (size_t k = 0; n < most && keep_row(g, &rule->kept, k, &row); k++) {
			enum gate_fit fit = gate_fits(rule, row.keys, key, &text);

			if (fit != GATE_NO_FIT && !gate_lists_is_twin(g, rule, k))
				out[n++] = (struct gate_hit){.rule = rule, .id = row.id, .text = row.text, .fit = fit};
		}
	}
	gate_text_done(&text);
	n = keep_whole(out, n);
	for (size_t i = 0; i < n; i++)
		if (is_barred(&out[i], today)) {
			out[0] = out[i];
			return 1;
		}
	return n;
}
