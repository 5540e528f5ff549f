/*
 * goods.c - goods that leave the estate: release slips, and what is seen going in and out.
 *
 * GRS-01..05, MOUT-04, MOUT-05, STF-10. A slip is issued at the desk and cleared line by line at the gate, on
 * its day, each line once; what did not go stays on it. Not for: what staff carry (staff_gate.c). Trap: a slip of
 * a move-out needs the clearance of both conditions first; `expired` is never stored.
 */
#include "common/books/shorthand.h"

#define GATE (BIT(ROLE_SG) | BIT(ROLE_SL))
#define DESK BIT(ROLE_FD)
#define READERS (GATE | DESK | BIT(ROLE_SS) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_NM))

static const struct choice reasons[] = { { "carry_out", N_("Carried out") }, { "repair", N_("For repair") }, { "sale", N_("Sold") },
	{ "move_out", N_("Move-out") }, { NULL, NULL } };
enum { NO, UNIT, PERSON, ITEMS, VALID_ON, REASON, VEHICLE, OWNER_CONSENT, REMAINING, LEFT_LAST, ISSUED_BY, ISSUED_AT, USED_BY, USED_AT, NOTE, RENTED, NFIELDS };
enum { ISSUED, EXPIRED, USED, CANCELLED, NSTATES };
#define ITEMS_(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_ITEMS, .level = LEVEL_NAME, .flags = (f), .max = 50 }
static const struct field fields[] = {
	[NO] = TEXT("no", N_("Slip no."), N_("The number on the slip."), LEVEL_OPEN, F_LIST | F_AUTO | F_NUMBER | F_NARROW, 0, 20),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that the goods come from."), F_LIST | F_NARROW, "unit"),
	[PERSON] = TEXT("person", N_("Person"), N_("Who takes the goods out."), LEVEL_NAME, F_LIST, 2, 80),
	[ITEMS] = ITEMS_("items", N_("Goods"), N_("What may leave, with how many of each."), F_LIST),
	[VALID_ON] = DATE("valid_on", N_("Valid on"), N_("The one day on which it may be used; today when not given."), F_LIST | F_SORT),
	[REASON] = CHOICE("reason", N_("Reason"), N_("Why the goods leave; a move-out needs its clearance (GRS-03)."), 0, reasons),
	[VEHICLE] = TEXT("vehicle", N_("Vehicle"), N_("The plate of the vehicle."), LEVEL_NAME, F_NARROW, 2, 16),
	[OWNER_CONSENT] = TICK("owner_consent", N_("Owner agreed"), N_("The owner of a rented unit agreed (GRS-05)."), 0),
	[REMAINING] = ITEMS_("remaining", N_("Not yet out"), N_("What has not passed the gate."), F_AUTO | F_LIST),
	[LEFT_LAST] = ITEMS_("left_last", N_("Left last"), N_("What passed the gate when goods were last released; the log of large items holds them all."), F_AUTO),
	[ISSUED_BY] = REF("issued_by", N_("Issued by"), N_("Who issued it."), F_AUTO, "staff"),
	[ISSUED_AT] = STAMP("issued_at", N_("Issued"), N_("When."), 0),
	[USED_BY] = REF("used_by", N_("Cleared by"), N_("The guard who cleared its last line."), F_AUTO, "staff"),
	[USED_AT] = STAMP("used_at", N_("Used"), N_("When the last line left."), 0),
	[NOTE] = TEXT("note", N_("Note"), N_("What was seen, or why it is cancelled."), LEVEL_NAME, 0, 3, 200),
	[RENTED] = { .name = "rented", .label = N_("Rented unit"), .help = N_("Goods of rented units, and of watched households, get a second look (GRS-04)."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_LIST | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.unit_rented(t.unit)" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "release slip fields");
static const struct state states[] = {
	[ISSUED] = { .name = "issued", .label = N_("Issued"), .open = true },
	[EXPIRED] = { .name = "expired", .label = N_("Expired"), .of = ISSUED, .computed = "t.valid_on < (SELECT lodge.estate_day())" },
	[USED] = { .name = "used", .label = N_("Used") },
	[CANCELLED] = { .name = "cancelled", .label = N_("Cancelled") },
};
_Static_assert(NITEMS(states) == NSTATES, "release slip states");
static const struct guard issuing[] = {
	{ .name = "slip_day_ahead", .rule = "GRS-02", .field = "valid_on", .sentence = N_("A slip is for today or a later day.") },
	{ .name = "slip_move_out_cleared", .rule = "GRS-03", .field = "reason", .sentence = N_("A move-out's slip waits for the notice and for the arrears: record both clearances first.") },
	{ .name = NULL },
};
static const struct guard clearing[] = {
	{ .name = "slip_on_its_day", .rule = "GRS-01", .field = "valid_on", .sentence = N_("The slip is for another day.") },
	{ .name = "slip_covers_items", .rule = "GRS-01", .field = "items", .sentence = N_("These goods are not on the slip, or have left already.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "issue", .label = N_("Issue a release slip"), .help = N_("Goods may leave the estate on one day (GRS-01)."),
		.roles = DESK, .to = ISSUED, .flags = OP_CREATE, .asks = FIELD(UNIT) | FIELD(PERSON) | FIELD(ITEMS) | FIELD(VALID_ON) | FIELD(REASON) | FIELD(VEHICLE) | FIELD(OWNER_CONSENT),
		.needs = FIELD(UNIT) | FIELD(PERSON) | FIELD(ITEMS), .derive = "slip_issued", .guards = issuing },
	{ .name = "clear", .label = N_("Release goods"), .help = N_("The goods leave, line by line; what stays behind stays on the slip (GRS-01)."),
		.roles = GATE, .from = BIT(ISSUED), .to = STATE_DERIVED, .flags = OP_AT_ONCE | OP_OFFLINE, .asks = FIELD(ITEMS) | FIELD(NOTE), .state_rule = "GRS-01",
		.state_sentence = N_("This slip is used up or cancelled."), .derive = "slip_cleared", .guards = clearing, .effect = "slip_left" },
	{ .name = "cancel", .label = N_("Cancel the slip"), .help = N_("Nothing more leaves on this slip."),
		.roles = DESK | BIT(ROLE_SS), .from = BIT(ISSUED), .to = CANCELLED, .asks = FIELD(NOTE), .needs = FIELD(NOTE), .state_rule = "GRS-02",
		.state_sentence = N_("This slip is used up or cancelled.") },
};
static const struct view views[] = {
	{ .name = "open", .label = N_("Goods that may leave"), .where = "{\"state\":\"issued\"}", .sort = "valid_on", .roles = GATE | DESK | BIT(ROLE_SS) },
};
static const struct part parts[] = {
	{ .name = "watch", .label = N_("Watch"), .book = "key_household", .by = "unit", .of = "unit", .where = "{\"state\":\"listed\"}", .sort = "since" },
};
const struct book book_release_slip = { .name = "release_slip", .title = N_("Release slips"),
	.why = N_("What leaves in a truck at night was agreed at the desk by day."),
	.readers = READERS, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_SS), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts) };

static const struct choice directions[] = { { "in", N_("Going in") }, { "out", N_("Going out") }, { NULL, NULL } };
enum { L_DIRECTION, L_ITEMS, L_PERSON, L_UNIT, L_VEHICLE, L_AT, L_BY, L_GATE, L_NFIELDS };
static const struct field log_fields[] = {
	[L_DIRECTION] = CHOICE("direction", N_("Direction"), N_("In or out."), F_LIST | F_NARROW, directions),
	[L_ITEMS] = ITEMS_("items", N_("Goods"), N_("What was seen, with how many of each."), F_LIST),
	[L_PERSON] = TEXT("person", N_("Person"), N_("Who carries it."), LEVEL_NAME, F_LIST, 2, 80),
	[L_UNIT] = REF("unit", N_("Unit"), N_("Where it comes from or goes to."), F_LIST | F_NARROW, "unit"),
	[L_VEHICLE] = TEXT("vehicle", N_("Vehicle"), N_("The plate of the vehicle."), LEVEL_NAME, F_NARROW, 2, 16),
	[L_AT] = STAMP("at", N_("Time"), N_("When."), F_LIST | F_SORT),
	[L_BY] = REF("seen_by", N_("Checked by"), N_("Who checked it."), F_AUTO, "staff"),
	[L_GATE] = TEXT("gate", N_("Gate"), N_("The terminal it was written at."), LEVEL_OPEN, F_AUTO, 0, 64),
};
_Static_assert(NITEMS(log_fields) == L_NFIELDS, "goods log fields");
static const struct guard noting[] = {
	{ .name = "goods_on_slip", .rule = "GRS-01", .field = "unit", .sentence = N_("Goods of tenants and shops leave on a release slip of the desk: release the slip instead.") },
	{ .name = NULL },
};
static const struct op log_ops[] = {
	{ .name = "note", .label = N_("Large items in or out"), .help = N_("What doorman or guard saw carried (STF-10)."),
		.roles = GATE | DESK, .to = STATE_SAME, .flags = OP_CREATE | OP_OFFLINE, .asks = FIELD(L_DIRECTION) | FIELD(L_ITEMS) | FIELD(L_PERSON) | FIELD(L_UNIT) | FIELD(L_VEHICLE),
		.needs = FIELD(L_DIRECTION) | FIELD(L_ITEMS), .derive = "goods_noted",
		.guards = noting },
};
const struct book book_goods_log = { .name = "goods_log", .title = N_("Large items"),
	.why = N_("Large items are written down as they pass, in and out."),
	.readers = READERS, .flags = B_AREA, .fields = log_fields, .nfields = L_NFIELDS, .ops = log_ops, .nops = NITEMS(log_ops) };

static const struct choice conditions[] = { { "notice", N_("Area-change notice") }, { "arrears", N_("Arrears") }, { NULL, NULL } };
static const struct choice ways[] = { { "none", N_("No arrears") }, { "paid", N_("Paid") }, { "cheque", N_("Promised, by cheque") },
	{ "papers", N_("Company papers") }, { "valuables", N_("Valuables") }, { NULL, NULL } };
enum { C_UNIT, C_CONDITION, C_WAY, C_PROMISE, C_VOLUNTARY, C_DOCUMENT, C_AT, C_BY, C_NFIELDS };
static const struct field clearance_fields[] = {
	[C_UNIT] = REF("unit", N_("Unit"), N_("The unit that is moved out of."), F_LIST | F_NARROW | F_ANYWHERE, "unit"),
	[C_CONDITION] = CHOICE("condition", N_("Condition"), N_("What is cleared: the notice (MOUT-04) or the arrears (MOUT-05)."), F_LIST, conditions),
	[C_WAY] = CHOICE("way", N_("Arrears"), N_("How the arrears are settled (MOUT-05)."), F_LIST, ways),
	[C_PROMISE] = DATE("promise", N_("Payment due"), N_("With a cheque: the day of payment, within two days (MOUT-05)."), 0),
	[C_VOLUNTARY] = TICK("voluntary", N_("Given freely"), N_("A person's paper or valuables are only taken when given freely (MOUT-05)."), 0),
	[C_DOCUMENT] = TEXT("document", N_("Document"), N_("Notice, receipt or cheque number."), LEVEL_OPEN, F_LIST, 2, 60),
	[C_AT] = STAMP("at", N_("Time"), N_("When it was cleared."), F_LIST | F_SORT),
	[C_BY] = REF("cleared_by", N_("Cleared by"), N_("Who answers for it."), F_AUTO | F_LIST, "staff"),
};
_Static_assert(NITEMS(clearance_fields) == C_NFIELDS, "move-out clearance fields");
static const struct guard clearing_out[] = {
	{ .name = "clearance_by_its_role", .rule = "MOUT-04", .code = ERR_FORBIDDEN, .field = "condition", .sentence = N_("Finance clears the arrears, the operations centre the notice.") },
	{ .name = "clearance_way_given", .rule = "MOUT-05", .field = "way", .sentence = N_("Say how the arrears are settled: paid, cheque, papers or valuables.") },
	{ .name = "clearance_promise_near", .rule = "MOUT-05", .field = "promise", .sentence = N_("With a cheque the payment is due within two days.") },
	{ .name = "clearance_voluntary", .rule = "MOUT-05", .field = "voluntary", .sentence = N_("Papers of a person and valuables are only taken when given freely.") },
	{ .name = NULL },
};
static const struct op clearance_ops[] = {
	{ .name = "record", .label = N_("Clear a move-out"), .help = N_("One of the two conditions of a move-out holds (MOUT-04, MOUT-05)."),
		.roles = BIT(ROLE_TSO) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_FIN), .to = STATE_SAME, .flags = OP_CREATE | OP_ANYWHERE,
		.asks = FIELD(C_UNIT) | FIELD(C_CONDITION) | FIELD(C_WAY) | FIELD(C_PROMISE) | FIELD(C_VOLUNTARY) | FIELD(C_DOCUMENT),
		.needs = FIELD(C_UNIT) | FIELD(C_CONDITION) | FIELD(C_DOCUMENT), .derive = "clearance_recorded", .guards = clearing_out },
};
const struct book book_move_out_clearance = { .name = "move_out_clearance", .title = N_("Move-out clearances"),
	.why = N_("Goods of a move-out leave when notice and arrears are settled, and not before."),
	.readers = BIT(ROLE_TSO) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_FIN) | DESK, .flags = B_AREA,
	.fields = clearance_fields, .nfields = C_NFIELDS, .ops = clearance_ops, .nops = NITEMS(clearance_ops) };
