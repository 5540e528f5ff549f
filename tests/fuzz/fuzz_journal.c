/*
 * fuzz_journal.c - any bytes as a terminal's journal.
 * Exercises: client/journal.c. What must hold: no crash and an end; a file that is let in holds exactly the records it says,
 * in order, none with a line feed; it takes one more and gives all of them back after it was closed; what is refused is told.
 * Trap: without the right tags nothing gets past the header, so the corpus was written with the key below.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const unsigned char key[JOURNAL_KEY_BYTES] = "a key of thirty-two bytes, or so";
static char path[64];

static void put_file(const uint8_t *data, size_t size)
{
	int fd;

	if (path[0] == '\0')
		snprintf(path, sizeof path, "%s/lodge-fuzz-journal.%d", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

/* Takes everything; how many there were. */
static size_t take_all(struct journal *j)
{
	struct journal_record record;
	uint64_t counter = 0;
	size_t n = 0;

	while (journal_waiting(j) > 0) {
		assert(journal_next(j, &record) == OK);
		assert(record.counter > counter && strchr(record.text, '\n') == NULL && strlen(record.tag) == JOURNAL_TAG_HEX);
		counter = record.counter;
		assert(journal_taken(j) == OK);
		n++;
	}
	assert(journal_next(j, &record) == ERR_NOT_FOUND);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal *j = NULL;
	struct journal_found found;
	size_t waiting;
	enum err err;

	put_file(data, size);
	err = journal_open(&j, path, key, &found);
	if (err != OK) {
		assert(err == ERR_INVALID && found.broken_at > 0);
		unlink(path);
		return 0;
	}
	waiting = journal_waiting(j);
	assert(waiting == found.waiting && journal_add(j, "{\"one\":\"more\"}") == OK);
	journal_close(j);
	assert(journal_open(&j, path, key, &found) == OK && !found.torn && found.waiting == waiting + 1);
	assert(take_all(j) == waiting + 1);
	journal_close(j);
	unlink(path);
	return 0;
}
