/*
 * demo_patrol.c - the PINs with which the demo's people sign at posts, and the points of rounds.
 *
 * 5521 of who stands at post c07 is typed by scripts; everybody else's is 7000 and his work number. Not for: who stands
 * where (demo_duty.c). Trap: the key of a PIN is made under the key of encrypted fields, as the server makes it.
 */
#include <stdio.h>

#include "server/admin/admin.h"
#include "server/admin/demo.h"
#include "server/crypt.h"

enum { OTHERS = 7000, REAR_GATE_PIN = 5521, AGO = 300, TEN = 10 * 60 };

/* building 0: a public area. */
static const struct { const char *code, *name; int building; } points[] = {
	{ "p01", "Main square", 0 }, { "p02", "Car park, basement 1", 0 }, { "p03", "Playground", 0 }, { "p04", "Rear fence", 0 }, { "p05", "Pump house", 0 },
	{ "b71", "Roof door", 7 }, { "b72", "Corridor of floor 12", 7 }, { "b73", "Refuse room", 7 },
};

static void points_put(struct demo *demo)
{
	for (size_t i = 0; i < NITEMS(points); i++) {
		int64_t id = sheet_next_id(demo, SHEET_POINT);

		sheet_int(demo, SHEET_POINT, id);
		sheet_text(demo, SHEET_POINT, "in_use");
		sheet_text(demo, SHEET_POINT, points[i].code);
		sheet_text(demo, SHEET_POINT, points[i].name);
		sheet_text(demo, SHEET_POINT, points[i].building == 0 ? "public" : "building");
		if (points[i].building == 0)
			sheet_text(demo, SHEET_POINT, NULL);
		else
			sheet_int(demo, SHEET_POINT, points[i].building);
		sheet_end(demo, SHEET_POINT);
		demo_event(demo, &(struct demo_act){ .book = "patrol_point", .op = "set_up", .role = "SS", .record = id, .staff = WORK_SECURITY, .day = demo->today - AGO, .minute = TEN });
	}
}

/* What the database keeps is made by the database, of the key. */
static void verifier_put(struct demo *demo, int staff)
{
	char pin[16], who[16];
	const char *key = NULL;

	snprintf(pin, sizeof(pin), "%d", staff == WORK_REAR_GATE ? REAR_GATE_PIN : OTHERS + staff);
	snprintf(who, sizeof(who), "%d", staff);
	if (demo->err == OK)
		demo_fail(demo, crypt_key_hash(demo->scratch, pin, &key));
	if (demo->err == OK)
		demo_fail(demo, admin_query(demo->admin, "INSERT INTO lodge.pin_verifier (staff, hash) SELECT $1::bigint, lodge.pin_hash($1::bigint, $2::bytea)",
			2, (const char *const[]){ who, key }, NULL));
}

void demo_make_patrol(struct demo *demo)
{
	demo_flush(demo, true);
	points_put(demo);
	for (int staff = 1; staff <= DEMO_STAFF; staff++) {
		int64_t id;

		if (demo->staff[staff].gone)
			continue;
		verifier_put(demo, staff);
		id = sheet_next_id(demo, SHEET_PIN);
		sheet_int(demo, SHEET_PIN, id);
		sheet_text(demo, SHEET_PIN, "in_force");
		sheet_int(demo, SHEET_PIN, staff);
		sheet_int(demo, SHEET_PIN, staff);
		sheet_time(demo, SHEET_PIN, demo->today - AGO, TEN);
		sheet_end(demo, SHEET_PIN);
		demo_event(demo, &(struct demo_act){ .book = "staff_pin", .op = "set", .record = id, .staff = staff, .day = demo->today - AGO, .minute = TEN });
	}
	demo_flush(demo, true);
}
