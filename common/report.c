/*
 * report.c - the reports of the house, and small questions about them.
 *
 * To add one: a row here, its function in server/reports/, its texts in client/po/. Not for:
 * counting. Trap: `where` is judged by the list of the book as if the reader had typed it, so it may
 * name only what he may filter by; reports_check knows the fields, the policy the clearances.
 */
#include "common/report.h"

#include <string.h>

#include "common/books/books.h"

#define LOOKERS (ROLES_CENTRE | BIT(ROLE_DEM) | BIT(ROLE_EM))
#define PLANNERS (BIT(ROLE_ACU) | BIT(ROLE_TSO) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM))
#define LENDERS (ROLES_CENTRE | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_GM) | BIT(ROLE_HR))

#define MANAGERS (BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM))

#define GROUP_REF(n, l, h, v, r) .kind = COLUMN_GROUP, .field = { .name = n, .label = l, .help = h, .type = FT_REF, .level = v, .ref = r }
#define COUNT(n, l, h, v) .kind = COLUMN_COUNT, .field = { .name = n, .label = l, .help = h, .type = FT_INT, .level = v }
#define OPEN_STATES "\"state\":[\"requested\",\"endorsed\",\"approved\",\"expired\",\"issued\",\"overdue\""
#define OPEN_LOANS OPEN_STATES "]"
#define ASKED_LOANS OPEN_STATES ",\"returned\",\"damaged\",\"rejected\",\"withdrawn\",\"passed_on\"]"
/* What every report on loans counts. */
#define LOAN_COUNTS \
	{ COUNT("open", N_("Open"), N_("Loans that are not over, overdue ones among them."), LEVEL_OPEN), .where = OPEN_LOANS }, \
	{ COUNT("overdue", N_("Overdue"), N_("Files that should be back."), LEVEL_OPEN), .where = "\"state\":\"overdue\"" }, \
	{ COUNT("refused", N_("Rejected"), N_("Requests that an approver rejected."), LEVEL_OPEN), .where = "\"state\":\"rejected\"" }

static const struct choice uses[] = { { "residential", N_("Residential") }, { "office", N_("Office") }, { "shop", N_("Shop") },
	{ "dormitory", N_("Dormitory") }, { "management", N_("Management") }, { NULL, NULL } };
static const struct choice forms[] = { { "single", N_("One person") }, { "two", N_("Two persons") }, { "three", N_("Three persons") },
	{ "four", N_("Four persons") }, { "five", N_("Five persons") }, { "more", N_("Six persons and more") }, { NULL, NULL } };
static const struct choice bands[] = { { "to_5", N_("Up to 5 years") }, { "to_17", N_("6 to 17") }, { "to_34", N_("18 to 34") },
	{ "to_59", N_("35 to 59") }, { "to_79", N_("60 to 79") }, { "from_80", N_("80 and over") }, { "unknown", N_("Not known") }, { NULL, NULL } };

