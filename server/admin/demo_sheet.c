/*
 * demo_sheet.c - lines of COPY, chance, dates, and the log's lines for the demo estate.
 *
 * Not for: what the estate holds. Trap: cells must come in the order of the columns below; a
 * wrong count is found by PostgreSQL, a wrong order only where types differ.
 */
#include "server/admin/demo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "server/admin/admin.h"
#include "server/crypt.h"
#include "server/search_key.h"

enum { FLUSH_BYTES = 16 << 20, SHEET_BYTES = 256 << 20, PUT_BYTES = 1 << 20 };

static const struct { const char *table, *columns; bool numbered; } shapes[SHEET_END] = {
	[SHEET_AREA] = { "area", "id, number, name", true },
	[SHEET_BUILDING] = { "building", "id, area, number, arrival_class", true },
	[SHEET_UNIT] = { "unit", "id, area, code, building, floor, room, use, status, floor_area", true },
	[SHEET_DEPARTMENT] = { "department", "id, name, kind", true },
	[SHEET_STAFF] = { "staff", "id, work_no, login, name, sex, department, phone, joined, left_on, status", true },
	[SHEET_STAFF_ROLE] = { "staff_role", "staff, role, areas, since", false },
	[SHEET_STAFF_ACCOUNT] = { "staff_account", "staff, salt, params, key_hash", false },
	[SHEET_TERMINAL] = { "terminal", "id, name, kind, place", true },
	[SHEET_HOUSEHOLD] = { "household", "id, area, unit, kind, display_name, important, opened", true },
	[SHEET_HOUSEHOLD_SEALED] = { "household_sealed", "id, facts, facts_op", false },
	[SHEET_PERSON] = { "person", "id, area, household, unit, name, relation, mobile, mobile_withheld, home_phone, sex, "
		"id_no, id_no_op, id_no_key, birth, native_place, registration_place, email, needs_help", true },
	[SHEET_PERSON_SEALED] = { "person_sealed", "id, mobile", false },
	[SHEET_CONTACT] = { "emergency_contact", "id, area, household, unit, name, phone, relation", true },
	[SHEET_VIP] = { "vip_profile", "id, area, household, unit, updated_at, update_due", true },
	[SHEET_VIP_SEALED] = { "vip_profile_sealed", "id, birthday, character, character_op, preferences, preferences_op, "
		"skills, skills_op, requirements, requirements_op, opinions, opinions_op", false },
	[SHEET_FILE] = { "file", "id, area, code, class, unit, title, room, cabinet, drawer, status, bag, since", true },
	[SHEET_DOCUMENT] = { "document", "id, area, state, file, type, item, title, original, copies, received_at, received_by, "
		"shelf", true },
	[SHEET_LOAN] = { "loan", "id, area, state, no, file, unit, requester, act, purpose, outsider_name, outsider_body, "
		"proof_kind, proof_no, proof_no_op, requested_by, requester_class, department, endorsed_by, endorsed_at, "
		"approved_by, approved_at, valid_until, escort, issued_by, issued_at, due, received_by, returned_at, condition, "
		"verdict, reviewed_by, reviewed_at, carried_out_at, reason, note, requested_at, needs_endorsement, approvers, "
		"needs_escort, needs_review, card", true },
	[SHEET_DAMAGE] = { "damage_report", "id, area, state, loan, file, text, reported_by, reported_to, at, seen_by, seen_at",
		true },
	[SHEET_DEADLINE] = { "deadline", "area, book, record, kind, due, met", false },
	[SHEET_LIST] = { "supplier_list", "id, state, contractor, list_version, valid_from, valid_until, director_at, director_document, "
		"board_at, board_document, entered_by, entered_at, checked_by, checked_at", true },
	[SHEET_LISTED] = { "supplier_person", "id, state, list, name, doc_tail", true },
	[SHEET_PASS] = { "entry_pass", "id, area, state, no, person_name, doc_tail, kind, unit, photo, original_seen, copy, valid_from, "
		"valid_until, issued_by, issued_at, reason", true },
	[SHEET_CARD] = { "card", "id, area, state, no, unit, holder, kind, receipt_no, paid_at, issued_by, issued_at, activated_at", true },
	[SHEET_SLIP] = { "release_slip", "id, area, state, no, unit, person, items, valid_on, reason, remaining, issued_by, issued_at, "
		"used_by, used_at", true },
	[SHEET_EXPECTED] = { "gate_list", "id, area, state, kind, name, unit, from_day, until_day, instruction, entered_by, entered_at", true },
	[SHEET_PARKING] = { "parking", "id, area, state, plate, kind, unit, space, valid_until, written_by", true },
	[SHEET_WATCH] = { "key_household", "id, area, state, household, unit, category, watch_instruction, since, proposed_by, confirmed_by",
		true },
	[SHEET_WATCH_SEALED] = { "key_household_sealed", "id, facts, facts_op, source, source_op", false },
	[SHEET_VISITOR] = { "visitor", "id, area, state, no, badge, class, name, doc_tail, unit, body, doc_kind, party, vehicle, informed, "
		"service, arrived_at, answer, answered_by, answered_at, escort, in_at, out_at, left_how, note, entered_by, let_out_by, gate, "
		"supplier_person, list_version", true },
	[SHEET_SHIFT] = { "shift", "id, code, day, kind, starts, ends", true },
	[SHEET_POST] = { "post", "id, state, code, name, kind, place", true },
	[SHEET_ROSTER] = { "roster", "id, state, shift, post, employee, assigned_by, assigned_at", true },
	[SHEET_POINT] = { "patrol_point", "id, state, code, name, kind, building", true },
	[SHEET_PIN] = { "staff_pin", "id, state, staff, set_by, set_at", true },
	[SHEET_KEY_SET] = { "key_set", "id, area, state, code, class, unit, label, count, safe_slot, seal_no, tenant_stamped, sealed_with, sealed_at, sealed_by, "
		"contact, phone, registered_at, registered_by", true },
	[SHEET_PREGNANCY] = { "pregnancy", "id, area, state, household, unit, recorded_at, recorded_by", true },
	[SHEET_PREGNANCY_SEALED] = { "pregnancy_sealed", "id, due_on", false },
	[SHEET_SEARCH_NAME] = { "search_name", "area, key, book, record, title", false },
	[SHEET_SEARCH_CONTACT] = { "search_contact", "area, key, book, record, title", false },
	[SHEET_EVENT] = { "event", "seq, at, occurred, staff, role, terminal, area, book, record, op, result, purpose", false },
};

