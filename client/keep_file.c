/*
 * keep_file.c - see keep_file.h.
 *
 * Not for: deciding anything. Trap: a key opens a file that this program wrote, perhaps an older one; so the text is
 * read as strictly as one from a stranger.
 */
#include "client/keep_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/disk.h"
#include "client/sealed.h"
#include "common/arena.h"
#include "common/book.h"

enum { ROW_ARENA = 512 * 1024, ROW_DEPTH = 16, HEAD_DEPTH = 1 };

static const char magic[] = "lodge-lists 1\n";

/* ---- clocks ---- */

void keep_clock_read(struct keep_clock *c)
{
	struct timespec up, wall;
	char *boot = NULL;
	size_t n = 0;

	clock_gettime(CLOCK_BOOTTIME, &up);
	clock_gettime(CLOCK_REALTIME, &wall);
	*c = (struct keep_clock){.up = up.tv_sec, .wall = wall.tv_sec};
	/* A file of the kernel says that it is empty: it is read as it comes. */
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (f == NULL)
		return;
	if (getline(&boot, &n, f) > 0)
		snprintf(c->boot, sizeof c->boot, "%.*s", (int)strcspn(boot, "\n"), boot);
	free(boot);
	fclose(f);
}

int64_t keep_file_now(const struct keep_head *h, const struct keep_clock *c)
{
	bool same = h->clock.boot[0] != '\0' && strcmp(h->clock.boot, c->boot) == 0;
	int64_t passed = same ? c->up - h->clock.up : c->wall - h->clock.wall;

	return passed >= 0 ? h->saved + passed : -1;
}

enum err keep_file_judge(const struct keep_head *h, const char *staff, const char *terminal, int64_t now)
{
	if (strcmp(h->staff, staff) != 0 || strcmp(h->terminal, terminal) != 0 || strcmp(h->books, books_hash()) != 0)
		return ERR_REFUSED;
	return now < h->as_of || now - h->as_of > h->hours * 3600 ? ERR_NOT_FOUND : OK;
}

/* ---- writing ---- */

void keep_file_begin(struct buf *text, const struct keep_head *h)
{
	buf_printf(text, "{\"as_of\":%" PRId64 ",\"saved\":%" PRId64 ",\"hours\":%" PRId64 ",\"through\":%" PRIu64 ",\"up\":%" PRId64 ",\"wall\":%" PRId64,
	           h->as_of, h->saved, h->hours, h->through, h->clock.up, h->clock.wall);
	buf_json_member(text, "boot", h->clock.boot);
	buf_json_member(text, "staff", h->staff);
	buf_json_member(text, "terminal", h->terminal);
	buf_json_member(text, "books", h->books);
	buf_json_member(text, "pins", h->pins);
	buf_puts(text, "}\n");
}

void keep_file_row(struct buf *text, const char *book, const char *row)
{
	buf_printf(text, "%s ", book);
	buf_puts(text, row);
	buf_puts(text, "\n");
}

void keep_file_end(struct buf *text, size_t rows)
{
	buf_printf(text, "end %zu\n", rows);
}

/* ---- reading ---- */

static bool copy_text(char *to, size_t cap, const struct node *n)
{
	const char *text = node_str(n);

	snprintf(to, cap, "%s", text != NULL ? text : "");
	return text != NULL && strlen(text) < cap;
}

static bool copy_number(int64_t *to, const struct node *n)
{
	*to = n != NULL && n->type == NODE_INT ? n->i : -1;
	/* Sums of these stay far from where numbers end. */
	return *to >= 0 && *to < (int64_t)1 << 40;
}

static bool take_head(struct keep_head *h, struct arena *arena, const char *line, size_t len)
{
	struct node *n = NULL;
	int64_t through = 0;
	bool sound;

	*h = (struct keep_head){.as_of = 0};
	if (node_parse(arena, line, len, HEAD_DEPTH, &n) != OK)
		return false;
	sound = copy_number(&h->as_of, node_get(n, "as_of")) && copy_number(&h->saved, node_get(n, "saved")) && copy_number(&h->hours, node_get(n, "hours")) &&
		copy_number(&through, node_get(n, "through")) && copy_number(&h->clock.up, node_get(n, "up")) && copy_number(&h->clock.wall, node_get(n, "wall")) &&
		copy_text(h->clock.boot, sizeof h->clock.boot, node_get(n, "boot")) && copy_text(h->staff, sizeof h->staff, node_get(n, "staff")) &&
		copy_text(h->terminal, sizeof h->terminal, node_get(n, "terminal")) && copy_text(h->books, sizeof h->books, node_get(n, "books")) &&
		copy_text(h->pins, sizeof h->pins, node_get(n, "pins"));
	h->through = (uint64_t)through;
	return sound && h->as_of <= h->saved;
}

