/*
 * fuzz_signins.c - any bytes as the file of who may sign in at a gate without the server.
 * Exercises: client/signins.c. What must hold: no crash and an end; what is let in is written and read again as it was.
 * Trap: no password is tried here, argon2id would leave time for nothing else; unit/keep_file does.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/signins.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct signins all, same;
	static char path[64];
	enum err err;

	if (path[0] == '\0')
		snprintf(path, sizeof path, "%s/lodge-fuzz-signins.%d", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
	err = signins_parse(&all, (const char *)data, size);
	if (err != OK) {
		assert(err == ERR_INVALID && all.n == 0);
		return 0;
	}
	err = signins_write(&all, path);
	assert(err == OK);
	err = signins_read(&same, path);
	assert(err == OK && memcmp(&all, &same, sizeof all) == 0);
	unlink(path);
	return 0;
}
