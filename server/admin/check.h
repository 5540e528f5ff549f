/*
 * check.h - findings of the command `check`, one line each.
 *
 * Not for: mending what is found. Trap: the database's part works in a transaction that is always
 * rolled back; whatever it compiles and applies there exists for nobody else.
 */
#ifndef LODGE_CHECK_H
#define LODGE_CHECK_H

#include "common/buf.h"

struct policy;

/* Tables, functions, grants, policy and clock of the database against this program and its files;
 * policy may be NULL when its file is broken. Findings are lines "database:1: text". An error
 * means that the question could not be put; the reason is logged. */
enum err check_database(const struct policy *, struct buf *findings) MUST_CHECK;

#endif
