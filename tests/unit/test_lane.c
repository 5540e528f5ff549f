/*
 * test_lane.c - the lanes against a real PostgreSQL: batches, errors, lost connections.
 *
 * Every trap of a pipeline is provoked here on purpose. Not for: what statements mean.
 * Trap: calls of one turn share a batch, so a test submits all of them before it turns the loop.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/db.h"
#include "server/lane.h"
#include "server/settings.h"
#include "tests/unit/defaults.h"
#include "tests/unit/cluster.h"

enum { WORK_MAX = 2100 };

/* One call with one statement of at most two parameters, and how it ended. */
struct work {
	struct call call;
	struct stmt stmt;
	const char *params[2];
	char text[16];
	bool ended;
	enum err err;
	char sqlstate[8], cell[64];
};

static struct event_base *base;
static struct work works[WORK_MAX];
static size_t nworks, nended;

static void work_done(struct call *call, const struct rows *const *rows, enum err err,
	const char *sqlstate)
{
	struct work *work = call->ctx;
	const char *cell = rows ? rows_get(rows[0], 0, 0) : NULL;

	assert_false(work->ended);
	work->ended = true;
	work->err = err;
	snprintf(work->sqlstate, sizeof(work->sqlstate), "%s", sqlstate);
	snprintf(work->cell, sizeof(work->cell), "%s", cell ? cell : "");
	nended++;
}

static enum err try_submit(enum lane_kind kind, const char *sql, int number)
{
	struct work *work = &works[nworks++];

	*work = (struct work){.stmt = {.sql = sql, .nparams = number >= 0, .params = work->params}};
	snprintf(work->text, sizeof(work->text), "%d", number);
	work->params[0] = work->text;
	work->call = (struct call){.stmts = &work->stmt, .nstmts = 1, .done = work_done, .ctx = work};
	return lane_submit(kind, &work->call);
}

static void submit(enum lane_kind kind, const char *sql, int number)
{
	assert_int_equal(try_submit(kind, sql, number), OK);
}

static void turn(double seconds)
{
	struct timeval tick = {0, 10000};
	double until = db_clock() + seconds;

	while (db_clock() < until && nended < nworks) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
	}
}

static void finish(double seconds)
{
	turn(seconds);
	assert_int_equal(nended, nworks);
}

static void assert_all_fine_but(size_t except)
{
	for (size_t i = 0; i < nworks; i++)
		if (i != except)
			assert_int_equal(works[i].err, OK);
}

static const char PUT[] = "SELECT put($1::int)"; /* an operation with a receipt */

static int group_start(void **state)
{
	(void)state;
	settings_defaults();
	if (!cluster_start()) {
		cluster_stop();
		exit(77);
	}
	cluster_sql("DO $$ DECLARE who text; BEGIN FOREACH who IN ARRAY ARRAY['name','contact',"
		"'reveal','report','writer','feed'] LOOP EXECUTE 'CREATE ROLE lodge_' || who || ' LOGIN';"
		"END LOOP; END $$");
	cluster_sql("CREATE TABLE book (id int PRIMARY KEY, times int NOT NULL DEFAULT 1);"
		"CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);"
		"CREATE SEQUENCE runs;"
		"CREATE FUNCTION put(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
		"  INSERT INTO book VALUES (a) ON CONFLICT (id) DO NOTHING; RETURN a; END $$;"
		"CREATE FUNCTION nobody(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
		"  PERFORM nextval('runs');"
		"  RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$;"
		"GRANT ALL ON ALL TABLES IN SCHEMA public TO lodge_writer, lodge_name;"
		"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO lodge_writer, lodge_name");
	return 0;
}

static int group_stop(void **state)
{
	(void)state;
	cluster_stop();
	return 0;
}

static int open_lanes(void **state)
{
	(void)state;
	cluster_sql("TRUNCATE book; TRUNCATE late; ALTER SEQUENCE runs RESTART");
	nworks = nended = 0;
	base = event_base_new();
	return base && lanes_open(base, cluster_conninfo()) == OK ? 0 : -1;
}

static int close_lanes(void **state)
{
	(void)state;
	lanes_close();
	event_base_free(base);
	return 0;
}

static void many_reads_come_back_each_with_its_own_row(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++)
		submit(i % 2 ? LANE_NAME : LANE_CONTACT, "SELECT $1::int + 1", i);
	finish(5);
	for (int i = 0; i < 200; i++) {
		assert_int_equal(works[i].err, OK);
		assert_int_equal(strtol(works[i].cell, NULL, 10), i + 1);
	}
}

