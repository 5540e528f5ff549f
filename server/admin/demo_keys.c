/*
 * demo_keys.c - the key register of the demo estate, and the due date of 7-1303.
 *
 * Not for: uses of keys; scripts begin with every set in its place. Trap: the first set is the sealed one of 9-0501, which
 * scripts name by its number.
 */
#include "server/admin/demo.h"

#include <string.h>

#include "common/words.h"

enum { TEN = 10 * 60, DUE_DAYS = 20 };

static const struct { const char *code, *class, *unit, *label; int count, area; const char *slot; } sets[] = {
	{ "E9-0501", "sealed", "9-0501", NULL, 3, 2, "safe 1" },
	{ "C7-1203", "cabinet", "7-1203", NULL, 1, 1, "hook 7-12" },
	{ "C-B7", "cabinet", NULL, "Floors of building 7", 26, 1, "hook 7" },
	{ "AR-1", "archive_room", NULL, "Archive room", 2, 1, "safe 9" },
	{ "T-EL", "technical", NULL, "Electrical risers", 4, 1, "hook T1" },
	{ "V20-0101", "vacant", "20-0101", NULL, 2, 3, "hook V1" },
};

static void unit_cell(struct demo *demo, enum sheet_name sheet, const char *code)
{
	int64_t unit = 0;

	if (code == NULL) {
		sheet_text(demo, sheet, NULL);
		return;
	}
	demo_unit_find(demo, code, &unit);
	sheet_int(demo, sheet, unit);
}

static void set_put(struct demo *demo, size_t i)
{
	const enum sheet_name sheet = SHEET_KEY_SET;
	int64_t id = sheet_next_id(demo, sheet);
	bool sealed = strcmp(sets[i].class, "sealed") == 0;

	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, sets[i].area);
	sheet_text(demo, sheet, "in_safe");
	sheet_text(demo, sheet, sets[i].code);
	sheet_text(demo, sheet, sets[i].class);
	unit_cell(demo, sheet, sets[i].unit);
	sheet_text(demo, sheet, sets[i].label);
	sheet_int(demo, sheet, sets[i].count);
	sheet_text(demo, sheet, sets[i].slot);
	sheet_text(demo, sheet, sealed ? "0501-1" : NULL);
	sheet_text(demo, sheet, sealed ? "true" : NULL);
	sheet_text(demo, sheet, sealed ? "林志远" : NULL);
	if (sealed)
		sheet_time(demo, sheet, demo->today - 200, TEN);
	else
		sheet_text(demo, sheet, NULL);
	sheet_text(demo, sheet, sealed ? "19" : NULL);
	sheet_text(demo, sheet, sealed ? "林志远" : NULL);
	sheet_text(demo, sheet, sealed ? "13800905010" : NULL);
	sheet_time(demo, sheet, demo->today - 200, TEN);
	sheet_int(demo, sheet, WORK_TENANTS);
	sheet_end(demo, sheet);
	demo_event(demo, &(struct demo_act){ .book = "key_set", .op = "register", .role = "TSO", .record = id, .staff = WORK_TENANTS,
		.area = sets[i].area, .day = demo->today - 200, .minute = TEN });
}

static void due_date_put(struct demo *demo)
{
	const enum sheet_name sheet = SHEET_PREGNANCY;
	int64_t id = sheet_next_id(demo, sheet);

	sheet_int(demo, sheet, id);
	sheet_int(demo, sheet, 1);
	sheet_text(demo, sheet, "expected");
	sheet_int(demo, sheet, demo_household_find(demo, "7-1303", "owner"));
	unit_cell(demo, sheet, "7-1303");
	sheet_time(demo, sheet, demo->today - 40, TEN);
	sheet_int(demo, sheet, WORK_CSS);
	sheet_end(demo, sheet);
	sheet_int(demo, SHEET_PREGNANCY_SEALED, id);
	sheet_date(demo, SHEET_PREGNANCY_SEALED, demo->today + DUE_DAYS);
	sheet_end(demo, SHEET_PREGNANCY_SEALED);
	demo_event(demo, &(struct demo_act){ .book = "pregnancy", .op = "record", .role = "CSS", .record = id, .staff = WORK_CSS,
		.area = 1, .day = demo->today - 40, .minute = TEN });
}

void demo_make_keys(struct demo *demo)
{
	for (size_t i = 0; i < NITEMS(sets); i++)
		set_put(demo, i);
	due_date_put(demo);
}
