/*
 * demo_gate.c - what the demo's gate knows beforehand: suppliers' lists, passes, cards, slips, expected persons,
 * cars, watched households.
 *
 * Not for: who came (demo_visitors.c). Trap: slip 10482 is typed by scripts; it is for the first day, has three
 * lines, and is the last of its numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/admin/admin.h"
#include "server/admin/demo.h"

enum { LISTS = 3, SLIP = 10482, SLIPS = 8, PASSES = 60, CARDS = 90, CARS = 40, TEN = 10 * 60 };

static const struct {
	const char *contractor, *state;
	int people, from, until; /* days around the first day */
	bool board;
} lists[LISTS] = {
	{ "华信设备维修有限公司", "in_force", 140, -60, 300, true },
	{ "Công ty Vệ sinh Sạch Đẹp", "draft", 60, 0, 180, false },
	{ "永安電梯保養有限公司", "in_force", 100, -200, -20, true },
};

static void step(struct demo *demo, const char *book, int64_t record, const char *op, int staff, const char *role, int area, int day)
{
	demo_event(demo, &(struct demo_act){ .book = book, .op = op, .role = role, .record = record, .staff = staff, .area = area,
		.day = day, .minute = TEN });
}

static void tail_put(struct demo *demo, enum sheet_name sheet)
{
	char tail[8];

	do
		snprintf(tail, sizeof(tail), "%04d", chance_below(demo, 10000));
	while (strcmp(tail, "4417") == 0);
	sheet_text(demo, sheet, tail);
}

static void name_put(struct demo *demo, enum sheet_name sheet)
{
	struct demo_name name;

	do
		demo_name_make(demo, demo_tongue(demo), chance_percent(demo, 40), -1, &name);
	while (strcmp(name.text, "Trần Văn Minh") == 0);
	sheet_text(demo, sheet, name.text);
}

/* A unit that somebody lives in; its area. */
static int unit_draw(struct demo *demo, int64_t *unit)
{
	do
		*unit = 1 + chance_below(demo, (int)demo->nunits);
	while (!demo->units[*unit - 1].occupied || demo->units[*unit - 1].planted);
	return demo->units[*unit - 1].area;
}

static void signature_put(struct demo *demo, bool given, int day, const char *paper)
{
	if (given)
		sheet_date(demo, SHEET_LIST, day);
	else
		sheet_text(demo, SHEET_LIST, NULL);
	sheet_text(demo, SHEET_LIST, given ? paper : NULL);
}

static void list_put(struct demo *demo, size_t i)
{
	const enum sheet_name sheet = SHEET_LIST;
	int64_t id = sheet_next_id(demo, sheet);
	int day = demo->today + (lists[i].from < 0 ? lists[i].from : 0) - 3;
	char paper[16];

	snprintf(paper, sizeof(paper), "GD-%03d", (int)id);
	sheet_int(demo, sheet, id);
	sheet_text(demo, sheet, lists[i].state);
	sheet_text(demo, sheet, lists[i].contractor);
	sheet_int(demo, sheet, 1);
	sheet_date(demo, sheet, demo->today + lists[i].from);
	sheet_date(demo, sheet, demo->today + lists[i].until);
	signature_put(demo, true, day, paper);
	signature_put(demo, lists[i].board, day, "BQT-12");
	sheet_int(demo, sheet, WORK_PURCHASING);
	sheet_time(demo, sheet, day, TEN);
	step(demo, "supplier_list", id, "enter", WORK_PURCHASING, "PUR", 0, day);
	step(demo, "supplier_list", id, "sign", WORK_PURCHASING, "PUR", 0, day);
	if (lists[i].board) {
		sheet_int(demo, sheet, WORK_SECURITY);
		sheet_time(demo, sheet, day, TEN + 60);
		step(demo, "supplier_list", id, "check", WORK_SECURITY, "SS", 0, day);
	} else {
		sheet_text(demo, sheet, NULL);
		sheet_text(demo, sheet, NULL);
	}
	sheet_end(demo, sheet);
}

