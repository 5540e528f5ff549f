/*
 * emergency.c - an emergency while it runs: steps, calls, torches, who has been seen.
 *
 * EMG-01..14. It is declared of a kind and a zone – the estate, a building, a floor –; the plan of its kind becomes its
 * checklist, each step ticked with who and when. Not for: what is reported afterwards (incident.c). Trap: it runs out by
 * itself (policy emergency.hours) unless it is prolonged: what it opens to the duty desk must never stay open.
 */
#include "common/books/shorthand.h"

#define DUTY (BIT(ROLE_NM) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM))
#define DESKS (BIT(ROLE_FD) | BIT(ROLE_OP) | BIT(ROLE_CSS))
#define GUARDS (BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS) | BIT(ROLE_FS))
#define HELPERS (BIT(ROLE_ET) | BIT(ROLE_EL) | BIT(ROLE_ES) | BIT(ROLE_CLL) | BIT(ROLE_CLS))
#define OPENERS (DUTY | DESKS | GUARDS)
#define WORKERS (OPENERS | HELPERS)
#define READERS (WORKERS | BIT(ROLE_GM))
#define HISTORIANS DUTY

static const struct choice kinds[] = { { "fire", N_("Fire") }, { "water", N_("Water leak") }, { "power", N_("Power cut") }, { "gas", N_("Gas leak") },
	{ "lift", N_("Persons in a lift") }, { "medical", N_("Medical emergency") }, { "intruder", N_("Intruder") }, { "theft", N_("Robbery or theft") }, { "fight", N_("Fight") },
	{ "death", N_("Death") }, { "explosion", N_("Explosion") }, { "lost_property", N_("Lost property") }, { "other", N_("Other") }, { NULL, NULL } };
static const struct choice kind_keys[] = { { "fi", "fire" }, { "wl", "water" }, { "pw", "power" }, { "ga", "gas" }, { "li", "lift" }, { "me", "medical" }, { "in", "intruder" },
	{ "th", "theft" }, { "fg", "fight" }, { "de", "death" }, { "ex", "explosion" }, { "lo", "lost_property" }, { "ot", "other" }, { NULL, NULL } };
/* EMG-08, EMG-09, EMG-12: what whoever calls is told. */
static const struct choice telling[] = { { "fire", N_("Stay in your room, keep the door shut; we come to you.") },
	{ "water", N_("Engineering is closing the valve; keep away from sockets.") },
	{ "power", N_("Sorry; engineering is at it. Do you need a torch? Which room?") },
	{ "gas", N_("No flames, no switches; open the windows, leave by the stairs.") },
	{ "lift", N_("Stay calm, leave the doors alone; help is on its way.") },
	{ "medical", N_("Help is on its way; please keep the lift and the way free.") },
	{ "intruder", N_("Lock your door and stay inside; security is on its way.") },
	{ "theft", N_("Touch nothing; security comes and takes it down.") },
	{ "fight", N_("Keep away, stay inside; security is there.") },
	{ "death", N_("Nothing is said about it; the manager will call back.") },
	{ "explosion", N_("Touch nothing, go out by the stairs, do as security says.") },
	{ "lost_property", N_("The squad leader comes and takes your statement.") },
	{ "other", N_("We know of it and are at it; please stay in your room.") }, { NULL, NULL } };
