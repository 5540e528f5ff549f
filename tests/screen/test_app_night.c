/*
 * test_app_night.c - the night console goes on while the server is gone, and is started without it: checks, the page, rounds,
 * an incident; handed in once, marked, weak until repeated.
 *
 * Not for: the gate (test_app_offline.c), what the server refuses of records (flow/night_alone). Trap: every test has a folder of its
 * own, and a server of its own on the estate's database, which it kills; the desk is one for the whole house.
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

static char folder[64], set[128];
static struct server *server;
static int64_t checks, entries, rounds, records; /* those that were there before */

static int64_t newest(const char *book)
{
	return estate_number("SELECT coalesce(max(id), 0) FROM %s", book);
}

/* A round that another test left under way would be his only one. */
static void close_his_round(void)
{
	int64_t id = estate_number("SELECT coalesce(max(id), 0) FROM round WHERE state = 'under_way' AND begun_by = (SELECT id FROM staff WHERE work_no = 'w010')");
	char json[160];

	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":%lld,\"comment\":\"made by a test\"}", (long long)id,
		id > 0 ? (long long)estate_number("SELECT version FROM round WHERE id = %lld", (long long)id) : 0LL);
	if (id > 0)
		assert_string_equal(desk_text(desk_ask("night", "round.close", json), "state"), "closed");
}

/* Nor is anything of other tests to be repeated. */
static void repeat_all(void)
{
	int64_t id;
	char json[120];

	while ((id = estate_number("SELECT coalesce(min(id), 0) FROM post_check WHERE state = 'offline'")) > 0) {
		snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":%lld,\"pin\":\"%s\"}", (long long)id,
			(long long)estate_number("SELECT version FROM post_check WHERE id = %lld", (long long)id),
			estate_cell("SELECT CASE signer WHEN 30 THEN 5521 ELSE 7000 + signer END FROM post_check WHERE id = %lld", (long long)id));
		assert_string_equal(desk_text(desk_ask("night", "post_check.repeat", json), "state"), "signed");
	}
}

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/lodge-night-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(set, sizeof(set), "LODGE_JOURNAL=%s", folder);
	server = server_new();
	estate_page_to("night");
	close_his_round();
	repeat_all();
	checks = newest("post_check");
	entries = newest("duty_entry");
	rounds = newest("round");
	records = newest("gate_record");
	return 0;
}

static int drop_folder(void **state)
{
	(void)state;
	server_free(server);
	return estate_drop_folder(folder);
}

/* ---- the console ---- */

static struct vt *start(const char *staff, const char *password)
{
	char path[512], who[64], where[160], secret[64];
	char *argv[] = {path, NULL};
	const char *extra[] = {who, "LODGE_TERMINAL=night-alone", where, set, secret, NULL};
	struct vt *vt;

	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	snprintf(who, sizeof(who), "LODGE_STAFF=%s", staff);
	snprintf(where, sizeof(where), "LODGE_SERVER=%s", server_address(server));
	snprintf(secret, sizeof(secret), "LODGE_PASSWORD=%s", password);
	vt = vt_start(24, 80, "xterm-256color", "en", extra, argv);
	assert_non_null(vt);
	return vt;
}

static const char *file_of(const char *ending)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/night-alone%s", folder, ending);
	return path;
}

static void see_page(struct vt *vt)
{
	desk_see(vt, "Holds the desk w010");
}

/* With the server, until what it needs to stand alone lies on the disk. */
static struct vt *open_console(void)
{
	struct vt *vt = start("night", "lodge-demo");

	see_page(vt);
	for (int i = 0; i < 250 && access(file_of(".signins"), R_OK) != 0; i++)
		vt_settle(vt, 20, 20);
	assert_int_equal(access(file_of(".signins"), R_OK), 0);
	assert_int_equal(access(file_of(".w010.lists"), R_OK), 0);
	return vt;
}

static struct vt *start_alone(void)
{
	struct vt *vt = start("night", "lodge-demo");

	desk_see(vt, "Without the server: lists of ");
	desk_see(vt, "OFFLINE");
	see_page(vt);
	return vt;
}

static void sign_in_for_real(struct vt *vt)
{
	server_start(server);
	desk_see(vt, "The server is back: sign in.");
	desk_type(vt, "lodge-demo<Enter>");
}

static void see_recorded(struct vt *vt, int n)
{
	char said[64];

	snprintf(said, sizeof(said), "Recorded offline (%d waiting)", n);
	desk_see(vt, said);
}

/* Selects the row of this queue; the line above the keys says what Space does there. */
static void go_to(struct vt *vt, const char *step)
{
	char said[80];

	snprintf(said, sizeof(said), "Space: %s", step);
	vt_key(vt, "Home");
	for (int i = 0; i < 60; i++) {
		vt_settle(vt, 40, 300);
		if (desk_shows(vt, said))
			return;
		vt_key(vt, "Down");
	}
	desk_see(vt, said);
}

