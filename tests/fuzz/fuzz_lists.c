/*
 * fuzz_lists.c - any bytes as a gate's lists on the disk: as the file, and as what lies sealed in it.
 * Exercises: client/keep_file.c, sealed.c, disk.c. What must hold: no crash and an end; a file that was not sealed with the key
 * is refused; a text is told wholly or not at all, and what is told can be written and told again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/disk.h"
#include "client/keep_file.h"
#include "common/book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const unsigned char key[JOURNAL_KEY_BYTES] = "a key of thirty-two bytes, or so";
static char path[64];

struct again {
	struct buf text;
	size_t rows;
};

static void tell(void *ctx, const char *book, const struct node *row)
{
	struct again *a = ctx;
	struct buf line;

	assert(book_find(book) != NULL && node_get(row, "id")->i > 0 && node_get(row, "version")->i > 0);
	buf_init(&line, 1 << 20);
	node_write(&line, row);
	assert(!line.failed && strchr(line.data, '\n') == NULL);
	keep_file_row(&a->text, book, line.data);
	buf_done(&line);
	a->rows++;
}

static void parse(const char *text, size_t len)
{
	struct keep_head h, same;
	struct keep_clock now = {.boot = "x", .up = 1, .wall = 1};
	struct again a = {.rows = 0};
	size_t rows;

	if (keep_file_parse(&h, text, len, NULL, NULL) != OK)
		return;
	buf_init(&a.text, 4 << 20);
	keep_file_begin(&a.text, &h);
	assert(keep_file_parse(&h, text, len, tell, &a) == OK);
	keep_file_end(&a.text, a.rows);
	rows = a.rows;
	a.rows = 0;
	assert(!a.text.failed && keep_file_parse(&same, a.text.data, a.text.len, NULL, NULL) == OK);
	assert(strcmp(same.staff, h.staff) == 0 && same.through == h.through && same.as_of == h.as_of);
	assert(rows == 0 || a.text.len > 0);
	(void)!keep_file_judge(&h, "w011", "gate", keep_file_now(&h, &now));
	buf_done(&a.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = NULL;
	size_t len = 0;
	enum err err;

	if (path[0] == '\0')
		snprintf(path, sizeof path, "%s/lodge-fuzz-lists.%d", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
	err = disk_replace(path, data, size);
	assert(err == OK);
	err = keep_file_read(path, key, "w011", &text, &len);
	assert(err == OK || err == ERR_INVALID);
	if (err == OK)
		parse(text, len);
	free(text);
	text = NULL;
	err = keep_file_write(path, key, "w011", (const char *)data, size);
	assert(err == OK);
	err = keep_file_read(path, key, "w011", &text, &len);
	assert(err == OK && len == size && memcmp(text, data, size) == 0);
	parse(text, len);
	free(text);
	unlink(path);
	return 0;
}
