/*
 * desk.c - see desk.h.
 *
 * Not for: tests. Trap: what a child prints belongs to the test that reads it; the program under test has the terminal.
 */
#include "tests/screen/desk.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/arena.h"
#include "tests/screen/relay.h"

enum { ARGS_MAX = 24, WORDS_MAX = 4, LINE_MAX_BYTES = 1 << 20 };

void desk_need_stack(void)
{
	if (getenv("LODGE_SERVER") != NULL && getenv("LODGE_BIN") != NULL)
		return;
	fprintf(stderr, "no stack: skipped (./run test gives one)\n");
	exit(77);
}

static const char *program(void)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/lodge", getenv("LODGE_BIN"));
	return path;
}

static const char *setting;

void desk_set(const char *name_and_value)
{
	setting = name_and_value;
}

static const char *const *words_given;

void desk_words(const char *const *words)
{
	words_given = words;
}

static bool line_is_busy(void *ctx)
{
	return relay_is_busy(ctx);
}

static void line_ends(void *ctx)
{
	relay_stop(ctx);
}

struct vt *desk_open_at(const char *staff, const char *lang, const char *server, const char *term,
	int rows, int cols)
{
	struct relay *line = server == NULL ? relay_start() : NULL;
	char who[80], where[200], path[512];
	const char *extra[] = {who, "LODGE_PASSWORD=lodge-demo", "LODGE_TERMINAL=screen-test",
		where, setting, NULL};
	char *argv[WORDS_MAX + 2] = {path};
	struct vt *vt;

	snprintf(path, sizeof(path), "%s", program());
	for (int i = 0; i < WORDS_MAX && words_given != NULL && words_given[i] != NULL; i++)
		argv[i + 1] = (char *)(uintptr_t)words_given[i];
	snprintf(who, sizeof(who), "LODGE_STAFF=%s", staff);
	snprintf(where, sizeof(where), "LODGE_SERVER=%s", line != NULL ? relay_address(line) : server);
	vt = vt_start(rows, cols, term, lang, extra, argv);
	assert_non_null(vt);
	if (line != NULL)
		vt_set_beside(vt, &(struct vt_beside){.is_busy = line_is_busy, .stopped = line_ends, .ctx = line});
	return vt;
}

struct vt *desk_open(const char *staff, const char *lang, const char *server)
{
	struct vt *vt = desk_open_at(staff, lang, server, "xterm-256color", 24, 80);

	if (strcmp(lang, "en") == 0)
		desk_see(vt, "QUEUES");
	return vt;
}

