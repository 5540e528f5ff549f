/*
 * message.c - messages that wait for somebody who could not be reached at the desk or the gate.
 *
 * VIS-02, VIS-06: open until the person has got it; and the employees' consent to give their number away (CNF-12,
 * VIS-03). Not for: messages between colleagues. Trap: the visitor's
 * telephone is CONTACT, so the gate sees that a message waits, and the operator passes it on.
 */
#include "common/books/shorthand.h"

#define DESK (BIT(ROLE_FD) | BIT(ROLE_OP)) /* and whoever acts for the operator at night (OPS-03) */

enum { UNIT, HOST, TEXT_, FROM_NAME, FROM_CONTACT, VISITOR, TAKEN_BY, TAKEN_AT, DELIVERED_AT, DELIVERED_BY, NOTE, NFIELDS };
enum { WAITING, DELIVERED, NSTATES };
static const struct field fields[] = {
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that it is for."), F_LIST | F_NARROW, "unit"),
	[HOST] = REF("host", N_("Employee"), N_("The employee that it is for."), F_LIST | F_PARTY | F_ANYWHERE, "staff"),
	[TEXT_] = TEXT("text", N_("Message"), N_("What to tell."), LEVEL_NAME, F_LIST, 3, 200),
	[FROM_NAME] = TEXT("from_name", N_("From"), N_("Who left it."), LEVEL_NAME, F_LIST, 2, 80),
	[FROM_CONTACT] = TEXT("from_contact", N_("Telephone"), N_("Where the sender can be reached."), LEVEL_CONTACT, 0, 3, 24),
	[VISITOR] = REF("visitor", N_("Visitor"), N_("The line of the visitor book."), F_AUTO, "visitor"),
	[TAKEN_BY] = REF("taken_by", N_("Taken by"), N_("Who wrote it down."), F_AUTO, "staff"),
	[TAKEN_AT] = STAMP("taken_at", N_("Taken at"), N_("When."), F_LIST | F_SORT),
	[DELIVERED_AT] = STAMP("delivered_at", N_("Delivered"), N_("When the person got it."), 0),
	[DELIVERED_BY] = REF("delivered_by", N_("Delivered by"), N_("Who told the person."), F_AUTO, "staff"),
	[NOTE] = TEXT("note", N_("Note"), N_("What was answered."), LEVEL_NAME, 0, 3, 200),
};
_Static_assert(NITEMS(fields) == NFIELDS, "message fields");
static const struct state states[] = {
	[WAITING] = { .name = "waiting", .label = N_("Waiting"), .open = true },
	[DELIVERED] = { .name = "delivered", .label = N_("Delivered") },
};
static const struct guard taking[] = {
	{ .name = "message_for_somebody", .rule = "VIS-02", .code = ERR_INVALID, .field = "unit", .sentence = N_("Give the unit or the employee that the message is for.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "take", .label = N_("Take a message"), .help = N_("Somebody could not be reached; the message waits until it is delivered (VIS-02)."),
		.roles = DESK, .to = WAITING, .flags = OP_CREATE, .asks = FIELD(UNIT) | FIELD(HOST) | FIELD(TEXT_) | FIELD(FROM_NAME) | FIELD(FROM_CONTACT),
		.needs = FIELD(TEXT_), .derive = "message_taken", .guards = taking },
	{ .name = "deliver", .label = N_("Message delivered"), .help = N_("The person has got the message."),
		.roles = DESK, .from = BIT(WAITING), .to = DELIVERED, .flags = OP_AT_ONCE, .asks = FIELD(NOTE), .state_rule = "VIS-02",
		.state_sentence = N_("This message is delivered already."), .derive = "message_delivered" },
};
static const struct view views[] = {
	{ .name = "waiting", .label = N_("Messages to deliver"), .where = "{\"state\":\"waiting\"}", .sort = "taken_at", .roles = DESK | BIT(ROLE_NM) },
};
const struct book book_message = { .name = "message", .title = N_("Messages"),
	.why = N_("Who was not reached hears of it, and nobody forgets to tell him."),
	.readers = DESK | BIT(ROLE_NM) | BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM), .parties = ROLES_ALL,
	.historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };

enum { C_EMPLOYEE, C_GIVEN_AT, C_UNTIL, C_WITHDRAWN_AT, C_NFIELDS };
enum { C_GIVEN, C_ENDED, C_WITHDRAWN };
static const struct field consent_fields[] = {
	[C_EMPLOYEE] = REF("employee", N_("Employee"), N_("Whose number it is."), F_LIST | F_AUTO | F_PARTY, "staff"),
	[C_GIVEN_AT] = STAMP("given_at", N_("Given"), N_("When the employee agreed."), F_LIST | F_SORT),
	[C_UNTIL] = DATE("until", N_("Until"), N_("Last day; no end when not given."), F_LIST),
	[C_WITHDRAWN_AT] = STAMP("withdrawn_at", N_("Withdrawn"), N_("When the employee withdrew it."), 0),
};
_Static_assert(NITEMS(consent_fields) == C_NFIELDS, "phone consent fields");
static const struct state consent_states[] = {
	[C_GIVEN] = { .name = "given", .label = N_("Given"), .open = true },
	[C_ENDED] = { .name = "ended", .label = N_("Ended"), .of = C_GIVEN, .computed = "t.until < (SELECT lodge.estate_day())" },
	[C_WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
static const struct guard consent_given[] = {
	{ .name = "consent_not_given", .rule = "CNF-12", .sentence = N_("You have agreed already.") },
	{ .name = NULL },
};
static const struct guard consent_own[] = {
	{ .name = "consent_own", .rule = "CNF-12", .code = ERR_FORBIDDEN, .field = "employee", .sentence = N_("Only the person himself gives or withdraws this consent.") },
	{ .name = NULL },
};
static const struct op consent_ops[] = {
	{ .name = "give", .label = N_("Agree to give my number"), .help = N_("Reception and gate may see your number for visitors who seek you (CNF-12)."),
		.roles = ROLES_ALL, .to = C_GIVEN, .flags = OP_CREATE | OP_ANYWHERE, .asks = FIELD(C_UNTIL), .derive = "consent_given", .guards = consent_given },
	{ .name = "withdraw", .label = N_("Withdraw my consent"), .help = N_("From now on nobody sees your number; the operator connects (CNF-12)."),
		.roles = ROLES_ALL, .from = BIT(C_GIVEN), .to = C_WITHDRAWN, .state_rule = "CNF-12", .state_sentence = N_("This consent is withdrawn already."),
		.derive = "consent_withdrawn", .guards = consent_own },
};
const struct book book_phone_consent = { .name = "phone_consent", .title = N_("Phone consents"),
	.why = N_("A private number goes to a visitor only when its owner has agreed."),
	.readers = BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM), .parties = ROLES_ALL, .historians = BIT(ROLE_EM),
	.fields = consent_fields, .nfields = C_NFIELDS, .states = consent_states, .nstates = NITEMS(consent_states), .ops = consent_ops, .nops = NITEMS(consent_ops) };
