/*
 * books.h - what the descriptor files share: the book type, and the one list of books.
 * Not for: users of books; they include common/book.h and find a book by name.
 */
#ifndef LODGE_BOOKS_H
#define LODGE_BOOKS_H

#include "common/book.h"

/* Field sets of operations, so that asks and needs read as lists of fields. */
#define FIELD(n) BIT(n)

/* The one list of books; every book has its const struct book_NAME in a file of this folder. */
#define BOOK_LIST(X) \
	X(area) X(building) X(unit) X(department) X(terminal) X(staff) X(household) X(person) \
	X(emergency_contact) X(sealed_person) X(loan) X(damage_report) X(room_entry) X(copy) \
	X(clearance_change) X(resident_form) X(file) X(document) X(paper_handover) X(room_check) X(inspection) \
	X(inspection_item) X(alarm) X(decoy) X(vip_profile) X(resident_note) X(room_key) X(visitor) X(message) \
	X(phone_consent) X(entry_pass) X(card) X(release_slip) X(goods_log) X(move_out_clearance) \
	X(supplier_list) X(supplier_person) X(supplier_review) X(staff_gate) X(standing_permission) X(attendance) X(search_record) X(gate_list) \
	X(contact_card) X(property_change) X(parking) X(key_household) X(gate_note) X(gate_record) X(report_copy) \
	X(key_set) X(key_use) X(welfare_check) X(welfare_signature) X(away_notice) X(pregnancy) \
	X(shift) X(post) X(roster) X(duty_page) X(duty_entry) X(handover) X(handover_item) \
	X(incident) X(incident_signature) \
	X(staff_pin) X(post_code) X(post_check) X(patrol_point) X(round) X(round_point) X(watch_note) \
	X(emergency) X(emergency_plan) X(emergency_step) X(emergency_call) X(torch_request) X(roll_tick) X(break_glass) \
	X(event) X(deadline)

#define X(name) extern const struct book book_##name;
BOOK_LIST(X)
#undef X

/* What reports group by. */
extern const struct choice duty_entry_kinds[], incident_kinds[], incident_severities[], shift_kinds[];

#endif
