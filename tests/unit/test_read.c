/*
 * test_read.c - the SELECT builder and its rows, on a toy book: who gets which columns and rows,
 * what may be asked for, and how a page goes on.
 *
 * Compares SQL text, so no database is needed. Not for: the real books (flows ask them).
 * Trap: the toy refers to real books (unit, staff, department), whose codes and captions it uses.
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

#include "server/read.h"

enum { CODE, UNIT, OWNER, GROUP, TITLE, PHONE, SECRET, SINCE, DONE, TAGS, WHY, LIMIT, NTOY };
static const struct field toy_fields[] = {
	[CODE] = {.name = "code", .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_SORT, .max = 20},
	[UNIT] = {.name = "unit", .type = FT_REF, .level = LEVEL_OPEN, .ref = "unit"},
	[OWNER] = {.name = "owner", .type = FT_REF, .level = LEVEL_OPEN, .flags = F_PARTY, .ref = "staff"},
	[GROUP] = {.name = "group", .type = FT_REF, .level = LEVEL_OPEN, .flags = F_PARTY, .ref = "department"},
	[TITLE] = {.name = "title", .type = FT_TEXT, .level = LEVEL_NAME, .max = 20},
	[PHONE] = {.name = "phone", .type = FT_TEXT, .level = LEVEL_CONTACT, .flags = F_WITHHELD, .max = 20},
	[SECRET] = {.name = "secret", .type = FT_TEXT, .level = LEVEL_FULL, .flags = F_CRYPT, .max = 20},
	[SINCE] = {.name = "since", .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_SORT},
	[DONE] = {.name = "done", .type = FT_BOOL, .level = LEVEL_OPEN},
	[TAGS] = {.name = "tags", .type = FT_WORDS, .level = LEVEL_OPEN, .computed = "ARRAY['a']"},
	[WHY] = {.name = "why", .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_ARG, .max = 20},
	[LIMIT] = {.name = "limit_at", .type = FT_TIME, .level = LEVEL_OPEN},
};
static const struct state toy_states[] = {
	{.name = "open", .label = "Open"},
	{.name = "late", .label = "Late", .of = 0, .computed = "t.since < lodge.lodge_now()"},
	{.name = "shut", .label = "Shut"},
};
static const struct narrowing toy_narrowed[] = {{BIT(ROLE_DEM), "t.done"}, {0, NULL}};
static const struct deadline toy_deadlines[] = {{.name = "limit", .label = "Limit", .field = LIMIT}};
static const struct book toy = {.name = "toy", .readers = BIT(ROLE_FD) | BIT(ROLE_CM) | BIT(ROLE_DEM),
	.parties = BIT(ROLE_ET), .narrowed = toy_narrowed, .flags = B_AREA, .code = "code",
	.fields = toy_fields, .nfields = NTOY, .states = toy_states, .nstates = NITEMS(toy_states),
	.deadlines = toy_deadlines, .ndeadlines = NITEMS(toy_deadlines)};

static struct arena *arena;
static struct selection sel;

static struct reader reader_for(enum role role, enum level level)
{
	return (struct reader){.role = role, .level = level, .areas = "{1,2}", .heads = "{}", .staff = "7"};
}

static enum err list(const struct reader *reader, const char *json)
{
	struct node *params = NULL;

	assert_int_equal(node_parse(arena, json, strlen(json), 8, &params), OK);
	read_init(&sel, arena, reader, &toy);
	return read_list(&sel, params);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s\nis not in\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("%s\nis in\n%s", part, text);
}

static void assert_issue(const char *field)
{
	assert_int_equal(sel.nissues, 1);
	assert_string_equal(sel.issues[0].field, field);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void the_column_list_ends_at_the_readers_level(void **state)
{
	struct reader low = reader_for(ROLE_FD, LEVEL_NAME), high = reader_for(ROLE_CM, LEVEL_CONTACT);

	(void)state;
	assert_int_equal(list(&low, "{}"), OK);
	assert_has(sel.stmt.sql, "t.title");
	assert_lacks(sel.stmt.sql, "phone");
	assert_lacks(sel.stmt.sql, "secret");
	assert_string_equal(sel.masked, "\"phone\",\"secret\"");
	assert_false(sel.shows_contact);
	assert_int_equal(list(&high, "{}"), OK);
	assert_has(sel.stmt.sql, "t.phone, t.phone_withheld");
	assert_string_equal(sel.masked, "\"secret\"");
	assert_true(sel.shows_contact);
}

static void an_open_reader_gets_no_caption_of_a_reference(void **state)
{
	struct reader open = reader_for(ROLE_FD, LEVEL_OPEN), name = reader_for(ROLE_FD, LEVEL_NAME);

	(void)state;
	assert_int_equal(list(&open, "{}"), OK);
	assert_has(sel.stmt.sql, "coalesce(r.work_no::text, '')");
	assert_has(sel.stmt.sql, "FROM lodge.staff r WHERE r.id IN (t.owner)");
	assert_lacks(sel.stmt.sql, "coalesce(r.work_no::text, '') || E'\\x1f' || coalesce");
	assert_int_equal(list(&name, "{}"), OK);
	assert_has(sel.stmt.sql, "coalesce(r.work_no::text, '') || E'\\x1f' || coalesce(r.name::text, '')");
}

static void every_statement_holds_the_scope_of_its_reader(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_NAME), party = reader_for(ROLE_ET, LEVEL_OPEN),
		deputy = reader_for(ROLE_DEM, LEVEL_NAME);

	(void)state;
	assert_int_equal(list(&desk, "{}"), OK);
	assert_has(sel.stmt.sql, "WHERE (t.area = ANY($1) OR t.owner = $2 OR t.group = ANY($3))");
	assert_string_equal(sel.params[0], "{1,2}");
	assert_string_equal(sel.params[1], "7");
	assert_int_equal(list(&party, "{}"), OK);
	assert_has(sel.stmt.sql, "WHERE (false OR t.owner = $1 OR t.group = ANY($2))");
	assert_int_equal(list(&deputy, "{}"), OK);
	assert_has(sel.stmt.sql, ") AND (t.done)");
}

static void a_field_that_may_not_be_read_may_not_be_asked_for(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_NAME);
	static const char *const asks[][2] = {
		{"{\"where\":{\"phone\":\"12345\"}}", "phone"}, {"{\"where\":{\"secret\":\"x\"}}", "secret"},
		{"{\"where\":{\"why\":\"x\"}}", "why"}, {"{\"where\":{\"nothing\":1}}", "nothing"},
		{"{\"where\":{\"tags\":\"a\"}}", "tags"}, {"{\"sort\":[\"phone\"]}", "sort"},
		{"{\"sort\":[\"title\"]}", "sort"}, {"{\"sort\":\"code\"}", "sort"}, {"{\"limit\":201}", "limit"},
		{"{\"limit\":\"5\"}", "limit"}, {"{\"more\":1}", "more"}, {"{\"where\":[]}", "where"},
		{"{\"where\":{\"state\":\"gone\"}}", "state"}, {"{\"where\":{\"done\":\"perhaps\"}}", "done"},
		{"{\"where\":{\"code\":\"a\",\"unit\":1,\"owner\":1,\"done\":true,\"title\":\"x\"}}", "where"},
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(asks); i++) {
		assert_int_equal(list(&desk, asks[i][0]), ERR_INVALID);
		assert_issue(asks[i][1]);
	}
}

static void values_travel_as_parameters_only(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_NAME);

	(void)state;
	assert_int_equal(list(&desk, "{\"where\":{\"title\":\"x' OR '1'='1\",\"unit\":\"7-1203\","
		"\"owner\":[\"desk\",\"w\\\"1\"],\"done\":null}}"), OK);
	assert_has(sel.stmt.sql, " AND t.title = $4 AND t.unit IN (SELECT r.id FROM lodge.unit r WHERE "
		"r.code = $5) AND t.owner IN (SELECT r.id FROM lodge.staff r WHERE r.work_no = ANY($6) OR "
		"r.login = ANY($6)) AND t.done IS NULL");
	assert_string_equal(sel.params[3], "x' OR '1'='1");
	assert_string_equal(sel.params[5], "{\"desk\",\"w\\\"1\"}");
	assert_lacks(sel.stmt.sql, "7-1203");
}

static void a_stored_state_leaves_the_refined_rows_out(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_NAME);

	(void)state;
	assert_int_equal(list(&desk, "{\"where\":{\"state\":[\"open\",\"late\"]}}"), OK);
	assert_has(sel.stmt.sql, "(CASE WHEN t.state = 'open' AND (t.since < lodge.lodge_now()) THEN "
		"'late' ELSE t.state END)");
	assert_has(sel.stmt.sql, " AND ((t.state = 'open' AND (t.since < lodge.lodge_now()) IS NOT TRUE)"
		" OR (t.state = 'open' AND (t.since < lodge.lodge_now())))");
}

static void a_record_is_named_by_id_or_code_within_the_scope(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_NAME);

	(void)state;
	read_init(&sel, arena, &desk, &toy);
	assert_int_equal(read_record(&sel, NULL, NULL, NULL, "a"), OK);
	assert_has(sel.stmt.sql, "t.group = ANY($3)) AND t.code = $4");
	read_init(&sel, arena, &desk, &toy);
	assert_int_equal(read_record(&sel, NULL, NULL, "12", NULL), OK);
	assert_has(sel.stmt.sql, " AND t.id = $4");
}

static void a_part_hangs_on_its_parent_by_a_subselect(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_NAME);
	const struct part part = {.name = "toys", .book = "toy", .by = "unit", .of = "unit",
		.where = "{\"state\":\"open\"}", .sort = "-id"};

	(void)state;
	read_init(&sel, arena, &desk, &toy);
	assert_int_equal(read_record(&sel, &toy, &part, "12", NULL), OK);
	assert_has(sel.stmt.sql, " AND t.unit = (SELECT p.unit FROM lodge.toy p WHERE p.id = $4) AND (");
	assert_has(sel.stmt.sql, " ORDER BY t.id DESC LIMIT 201");
}

/* A result as PostgreSQL would send it: cells of a row, "" = NULL. */
static PGresult *result_of(int columns, int count, const char *const *cells)
{
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc *attributes = calloc((size_t)columns, sizeof(*attributes));

	for (int i = 0; i < columns; i++)
		attributes[i].name = (char *)(uintptr_t)"c";
	assert_true(PQsetResultAttrs(result, columns, attributes));
	for (int i = 0; i < columns * count; i++)
		assert_true(PQsetvalue(result, i / columns, i % columns, (char *)(uintptr_t)cells[i],
			cells[i][0] ? (int)strlen(cells[i]) : -1));
	free(attributes);
	return result;
}

