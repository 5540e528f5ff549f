/*
 * search_text.h - what somebody typed, read as a telephone number or as a code.
 *
 * Not for: names (search_key.h), and not for asking the database.
 * Trap: a number is kept twice, forwards and backwards, because an index finds beginnings only;
 * whoever stores numbers takes both keys from here.
 */
#ifndef LODGE_SEARCH_TEXT_H
#define LODGE_SEARCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/words.h"

enum {
	PHONE_KEYS_MAX = 2,
	SEARCH_TAIL = '<',     /* first character of a number written backwards: "<1003027193" */
	CODE_SPELLINGS_MAX = 64,
};

/* Keys of a number as it is stored: its digits, and its digits backwards. *n is 0 without digits. */
enum err search_phone_keys(struct arena *, const char *phone, const char *keys[PHONE_KEYS_MAX],
	size_t *n) MUST_CHECK;

/* A text that can be (the end of) a telephone number: four digits at least, in any writing. */
struct search_phone {
	const char *digits;    /* NULL: it is no number */
	const char *tail;      /* prefix of the keys that end like it */
	const char *head;      /* prefix of the keys that begin like it; NULL when it is too short */
};
enum err search_phone(struct arena *, const char *folded, struct search_phone *) MUST_CHECK;

/* A text read as the code of a unit or a file. */
struct search_code {
	const char *spellings[CODE_SPELLINGS_MAX]; /* codes that it may mean */
	size_t nspellings;
	bool is_guess;         /* from bare digits: good only when it means exactly one record */
};
/* "7 1203", "7栋1203室", "7.12.03", "71203"; as it stands is always among the spellings, unless it
 * is a guess. folded: of search_query. */
enum err search_code(struct arena *, const char *folded, struct search_code *) MUST_CHECK;

#endif
