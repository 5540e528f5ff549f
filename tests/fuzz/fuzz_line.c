/*
 * fuzz_line.c - bytes of a peer through the way of a request line: split, parsed, answered.
 * Covers message.c, node.c and buf.c. Not for: sockets. Trap: answers must be one line of JSON whatever came in.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was answered is itself a JSON line that our own reader takes. */
static void check_answer(struct arena *arena, const struct buf *out)
{
	struct node *root = NULL;
	assert(!out->failed && out->len > 1 && out->data[out->len - 1] == '\n');
	assert(memchr(out->data, '\n', out->len) == out->data + out->len - 1);
	assert(node_parse(arena, out->data, out->len - 1, 16, &root) == OK);
	assert(node_get(root, "id") != NULL);
}

static void one_line(const char *line, size_t len)
{
	struct arena *arena = arena_new(16 * 1024 * 1024);
	struct message message;
	struct buf out;
	if (arena == NULL)
		return;
	buf_init(&out, 1024 * 1024);
	enum err err = message_parse(arena, line, len, 6, &message);
	if (err == OK) {
		struct issue *issues = arena_alloc(arena, (message.params->count + 1) * sizeof(*issues));
		struct issue *end = issues;
		if (issues != NULL)
			for (const struct node *p = message.params->first; p != NULL; p = p->next, end++)
				*end = (struct issue){ .field = p->key, .message = message.method, .rule = p->s };
		struct fault fault = { .code = ERR_INVALID, .message = message.method, .issues = issues };
		message_fault(&out, message.id, "vi", &fault, 0);
	} else {
		message_fault(&out, message.id, "en", &(struct fault){ .code = err }, RPC_REQUEST);
	}
	check_answer(arena, &out);
	buf_done(&out);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl != NULL ? nl : end;
		one_line(p, (size_t)(stop - p));
		p = stop + 1;
	}
	return 0;
}