static bool holds(const char *path, const char *text)
{
	static char bytes[1 << 20];
	FILE *f = fopen(path, "r");
	size_t n = f != NULL ? fread(bytes, 1, sizeof(bytes), f) : 0;

	assert_in_range(n, 1, sizeof(bytes) - 1);
	assert_int_equal(fclose(f), 0);
	return memmem(bytes, n, text, strlen(text)) != NULL;
}

/* It takes its time after the first key. */
static void write_incident(struct vt *vt, const char *place)
{
	char script[160];

	desk_type(vt, "<!>");
	desk_see(vt, "Open an incident");
	vt_settle(vt, 3100, 3100);
	snprintf(script, sizeof(script), "wl<Tab>%s<Tab>pipe burst<F2>", place);
	desk_type(vt, script);
}

/* ---- tests ---- */

/* T8 as with the server, the page, a round and an incident; the console is killed in between, and killed again. */
static void NGT_02_checks_and_page_go_on_without_the_server(void **state)
{
	const char *mark = estate_mark();
	char script[200];
	struct vt *vt = open_console();

	(void)state;
	server_kill(server);
	vt_stop(vt, SIGKILL, 2000);
	vt = start_alone();
	desk_type(vt, "<k>c07<Enter>5521<Enter>");
	see_recorded(vt, 1);
	desk_see(vt, "Offline checks to repeat");
	snprintf(script, sizeof(script), "<w>%s noise<F2>", mark);
	desk_type(vt, script);
	see_recorded(vt, 2);
	desk_see(vt, mark);
	desk_type(vt, "<l>1<F2>");
	see_recorded(vt, 3);
	desk_see(vt, "Rounds under way");
	vt_stop(vt, SIGKILL, 2000);
	vt = start_alone();
	desk_see(vt, "+3");
	desk_see(vt, mark);
	go_to(vt, "Point seen");
	desk_type(vt, "<Space>p01<F2>");
	see_recorded(vt, 4);
	write_incident(vt, mark);
	see_recorded(vt, 5);
	assert_false(holds(file_of(".journal"), "5521"));
	assert_int_equal(newest("post_check"), checks);
	sign_in_for_real(vt);
	desk_see(vt, "Handed in: 5 recorded offline.");
	assert_string_equal(estate_cell("SELECT concat_ws(' ', c.state, p.code, s.work_no, m.work_no, c.proof, c.recorded_offline, lodge.check_is_weak(c.id), c.checked_at = e.occurred) "
		"FROM post_check c JOIN post p ON p.id = c.post JOIN staff s ON s.id = c.signed_by JOIN staff m ON m.id = c.checker "
		"JOIN event e ON e.book = 'post_check' AND e.record = c.id AND e.op = 'sign' WHERE c.id > %lld", (long long)checks), "offline c07 w030 w010 offline t t t");
	assert_string_equal(estate_cell("SELECT concat_ws(' ', e.state, e.occurred_at = v.occurred, p.state, s.work_no) FROM duty_entry e JOIN duty_page p ON p.id = e.page "
		"JOIN staff s ON s.id = e.written_by JOIN event v ON v.book = 'duty_entry' AND v.record = e.id AND v.op = 'write' WHERE e.facts = '%s noise'", mark), "open t open w010");
	assert_string_equal(estate_cell("SELECT concat_ws(' ', r.state, s.work_no, (SELECT string_agg(p.code, ',') FROM round_point x JOIN patrol_point p ON p.id = x.point "
		"WHERE x.round = r.id AND x.state = 'seen')) FROM round r JOIN staff s ON s.id = r.begun_by WHERE r.id > %lld", (long long)rounds), "under_way w010 p01");
	assert_string_equal(estate_cell("SELECT concat_ws(' ', i.kind, i.no IS NOT NULL, e.occurred - i.discovered_at >= interval '2 seconds', s.work_no) FROM incident i JOIN staff s ON s.id = i.reported_by "
		"JOIN event e ON e.book = 'incident' AND e.record = i.id AND e.op = 'open' WHERE i.place = '%s'", mark), "water t t w010");
	assert_string_equal(estate_cell("SELECT concat_ws(' ', count(*), bool_and(state = 'taken')) FROM gate_record WHERE id > %lld AND terminal = 'night-alone'", (long long)records), "5 t");
	/* The signer is met again, and one key makes it whole. */
	desk_see_gone(vt, "Handed in:");
	go_to(vt, "Repeat the signature");
	desk_type(vt, "<Space>5521<Enter>");
	desk_see(vt, "aved 20");
	assert_string_equal(estate_cell("SELECT concat_ws(' ', state, proof, lodge.check_is_weak(id)) FROM post_check WHERE id > %lld", (long long)checks), "signed manager_terminal f");
	desk_close(vt);
	/* Once more from the beginning: nothing is left to hand in. */
	vt = start("night", "lodge-demo");
	see_page(vt);
	vt_settle(vt, 500, 500);
	assert_false(desk_shows(vt, "Handed in"));
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE id > %lld AND terminal = 'night-alone'", (long long)records), 5);
	desk_close(vt);
	close_his_round();
}

