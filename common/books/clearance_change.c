/*
 * clearance_change.c - changes of the tier table that wait for the estate manager (CNF-16).
 *
 * `lodged policy apply` proposes one a role; approving puts it in force at once, for open sessions
 * too. Not for: the table itself (lodge.clearance, a policy). Trap: the very first policy of an empty
 * database is in force without approval, because nobody could sign in to give it.
 */
#include "common/books/books.h"

enum { ROLE_, LISTS, LISTS_NIGHT, OPENS, ACTS_NIGHT, LISTS_BEFORE, LISTS_NIGHT_BEFORE, OPENS_BEFORE, ACTS_NIGHT_BEFORE, PROPOSED_AT, DECIDED_BY, DECIDED_AT, NOTE, NFIELDS };
enum { PROPOSED, APPROVED, REJECTED, WITHDRAWN, NSTATES };

#define WORD(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW | (f), .max = 16 }
#define STAMP(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW | (f) }
static const struct field fields[] = {
	[ROLE_] = WORD("role", N_("Role"), N_("Whose clearance it is."), F_LIST),
	[LISTS] = WORD("lists", N_("Lists"), N_("The most secret level that its lists would show."), F_LIST),
	[LISTS_NIGHT] = WORD("lists_night", N_("At night"), N_("The same in the night shift."), F_LIST),
	[OPENS] = WORD("opens", N_("Opens"), N_("The most secret level that it would open."), F_LIST),
	[ACTS_NIGHT] = WORD("acts_night", N_("Acts at night"), N_("The role whose operations it might do besides in the night shift."), F_LIST),
	[LISTS_BEFORE] = WORD("lists_before", N_("Lists now"), N_("What is in force."), F_LIST),
	[LISTS_NIGHT_BEFORE] = WORD("lists_night_before", N_("Night now"), N_("What is in force."), 0),
	[OPENS_BEFORE] = WORD("opens_before", N_("Opens now"), N_("What is in force."), 0),
	[ACTS_NIGHT_BEFORE] = WORD("acts_night_before", N_("Acts now"), N_("What is in force."), 0),
	[PROPOSED_AT] = STAMP("proposed_at", N_("Proposed"), N_("When."), F_LIST),
	[DECIDED_BY] = { .name = "decided_by", .label = N_("Decided by"), .help = N_("The estate manager."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[DECIDED_AT] = STAMP("decided_at", N_("Decided"), N_("When."), 0),
	[NOTE] = { .name = "note", .label = N_("Note"), .help = N_("Why it was refused."),
		.type = FT_NOTE, .level = LEVEL_OPEN, .flags = 0, .min = 3, .max = 1000 },
};
_Static_assert(NITEMS(fields) == NFIELDS, "clearance change fields");
static const struct state states[] = {
	[PROPOSED] = { .name = "proposed", .label = N_("Proposed"), .open = true, .born = true },
	[APPROVED] = { .name = "approved", .label = N_("Approved") },
	[REJECTED] = { .name = "rejected", .label = N_("Rejected") },
	[WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn"), .born = true },
};
_Static_assert(NITEMS(states) == NSTATES, "clearance change states");
static const struct guard approving[] = {
	{ .name = "clearance_as_proposed", .rule = "CNF-16", .sentence = N_("The table has changed since this was proposed; it has to be proposed again.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "approve", .label = N_("Approve"), .help = N_("The change takes effect at once (CNF-16)."),
		.roles = BIT(ROLE_EM), .from = BIT(PROPOSED), .to = APPROVED, .flags = OP_CONFIRM, .state_rule = "CNF-16",
		.state_sentence = N_("This change has been decided already."), .derive = "clearance_decided", .guards = approving, .effect = "clearance_in_force" },
	{ .name = "reject", .label = N_("Reject"), .help = N_("The table stays as it is."),
		.roles = BIT(ROLE_EM), .from = BIT(PROPOSED), .to = REJECTED, .asks = FIELD(NOTE), .needs = FIELD(NOTE), .state_rule = "CNF-16",
		.state_sentence = N_("This change has been decided already."), .derive = "clearance_decided" },
};
static const struct view views[] = {
	{ .name = "to_approve", .label = N_("Clearances to approve"), .where = "{\"state\":\"proposed\"}", .sort = "id", .roles = BIT(ROLE_EM) },
};
const struct book book_clearance_change = { .name = "clearance_change", .title = N_("Changes of clearances"),
	.why = N_("Who may see what is not changed behind the estate manager's back."),
	.readers = BIT(ROLE_EM), .historians = BIT(ROLE_EM),
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };
