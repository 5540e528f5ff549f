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
	return estate_drop_folder(folder);
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

	DESK_AWAIT(vt, size_of_journal() != 0);
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
	DESK_AWAIT(vt, records_of(mark) >= MOVEMENTS);
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

/* Starts the client; password NULL: at its sign-in screen. */
static void start_gate(struct gate *g, const char *password)
{
	char path[512], who[64], terminal[64], where[160], secret[64];
	char *argv[] = {path, NULL};
	const char *extra[] = {who, terminal, where, set, secret, NULL};

	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	snprintf(who, sizeof(who), "LODGE_STAFF=%s", g->staff);
	snprintf(terminal, sizeof(terminal), "LODGE_TERMINAL=%s", g->terminal);
	snprintf(where, sizeof(where), "LODGE_SERVER=%s", server_address(g->server));
	snprintf(secret, sizeof(secret), password != NULL ? "LODGE_PASSWORD=%s" : "LODGE_NOTHING=%s", password != NULL ? password : "");
	g->vt = vt_start(24, 80, "xterm-256color", "en", extra, argv);
	assert_non_null(g->vt);
}

static void open_gate(struct gate *g)
{
	g->server = server_new();
	start_gate(g, "lodge-demo");
	desk_see(g->vt, "Scan a card");
	vt_settle(g->vt, 300, 300); /* the key of its journal came */
}

static void close_gate(struct gate *g)
{
	desk_close(g->vt);
	server_free(g->server);
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

/* ---- a gate that is started without a server ---- */

static const char *file_of(const struct gate *g, const char *ending)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/%s%s", folder, g->terminal, ending);
	return path;
}

/* A gate whose lists and sign-in lie on the disk. */
static void open_gate_with_lists(struct gate *g)
{
	open_gate(g);
	DESK_AWAIT(g->vt, access(file_of(g, ".signins"), R_OK) == 0);
	assert_int_equal(access(file_of(g, ".signins"), R_OK), 0);
	assert_int_equal(access(file_of(g, ".w011.lists"), R_OK), 0);
}

static void kill_both(struct gate *g)
{
	server_kill(g->server);
	vt_stop(g->vt, SIGKILL, 2000);
}

static void start_alone(struct gate *g)
{
	start_gate(g, "lodge-demo");
	desk_see(g->vt, "Without the server: lists of ");
	desk_see(g->vt, "OFFLINE");
}

static void see_slip(struct gate *g, const char *no, const char *word)
{
	char script[64];

	snprintf(script, sizeof(script), "<g>%s<Enter>", no);
	desk_type(g->vt, script);
	desk_see(g->vt, word);
}

static void sign_in_for_real(struct gate *g)
{
	server_start(g->server);
	desk_see(g->vt, "The server is back: sign in.");
	desk_type(g->vt, "lodge-demo<Enter>");
}

/* The server is killed, the console is killed twice: it decides, learns what it did itself, hands in, once. */
static void GRS_01_a_gate_started_without_a_server_decides_records_and_learns(void **state)
{
	struct gate g = {.staff = "guard", .terminal = "gate-alone"};
	const char *mark = estate_mark();
	char no[32], script[160];
	long long slip = (long long)issue_slip(mark, no, sizeof(no));

	(void)state;
	open_gate_with_lists(&g);
	kill_both(&g);
	start_alone(&g);
	see_slip(&g, no, "<<< MAY LEAVE");
	vt_key(g.vt, "Enter");
	desk_see(g.vt, "Recorded offline (1 waiting)");
	see_slip(&g, no, "!!! STOP");
	desk_see(g.vt, "The slip has been used.");
	desk_type(g.vt, "<Esc>");
	snprintf(script, sizeof(script), "<v>7-1203<Tab>%s no 1<F2>", mark);
	desk_type(g.vt, script);
	desk_see(g.vt, "Recorded offline (2 waiting)");
	vt_stop(g.vt, SIGKILL, 2000);
	start_alone(&g);
	desk_see(g.vt, "+2");
	see_slip(&g, no, "!!! STOP");
	desk_type(g.vt, "<Esc>");
	snprintf(script, sizeof(script), "</>%s no 1<Enter>", mark);
	desk_type(g.vt, script);
	desk_see(g.vt, "This visitor is inside.");
	vt_key(g.vt, "Enter");
	desk_see(g.vt, "Recorded offline (3 waiting)");
	desk_type(g.vt, script);
	desk_see(g.vt, "This visitor has left.");
	assert_int_equal(visitors_of(mark), 0);
	sign_in_for_real(&g);
	desk_see(g.vt, "Handed in: 3 recorded offline.");
	desk_see_gone(g.vt, "OFFLINE");
	assert_int_equal(visitors_of(mark), 1);
	assert_int_equal(estate_number("SELECT count(*) FROM visitor WHERE name = '%s no 1' AND state = 'left' AND out_at IS NOT NULL", mark), 1);
	assert_int_equal(estate_number("SELECT count(*) FROM event WHERE book = 'release_slip' AND record = %lld AND op = 'clear' AND result = 'ok'", slip), 1);
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE terminal = 'gate-alone' AND state = 'open' AND recorded_at > clock_timestamp() - interval '5 minutes'"), 0);
	see_slip(&g, no, "!!! STOP");
	desk_close(g.vt);
	/* Once more from the beginning: the journal is empty, the server knows it all. */
	start_gate(&g, "lodge-demo");
	desk_see(g.vt, "Scan a card");
	vt_settle(g.vt, 500, 500);
	assert_false(desk_shows(g.vt, "Handed in"));
	assert_int_equal(visitors_of(mark), 1);
	close_gate(&g);
}

