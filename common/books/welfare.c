/*
 * welfare.c - who may need help: the ladder of a welfare check, its signatures, going-out notices, due dates.
 *
 * VUL-01..08, INC-11. Knock, neighbours, children, entry: each step is an operation of its own and timed by the server, none
 * can be skipped; after an entry three parties sign or it does not close. Not for: why a household is watched (gate.c).
 * Trap: guards start a check and see its steps only while it goes on; what was found, and every due date, is not for them.
 */
#include "common/books/shorthand.h"

#define GUARDS (BIT(ROLE_SG) | BIT(ROLE_SL))
#define CARERS (BIT(ROLE_NM) | BIT(ROLE_CSS) | BIT(ROLE_SS))
#define OVERSEERS (BIT(ROLE_CM) | BIT(ROLE_EM))

static const struct choice outcomes[] = { { "normal", N_("Nobody, all normal") }, { "ill", N_("Seriously ill") }, { "death", N_("Death") },
	{ "unnatural_death", N_("Unnatural death") }, { NULL, NULL } };
enum { UNIT, SEEN, AWAY, STARTED_AT, STARTED_BY, KNOCKED_AT, NEIGHBOURS_AT, CHILDREN_AT, OUT_OF_TOWN, EMERGENCY_CONTACT, SUPERVISOR, ENTRY_AT,
	ENTERED_BY, OUTCOME, NUMBERS, OUTCOME_AT, NOTE, ROLE, NAME, SIGNATURES, CONTACT_MADE, CLOSED_AT, CLOSED_BY, INCIDENT, NFIELDS };
