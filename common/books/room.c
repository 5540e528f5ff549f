/*
 * room.c - the archive room's own books: who was in it, who has its key, and what came back damaged.
 *
 * LOAN-10, 12, 13, 14. Not for: the loans themselves (loan.c). Trap: the escort leaves last, and an
 * entry is closed only then; centre staff on their own work have no escort and close at once.
 */
#include "common/books/shorthand.h"

#define KEY_DESK (BIT(ROLE_FD) | BIT(ROLE_CSA))
#define ROOM_STAFF (BIT(ROLE_FD) | BIT(ROLE_ACU) | BIT(ROLE_CSA) | BIT(ROLE_TSO) | BIT(ROLE_CSS) | BIT(ROLE_CM))

static const struct choice yes_no[] = { { "true", N_("Yes") }, { "false", N_("No") }, { NULL, NULL } };
enum { PERSON_NAME, EMPLOYEE, BODY, PURPOSE, ESCORT, LOAN, IN_AT, OUT_AT, ESCORT_OUT_AT, SHIFT, ENTERED_BY, CENTRE_STAFF, NFIELDS };
enum { INSIDE, LEFT, CLOSED };
static const struct field fields[] = {
	[PERSON_NAME] = { .name = "person_name", .label = N_("Person"), .help = N_("Who enters, when not an employee."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST, .min = 2, .max = 80 },
	[EMPLOYEE] = { .name = "employee", .label = N_("Employee"), .help = N_("The employee who enters: work number or sign-in name."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_ANYWHERE, .ref = "staff" },
	[BODY] = { .name = "body", .label = N_("Body"), .help = N_("Department or body of the person."),
		.type = FT_TEXT, .level = LEVEL_NAME, .max = 80 },
	[PURPOSE] = { .name = "purpose", .label = N_("Purpose"), .help = N_("Why."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST, .min = 3, .max = 200 },
	[ESCORT] = { .name = "escort", .label = N_("Escort"), .help = N_("The centre's employee who stays the whole time (LOAN-13)."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_ANYWHERE, .ref = "staff" },
	[LOAN] = { .name = "loan", .label = N_("Loan"), .help = N_("The loan it belongs to."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_NARROW, .ref = "loan" },
	[IN_AT] = { .name = "in_at", .label = N_("Time in"), .help = N_("When the person entered."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO | F_NARROW },
	[OUT_AT] = { .name = "out_at", .label = N_("Time out"), .help = N_("When the person left."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[ESCORT_OUT_AT] = { .name = "escort_out_at", .label = N_("Escort out"), .help = N_("When the escort left, last of all."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW },
	[SHIFT] = SHIFT_OF("in_at"),
	[ENTERED_BY] = { .name = "entered_by", .label = N_("Written by"), .help = N_("Who wrote the entry."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[CENTRE_STAFF] = { .name = "centre_staff", .label = N_("Centre staff"), .help = N_("An employee of the centre, who needs no escort."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO, .choices = yes_no },
};
_Static_assert(NITEMS(fields) == NFIELDS, "room entry fields");
static const struct state states[] = {
	[INSIDE] = { .name = "inside", .label = N_("Inside"), .open = true },
	[LEFT] = { .name = "left", .label = N_("Left, escort inside"), .open = true },
	[CLOSED] = { .name = "closed", .label = N_("Closed") },
};
static const struct guard entering[] = {
	{ .name = "room_person_given", .rule = "LOAN-13", .code = ERR_INVALID, .field = "person_name",
		.sentence = N_("Name either a person or an employee, not both and not neither.") },
	{ .name = "room_escort_named", .rule = "LOAN-13", .field = "escort", .sentence = N_("Who is not centre staff enters only with an escort.") },
	{ .name = "room_escort_centre", .rule = "LOAN-13", .field = "escort", .sentence = N_("The escort must be an active employee of the centre, and not the person himself.") },
	{ .name = "room_not_inside", .rule = "LOAN-13", .sentence = N_("This person is in the room already.") },
	{ .name = NULL },
};
static const struct guard escort_leaving[] = {
	{ .name = "room_escort_free", .rule = "LOAN-13", .sentence = N_("The escort still accompanies somebody else in the room; that person leaves first.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "enter", .label = N_("Enter the archive room"), .help = N_("Somebody goes in, accompanied unless centre staff (LOAN-12, LOAN-13)."),
		.roles = ROOM_STAFF, .to = INSIDE, .flags = OP_CREATE, .state_rule = "LOAN-13",
		.asks = FIELD(PERSON_NAME) | FIELD(EMPLOYEE) | FIELD(BODY) | FIELD(PURPOSE) | FIELD(ESCORT) | FIELD(LOAN), .needs = FIELD(PURPOSE),
		.derive = "room_entered", .guards = entering },
	{ .name = "leave", .label = N_("Person leaves"), .help = N_("The person has left the room."),
		.roles = ROOM_STAFF, .from = BIT(INSIDE), .to = STATE_DERIVED, .state_rule = "LOAN-13",
		.state_sentence = N_("The person has left the room already."), .derive = "room_left" },
	{ .name = "escort_leave", .label = N_("Escort leaves"), .help = N_("The escort leaves after the person; the entry is closed."),
		.roles = ROOM_STAFF, .from = BIT(LEFT), .to = CLOSED, .state_rule = "LOAN-13",
		.state_sentence = N_("The escort leaves last: the person is still inside, or the entry is closed."), .derive = "room_escort_left", .guards = escort_leaving },
};
static const struct view views[] = {
	{ .name = "inside", .label = N_("In the archive room"), .where = "{\"state\":[\"inside\",\"left\"]}", .sort = "id", .roles = ROOM_STAFF },
};
const struct book book_room_entry = { .name = "room_entry", .title = N_("Archive room entries"),
	.why = N_("Nobody is alone with the archive who does not belong there."),
	.readers = ROOM_STAFF | BIT(ROLE_DEM) | BIT(ROLE_EM), .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU),
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NITEMS(states), .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };

enum { K_HOLDER, K_PURPOSE, K_TAKEN_AT, K_GIVEN_BY, K_DUE, K_RETURNED_AT, K_RECEIVED_BY, K_NFIELDS };
enum { K_OUT, K_LATE, K_BACK, K_NSTATES };
enum { K_DEADLINE_DUE };
static const struct field key_fields[] = {
	[K_HOLDER] = { .name = "holder", .label = N_("Holder"), .help = N_("The centre's employee who takes the key: work number or sign-in name."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_ANYWHERE, .ref = "staff" },
	[K_PURPOSE] = { .name = "purpose", .label = N_("Purpose"), .help = N_("Why."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST, .min = 3, .max = 200 },
	[K_TAKEN_AT] = { .name = "taken_at", .label = N_("Taken at"), .help = N_("When the desk gave it out."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[K_GIVEN_BY] = { .name = "given_by", .label = N_("Given by"), .help = N_("Who at the desk gave it out."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[K_DUE] = { .name = "due", .label = N_("Due back"), .help = N_("The end of the working day."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_SORT | F_NARROW },
	[K_RETURNED_AT] = { .name = "returned_at", .label = N_("Returned"), .help = N_("When it came back."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[K_RECEIVED_BY] = { .name = "received_by", .label = N_("Received by"), .help = N_("Who took it back."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
};
_Static_assert(NITEMS(key_fields) == K_NFIELDS, "room key fields");
static const struct state key_states[] = {
	[K_OUT] = { .name = "out", .label = N_("Out"), .open = true },
	[K_LATE] = { .name = "late", .label = N_("Overdue"), .of = K_OUT, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[K_BACK] = { .name = "back", .label = N_("Returned") },
};
_Static_assert(NITEMS(key_states) == K_NSTATES, "room key states");
static const struct guard key_taking[] = {
	{ .name = "key_holder_centre", .rule = "LOAN-12", .field = "holder",
		.sentence = N_("Only an active employee of the centre takes the key; others enter with an escort.") },
	{ .name = "key_is_here", .rule = "LOAN-14", .sentence = N_("The key is out already; it comes back first.") },
	{ .name = NULL },
};
static const struct op key_ops[] = {
	{ .name = "take", .label = N_("Give out the archive key"), .help = N_("The desk keeps the archive room's key and writes down who takes it (LOAN-12, LOAN-14)."),
		.roles = KEY_DESK, .to = K_OUT, .flags = OP_CREATE, .asks = FIELD(K_HOLDER) | FIELD(K_PURPOSE), .needs = FIELD(K_HOLDER) | FIELD(K_PURPOSE),
		.derive = "key_taken", .guards = key_taking, .opens = BIT(K_DEADLINE_DUE) },
	{ .name = "give_back", .label = N_("Archive key is back"), .help = N_("The key lies at the desk again (LOAN-14)."),
		.roles = KEY_DESK, .from = BIT(K_OUT), .to = K_BACK, .flags = OP_AT_ONCE, .state_rule = "LOAN-14",
		.state_sentence = N_("The key has come back already."), .derive = "key_returned", .closes = BIT(K_DEADLINE_DUE) },
};
static const struct deadline key_deadlines[] = { [K_DEADLINE_DUE] = { .name = "room_key_due", .label = N_("Archive key due back"), .field = K_DUE } };
static const struct view key_views[] = {
	{ .name = "out", .label = N_("Archive key out"), .where = "{\"state\":[\"out\",\"late\"]}", .sort = "due", .roles = BIT(ROLE_FD) | BIT(ROLE_CSS) },
};
const struct book book_room_key = { .name = "room_key", .title = N_("Archive room key"),
	.why = N_("The key of the archive room is at the desk, or somebody's name stands here."),
	.readers = ROOM_STAFF | BIT(ROLE_DEM) | BIT(ROLE_EM), .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU),
	.fields = key_fields, .nfields = K_NFIELDS, .states = key_states, .nstates = K_NSTATES, .ops = key_ops, .nops = NITEMS(key_ops),
	.deadlines = key_deadlines, .ndeadlines = NITEMS(key_deadlines), .views = key_views, .nviews = NITEMS(key_views) };

enum { D_LOAN, D_FILE, D_TEXT, D_BY, D_TO, D_AT, D_SEEN_BY, D_SEEN_AT, D_NFIELDS };
enum { D_REPORTED, D_SEEN };
static const struct field damage_fields[] = {
	[D_LOAN] = { .name = "loan", .label = N_("Loan"), .help = N_("The loan that it came back from."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "loan" },
	[D_FILE] = { .name = "file", .label = N_("File"), .help = N_("The file."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "file" },
	[D_TEXT] = { .name = "text", .label = N_("What was found"), .help = N_("The custodian's note."),
		.type = FT_NOTE, .level = LEVEL_NAME, .flags = F_LIST | F_AUTO, .max = 1000 },
	[D_BY] = { .name = "reported_by", .label = N_("Reported by"), .help = N_("The custodian who took the file back."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[D_TO] = { .name = "reported_to", .label = N_("Reported to"), .help = N_("The custodian's superior (LOAN-10)."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .ref = "staff" },
	[D_AT] = { .name = "at", .label = N_("Reported"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[D_SEEN_BY] = { .name = "seen_by", .label = N_("Seen by"), .help = N_("Who took notice."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[D_SEEN_AT] = { .name = "seen_at", .label = N_("Seen"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
};
_Static_assert(NITEMS(damage_fields) == D_NFIELDS, "damage report fields");
static const struct state damage_states[] = {
	[D_REPORTED] = { .name = "reported", .label = N_("Reported"), .open = true, .born = true },
	[D_SEEN] = { .name = "seen", .label = N_("Seen") },
};
static const struct op damage_ops[] = {
	{ .name = "acknowledge", .label = N_("Take notice"), .help = N_("The superior has read the damage report."),
		.roles = BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM), .from = BIT(D_REPORTED), .to = D_SEEN, .state_rule = "LOAN-10",
		.state_sentence = N_("The report has been seen already."), .derive = "damage_seen" },
};
static const struct view damage_views[] = {
	{ .name = "unseen", .label = N_("Damage reports"), .where = "{\"state\":\"reported\"}", .sort = "-id", .late = true,
		.roles = BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) },
};
const struct book book_damage_report = { .name = "damage_report", .title = N_("Damage reports"),
	.why = N_("What comes back damaged is known to the superior at once."),
	.readers = BIT(ROLE_ACU) | BIT(ROLE_HR) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM),
	.historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU), .flags = B_AREA,
	.fields = damage_fields, .nfields = D_NFIELDS, .states = damage_states, .nstates = NITEMS(damage_states),
	.ops = damage_ops, .nops = NITEMS(damage_ops), .views = damage_views, .nviews = NITEMS(damage_views) };
