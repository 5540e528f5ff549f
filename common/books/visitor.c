/*
 * visitor.c - the visitor book of reception and gate: who came, whom he seeks, who let him in and out.
 *
 * VIS-01..13, PASS-03, PASS-04, SUP-03. A guest is inside when he is written down; everybody else waits until
 * the host has agreed and an escort is named (VIS-07). Not for: passes (pass.c), suppliers' lists (supplier.c),
 * messages to hosts (message.c). Trap: a time of leaving is never invented; what nobody saw is marked as presumed.
 */
#include "common/books/shorthand.h"

#define WRITERS (BIT(ROLE_FD) | BIT(ROLE_SG) | BIT(ROLE_SL))
#define KEEPERS (WRITERS | BIT(ROLE_SS))
#define OVERSEERS (BIT(ROLE_SS) | BIT(ROLE_EM))

static const struct choice classes[] = { { "guest", N_("Guest") }, { "business", N_("Business") }, { "applicant", N_("Applicant") },
	{ "supplier", N_("Supplier") }, { "casual_worker", N_("Casual worker") }, { "emergency", N_("Emergency service") },
	{ "delivery", N_("Courier or taxi") }, { NULL, NULL } };
static const struct choice services[] = { { "ambulance", N_("Ambulance") }, { "fire", N_("Fire engine") }, { "police", N_("Police") },
	{ "courier", N_("Courier") }, { "taxi", N_("Taxi") }, { NULL, NULL } };
static const struct choice papers[] = { { "id_card", N_("Identity card") }, { "passport", N_("Passport") },
	{ "residence_permit", N_("Residence permit") }, { "work_card", N_("Work card") }, { NULL, NULL } };
static const struct choice answers[] = { { "agreed", N_("Agreed") }, { "refused", N_("Refused") }, { "no_answer", N_("No answer") }, { NULL, NULL } };
static const struct choice contrabands[] = { { "weapon", N_("Firearm or weapon") }, { "ammunition", N_("Ammunition") },
	{ "explosive", N_("Explosive or flammable") }, { "other", N_("Other contraband") }, { NULL, NULL } };
static const struct choice ways_out[] = { { "seen", N_("Seen leaving") }, { "presumed", N_("Presumed") }, { NULL, NULL } };
static const struct choice informed_how[] = { { "informed", N_("Informed") }, { "message", N_("Message left") }, { NULL, NULL } };

enum { NO, BADGE, CLASS, NAME, DOC_TAIL, UNIT, HOST, BODY, INTRO_LETTER, DOC_KIND, DOC_NO, PARTY, VEHICLE, GOODS, INFORMED, MESSAGE, CONTACT,
	SERVICE, ARRIVED_AT, ANSWER, BY, ANSWERED_BY, ANSWERED_AT, REASON, APPOINTMENT, ESCORT, IN_AT, OUT_AT, LEFT_HOW, UNACCOUNTED_AT, CONTRABAND, NOTE,
	ENTERED_BY, LET_OUT_BY, GATE, SUPPLIER_PERSON, LIST_VERSION, ENTRY_PASS, OVERRIDDEN_BY, ALERT, ALERT_SEEN_BY, HOST_PHONE, POLICE_REF, POLICE_AT, TO_REGISTER, BUILDING, FLOOR, NFIELDS };
enum { WAITING, ASKED, AGREED, REFUSED, INSIDE, LEFT, NSTATES };

