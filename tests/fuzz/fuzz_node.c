/*
 * fuzz_node.c - any bytes as a request line: node_parse answers or refuses, and what it read
 * survives being written and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1 << 22);
	struct node *node = NULL, *again = NULL;
	struct buf first, second;
	if (arena == NULL)
		return 0;
	buf_init(&first, 1 << 22);
	buf_init(&second, 1 << 22);
	if (node_parse(arena, (const char *)data, size, 6, &node) == OK) {
		node_write(&first, node);
		if (!first.failed && node_parse(arena, first.data, first.len, 6, &again) == OK) {
			node_write(&second, again);
			if (!second.failed && strcmp(first.data, second.data) != 0)
				abort();
		}
	}
	buf_done(&first);
	buf_done(&second);
	arena_free(arena);
	return 0;
}
