/*
 * wire.c - a blocking line connection with time limits, for the flow tests only.
 *
 * Not for: TLS; the tests speak to the Unix socket. Trap: after a refused write there may still
 * be an answer to read, so a failed send does not close.
 */
#include "tests/flow/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

struct bytes {
	char *data;
	size_t len, cap;
};

struct wire {
	int fd;
	bool eof;
	struct bytes in;   /* received, not yet handed out from .taken on */
	size_t taken;
	struct bytes line; /* the line last handed out */
	struct bytes seen;
};

static void bytes_add(struct bytes *b, const char *p, size_t n)
{
	if (b->len + n + 1 > b->cap) {
		b->cap = (b->len + n + 1) * 2;
		b->data = realloc(b->data, b->cap);
		if (b->data == NULL)
			abort();
	}
	memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct wire *wire_open(const char *server, char *why, size_t n)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct wire *w;

	if (server == NULL || strncmp(server, "unix:", 5) != 0 ||
	    strlen(server + 5) >= sizeof(to.sun_path)) {
		snprintf(why, n, "LODGE_SERVER is %s; the flow tests want unix:PATH",
		    server != NULL ? server : "not set");
		return NULL;
	}
	memcpy(to.sun_path, server + 5, strlen(server + 5) + 1);
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		abort();
	w->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (w->fd < 0 || connect(w->fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		snprintf(why, n, "no connection to %s: %s", server, strerror(errno));
		wire_close(w);
		return NULL;
	}
	return w;
}

void wire_close(struct wire *w)
{
	if (w == NULL)
		return;
	if (w->fd >= 0)
		close(w->fd);
	free(w->in.data);
	free(w->line.data);
	free(w->seen.data);
	free(w);
}

bool wire_send(struct wire *w, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(w->fd, bytes, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* Reads what there is, waiting at most until the moment given. False when nothing more came. */
static bool wire_fill(struct wire *w, long long until)
{
	static char chunk[CHUNK];
	struct pollfd p = { .fd = w->fd, .events = POLLIN };
	long long left = until - now_ms();
	ssize_t got;

	if (w->eof || poll(&p, 1, left > 0 ? (int)left : 0) <= 0)
		return false;
	got = recv(w->fd, chunk, sizeof(chunk), 0);
	if (got < 0 && errno == EINTR)
		return true;
	if (got <= 0) {
		w->eof = true;
		return false;
	}
	bytes_add(&w->in, chunk, (size_t)got);
	bytes_add(&w->seen, chunk, (size_t)got);
	return true;
}

const char *wire_line(struct wire *w, int timeout_ms, size_t *len)
{
	long long until = now_ms() + timeout_ms;

	for (;;) {
		char *start = w->in.data != NULL ? w->in.data + w->taken : NULL;
		char *end = start != NULL ? memchr(start, '\n', w->in.len - w->taken) : NULL;

		if (end != NULL) {
			w->line.len = 0;
			bytes_add(&w->line, start, (size_t)(end - start));
			w->taken += (size_t)(end - start) + 1;
			if (w->taken == w->in.len)
				w->taken = w->in.len = 0;
			*len = w->line.len;
			return w->line.data;
		}
		if (!wire_fill(w, until))
			return NULL;
	}
}

bool wire_is_closed(struct wire *w, int timeout_ms)
{
	long long until = now_ms() + timeout_ms;

	do
		wire_fill(w, until);
	while (!w->eof && now_ms() < until);
	return w->eof && memchr(w->in.data != NULL ? w->in.data + w->taken : "", '\n',
	    w->in.len - w->taken) == NULL;
}

const char *wire_seen(const struct wire *w, size_t *len)
{
	*len = w->seen.len;
	return w->seen.data != NULL ? w->seen.data : "";
}

void wire_forget(struct wire *w)
{
	w->seen.len = 0;
}