static void every_lane_signs_in_as_its_own_role(void **state)
{
	static const char *const logins[] = {"lodge_name", "lodge_contact", "lodge_reveal",
		"lodge_report", "lodge_writer", "lodge_feed"};

	(void)state;
	for (int i = 0; i < LANE_END; i++)
		submit((enum lane_kind)i, "SELECT current_user::text", -1);
	finish(5);
	for (int i = 0; i < LANE_END; i++)
		assert_string_equal(works[i].cell, logins[i]);
}

static void a_failing_statement_is_answered_and_its_neighbours_run_again(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		submit(LANE_PEN, i == 2 ? "SELECT put(1 / ($1::int - 2))" : PUT, i);
	finish(5);
	assert_int_equal(works[2].err, ERR_INVALID);
	assert_string_equal(works[2].sqlstate, "22012");
	assert_all_fine_but(2);
	assert_string_equal(cluster_sql("SELECT string_agg(id::text, ',' ORDER BY id) FROM book"),
		"0,1,3,4");
}

static void a_statement_that_cannot_be_prepared_harms_nobody_else(void **state)
{
	(void)state;
	submit(LANE_PEN, PUT, 1);
	submit(LANE_PEN, "SELECT nothing FROM nowhere", -1);
	submit(LANE_PEN, PUT, 2);
	finish(5);
	assert_int_equal(works[1].err, ERR_DEGRADED);
	assert_string_equal(works[1].sqlstate, "42P01");
	assert_all_fine_but(1);
	assert_string_equal(cluster_sql("SELECT count(*) FROM book"), "2");
}

static void a_commit_that_fails_ends_only_the_call_that_breaks_it(void **state)
{
	static const int numbers[] = {1, 2, 1, 3};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		submit(LANE_PEN, "INSERT INTO late VALUES ($1::int) RETURNING id", numbers[i]);
	finish(5);
	assert_int_equal(works[2].err, ERR_INVALID);
	assert_string_equal(works[2].sqlstate, "23505");
	assert_all_fine_but(2);
	assert_string_equal(cluster_sql("SELECT count(*) FROM late"), "3");
}

static void a_call_that_fails_through_nobodys_fault_runs_twice_and_is_busy(void **state)
{
	(void)state;
	submit(LANE_PEN, PUT, 1);
	submit(LANE_PEN, "SELECT nobody($1::int)", 2);
	submit(LANE_PEN, PUT, 3);
	finish(5);
	assert_int_equal(works[1].err, ERR_BUSY);
	assert_all_fine_but(1);
	assert_string_equal(cluster_sql("SELECT last_value FROM runs"), "2");
}

static void a_slow_read_is_stopped_and_its_neighbours_are_answered(void **state)
{
	(void)state;
	submit(LANE_NAME, "SELECT $1::int", 1);
	submit(LANE_NAME, "SELECT pg_sleep(3), $1::int", 2);
	submit(LANE_NAME, "SELECT $1::int", 3);
	finish(5);
	assert_int_equal(works[1].err, ERR_BUSY);
	assert_string_equal(works[1].sqlstate, "57014");
	assert_all_fine_but(1);
}

/* Sends a batch whose first statement takes its time, and breaks the pen's backend meanwhile. */
static void break_batch(const char *how)
{
	submit(LANE_PEN, "SELECT pg_sleep(0.4), $1::int", 0);
	for (int i = 1; i <= 20; i++)
		submit(LANE_PEN, PUT, i);
	turn(0.15);
	assert_int_equal(nended, 0);
	if (how)
		cluster_sql(how);
	else
		kill((pid_t)strtol(cluster_sql("SELECT pid FROM pg_stat_activity "
			"WHERE usename = 'lodge_writer'"), NULL, 10), SIGKILL);
	finish(8);
	assert_all_fine_but(SIZE_MAX);
}

static void a_terminated_backend_is_replaced_and_the_batch_runs_again(void **state)
{
	(void)state;
	break_batch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
		"WHERE usename = 'lodge_writer'");
	assert_string_equal(cluster_sql("SELECT count(*) || '/' || sum(times) FROM book"), "20/20");
}

static void a_killed_backend_loses_nothing_and_doubles_nothing(void **state)
{
	(void)state;
	break_batch(NULL);
	usleep(200000);
	submit(LANE_NAME, "SELECT count(*) || '/' || sum(times) FROM book WHERE id >= $1::int", 0);
	finish(8);
	assert_string_equal(works[nworks - 1].cell, "20/20");
}

static void a_connection_lost_while_idle_is_noticed_and_replaced(void **state)
{
	(void)state;
	cluster_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
		"WHERE application_name = 'lodged'");
	for (int i = 0; i < 4; i++)
		submit(LANE_PEN, PUT, i);
	finish(5);
	assert_all_fine_but(SIZE_MAX);
	assert_string_equal(cluster_sql("SELECT count(*) FROM book"), "4");
}

