/*
 * compile.h - books into PostgreSQL: operations, openings and grants as SQL text.
 *
 * Not for: running the text (migrate.c) or for rules (server/rules/). Trap: everything written here
 * comes from checked descriptors; no value and no text of a person ever passes through.
 */
#ifndef LODGE_COMPILE_H
#define LODGE_COMPILE_H

#include "common/book.h"
#include "common/buf.h"

/* CREATE FUNCTION op.BOOK_OP for each operation, and op.BOOK_open, op.reveal_BOOK where the book has
 * fields above NAME. Appends to the buffer; its failed bit tells whether it fitted. */
void compile_book(struct buf *, const struct book *);
/* Column grants of the read roles, and EXECUTE of the book's functions, for one book. */
void compile_grants(struct buf *, const struct book *);
/* lodge.searched(): which books have names to search, from which level on, and who reads them. */
void compile_searched(struct buf *);
/* Declares what op.BOOK_OP takes: token, op_id, digest, names given, id, version, then the fields asked for. */
void compile_parameters(struct buf *, const struct book *, const struct op *);
/* SQL type of a field's column, for example "bigint". */
const char *compile_type(const struct field *);

#endif
