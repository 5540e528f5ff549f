/*
 * fuzz_items.c - any bytes as a typed list of goods, and as one from the wire.
 * Exercises: common/items.c. What must hold: no crash; a list is taken or refused with a reason; what is
 * taken is canonical (read again as a list, it gives the same bytes), and so is what is shown and typed again.
 */
#include <assert.h>
#include <string.h>

#include "common/items.h"

enum { MOST = 50, MEMORY_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *taken(struct arena *a, const struct node *node)
{
	const char *text = NULL, *why = NULL;
	enum err err = items_read(a, node, MOST, &text, &why);

	assert(err == OK || (err == ERR_INVALID && why != NULL) || err == ERR_NOMEM);
	return err == OK ? text : NULL;
}

/* The list that a canonical text is; NULL when memory is out. */
static struct node *list_of(struct arena *a, const char *text)
{
	struct node *list = NULL;
	enum err err = node_parse(a, text, strlen(text), 4, &list);

	assert(err == OK || err == ERR_NOMEM);
	return list;
}

static void judge(struct arena *a, const struct node *node)
{
	const char *text = taken(a, node), *again;
	struct node *list = text != NULL ? list_of(a, text) : NULL;
	struct node typed = { .type = NODE_STRING };
	struct buf shown;

	if (list == NULL)
		return;
	again = taken(a, list);
	assert(again == NULL || strcmp(text, again) == 0);
	buf_init(&shown, MEMORY_MAX);
	items_show(&shown, list);
	typed.s = shown.data;
	typed.len = shown.len;
	if (node->type == NODE_STRING && !shown.failed) {
		again = taken(a, &typed);
		assert(again == NULL || strcmp(text, again) == 0);
	}
	buf_done(&shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(MEMORY_MAX);
	struct node *tree = NULL, typed = { .type = NODE_STRING };
	char *text;

	assert(a != NULL);
	text = arena_alloc(a, size + 1);
	if (text != NULL && (size == 0 || memchr(data, '\0', size) == NULL)) {
		memcpy(text, data, size);
		text[size] = '\0';
		typed.s = text;
		typed.len = size;
		judge(a, &typed);
	}
	if (node_parse(a, (const char *)data, size, 4, &tree) == OK)
		judge(a, tree);
	arena_free(a);
	return 0;
}
