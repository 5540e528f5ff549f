/*
 * matrix.c - the directive "matrix": asks every cell of a table of expected rights over the wire.
 *
 * A table with a column "field" is asked here: get, open, filter and sort of that field, by the
 * demo person of the role, of a record inside and one outside his areas. A table with a column
 * "op" is asked by the script: for loan.approve:outsider the definition may_loan_approve_outsider
 * is played, with $person and $expected set. Not for: knowing what is right; the tables are copied
 * by hand from the rules. Trap: "absent" must look exactly like a record that never was.
 */
#include "tests/flow/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/flow/match.h"
#include "tests/flow/script.h"

enum { COLUMNS = 6, SHOWN = 40 };

/* The people of the demo estate, one for each role. */
static const struct { const char *role, *login; } demo_people[] = {
	{ "FD", "desk" }, { "OP", "operator" }, { "CSA", "assistant" }, { "ACU", "custodian" },
	{ "TSO", "tenants" }, { "CSS", "css" }, { "CM", "manager" }, { "DEM", "deputy" },
	{ "EM", "estate" }, { "GM", "general" }, { "NM", "night" }, { "SG", "guard" },
	{ "SL", "guardlead" }, { "SS", "guardchief" }, { "ET", "engineer" }, { "EL", "englead" },
	{ "ES", "engchief" }, { "CLL", "cleanlead" }, { "CLS", "cleanchief" }, { "FS", "firechief" },
	{ "HR", "hr" }, { "QC", "quality" }, { "SK", "store" }, { "FIN", "finance" },
	{ "PUR", "purchasing" }, { "SYS", "admin" },
};

/* Where a record of a book is found for an area (%d), in the order of preference. */
static const struct { const char *book, *sql; } samples[] = {
	{ "unit", "SELECT id FROM lodge.unit WHERE area = %d ORDER BY code IN ('7-1203','9-0501','18-0502') DESC, id" },
	{ "household", "SELECT h.id FROM lodge.household h JOIN lodge.unit u ON u.id = h.unit WHERE h.area = %d"
		" ORDER BY u.code IN ('7-1203','9-0501','18-0502') DESC, h.id" },
	{ "person", "SELECT p.id FROM lodge.person p JOIN lodge.household h ON h.id = p.household"
		" WHERE p.area = %d AND NOT h.important AND p.mobile IS NOT NULL ORDER BY p.id" },
	{ "person:important", "SELECT p.id FROM lodge.person p JOIN lodge.household h ON h.id = p.household"
		" WHERE p.area = %d AND h.important ORDER BY p.id" },
	{ "emergency_contact", "SELECT id FROM lodge.emergency_contact WHERE area = %d ORDER BY id" },
	{ "vip_profile", "SELECT id FROM lodge.vip_profile WHERE area = %d ORDER BY id" },
	{ "file", "SELECT id FROM lodge.file WHERE area = %d AND class = 'household' ORDER BY id" },
	{ "loan", "SELECT id FROM lodge.loan WHERE area = %d ORDER BY id" },
	{ "staff", "SELECT id FROM lodge.staff WHERE %d >= 0 ORDER BY id" },
	{ "visitor", "SELECT id FROM lodge.visitor WHERE area = %d AND name IS NOT NULL AND host IS NULL ORDER BY id DESC" },
	{ "entry_pass", "SELECT id FROM lodge.entry_pass WHERE area = %d ORDER BY id" },
	{ "release_slip", "SELECT id FROM lodge.release_slip WHERE area = %d ORDER BY id" },
	{ "card", "SELECT id FROM lodge.card WHERE area = %d AND holder IS NOT NULL ORDER BY id" },
	{ "supplier_list", "SELECT id FROM lodge.supplier_list WHERE %d >= 0 ORDER BY id" },
	{ "supplier_person", "SELECT id FROM lodge.supplier_person WHERE %d >= 0 ORDER BY id" },
	{ "duty_page", "SELECT id FROM lodge.duty_page WHERE %d >= 0 ORDER BY id" },
	{ "duty_entry", "SELECT id FROM lodge.duty_entry WHERE %d >= 0 AND facts IS NOT NULL ORDER BY id" },
	{ "gate_record", "SELECT id FROM lodge.gate_record WHERE %d >= 0 AND op = 'leave' ORDER BY id DESC" },
	{ "incident", "SELECT id FROM lodge.incident WHERE %d >= 0 AND reported_by = (SELECT id FROM lodge.staff WHERE login = 'night') AND police_no IS NOT NULL ORDER BY id" },
	{ "supplier_review", "SELECT id FROM lodge.supplier_review WHERE %d >= 0 ORDER BY id" },
	{ "key_set", "SELECT id FROM lodge.key_set WHERE area = %d ORDER BY id" },
	{ "key_household", "SELECT id FROM lodge.key_household WHERE area = %d AND state = 'listed' ORDER BY id" },
	{ "post", "SELECT id FROM lodge.post WHERE %d >= 0 ORDER BY id" },
	{ "post_check", "SELECT id FROM lodge.post_check WHERE %d >= 0 AND signer IS NULL AND state = 'absent' ORDER BY id" },
	{ "handover", "SELECT id FROM lodge.handover WHERE %d >= 0 ORDER BY id" },
	{ "key_use", "SELECT id FROM lodge.key_use WHERE area = %d ORDER BY id" },
	{ "welfare_check", "SELECT id FROM lodge.welfare_check WHERE area = %d AND state = 'started' ORDER BY id" },
	{ "away_notice", "SELECT id FROM lodge.away_notice WHERE area = %d AND phone IS NOT NULL ORDER BY id" },
	{ "round", "SELECT id FROM lodge.round WHERE %d >= 0 ORDER BY id" },
	{ "watch_note", "SELECT id FROM lodge.watch_note WHERE area = %d ORDER BY id" },
	{ "contact_card", "SELECT id FROM lodge.contact_card WHERE %d >= 0 ORDER BY id" },
	{ "property_change", "SELECT id FROM lodge.property_change WHERE area = %d ORDER BY id" },
};