static void a_page_goes_on_behind_its_last_row(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_OPEN);
	const char *const cells[] = {
		"5", "1", "open", "a", "1", "", "", "2026-01-01T00:00:00Z", "t", "[\"a\"]", "", "11\x1f""6-1\x1f\x1e""1\x1f""7-1203\x1f", "", "",
		"2026-01-01 00:00:00.5+00",
		"6", "1", "shut", "b", "", "", "", "2026-01-02T00:00:00Z", "f", "[]", "", "", "", "", "2026-01-02 00:00:00+00",
	};
	PGresult *result;
	struct buf out;
	char again[256];
	const char *next;

	(void)state;
	buf_init(&out, 1 << 16);
	assert_int_equal(list(&desk, "{\"sort\":[\"-since\"],\"limit\":1}"), OK);
	assert_int_equal(sel.ncells, 15);
	assert_has(sel.stmt.sql, ", t.since FROM");
	assert_has(sel.stmt.sql, " ORDER BY t.since DESC, t.id DESC LIMIT 2");
	result = result_of(15, 2, cells);
	read_rows(&out, &sel, (const struct rows *)(const void *)result, true);
	assert_has(out.data, "{\"rows\":[{\"id\":5,\"version\":1,\"state\":\"open\",\"code\":\"a\",\"unit\":"
		"{\"id\":1,\"code\":\"7-1203\"},\"owner\":null,\"group\":null,\"since\":\"2026-01-01T00:00:00Z\","
		"\"done\":true,\"tags\":[\"a\"],\"limit_at\":null,\"masked\":[\"title\",\"phone\",\"secret\"]}],\"next\":\"");
	next = strstr(out.data, "\"next\":\"") + 8;
	snprintf(again, sizeof(again), "{\"sort\":[\"-since\"],\"after\":\"%.*s\"}", (int)strcspn(next, "\""), next);
	assert_int_equal(list(&desk, again), OK);
	assert_has(sel.stmt.sql, " AND (t.since, t.id) < ($4, $5)");
	assert_string_equal(sel.params[3], "2026-01-01 00:00:00.5+00");
	assert_string_equal(sel.params[4], "5");
	snprintf(again, sizeof(again), "{\"after\":\"%.*s\"}", (int)strcspn(next, "\""), next);
	assert_int_equal(list(&desk, again), ERR_INVALID);
	assert_issue("after");
	PQclear(result);
	buf_done(&out);
}

