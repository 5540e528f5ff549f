/*
 * round.c - rounds of public areas and buildings, point by point, and what the patrol sees of key households.
 *
 * NGT-09, NGT-10, KEYH-10, KEYH-14, KEYH-16. The order of the points is free; what was not seen is missed by name when the
 * round is closed, and closing needs a comment. Not for: checks of posts (post_check.c), the list itself (gate.c).
 * Trap: the patrol gets unit, category and instruction of a key household; why it is watched is never here.
 */
#include "common/books/shorthand.h"

#define WALKERS (BIT(ROLE_NM) | BIT(ROLE_SG) | BIT(ROLE_SL))
#define READERS (WALKERS | BIT(ROLE_SS) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_QC))
#define PLANNERS (BIT(ROLE_NM) | BIT(ROLE_SS) | BIT(ROLE_CM) | BIT(ROLE_EM))
#define HISTORIANS (BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_SS))

static const struct choice kinds[] = { { "public", N_("Public areas") }, { "building", N_("Inside a building") }, { NULL, NULL } };
enum { P_CODE, P_NAME, P_KIND, P_BUILDING, P_NFIELDS };
enum { P_IN_USE, P_CLOSED, P_NSTATES };
static const struct field point_fields[] = {
	[P_CODE] = TEXT("code", N_("Point"), N_("The point's short name: p01."), LEVEL_OPEN, F_LIST | F_NARROW, 1, 12),
	[P_NAME] = TEXT("name", N_("Its name"), N_("Where it is and what is looked at."), LEVEL_OPEN, F_LIST, 2, 80),
	[P_KIND] = CHOICE("kind", N_("Kind"), N_("A public area, or inside a building."), F_LIST, kinds),
	[P_BUILDING] = REF("building", N_("Building"), N_("The building it belongs to."), F_LIST | F_ANYWHERE | F_NARROW, "building"),
};
_Static_assert(NITEMS(point_fields) == P_NFIELDS, "patrol point fields");
static const struct state point_states[] = {
	[P_IN_USE] = { .name = "in_use", .label = N_("In use"), .open = true },
	[P_CLOSED] = { .name = "closed", .label = N_("Closed down") },
};
_Static_assert(NITEMS(point_states) == P_NSTATES, "patrol point states");
static const struct guard point_setting[] = {
	{ .name = "point_is_new", .rule = "NGT-09", .code = ERR_INVALID, .field = "code", .sentence = N_("There is a point of this name, or the name is not in small letters.") },
	{ .name = "point_of_building", .rule = "NGT-09", .code = ERR_INVALID, .field = "building", .sentence = N_("A point inside a building names it; one of a public area names none.") },
	{ .name = NULL },
};
static const struct op point_ops[] = {
	{ .name = "set_up", .label = N_("Set up a point"), .help = N_("What every round of its kind looks at (NGT-09)."), .roles = PLANNERS, .to = P_IN_USE, .flags = OP_CREATE,
		.asks = FIELD(P_CODE) | FIELD(P_NAME) | FIELD(P_KIND) | FIELD(P_BUILDING), .needs = FIELD(P_CODE) | FIELD(P_NAME) | FIELD(P_KIND), .guards = point_setting },
	{ .name = "close", .label = N_("Close the point"), .help = N_("Rounds do not look at it any more."), .roles = PLANNERS, .from = BIT(P_IN_USE), .to = P_CLOSED,
		.state_rule = "NGT-09", .state_sentence = N_("This point is closed.") },
};
const struct book book_patrol_point = { .name = "patrol_point", .title = N_("Points of rounds"),
	.why = N_("A round is what it looks at."),
	.readers = READERS, .historians = HISTORIANS, .code = "code", .caption = "name", .fields = point_fields, .nfields = P_NFIELDS,
	.states = point_states, .nstates = P_NSTATES, .ops = point_ops, .nops = NITEMS(point_ops) };

