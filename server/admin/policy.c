/*
 * policy.c - reads conf/policy.conf through its schema into rows of the policy tables.
 *
 * Not for: the database (policy_apply.c). Trap: a row of the file that lists several acts becomes
 * several rows, and a row left out by mistake would refuse people in silence, so completeness is
 * judged here: every role has a clearance, every act and class of borrower has a loan row.
 */
#include "server/admin/policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/book.h"
#include "common/conf.h"

const struct policy_shape policy_shapes[POLICY_TABLES] = {
	[POLICY_SETTING] = { .name = "policy", .columns = { "key", "value", "source" }, .ncolumns = 3, .nkeys = 1 },
	[POLICY_CLEARANCE] = { .name = "clearance", .columns = { "role", "lists", "lists_night", "opens", "acts_night" },
		.ncolumns = 5, .nkeys = 1 },
	[POLICY_LOAN] = { .name = "loan_policy", .columns = { "act", "class", "endorser", "approvers", "reviewer",
		"escort", "leaves", "days", "refused_rule" }, .ncolumns = 9, .nkeys = 2 },
	[POLICY_CHECKLIST] = { .name = "checklist", .columns = { "\"use\"", "bag", "item", "title", "original", "mandatory", "instead" },
		.ncolumns = 7, .nkeys = 3, .follow_up = "SELECT lodge.files_weigh(NULL)" },
	[POLICY_REST_DAY] = { .name = "rest_day", .columns = { "day" }, .ncolumns = 1, .nkeys = 1 },
};

enum { SETTINGS_MAX = 64, WORDS_MAX = 64 };

/* Where a setting's value lands, whatever its type. */
union setting_value {
	int64_t number;
	bool flag;
	char *text;
	struct conf_words words;
};

static const char *const unlisted[] = { "refuse", "visitor", NULL };
static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };
static const char *const list_levels[] = { "open", "name", "contact", NULL };
static const char *const open_levels[] = { "open", "full", "sealed", NULL };
static const char *const endorsers[] = { "head", NULL };
static const char *const leave_words[] = { "no", "inside", "yes", "copy", "review", NULL };

static bool digits_fit(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; text++, pattern++)
		if (*pattern == '0' ? *text < '0' || *text > '9' : *text != *pattern)
			return false;
	return *text == '\0';
}

static const char *time_judge(const char *text)
{
	bool fine = digits_fit(text, "00:00") && strncmp(text, "24", 2) < 0 && text[3] < '6';
	return fine ? NULL : "a time such as 08:00";
}

/* Times in a row, one blank between them. */
static const char *times_judge(const char *text)
{
	char one[6] = "";
	const char *fault = NULL;
	for (; fault == NULL; text += 6) {
		memcpy(one, text, strnlen(text, 5));
		fault = strnlen(text, 5) < 5 ? "times such as 20:00 23:00" : time_judge(one);
		if (fault == NULL && text[5] != ' ')
			return text[5] == '\0' ? NULL : "times such as 20:00 23:00";
	}
	return fault;
}

/* The database decides in the end (policy_apply.c); its zones are those of the system, mostly. */
static const char *zone_judge(const char *text)
{
	static const char folder[] = "/usr/share/zoneinfo";
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, text);
	bool fine = access(folder, R_OK) != 0 || (text[0] != '/' && strchr(text, '.') == NULL && access(path, R_OK) == 0);
	return fine ? NULL : "a time zone such as Asia/Ho_Chi_Minh";
}

