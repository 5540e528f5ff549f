/*
 * search_key.h - the keys under which a name is found: pinyin, marks, initials, raw Han.
 *
 * Keys are written beside a name (search_name) and compared by prefix with what a person types,
 * once search_query brought it into the same form. Not for: telephones and codes (search.sql).
 * Trap: names and queries must pass the same transliteration; a key built elsewhere is never found.
 * Whoever changes what a name's keys are counts SEARCH_KEYS up, or old names keep their old keys.
 */
#ifndef LODGE_SEARCH_KEY_H
#define LODGE_SEARCH_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/words.h"

enum {
	SEARCH_KEYS = 2,        /* the form of the keys; `lodged migrate` renews those of an older one */
	SEARCH_INITIALS = '.',  /* first character of initials: ".zxm" */
	SEARCH_WHOLE = '=',     /* and of the whole name in letters, for typing mistakes */
};

/* Every key of a name, each once, lower case, without blanks: the suffix from every word
 * (zhangxiaoming, xiaoming, ming), the initials (.zxm), the suffix from every Han character in
 * simplified form, the suffixes as the name is written (marks, traditional characters), the whole
 * (=zhangxiaoming); surnames with several readings under each of them.
 * The array lives in the arena. ERR_TOO_BIG for a name of more than 500 UTF-16 units. */
enum err search_keys(struct arena *, const char *name, const char ***keys, size_t *n) MUST_CHECK;

/* What somebody typed, in the forms of the keys. */
struct search_words {
	const char *plain;    /* Han: simplified characters; else letters without marks; "" = nothing */
	const char *given;    /* as typed, with marks and in its script; NULL when plain says the same */
	const char *initials; /* NULL when it can be none */
	const char *latin;    /* by sound */
	const char *folded;   /* the text itself in lower case and half width, blanks kept */
};
enum err search_query(struct arena *, const char *text, struct search_words *) MUST_CHECK;

#endif
