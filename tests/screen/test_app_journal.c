/*
 * test_app_journal.c - security.md B9 through the whole stack: the client's journal, link and hand-in against lodged and
 * PostgreSQL. A crash at every byte, a thousand crashes, three deliveries, lines that break, two gates cut off.
 *
 * What was acknowledged to the guard is there once, in order, marked; what was torn is not there. Not for: the screen
 * (test_app_offline), tampering (flow/journal). Trap: a movement's number is the tail of its op_id, and the numbers are the
 * order in which they were done; the file size limit of a child tears its last record at a random byte.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"
#include "tests/screen/gate.h"

enum { ROUNDS = 40, CRASHES = 25, MOVEMENTS = 10000, MOST = 2 * MOVEMENTS, COPY_MAX = 1 << 20, PAIRS = 60 };

#ifdef __SANITIZE_ADDRESS__
/* What is freed is kept unused for a while; with much of it a thousand forks take half a minute. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=2";
}
#endif

static char folder[64], name[48], stem[32];
static struct server *server;
/* Of each movement: was it promised, or found whole after a crash? */
static bool is_there[MOST + 1];
/* The terminal is the night manager's: a movement is an entry of the duty book. */
static bool is_night;

static void copy_name(char path[80], int round)
{
	snprintf(path, 80, "%s/%d", folder, round);
}