static const struct conf_key settings[] = {
	{ .path = "estate.name", .type = CONF_STRING, .min = 1, .max = 80, .help = "what the estate is called" },
	{ .path = "estate.timezone", .type = CONF_STRING, .min = 3, .max = 64, .help = "IANA name", .judge = zone_judge },
	{ .path = "staff.work_number", .type = CONF_STRING, .min = 1, .max = 4, .def = "w", .help = "letters before the number" },
	{ .path = "shift.day_starts", .type = CONF_STRING, .min = 5, .max = 5, .def = "08:00", .help = "OPS-01", .judge = time_judge },
	{ .path = "shift.night_starts", .type = CONF_STRING, .min = 5, .max = 5, .def = "17:30", .help = "OPS-01", .judge = time_judge },
	{ .path = "handover.minutes", .type = CONF_INT, .min = 5, .max = 600, .def = "60", .unit = "minutes", .help = "LOG-06" },
	{ .path = "handover.early_minutes", .type = CONF_INT, .min = 0, .max = 240, .def = "60", .unit = "minutes", .help = "LOG-06" },
	{ .path = "handover.things", .type = CONF_STRING, .min = 0, .max = 400, .def = "", .help = "what is counted: radio 6; torch 4" },
	{ .path = "working.days", .type = CONF_WORDS, .choices = weekdays, .def = "mon tue wed thu fri", .help = "INC-02" },
	{ .path = "working.ends", .type = CONF_STRING, .min = 5, .max = 5, .def = "17:30", .help = "LOAN-11", .judge = time_judge },
	{ .path = "loan.approval_days", .type = CONF_INT, .min = 1, .max = 30, .def = "3", .unit = "days", .help = "LOAN-07" },
	{ .path = "loan.reservation_days", .type = CONF_INT, .min = 1, .max = 30, .def = "3", .unit = "days", .help = "LOAN-08" },
	{ .path = "loan.block_overdue", .type = CONF_BOOL, .def = "false", .help = "LOAN-11" },
	{ .path = "loan.ask_card", .type = CONF_BOOL, .def = "false", .help = "LOAN-10" },
	{ .path = "copy.days", .type = CONF_INT, .min = 1, .max = 366, .def = "90", .unit = "days", .help = "CNF-10" },
	{ .path = "archive.sample_percent", .type = CONF_INT, .min = 5, .max = 100, .def = "5", .unit = "per cent", .help = "ARC-18" },
	{ .path = "archive.papers_days", .type = CONF_INT, .min = 1, .max = 60, .def = "7", .unit = "days", .help = "ARC-16" },
	{ .path = "archive.room_days", .type = CONF_INT, .min = 1, .max = 366, .def = "30", .unit = "days", .help = "ARC-24" },
	{ .path = "report.fewest", .type = CONF_INT, .min = 2, .max = 100, .def = "5", .help = "RES-11" },
	{ .path = "card.free_per_unit", .type = CONF_INT, .min = 0, .max = 100, .def = "3", .unit = "cards", .help = "CARD-03" },
	{ .path = "card.sold_per_unit", .type = CONF_INT, .min = 0, .max = 100, .def = "5", .unit = "cards", .help = "CARD-03; 0 = no limit" },
	{ .path = "pass.remind_days", .type = CONF_INT, .min = 0, .max = 60, .def = "7", .unit = "days", .help = "PASS-07" },
	{ .path = "goods.office_slips", .type = CONF_BOOL, .def = "true", .help = "GRS-01" },
	{ .path = "supplier.unlisted", .type = CONF_WORD, .choices = unlisted, .def = "refuse", .help = "SUP-03" },
	{ .path = "limits.refusals_a_minute", .type = CONF_INT, .min = 0, .max = 1000, .def = "10", .help = "0 = no limit" },
	{ .path = "limits.persons_a_shift", .type = CONF_INT, .min = 0, .max = 10000, .def = "60", .help = "0 = no limit" },
	{ .path = "limits.persons_a_week", .type = CONF_INT, .min = 0, .max = 100000, .def = "150", .help = "0 = no limit" },
	{ .path = "limits.persons_a_month", .type = CONF_INT, .min = 0, .max = 100000, .def = "400", .help = "0 = no limit" },
	{ .path = "limits.households_two_days", .type = CONF_INT, .min = 0, .max = 100000, .def = "100", .help = "0 = no alarm" },
	{ .path = "gate.offline_hours", .type = CONF_INT, .min = 1, .max = 336, .def = "72", .unit = "hours", .help = "how long a record made offline holds" },
	{ .path = "centre.address", .type = CONF_STRING, .min = 0, .max = 120, .def = "", .help = "OPS-04" },
	{ .path = "centre.hotline", .type = CONF_STRING, .min = 0, .max = 40, .def = "", .help = "OPS-04" },
	{ .path = "centre.extension", .type = CONF_STRING, .min = 0, .max = 20, .def = "", .help = "OPS-04" },
	{ .path = "night.change_days", .type = CONF_INT, .min = 1, .max = 366, .def = "30", .unit = "days", .help = "property changes that the patrol carries; NGT-10" },
	{ .path = "night.check_times", .type = CONF_STRING, .min = 5, .max = 95, .def = "20:00 23:00 02:00 05:00", .help = "NGT-08", .judge = times_judge },
	{ .path = "night.walk_minutes", .type = CONF_INT, .min = 0, .max = 60, .def = "3", .unit = "minutes", .help = "between two posts; NGT-02" },
	{ .path = "night.walk_minutes_inside", .type = CONF_INT, .min = 0, .max = 60, .def = "1", .unit = "minutes", .help = "between two posts of a building" },
	{ .path = "night.code_seconds", .type = CONF_INT, .min = 10, .max = 3600, .def = "180", .unit = "seconds", .help = "life of a post's code" },
	{ .path = "night.answer_minutes", .type = CONF_INT, .min = 1, .max = 120, .def = "10", .unit = "minutes", .help = "to sign at the post" },
	{ .path = "emergency.hours", .type = CONF_INT, .min = 1, .max = 24, .def = "8", .unit = "hours", .help = "EMG-01; then it opens nothing any more" },
	{ .path = "emergency.review_hours", .type = CONF_INT, .min = 1, .max = 336, .def = "24", .unit = "hours", .help = "EMG-12; then a review is overdue" },
	{ .path = "emergency.police", .type = CONF_STRING, .min = 0, .max = 20, .def = "110", .help = "EMG-14" },
	{ .path = "emergency.fire", .type = CONF_STRING, .min = 0, .max = 20, .def = "119", .help = "EMG-14" },
	{ .path = "emergency.ambulance", .type = CONF_STRING, .min = 0, .max = 20, .def = "120", .help = "EMG-14" },
	{ .path = "demo.refusals_a_minute", .type = CONF_INT, .min = 0, .max = 1000, .def = "0", .help = "in a demo estate" },
	{ .path = "demo.persons_a_shift", .type = CONF_INT, .min = 0, .max = 10000, .def = "0", .help = "in a demo estate" },
	{ .path = "demo.persons_a_week", .type = CONF_INT, .min = 0, .max = 100000, .def = "0", .help = "in a demo estate" },
	{ .path = "demo.persons_a_month", .type = CONF_INT, .min = 0, .max = 100000, .def = "0", .help = "in a demo estate" },
	{ .path = "demo.households_two_days", .type = CONF_INT, .min = 0, .max = 100000, .def = "0", .help = "in a demo estate" },
};
_Static_assert(NITEMS(settings) <= SETTINGS_MAX, "room for the settings");

