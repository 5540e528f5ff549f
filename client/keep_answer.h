/*
 * keep_answer.h - answers lists and records from what is kept (keep.h) while the server is away.
 *
 * So screens ask as ever and need not know. Not for: writing (offline.h). Trap: a question that reaches beyond what is kept is not
 * answered at all, rather than with a part of the rows.
 */
#ifndef LODGE_KEEP_ANSWER_H
#define LODGE_KEEP_ANSWER_H

#include "client/keep.h"

/* For link_stand_in; ctx: the keep. The result is built in the arena. False: it is not to be had here. */
bool keep_answer(void *ctx, const char *method, const struct node *params, struct arena *, const struct node **result);

#endif
