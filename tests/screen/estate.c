/*
 * estate.c - see estate.h.
 *
 * Not for: tests. Trap: the server's listening socket stays in the folder after SIGKILL, and lodged
 * has to come up over it: that is part of what is tested.
 */
#include "tests/screen/estate.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include "tests/screen/desk.h"

enum { QUERY = 4096, CELL = 1024, CELLS = 16, TRIES = 1000, TRY_MS = 10 };

/* ---- the database ---- */

static PGconn *database;

static PGconn *connected(void)
{
	const char *const keys[] = {"user", "dbname", "options", NULL};
	const char *const values[] = {"postgres", "lodge", "-c search_path=lodge", NULL};

	if (database == NULL)
		database = PQconnectdbParams(keys, values, 0);
	if (PQstatus(database) != CONNECTION_OK)
		fail_msg("%s", PQerrorMessage(database));
	return database;
}

static const char *ask(const char *query)
{
	static char cells[CELLS][CELL];
	static size_t turn;
	char *cell = cells[turn++ % CELLS];
	PGresult *r = PQexec(connected(), query);

	if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", query, PQresultErrorMessage(r));
	snprintf(cell, CELL, "%s", PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
	PQclear(r);
	return cell;
}

const char *estate_cell(const char *fmt, ...)
{
	char query[QUERY];
	va_list args;

	va_start(args, fmt);
	vsnprintf(query, sizeof(query), fmt, args);
	va_end(args);
	return ask(query);
}

int64_t estate_number(const char *fmt, ...)
{
	char query[QUERY];
	va_list args;

	va_start(args, fmt);
	vsnprintf(query, sizeof(query), fmt, args);
	va_end(args);
	return strtoll(ask(query), NULL, 10);
}

const char *estate_free_file(void)
{
	static char files[4][32];
	static size_t turn;
	char *file = files[turn++ % 4];

	snprintf(file, sizeof(files[0]), "%s", ask("SELECT code FROM file f WHERE class = 'household' AND status = 'active' "
		"AND code LIKE '5-%' AND NOT EXISTS (SELECT 1 FROM loan l WHERE l.file = f.id AND "
		"state IN ('requested', 'endorsed', 'approved', 'issued')) ORDER BY random() LIMIT 1"));
	assert_string_not_equal(file, "");
	return file;
}

const char *estate_digits(void)
{
	static char digits[4][16];
	static size_t turn;
	char *own = digits[turn++ % 4];

	do
		snprintf(own, sizeof(digits[0]), "%s", ask("SELECT 100000 + floor(random() * 900000)::int"));
	while (estate_number("SELECT (SELECT count(*) FROM gate_list WHERE vehicle LIKE '%%%s') + (SELECT count(*) FROM visitor WHERE vehicle LIKE '%%%s' OR doc_tail = '%s') "
		"+ (SELECT count(*) FROM entry_pass WHERE doc_tail = '%s')", own, own, own, own) > 0);
	return own;
}

const char *estate_mark(void)
{
	static char mark[64];
	static unsigned n;

	snprintf(mark, sizeof(mark), "screen %lx.%x.%u", (unsigned long)time(NULL), (unsigned)getpid(), ++n);
	return mark;
}

void estate_close(void)
{
	PQfinish(database);
	database = NULL;
}

int estate_done(void **state)
{
	(void)state;
	estate_close();
	return 0;
}

/* ---- a server ---- */

struct server {
	char folder[64], path[96], address[128];
	pid_t pid;
};

struct server *server_new(void)
{
	struct server *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	snprintf(s->folder, sizeof(s->folder), "/tmp/lodge-screen-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->path, sizeof(s->path), "%s/s", s->folder);
	snprintf(s->address, sizeof(s->address), "unix:%s", s->path);
	server_start(s);
	return s;
}

const char *server_address(const struct server *s)
{
	return s->address;
}

static void serve(const struct server *s)
{
	char program[512], listen_at[160];
	char *argv[] = {program, (char[]){"serve"}, (char[]){"--listen"}, listen_at, NULL};
	int nowhere = open("/dev/null", O_RDWR);

	/* A test that failed leaves no server behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);

	snprintf(program, sizeof(program), "%s/lodged", getenv("LODGE_BIN"));
	snprintf(listen_at, sizeof(listen_at), "%s", s->address);
	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	dup2(nowhere, STDERR_FILENO);
	execv(program, argv);
	_exit(127);
}

static bool takes_connections(const struct server *s)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool takes;

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", s->path);
	takes = fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
	if (fd >= 0)
		close(fd);
	return takes;
}

void server_start(struct server *s)
{
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		serve(s);
	for (int i = 0; i < TRIES; i++) {
		if (takes_connections(s))
			return;
		assert_int_equal(waitpid(s->pid, NULL, WNOHANG), 0);
		poll(NULL, 0, TRY_MS);
	}
	fail_msg("lodged does not listen at %s", s->path);
}

void server_kill(struct server *s)
{
	if (s->pid <= 0)
		return;
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	s->pid = 0;
}

void server_free(struct server *s)
{
	server_kill(s);
	unlink(s->path);
	rmdir(s->folder);
	free(s);
}

void estate_page_to(const char *staff)
{
	char json[200];

	snprintf(json, sizeof(json), "{\"id\":%lld,\"version\":%lld,\"owner\":\"%s\",\"reason\":\"made by a test\"}",
		(long long)estate_number("SELECT id FROM duty_page WHERE state = 'open'"),
		(long long)estate_number("SELECT version FROM duty_page WHERE state = 'open'"), staff);
	assert_string_equal(desk_text(desk_ask("estate", "duty_page.appoint", json), "state"), "open");
}

int estate_drop_folder(const char *folder)
{
	struct dirent **names = NULL;
	int n = scandir(folder, &names, NULL, NULL);
	char path[400];

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		unlink(path);
		free(names[i]);
	}
	free(names);
	return rmdir(folder);
}