static void people_put(struct demo *demo, size_t i)
{
	const enum sheet_name sheet = SHEET_LISTED;

	for (int n = 0; n < lists[i].people * demo->scale; n++) {
		int64_t id = sheet_next_id(demo, sheet);

		sheet_int(demo, sheet, id);
		sheet_text(demo, sheet, "listed");
		sheet_int(demo, sheet, (int64_t)i + 1);
		name_put(demo, sheet);
		tail_put(demo, sheet);
		sheet_end(demo, sheet);
		step(demo, "supplier_person", id, "add", WORK_PURCHASING, "PUR", 0, demo->today + (lists[i].from < 0 ? lists[i].from : 0) - 3);
	}
}

/* Two in three are valid; the others have run out or are suspended. Nothing runs longer than two months. */
static void pass_put(struct demo *demo, int n)
{
	static const char *const kinds[] = { "helper", "tutor", "fit_out", "other" };
	const enum sheet_name sheet = SHEET_PASS;
	int64_t id = sheet_next_id(demo, sheet), unit;
	int area = unit_draw(demo, &unit), day = demo->today - (n % 3 == 2 ? 75 : 20) - n % 10;
	bool suspended = n % 9 == 4;

	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, area);
	sheet_text(demo, sheet, suspended ? "suspended" : "active");
	sheet_int(demo, sheet, id);
	name_put(demo, sheet);
	tail_put(demo, sheet);
	sheet_text(demo, sheet, kinds[n % 4]);
	sheet_int(demo, sheet, unit);
	for (int paper = 0; paper < 3; paper++)
		sheet_bool(demo, sheet, true);
	sheet_date(demo, sheet, day);
	sheet_date(demo, sheet, day + 60);
	sheet_int(demo, sheet, area == 3 ? WORK_DESK2 : WORK_DESK);
	sheet_time(demo, sheet, day, TEN);
	sheet_text(demo, sheet, suspended ? "seen in another building" : NULL);
	sheet_end(demo, sheet);
	step(demo, "entry_pass", id, "issue", area == 3 ? WORK_DESK2 : WORK_DESK, "FD", area, day);
	if (suspended)
		step(demo, "entry_pass", id, "suspend", WORK_SECURITY, "SS", area, day + 5);
}

/* A third in stock, the others with residents, one in six of them sold. */
static void card_put(struct demo *demo, int n)
{
	const enum sheet_name sheet = SHEET_CARD;
	int64_t id = sheet_next_id(demo, sheet), unit;
	int area = unit_draw(demo, &unit), desk, day = demo->today - 100 + n;
	bool stock = n % 3 == 0, sold = n % 6 == 1;
	char text[24];

	area = stock ? 1 : area;
	desk = area == 3 ? WORK_DESK2 : WORK_DESK;
	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, area);
	sheet_text(demo, sheet, stock ? "stock" : n % 20 == 7 ? "lost" : "active");
	snprintf(text, sizeof(text), "K%05d", 20000 + n);
	sheet_text(demo, sheet, text);
	step(demo, "card", id, "stock", desk, "FD", area, day);
	if (stock) {
		for (int empty = 0; empty < 8; empty++)
			sheet_text(demo, sheet, NULL);
		sheet_end(demo, sheet);
		return;
	}
	sheet_int(demo, sheet, unit);
	name_put(demo, sheet);
	sheet_text(demo, sheet, sold ? "sold" : "free");
	snprintf(text, sizeof(text), "PT-%05d", 500 + n);
	sheet_text(demo, sheet, sold ? text : NULL);
	if (sold)
		sheet_time(demo, sheet, day, TEN);
	else
		sheet_text(demo, sheet, NULL);
	sheet_int(demo, sheet, desk);
	sheet_time(demo, sheet, day, TEN + 5);
	sheet_time(demo, sheet, day, TEN + 6);
	sheet_end(demo, sheet);
	step(demo, "card", id, "issue", desk, "FD", area, day);
	step(demo, "card", id, "activate", desk, "FD", area, day);
}