void demo_fail(struct demo *demo, enum err err)
{
	if (demo->err == OK)
		demo->err = err;
}

/* The line that the next cell goes to, with the tab in front of it. */
static struct buf *cell_next(struct demo *demo, enum sheet_name name)
{
	struct sheet *sheet = &demo->sheets[name];
	if (sheet->rows.max == 0)
		buf_init(&sheet->rows, SHEET_BYTES);
	if (sheet->in_row)
		buf_put(&sheet->rows, "\t", 1);
	sheet->in_row = true;
	return &sheet->rows;
}

void sheet_text(struct demo *demo, enum sheet_name name, const char *text)
{
	struct buf *rows = cell_next(demo, name);
	if (text == NULL) {
		buf_puts(rows, "\\N");
		return;
	}
	for (size_t plain; *text != '\0'; text += plain) {
		plain = strcspn(text, "\\\t\n\r");
		buf_put(rows, text, plain);
		if (text[plain] == '\0')
			break;
		buf_printf(rows, "\\%c", text[plain] == '\\' ? '\\' : text[plain] == '\t' ? 't' : text[plain] == '\n' ? 'n' : 'r');
		plain++;
	}
}

void sheet_int(struct demo *demo, enum sheet_name name, int64_t number)
{
	buf_printf(cell_next(demo, name), "%" PRId64, number);
}

