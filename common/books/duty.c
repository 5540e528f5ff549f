/*
 * duty.c - shifts, posts and who stands there, and the duty book: one page a shift, what happened on it.
 *
 * OPS-01, OPS-02, LOG-01..08, NGT-02, NGT-06. A page is written by who holds the desk, whatever his role; what the house
 * wants to see written stands there as wanted until it is (LOG-04). Not for: passing the desk on (handover.c).
 * Trap: nothing is erased. What was mistyped is struck and stays; a matter goes on in a new entry that names the old one;
 * on a closed page not even that, only an addendum on the page that is open.
 */
#include "common/books/shorthand.h"

#define KEEPERS (BIT(ROLE_NM) | BIT(ROLE_CM))
#define READERS (BIT(ROLE_FD) | BIT(ROLE_OP) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_NM))
#define HISTORIANS (BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS))
#define PLANNERS (BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_SS) | BIT(ROLE_ES) | BIT(ROLE_NM))
#define POSTED (READERS | BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS) | BIT(ROLE_ET) | BIT(ROLE_EL) | BIT(ROLE_ES) | BIT(ROLE_QC))

const struct choice shift_kinds[] = { { "day", N_("Day shift") }, { "night", N_("Night shift") }, { NULL, NULL } };
enum { S_CODE, S_DAY, S_KIND, S_STARTS, S_ENDS, S_NFIELDS };
static const struct field shift_fields[] = {
	[S_CODE] = TEXT("code", N_("Shift"), N_("Its day and kind; what happens at two in the night belongs to the evening before."), LEVEL_OPEN, F_LIST | F_AUTO | F_NARROW | F_WORDS, 1, 20),
	[S_DAY] = DATE("day", N_("Day"), N_("The day on which it begins."), F_LIST | F_AUTO),
	[S_KIND] = CHOICE("kind", N_("Kind"), N_("Day or night."), F_LIST | F_AUTO, shift_kinds),
	[S_STARTS] = STAMP("starts", N_("Begins"), N_("By the estate's clock."), F_LIST | F_SORT),
	[S_ENDS] = STAMP("ends", N_("Ends"), N_("By the estate's clock."), F_LIST),
};
_Static_assert(NITEMS(shift_fields) == S_NFIELDS, "shift fields");
const struct book book_shift = { .name = "shift", .title = N_("Shifts"),
	.why = N_("Whatever happens belongs to one shift, and one person answers for it."),
	.readers = POSTED, .historians = BIT(ROLE_EM), .code = "code", .fields = shift_fields, .nfields = S_NFIELDS };

static const struct choice post_kinds[] = { { "desk", N_("Desk") }, { "gate", N_("Gate") }, { "patrol", N_("Patrol") }, { "technical", N_("Technical") },
	{ "other", N_("Other") }, { NULL, NULL } };