static const struct report_column unit_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "use", .label = N_("Use"), .help = N_("What the unit is used as."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .choices = uses } },
	{ COUNT("in_use", N_("In use"), N_("Units that are lived or worked in."), LEVEL_OPEN), .where = "\"status\":\"occupied\"" },
	{ COUNT("vacant", N_("Vacant"), N_("Units that stand empty."), LEVEL_OPEN), .where = "\"status\":\"vacant\"" },
	{ COUNT("units", N_("Units"), N_("All units."), LEVEL_OPEN) },
};
static const struct report_column size_columns[] = {
	{ GROUP_REF("unit", N_("Unit"), N_("The unit the household lives in."), LEVEL_OPEN, "unit") },
	{ GROUP_REF("household", N_("Household"), N_("The name the household goes by."), LEVEL_NAME, "household") },
	{ COUNT("persons", N_("Persons"), N_("Persons who belong to it now."), LEVEL_NAME), .where = "\"left_on\":null" },
};
static const struct report_column contact_columns[] = {
	{ GROUP_REF("unit", N_("Unit"), N_("The unit the household lives in."), LEVEL_OPEN, "unit") },
	{ GROUP_REF("household", N_("Household"), N_("The name the household goes by."), LEVEL_NAME, "household") },
	{ .kind = COLUMN_GROUP, .field = { .name = "telephones", .label = N_("Telephones"),
		.help = N_("Mobile and home numbers of its persons; locked where it is an important household."), .type = FT_TEXT, .level = LEVEL_CONTACT } },
	{ .kind = COLUMN_GROUP, .field = { .name = "email", .label = N_("E-mail"), .help = N_("Opened person by person, with a purpose."),
		.type = FT_TEXT, .level = LEVEL_FULL } },
	{ COUNT("numbers", N_("Numbers"), N_("Different numbers under which it is reached."), LEVEL_CONTACT), .where = "\"left_on\":null" },
};
static const struct report_column form_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "form", .label = N_("Living form"), .help = N_("How many persons live together."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .choices = forms } },
	{ COUNT("households", N_("Households"), N_("Households of that many persons; organisations are left out."), LEVEL_NAME) },
	{ .kind = COLUMN_KEY, .field = { .name = "households_first", .label = N_("Households"), .help = N_("The first 200 of them."),
		.type = FT_IDS, .level = LEVEL_NAME } },
};
static const struct report_column age_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "band", .label = N_("Age"), .help = N_("Years of age today."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .choices = bands } },
	{ COUNT("persons", N_("Persons"), N_("Persons of that age; few of them are not told."), LEVEL_FULL) },
};
static const struct report_column nanny_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "area", .label = N_("Area"), .help = N_("The number of the area; 0 is the estate office itself."),
		.type = FT_AREA, .level = LEVEL_OPEN } },
	{ COUNT("nannies", N_("Nannies"), N_("Nannies who live here; few of them are not told."), LEVEL_FULL) },
	{ COUNT("households", N_("Households"), N_("Households with a nanny; few of them are not told."), LEVEL_FULL) },
};
static const struct report_column risk_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "area", .label = N_("Area"), .help = N_("The number of the area; 0 is the estate office itself."),
		.type = FT_AREA, .level = LEVEL_OPEN } },
	{ COUNT("households", N_("Households"), N_("Households listed as V1; few of them are not told."), LEVEL_FULL) },
};
static const struct report_column file_columns[] = {
	{ GROUP_REF("file", N_("File"), N_("The file that was asked for."), LEVEL_OPEN, "file") }, LOAN_COUNTS };
static const struct report_column borrower_columns[] = {
	{ GROUP_REF("borrower", N_("Borrower"), N_("Who has or wanted the file."), LEVEL_OPEN, "staff"), .nothing = N_("Outsiders") }, LOAN_COUNTS };
static const struct report_column department_columns[] = {
	{ GROUP_REF("department", N_("Department"), N_("The borrower's department."), LEVEL_OPEN, "department"), .nothing = N_("Outsiders") }, LOAN_COUNTS };
static const struct report_column month_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "month", .label = N_("Month"), .help = N_("The month in which the file was asked for."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .max = 7 } },
	LOAN_COUNTS,
	{ COUNT("requested", N_("Requested"), N_("All that were asked for; a mistyped row counts once."), LEVEL_OPEN), .where = ASKED_LOANS },
	{ .kind = COLUMN_KEY, .field = { .name = "since", .label = N_("Month begins"), .help = N_("Where the month begins."), .type = FT_TIME, .level = LEVEL_OPEN } },
	{ .kind = COLUMN_KEY, .field = { .name = "before", .label = N_("Month ends"), .help = N_("Where the next one begins."), .type = FT_TIME, .level = LEVEL_OPEN } },
};
static const struct report_column rule_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "rule", .label = N_("Rule"), .help = N_("The rule that refused it."), .type = FT_TEXT, .level = LEVEL_OPEN, .max = 64 },
		.nothing = N_("No rule") },
	{ COUNT("refusals", N_("Refusals"), N_("Acts on loans that were refused."), LEVEL_OPEN) },
};

/* ---- the night ---- */

#define GROUP_KIND(h, c) .kind = COLUMN_GROUP, .field = { .name = "kind", .label = N_("Kind"), .help = h, .type = FT_CHOICE, .level = LEVEL_OPEN, .choices = c }
#define KEY_TIME(n, l, h) .kind = COLUMN_KEY, .field = { .name = n, .label = l, .help = h, .type = FT_TIME, .level = LEVEL_OPEN }
#define WRITTEN "\"state\":[\"open\",\"closed\",\"carried\"]"
#define MATTERS "\"state\":[\"open\",\"closed\"]" /* a matter that goes on stands in the entry that took it on */
#define NOT_VOID "\"state\":[\"opened\",\"opened_late\",\"reported\",\"reported_late\",\"submitted\",\"copies_late\",\"copied\",\"filed\"]"

