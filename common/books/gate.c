/*
 * gate.c - what the gate knows beforehand: expected and barred persons, vehicles, watched households.
 *
 * VIS-10, VIS-13, CNF-14, PARK-01..03, KEYH-01. Not for: who came (visitor.c). Trap: of a watched household a
 * guard gets unit, category and instruction; the facts are SEALED, and whoever reads them leaves a line in the log.
 */
#include "common/books/shorthand.h"

#define GATE (BIT(ROLE_SG) | BIT(ROLE_SL))
#define SECURITY (GATE | BIT(ROLE_SS))
#define DESK BIT(ROLE_FD)

static const struct choice kinds[] = { { "expected", N_("Expected") }, { "barred", N_("Do not admit") }, { NULL, NULL } };
enum { KIND, NAME, UNIT, VEHICLE, FROM_DAY, UNTIL_DAY, INSTRUCTION, ENTERED_BY, ENTERED_AT, NFIELDS };
enum { IN_FORCE, FUTURE, EXPIRED, WITHDRAWN, NSTATES };
static const struct field fields[] = {
	[KIND] = CHOICE("kind", N_("Kind"), N_("Expected, or not to be admitted."), F_LIST, kinds),
	[NAME] = TEXT("name", N_("Name"), N_("The person."), LEVEL_NAME, F_LIST, 2, 80),
	[UNIT] = REF("unit", N_("Unit"), N_("Who expects or bars the person; empty: the whole estate."), F_LIST | F_NARROW, "unit"),
	[VEHICLE] = TEXT("vehicle", N_("Vehicle"), N_("The plate of the vehicle."), LEVEL_NAME, F_LIST | F_NARROW, 2, 16),
	[FROM_DAY] = DATE("from_day", N_("From"), N_("First day; today when not given."), F_LIST),
	[UNTIL_DAY] = DATE("until_day", N_("Until"), N_("Last day; the same day when not given, and no end for who is barred."), F_LIST),
	[INSTRUCTION] = TEXT("instruction", N_("Instruction"), N_("What the guard does; never why."), LEVEL_NAME, F_LIST, 2, 120),
	[ENTERED_BY] = REF("entered_by", N_("Entered by"), N_("Who entered it."), F_AUTO, "staff"),
	[ENTERED_AT] = STAMP("entered_at", N_("Entered"), N_("When."), F_SORT),
};
_Static_assert(NITEMS(fields) == NFIELDS, "gate list fields");
static const struct state states[] = {
	[IN_FORCE] = { .name = "in_force", .label = N_("In force"), .open = true },
	[FUTURE] = { .name = "future", .label = N_("Later"), .of = IN_FORCE, .computed = "t.from_day > (SELECT lodge.estate_day())", .open = true },
	[EXPIRED] = { .name = "expired", .label = N_("Over"), .of = IN_FORCE, .computed = "t.until_day < (SELECT lodge.estate_day())" },
	[WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
_Static_assert(NITEMS(states) == NSTATES, "gate list states");
static const struct guard entering[] = {
	{ .name = "gate_list_days_in_order", .rule = "VIS-10", .field = "until_day", .sentence = N_("The last day is the first day or later.") },
	{ .name = "gate_list_barred_by_supervisor", .rule = "VIS-10", .code = ERR_FORBIDDEN, .field = "kind", .sentence = N_("Only the security supervisor or the estate manager bars somebody.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "enter", .label = N_("Expect or bar somebody"), .help = N_("The gate knows beforehand who is expected and who is not admitted."),
		.roles = DESK | BIT(ROLE_SS) | BIT(ROLE_EM), .to = IN_FORCE, .flags = OP_CREATE,
		.asks = FIELD(KIND) | FIELD(NAME) | FIELD(UNIT) | FIELD(VEHICLE) | FIELD(FROM_DAY) | FIELD(UNTIL_DAY) | FIELD(INSTRUCTION), .needs = FIELD(KIND) | FIELD(NAME),
		.derive = "gate_list_entered", .guards = entering, .effect = "gate_list_everywhere" },
	{ .name = "withdraw", .label = N_("Take off the list"), .help = N_("The line does not count any more."),
		.roles = DESK | BIT(ROLE_SS) | BIT(ROLE_EM), .from = BIT(IN_FORCE), .to = WITHDRAWN, .state_rule = "VIS-10", .state_sentence = N_("This line does not count any more."),
		.guards = &entering[1], .effect = "gate_list_withdrawn" },
};
static const struct view views[] = {
	{ .name = "expected", .label = N_("Expected today"), .where = "{\"state\":\"in_force\",\"kind\":\"expected\"}", .sort = "entered_at", .roles = GATE | DESK },
	{ .name = "barred", .label = N_("Do not admit"), .where = "{\"state\":\"in_force\",\"kind\":\"barred\"}", .sort = "entered_at", .roles = BIT(ROLE_SS) },
};
const struct book book_gate_list = { .name = "gate_list", .title = N_("Expected and barred"),
	.why = N_("The guard knows before the car stops."),
	.readers = SECURITY | DESK | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_NM), .historians = BIT(ROLE_EM) | BIT(ROLE_SS), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };

static const struct choice permits[] = { { "resident", N_("Resident") }, { "permit", N_("Permit") }, { "temporary", N_("Temporary") }, { NULL, NULL } };
enum { K_PLATE, K_KIND, K_UNIT, K_SPACE, K_UNTIL, K_IN_AT, K_OUT_AT, K_FEE, K_RECEIPT_NO, K_WRITTEN_BY, K_NFIELDS };
enum { K_PERMITTED, K_LAPSED, K_INSIDE, K_OUT, K_ENDED, K_NSTATES };
static const struct field parking_fields[] = {
	[K_PLATE] = TEXT("plate", N_("Plate"), N_("The plate, in capitals without blanks."), LEVEL_NAME, F_LIST, 2, 16),
	[K_KIND] = CHOICE("kind", N_("Kind"), N_("A permit, or one stay of a temporary car."), F_LIST, permits),
	[K_UNIT] = REF("unit", N_("Unit"), N_("The unit that it belongs to or visits."), F_LIST | F_NARROW, "unit"),
	[K_SPACE] = TEXT("space", N_("Space"), N_("The parking space (PARK-03)."), LEVEL_OPEN, F_LIST | F_NARROW, 1, 16),
	[K_UNTIL] = DATE("valid_until", N_("Valid until"), N_("Last day of the permit."), F_LIST),
	[K_IN_AT] = STAMP("in_at", N_("Time in"), N_("When it last drove in (PARK-01)."), F_LIST),
	[K_OUT_AT] = STAMP("out_at", N_("Time out"), N_("When it last drove out."), F_LIST),
	[K_FEE] = INT("fee", N_("Fee"), N_("What a temporary car paid (PARK-02)."), F_LIST | F_NARROW, 0, 100000000),
	[K_RECEIPT_NO] = TEXT("receipt_no", N_("Receipt no."), N_("The receipt of the fee."), LEVEL_OPEN, F_NARROW, 1, 30),
	[K_WRITTEN_BY] = REF("written_by", N_("Written by"), N_("Who wrote the line."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(parking_fields) == K_NFIELDS, "parking fields");
static const struct state parking_states[] = {
	[K_PERMITTED] = { .name = "permitted", .label = N_("Permitted"), .open = true },
	[K_LAPSED] = { .name = "lapsed", .label = N_("Lapsed"), .of = K_PERMITTED, .computed = "t.valid_until < (SELECT lodge.estate_day())" },
	[K_INSIDE] = { .name = "inside", .label = N_("Inside"), .open = true },
	[K_OUT] = { .name = "out", .label = N_("Driven out") },
	[K_ENDED] = { .name = "ended", .label = N_("Ended") },
};
_Static_assert(NITEMS(parking_states) == K_NSTATES, "parking states");
static const struct guard permitting[] = {
	{ .name = "parking_plate_once", .rule = "PARK-01", .field = "plate", .sentence = N_("This plate is in the book already.") },
	{ .name = NULL },
};
static const struct guard driving_out[] = {
	{ .name = "parking_fee_paid", .rule = "PARK-02", .field = "receipt_no", .sentence = N_("A temporary car leaves with its fee and receipt number entered; a fee of 0 needs no receipt.") },
	{ .name = NULL },
};
static const struct op parking_ops[] = {
	{ .name = "permit", .label = N_("Parking permit"), .help = N_("A resident's car or one with a permit."),
		.roles = DESK, .to = K_PERMITTED, .flags = OP_CREATE, .asks = FIELD(K_PLATE) | FIELD(K_KIND) | FIELD(K_UNIT) | FIELD(K_SPACE) | FIELD(K_UNTIL),
		.needs = FIELD(K_PLATE) | FIELD(K_KIND) | FIELD(K_UNIT), .derive = "parking_permitted", .guards = permitting },
	{ .name = "drive_in", .label = N_("Car in"), .help = N_("A temporary car drives in."),
		.roles = GATE | DESK, .to = K_INSIDE, .flags = OP_CREATE | OP_OFFLINE, .asks = FIELD(K_PLATE) | FIELD(K_UNIT), .needs = FIELD(K_PLATE), .derive = "parking_in", .guards = permitting },
	{ .name = "drive_out", .label = N_("Car out"), .help = N_("A temporary car drives out, its fee paid (PARK-02)."),
		.roles = GATE | DESK, .from = BIT(K_INSIDE), .to = K_OUT, .flags = OP_OFFLINE, .asks = FIELD(K_FEE) | FIELD(K_RECEIPT_NO), .needs = FIELD(K_FEE), .state_rule = "PARK-01",
		.state_sentence = N_("This car is not inside."), .derive = "parking_out", .guards = driving_out },
	{ .name = "pass", .label = N_("Permitted car passes"), .help = N_("A permitted car drives in or out (PARK-01)."),
		.roles = GATE | DESK, .from = BIT(K_PERMITTED), .to = STATE_SAME, .flags = OP_AT_ONCE | OP_OFFLINE, .state_rule = "PARK-01", .state_sentence = N_("This car has no permit."), .derive = "parking_passed" },
	{ .name = "end", .label = N_("End the permit"), .help = N_("The car has no permit any more."),
		.roles = DESK, .from = BIT(K_PERMITTED), .to = K_ENDED, .state_rule = "PARK-01", .state_sentence = N_("This car has no permit.") },
};
static const struct view parking_views[] = {
	{ .name = "inside", .label = N_("Temporary cars inside"), .where = "{\"state\":\"inside\"}", .sort = "id", .roles = GATE },
};
const struct book book_parking = { .name = "parking", .title = N_("Parking"),
	.why = N_("Each car on the estate belongs somewhere."),
	.readers = SECURITY | DESK | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_NM), .historians = BIT(ROLE_EM) | BIT(ROLE_SS), .flags = B_AREA, .caption = "plate",
	.fields = parking_fields, .nfields = K_NFIELDS, .states = parking_states, .nstates = K_NSTATES, .ops = parking_ops, .nops = NITEMS(parking_ops),
	.views = parking_views, .nviews = NITEMS(parking_views) };

static const struct choice categories[] = { { "t", N_("T: tenants") }, { "b1", "B1" }, { "b2", "B2" }, { "b3", "B3" }, { "v1", "V1" }, { "v2", "V2" }, { NULL, NULL } };
enum { W_HOUSEHOLD, W_UNIT, W_CATEGORY, W_INSTRUCTION, W_FACTS, W_SOURCE, W_SINCE, W_UNTIL, W_PROPOSED_BY, W_CONFIRMED_BY, W_NFIELDS };
enum { W_PROPOSED, W_LISTED, W_REMOVED };
static const struct field watch_fields[] = {
	[W_HOUSEHOLD] = REF("household", N_("Household"), N_("The household."), F_SUBJECT, "household"),
	[W_UNIT] = REF("unit", N_("Unit"), N_("The unit it lives in."), F_LIST | F_AUTO | F_NARROW, "unit"),
	[W_CATEGORY] = { .name = "category", .label = N_("Category"), .help = N_("T, B1, B2, B3, V1 or V2 (KEYH-01)."), .type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_LIST | F_NARROW, .choices = categories },
	[W_INSTRUCTION] = TEXT("watch_instruction", N_("Instruction"), N_("What the patrol looks at; never why (CNF-14)."), LEVEL_NAME, F_LIST, 3, 200),
	[W_FACTS] = { .name = "facts", .label = N_("Facts"), .help = N_("The facts behind it; sealed (CNF-14)."), .type = FT_TEXT, .level = LEVEL_SEALED, .flags = F_CRYPT, .min = 3, .max = 1000 },
	[W_SOURCE] = { .name = "source", .label = N_("Source"), .help = N_("Where the facts come from; sealed."), .type = FT_TEXT, .level = LEVEL_SEALED, .flags = F_CRYPT, .min = 3, .max = 200 },
	[W_SINCE] = STAMP("since", N_("Proposed at"), N_("When it was proposed."), F_SORT),
	[W_UNTIL] = STAMP("until", N_("Until"), N_("When it was taken off."), 0),
	[W_PROPOSED_BY] = REF("proposed_by", N_("Proposed by"), N_("Who proposed it."), F_AUTO, "staff"),
	[W_CONFIRMED_BY] = REF("confirmed_by", N_("Confirmed by"), N_("The customer-service supervisor."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(watch_fields) == W_NFIELDS, "key household fields");
static const struct state watch_states[] = {
	[W_PROPOSED] = { .name = "proposed", .label = N_("Proposed"), .open = true },
	[W_LISTED] = { .name = "listed", .label = N_("Listed"), .open = true },
	[W_REMOVED] = { .name = "removed", .label = N_("Removed") },
};
static const struct guard proposing[] = {
	{ .name = "watch_once", .rule = "KEYH-01", .field = "category", .sentence = N_("This household is listed in this category already.") },
	{ .name = NULL },
};
static const struct narrowing watch_narrowed[] = {
	{ .roles = SECURITY | BIT(ROLE_NM) | BIT(ROLE_ET) | BIT(ROLE_EL) | BIT(ROLE_ES) | BIT(ROLE_CLS), .sql = "t.state = 'listed'" },
	{ 0 },
};
static const struct op watch_ops[] = {
	{ .name = "propose", .label = N_("Propose a key household"), .help = N_("The supervisor decides about it (KEYH-01)."),
		.roles = DESK | BIT(ROLE_ACU) | BIT(ROLE_CSS), .to = W_PROPOSED, .flags = OP_CREATE, .asks = FIELD(W_HOUSEHOLD) | FIELD(W_CATEGORY) | FIELD(W_INSTRUCTION) | FIELD(W_FACTS) | FIELD(W_SOURCE),
		.needs = FIELD(W_HOUSEHOLD) | FIELD(W_CATEGORY), .derive = "watch_proposed", .guards = proposing },
	{ .name = "confirm", .label = N_("Put on the list"), .help = N_("The patrol watches it from now on."),
		.roles = BIT(ROLE_CSS), .from = BIT(W_PROPOSED), .to = W_LISTED, .asks = FIELD(W_INSTRUCTION), .state_rule = "KEYH-01", .state_sentence = N_("It is on the list already, or off it."), .derive = "watch_confirmed" },
	{ .name = "remove", .label = N_("Take off the list"), .help = N_("It is not watched any more."),
		.roles = BIT(ROLE_CSS), .from = BIT(W_PROPOSED) | BIT(W_LISTED), .to = W_REMOVED, .state_rule = "KEYH-01", .state_sentence = N_("It is off the list already."), .derive = "watch_removed" },
};
static const struct view watch_views[] = {
	{ .name = "proposed", .label = N_("Key households to decide"), .where = "{\"state\":\"proposed\"}", .sort = "since", .roles = BIT(ROLE_CSS) },
	{ .name = "care", .label = N_("Who may need help"), .where = "{\"state\":\"listed\",\"category\":[\"v1\",\"v2\"]}", .sort = "since", .roles = SECURITY | BIT(ROLE_NM) },
	{ .name = "listed", .label = N_("Key households"), .where = "{\"state\":\"listed\"}", .sort = "since", .roles = SECURITY | BIT(ROLE_NM) },
};
const struct book book_key_household = { .name = "key_household", .title = N_("Key households"),
	.why = N_("The patrol knows where to look, and never more than it needs."),
	.readers = SECURITY | BIT(ROLE_NM) | BIT(ROLE_ET) | BIT(ROLE_EL) | BIT(ROLE_ES) | BIT(ROLE_CLS) | BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM),
	.narrowed = watch_narrowed, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = watch_fields, .nfields = W_NFIELDS, .states = watch_states, .nstates = NITEMS(watch_states), .ops = watch_ops, .nops = NITEMS(watch_ops),
	.views = watch_views, .nviews = NITEMS(watch_views) };
