/*
 * search_key.h - the keys under which a name is found: pinyin, no tone marks, initials, raw Han.
 *
 * Keys are written beside a name (search_name) and compared by prefix with what a person types,
 * once search_query brought it into the same form. Not for: telephones and codes.
 * Trap: names and queries must pass the same transliteration; a key built elsewhere is never found.
 */
#ifndef LODGE_SEARCH_KEY_H
#define LODGE_SEARCH_KEY_H

#include <stddef.h>

#include "common/arena.h"
#include "common/words.h"

/* Every key of a name, each once, lower case, without blanks: the suffix from every word
 * (zhangxiaoming, xiaoming, ming), the initials (zxm), the suffix from every Han character in
 * simplified and in given form; surnames with several readings under each of them.
 * The array lives in the arena. ERR_TOO_BIG for a name of more than 500 UTF-16 units. */
enum err search_keys(struct arena *, const char *name, const char ***keys, size_t *n) MUST_CHECK;

/* What somebody typed, in the form of the keys. Han characters keep their place (simplified),
 * everything else becomes letters without marks. May be empty: nothing to search for. */
enum err search_query(struct arena *, const char *text, const char **key) MUST_CHECK;

#endif
