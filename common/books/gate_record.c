/*
 * gate_record.c - what was done while the server could not be reached: marked "recorded offline" for ever.
 *
 * A terminal's journal is replayed in its order (server/recorded.c), and each record leaves one row here, written by the
 * house alone. What the rules refused afterwards is an exception that the security supervisor settles; nothing is dropped.
 * Not for: the operation itself, which stands in its own book. Trap: recorded_by is who was signed in at the terminal,
 * taken_by whose session handed it in; the operation's event names the latter.
 */
#include "common/books/shorthand.h"

#define SETTLERS (BIT(ROLE_SL) | BIT(ROLE_SS))

static const struct choice outcomes[] = { { "taken", N_("Taken over") }, { "exception", N_("Exception") }, { NULL, NULL } };
static const struct choice results[] = { { "ok", N_("Done") }, { "refused", N_("refused") }, { "forbidden", N_("forbidden") },
	{ "conflict", N_("conflict") }, { "not_found", N_("not found") }, { "invalid", N_("not possible") }, { NULL, NULL } };
enum { TERMINAL, COUNTER, RECORDED_AT, RECORDED_BY, TAKEN_AT, TAKEN_BY, BOOK, OP, RECORD, CONTENT, WRITTEN, OUTCOME, RESULT, RULE, NOTE, SETTLED_BY, SETTLED_AT,
	NFIELDS };
enum { TAKEN, OPEN, SETTLED, NSTATES };
static const struct field fields[] = {
	[TERMINAL] = TEXT("terminal", N_("Terminal"), N_("Where."), LEVEL_OPEN, F_AUTO | F_LIST | F_NARROW, 1, 64),
	[COUNTER] = INT("counter", N_("Record no."), N_("Its place in the terminal's journal."), F_AUTO | F_NARROW, 1, 0),
	[RECORDED_AT] = STAMP("recorded_at", N_("Recorded"), N_("When it was done and written down."), F_LIST),
	[RECORDED_BY] = REF("recorded_by", N_("Recorded by"), N_("Who was signed in at the terminal."), F_AUTO | F_LIST, "staff"),
	[TAKEN_AT] = STAMP("taken_at", N_("Handed in"), N_("When the server had it."), 0),
	[TAKEN_BY] = REF("taken_by", N_("Handed in by"), N_("Whose session handed it in."), F_AUTO, "staff"),
	[BOOK] = TEXT("book", N_("Book"), N_("In which book."), LEVEL_OPEN, F_AUTO | F_LIST | F_NARROW | F_BOOK_NAME, 1, 64),
	[OP] = TEXT("op", N_("Operation"), N_("What was done or tried."), LEVEL_OPEN, F_AUTO | F_LIST | F_NARROW | F_BOOK_WORD, 1, 64),
	[RECORD] = INT("record", N_("Record"), N_("On which record."), F_AUTO | F_NARROW, 1, 0),
	[CONTENT] = TEXT("content", N_("What"), N_("The names and words of the record; what is confidential is left out."), LEVEL_NAME, F_AUTO | F_LIST, 0, 400),
	[WRITTEN] = { .name = "written", .label = N_("Whole record"), .help = N_("As the terminal wrote it."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = F_AUTO | F_CRYPT, .max = 16384 },
	[OUTCOME] = CHOICE("outcome", N_("Outcome"), N_("Taken over, or an exception that the rules refused afterwards."), F_AUTO | F_NARROW, outcomes),
	[RESULT] = CHOICE("result", N_("Result"), N_("Done or refused."), F_AUTO | F_LIST | F_NARROW, results),
	[RULE] = TEXT("rule", N_("Rule"), N_("The rule that refused it."), LEVEL_OPEN, F_AUTO | F_LIST | F_NARROW, 0, 64),
	[NOTE] = TEXT("note", N_("Note"), N_("What was found out, what was done."), LEVEL_NAME, 0, 3, 400),
	[SETTLED_BY] = REF("settled_by", N_("Settled by"), N_("Who settled it."), F_AUTO, "staff"),
	[SETTLED_AT] = STAMP("settled_at", N_("Settled"), N_("When."), 0),
};
_Static_assert(NITEMS(fields) == NFIELDS, "gate record fields");
static const struct state states[] = {
	[TAKEN] = { .name = "taken", .label = N_("Taken over"), .born = true },
	[OPEN] = { .name = "open", .label = N_("Exception"), .open = true, .born = true },
	[SETTLED] = { .name = "settled", .label = N_("Settled") },
};
_Static_assert(NITEMS(states) == NSTATES, "gate record states");
static const struct op ops[] = {
	{ .name = "settle", .label = N_("Settle the exception"), .help = N_("What was done about it is written down and stays."),
		.roles = SETTLERS, .from = BIT(OPEN), .to = SETTLED, .asks = FIELD(NOTE), .needs = FIELD(NOTE), .state_rule = "VIS-08",
		.state_sentence = N_("There is nothing to settle."), .derive = "gate_record_settled" },
};
static const struct view views[] = {
	{ .name = "exceptions", .label = N_("Offline records refused later"), .where = "{\"state\":\"open\"}", .sort = "recorded_at", .late = true, .roles = SETTLERS },
	{ .name = "all", .label = N_("Recorded offline"), .where = "{}", .sort = "-id", .roles = 0 },
};
const struct book book_gate_record = { .name = "gate_record", .title = N_("Recorded offline"),
	.why = N_("The gate never stops, and nothing that it did meanwhile is lost or doubled."),
	.readers = BIT(ROLE_SG) | SETTLERS | BIT(ROLE_NM) | BIT(ROLE_CM) | BIT(ROLE_EM), .historians = BIT(ROLE_EM) | BIT(ROLE_SS),
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views) };
