/*
 * driver.c - runs a libFuzzer target without libFuzzer: for builds by gcc.
 *
 * usage: fuzz_NAME [-max_total_time=SECONDS] [-anything] FILE-OR-FOLDER...
 * Feeds every seed as it is, then alterations of the seeds until the time is over, always the same
 * ones. Not for finding deep faults: that is clang's fuzzer with coverage.
 * Trap: the target gets a copy of exactly the length it is told, so that AddressSanitizer sees a
 * read behind its end.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { SEEDS = 4096, BYTES = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct seed {
	uint8_t *data;
	size_t size;
} seeds[SEEDS];
static size_t nseeds;
static uint64_t state = 0x9e3779b97f4a7c15;

static size_t random_below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return n == 0 ? 0 : (size_t)(state % n);
}

static void feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		exit(2);
	if (size > 0)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void seed_read(const char *path)
{
	static uint8_t bytes[BYTES];
	FILE *file = fopen(path, "rb");
	if (file == NULL || nseeds == SEEDS) {
		fprintf(stderr, "cannot read %s\n", path);
		exit(2);
	}
	struct seed *seed = &seeds[nseeds++];
	seed->size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	seed->data = malloc(seed->size > 0 ? seed->size : 1);
	if (seed->data == NULL)
		exit(2);
	memcpy(seed->data, bytes, seed->size);
}

static void seeds_read(const char *path)
{
	struct stat st;
	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		seed_read(path);
		return;
	}
	struct dirent **names = NULL;
	int n = scandir(path, &names, NULL, alphasort);
	if (n < 0) {
		fprintf(stderr, "cannot read %s\n", path);
		exit(2);
	}
	for (int i = 0; i < n; i++) {
		char file[4096];
		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			seed_read(file);
		free(names[i]);
	}
	free(names);
}

/* A seed with up to eight bytes changed, doubled or taken out, or two seeds joined. */
static void feed_altered(void)
{
	static uint8_t bytes[2 * BYTES];
	const struct seed *seed = &seeds[random_below(nseeds)];
	size_t size = seed->size;
	memcpy(bytes, seed->data, size);
	if (random_below(8) == 0) {
		const struct seed *other = &seeds[random_below(nseeds)];
		size_t at = random_below(size + 1);
		memcpy(bytes + at, other->data, other->size);
		size = at + other->size;
	}
	for (size_t i = random_below(8) + 1; i > 0 && size > 0; i--) {
		size_t at = random_below(size), n = random_below(size - at) % 16 + 1;
		switch (random_below(4)) {
		case 0:
			bytes[at] = (uint8_t)random_below(256);
			break;
		case 1:
			bytes[at] ^= (uint8_t)(1u << random_below(8));
			break;
		case 2:
			if (at + n > size)
				break;
			memmove(bytes + at, bytes + at + n, size - at - n);
			size -= n;
			break;
		case 3:
			if (at + n > size || size + n > sizeof(bytes))
				break;
			memmove(bytes + at + n, bytes + at, size - at);
			size += n;
			break;
		}
	}
	feed(bytes, size);
}

int main(int argc, char **argv)
{
	static const char option[] = "-max_total_time=";
	long seconds = 0;
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], option, sizeof(option) - 1) == 0)
			seconds = strtol(argv[i] + sizeof(option) - 1, NULL, 10);
		else if (argv[i][0] != '-')
			seeds_read(argv[i]);
	}
	for (size_t i = 0; i < nseeds; i++)
		feed(seeds[i].data, seeds[i].size);
	size_t runs = 0;
	for (time_t end = time(NULL) + seconds; nseeds > 0 && time(NULL) < end; runs++)
		feed_altered();
	printf("%zu seeds, %zu alterations\n", nseeds, runs);
	for (size_t i = 0; i < nseeds; i++)
		free(seeds[i].data);
	return 0;
}
