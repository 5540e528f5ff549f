/*
 * staff.c - the employees who use or are named in the house's books.
 *
 * Accounts, passwords and roles are administration (`lodged staff`), not operations of a book, so
 * that no desk can make itself a key. Not for: residents. Trap: the work number is OPEN and
 * stands in every log; a private telephone is FULL and stays so without consent (CNF-12).
 */
#include "common/books/books.h"

static const struct choice sexes[] = { { "f", N_("Female") }, { "m", N_("Male") }, { NULL, NULL } };
static const struct choice statuses[] = { { "training", N_("In training") }, { "probation", N_("On probation") },
	{ "confirmed", N_("Confirmed") }, { "left", N_("Left") }, { NULL, NULL } };
enum { WORK_NO, LOGIN, NAME, SEX, DEPARTMENT, PHONE, JOINED, LEFT, STATUS, NFIELDS };
static const struct field fields[] = {
	[WORK_NO] = { .name = "work_no", .label = N_("Work number"), .help = N_("The number on the badge."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_AUTO | F_NARROW, .max = 16 },
	[LOGIN] = { .name = "login", .label = N_("Sign-in name"), .help = N_("The name used to sign in."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .max = 32 },
	[NAME] = { .name = "name", .label = N_("Name"), .help = N_("The employee's name."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST | F_AUTO, .max = 80 },
	[SEX] = { .name = "sex", .label = N_("Sex"), .help = N_("Needed where a rule asks for the same sex (STF-09)."),
		.type = FT_CHOICE, .level = LEVEL_FULL, .flags = F_AUTO, .choices = sexes },
	[DEPARTMENT] = { .name = "department", .label = N_("Department"), .help = N_("The department he works in."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "department" },
	[PHONE] = { .name = "phone", .label = N_("Telephone"), .help = N_("His own number; not given to visitors without consent (CNF-12)."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = F_AUTO, .max = 24 },
	[JOINED] = { .name = "joined", .label = N_("Joined"), .help = N_("First day."),
		.type = FT_DATE, .level = LEVEL_OPEN, .flags = F_AUTO },
	[LEFT] = { .name = "left_on", .label = N_("Left on"), .help = N_("Last day."),
		.type = FT_DATE, .level = LEVEL_OPEN, .flags = F_AUTO },
	[STATUS] = { .name = "status", .label = N_("Status"), .help = N_("Where the employment stands."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .choices = statuses },
};
_Static_assert(NITEMS(fields) == NFIELDS, "staff fields");
static const struct part parts[] = {
	{ .name = "loans", .label = N_("Open loans"), .book = "loan", .by = "requester", .sort = "-id",
		.where = "{\"state\":[\"requested\",\"endorsed\",\"approved\",\"expired\",\"issued\",\"overdue\"]}" },
};
static const struct choice acts[] = { { "password", N_("Change of password") }, { NULL, NULL } };
const struct book book_staff = { .name = "staff", .title = N_("Staff"),
	.why = N_("Every act has one actor; shared accounts do not exist."),
	.readers = ROLES_EVERYBODY, .code = "work_no", .alias = "login", .caption = "name",
	.acts = acts, .fields = fields, .nfields = NFIELDS, .parts = parts, .nparts = NITEMS(parts) };
