/*
 * test_clock.c - every state and field of the house that changes by time alone does so at its second: not one second
 * before, and one second after (OPS-01, INC-02, EKEY-06, VUL-01, LOAN-11 and every other time limit).
 *
 * Nobody lists them: whatever a descriptor computes with the clock, itself or through a function, is asked at its edge, at ends of
 * months and years, on the leap day and where the clocks are changed. The plain ones are taken from their condition; the others
 * stand in `hard`. A new one that is neither, and a time limit whose moment nothing looks at, fail. Not for: when a limit falls
 * (flows), who may still do what (guards). Trap: the tables stand here without their constraints, so that a row may be half.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/book.h"
#include "tests/unit/cluster.h"
#include "tests/unit/schema.h"

/* The last moments and days of something: month and year ends, the leap day, days on which clocks are changed. */
static const char *const days[] = { "2027-12-31", "2028-02-28", "2028-02-29", "2028-03-11", "2028-03-25", "2028-03-31", "2028-04-01",
	"2028-09-02", "2028-10-28", "2028-11-04" };
static const char *const zones[] = { "Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "America/Santiago" };
#define NZONES (sizeof(zones) / sizeof(zones[0]))

/* What is no plain comparison: .row is the record, .rows are others that it looks at, .edge is the moment (SQL) at which it turns
 * from .before into .after ("" = nothing, "*" = something). %s is a
 * day in all of them. */
static const struct hard {
	const char *book, *name, *rows, *row, *edge, *before, *after;
} hard[] = {
	{ "incident", "in_time", "", "{\"state\":\"opened\",\"severity\":\"general\",\"due\":\"%s 23:59:59Z\"}", "'%s 23:59:59Z'", "", "false" },
	{ "incident", "copies_in_time", "", "{\"state\":\"submitted\",\"copy_due\":\"%s 00:00:00Z\"}", "'%s 00:00:00Z'", "", "false" },
	{ "roll_tick", "help", "INSERT INTO emergency (id, state, kind, opened_at, until, roll_at) VALUES (1, 'open', 'fire', '2026-01-01', '%s 02:30:00Z', '2026-01-01');"
		"INSERT INTO unit (id) VALUES (1); INSERT INTO person (unit, needs_help) VALUES (1, true)",
		"{\"emergency\":1,\"unit\":1}", "'%s 02:30:00Z'", "true", "" },
	{ "pregnancy", "to_remind", "INSERT INTO pregnancy_sealed (id, due_on) VALUES (1, date '%s' + 7)", "{\"id\":1}", "estate_moment(timestamp '%s')", "false", "true" },
	{ "pregnancy", "to_remind", "INSERT INTO pregnancy_sealed (id, due_on) VALUES (1, date '%s' - 7)", "{\"id\":1}", "estate_moment(date '%s' + time '24:00')", "true", "false" },
	{ "roster", "on_duty", "INSERT INTO shift (id, code, starts, ends) VALUES (1, 's', estate_moment(date '%s' + time '17:30'), '2030-01-01')", "{\"state\":\"assigned\",\"shift\":1}",
		"estate_moment(date '%s' + time '17:30')", "false", "true" },
	{ "round", "tonight", "INSERT INTO shift (id, code, starts, ends) VALUES (1, 's', '2026-01-01', estate_moment(date '%s' + time '08:00'))", "{\"shift\":1}",
		"estate_moment(date '%s' + time '08:00')", "true", "false" },
	{ "post_check", "tonight", "INSERT INTO shift (id, code, starts, ends) VALUES (1, 's', '2026-01-01', estate_moment(date '%s' + time '08:00'))", "{\"shift\":1}",
		"estate_moment(date '%s' + time '08:00')", "true", "false" },
	{ "post", "check_due", "INSERT INTO post (id, state) VALUES (1, 'in_use')", "{\"id\":1}", "estate_moment(date '%s' + time '17:30')", "", "*" },
	{ "post", "unchecked", "INSERT INTO post (id, state) VALUES (1, 'in_use')", "{\"id\":1}", "estate_moment(date '%s' + time '08:00')", "true", "false" },
	{ "post", "check_overdue", "INSERT INTO post (id, state) VALUES (1, 'in_use')", "{\"id\":1}", "estate_moment(date '%s' + time '20:00')", "false", "true" },
	{ "post", "check_overdue", "INSERT INTO post (id, state) VALUES (1, 'in_use')", "{\"id\":1}", "estate_moment(date '%s' + time '08:00')", "true", "false" },
	{ "post", "missed", "INSERT INTO post (id, state) VALUES (1, 'in_use')", "{\"id\":1}", "estate_moment(date '%s' + time '20:00')", "", "20:00" },
	{ "post", "with_missed", "INSERT INTO post (id, state) VALUES (1, 'in_use')", "{\"id\":1}", "estate_moment(date '%s' + time '20:00')", "false", "true" },
	{ "post", "with_missed", "INSERT INTO post (id, state) VALUES (1, 'in_use')", "{\"id\":1}", "estate_moment(date '%s' + time '08:00')", "true", "false" },
	{ "property_change", "lately", "INSERT INTO policy (key, value) VALUES ('night.change_days', '7')", "{\"day\":\"%s\"}", "estate_moment(date '%s' + 7 + time '00:00')", "true", "false" },
	{ "entry_pass", "ends_soon", "", "{\"state\":\"active\",\"valid_until\":\"%s\"}", "estate_moment(date '%s' - 7 + time '00:00')", "false", "true" },
	{ "entry_pass", "ends_soon", "", "{\"state\":\"active\",\"valid_until\":\"%s\"}", "estate_moment(date '%s' + time '24:00')", "true", "false" },
	{ "visitor", "to_register", "", "{\"state\":\"inside\",\"class\":\"guest\",\"in_at\":\"%s 12:00:00Z\"}", "estate_moment(estate_time('%s 12:00:00Z')::date + 15 + time '00:00')", "false", "true" },
	{ "visitor", "host_phone", "INSERT INTO staff (id, phone, status) VALUES (1, 'yes', 'active'); INSERT INTO phone_consent (employee, state, until) VALUES (1, 'given', '%s')",
		"{\"host\":1}", "estate_moment(date '%s' + time '24:00')", "yes", "" },
	{ "supplier_person", "valid", "INSERT INTO supplier_list (id, state, valid_from, valid_until) VALUES (1, 'in_force', '2026-01-01', '%s'); INSERT INTO supplier_person (id, state, list) VALUES (1, 'listed', 1)",
		"{\"id\":1}", "estate_moment(date '%s' + time '24:00')", "true", "false" },
	{ "supplier_person", "valid", "INSERT INTO supplier_list (id, state, valid_from, valid_until) VALUES (1, 'in_force', '%s', '2030-01-01'); INSERT INTO supplier_person (id, state, list) VALUES (1, 'listed', 1)",
		"{\"id\":1}", "estate_moment(date '%s' + time '00:00')", "false", "true" },
	{ "handover_item", "still", "INSERT INTO deadline (id, book, record, kind, due) VALUES (901, 'incident', 1, 'incident_report', estate_moment(date '%s' + time '12:00'))",
		"{\"source\":\"deadline\",\"book\":\"deadline\",\"record\":901}", "estate_moment(date '%s' - 1 + time '17:30')", "false", "true" },
	{ "vip_profile", "due", "", "{\"update_due\":\"%s 02:30:00Z\"}", "timestamptz '%s 02:30:00Z' - interval '7 days'", "false", "true" },
	{ "loan", "queue", "INSERT INTO loan (id, state, file, reserved_at, told_at) VALUES (7, 'approved', 1, '2026-01-01', timestamptz '%s 02:30:00Z' - interval '3 days')",
		"{\"id\":8,\"state\":\"requested\",\"file\":1,\"reserved_at\":\"2026-01-02\"}", "'%s 02:30:00Z'", "waiting", "ready" },
	{ "copy", "recall", "INSERT INTO staff (id, status) VALUES (1, 'active'); INSERT INTO staff_role (staff, role, since, areas) VALUES (1, 'EM', '2026-01-01', '{1}');"
		"INSERT INTO clearance (role, lists, lists_night, opens) VALUES ('EM', 'contact', 'contact', 'sealed') ON CONFLICT DO NOTHING;"
		"INSERT INTO copy (id, area, state, recipient, tier, ends_at) VALUES (1, 1, 'issued', 1, 'estate', '%s 02:30:00Z')",
		"{\"id\":1}", "'%s 02:30:00Z'", "nothing", "expired" },
	{ "inspection", "overdue", "INSERT INTO inspection (id, state, kind, fixed_due) VALUES (901, 'due', 'half_year', '%s 02:30:00Z')", "{\"id\":901}", "'%s 02:30:00Z'", "false", "true" },
	{ "inspection", "late", "INSERT INTO inspection (id, state, kind, fixed_due) VALUES (901, 'drawn', 'half_year', '%s 02:30:00Z')", "{\"id\":901}", "'%s 02:30:00Z'", "false", "true" },
};

/* What only looks as if it changed by time: a function that it asks carries, as text, SQL of an operation that looks at the clock. */
static const char *const timeless[] = { "duty_entry.prompt" };

/* Limits whose moment is shown and listed, but turns nothing: by themselves they stand on the hand-over's list. */
static const char *const listed_only[] = { "police" };

static PGconn *conn;
static size_t wrong;

/* The first cell of the last result; the test fails when the SQL does. */
static const char *asked(const char *sql)
{
	static char cell[200];
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	snprintf(cell, sizeof(cell), "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return cell;
}

/* The functions that look at the clock, themselves or through another. */
static const char find_clocked[] = "CREATE TEMP TABLE clocked AS WITH RECURSIVE c AS (SELECT p.oid, p.proname FROM pg_proc p "
	"WHERE p.pronamespace = 'lodge'::regnamespace AND p.proname IN ('lodge_now', 'clock_shift') UNION SELECT p.oid, p.proname FROM pg_proc p JOIN c "
	"ON position(c.proname || '(' IN p.prosrc) > 0 WHERE p.pronamespace = 'lodge'::regnamespace) SELECT DISTINCT proname FROM c";

static int group_start(void **state)
{
	(void)state;
	if (!cluster_start()) {
		cluster_stop();
		exit(77);
	}
	schema_load();
	cluster_sql("SET client_min_messages = warning; DO $$ DECLARE c record; BEGIN "
		"FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE connamespace = 'lodge'::regnamespace AND contype IN ('c', 'f') LOOP "
		"EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP; "
		"FOR c IN SELECT attrelid::regclass AS t, attname FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid AND r.relkind = 'r' AND r.relnamespace = 'lodge'::regnamespace "
		"WHERE a.attnotnull AND a.attnum > 0 AND a.attidentity = '' AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = r.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) LOOP "
		"EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', c.t, c.attname); END LOOP; END $$");
	conn = PQconnectdb(cluster_conninfo());
	asked(find_clocked);
	return 0;
}

static int group_stop(void **state)
{
	(void)state;
	PQfinish(conn);
	cluster_stop();
	return 0;
}

/* SQL, each %s of it the day. */
static void put_day(char *out, size_t size, const char *text, const char *day)
{
	size_t len = 0;

	for (const char *s = text; *s != '\0' && len + 12 < size;) {
		if (s[0] == '%' && s[1] == 's') {
			len += (size_t)snprintf(out + len, size - len, "%s", day);
			s += 2;
		} else {
			out[len++] = *s++;
		}
	}
	out[len] = '\0';
}

struct edge {
	const char *zone, *book, *expr, *rows, *row, *at;
};

/* What a record is computed as when the house's clock stands so many seconds after the edge. */
static const char *computed_at(const struct edge *e, int seconds)
{
	static char sql[8192], answer[200];

	snprintf(sql, sizeof(sql), "BEGIN; SET LOCAL search_path = lodge, pg_temp; SET LOCAL session_replication_role = replica;"
		"INSERT INTO policy (key, value) VALUES ('estate.timezone', '%s'); %s;"
		"INSERT INTO test_clock (shift) SELECT (%s)::timestamptz + interval '%d s' - clock_timestamp();"
		"SELECT (%s)::text FROM (SELECT (jsonb_populate_record(NULL::lodge.\"%s\", '%s')).*) t",
		e->zone, e->rows, e->at, seconds, e->expr, e->book, e->row);
	snprintf(answer, sizeof(answer), "%s", asked(sql));
	asked("ROLLBACK");
	return answer;
}

static bool is_what(const char *came, const char *wanted)
{
	return strcmp(wanted, "*") == 0 ? came[0] != '\0' : strcmp(came, wanted) == 0;
}

static void crosses(const struct edge *e, const char *before, const char *after)
{
	static const struct { int seconds; const char *word; } sides[] = { { -1, "before" }, { 1, "after" } };

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		const char *came = computed_at(e, sides[i].seconds);

		if (!is_what(came, i == 0 ? before : after)) {
			print_error("%s, %s: in %s a second %s %s it is '%s'\n", e->book, e->expr, e->zone, sides[i].word, e->at, came);
			wrong++;
		}
	}
}

/* "t.FIELD SIGN (SELECT lodge.CLOCK())": the field, and whether it is true before the edge; NULL: no plain comparison. */
static const struct field *plain(const struct book *book, const char *expr, bool *before)
{
	static const char *const clocks[] = { "(SELECT lodge.lodge_now())", "(SELECT lodge.estate_day())" };
	char name[64], sign[4], clock[64];

	if (sscanf(expr, "t.%63[a-z_] %3[<>=] %63[^\n]", name, sign, clock) != 3 || (strcmp(clock, clocks[0]) != 0 && strcmp(clock, clocks[1]) != 0))
		return NULL;
	*before = sign[0] == '>';
	return book_field(book, name);
}

/* A day ends, or begins, at the estate's midnight; a moment is half past two, whatever zone, which comes twice or never where
 * clocks are changed. */
static void plain_crosses(const struct book *book, const struct field *field, const char *expr, bool before)
{
	char row[200], at[200];

	for (size_t d = 0; d < sizeof(days) / sizeof(days[0]); d++)
		for (size_t z = 0; z < NZONES; z++) {
			struct edge e = { .zone = zones[z], .book = book->name, .expr = expr, .rows = "", .row = row, .at = at };

			if (field->type != FT_DATE && z != d % NZONES)
				continue; /* a moment is one wherever it is told */
			if (field->type == FT_DATE) {
				snprintf(row, sizeof(row), "{\"%s\":\"%s\"}", field->name, days[d]);
				snprintf(at, sizeof(at), "estate_moment(date '%s' + time '%s')", days[d], before ? "00:00" : "24:00");
			} else {
				snprintf(row, sizeof(row), "{\"%s\":\"%s 02:30:00 %s\"}", field->name, days[d], zones[z]);
				snprintf(at, sizeof(at), "'%s 02:30:00 %s'", days[d], zones[z]);
			}
			crosses(&e, before ? "true" : "false", before ? "false" : "true");
		}
}

static size_t hard_crosses(const struct book *book, const char *name, const char *expr)
{
	char rows[800], row[300], at[300];
	size_t found = 0;

	for (const struct hard *h = hard; h < hard + sizeof(hard) / sizeof(hard[0]); h++) {
		if (strcmp(h->book, book->name) != 0 || strcmp(h->name, name) != 0)
			continue;
		found++;
		for (size_t d = 0; d < sizeof(days) / sizeof(days[0]); d++)
			for (size_t z = 0; z < NZONES; z++) {
				put_day(rows, sizeof(rows), h->rows, days[d]);
				put_day(row, sizeof(row), h->row, days[d]);
				put_day(at, sizeof(at), h->edge, days[d]);
				crosses(&(struct edge){ .zone = zones[z], .book = book->name, .expr = expr, .rows = rows, .row = row, .at = at }, h->before, h->after);
			}
	}
	return found;
}

static bool reads_clock(const char *expr)
{
	char sql[4096], *literal = PQescapeLiteral(conn, expr, strlen(expr));

	snprintf(sql, sizeof(sql), "SELECT EXISTS (SELECT 1 FROM clocked c WHERE position('lodge.' || c.proname || '(' IN %s) > 0)", literal);
	PQfreemem(literal);
	return strcmp(asked(sql), "t") == 0;
}

static bool is_timeless(const struct book *book, const char *name)
{
	char full[100];

	snprintf(full, sizeof(full), "%s.%s", book->name, name);
	for (size_t i = 0; i < sizeof(timeless) / sizeof(timeless[0]); i++)
		if (strcmp(timeless[i], full) == 0)
			return true;
	return false;
}

/* Crosses the edge of a computed state or field; false when it changes by time and nobody knows when. */
static bool edge_known(const struct book *book, const char *name, const char *expr)
{
	bool before = false;
	const struct field *field;

	if (expr == NULL || !reads_clock(expr) || is_timeless(book, name))
		return true;
	field = plain(book, expr, &before);
	if (field != NULL)
		plain_crosses(book, field, expr, before);
	return field != NULL || hard_crosses(book, name, expr) > 0;
}

static void what_changes_by_time_changes_at_its_second(void **state)
{
	(void)state;
	for (size_t b = 0; b < nbooks; b++) {
		const struct book *book = books[b];

		for (size_t i = 0; i < book->nstates + book->nfields; i++) {
			bool is_state = i < book->nstates;
			const char *name = is_state ? book->states[i].name : book->fields[i - book->nstates].name;

			if (!edge_known(book, name, is_state ? book->states[i].computed : book->fields[i - book->nstates].computed)) {
				print_error("%s.%s changes by time; give it a line in `hard`\n", book->name, name);
				wrong++;
			}
		}
	}
	assert_int_equal(wrong, 0);
}

/* Whether something of the book turns at this field's moment. */
static bool turns_at(const struct book *book, const char *field)
{
	char by[80];

	snprintf(by, sizeof(by), "t.%s ", field);
	for (size_t i = 0; i < book->nstates; i++)
		if (book->states[i].computed != NULL && strncmp(book->states[i].computed, by, strlen(by)) == 0)
			return true;
	for (const struct hard *h = hard; h < hard + sizeof(hard) / sizeof(hard[0]); h++)
		if (strcmp(h->book, book->name) == 0 && (strstr(h->row, field) != NULL || strstr(h->rows, field) != NULL))
			return true;
	return false;
}

static void every_time_limit_turns_something(void **state)
{
	(void)state;
	for (size_t b = 0; b < nbooks; b++)
		for (size_t i = 0; i < books[b]->ndeadlines; i++) {
			const struct deadline *deadline = &books[b]->deadlines[i];
			bool listed = false;

			for (size_t n = 0; n < sizeof(listed_only) / sizeof(listed_only[0]); n++)
				listed = listed || strcmp(listed_only[n], deadline->name) == 0;
			if (!listed && !turns_at(books[b], books[b]->fields[deadline->field].name))
				fail_msg("nothing of %s turns at the moment of %s", books[b]->name, deadline->name);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changes_by_time_changes_at_its_second), cmocka_unit_test(every_time_limit_turns_something),
	};

	return cmocka_run_group_tests(tests, group_start, group_stop);
}
