/*
 * paper.c - see paper.h: one child a paper, on one socket pair, and a short list of what is printed.
 *
 * Not for: drawing (print.c). Trap: the child is found beside this program and inherits nothing but
 * its socket and standard error; a paper is whole only when the child ended with 0, so the end of its
 * output is not enough.
 */
#include "server/paper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "common/log.h"
#include "server/loop.h"

enum { PRINTING_MAX = 4, PAPERS_MAX = 16, PDF_MAX = 16 * 1024 * 1024, PRINT_S = 60, KEPT_S = 60, BOOK_NAME_MAX = 48 };

struct paper_kept {
	int64_t session, id;
	char book[BOOK_NAME_MAX];
	enum paper_state state;
	pid_t pid;      /* 0: no child */
	bool ended;     /* the child's output has ended */
	double until;
	struct bufferevent *bev;
	struct buf pdf;
	struct paper_kept *next;
};

static struct event_base *base;
static struct event *sweeper;
static struct paper_kept *papers;

static void paper_drop(struct paper_kept *p)
{
	struct paper_kept **at = &papers;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	if (p->bev)
		bufferevent_free(p->bev);
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	buf_done(&p->pdf);
	free(p);
}

static void paper_fail(struct paper_kept *p, const char *why)
{
	log_error("lodge-print: %s", why);
	p->state = PAPER_FAILED;
	p->until = loop_now() + KEPT_S;
	if (p->bev)
		bufferevent_free(p->bev);
	p->bev = NULL;
	buf_reset(&p->pdf);
}

/* The child has ended or is about to; never waited for. */
static void paper_reap(struct paper_kept *p)
{
	int status = 0;
	pid_t gone = waitpid(p->pid, &status, WNOHANG);

	if (gone == 0)
		return;
	p->pid = 0;
	if (p->state != PAPER_PRINTING)
		return;
	if (gone < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0 || p->pdf.failed || p->pdf.len == 0) {
		paper_fail(p, "no paper came");
		return;
	}
	p->state = PAPER_READY;
	p->until = loop_now() + KEPT_S;
}

static void sweep_cb(evutil_socket_t fd, short what, void *ctx)
{
	const struct timeval soon = { .tv_usec = 50000 };
	const double now = loop_now();
	struct paper_kept *next;

	(void)fd, (void)what, (void)ctx;
	for (struct paper_kept *p = papers; p; p = next) {
		next = p->next;
		if (p->pid > 0 && p->ended)
			paper_reap(p);
		if (p->state == PAPER_PRINTING && now > p->until)
			paper_fail(p, "it takes too long");
		else if (now > p->until)
			paper_drop(p);
	}
	if (papers)
		event_add(sweeper, &soon);
}

static void take_output(struct paper_kept *p)
{
	struct evbuffer *in = bufferevent_get_input(p->bev);
	size_t n;

	while ((n = evbuffer_get_contiguous_space(in)) > 0) {
		unsigned char *bytes = evbuffer_pullup(in, (ev_ssize_t)n);

		buf_put(&p->pdf, bytes, n);
		explicit_bzero(bytes, n);
		evbuffer_drain(in, n);
	}
}

static void read_cb(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	take_output(ctx);
}

/* Everything was sent: the child sees the end of its input. */
static void write_cb(struct bufferevent *bev, void *ctx)
{
	(void)ctx;
	shutdown(bufferevent_getfd(bev), SHUT_WR);
}

static void event_cb(struct bufferevent *bev, short what, void *ctx)
{
	struct paper_kept *p = ctx;

	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) {
		take_output(p);
		p->ended = true;
		bufferevent_disable(p->bev, EV_READ | EV_WRITE);
	}
}

static bool program_path(char *path, size_t cap)
{
	static const char name[] = "lodge-print";
	ssize_t n = readlink("/proc/self/exe", path, cap - sizeof(name));
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return false;
	memcpy(slash + 1, name, sizeof(name));
	return true;
}

