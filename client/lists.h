/*
 * lists.h - the last known lists that a gate decides from while the server cannot be reached, with their age.
 *
 * In memory only: nobody can sign in without the server, so a file would serve nobody but a thief. Not for: what is
 * in them. Trap: they hold what the reader of the session may see; lists_forget() at every change of person.
 */
#ifndef LODGE_LISTS_H
#define LODGE_LISTS_H

#include <stdint.h>

/* Keeps a copy of the text under the name, in place of an earlier one. Too big or too many: not kept. */
void lists_keep(const char *name, const char *json);
/* The text, and its age in seconds; NULL: there is none, or it is older than `most` seconds. Lives until the next
 * lists_keep or lists_forget. */
const char *lists_load(const char *name, int64_t most, int64_t *age);
void lists_forget(void);

#endif
