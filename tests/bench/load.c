/*
 * load.c - asks a server the lines "METHOD JSON" of a file over many connections, one question
 * under way on each, and says how fast the answers came.
 *
 *   load SOCKET STAFF,STAFF… CONNECTIONS SECONDS FILE
 * SECONDS 0: each line once, answers to standard output in the order of the questions; otherwise the
 * lines go round until the time is over. "$op_id" becomes a fresh one. Standard error gets: answers a
 * second, median and 99th percentile in milliseconds, faults. Signing in is not measured.
 * Not for: judging answers. Trap: it shares the machine with what it measures; it spends one core.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1 << 20, TIMES_MAX = 4 * 1000 * 1000, STAFF_MAX = 64 };

struct client {
	int fd;
	double asked;      /* 0 = nothing under way */
	size_t question;
	char *in;
	size_t len;
};

static struct client *clients;
static struct pollfd *fds;
static size_t nclients, nlines, next_line, ntimes, faults;
static char **lines, **answers;
static float *times;
static bool once;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void give_up(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void read_lines(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!file)
		give_up(path);
	while ((n = getline(&line, &cap, file)) > 0) {
		lines = realloc(lines, (nlines + 1) * sizeof(*lines));
		line[n - 1] = line[n - 1] == '\n' ? '\0' : line[n - 1];
		lines[nlines++] = strdup(line);
	}
	free(line);
	fclose(file);
	answers = calloc(nlines + 1, sizeof(*answers));
}

static void send_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n <= 0)
			give_up("write");
		text += n;
		len -= (size_t)n;
	}
}

static void fresh_uuid(char out[37])
{
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		give_up("random");
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
		b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void ask(struct client *c, size_t question)
{
	static char out[LINE_MAX_BYTES];
	const char *line = lines[question], *space = strchr(line, ' '), *mark = space ? strstr(space, "$op_id") : NULL;
	char uuid[37] = "";
	int n;

	if (!space)
		give_up("a line without JSON");
	if (mark)
		fresh_uuid(uuid);
	n = snprintf(out, sizeof(out), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%.*s\",\"params\":%.*s%s%s}\n", (int)(space - line), line,
		mark ? (int)(mark - space) : (int)strlen(space), space, uuid, mark ? mark + strlen("$op_id") : "");
	c->question = question;
	c->asked = now();
	send_all(c->fd, out, (size_t)n);
}

/* One whole line of this client, or NULL; the text stays until the next call for it. */
static char *answer_of(struct client *c)
{
	ssize_t n = read(c->fd, c->in + c->len, LINE_MAX_BYTES - 1 - c->len);

	if (n <= 0)
		give_up("the server hung up");
	c->len += (size_t)n;
	if (c->in[c->len - 1] != '\n')
		return NULL;
	c->in[c->len] = '\0';
	c->len = 0;
	return c->in;
}

static void open_client(struct client *c, const char *path, const char *staff, size_t i)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *password = getenv("LODGE_PASSWORD");
	char hello[512];
	char *answer = NULL;

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->in = malloc(LINE_MAX_BYTES);
	if (c->fd < 0 || !c->in || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		give_up(path);
	snprintf(hello, sizeof(hello), "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"sign_in\",\"params\":{\"staff\":\"%s\",\"password\":\"%s\","
		"\"script\":true,\"terminal\":\"bench\"}}\n", staff, password ? password : "lodge-demo");
	send_all(c->fd, hello, strlen(hello));
	while (!answer)
		answer = answer_of(c);
	if (!strstr(answer, "\"result\"")) {
		fprintf(stderr, "load: client %zu: %s", i, answer);
		exit(1);
	}
}

static void note_answer(struct client *c, const char *answer)
{
	if (ntimes < TIMES_MAX)
		times[ntimes++] = (float)(now() - c->asked);
	faults += strstr(answer, "\"error\"") != NULL;
	if (once)
		answers[c->question] = strdup(answer);
	c->asked = 0;
}

/* The next question for a client; false when there is none left. */
static bool go_on(struct client *c, double end)
{
	if (once ? next_line >= nlines : now() >= end)
		return false;
	ask(c, next_line % nlines);
	next_line++;
	return true;
}

static void run(double end)
{
	size_t busy = 0;

	for (size_t i = 0; i < nclients; i++)
		busy += go_on(&clients[i], end);
	while (busy) {
		if (poll(fds, nclients, 10000) <= 0)
			give_up("no answer in ten seconds");
		for (size_t i = 0; i < nclients; i++) {
			char *answer = fds[i].revents ? answer_of(&clients[i]) : NULL;

			if (!answer)
				continue;
			note_answer(&clients[i], answer);
			busy -= !go_on(&clients[i], end);
		}
	}
}

static int by_time(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const char *staff[STAFF_MAX];
	size_t nstaff = 0;
	double seconds, start;

	if (argc != 6) {
		fprintf(stderr, "usage: load SOCKET STAFF,STAFF… CONNECTIONS SECONDS FILE\n");
		return 2;
	}
	for (char *name = strtok_r(argv[2], ",", &argv[2]); name && nstaff < STAFF_MAX; name = strtok_r(NULL, ",", &argv[2]))
		staff[nstaff++] = name;
	nclients = (size_t)strtoul(argv[3], NULL, 10);
	seconds = strtod(argv[4], NULL);
	once = seconds <= 0;
	read_lines(argv[5]);
	clients = calloc(nclients, sizeof(*clients));
	fds = calloc(nclients, sizeof(*fds));
	times = malloc(TIMES_MAX * sizeof(*times));
	for (size_t i = 0; i < nclients; i++) {
		open_client(&clients[i], argv[1], staff[i % nstaff], i);
		fds[i] = (struct pollfd){ .fd = clients[i].fd, .events = POLLIN };
	}
	start = now();
	run(start + seconds);
	seconds = now() - start;
	qsort(times, ntimes, sizeof(*times), by_time);
	fprintf(stderr, "%.0f %.3f %.3f %zu\n", (double)ntimes / seconds, ntimes ? (double)times[ntimes / 2] * 1e3 : 0,
		ntimes ? (double)times[ntimes * 99 / 100] * 1e3 : 0, faults);
	for (size_t i = 0; once && i < nlines; i++)
		fputs(answers[i] ? answers[i] : "\n", stdout);
	return 0;
}