enum { P_CODE, P_NAME, P_MISSED, P_KIND, P_PLACE, P_BUILDING, P_CHECK_DUE, P_LAST_CHECK, P_UNCHECKED, P_OVERDUE, P_WITH_MISSED, P_NFIELDS };
enum { P_IN_USE, P_CLOSED, P_NSTATES };
static const struct field post_fields[] = {
	[P_CODE] = TEXT("code", N_("Post"), N_("The post's short name: c07."), LEVEL_OPEN, F_LIST | F_NARROW, 1, 12),
	[P_NAME] = TEXT("name", N_("Its name"), N_("What the post is called."), LEVEL_OPEN, F_LIST, 2, 80),
	[P_MISSED] = { .name = "missed", .label = N_("Missed at"), .help = N_("The times of this night at which nobody had come, earlier ones too (NGT-08)."), .type = FT_TEXT, .level = LEVEL_OPEN,
		.flags = F_LIST | F_AUTO | F_NARROW, .max = 100, .computed = "lodge.missed_checks(t.id)" },
	[P_KIND] = CHOICE("kind", N_("Kind"), N_("What kind of post it is."), F_LIST, post_kinds),
	[P_PLACE] = TEXT("place", N_("Place"), N_("Where it is."), LEVEL_OPEN, F_LIST, 2, 80),
	[P_BUILDING] = REF("building", N_("Building"), N_("The building it belongs to."), F_ANYWHERE | F_NARROW, "building"),
	[P_LAST_CHECK] = { .name = "last_check", .label = N_("Last check"), .help = N_("When it was checked last (NGT-08)."), .type = FT_TIME, .level = LEVEL_OPEN,
		.flags = F_LIST | F_AUTO | F_NARROW, .computed = "lodge.last_check(t.id)" },
	[P_CHECK_DUE] = { .name = "check_due", .label = N_("Check due"), .help = N_("By when it has to be checked; nothing when it was, or by day (NGT-08)."), .type = FT_TIME,
		.level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .computed = "lodge.check_due(t.id)" },
	[P_UNCHECKED] = { .name = "unchecked", .label = N_("Not checked"), .help = N_("It has still to be checked in this round of the night."), .type = FT_BOOL, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "(lodge.check_due(t.id) IS NOT NULL)" },
	[P_OVERDUE] = { .name = "check_overdue", .label = N_("Check overdue"), .help = N_("A time of check has passed and nobody came."), .type = FT_BOOL, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.check_overdue(t.id)" },
	[P_WITH_MISSED] = { .name = "with_missed", .label = N_("Checks missed"), .help = N_("A check of this night was missed there."), .type = FT_BOOL, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "(lodge.missed_checks(t.id) IS NOT NULL)" },
};
_Static_assert(NITEMS(post_fields) == P_NFIELDS, "post fields");
static const struct state post_states[] = {
	[P_IN_USE] = { .name = "in_use", .label = N_("In use"), .open = true },
	[P_CLOSED] = { .name = "closed", .label = N_("Closed down") },
};
_Static_assert(NITEMS(post_states) == P_NSTATES, "post states");
#define POST_ASKS (FIELD(P_NAME) | FIELD(P_KIND) | FIELD(P_PLACE) | FIELD(P_BUILDING))
static const struct guard post_setting[] = {
	{ .name = "post_is_new", .rule = "NGT-02", .code = ERR_INVALID, .field = "code", .sentence = N_("There is a post of this name, or the name is not in small letters.") }, { .name = NULL },
};
static const struct op post_ops[] = {
	{ .name = "set_up", .label = N_("Set up a post"), .help = N_("A place where somebody stands at night and is checked."),
		.roles = BIT(ROLE_SS) | BIT(ROLE_CM) | BIT(ROLE_EM), .to = P_IN_USE, .flags = OP_CREATE, .asks = FIELD(P_CODE) | POST_ASKS,
		.needs = FIELD(P_CODE) | FIELD(P_NAME) | FIELD(P_KIND), .guards = post_setting },
	{ .name = "change", .label = N_("Change the post"), .help = N_("Its name, kind or place."),
		.roles = BIT(ROLE_SS) | BIT(ROLE_CM) | BIT(ROLE_EM), .from = BIT(P_IN_USE), .to = STATE_SAME, .asks = POST_ASKS,
		.state_rule = "NGT-02", .state_sentence = N_("This post is closed.") },
	{ .name = "close", .label = N_("Close the post"), .help = N_("Nobody stands there any more."),
		.roles = BIT(ROLE_SS) | BIT(ROLE_CM) | BIT(ROLE_EM), .from = BIT(P_IN_USE), .to = P_CLOSED, .state_rule = "NGT-02",
		.state_sentence = N_("This post is closed.") },
};
static const struct view post_views[] = {
	{ .name = "overdue", .label = N_("Posts overdue for a check"), .where = "{\"check_overdue\":true}", .sort = "id", .roles = BIT(ROLE_NM) | BIT(ROLE_CM) | BIT(ROLE_EM), .late = true },
	{ .name = "missed", .label = N_("Checks missed this night"), .where = "{\"with_missed\":true}", .sort = "id", .roles = BIT(ROLE_NM) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM) },
	{ .name = "unchecked", .label = N_("Posts still to be checked"), .where = "{\"unchecked\":true}", .sort = "id", .roles = BIT(ROLE_NM) },
};
const struct book book_post = { .name = "post", .title = N_("Posts"),
	.why = N_("Who has to stand where is known before it is asked whether he does."),
	.readers = POSTED, .historians = BIT(ROLE_EM) | BIT(ROLE_SS), .code = "code", .caption = "name",
	.fields = post_fields, .nfields = P_NFIELDS, .states = post_states, .nstates = P_NSTATES, .ops = post_ops, .nops = NITEMS(post_ops),
	.views = post_views, .nviews = NITEMS(post_views) };

