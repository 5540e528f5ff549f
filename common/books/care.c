/*
 * care.c - papers on their way into the archive: from the assistant who collects to the custodian who files.
 *
 * ARC-16, ARC-25: collected and sorted at the desk, handed over with a list, filed as documents, used as
 * loans. Not for: checklists and what is missing (file.c). Trap: who hands over does not take over; `late`
 * is never stored, it is a collection that has lain past its day.
 */
#include "common/books/books.h"

#define COLLECTORS (BIT(ROLE_CSA) | BIT(ROLE_FD) | BIT(ROLE_TSO))

enum { NO, PAPERS, PIECES, HANDED_BY, HANDED_AT, TAKEN_BY, TAKEN_AT, TAKEN_PIECES, REMARK, COLLECTED_BY, COLLECTED_AT, DUE, NFIELDS };
enum { COLLECTED, LATE, HANDED, TAKEN, NSTATES };
enum { DEADLINE_DUE };
static const struct field fields[] = {
	[NO] = { .name = "no", .label = N_("No."), .help = N_("The number of the hand-over, without a gap."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NUMBER | F_NARROW, .max = 20 },
	[PAPERS] = { .name = "papers", .label = N_("Papers"), .help = N_("The list: unit, paper, original or copy; one a line."),
		.type = FT_NOTE, .level = LEVEL_NAME, .flags = F_LIST, .min = 3, .max = 4000 },
	[PIECES] = { .name = "pieces", .label = N_("Pieces"), .help = N_("How many papers change hands."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .min = 1, .max = 9999 },
	[HANDED_BY] = { .name = "handed_by", .label = N_("Handed over by"), .help = N_("Who collected and sorted them."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .ref = "staff" },
	[HANDED_AT] = { .name = "handed_at", .label = N_("Given over"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[TAKEN_BY] = { .name = "taken_by", .label = N_("Taken over by"), .help = N_("The custodian who counted them."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[TAKEN_AT] = { .name = "taken_at", .label = N_("Taken over"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[TAKEN_PIECES] = { .name = "taken_pieces", .label = N_("Counted"), .help = N_("How many there were; empty: as many as listed."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_NARROW, .min = 0, .max = 9999 },
	[REMARK] = { .name = "remark", .label = N_("Remark"), .help = N_("What differs from the list."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = 0, .min = 3, .max = 200 },
	[COLLECTED_BY] = { .name = "collected_by", .label = N_("Collected by"), .help = N_("Who has them until they are handed over."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[COLLECTED_AT] = { .name = "collected_at", .label = N_("Collected"), .help = N_("When the papers came in."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW },
	[DUE] = { .name = "due", .label = N_("Due"), .help = N_("The day by which they go to the custodian."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_SORT | F_NARROW },
};
_Static_assert(NITEMS(fields) == NFIELDS, "paper hand-over fields");
static const struct state states[] = {
	[COLLECTED] = { .name = "collected", .label = N_("Collected"), .open = true },
	[LATE] = { .name = "late", .label = N_("Overdue"), .of = COLLECTED, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[HANDED] = { .name = "handed", .label = N_("Given over"), .open = true },
	[TAKEN] = { .name = "taken", .label = N_("Taken over") },
};
_Static_assert(NITEMS(states) == NSTATES, "paper hand-over states");
static const struct guard handing[] = {
	{ .name = "papers_own", .rule = "ARC-16", .sentence = N_("A colleague has collected these papers, and hands them over.") },
	{ .name = NULL },
};
static const struct guard taking[] = {
	{ .name = "papers_two_persons", .rule = "ARC-16", .sentence = N_("Who handed the papers over does not take them over; the custodian does.") },
	{ .name = "papers_difference_told", .rule = "ARC-16", .field = "remark", .sentence = N_("The count differs from the list; say what differs.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "collect", .label = N_("Collect papers"), .help = N_("What came in is written down; it goes to the custodian within some days (ARC-16)."),
		.roles = COLLECTORS, .to = COLLECTED, .flags = OP_CREATE, .asks = FIELD(PAPERS) | FIELD(PIECES),
		.needs = FIELD(PAPERS) | FIELD(PIECES), .derive = "papers_collected", .opens = BIT(DEADLINE_DUE) },
	{ .name = "hand", .label = N_("Hand papers over"), .help = N_("What was collected and sorted goes to the custodian, with a list (ARC-16)."),
		.roles = COLLECTORS, .from = BIT(COLLECTED), .to = HANDED, .flags = OP_CREATE | OP_RESUME, .asks = FIELD(PAPERS) | FIELD(PIECES),
		.needs = FIELD(PAPERS) | FIELD(PIECES), .state_rule = "ARC-16", .state_sentence = N_("These papers have been handed over already."),
		.derive = "papers_handed", .guards = handing, .closes = BIT(DEADLINE_DUE) },
	{ .name = "take", .label = N_("Take papers over"), .help = N_("The custodian counts them and files them (ARC-16)."),
		.roles = BIT(ROLE_ACU), .from = BIT(HANDED), .to = TAKEN, .asks = FIELD(TAKEN_PIECES) | FIELD(REMARK), .state_rule = "ARC-16",
		.state_sentence = N_("These papers have been taken over already."), .derive = "papers_taken", .guards = taking },
};
static const struct deadline deadlines[] = { [DEADLINE_DUE] = { .name = "papers_due", .label = N_("Papers go to the custodian"), .field = DUE } };
static const struct view views[] = {
	{ .name = "late", .label = N_("Papers kept too long"), .where = "{\"state\":\"late\"}", .sort = "due", .late = true,
		.roles = BIT(ROLE_CSA) | BIT(ROLE_CSS) },
	{ .name = "to_hand", .label = N_("Papers to hand over"), .where = "{\"state\":[\"collected\",\"late\"]}", .sort = "due", .roles = BIT(ROLE_CSA) },
	{ .name = "to_take", .label = N_("Papers to take over"), .where = "{\"state\":\"handed\"}", .sort = "id", .roles = BIT(ROLE_ACU) },
};
const struct book book_paper_handover = { .name = "paper_handover", .title = N_("Papers handed over"),
	.why = N_("No paper is lost between the counter and the drawer."),
	.readers = COLLECTORS | BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM),
	.historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU),
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.deadlines = deadlines, .ndeadlines = NITEMS(deadlines), .views = views, .nviews = NITEMS(views) };
