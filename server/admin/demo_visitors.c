/*
 * demo_visitors.c - the visitor book of the demo estate: 25,000 of 90 days, nine who are inside.
 *
 * Not for: what the gate knows beforehand (demo_gate.c). Trap: line 23 and card 23 are the same visitor, who is
 * inside, and the tail 4417 belongs to one past visitor: scripts type both.
 */
#include <stdio.h>
#include <string.h>

#include "server/admin/demo.h"

enum { VISITORS = 25000, SPAN_DAYS = 90, INSIDE = 8, PLANTED_INSIDE = 23, PLANTED_PAST = 24, GUARDS = 2 };

enum class { GUEST, BUSINESS, SUPPLIER, CASUAL, DELIVERY };
static const char *const class_words[] = { [GUEST] = "guest", [BUSINESS] = "business", [SUPPLIER] = "supplier",
	[CASUAL] = "casual_worker", [DELIVERY] = "delivery" };

/* One visit: what is decided first, then what follows from it. Moments are minutes of a day. */
struct visit {
	int64_t id, unit;
	enum class class;
	const char *name, *service, *body;
	int area, day, minute, stay, badge;
	int64_t listed;         /* the supplier's employee he is; 0 = none */
	bool inside, presumed;
	char tail[8], plate[16];
};

enum { AFTER_ASKED = 4, AFTER_ANSWERED = 9, AFTER_ENTERED = 12 };

static int entered_minute(const struct visit *visit)
{
	return visit->minute + (visit->class == BUSINESS || visit->class == SUPPLIER ? AFTER_ENTERED : 0);
}

static void draw_unit(struct demo *demo, struct visit *visit)
{
	do
		visit->unit = 1 + chance_below(demo, (int)demo->nunits);
	while (!demo->units[visit->unit - 1].occupied);
	visit->area = demo->units[visit->unit - 1].area;
}

static enum class draw_class(struct demo *demo)
{
	int percent = chance_below(demo, 100);

	return percent < 66 ? GUEST : percent < 78 ? BUSINESS : percent < 86 ? SUPPLIER : percent < 92 ? CASUAL : DELIVERY;
}

/* Everything but the planted tail. */
static void draw_tail(struct demo *demo, char tail[8])
{
	do
		snprintf(tail, 8, "%04d", chance_below(demo, 10000));
	while (strcmp(tail, "4417") == 0);
}

static void opt_int(struct demo *demo, int64_t number)
{
	if (number > 0)
		sheet_int(demo, SHEET_VISITOR, number);
	else
		sheet_text(demo, SHEET_VISITOR, NULL);
}

static void opt_time(struct demo *demo, bool given, int day, int minute)
{
	if (given)
		sheet_time(demo, SHEET_VISITOR, day, minute);
	else
		sheet_text(demo, SHEET_VISITOR, NULL);
}

static const char *opt(bool given, const char *text)
{
	return given ? text : NULL;
}

/* The cells from the arrival on. */
static void movements_put(struct demo *demo, const struct visit *visit)
{
	const enum sheet_name sheet = SHEET_VISITOR;
	bool asked = visit->class == BUSINESS || visit->class == SUPPLIER;
	int guard = WORK_GUARD + (int)(visit->id % GUARDS);

	opt_time(demo, true, visit->day, visit->minute);
	sheet_text(demo, sheet, opt(asked, "agreed"));
	sheet_text(demo, sheet, opt(asked, "the host himself"));
	opt_time(demo, asked, visit->day, visit->minute + AFTER_ANSWERED);
	opt_int(demo, asked ? guard : 0);
	opt_time(demo, true, visit->day, entered_minute(visit));
	opt_time(demo, !visit->inside, visit->day, visit->minute + visit->stay);
	sheet_text(demo, sheet, opt(!visit->inside, visit->presumed ? "presumed" : "seen"));
	sheet_text(demo, sheet, opt(visit->presumed, "not seen leaving; the host says he has left"));
	opt_int(demo, visit->class == GUEST ? visit->area == 3 ? WORK_DESK2 : WORK_DESK : guard);
	opt_int(demo, visit->inside ? 0 : guard);
	sheet_text(demo, sheet, "demo");
	opt_int(demo, visit->listed);
	opt_int(demo, visit->listed > 0 ? 1 : 0);
	sheet_end(demo, sheet);
}

static void visit_put(struct demo *demo, const struct visit *visit)
{
	const enum sheet_name sheet = SHEET_VISITOR;
	bool named = visit->class != DELIVERY;

	sheet_int(demo, sheet, visit->id);
	sheet_int(demo, sheet, visit->area);
	sheet_text(demo, sheet, visit->inside ? "inside" : "left");
	sheet_int(demo, sheet, visit->id);
	opt_int(demo, visit->badge);
	sheet_text(demo, sheet, class_words[visit->class]);
	sheet_text(demo, sheet, visit->name);
	sheet_text(demo, sheet, opt(named, visit->tail));
	sheet_int(demo, sheet, visit->unit);
	sheet_text(demo, sheet, visit->body);
	sheet_text(demo, sheet, opt(named, "id_card"));
	sheet_int(demo, sheet, visit->class == SUPPLIER ? 1 + visit->id % 3 : 1);
	sheet_text(demo, sheet, opt(visit->plate[0] != '\0', visit->plate));
	sheet_text(demo, sheet, opt(visit->class == GUEST, "informed"));
	sheet_text(demo, sheet, visit->service);
	movements_put(demo, visit);
}