enum { NO, KIND, BUILDING, POINT, REMARK, INCIDENT, COMMENT, SHIFT, BEGUN_BY, BEGUN_AT, ENDED_AT, POINTS, SEEN_, MISSED_, MISSES, TONIGHT, NFIELDS };
enum { UNDER_WAY, CLOSED, NSTATES };
static const struct field fields[] = {
	[NO] = { .name = "no", .label = N_("No."), .help = N_("The round's number."), .type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NUMBER | F_NARROW },
	[KIND] = CHOICE("kind", N_("Kind"), N_("Public areas, or a building from the inside."), F_LIST, kinds),
	[BUILDING] = REF("building", N_("Building"), N_("Which building."), F_LIST | F_ANYWHERE | F_NARROW, "building"),
	[POINT] = { .name = "point", .label = N_("Point"), .help = N_("Which point was seen."), .type = FT_REF, .level = LEVEL_OPEN, .flags = F_ARG | F_NARROW, .ref = "patrol_point" },
	[REMARK] = { .name = "remark", .label = N_("Remark"), .help = N_("What was found there, if anything."), .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_ARG, .min = 2, .max = 200 },
	[INCIDENT] = { .name = "incident", .label = N_("Incident"), .help = N_("The incident that was opened there."), .type = FT_REF, .level = LEVEL_OPEN, .flags = F_ARG | F_NARROW, .ref = "incident" },
	[COMMENT] = TEXT("comment", N_("Comment"), N_("How it went; why points were missed."), LEVEL_OPEN, F_LIST, 2, 400),
	[SHIFT] = REF("shift", N_("Shift"), N_("The shift that it belongs to."), F_AUTO | F_NARROW, "shift"),
	[BEGUN_BY] = REF("begun_by", N_("Walked by"), N_("Who walks it."), F_LIST | F_AUTO, "staff"),
	[BEGUN_AT] = STAMP("begun_at", N_("Begun"), N_("When."), F_LIST | F_SORT),
	[ENDED_AT] = STAMP("ended_at", N_("Ended at"), N_("When."), F_LIST),
	[POINTS] = { .name = "points_to_see", .label = N_("To see"), .help = N_("How many points are still to be seen."), .type = FT_INT, .level = LEVEL_OPEN,
		.flags = F_LIST | F_AUTO | F_NARROW, .computed = "lodge.round_points(t.id, 'to_see')" },
	[SEEN_] = { .name = "points_seen", .label = N_("Seen so far"), .help = N_("How many points were seen."), .type = FT_INT, .level = LEVEL_OPEN,
		.flags = F_LIST | F_AUTO | F_NARROW, .computed = "lodge.round_points(t.id, 'seen')" },
	[MISSED_] = { .name = "points_missed", .label = N_("Missed"), .help = N_("How many points were missed."), .type = FT_INT, .level = LEVEL_OPEN,
		.flags = F_LIST | F_AUTO | F_NARROW, .computed = "lodge.round_points(t.id, 'missed')" },
	[MISSES] = { .name = "with_misses", .label = N_("Points missed"), .help = N_("A point of it was missed."), .type = FT_BOOL, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "(lodge.round_points(t.id, 'missed') > 0)" },
	[TONIGHT] = { .name = "tonight", .label = N_("This shift"), .help = N_("Of the shift that runs at this moment."), .type = FT_BOOL, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.shift_runs(t.shift)" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "round fields");
static const struct state states[] = {
	[UNDER_WAY] = { .name = "under_way", .label = N_("Under way"), .open = true },
	[CLOSED] = { .name = "closed", .label = N_("Closed") },
};
_Static_assert(NITEMS(states) == NSTATES, "round states");
#define MINE(n) { .name = n, .rule = "NGT-09", .code = ERR_FORBIDDEN, .sentence = N_("Somebody else walks this round.") }
static const struct guard beginning[] = {
	{ .name = "round_of_building", .rule = "NGT-09", .code = ERR_INVALID, .field = "building", .sentence = N_("A round inside a building names it; one of public areas names none.") },
	{ .name = "round_alone", .rule = "NGT-09", .sentence = N_("You walk a round already; close it first.") },
	{ .name = "round_has_points", .rule = "NGT-09", .field = "kind", .sentence = N_("There is no point to look at; set one up first.") },
	{ .name = NULL },
};
static const struct guard seeing[] = {
	MINE("round_see_mine"),
	{ .name = "round_point_to_see", .rule = "NGT-09", .field = "point", .sentence = N_("This point is not of this round, or was seen already.") },
	{ .name = "round_incident", .rule = "NGT-09", .field = "incident", .sentence = N_("There is no such incident.") },
	{ .name = NULL },
};
static const struct guard closing[] = { MINE("round_close_mine"), { .name = NULL } };
static const struct op ops[] = {
	{ .name = "begin", .label = N_("Begin a round"), .help = N_("Public areas, or a building from the inside (NGT-09)."), .roles = WALKERS, .to = UNDER_WAY, .flags = OP_CREATE | OP_OFFLINE,
		.asks = FIELD(KIND) | FIELD(BUILDING), .needs = FIELD(KIND), .derive = "round_begun", .guards = beginning, .effect = "round_begun" },
	{ .name = "see", .label = N_("Point seen"), .help = N_("In whatever order; what was found there, and the incident that was opened."), .roles = WALKERS, .from = BIT(UNDER_WAY), .to = STATE_SAME, .flags = OP_OFFLINE,
		.asks = FIELD(POINT) | FIELD(REMARK) | FIELD(INCIDENT), .needs = FIELD(POINT), .state_rule = "NGT-09", .state_sentence = N_("This round is closed."),
		.guards = seeing, .effect = "round_seen" },
	{ .name = "close", .label = N_("Close the round"), .help = N_("Points that were not seen are written down as missed, one by one."), .roles = WALKERS, .from = BIT(UNDER_WAY), .to = CLOSED, .flags = OP_OFFLINE,
		.asks = FIELD(COMMENT), .needs = FIELD(COMMENT), .state_rule = "NGT-09", .state_sentence = N_("This round is closed."), .derive = "round_closed", .guards = closing,
		.effect = "round_closed" },
};
static const struct view views[] = {
	{ .name = "under_way", .label = N_("Rounds under way"), .where = "{\"state\":\"under_way\"}", .sort = "begun_at", .roles = WALKERS | BIT(ROLE_SS) },
	{ .name = "missed", .label = N_("Rounds with points missed"), .where = "{\"with_misses\":true,\"tonight\":true}", .sort = "begun_at", .roles = BIT(ROLE_NM) | BIT(ROLE_SS), .late = true },
	{ .name = "all", .label = N_("Rounds"), .where = "{}", .sort = "-begun_at", .roles = 0 },
};
static const struct part parts[] = {
	{ .name = "points", .label = N_("Points"), .book = "round_point", .by = "round", .sort = "id" },
	{ .name = "watch_notes", .label = N_("Seen at key households"), .book = "watch_note", .by = "round", .sort = "id" },
};
static const char *const list_fields[] = { "kind", "building", "begun_by", "begun_at", NULL };
static const char *const watch_columns[] = { "unit", "category", "watch_instruction", NULL };
static const char *const change_columns[] = { "day", "unit", "kind", "remark", NULL };
static const struct slip_rows watch_rows = { .book = "key_household", .where = "{\"state\":\"listed\"}", .sort = "id", .columns = watch_columns };
static const struct slip_rows change_rows = { .book = "property_change", .where = "{\"lately\":true}", .sort = "-noted_at", .columns = change_columns };
static const struct slip slips[] = {
	{ .name = "watch_list", .title = N_("Key households"), .head = "no", .fields = list_fields, .rows = &watch_rows,
		.text = N_("Note what is seen, not what is thought. The list comes back to the office with the round.") },
	{ .name = "change_list", .title = N_("Property changes"), .head = "no", .fields = list_fields, .rows = &change_rows },
};
const struct book book_round = { .name = "round", .title = N_("Rounds"),
	.why = N_("What was looked at at night is known, and what was not."),
	.readers = READERS, .historians = HISTORIANS, .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES,
	.ops = ops, .nops = NITEMS(ops), .views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts), .slips = slips, .nslips = NITEMS(slips) };

enum { R_ROUND, R_POINT, R_SEEN_AT, R_SEEN_BY, R_REMARK, R_INCIDENT, R_NFIELDS };
enum { R_TO_SEE, R_SEEN, R_MISSED, R_NSTATES };
static const struct field seen_fields[] = {
	[R_ROUND] = REF("round", N_("Round"), N_("The round it belongs to."), F_AUTO | F_NARROW, "round"),
	[R_POINT] = REF("point", N_("Point"), N_("What was to be looked at."), F_LIST | F_AUTO, "patrol_point"),
	[R_SEEN_AT] = STAMP("seen_at", N_("Seen at"), N_("When."), F_LIST),
	[R_SEEN_BY] = REF("seen_by", N_("Looked at by"), N_("Who looked."), F_AUTO, "staff"),
	[R_REMARK] = TEXT("remark", N_("Remark"), N_("What was found there, if anything."), LEVEL_OPEN, F_LIST | F_AUTO, 2, 200),
	[R_INCIDENT] = REF("incident", N_("Incident"), N_("The incident that was opened there."), F_LIST | F_AUTO | F_NARROW, "incident"),
};
_Static_assert(NITEMS(seen_fields) == R_NFIELDS, "round point fields");
static const struct state seen_states[] = {
	[R_TO_SEE] = { .name = "to_see", .label = N_("To be seen"), .open = true, .born = true },
	[R_SEEN] = { .name = "seen", .label = N_("Looked at"), .born = true },
	[R_MISSED] = { .name = "missed", .label = N_("Missed"), .born = true },
};
_Static_assert(NITEMS(seen_states) == R_NSTATES, "round point states");
static const struct choice point_acts[] = { { "miss", N_("Missed") }, { NULL, NULL } };
const struct book book_round_point = { .name = "round_point", .title = N_("Points seen"),
	.why = N_("A point that nobody looked at has a name."),
	.readers = READERS, .historians = HISTORIANS, .acts = point_acts, .fields = seen_fields, .nfields = R_NFIELDS, .states = seen_states, .nstates = R_NSTATES };

#define PATROL (WALKERS | BIT(ROLE_SS) | BIT(ROLE_ET) | BIT(ROLE_EL) | BIT(ROLE_ES) | BIT(ROLE_CLS))
#define OFFICE (BIT(ROLE_CSS) | BIT(ROLE_CM))
enum { W_WATCHED, W_UNIT, W_CATEGORY, W_SEEN, W_ROUND, W_NOTED_BY, W_NOTED_AT, W_DECISION, W_POLICE, W_DECIDED_BY, W_DECIDED_AT, W_NFIELDS };
enum { W_OPEN, W_DECIDED, W_NSTATES };
static const struct field watch_fields[] = {
	[W_WATCHED] = REF("watched", N_("Key household"), N_("Its line on the list that the patrol carries (NGT-10)."), F_NARROW, "key_household"),
	[W_UNIT] = REF("unit", N_("Unit"), N_("The unit it lives in."), F_LIST | F_AUTO | F_NARROW, "unit"),
	[W_CATEGORY] = { .name = "category", .label = N_("Category"), .help = N_("T, B1, B2, B3, V1 or V2 (KEYH-01)."), .type = FT_TEXT, .level = LEVEL_NAME,
		.flags = F_LIST | F_AUTO | F_NARROW, .max = 8, .computed = "(SELECT upper(k.category) FROM lodge.key_household k WHERE k.id = t.watched)" },
	[W_SEEN] = TEXT("seen", N_("What was seen"), N_("Times of coming and going, goods, visitors, who lives there; what was seen, not what is thought (KEYH-10)."), LEVEL_NAME, F_LIST, 3, 400),
	[W_ROUND] = REF("round", N_("Round"), N_("The round on which it was seen."), F_AUTO | F_NARROW, "round"),
	[W_NOTED_BY] = REF("noted_by", N_("Noted by"), N_("Who saw it."), F_LIST | F_AUTO, "staff"),
	[W_NOTED_AT] = STAMP("noted_at", N_("Noted at"), N_("When; the centre's office has it at once (KEYH-10)."), F_LIST | F_SORT),
	[W_DECISION] = TEXT("decision", N_("Decision"), N_("What the office does about it (KEYH-16)."), LEVEL_NAME, F_LIST, 2, 400),
	[W_POLICE] = TICK("police", N_("Police told"), N_("The office tells the police (KEYH-10)."), 0),
	[W_DECIDED_BY] = REF("decided_by", N_("Decided by"), N_("Who decided for the office."), F_AUTO, "staff"),
	[W_DECIDED_AT] = STAMP("decided_at", N_("Decided"), N_("When."), 0),
};
_Static_assert(NITEMS(watch_fields) == W_NFIELDS, "watch note fields");
static const struct state watch_states[] = {
	[W_OPEN] = { .name = "open", .label = N_("Open"), .open = true },
	[W_DECIDED] = { .name = "decided", .label = N_("Decision made") },
};
_Static_assert(NITEMS(watch_states) == W_NSTATES, "watch note states");
static const struct guard noting[] = {
	{ .name = "watch_note_listed", .rule = "NGT-10", .field = "watched", .sentence = N_("It is not on the list that the patrol carries.") }, { .name = NULL },
};
static const struct op watch_ops[] = {
	{ .name = "note", .label = N_("Note what was seen"), .help = N_("At a key household; the office decides about it (KEYH-10, KEYH-16)."), .roles = PATROL, .to = W_OPEN, .flags = OP_CREATE | OP_OFFLINE,
		.asks = FIELD(W_WATCHED) | FIELD(W_SEEN), .needs = FIELD(W_WATCHED) | FIELD(W_SEEN), .derive = "watch_noted", .guards = noting,
		.duty = N_("An armed disturbance: keep people away and call 110 at once."), .duty_short = N_("Armed: 110 at once") },
	{ .name = "decide", .label = N_("Decide"), .help = N_("What the office does about it, and whether the police are told (KEYH-10)."), .roles = OFFICE, .from = BIT(W_OPEN), .to = W_DECIDED,
		.asks = FIELD(W_DECISION) | FIELD(W_POLICE), .needs = FIELD(W_DECISION), .state_rule = "KEYH-10", .state_sentence = N_("The office has decided about this."), .derive = "watch_decided" },
};
static const struct view watch_views[] = {
	{ .name = "open", .label = N_("Seen at key households"), .where = "{\"state\":\"open\"}", .sort = "noted_at", .roles = OFFICE, .late = true },
	{ .name = "all", .label = N_("Notes on key households"), .where = "{}", .sort = "-noted_at", .roles = 0 },
};
const struct book book_watch_note = { .name = "watch_note", .title = N_("Notes on key households"),
	.why = N_("What the patrol sees reaches the office at once, and the office decides."),
	.readers = PATROL | OFFICE | BIT(ROLE_DEM) | BIT(ROLE_EM), .historians = HISTORIANS, .flags = B_AREA, .fields = watch_fields, .nfields = W_NFIELDS,
	.states = watch_states, .nstates = W_NSTATES, .ops = watch_ops, .nops = NITEMS(watch_ops), .views = watch_views, .nviews = NITEMS(watch_views) };