/* The words of the plans (EMG-02..12). */
static const struct choice steps[] = { { "stay_calm", N_("Keep calm; radio and torch at hand") }, { "call_security", N_("Call the security supervisor") },
	{ "send_guards", N_("Security judges it and sends guards") }, { "call_engineering", N_("Call duty engineer, engineering supervisor") },
	{ "call_control", N_("Call central control; find the cause") }, { "call_managers", N_("Call the estate manager, the deputy, the duty manager") },
	{ "call_cleaning", N_("Call cleaning to take up the water") }, { "call_police", N_("Call the police") }, { "call_police_if", N_("Police, if it is urgent, large or wished") },
	{ "call_fire", N_("Call the fire brigade") }, { "call_ambulance", N_("Call the ambulance; somebody meets it") }, { "call_gas", N_("Call the gas company, from outside") },
	{ "call_lift", N_("Call the lift company") }, { "isolate_valves", N_("The duty engineer shuts the valves") }, { "switch_room", N_("Switch room: repair, or the outage plan") },
	{ "apologise", N_("Apologise, explain") }, { "ask_torches", N_("Ask who needs a torch; note the room") }, { "guard_exits", N_("Guard key places and exits") },
	{ "free_trapped", N_("Free those who are trapped") }, { "apologise_trapped", N_("Apologise in person to who was trapped") },
	{ "tell_trapped", N_("Keep speaking with those inside") }, { "tell_events", N_("Tell the organisers of running events") },
	{ "stay_rooms", N_("Ask residents to stay in their rooms") }, { "ask_help", N_("Find out who needs help to leave") }, { "no_sparks", N_("No switches, no flames; windows open") },
	{ "protect_scene", N_("Protect the scene; nothing is touched") }, { "statement", N_("Squad leader to the scene: takes statement") },
	{ "separate", N_("Separate the parties; to the security office") }, { "check_damage", N_("Look for what was left behind and for damage") },
	{ "hold_offenders", N_("Serious injury: police; hold the offenders") }, { "keep_weapon", N_("Keep weapons for the police") },
	{ "treat_injured", N_("Have the injured treated") }, { "first_aid", N_("First aid by who has learnt it") }, { "do_not_move", N_("Do not move it; control the place") },
	{ "cordon", N_("Cordon off, evacuate") }, { "brief_police", N_("Tell the police what is known") }, { "note_progress", N_("Note what happens as it happens") },
	{ "keep_contact", N_("Stay at the post, in contact with security and engineering") }, { "keep_managers", N_("Keep the management informed") },
	{ "evacuate", N_("On the order: evacuate, call the roll") }, { "write_books", N_("Repair order and duty books are written") },
	{ "write_switch_books", N_("Switch room: duty, operation, outage, switching, defect books") },
	{ "write_incident", N_("Open the incident report") }, { NULL, NULL } };

#define NOTE(n, l, h, most) { .name = n, .label = l, .help = h, .type = FT_NOTE, .level = LEVEL_OPEN, .flags = 0, .min = 2, .max = most }
#define OF_EMERGENCY REF("emergency", N_("Case"), N_("The emergency it belongs to."), 0, "emergency")
#define RUNS(n) { .name = n, .rule = "EMG-01", .sentence = N_("This emergency is closed.") }

