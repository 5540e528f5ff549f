/*
 * log.c - the log as a book (event), and the running time limits (deadline).
 *
 * Read-only: rows are written by the compiled operations alone. Not for: a record's history, which
 * is a view of event by record. Trap: event is insert-only and has no version; its key is seq.
 */
#include "common/books/shorthand.h"

#define WORD(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW | (f), .max = 64 }
static const struct choice results[] = { { "ok", N_("Done") }, { "refused", N_("refused") }, { "forbidden", N_("forbidden") },
	{ "conflict", N_("conflict") }, { "not_found", N_("not found") }, { NULL, NULL } };
/* What stands in the way where no rule has an ID. */
static const struct choice guards[] = { { "role", N_("Role") }, { "scope", N_("Out of reach") }, { "reference", N_("No such record") },
	{ "level", N_("Clearance") }, { "version", N_("Changed meanwhile") }, { "password", N_("Wrong password") }, { "op_id_used", N_("Sent twice") }, { NULL, NULL } };
enum { AT, OCCURRED, SHIFT, STAFF, ROLE, TERMINAL, BOOK, RECORD, OP, RESULT, GUARD, PURPOSE, FIELDS, NFIELDS };
static const struct field fields[] = {
	[AT] = { .name = "at", .label = N_("When"), .help = N_("The server's time."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[OCCURRED] = { .name = "occurred", .label = N_("Occurred"), .help = N_("When it happened, if it was written down later."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[SHIFT] = SHIFT_OF("at"),
	[STAFF] = { .name = "staff", .label = N_("Who"), .help = N_("Who did it."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .ref = "staff" },
	[ROLE] = { .name = "role", .label = N_("Role"), .help = N_("In which role."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW | F_ROLES, .max = 64 },
	[TERMINAL] = { .name = "terminal", .label = N_("Terminal"), .help = N_("Where."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO, .max = 64 },
	[BOOK] = WORD("book", N_("Book"), N_("In which book."), F_BOOK_NAME),
	[RECORD] = { .name = "record", .label = N_("Record"), .help = N_("On which record."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[OP] = WORD("op", N_("Operation"), N_("What was done or tried."), F_BOOK_WORD),
	[RESULT] = { .name = "result", .label = N_("Result"), .help = N_("Done or refused."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .choices = results },
	[GUARD] = { .name = "guard", .label = N_("Rule"), .help = N_("The rule that refused it."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .max = 64, .choices = guards },
	[PURPOSE] = { .name = "purpose", .label = N_("Purpose"), .help = N_("Why, where a reason was asked for."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO, .max = 200 },
	[FIELDS] = { .name = "fields", .label = N_("Fields"), .help = N_("Which fields were written or opened; never their values."),
		.type = FT_WORDS, .level = LEVEL_OPEN, .flags = F_AUTO | F_BOOK_WORD },
};
_Static_assert(NITEMS(fields) == NFIELDS, "event fields");
static const struct narrowing narrowed[] = { { BIT(ROLE_DEM), "t.book = 'loan'" }, { 0, NULL } };
static const struct view views[] = {
	{ .name = "refusals", .label = N_("Refusals"), .where = "{\"result\":[\"refused\",\"forbidden\"]}", .sort = "-id",
		.roles = BIT(ROLE_EM) | BIT(ROLE_DEM) },
};
const struct book book_event = { .name = "event", .title = N_("The log"), .key = "seq",
	.why = N_("What was done, by whom, why; and what was refused (CNF-13)."),
	.readers = BIT(ROLE_EM) | BIT(ROLE_DEM), .narrowed = narrowed, .flags = B_NO_VERSION,
	.fields = fields, .nfields = NFIELDS, .views = views, .nviews = NITEMS(views) };

enum { D_BOOK, D_RECORD, D_KIND, D_DUE, D_MET, D_NFIELDS };
static const struct field deadline_fields[] = {
	[D_BOOK] = WORD("book", N_("Book"), N_("In which book."), F_BOOK_NAME),
	[D_RECORD] = { .name = "record", .label = N_("Record"), .help = N_("Of which record."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[D_KIND] = WORD("kind", N_("Limit"), N_("Which time limit."), F_BOOK_WORD),
	[D_DUE] = { .name = "due", .label = N_("Due"), .help = N_("By when."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO | F_NARROW },
	[D_MET] = { .name = "met", .label = N_("Met"), .help = N_("When it was met; empty while it runs."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
};
_Static_assert(NITEMS(deadline_fields) == D_NFIELDS, "deadline fields");
const struct book book_deadline = { .name = "deadline", .title = N_("Time limits"),
	.why = N_("Every clock of the house rules; late is computed when it is read."),
	.readers = BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM), .flags = B_AREA | B_NO_VERSION,
	.fields = deadline_fields, .nfields = D_NFIELDS };
