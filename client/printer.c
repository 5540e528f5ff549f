/*
 * printer.c - see printer.h: one child, no shell.
 *
 * Not for: queues and drivers, which are the print system's. Trap: the child's words must not come onto the
 * screen, so they go nowhere.
 */
#include "client/printer.h"

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "client/child.h"

bool printer_is_there(const struct options *o)
{
	return o->lpr != NULL;
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

bool printer_send(const struct options *o, const struct buf *text)
{
	int fd = child_file("lodge-slip", text);
	pid_t child = fd >= 0 ? fork() : -1;
	bool fine;

	if (child == 0)
		run(o, fd);
	fine = child > 0 && child_ended_well(child);
	if (fd >= 0)
		close(fd);
	return fine;
}