/* One question: who may do what with which field of which record. */
struct cell {
	struct person *who;
	const char *book, *field, *expected;
	char id[32], secret[256];
	bool special; /* the field has a condition, so that filters on it say nothing */
};

static const char *role_login(const char *role)
{
	for (size_t i = 0; i < sizeof(demo_people) / sizeof(demo_people[0]); i++)
		if (strcmp(demo_people[i].role, role) == 0)
			return demo_people[i].login;
	return NULL;
}

/* Finds the record; its secret is what the field holds, when that is long enough to look for. */
static bool cell_sample(struct cell *cell, const char *sample, int area)
{
	char sql[1024], form[1024];
	const char *found = NULL;

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		if (strcmp(samples[i].book, sample) == 0)
			snprintf(form, sizeof(form), "%s LIMIT 1", samples[i].sql), found = form;
	if (found == NULL)
		return false;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(sql, sizeof(sql), form, area);
#pragma GCC diagnostic pop
	if (!store_run("super", sql, &play.table) || play.table.rows == 0)
		return false;
	snprintf(cell->id, sizeof(cell->id), "%s", store_cell(0, 0));
	snprintf(sql, sizeof(sql), "SELECT coalesce(to_jsonb(t)->>'%s', '') FROM lodge.%s t WHERE id = %s",
	    cell->field, cell->book, cell->id);
	cell->secret[0] = '\0';
	if (store_run("super", sql, &play.table) && play.table.rows == 1 && strlen(store_cell(0, 0)) > 6)
		snprintf(cell->secret, sizeof(cell->secret), "%s", store_cell(0, 0));
	return true;
}

static bool cell_ask(const struct cell *cell, const char *verb, const char *format_text)
{
	char method[64];

	snprintf(method, sizeof(method), "%s.%s", cell->book, verb);
	return person_call(cell->who, method, format_text);
}

static bool answer_is(const char *code)
{
	const char *came = json_string_value(match_path(play.last, "error.data.code"));

	return came != NULL && strcmp(came, code) == 0;
}

