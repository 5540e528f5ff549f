/*
 * password.h - the method `password`: somebody gives himself a new one.
 *
 * Not for: signing in (signin.h) or what administration sets (staff.c). Trap: whoever knows a
 * weak password is whoever looks over a shoulder once; what is refused here is only the worst.
 */
#ifndef LODGE_PASSWORD_H
#define LODGE_PASSWORD_H

#include "server/request.h"

struct session;

void password_change(struct request *);
/* Why this password will not do for this person, as an English msgid; NULL: it will. */
const char *password_fault(const struct session *, const char *old, const char *wanted);

#endif
