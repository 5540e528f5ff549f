/*
 * printer.c - see printer.h: one child, no shell.
 *
 * Not for: queues and drivers, which are the print system's. Trap: the child's words must not come onto the
 * screen, so they go nowhere.
 */
#include "client/printer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 20, TRIES = 250 };

bool printer_is_there(const struct options *o)
{
	return o->lpr != NULL;
}

static bool fill(int fd, const struct buf *text)
{
	size_t at = 0;

	while (at < text->len) {
		ssize_t n = write(fd, text->data + at, text->len - at);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? (size_t)n : 0;
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

static void run(const struct options *o, int text)
{
	char *with[] = {(char *)(uintptr_t)o->lpr, (char *)(uintptr_t)"-P", (char *)(uintptr_t)o->printer, NULL};
	char *plain[] = {(char *)(uintptr_t)o->lpr, NULL};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere >= 0 && dup2(text, STDIN_FILENO) >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(nowhere, STDERR_FILENO) >= 0)
		execv(o->lpr, o->printer != NULL ? with : plain);
	_exit(127);
}

/* Its end, or ours of patience. */
static bool ended_well(pid_t child)
{
	int status = 0;

	for (int i = 0; i < TRIES; i++) {
		pid_t done = waitpid(child, &status, WNOHANG);

		if (done == child)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0;
		if (done < 0 && errno != EINTR)
			return false;
		poll(NULL, 0, WAIT_MS);
	}
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return false;
}

bool printer_send(const struct options *o, const struct buf *text)
{
	int fd = memfd_create("lodge-slip", MFD_CLOEXEC);
	bool fine = fd >= 0 && fill(fd, text);
	pid_t child = fine ? fork() : -1;

	if (child == 0)
		run(o, fd);
	fine = child > 0 && ended_well(child);
	if (fd >= 0)
		close(fd);
	return fine;
}