static const struct field fields[] = {
	[NO] = TEXT("no", N_("No."), N_("The line of the visitor book."), LEVEL_OPEN, F_AUTO | F_NUMBER | F_NARROW, 0, 20),
	[BADGE] = { .name = "badge", .label = N_("Card"), .help = N_("The number of the visitor's card while he is here: short, and used again once he has left."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .min = 1, .max = 99999 },
	[CLASS] = CHOICE("class", N_("Class"), N_("A guest is let in when he is written down; the others wait for their host (VIS-07)."), F_LIST, classes),
	[NAME] = TEXT("name", N_("Name"), N_("The visitor's name."), LEVEL_NAME, F_LIST, 2, 80),
	[DOC_TAIL] = TEXT("doc_tail", N_("Last digits"), N_("The last digits of his paper, by which he is known again."), LEVEL_NAME, F_LIST | F_NARROW, 2, 8),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that he visits."), F_LIST | F_NARROW, "unit"),
	[HOST] = REF("host", N_("Host"), N_("The employee whom he seeks."), F_LIST | F_PARTY | F_ANYWHERE, "staff"),
	[BODY] = TEXT("body", N_("Body"), N_("The company or body that he comes from (VIS-04)."), LEVEL_NAME, F_LIST, 0, 80),
	[INTRO_LETTER] = TEXT("intro_letter", N_("Intro letter"), N_("Number or sender of his letter of introduction (VIS-04)."), LEVEL_NAME, 0, 0, 80),
	[DOC_KIND] = CHOICE("doc_kind", N_("Paper shown"), N_("What he proves himself with."), 0, papers),
	[DOC_NO] = TEXT("doc_no", N_("Paper number"), N_("The whole number; kept encrypted, opened only with a reason."), LEVEL_FULL, F_CRYPT | F_HASHED, 3, 40),
	[PARTY] = { .name = "party", .label = N_("Persons"), .help = N_("How many enter together: a truck with four people is one line."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .min = 1, .max = 99 },
	[VEHICLE] = TEXT("vehicle", N_("Vehicle"), N_("The plate of the vehicle."), LEVEL_NAME, F_LIST | F_NARROW, 2, 16),
	[GOODS] = TEXT("goods", N_("Goods carried"), N_("What he carries in that has to come out again."), LEVEL_NAME, 0, 0, 200),
	[INFORMED] = CHOICE("informed", N_("Host told"), N_("Whether whom he seeks was informed, or a message waits (VIS-01, VIS-02)."), 0, informed_how),
	[MESSAGE] = TEXT("message", N_("Message"), N_("What to tell whom he seeks (VIS-02)."), LEVEL_NAME, F_ARG, 3, 200),
	[CONTACT] = TEXT("contact", N_("Visitor's phone"), N_("Where the visitor can be reached (VIS-02)."), LEVEL_CONTACT, 0, 3, 24),
	[SERVICE] = CHOICE("service", N_("Service"), N_("Who passes at once and is written down after."), 0, services),
	[ARRIVED_AT] = STAMP("arrived_at", N_("Arrived"), N_("When he came to the gate or the desk."), F_SORT),
	[ANSWER] = CHOICE("answer", N_("Host's answer"), N_("What the host said (VIS-07)."), 0, answers),
	[BY] = TEXT("by", N_("Answered by"), N_("Who answered for the host (VIS-07)."), LEVEL_NAME, F_ARG, 2, 80),
	[ANSWERED_BY] = TEXT("answered_by", N_("Answered by"), N_("Who answered for the host (VIS-07)."), LEVEL_NAME, F_AUTO, 0, 80),
	[ANSWERED_AT] = STAMP("answered_at", N_("Answered at"), N_("When the host answered."), 0),
	[REASON] = TEXT("reason", N_("Internal reason"), N_("Why the host cannot receive him; the visitor hears the polite line only (VIS-06)."), LEVEL_CONTACT, 0, 3, 200),
	[APPOINTMENT] = { .name = "appointment", .label = N_("Other time"), .help = N_("Another time that was proposed (VIS-06)."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_NARROW },
	[ESCORT] = REF("escort", N_("Escort"), N_("The guard who takes him to his host (VIS-05)."), F_LIST | F_ANYWHERE, "staff"),
	[IN_AT] = STAMP("in_at", N_("Time in"), N_("When he was let in."), F_LIST),
	[OUT_AT] = STAMP("out_at", N_("Time out"), N_("When he left, or when that was presumed."), F_LIST),
	[LEFT_HOW] = CHOICE("left_how", N_("Leaving"), N_("Seen, or presumed at the end of the shift; never invented (VIS-12)."), F_AUTO | F_LIST | F_NARROW, ways_out),
	[UNACCOUNTED_AT] = STAMP("unaccounted_at", N_("Not found"), N_("When he was looked for and not found."), F_LIST),
	[CONTRABAND] = CHOICE("contraband", N_("Contraband"), N_("What was found on him: he is stopped and reported (VIS-11)."), F_LIST, contrabands),
	[NOTE] = TEXT("note", N_("Note"), N_("What was seen or done."), LEVEL_NAME, 0, 3, 200),
	[ENTERED_BY] = REF("entered_by", N_("Written by"), N_("Who wrote the line (VIS-08)."), F_AUTO, "staff"),
	[LET_OUT_BY] = REF("let_out_by", N_("Seen out by"), N_("Who saw him leave, or presumed it."), F_AUTO, "staff"),
	[GATE] = TEXT("gate", N_("Gate"), N_("The terminal that let him in."), LEVEL_OPEN, F_AUTO, 0, 64),
	[SUPPLIER_PERSON] = REF("supplier_person", N_("Listed as"), N_("The line of the suppliers' list that names him (SUP-03)."), F_AUTO, "supplier_person"),
	[LIST_VERSION] = { .name = "list_version", .label = N_("List version"), .help = N_("The version of the list that he entered by (SUP-04)."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .min = 1, .max = 99999 },
	[ENTRY_PASS] = REF("entry_pass", N_("Entry pass"), N_("The pass that he showed (PASS-03)."), F_NARROW, "entry_pass"),
	[OVERRIDDEN_BY] = REF("overridden_by", N_("By order of"), N_("The supervisor who let him in against the rules, with a reason."), F_AUTO, "staff"),
	[ALERT] = { .name = "alert", .label = N_("Alert"), .help = N_("The alert of the gate has not been answered yet."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_LIST | F_NARROW, .choices = shorthand_yes_no },
	[ALERT_SEEN_BY] = REF("alert_seen_by", N_("Alert seen by"), N_("Who took notice of the alert."), F_AUTO, "staff"),
	[HOST_PHONE] = { .name = "host_phone", .label = N_("Host's phone"), .help = N_("Only with the host's recorded consent (CNF-12, VIS-03); else the operator connects."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_AUTO, .computed = "lodge.host_phone(t.host)" },
	[POLICE_REF] = TEXT("police_ref", N_("Police ref."), N_("The reference of the registration at the police station (PASS-05)."), LEVEL_NAME, 0, 2, 60),
	[POLICE_AT] = STAMP("police_at", N_("Registered"), N_("When the registration was filed."), 0),
	[TO_REGISTER] = { .name = "to_register", .label = N_("To register"), .help = N_("A guest who stays more than 15 days and is not registered with the police yet (PASS-05)."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no,
		.computed = "(t.state = 'inside' AND t.class = 'guest' AND t.police_at IS NULL AND lodge.days_here(t.in_at) > 15)" },
	[BUILDING] = { .name = "building", .label = N_("Building"), .help = N_("The building that he visits: by it the roll is called."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .computed = "(SELECT b.number FROM lodge.unit u JOIN lodge.building b ON b.id = u.building WHERE u.id = t.unit)" },
	[FLOOR] = { .name = "floor", .label = N_("Floor"), .help = N_("The floor that he visits."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .computed = "(SELECT u.floor FROM lodge.unit u WHERE u.id = t.unit)" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "visitor fields");
static const struct state states[] = {
	[WAITING] = { .name = "waiting", .label = N_("Waiting"), .open = true },
	[ASKED] = { .name = "asked", .label = N_("Host asked"), .open = true },
	[AGREED] = { .name = "agreed", .label = N_("Host agreed"), .open = true },
	[REFUSED] = { .name = "refused", .label = N_("Refused") },
	[INSIDE] = { .name = "inside", .label = N_("Inside"), .open = true },
	[LEFT] = { .name = "left", .label = N_("Went out") },
};
_Static_assert(NITEMS(states) == NSTATES, "visitor states");

#define NO_CONTRABAND { .name = "visitor_no_contraband", .rule = "VIS-11", .sentence = N_("Contraband was found: he stays outside, and the security supervisor is told at once.") }
#define NOT_BARRED { .name = "visitor_not_barred", .rule = "VIS-10", .field = "name", .sentence = N_("The do-not-admit list names this visitor; ask the security supervisor.") }
#define PASS_FREE { .name = "visitor_pass_free", .rule = "PASS-03", .field = "entry_pass", .sentence = N_("The bearer of this pass is inside already; who left unseen is presumed left first.") }
#define LISTED { .name = "visitor_listed", .rule = "SUP-03", .field = "name", .sentence = N_("No suppliers' list in force names this person; he is not let in as a supplier's employee.") }
static const struct guard arriving[] = {
	{ .name = "visitor_class_written", .rule = "VIS-08", .code = ERR_INVALID, .field = "class", .sentence = N_("Services that pass at once have an entry of their own: let a service pass.") },
	{ .name = "visitor_seeks_somebody", .rule = "VIS-01", .code = ERR_INVALID, .field = "unit", .sentence = N_("Give the unit or the employee whom the visitor seeks.") },
	LISTED,
	NOT_BARRED,
	PASS_FREE,
	{ .name = NULL },
};
static const struct guard asking[] = {
	{ .name = "visitor_answer_by", .rule = "VIS-07", .code = ERR_INVALID, .field = "by", .sentence = N_("Write down who answered for the host.") },
	{ .name = NULL },
};
static const struct guard escorting[] = {
	{ .name = "visitor_escort_serves", .rule = "VIS-07", .field = "escort", .sentence = N_("The escort must be an active employee of security.") },
	{ .name = NULL },
};
static const struct guard entering[] = {
	NO_CONTRABAND,
	NOT_BARRED,
	LISTED,
	PASS_FREE,
	{ .name = "visitor_consented", .rule = "VIS-07", .sentence = N_("First the host agrees, then an escort is named, then the visitor enters; a casual worker shows his paper.") },
	{ .name = NULL },
};
static const struct guard acknowledging[] = {
	{ .name = "visitor_alert_open", .rule = "VIS-11", .sentence = N_("There is no alert.") },
	{ .name = NULL },
};
static const struct guard overriding[] = {
	NO_CONTRABAND,
	{ .name = NULL },
};
static const struct guard passing[] = {
	NOT_BARRED,
	{ .name = NULL },
};
#define AT_GATE (FIELD(NAME) | FIELD(BODY) | FIELD(INTRO_LETTER) | FIELD(DOC_KIND) | FIELD(DOC_NO) | FIELD(DOC_TAIL) | FIELD(UNIT) | FIELD(HOST) | \
	FIELD(PARTY) | FIELD(VEHICLE) | FIELD(GOODS) | FIELD(CONTACT))
static const struct op ops[] = {
	{ .name = "arrive", .label = N_("Visitor in"), .help = N_("Write down a visitor; a guest is inside at once (VIS-01, VIS-04)."),
		.roles = WRITERS, .to = STATE_DERIVED, .flags = OP_CREATE | OP_OFFLINE, .state_rule = "VIS-07",
		.asks = FIELD(CLASS) | AT_GATE | FIELD(INFORMED) | FIELD(MESSAGE) | FIELD(ENTRY_PASS), .needs = FIELD(NAME),
		.derive = "visitor_arrived", .guards = arriving, .effect = "visitor_message" },
	{ .name = "pass_through", .label = N_("Let a service pass"), .help = N_("Ambulance, fire engine, police, courier, taxi: in at once, written down after."),
		.roles = WRITERS, .to = INSIDE, .flags = OP_CREATE | OP_OFFLINE, .state_rule = "VIS-08", .asks = FIELD(SERVICE) | FIELD(UNIT) | FIELD(VEHICLE) | FIELD(PARTY),
		.needs = FIELD(SERVICE), .derive = "visitor_passed", .guards = passing },
	{ .name = "ask_host", .label = N_("Ask the host"), .help = N_("Reception telephones the host (VIS-05)."),
		.roles = KEEPERS, .from = BIT(WAITING) | BIT(ASKED), .to = ASKED, .flags = OP_OFFLINE, .state_rule = "VIS-07",
		.state_sentence = N_("This visitor does not wait for his host.") },
	{ .name = "answer", .label = N_("Host's answer"), .help = N_("What the host said, who said it; no answer leaves the question open."),
		.roles = KEEPERS, .from = BIT(ASKED), .to = STATE_DERIVED, .flags = OP_OFFLINE, .state_rule = "VIS-07",
		.asks = FIELD(ANSWER) | FIELD(BY) | FIELD(REASON) | FIELD(APPOINTMENT) | FIELD(MESSAGE), .needs = FIELD(ANSWER),
		.state_sentence = N_("The host has not been asked, or has answered already."), .derive = "visitor_answered", .guards = asking, .effect = "visitor_message" },
	{ .name = "escort", .label = N_("Name the escort"), .help = N_("The guard who takes the visitor to his host (VIS-05)."),
		.roles = KEEPERS, .from = BIT(AGREED), .to = AGREED, .flags = OP_OFFLINE, .asks = FIELD(ESCORT), .needs = FIELD(ESCORT), .state_rule = "VIS-07",
		.state_sentence = N_("An escort is named when the host has agreed."), .guards = escorting },
	{ .name = "enter", .label = N_("Let in"), .help = N_("The visitor goes in: agreed and accompanied (VIS-07)."),
		.roles = KEEPERS, .from = BIT(WAITING) | BIT(AGREED), .to = INSIDE, .flags = OP_AT_ONCE | OP_OFFLINE, .state_rule = "VIS-07",
		.state_sentence = N_("Only who waits with his host's agreement may enter."), .derive = "visitor_entered", .guards = entering },
	{ .name = "leave", .label = N_("Visitor out"), .help = N_("The visitor was seen leaving; one who still waits goes away."),
		.roles = KEEPERS, .from = BIT(INSIDE) | BIT(WAITING) | BIT(ASKED) | BIT(AGREED), .to = LEFT, .flags = OP_AT_ONCE | OP_OFFLINE, .state_rule = "VIS-08",
		.state_sentence = N_("This visitor is not here any more."), .derive = "visitor_left" },
	{ .name = "presume_left", .label = N_("Presume left"), .help = N_("Nobody saw him leave; after asking visitor and host it is presumed, and stays marked (VIS-12)."),
		.roles = KEEPERS, .from = BIT(INSIDE), .to = LEFT, .flags = OP_OFFLINE, .asks = FIELD(NOTE), .needs = FIELD(NOTE), .state_rule = "VIS-12",
		.state_sentence = N_("This visitor is not inside."), .derive = "visitor_presumed" },
	{ .name = "miss", .label = N_("Not found"), .help = N_("He was looked for and not found; he stays on the list of who is inside."),
		.roles = KEEPERS, .from = BIT(INSIDE), .to = INSIDE, .flags = OP_OFFLINE, .asks = FIELD(NOTE), .needs = FIELD(NOTE), .state_rule = "VIS-12",
		.state_sentence = N_("This visitor is not inside."), .derive = "visitor_missed" },
	{ .name = "alert", .label = N_("Contraband"), .help = N_("Weapons, ammunition, flammables or other contraband: stopped and reported at once (VIS-11)."),
		.roles = KEEPERS, .from = BIT(WAITING) | BIT(ASKED) | BIT(AGREED) | BIT(INSIDE), .to = STATE_DERIVED, .flags = OP_OFFLINE, .state_rule = "VIS-11",
		.asks = FIELD(CONTRABAND) | FIELD(NOTE), .needs = FIELD(CONTRABAND), .state_sentence = N_("This visitor is not here any more."), .derive = "visitor_alerted" },
	{ .name = "acknowledge", .label = N_("Take notice of the alert"), .help = N_("The alert of the gate has been seen (VIS-11)."),
		.roles = BIT(ROLE_SL) | BIT(ROLE_SS) | BIT(ROLE_EM), .from = BIT(REFUSED) | BIT(INSIDE) | BIT(LEFT), .to = STATE_SAME, .flags = OP_AT_ONCE, .state_rule = "VIS-11",
		.state_sentence = N_("There is no alert."), .derive = "visitor_alert_seen", .guards = acknowledging },
	{ .name = "register", .label = N_("Registered with police"), .help = N_("The police registration of a guest who stays more than 15 days was filed (PASS-05)."),
		.roles = KEEPERS, .from = BIT(INSIDE), .to = STATE_SAME, .asks = FIELD(POLICE_REF), .needs = FIELD(POLICE_REF), .state_rule = "PASS-05",
		.state_sentence = N_("This visitor is not inside."), .derive = "visitor_registered" },
	{ .name = "override", .label = N_("Let in by order"), .help = N_("A supervisor lets somebody in against the rules, with a reason that stays in the book."),
		.roles = OVERSEERS, .from = BIT(WAITING) | BIT(ASKED) | BIT(AGREED) | BIT(REFUSED), .to = INSIDE, .flags = OP_OFFLINE, .asks = FIELD(NOTE), .needs = FIELD(NOTE),
		.state_rule = "VIS-07", .state_sentence = N_("This visitor is inside already, or has left."), .derive = "visitor_overridden", .guards = overriding },
};
static const struct view views[] = {
	{ .name = "alerts", .label = N_("Alerts of the gate"), .where = "{\"alert\":true}", .sort = "-id", .late = true, .roles = BIT(ROLE_SL) | BIT(ROLE_SS) | BIT(ROLE_EM) },
	{ .name = "to_register", .label = N_("Guests to register"), .where = "{\"to_register\":true}", .sort = "id", .late = true, .roles = BIT(ROLE_FD) },
	{ .name = "waiting", .label = N_("Visitors who wait"), .where = "{\"state\":[\"waiting\",\"asked\",\"agreed\"]}", .sort = "id", .roles = KEEPERS },
	{ .name = "inside", .label = N_("Visitors inside"), .where = "{\"state\":\"inside\"}", .sort = "id", .roles = KEEPERS | BIT(ROLE_NM) },
	{ .name = "today", .label = N_("Last visitors"), .where = "{}", .sort = "-id", .roles = 0 },
};
static const struct part parts[] = {
	{ .name = "watch", .label = N_("Watch"), .book = "key_household", .by = "unit", .of = "unit", .where = "{\"state\":\"listed\"}", .sort = "since" },
};
const struct book book_visitor = { .name = "visitor", .title = N_("Visitors"),
	.why = N_("Nobody is on the estate without somebody knowing who, with whom and since when."),
	.readers = KEEPERS | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_NM), .parties = ROLES_ALL,
	.historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_SS), .flags = B_AREA, .caption = "name",
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts) };
