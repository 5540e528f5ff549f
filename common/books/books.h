/*
 * books.h - what the descriptor files share: the book type, and which books exist.
 * Not for: users of books; they include common/book.h and find a book by name.
 */
#ifndef LODGE_BOOKS_H
#define LODGE_BOOKS_H

#include "common/book.h"

/* Field sets of operations, so that asks and needs read as lists of fields. */
#define FIELD(n) BIT(n)

extern const struct book book_area, book_building, book_unit, book_department, book_terminal, book_staff,
	book_household, book_person, book_emergency_contact, book_vip_profile, book_sealed_person, book_file, book_document,
	book_loan, book_copy, book_clearance_change, book_damage_report, book_room_entry, book_resident_form,
	book_paper_handover, book_inspection, book_inspection_item,
	book_alarm, book_decoy,
	book_resident_note, book_room_key,
	book_visitor, book_message, book_phone_consent, book_entry_pass, book_card, book_release_slip, book_goods_log, book_move_out_clearance,
	book_supplier_list, book_supplier_person, book_staff_gate, book_standing_permission, book_search_record,
	book_gate_list, book_parking, book_key_household, book_gate_note,
	book_event, book_deadline;

#endif
