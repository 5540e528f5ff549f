/*
 * roles.h - everything one role can see and do, as text.
 * Not for: judging anybody. Trap: what is not printed is denied.
 */
#ifndef LODGE_ROLES_H
#define LODGE_ROLES_H

#include <stdbool.h>

#include "common/buf.h"

struct policy;

/* Lines "book, field or operation, level or states, how", tab-separated. False when the policy has
 * no clearance for the role, or the text does not fit. */
bool roles_text(struct buf *, const struct policy *, enum role, bool night);

#endif