enum { NO, KIND, ZONE, TELL, NUMBERS, DETAILS, BUILDING, FLOOR, SEAT, OPENED_BY, OPENED_AT, UNTIL, ROLL_AT, OUTCOME, CLOSED_BY, CLOSED_AT, SHIFT, NFIELDS };
static const struct choice zones[] = { { "estate", N_("Whole estate") }, { NULL, NULL } };
enum { OPEN, EXPIRED, CLOSED, NSTATES };
static const struct field fields[] = {
	[NO] = TEXT("no", N_("No."), N_("The number of the emergency."), LEVEL_OPEN, F_LIST | F_AUTO | F_NUMBER | F_NARROW, 0, 20),
	[KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("What it is; two letters are enough."), .type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW,
		.choices = kinds, .keys = kind_keys },
	[ZONE] = { .name = "zone", .label = N_("Zone"), .help = N_("estate, a building 7, a floor 7/3, or a unit: its floor is the zone."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .min = 1, .max = 20, .choices = zones },
	[TELL] = { .name = "tell", .label = N_("Say"), .help = N_("What callers are told (EMG-09, EMG-12)."), .type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_AUTO,
		.choices = telling, .computed = "t.kind" },
	[NUMBERS] = { .name = "numbers", .label = N_("Call"), .help = N_("Police, fire brigade, ambulance (EMG-14; policy)."), .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW,
		.computed = "lodge.emergency_numbers()" },
	[DETAILS] = NOTE("details", N_("Details"), N_("The facts. Residents by their unit, not by their name."), 2000),
	[BUILDING] = REF("building", N_("Building"), N_("The building that the zone names; none = the whole estate."), F_AUTO | F_NARROW, "building"),
	[FLOOR] = INT("floor", N_("Floor"), N_("The floor that the zone names; none = the whole building."), F_AUTO | F_NARROW, -9, 200),
	[SEAT] = REF("seat", N_("Seat"), N_("The unit where it is; the roll goes away from it."), F_ANYWHERE | F_NARROW, "unit"),
	[OPENED_BY] = REF("opened_by", N_("Declared by"), N_("Who declared it."), F_AUTO | F_LIST, "staff"),
	[OPENED_AT] = STAMP("opened_at", N_("Opened"), N_("When."), F_LIST | F_SORT),
	[SHIFT] = SHIFT_OF("opened_at"),
	[UNTIL] = STAMP("until", N_("Runs until"), N_("Then it opens nothing any more, unless it is prolonged."), F_LIST | F_SORT),
	[ROLL_AT] = STAMP("roll_at", N_("Roll called"), N_("When the roll of the zone was called first."), 0),
	[OUTCOME] = NOTE("outcome", N_("Outcome"), N_("How it ended."), 2000),
	[CLOSED_BY] = REF("closed_by", N_("Closed by"), N_("Who closed it."), F_AUTO, "staff"),
	[CLOSED_AT] = STAMP("closed_at", N_("Closed"), N_("When."), 0),
};
_Static_assert(NITEMS(fields) == NFIELDS, "emergency fields");
static const struct state states[] = {
	[OPEN] = { .name = "open", .label = N_("Runs"), .open = true },
	[EXPIRED] = { .name = "expired", .label = N_("Run out"), .of = OPEN, .computed = "t.until <= (SELECT lodge.lodge_now())", .open = true },
	[CLOSED] = { .name = "closed", .label = N_("Closed") },
};
_Static_assert(NITEMS(states) == NSTATES, "emergency states");
static const struct guard opening[] = {
	{ .name = "emergency_zone_known", .rule = "EMG-01", .code = ERR_INVALID, .field = "zone", .sentence = N_("There is no such building, floor or unit.") },
	{ .name = "emergency_seat_inside", .rule = "EMG-01", .code = ERR_INVALID, .field = "seat", .sentence = N_("This unit lies outside of the zone.") },
	{ .name = "emergency_once", .rule = "EMG-01", .field = "zone", .sentence = N_("An emergency of this kind runs there already; go on with that one.") },
	{ .name = NULL },
};
static const struct guard amending[] = {
	{ .name = "emergency_seat_inside", .rule = "EMG-01", .code = ERR_INVALID, .field = "seat", .sentence = N_("This unit lies outside of the zone.") }, { .name = NULL } };
static const struct guard rolling[] = {
	{ .name = "emergency_in_force", .rule = "EMG-12", .sentence = N_("This emergency has run out; prolong it first.") }, { .name = NULL } };
#define OVER N_("This emergency is closed.")
static const struct op ops[] = {
	{ .name = "open", .label = N_("Declare an emergency"), .help = N_("The checklist of its kind appears; who is on duty sees it at once (EMG-01)."),
		.roles = OPENERS, .to = OPEN, .flags = OP_CREATE, .asks = FIELD(KIND) | FIELD(ZONE) | FIELD(SEAT) | FIELD(DETAILS), .needs = FIELD(KIND) | FIELD(ZONE),
		.derive = "emergency_opened", .guards = opening, .effect = "emergency_opened" },
	{ .name = "amend", .label = N_("Amend the emergency"), .help = N_("Facts, and where its seat is."), .roles = OPENERS, .from = BIT(OPEN), .to = STATE_SAME,
		.asks = FIELD(SEAT) | FIELD(DETAILS), .state_rule = "EMG-01", .state_sentence = OVER, .guards = amending },
	{ .name = "prolong", .label = N_("Prolong the emergency"), .help = N_("It runs on for as long again as an emergency runs, from now."), .roles = DUTY, .from = BIT(OPEN), .to = STATE_SAME,
		.flags = OP_AT_ONCE, .state_rule = "EMG-01", .state_sentence = OVER, .derive = "emergency_prolonged" },
	{ .name = "call_roll", .label = N_("Call the roll"), .help = N_("Lists the units of its zone by building and floor; whoever sees their people ticks them (EMG-12)."),
		.roles = DUTY | BIT(ROLE_CSS) | BIT(ROLE_SS), .from = BIT(OPEN), .to = STATE_SAME, .flags = OP_AT_ONCE, .state_rule = "EMG-12", .state_sentence = OVER,
		.derive = "emergency_rolled", .guards = rolling, .effect = "emergency_rolled" },
	{ .name = "close", .label = N_("Close the emergency"), .help = N_("It is over; what it opened to the duty desk closes with it."), .roles = DUTY, .from = BIT(OPEN), .to = CLOSED,
		.asks = FIELD(OUTCOME), .state_rule = "EMG-01", .state_sentence = OVER, .derive = "emergency_closed" },
};
static const struct view views[] = {
	{ .name = "running", .label = N_("Emergencies"), .where = "{\"state\":[\"open\",\"expired\"]}", .sort = "-opened_at", .roles = READERS, .late = true },
	{ .name = "all", .label = N_("All emergencies"), .where = "{\"state\":[\"open\",\"expired\",\"closed\"]}", .sort = "-opened_at" },
};
static const struct part parts[] = {
	{ .name = "steps", .label = N_("Steps"), .book = "emergency_step", .by = "emergency", .sort = "place" },
	{ .name = "calls", .label = N_("Calls"), .book = "emergency_call", .by = "emergency", .sort = "-called_at" },
	{ .name = "torches", .label = N_("Torches"), .book = "torch_request", .by = "emergency", .sort = "asked_at" },
	{ .name = "roll", .label = N_("Roll"), .book = "roll_tick", .by = "emergency", .sort = "place", .where = "{\"state\":[\"to_see\",\"not_found\"]}" },
};
/* On paper, while it runs also without the server: whoever needs help stands on a sheet of his own, to be gone to first (EMG-12, VUL-07). */
static const char *const roll_head[] = { "kind", "zone", "seat", "opened_at", "roll_at", "numbers", NULL };
static const char *const roll_columns[] = { "help", "building", "floor", "unit", "state", "ticked_by", "ticked_at", NULL };
static const char *const help_columns[] = { "building", "floor", "unit", "state", "ticked_by", "ticked_at", NULL };
static const struct slip_rows help_rows = { .book = "roll_tick", .by = "emergency", .where = "{\"runs\":true,\"help\":true}", .sort = "place", .columns = help_columns };
static const struct slip_rows roll_rows = { .book = "roll_tick", .by = "emergency", .where = "{\"runs\":true}", .sort = "place", .columns = roll_columns };
static const struct slip_rows past_rows = { .book = "roll_tick", .by = "emergency", .sort = "place", .columns = roll_columns };
static const struct slip slips[] = {
	{ .name = "help_first", .title = N_("Who needs help"), .head = "no", .fields = roll_head, .rows = &help_rows, .wants = "roll_at", .states = BIT(OPEN) },
	{ .name = "roll_call", .title = N_("Roll call: units from the seat outwards"), .head = "no", .fields = roll_head, .rows = &roll_rows, .wants = "roll_at", .states = BIT(OPEN) },
	{ .name = "past_roll", .title = N_("Roll call as it ended"), .head = "no", .fields = roll_head, .rows = &past_rows, .wants = "roll_at", .states = BIT(CLOSED) },
};
const struct book book_emergency = { .name = "emergency", .title = N_("Emergencies"),
	.why = N_("In an emergency everybody does what the plan says, and it is known who did what and when."),
	.readers = READERS, .historians = HISTORIANS, .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts), .slips = slips, .nslips = NITEMS(slips) };

