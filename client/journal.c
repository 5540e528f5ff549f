/*
 * journal.c - see journal.h.
 *
 * First line: `lodge-journal 1 COUNTER TAG MAC`, the end of what was taken; then `COUNTER TAG TEXT` a record, where TAG
 * is HMAC-SHA256 of the tag before, the counter and the text. Not for: encryption; the file holds what the guard may
 * see, and is his terminal's alone. Trap: order is everything. The record is written and synced before it counts, and
 * a new file is synced before it takes the old one's name.
 */
#include "client/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "client/disk.h"

enum { TAG_BYTES = JOURNAL_TAG_HEX / 2, PREFIX_MAX = 20 + 1 + JOURNAL_TAG_HEX + 1, LINE_MAX_BYTES = PREFIX_MAX + JOURNAL_RECORD_MAX + 1 };

/* A record in the file, and the tag in front of it. */
struct place {
	off_t at;
	char before[JOURNAL_TAG_HEX + 1];
};

struct journal {
	int fd;
	char *path;
	unsigned char key[JOURNAL_KEY_BYTES];
	uint64_t counter;                  /* of the last record written */
	char tag[JOURNAL_TAG_HEX + 1];     /* its tag */
	struct place first, next;          /* the first waiting record; the one that journal_next gives */
	off_t end;                         /* of the whole records */
	size_t waiting;
	bool is_torn;                      /* behind the end may stand what the disk refused */
	bool is_unnamed;                   /* the folder may not know the new file yet */
	char line[LINE_MAX_BYTES + 1];
};

static void hex(char *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The tag of what follows `before`. */
static bool make_tag(const struct journal *j, const char *before, uint64_t counter, const char *text, char out[JOURNAL_TAG_HEX + 1])
{
	unsigned char tag[EVP_MAX_MD_SIZE];
	char *all = malloc(PREFIX_MAX + strlen(text) + 2);
	unsigned int n = 0;
	bool made;

	if (all == NULL)
		return false;
	snprintf(all, PREFIX_MAX + strlen(text) + 2, "%s %llu %s", before, (unsigned long long)counter, text);
	made = HMAC(EVP_sha256(), j->key, JOURNAL_KEY_BYTES, (unsigned char *)all, strlen(all), tag, &n) != NULL && n == TAG_BYTES;
	free(all);
	if (made)
		hex(out, tag, TAG_BYTES);
	return made;
}

static bool same_tag(const char *a, const char *b)
{
	return CRYPTO_memcmp(a, b, JOURNAL_TAG_HEX) == 0;
}

static enum err write_all(int fd, const char *bytes, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, bytes, n, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return ERR_DEGRADED;
		bytes += done;
		at += done;
		n -= (size_t)done;
	}
	return OK;
}

static void start_at(struct journal *j, off_t at)
{
	j->first.at = at;
	memcpy(j->first.before, j->tag, sizeof j->tag);
	j->next = j->first;
}

/* What an earlier fault of the disk has left undone: nothing is promised before that is put right. */
static enum err settle(struct journal *j)
{
	if (j->is_torn && (ftruncate(j->fd, j->end) != 0 || fsync(j->fd) != 0))
		return ERR_DEGRADED;
	j->is_torn = false;
	if (j->is_unnamed && disk_sync_folder(j->path) != OK)
		return ERR_DEGRADED;
	j->is_unnamed = false;
	return OK;
}

/* A file with nothing waiting, at the end of the chain; takes the place of the one there. */
static enum err begin(struct journal *j)
{
	char header[256], mac[JOURNAL_TAG_HEX + 1], *fresh = malloc(strlen(j->path) + 5);
	int fd = -1, n;
	bool done;

	if (fresh == NULL || !make_tag(j, j->tag, j->counter, "begin", mac)) {
		free(fresh);
		return ERR_NOMEM;
	}
	snprintf(fresh, strlen(j->path) + 5, "%s.new", j->path);
	n = snprintf(header, sizeof header, "lodge-journal 1 %llu %s %s\n", (unsigned long long)j->counter, j->tag, mac);
	fd = open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	done = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && write_all(fd, header, (size_t)n, 0) == OK && fsync(fd) == 0 && rename(fresh, j->path) == 0;
	free(fresh);
	if (!done) {
		if (fd >= 0)
			close(fd);
		return ERR_DEGRADED;
	}
	/* The old file has no name any more. A crash may bring it back until the folder is synced: what it holds is taken. */
	close(j->fd);
	j->fd = fd;
	j->end = n;
	j->waiting = 0;
	j->is_torn = false;
	j->is_unnamed = true;
	start_at(j, n);
	return OK;
}

