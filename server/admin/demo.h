/*
 * demo.h - what the parts of the demo estate's generator share.
 *
 * Rows are written as lines of COPY into one sheet a table and flushed in the order of the sheets,
 * parents before children. All chance comes from one generator with a fixed seed. Not for: the
 * serving part. Trap: only what --today moves and what must be secret (salts, keys) may differ
 * between two runs, so nothing here asks the clock or another source of chance.
 */
#ifndef LODGE_DEMO_H
#define LODGE_DEMO_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/buf.h"

struct admin;

/* In the order of writing. */
enum sheet_name {
	SHEET_AREA, SHEET_BUILDING, SHEET_UNIT, SHEET_DEPARTMENT, SHEET_STAFF, SHEET_STAFF_ROLE, SHEET_STAFF_ACCOUNT,
	SHEET_TERMINAL, SHEET_HOUSEHOLD, SHEET_HOUSEHOLD_SEALED, SHEET_PERSON, SHEET_PERSON_SEALED, SHEET_CONTACT,
	SHEET_VIP, SHEET_VIP_SEALED, SHEET_FILE, SHEET_DOCUMENT, SHEET_LOAN, SHEET_DAMAGE, SHEET_DEADLINE,
	SHEET_LIST, SHEET_LISTED, SHEET_PASS, SHEET_CARD, SHEET_SLIP, SHEET_EXPECTED, SHEET_PARKING, SHEET_WATCH, SHEET_WATCH_SEALED, SHEET_VISITOR,
	SHEET_SHIFT, SHEET_POST, SHEET_ROSTER, SHEET_PIN, SHEET_POINT,
	SHEET_KEY_SET, SHEET_PREGNANCY, SHEET_PREGNANCY_SEALED,
	SHEET_SEARCH_NAME, SHEET_SEARCH_CONTACT, SHEET_EVENT, SHEET_END
};

struct sheet {
	struct buf rows;
	bool in_row;
	int64_t last_id;
};

enum { DEMO_BUILDINGS = 24, DEMO_AREAS = 3, DEMO_STAFF = 120, DEMO_DEPARTMENTS = 9, UUID_TEXT = 37 };

/* Work numbers of people whom the generated matters need; w004 is the custodian. */
enum { WORK_DESK = 1, WORK_DESK2 = 2, WORK_CUSTODIAN = 4, WORK_CSS = 5, WORK_MANAGER = 6, WORK_ESTATE = 8, WORK_GENERAL = 9,
	WORK_NIGHT = 10, WORK_TECHNICIAN = 28, WORK_REAR_GATE = 30,
	WORK_GUARD = 11, WORK_SECURITY = 13, WORK_PURCHASING = 22, WORK_ENGINEER = 14, WORK_TENANTS = 19, WORK_ASSISTANT = 20, WORK_FINANCE = 23 };

struct policy;

/* What the loans need to know of an employee; the id is his place from 1. */
struct demo_staff {
	int department;         /* id */
	bool centre, gone;
};

struct demo {
	struct admin *admin;
	struct arena *scratch;   /* reset after every record */
	uint64_t chance;
	int scale;
	int today;               /* days since 1970-01-01 */
	struct sheet sheets[SHEET_END];
	const struct policy *policy;
	char now[48];            /* event.at of everything that is loaded */
	struct demo_unit *units; /* nunits of them, by id - 1 */
	size_t nunits;
	struct demo_staff staff[DEMO_STAFF + 1];
	int heads[DEMO_DEPARTMENTS + 1]; /* staff id, by department id */
	int64_t last_event;
	enum err err;            /* the first failure; what follows does nothing */
};

/* A unit while the estate grows. */
struct demo_unit {
	char code[24];
	int area;
	bool planted, occupied, office;
};

/* demo_sheet.c */
void sheet_text(struct demo *, enum sheet_name, const char *text); /* NULL = SQL NULL */
void sheet_int(struct demo *, enum sheet_name, int64_t number);
void sheet_bool(struct demo *, enum sheet_name, bool flag);
void sheet_date(struct demo *, enum sheet_name, int day);
/* day and minute of the day in the estate's time zone */
void sheet_time(struct demo *, enum sheet_name, int day, int minute);
void sheet_end(struct demo *, enum sheet_name);
int64_t sheet_next_id(struct demo *, enum sheet_name);
/* Copies every sheet into its table when together they are long, or when forced. */
void demo_flush(struct demo *, bool force);

/* One line of the log: what was done then, written down now. */
struct demo_act {
	const char *book, *op, *role, *purpose;
	int64_t record;
	int staff, area;         /* staff 0: administration; area 0: none */
	int day, minute;
};
void demo_event(struct demo *, const struct demo_act *);

uint64_t chance_next(struct demo *);
void chance_uuid(struct demo *, char text[UUID_TEXT]);
int chance_below(struct demo *, int n);             /* 0..n-1 */
bool chance_percent(struct demo *, int percent);
void date_text(int day, char text[16]);
int date_day(int year, int month, int day);
int date_year(int day);
void demo_fail(struct demo *, enum err);

/* Keys of a name or of a number, into the sheets of the search. */
void demo_search_name(struct demo *, int area, const char *book, int64_t record, const char *name);
void demo_search_phone(struct demo *, int area, const char *book, int64_t record, const char *title, const char *phone);
/* Two cells: the sealed text and the op_id that it is bound to; with key, a third for equality. */
void demo_sealed(struct demo *, enum sheet_name, const char *book, const char *field, const char *text, bool key);

/* demo_names.c */
enum tongue { TONGUE_HANS, TONGUE_VIET, TONGUE_HANT, TONGUE_ENGLISH, TONGUE_END };
struct demo_name {
	enum tongue tongue;
	int family;             /* row of the family names */
	char text[96];
};
enum tongue demo_tongue(struct demo *);
/* family < 0: any */
void demo_name_make(struct demo *, enum tongue, bool female, int family, struct demo_name *);
void demo_mobile(struct demo *, enum tongue, char text[24]);
void demo_home_phone(struct demo *, enum tongue, char text[24]);
/* 18 digits with their check digit, or 12 for Vietnam. */
void demo_id_number(struct demo *, enum tongue, bool female, int birth, char text[24]);
const char *demo_place(struct demo *, enum tongue);
const char *demo_company(struct demo *, char text[128]);

/* demo_estate.c, demo_staff.c, demo_homes.c, demo_files.c, demo_gate.c, demo_visitors.c, demo_keys.c: in this order */
void demo_make_estate(struct demo *);
void demo_make_staff(struct demo *);
void demo_make_homes(struct demo *);
void demo_make_files(struct demo *);
void demo_make_gate(struct demo *);
void demo_make_visitors(struct demo *);
/* demo_duty.c; the page after everything else, because it lists what is open */
void demo_make_duty(struct demo *);
void demo_open_page(struct demo *);
/* demo_patrol.c */
void demo_make_patrol(struct demo *);
void demo_make_keys(struct demo *);
/* The household of a unit, of a kind; 0 when there is none. Its rows are flushed. */
int64_t demo_household_find(struct demo *, const char *unit, const char *kind);
struct demo_unit *demo_unit_find(struct demo *, const char *code, int64_t *id);

#endif
