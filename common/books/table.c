/*
 * table.c - the books in the order of their list (books.h).
 *
 * TO ADD A BOOK: 1. common/books/NAME.c with one const struct book (copy the nearest one);
 * 2. its name in BOOK_LIST of books.h; 3. migrations/NNNN_NAME.sql (draft it with
 * `lodged docs --ddl NAME`); 4. server/rules/NAME.sql, only when it has guards or effects;
 * 5. labels in client/po/; 6. tests/flow/NAME.flow; then `./run test` rewrites nothing and tells
 * what is missing. Not for: anything about a single book.
 */
#include "common/books/books.h"

#define X(name) &book_##name,
const struct book *const books[] = { BOOK_LIST(X) };
#undef X
const size_t nbooks = NITEMS(books);