enum { STARTED, KNOCKED, NEIGHBOURS, CHILDREN, ENTERED, CONCLUDED, ALL_SIGNED, CLOSED, NSTATES };
static const struct field fields[] = {
	[UNIT] = REF("unit", N_("Unit"), N_("The unit."), F_LIST | F_NARROW, "unit"),
	[SEEN] = TEXT("seen", N_("What is unusual"), N_("What is unusual; never why it is watched (VUL-03)."), LEVEL_NAME, F_LIST, 3, 200),
	[AWAY] = { .name = "away", .label = N_("Away notice"), .help = N_("A notice says that they are away: call them before anything else (VUL-03)."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_LIST | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.unit_away(t.unit, t.started_at)" },
	[STARTED_AT] = STAMP("started_at", N_("Started"), N_("When it was seen."), F_LIST | F_SORT),
	[STARTED_BY] = REF("started_by", N_("Started by"), N_("Who saw it."), F_AUTO, "staff"),
	[KNOCKED_AT] = STAMP("knocked_at", N_("Knocked"), N_("Step 1: nobody answered."), 0),
	[NEIGHBOURS_AT] = STAMP("neighbours_at", N_("Neighbours"), N_("Step 2: they find it odd too."), 0),
	[CHILDREN_AT] = STAMP("children_at", N_("Children"), N_("Step 3: the children were called."), 0),
	[OUT_OF_TOWN] = TICK("out_of_town", N_("Out of town"), N_("They cannot come at once (VUL-04)."), 0),
	[EMERGENCY_CONTACT] = TICK("emergency_contact", N_("Contact comes"), N_("There is an emergency contact who can come (VUL-04)."), 0),
	[SUPERVISOR] = TEXT("supervisor", N_("Supervised by"), N_("Who of the department in charge is there at the entry, never you (VUL-04)."), LEVEL_NAME, 0, 2, 80),
	[ENTRY_AT] = STAMP("entry_at", N_("Entry at"), N_("Step 4."), 0),
	[ENTERED_BY] = REF("entered_by", N_("Entry by"), N_("Who went in."), F_AUTO, "staff"),
	[OUTCOME] = { .name = "outcome", .label = N_("Outcome"), .help = N_("What was found (VUL-05)."), .type = FT_CHOICE, .level = LEVEL_NAME, .choices = outcomes },
	[NUMBERS] = { .name = "numbers", .label = N_("Amb./police"), .help = N_("Seriously ill: the ambulance. Unnatural death: the police (VUL-05; policy)."), .type = FT_TEXT,
		.level = LEVEL_NAME, .flags = F_AUTO | F_NARROW, .max = 50, .computed = "lodge.outcome_numbers(t.outcome)" },
	[OUTCOME_AT] = STAMP("outcome_at", N_("Found at"), N_("When that was found."), 0),
	[NOTE] = TEXT("note", N_("Note"), N_("Who was called and came; what was done."), LEVEL_CONTACT, 0, 3, 200),
	[ROLE] = TEXT("role", N_("Party"), N_("For whom he signs: night manager, security, family, neighbour, police; each party once (VUL-06)."), LEVEL_NAME, F_ARG, 2, 40),
	[NAME] = TEXT("name", N_("Name"), N_("Who signs."), LEVEL_NAME, F_ARG, 2, 80),
	[SIGNATURES] = INT("signatures", N_("Signatures"), N_("How many parties have signed; three after an entry (VUL-06)."), F_AUTO | F_NARROW, 0, 99),
	[CONTACT_MADE] = TEXT("contact_made", N_("Reached"), N_("Who was reached, when nobody had to enter."), LEVEL_NAME, 0, 2, 120),
	[CLOSED_AT] = STAMP("closed_at", N_("Closed at"), N_("When it was closed."), 0),
	[CLOSED_BY] = REF("closed_by", N_("Closed by"), N_("Who closed it."), F_AUTO, "staff"),
	[INCIDENT] = REF("incident", N_("Record"), N_("The emergency record of the entry, which began with it (VUL-06, INC-11)."), F_AUTO | F_NARROW, "incident"),
};
_Static_assert(NITEMS(fields) == NFIELDS, "welfare check fields");
static const struct state states[] = {
	[STARTED] = { .name = "started", .label = N_("Started"), .open = true },
	[KNOCKED] = { .name = "knocked", .label = N_("Knocked"), .open = true },
	[NEIGHBOURS] = { .name = "neighbours", .label = N_("Neighbours asked"), .open = true },
	[CHILDREN] = { .name = "children", .label = N_("Children called"), .open = true },
	[ENTERED] = { .name = "entered", .label = N_("Home entered"), .open = true },
	[CONCLUDED] = { .name = "concluded", .label = N_("To be signed"), .open = true },
	[ALL_SIGNED] = { .name = "signed", .label = N_("To be closed"), .of = CONCLUDED, .computed = "t.signatures >= 3", .open = true },
	[CLOSED] = { .name = "closed", .label = N_("Closed") },
};
_Static_assert(NITEMS(states) == NSTATES, "welfare check states");
static const struct narrowing narrowed[] = {
	{ .roles = GUARDS, .sql = "t.state IN ('started', 'knocked', 'neighbours', 'children', 'entered')" },
	{ 0 },
};
static const struct guard entering[] = {
	{ .name = "welfare_nobody_comes", .rule = "VUL-04", .sentence = N_("Entry only when the children are out of town and there is no emergency contact; otherwise wait for them.") },
	{ .name = "welfare_supervised", .rule = "VUL-04", .field = "supervisor", .sentence = N_("Name who of the department in charge supervises the entry; not yourself.") },
	{ .name = NULL },
};
static const struct guard signing[] = {
	{ .name = "welfare_party_once", .rule = "VUL-06", .field = "role", .sentence = N_("This party or person has signed already; three different ones sign.") },
	{ .name = NULL },
};
static const struct guard closing[] = {
	{ .name = "welfare_signed", .rule = "VUL-06", .sentence = N_("After an entry three parties sign before it is closed; without one, write down who was reached.") },
	{ .name = NULL },
};
#define LADDER .state_rule = "VUL-04", .state_sentence = N_("First knock, then ask the neighbours, then call the children, then enter; no step is skipped or done twice.")
static const struct op ops[] = {
	{ .name = "start", .label = N_("Start a welfare check"), .help = N_("Somebody who is usually seen is not, and no going-out notice says why (VUL-03)."),
		.roles = BIT(ROLE_FD) | BIT(ROLE_NM) | GUARDS, .to = STARTED, .flags = OP_CREATE, .asks = FIELD(UNIT) | FIELD(SEEN), .needs = FIELD(UNIT) | FIELD(SEEN),
		.derive = "welfare_started", .duty = N_("First knock. No answer: ask the neighbours. They find it odd too: call the children to come at once. Enter last of all."),
		.duty_short = N_("First knock") },
	{ .name = "knock", .label = N_("Knocked, no answer"), .help = N_("Step 1 (VUL-04)."), .roles = CARERS, .from = BIT(STARTED), .to = KNOCKED, .flags = OP_AT_ONCE, LADDER, .derive = "welfare_knocked" },
	{ .name = "ask_neighbours", .label = N_("Neighbours find it odd"), .help = N_("Step 2 (VUL-04)."), .roles = CARERS, .from = BIT(KNOCKED), .to = NEIGHBOURS, .flags = OP_AT_ONCE, LADDER, .derive = "welfare_neighbours_asked" },
	{ .name = "call_children", .label = N_("Children called"), .help = N_("Step 3: whether they can come, and whether somebody else can (VUL-04)."), .roles = CARERS, .from = BIT(NEIGHBOURS), .to = CHILDREN,
		.asks = FIELD(OUT_OF_TOWN) | FIELD(EMERGENCY_CONTACT), .needs = FIELD(OUT_OF_TOWN) | FIELD(EMERGENCY_CONTACT), LADDER, .derive = "welfare_children_called" },
	{ .name = "enter", .label = N_("Enter the home"), .help = N_("Step 4, supervised by the department in charge (VUL-04)."), .roles = CARERS, .from = BIT(CHILDREN), .to = ENTERED, .flags = OP_CONFIRM,
		.asks = FIELD(SUPERVISOR), LADDER, .derive = "welfare_entered", .guards = entering, .prepare = "welfare_entered" },
	{ .name = "outcome", .label = N_("What was found"), .help = N_("One of four; each has its own calls (VUL-05)."), .roles = CARERS, .from = BIT(ENTERED), .to = CONCLUDED,
		.asks = FIELD(OUTCOME) | FIELD(NOTE), .needs = FIELD(OUTCOME), .state_rule = "VUL-05", .state_sentence = N_("Nobody has entered, or the outcome is written already."), .derive = "welfare_concluded", .effect = "welfare_concluded",
		.duty = N_("All normal: out by the front door, doors and windows closed. Seriously ill: the ambulance, then children and emergency contact. Death: they come at once; unnatural: the police and they, at once."),
		.duty_short = N_("Call as the numbers say"), .duty_field = "numbers" },
	{ .name = "sign", .label = N_("Sign the record"), .help = N_("One of three parties signs the handling record (VUL-06)."), .roles = CARERS, .from = BIT(CONCLUDED), .to = STATE_SAME,
		.asks = FIELD(ROLE) | FIELD(NAME), .needs = FIELD(ROLE) | FIELD(NAME), .state_rule = "VUL-06", .state_sentence = N_("What was found is written first; a closed record is signed no more."),
		.derive = "welfare_signed", .guards = signing, .effect = "welfare_signed" },
	{ .name = "close", .label = N_("Close the welfare check"), .help = N_("Signed by three parties; or before an entry, when somebody was reached (VUL-06)."), .roles = CARERS,
		.from = BIT(STARTED) | BIT(KNOCKED) | BIT(NEIGHBOURS) | BIT(CHILDREN) | BIT(ENTERED) | BIT(CONCLUDED), .to = CLOSED, .asks = FIELD(CONTACT_MADE),
		.state_rule = "VUL-06", .state_sentence = N_("This check is closed."), .derive = "welfare_closed", .guards = closing },
};
static const struct view views[] = {
	{ .name = "to_close", .label = N_("Welfare checks to close"), .where = "{\"state\":\"signed\"}", .sort = "started_at", .roles = CARERS },
	{ .name = "open", .label = N_("Welfare checks"), .where = "{\"state\":[\"started\",\"knocked\",\"neighbours\",\"children\",\"entered\",\"concluded\"]}", .sort = "started_at", .late = true, .roles = CARERS },
};
static const struct part parts[] = {
	{ .name = "notices", .label = N_("Going-out notices"), .book = "away_notice", .by = "unit", .of = "unit", .where = "{\"state\":\"in_force\"}", .sort = "-id" },
	{ .name = "signed", .label = N_("Signatures"), .book = "welfare_signature", .by = "welfare_check", .where = "{}", .sort = "id" },
};
static const char *const record_fields[] = { "unit", "seen", "started_at", "started_by", "knocked_at", "neighbours_at", "children_at", "supervisor", "entry_at", "entered_by", "outcome", "outcome_at", NULL };
static const char *const signature_columns[] = { "role", "name", "signed_at", NULL };
static const char *const record_signs[] = { N_("Night manager"), N_("Supervised by"), N_("Family or neighbour"), NULL };
static const struct slip_rows signature_rows = { .book = "welfare_signature", .by = "welfare_check", .where = "{}", .sort = "id", .columns = signature_columns };
static const struct slip slips[] = {
	{ .name = "handling_record", .title = N_("Emergency handling record"), .head = "unit", .fields = record_fields, .rows = &signature_rows, .states = BIT(CONCLUDED) | BIT(CLOSED), .wants = "outcome", .signs = record_signs },
};
const struct book book_welfare_check = { .name = "welfare_check", .title = N_("Welfare checks"),
	.why = N_("Nobody lies helpless behind a door that everybody walks past."),
	.readers = BIT(ROLE_FD) | CARERS | GUARDS | OVERSEERS, .narrowed = narrowed, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts), .slips = slips, .nslips = NITEMS(slips) };

enum { S_CHECK, S_ROLE, S_NAME, S_SIGNED_AT, S_WRITTEN_BY, S_NFIELDS };
static const struct field signature_fields[] = {
	[S_CHECK] = REF("welfare_check", N_("Welfare check"), N_("The check whose record is signed."), F_AUTO | F_NARROW, "welfare_check"),
	[S_ROLE] = TEXT("role", N_("Party"), N_("For whom he signed."), LEVEL_NAME, F_LIST | F_AUTO, 0, 40),
	[S_NAME] = TEXT("name", N_("Name"), N_("Who signed."), LEVEL_NAME, F_LIST | F_AUTO, 0, 80),
	[S_SIGNED_AT] = STAMP("signed_at", N_("Signed at"), N_("When."), F_LIST | F_SORT),
	[S_WRITTEN_BY] = REF("written_by", N_("Written by"), N_("Whose console he signed at."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(signature_fields) == S_NFIELDS, "welfare signature fields");
static const struct state signature_states[] = { { .name = "signed", .label = N_("Signed"), .born = true } };
const struct book book_welfare_signature = { .name = "welfare_signature", .title = N_("Welfare signatures"),
	.why = N_("Three parties saw what was found."),
	.readers = BIT(ROLE_FD) | CARERS | OVERSEERS, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = signature_fields, .nfields = S_NFIELDS, .states = signature_states, .nstates = NITEMS(signature_states) };

enum { A_UNIT, A_LEAVES, A_RETURNS, A_PLACE, A_PHONE, A_GIVEN_BY, A_TAKEN_AT, A_TAKEN_BY, A_NFIELDS };
enum { A_IN_FORCE, A_LATER, A_OVER, A_ENDED, A_NSTATES };
static const struct field away_fields[] = {
	[A_UNIT] = REF("unit", N_("Unit"), N_("Who goes out lives here."), F_LIST | F_NARROW, "unit"),
	[A_LEAVES] = DATE("leaves", N_("Leaves"), N_("First day away; today when not given."), F_LIST),
	[A_RETURNS] = DATE("returns", N_("Returns"), N_("Last day away."), F_LIST | F_SORT),
	[A_PLACE] = TEXT("place", N_("Where"), N_("Where they stay."), LEVEL_CONTACT, 0, 2, 120),
	[A_PHONE] = TEXT("phone", N_("Phone"), N_("Where they can be reached."), LEVEL_CONTACT, 0, 3, 24),
	[A_GIVEN_BY] = TEXT("given_by", N_("Told by"), N_("Who told the house."), LEVEL_NAME, F_LIST, 2, 80),
	[A_TAKEN_AT] = STAMP("taken_at", N_("Written"), N_("When it was written down."), 0),
	[A_TAKEN_BY] = REF("taken_by", N_("Written by"), N_("Who wrote it."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(away_fields) == A_NFIELDS, "away notice fields");
static const struct state away_states[] = {
	[A_IN_FORCE] = { .name = "in_force", .label = N_("Away"), .open = true },
	[A_LATER] = { .name = "later", .label = N_("Later"), .of = A_IN_FORCE, .computed = "t.leaves > (SELECT lodge.estate_day())", .open = true },
	[A_OVER] = { .name = "over", .label = N_("Over"), .of = A_IN_FORCE, .computed = "t.returns < (SELECT lodge.estate_day())" },
	[A_ENDED] = { .name = "ended", .label = N_("Came back") },
};
_Static_assert(NITEMS(away_states) == A_NSTATES, "away notice states");
#define TAKERS (BIT(ROLE_FD) | BIT(ROLE_OP) | BIT(ROLE_CSS) | BIT(ROLE_NM))
static const struct guard going[] = {
	{ .name = "away_days_in_order", .rule = "VUL-02", .field = "returns", .code = ERR_INVALID, .sentence = N_("They return on the first day or later.") },
	{ .name = NULL },
};
static const struct op away_ops[] = {
	{ .name = "give", .label = N_("Going-out notice"), .help = N_("They say from when to when they are away, and where they are reached (VUL-02)."),
		.roles = TAKERS, .to = A_IN_FORCE, .flags = OP_CREATE, .asks = FIELD(A_UNIT) | FIELD(A_LEAVES) | FIELD(A_RETURNS) | FIELD(A_PLACE) | FIELD(A_PHONE) | FIELD(A_GIVEN_BY),
		.needs = FIELD(A_UNIT) | FIELD(A_RETURNS), .derive = "away_given", .guards = going },
	{ .name = "end", .label = N_("They are back"), .help = N_("The notice does not count any more."),
		.roles = TAKERS, .from = BIT(A_IN_FORCE), .to = A_ENDED, .flags = OP_AT_ONCE, .state_rule = "VUL-02", .state_sentence = N_("This notice does not count any more.") },
};
static const struct view away_views[] = {
	{ .name = "away", .label = N_("Who is away"), .where = "{\"state\":\"in_force\"}", .sort = "returns", .roles = BIT(ROLE_NM) | GUARDS },
};
const struct book book_away_notice = { .name = "away_notice", .title = N_("Going-out notices"),
	.why = N_("A dark window that was announced alarms nobody."),
	.readers = TAKERS | GUARDS | BIT(ROLE_SS) | OVERSEERS, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = away_fields, .nfields = A_NFIELDS, .states = away_states, .nstates = A_NSTATES, .ops = away_ops, .nops = NITEMS(away_ops),
	.views = away_views, .nviews = NITEMS(away_views) };

static const struct choice reminded_how[] = { { "done", N_("Advised") }, { "not_done", N_("Not advised") }, { NULL, NULL } };
enum { P_HOUSEHOLD, P_UNIT, P_DUE_ON, P_REMINDED, P_REMINDED_AT, P_REMINDED_BY, P_NOTE, P_RECORDED_AT, P_RECORDED_BY, P_NFIELDS };
enum { P_EXPECTED, P_TO_REMIND, P_ENDED, P_NSTATES };
static const struct field birth_fields[] = {
	[P_HOUSEHOLD] = REF("household", N_("Household"), N_("The household."), F_SUBJECT, "household"),
	[P_UNIT] = REF("unit", N_("Unit"), N_("The unit it lives in."), F_LIST | F_AUTO | F_NARROW, "unit"),
	[P_DUE_ON] = { .name = "due_on", .label = N_("Due on"), .help = N_("The day; sealed (VUL-01)."), .type = FT_DATE, .level = LEVEL_SEALED, .flags = F_NARROW },
	[P_REMINDED] = CHOICE("reminded", N_("Reminder"), N_("Whether she was advised to go to hospital (VUL-01)."), F_LIST, reminded_how),
	[P_REMINDED_AT] = STAMP("reminded_at", N_("Advised at"), N_("When that was written."), F_LIST),
	[P_REMINDED_BY] = REF("reminded_by", N_("Reminded by"), N_("Who advised her, or could not."), F_AUTO, "staff"),
	[P_NOTE] = TEXT("note", N_("Note"), N_("Why not, or what she said."), LEVEL_CONTACT, 0, 3, 200),
	[P_RECORDED_AT] = STAMP("recorded_at", N_("Recorded"), N_("When it was recorded."), F_SORT),
	[P_RECORDED_BY] = REF("recorded_by", N_("Recorded by"), N_("Who recorded it."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(birth_fields) == P_NFIELDS, "pregnancy fields");
static const struct state birth_states[] = {
	[P_EXPECTED] = { .name = "expected", .label = N_("Birth expected"), .open = true },
	[P_TO_REMIND] = { .name = "to_remind", .label = N_("To be reminded"), .of = P_EXPECTED, .computed = "(t.reminded IS DISTINCT FROM 'done' AND lodge.birth_near(t.id))", .open = true },
	[P_ENDED] = { .name = "ended", .label = N_("Over") },
};
_Static_assert(NITEMS(birth_states) == P_NSTATES, "pregnancy states");
#define BIRTH_KEEPERS (BIT(ROLE_ACU) | BIT(ROLE_CSS))
static const struct op birth_ops[] = {
	{ .name = "record", .label = N_("Record a due date"), .help = N_("From seven days before it to seven days after she is advised to go to hospital (VUL-01)."),
		.roles = BIRTH_KEEPERS, .to = P_EXPECTED, .flags = OP_CREATE, .asks = FIELD(P_HOUSEHOLD) | FIELD(P_DUE_ON), .needs = FIELD(P_HOUSEHOLD) | FIELD(P_DUE_ON), .derive = "birth_recorded" },
	{ .name = "remind", .label = N_("Note the advice"), .help = N_("She was advised to go to hospital, or could not be (VUL-01)."),
		.roles = BIRTH_KEEPERS, .from = BIT(P_EXPECTED), .to = STATE_SAME, .asks = FIELD(P_REMINDED) | FIELD(P_NOTE), .needs = FIELD(P_REMINDED),
		.state_rule = "VUL-01", .state_sentence = N_("This is over."), .derive = "birth_reminded" },
	{ .name = "end", .label = N_("It is over"), .help = N_("Nobody is reminded any more."),
		.roles = BIRTH_KEEPERS, .from = BIT(P_EXPECTED), .to = P_ENDED, .state_rule = "VUL-01", .state_sentence = N_("This is over.") },
};
static const struct view birth_views[] = {
	{ .name = "to_remind", .label = N_("Due dates near"), .where = "{\"state\":\"to_remind\"}", .sort = "recorded_at", .late = true, .roles = BIRTH_KEEPERS },
};
const struct book book_pregnancy = { .name = "pregnancy", .title = N_("Due dates"),
	.why = N_("Whoever is near her time is asked once whether she needs help."),
	.readers = BIRTH_KEEPERS | OVERSEERS, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .flags = B_AREA,
	.fields = birth_fields, .nfields = P_NFIELDS, .states = birth_states, .nstates = P_NSTATES, .ops = birth_ops, .nops = NITEMS(birth_ops),
	.views = birth_views, .nviews = NITEMS(birth_views) };
