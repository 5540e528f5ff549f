/*
 * demo_pins.c - the PINs with which the demo's people sign at posts.
 *
 * 5521 of who stands at post c07 is typed by scripts; everybody else's is 7000 and his work number. Not for: who stands
 * where (demo_duty.c). Trap: the key of a PIN is made under the key of encrypted fields, as the server makes it.
 */
#include <stdio.h>

#include "server/admin/admin.h"
#include "server/admin/demo.h"
#include "server/crypt.h"

enum { OTHERS = 7000, REAR_GATE_PIN = 5521, AGO = 300, TEN = 10 * 60 };

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

void demo_make_pins(struct demo *demo)
{
	demo_flush(demo, true);
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
