/*
 * test_app_offline.c - a terminal that goes on while the server is gone: recorded, handed in once, marked.
 *
 * Not for: the file (unit/journal) or what the server refuses (flow/journal). Trap: every test has a folder of its own, and
 * a server of its own on the estate's database, which it kills.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

enum { MOVEMENTS = 12 };

static char folder[64], file[96], set[128];
static struct server *server;

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/lodge-offline-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/screen-test.journal", folder);
	snprintf(set, sizeof(set), "LODGE_JOURNAL=%s", folder);
	desk_set(set);
	server = server_new();
	return 0;
}

static int drop_folder(void **state)
{
	(void)state;
	desk_set(NULL);
	server_free(server);
	unlink(file);
	return rmdir(folder);
}

static int64_t size_of_journal(void)
{
	struct stat st;

	return stat(file, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* A desk whose journal is open. */
static struct vt *open_desk(void)
{
	struct vt *vt = desk_open("desk", "en", server_address(server));

	for (int i = 0; i < 250 && size_of_journal() == 0; i++)
		vt_settle(vt, 20, 20);
	assert_true(size_of_journal() > 0);
	return vt;
}

static void write_visitor(struct vt *vt, const char *mark, int n)
{
	char script[160];

	snprintf(script, sizeof(script), "<v>7-1203<Tab>%s no %d<F2>", mark, n);
	desk_type(vt, script);
}

static int64_t visitors_of(const char *mark)
{
	return estate_number("SELECT count(*) FROM visitor WHERE name LIKE '%s no %%'", mark);
}

static int64_t records_of(const char *mark)
{
	return estate_number("SELECT count(*) FROM gate_record WHERE content LIKE '%%%s no %%'", mark);
}

static void cut_off_from(struct server *from, struct vt *vt)
{
	server_kill(from);
	desk_see(vt, "OFFLINE");
	vt_settle(vt, 1700, 1700); /* shorter breaks are waited for */
}

static void cut_off(struct vt *vt)
{
	cut_off_from(server, vt);
}

static void what_is_done_offline_is_handed_in_once_and_stays_marked(void **state)
{
	const char *mark = estate_mark();
	struct vt *vt = open_desk();

	(void)state;
	cut_off(vt);
	write_visitor(vt, mark, 1);
	desk_see(vt, "Recorded offline (1 waiting)");
	write_visitor(vt, mark, 2);
	desk_see(vt, "Recorded offline (2 waiting)");
	desk_see(vt, "+2");
	assert_int_equal(visitors_of(mark), 0);
	server_start(server);
	desk_see(vt, "Handed in: 2 recorded offline.");
	desk_see_gone(vt, " +2");
	assert_int_equal(visitors_of(mark), 2);
	assert_int_equal(records_of(mark), 2);
	assert_int_equal(estate_number("SELECT count(*) FROM event e JOIN visitor v ON v.id = e.record WHERE e.book = 'visitor' AND e.op = 'arrive' "
		"AND v.name LIKE '%s no %%' AND e.occurred < e.at AND v.arrived_at = e.occurred", mark), 2);
	desk_close(vt);
}

/* The link breaks while the answer is awaited: the write waits a moment, then it is recorded with its op_id. */
static void a_write_on_its_way_is_recorded_when_the_link_stays_away(void **state)
{
	const char *mark = estate_mark();
	struct vt *vt = open_desk();

	(void)state;
	desk_type(vt, "<v>7-1203<Tab>");
	vt_puts(vt, mark);
	vt_puts(vt, " no 1");
	desk_see(vt, " no 1");
	server_kill(server);
	vt_key(vt, "F2");
	desk_see(vt, "Recorded offline (1 waiting)");
	server_start(server);
	desk_see(vt, "Handed in: 1 recorded offline.");
	assert_int_equal(visitors_of(mark), 1);
	assert_int_equal(records_of(mark), 1);
	desk_close(vt);
}

/* kill -9 of the console with records waiting, of the server while they are handed in, of the console again. */
static void nothing_is_lost_or_doubled_when_both_sides_are_killed(void **state)
{
	const char *mark = estate_mark();
	struct vt *vt = open_desk();

	(void)state;
	cut_off(vt);
	for (int i = 1; i <= MOVEMENTS; i++) {
		char said[64];

		write_visitor(vt, mark, i);
		snprintf(said, sizeof(said), "Recorded offline (%d waiting)", i);
		desk_see(vt, said);
	}
	vt_stop(vt, SIGKILL, 2000);
	for (int i = 0; i < 4; i++) {
		server_start(server);
		vt = desk_open_at("desk", "en", server_address(server), "xterm-256color", 24, 80);
		for (int tries = 0; tries < 400 && records_of(mark) < 1 + 3 * i && records_of(mark) < MOVEMENTS; tries++)
			vt_settle(vt, 5, 5);
		if (i % 2 == 0)
			server_kill(server);
		vt_stop(vt, SIGKILL, 2000);
		if (i % 2 != 0)
			server_kill(server);
	}
	server_start(server);
	vt = open_desk();
	for (int i = 0; i < 250 && records_of(mark) < MOVEMENTS; i++)
		vt_settle(vt, 20, 20);
	vt_settle(vt, 300, 300);
	assert_int_equal(visitors_of(mark), MOVEMENTS);
	assert_int_equal(records_of(mark), MOVEMENTS);
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE content LIKE '%%%s no %%' AND state <> 'taken'", mark), 0);
	desk_close(vt);
}