/* True when get shows the field: there, and not masked. */
static bool cell_is_shown(const struct cell *cell, bool *absent)
{
	char params[128];
	json_t *result, *masked;
	bool shown;

	snprintf(params, sizeof(params), "{\"id\":%s}", cell->id);
	if (!cell_ask(cell, "get", params))
		return false;
	result = json_object_get(play.last, "result");
	*absent = answer_is("not_found") || answer_is("forbidden") || result == NULL;
	shown = json_object_get(result, cell->field) != NULL;
	masked = json_object_get(result, "masked");
	for (size_t i = 0; i < json_array_size(masked); i++)
		if (strcmp(json_string_value(json_array_get(masked, i)), cell->field) == 0)
			return shown && play_fail("both shown and masked");
	return shown;
}

static bool cell_opens(const struct cell *cell)
{
	char params[512];
	json_t *rows;

	snprintf(params, sizeof(params), "{\"ids\":[%s],\"fields\":[\"%s\"],\"purpose\":\"asking every cell\"}",
	    cell->id, cell->field);
	if (!cell_ask(cell, "open", params))
		return false;
	if (answer_is("locked") && person_call(cell->who, "unlock", "{\"password\":\"lodge-demo\"}") &&
	    !cell_ask(cell, "open", params))
		return false;
	rows = match_path(play.last, "result.rows");
	return json_array_size(rows) == 1 &&
	    json_object_get(json_array_get(rows, 0), cell->field) != NULL;
}

/* True when a list by the field's very value holds the record. */
static bool cell_is_found(const struct cell *cell)
{
	json_t *where = json_pack("{s:{s:s}}", "where", cell->field, cell->secret), *row;
	char *params = json_dumps(where, JSON_COMPACT);
	bool found = false;
	size_t i;

	json_decref(where);
	if (cell->secret[0] != '\0' && cell_ask(cell, "list", params))
		json_array_foreach(match_path(play.last, "result.rows"), i, row)
			found = found || json_integer_value(json_object_get(row, "id")) == strtol(cell->id, NULL, 10);
	free(params);
	return found;
}

/* Filters and sorts by a field one may not read; both have to be refused. */
static bool cell_leaks(const struct cell *cell)
{
	char params[256];

	snprintf(params, sizeof(params), "{\"where\":{\"%s\":\"x\"}}", cell->field);
	if (!cell_ask(cell, "list", params) || json_object_get(play.last, "result") != NULL)
		return true;
	snprintf(params, sizeof(params), "{\"sort\":[\"%s\"]}", cell->field);
	return !cell_ask(cell, "list", params) || json_object_get(play.last, "result") != NULL;
}

/* NULL when the cell is as expected, else what is wrong. */
static const char *cell_judge(const struct cell *cell)
{
	bool absent = false, shown;

	wire_forget(cell->who->wire);
	shown = cell_is_shown(cell, &absent);
	if (strcmp(cell->expected, "read") == 0)
		return shown ? NULL : "is not shown";
	if (shown)
		return "is shown";
	if (strcmp(cell->expected, "open") == 0)
		return absent ? "the record is absent" : cell_opens(cell) ? NULL : "does not open";
	if (strcmp(cell->expected, "absent") == 0 && !absent)
		return "the record is there";
	if (cell_opens(cell))
		return "opens";
	if (cell->secret[0] != '\0' && person_has_seen(cell->who, cell->secret))
		return "its value came";
	if (strcmp(cell->expected, "absent") == 0)
		return cell_is_found(cell) ? "is found by its value" : NULL;
	return !cell->special && cell_leaks(cell) ? "is taken as a filter or sort key" : NULL;
}

/* An area the session has (own) or has not; -1 when there is none such. */
static int area_of(const struct person *who, bool own)
{
	json_t *areas = json_object_get(who->session, "areas");

	for (int area = 1; area <= 3; area++) {
		bool has = false;

		for (size_t i = 0; i < json_array_size(areas); i++)
			has = has || json_integer_value(json_array_get(areas, i)) == area;
		if (has == own)
			return area;
	}
	return -1;
}

