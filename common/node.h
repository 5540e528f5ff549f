/*
 * node.h - a JSON text as a tree in an arena. The only module that knows jansson.
 *
 * Strict: UTF-8 only, duplicate keys refused, nesting bounded before anything recurses.
 * Not for: writing answers (buf.h does that without a tree). Trap: a string may hold U+0000
 * (.len knows, strlen does not): pass .s with .len to text_clean, which refuses it.
 */
#ifndef LODGE_NODE_H
#define LODGE_NODE_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/words.h"

enum node_type {
	NODE_NULL = 1, NODE_BOOL, NODE_INT, NODE_REAL, NODE_STRING, NODE_ARRAY, NODE_OBJECT
};

struct node {
	enum node_type type;
	const char *key;            /* name inside an object, else NULL */
	bool b;
	int64_t i;
	double r;                   /* NODE_REAL, and the value of an INT too */
	const char *s;              /* NODE_STRING: NUL-terminated UTF-8 */
	size_t len;                 /* bytes of .s */
	struct node *first, *next;  /* members in the order of the text; next sibling */
	size_t count;               /* members */
};

/* Reads one JSON object or array. ERR_PARSE: no JSON, no UTF-8, a duplicate key. ERR_TOO_BIG:
 * nested deeper than max_depth (a flat object is 1) or too much for the arena. Integers beyond 64
 * bits are read as NODE_REAL, so that they are a wrong value and not a broken line. *out lives in
 * the arena and is set only on OK. line need not be NUL-terminated. */
enum err node_parse(struct arena *, const char *line, size_t len, int max_depth,
	struct node **out) MUST_CHECK;

/* Member of an object; NULL when there is none, or when n is NULL or no object. */
const struct node *node_get(const struct node *, const char *key);
/* The text of a string without U+0000; NULL for everything else, NULL included. */
const char *node_str(const struct node *);
/* The value as JSON with the keys of every object sorted: equal values give equal bytes. */
void node_write(struct buf *, const struct node *);

#endif
