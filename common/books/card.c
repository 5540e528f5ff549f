/*
 * card.c - residents' access cards: stock, sold or free, issued, active, lost.
 *
 * CARD-01..06: a unit's quota, and no sold card is activated without its receipt. Not for: the card reader
 * (another system). Trap: the number is the one printed on the card; it is never given to another card.
 */
#include "common/books/shorthand.h"

#define DESK BIT(ROLE_FD)
#define READERS (DESK | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_FIN))

static const struct choice kinds[] = { { "free", N_("Free") }, { "sold", N_("Sold") }, { NULL, NULL } };
enum { NO, UNIT, HOLDER, KIND, RECEIPT_NO, PAID_AT, ISSUED_BY, ISSUED_AT, ACTIVATED_AT, REASON, CHANGED_BY, CHANGED_AT, NFIELDS };
enum { STOCK, PAID, ISSUED, ACTIVE, SUSPENDED, LOST, RETURNED, CANCELLED, NSTATES };
static const struct field fields[] = {
	[NO] = TEXT("no", N_("Card no."), N_("The number printed on the card."), LEVEL_OPEN, F_LIST | F_SORT | F_NARROW, 1, 20),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that it opens."), F_LIST | F_NARROW, "unit"),
	[HOLDER] = TEXT("holder", N_("Holder"), N_("Who carries it: one holder a card (CARD-06)."), LEVEL_NAME, F_LIST, 2, 80),
	[KIND] = CHOICE("kind", N_("Kind"), N_("Free or sold, within the quota of the unit (CARD-03)."), F_LIST, kinds),
	[RECEIPT_NO] = TEXT("receipt_no", N_("Receipt no."), N_("The receipt of the payment (CARD-04)."), LEVEL_OPEN, F_LIST, 1, 30),
	[PAID_AT] = STAMP("paid_at", N_("Paid"), N_("When the payment was received."), 0),
	[ISSUED_BY] = REF("issued_by", N_("Issued by"), N_("Who handed it over."), F_AUTO, "staff"),
	[ISSUED_AT] = STAMP("issued_at", N_("Issued"), N_("When."), F_LIST),
	[ACTIVATED_AT] = STAMP("activated_at", N_("Activated"), N_("When it began to open doors."), 0),
	[REASON] = TEXT("reason", N_("Reason"), N_("Why it is suspended, lost or cancelled."), LEVEL_OPEN, 0, 3, 200),
	[CHANGED_BY] = REF("changed_by", N_("Changed by"), N_("Who changed it last."), F_AUTO, "staff"),
	[CHANGED_AT] = STAMP("changed_at", N_("Changed"), N_("When."), 0),
};
_Static_assert(NITEMS(fields) == NFIELDS, "card fields");
static const struct state states[] = {
	[STOCK] = { .name = "stock", .label = N_("In stock") },
	[PAID] = { .name = "paid", .label = N_("Paid"), .open = true },
	[ISSUED] = { .name = "issued", .label = N_("Issued"), .open = true },
	[ACTIVE] = { .name = "active", .label = N_("Active"), .open = true },
	[SUSPENDED] = { .name = "suspended", .label = N_("Suspended"), .open = true },
	[LOST] = { .name = "lost", .label = N_("Lost"), .open = true },
	[RETURNED] = { .name = "returned", .label = N_("Returned") },
	[CANCELLED] = { .name = "cancelled", .label = N_("Cancelled") },
};
_Static_assert(NITEMS(states) == NSTATES, "card states");
static const struct guard stocking[] = {
	{ .name = "card_number_new", .rule = "CARD-06", .field = "no", .sentence = N_("This card number is in the book already.") },
	{ .name = NULL },
};
static const struct guard paying[] = {
	{ .name = "card_receipt_new", .rule = "CARD-04", .field = "receipt_no", .sentence = N_("This receipt belongs to another card already.") },
	{ .name = "card_within_quota", .rule = "CARD-03", .field = "unit", .sentence = N_("The unit has all the cards of this kind that the announcement grants it.") },
	{ .name = NULL },
};
static const struct guard issuing[] = {
	{ .name = "card_as_paid", .rule = "CARD-04", .field = "unit", .sentence = N_("A paid card is handed over as a sold one, for the unit that paid for it.") },
	{ .name = "card_paid_for", .rule = "CARD-04", .field = "kind", .sentence = N_("A sold card is handed over when its receipt is entered.") },
	{ .name = "card_within_quota", .rule = "CARD-03", .field = "unit", .sentence = N_("The unit has all the cards of this kind that the announcement grants it.") },
	{ .name = NULL },
};
static const struct guard activating[] = {
	{ .name = "card_paid_for", .rule = "CARD-04", .field = "receipt_no", .sentence = N_("A sold card is activated only with its receipt number.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "stock", .label = N_("Take a card into stock"), .help = N_("A blank card with its number."),
		.roles = DESK, .to = STOCK, .flags = OP_CREATE | OP_ANYWHERE, .asks = FIELD(NO), .needs = FIELD(NO), .derive = "card_stocked", .guards = stocking },
	{ .name = "pay", .label = N_("Card paid"), .help = N_("The money was received; the receipt belongs to this card (CARD-04)."),
		.roles = DESK | BIT(ROLE_FIN), .from = BIT(STOCK), .to = PAID, .asks = FIELD(RECEIPT_NO) | FIELD(UNIT), .needs = FIELD(RECEIPT_NO) | FIELD(UNIT),
		.state_rule = "CARD-04", .state_sentence = N_("Only a card in stock is sold."), .derive = "card_paid", .guards = paying },
	{ .name = "issue", .label = N_("Hand the card over"), .help = N_("Free from stock, or sold and paid; within the quota of the unit (CARD-03)."),
		.roles = DESK, .from = BIT(STOCK) | BIT(PAID), .to = ISSUED, .asks = FIELD(UNIT) | FIELD(HOLDER) | FIELD(KIND), .needs = FIELD(UNIT) | FIELD(HOLDER) | FIELD(KIND),
		.state_rule = "CARD-04", .state_sentence = N_("This card was handed over already."), .derive = "card_issued", .guards = issuing },
	{ .name = "activate", .label = N_("Activate the card"), .help = N_("The card opens doors from now on (CARD-04)."),
		.roles = DESK, .from = BIT(ISSUED), .to = ACTIVE, .flags = OP_AT_ONCE, .state_rule = "CARD-04", .state_sentence = N_("A card is activated when it has been handed over."),
		.derive = "card_activated", .guards = activating },
	{ .name = "suspend", .label = N_("Suspend the card"), .help = N_("The card opens nothing until it is taken up again."),
		.roles = DESK | BIT(ROLE_CSS), .from = BIT(ACTIVE), .to = SUSPENDED, .asks = FIELD(REASON), .needs = FIELD(REASON), .state_rule = "CARD-06",
		.state_sentence = N_("Only an active card is suspended."), .derive = "card_changed" },
	{ .name = "resume", .label = N_("Take the card up again"), .help = N_("The suspended card opens doors again."),
		.roles = DESK | BIT(ROLE_CSS), .from = BIT(SUSPENDED), .to = ACTIVE, .state_rule = "CARD-06", .state_sentence = N_("This card is not suspended."), .derive = "card_changed" },
	{ .name = "lose", .label = N_("Card lost"), .help = N_("The card was reported lost and opens nothing."),
		.roles = DESK, .from = BIT(ISSUED) | BIT(ACTIVE) | BIT(SUSPENDED), .to = LOST, .asks = FIELD(REASON), .state_rule = "CARD-06",
		.state_sentence = N_("This card is with nobody."), .derive = "card_changed" },
	{ .name = "take_back", .label = N_("Take the card back"), .help = N_("The card was handed back."),
		.roles = DESK, .from = BIT(ISSUED) | BIT(ACTIVE) | BIT(SUSPENDED) | BIT(LOST), .to = RETURNED, .state_rule = "CARD-06",
		.state_sentence = N_("This card is with nobody."), .derive = "card_changed" },
	{ .name = "cancel", .label = N_("Cancel the card"), .help = N_("The number is never used again."),
		.roles = BIT(ROLE_CSS), .from = BIT(STOCK) | BIT(PAID) | BIT(SUSPENDED) | BIT(LOST) | BIT(RETURNED), .to = CANCELLED, .flags = OP_CONFIRM, .asks = FIELD(REASON), .needs = FIELD(REASON),
		.state_rule = "CARD-06", .state_sentence = N_("The card is in use, or cancelled already."), .derive = "card_changed" },
};
static const struct view views[] = {
	{ .name = "in_stock", .label = N_("Cards in stock"), .where = "{\"state\":\"stock\"}", .sort = "no", .roles = BIT(ROLE_FIN) },
	{ .name = "to_activate", .label = N_("Cards to activate"), .where = "{\"state\":\"issued\"}", .sort = "no", .roles = DESK },
	{ .name = "list", .label = N_("Card issue list"), .where = "{\"state\":[\"issued\",\"active\",\"suspended\",\"lost\"]}", .sort = "no", .roles = 0 },
};
const struct book book_card = { .name = "card", .title = N_("Access cards"),
	.why = N_("Each card has one holder, and each unit no more cards than it may have."),
	.readers = READERS, .estate_wide = BIT(ROLE_FIN), .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA, .code = "no", .caption = "holder",
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };
