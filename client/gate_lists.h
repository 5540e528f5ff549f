/*
 * gate_lists.h - finding in what the gate keeps (keep.h) what was typed or scanned.
 *
 * Not for: words (gate_decide.h). Trap: a hit's text belongs to the lists and lives until the next answer of the link.
 */
#ifndef LODGE_GATE_LISTS_H
#define LODGE_GATE_LISTS_H

#include "client/gate_decide.h"
#include "client/keep.h"

struct gate_hit {
	const struct gate_rule *rule;
	int64_t id;
	const char *text;    /* the row as JSON */
	enum gate_fit fit;
};

/* Every row that the text fits, of one book and key only when given; what fits wholly drives out what fits partly, and
 * who is barred drives out everything. Returns how many there are; at most `most` are written. */
size_t gate_lists_find(const struct keep *, const char *typed, const char *book, const char *key, const char *today,
                       struct gate_hit *out, size_t most);
/* A line for the whole estate stands in every area: is this one there already, further up? */
bool gate_lists_is_twin(const struct keep *, const struct gate_rule *, size_t at);

#endif