enum { P_KIND, P_PLACE, P_STEP, P_NFIELDS };
static const struct field plan_fields[] = {
	[P_KIND] = CHOICE("kind", N_("Kind"), N_("What it is."), F_LIST | F_AUTO, kinds),
	[P_PLACE] = INT("place", N_("Line"), N_("Its place in the plan."), F_LIST | F_SORT | F_AUTO | F_NARROW, 1, 999),
	[P_STEP] = CHOICE("step", N_("Step"), N_("What is done."), F_LIST | F_AUTO, steps),
};
_Static_assert(NITEMS(plan_fields) == P_NFIELDS, "plan fields");
const struct book book_emergency_plan = { .name = "emergency_plan", .title = N_("Emergency procedures"),
	.why = N_("Everybody knows beforehand what is to be done (EMG-01)."),
	.readers = ROLES_EVERYBODY, .fields = plan_fields, .nfields = P_NFIELDS };

enum { S_EMERGENCY, S_PLACE, S_STEP, S_NOTE, S_DONE_BY, S_DONE_AT, S_NFIELDS };
enum { S_WAITING, S_DONE, S_NSTATES };
static const struct field step_fields[] = {
	[S_EMERGENCY] = REF("emergency", N_("Case"), N_("The emergency it belongs to."), F_AUTO, "emergency"),
	[S_PLACE] = INT("place", N_("Line"), N_("Its place in the plan."), F_LIST | F_SORT | F_AUTO | F_NARROW, 1, 999),
	[S_STEP] = CHOICE("step", N_("Step"), N_("What is done."), F_LIST | F_AUTO, steps),
	[S_NOTE] = TEXT("note", N_("Note"), N_("What came of it, or why it is not needed."), LEVEL_OPEN, 0, 2, 200),
	[S_DONE_BY] = REF("done_by", N_("Done by"), N_("Who ticked it."), F_AUTO, "staff"),
	[S_DONE_AT] = STAMP("done_at", N_("Done"), N_("When."), F_LIST),
};
_Static_assert(NITEMS(step_fields) == S_NFIELDS, "step fields");
static const struct state step_states[] = {
	[S_WAITING] = { .name = "waiting", .label = N_("To do"), .open = true, .born = true },
	[S_DONE] = { .name = "done", .label = N_("Done") },
};
_Static_assert(NITEMS(step_states) == S_NSTATES, "step states");
static const struct guard stepping[] = {
	RUNS("step_runs"),
	{ .name = "step_organisers", .rule = "EMG-09", .field = "note", .sentence = N_("Note the calls to the organisers first, or say in the note that nothing is going on.") },
	{ .name = NULL },
};
static const struct op step_ops[] = {
	{ .name = "tick", .label = N_("Tick the step"), .help = N_("It is done; who and when are written down (EMG-01)."), .roles = WORKERS, .from = BIT(S_WAITING), .to = S_DONE,
		.flags = OP_AT_ONCE | OP_OFFLINE, .asks = FIELD(S_NOTE), .state_rule = "EMG-01", .state_sentence = N_("This step has been ticked already."), .derive = "step_ticked", .guards = stepping },
};
static const struct view step_views[] = {
	{ .name = "to_do", .label = N_("Steps to do"), .where = "{\"state\":\"waiting\"}", .sort = "place" },
};
const struct book book_emergency_step = { .name = "emergency_step", .title = N_("Steps of emergencies"),
	.why = N_("Nothing of the plan is forgotten, nothing is done twice."),
	.readers = READERS, .historians = HISTORIANS, .fields = step_fields, .nfields = S_NFIELDS, .states = step_states, .nstates = S_NSTATES,
	.ops = step_ops, .nops = NITEMS(step_ops), .views = step_views, .nviews = NITEMS(step_views) };

