/*
 * draft.h - what people began to type: draft.keep, draft.list, draft.drop.
 *
 * Kept under our key in the database, so that a form survives its terminal and its server. Not
 * for: judging what is typed; a draft may be wrong in every field. Trap: a draft is sealed to its
 * person, form and record; no row can be read in another's name.
 */
#ifndef LODGE_DRAFT_H
#define LODGE_DRAFT_H

#include "server/lane.h"
#include "server/request.h"

void draft_keep(struct request *);
void draft_list(struct request *);
void draft_drop(struct request *);

/* The statement that removes the draft which an operation used; it belongs behind the operation in
 * the same call. False: this session keeps no drafts, or memory is short. */
bool draft_used_stmt(struct request *, const char *op_id, struct stmt *);

#endif
