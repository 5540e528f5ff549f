/*
 * fuzz_text.c - any bytes as a text: cleaned, cut, logged, and typed into every type of field.
 * Exercises: common/text.c, validate_input.c, validate.c, node.c. What must hold: what was cleaned
 * is clean and stays the same; a cut text fits; a log line is one line of clean text; what a form
 * takes, the wire takes.
 */
#include <assert.h>
#include <locale.h>
#include <string.h>

#include "common/arena.h"
#include "common/book.h"
#include "common/node.h"
#include "common/text.h"
#include "common/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void clean(struct arena *a, const char *in, size_t n, bool lines)
{
	const char *once = NULL, *twice = NULL, *why = NULL;
	if (text_clean(a, in, n, lines, &once, &why) != OK)
		return;
	enum err err = text_clean(a, once, strlen(once), lines, &twice, &why);
	assert(err == ERR_NOMEM || (err == OK && strcmp(once, twice) == 0));
}

static void cut(const char *s)
{
	char out[400];
	for (int cells = 0; cells < 20; cells++) {
		text_fit(out, sizeof(out), s, cells);
		assert(text_width(out) <= cells);
		text_fit(out, (size_t)cells, s, 80);
		assert(cells == 0 || strlen(out) < (size_t)cells);
	}
}

static void safe(const char *s)
{
	struct buf b;
	uint32_t cp = 0;
	buf_init(&b, 1 << 20);
	text_safe(&b, s);
	for (size_t i = 0, step; i < b.len; i += step) {
		step = text_decode(b.data + i, b.len - i, &cp);
		assert(step && (b.failed || !text_refuses(cp, false)));
	}
	buf_done(&b);
}

static void type_in(struct arena *a, const char *s)
{
	static const struct choice words[] = { { "in", "In" }, { "out", "Out" }, { NULL, NULL } };
	for (int type = FT_UNSET + 1; type < FT_END; type++) {
		const struct field f = { .name = "f", .type = (enum ftype)type, .level = LEVEL_OPEN,
			.max = 30, .choices = words };
		const char *text = NULL, *again = NULL, *why = NULL;
		struct node *wire = NULL;
		struct buf b;
		if (validate_input(a, &f, s, &text, &why) != OK)
			continue;
		buf_init(&b, 1 << 20);
		buf_puts(&b, "[");
		validate_wire(&b, &f, text);
		buf_puts(&b, "]");
		enum err err = node_parse(a, b.data, b.len, 3, &wire);
		assert(err == OK || err == ERR_TOO_BIG);
		if (err == OK)
			err = validate_value(a, &f, wire->first, &again, &why);
		assert(err != OK || (!text && !again) || strcmp(text, again) == 0);
		assert(err != ERR_INVALID);
		buf_done(&b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(4 << 20);
	char *s = a ? arena_strndup(a, (const char *)data, size) : NULL;
	setlocale(LC_CTYPE, "C.UTF-8");
	assert(a);
	if (s) {
		clean(a, (const char *)data, size, false);
		clean(a, (const char *)data, size, true);
		cut(s);
		safe(s);
		type_in(a, s);
	}
	arena_free(a);
	return 0;
}
