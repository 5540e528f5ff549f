/*
 * compile_export.h - the export function of books that have a paper; nothing for the others.
 * Not for: callers outside of compile*.c. Trap: as in compile_export.c.
 */
#ifndef LODGE_COMPILE_EXPORT_H
#define LODGE_COMPILE_EXPORT_H

#include "server/admin/compile.h"

void compile_export(struct buf *out, const struct book *);
void compile_export_grant(struct buf *out, const struct book *);

#endif