static bool spawn(pid_t *pid, int fd)
{
	char path[PATH_MAX], name[] = "lodge-print", locale[] = "LC_ALL=C.UTF-8";
	char *const argv[] = { name, NULL }, *const env[] = { locale, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, ours;
	int failed;

	if (!program_path(path, sizeof(path)) || posix_spawn_file_actions_init(&files) != 0)
		return false;
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return false;
	}
	sigemptyset(&none);
	sigemptyset(&ours);
	sigaddset(&ours, SIGPIPE);
	failed = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) ||
		posix_spawnattr_setsigmask(&attr, &none) || posix_spawnattr_setsigdefault(&attr, &ours) ||
		posix_spawn_file_actions_adddup2(&files, fd, STDIN_FILENO) ||
		posix_spawn_file_actions_adddup2(&files, fd, STDOUT_FILENO) ||
		posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1) ||
		posix_spawn(pid, path, &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return !failed;
}

/* The child with its end of the pair, and ours as a buffered event. */
static bool paper_start(struct paper_kept *p)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	if (!spawn(&p->pid, pair[1]))
		p->pid = 0;
	close(pair[1]);
	if (p->pid > 0 && evutil_make_socket_nonblocking(pair[0]) == 0)
		p->bev = bufferevent_socket_new(base, pair[0], BEV_OPT_CLOSE_ON_FREE);
	if (!p->bev)
		close(pair[0]);
	return p->bev != NULL;
}

static void lines_wiped(const void *data, size_t n, void *ctx)
{
	struct buf *lines = ctx;

	(void)data, (void)n;
	buf_done(lines);
	free(lines);
}

static bool paper_feed(struct paper_kept *p, struct buf *lines)
{
	struct buf *kept = malloc(sizeof(*kept));

	if (!kept)
		return false;
	*kept = *lines;
	buf_init(lines, lines->max);
	if (evbuffer_add_reference(bufferevent_get_output(p->bev), kept->data, kept->len, lines_wiped, kept) != 0) {
		lines_wiped(NULL, 0, kept);
		return false;
	}
	bufferevent_setcb(p->bev, read_cb, write_cb, event_cb, p);
	return bufferevent_enable(p->bev, EV_READ | EV_WRITE) == 0;
}

/* Room for one more to be printed: few at a time, and the oldest of those kept gives way. */
static bool paper_room(void)
{
	struct paper_kept *oldest = NULL;
	size_t n = 0, printing = 0;

	for (struct paper_kept *p = papers; p; p = p->next) {
		n++;
		if (p->state == PAPER_PRINTING)
			printing++;
		else
			oldest = p; /* new ones stand in front */
	}
	if (printing < PRINTING_MAX && n >= PAPERS_MAX && oldest)
		paper_drop(oldest);
	return printing < PRINTING_MAX;
}

enum err paper_print(int64_t session, const char *book, int64_t id, struct buf *lines)
{
	const struct timeval soon = { .tv_usec = 50000 };
	bool has_room = paper_room();
	struct paper_kept *p = has_room ? calloc(1, sizeof(*p)) : NULL;

	if (!p) {
		buf_done(lines);
		return has_room ? ERR_NOMEM : ERR_BUSY;
	}
	*p = (struct paper_kept){ .session = session, .id = id, .state = PAPER_PRINTING, .until = loop_now() + PRINT_S, .next = papers };
	snprintf(p->book, sizeof(p->book), "%s", book);
	buf_init(&p->pdf, PDF_MAX);
	papers = p;
	if (!paper_start(p) || !paper_feed(p, lines)) {
		log_error("lodge-print cannot be started: %s", strerror(errno));
		buf_done(lines);
		paper_drop(p);
		return ERR_DEGRADED;
	}
	event_add(sweeper, &soon);
	return OK;
}

enum paper_state paper_find(int64_t session, const char *book, int64_t id, const struct buf **pdf)
{
	for (struct paper_kept *p = papers; p; p = p->next) {
		enum paper_state state = p->state;

		if (p->session != session || p->id != id || strcmp(p->book, book) != 0)
			continue;
		*pdf = &p->pdf;
		if (state == PAPER_FAILED)
			paper_drop(p);
		return state;
	}
	return PAPER_NONE;
}

enum err paper_open(struct event_base *on)
{
	base = on;
	sweeper = event_new(base, -1, 0, sweep_cb, NULL);
	return sweeper ? OK : ERR_NOMEM;
}

void paper_close(void)
{
	while (papers)
		paper_drop(papers);
	if (sweeper)
		event_free(sweeper);
	sweeper = NULL;
}