/* The words that come from elsewhere: roles, and the choices of the books. */
struct vocabulary {
	const char *roles[ROLE_END];
	const char *acts[WORDS_MAX], *classes[WORDS_MAX];
	const char *uses[WORDS_MAX], *bags[WORDS_MAX], *items[WORDS_MAX];
};

struct reading {
	struct policy *policy;
	struct buf *errors;
	const char *file;
	int last_line[POLICY_TABLES];
};

static void words_of_field(const char *book, const char *field, const char *words[WORDS_MAX])
{
	const struct choice *choice = book_field(book_find(book), field)->choices;
	for (size_t i = 0; i + 1 < WORDS_MAX && choice[i].word != NULL; i++)
		words[i] = choice[i].word;
}

static void vocabulary_fill(struct vocabulary *words)
{
	memset(words, 0, sizeof(*words));
	for (int role = ROLE_UNSET + 1; role < ROLE_END; role++)
		words->roles[role - 1] = role_word((enum role)role);
	words_of_field("loan", "act", words->acts);
	words_of_field("loan", "requester_class", words->classes);
	words_of_field("unit", "use", words->uses);
	words_of_field("document", "type", words->bags);
	words_of_field("document", "item", words->items);
}

const char *policy_row_label(struct arena *arena, enum policy_table table, const struct policy_row *row)
{
	const char *label = arena_strdup(arena, row->cells[0]);
	for (size_t i = 1; label != NULL && i < policy_shapes[table].nkeys; i++)
		label = arena_printf(arena, "%s %s", label, row->cells[i]);
	return label;
}

