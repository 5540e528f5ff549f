/*
 * migrate.h - hash of what `lodged migrate` compiled, for the check and the start of the server.
 * Not for: running migrations; that is the command.
 */
#ifndef LODGE_MIGRATE_H
#define LODGE_MIGRATE_H

#include "common/buf.h"

/* Every function and grant of schema op and the rules, as one SQL text. */
void migrate_text(struct buf *);
/* FNV-1a of a text, hexadecimal, into out (at least 17 bytes). */
void migrate_hash(const char *text, char out[17]);

#endif