/* `BOOK {…}`: of a book that there is, with id and version. */
static bool take_row(struct arena *arena, const char *line, size_t len, void (*tell)(void *, const char *, const struct node *), void *ctx)
{
	const char *blank = memchr(line, ' ', len);
	struct node *row = NULL;
	char name[64];

	if (blank == NULL || (size_t)(blank - line) >= sizeof name)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(blank - line), line);
	if (book_find(name) == NULL || node_parse(arena, blank + 1, len - (size_t)(blank + 1 - line), ROW_DEPTH, &row) != OK)
		return false;
	for (const char *const *member = (const char *const[]){"id", "version", NULL}; *member != NULL; member++)
		if (node_get(row, *member) == NULL || node_get(row, *member)->type != NODE_INT || node_get(row, *member)->i <= 0)
			return false;
	if (tell != NULL)
		tell(ctx, name, row);
	return true;
}

static bool is_end(const char *line, size_t len, size_t rows)
{
	char right[32];
	int n = snprintf(right, sizeof right, "end %zu", rows);

	return len == (size_t)n && memcmp(line, right, len) == 0;
}

/* Line by line; true when the last one is the right end. */
static bool walk(struct keep_head *h, struct arena *arena, const char *text, size_t len, void (*tell)(void *, const char *, const struct node *), void *ctx)
{
	size_t rows = 0, n;

	for (const char *at = text, *end; at < text + len; at = end + 1) {
		end = memchr(at, '\n', (size_t)(text + len - at));
		if (end == NULL)
			return false;
		n = (size_t)(end - at);
		arena_reset(arena);
		if (at == text) {
			if (!take_head(h, arena, at, n))
				return false;
			continue;
		}
		if (is_end(at, n, rows))
			return end + 1 == text + len;
		if (!take_row(arena, at, n, tell, ctx))
			return false;
		rows++;
	}
	return false;
}

enum err keep_file_parse(struct keep_head *h, const char *text, size_t len, void (*tell)(void *, const char *, const struct node *), void *ctx)
{
	struct arena *arena = arena_new(ROW_ARENA);
	bool sound = arena != NULL && walk(h, arena, text, len, NULL, NULL);

	if (sound && tell != NULL)
		(void)walk(h, arena, text, len, tell, ctx);
	arena_free(arena);
	return sound ? OK : ERR_INVALID;
}

/* ---- the file ---- */

static void key_of(unsigned char out[SEALED_KEY_BYTES], const unsigned char key[JOURNAL_KEY_BYTES], const char *staff)
{
	char use[128];

	snprintf(use, sizeof use, "lists of %s", staff);
	sealed_derive(out, key, use);
}

enum err keep_file_write(const char *path, const unsigned char key[JOURNAL_KEY_BYTES], const char *staff, const char *text, size_t len)
{
	size_t head = sizeof magic - 1, n = head + len + SEALED_MORE_BYTES;
	unsigned char own[SEALED_KEY_BYTES], *all = len <= KEEP_FILE_BYTES_MAX - head - SEALED_MORE_BYTES ? malloc(n) : NULL;
	enum err err;

	if (all == NULL)
		return ERR_TOO_BIG;
	key_of(own, key, staff);
	memcpy(all, magic, head);
	sealed_close(all + head, own, magic, text, len);
	err = disk_replace(path, all, n);
	explicit_bzero(own, sizeof own);
	free(all);
	return err;
}

enum err keep_file_read(const char *path, const unsigned char key[JOURNAL_KEY_BYTES], const char *staff, char **text, size_t *len)
{
	unsigned char own[SEALED_KEY_BYTES];
	size_t head = sizeof magic - 1, n = 0;
	char *all = NULL, *open = NULL;
	enum err err = disk_read(path, KEEP_FILE_BYTES_MAX, &all, &n);

	if (err != OK)
		return err;
	key_of(own, key, staff);
	if (n >= head + SEALED_MORE_BYTES && memcmp(all, magic, head) == 0)
		open = malloc(n);
	if (open == NULL || !sealed_open((unsigned char *)open, own, magic, (unsigned char *)all + head, n - head)) {
		free(open);
		open = NULL;
	}
	explicit_bzero(own, sizeof own);
	free(all);
	if (open == NULL)
		return ERR_INVALID;
	*text = open;
	*len = n - head - SEALED_MORE_BYTES;
	return OK;
}