/* The row whose key begins with these cells. */
static const struct policy_row *row_find(const struct policy *policy, enum policy_table table,
	const char *const *keys, size_t nkeys)
{
	for (const struct policy_row *row = policy->first[table]; row != NULL; row = row->next) {
		size_t same = 0;
		while (same < nkeys && strcmp(row->cells[same], keys[same]) == 0)
			same++;
		if (same == nkeys)
			return row;
	}
	return NULL;
}

/* Appends a row; its cells are copied. */
static enum err row_add(struct policy *policy, enum policy_table table, const char *const *cells)
{
	struct policy_row *row = arena_alloc(policy->arena, sizeof(*row));
	if (row == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < policy_shapes[table].ncolumns; i++)
		if (cells[i] != NULL && (row->cells[i] = arena_strdup(policy->arena, cells[i])) == NULL)
			return ERR_NOMEM;
	*policy->end[table] = row;
	policy->end[table] = &row->next;
	return OK;
}

/* Adds a row of a list, or complains that its key is there already. */
static enum err row_add_once(struct reading *reading, const struct conf_place *place,
	enum policy_table table, const char *const *cells)
{
	const struct policy_row *before = row_find(reading->policy, table, cells, policy_shapes[table].nkeys);
	reading->last_line[table] = place->line;
	if (before == NULL)
		return row_add(reading->policy, table, cells);
	const char *label = policy_row_label(reading->policy->arena, table, before);
	conf_complain(place, "%s: a second row for %s", policy_shapes[table].name, label != NULL ? label : cells[0]);
	return ERR_INVALID;
}

enum { CLEARANCE_ROLE, CLEARANCE_LISTS, CLEARANCE_NIGHT, CLEARANCE_OPENS, CLEARANCE_ACTS_NIGHT };

static enum err clearance_row_cb(void *ctx, const struct conf_place *place, const struct conf_cell *cells)
{
	const char *row[] = { cells[CLEARANCE_ROLE].text, cells[CLEARANCE_LISTS].text,
		cells[CLEARANCE_NIGHT].given ? cells[CLEARANCE_NIGHT].text : cells[CLEARANCE_LISTS].text,
		cells[CLEARANCE_OPENS].text, cells[CLEARANCE_ACTS_NIGHT].given ? cells[CLEARANCE_ACTS_NIGHT].text : "" };
	return row_add_once(ctx, place, POLICY_CLEARANCE, row);
}

enum { LOAN_ACT, LOAN_CLASS, LOAN_ENDORSER, LOAN_APPROVERS, LOAN_REVIEWER, LOAN_ESCORT, LOAN_LEAVES, LOAN_DAYS, LOAN_REFUSED };

/* A refused row says nothing else; any other says whether the file leaves, and who approves what
 * is reviewed. */