struct outcome {
	int asked, wrong, skipped;
	char list[3000];
	size_t used;
};

static void outcome_add(struct outcome *out, const char *text)
{
	if (out->wrong++ < SHOWN && out->used < sizeof(out->list) - 256)
		out->used += (size_t)snprintf(out->list + out->used, sizeof(out->list) - out->used, "%.250s\n", text);
}

/* One row of a field table: both of its cells. */
static bool row_field(char *column[COLUMNS], struct outcome *out)
{
	char label[LABEL], sample[64], said[320];
	const char *login = role_login(column[0]);
	char *colon = strchr(column[2], ':');

	if (login == NULL)
		return play_fail("no demo person for role %s", column[0]);
	snprintf(label, sizeof(label), "%s", login);
	snprintf(sample, sizeof(sample), "%.30s%.30s", column[1], colon != NULL ? colon : "");
	if (colon != NULL)
		*colon = '\0';
	for (int own = 1; own >= 0; own--) {
		struct cell cell = { .book = column[1], .field = column[2],
			.expected = column[own ? 3 : 4], .special = colon != NULL };
		const char *wrong;

		cell.who = person_as(label, NULL);
		if (cell.who == NULL)
			return false;
		if (area_of(cell.who, own) < 0 || !cell_sample(&cell, sample, area_of(cell.who, own))) {
			out->skipped++;
			continue;
		}
		out->asked++;
		wrong = cell_judge(&cell);
		if (wrong == NULL)
			continue;
		snprintf(said, sizeof(said), "%s %s.%s %s area, id %s: expected %s, %s", column[0], sample,
		    column[2], own ? "own" : "other", cell.id, cell.expected, wrong);
		outcome_add(out, said);
	}
	return true;
}

/* One row of an operation table: the script's definition asks and judges. */
static bool row_op(char *column[COLUMNS], struct outcome *out)
{
	char name[128], said[400];
	const char *login = role_login(column[0]);

	if (login == NULL)
		return play_fail("no demo person for role %s", column[0]);
	snprintf(name, sizeof(name), "may_%.100s", column[1]);
	for (char *c = name; *c != '\0'; c++)
		if (*c == '.' || *c == ':')
			*c = '_';
	snprintf(said, sizeof(said), "\"%s\"", login);
	value_set("person", said);
	snprintf(said, sizeof(said), "\"%.20s\"", column[2]);
	value_set("expected", said);
	out->asked++;
	if (play_define(name))
		return true;
	snprintf(said, sizeof(said), "%s %s expected %s: %.250s", column[0], column[1], column[2], play.why);
	outcome_add(out, said);
	return true;
}

static bool row_split(char *line, char *column[COLUMNS], int want)
{
	int n = 0;

	for (char *at = line; at != NULL && n < COLUMNS; n++) {
		column[n] = at;
		at = strchr(at, '\t');
		if (at != NULL)
			*at++ = '\0';
	}
	return n >= want;
}

/* matrix FILE.tsv [ONLY-ROLE] */
bool step_matrix(char *rest)
{
	char line[1024], *column[COLUMNS], *only;
	struct outcome out = { 0 };
	const char *file = script_word(&rest);
	FILE *f = fopen(file, "r");
	bool fields, ok = true;

	only = script_word(&rest);
	if (f == NULL || fgets(line, sizeof(line), f) == NULL) {
		if (f != NULL)
			fclose(f);
		return play_fail("cannot read %s", file);
	}
	fields = strstr(line, "\tfield\t") != NULL;
	while (ok && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!row_split(line, column, fields ? 5 : 3) ||
		    (only[0] != '\0' && strcmp(only, column[0]) != 0))
			continue;
		ok = fields ? row_field(column, &out) : row_op(column, &out);
	}
	fclose(f);
	printf("# %s: %d asked, %d without a record to ask, %d wrong\n", file, out.asked, out.skipped, out.wrong);
	return ok && (out.wrong == 0 || play_fail("%d of %d cells are wrong\n%s", out.wrong, out.asked, out.list));
}
