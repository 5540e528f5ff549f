/*
 * runner.c - plays .flow scripts against a running Lodge, through its public doors only.
 *
 * usage: flow_runner [-t BEGINNING-OF-A-TEST-NAME] [-v] FILE.flow...
 * A script is lines; a line is a directive of the table below. A test ends with its first failing
 * line; blocks after "cleanup" are played in any case, and the clock is set right again. Prints
 * TAP and ends with "N passed, N failed". Exit 0, 1 when something failed, 2 for a bad script,
 * 77 when there is no stack (LODGE_SERVER).
 * Not for: unit tests. Trap: the server keeps what a test did; scripts must pass a second time.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/flow/play.h"
#include "tests/flow/script.h"
#include "tests/flow/server.h"

enum { DEFINES = 192, CLEANUPS = 32, LIBRARIES = 8, DEEP = 12 };

/* Lines of a loaded script, by index. */
struct span {
	char *name;
	const struct script *script;
	size_t from, to;
};

static struct span defines[DEFINES], cleanups[CLEANUPS];
static size_t ndefines, ncleanups;
static struct script libraries[LIBRARIES];
static size_t nlibraries;
static const struct line *failed_at;
static bool verbose;
static int depth;

static bool span_play(const struct span *);
static bool block_define(const struct span *, char *rest);
static bool block_for(const struct span *, char *rest);
static bool block_eventually(const struct span *, char *rest);
static bool block_cleanup(const struct span *, char *rest);
static bool step_do(char *rest);

/* Every directive. A block's lines go on to its "end". */
static const struct directive {
	const char *verb;
	bool (*step)(char *rest);
	bool (*block)(const struct span *, char *rest);
	const char *help;
} directives[] = {
	{ "test", NULL, NULL, "NAME: begins a test, up to the next one" },
	{ "use", NULL, NULL, "FILE: takes over the definitions of a file beside this one" },
	{ "end", NULL, NULL, "ends a block" },
	{ "as", step_as, NULL, "PERSON [fresh | JSON]: that person speaks, signed in; desk/2 = once more" },
	{ "connect", step_connect, NULL, "NAME: somebody who has not signed in speaks" },
	{ "leave", step_leave, NULL, "the speaker hangs up" },
	{ "call", step_call, NULL, "METHOD [JSON]: asks and waits for the answer" },
	{ "send", step_send, NULL, "METHOD [JSON]: asks and does not wait" },
	{ "server", step_server, NULL, "start | kill: a server of the test's own; PERSON@own is there" },
	{ "raw", step_raw, NULL, "BYTES: sends them as they are; \\n \\0 \\xNN" },
	{ "raw-times", step_raw_times, NULL, "N BYTES: sends them N times" },
	{ "receive", step_receive, NULL, "waits for one more answer" },
	{ "let", step_let, NULL, "NAME = answer | result.PATH | session.PATH | note.PATH | cell [N] | uuid | JSON" },
	{ "record", step_record, NULL, "NAME AGO BY METHOD JSON | NAME raw TEXT: $NAME is what a terminal recorded offline (5h, 0m ago), for journal.replay" },
	{ "sql", step_sql, NULL, "LOGIN-ROLE | super | owner STATEMENT" },
	{ "clock", step_clock, NULL, "+N UNIT | at MOMENT [-1 s] | to DAY HH:MM | reset" },
	{ "parallel", step_parallel, NULL, "N METHOD JSON: N sessions of the speaker at once; #N and #N+7 = which" },
	{ "crowd", step_crowd, NULL, "N EMERGENCY: N consoles tick its roll at once, a server is killed in between, all agree" },
	{ "matrix", step_matrix, NULL, "FILE.tsv [ROLE]: asks every cell of a table of expected rights" },
	{ "search", step_search, NULL, "FILE.tsv: types every row at the search box" },
	{ "expect", step_expect, NULL, "what should have come; see expect.c" },
	{ "do", step_do, NULL, "NAME [value=JSON-or-word ...]: plays a definition" },
	{ "define", NULL, block_define, "NAME ... end: lines to be played by do" },
	{ "for", NULL, block_for, "NAME in WORD ... ; lines ; end: plays them for each word" },
	{ "eventually", NULL, block_eventually, "N s ... end: again and again until they pass" },
	{ "cleanup", NULL, block_cleanup, "... end: played after the test, whatever happened" },
};

static const struct directive *directive_find(const char *verb)
{
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		if (strcmp(directives[i].verb, verb) == 0)
			return &directives[i];
	return NULL;
}

static bool directive_opens(const char *verb)
{
	const struct directive *d = directive_find(verb);

	return d != NULL && d->block != NULL;
}

