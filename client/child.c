/*
 * child.c - see child.h.
 *
 * Not for: starting it. Trap: a signal is no end of waiting.
 */
#include "client/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 20, TRIES = 250 };

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

int child_file(const char *name, const struct buf *text)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd >= 0 && fill(fd, text))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

bool child_ended_well(pid_t child)
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