static enum err loan_row_judge(const struct conf_place *place, const struct conf_cell *cells)
{
	bool review = cells[LOAN_LEAVES].given && strcmp(cells[LOAN_LEAVES].text, "review") == 0;
	if (cells[LOAN_REFUSED].given && (cells[LOAN_ENDORSER].given || cells[LOAN_APPROVERS].given ||
			cells[LOAN_REVIEWER].given || cells[LOAN_LEAVES].given || cells[LOAN_DAYS].number != 0))
		conf_complain(place, "loan_policy: what is refused has no endorser, approvers, reviewer, leaves or days");
	else if (!cells[LOAN_REFUSED].given && !cells[LOAN_LEAVES].given)
		conf_complain(place, "loan_policy: leaves is missing");
	else if (review != cells[LOAN_REVIEWER].given)
		conf_complain(place, "loan_policy: leaves = \"review\" and a reviewer go together");
	else
		return OK;
	return ERR_INVALID;
}

static enum err loan_row_cb(void *ctx, const struct conf_place *place, const struct conf_cell *cells)
{
	const char *row[] = { NULL, cells[LOAN_CLASS].text, cells[LOAN_ENDORSER].text,
		cells[LOAN_APPROVERS].given ? cells[LOAN_APPROVERS].text : "{}", cells[LOAN_REVIEWER].text,
		cells[LOAN_ESCORT].text, cells[LOAN_LEAVES].given ? cells[LOAN_LEAVES].text : "no",
		cells[LOAN_DAYS].text, cells[LOAN_REFUSED].text };
	enum err err = loan_row_judge(place, cells);
	for (size_t i = 0; err == OK && i < cells[LOAN_ACT].words->n; i++) {
		row[LOAN_ACT] = cells[LOAN_ACT].words->word[i];
		err = row_add_once(ctx, place, POLICY_LOAN, row);
	}
	return err;
}

enum { CHECK_USE, CHECK_BAG, CHECK_ITEM, CHECK_TITLE, CHECK_ORIGINAL, CHECK_MANDATORY, CHECK_INSTEAD };

static enum err checklist_row_cb(void *ctx, const struct conf_place *place, const struct conf_cell *cells)
{
	const char *row[] = { NULL, cells[CHECK_BAG].text, cells[CHECK_ITEM].text, cells[CHECK_TITLE].text,
		cells[CHECK_ORIGINAL].text, cells[CHECK_MANDATORY].text, cells[CHECK_INSTEAD].text };
	enum err err = OK;
	if (cells[CHECK_INSTEAD].given && strcmp(cells[CHECK_INSTEAD].text, cells[CHECK_ITEM].text) == 0) {
		conf_complain(place, "checklist: %s stands in for itself", cells[CHECK_ITEM].text);
		return ERR_INVALID;
	}
	for (size_t i = 0; err == OK && i < cells[CHECK_USE].words->n; i++) {
		row[CHECK_USE] = cells[CHECK_USE].words->word[i];
		err = row_add_once(ctx, place, POLICY_CHECKLIST, row);
	}
	return err;
}

static bool text_is_date(const char *text)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day;
	if (!digits_fit(text, "0000-00-00") || sscanf(text, "%d-%d-%d", &year, &month, &day) != 3)
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static enum err rest_day_row_cb(void *ctx, const struct conf_place *place, const struct conf_cell *cells)
{
	const char *row[] = { cells[0].text };
	if (text_is_date(cells[0].text))
		return row_add_once(ctx, place, POLICY_REST_DAY, row);
	conf_complain(place, "rest_days: %s is no date such as 2026-12-31", cells[0].text);
	return ERR_INVALID;
}

/* The place of a word in its choices, from 1: days of the week as ISO counts them. */
static size_t word_number(const struct conf_key *key, const char *word)
{
	size_t i = 0;
	while (strcmp(key->choices[i], word) != 0)
		i++;
	return i + 1;
}

