/*
 * table.c - the list of books of the toy house: those of common/books/table.c and one more.
 *
 * Linked in front of the library into toy_lodged and toy_lodge, to show that a new book is data only.
 *
 */
#include "common/books/books.h"

extern const struct book book_toy;

#define X(name) &book_##name,
const struct book *const books[] = { BOOK_LIST(X) &book_toy };
#undef X
const size_t nbooks = NITEMS(books);
