/*
 * form.c - the residents' data forms: issued to a unit, collected, checked (RES-01, RES-02).
 *
 * Not for: what the forms say; that is keyed or imported (household.c). Trap: `overdue` is never
 * stored; a form that comes back incomplete goes out again as the same form, with the reason.
 */
#include "common/books/books.h"

#define COLLECTORS (BIT(ROLE_FD) | BIT(ROLE_CSA) | BIT(ROLE_ACU) | BIT(ROLE_TSO))
#define CHECKERS (BIT(ROLE_ACU) | BIT(ROLE_TSO) | BIT(ROLE_CSS))

enum { UNIT, DUE, PERSONS, REASON, ISSUED_AT, ISSUED_BY, RETURNED_AT, RECEIVED_BY, CHECKED_AT, CHECKED_BY, NFIELDS };
enum { ISSUED, OVERDUE, RETURNED, CHECKED, WITHDRAWN, NSTATES };
static const struct field fields[] = {
	[UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The unit whose residents fill the form."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .ref = "unit" },
	[DUE] = { .name = "due", .label = N_("Due"), .help = N_("When the form is to be back; a week when not given."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_NARROW },
	[PERSONS] = { .name = "persons", .label = N_("Persons"), .help = N_("How many persons the form names."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .min = 0, .max = 99 },
	[REASON] = { .name = "reason", .label = N_("Reason"), .help = N_("Why it goes back to the residents, or is withdrawn."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST, .min = 3, .max = 200 },
	[ISSUED_AT] = { .name = "issued_at", .label = N_("Issued at"), .help = N_("When the form was handed to the residents."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW },
	[ISSUED_BY] = { .name = "issued_by", .label = N_("Issued by"), .help = N_("Who handed it out."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[RETURNED_AT] = { .name = "returned_at", .label = N_("Returned at"), .help = N_("When it came back."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW },
	[RECEIVED_BY] = { .name = "received_by", .label = N_("Received by"), .help = N_("Who took it back."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[CHECKED_AT] = { .name = "checked_at", .label = N_("Checked at"), .help = N_("When it was found complete."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW },
	[CHECKED_BY] = { .name = "checked_by", .label = N_("Checked by"), .help = N_("Who checked it."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "resident form fields");
static const struct state states[] = {
	[ISSUED] = { .name = "issued", .label = N_("Issued"), .open = true },
	[OVERDUE] = { .name = "overdue", .label = N_("Overdue"), .of = ISSUED, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[RETURNED] = { .name = "returned", .label = N_("Returned"), .open = true },
	[CHECKED] = { .name = "checked", .label = N_("Checked") },
	[WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
_Static_assert(NITEMS(states) == NSTATES, "resident form states");
static const struct guard issuing[] = {
	{ .name = "form_none_open", .rule = "RES-01", .field = "unit", .sentence = N_("The unit has a form already that is not checked yet.") },
	{ .name = "form_due_ahead", .rule = "RES-01", .field = "due", .sentence = N_("The form must be due later than now.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "issue", .label = N_("Issue a resident form"), .help = N_("A unit gets the form for its residents' data (RES-01)."),
		.roles = COLLECTORS, .to = ISSUED, .flags = OP_CREATE, .state_rule = "RES-01", .asks = FIELD(UNIT) | FIELD(DUE), .needs = FIELD(UNIT),
		.derive = "form_issued", .guards = issuing },
	{ .name = "take_back", .label = N_("Take the form back"), .help = N_("The form came back, filled in for so many persons."),
		.roles = COLLECTORS, .from = BIT(ISSUED), .to = RETURNED, .asks = FIELD(PERSONS), .needs = FIELD(PERSONS), .state_rule = "RES-01",
		.state_sentence = N_("This form is not with the residents."), .derive = "form_returned" },
	{ .name = "give_back", .label = N_("Give the form back"), .help = N_("The form is incomplete and goes to the residents again."),
		.roles = COLLECTORS | CHECKERS, .from = BIT(RETURNED), .to = ISSUED, .asks = FIELD(REASON), .needs = FIELD(REASON), .state_rule = "RES-01",
		.state_sentence = N_("This form has not come back, or is checked already."), .derive = "form_given_back" },
	{ .name = "check", .label = N_("Form is complete"), .help = N_("The form is complete and its data are entered (RES-02)."),
		.roles = CHECKERS, .from = BIT(RETURNED), .to = CHECKED, .state_rule = "RES-01",
		.state_sentence = N_("This form has not come back, or is checked already."), .derive = "form_checked" },
	{ .name = "withdraw", .label = N_("Withdraw the form"), .help = N_("The form is not wanted any more, or is lost."),
		.roles = COLLECTORS | CHECKERS, .from = BIT(ISSUED), .to = WITHDRAWN, .asks = FIELD(REASON), .needs = FIELD(REASON), .state_rule = "RES-01",
		.state_sentence = N_("This form is not with the residents.") },
};
static const struct view views[] = {
	{ .name = "late", .label = N_("Resident forms overdue"), .where = "{\"state\":\"overdue\"}", .sort = "due", .late = true, .roles = BIT(ROLE_TSO) },
	{ .name = "out", .label = N_("Resident forms out"), .where = "{\"state\":[\"issued\",\"overdue\"]}", .sort = "due", .roles = BIT(ROLE_TSO) },
	{ .name = "to_check", .label = N_("Resident forms to check"), .where = "{\"state\":\"returned\"}", .sort = "due", .roles = BIT(ROLE_TSO) },
};
const struct book book_resident_form = { .name = "resident_form", .title = N_("Resident forms"),
	.why = N_("Each unit's data are asked for, fetched and checked, and nobody is forgotten."),
	.readers = COLLECTORS | CHECKERS | BIT(ROLE_OP) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM),
	.historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };
