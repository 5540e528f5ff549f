/*
 * table.c - the list of books of the toy house: those of common/books/table.c and one more.
 *
 * Linked in front of the library into toy_lodged and toy_lodge, to show that a new book is data only.
 *
 */
#include "common/books/books.h"

extern const struct book book_toy;

const struct book *const books[] = {
	&book_area, &book_building, &book_unit, &book_department, &book_terminal, &book_staff,
	&book_household, &book_person, &book_emergency_contact, &book_vip_profile,
	&book_file, &book_document, &book_loan, &book_damage_report, &book_room_entry,
	&book_event, &book_deadline, &book_toy,
};
const size_t nbooks = NITEMS(books);