/* Reads the line at `at` into j->line, without its line feed. OK and *len; ERR_NOT_FOUND at the end of the file;
 * ERR_PARSE when it is not whole. */
static enum err read_line(struct journal *j, off_t at, size_t *len)
{
	ssize_t n = pread(j->fd, j->line, LINE_MAX_BYTES, at);
	char *end;

	if (n < 0)
		return ERR_DEGRADED;
	if (n == 0)
		return ERR_NOT_FOUND;
	end = memchr(j->line, '\n', (size_t)n);
	if (end == NULL || memchr(j->line, '\0', (size_t)(end - j->line)) != NULL)
		return ERR_PARSE;
	*end = '\0';
	*len = (size_t)(end - j->line);
	return OK;
}

/* Takes a record's line apart; the text stays in j->line. */
static bool split(const struct journal *j, uint64_t *counter, char tag[JOURNAL_TAG_HEX + 1], const char **text)
{
	char *rest;

	if (j->line[0] < '1' || j->line[0] > '9')
		return false;
	errno = 0;
	*counter = strtoull(j->line, &rest, 10);
	if (errno != 0 || *rest != ' ' || strspn(rest + 1, "0123456789abcdef") != JOURNAL_TAG_HEX || rest[1 + JOURNAL_TAG_HEX] != ' ')
		return false;
	memcpy(tag, rest + 1, JOURNAL_TAG_HEX);
	tag[JOURNAL_TAG_HEX] = '\0';
	*text = rest + JOURNAL_TAG_HEX + 2;
	return true;
}

static bool read_header(struct journal *j, size_t len)
{
	char tag[JOURNAL_TAG_HEX + 1], mac[JOURNAL_TAG_HEX + 1], right[JOURNAL_TAG_HEX + 1];
	unsigned long long counter = 0;
	int end = 0;

	if (sscanf(j->line, "lodge-journal 1 %19llu %64[0-9a-f] %64[0-9a-f]%n", &counter, tag, mac, &end) != 3 || (size_t)end != len ||
	    strlen(tag) != JOURNAL_TAG_HEX || strlen(mac) != JOURNAL_TAG_HEX)
		return false;
	if (!make_tag(j, tag, counter, "begin", right) || !same_tag(right, mac))
		return false;
	j->counter = counter;
	memcpy(j->tag, tag, sizeof j->tag);
	return true;
}

/* Whether anything whole stands behind a line that is not: then it was altered, not torn. */
static bool is_last(struct journal *j, off_t at)
{
	ssize_t n = pread(j->fd, j->line, LINE_MAX_BYTES, at);
	const char *end = n > 0 ? memchr(j->line, '\n', (size_t)n) : NULL;

	if (end == NULL)
		return true;
	for (const char *s = end + 1; s < j->line + n; s++)
		if (*s != '\0')
			return false;
	/* A whole line with zeros in it: the disk kept the length and not the bytes. */
	return memchr(j->line, '\0', (size_t)(end - j->line)) != NULL;
}

/* Follows the chain to its end. */
static enum err walk(struct journal *j, struct journal_found *found)
{
	for (;;) {
		char tag[JOURNAL_TAG_HEX + 1], right[JOURNAL_TAG_HEX + 1];
		const char *text;
		uint64_t counter = 0;
		size_t len = 0;
		enum err err = read_line(j, j->end, &len);

		if (err == ERR_NOT_FOUND || err == ERR_DEGRADED)
			return err == ERR_NOT_FOUND ? OK : err;
		if (err == ERR_PARSE && is_last(j, j->end)) {
			found->torn = true;
			return ftruncate(j->fd, j->end) == 0 && fsync(j->fd) == 0 ? OK : ERR_DEGRADED;
		}
		if (err != OK || !split(j, &counter, tag, &text) || counter != j->counter + 1 ||
		    !make_tag(j, j->tag, counter, text, right) || !same_tag(right, tag)) {
			found->broken_at = j->counter + 1;
			return ERR_INVALID;
		}
		j->counter = counter;
		memcpy(j->tag, tag, sizeof j->tag);
		j->end += (off_t)len + 1;
		j->waiting++;
	}
}

static enum err load(struct journal *j, struct journal_found *found)
{
	size_t len = 0;
	enum err err = read_line(j, 0, &len);

	if (err == ERR_NOT_FOUND) {
		memset(j->tag, '0', JOURNAL_TAG_HEX);
		return begin(j);
	}
	if (err == ERR_DEGRADED)
		return err;
	if (err != OK || !read_header(j, len)) {
		found->broken_at = 1;
		return ERR_INVALID;
	}
	j->end = (off_t)len + 1;
	start_at(j, j->end);
	err = walk(j, found);
	found->waiting = j->waiting;
	return err;
}