static int make_folder(void **state)
{
	static unsigned n;
	unsigned seed = (unsigned)time(NULL);

	(void)state;
	snprintf(folder, sizeof(folder), "%s/lodge-gate-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(folder));
	snprintf(name, sizeof(name), "crash-%lx-%x-%u", (unsigned long)time(NULL), (unsigned)getpid(), ++n);
	snprintf(stem, sizeof(stem), "%08x-%04x-4000-8000-", (unsigned)time(NULL), ((unsigned)getpid() + n * 4096) & 0xffff);
	memset(is_there, 0, sizeof(is_there));
	print_message("seed %u, terminal %s\n", seed, name);
	srand(seed);
	return 0;
}

static int drop_folder(void **state)
{
	char kept[80];

	(void)state;
	if (server != NULL)
		server_free(server);
	server = NULL;
	for (int i = 0; i < ROUNDS + 10; i++) {
		copy_name(kept, i);
		unlink(kept);
	}
	return rmdir(folder);
}

static void remove_journal(const struct gate *g)
{
	char fresh[sizeof(g->path) + 8];

	snprintf(fresh, sizeof(fresh), "%s.new", g->path);
	unlink(fresh);
	unlink(g->path);
}

static off_t size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void copy(const char *from, const char *to)
{
	static char bytes[COPY_MAX];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n = read(in, bytes, sizeof(bytes));

	assert_in_range(n, 1, sizeof(bytes) - 1);
	assert_int_equal(write(out, bytes, (size_t)n), n);
	close(in);
	close(out);
}

/* Movement n: a courier goes in; out says that the movement n - 1 goes out again. */
static bool move(struct gate *g, int n, int out)
{
	char params[256];

	if (is_night) {
		snprintf(params, sizeof(params), "{\"op_id\":\"%s%012d\",\"facts\":\"%s no %d\"}", stem, n, name, n);
		return gate_record(g, "duty_entry.write", params);
	}
	if (out > 0)
		snprintf(params, sizeof(params), "{\"op_id\":\"%s%012d\",\"id\":{\"op_id\":\"%s%012d\"}}", stem, n, stem, out);
	else
		snprintf(params, sizeof(params), "{\"op_id\":\"%s%012d\",\"service\":\"courier\",\"vehicle\":\"51F-%05d\"}", stem, n, n);
	return gate_record(g, out > 0 ? "visitor.leave" : "visitor.pass_through", params);
}

#define DONE "FROM event e WHERE e.book = 'visitor' AND e.result = 'ok' AND e.terminal = '%s'"

/* Each movement as often as it should be, in the order in which it was done, marked, at its own time. */
static void expect_once_and_in_order(int from, int to)
{
	for (int a = from; a <= to; a += 900) {
		char right[901] = "";
		int b = a + 899 < to ? a + 899 : to;

		for (int n = a; n <= b; n++)
			right[n - a] = is_there[n] ? '1' : '0';
		assert_string_equal(estate_cell("WITH done AS MATERIALIZED (SELECT right(e.op_id::text, 12)::integer AS n " DONE ") SELECT string_agg(c::text, '' ORDER BY n) "
			"FROM (SELECT n, count(d.n) AS c FROM generate_series(%d, %d) n LEFT JOIN done d USING (n) GROUP BY n) x", name, a, b), right);
	}
	assert_string_equal(estate_cell("SELECT bool_and(n > before) FROM (SELECT n, lag(n, 1, 0) OVER (ORDER BY seq) AS before "
		"FROM (SELECT e.seq, right(e.op_id::text, 12)::integer AS n " DONE ") x) y", name), "t");
	assert_string_equal(estate_cell("SELECT bool_and(g.state = 'taken' AND g.recorded_at = e.occurred AND g.record = e.record AND g.counter = x.n) "
		"FROM (SELECT j.*, row_number() OVER (ORDER BY right(j.op_id::text, 12)) AS n FROM journal j WHERE j.terminal = '%s') x "
		"JOIN gate_record g USING (terminal, counter) LEFT JOIN event e ON e.op_id = x.op_id AND e.book = 'visitor' AND e.result = 'ok'", name), "t");
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE terminal = '%s'", name), estate_number("SELECT count(*) " DONE, name));
	assert_string_equal(estate_cell("SELECT count(*) = max(seq) - min(seq) + 1 FROM event"), "t");
}

/* ---- a crash at every byte of the last record ---- */

/* One movement is promised, the next one torn at that byte (zeros: the disk kept the length only), one more comes after. */
static bool crash_at(struct gate *g, off_t offset, int n, bool zeros)
{
	struct journal_found found;
	off_t begun, end;

	remove_journal(g);
	gate_open(g);
	assert_true(is_there[n] = move(g, n, 0));
	begun = size_of(g->path);
	assert_true(move(g, n + 1, 0));
	end = size_of(g->path);
	gate_close(g);
	if (begun + offset > end)
		return false;
	is_there[n + 1] = begun + offset == end;
	assert_int_equal(truncate(g->path, begun + offset), 0);
	if (zeros)
		assert_int_equal(truncate(g->path, end), 0);
	found = gate_open(g);
	assert_int_equal(found.waiting, is_there[n + 1] ? 2 : 1);
	assert_int_equal(found.torn, begun + offset < end && (offset > 0 || zeros));
	assert_true(is_there[n + 2] = move(g, n + 2, n));
	gate_deliver(g, 0);
	return true;
}

static void one_record_at_every_offset(void **state)
{
	struct gate *g = gate_new("guard", name, folder, getenv("LODGE_SERVER"));
	int n = 1;

	(void)state;
	for (off_t offset = 0; crash_at(g, offset, n, false); offset++)
		n += 3;
	is_there[n] = false; /* that one was never handed in */
	assert_in_range(n, 3 * 200, 3 * 600);
	expect_once_and_in_order(1, n);
	assert_int_equal(g->refused, 0);
	print_message("%d offsets, %zu movements handed in\n", n / 3, g->taken);
	remove_journal(g);
	gate_free(g);
}

static void lost_bytes_that_read_as_zeros_at_every_offset(void **state)
{
	struct gate *g = gate_new("guard", name, folder, getenv("LODGE_SERVER"));
	int n = 1;

	(void)state;
	for (off_t offset = 0; crash_at(g, offset, n, true); offset += 7)
		n += 3;
	is_there[n] = false;
	expect_once_and_in_order(1, n);
	remove_journal(g);
	gate_free(g);
}

/* ---- a thousand crashes ---- */

static int inside; /* the last courier who was let in and not out yet; 0 = nobody */

/* The terminal until its end: goes on from movement n, tells each one that is promised. */
static void be_terminal(struct gate *g, int n, int tell, long room)
{
	struct rlimit limit = { .rlim_cur = (rlim_t)room, .rlim_max = RLIM_INFINITY }, none = { 0 };
	struct journal_found found;
	struct journal *journal = NULL;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	if (room > 0) {
		limit.rlim_cur += (rlim_t)size_of(g->path);
		getrlimit(RLIMIT_FSIZE, &none);
		limit.rlim_max = none.rlim_max;
		setrlimit(RLIMIT_FSIZE, &limit);
	}
	if (journal_open(&journal, g->path, g->key, &found) != OK)
		_exit(1);
	g->in.journal = journal;
	for (;; n++) {
		if (!move(g, n, inside) || write(tell, &n, sizeof(n)) != sizeof(n))
			_exit(2);
		inside = inside > 0 ? 0 : n;
	}
}

/* Runs a terminal that dies: its disk ends in the middle of a record, or it is killed after so many. The last one promised. */
static int crash(struct gate *g, int n)
{
	int pipes[2], said = 0, last = n - 1, status = 0, most = rand() % 19;
	long room = rand() % 2 ? 1 + rand() % 6000 : 0;
	pid_t child;

	/* One word at a time: the terminal is never more than a record ahead of what was heard. */
	assert_int_equal(pipe2(pipes, O_CLOEXEC | O_DIRECT), 0);
	assert_true(fcntl(pipes[0], F_SETPIPE_SZ, 1) > 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		be_terminal(g, n, pipes[1], room);
	close(pipes[1]);
	while (read(pipes[0], &said, sizeof(said)) == sizeof(said)) {
		assert_int_equal(said, ++last);
		if (room == 0 && said - n >= most)
			kill(child, SIGKILL);
	}
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == (room > 0 ? SIGXFSZ : SIGKILL));
	return last;
}

struct tally {
	int crashes, torn, unsaid, last;
};

/* A terminal without a line crashes again and again; every promised movement is found whole each time. */
static void crash_often(struct gate *g, struct tally *t)
{
	struct journal_found found = gate_open(g);
	size_t waiting = found.waiting;

	for (int i = 0; i < CRASHES; i++) {
		int promised;

		gate_close(g);
		promised = crash(g, t->last + 1);
		found = gate_open(g);
		waiting += (size_t)(promised - t->last);
		assert_in_range(found.waiting, waiting, waiting + 1);
		if (found.waiting > waiting) /* killed between the disk and the word */
			promised++;
		t->unsaid += found.waiting > waiting;
		t->torn += found.torn;
		t->crashes++;
		waiting = found.waiting;
		for (int n = t->last + 1; n <= promised; n++) {
			is_there[n] = true;
			inside = inside > 0 ? 0 : n;
		}
		t->last = promised;
	}
}

/* Puts this file aside; the next one begins where it ends. */
static void put_aside(struct gate *g, int round)
{
	struct journal_record record;
	char kept[80];

	while (journal_next(g->in.journal, &record) == OK) {
		g->counter = record.counter;
		memcpy(g->tag, record.tag, sizeof(g->tag));
	}
	gate_close(g);
	copy_name(kept, round);
	assert_int_equal(rename(g->path, kept), 0);
}

/* Hands in the journal as it was put aside. */
static void deliver(struct gate *g, int round, int cut)
{
	char kept[80];

	gate_close(g);
	copy_name(kept, round);
	copy(kept, g->path);
	gate_open(g);
	gate_deliver(g, cut);
}

/* Server or terminal dies with records on their way. */
static void deliver_and_die(struct gate *g, int round)
{
	char kept[80];

	copy_name(kept, round);
	copy(kept, g->path);
	gate_open(g);
	for (int i = 0; i < 20; i++)
		gate_turn(g, 0);
	if (round % 10 == 5) {
		server_kill(server);
		server_start(server);
	}
}

static void a_thousand_crashes_lose_nothing_and_three_deliveries_are_one_effect(void **state)
{
	struct tally t = { 0 };
	struct gate *g;
	int rounds = 0;

	(void)state;
	inside = 0;
	server = server_new();
	g = gate_new("guard", name, folder, server_address(server));
	for (; rounds < ROUNDS || t.last < MOVEMENTS; rounds++) {
		assert_true(rounds < ROUNDS + 10 && t.last < MOST - 1000);
		crash_often(g, &t);
		put_aside(g, rounds);
	}
	for (int round = 0; round < rounds; round++) {
		deliver_and_die(g, round);
		deliver(g, round, 20);
		deliver(g, round, 20);
	}
	for (int round = 0; round < rounds; round++)
		deliver(g, round, 1);
	expect_once_and_in_order(1, t.last);
	assert_int_equal(estate_number("SELECT count(*) FROM journal WHERE terminal = '%s' AND replays >= 2", name), t.last);
	assert_int_equal(g->refused, 0);
	assert_in_range(g->cuts, 40, 1000000);
	print_message("%d crashes, %d torn, %d on the disk and not acknowledged; %d movements, %zu answers, %zu broken lines\n", t.crashes, t.torn, t.unsaid, t.last,
		g->taken, g->cuts);
	remove_journal(g);
	gate_free(g);
}

/* The night's console on the same disk: every entry that was promised stands on the page once, in its order. */
static void a_nights_console_that_crashes_loses_nothing(void **state)
{
	struct tally t = { 0 };
	struct gate *g;
	char json[160];

	(void)state;
	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":%lld,\"owner\":\"night\",\"reason\":\"made by a test\"}",
		(long long)estate_number("SELECT id FROM duty_page WHERE state = 'open'"), (long long)estate_number("SELECT version FROM duty_page WHERE state = 'open'"));
	assert_string_equal(desk_text(desk_ask("estate", "duty_page.appoint", json), "state"), "open");
	inside = 0;
	is_night = true;
	g = gate_new("night", name, folder, getenv("LODGE_SERVER"));
	crash_often(g, &t);
	put_aside(g, 0);
	deliver(g, 0, 20);
	deliver(g, 0, 20);
	is_night = false;
	assert_int_equal(g->refused, 0);
	assert_string_equal(estate_cell("SELECT concat_ws(' ', count(*), count(DISTINCT e.facts), bool_and(p.state = 'open')) FROM duty_entry e JOIN duty_page p ON p.id = e.page "
		"WHERE e.facts LIKE '%s no %%'", name), estate_cell("SELECT concat_ws(' ', %d, %d, true)", t.last, t.last));
	assert_string_equal(estate_cell("SELECT bool_and(n > before) FROM (SELECT n, lag(n, 1, 0) OVER (ORDER BY id) AS before "
		"FROM (SELECT id, substring(facts FROM '[0-9]+$')::integer AS n FROM duty_entry WHERE facts LIKE '%s no %%') x) y", name), "t");
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE terminal = '%s' AND state = 'taken'", name), t.last);
	print_message("%d crashes, %d torn; %d entries\n", t.crashes, t.torn, t.last);
	remove_journal(g);
	gate_free(g);
}