static bool script_knows_all(const struct script *s)
{
	bool ok = true;

	for (size_t i = 0; i < s->nlines; i++) {
		if (directive_find(s->lines[i].verb) != NULL)
			continue;
		fprintf(stderr, "%s:%d: there is no directive \"%s\"\n", s->lines[i].file,
		    s->lines[i].no, s->lines[i].verb);
		ok = false;
	}
	return ok;
}

static bool span_keep(struct span *list, size_t *n, size_t cap, const struct span *span)
{
	if (*n == cap)
		return play_fail("too many blocks of this kind");
	list[(*n)++] = *span;
	return true;
}

static const struct span *define_of(const char *name)
{
	for (size_t i = 0; i < ndefines; i++)
		if (strcmp(defines[i].name, name) == 0)
			return &defines[i];
	return NULL;
}

static bool block_define(const struct span *body, char *rest)
{
	struct span named = *body;

	if (define_of(rest) != NULL)
		return play_fail("there is a define of this name already");
	named.name = strdup(rest);
	return span_keep(defines, &ndefines, DEFINES, &named);
}

static bool block_cleanup(const struct span *body, char *rest)
{
	(void)rest;
	return span_keep(cleanups, &ncleanups, CLEANUPS, body);
}

/* A word becomes itself as JSON when it is JSON, else a string. */
static void value_set_word(const char *name, const char *word)
{
	json_t *v = json_loads(word, JSON_DECODE_ANY, NULL);
	char *text;

	if (v == NULL)
		v = json_string(word);
	text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	value_set(name, text);
	free(text);
	json_decref(v);
}

static bool block_for(const struct span *body, char *rest)
{
	const char *name = script_word(&rest);

	if (strcmp(script_word(&rest), "in") != 0)
		return play_fail("write: for NAME in WORD ...");
	while (*rest != '\0') {
		value_set_word(name, script_word(&rest));
		if (!span_play(body))
			return false;
	}
	return true;
}

static bool block_eventually(const struct span *body, char *rest)
{
	struct timespec now, nap = { .tv_nsec = 50 * 1000 * 1000 };
	time_t until;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until = now.tv_sec + strtol(rest, NULL, 10);
	while (!span_play(body)) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= until)
			return false;
		nanosleep(&nap, NULL);
	}
	failed_at = NULL;
	return true;
}

bool play_define(const char *name)
{
	const struct span *define = define_of(name);

	return define != NULL ? span_play(define) : play_fail("nobody defined \"%s\"", name);
}

/* do NAME unit=7-1203 note="two words": values last until the test ends. */
static bool step_do(char *rest)
{
	const char *name = script_word(&rest);

	while (*rest != '\0') {
		char *equals = strchr(rest, '='), *value, stop;
		size_t n;

		if (equals == NULL)
			return play_fail("write: do NAME value=WORD ...");
		value = equals + 1;
		*equals = '\0';
		n = value[0] == '"' ? strcspn(value + 1, "\"") + 2 : strcspn(value, " \t");
		stop = value[n];
		value[n] = '\0';
		value_set_word(rest, value);
		rest = value + n + (stop != '\0');
		rest += strspn(rest, " \t");
	}
	return play_define(name);
}

static bool line_play(const struct span *span, size_t *at)
{
	const struct line *line = &span->script->lines[*at];
	const struct directive *d = directive_find(line->verb);
	const char *missing;
	char *filled = script_fill(line->rest, &missing);
	bool ok;

	if (verbose)
		fprintf(stderr, "# %s:%d: %s %s\n", line->file, line->no, line->verb,
		    filled != NULL ? filled : line->rest);
	if (filled == NULL) {
		ok = play_fail("nobody set $%s", missing);
	} else if (d->block != NULL) {
		struct span body = { .script = span->script, .from = *at + 1, .to = line->end };

		*at = line->end;
		ok = d->block(&body, filled);
	} else {
		ok = d->step == NULL || d->step(filled);
	}
	free(filled);
	if (!ok && failed_at == NULL)
		failed_at = line;
	return ok;
}

static bool span_play(const struct span *span)
{
	bool ok = true;

	if (++depth > DEEP) {
		depth--;
		return play_fail("definitions nested too deep");
	}
	failed_at = NULL;
	for (size_t i = span->from; i < span->to && ok; i++)
		ok = line_play(span, &i);
	depth--;
	return ok;
}

static void failure_print(void)
{
	char *at = play.why, *next;

	printf("# %s:%d: %s %s\n", failed_at->file, failed_at->no, failed_at->verb, failed_at->rest);
	for (; at != NULL; at = next) {
		next = strchr(at, '\n');
		if (next != NULL)
			*next++ = '\0';
		printf("#   %s\n", at);
	}
}