/* B9, A13: nobody but who was here, with his own password only, slower with every wrong one, across a restart. */
static void A13_only_who_signed_in_here_gets_in_without_a_server(void **state)
{
	struct gate g = {.staff = "guard", .terminal = "gate-alone"};

	(void)state;
	open_gate_with_lists(&g);
	kill_both(&g);
	start_gate(&g, "wrong");
	desk_see(g.vt, "without the server nobody may sign in here with this name");
	vt_stop(g.vt, SIGKILL, 2000);
	g.staff = "guardlead"; /* never was at this gate */
	start_gate(&g, "lodge-demo");
	desk_see(g.vt, "Wrong passwords: try again in 1 s.");
	vt_settle(g.vt, 1200, 1200);
	desk_type(g.vt, "lodge-demo<Enter>");
	desk_see(g.vt, "without the server nobody may sign in here with this name");
	assert_false(desk_shows(g.vt, "Scan a card"));
	vt_stop(g.vt, SIGKILL, 2000);
	g.staff = "guard";
	start_gate(&g, NULL);
	desk_see(g.vt, "Work number");
	vt_settle(g.vt, 200, 200);
	desk_type(g.vt, "guard<Tab>lodge-demo<Enter>");
	desk_see(g.vt, "Wrong passwords: try again in 2 s.");
	vt_settle(g.vt, 2300, 2300);
	desk_type(g.vt, "lodge-demo<Enter>");
	desk_see(g.vt, "Without the server: lists of ");
	/* Locked, he opens it again with the same password. */
	vt_key(g.vt, "F12");
	desk_see(g.vt, "This screen is locked.");
	desk_type(g.vt, "lodge-demo<Enter>");
	desk_see(g.vt, "Scan a card");
	close_gate(&g);
}

static void spoil(const char *path, long at)
{
	FILE *f = fopen(path, "r+");
	int c;

	assert_non_null(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	c = fgetc(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	assert_int_not_equal(fputc(c ^ 1, f), EOF);
	assert_int_equal(fclose(f), 0);
}

static void is_refused(struct gate *g, const char *sentence)
{
	start_gate(g, "lodge-demo");
	desk_see(g->vt, sentence);
	assert_false(desk_shows(g->vt, "Scan a card"));
	vt_stop(g->vt, SIGKILL, 2000);
}

/* B9, A16: what was altered, or is not there, is not half used. */
static void A16_lists_and_journal_that_were_touched_are_refused(void **state)
{
	struct gate g = {.staff = "guard", .terminal = "gate-alone"};
	char kept[200];
	struct stat st;

	(void)state;
	open_gate_with_lists(&g);
	for (const char *const *e = (const char *const[]){".signins", ".w011.lists", ".journal", NULL}; *e != NULL; e++) {
		assert_int_equal(stat(file_of(&g, *e), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	kill_both(&g);
	spoil(file_of(&g, ".w011.lists"), 200);
	is_refused(&g, "Your lists here are damaged, or somebody");
	spoil(file_of(&g, ".w011.lists"), 200);
	start_alone(&g);
	vt_stop(g.vt, SIGKILL, 2000);
	snprintf(kept, sizeof(kept), "%s", file_of(&g, ".kept"));
	assert_int_equal(rename(file_of(&g, ".w011.lists"), kept), 0);
	is_refused(&g, "There are no lists of yours here");
	assert_int_equal(rename(kept, file_of(&g, ".w011.lists")), 0);
	spoil(file_of(&g, ".journal"), 30);
	is_refused(&g, "THE JOURNAL OF THIS TERMINAL IS BROKEN");
	assert_int_equal(unlink(file_of(&g, ".journal")), 0);
	is_refused(&g, "The journal of this terminal is gone");
	spoil(file_of(&g, ".signins"), 3);
	is_refused(&g, "is damaged and is not used");
	server_free(g.server);
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
		cmocka_unit_test_setup_teardown(GRS_01_a_gate_started_without_a_server_decides_records_and_learns, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(A13_only_who_signed_in_here_gets_in_without_a_server, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(A16_lists_and_journal_that_were_touched_are_refused, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(other_operations_wait_for_the_server, make_folder, drop_folder),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	estate_close();
	return failed;
}
