/*
 * keep_where.h - a list's "where" asked of rows that are kept here instead of the database.
 *
 * Words, numbers, yes and no, nothing, references by id or code, and lists of these. Not for: stretches of time (a question with
 * one is not answered here). Trap: a state is the one that the row had when it was fetched or learnt.
 */
#ifndef LODGE_KEEP_WHERE_H
#define LODGE_KEEP_WHERE_H

#include <stdbool.h>

#include "common/node.h"

/* Does a value of a row agree with one of a question? */
bool keep_same(const struct node *value, const struct node *asked);
/* Does the row fit every member? */
bool keep_fits(const struct node *where, const struct node *row);
/* Is whatever fits `where` among what fits `kept`? */
bool keep_within(const struct node *where, const struct node *kept);

#endif
