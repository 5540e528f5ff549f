/*
 * server.c - starts and kills a lodged for the flow tests.
 *
 * It takes configuration and database from the environment, as the stack's own does. Not for:
 * supervising. Trap: it dies with the runner (PDEATHSIG), so a failing test leaves none behind.
 */
#include "tests/flow/server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/flow/wire.h"

enum { TRIES = 200 };

static pid_t running;
static char address[108];

static void server_become(const char *program)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	dup2(nowhere, STDERR_FILENO);
	execl(program, program, "serve", "--listen", address, (char *)NULL);
	_exit(127);
}

bool server_start(char *why, size_t n)
{
	const char *bin = getenv("LODGE_BIN"), *tmp = getenv("TMPDIR");
	struct timespec nap = { .tv_nsec = 50 * 1000 * 1000 };
	char program[4096];
	struct wire *w;

	server_kill();
	snprintf(program, sizeof(program), "%s/lodged", bin != NULL ? bin : "build");
	snprintf(address, sizeof(address), "unix:%s/flow-%d.sock", tmp != NULL ? tmp : "/tmp", (int)getpid());
	running = fork();
	if (running == 0)
		server_become(program);
	for (int i = 0; running > 0 && i < TRIES; i++) {
		w = wire_open(address, why, n);
		if (w != NULL) {
			wire_close(w);
			return true;
		}
		if (waitpid(running, NULL, WNOHANG) == running) {
			running = 0;
			snprintf(why, n, "%s ended at once", program);
			return false;
		}
		nanosleep(&nap, NULL);
	}
	server_kill();
	return false;
}

void server_kill(void)
{
	if (running <= 0)
		return;
	kill(running, SIGKILL);
	waitpid(running, NULL, 0);
	running = 0;
	unlink(address + strlen("unix:"));
}

const char *server_address(void)
{
	return running > 0 ? address : NULL;
}
