/*
 * room_check.c - the check list of the archive room: doors, water, damp, insects, rodents, dust, damage (ARC-24).
 *
 * One row is planned at any time; writing it down plans the next. Not for: who goes in and out (room.c).
 * Trap: `due` is never stored; a planned check shows as due once its day has come.
 */
#include "common/books/books.h"

#define SUPERIORS (BIT(ROLE_CSS) | BIT(ROLE_CM))
#define POINT(n, l, h) { .name = n, .label = l, .help = h, .type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_NARROW, .choices = verdicts }

enum { DUE, SECURE, WATER, DAMP, INSECTS, RODENTS, DUST, DAMAGE, FINDINGS, CHECKED_AT, CHECKED_BY, NFIELDS };
enum { PLANNED, DUE_NOW, DONE, NSTATES };
enum { DEADLINE_DUE };
static const struct choice verdicts[] = { { "ok", N_("In order") }, { "fault", N_("Not in order") }, { NULL, NULL } };
static const struct field fields[] = {
	[DUE] = { .name = "due", .label = N_("Due"), .help = N_("The day by which the room is checked."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_SORT | F_NARROW },
	[SECURE] = POINT("secure", N_("Door, windows"), N_("Solid, locked, nobody has tried them.")),
	[WATER] = POINT("water", N_("Water stains"), N_("Ceiling, walls and pipes are dry.")),
	[DAMP] = POINT("damp", N_("Damp"), N_("Neither mould nor damp paper.")),
	[INSECTS] = POINT("insects", N_("Insects"), N_("No insects, no traces of them.")),
	[RODENTS] = POINT("rodents", N_("Rodents"), N_("No rodents, no traces of them.")),
	[DUST] = POINT("dust", N_("Dust"), N_("Shelves and bags are clean.")),
	[DAMAGE] = POINT("damage", N_("Damage"), N_("Cabinets, labels and bags are whole.")),
	[FINDINGS] = { .name = "findings", .label = N_("Findings"), .help = N_("What is not in order, and who mends it until when."),
		.type = FT_NOTE, .level = LEVEL_OPEN, .flags = F_LIST, .min = 3, .max = 1000 },
	[CHECKED_AT] = { .name = "checked_at", .label = N_("Checked"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[CHECKED_BY] = { .name = "checked_by", .label = N_("Checked by"), .help = N_("Who went round."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .ref = "staff" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "room check fields");
static const struct state states[] = {
	[PLANNED] = { .name = "planned", .label = N_("Planned"), .open = true, .born = true },
	[DUE_NOW] = { .name = "due", .label = N_("Due"), .of = PLANNED, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[DONE] = { .name = "done", .label = N_("Done") },
};
_Static_assert(NITEMS(states) == NSTATES, "room check states");
static const struct guard writing[] = {
	{ .name = "room_findings_told", .rule = "ARC-24", .code = ERR_INVALID, .field = "findings",
		.sentence = N_("Something is not in order; say what, and who mends it.") },
	{ .name = NULL },
};
#define POINTS (FIELD(SECURE) | FIELD(WATER) | FIELD(DAMP) | FIELD(INSECTS) | FIELD(RODENTS) | FIELD(DUST) | FIELD(DAMAGE))
static const struct op ops[] = {
	{ .name = "write", .label = N_("Check the room"), .help = N_("Each point of the list, what was found; the next check is planned (ARC-24)."),
		.roles = BIT(ROLE_ACU) | BIT(ROLE_CSS), .from = BIT(PLANNED), .to = DONE, .asks = POINTS | FIELD(FINDINGS), .needs = POINTS,
		.state_rule = "ARC-24", .state_sentence = N_("This check has been written down; the next one is planned."),
		.derive = "room_checked", .guards = writing, .effect = "room_checked", .closes = BIT(DEADLINE_DUE) },
};
static const struct deadline deadlines[] = { [DEADLINE_DUE] = { .name = "room_check_due", .label = N_("Check of the archive room"), .field = DUE } };
static const struct view views[] = {
	{ .name = "due", .label = N_("Archive room to check"), .where = "{\"state\":\"due\"}", .sort = "due", .roles = BIT(ROLE_ACU) | BIT(ROLE_CSS) },
};
const struct book book_room_check = { .name = "room_check", .title = N_("Archive room checks"),
	.why = N_("Paper that is kept dry, clean and locked is still there when it is wanted."),
	.readers = BIT(ROLE_ACU) | SUPERIORS | BIT(ROLE_QC) | BIT(ROLE_DEM) | BIT(ROLE_EM), .historians = BIT(ROLE_ACU) | SUPERIORS | BIT(ROLE_EM),
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.deadlines = deadlines, .ndeadlines = NITEMS(deadlines), .views = views, .nviews = NITEMS(views) };