/* EMG-09, EMG-12, EMG-13: whom the plans name. */
static const struct choice parties[] = { { "management", N_("Management") }, { "security", N_("Security") }, { "engineering", N_("Engineering") },
	{ "control", N_("Central control") }, { "cleaning", N_("Cleaning") }, { "police", N_("Police") }, { "fire", N_("Fire brigade") }, { "ambulance", N_("Ambulance") },
	{ "utility", N_("Utility or company") }, { "organiser", N_("Organiser of an event") }, { "resident", N_("Resident") }, { "other", N_("Other") }, { NULL, NULL } };
static const struct choice party_keys[] = { { "ma", "management" }, { "se", "security" }, { "en", "engineering" }, { "co", "control" }, { "cl", "cleaning" }, { "po", "police" },
	{ "fi", "fire" }, { "am", "ambulance" }, { "ut", "utility" }, { "or", "organiser" }, { "re", "resident" }, { "ot", "other" }, { NULL, NULL } };
enum { C_EMERGENCY, C_WHOM, C_PARTY, C_EVENT, C_WHAT, C_ANSWERED, C_CALLED_BY, C_CALLED_AT, C_SHIFT, C_NFIELDS };
enum { C_CALLED, C_REACHED, C_NSTATES };
static const struct field call_fields[] = {
	[C_EMERGENCY] = OF_EMERGENCY,
	[C_WHOM] = TEXT("whom", N_("Who was called"), N_("Who was called: a person, a department, the police."), LEVEL_OPEN, F_LIST, 1, 80),
	[C_PARTY] = { .name = "party", .label = N_("Who is it"), .help = N_("What he is in the plan; two letters are enough."), .type = FT_CHOICE, .level = LEVEL_OPEN,
		.flags = F_LIST | F_NARROW, .choices = parties, .keys = party_keys },
	[C_EVENT] = TEXT("event", N_("Event"), N_("Of an organiser: what is going on, and where (EMG-09)."), LEVEL_OPEN, F_LIST, 2, 120),
	[C_WHAT] = TEXT("what", N_("Said"), N_("What was said or answered."), LEVEL_OPEN, F_LIST, 2, 400),
	[C_ANSWERED] = { .name = "answered", .label = N_("Answered"), .help = N_("Somebody answered; yes when nothing is said."), .type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_ARG | F_NARROW,
		.choices = shorthand_yes_no },
	[C_CALLED_BY] = REF("called_by", N_("Called by"), N_("Who called."), F_AUTO | F_LIST, "staff"),
	[C_CALLED_AT] = STAMP("called_at", N_("Called"), N_("When."), F_LIST | F_SORT),
	[C_SHIFT] = SHIFT_OF("called_at"),
};
_Static_assert(NITEMS(call_fields) == C_NFIELDS, "call fields");
static const struct state call_states[] = {
	[C_CALLED] = { .name = "called", .label = N_("No answer"), .open = true },
	[C_REACHED] = { .name = "reached", .label = N_("Answered") },
};
_Static_assert(NITEMS(call_states) == C_NSTATES, "call states");
static const struct guard calling[] = {
	RUNS("call_runs"),
	{ .name = "call_event", .rule = "EMG-09", .code = ERR_INVALID, .field = "event", .sentence = N_("An organiser is told of his event: say which and where; for others leave it empty.") },
	{ .name = NULL },
};
static const struct op call_ops[] = {
	{ .name = "note", .label = N_("Note a call"), .help = N_("Who was called, by whom, when, and whether somebody answered (EMG-13)."), .roles = WORKERS, .to = STATE_DERIVED,
		.flags = OP_CREATE | OP_OFFLINE, .asks = FIELD(C_EMERGENCY) | FIELD(C_WHOM) | FIELD(C_PARTY) | FIELD(C_EVENT) | FIELD(C_WHAT) | FIELD(C_ANSWERED), .needs = FIELD(C_EMERGENCY) | FIELD(C_WHOM),
		.derive = "call_noted", .guards = calling },
	{ .name = "reach", .label = N_("Has been reached"), .help = N_("Who did not answer has been reached after all."), .roles = WORKERS, .from = BIT(C_CALLED), .to = C_REACHED,
		.flags = OP_AT_ONCE, .state_rule = "EMG-13", .state_sentence = N_("He answered already.") },
};
static const struct view call_views[] = {
	{ .name = "unanswered", .label = N_("Calls without an answer"), .where = "{\"state\":\"called\"}", .sort = "-called_at" },
};
const struct book book_emergency_call = { .name = "emergency_call", .title = N_("Calls in emergencies"),
	.why = N_("Who knew of it when is asked afterwards."),
	.readers = READERS, .historians = HISTORIANS, .fields = call_fields, .nfields = C_NFIELDS, .states = call_states, .nstates = C_NSTATES,
	.ops = call_ops, .nops = NITEMS(call_ops), .views = call_views, .nviews = NITEMS(call_views) };

