/*
 * test_read_sql.c - every statement that the descriptors can give is one that its login role may
 * run: each book, each level, list, record, parts, filters and sorts, on the real schema.
 *
 * Prepares and runs them on empty tables of a throw-away PostgreSQL. Not for: what rows come back
 * (flows). Trap: a column grant that is missing shows only when the column is named, so every
 * readable field is also filtered by.
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

#include "server/admin/compile.h"
#include "server/engine_own.h"
#include "server/read.h"
#include "tests/unit/cluster.h"
#include "tests/unit/schema.h"

static struct arena *arena;
static PGconn *conns[2]; /* lodge_name, lodge_contact */

static PGconn *connect_as(const char *login)
{
	char conninfo[256];
	PGconn *conn;

	snprintf(conninfo, sizeof(conninfo), "%s user=%s", cluster_conninfo(), login);
	conn = PQconnectdb(conninfo);
	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	return conn;
}

static int group_start(void **state)
{
	(void)state;
	if (!cluster_start()) {
		cluster_stop();
		exit(77);
	}
	schema_load();
	conns[0] = connect_as("lodge_name");
	conns[1] = connect_as("lodge_contact");
	return 0;
}

static int group_stop(void **state)
{
	(void)state;
	PQfinish(conns[0]);
	PQfinish(conns[1]);
	cluster_stop();
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(8 << 20);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void run_as(const struct reader *reader, const struct selection *sel)
{
	PGconn *conn = conns[reader->level >= LEVEL_CONTACT];
	PGresult *result = PQexecParams(conn, sel->stmt.sql, sel->stmt.nparams, NULL, sel->stmt.params,
		NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s%s", PQerrorMessage(conn), sel->stmt.sql);
	PQclear(result);
}

static enum role a_role(uint64_t roles)
{
	for (int role = ROLE_UNSET + 1; role < ROLE_END; role++)
		if (roles & BIT(role))
			return (enum role)role;
	return ROLE_UNSET;
}

/* Runs the check for every book, as a reader and as a party, at every level. */
static void for_all_readers(void (*check)(const struct reader *, const struct book *))
{
	for (size_t i = 0; i < nbooks; i++)
		for (int level = LEVEL_OPEN; level <= LEVEL_CONTACT; level++)
			for (int party = 0; party < 2; party++) {
				uint64_t roles = party ? books[i]->parties & ~books[i]->readers : books[i]->readers;
				struct reader reader = {.role = a_role(roles), .level = (enum level)level,
					.areas = "{1,2}", .heads = "{3}", .staff = "7"};

				if (reader.role == ROLE_UNSET)
					continue;
				check(&reader, books[i]);
				arena_reset(arena);
			}
}

static void check_list(const struct reader *reader, const struct book *book, const char *json)
{
	struct node *params = NULL;
	struct selection sel;

	assert_int_equal(node_parse(arena, json, strlen(json), 8, &params), OK);
	read_init(&sel, arena, reader, book);
	if (read_list(&sel, params) != OK)
		fail_msg("%s.list %s: %s: %s", book->name, json, sel.issues[0].field, sel.issues[0].message);
	run_as(reader, &sel);
}

static void check_plain(const struct reader *reader, const struct book *book)
{
	check_list(reader, book, "{}");
	check_list(reader, book, "{\"sort\":[\"-id\"],\"limit\":200}");
}

static void check_views(const struct reader *reader, const struct book *book)
{
	for (size_t i = 0; i < book->nviews; i++) {
		const struct view *view = &book->views[i];
		char json[512];
		const char *me;

		if (!(view->roles & BIT(reader->role)))
			continue;
		snprintf(json, sizeof(json), "{\"where\":%s,\"sort\":[\"%s\"]}", view->where, view->sort);
		me = strstr(json, "$me"); /* the client writes its own staff code there */
		if (me)
			memcpy(json + (me - json), "w01", 3);
		check_list(reader, book, json);
	}
}

static void check_sorts(const struct reader *reader, const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++) {
		char json[128];

		if (!(book->fields[i].flags & F_SORT) || !read_may(reader, &book->fields[i]))
			continue;
		snprintf(json, sizeof(json), "{\"sort\":[\"-%s\"]}", book->fields[i].name);
		check_list(reader, book, json);
	}
}

static void check_filters(const struct reader *reader, const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		char json[128];

		if (!read_may(reader, field) || field->type == FT_WORDS || field->type == FT_IDS ||
			field->type == FT_AREAS || field->type == FT_ITEMS)
			continue;
		snprintf(json, sizeof(json), "{\"where\":{\"%s\":null}}", field->name);
		check_list(reader, book, json);
		if (field->type != FT_REF)
			continue;
		snprintf(json, sizeof(json), "{\"where\":{\"%s\":7}}", field->name);
		check_list(reader, book, json);
		snprintf(json, sizeof(json), "{\"where\":{\"%s\":[\"7\",\"8\"]}}", field->name);
		check_list(reader, book, json);
	}
}