static void step(struct demo *demo, const struct visit *visit, const char *op, int staff, const char *role, int minute)
{
	demo_event(demo, &(struct demo_act){ .book = "visitor", .op = op, .role = role, .record = visit->id, .staff = staff,
		.area = visit->area, .day = visit->day, .minute = minute });
}

static void steps_put(struct demo *demo, const struct visit *visit)
{
	bool asked = visit->class == BUSINESS || visit->class == SUPPLIER;
	int guard = WORK_GUARD + (int)(visit->id % GUARDS), desk = visit->area == 3 ? WORK_DESK2 : WORK_DESK;
	const char *role = guard == WORK_GUARD ? "SG" : "SL";

	if (visit->class == GUEST)
		step(demo, visit, "arrive", desk, "FD", visit->minute);
	else
		step(demo, visit, visit->class == DELIVERY ? "pass_through" : "arrive", guard, role, visit->minute);
	if (asked) {
		step(demo, visit, "ask_host", desk, "FD", visit->minute + AFTER_ASKED);
		step(demo, visit, "answer", desk, "FD", visit->minute + AFTER_ANSWERED);
		step(demo, visit, "escort", guard, role, visit->minute + AFTER_ANSWERED + 1);
	}
	if (asked || visit->class == CASUAL)
		step(demo, visit, "enter", guard, role, entered_minute(visit));
	if (!visit->inside)
		step(demo, visit, visit->presumed ? "presume_left" : "leave", guard, role, visit->minute + visit->stay);
}

static void plate_fill(struct demo *demo, struct visit *visit)
{
	if (visit->class == SUPPLIER || visit->class == DELIVERY)
		snprintf(visit->plate, sizeof(visit->plate), "51%c%05d", 'A' + chance_below(demo, 8), chance_below(demo, 100000));
}

/* Who comes, whoever he is; suppliers' employees are those of the first list, in force. */
static void person_fill(struct demo *demo, struct visit *visit, struct demo_name *name)
{
	do
		demo_name_make(demo, demo_tongue(demo), chance_percent(demo, 50), -1, name);
	while (strcmp(name->text, "Trần Văn Minh") == 0);
	visit->name = visit->class == DELIVERY ? NULL : name->text;
	visit->service = visit->class != DELIVERY ? NULL : visit->id % 3 == 0 ? "taxi" : "courier";
	visit->listed = visit->class == SUPPLIER ? 1 + visit->id % 100 : 0;
	visit->body = visit->class == SUPPLIER ? "华信设备维修有限公司" : visit->class == BUSINESS ? "Công ty Điện Nước Sài Gòn" : NULL;
	draw_tail(demo, visit->tail);
	plate_fill(demo, visit);
}

static void visit_draw(struct demo *demo, int64_t id, int64_t n, struct visit *visit, struct demo_name *name)
{
	*visit = (struct visit){ .id = id, .class = draw_class(demo), .minute = 8 * 60 + chance_below(demo, 10 * 60),
		.stay = 15 + chance_below(demo, 5 * 60), .presumed = chance_percent(demo, 2) };
	draw_unit(demo, visit);
	visit->day = demo->today - SPAN_DAYS + (int)(id * (SPAN_DAYS - 1) / n);
	visit->inside = id > n - INSIDE || id == PLANTED_INSIDE;
	if (visit->inside) { /* since last night, whenever the demo is loaded */
		visit->class = id % 4 == 0 ? BUSINESS : id % 4 == 1 ? SUPPLIER : GUEST;
		visit->badge = id == PLANTED_INSIDE ? PLANTED_INSIDE : (int)(n - id + 1);
		visit->day = demo->today - 1;
		visit->minute = 19 * 60 + (int)(id % 60);
		visit->presumed = false;
	}
	person_fill(demo, visit, name);
	if (id == PLANTED_INSIDE) {
		visit->unit = 0;
		demo_unit_find(demo, "7-1203", &visit->unit);
		visit->area = 1;
	}
}

void demo_make_visitors(struct demo *demo)
{
	int64_t n = VISITORS * (int64_t)demo->scale;

	for (int64_t id = 1; id <= n && demo->err == OK; id++) {
		struct visit visit;
		struct demo_name name;

		visit_draw(demo, sheet_next_id(demo, SHEET_VISITOR), n, &visit, &name);
		if (id == PLANTED_PAST) {
			visit.class = GUEST;
			visit.name = "Trần Văn Minh";
			visit.service = visit.body = NULL;
			visit.listed = 0;
			visit.plate[0] = '\0';
			demo_unit_find(demo, "7-1203", &visit.unit);
			visit.area = 1;
			snprintf(visit.tail, sizeof(visit.tail), "4417");
		}
		visit_put(demo, &visit);
		steps_put(demo, &visit);
		demo_flush(demo, false);
	}
}