/* The value of a setting as text: 3, true, 08:00, {1,2}. */
static const char *setting_text(struct arena *arena, const struct conf_key *key)
{
	const union setting_value *value = key->out;
	if (key->type == CONF_INT)
		return arena_printf(arena, "%" PRId64, value->number);
	if (key->type == CONF_BOOL)
		return arena_strdup(arena, value->flag ? "true" : "false");
	if (key->type != CONF_WORDS)
		return arena_strdup(arena, value->text);
	const char *list = "";
	for (size_t i = 0; i < value->words.n && list != NULL; i++)
		list = arena_printf(arena, "%s%s%zu", list, i > 0 ? "," : "", word_number(key, value->words.word[i]));
	return list == NULL ? NULL : arena_printf(arena, "{%s}", list);
}

/* demo.X becomes a row for limits.X, kept aside. */
static enum err setting_add(struct policy *policy, const struct conf_key *key)
{
	static const char demo[] = "demo.";
	bool aside = strncmp(key->path, demo, strlen(demo)) == 0;
	const char *path = aside ? arena_printf(policy->arena, "limits.%s", key->path + strlen(demo)) : key->path;
	const char *cells[] = { path, setting_text(policy->arena, key), aside ? "demo estate" : "policy.conf" };
	if (cells[0] == NULL || cells[1] == NULL)
		return ERR_NOMEM;
	if (!aside)
		return row_add(policy, POLICY_SETTING, cells);
	struct policy_row *row = arena_alloc(policy->arena, sizeof(*row));
	if (row == NULL)
		return ERR_NOMEM;
	*row = (struct policy_row){ .cells = { cells[0], cells[1], cells[2] }, .next = policy->demo };
	policy->demo = row;
	return OK;
}

static enum err complain(struct reading *reading, enum policy_table table, const char *text, const char *word)
{
	int line = reading->last_line[table] > 0 ? reading->last_line[table] : 1;
	conf_complain(&(struct conf_place){ .file = reading->file, .line = line, .errors = reading->errors },
		"%s: %s%s", policy_shapes[table].name, text, word);
	return ERR_INVALID;
}

/* Every role, and every act for every class. */
static enum err policy_complete(struct reading *reading, const struct vocabulary *words)
{
	const struct policy *policy = reading->policy;
	enum err err = OK;
	for (size_t i = 0; words->roles[i] != NULL; i++)
		if (row_find(policy, POLICY_CLEARANCE, &words->roles[i], 1) == NULL)
			err = complain(reading, POLICY_CLEARANCE, "no row for role ", words->roles[i]);
	for (size_t a = 0; words->acts[a] != NULL; a++)
		for (size_t c = 0; words->classes[c] != NULL; c++)
			if (row_find(policy, POLICY_LOAN, (const char *[]){ words->acts[a], words->classes[c] }, 2) == NULL) {
				char pair[128];
				snprintf(pair, sizeof(pair), "%s by %s", words->acts[a], words->classes[c]);
				err = complain(reading, POLICY_LOAN, "no row for ", pair);
			}
	return err;
}

