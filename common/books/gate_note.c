/*
 * gate_note.c - what guards do and see beside the barrier: favours, observations, things found and lost.
 *
 * OPS-05, PASS-06, LNF-01, LNF-02, STF-03: a favour is written down as done; everything else waits until the desk or
 * the manager in charge has taken it over. Not for: incidents and large items (goods.c). Trap: whoever found a thing
 * sees his own line and no others.
 */
#include "common/books/shorthand.h"

#define SECURITY (BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS))
#define CLEANERS (BIT(ROLE_CLL) | BIT(ROLE_CLS))
#define DESK (BIT(ROLE_FD) | BIT(ROLE_OP) | BIT(ROLE_NM) | BIT(ROLE_CSS) | BIT(ROLE_CM))

static const struct choice kinds[] = { { "favour", N_("Small favour") }, { "observation", N_("Observation") }, { "found", N_("Thing found") },
	{ "lost", N_("Thing lost") }, { "violation", N_("Violation at the gate") }, { NULL, NULL } };
enum { KIND, TEXT_, PLACE, UNIT, NOTED_BY, NOTED_AT, TAKEN_BY, TAKEN_AT, RESULT, NFIELDS };
enum { OPEN, DONE, NSTATES };
static const struct field fields[] = {
	[KIND] = CHOICE("kind", N_("Kind"), N_("A favour done, something seen, a thing found or lost, somebody who had no duty at the gate (STF-03)."), F_LIST, kinds),
	[TEXT_] = TEXT("text", N_("What"), N_("What was done, seen, found or lost."), LEVEL_NAME, F_LIST, 3, 200),
	[PLACE] = TEXT("place", N_("Place"), N_("Where."), LEVEL_OPEN, F_LIST, 2, 80),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that it is about."), F_LIST | F_NARROW, "unit"),
	[NOTED_BY] = REF("noted_by", N_("Noted by"), N_("Who wrote it down."), F_AUTO | F_PARTY, "staff"),
	[NOTED_AT] = STAMP("noted_at", N_("Noted at"), N_("When."), F_LIST | F_SORT),
	[TAKEN_BY] = REF("taken_by", N_("Taken over by"), N_("Who took it over."), F_AUTO, "staff"),
	[TAKEN_AT] = STAMP("taken_at", N_("Taken over"), N_("When."), 0),
	[RESULT] = TEXT("result", N_("Result"), N_("What became of it."), LEVEL_NAME, F_LIST, 2, 200),
};
_Static_assert(NITEMS(fields) == NFIELDS, "gate note fields");
static const struct state states[] = {
	[OPEN] = { .name = "open", .label = N_("Open"), .open = true },
	[DONE] = { .name = "done", .label = N_("Done") },
};
_Static_assert(NITEMS(states) == NSTATES, "gate note states");
static const struct op ops[] = {
	{ .name = "note", .label = N_("Note for the desk"), .help = N_("A favour done, or something that the desk has to know (OPS-05, LNF-01)."),
		.roles = SECURITY | CLEANERS | BIT(ROLE_FD), .to = STATE_DERIVED, .flags = OP_CREATE | OP_OFFLINE, .asks = FIELD(KIND) | FIELD(TEXT_) | FIELD(PLACE) | FIELD(UNIT),
		.needs = FIELD(KIND) | FIELD(TEXT_), .derive = "gate_noted" },
	{ .name = "take", .label = N_("Take over"), .help = N_("The desk has taken it over and says what becomes of it."),
		.roles = DESK, .from = BIT(OPEN), .to = DONE, .asks = FIELD(RESULT), .needs = FIELD(RESULT), .state_rule = "OPS-05",
		.state_sentence = N_("This was taken over already."), .derive = "gate_note_taken" },
};
static const struct view views[] = {
	{ .name = "open", .label = N_("From the gate"), .where = "{\"state\":\"open\"}", .sort = "noted_at", .roles = DESK },
};
const struct book book_gate_note = { .name = "gate_note", .title = N_("Notes of the gate"),
	.why = N_("What a guard sees or finds reaches the one who has to act."),
	.readers = SECURITY | DESK | BIT(ROLE_EM), .parties = CLEANERS, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };
