/*
 * find.h - what the files of the search share: the question in all its forms, and its statement.
 * Not for: others; the one way in is engine_find (engine_own.h). Trap: everything lives in the
 * request's arena, also while the second answer is under way.
 */
#ifndef LODGE_FIND_H
#define LODGE_FIND_H

#include "server/engine_own.h"
#include "server/search_key.h"

enum { FOUND_MAX = 20 };

/* Why a record is found, in the order of the answer. lodge.found_rank makes a rank of it: three times
 * this, and two more where what was typed is only the beginning. */
enum why {
	WHY_EXACT, WHY_CODE, WHY_MARK, WHY_PREFIX, WHY_INITIALS, WHY_PHONE, WHY_TYPO, WHY_HAN, WHY_HAN_OR_MARK,
};

struct search {
	const char *text;
	struct search_words words;
	const char *keys, *reasons; /* beginnings of names, and why of each: array texts; NULL = none */
	int text_at, keys_at;       /* numbers of their parameters, 0 = not yet used; reasons stand behind keys */
};

/* Cells of the answer. */
enum { FOUND_BOOK, FOUND_ID, FOUND_CODE, FOUND_TITLE, FOUND_RANK, FOUND_SUBJECT };

/* --- engine_find.c ------------------------------------------------------------------------ */

/* Sends the hits; NULL: none. more: mistyped names were not looked for yet. Ends the request. */
void find_send(struct job *, const struct rows *, bool more);

/* --- find_sql.c: one statement out of a part for each book and kind ------------------------- */

/* Begins the statement; NULL: no memory. The parts change its ->book. */
struct selection *find_sql_begin(struct job *, struct buf *sql);
void find_sql_codes(struct selection *, const struct book *, struct search *);
void find_sql_names(struct selection *, const struct book *, struct search *);
void find_sql_phones(struct selection *, const struct book *, struct search *);
/* Records named by arrays of ids, titles and distances. */
void find_sql_records(struct selection *, const struct book *, const char *const arrays[3]);
/* The best of all parts, each record once, in this order. */
enum err find_sql_end(struct selection *, const char *order) MUST_CHECK;
/* May this reader see a field with the flag? */
bool find_has_field(const struct reader *, const struct book *, unsigned flag);

/* --- find_typo.c: the second answer ------------------------------------------------------- */

/* Is there a name in the text that may be mistyped, and is this reader shown names at all? */
bool find_may_be_typo(const struct job *, const struct search *);
/* Looks for similar names and answers. patient: the request asked for nothing else; else the first
 * answer, which is empty, is sent with "more" when the similar names cannot be had at once. */
void find_typo(struct request *, struct search *, bool patient);

#endif