static void a_cursor_from_elsewhere_is_refused(void **state)
{
	static const char *const cursors[] = {"", "x", "zz", "00", "6964", "69647c7c", "69647c7c61", "69647c7c2d31",
		"69647c7c31323334353637383930313233343536373839"};
	struct reader desk = reader_for(ROLE_FD, LEVEL_OPEN);
	char ask[128];

	(void)state;
	for (size_t i = 0; i < NITEMS(cursors); i++) {
		snprintf(ask, sizeof(ask), "{\"after\":\"%s\"}", cursors[i]);
		assert_int_equal(list(&desk, ask), ERR_INVALID);
		assert_issue("after");
	}
}

/* The place behind a row whose sort value is "value", "" = empty. */
static void list_behind(const struct reader *reader, const char *sort, const char *value)
{
	char plain[64], hex[129] = "", ask[256];

	snprintf(plain, sizeof(plain), "%s|%s%s|5", sort, value[0] ? "=" : "", value);
	for (size_t i = 0; plain[i]; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)plain[i]);
	snprintf(ask, sizeof(ask), "{\"sort\":[\"%s\"],\"after\":\"%s\"}", sort, hex);
	assert_int_equal(list(reader, ask), OK);
}

static void a_deadline_that_may_be_empty_keeps_its_place_in_both_orders(void **state)
{
	struct reader desk = reader_for(ROLE_FD, LEVEL_OPEN);

	(void)state;
	list_behind(&desk, "limit_at", "2026-01-01");
	assert_has(sel.stmt.sql, " AND ((t.limit_at, t.id) > ($5, $4) OR t.limit_at IS NULL)");
	list_behind(&desk, "limit_at", "");
	assert_has(sel.stmt.sql, " AND ((t.limit_at IS NULL AND t.id > $4))");
	list_behind(&desk, "-limit_at", "2026-01-01");
	assert_has(sel.stmt.sql, " AND ((t.limit_at, t.id) < ($5, $4))");
	list_behind(&desk, "-limit_at", "");
	assert_has(sel.stmt.sql, " AND ((t.limit_at IS NULL AND t.id < $4) OR t.limit_at IS NOT NULL)");
}

