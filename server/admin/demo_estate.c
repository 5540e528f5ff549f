/*
 * demo_estate.c - areas, buildings and units of the demo estate, and which of them are lived in.
 *
 * Area 1 = buildings 1-8, 2 = 9-16, 3 = 17-24; area 0 is the estate office with its company files.
 * Not for: who lives there (demo_homes.c). Trap: rooms a floor grow with the scale, so that the
 * planted units exist at every size and no floor passes 99.
 */
#include "server/admin/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS = 5000, HOUSEHOLDS = 4600, ROOMS = 8, FLOORS_MAX = 90, OFFICE_BUILDING = 9 };

/* Units that must be lived in, and one that must not. */
static const struct { const char *code; bool vacant; } planted[] = {
	{ "7-1203", false }, { "7-1204", false }, { "7-1301", false }, { "7-1302", false }, { "7-1303", false },
	{ "7-1304", false }, { "9-0501", false }, { "12-0801", false }, { "18-0502", false }, { "18-0503", false },
	{ "3-0402", false }, { "5-0101", false }, { "20-0201", false }, { "20-0101", true },
};

static void areas_write(struct demo *demo)
{
	static const char *const names[] = { "Estate office", "Buildings 1–8", "Buildings 9–16", "Buildings 17–24" };
	for (int number = 0; number <= DEMO_AREAS; number++) {
		sheet_int(demo, SHEET_AREA, sheet_next_id(demo, SHEET_AREA));
		sheet_int(demo, SHEET_AREA, number);
		sheet_text(demo, SHEET_AREA, names[number]);
		sheet_end(demo, SHEET_AREA);
	}
}

static int area_of_building(int building)
{
	return (building - 1) / (DEMO_BUILDINGS / DEMO_AREAS) + 1;
}

static void building_write(struct demo *demo, int building)
{
	char number[8];
	snprintf(number, sizeof(number), "%d", building);
	sheet_int(demo, SHEET_BUILDING, sheet_next_id(demo, SHEET_BUILDING));
	sheet_int(demo, SHEET_BUILDING, area_of_building(building));
	sheet_text(demo, SHEET_BUILDING, number);
	sheet_text(demo, SHEET_BUILDING, building <= 3 ? "a" : building <= 16 ? "b" : "c");
	sheet_end(demo, SHEET_BUILDING);
}

static void unit_plan(struct demo *demo, int building, int floor, int room)
{
	struct demo_unit *unit = &demo->units[demo->nunits++];
	snprintf(unit->code, sizeof(unit->code), "%d-%02d%02d", building, floor, room);
	unit->area = area_of_building(building);
	unit->office = building == OFFICE_BUILDING;
	for (size_t i = 0; i < NITEMS(planted); i++)
		if (strcmp(planted[i].code, unit->code) == 0) {
			unit->planted = true;
			unit->occupied = !planted[i].vacant;
		}
}

/* The first buildings get one more where the units do not divide. */
static void units_plan(struct demo *demo)
{
	int total = UNITS * demo->scale;
	int rooms = ROOMS;
	while (total / DEMO_BUILDINGS / rooms >= FLOORS_MAX)
		rooms++;
	for (int building = 1; building <= DEMO_BUILDINGS; building++) {
		int here = total / DEMO_BUILDINGS + (building <= total % DEMO_BUILDINGS);
		for (int i = 0; i < here; i++)
			unit_plan(demo, building, i / rooms + 1, i % rooms + 1);
	}
}

/* One household a unit, two in the let one. */
static void units_occupy(struct demo *demo)
{
	int left = 0, wanted = HOUSEHOLDS * demo->scale - 1;
	for (size_t i = 0; i < demo->nunits; i++) {
		left += !demo->units[i].planted;
		wanted -= demo->units[i].occupied;
	}
	for (size_t i = 0; i < demo->nunits; i++) {
		struct demo_unit *unit = &demo->units[i];
		if (unit->planted)
			continue;
		unit->occupied = chance_below(demo, left--) < wanted;
		wanted -= unit->occupied;
	}
}

static void unit_write(struct demo *demo, const struct demo_unit *unit)
{
	int building = 0, floor_room = 0;
	if (sscanf(unit->code, "%d-%d", &building, &floor_room) != 2)
		demo_fail(demo, ERR_INVALID);
	sheet_int(demo, SHEET_UNIT, sheet_next_id(demo, SHEET_UNIT));
	sheet_int(demo, SHEET_UNIT, unit->area);
	sheet_text(demo, SHEET_UNIT, unit->code);
	sheet_int(demo, SHEET_UNIT, building);
	sheet_int(demo, SHEET_UNIT, floor_room / 100);
	sheet_text(demo, SHEET_UNIT, unit->code + strlen(unit->code) - 2);
	sheet_text(demo, SHEET_UNIT, unit->office ? "office" : "residential");
	sheet_text(demo, SHEET_UNIT, unit->occupied ? "occupied" : "vacant");
	sheet_int(demo, SHEET_UNIT, 45 + chance_below(demo, 136));
	sheet_end(demo, SHEET_UNIT);
}

struct demo_unit *demo_unit_find(struct demo *demo, const char *code, int64_t *id)
{
	for (size_t i = 0; i < demo->nunits; i++)
		if (strcmp(demo->units[i].code, code) == 0) {
			*id = (int64_t)i + 1;
			return &demo->units[i];
		}
	demo_fail(demo, ERR_NOT_FOUND);
	return NULL;
}

void demo_make_estate(struct demo *demo)
{
	demo->units = calloc((size_t)(UNITS * demo->scale), sizeof(*demo->units));
	if (demo->units == NULL) {
		demo_fail(demo, ERR_NOMEM);
		return;
	}
	areas_write(demo);
	for (int building = 1; building <= DEMO_BUILDINGS; building++)
		building_write(demo, building);
	units_plan(demo);
	units_occupy(demo);
	for (size_t i = 0; i < demo->nunits; i++)
		unit_write(demo, &demo->units[i]);
}