/* Locked, and still the file of that name: another process may have begun a new one between our opening and our lock. */
static enum err lock(const struct journal *j)
{
	struct stat mine, named;

	if (flock(j->fd, LOCK_EX | LOCK_NB) != 0 || fstat(j->fd, &mine) != 0 || stat(j->path, &named) != 0)
		return ERR_LOCKED;
	return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev ? OK : ERR_LOCKED;
}

enum err journal_open(struct journal **out, const char *path, const unsigned char key[JOURNAL_KEY_BYTES], struct journal_found *found)
{
	struct journal *j = calloc(1, sizeof *j);
	enum err err = ERR_DEGRADED;

	*found = (struct journal_found){0};
	if (j == NULL)
		return ERR_NOMEM;
	memcpy(j->key, key, JOURNAL_KEY_BYTES);
	j->path = strdup(path);
	j->fd = j->path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	if (j->fd >= 0)
		err = lock(j);
	if (err == OK)
		err = load(j, found);
	if (err != OK) {
		journal_close(j);
		return err;
	}
	*out = j;
	return OK;
}

void journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	if (j->fd >= 0)
		close(j->fd);
	free(j->path);
	OPENSSL_cleanse(j, sizeof *j);
	free(j);
}

enum err journal_add(struct journal *j, const char *text)
{
	char tag[JOURNAL_TAG_HEX + 1];
	int n;

	if (strlen(text) > JOURNAL_RECORD_MAX || strchr(text, '\n') != NULL || j->waiting >= JOURNAL_RECORDS_MAX ||
	    j->end + LINE_MAX_BYTES > JOURNAL_BYTES_MAX)
		return ERR_TOO_BIG;
	if (settle(j) != OK)
		return ERR_DEGRADED;
	if (!make_tag(j, j->tag, j->counter + 1, text, tag))
		return ERR_NOMEM;
	n = snprintf(j->line, sizeof j->line, "%llu %s %s\n", (unsigned long long)(j->counter + 1), tag, text);
	if (write_all(j->fd, j->line, (size_t)n, j->end) != OK || fdatasync(j->fd) != 0) {
		j->is_torn = true;
		(void)settle(j);
		return ERR_DEGRADED;
	}
	j->end += n;
	j->counter++;
	j->waiting++;
	memcpy(j->tag, tag, sizeof j->tag);
	return OK;
}

enum err journal_start(struct journal *j, uint64_t counter, const char *tag)
{
	if (j->waiting > 0 || strlen(tag) != JOURNAL_TAG_HEX || strspn(tag, "0123456789abcdef") != JOURNAL_TAG_HEX)
		return ERR_REFUSED;
	if (counter == j->counter && same_tag(tag, j->tag))
		return OK;
	j->counter = counter;
	memcpy(j->tag, tag, sizeof j->tag);
	return begin(j);
}

size_t journal_waiting(const struct journal *j)
{
	return j->waiting;
}

/* Reads the record at this place and moves the place behind it. */
static enum err read_record(struct journal *j, struct place *place, struct journal_record *record)
{
	size_t len = 0;

	if (read_line(j, place->at, &len) != OK || !split(j, &record->counter, record->tag, &record->text))
		return ERR_DEGRADED;
	memcpy(record->before, place->before, sizeof record->before);
	memcpy(place->before, record->tag, sizeof place->before);
	place->at += (off_t)len + 1;
	return OK;
}

enum err journal_next(struct journal *j, struct journal_record *record)
{
	return j->next.at < j->end ? read_record(j, &j->next, record) : ERR_NOT_FOUND;
}

void journal_again(struct journal *j)
{
	j->next = j->first;
}

uint64_t journal_counter(const struct journal *j)
{
	return j->counter;
}

enum err journal_each(struct journal *j, void (*tell)(void *ctx, uint64_t counter, const char *text), void *ctx)
{
	char tag[JOURNAL_TAG_HEX + 1];
	const char *text;
	uint64_t counter = 0;
	size_t len = 0;

	for (off_t at = j->first.at; at < j->end; at += (off_t)len + 1) {
		if (read_line(j, at, &len) != OK || !split(j, &counter, tag, &text))
			return ERR_DEGRADED;
		tell(ctx, counter, text);
	}
	return OK;
}

enum err journal_taken(struct journal *j)
{
	struct journal_record record;
	struct place behind = j->first;
	enum err err;

	if (j->waiting == 0)
		return ERR_NOT_FOUND;
	if (j->waiting == 1)
		return begin(j);
	err = read_record(j, &behind, &record);
	if (err != OK)
		return err;
	if (j->next.at <= j->first.at)
		j->next = behind;
	j->first = behind;
	j->waiting--;
	return OK;
}