static void check_states(const struct reader *reader, const struct book *book)
{
	for (size_t i = 0; i < book->nstates; i++) {
		char json[128];

		snprintf(json, sizeof(json), "{\"where\":{\"state\":[\"%s\"]}}", book->states[i].name);
		check_list(reader, book, json);
	}
}

static void check_records(const struct reader *reader, const struct book *book)
{
	struct selection sel;

	read_init(&sel, arena, reader, book);
	assert_int_equal(read_record(&sel, NULL, NULL, "7", NULL), OK);
	run_as(reader, &sel);
	if (!book->code)
		return;
	read_init(&sel, arena, reader, book);
	assert_int_equal(read_record(&sel, NULL, NULL, NULL, "7-1203"), OK);
	run_as(reader, &sel);
}

static void check_parts(const struct reader *reader, const struct book *book)
{
	for (size_t i = 0; i < book->nparts; i++) {
		const struct book *of = book_find(book->parts[i].book);
		struct selection sel;

		if (!read_book_may(reader, of))
			continue;
		read_init(&sel, arena, reader, of);
		assert_int_equal(read_record(&sel, book, &book->parts[i], "7", NULL), OK);
		run_as(reader, &sel);
	}
}

static void every_list_runs_as_its_role(void **state)
{
	(void)state;
	for_all_readers(check_plain);
}

static void every_view_runs_as_its_role(void **state)
{
	(void)state;
	for_all_readers(check_views);
}

static void every_sort_runs_as_its_role(void **state)
{
	(void)state;
	for_all_readers(check_sorts);
}

static void every_filter_runs_as_its_role(void **state)
{
	(void)state;
	for_all_readers(check_filters);
}

static void every_state_can_be_asked_for(void **state)
{
	(void)state;
	for_all_readers(check_states);
}

static void every_record_runs_as_its_role(void **state)
{
	(void)state;
	for_all_readers(check_records);
}

static void every_part_runs_as_its_role(void **state)
{
	(void)state;
	for_all_readers(check_parts);
}

/* The pen prepares it: names, number and types of the parameters fit the function. */
static void every_operation_can_be_prepared_by_the_pen(void **state)
{
	PGconn *pen = connect_as("lodge_writer");

	(void)state;
	for (size_t i = 0; i < nbooks; i++)
		for (size_t k = 0; k < books[i]->nops; k++) {
			PGresult *result;
			struct buf sql;

			buf_init(&sql, 4096);
			engine_call(&sql, books[i], &books[i]->ops[k], false);
			result = PQprepare(pen, "", sql.data, 0, NULL);
			if (PQresultStatus(result) != PGRES_COMMAND_OK)
				fail_msg("%s: %s", sql.data, PQerrorMessage(pen));
			PQclear(result);
			buf_done(&sql);
		}
	PQfinish(pen);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_list_runs_as_its_role), TEST(every_view_runs_as_its_role),
		TEST(every_sort_runs_as_its_role), TEST(every_filter_runs_as_its_role),
		TEST(every_state_can_be_asked_for), TEST(every_record_runs_as_its_role),
		TEST(every_part_runs_as_its_role), TEST(every_operation_can_be_prepared_by_the_pen),
	};

	return cmocka_run_group_tests(tests, group_start, group_stop);
}
