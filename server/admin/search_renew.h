/*
 * search_renew.h - brings the search keys of names into the form that this version makes.
 * Not for: the serving part, which writes keys with the names themselves. Trap: it needs the
 * functions of schema lodge, so it runs after the books were compiled.
 */
#ifndef LODGE_SEARCH_RENEW_H
#define LODGE_SEARCH_RENEW_H

#include <stdbool.h>

#include "common/words.h"
#include "server/admin/admin.h"

/* Renews every name when the keys are of another form; *any becomes true when it did. */
enum err search_renew(struct admin *, bool *any) MUST_CHECK;

#endif
