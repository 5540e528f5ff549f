/*
 * alarm.c - who looks at more than his work needs: the alarms to superiors, and the planted records.
 *
 * CNF-02, CNF-13. The house raises alarms itself (server/rules/alarm.sql), next to the opening or
 * look-up that caused them, and answers that as always. Not for: judging a person.
 * Trap: an alarm is seen by those it is addressed to and by the general manager, who opens nothing
 * himself, so that nobody finds his own; a planted record looks like any other everywhere but here.
 */
#include "common/books/books.h"

#define SUPERIORS (BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM))

static const struct choice kinds[] = { { "persons_a_shift", N_("Shift limit reached") }, { "persons_a_week", N_("7-day limit reached") },
	{ "persons_a_month", N_("30-day limit reached") }, { "listing", N_("Many households seen") },
	{ "decoy", N_("Planted record opened") }, { NULL, NULL } };

enum { KIND, ABOUT, AMOUNT, HOUSEHOLD, AT, TOLD, ALSO_TOLD, SEEN_BY, SEEN_AT, NOTE, NFIELDS };
enum { RAISED, SEEN, NSTATES };
static const struct field fields[] = {
	[KIND] = { .name = "kind", .label = N_("What"), .help = N_("What was noticed."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .choices = kinds },
	[ABOUT] = { .name = "about", .label = N_("Whom"), .help = N_("The employee whose conduct it is."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .ref = "staff" },
	[AMOUNT] = { .name = "amount", .label = N_("Records"), .help = N_("How many different persons or households it was."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[HOUSEHOLD] = { .name = "household", .label = N_("Household"), .help = N_("The planted household."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "household" },
	[AT] = { .name = "at", .label = N_("When"), .help = N_("The server's time."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[TOLD] = { .name = "told", .label = N_("Told"), .help = N_("The superior."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO | F_PARTY, .ref = "staff" },
	[ALSO_TOLD] = { .name = "also_told", .label = N_("Also told"), .help = N_("The superior's superior."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO | F_PARTY, .ref = "staff" },
	[SEEN_BY] = { .name = "seen_by", .label = N_("Seen by"), .help = N_("Who took notice."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[SEEN_AT] = { .name = "seen_at", .label = N_("Seen"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[NOTE] = { .name = "note", .label = N_("Note"), .help = N_("What was found out, what was done."),
		.type = FT_NOTE, .level = LEVEL_OPEN, .flags = 0, .min = 3, .max = 1000 },
};
_Static_assert(NITEMS(fields) == NFIELDS, "alarm fields");
static const struct state states[] = {
	[RAISED] = { .name = "raised", .label = N_("Raised"), .open = true, .born = true },
	[SEEN] = { .name = "seen", .label = N_("Seen") },
};
_Static_assert(NITEMS(states) == NSTATES, "alarm states");
static const struct op ops[] = {
	{ .name = "acknowledge", .label = N_("Take notice"), .help = N_("The superior has looked into it and says what he found."),
		.roles = SUPERIORS | BIT(ROLE_GM), .from = BIT(RAISED), .to = SEEN, .asks = FIELD(NOTE), .needs = FIELD(NOTE), .state_rule = "CNF-13",
		.state_sentence = N_("This alarm has been looked into already."), .derive = "alarm_seen" },
};
static const struct view views[] = {
	{ .name = "unseen", .label = N_("Alarms about staff"), .where = "{\"state\":\"raised\"}", .sort = "-id", .late = true,
		.roles = SUPERIORS | BIT(ROLE_GM) },
};
const struct book book_alarm = { .name = "alarm", .title = N_("Alarms about staff"),
	.why = N_("Who gathers more than his work needs is noticed while he does it."),
	.readers = BIT(ROLE_GM), .parties = SUPERIORS, .historians = BIT(ROLE_GM),
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };

enum { D_HOUSEHOLD, D_REASON, D_BY, D_AT, D_LIFTED_AT, D_NFIELDS };
enum { D_PLANTED, D_LIFTED, D_NSTATES };
static const struct field decoy_fields[] = {
	[D_HOUSEHOLD] = { .name = "household", .label = N_("Household"), .help = N_("A household that nobody has a reason to open: invented, or long gone."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST, .ref = "household" },
	[D_REASON] = { .name = "reason", .label = N_("Reason"), .help = N_("Why this one."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST, .min = 3, .max = 200 },
	[D_BY] = { .name = "planted_by", .label = N_("Planted by"), .help = N_("Who."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[D_AT] = { .name = "planted_at", .label = N_("Planted"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[D_LIFTED_AT] = { .name = "lifted_at", .label = N_("Lifted"), .help = N_("Since when it counts no more."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
};
_Static_assert(NITEMS(decoy_fields) == D_NFIELDS, "decoy fields");
static const struct state decoy_states[] = {
	[D_PLANTED] = { .name = "planted", .label = N_("Planted"), .open = true },
	[D_LIFTED] = { .name = "lifted", .label = N_("Lifted") },
};
_Static_assert(NITEMS(decoy_states) == D_NSTATES, "decoy states");
static const struct guard planting[] = {
	{ .name = "decoy_is_new", .rule = "CNF-02", .field = "household", .sentence = N_("This household is planted already.") }, { .name = NULL },
};
static const struct op decoy_ops[] = {
	{ .name = "plant", .label = N_("Plant a record"), .help = N_("Whoever opens a locked field of this household is told to his superior; he himself notices nothing."),
		.roles = BIT(ROLE_EM), .to = D_PLANTED, .flags = OP_CREATE, .asks = FIELD(D_HOUSEHOLD) | FIELD(D_REASON), .needs = FIELD(D_HOUSEHOLD),
		.derive = "decoy_planted", .guards = planting },
	{ .name = "lift", .label = N_("Lift a planted record"), .help = N_("The household is an ordinary one again."),
		.roles = BIT(ROLE_EM), .from = BIT(D_PLANTED), .to = D_LIFTED, .state_rule = "CNF-02",
		.state_sentence = N_("This household is planted no more."), .derive = "decoy_lifted" },
};
const struct book book_decoy = { .name = "decoy", .title = N_("Planted records"),
	.why = N_("Whoever looks where nobody has a reason to look gives himself away."),
	.readers = BIT(ROLE_EM), .historians = BIT(ROLE_EM),
	.fields = decoy_fields, .nfields = D_NFIELDS, .states = decoy_states, .nstates = D_NSTATES, .ops = decoy_ops, .nops = NITEMS(decoy_ops) };
