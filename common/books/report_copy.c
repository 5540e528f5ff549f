/*
 * report_copy.c - the archive of reports: figures as they were counted once, shown again later (RES-06).
 *
 * Not for: the figures themselves, which report.kept answers; they are no field, so that lists stay small.
 * Trap: a copy tells what its keeper's role saw, so he sees it in that role only, and the estate manager does.
 */
#include "common/books/books.h"

enum { REPORT, SORT, ROLE, KEPT_AT, KEPT_BY, DIGEST, NFIELDS };
static const struct field fields[] = {
	[REPORT] = { .name = "report", .label = N_("Report"), .help = N_("Its name, as `lodge report` lists it."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_REPORT, .min = 3, .max = 64 },
	[SORT] = { .name = "sort", .label = N_("Number"), .help = N_("The number that its bars are drawn of; the first when not given."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .min = 2, .max = 64 },
	[ROLE] = { .name = "role", .label = N_("Role"), .help = N_("The role in which it was counted."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_ROLES, .max = 8 },
	[KEPT_AT] = { .name = "kept_at", .label = N_("Kept at"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_SORT | F_NARROW },
	[KEPT_BY] = { .name = "kept_by", .label = N_("Kept by"), .help = N_("Who saw these figures."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_PARTY, .ref = "staff" },
	[DIGEST] = { .name = "digest", .label = N_("Digest"), .help = N_("SHA-256 over the figures, to compare with a printed one."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO, .max = 64 },
};
_Static_assert(NITEMS(fields) == NFIELDS, "report copy fields");
static const struct state states[] = { { .name = "kept", .label = N_("Kept") } };
static const struct guard keeping[] = {
	{ .name = "report_counted", .rule = "RES-06", .code = ERR_FORBIDDEN, .field = "report", .sentence = N_("There is no such report, or your role does not see it.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "keep", .label = N_("Keep the figures"), .help = N_("The report is counted now and kept as it is, below the level of telephones (RES-06)."),
		.roles = ROLES_ALL, .flags = OP_CREATE | OP_FIGURES, .asks = FIELD(REPORT) | FIELD(SORT), .needs = FIELD(REPORT),
		.derive = "report_kept", .guards = keeping, .effect = "report_kept" },
};
/* A copy tells what a role saw: another role of the same person does not see it; EM sees all. */
static const struct narrowing narrowed[] = {
#define X(id, label) { .roles = BIT(ROLE_##id), .sql = "'" #id "' IN (t.role, 'EM')" },
	ROLE_WORDS(X)
#undef X
	{ 0, NULL },
};
const struct book book_report_copy = { .name = "report_copy", .title = N_("Kept reports"),
	.why = N_("What was reported once can be shown again as it was."),
	.readers = BIT(ROLE_EM), .parties = ROLES_ALL, .narrowed = narrowed, .historians = BIT(ROLE_EM),
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NITEMS(states), .ops = ops, .nops = NITEMS(ops) };