static void slip_put(struct demo *demo, int n)
{
	static const char items[] = "[{\"name\": \"sofa\", \"quantity\": 1}, {\"name\": \"carton\", \"quantity\": 12}, {\"name\": \"bicycle\", \"quantity\": 2}]";
	const enum sheet_name sheet = SHEET_SLIP;
	bool today = n + 1 == SLIPS;
	int64_t id = sheet_next_id(demo, sheet), unit = 0;
	int area = unit_draw(demo, &unit), day = demo->today - (today ? 0 : SLIPS - n);

	if (today) {
		demo_unit_find(demo, "7-1301", &unit);
		area = 1;
	}
	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, area);
	sheet_text(demo, sheet, today ? "issued" : "used");
	sheet_int(demo, sheet, SLIP - SLIPS + n + 1);
	sheet_int(demo, sheet, unit);
	if (today)
		sheet_text(demo, sheet, "Phạm Quỳnh Hương");
	else
		name_put(demo, sheet);
	sheet_text(demo, sheet, items);
	sheet_date(demo, sheet, day);
	sheet_text(demo, sheet, "carry_out");
	sheet_text(demo, sheet, today ? items : "[]");
	sheet_int(demo, sheet, area == 3 ? WORK_DESK2 : WORK_DESK);
	sheet_time(demo, sheet, day - 1, TEN);
	if (today) {
		sheet_text(demo, sheet, NULL);
		sheet_text(demo, sheet, NULL);
	} else {
		sheet_int(demo, sheet, WORK_GUARD);
		sheet_time(demo, sheet, day, TEN);
		step(demo, "release_slip", id, "clear", WORK_GUARD, "SG", area, day);
	}
	sheet_end(demo, sheet);
	step(demo, "release_slip", id, "issue", area == 3 ? WORK_DESK2 : WORK_DESK, "FD", area, day - 1);
}

static void expected_put(struct demo *demo, const char *kind, const char *name, const char *code, int days, const char *instruction)
{
	const enum sheet_name sheet = SHEET_EXPECTED;
	int64_t id = sheet_next_id(demo, sheet), unit = 0;
	int staff = strcmp(kind, "barred") == 0 ? WORK_SECURITY : WORK_DESK;

	demo_unit_find(demo, code, &unit);
	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, 1);
	sheet_text(demo, sheet, "in_force");
	sheet_text(demo, sheet, kind);
	sheet_text(demo, sheet, name);
	sheet_int(demo, sheet, unit);
	sheet_date(demo, sheet, demo->today);
	sheet_date(demo, sheet, demo->today + days);
	sheet_text(demo, sheet, instruction);
	sheet_int(demo, sheet, staff);
	sheet_time(demo, sheet, demo->today - 1, TEN);
	sheet_end(demo, sheet);
	step(demo, "gate_list", id, "enter", staff, staff == WORK_SECURITY ? "SS" : "FD", 1, demo->today - 1);
}

static void car_put(struct demo *demo, int n)
{
	const enum sheet_name sheet = SHEET_PARKING;
	int64_t id = sheet_next_id(demo, sheet), unit;
	int area = unit_draw(demo, &unit);
	char text[24];

	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, area);
	sheet_text(demo, sheet, "permitted");
	snprintf(text, sizeof(text), "51F%05d", 10000 + n * 211);
	sheet_text(demo, sheet, text);
	sheet_text(demo, sheet, n % 4 == 3 ? "permit" : "resident");
	sheet_int(demo, sheet, unit);
	snprintf(text, sizeof(text), "B1-%03d", n + 1);
	sheet_text(demo, sheet, text);
	sheet_date(demo, sheet, demo->today + (n % 10 == 9 ? -5 : 200));
	sheet_int(demo, sheet, area == 3 ? WORK_DESK2 : WORK_DESK);
	sheet_end(demo, sheet);
	step(demo, "parking", id, "permit", area == 3 ? WORK_DESK2 : WORK_DESK, "FD", area, demo->today - 30);
}

