/*
 * validate.h - is this value of the shape that its field promises? Types, lengths, ranges, choices.
 *
 * Runs on the server before anything is queued, in filters, and in the client while somebody
 * types, so that all three say the same. Values come out as PostgreSQL text. Not for: rules of a
 * book, rights, states: guards judge those. Trap: sentences with numbers in them are translated
 * here (tr, the current language): i18n_use the session's language before calling.
 */
#ifndef LODGE_VALIDATE_H
#define LODGE_VALIDATE_H

#include "common/arena.h"
#include "common/book.h"
#include "common/node.h"
#include "common/words.h"

/* Longest text and note where the field says no other. */
enum { VALIDATE_TEXT_DEFAULT = 200, VALIDATE_NOTE_DEFAULT = 4000 };

/* One thing wrong with one member. Lists end with .field == NULL. */
struct issue {
	const char *field;   /* member as it was sent */
	const char *message; /* English msgid, or a sentence already in the current language */
	const char *rule;    /* rule ID, or NULL */
};

/* One asked field of an operation, in descriptor order. */
struct given {
	const struct field *field;
	const char *text; /* PostgreSQL text form; NULL when .null */
	bool null;        /* absent, null, or an empty text */
	bool present;     /* the member was in the message, be it null */
};

/* Checks the members of an operation, all at once; params is an object. OK: *out holds *n entries, one for every field
 * of op->asks in descriptor order, given or not. ERR_INVALID: *issues lists every fault. ERR_NOMEM:
 * the arena is full. Beside op->asks the members op_id (a UUID, needed), id and version are known:
 * needed unless the operation creates; on OP_REPLACE and OP_RESUME both or none; unknown on other creations. */
enum err validate_op(struct arena *, const struct book *, const struct op *,
	const struct node *params, const struct given **out, size_t *n,
	const struct issue **issues) MUST_CHECK;

/* One value as JSON, also for filters. OK: *text is its PostgreSQL text, NULL for null or an empty
 * text. ERR_INVALID: *why is the sentence. */
enum err validate_value(struct arena *, const struct field *, const struct node *,
	const char **text, const char **why) MUST_CHECK;

/* One value as a person typed it. Beside the wire forms: dates take now, today, +30 (days); times
 * take now, 17:30, 1730, 17:30:59, +30 (minutes), 2026-03-01 17:30, all in the process's time zone; choices
 * take the word, its label in the current language, or n for the n-th; yes and no likewise; lists
 * take 1 2 3 or 1,2,3. *text as above: also what goes on the wire, see validate_wire. */
enum err validate_input(struct arena *, const struct field *, const char *typed,
	const char **text, const char **why) MUST_CHECK;

/* Writes a value from validate_input as the JSON of the wire: numbers bare, lists as arrays. NULL
 * writes null. */
void validate_wire(struct buf *, const struct field *, const char *text);

/* True for 8-4-4-4-12 hexadecimal digits. */
bool validate_uuid(const char *s);

#endif