/* ---- two gates, cut off from each other ---- */

static struct gate *second_gate(const char *staff, const char *side)
{
	char terminal[64];
	struct gate *g;

	snprintf(terminal, sizeof(terminal), "%s-%s", name, side);
	g = gate_new(staff, terminal, folder, getenv("LODGE_SERVER"));
	gate_open(g);
	return g;
}

static void let_out(struct gate *g, int64_t visitor, int n)
{
	char params[160];

	snprintf(params, sizeof(params), "{\"op_id\":\"%s%012d\",\"id\":%lld,\"version\":1}", stem, n, (long long)visitor);
	assert_true(gate_record(g, "visitor.leave", params));
}

/* PAIRS couriers are inside when the lines break; each leaves at one gate, at the other, or is booked out at both. How many at both. */
static int book_out(struct gate *north, struct gate *south)
{
	int64_t visitors[PAIRS];
	char params[96];
	int both = 0;

	for (int i = 0; i < PAIRS; i++) {
		snprintf(params, sizeof(params), "{\"op_id\":\"%s%012d\",\"service\":\"courier\"}", stem, 3000 + i);
		gate_call(north, "visitor.pass_through", params);
		visitors[i] = north->number;
	}
	poll(NULL, 0, 1100); /* a record holds whole seconds, and nobody leaves before he has come */
	for (int i = 0; i < PAIRS; i++) {
		int where = rand() % 3;

		if (where != 0)
			let_out(north, visitors[i], 1000 + i);
		if (where != 1)
			let_out(south, visitors[i], 2000 + i);
		both += where == 2;
	}
	return both;
}