void desk_close(struct vt *vt)
{
	int status = vt_stop(vt, SIGHUP, 5000);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void fail_with_screen(struct vt *vt, const char *what, const char *text)
{
	char *screen = vt_screen_text(vt);

	print_error("\"%s\" %s:\n%s", text, what, screen);
	free(screen);
	fail();
}

void desk_see(struct vt *vt, const char *text)
{
	if (!vt_wait_text(vt, text, SOON))
		fail_with_screen(vt, "is not on the screen", text);
}

void desk_see_gone(struct vt *vt, const char *text)
{
	if (!vt_wait_gone(vt, text, SOON))
		fail_with_screen(vt, "is still on the screen", text);
}

bool desk_shows(struct vt *vt, const char *text)
{
	char *screen = vt_screen_text(vt);
	bool found = strstr(screen, text) != NULL;

	free(screen);
	return found;
}

/* One piece of a script: a named key or a run of text. Returns what follows it. */
static const char *next_piece(const char *script, char *key, size_t cap, size_t *text)
{
	const char *end = *script == '<' ? strchr(script, '>') : NULL;

	key[0] = '\0';
	*text = 0;
	if (end == NULL) {
		*text = strcspn(script, "<");
		return script + *text;
	}
	snprintf(key, cap, "%.*s", (int)(end - script - 1), script + 1);
	return end + 1;
}

void desk_type(struct vt *vt, const char *script)
{
	char key[32];
	size_t n;

	while (*script != '\0') {
		const char *next = next_piece(script, key, sizeof(key), &n);

		if (n > 0)
			vt_send(vt, script, n);
		else
			assert_true(vt_key(vt, key));
		/* As a person does: the answer of the screen comes between two keys. */
		vt_settle(vt, 60, SOON);
		script = next;
	}
}

static const char *key_bytes(const char *name)
{
	if (strcmp(name, "Enter") == 0)
		return "\r";
	if (strcmp(name, "Tab") == 0)
		return "\t";
	return name;
}

void desk_type_at_once(struct vt *vt, const char *script)
{
	char key[32], all[1024];
	size_t n, at = 0;

	while (*script != '\0') {
		const char *next = next_piece(script, key, sizeof(key), &n);

		at += (size_t)snprintf(all + at, sizeof(all) - at, "%.*s%s", (int)n, script,
			n > 0 ? "" : key_bytes(key));
		script = next;
	}
	vt_send(vt, all, at);
}

/* ---- questions beside the screen ---- */

static void run_child(const char *staff, const char *password, const char *const *words, int in, int out)
{
	char path[512];
	char *argv[ARGS_MAX] = {path};

	snprintf(path, sizeof(path), "%s", program());
	for (int i = 0; words[i] != NULL && i < ARGS_MAX - 2; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	setenv("LODGE_STAFF", staff, 1);
	setenv("LODGE_PASSWORD", password, 1);
	setenv("LODGE_LANG", "en", 1);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
	execv(path, argv);
	_exit(127);
}

int desk_run(const char *staff, const char *password, const char *input, const char *const *words,
	char *out, size_t cap)
{
	int in[2], from[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(from), 0);
	pid = fork();
	if (pid == 0) {
		close(in[1]);
		run_child(staff, password, words, in[0], from[1]);
	}
	close(in[0]);
	close(from[1]);
	assert_int_equal(write(in[1], input, strlen(input)), (ssize_t)strlen(input));
	close(in[1]);
	while (n < cap - 1 && (got = read(from[0], out + n, cap - 1 - n)) > 0)
		n += (size_t)got;
	out[n] = '\0';
	close(from[0]);
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void call_child(int out, const char *staff, const char *method, const char *json)
{
	char path[512], name[64], words[65536];
	char *argv[] = {path, (char[]){"call"}, name, words, NULL};

	dup2(out, STDOUT_FILENO);
	setenv("LODGE_STAFF", staff, 1);
	setenv("LODGE_PASSWORD", "lodge-demo", 1);
	snprintf(path, sizeof(path), "%s", program());
	snprintf(name, sizeof(name), "%s", method);
	snprintf(words, sizeof(words), "%s", json);
	execv(path, argv);
	_exit(127);
}

static size_t call(const char *staff, const char *method, const char *json, char *line, size_t cap)
{
	size_t n = 0;
	ssize_t got;
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		call_child(ends[1], staff, method, json);
	close(ends[1]);
	while (n < cap && (got = read(ends[0], line + n, cap - n)) > 0)
		n += (size_t)got;
	close(ends[0]);
	waitpid(pid, NULL, 0);
	return n;
}

const struct node *desk_ask(const char *staff, const char *method, const char *json)
{
	static char line[LINE_MAX_BYTES];
	static struct arena *arena;
	struct node *result = NULL;
	size_t n = call(staff, method, json, line, sizeof(line));

	arena_free(arena);
	arena = arena_new(16 << 20);
	assert_non_null(arena);
	if (node_parse(arena, line, n, 16, &result) != OK) {
		print_error("%s %s: %.*s\n", method, json, (int)n, line);
		fail();
	}
	return result;
}

const struct node *desk_last_loan(const char *file)
{
	char where[200];
	const struct node *rows;

	snprintf(where, sizeof(where), "{\"where\":{\"file\":\"%s\"},\"sort\":[\"-id\"],\"limit\":1}", file);
	rows = node_get(desk_ask("custodian", "loan.list", where), "rows");
	return rows != NULL ? rows->first : NULL;
}

int64_t desk_number(const struct node *n, const char *member)
{
	const struct node *v = node_get(n, member);

	return v != NULL && v->type == NODE_INT ? v->i : -1;
}

const char *desk_text(const struct node *n, const char *member)
{
	const struct node *v = node_get(n, member);
	const char *text = v != NULL && v->type == NODE_OBJECT ? node_str(node_get(v, "code")) : node_str(v);

	return text != NULL ? text : "";
}
