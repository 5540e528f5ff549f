/*
 * estate.c - the ground the house stands on: area, building, unit, department, terminal.
 *
 * Small read-only books without rules of their own; administration loads them. Not for: people
 * (staff.c, household.c). Trap: their codes are OPEN and appear in every reference, so nothing
 * about residents may ever become a code.
 */
#include "common/books/books.h"

enum { AREA_NUMBER, AREA_NAME, AREA_NFIELDS };
static const struct field area_fields[] = {
	[AREA_NUMBER] = { .name = "number", .label = N_("Number"), .help = N_("The number of the area; 0 is the estate office itself."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO | F_NARROW, .max = 9999 },
	[AREA_NAME] = { .name = "name", .label = N_("Its name"), .help = N_("What the area is called."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .max = 80 },
};
_Static_assert(NITEMS(area_fields) == AREA_NFIELDS, "area fields");
const struct book book_area = { .name = "area", .title = N_("Areas"),
	.why = N_("The estate is cut into areas; staff see their own."),
	.readers = ROLES_EVERYBODY, .fields = area_fields, .nfields = AREA_NFIELDS };

static const struct choice arrival_classes[] = { { "a", N_("A (5 min)") }, { "b", N_("B (10 min)") }, { "c", N_("C (15 min)") }, { NULL, NULL } };
enum { BUILDING_NUMBER, BUILDING_ARRIVAL, BUILDING_NFIELDS };
static const struct field building_fields[] = {
	[BUILDING_NUMBER] = { .name = "number", .label = N_("Number"), .help = N_("The number of the building."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO | F_NARROW, .max = 8 },
	[BUILDING_ARRIVAL] = { .name = "arrival_class", .label = N_("Arrival class"), .help = N_("How soon engineering has to arrive."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .choices = arrival_classes },
};
_Static_assert(NITEMS(building_fields) == BUILDING_NFIELDS, "building fields");
const struct book book_building = { .name = "building", .title = N_("Buildings"),
	.why = N_("Every unit stands in a building, every building in an area."),
	.readers = ROLES_EVERYBODY, .flags = B_AREA, .code = "number",
	.fields = building_fields, .nfields = BUILDING_NFIELDS };

static const struct choice unit_uses[] = { { "residential", N_("Residential") }, { "office", N_("Office") }, { "shop", N_("Shop") },
	{ "dormitory", N_("Dormitory") }, { "management", N_("Management") }, { NULL, NULL } };
static const struct choice unit_statuses[] = { { "not_handed_over", N_("Not handed over") }, { "handed_over", N_("Handed over") },
	{ "occupied", N_("Occupied") }, { "vacant", N_("Vacant") }, { NULL, NULL } };
enum { UNIT_CODE, UNIT_BUILDING, UNIT_FLOOR, UNIT_ROOM, UNIT_USE, UNIT_STATUS, UNIT_AREA, UNIT_NFIELDS };
static const struct field unit_fields[] = {
	[UNIT_CODE] = { .name = "code", .label = N_("Unit"), .help = N_("Building, floor and room: 7-1203."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO | F_NARROW, .max = 16 },
	[UNIT_BUILDING] = { .name = "building", .label = N_("Building"), .help = N_("The building that the unit is in."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "building" },
	[UNIT_FLOOR] = { .name = "floor", .label = N_("Floor"), .help = N_("The floor."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .min = -9, .max = 200 },
	[UNIT_ROOM] = { .name = "room", .label = N_("Room"), .help = N_("The room on the floor."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .max = 8 },
	[UNIT_USE] = { .name = "use", .label = N_("Use"), .help = N_("What the unit is used as."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .choices = unit_uses },
	[UNIT_STATUS] = { .name = "status", .label = N_("Status"), .help = N_("Whether the unit is handed over and lived in."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .choices = unit_statuses },
	[UNIT_AREA] = { .name = "floor_area", .label = N_("Floor area, m²"), .help = N_("Built floor area in square metres."),
		.type = FT_INT, .level = LEVEL_FULL, .flags = F_AUTO, .min = 1, .max = 100000 },
};
_Static_assert(NITEMS(unit_fields) == UNIT_NFIELDS, "unit fields");
static const struct part unit_parts[] = {
	{ .name = "households", .label = N_("Households"), .book = "household", .by = "unit" },
	{ .name = "files", .label = N_("Files"), .book = "file", .by = "unit", .sort = "code" },
};
const struct book book_unit = { .name = "unit", .title = N_("Units"),
	.why = N_("Everything about residents hangs on a unit."),
	.readers = ROLES_EVERYBODY, .flags = B_AREA, .code = "code",
	.fields = unit_fields, .nfields = UNIT_NFIELDS, .parts = unit_parts, .nparts = NITEMS(unit_parts) };

static const struct choice department_kinds[] = { { "centre", N_("Customer service") }, { "security", N_("Security") },
	{ "engineering", N_("Engineering") }, { "cleaning", N_("Cleaning") }, { "estate", N_("Estate management") },
	{ "admin", N_("Administration") }, { "finance", N_("Finance") }, { "warehouse", N_("Warehouse") },
	{ "purchasing", N_("Purchasing") }, { "quality", N_("Quality") }, { "other", N_("Other") }, { NULL, NULL } };
enum { DEPARTMENT_NAME, DEPARTMENT_KIND, DEPARTMENT_HEAD, DEPARTMENT_NFIELDS };
static const struct field department_fields[] = {
	[DEPARTMENT_NAME] = { .name = "name", .label = N_("Department"), .help = N_("The word that names the department."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO, .max = 32 },
	[DEPARTMENT_KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("The staff of the centre are centre staff; all others are other departments."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .choices = department_kinds },
	[DEPARTMENT_HEAD] = { .name = "head", .label = N_("Head"), .help = N_("Who endorses for the department (LOAN-03)."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .ref = "staff" },
};
_Static_assert(NITEMS(department_fields) == DEPARTMENT_NFIELDS, "department fields");
static const struct part department_parts[] = {
	{ .name = "loans", .label = N_("Open loans"), .book = "loan", .by = "department", .sort = "-id",
		.where = "{\"state\":[\"requested\",\"endorsed\",\"approved\",\"expired\",\"issued\",\"overdue\"]}" },
};
const struct book book_department = { .name = "department", .title = N_("Departments"), .caption = "kind",
	.why = N_("A head answers for what his department borrows."),
	.readers = ROLES_EVERYBODY, .code = "name", .speaker = "head", .fields = department_fields, .nfields = DEPARTMENT_NFIELDS,
	.parts = department_parts, .nparts = NITEMS(department_parts) };

static const struct choice terminal_kinds[] = { { "reception", N_("Reception") }, { "night_console", N_("Night console") },
	{ "gate", N_("Gate") }, { "script", N_("Script") }, { NULL, NULL } };
enum { TERMINAL_NAME, TERMINAL_KIND, TERMINAL_PLACE, TERMINAL_NFIELDS };
static const struct field terminal_fields[] = {
	[TERMINAL_NAME] = { .name = "name", .label = N_("Terminal"), .help = N_("The name that the terminal signs in with."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO, .max = 64 },
	[TERMINAL_KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("Which console it is."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .choices = terminal_kinds },
	[TERMINAL_PLACE] = { .name = "place", .label = N_("Place"), .help = N_("Where it stands."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .max = 80 },
};
_Static_assert(NITEMS(terminal_fields) == TERMINAL_NFIELDS, "terminal fields");
const struct book book_terminal = { .name = "terminal", .title = N_("Terminals"),
	.why = N_("Every act names the place that it was done at."),
	.readers = ROLES_EVERYBODY, .code = "name", .fields = terminal_fields, .nfields = TERMINAL_NFIELDS };