enum { T_EMERGENCY, T_ROOM, T_TORCHES, T_ASKED_BY, T_ASKED_AT, T_BROUGHT_BY, T_BROUGHT_AT, T_NFIELDS };
enum { T_ASKED, T_BROUGHT, T_NSTATES };
static const struct field torch_fields[] = {
	[T_EMERGENCY] = OF_EMERGENCY,
	[T_ROOM] = TEXT("room", N_("Room"), N_("Where the torch is needed: the number of the room."), LEVEL_OPEN, F_LIST | F_NARROW, 1, 40),
	[T_TORCHES] = INT("torches", N_("Torches"), N_("How many; one when nothing is said."), F_LIST | F_NARROW, 1, 99),
	[T_ASKED_BY] = REF("noted_by", N_("Noted by"), N_("Who wrote it down."), F_AUTO, "staff"),
	[T_ASKED_AT] = STAMP("asked_at", N_("Asked"), N_("When."), F_LIST | F_SORT),
	[T_BROUGHT_BY] = REF("brought_by", N_("Brought by"), N_("Who brought it."), F_AUTO | F_LIST, "staff"),
	[T_BROUGHT_AT] = STAMP("brought_at", N_("Brought"), N_("When."), F_LIST),
};
_Static_assert(NITEMS(torch_fields) == T_NFIELDS, "torch fields");
static const struct state torch_states[] = {
	[T_ASKED] = { .name = "asked", .label = N_("To bring"), .open = true },
	[T_BROUGHT] = { .name = "brought", .label = N_("Brought") },
};
_Static_assert(NITEMS(torch_states) == T_NSTATES, "torch states");
static const struct guard asking[] = { RUNS("torch_runs"), { .name = NULL } };
static const struct op torch_ops[] = {
	{ .name = "note", .label = N_("Note a torch"), .help = N_("Which room needs a torch (EMG-10)."), .roles = WORKERS, .to = T_ASKED, .flags = OP_CREATE | OP_OFFLINE,
		.asks = FIELD(T_EMERGENCY) | FIELD(T_ROOM) | FIELD(T_TORCHES), .needs = FIELD(T_EMERGENCY) | FIELD(T_ROOM), .derive = "torch_asked", .guards = asking },
	{ .name = "bring", .label = N_("Torch is there"), .help = N_("Somebody has brought it to the room (EMG-10)."), .roles = WORKERS, .from = BIT(T_ASKED), .to = T_BROUGHT, .flags = OP_AT_ONCE | OP_OFFLINE,
		.state_rule = "EMG-10", .state_sentence = N_("It has been brought already."), .derive = "torch_brought" },
};
static const struct view torch_views[] = {
	{ .name = "to_bring", .label = N_("Torches to bring"), .where = "{\"state\":\"asked\"}", .sort = "asked_at", .roles = BIT(ROLE_NM) | BIT(ROLE_FD) | BIT(ROLE_SG) | BIT(ROLE_SL) },
};
const struct book book_torch_request = { .name = "torch_request", .title = N_("Torches asked for"),
	.why = N_("Nobody who asked for a light is forgotten."),
	.readers = READERS, .historians = HISTORIANS, .fields = torch_fields, .nfields = T_NFIELDS, .states = torch_states, .nstates = T_NSTATES,
	.ops = torch_ops, .nops = NITEMS(torch_ops), .views = torch_views, .nviews = NITEMS(torch_views) };

