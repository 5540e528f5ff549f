/*
 * find.h - what the files of the search share: the question in all its forms, and the hits.
 * Not for: others; the one way in is engine_find (engine_own.h). Trap: everything lives in the
 * request's arena, also while the second answer is under way.
 */
#ifndef LODGE_FIND_H
#define LODGE_FIND_H

#include "server/engine_own.h"
#include "server/search_key.h"
#include "server/search_text.h"

enum { FOUND_MAX = 20, FOUND_FEW = 5, HITS_MAX = 400, RANGES_MAX = CODE_SPELLINGS_MAX };

/* In the order of the answer. */
enum why {
	WHY_EXACT, WHY_CODE, WHY_MARK, WHY_PREFIX, WHY_INITIALS, WHY_PHONE, WHY_TYPO, WHY_END,
};

/* Cells of every statement of the search. */
enum { FOUND_ID, FOUND_TITLE, FOUND_KEY, FOUND_RANGE, FOUND_PLACE, FOUND_SUBJECT };

/* One stretch of an index, and what a hit in it means. */
struct range {
	const char *text;      /* keys begin like this, or are exactly this */
	bool is_whole;
	enum why why;
};

struct ranges {
	struct range list[RANGES_MAX];
	size_t n;
};

struct hit {
	const char *book, *id, *code, *title, *place, *key, *subject;
	enum why why;
	int rank;              /* the reason, and how well it holds; the least comes first */
	bool is_subject;       /* a household, behind the persons of its name */
};

struct search {
	const char *text;
	struct search_words words;
	struct search_code code;
	struct search_phone phone;
	struct ranges codes, names, phones;
	const struct ranges *asked[JOB_SELECTIONS_MAX]; /* of each statement; NULL: similar names */
	struct hit hits[HITS_MAX];
	size_t nhits;
};

/* --- find_hits.c: judging what came ------------------------------------------------------- */

/* Takes the rows of every statement of the job. */
void find_take(struct job *, const struct rows *const *rows);
/* Sends the best hits; more: mistyped names were not looked for yet. Ends the request. */
void find_send(struct job *, bool more);

/* --- find_typo.c: the second answer ------------------------------------------------------- */

/* Is there a name in the text that may be mistyped, and is this reader shown names at all? */
bool find_may_be_typo(const struct job *, const struct search *);
/* Looks for similar names and answers. patient: the request asked for nothing else; else the first
 * answer, which is empty, is sent with "more" when the similar names cannot be had at once. */
void find_typo(struct request *, struct search *, bool patient);

/* --- engine_find.c ------------------------------------------------------------------------ */

/* The reference that says where a record belongs: the first one to something with a code. */
const struct field *find_place(const struct selection *);
/* The column that names the household whose data a record is, for the look-up log. */
const char *find_subject(const struct book *);
/* May this reader see a field with the flag? */
bool find_has_field(const struct reader *, const struct book *, unsigned flag);

#endif
