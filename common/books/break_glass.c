/*
 * break_glass.c - each use of what an emergency opened of the residents' archive, for somebody else to look over.
 *
 * EMG-12, VUL-07. A row is made with the ticket itself (server/rules/night_glass.sql) and stands on every hand-over until it has
 * been reviewed; after emergency.review_hours it is overdue, and stands with the management too. Not for: opening by one's own right; that is in the log only. Trap: it names fields, never what stood in them.
 */
#include "common/books/shorthand.h"

#define REVIEWERS (BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM))

static const struct choice verdicts[] = { { "needed", N_("Was needed") }, { "not_needed", N_("Was not needed") }, { NULL, NULL } };
enum { EMERGENCY, UNIT, BOOK, RECORD, OPENED, PURPOSE, READ_BY, READ_AT, REVIEW_DUE, VERDICT, NOTE, REVIEWED_BY, REVIEWED_AT, NFIELDS };
enum { USED, OVERDUE, REVIEWED, NSTATES };
static const struct field fields[] = {
	[EMERGENCY] = REF("emergency", N_("Case"), N_("The emergency that opened it."), F_AUTO, "emergency"),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit of the record; none: who needs help in the whole zone."), F_AUTO | F_LIST | F_NARROW, "unit"),
	[BOOK] = TEXT("book", N_("Book"), N_("In which book."), LEVEL_OPEN, F_AUTO | F_LIST | F_BOOK_NAME | F_NARROW, 1, 48),
	[RECORD] = INT("record", N_("Record"), N_("Which record."), F_AUTO | F_NARROW, 0, 0),
	[OPENED] = TEXT("opened", N_("Fields"), N_("Which fields were opened; never their values."), LEVEL_OPEN, F_AUTO | F_LIST | F_WORDS, 1, 400),
	[PURPOSE] = TEXT("purpose", N_("Purpose"), N_("Why, as it was said then."), LEVEL_OPEN, F_AUTO, 5, 200),
	[READ_BY] = REF("read_by", N_("Read by"), N_("Who opened it."), F_AUTO | F_LIST | F_PARTY, "staff"),
	[READ_AT] = STAMP("read_at", N_("Opened"), N_("When."), F_LIST | F_SORT),
	[REVIEW_DUE] = STAMP("review_due", N_("Review by"), N_("By then somebody else has looked it over (policy emergency.review_hours)."), F_LIST | F_SORT),
	[VERDICT] = CHOICE("verdict", N_("Verdict"), N_("Whether it was needed."), F_LIST, verdicts),
	[NOTE] = TEXT("note", N_("Note"), N_("What is done about it."), LEVEL_OPEN, 0, 2, 400),
	[REVIEWED_BY] = REF("reviewed_by", N_("Reviewed by"), N_("Who looked it over; never who opened it."), F_AUTO, "staff"),
	[REVIEWED_AT] = STAMP("reviewed_at", N_("Reviewed"), N_("When."), 0),
};
_Static_assert(NITEMS(fields) == NFIELDS, "break glass fields");
static const struct state states[] = {
	[USED] = { .name = "used", .label = N_("To review"), .open = true, .born = true },
	[OVERDUE] = { .name = "overdue", .label = N_("Review overdue"), .of = USED, .computed = "t.review_due <= (SELECT lodge.lodge_now())", .open = true },
	[REVIEWED] = { .name = "reviewed", .label = N_("Review done") },
};
_Static_assert(NITEMS(states) == NSTATES, "break glass states");
static const struct guard reviewing[] = {
	{ .name = "glass_by_another", .rule = "EMG-12", .code = ERR_FORBIDDEN, .sentence = N_("Nobody reviews what he opened himself.") }, { .name = NULL } };
static const struct op ops[] = {
	{ .name = "review", .label = N_("Review the opening"), .help = N_("Somebody else looks over whether it was needed (EMG-12)."), .roles = REVIEWERS, .from = BIT(USED), .to = REVIEWED,
		.asks = FIELD(VERDICT) | FIELD(NOTE), .needs = FIELD(VERDICT), .state_rule = "EMG-12", .state_sentence = N_("This has been reviewed."),
		.derive = "glass_reviewed", .guards = reviewing },
};
static const struct view views[] = {
	{ .name = "break_glass_review", .label = N_("Openings to review"), .where = "{\"state\":[\"used\",\"overdue\"]}", .sort = "review_due", .roles = REVIEWERS, .late = true },
	{ .name = "break_glass_overdue", .label = N_("Openings: review overdue"), .where = "{\"state\":\"overdue\"}", .sort = "review_due", .roles = BIT(ROLE_DEM) | BIT(ROLE_EM), .late = true },
};
static const struct choice acts[] = { { "use", N_("Opened in an emergency") }, { NULL, NULL } };
const struct book book_break_glass = { .name = "break_glass", .title = N_("Emergency openings"),
	.why = N_("Whoever opens a household in an emergency is looked at by somebody else."),
	.readers = REVIEWERS, .parties = BIT(ROLE_NM), .historians = REVIEWERS, .acts = acts, .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES,
	.ops = ops, .nops = NITEMS(ops), .views = views, .nviews = NITEMS(views) };
