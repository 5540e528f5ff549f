/*
 * array.h - PostgreSQL's text form of one-dimensional arrays: {1,2} and {"a","b"}.
 *
 * Not for: nested arrays, or elements with quotes when reading (the house reads numbers and words
 * only). Trap: an element text is always quoted when written, or NULL and {} would mean something.
 */
#ifndef LODGE_ARRAY_H
#define LODGE_ARRAY_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/words.h"

/* {"a","b"}; NULL when memory is short. */
const char *array_of_texts(struct arena *, const char *const *items, size_t n) MUST_CHECK;
/* Takes the next number or bare word from *cursor into word (cut at cap); false at the end. */
bool array_next(const char **cursor, char *word, size_t cap);
/* BIT(role) of every role named; NULL gives 0. */
uint64_t array_roles(const char *array);

#endif