static void two_gates_cut_off_lose_nothing_and_double_nothing(void **state)
{
	struct gate *north = second_gate("guard", "north"), *south = second_gate("guardlead", "south");
	int both = book_out(north, south);
	bool north_goes, south_goes;

	(void)state;
	do {
		north_goes = gate_turn(north, 30);
		south_goes = gate_turn(south, 30);
	} while (north_goes || south_goes);
	assert_int_equal(estate_number("SELECT count(*) FROM event WHERE book = 'visitor' AND op = 'leave' AND result = 'ok' AND terminal LIKE '%s-%%'", name), PAIRS);
	assert_int_equal(estate_number("SELECT count(DISTINCT record) FROM event WHERE book = 'visitor' AND op = 'leave' AND result = 'ok' AND terminal LIKE '%s-%%'", name), PAIRS);
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE terminal LIKE '%s-%%'", name), PAIRS + both);
	assert_int_equal(estate_number("SELECT count(*) FROM gate_record WHERE terminal LIKE '%s-%%' AND state = 'open' AND rule = 'VIS-08'", name), both);
	assert_int_equal(north->refused + south->refused, both);
	print_message("%d booked out at both gates, %zu broken lines\n", both, north->cuts + south->cuts);
	remove_journal(north);
	remove_journal(south);
	gate_free(north);
	gate_free(south);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_thousand_crashes_lose_nothing_and_three_deliveries_are_one_effect), /* first: it forks, and a small process forks fast */
		TEST(a_nights_console_that_crashes_loses_nothing),
		TEST(one_record_at_every_offset),
		TEST(lost_bytes_that_read_as_zeros_at_every_offset),
		TEST(two_gates_cut_off_lose_nothing_and_double_nothing),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	estate_close();
	return failed;
}
