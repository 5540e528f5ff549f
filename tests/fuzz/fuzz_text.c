/*
 * fuzz_text.c - any bytes as a typed text: text_clean refuses them, or gives a text that it would
 * accept unchanged, and that fits the cells it is told.
 */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1 << 22);
	const char *once = NULL, *twice = NULL, *why = NULL;
	if (arena == NULL)
		return 0;
	if (text_clean(arena, (const char *)data, size, size % 2 == 0, &once, &why) == OK) {
		char cells[256];
		if (text_clean(arena, once, strlen(once), size % 2 == 0, &twice, &why) != OK ||
			strcmp(once, twice) != 0)
			abort();
		text_fit(cells, sizeof(cells), once, 20);
	}
	arena_free(arena);
	return 0;
}
