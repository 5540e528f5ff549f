/*
 * screen.c - runs a program in a terminal of its own, presses keys and counts what it writes.
 *
 *   lodge-screen ROWS COLS STEP,STEP… PROGRAM ARGUMENT…
 * A step is NAME=KEYS*TIMES: the average bytes that one press of KEYS makes the program write; or
 * NAME=idle*SECONDS: wake-ups, bytes and milliseconds of the processor in that time; or NAME=rss: MiB; or
 * NAME=ask:FILE*TIMES: the lines of FILE, round and round, typed behind `/` on the gate's screen until its big word
 * stands there: decisions a second, then median, 99th percentile and longest in milliseconds, and those without a
 * word; or NAME=stop:PID: ends that process.
 * The name "-" is pressed and not told. In KEYS \e \r \t \n stand for themselves in C, \b for
 * Backspace, \l for Ctrl-L, \s for a blank, \c for a comma. The first line told is "first": the bytes of the first screen.
 * Not for: what the screen shows (tests/screen). Trap: a press is over when the program was quiet for a
 * while, so a program that answers later is counted too low; all programs get the same while.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_MS = 150, PATIENCE_MS = 3000, FIRST_QUIET_MS = 1200, KEYS_MAX = 256, LINE_MAX_BYTES = 256 };
enum { DRAWN_MS = 30, LINES_MOST = 512, ASKED_MOST = 10000, MARK_LEN = 3 };

static int terminal;
static pid_t child;

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Bytes written until the program was quiet for so long, at most until patience is out. */
static size_t listen_for(int quiet_ms, int patience_ms)
{
	const long end = now_ms() + patience_ms;
	struct pollfd fd = { .fd = terminal, .events = POLLIN };
	char bytes[65536];
	size_t count = 0;

	while (now_ms() < end && poll(&fd, 1, quiet_ms) > 0) {
		ssize_t n = read(terminal, bytes, sizeof(bytes));

		if (n <= 0) {
			fputs("lodge-screen: the program ended\n", stderr);
			exit(1);
		}
		count += (size_t)n;
	}
	return count;
}

static char unescaped(char c)
{
	switch (c) {
	case 'e': return '\033';
	case 'r': return '\r';
	case 't': return '\t';
	case 'n': return '\n';
	case 's': return ' ';
	case 'c': return ',';
	case 'b': return '\177';
	case 'l': return '\f';
	default: return c;
	}
}

static size_t read_keys(const char *from, const char *end, char keys[KEYS_MAX])
{
	size_t n = 0;

	while (from < end && n < KEYS_MAX) {
		keys[n++] = *from == '\\' ? unescaped(from[1]) : *from;
		from += *from == '\\' ? 2 : 1;
	}
	return n;
}

/* The number behind a word in a file of /proc, or 0. */
static long proc_number(const char *file, const char *word)
{
	char path[64], line[LINE_MAX_BYTES];
	long number = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)child, file);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, word, strlen(word)) == 0)
			number = strtol(line + strlen(word), NULL, 10);
	if (f)
		fclose(f);
	return number;
}

static long wake_ups(void)
{
	return proc_number("status", "voluntary_ctxt_switches:") + proc_number("status", "nonvoluntary_ctxt_switches:");
}

/* Nanoseconds of the processor so far. */
static long cpu_ns(void)
{
	return proc_number("schedstat", "");
}

static void idle(const char *name, int seconds)
{
	long wakes = wake_ups(), cpu = cpu_ns();
	size_t bytes = 0;

	for (long end = now_ms() + seconds * 1000L; now_ms() < end;)
		bytes += listen_for((int)(end - now_ms()), (int)(end - now_ms()));
	printf("%s %ld %zu %.1f\n", name, wake_ups() - wakes, bytes, (double)(cpu_ns() - cpu) / 1e6);
}

static void press(const char *name, const char *from, const char *end, int times)
{
	char keys[KEYS_MAX];
	size_t n = read_keys(from, end, keys), bytes = 0;

	for (int i = 0; i < times; i++) {
		if (write(terminal, keys, n) != (ssize_t)n)
			exit(1);
		bytes += listen_for(QUIET_MS, PATIENCE_MS);
	}
	if (strcmp(name, "-") != 0)
		printf("%s %.1f\n", name, (double)bytes / times);
}

/* ---- decisions at the gate ---- */

