/*
 * cluster.c - a throw-away PostgreSQL for one test program.
 *
 * initdb and postgres refuse to run as root, so a root test gives them to "nobody". Not for
 * durability: fsync is off. Trap: a Unix socket path holds 107 bytes, hence the short folder.
 */
#include "tests/unit/cluster.h"

#include <glob.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], data[96], bin[256], conninfo[160], answer[256];
static pid_t server;

static bool find_bin(void)
{
	glob_t found;
	bool is_there = glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) == 0 && found.gl_pathc > 0;

	if (is_there)
		snprintf(bin, sizeof(bin), "%s", found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
	return is_there;
}

/* Starts PROGRAM of the PostgreSQL installation as an ordinary user, silent. */
static pid_t spawn(const char *program, char *const *arguments)
{
	char path[512], log[128];
	pid_t child;

	snprintf(path, sizeof(path), "%s/%s", bin, program);
	snprintf(log, sizeof(log), "%s/log", folder);
	fflush(NULL);
	child = fork();
	if (child != 0)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGQUIT);
	if (geteuid() == 0) {
		const struct passwd *user = getpwnam("nobody");

		if (!user || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
			_exit(1);
		prctl(PR_SET_PDEATHSIG, SIGQUIT); /* setuid cleared it */
	}
	if (!freopen(log, "a", stdout) || dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		_exit(1);
	setenv("PATH", bin, 1); /* they look for each other by their bare names */
	execv(path, arguments);
	_exit(1);
}

static bool run(const char *program, char *const *arguments)
{
	int status = 1;
	pid_t child = spawn(program, arguments);

	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool answers(void)
{
	for (int i = 0; i < 200; i++) {
		if (PQping(conninfo) == PQPING_OK)
			return true;
		usleep(50000);
	}
	return false;
}

bool cluster_start(void)
{
	const struct passwd *user = getpwnam("nobody");
	char *const make[] = {"initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N",
		"--locale=C.UTF-8", "-E", "UTF8", NULL};
	char *const serve[] = {"postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "restart_after_crash=on", NULL};

	snprintf(folder, sizeof(folder), "/tmp/lodge-unit-XXXXXX");
	if (!find_bin() || !mkdtemp(folder))
		return false;
	if (geteuid() == 0 && (!user || chown(folder, user->pw_uid, user->pw_gid) != 0))
		return false;
	snprintf(data, sizeof(data), "%s/data", folder);
	snprintf(conninfo, sizeof(conninfo), "host=%s dbname=postgres", folder);
	setenv("PGUSER", "postgres", 1);
	if (!run("initdb", make))
		return false;
	server = spawn("postgres", serve);
	return server > 0 && answers();
}

void cluster_stop(void)
{
	char command[128];

	if (server > 0) {
		kill(server, SIGQUIT);
		waitpid(server, NULL, 0);
	}
	server = 0;
	if (strncmp(folder, "/tmp/lodge-unit-", 16) == 0) {
		snprintf(command, sizeof(command), "rm -rf '%s'", folder);
		if (system(command) != 0)
			fprintf(stderr, "cannot remove %s\n", folder);
	}
}

const char *cluster_conninfo(void)
{
	return conninfo;
}

const char *cluster_sql(const char *sql)
{
	PGconn *conn = PQconnectdb(conninfo);
	PGresult *result = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
		fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(conn));
		cluster_stop();
		exit(1);
	}
	snprintf(answer, sizeof(answer), "%s",
		status == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	PQfinish(conn);
	return answer;
}
