/*
 * relay.c - see relay.h.
 *
 * Not for: tests. Trap: an answer is counted when it was passed on, a question before, so that whoever looks in between
 * finds the line busy rather than idle.
 */
#include "tests/screen/relay.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAIRS = 16, PIECE = 16384 };

/* What the server sends without having been asked begins otherwise. */
static const char answer_begins[] = "{\"jsonrpc\":\"2.0\",\"id\":";

struct relay {
	char folder[64], path[96], address[128];
	int delay_ms;           /* there and back */
	atomic_int *under_way;  /* questions without an answer; shared with the process */
	pid_t pid;
};

/* Both ends of one client's line. */
struct pair {
	int questions;          /* of this connection, not answered yet */
	size_t at;              /* bytes of answer_begins that the server's line agrees with; past its end: it does not */
};

static int connect_stack(void)
{
	const char *server = getenv("LODGE_SERVER") + strlen("unix:");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", server);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int count_questions(const char *bytes, ssize_t n)
{
	int lines = 0;

	for (ssize_t i = 0; i < n; i++)
		lines += bytes[i] == '\n';
	return lines;
}

/* Answers that end among these bytes. */
static int count_answers(struct pair *pair, const char *bytes, ssize_t n)
{
	const size_t whole = sizeof(answer_begins) - 1;
	int answers = 0;

	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] == '\n') {
			answers += pair->at == whole;
			pair->at = 0;
		} else if (pair->at < whole) {
			pair->at = bytes[i] == answer_begins[pair->at] ? pair->at + 1 : whole + 1;
		}
	}
	return answers;
}

static void count(struct pair *pair, atomic_int *under_way, int questions)
{
	pair->questions += questions;
	atomic_fetch_add(under_way, questions);
}

/* Copies what is there; false when the line is over. */
static bool pump(int from, int to, bool asks, struct pair *pair, atomic_int *under_way)
{
	char bytes[PIECE];
	ssize_t n = read(from, bytes, sizeof(bytes));

	if (n > 0 && asks)
		count(pair, under_way, count_questions(bytes, n));
	if (n <= 0 || write(to, bytes, (size_t)n) != n)
		return false;
	if (!asks)
		count(pair, under_way, -count_answers(pair, bytes, n));
	return true;
}

/* fds[0] listens; then two for each pair: the client's end and the server's. */
static void serve(int listens, int delay_ms, atomic_int *under_way)
{
	struct pollfd fds[1 + 2 * PAIRS] = {{.events = POLLIN}};
	struct pair pairs[PAIRS] = {{0}};
	size_t n = 1;

	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that failed leaves no relay behind */
	/* Nothing else of the test's: a terminal that it closes would stay open here. */
	fds[0].fd = dup2(listens, STDERR_FILENO + 1);
	close_range((unsigned)fds[0].fd + 1, ~0U, 0);
	for (;;) {
		poll(fds, n, -1);
		if (delay_ms > 0)
			poll(NULL, 0, delay_ms / 2);
		for (size_t i = 1; i < n; i++) {
			size_t other = i % 2 == 1 ? i + 1 : i - 1;
			struct pair *pair = &pairs[(i - 1) / 2];

			if (fds[i].revents == 0 || fds[i].fd < 0 || pump(fds[i].fd, fds[other].fd, i % 2 == 1, pair, under_way))
				continue;
			close(fds[i].fd);
			close(fds[other].fd);
			fds[i].fd = fds[other].fd = -1;
			count(pair, under_way, -pair->questions);
		}
		if ((fds[0].revents & POLLIN) != 0 && n + 1 < sizeof(fds) / sizeof(fds[0])) {
			fds[n] = (struct pollfd){.fd = accept(fds[0].fd, NULL, NULL), .events = POLLIN};
			fds[n + 1] = (struct pollfd){.fd = connect_stack(), .events = POLLIN};
			n += 2;
		}
	}
}

void relay_mend(struct relay *r)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	unlink(r->path);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", r->path);
	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 8) == 0);
	atomic_store(r->under_way, 0);
	r->pid = fork();
	assert_true(r->pid >= 0);
	if (r->pid == 0)
		serve(fd, r->delay_ms, r->under_way);
	close(fd);
}

void relay_cut(struct relay *r)
{
	if (r->pid > 0) {
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	r->pid = 0;
	unlink(r->path);
}

struct relay *relay_start_slow(int delay_ms)
{
	struct relay *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->under_way = mmap(NULL, sizeof(*r->under_way), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(r->under_way != MAP_FAILED);
	snprintf(r->folder, sizeof(r->folder), "/tmp/lodge-relay-XXXXXX");
	assert_non_null(mkdtemp(r->folder));
	snprintf(r->path, sizeof(r->path), "%s/s", r->folder);
	snprintf(r->address, sizeof(r->address), "unix:%s", r->path);
	r->delay_ms = delay_ms;
	relay_mend(r);
	return r;
}

struct relay *relay_start(void)
{
	return relay_start_slow(0);
}

const char *relay_address(const struct relay *r)
{
	return r->address;
}

bool relay_is_busy(const struct relay *r)
{
	return atomic_load(r->under_way) > 0;
}

void relay_stop(struct relay *r)
{
	relay_cut(r);
	rmdir(r->folder);
	munmap(r->under_way, sizeof(*r->under_way));
	free(r);
}