static double now_exactly(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static size_t read_lines(const char *path, char *lines[LINES_MOST])
{
	FILE *file = fopen(path, "r");
	size_t n = 0, room = 0;

	if (!file) {
		perror(path);
		exit(2);
	}
	while (n < LINES_MOST && (lines[n] = NULL, room = 0, getline(&lines[n], &room, file)) > 0) {
		lines[n][strcspn(lines[n], "\n")] = '\r';
		n++;
	}
	fclose(file);
	return n;
}

/* Milliseconds until one of the marks beside the big word is written; below 0: none came. */
static double await_word(void)
{
	static const char *const marks[] = { ">>>", "!!!", "???", "<<<" };
	const double start = now_exactly();
	struct pollfd fd = { .fd = terminal, .events = POLLIN };
	char bytes[MARK_LEN + 65536] = { ' ', ' ', ' ' };

	while (now_exactly() < start + PATIENCE_MS && poll(&fd, 1, PATIENCE_MS) > 0) {
		ssize_t n = read(terminal, bytes + MARK_LEN, sizeof(bytes) - MARK_LEN);

		if (n <= 0)
			exit(1);
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if (memmem(bytes, MARK_LEN + (size_t)n, marks[i], MARK_LEN))
				return now_exactly() - start;
		memmove(bytes, bytes + n, MARK_LEN); /* a mark may come in two halves */
	}
	return -1;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Something is drawn, and nothing more for a while. */
static void await_drawn(void)
{
	struct pollfd fd = { .fd = terminal, .events = POLLIN };

	if (poll(&fd, 1, PATIENCE_MS) > 0)
		listen_for(DRAWN_MS, PATIENCE_MS);
}

/* Opening the line takes the last word away, so the next one is written anew. */
static void ask(const char *name, const char *path, int times)
{
	static char *lines[LINES_MOST];
	static double took[ASKED_MOST];
	size_t nlines = read_lines(path, lines), n = 0;
	double all = 0;
	int faults = 0;

	for (int i = 0; nlines > 0 && i < times && n < ASKED_MOST; i++) {
		const char *line = lines[(size_t)i % nlines];

		listen_for(DRAWN_MS, PATIENCE_MS);
		if (write(terminal, "/", 1) != 1)
			exit(1);
		await_drawn();
		if (write(terminal, line, strlen(line)) != (ssize_t)strlen(line))
			exit(1);
		took[n] = await_word();
		if (took[n] < 0)
			fprintf(stderr, "lodge-screen: no word for %.*s\n", (int)strlen(line) - 1, line);
		faults += took[n] < 0;
		all += took[n] < 0 ? 0 : took[n];
		n += took[n] >= 0;
	}
	qsort(took, n, sizeof(took[0]), by_size);
	printf("%s %.1f %.3f %.3f %.3f %d\n", name, n ? (double)n * 1e3 / all : 0, n ? took[n / 2] : 0, n ? took[n * 99 / 100] : 0,
		n ? took[n - 1] : 0, faults);
	for (size_t i = 0; i < nlines; i++)
		free(lines[i]);
}

static void take_step(char *step)
{
	char *what = strchr(step, '='), *star = strrchr(step, '*');
	int times = star ? (int)strtol(star + 1, NULL, 10) : 1;

	if (!what || times < 1) {
		fprintf(stderr, "lodge-screen: not a step: %s\n", step);
		exit(2);
	}
	*what++ = '\0';
	if (strncmp(what, "idle", 4) == 0)
		idle(step, times);
	else if (strncmp(what, "ask:", 4) == 0) {
		if (star)
			*star = '\0';
		ask(step, what + 4, times);
	} else if (strncmp(what, "stop:", 5) == 0)
		kill((pid_t)strtol(what + 5, NULL, 10), SIGTERM);
	else if (strcmp(what, "rss") == 0)
		printf("%s %.1f\n", step, (double)proc_number("status", "VmRSS:") / 1024);
	else
		press(step, what, star ? star : what + strlen(what), times);
}

int main(int argc, char **argv)
{
	struct winsize size = { 0 };

	if (argc < 5) {
		fputs("usage: lodge-screen ROWS COLS STEP,STEP… PROGRAM ARGUMENT…\n", stderr);
		return 2;
	}
	size.ws_row = (unsigned short)strtoul(argv[1], NULL, 10);
	size.ws_col = (unsigned short)strtoul(argv[2], NULL, 10);
	child = forkpty(&terminal, NULL, NULL, &size);
	if (child == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	if (child < 0) {
		perror("lodge-screen");
		return 1;
	}
	printf("first %zu\n", listen_for(FIRST_QUIET_MS, 5 * PATIENCE_MS));
	for (char *step = strtok_r(argv[3], ",", &argv[3]); step; step = strtok_r(NULL, ",", &argv[3]))
		take_step(step);
	fflush(stdout);
	close(terminal); /* it hangs up */
	return 0;
}