/* Plays one test and puts everything back as it was. */
static bool test_play(const struct span *test)
{
	bool ok;
	char again[] = "reset";

	person_forget_all();
	ncleanups = 0;
	value_set_word("run", play_uuid());
	json_decref(play.last);
	play.last = NULL;
	play.who = NULL;
	play.newest = NEWEST_NOTHING;
	play.why[0] = '\0';
	ok = span_play(test);
	if (!ok)
		failure_print();
	store_settle();
	while (ncleanups > 0) {
		if (span_play(&cleanups[--ncleanups]) || !ok)
			continue;
		ok = false;
		failure_print();
	}
	if (store_run("owner", "SELECT FROM lodge.test_clock", &play.table) && play.table.rows > 0)
		step_clock(again);
	store_settle();
	server_kill();
	return ok;
}

/* Loads "use FILE" of the script's folder: only its definitions are played. */
static bool library_use(const char *user, const char *name)
{
	const char *slash = strrchr(user, '/');
	static char paths[LIBRARIES][4096]; /* the lines keep them */
	struct script *s;
	char *path;

	if (nlibraries == LIBRARIES)
		return play_fail("too many libraries");
	s = &libraries[nlibraries];
	path = paths[nlibraries];
	snprintf(path, sizeof(paths[0]), "%.*s%s", slash != NULL ? (int)(slash - user) + 1 : 0, user, name);
	if (!script_load(s, path, directive_opens) || !script_knows_all(s))
		return false;
	nlibraries++;
	return span_play(&(struct span){ .script = s, .to = s->nlines });
}

struct count {
	int passed, failed, number;
};

/* Plays what stands before the first test: use and define. */
static bool script_open(const struct script *s, size_t *first)
{
	for (*first = 0; *first < s->nlines; ++*first) {
		const struct line *line = &s->lines[*first];
		struct span one = { .script = s, .from = *first };

		if (strcmp(line->verb, "test") == 0)
			return true;
		one.to = line->end > *first ? line->end + 1 : *first + 1;
		if (strcmp(line->verb, "use") == 0 ? !library_use(line->file, line->rest)
		    : !span_play(&one)) {
			fprintf(stderr, "%s:%d: %s\n", line->file, line->no, play.why);
			return false;
		}
		*first = one.to - 1;
	}
	return true;
}

static void script_play(const struct script *s, size_t first, const char *only, struct count *count)
{
	while (first < s->nlines) {
		struct span test = { .name = s->lines[first].rest, .script = s, .from = first + 1 };
		size_t mark = value_mark();
		bool ok;

		test.to = test.from;
		while (test.to < s->nlines && strcmp(s->lines[test.to].verb, "test") != 0)
			test.to++;
		first = test.to;
		if (only != NULL && strncmp(test.name, only, strlen(only)) != 0)
			continue;
		ok = test_play(&test);
		*(ok ? &count->passed : &count->failed) += 1;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", ++count->number, test.name);
		fflush(stdout);
		value_release(mark);
	}
}

static bool file_play(const char *file, const char *only, struct count *count)
{
	struct script s;
	size_t first;

	if (!script_load(&s, file, directive_opens) || !script_knows_all(&s) ||
	    !script_open(&s, &first))
		return false;
	printf("# %s\n", file);
	script_play(&s, first, only, count);
	person_drop_all();
	store_close();
	script_free(&s);
	while (nlibraries > 0)
		script_free(&libraries[--nlibraries]);
	while (ndefines > 0)
		free(defines[--ndefines].name);
	return true;
}

static int usage(void)
{
	fprintf(stderr, "usage: flow_runner [-t TEST] [-v] FILE.flow...\n");
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		fprintf(stderr, "  %-10s %s\n", directives[i].verb, directives[i].help);
	return 2;
}

int main(int argc, char **argv)
{
	const char *only = NULL;
	struct count count = { 0 };
	int option;

	while ((option = getopt(argc, argv, "t:v")) != -1) {
		if (option == 't')
			only = optarg;
		else if (option == 'v')
			verbose = true;
		else
			return usage();
	}
	if (optind == argc)
		return usage();
	if (getenv("LODGE_SERVER") == NULL) {
		printf("1..0 # SKIP LODGE_SERVER is not set: eval \"$(./run env)\"\n");
		return 77;
	}
	if (person_connect("nobody", NULL) == NULL) {
		fprintf(stderr, "flow_runner: %s\n", play.why);
		return 2;
	}
	person_drop_all();
	for (int i = optind; i < argc; i++)
		if (!file_play(argv[i], only, &count))
			return 2;
	printf("1..%d\n%d passed, %d failed\n", count.number, count.passed, count.failed);
	return count.failed > 0;
}
