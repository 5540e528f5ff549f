/*
 * fuzz_keys.c - any bytes from a terminal: decoded to the last one, typed into a line and a note;
 * what stands there afterwards is text that the house would store.
 */
#include <stdlib.h>
#include <string.h>

#include "client/decode.h"
#include "client/edit.h"
#include "common/arena.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct edit *e)
{
	struct arena *arena = arena_new(1 << 22);
	const char *clean = NULL, *why = NULL;

	if (arena == NULL)
		return;
	if (text_clean(arena, e->text, e->len, e->lines, &clean, &why) != OK ||
			strcmp(clean, e->text) != 0 || e->at > e->len)
		abort();
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decode d;
	struct edit line, note;
	struct key key;

	decode_init(&d, 50);
	edit_init(&line, 80, false);
	edit_init(&note, 500, true);
	decode_feed(&d, (const char *)data, size, 0);
	while (decode_next(&d, 1 << 20, &key)) {
		edit_handle(&line, &key);
		if (edit_handle(&note, &key) & EDIT_ASK)
			edit_take_paste(&note, true);
	}
	if (d.len != 0)
		abort();
	check(&line);
	check(&note);
	edit_done(&line);
	edit_done(&note);
	decode_done(&d);
	return 0;
}