static enum err policy_read_rows(struct reading *reading, const struct vocabulary *words, struct conf_key *keys)
{
	const struct conf_column clearance[] = {
		[CLEARANCE_ROLE] = { .name = "role", .type = CONF_WORD, .choices = words->roles },
		[CLEARANCE_LISTS] = { .name = "lists", .type = CONF_WORD, .choices = list_levels },
		[CLEARANCE_NIGHT] = { .name = "lists_night", .type = CONF_WORD, .choices = list_levels, .def = "" },
		[CLEARANCE_OPENS] = { .name = "opens", .type = CONF_WORD, .choices = open_levels, .def = "open" },
		[CLEARANCE_ACTS_NIGHT] = { .name = "acts_night", .type = CONF_WORD, .choices = words->roles, .def = "" },
	};
	const struct conf_column loan[] = {
		[LOAN_ACT] = { .name = "act", .type = CONF_WORDS, .choices = words->acts },
		[LOAN_CLASS] = { .name = "class", .type = CONF_WORD, .choices = words->classes },
		[LOAN_ENDORSER] = { .name = "endorser", .type = CONF_WORD, .choices = endorsers, .def = "" },
		[LOAN_APPROVERS] = { .name = "approvers", .type = CONF_WORDS, .choices = words->roles, .def = "" },
		[LOAN_REVIEWER] = { .name = "reviewer", .type = CONF_WORD, .choices = words->roles, .def = "" },
		[LOAN_ESCORT] = { .name = "escort", .type = CONF_BOOL, .def = "false" },
		[LOAN_LEAVES] = { .name = "leaves", .type = CONF_WORD, .choices = leave_words, .def = "" },
		[LOAN_DAYS] = { .name = "days", .type = CONF_INT, .min = 0, .max = 365, .def = "0" },
		[LOAN_REFUSED] = { .name = "refused", .type = CONF_STRING, .min = 6, .max = 12, .def = "" },
	};
	const struct conf_column checklist[] = {
		[CHECK_USE] = { .name = "use", .type = CONF_WORDS, .choices = words->uses },
		[CHECK_BAG] = { .name = "bag", .type = CONF_WORD, .choices = words->bags },
		[CHECK_ITEM] = { .name = "item", .type = CONF_WORD, .choices = words->items },
		[CHECK_TITLE] = { .name = "title", .type = CONF_STRING, .min = 2, .max = 120 },
		[CHECK_ORIGINAL] = { .name = "original", .type = CONF_BOOL, .def = "false" },
		[CHECK_MANDATORY] = { .name = "mandatory", .type = CONF_BOOL, .def = "false" },
		[CHECK_INSTEAD] = { .name = "instead", .type = CONF_WORD, .choices = words->items, .def = "" },
	};
	const struct conf_column rest[] = {
		{ .name = "day", .type = CONF_STRING, .min = 10, .max = 10 },
		{ .name = "name", .type = CONF_STRING, .min = 1, .max = 80, .def = "" },
	};
	const struct conf_table tables[] = {
		{ .path = "clearance", .columns = clearance, .ncolumns = NITEMS(clearance), .row = clearance_row_cb, .ctx = reading },
		{ .path = "loan_policy", .columns = loan, .ncolumns = NITEMS(loan), .row = loan_row_cb, .ctx = reading },
		{ .path = "checklist", .columns = checklist, .ncolumns = NITEMS(checklist), .row = checklist_row_cb, .ctx = reading },
		{ .path = "rest_days", .columns = rest, .ncolumns = NITEMS(rest), .row = rest_day_row_cb, .ctx = reading, .optional = true },
	};
	return conf_rows(reading->file, keys, NITEMS(settings), tables, NITEMS(tables), reading->errors);
}

enum err policy_read(const char *file, struct arena *arena, struct policy **out, struct buf *errors)
{
	struct conf_key keys[NITEMS(settings)];
	union setting_value values[NITEMS(settings)];
	struct vocabulary words;
	struct policy *policy = arena_alloc(arena, sizeof(*policy));
	if (policy == NULL)
		return ERR_NOMEM;
	struct reading reading = { .policy = policy, .errors = errors, .file = file };
	policy->arena = arena;
	for (size_t i = 0; i < POLICY_TABLES; i++)
		policy->end[i] = &policy->first[i];
	memset(values, 0, sizeof(values));
	for (size_t i = 0; i < NITEMS(settings); i++) {
		keys[i] = settings[i];
		keys[i].out = &values[i];
	}
	vocabulary_fill(&words);
	enum err err = policy_read_rows(&reading, &words, keys);
	for (size_t i = 0; err == OK && i < NITEMS(settings); i++)
		err = setting_add(policy, &keys[i]);
	if (err == OK)
		err = policy_complete(&reading, &words);
	conf_free(keys, NITEMS(settings));
	if (err == OK)
		*out = policy;
	return err;
}