/* The roll holds units, no names. Who of them needs help is asked of the database at each look, and told only while the emergency
 * runs: to those who read telephones, and among them to no desk (§5 of the rights: household C3). */
#define CALLERS (DUTY | BIT(ROLE_CSS) | BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS) | BIT(ROLE_FS))
enum { R_EMERGENCY, R_PLACE, R_BUILDING, R_FLOOR, R_UNIT, R_HELP, R_FOUND, R_TICKED_BY, R_TICKED_AT, R_RUNS, R_NFIELDS };
enum { R_TO_SEE, R_SEEN, R_OUT, R_NOT_FOUND, R_NSTATES };
static const struct choice findings[] = { { "seen", N_("Accounted for") }, { "out", N_("Brought out") }, { "not_found", N_("Not found") }, { NULL, NULL } };
static const struct field roll_fields[] = {
	[R_EMERGENCY] = OF_EMERGENCY,
	[R_PLACE] = INT("place", N_("Line"), N_("Its place on the roll: by building and floor, away from the seat."), F_SORT | F_AUTO | F_NARROW, 0, 0),
	[R_BUILDING] = REF("building", N_("Building"), N_("The building of the unit."), F_AUTO | F_LIST | F_NARROW, "building"),
	[R_FLOOR] = INT("floor", N_("Floor"), N_("The floor of the unit."), F_AUTO | F_LIST | F_NARROW, -9, 200),
	[R_UNIT] = REF("unit", N_("Unit"), N_("Whose people are looked for."), F_LIST | F_NARROW | F_ANYWHERE, "unit"),
	[R_HELP] = { .name = "help", .label = N_("Needs help"), .help = N_("Somebody there needs help to leave; told while the emergency runs (VUL-07)."), .type = FT_BOOL,
		.level = LEVEL_CONTACT, .flags = F_LIST | F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "nullif((t.emergency, t.unit) IN (SELECT h.emergency, h.unit FROM lodge.roll_help() h), false)" },
	[R_FOUND] = { .name = "found", .label = N_("How found"), .help = N_("Seen when nothing is said."), .type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_ARG, .choices = findings },
	[R_TICKED_BY] = REF("ticked_by", N_("Ticked by"), N_("Who ticked it first, or otherwise."), F_AUTO | F_LIST, "staff"),
	[R_TICKED_AT] = STAMP("ticked_at", N_("Ticked"), N_("When."), F_LIST),
	[R_RUNS] = { .name = "runs", .label = N_("Runs"), .help = N_("Nobody has closed the emergency."), .type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW,
		.choices = shorthand_yes_no, .computed = "((SELECT e.state FROM lodge.emergency e WHERE e.id = t.emergency) = 'open')" },
};
_Static_assert(NITEMS(roll_fields) == R_NFIELDS, "roll fields");
static const struct state roll_states[] = {
	[R_TO_SEE] = { .name = "to_see", .label = N_("To look for"), .open = true, .born = true },
	[R_SEEN] = { .name = "seen", .label = N_("Accounted for") },
	[R_OUT] = { .name = "out", .label = N_("Brought out") },
	[R_NOT_FOUND] = { .name = "not_found", .label = N_("Not found"), .open = true },
};
_Static_assert(NITEMS(roll_states) == R_NSTATES, "roll states");
static const struct guard ticking[] = {
	RUNS("roll_runs"),
	{ .name = "roll_in_zone", .rule = "EMG-12", .code = ERR_INVALID, .field = "unit", .sentence = N_("This unit lies outside of the zone.") },
	{ .name = NULL },
};
static const struct guard seeing[] = { RUNS("roll_runs"), { .name = NULL } };
#define ROLL_STATES (BIT(R_TO_SEE) | BIT(R_SEEN) | BIT(R_OUT) | BIT(R_NOT_FOUND))
/* Each may be recorded without the server, and each is one line of the roll: who finds the same later changes nothing, and of what is
 * found differently the last moment holds. Only "not found" of whom somebody has seen is refused: two do not agree, and are asked. */