static const struct {
	const char *unit, *kind, *category, *instruction, *facts, *source;
} watched[] = {
	{ "7-1304", "owner", "b1", "Unusual goods at night: note and tell the desk.", "Convicted of theft; served his term.", "yearly liaison with the police station" },
	{ "7-1302", "owner", "v2", "Look for light and post; tell the desk when in doubt.", "81 years old and alone; her son lives out of town.", "told by her son" },
	{ "7-1301", "tenant_person", "t", "Goods leave with a slip only.", "Rented through the centre since last year.", "lease" },
	{ "7-1303", "owner", "v1", "Call the desk at once when help is asked for.", "Pregnant; due in three weeks.", "told by herself" },
};

/* Rows are in the database before these are written. */
int64_t demo_household_find(struct demo *demo, const char *unit, const char *kind)
{
	struct admin_rows *rows = NULL;
	const char *const params[] = { unit, kind };
	int64_t id = 0;

	if (demo->err == OK)
		demo_fail(demo, admin_query(demo->admin, "SELECT h.id FROM lodge.household h JOIN lodge.unit u ON u.id = h.unit WHERE u.code = $1 AND h.kind = $2 AND h.closed IS NULL",
			2, params, &rows));
	if (demo->err == OK && admin_rows_get(rows, 0, 0) != NULL)
		id = strtoll(admin_rows_get(rows, 0, 0), NULL, 10);
	admin_rows_free(rows);
	return id;
}

static void watch_put(struct demo *demo, size_t i)
{
	const enum sheet_name sheet = SHEET_WATCH;
	int64_t id = sheet_next_id(demo, sheet), household = demo_household_find(demo, watched[i].unit, watched[i].kind), unit = 0;

	demo_unit_find(demo, watched[i].unit, &unit);
	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, 1);
	sheet_text(demo, sheet, "listed");
	sheet_int(demo, sheet, household);
	sheet_int(demo, sheet, unit);
	sheet_text(demo, sheet, watched[i].category);
	sheet_text(demo, sheet, watched[i].instruction);
	sheet_time(demo, sheet, demo->today - 40, TEN);
	sheet_int(demo, sheet, WORK_DESK);
	sheet_int(demo, sheet, WORK_CSS);
	sheet_end(demo, sheet);
	sheet_int(demo, SHEET_WATCH_SEALED, id);
	demo_sealed(demo, SHEET_WATCH_SEALED, "key_household", "facts", watched[i].facts, false);
	demo_sealed(demo, SHEET_WATCH_SEALED, "key_household", "source", watched[i].source, false);
	sheet_end(demo, SHEET_WATCH_SEALED);
	step(demo, "key_household", id, "propose", WORK_DESK, "FD", 1, demo->today - 41);
	step(demo, "key_household", id, "confirm", WORK_CSS, "CSS", 1, demo->today - 40);
}

void demo_make_gate(struct demo *demo)
{
	demo_flush(demo, true);
	for (size_t i = 0; i < NITEMS(lists); i++) {
		list_put(demo, i);
		people_put(demo, i);
	}
	for (int n = 0; n < PASSES; n++)
		pass_put(demo, n);
	for (int n = 0; n < CARDS; n++)
		card_put(demo, n);
	for (int n = 0; n < SLIPS; n++)
		slip_put(demo, n);
	for (int n = 0; n < CARS; n++)
		car_put(demo, n);
	expected_put(demo, "expected", "Lý Thị Hoa", "7-1203", 0, "Let in; the host knows.");
	expected_put(demo, "expected", "黄志明", "9-0501", 6, "Meeting on the fifth floor.");
	expected_put(demo, "barred", "Mạc Đình Khôi", "7-1204", 60, "Do not let in; tell the security supervisor.");
	for (size_t i = 0; i < NITEMS(watched); i++)
		watch_put(demo, i);
	demo_flush(demo, true);
}
