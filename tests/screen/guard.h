/*
 * guard.h - what tests of the gate's screen share: a guard's console, and people and plates of a test's own.
 *
 * Not for: a gate without its screen (gate.h). Trap: a member of staff has one interactive session, so a guard sits at one
 * console at a time.
 */
#ifndef LODGE_GUARD_H
#define LODGE_GUARD_H

#include "tests/screen/vt.h"

/* A guard's console when it shows who sits there. server: NULL = the stack's. */
struct vt *guard_open(const char *lang, const char *server);
/* A line that bars the plate 51F and new digits: those. */
const char *guard_barred(void);
/* A line that lets the plate 30A and these digits in; its id. */
int64_t guard_expected(const char *digits);
/* A visitor that reception wrote down; more: further members of the request, with a comma before each. */
int64_t guard_visitor(const char *name, const char *more);

#endif
