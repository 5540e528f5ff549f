/*
 * gate_learn.h - what a row is after an operation that this terminal recorded offline, as far as a gate has to know it.
 *
 * Pure: descriptor and rule say it (an operation's state, gate_outcome, gate_spend). Not for: judging; the server does that
 * when the journal is handed in, and its row then takes the place of this one. Trap: it may be wrong where the server
 * refuses the record afterwards; so the row that the server gave is kept beside it (gate_lists_own.h).
 */
#ifndef LODGE_GATE_LEARN_H
#define LODGE_GATE_LEARN_H

#include "client/gate_decide.h"

/* Appends the row as JSON. row NULL: the operation makes it. id: what it is called here. at: the moment of the record. */
enum err gate_learn(const struct gate_rule *, const struct op *, const struct node *row, const struct node *params, int64_t id, const char *at,
                    struct buf *out) MUST_CHECK;
/* Whether what is known here rules it out: it starts from another state, or takes what is not left. NULL, or the sentence with its
 * rule, English msgids. */
const char *gate_learn_refuses(const struct gate_rule *, const struct op *, const struct node *row, const struct node *params, const char **rule);

#endif
