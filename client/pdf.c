/*
 * pdf.c - see pdf.h.
 *
 * Not for: the PDFs of controlled copies, which the server makes. Trap: the child inherits its two files in memory and nothing
 * else, and its words come nowhere near the screen.
 */
#include "client/pdf.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/child.h"

enum { READ_BYTES = 64 * 1024 };

static bool program_path(char *path, size_t cap)
{
	static const char name[] = "lodge-print";
	ssize_t n = readlink("/proc/self/exe", path, cap - sizeof name);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL || (size_t)(slash - path) + sizeof name + 1 > cap)
		return false;
	memcpy(slash + 1, name, sizeof name);
	return true;
}

static bool start(pid_t *child, int in, int out)
{
	char path[PATH_MAX], name[] = "lodge-print", what[] = "form", locale[] = "LC_ALL=C.UTF-8";
	char *const argv[] = {name, what, NULL}, *const env[] = {locale, NULL};
	posix_spawn_file_actions_t files;
	bool failed;

	if (!program_path(path, sizeof path) || posix_spawn_file_actions_init(&files) != 0)
		return false;
	failed = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO) != 0 ||
	         posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO) != 0 ||
	         posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0) != 0 ||
	         posix_spawn(child, path, &files, NULL, argv, env) != 0;
	posix_spawn_file_actions_destroy(&files);
	return !failed;
}

static bool read_all(int fd, struct buf *pdf)
{
	char piece[READ_BYTES];
	ssize_t n = 0;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return false;
	while ((n = read(fd, piece, sizeof piece)) > 0)
		buf_put(pdf, piece, (size_t)n);
	return n == 0 && !pdf->failed && pdf->len > 0;
}

bool pdf_make(const struct buf *form, struct buf *pdf)
{
	int in = child_file("lodge-form", form), out = memfd_create("lodge-pdf", MFD_CLOEXEC);
	pid_t child = -1;
	bool fine = in >= 0 && out >= 0 && start(&child, in, out) && child_ended_well(child) && read_all(out, pdf);

	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return fine;
}
