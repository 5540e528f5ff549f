/*
 * staff_gate.c - employees at the gate: late, out on business, ill; standing permissions; searches; attendance.
 *
 * STF-01..11. Not for: visitors of employees, who are visitors (visitor.c). Trap: a search's findings are SEALED,
 * and searcher and searched are of the same sex (STF-09): the constraint holds it, not only the guard.
 */
#include "common/books/shorthand.h"

#define GATE (BIT(ROLE_SG) | BIT(ROLE_SL))
#define SECURITY (GATE | BIT(ROLE_SS))

static const struct choice directions[] = { { "in", N_("Going in") }, { "out", N_("Going out") }, { NULL, NULL } };
static const struct choice kinds[] = { { "normal", N_("Normal") }, { "late", N_("Late") }, { "business", N_("On business") },
	{ "standing", N_("Standing permission") }, { "ill", N_("Ill") }, { "exception", N_("Relatives, exception") }, { NULL, NULL } };
static const struct choice outcomes[] = { { "guest_room", N_("Met in the guest room") }, { "went_out", N_("Allowed to go out") },
	{ "refused", N_("Refused") }, { NULL, NULL } };
enum { EMPLOYEE, DIRECTION, KIND, REASON, DOCUMENT, APPROVER, DECIDED_BY, OUTCOME, GOODS, PERMISSION, AT, BOOKED_BY, GATE_, NFIELDS };
static const struct field fields[] = {
	[EMPLOYEE] = REF("employee", N_("Employee"), N_("Work number or sign-in name."), F_LIST | F_PARTY | F_ANYWHERE, "staff"),
	[DIRECTION] = CHOICE("direction", N_("Direction"), N_("In or out."), F_LIST | F_NARROW, directions),
	[KIND] = CHOICE("kind", N_("Kind"), N_("What the passing is."), F_LIST, kinds),
	[REASON] = TEXT("reason", N_("Reason"), N_("Why he is late, or what the emergency is (STF-01, STF-02)."), LEVEL_NAME, F_LIST, 3, 200),
	[DOCUMENT] = TEXT("document", N_("Paper"), N_("Travel slip (STF-05) or the building doctor's certificate (STF-07)."), LEVEL_NAME, 0, 2, 60),
	[APPROVER] = REF("approver", N_("Agreed by"), N_("The department-level manager who confirmed the travel slip (STF-05)."), F_ANYWHERE, "staff"),
	[DECIDED_BY] = TEXT("decided_by", N_("Decided by"), N_("Who of the directors or of administration decided on the relatives (STF-02)."), LEVEL_NAME, 0, 2, 80),
	[OUTCOME] = CHOICE("outcome", N_("Outcome"), N_("What was decided (STF-02)."), 0, outcomes),
	[GOODS] = { .name = "goods", .label = N_("Goods"), .help = N_("Materials, devices and tools that he carries (STF-04)."), .type = FT_ITEMS, .level = LEVEL_NAME, .max = 50 },
	[PERMISSION] = REF("permission", N_("Permission"), N_("The standing permission in force (STF-06)."), F_AUTO, "standing_permission"),
	[AT] = STAMP("at", N_("Time"), N_("When he passed."), F_LIST | F_SORT),
	[BOOKED_BY] = REF("booked_by", N_("Booked by"), N_("The guard."), F_AUTO, "staff"),
	[GATE_] = TEXT("gate", N_("Gate"), N_("The terminal it was written at."), LEVEL_OPEN, F_AUTO, 0, 64),
};
_Static_assert(NITEMS(fields) == NFIELDS, "staff gate fields");
static const struct guard booking[] = {
	{ .name = "passing_employed", .rule = "STF-04", .field = "employee", .sentence = N_("This employee has left the house.") },
	{ .name = "passing_late_reasoned", .rule = "STF-01", .field = "reason", .sentence = N_("Who comes late gives the reason.") },
	{ .name = "passing_slip_confirmed", .rule = "STF-05", .field = "document", .sentence = N_("Going out on business needs a travel slip that a manager has confirmed.") },
	{ .name = "passing_permitted", .rule = "STF-06", .field = "employee", .sentence = N_("No standing permission in force names this employee; a travel slip is needed.") },
	{ .name = "passing_certified", .rule = "STF-07", .field = "document", .sentence = N_("Leaving because of illness needs the building doctor's certificate.") },
	{ .name = "passing_decided", .rule = "STF-02", .field = "decided_by", .sentence = N_("Write down who decided about the relatives, and what.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "book", .label = N_("Employee at the gate"), .help = N_("Late, on business, ill, with goods: as the house rules ask (STF-01..07)."),
		.roles = GATE, .to = STATE_SAME, .flags = OP_CREATE | OP_ANYWHERE | OP_OFFLINE, .asks = FIELD(EMPLOYEE) | FIELD(DIRECTION) | FIELD(KIND) | FIELD(REASON) | FIELD(DOCUMENT) |
			FIELD(APPROVER) | FIELD(DECIDED_BY) | FIELD(OUTCOME) | FIELD(GOODS),
		.needs = FIELD(EMPLOYEE) | FIELD(DIRECTION) | FIELD(KIND), .derive = "passing_booked", .guards = booking },
};
const struct book book_staff_gate = { .name = "staff_gate", .title = N_("Employees at the gate"),
	.why = N_("Who comes late or leaves early says why, and what is carried is seen."),
	.readers = SECURITY | BIT(ROLE_HR) | BIT(ROLE_QC) | BIT(ROLE_EM), .parties = ROLES_ALL, .historians = BIT(ROLE_EM) | BIT(ROLE_SS),
	.fields = fields, .nfields = NFIELDS, .ops = ops, .nops = NITEMS(ops) };

enum { S_EMPLOYEE, S_VALID_FROM, S_VALID_UNTIL, S_NOTICE, S_GRANTED_BY, S_GRANTED_AT, S_REASON, S_NFIELDS };
enum { S_IN_FORCE, S_EXPIRED, S_WITHDRAWN };
static const struct field standing_fields[] = {
	[S_EMPLOYEE] = REF("employee", N_("Employee"), N_("Who goes out regularly."), F_LIST | F_PARTY | F_ANYWHERE, "staff"),
	[S_VALID_FROM] = DATE("valid_from", N_("Valid from"), N_("First day."), F_LIST),
	[S_VALID_UNTIL] = DATE("valid_until", N_("Valid until"), N_("Last day."), F_LIST | F_SORT),
	[S_NOTICE] = TEXT("notice", N_("Notice"), N_("The manager's written notice to security (STF-06)."), LEVEL_OPEN, F_LIST, 2, 60),
	[S_GRANTED_BY] = REF("granted_by", N_("Granted by"), N_("The head of the department."), F_AUTO | F_PARTY, "staff"),
	[S_GRANTED_AT] = STAMP("granted_at", N_("Granted"), N_("When."), 0),
	[S_REASON] = TEXT("reason", N_("Reason"), N_("Why it is withdrawn."), LEVEL_OPEN, 0, 3, 200),
};
_Static_assert(NITEMS(standing_fields) == S_NFIELDS, "standing permission fields");
static const struct state standing_states[] = {
	[S_IN_FORCE] = { .name = "in_force", .label = N_("In force"), .open = true },
	[S_EXPIRED] = { .name = "expired", .label = N_("Expired"), .of = S_IN_FORCE, .computed = "t.valid_until < (SELECT lodge.estate_day())" },
	[S_WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
static const struct guard granting[] = {
	{ .name = "standing_by_head", .rule = "STF-06", .code = ERR_FORBIDDEN, .field = "employee", .sentence = N_("Only the head of the employee's department gives a standing permission.") },
	{ .name = "standing_days_in_order", .rule = "STF-06", .field = "valid_until", .sentence = N_("The permission ends on its first day or later.") },
	{ .name = NULL },
};
static const struct op standing_ops[] = {
	{ .name = "grant", .label = N_("Permit to go out"), .help = N_("An employee of the department goes out regularly (STF-06)."),
		.roles = ROLES_ALL, .to = S_IN_FORCE, .flags = OP_CREATE | OP_ANYWHERE, .asks = FIELD(S_EMPLOYEE) | FIELD(S_VALID_FROM) | FIELD(S_VALID_UNTIL) | FIELD(S_NOTICE),
		.needs = FIELD(S_EMPLOYEE) | FIELD(S_VALID_FROM) | FIELD(S_VALID_UNTIL) | FIELD(S_NOTICE), .derive = "standing_granted", .guards = granting },
	{ .name = "withdraw", .label = N_("Withdraw the permission"), .help = N_("From now on a travel slip is needed again."),
		.roles = ROLES_ALL, .from = BIT(S_IN_FORCE), .to = S_WITHDRAWN, .asks = FIELD(S_REASON), .needs = FIELD(S_REASON), .state_rule = "STF-06",
		.state_sentence = N_("This permission is withdrawn already."), .guards = granting },
};
const struct book book_standing_permission = { .name = "standing_permission", .title = N_("Standing permissions"),
	.why = N_("Who goes out every day needs no slip every day."),
	.readers = SECURITY | BIT(ROLE_EM), .parties = ROLES_ALL, .historians = BIT(ROLE_EM) | BIT(ROLE_SS),
	.fields = standing_fields, .nfields = S_NFIELDS, .states = standing_states, .nstates = NITEMS(standing_states), .ops = standing_ops, .nops = NITEMS(standing_ops) };

static const struct choice purposes[] = { { "weapons", N_("Weapons") }, { "explosives", N_("Explosives") }, { "inflammables", N_("Inflammables") },
	{ "fire_rules", N_("Fire-rule substances") }, { "theft", N_("Stopping theft") }, { "property", N_("Protecting property") }, { NULL, NULL } };
enum { R_SEARCHED, R_SEARCHER, R_SUSPICION, R_PURPOSE, R_ROOM, R_STARTED, R_ENDED, R_WITNESS, R_FINDINGS, R_WRITTEN_BY, R_WRITTEN_AT, R_NFIELDS };
static const struct field search_fields[] = {
	[R_SEARCHED] = REF("searched", N_("Searched"), N_("The employee who is searched."), F_LIST | F_ANYWHERE, "staff"),
	[R_SEARCHER] = REF("searcher", N_("Searcher"), N_("Who searches; of the same sex (STF-09). Yourself when not given."), F_LIST | F_ANYWHERE, "staff"),
	[R_SUSPICION] = { .name = "suspicion", .label = N_("Suspicion"), .help = N_("The concrete suspicion (STF-08)."), .type = FT_TEXT, .level = LEVEL_SEALED, .flags = F_CRYPT, .min = 5, .max = 500 },
	[R_PURPOSE] = CHOICE("purpose", N_("Purpose"), N_("One of the purposes that the house rules allow (STF-08)."), F_LIST, purposes),
	[R_ROOM] = TEXT("room", N_("Room"), N_("The closed private room (STF-09)."), LEVEL_OPEN, F_LIST, 2, 60),
	[R_STARTED] = { .name = "started", .label = N_("Started"), .help = N_("When it began; now when not given."), .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_NARROW },
	[R_ENDED] = { .name = "ended", .label = N_("Ended"), .help = N_("When it ended."), .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_NARROW },
	[R_WITNESS] = REF("witness", N_("Witness"), N_("A third person (STF-09)."), F_LIST | F_ANYWHERE, "staff"),
	[R_FINDINGS] = { .name = "findings", .label = N_("Findings"), .help = N_("What was found; sealed."), .type = FT_TEXT, .level = LEVEL_SEALED, .flags = F_CRYPT, .min = 2, .max = 1000 },
	[R_WRITTEN_BY] = REF("written_by", N_("Written by"), N_("Who wrote the record."), F_AUTO, "staff"),
	[R_WRITTEN_AT] = STAMP("written_at", N_("Written"), N_("When."), 0),
};
_Static_assert(NITEMS(search_fields) == R_NFIELDS, "search record fields");
static const struct guard searching[] = {
	{ .name = "search_three_people", .rule = "STF-09", .field = "witness", .sentence = N_("Searched, searcher and witness are three different employees.") },
	{ .name = "search_same_sex", .rule = "STF-09", .field = "searcher", .sentence = N_("Searcher and searched must be of the same sex.") },
	{ .name = "search_times_in_order", .rule = "STF-09", .field = "ended", .sentence = N_("A search ends after it began, and neither lies ahead.") },
	{ .name = NULL },
};
static const struct op search_ops[] = {
	{ .name = "record", .label = N_("Record a search"), .help = N_("Only on a concrete suspicion, same sex, private room, with a witness (STF-08, STF-09)."),
		.roles = SECURITY, .to = STATE_SAME, .flags = OP_CREATE | OP_ANYWHERE, .asks = FIELD(R_SEARCHED) | FIELD(R_SEARCHER) | FIELD(R_SUSPICION) | FIELD(R_PURPOSE) |
			FIELD(R_ROOM) | FIELD(R_STARTED) | FIELD(R_ENDED) | FIELD(R_WITNESS) | FIELD(R_FINDINGS),
		.needs = FIELD(R_SEARCHED) | FIELD(R_SUSPICION) | FIELD(R_PURPOSE) | FIELD(R_ROOM) | FIELD(R_WITNESS), .derive = "search_recorded", .guards = searching },
};
const struct book book_search_record = { .name = "search_record", .title = N_("Search records"),
	.why = N_("A search is rare, reasoned, decent and written down."),
	.readers = BIT(ROLE_EM) | BIT(ROLE_GM), .historians = BIT(ROLE_EM),
	.fields = search_fields, .nfields = R_NFIELDS, .ops = search_ops, .nops = NITEMS(search_ops) };

static const struct choice attendances[] = { { "present", N_("Present") }, { "late", N_("Late") }, { "absent", N_("Absent") },
	{ "off_post", N_("Not at the post") }, { "left_early", N_("Left early") }, { NULL, NULL } };
enum { A_EMPLOYEE, A_FINDING, A_PLACE, A_NOTE, A_AT, A_CHECKED_BY, A_NFIELDS };
static const struct field attendance_fields[] = {
	[A_EMPLOYEE] = REF("employee", N_("Employee"), N_("Work number or sign-in name."), F_LIST | F_PARTY | F_ANYWHERE, "staff"),
	[A_FINDING] = CHOICE("finding", N_("Finding"), N_("How the employee was found (STF-11)."), F_LIST, attendances),
	[A_PLACE] = TEXT("place", N_("Place"), N_("The post or department."), LEVEL_OPEN, F_LIST, 2, 80),
	[A_NOTE] = TEXT("note", N_("Note"), N_("What was said or ordered."), LEVEL_OPEN, F_LIST, 3, 200),
	[A_AT] = STAMP("at", N_("Time"), N_("When it was checked."), F_LIST | F_SORT),
	[A_CHECKED_BY] = REF("checked_by", N_("Checked by"), N_("Who checked it."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(attendance_fields) == A_NFIELDS, "attendance fields");
static const struct guard attending[] = {
	{ .name = "attendance_of_another", .rule = "STF-11", .field = "employee", .sentence = N_("Nobody checks his own attendance, or that of who has left the house.") },
	{ .name = NULL },
};
static const struct op attendance_ops[] = {
	{ .name = "check", .label = N_("Check attendance"), .help = N_("Quality control, and the night manager at the posts, see who is there (STF-11)."),
		.roles = BIT(ROLE_QC) | BIT(ROLE_NM), .to = STATE_SAME, .flags = OP_CREATE | OP_ANYWHERE, .asks = FIELD(A_EMPLOYEE) | FIELD(A_FINDING) | FIELD(A_PLACE) | FIELD(A_NOTE),
		.needs = FIELD(A_EMPLOYEE) | FIELD(A_FINDING), .derive = "attendance_checked", .guards = attending },
};
const struct book book_attendance = { .name = "attendance", .title = N_("Attendance"),
	.why = N_("Who is paid to be at a post is seen there."),
	.readers = BIT(ROLE_QC) | BIT(ROLE_NM) | BIT(ROLE_HR) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM), .parties = ROLES_ALL, .historians = BIT(ROLE_EM),
	.fields = attendance_fields, .nfields = A_NFIELDS, .ops = attendance_ops, .nops = NITEMS(attendance_ops) };
