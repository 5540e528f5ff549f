/*
 * paper.c - see paper.h: one child a paper, between two files in memory, and a short list of what is printed.
 *
 * Not for: drawing (print.c). Trap: the child is found beside this program and inherits nothing but
 * its two files and standard error; a paper is whole only when the child ended with 0.
 */
#include "server/paper.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/log.h"
#include "server/loop.h"

enum { PRINTING_MAX = 4, PAPERS_MAX = 16, PDF_MAX = 16 * 1024 * 1024, PRINT_S = 60, KEPT_S = 60, BOOK_NAME_MAX = 48 };

struct paper_kept {
	int64_t session, id;
	char book[BOOK_NAME_MAX];
	pid_t pid;    /* > 0: it is being printed */
	int out;      /* what the child writes to; -1: closed */
	char *pdf;    /* all of it, when the child ended well */
	size_t len;
	double until;
	struct paper_kept *next;
};

static struct event *sweeper;
static struct paper_kept *papers;

static const struct timeval soon = { .tv_usec = 50000 };

static void paper_wipe(struct paper_kept *p)
{
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	if (p->pdf != NULL) {
		explicit_bzero(p->pdf, p->len);
		munmap(p->pdf, p->len);
	}
	if (p->out >= 0)
		close(p->out);
	p->pid = 0;
	p->pdf = NULL;
	p->out = -1;
}

static void paper_drop(struct paper_kept **at)
{
	struct paper_kept *p = *at;
	*at = p->next;
	paper_wipe(p);
	free(p);
}

static void paper_fail(struct paper_kept *p, const char *why)
{
	log_error("lodge-print: %s", why);
	paper_wipe(p);
	p->until = loop_now() + KEPT_S;
}

/* Bytes that the child has written so far; -1: nobody knows. */
static off_t paper_size(const struct paper_kept *p)
{
	struct stat st;
	return fstat(p->out, &st) == 0 ? st.st_size : -1;
}

static bool paper_take(struct paper_kept *p)
{
	off_t size = paper_size(p);
	if (size < 1 || size > PDF_MAX)
		return false;
	char *pdf = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, p->out, 0);
	if (pdf == MAP_FAILED)
		return false;
	p->pdf = pdf;
	p->len = (size_t)size;
	p->until = loop_now() + KEPT_S;
	return true;
}

/* Has the child ended? Never waited for. Where it may not bound itself, it is bounded here. */
static void paper_look(struct paper_kept *p, double now)
{
	int status = 0;
	pid_t gone = waitpid(p->pid, &status, WNOHANG);
	if (gone != 0) {
		p->pid = 0;
		if (gone < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0 || !paper_take(p))
			paper_fail(p, "no paper came");
	} else if (now > p->until || paper_size(p) > PDF_MAX) {
		paper_fail(p, "it takes too long or grows too large");
	}
}

static void sweep_cb(evutil_socket_t fd, short what, void *ctx)
{
	const double now = loop_now();
	struct paper_kept **at = &papers;
	(void)fd, (void)what, (void)ctx;
	while (*at != NULL) {
		if ((*at)->pid > 0)
			paper_look(*at, now);
		if (now > (*at)->until)
			paper_drop(at);
		else
			at = &(*at)->next;
	}
	if (papers != NULL)
		event_add(sweeper, &soon);
}

static bool program_path(char *path, size_t cap)
{
	static const char name[] = "lodge-print";
	ssize_t n = readlink("/proc/self/exe", path, cap - sizeof(name));
	if (n <= 0)
		return false;
	path[n] = '\0';
	char *slash = strrchr(path, '/');
	if (slash == NULL)
		return false;
	memcpy(slash + 1, name, sizeof(name));
	return true;
}

static bool spawn(pid_t *pid, int in, int out)
{
	char path[PATH_MAX], name[] = "lodge-print", locale[] = "LC_ALL=C.UTF-8";
	char *const argv[] = { name, NULL }, *const env[] = { locale, NULL };
	posix_spawn_file_actions_t files;
	if (!program_path(path, sizeof(path)) || posix_spawn_file_actions_init(&files) != 0)
		return false;
	int failed = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO) ||
		posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO) ||
		posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1) ||
		posix_spawn(pid, path, &files, NULL, argv, env);
	posix_spawn_file_actions_destroy(&files);
	return !failed;
}

static bool paper_start(struct paper_kept *p, const struct buf *lines)
{
	int in = memfd_create("lines", MFD_CLOEXEC);
	p->out = memfd_create("pdf", MFD_CLOEXEC);
	bool started = in >= 0 && p->out >= 0 && write(in, lines->data, lines->len) == (ssize_t)lines->len &&
		lseek(in, 0, SEEK_SET) == 0 && spawn(&p->pid, in, p->out);
	if (!started) {
		log_error("lodge-print cannot be started: %s", strerror(errno));
		p->pid = 0;
	}
	if (in >= 0)
		close(in);
	return started;
}

/* Room for one more to be printed: few at a time, and the oldest of those kept gives way. */
static bool paper_room(void)
{
	struct paper_kept **oldest = NULL;
	size_t n = 0, printing = 0;
	for (struct paper_kept **at = &papers; *at != NULL; at = &(*at)->next, n++) {
		if ((*at)->pid > 0)
			printing++;
		else
			oldest = at; /* new ones stand in front */
	}
	if (printing < PRINTING_MAX && n >= PAPERS_MAX && oldest != NULL)
		paper_drop(oldest);
	return printing < PRINTING_MAX;
}

enum err paper_print(int64_t session, const char *book, int64_t id, const struct buf *lines)
{
	if (!paper_room())
		return ERR_BUSY;
	struct paper_kept *p = calloc(1, sizeof(*p));
	if (p == NULL)
		return ERR_NOMEM;
	*p = (struct paper_kept){ .session = session, .id = id, .until = loop_now() + PRINT_S, .next = papers };
	snprintf(p->book, sizeof(p->book), "%s", book);
	papers = p;
	if (!paper_start(p, lines)) {
		paper_drop(&papers);
		return ERR_DEGRADED;
	}
	event_add(sweeper, &soon);
	return OK;
}

enum paper_state paper_find(int64_t session, const char *book, int64_t id, const char **pdf, size_t *len)
{
	for (struct paper_kept **at = &papers; *at != NULL; at = &(*at)->next) {
		const struct paper_kept *p = *at;
		if (p->session != session || p->id != id || strcmp(p->book, book) != 0)
			continue;
		*pdf = p->pdf;
		*len = p->len;
		if (p->pid > 0 || p->pdf != NULL)
			return p->pid > 0 ? PAPER_PRINTING : PAPER_READY;
		paper_drop(at);
		return PAPER_FAILED;
	}
	return PAPER_NONE;
}

enum err paper_open(struct event_base *base)
{
	sweeper = event_new(base, -1, 0, sweep_cb, NULL);
	return sweeper != NULL ? OK : ERR_NOMEM;
}

void paper_close(void)
{
	while (papers != NULL)
		paper_drop(&papers);
	if (sweeper != NULL)
		event_free(sweeper);
	sweeper = NULL;
}