static const struct report_column night_entry_columns[] = {
	{ GROUP_KIND(N_("What the entries are about."), duty_entry_kinds) },
	{ GROUP_REF("page", N_("Page"), N_("The page of the night."), LEVEL_OPEN, "duty_page") },
	{ COUNT("entries", N_("Entries"), N_("Entries of that page that were not struck."), LEVEL_OPEN), .where = WRITTEN },
	{ COUNT("open", N_("Open"), N_("Matters that still have no result."), LEVEL_OPEN), .where = "\"state\":\"open\"" },
	{ COUNT("in_person", N_("In person"), N_("Matters that have to be reported in person."), LEVEL_OPEN), .where = WRITTEN ",\"important\":true" },
};
static const struct report_column night_incident_columns[] = {
	{ GROUP_KIND(N_("What it was."), incident_kinds) },
	{ COUNT("incidents", N_("Incidents"), N_("Incidents discovered in the night; voided ones are left out."), LEVEL_OPEN), .where = NOT_VOID },
	{ COUNT("major", N_("Major"), N_("Major ones among them."), LEVEL_OPEN), .where = NOT_VOID ",\"severity\":\"major\"" },
	{ KEY_TIME("since", N_("Night begins"), N_("Where the night begins.")) },
	{ KEY_TIME("before", N_("Night ends"), N_("Where the day begins.")) },
};
/* INC-12: what, where and how grave it was, and whether the written report kept its time limit. */
#define YEAR ",\"discovered_at\":{\"from\":$since}"
#define INCIDENT_COUNTS \
	{ COUNT("incidents", N_("Incidents"), N_("Incidents of the last twelve months; voided ones are left out."), LEVEL_OPEN), .where = NOT_VOID }, \
	{ COUNT("major", N_("Major"), N_("Major ones among them."), LEVEL_OPEN), .where = NOT_VOID ",\"severity\":\"major\"" }, \
	{ COUNT("kept", N_("In time"), N_("Reports that kept their time limit."), LEVEL_OPEN), .where = NOT_VOID ",\"in_time\":true" }, \
	{ COUNT("missed", N_("Missed"), N_("Reports that came late, not in person, or are late now."), LEVEL_OPEN), .where = NOT_VOID ",\"in_time\":false" }, \
	{ COUNT("running", N_("Still running"), N_("Reports whose time limit still runs."), LEVEL_OPEN), .where = NOT_VOID ",\"in_time\":null" }, \
	{ KEY_TIME("since", N_("Since"), N_("Where the twelve months begin.")) }
static const struct report_column incident_kind_columns[] = { { GROUP_KIND(N_("What it was."), incident_kinds) }, INCIDENT_COUNTS };
static const struct report_column incident_place_columns[] = {
	{ GROUP_REF("building", N_("Building"), N_("The building that the place names."), LEVEL_OPEN, "building"), .nothing = N_("Elsewhere") }, INCIDENT_COUNTS };
