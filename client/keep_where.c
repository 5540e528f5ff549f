/*
 * keep_where.c - see keep_where.h.
 *
 * Not for: SQL. Trap: a code is compared as it is written, as the server does; `7-1203` is not `71203`.
 */
#include "client/keep_where.h"

#include <string.h>

bool keep_same(const struct node *value, const struct node *asked)
{
	if (asked->type == NODE_NULL || value == NULL || value->type == NODE_NULL)
		return asked->type == NODE_NULL && (value == NULL || value->type == NODE_NULL);
	if (value->type == NODE_OBJECT)
		value = node_get(value, asked->type == NODE_INT ? "id" : "code");
	if (value == NULL || value->type != asked->type)
		return false;
	if (asked->type == NODE_INT)
		return value->i == asked->i;
	if (asked->type == NODE_BOOL)
		return value->b == asked->b;
	return asked->type == NODE_STRING && value->len == asked->len && memcmp(value->s, asked->s, asked->len) == 0;
}

static bool is_one_of(const struct node *value, const struct node *asked)
{
	if (asked->type != NODE_ARRAY)
		return keep_same(value, asked);
	for (const struct node *one = asked->first; one != NULL; one = one->next)
		if (keep_same(value, one))
			return true;
	return false;
}

bool keep_fits(const struct node *where, const struct node *row)
{
	for (const struct node *m = where->first; m != NULL; m = m->next)
		if (!is_one_of(node_get(row, m->key), m))
			return false;
	return true;
}

bool keep_within(const struct node *where, const struct node *kept)
{
	for (const struct node *m = where->first; m != NULL; m = m->next)
		if (m->type == NODE_OBJECT)
			return false;
	for (const struct node *m = kept->first; m != NULL; m = m->next) {
		const struct node *asked = node_get(where, m->key), *one = asked != NULL && asked->type == NODE_ARRAY ? asked->first : asked;

		if (one == NULL)
			return false;
		for (; one != NULL; one = asked->type == NODE_ARRAY ? one->next : NULL)
			if (!is_one_of(one, m))
				return false;
	}
	return true;
}
