/*
 * pass.c - temporary entry passes of helpers, tutors and fit-out workers.
 *
 * PASS-01..08: three papers seen, three calendar months at most, a new pass instead of a longer one.
 * Not for: suppliers' employees (supplier.c), residents' cards (card.c). Trap: `expired` is never stored.
 */
#include "common/books/shorthand.h"

#define ISSUERS (BIT(ROLE_FD) | BIT(ROLE_SG) | BIT(ROLE_SL))
#define KEEPERS (ISSUERS | BIT(ROLE_SS))

static const struct choice kinds[] = { { "helper", N_("Helper") }, { "tutor", N_("Tutor") }, { "fit_out", N_("Fit-out worker") },
	{ "other", N_("Other") }, { NULL, NULL } };

enum { NO, PERSON_NAME, DOC_TAIL, KIND, UNIT, PHOTO, ORIGINAL_SEEN, COPY, VALID_FROM, VALID_UNTIL, LIVE_IN, ISSUED_BY, ISSUED_AT, RENEWS, REASON,
	CHANGED_BY, CHANGED_AT, POLICE_REF, POLICE_AT, POLICE_DUE, TO_REGISTER, ENDS_SOON, BEARER, NFIELDS };
enum { ACTIVE, EXPIRED, SUSPENDED, RETURNED, NSTATES };
static const struct field fields[] = {
	[NO] = TEXT("no", N_("No."), N_("The number on the pass."), LEVEL_OPEN, F_LIST | F_AUTO | F_NUMBER | F_NARROW, 0, 20),
	[PERSON_NAME] = TEXT("person_name", N_("Name"), N_("Who may enter with it."), LEVEL_NAME, F_LIST, 2, 80),
	[DOC_TAIL] = TEXT("doc_tail", N_("Last digits"), N_("The last digits of the person's paper."), LEVEL_NAME, F_LIST | F_NARROW, 2, 8),
	[KIND] = CHOICE("kind", N_("Kind"), N_("What the person comes for."), F_LIST, kinds),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that the person works for."), F_LIST | F_NARROW, "unit"),
	[PHOTO] = TICK("photo", N_("Photo"), N_("A recent one-inch photo was handed in (PASS-01)."), F_TICK),
	[ORIGINAL_SEEN] = TICK("original_seen", N_("Original seen"), N_("The original of the paper was seen (PASS-01)."), F_TICK),
	[COPY] = TICK("copy", N_("Copy taken"), N_("A copy of the paper is on file (PASS-01)."), F_TICK),
	[VALID_FROM] = DATE("valid_from", N_("Valid from"), N_("First day; today when not given."), 0),
	[VALID_UNTIL] = DATE("valid_until", N_("Valid until"), N_("Last day: three calendar months at most (PASS-02); that when not given."), F_LIST | F_SORT),
	[LIVE_IN] = TICK("live_in", N_("Lives in"), N_("The person lives in the unit and is registered with the police (PASS-05)."), 0),
	[ISSUED_BY] = REF("issued_by", N_("Issued by"), N_("Who checked the papers."), F_AUTO, "staff"),
	[ISSUED_AT] = STAMP("issued_at", N_("Issued"), N_("When."), 0),
	[RENEWS] = REF("renews", N_("Renews"), N_("The pass that this one follows; its papers were checked again (PASS-02)."), F_NARROW, "entry_pass"),
	[REASON] = TEXT("reason", N_("Reason"), N_("Why it is suspended or taken back."), LEVEL_NAME, 0, 3, 200),
	[CHANGED_BY] = REF("changed_by", N_("Changed by"), N_("Who suspended it or took it back."), F_AUTO, "staff"),
	[CHANGED_AT] = STAMP("changed_at", N_("Changed"), N_("When."), 0),
	[POLICE_REF] = TEXT("police_ref", N_("Police ref."), N_("The reference of the registration at the police station (PASS-05)."), LEVEL_NAME, 0, 2, 60),
	[POLICE_AT] = STAMP("police_at", N_("Registered"), N_("When the registration was filed."), 0),
	[POLICE_DUE] = STAMP("police_due", N_("Register by"), N_("When the registration has to be made."), 0),
	[TO_REGISTER] = { .name = "to_register", .label = N_("To register"), .help = N_("The person lives in and is not registered with the police yet (PASS-05)."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no,
		.computed = "(t.state <> 'returned' AND t.police_due IS NOT NULL AND t.police_at IS NULL)" },
	[ENDS_SOON] = { .name = "ends_soon", .label = N_("Ends soon"), .help = N_("The pass ends within the days of the policy and is not renewed yet (PASS-07)."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no,
		.computed = "(t.state = 'active' AND t.valid_until >= (SELECT lodge.estate_day()) AND t.valid_until <= (SELECT lodge.pass_remind_day())"
			" AND NOT EXISTS (SELECT 1 FROM lodge.entry_pass r WHERE r.renews = t.id))" },
	[BEARER] = { .name = "bearer", .label = N_("Inside, card"), .help = N_("The visitor's card of its bearer while he is inside: with the pass nobody else enters (PASS-03)."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .min = 1, .max = 99999,
		.computed = "(SELECT v.badge FROM lodge.visitor v WHERE v.entry_pass = t.id AND v.state = 'inside')" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "entry pass fields");
static const struct state states[] = {
	[ACTIVE] = { .name = "active", .label = N_("Active"), .open = true },
	[EXPIRED] = { .name = "expired", .label = N_("Expired"), .of = ACTIVE, .computed = "t.valid_until < (SELECT lodge.estate_day())", .open = true },
	[SUSPENDED] = { .name = "suspended", .label = N_("Suspended"), .open = true },
	[RETURNED] = { .name = "returned", .label = N_("Returned") },
};
_Static_assert(NITEMS(states) == NSTATES, "entry pass states");
static const struct deadline deadlines[] = { { .name = "police", .label = N_("Police registration"), .field = POLICE_DUE } };
static const struct guard issuing[] = {
	{ .name = "pass_papers_seen", .rule = "PASS-01", .field = "photo", .sentence = N_("A pass needs all three: photo, original seen, copy taken.") },
	{ .name = "pass_from_in_order", .rule = "PASS-02", .field = "valid_until", .sentence = N_("The pass ends today or later, and on its first day or after.") },
	{ .name = "pass_three_months", .rule = "PASS-02", .field = "valid_until", .sentence = N_("A pass is valid for at most three months; afterwards it is renewed with the papers checked again.") },
	{ .name = "pass_renews_same", .rule = "PASS-02", .field = "renews", .sentence = N_("A pass renews an earlier pass of the same person.") },
	{ .name = NULL },
};
static const struct guard resuming[] = {
	{ .name = "pass_not_expired", .rule = "PASS-03", .sentence = N_("The pass has expired; issue a new one.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "issue", .label = N_("Issue a pass"), .help = N_("Three papers seen, at most three months (PASS-01, PASS-02)."),
		.roles = ISSUERS, .to = ACTIVE, .flags = OP_CREATE, .state_rule = "PASS-01",
		.asks = FIELD(PERSON_NAME) | FIELD(DOC_TAIL) | FIELD(KIND) | FIELD(UNIT) | FIELD(PHOTO) | FIELD(ORIGINAL_SEEN) | FIELD(COPY) | FIELD(VALID_FROM) |
			FIELD(VALID_UNTIL) | FIELD(LIVE_IN) | FIELD(RENEWS),
		.needs = FIELD(PERSON_NAME) | FIELD(KIND) | FIELD(UNIT), .derive = "pass_issued", .guards = issuing, .opens = BIT(0) },
	{ .name = "suspend", .label = N_("Suspend the pass"), .help = N_("The pass is not valid until it is taken up again (PASS-03)."),
		.roles = KEEPERS, .from = BIT(ACTIVE), .to = SUSPENDED, .asks = FIELD(REASON), .needs = FIELD(REASON), .state_rule = "PASS-03",
		.state_sentence = N_("Only an active pass is suspended."), .derive = "pass_changed" },
	{ .name = "resume", .label = N_("Take the pass up again"), .help = N_("The suspended pass is valid again."),
		.roles = KEEPERS, .from = BIT(SUSPENDED), .to = ACTIVE, .state_rule = "PASS-03", .state_sentence = N_("This pass is not suspended."),
		.derive = "pass_changed", .guards = resuming },
	{ .name = "take_back", .label = N_("Take the pass back"), .help = N_("The pass was handed back."),
		.roles = KEEPERS, .from = BIT(ACTIVE) | BIT(SUSPENDED), .to = RETURNED, .asks = FIELD(REASON), .state_rule = "PASS-07",
		.state_sentence = N_("This pass was handed back already."), .derive = "pass_changed" },
	{ .name = "register", .label = N_("Registered with police"), .help = N_("The police registration of who lives in was filed (PASS-05)."),
		.roles = KEEPERS, .from = BIT(ACTIVE) | BIT(SUSPENDED), .to = STATE_SAME, .asks = FIELD(POLICE_REF), .needs = FIELD(POLICE_REF), .state_rule = "PASS-05",
		.state_sentence = N_("This pass was handed back already."), .derive = "pass_registered", .closes = BIT(0) },
};
static const struct view views[] = {
	{ .name = "expired", .label = N_("Passes not handed back"), .where = "{\"state\":\"expired\"}", .sort = "valid_until", .late = true, .roles = KEEPERS },
	{ .name = "to_register", .label = N_("Helpers to register"), .where = "{\"to_register\":true}", .sort = "valid_until", .late = true, .roles = BIT(ROLE_FD) },
	{ .name = "ends_soon", .label = N_("Passes that end soon"), .where = "{\"ends_soon\":true}", .sort = "valid_until", .roles = BIT(ROLE_FD) | BIT(ROLE_SS) },
	{ .name = "active", .label = N_("Entry passes"), .where = "{\"state\":\"active\"}", .sort = "valid_until", .roles = 0 },
};
const struct book book_entry_pass = { .name = "entry_pass", .title = N_("Entry passes"),
	.why = N_("Who works here day by day is known, with papers, for three months at most."),
	.readers = KEEPERS | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_NM), .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_SS),
	.flags = B_AREA, .code = NULL, .caption = "person_name",
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.deadlines = deadlines, .ndeadlines = NITEMS(deadlines), .views = views, .nviews = NITEMS(views) };
