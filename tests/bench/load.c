/*
 * load.c - asks a server the lines "METHOD JSON" of a file over many connections, one question
 * under way on each, and says how fast the answers came.
 *
 *   lodge-load SOCKET STAFF CONNECTIONS SECONDS FILE
 * SECONDS 0: each line once, answers to standard output in the order of the questions; otherwise the
 * lines go round until the time is over; an empty file only holds the connections for that time.
 * "$op_id" becomes a fresh one. Standard error gets: answers a second; median, 99th percentile and
 * longest in milliseconds; faults. Signing in is not measured: one person signs in once, the other
 * connections join as windows of the same terminal.
 * Not for: judging answers. Trap: it shares the machine with what it measures, so it does little.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 20, TIMES_MAX = 4 * 1000 * 1000, UUID_LEN = 36, EVENTS_MAX = 64 };

struct question {
	char *text;   /* the whole request line */
	size_t len;
	char *op_id;  /* where in it, or NULL */
	char *answer; /* kept when every line is asked once */
};

struct client {
	int fd;
	double asked;
	struct question *question;
	char *in;
	size_t len;
};

static struct client *clients;
static struct question *questions;
static size_t nclients, nquestions, next_question, ntimes, faults;
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
	fprintf(stderr, "lodge-load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void add_question(const char *line)
{
	const char *space = strchr(line, ' '), *mark = space ? strstr(space, "$op_id") : NULL;
	struct question q = {NULL, 0, NULL, NULL};
	int n;

	if (!space)
		give_up("a line without JSON");
	n = asprintf(&q.text, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%.*s\",\"params\":%.*s%s%s}\n", (int)(space - line), line,
		mark ? (int)(mark - space) : (int)strlen(space), space, mark ? "00000000-0000-4000-8000-000000000000" : "",
		mark ? mark + strlen("$op_id") : "");
	if (n < 0)
		give_up("memory");
	q.len = (size_t)n;
	q.op_id = mark ? strstr(q.text, "00000000-0000-4000") : NULL;
	questions = realloc(questions, (nquestions + 1) * sizeof(*questions));
	questions[nquestions++] = q;
}

static void read_questions(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!file)
		give_up(path);
	while ((n = getline(&line, &cap, file)) > 0) {
		line[n - 1] = line[n - 1] == '\n' ? '\0' : line[n - 1];
		add_question(line);
	}
	free(line);
	fclose(file);
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

static void fresh_uuid(char *out)
{
	static unsigned char pool[16 * 64];
	static size_t used = sizeof(pool);
	char text[UUID_LEN + 1];
	unsigned char *b;

	if (used == sizeof(pool)) {
		if (getrandom(pool, sizeof(pool), 0) != (ssize_t)sizeof(pool))
			give_up("random");
		used = 0;
	}
	b = pool + used;
	used += 16;
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(text, sizeof(text), "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
		b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	memcpy(out, text, UUID_LEN);
}

/* One whole line of this client, or NULL; the text stays until the next call for it. */
static char *answer_of(struct client *c)
{
	ssize_t n = read(c->fd, c->in + c->len, ANSWER_MAX - 1 - c->len);

	if (n <= 0)
		give_up("the server hung up");
	c->len += (size_t)n;
	if (c->in[c->len - 1] != '\n')
		return NULL;
	c->in[c->len] = '\0';
	c->len = 0;
	return c->in;
}

static char *say(struct client *c, const char *text)
{
	char *answer = NULL;

	send_all(c->fd, text, strlen(text));
	while (!answer)
		answer = answer_of(c);
	if (!strstr(answer, "\"result\"")) {
		fprintf(stderr, "lodge-load: %s", answer);
		exit(1);
	}
	return answer;
}

/* Signs in, or joins the session of the first connection, whose token is kept. */
static void open_client(struct client *c, const char *path, const char *staff)
{
	static char token[65];
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *password = getenv("LODGE_PASSWORD"), *at;
	char line[512];

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->in = malloc(ANSWER_MAX);
	if (c->fd < 0 || !c->in || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		give_up(path);
	if (token[0] != '\0') {
		snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"hello\",\"params\":{\"token\":\"%s\",\"terminal\":\"bench\"}}\n", token);
		say(c, line);
		return;
	}
	snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"sign_in\",\"params\":{\"staff\":\"%s\",\"password\":\"%s\","
		"\"terminal\":\"bench\"}}\n", staff, password ? password : "lodge-demo");
	at = strstr(say(c, line), "\"token\":\"");
	if (!at)
		give_up("no token");
	snprintf(token, sizeof(token), "%.64s", at + strlen("\"token\":\""));
}

/* Asks the next question; false when there is none left. */
static bool go_on(struct client *c, double end)
{
	double t = now();

	if (once ? next_question >= nquestions : t >= end)
		return false;
	c->question = &questions[next_question++ % nquestions];
	if (c->question->op_id)
		fresh_uuid(c->question->op_id);
	c->asked = t;
	send_all(c->fd, c->question->text, c->question->len);
	return true;
}

static void note_answer(struct client *c, const char *answer)
{
	if (ntimes < TIMES_MAX)
		times[ntimes++] = (float)(now() - c->asked);
	faults += strncmp(answer + strlen("{\"jsonrpc\":\"2.0\",\"id\":1,\""), "error", 5) == 0;
	if (once)
		c->question->answer = strdup(answer);
}

static void run(int ep, double end)
{
	struct epoll_event events[EVENTS_MAX];
	size_t busy = 0;

	for (size_t i = 0; i < nclients; i++)
		busy += go_on(&clients[i], end);
	while (busy) {
		int n = epoll_wait(ep, events, EVENTS_MAX, 15000);

		if (n <= 0)
			give_up("no answer in fifteen seconds");
		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;
			char *answer = answer_of(c);

			if (!answer)
				continue;
			note_answer(c, answer);
			busy -= !go_on(c, end);
		}
	}
}

static int by_time(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void print_figures(double seconds)
{
	qsort(times, ntimes, sizeof(*times), by_time);
	fprintf(stderr, "%.1f %.3f %.3f %.3f %zu\n", (double)ntimes / seconds, ntimes ? (double)times[ntimes / 2] * 1e3 : 0,
		ntimes ? (double)times[ntimes * 99 / 100] * 1e3 : 0, ntimes ? (double)times[ntimes - 1] * 1e3 : 0, faults);
	for (size_t i = 0; once && i < nquestions; i++)
		fputs(questions[i].answer ? questions[i].answer : "\n", stdout);
}

int main(int argc, char **argv)
{
	int ep = epoll_create1(EPOLL_CLOEXEC);
	double seconds, start;

	if (argc != 6 || ep < 0) {
		fprintf(stderr, "usage: lodge-load SOCKET STAFF CONNECTIONS SECONDS FILE\n");
		return 2;
	}
	nclients = (size_t)strtoul(argv[3], NULL, 10);
	seconds = strtod(argv[4], NULL);
	once = seconds <= 0;
	read_questions(argv[5]);
	clients = calloc(nclients, sizeof(*clients));
	times = malloc(TIMES_MAX * sizeof(*times));
	for (size_t i = 0; i < nclients; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &clients[i] };

		open_client(&clients[i], argv[1], argv[2]);
		if (epoll_ctl(ep, EPOLL_CTL_ADD, clients[i].fd, &event) != 0)
			give_up("epoll");
	}
	if (nquestions == 0) {
		puts("idle");
		fflush(stdout);
		usleep((useconds_t)(seconds * 1e6));
		return 0;
	}
	start = now();
	run(ep, start + seconds);
	print_figures(now() - start);
	return 0;
}