enum { R_SHIFT, R_DAY, R_KIND, R_POST, R_EMPLOYEE, R_SUBSTITUTE, R_REASON, R_ON_DUTY, R_BY, R_AT, R_NFIELDS };
enum { R_ASSIGNED, R_SUBSTITUTED, R_WITHDRAWN, R_NSTATES };
static const struct field roster_fields[] = {
	[R_SHIFT] = REF("shift", N_("Shift"), N_("The shift, made of day and kind."), F_LIST | F_AUTO | F_NARROW, "shift"),
	[R_DAY] = { .name = "day", .label = N_("Day"), .help = N_("The day on which the shift begins."), .type = FT_DATE, .level = LEVEL_OPEN, .flags = F_ARG | F_NARROW },
	[R_KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("Day or night."), .type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_ARG, .choices = shift_kinds },
	[R_POST] = REF("post", N_("Post"), N_("Where he stands."), F_LIST | F_NARROW, "post"),
	[R_EMPLOYEE] = REF("employee", N_("Employee"), N_("Who is rostered: work number or sign-in name."), F_LIST | F_ANYWHERE, "staff"),
	[R_SUBSTITUTE] = REF("substitute", N_("Substitute"), N_("Who stands in for him, and signs in his place (NGT-02)."), F_LIST | F_ANYWHERE, "staff"),
	[R_REASON] = TEXT("reason", N_("Reason"), N_("Why somebody else stands there."), LEVEL_OPEN, F_LIST, 3, 200),
	[R_ON_DUTY] = { .name = "on_duty", .label = N_("On duty now"), .help = N_("The shift runs at this moment."), .type = FT_BOOL, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "(t.state <> 'withdrawn' AND lodge.shift_runs(t.shift))" },
	[R_BY] = REF("assigned_by", N_("Assigned by"), N_("Who wrote the roster."), F_AUTO, "staff"),
	[R_AT] = STAMP("assigned_at", N_("Assigned"), N_("When."), 0),
};
_Static_assert(NITEMS(roster_fields) == R_NFIELDS, "roster fields");
static const struct state roster_states[] = {
	[R_ASSIGNED] = { .name = "assigned", .label = N_("Assigned"), .open = true },
	[R_SUBSTITUTED] = { .name = "substituted", .label = N_("Substituted"), .open = true },
	[R_WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
_Static_assert(NITEMS(roster_states) == R_NSTATES, "roster states");
static const struct guard rostering[] = {
	{ .name = "roster_post_in_use", .rule = "OPS-02", .field = "post", .sentence = N_("This post is closed.") },
	{ .name = "roster_once", .rule = "OPS-02", .field = "employee", .sentence = N_("He stands there in this shift already.") },
	{ .name = NULL },
};
static const struct guard substituting[] = {
	{ .name = "roster_another", .rule = "NGT-02", .field = "substitute", .sentence = N_("The substitute is somebody else.") },
	{ .name = "roster_not_over", .rule = "NGT-02", .sentence = N_("This shift is over; who stood there is written.") },
	{ .name = NULL },
};
static const struct guard unrostering[] = {
	{ .name = "roster_not_begun", .rule = "OPS-02", .sentence = N_("This shift has begun; name a substitute instead.") }, { .name = NULL },
};
static const struct op roster_ops[] = {
	{ .name = "assign", .label = N_("Roster somebody"), .help = N_("Date, shift and post, and who stands there (OPS-02)."),
		.roles = PLANNERS, .to = R_ASSIGNED, .flags = OP_CREATE, .asks = FIELD(R_DAY) | FIELD(R_KIND) | FIELD(R_POST) | FIELD(R_EMPLOYEE),
		.needs = FIELD(R_DAY) | FIELD(R_KIND) | FIELD(R_POST) | FIELD(R_EMPLOYEE), .derive = "roster_assigned", .guards = rostering },
	{ .name = "substitute", .label = N_("Name a substitute"), .help = N_("Somebody else stands there; he signs in the other's place (NGT-02)."),
		.roles = PLANNERS, .from = BIT(R_ASSIGNED) | BIT(R_SUBSTITUTED), .to = R_SUBSTITUTED, .asks = FIELD(R_SUBSTITUTE) | FIELD(R_REASON),
		.needs = FIELD(R_SUBSTITUTE), .state_rule = "NGT-02", .state_sentence = N_("This line of the roster was withdrawn."), .guards = substituting },
	{ .name = "withdraw", .label = N_("Withdraw"), .help = N_("He does not stand there after all."),
		.roles = PLANNERS, .from = BIT(R_ASSIGNED) | BIT(R_SUBSTITUTED), .to = R_WITHDRAWN, .state_rule = "OPS-02",
		.state_sentence = N_("This line of the roster was withdrawn."), .guards = unrostering },
};
static const struct view roster_views[] = {
	{ .name = "now", .label = N_("On duty now"), .where = "{\"on_duty\":true}", .sort = "id", .roles = KEEPERS | BIT(ROLE_SS) },
};
const struct book book_roster = { .name = "roster", .title = N_("Roster"),
	.why = N_("The check of a post needs to know who has to stand there."),
	.readers = POSTED, .historians = HISTORIANS | BIT(ROLE_SS), .fields = roster_fields, .nfields = R_NFIELDS,
	.states = roster_states, .nstates = R_NSTATES, .ops = roster_ops, .nops = NITEMS(roster_ops), .views = roster_views, .nviews = NITEMS(roster_views) };

enum { CODE, SHIFT, OWNER, OPENED_BY, OPENED_AT, FOLLOWS, CARRIED_, REASON, CLOSED_BY, CLOSED_AT, ACCEPTED_BY, LOG_FROM, LOG_NO, LOG_DIGEST, NFIELDS };
enum { OPEN, CLOSED, NSTATES };
static const struct field fields[] = {
	[CODE] = TEXT("code", N_("Page"), N_("The shift whose page it is."), LEVEL_OPEN, F_LIST | F_AUTO | F_NARROW | F_WORDS, 1, 20),
	[SHIFT] = REF("shift", N_("Shift"), N_("One page a shift (LOG-02)."), F_AUTO | F_NARROW, "shift"),
	[OWNER] = REF("owner", N_("Holds the desk"), N_("Who answers for the estate: work number or sign-in name."), F_LIST | F_ANYWHERE, "staff"),
	[OPENED_BY] = REF("opened_by", N_("Opened by"), N_("Who began the page."), F_AUTO, "staff"),
	[OPENED_AT] = STAMP("opened_at", N_("Opened"), N_("When."), F_LIST | F_SORT),
	[FOLLOWS] = REF("follows", N_("Follows"), N_("The page before it."), F_AUTO | F_NARROW, "duty_page"),
	[CARRIED_] = INT("carried", N_("Carried over"), N_("How many matters were open when it began."), F_LIST | F_AUTO | F_NARROW, 0, 0),
	[REASON] = TEXT("reason", N_("Reason"), N_("Why the desk was given to him without a hand-over."), LEVEL_OPEN, 0, 5, 200),
	[CLOSED_BY] = REF("closed_by", N_("Closed by"), N_("Who handed the desk over."), F_AUTO, "staff"),
	[CLOSED_AT] = STAMP("closed_at", N_("Closed"), N_("When."), F_LIST),
	[ACCEPTED_BY] = REF("accepted_by", N_("Accepted by"), N_("Who took the desk over (LOG-06)."), F_LIST | F_AUTO, "staff"),
	[LOG_FROM] = INT("log_from", N_("Log from"), N_("The log's number when the page began."), F_AUTO | F_NARROW, 0, 0),
	[LOG_NO] = INT("log_no", N_("Log to"), N_("The log's number when it was closed."), F_AUTO | F_NARROW, 0, 0),
	[LOG_DIGEST] = TEXT("log_digest", N_("Log digest"), N_("Over these lines of the log and the digest of the page before."), LEVEL_OPEN, F_AUTO, 1, 64),
};
_Static_assert(NITEMS(fields) == NFIELDS, "duty page fields");
static const struct state states[] = {
	[OPEN] = { .name = "open", .label = N_("Open"), .open = true },
	[CLOSED] = { .name = "closed", .label = N_("Closed"), .born = true },
};
_Static_assert(NITEMS(states) == NSTATES, "duty page states");
static const struct guard opening[] = {
	{ .name = "page_none_open", .rule = "LOG-06", .sentence = N_("A page is open; its desk is taken over by a hand-over.") },
	{ .name = "page_first_of_shift", .rule = "LOG-02", .sentence = N_("This shift has had its page; each shift has one.") },
	{ .name = NULL },
};
static const struct guard appointing[] = {
	{ .name = "page_owner_may", .rule = "LOG-06", .field = "owner", .sentence = N_("Only a night manager or the centre's manager holds the desk.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "open", .label = N_("Begin a duty page"), .help = N_("When none is open: the page of this shift, with what is still open (LOG-02)."),
		.roles = KEEPERS, .to = OPEN, .flags = OP_CREATE, .derive = "page_opened", .guards = opening, .effect = "page_opened" },
	{ .name = "appoint", .label = N_("Give the desk away"), .help = N_("When who holds it cannot hand it over: a superior names another one, and why."),
		.roles = BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM), .from = BIT(OPEN), .to = STATE_SAME, .asks = FIELD(OWNER) | FIELD(REASON),
		.needs = FIELD(OWNER) | FIELD(REASON), .flags = OP_CONFIRM, .state_rule = "LOG-08", .state_sentence = N_("This page is closed; it stays as it is."),
		.guards = appointing, .effect = "page_appointed" },
};
static const struct view views[] = {
	{ .name = "open", .label = N_("Duty page"), .where = "{\"state\":\"open\"}", .sort = "-opened_at", .roles = KEEPERS | BIT(ROLE_CSS) | BIT(ROLE_DEM) | BIT(ROLE_EM) },
	{ .name = "closed", .label = N_("Duty pages"), .where = "{\"state\":\"closed\"}", .sort = "-opened_at", .roles = 0 },
};
static const struct part parts[] = {
	{ .name = "entries", .label = N_("Entries"), .book = "duty_entry", .by = "page", .sort = "id" },
	{ .name = "incidents", .label = N_("Incidents"), .book = "incident", .by = "page", .sort = "id" },
	{ .name = "carried_matters", .label = N_("Matters taken over"), .book = "handover_item", .by = "page", .sort = "id" },
	{ .name = "handovers", .label = N_("Hand-overs"), .book = "handover", .by = "page", .sort = "id" },
};
static const char *const sheet_columns[] = { "occurred_at", "kind", "incident", "facts", "handling", "result", "written_by", "state", NULL };
static const struct slip_rows sheet_rows = { .book = "duty_entry", .by = "page", .sort = "id", .columns = sheet_columns };
static const char *const sheet_fields[] = { "owner", "opened_by", "opened_at", "closed_by", "closed_at", "accepted_by", "log_from", "log_no", "log_digest", "state", NULL };
static const char *const sheet_signs[] = { N_("Outgoing"), N_("Incoming"), NULL };
static const struct slip slips[] = {
	{ .name = "duty_sheet", .title = N_("Duty page"), .head = "code", .fields = sheet_fields, .rows = &sheet_rows, .signs = sheet_signs },
};
static const struct choice page_acts[] = { { "pass", N_("Desk handed over") }, { NULL, NULL } };
const struct book book_duty_page = { .name = "duty_page", .title = N_("Duty pages"),
	.why = N_("The next shift knows what this one knew, and who answered for it."),
	.readers = READERS, .historians = HISTORIANS, .code = "code", .acts = page_acts, .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES,
	.ops = ops, .nops = NITEMS(ops), .views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts), .slips = slips, .nslips = NITEMS(slips) };

const struct choice duty_entry_kinds[] = { { "note", N_("Work of the shift") }, { "complaint", N_("Complaint") }, { "theft", N_("Theft") }, { "fire", N_("Fire") },
	{ "water", N_("Water") }, { "power", N_("Power failure") }, { "wind", N_("Wind") }, { "fight", N_("Fight") }, { "violation", N_("Violation by staff") },
	{ "vip_move", N_("VIP moves in or out") }, { "works", N_("Works in progress") }, { "repair", N_("Repair to follow up") },
	{ "management", N_("For the management") }, { NULL, NULL } };
enum { E_PAGE, E_OCCURRED, E_KIND, E_FACTS, E_PROMPT, E_HANDLING, E_RESULT, E_IMPORTANT, E_REPORTED_TO, E_REPORTED_AT, E_ADDENDUM_TO, E_REASON, E_BOOK, E_ABOUT, E_AT, E_SHIFT, E_BY,
	E_FROM, E_TO, E_CORRECTS, E_CORRECTED_BY, E_INCIDENT, E_NFIELDS };
enum { E_WANTED, E_OPEN, E_CLOSED, E_CARRIED, E_CORRECTED, E_DISMISSED, E_NSTATES };
static const struct field entry_fields[] = {
	[E_PAGE] = REF("page", N_("Page"), N_("The page it stands on."), F_LIST | F_AUTO | F_NARROW, "duty_page"),
	[E_OCCURRED] = { .name = "occurred_at", .label = N_("Happened"), .help = N_("When it happened; nothing = now (LOG-03)."), .type = FT_TIME, .level = LEVEL_OPEN,
		.flags = F_LIST | F_SORT | F_NARROW },
	[E_KIND] = CHOICE("kind", N_("Kind"), N_("What has to be written in any case stands in this list (LOG-04)."), F_LIST, duty_entry_kinds),
	[E_FACTS] = { .name = "facts", .label = N_("Facts"), .help = N_("What happened, without opinion (LOG-03)."), .type = FT_NOTE, .level = LEVEL_NAME, .flags = F_LIST, .min = 3, .max = 2000,
		.instead = "prompt" },
	[E_PROMPT] = { .name = "prompt", .label = N_("Prompted by"), .help = N_("What asked for the entry: its number, unit or place (LOG-04)."), .type = FT_TEXT, .level = LEVEL_NAME,
		.flags = F_AUTO | F_WORDS, .max = 200, .computed = "lodge.entry_prompt(t.about_book, t.about)" },
	[E_HANDLING] = { .name = "handling", .label = N_("Handling"), .help = N_("What was done."), .type = FT_NOTE, .level = LEVEL_NAME, .flags = F_LIST, .min = 2, .max = 2000 },
	[E_RESULT] = { .name = "result", .label = N_("Result"), .help = N_("How it ended. Without it the matter stays open and goes over to the next page."), .type = FT_NOTE, .level = LEVEL_NAME,
		.flags = F_LIST, .min = 2, .max = 2000 },
	[E_IMPORTANT] = TICK("important", N_("In person"), N_("Has to be reported in person to the deputy or the estate manager (NGT-06)."), F_LIST),
	[E_REPORTED_TO] = REF("reported_to", N_("Reported to"), N_("Whom it was told in person."), F_ANYWHERE, "staff"),
	[E_REPORTED_AT] = STAMP("reported_at", N_("Reported"), N_("When."), 0),
	[E_ADDENDUM_TO] = REF("addendum_to", N_("Addendum to"), N_("The entry of a closed page that it corrects or completes (LOG-08)."), F_NARROW, "duty_entry"),
	[E_REASON] = TEXT("reason", N_("Reason"), N_("Why it was struck, or not written."), LEVEL_NAME, 0, 3, 200),
	[E_BOOK] = TEXT("about_book", N_("Book"), N_("The book of the matter that has to be written here."), LEVEL_OPEN, F_AUTO | F_BOOK_NAME | F_NARROW, 1, 48),
	[E_ABOUT] = INT("about", N_("Record"), N_("Its number there."), F_AUTO | F_NARROW, 0, 0),
	[E_AT] = STAMP("at", N_("Written"), N_("The server's time."), 0),
	[E_SHIFT] = SHIFT_OF("occurred_at"),
	[E_BY] = REF("written_by", N_("Written by"), N_("Who wrote it."), F_LIST | F_AUTO, "staff"),
	[E_FROM] = REF("carried_from", N_("Goes on from"), N_("The entry whose matter it takes on."), F_AUTO | F_NARROW, "duty_entry"),
	[E_TO] = REF("carried_to", N_("Goes on in"), N_("The entry that took the matter on."), F_AUTO | F_NARROW, "duty_entry"),
	[E_CORRECTS] = REF("corrects", N_("Corrects"), N_("The struck entry that it stands for."), F_AUTO | F_NARROW, "duty_entry"),
	[E_CORRECTED_BY] = REF("corrected_by", N_("Corrected by"), N_("The entry that stands for this one."), F_AUTO | F_NARROW, "duty_entry"),
	[E_INCIDENT] = REF("incident", N_("Incident"), N_("The incident report that this is about (INC-08)."), F_AUTO | F_NARROW, "incident"),
};
_Static_assert(NITEMS(entry_fields) == E_NFIELDS, "duty entry fields");
static const struct state entry_states[] = {
	[E_WANTED] = { .name = "wanted", .label = N_("To be written"), .open = true, .born = true },
	[E_OPEN] = { .name = "open", .label = N_("Open"), .open = true },
	[E_CLOSED] = { .name = "closed", .label = N_("Finished") },
	[E_CARRIED] = { .name = "carried", .label = N_("Goes on"), .born = true },
	[E_CORRECTED] = { .name = "corrected", .label = N_("Struck"), .born = true },
	[E_DISMISSED] = { .name = "dismissed", .label = N_("Not written") },
};
_Static_assert(NITEMS(entry_states) == E_NSTATES, "duty entry states");
#define DESK_MINE { .name = "entry_desk_mine", .rule = "LOG-06", .code = ERR_FORBIDDEN, .sentence = N_("The page is written by who holds the desk; take it over by a hand-over.") }
#define NOT_AHEAD(n) { .name = n, .rule = "LOG-03", .code = ERR_INVALID, .field = "occurred_at", .sentence = N_("It has not happened yet.") }
static const struct guard writing[] = {
	DESK_MINE, NOT_AHEAD("entry_not_ahead"),
	{ .name = "entry_page_goes_on", .rule = "LOG-08", .sentence = N_("Its page was closed before this was handed in; write it as an addendum.") },
	{ .name = "entry_addendum_closed", .rule = "LOG-08", .field = "addendum_to", .sentence = N_("This entry stands on the open page; correct it there.") },
	{ .name = NULL },
};
static const struct guard correcting[] = {
	DESK_MINE,
	{ .name = "entry_page_open", .rule = "LOG-08", .sentence = N_("Its page is closed; write an addendum to it.") },
	{ .name = "entry_says_otherwise", .rule = "LOG-08", .code = ERR_INVALID, .sentence = N_("Nothing is corrected; give what should stand there instead.") },
	NOT_AHEAD("entry_correct_not_ahead"), { .name = NULL },
};
static const struct guard following[] = { DESK_MINE, { .name = NULL } };
static const struct guard dismissing[] = {
	DESK_MINE,
	{ .name = "entry_major_written", .rule = "INC-08", .sentence = N_("A major incident stands on the duty page; write what happened.") },
	{ .name = NULL },
};
static const struct guard reporting[] = {
	{ .name = "entry_is_important", .rule = "NGT-06", .sentence = N_("Nobody asked for a report of this in person, or it was given.") },
	{ .name = "entry_told_superior", .rule = "NGT-06", .field = "reported_to", .sentence = N_("It is reported to the deputy or to the estate manager.") },
	{ .name = NULL },
};
#define ENTRY_ASKS (FIELD(E_OCCURRED) | FIELD(E_KIND) | FIELD(E_FACTS) | FIELD(E_HANDLING) | FIELD(E_RESULT) | FIELD(E_IMPORTANT))
static const struct op entry_ops[] = {
	{ .name = "write", .label = N_("Write into the duty book"), .help = N_("Time, facts, handling, result (LOG-03). Without a result the matter stays open."),
		.roles = KEEPERS, .from = BIT(E_WANTED), .to = STATE_DERIVED, .flags = OP_CREATE | OP_RESUME | OP_OFFLINE, .asks = ENTRY_ASKS | FIELD(E_ADDENDUM_TO), .needs = FIELD(E_FACTS),
		.state_rule = "LOG-04", .state_sentence = N_("This has been written already."), .derive = "entry_written", .guards = writing },
	{ .name = "correct", .label = N_("Correct the entry"), .help = N_("Give only what was mistyped. A new entry stands for this one, which is struck and stays to be seen."),
		.roles = KEEPERS, .from = BIT(E_OPEN) | BIT(E_CLOSED), .to = STATE_DERIVED, .asks = ENTRY_ASKS | FIELD(E_REASON), .state_rule = "LOG-08",
		.state_sentence = N_("This entry was struck or goes on in another one; correct that one."), .derive = "entry_corrected", .guards = correcting, .succeed = "entry_corrected" },
	{ .name = "follow_up", .label = N_("Take the matter on"), .help = N_("What was done since, and how it ended; on the open page."),
		.roles = KEEPERS, .from = BIT(E_OPEN), .to = STATE_DERIVED, .asks = FIELD(E_HANDLING) | FIELD(E_RESULT), .needs = FIELD(E_HANDLING), .state_rule = "LOG-02",
		.state_sentence = N_("This matter is finished, struck, or goes on in another entry."), .derive = "entry_followed", .guards = following, .succeed = "entry_followed" },
	{ .name = "dismiss", .label = N_("Nothing to write"), .help = N_("What the house wanted to see written needs no entry, and why."),
		.roles = KEEPERS, .from = BIT(E_WANTED), .to = E_DISMISSED, .asks = FIELD(E_REASON), .needs = FIELD(E_REASON), .state_rule = "LOG-04",
		.state_sentence = N_("This has been written already."), .derive = "entry_dismissed", .guards = dismissing },
	{ .name = "report", .label = N_("Reported in person"), .help = N_("The deputy or the estate manager was told in person (NGT-06)."),
		.roles = KEEPERS, .from = BIT(E_OPEN) | BIT(E_CLOSED) | BIT(E_CARRIED), .to = STATE_SAME, .asks = FIELD(E_REPORTED_TO), .needs = FIELD(E_REPORTED_TO), .state_rule = "NGT-06",
		.state_sentence = N_("This entry was struck; report the one that stands for it."), .derive = "entry_reported", .guards = reporting },
};
static const struct view entry_views[] = {
	{ .name = "wanted", .label = N_("To be written into the duty book"), .where = "{\"state\":\"wanted\"}", .sort = "id", .roles = KEEPERS, .late = true },
	{ .name = "in_person", .label = N_("To be reported in person"), .where = "{\"important\":true,\"reported_at\":null,\"state\":[\"open\",\"closed\",\"carried\"]}", .sort = "id",
		.roles = KEEPERS | BIT(ROLE_DEM) | BIT(ROLE_EM), .late = true },
	{ .name = "open", .label = N_("Open matters"), .where = "{\"state\":\"open\"}", .sort = "id", .roles = KEEPERS | BIT(ROLE_CSS) },
};
static const struct part entry_parts[] = {
	{ .name = "addenda", .label = N_("Addenda"), .book = "duty_entry", .by = "addendum_to", .sort = "id" },
};
static const struct choice entry_acts[] = { { "want", N_("To be written") }, { NULL, NULL } };
const struct book book_duty_entry = { .name = "duty_entry", .title = N_("Duty book"),
	.why = N_("What happened at night is known in the morning."),
	.readers = READERS, .historians = HISTORIANS, .acts = entry_acts, .fields = entry_fields, .nfields = E_NFIELDS, .states = entry_states, .nstates = E_NSTATES,
	.ops = entry_ops, .nops = NITEMS(entry_ops), .views = entry_views, .nviews = NITEMS(entry_views), .parts = entry_parts, .nparts = NITEMS(entry_parts) };
