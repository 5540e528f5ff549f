/*
 * compile_export.h - the export function of books that have a paper; nothing for the others.
 * Not for: callers outside of compile*.c, but for the number of cells. Trap: as in compile_export.c.
 */
#ifndef LODGE_COMPILE_EXPORT_H
#define LODGE_COMPILE_EXPORT_H

#include "server/compile.h"

void compile_export(struct buf *out, const struct book *);
void compile_export_grant(struct buf *out, const struct book *);
/* Cells of a row of op.export_BOOK after the first, which names the sheet. */
size_t compile_export_cells(const struct book *);

#endif