/* The link breaks under his hands: no sign-in, the same screen; a wrong PIN is an exception, and stands in nobody's way. */
static void NGT_02_a_wrong_pin_offline_is_an_exception(void **state)
{
	const char *mark = estate_mark();
	char script[200];
	struct vt *vt = open_console();

	(void)state;
	server_kill(server);
	desk_see(vt, "OFFLINE");
	vt_settle(vt, 1700, 1700);
	desk_type(vt, "<k>c07<Enter>5522<Enter>");
	see_recorded(vt, 1);
	snprintf(script, sizeof(script), "<w>%s noise<F2>", mark);
	desk_type(vt, script);
	see_recorded(vt, 2);
	desk_see(vt, mark);
	server_start(server);
	desk_see(vt, "1 refused afterwards: (NGT-02)");
	desk_see_gone(vt, "OFFLINE");
	assert_int_equal(newest("post_check"), checks);
	assert_string_equal(estate_cell("SELECT string_agg(concat_ws(' ', book, op, state, rule), ', ' ORDER BY id) FROM gate_record WHERE id > %lld", (long long)records),
		"post_check sign open NGT-02, duty_entry write taken");
	desk_close(vt);
}

/* B9, A16: lists are their person's: neither the guard's open for him, nor his for the guard. */
static void A16_nobody_gets_in_on_another_ones_lists(void **state)
{
	struct vt *vt = open_console();
	char kept[200], his[200];

	(void)state;
	vt_stop(vt, SIGHUP, 5000);
	vt = start("guard", "lodge-demo");
	desk_see(vt, "Scan a card");
	for (int i = 0; i < 250 && !holds(file_of(".signins"), "w011"); i++)
		vt_settle(vt, 20, 20);
	vt_stop(vt, SIGKILL, 2000);
	server_kill(server);
	snprintf(kept, sizeof(kept), "%s", file_of(".kept"));
	assert_int_equal(rename(file_of(".w010.lists"), kept), 0);
	snprintf(his, sizeof(his), "%s", file_of(".w010.lists"));
	assert_int_equal(link(file_of(".w011.lists"), his), 0);
	vt = start("night", "lodge-demo");
	desk_see(vt, "Your lists here are damaged, or somebody");
	assert_false(desk_shows(vt, "Holds the desk"));
	vt_stop(vt, SIGKILL, 2000);
	assert_int_equal(unlink(file_of(".w011.lists")), 0);
	assert_int_equal(link(kept, file_of(".w011.lists")), 0);
	vt = start("guard", "lodge-demo");
	desk_see(vt, "Your lists here are damaged, or somebody");
	assert_false(desk_shows(vt, "Scan a card"));
	vt_stop(vt, SIGKILL, 2000);
}

/* the clocks run from the first key, online too, at every desk that has it in sight. */
static void INC_02_the_first_key_is_the_time(void **state)
{
	static const struct { const char *staff, *there, *key; } desks[] = {
		{"night", "Holds the desk", "! incident"}, {"desk", "QUEUES", "! incident"}, {"guard", "Scan a card", "w incident"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(desks) / sizeof(desks[0]); i++) {
		const char *mark = estate_mark();
		struct vt *vt = start(desks[i].staff, "lodge-demo");

		desk_see(vt, desks[i].there);
		vt_settle(vt, 300, 300); /* the server's time came */
		desk_see(vt, desks[i].key);
		if (desks[i].key[0] == '!')
			write_incident(vt, mark);
		else {
			desk_type(vt, "<w>");
			desk_see(vt, "Open an incident");
			desk_type(vt, "<Esc>");
		}
		if (desks[i].key[0] == '!')
			desk_see(vt, "aved 20");
		if (desks[i].key[0] == '!')
			assert_string_equal(estate_cell("SELECT e.occurred - i.discovered_at BETWEEN interval '2 seconds' AND interval '8 seconds' FROM incident i "
				"JOIN event e ON e.book = 'incident' AND e.record = i.id AND e.op = 'open' WHERE i.place = '%s'", mark), "t");
		desk_close(vt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(NGT_02_checks_and_page_go_on_without_the_server, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(NGT_02_a_wrong_pin_offline_is_an_exception, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(INC_02_the_first_key_is_the_time, make_folder, drop_folder),
		cmocka_unit_test_setup_teardown(A16_nobody_gets_in_on_another_ones_lists, make_folder, drop_folder),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	estate_close();
	return failed;
}
