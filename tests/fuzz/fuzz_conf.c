/*
 * fuzz_conf.c - any bytes as a configuration file with settings and rows.
 * Exercises: common/conf.c, conf_scan.c, conf_value.c, libconfig. What must hold: no crash; a
 * refused file says why and where; an accepted one keeps its ranges. Trap: libconfig's scanner
 * itself loses a string when a text ends inside it; that leak is not ours and not reported.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig\n";
}

static char path[] = "/tmp/lodge_fuzz_XXXXXX";
static int64_t port;
static bool debug;
static char *name;
static struct conf_words hosts;
static const char *const acts[] = { "borrow", "consult", NULL };
static const struct conf_key keys[] = {
	{ .path = "server.port", .type = CONF_INT, .min = 1, .max = 65535, .def = "1", .out = &port },
	{ .path = "server.debug", .type = CONF_BOOL, .def = "false", .out = &debug },
	{ .path = "name", .type = CONF_STRING, .max = 10, .def = "", .out = &name },
	{ .path = "hosts", .type = CONF_WORDS, .def = "", .out = &hosts },
};
static const struct conf_column columns[] = {
	{ .name = "act", .type = CONF_WORD, .choices = acts },
	{ .name = "days", .type = CONF_INT, .min = 0, .max = 30, .def = "1" },
	{ .name = "who", .type = CONF_WORDS, .def = "" },
};

static enum err on_row(void *ctx, const struct conf_place *place, const struct conf_cell *cells)
{
	(void)ctx;
	assert(place->line > 0);
	assert(strcmp(cells[0].text, "borrow") == 0 || strcmp(cells[0].text, "consult") == 0);
	assert(cells[1].number >= 0 && cells[1].number <= 30);
	assert(cells[2].words->n <= CONF_WORDS_MAX);
	return OK;
}

static void remove_file(void)
{
	unlink(path);
}

static int open_file(void)
{
	static int fd = -1;
	if (fd < 0) {
		fd = mkstemp(path);
		assert(fd >= 0);
		atexit(remove_file);
	}
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct conf_table loan = { .path = "loan", .columns = columns, .ncolumns = NITEMS(columns),
		.optional = true, .row = on_row };
	struct buf errors;
	int fd = open_file();
	buf_init(&errors, 1 << 20);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		return 0;
	enum err err = conf_rows(path, keys, NITEMS(keys), &loan, 1, &errors);
	assert((err == OK) == (errors.len == 0));
	assert(err == OK || strncmp(errors.data, path, strlen(path)) == 0);
	if (err == OK)
		assert(port >= 1 && port <= 65535 && strlen(name) <= 40);
	conf_free(keys, NITEMS(keys));
	buf_done(&errors);
	return 0;
}
