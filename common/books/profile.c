/*
 * profile.c - what daily work learns of residents: the desk's notes, and the VIP profiles they go into.
 *
 * ARC-20, ARC-21: each month the custodian works the notes in and looks through every profile; RES-13,
 * RES-15. Not for: special facts (household.c), written papers (file.c). Trap: who keeps a profile does
 * not read it (CNF-05), hence `confirm`: nothing new this month; and the desk writes notes it cannot read.
 */
#include "common/books/books.h"

#define READERS (BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM))
#define WRITERS (BIT(ROLE_FD) | BIT(ROLE_CSA) | BIT(ROLE_ACU) | BIT(ROLE_CSS))
#define UPDATERS (BIT(ROLE_ACU) | BIT(ROLE_CSS))

enum { V_HOUSEHOLD, V_UNIT, V_UPDATED_AT, V_UPDATE_DUE, V_BIRTHDAY, V_CHARACTER, V_PREFERENCES, V_SKILLS, V_REQUIREMENTS, V_OPINIONS,
	V_NFIELDS };
enum { V_KEPT, V_LATE, V_DUE, V_ENDED, V_NSTATES };
enum { V_DEADLINE_UPDATE };
#define VIP_NOTE(n, l, h) { .name = n, .label = l, .help = h, .type = FT_NOTE, .level = LEVEL_SEALED, .flags = F_CRYPT, .max = 2000 }
static const struct field vip_fields[] = {
	[V_HOUSEHOLD] = { .name = "household", .label = N_("Household"), .help = N_("The important household."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_SUBJECT, .ref = "household" },
	[V_UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The household's unit."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "unit" },
	[V_UPDATED_AT] = { .name = "updated_at", .label = N_("Up to date"), .help = N_("When it was last amended, or found to be up to date."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[V_UPDATE_DUE] = { .name = "update_due", .label = N_("Update due"), .help = N_("Profiles are updated each month (ARC-20)."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_SORT | F_NARROW },
	[V_BIRTHDAY] = { .name = "birthday", .label = N_("Birthday"), .help = N_("To be remembered on the day."),
		.type = FT_DATE, .level = LEVEL_SEALED, .flags = 0 },
	[V_CHARACTER] = VIP_NOTE("character", N_("Character"), N_("How the person likes to be treated.")),
	[V_PREFERENCES] = VIP_NOTE("preferences", N_("Preferences"), N_("Likes and habits.")),
	[V_SKILLS] = VIP_NOTE("skills", N_("Special skills"), N_("Special skills.")),
	[V_REQUIREMENTS] = VIP_NOTE("requirements", N_("Requirements"), N_("What the household needs from us.")),
	[V_OPINIONS] = VIP_NOTE("opinions", N_("Opinions"), N_("Opinions and complaints, and what was done.")),
};
_Static_assert(NITEMS(vip_fields) == V_NFIELDS, "VIP fields");
static const struct state vip_states[] = {
	[V_KEPT] = { .name = "kept", .label = N_("Kept up") },
	[V_LATE] = { .name = "late", .label = N_("Update overdue"), .of = V_KEPT, .computed = "t.update_due < (SELECT lodge.lodge_now())", .open = true },
	[V_DUE] = { .name = "due", .label = N_("Update due"), .of = V_KEPT,
		.computed = "t.update_due < (SELECT lodge.lodge_now()) + interval '7 days'", .open = true },
	[V_ENDED] = { .name = "ended", .label = N_("No longer kept"), .born = true },
};
_Static_assert(NITEMS(vip_states) == V_NSTATES, "VIP profile states");
#define V_ASKS (FIELD(V_BIRTHDAY) | FIELD(V_CHARACTER) | FIELD(V_PREFERENCES) | FIELD(V_SKILLS) | FIELD(V_REQUIREMENTS) | FIELD(V_OPINIONS))
static const struct guard vip_writing[] = {
	{ .name = "vip_household_important", .rule = "ARC-20", .field = "household",
		.sentence = N_("Only an important household has a profile; the estate manager marks it as important first.") },
	{ .name = "vip_one_profile", .rule = "ARC-20", .field = "household", .sentence = N_("The household has a profile already; amend that one.") },
	{ .name = NULL },
};
static const struct op vip_ops[] = {
	{ .name = "write", .label = N_("Write a VIP profile"), .help = N_("Opens the profile of an important household (ARC-20)."),
		.roles = UPDATERS, .to = V_KEPT, .flags = OP_CREATE, .asks = FIELD(V_HOUSEHOLD) | V_ASKS,
		.needs = FIELD(V_HOUSEHOLD), .derive = "vip_of_household", .guards = vip_writing, .opens = BIT(V_DEADLINE_UPDATE) },
	{ .name = "amend", .label = N_("Amend the VIP profile"), .help = N_("Writes over what is given; what is not given stays."),
		.roles = UPDATERS, .from = BIT(V_KEPT), .to = V_KEPT, .asks = V_ASKS, .state_rule = "ARC-20",
		.state_sentence = N_("The household is important no longer; its profile is not kept up."), .derive = "vip_updated",
		.closes = BIT(V_DEADLINE_UPDATE), .opens = BIT(V_DEADLINE_UPDATE) },
	{ .name = "confirm", .label = N_("Profile is up to date"), .help = N_("The month's notes hold nothing new for it, or have been worked in (ARC-21)."),
		.roles = UPDATERS, .from = BIT(V_KEPT), .to = V_KEPT, .flags = OP_AT_ONCE, .state_rule = "ARC-20",
		.state_sentence = N_("The household is important no longer; its profile is not kept up."), .derive = "vip_updated",
		.closes = BIT(V_DEADLINE_UPDATE), .opens = BIT(V_DEADLINE_UPDATE) },
};
static const struct deadline vip_deadlines[] = {
	[V_DEADLINE_UPDATE] = { .name = "vip_update", .label = N_("VIP profile to update"), .field = V_UPDATE_DUE },
};
static const struct view vip_views[] = {
	{ .name = "to_update", .label = N_("VIP profiles to update"), .where = "{\"state\":[\"late\",\"due\"]}", .sort = "update_due", .roles = BIT(ROLE_ACU) },
	{ .name = "late", .label = N_("VIP profiles not updated"), .where = "{\"state\":\"late\"}", .sort = "update_due", .roles = BIT(ROLE_CSS) },
};
const struct book book_vip_profile = { .name = "vip_profile", .title = N_("VIP profiles"),
	.why = N_("Important households are served by what we remember, under the strictest lock."),
	.readers = READERS, .historians = READERS, .flags = B_AREA | B_COMPILE,
	.fields = vip_fields, .nfields = V_NFIELDS, .states = vip_states, .nstates = V_NSTATES, .ops = vip_ops, .nops = NITEMS(vip_ops),
	.deadlines = vip_deadlines, .ndeadlines = NITEMS(vip_deadlines), .views = vip_views, .nviews = NITEMS(vip_views) };

enum { N_HOUSEHOLD, N_UNIT, N_KIND, N_TEXT, N_NOTED_AT, N_NOTED_BY, N_DUE, N_WORKED_AT, N_WORKED_BY, N_NFIELDS };
enum { N_NOTED, N_LATE, N_WORKED, N_NSTATES };
enum { N_DEADLINE_COLLECT };
static const struct choice kinds[] = { { "opinion", N_("Opinion or wish") }, { "complaint", N_("Complaint") }, { "follow_up", N_("Follow-up") },
	{ "personnel", N_("Change of personnel") }, { "conduct", N_("Bad conduct") }, { "arrears", N_("Arrears") },
	{ "violation", N_("Violation") }, { NULL, NULL } };
static const struct field note_fields[] = {
	[N_HOUSEHOLD] = { .name = "household", .label = N_("Household"), .help = N_("The household that the note is about."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_SUBJECT, .ref = "household" },
	[N_UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The household's unit."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "unit" },
	[N_KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("What the note is about (ARC-20, RES-13, RES-15)."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_LIST, .choices = kinds },
	[N_TEXT] = { .name = "text", .label = N_("Note"), .help = N_("What was seen or heard; the desk writes it and does not read it back."),
		.type = FT_NOTE, .level = LEVEL_FULL, .flags = F_CRYPT, .min = 3, .max = 2000 },
	[N_NOTED_AT] = { .name = "noted_at", .label = N_("Noted at"), .help = N_("When it was written down."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[N_NOTED_BY] = { .name = "noted_by", .label = N_("Noted by"), .help = N_("Who wrote it down."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[N_DUE] = { .name = "due", .label = N_("Due"), .help = N_("Notes are worked into the files each month (ARC-21)."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_SORT | F_NARROW },
	[N_WORKED_AT] = { .name = "worked_at", .label = N_("Worked in"), .help = N_("When the files were updated from it."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[N_WORKED_BY] = { .name = "worked_by", .label = N_("Worked in by"), .help = N_("The custodian."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
};
_Static_assert(NITEMS(note_fields) == N_NFIELDS, "resident note fields");
static const struct state note_states[] = {
	[N_NOTED] = { .name = "noted", .label = N_("To be worked in"), .open = true },
	[N_LATE] = { .name = "late", .label = N_("Overdue"), .of = N_NOTED, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[N_WORKED] = { .name = "worked", .label = N_("Worked in") },
};
_Static_assert(NITEMS(note_states) == N_NSTATES, "resident note states");
static const struct op note_ops[] = {
	{ .name = "write", .label = N_("Note on a household"), .help = N_("What daily work has shown of a household; the custodian collects the notes each month (ARC-21)."),
		.roles = WRITERS, .to = N_NOTED, .flags = OP_CREATE, .asks = FIELD(N_HOUSEHOLD) | FIELD(N_KIND) | FIELD(N_TEXT),
		.needs = FIELD(N_HOUSEHOLD) | FIELD(N_KIND) | FIELD(N_TEXT), .derive = "note_written", .opens = BIT(N_DEADLINE_COLLECT) },
	{ .name = "work_in", .label = N_("Note is worked in"), .help = N_("The files of the household hold now what the note says (ARC-21)."),
		.roles = BIT(ROLE_ACU), .from = BIT(N_NOTED), .to = N_WORKED, .flags = OP_AT_ONCE, .state_rule = "ARC-21",
		.state_sentence = N_("The note has been worked in already."), .derive = "note_worked_in", .closes = BIT(N_DEADLINE_COLLECT) },
};
static const struct deadline note_deadlines[] = {
	[N_DEADLINE_COLLECT] = { .name = "resident_note", .label = N_("Note to work in"), .field = N_DUE },
};
static const struct view note_views[] = {
	{ .name = "to_work_in", .label = N_("Notes to work in"), .where = "{\"state\":[\"noted\",\"late\"]}", .sort = "due", .roles = BIT(ROLE_ACU) },
};
const struct book book_resident_note = { .name = "resident_note", .title = N_("Notes on households"),
	.why = N_("What the desk learns in daily work reaches the files, and nobody else."),
	.readers = READERS, .historians = READERS, .flags = B_AREA | B_COMPILE,
	.fields = note_fields, .nfields = N_NFIELDS, .states = note_states, .nstates = N_NSTATES, .ops = note_ops, .nops = NITEMS(note_ops),
	.deadlines = note_deadlines, .ndeadlines = NITEMS(note_deadlines), .views = note_views, .nviews = NITEMS(note_views) };