static const struct op roll_ops[] = {
	{ .name = "tick", .label = N_("Tick a unit"), .help = N_("The people of this unit were seen; whoever ticks it, it is one line of the roll (EMG-12)."), .roles = CALLERS, .to = STATE_DERIVED,
		.flags = OP_CREATE | OP_OFFLINE, .asks = FIELD(R_EMERGENCY) | FIELD(R_UNIT) | FIELD(R_FOUND), .needs = FIELD(R_EMERGENCY) | FIELD(R_UNIT), .known = "roll_ticked",
		.derive = "roll_ticked", .guards = ticking },
	{ .name = "see", .label = N_("Accounted for"), .help = N_("The people of this line were seen; who saw them first stays."), .roles = CALLERS, .from = ROLL_STATES, .to = STATE_DERIVED,
		.flags = OP_AT_ONCE | OP_OFFLINE, .state_rule = "EMG-12", .state_sentence = N_("They have been seen already."), .derive = "roll_seen", .guards = seeing },
	{ .name = "miss", .label = N_("Not found"), .help = N_("Nobody answers there; somebody has to look again."), .roles = CALLERS, .from = BIT(R_TO_SEE) | BIT(R_NOT_FOUND),
		.to = STATE_DERIVED, .flags = OP_AT_ONCE | OP_OFFLINE, .state_rule = "EMG-12", .state_sentence = N_("They have been seen already."), .derive = "roll_missed", .guards = seeing },
};
static const struct view roll_views[] = {
	{ .name = "help", .label = N_("Who needs help"), .where = "{\"help\":true,\"runs\":true,\"state\":[\"to_see\",\"not_found\"]}", .sort = "place", .roles = BIT(ROLE_NM) | BIT(ROLE_CM), .late = true },
	{ .name = "to_see", .label = N_("Units to look for"), .where = "{\"state\":\"to_see\",\"runs\":true}", .sort = "place" },
	{ .name = "not_found", .label = N_("Units not found"), .where = "{\"state\":\"not_found\",\"runs\":true}", .sort = "place", .roles = BIT(ROLE_NM) | BIT(ROLE_CM), .late = true },
	{ .name = "whole", .label = N_("Roll"), .where = "{\"runs\":true}", .sort = "place" },
};
const struct book book_roll_tick = { .name = "roll_tick", .title = N_("Roll calls"),
	.why = N_("Nobody is left behind, and nobody is looked for twice."),
	.readers = CALLERS, .historians = HISTORIANS, .fields = roll_fields, .nfields = R_NFIELDS, .states = roll_states, .nstates = R_NSTATES,
	.ops = roll_ops, .nops = NITEMS(roll_ops), .views = roll_views, .nviews = NITEMS(roll_views) };
