/*
 * table.c - the one list of books.
 *
 * TO ADD A BOOK: 1. common/books/NAME.c with one const struct book (copy the nearest one);
 * 2. its extern in books.h and its row here; 3. migrations/NNNN_NAME.sql (draft it with
 * `lodged docs --ddl NAME`); 4. server/rules/NAME.sql, only when it has guards or effects;
 * 5. labels in client/po/; 6. tests/flow/NAME.flow; then `./run test` rewrites nothing and tells
 * what is missing. Not for: anything about a single book.
 */
#include "common/books/books.h"

const struct book *const books[] = {
	&book_area, &book_building, &book_unit, &book_department, &book_terminal, &book_staff,
	&book_household, &book_person, &book_emergency_contact, &book_sealed_person,
	&book_loan, &book_damage_report, &book_room_entry, &book_copy, &book_clearance_change, &book_resident_form,
	&book_file, &book_document, &book_paper_handover,
	&book_inspection, &book_inspection_item,
	&book_alarm, &book_decoy,
	&book_vip_profile, &book_resident_note, &book_room_key,
	&book_visitor, &book_message, &book_phone_consent, &book_entry_pass, &book_card, &book_release_slip, &book_goods_log, &book_move_out_clearance,
	&book_supplier_list, &book_supplier_person, &book_staff_gate, &book_standing_permission, &book_search_record,
	&book_gate_list, &book_parking, &book_key_household, &book_gate_note,
	&book_event, &book_deadline,
};
const size_t nbooks = NITEMS(books);