static void a_withheld_value_is_masked_number_or_none(void **state)
{
	struct reader high = reader_for(ROLE_CM, LEVEL_CONTACT);
	const char *cells[32] = {"5", "1", "open"};
	PGresult *result;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	assert_int_equal(list(&high, "{}"), OK);
	for (int i = 3; i < sel.ncells; i++)
		cells[i] = "";
	for (size_t i = 0; i < sel.nfields; i++)
		if (sel.fields[i].withheld >= 0)
			cells[sel.fields[i].withheld] = "t";
	result = result_of(sel.ncells, 1, cells);
	read_rows(&out, &sel, (const struct rows *)(const void *)result, false);
	assert_lacks(out.data, "\"phone\":");
	assert_has(out.data, "\"masked\":[\"secret\",\"phone\"]");
	PQclear(result);
	buf_done(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_column_list_ends_at_the_readers_level),
		TEST(an_open_reader_gets_no_caption_of_a_reference),
		TEST(every_statement_holds_the_scope_of_its_reader),
		TEST(a_field_that_may_not_be_read_may_not_be_asked_for),
		TEST(values_travel_as_parameters_only),
		TEST(a_stored_state_leaves_the_refined_rows_out),
		TEST(a_record_is_named_by_id_or_code_within_the_scope),
		TEST(a_part_hangs_on_its_parent_by_a_subselect),
		TEST(a_page_goes_on_behind_its_last_row),
		TEST(a_cursor_from_elsewhere_is_refused),
		TEST(a_deadline_that_may_be_empty_keeps_its_place_in_both_orders),
		TEST(a_withheld_value_is_masked_number_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
