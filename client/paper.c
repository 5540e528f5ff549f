/*
 * paper.c - see paper.h: the file before the operation, the pieces after it.
 *
 * Not for: what is on the paper. Trap: the file is made new and for its owner alone, and goes again
 * when the paper does not come whole; half a list must not lie about.
 */
#include "client/paper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/value.h"
#include "common/base64.h"
#include "common/i18n.h"

enum { PIECE_BYTES = 2 * 1024 * 1024, WAIT_MS = 200, TRIES = 300 };

struct paper_file {
	const char *path;
	int fd;
};

bool paper_create(const char *path, struct paper_file **out)
{
	struct paper_file *f = calloc(1, sizeof(*f));
	int fd = f != NULL ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;

	if (fd < 0) {
		fprintf(stderr, "lodge: %s %s: %s\n", tr("This file cannot be made:"), path, strerror(errno));
		free(f);
		return false;
	}
	f->path = path;
	f->fd = fd;
	*out = f;
	return true;
}

bool paper_close(struct paper_file *f, bool keep)
{
	bool fine = f == NULL || (fsync(f->fd) == 0 && close(f->fd) == 0);

	if (f != NULL && (!keep || !fine))
		unlink(f->path);
	free(f);
	return fine;
}

static bool write_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno != EINTR)
			return false;
		data += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return true;
}

static bool write_piece(struct paper_file *f, const char *text)
{
	struct buf bytes;
	bool fine;

	buf_init(&bytes, PIECE_BYTES);
	fine = base64_take(&bytes, text, strlen(text)) == OK && write_all(f->fd, bytes.data, bytes.len);
	buf_done(&bytes);
	return fine;
}

static bool is_busy(const struct node *error)
{
	const char *code = node_str(node_get(node_get(error, "data"), "code"));

	return code != NULL && strcmp(code, "busy") == 0;
}

bool paper_fetch(struct cli *c, const struct book *book, int64_t id, struct paper_file *f, struct cli_answer *answer)
{
	char method[96], params[96];
	long long from = 0;

	snprintf(method, sizeof method, "%s.export", book->name);
	for (int tries = 0; tries < TRIES; tries++) {
		const struct node *next;
		const char *text;

		snprintf(params, sizeof params, "{\"id\":%lld,\"from\":%lld}", (long long)id, from);
		if (!cli_ask(c, method, params, answer) || (answer->error != NULL && !is_busy(answer->error)))
			return false;
		text = node_str(node_get(answer->result, "pdf"));
		next = node_get(answer->result, "next");
		if (text == NULL) {
			poll(NULL, 0, WAIT_MS);
			continue;
		}
		if (!write_piece(f, text))
			return false;
		if (next == NULL || next->type != NODE_INT)
			return true;
		from = next->i;
		tries = 0;
	}
	return false;
}
