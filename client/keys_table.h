/*
 * keys_table.h - what the files of the keys share: the table, and what a row is called and where it works.
 *
 * Not for: anybody else, who asks by keys.h. Trap: a row works under the keys that lodge.conf gave it, which only
 * keys_nth_name knows.
 */
#ifndef LODGE_KEYS_TABLE_H
#define LODGE_KEYS_TABLE_H

#include "client/keys.h"

#define DESK ((uint32_t)1 << 31) /* a verb of desks: where their consoles name it, in their order */
#define IN(c) ((uint32_t)BIT(CONTEXT_##c))
#define LISTS (IN(HOME) | IN(GATE) | IN(LIST) | IN(SHIFT) | IN(RECORD) | IN(REPORT))
#define SIGNED_IN (LISTS | IN(BOX) | IN(FORM))
#define EVERYWHERE (SIGNED_IN | IN(LOGIN) | IN(LOCK) | IN(DIALOG) | IN(PICK) | IN(REVEAL))
#define LETTERS (LISTS | IN(REVEAL)) /* contexts where a letter is a command */

_Static_assert(CONTEXT_END < 31, "contexts and DESK are held in 32 bits");

enum { KEYS_MOST = 192 }; /* rows, with room to grow */

extern const struct binding keys_table[];
extern const size_t keys_n;

/* The n-th key of a row in a context: those of lodge.conf, or else the table's one. NULL: no more. */
const char *keys_nth_name(const struct binding *, enum context, size_t n);
bool keys_has(const struct binding *, enum context, const struct key *);
/* The desk's verb of this name, or NULL; and whether a console names a row. */
const struct binding *keys_verb(const char *name);
bool keys_offered(const struct console *, const struct binding *);

#endif