static void a_full_queue_is_busy_at_once(void **state)
{
	int taken = 0;

	(void)state;
	while (taken < WORK_MAX - 1 && try_submit(LANE_NAME, "SELECT $1::int", taken) == OK)
		taken++;
	assert_int_equal(taken, settings.lane_queue);
	nworks--; /* the refused one is never done */
	finish(10);
	assert_all_fine_but(SIZE_MAX);
}

static void more_texts_than_a_connection_keeps_prepared_still_run(void **state)
{
	static char texts[600][48];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 600; i++) {
			snprintf(texts[i], sizeof(texts[i]), "SELECT $1::int + %d", i);
			submit(LANE_REVEAL, texts[i], 1);
		}
		finish(10);
	}
	for (int i = 0; i < 1200; i++)
		assert_int_equal(strtol(works[i].cell, NULL, 10), i % 600 + 1);
	assert_true(strtol(cluster_sql("SELECT 0"), NULL, 10) == 0);
}

static void a_table_changed_under_a_prepared_statement_is_read_again(void **state)
{
	(void)state;
	submit(LANE_NAME, "SELECT * FROM book WHERE id = $1::int", 1);
	submit(LANE_NAME, "SELECT * FROM book WHERE id = $1::int", 1);
	finish(5);
	cluster_sql("ALTER TABLE book ADD COLUMN more int");
	submit(LANE_NAME, "SELECT * FROM book WHERE id = $1::int", 1);
	finish(5);
	cluster_sql("ALTER TABLE book DROP COLUMN more");
	assert_all_fine_but(SIZE_MAX);
}

static void set_standby(const char *names)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "ALTER SYSTEM SET synchronous_standby_names = '%s'", names);
	cluster_sql(sql);
	cluster_sql("SELECT pg_reload_conf()");
	usleep(200000);
}

static void a_commit_with_a_warning_is_not_believed(void **state)
{
	(void)state;
	set_standby("nowhere");
	submit(LANE_PEN, PUT, 1);
	turn(0.5);
	assert_int_equal(nended, 0);
	cluster_sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'lodge_writer'");
	submit(LANE_PEN, "INSERT INTO book VALUES ($1::int) ON CONFLICT (id) DO UPDATE "
		"SET times = book.times + 1", 1);
	turn(0.5);
	assert_false(works[1].ended);
	set_standby("");
	finish(8);
	assert_all_fine_but(SIZE_MAX);
}

static void a_commit_that_hangs_is_indeterminate_after_five_seconds(void **state)
{
	double started = db_clock();

	(void)state;
	set_standby("nowhere");
	submit(LANE_PEN, PUT, 1);
	finish(8);
	set_standby("");
	assert_int_equal(works[0].err, ERR_INDETERMINATE);
	assert_true(db_clock() - started < 7);
}

static void a_server_that_is_not_there_is_said_at_once(void **state)
{
	(void)state;
	base = event_base_new();
	assert_int_equal(lanes_open(base, "host=/nonexistent dbname=lodge"), ERR_BUSY);
	event_base_free(base);
}

#define WITH_LANES(test) cmocka_unit_test_setup_teardown(test, open_lanes, close_lanes)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_is_not_there_is_said_at_once),
		WITH_LANES(many_reads_come_back_each_with_its_own_row),
		WITH_LANES(every_lane_signs_in_as_its_own_role),
		WITH_LANES(a_failing_statement_is_answered_and_its_neighbours_run_again),
		WITH_LANES(a_statement_that_cannot_be_prepared_harms_nobody_else),
		WITH_LANES(a_commit_that_fails_ends_only_the_call_that_breaks_it),
		WITH_LANES(a_call_that_fails_through_nobodys_fault_runs_twice_and_is_busy),
		WITH_LANES(a_slow_read_is_stopped_and_its_neighbours_are_answered),
		WITH_LANES(a_terminated_backend_is_replaced_and_the_batch_runs_again),
		WITH_LANES(a_killed_backend_loses_nothing_and_doubles_nothing),
		WITH_LANES(a_connection_lost_while_idle_is_noticed_and_replaced),
		WITH_LANES(a_full_queue_is_busy_at_once),
		WITH_LANES(more_texts_than_a_connection_keeps_prepared_still_run),
		WITH_LANES(a_table_changed_under_a_prepared_statement_is_read_again),
		WITH_LANES(a_commit_with_a_warning_is_not_believed),
		WITH_LANES(a_commit_that_hangs_is_indeterminate_after_five_seconds),
	};

	return cmocka_run_group_tests(tests, group_start, group_stop);
}