static const struct report_column incident_severity_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "severity", .label = N_("Severity"), .help = N_("General or major."), .type = FT_CHOICE, .level = LEVEL_OPEN,
		.choices = incident_severities } },
	INCIDENT_COUNTS,
};
static const struct report_column night_post_columns[] = {
	{ GROUP_REF("post", N_("Post"), N_("Posts in use; those that nobody checked come first."), LEVEL_OPEN, "post") },
	{ GROUP_REF("shift", N_("Shift"), N_("The night."), LEVEL_OPEN, "shift") },
	{ COUNT("checks", N_("Checks"), N_("How often the post was checked."), LEVEL_OPEN), .where = "\"state\":[\"signed\",\"offline\",\"absent\"]" },
	{ COUNT("absent", N_("Nobody there"), N_("Checks that found nobody."), LEVEL_OPEN), .where = "\"state\":\"absent\"" },
	{ COUNT("weak", N_("Weak proof"), N_("Signatures that prove little."), LEVEL_OPEN), .where = "\"state\":[\"signed\",\"offline\"],\"weak\":true" },
};
static const struct report_column night_missed_columns[] = {
	{ GROUP_REF("post", N_("Post"), N_("Posts with something missing or odd; those that were missed most come first."), LEVEL_OPEN, "post") },
	{ .kind = COLUMN_GROUP, .field = { .name = "missed_at", .label = N_("Missed at"), .help = N_("At which times nobody had come."), .type = FT_TEXT, .level = LEVEL_OPEN, .max = 100 } },
	{ COUNT("missed", N_("Checks missed"), N_("How many times of check passed without one."), LEVEL_OPEN) },
	{ COUNT("wrong", N_("Wrong person"), N_("Checks that found somebody else there."), LEVEL_OPEN), .where = "\"state\":\"absent\"" },
	{ COUNT("fast", N_("Too fast"), N_("Checks so soon after the one before that nobody walks there in the time."), LEVEL_OPEN), .where = "\"too_fast\":true" },
	{ KEY_TIME("since", N_("Night begins"), N_("Where the night begins.")) },
	{ KEY_TIME("before", N_("Night ends"), N_("Where the day begins.")) },
};
static const struct report_column week_columns[] = {
	{ .kind = COLUMN_GROUP, .field = { .name = "week", .label = N_("Week"), .help = N_("The week in which it happened, Monday to Sunday."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .max = 8 } },
	{ GROUP_KIND(N_("What the matters are about."), duty_entry_kinds) },
	{ COUNT("matters", N_("Matters"), N_("Matters of the duty pages; one that went over to another page counts once."), LEVEL_OPEN), .where = MATTERS },
	{ COUNT("open", N_("Open"), N_("Matters that still have no result."), LEVEL_OPEN), .where = "\"state\":\"open\"" },
	{ COUNT("in_person", N_("In person"), N_("Matters that have to be reported in person."), LEVEL_OPEN), .where = MATTERS ",\"important\":true" },
	{ KEY_TIME("since", N_("Week begins"), N_("Where the week begins.")) },
	{ KEY_TIME("before", N_("Week ends"), N_("Where the next one begins.")) },
};

#define LISTERS (MANAGERS | BIT(ROLE_GM) | BIT(ROLE_NM) | BIT(ROLE_HR) | BIT(ROLE_QC))
#define COLUMNS(c) .columns = c, .ncolumns = NITEMS(c)
const struct report reports[] = {
	{ .name = "units_in_use", .title = N_("Units in use"), .help = N_("How many units are lived or worked in, by use."), .rule = "RES-03",
		.roles = ROLES_ALL, .kind = REPORT_RANKED, COLUMNS(unit_columns), .book = "unit", .where = "\"use\":$use" },
	{ .name = "persons_per_household", .title = N_("Persons per household"), .help = N_("How many persons belong to each household or office."), .rule = "RES-04",
		.roles = LOOKERS, .kind = REPORT_RANKED, COLUMNS(size_columns), .book = "person", .where = "\"household\":$household" },
	{ .name = "contacts", .title = N_("Telephones and e-mail"), .help = N_("Under which numbers each household is reached."), .rule = "RES-05",
		.roles = LOOKERS & ~BIT(ROLE_DEM), .kind = REPORT_RANKED, COLUMNS(contact_columns), .book = "person", .where = "\"household\":$household" },
	{ .name = "living_form", .title = N_("Living form"), .help = N_("Households by how many persons live together."), .rule = "RES-11",
		.roles = LOOKERS, .kind = REPORT_SERIES, COLUMNS(form_columns), .book = "household", .where = "\"id\":$households_first" },
	{ .name = "age_bands", .title = N_("Age bands"), .help = N_("Residents by age; only figures, and none of a few."), .rule = "RES-11",
		.roles = PLANNERS & ~BIT(ROLE_TSO), .kind = REPORT_SERIES, COLUMNS(age_columns),
		.closed = N_("These are figures only; a date of birth is opened record by record, with a purpose."), .locked_book = "person", .locked_field = "birth" },
	{ .name = "nannies", .title = N_("Nannies"), .help = N_("Nannies by area; only figures, and none of a few."), .rule = "RES-11",
		.roles = PLANNERS, .kind = REPORT_SERIES, COLUMNS(nanny_columns), .closed = N_("These are figures only; nobody is listed behind them.") },
	{ .name = "health_risk", .title = N_("High-risk health"), .help = N_("Households with a high-risk medical history or near a birth (V1); only figures, and none of a few."),
		.rule = "RES-11", .roles = PLANNERS, .kind = REPORT_SERIES, COLUMNS(risk_columns),
		.closed = N_("These are figures only; nobody is listed behind them.") },
	{ .name = "loans_by_file", .title = N_("Loans by file"), .help = N_("Files with open, overdue or refused loans."), .rule = "LOAN-15",
		.roles = LENDERS, .kind = REPORT_RANKED, COLUMNS(file_columns), .book = "loan", .where = "\"file\":$file" },
	{ .name = "loans_by_borrower", .title = N_("Loans by borrower"), .help = N_("Borrowers with open, overdue or refused loans."), .rule = "LOAN-15",
		.roles = LENDERS, .kind = REPORT_RANKED, COLUMNS(borrower_columns), .book = "loan", .where = "\"requester\":$borrower" },
	{ .name = "loans_by_department", .title = N_("Loans by department"), .help = N_("Departments with open, overdue or refused loans."), .rule = "LOAN-15",
		.roles = LENDERS, .kind = REPORT_RANKED, COLUMNS(department_columns), .book = "loan", .where = "\"department\":$department" },
	{ .name = "loans_by_month", .title = N_("Loans by month"), .help = N_("Loans by the month in which they were asked for, the latest first."), .rule = "LOAN-15",
		.roles = LENDERS, .kind = REPORT_SERIES, COLUMNS(month_columns), .book = "loan",
		.where = "\"requested_at\":{\"from\":$since,\"before\":$before}" },
	{ .name = "night_entries", .title = N_("The night in the duty book"), .help = N_("What was written on the last night's page, by kind."), .rule = "LOG-05",
		.roles = MANAGERS, .kind = REPORT_RANKED, COLUMNS(night_entry_columns), .book = "duty_entry", .where = "\"page\":$page,\"kind\":$kind" },
	{ .name = "night_incidents", .title = N_("Incidents of the night"), .help = N_("What was discovered in the last night, by kind."), .rule = "LOG-05",
		.roles = MANAGERS, .kind = REPORT_RANKED, COLUMNS(night_incident_columns), .book = "incident",
		.where = "\"kind\":$kind,\"discovered_at\":{\"from\":$since,\"before\":$before}" },
	{ .name = "incidents_by_kind", .title = N_("Incidents by kind"), .help = N_("Incidents of the last twelve months, and which reports kept their time limit."), .rule = "INC-12",
		.roles = LISTERS, .kind = REPORT_RANKED, COLUMNS(incident_kind_columns), .book = "incident", .where = "\"kind\":$kind" YEAR },
	{ .name = "incidents_by_place", .title = N_("Incidents by place"), .help = N_("The same by building."), .rule = "INC-12",
		.roles = LISTERS, .kind = REPORT_RANKED, COLUMNS(incident_place_columns), .book = "incident", .where = "\"building\":$building" YEAR },
	{ .name = "incidents_by_severity", .title = N_("Incidents by severity"), .help = N_("The same by severity."), .rule = "INC-12",
		.roles = LISTERS, .kind = REPORT_RANKED, COLUMNS(incident_severity_columns), .book = "incident", .where = "\"severity\":$severity" YEAR },
	{ .name = "night_posts", .title = N_("Post checks of the night"), .help = N_("How often each post was checked in the last night, and what was odd."), .rule = "NGT-08",
		.roles = MANAGERS, .kind = REPORT_SERIES, COLUMNS(night_post_columns), .book = "post_check", .where = "\"post\":$post,\"shift\":$shift" },
	{ .name = "night_missed", .title = N_("Checks missed in the night"), .help = N_("The times of the last night at which nobody came to a post, who was found there in another one's place, walks too fast."), .rule = "NGT-08",
		.roles = MANAGERS, .kind = REPORT_SERIES, COLUMNS(night_missed_columns), .book = "post_check",
		.where = "\"post\":$post,\"checked_at\":{\"from\":$since,\"before\":$before}" },
	{ .name = "duty_weeks", .title = N_("Weekly report of the duty book"), .help = N_("Main matters of the last five weeks by kind, the latest week first."), .rule = "LOG-05",
		.roles = MANAGERS, .kind = REPORT_SERIES, COLUMNS(week_columns), .book = "duty_entry",
		.where = "\"kind\":$kind,\"occurred_at\":{\"from\":$since,\"before\":$before}" },
	{ .name = "loan_refusals", .title = N_("Refusals of loans"), .help = N_("Acts on loans that the rules refused, by rule."), .rule = "LOAN-15",
		.roles = BIT(ROLE_DEM) | BIT(ROLE_EM), .kind = REPORT_RANKED, COLUMNS(rule_columns), .book = "event",
		.where = "\"book\":\"loan\",\"result\":[\"refused\",\"forbidden\"],\"guard\":$rule" },
};
const size_t nreports = NITEMS(reports);

const struct report *report_find(const char *name)
{
	for (size_t i = 0; i < nreports; i++)
		if (strcmp(reports[i].name, name) == 0)
			return &reports[i];
	return NULL;
}

const struct report_column *report_count(const struct report *report, const char *name)
{
	for (size_t i = 0; i < report->ncolumns; i++)
		if (report->columns[i].kind == COLUMN_COUNT && (name == NULL || strcmp(report->columns[i].field.name, name) == 0))
			return &report->columns[i];
	return NULL;
}

/* ---- faults of the table ---- */

static void check_column(const struct report *r, const struct report_column *c, struct buf *errors)
{
	const struct field *f = &c->field;

	if (c->kind == COLUMN_UNSET || f->type == FT_UNSET || f->level == LEVEL_UNSET || !f->name || !f->label || !f->help)
		buf_printf(errors, "report %s: a column is incomplete\n", r->name);
	else if ((f->type == FT_REF && (!f->ref || !book_find(f->ref))) || (f->type == FT_CHOICE && !f->choices))
		buf_printf(errors, "report %s: column %s refers to nothing\n", r->name, f->name);
	else if (c->kind == COLUMN_KEY && f->level >= LEVEL_FULL)
		buf_printf(errors, "report %s: column %s would tell what only an opening tells\n", r->name, f->name);
}

static bool has_column(const struct report *r, const char *name, size_t len)
{
	for (size_t i = 0; i < r->ncolumns; i++)
		if (strlen(r->columns[i].field.name) == len && strncmp(r->columns[i].field.name, name, len) == 0)
			return true;
	return false;
}

static void check_behind(const struct report *r, struct buf *errors)
{
	const struct book *locked = r->locked_book ? book_find(r->locked_book) : NULL;

	if (!r->book == !r->closed || !r->book == !!r->where || (r->book && !book_find(r->book)))
		buf_printf(errors, "report %s: say which rows stand behind a bar, or why none\n", r->name);
	if (r->book && book_find(r->book) && (r->roles & ~book_find(r->book)->readers))
		buf_printf(errors, "report %s: some who see it do not list the rows behind a bar\n", r->name);
	if (r->locked_book && (!locked || !r->locked_field || !book_field(locked, r->locked_field)))
		buf_printf(errors, "report %s: no field %s.%s\n", r->name, r->locked_book, r->locked_field ? r->locked_field : "?");
	for (const char *at = r->where; at && (at = strchr(at, '$')) != NULL; at++)
		if (!has_column(r, at + 1, strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_")))
			buf_printf(errors, "report %s: no column behind %s\n", r->name, at);
	for (size_t i = 0; r->book && i < r->ncolumns; i++)
		if (r->columns[i].kind == COLUMN_COUNT && r->columns[i].field.level >= LEVEL_FULL)
			buf_printf(errors, "report %s: rows behind %s cannot be listed\n", r->name, r->columns[i].field.name);
}

enum err reports_check(struct buf *errors)
{
	for (size_t i = 0; i < nreports; i++) {
		const struct report *r = &reports[i];

		if (!r->name || !r->title || !r->help || !r->rule || !r->roles || r->kind == REPORT_UNSET || r->ncolumns == 0 ||
			r->columns[0].kind != COLUMN_GROUP || !report_count(r, NULL)) {
			buf_printf(errors, "report %s: incomplete\n", r->name ? r->name : "?");
			continue;
		}
		for (size_t k = 0; k < r->ncolumns; k++)
			check_column(r, &r->columns[k], errors);
		check_behind(r, errors);
	}
	return errors->len > 0 ? ERR_INVALID : OK;
}
