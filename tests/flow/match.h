/*
 * match.h - does an answer hold what a script wants of it?
 *
 * Objects: every wanted member is there and matches. Arrays: every wanted element matches some
 * element. Strings: equal; "*" is anything not empty, "*word*" holds the word. null: really null.
 * Not for: exact comparison. Trap: a masked member is absent, which is not null.
 */
#ifndef FLOW_MATCH_H
#define FLOW_MATCH_H

#include <jansson.h>
#include <stdbool.h>

/* False with the first member that differs in where (a buffer of n bytes). */
bool match_json(const json_t *wanted, const json_t *came, char *where, size_t n);
/* A member by path, such as rows.0.id; NULL when it is not there. */
json_t *match_path(json_t *root, const char *path);
/* True when some string in the tree, key or value, holds the text. */
bool match_holds(const json_t *root, const char *text);

#endif