void sheet_bool(struct demo *demo, enum sheet_name name, bool flag)
{
	buf_puts(cell_next(demo, name), flag ? "t" : "f");
}

void sheet_date(struct demo *demo, enum sheet_name name, int day)
{
	char text[16];
	date_text(day, text);
	buf_puts(cell_next(demo, name), text);
}

void sheet_time(struct demo *demo, enum sheet_name name, int day, int minute)
{
	char text[16];
	date_text(day + minute / (24 * 60), text);
	buf_printf(cell_next(demo, name), "%s %02d:%02d", text, minute / 60 % 24, minute % 60);
}

void sheet_end(struct demo *demo, enum sheet_name name)
{
	struct sheet *sheet = &demo->sheets[name];
	buf_put(&sheet->rows, "\n", 1);
	sheet->in_row = false;
}

int64_t sheet_next_id(struct demo *demo, enum sheet_name name)
{
	return ++demo->sheets[name].last_id;
}

static void sheet_flush(struct demo *demo, enum sheet_name name)
{
	struct buf *rows = &demo->sheets[name].rows;
	char sql[1024];
	if (demo->err != OK || rows->len == 0)
		return;
	if (rows->failed) {
		demo_fail(demo, ERR_NOMEM);
		return;
	}
	snprintf(sql, sizeof(sql), "COPY lodge.%s (%s) FROM STDIN", shapes[name].table, shapes[name].columns);
	demo_fail(demo, admin_copy_start(demo->admin, sql));
	for (size_t at = 0; demo->err == OK && at < rows->len; at += PUT_BYTES)
		demo_fail(demo, admin_copy_put(demo->admin, rows->data + at,
			rows->len - at < PUT_BYTES ? rows->len - at : PUT_BYTES));
	if (demo->err == OK)
		demo_fail(demo, admin_copy_end(demo->admin));
	if (demo->err == OK && shapes[name].numbered) {
		snprintf(sql, sizeof(sql), "SELECT setval(pg_get_serial_sequence('lodge.%s', 'id'), %" PRId64 ")",
			shapes[name].table, demo->sheets[name].last_id);
		demo_fail(demo, admin_run(demo->admin, sql));
	}
	buf_reset(rows);
}

void demo_flush(struct demo *demo, bool force)
{
	size_t bytes = 0;
	arena_reset(demo->scratch);
	for (int i = 0; i < SHEET_END; i++)
		bytes += demo->sheets[i].rows.len;
	if (force || bytes > FLUSH_BYTES)
		for (int i = 0; i < SHEET_END; i++)
			sheet_flush(demo, (enum sheet_name)i);
}

