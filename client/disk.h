/*
 * disk.h - small files of this terminal, replaced whole: after a crash the old one is there, or the new one.
 *
 * Not for: files that grow (journal.c). Trap: a new name is lasting only when its folder is synced, too.
 */
#ifndef LODGE_DISK_H
#define LODGE_DISK_H

#include <stddef.h>

#include "common/words.h"

/* Writes FILE.new (0600), syncs it, gives it the name, syncs the folder. ERR_DEGRADED: the disk refuses; the old file stays. */
enum err disk_replace(const char *path, const void *bytes, size_t n) MUST_CHECK;
/* The whole file and a NUL behind it; the caller wipes and frees. ERR_NOT_FOUND; ERR_TOO_BIG: more than `most`;
 * ERR_DEGRADED: it cannot be read, or is no plain file. */
enum err disk_read(const char *path, size_t most, char **bytes, size_t *n) MUST_CHECK;
/* The folder of this file knows of its new name. */
enum err disk_sync_folder(const char *path) MUST_CHECK;

#endif