static void an_altered_journal_stops_and_says_so(void **state)
{
	const char *mark = estate_mark();
	struct vt *vt = open_desk();
	FILE *f;

	(void)state;
	cut_off(vt);
	write_visitor(vt, mark, 1);
	desk_see(vt, "Recorded offline (1 waiting)");
	write_visitor(vt, mark, 2);
	desk_see(vt, "Recorded offline (2 waiting)");
	vt_stop(vt, SIGKILL, 2000);
	f = fopen(file, "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, size_of_journal() - 6, SEEK_SET), 0);
	assert_int_not_equal(fputc('7', f), EOF); /* no 2 becomes no 7 or its like */
	assert_int_equal(fclose(f), 0);
	server_start(server);
	vt = desk_open_at("desk", "en", server_address(server), "xterm-256color", 24, 80);
	desk_see(vt, "JOURNAL BROKEN");
	vt_settle(vt, 500, 500);
	assert_int_equal(visitors_of(mark), 0);
	desk_close(vt);
}

/* ---- two gates ---- */

struct gate {
	const char *staff, *terminal;
	struct server *server;
	struct vt *vt;
};

static void open_gate(struct gate *g)
{
	char path[512], who[64], terminal[64], where[160];
	char *argv[] = {path, NULL};
	const char *extra[] = {who, terminal, where, set, "LODGE_PASSWORD=lodge-demo", NULL};

	g->server = server_new();
	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	snprintf(who, sizeof(who), "LODGE_STAFF=%s", g->staff);
	snprintf(terminal, sizeof(terminal), "LODGE_TERMINAL=%s", g->terminal);
	snprintf(where, sizeof(where), "LODGE_SERVER=%s", server_address(g->server));
	g->vt = vt_start(24, 80, "xterm-256color", "en", extra, argv);
	assert_non_null(g->vt);
	desk_see(g->vt, "Scan a card");
	vt_settle(g->vt, 300, 300); /* the key of its journal came */
}

static void close_gate(struct gate *g)
{
	char path[128];

	desk_close(g->vt);
	server_free(g->server);
	snprintf(path, sizeof(path), "%s/%s.journal", folder, g->terminal);
	assert_int_equal(unlink(path), 0);
}

static int64_t issue_slip(const char *mark, char *no, size_t cap)
{
	char json[256];
	const struct node *slip;

	snprintf(json, sizeof(json), "{\"unit\":\"7-1203\",\"person\":\"%s\",\"items\":[{\"name\":\"sofa\",\"quantity\":1}]}", mark);
	slip = desk_ask("desk", "release_slip.issue", json);
	snprintf(no, cap, "%s", desk_text(slip, "no"));
	return desk_number(slip, "id");
}

/* GRS-01: each gate knows the slip as issued, each lets the sofa out; afterwards one of them hears that it was used. */
static void GRS_01_a_slip_cleared_at_two_gates_leaves_one_exception(void **state)
{
	struct gate gates[] = {{.staff = "guard", .terminal = "gate-north"}, {.staff = "guardlead", .terminal = "gate-south"}};
	char no[32], script[64];
	long long slip = (long long)issue_slip(estate_mark(), no, sizeof(no));

	(void)state;
	snprintf(script, sizeof(script), "<g>%s<Enter>", no);
	for (int i = 0; i < 2; i++) {
		open_gate(&gates[i]);
		desk_type(gates[i].vt, script);
		desk_see(gates[i].vt, "<<< MAY LEAVE");
	}
	for (int i = 0; i < 2; i++)
		cut_off_from(gates[i].server, gates[i].vt);
	for (int i = 0; i < 2; i++) {
		vt_key(gates[i].vt, "Enter");
		desk_see(gates[i].vt, "Recorded offline (1 waiting)");
	}
	assert_int_equal(estate_number("SELECT count(*) FROM release_slip WHERE id = %lld AND state = 'issued'", slip), 1);
	server_start(gates[1].server);
	desk_see(gates[1].vt, "Handed in: 1 recorded offline.");
	server_start(gates[0].server);
	desk_see(gates[0].vt, "1 refused afterwards: (GRS-01)");
	assert_int_equal(estate_number("SELECT count(*) FROM event WHERE book = 'release_slip' AND record = %lld AND op = 'clear' AND result = 'ok'", slip), 1);
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE book = 'release_slip' AND record = %lld AND state = 'taken' AND terminal = 'gate-south'", slip), 1);
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE book = 'release_slip' AND record = %lld AND state = 'open' AND rule = 'GRS-01' AND terminal = 'gate-north'", slip), 1);
	for (int i = 0; i < 2; i++)
		close_gate(&gates[i]);
}

/* What cannot be recorded waits for the server, as everywhere. */
static void other_operations_wait_for_the_server(void **state)
{
	const char *purpose = estate_mark();
	char text[200];
	struct vt *vt = open_desk();

	(void)state;
	snprintf(text, sizeof(text), "<b>%s<Tab>w017<Tab>2<Tab>%s", estate_free_file(), purpose);
	desk_type(vt, text);
	desk_see(vt, purpose);
	cut_off(vt);
	desk_type(vt, "<Enter><Enter>");
	desk_see(vt, "Not saved yet");
	server_start(server);
	desk_see(vt, " saved 20");
	assert_int_equal(estate_number("SELECT count(*) FROM loan WHERE purpose = '%s'", purpose), 1);
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_done_offline_is_handed_in_once_and_stays_marked, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(a_write_on_its_way_is_recorded_when_the_link_stays_away, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(nothing_is_lost_or_doubled_when_both_sides_are_killed, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(an_altered_journal_stops_and_says_so, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(GRS_01_a_slip_cleared_at_two_gates_leaves_one_exception, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(other_operations_wait_for_the_server, make_folder, drop_folder),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	estate_close();
	return failed;
}