/* splitmix64: small, and the same on every machine. */
uint64_t chance_next(struct demo *demo)
{
	uint64_t z = demo->chance += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int chance_below(struct demo *demo, int n)
{
	return (int)(chance_next(demo) % (uint64_t)n);
}

bool chance_percent(struct demo *demo, int percent)
{
	return chance_below(demo, 100) < percent;
}

void chance_uuid(struct demo *demo, char text[UUID_TEXT])
{
	uint64_t high = chance_next(demo), low = chance_next(demo);
	snprintf(text, UUID_TEXT, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(high >> 32), (unsigned)(high >> 16) & 0xffff,
		(unsigned)high & 0xfff, ((unsigned)(low >> 48) & 0x3fff) | 0x8000, low & UINT64_C(0xffffffffffff));
}

/* Days and dates of the Gregorian calendar, counted in eras of 400 years from 1 March. */
int date_day(int year, int month, int day)
{
	year -= month <= 2;
	int era = year / 400, of_era = year - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_parts(int days, int *year, int *month, int *day)
{
	days += 719468;
	int era = days / 146097, rest = days - era * 146097;
	int of_era = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
	int of_year = rest - (365 * of_era + of_era / 4 - of_era / 100);
	int shifted = (5 * of_year + 2) / 153;
	*day = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = of_era + era * 400 + (*month <= 2);
}

void date_text(int days, char text[16])
{
	int year, month, day;
	date_parts(days, &year, &month, &day);
	snprintf(text, 16, "%04d-%02d-%02d", year % 10000, month, day);
}

int date_year(int days)
{
	int year, month, day;
	date_parts(days, &year, &month, &day);
	return year;
}

void demo_event(struct demo *demo, const struct demo_act *act)
{
	const enum sheet_name sheet = SHEET_EVENT;
	sheet_int(demo, sheet, ++demo->last_event);
	sheet_text(demo, sheet, demo->now);
	sheet_time(demo, sheet, act->day, act->minute);
	if (act->staff > 0)
		sheet_int(demo, sheet, act->staff);
	else
		sheet_text(demo, sheet, NULL);
	sheet_text(demo, sheet, act->role);
	sheet_text(demo, sheet, "demo");
	if (act->area > 0)
		sheet_int(demo, sheet, act->area);
	else
		sheet_text(demo, sheet, NULL);
	sheet_text(demo, sheet, act->book);
	sheet_int(demo, sheet, act->record);
	sheet_text(demo, sheet, act->op);
	sheet_text(demo, sheet, "ok");
	sheet_text(demo, sheet, act->purpose);
	sheet_end(demo, sheet);
}

static void search_row(struct demo *demo, enum sheet_name sheet, int area, const char *key, const char *book, int64_t record,
	const char *title)
{
	sheet_int(demo, sheet, area);
	sheet_text(demo, sheet, key);
	sheet_text(demo, sheet, book);
	sheet_int(demo, sheet, record);
	sheet_text(demo, sheet, title);
	sheet_end(demo, sheet);
}

void demo_search_name(struct demo *demo, int area, const char *book, int64_t record, const char *name)
{
	const char **keys = NULL;
	size_t n = 0;
	demo_fail(demo, search_keys(demo->scratch, name, &keys, &n));
	for (size_t i = 0; demo->err == OK && i < n; i++)
		search_row(demo, SHEET_SEARCH_NAME, area, keys[i], book, record, name);
}

enum { PHONE_MAX = 30 };

void demo_search_phone(struct demo *demo, int area, const char *book, int64_t record, const char *title, const char *phone)
{
	char keys[2][PHONE_MAX + 2] = { "", "<" }; /* as contact_write keeps them: its digits, and the digits backwards */
	size_t n = 0;
	for (const char *c = phone; *c != '\0' && n < PHONE_MAX; c++)
		if (*c >= '0' && *c <= '9')
			keys[0][n++] = *c;
	for (size_t i = 0; i < n; i++)
		keys[1][1 + i] = keys[0][n - 1 - i];
	for (size_t i = 0; n > 0 && i < 2; i++)
		search_row(demo, SHEET_SEARCH_CONTACT, area, keys[i], book, record, title);
}

void demo_sealed(struct demo *demo, enum sheet_name sheet, const char *book, const char *field, const char *text, bool key)
{
	char uuid[UUID_TEXT], aad[160];
	const char *bytea = NULL, *hash = NULL;
	if (text != NULL && demo->err == OK) {
		chance_uuid(demo, uuid);
		snprintf(aad, sizeof(aad), "%s|%s|%s", book, field, uuid);
		demo_fail(demo, crypt_seal(demo->scratch, aad, text, &bytea));
		if (key && demo->err == OK)
			demo_fail(demo, crypt_key_hash(demo->scratch, text, &hash));
	}
	sheet_text(demo, sheet, bytea);
	sheet_text(demo, sheet, bytea != NULL ? uuid : NULL);
	if (key)
		sheet_text(demo, sheet, hash);
}
