/*
 * property_change.c - which units changed hands, users or size: the Property Change List that the patrol carries.
 *
 * RES-12, KEYH-07, NGT-10. A household that moves in or out writes its line by itself (trigger property_follows); sale, transfer,
 * lease and change of area are noted. Not for: who lives there (household.c): a line names a unit and no resident.
 * Trap: lines are never changed; what was mistyped is followed by another line.
 */
#include "common/books/shorthand.h"

#define NOTERS (BIT(ROLE_FD) | BIT(ROLE_TSO) | BIT(ROLE_ACU) | BIT(ROLE_CSS))
#define PATROL (BIT(ROLE_NM) | BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS))
#define GROUPS (BIT(ROLE_ET) | BIT(ROLE_EL) | BIT(ROLE_ES) | BIT(ROLE_CLS))

static const struct choice kinds[] = { { "sale", N_("Sale") }, { "transfer", N_("Transfer") }, { "move_in", N_("Moved in") }, { "move_out", N_("Moved out") },
	{ "area", N_("Change of area") }, { "lease", N_("Lease") }, { NULL, NULL } };
enum { UNIT, KIND, DAY, REMARK, LATELY, NOTED_AT, NOTED_BY, NFIELDS };
static const struct field fields[] = {
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that changed."), F_LIST | F_NARROW, "unit"),
	[KIND] = CHOICE("kind", N_("Kind"), N_("What changed (RES-12)."), F_LIST, kinds),
	[DAY] = DATE("day", N_("Day"), N_("Since when; today when not given."), F_LIST),
	[REMARK] = TEXT("remark", N_("Remark"), N_("What the patrol has to know; no names."), LEVEL_NAME, F_LIST, 2, 200),
	[LATELY] = { .name = "lately", .label = N_("Lately"), .help = N_("On the list that the patrol carries: not older than the policy says (night.change_days)."), .type = FT_BOOL,
		.level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no,
		.computed = "(t.day > (SELECT lodge.estate_day()) - (SELECT p.value::integer FROM lodge.policy p WHERE p.key = 'night.change_days'))" },
	[NOTED_AT] = STAMP("noted_at", N_("Noted at"), N_("When."), F_SORT),
	[NOTED_BY] = REF("noted_by", N_("Noted by"), N_("Who wrote it."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(fields) == NFIELDS, "property change fields");
static const struct op ops[] = {
	{ .name = "note", .label = N_("Note a property change"), .help = N_("Sale, transfer, lease or another area of a unit; who moves in or out is written by itself (RES-12)."),
		.roles = NOTERS, .to = STATE_SAME, .flags = OP_CREATE, .asks = FIELD(UNIT) | FIELD(KIND) | FIELD(DAY) | FIELD(REMARK), .needs = FIELD(UNIT) | FIELD(KIND),
		.derive = "property_noted" },
};
static const struct view views[] = {
	{ .name = "lately", .label = N_("Property changes"), .where = "{\"lately\":true}", .sort = "-noted_at", .roles = PATROL | BIT(ROLE_ES) | BIT(ROLE_CLS) },
};
const struct book book_property_change = { .name = "property_change", .title = N_("Property changes"),
	.why = N_("The patrol is not surprised by who is there, nor by who is gone."),
	.readers = NOTERS | PATROL | GROUPS | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM), .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .ops = ops, .nops = NITEMS(ops), .views = views, .nviews = NITEMS(views) };
