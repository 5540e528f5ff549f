/*
 * fuzz_node.c - any bytes as a request line: parsed, judged as values of every type, and written.
 * Exercises: common/node.c, buf.c, text.c, validate.c. What must hold: no crash; the canonical form
 * is stable (reading and writing it again gives the same bytes).
 */
#include <assert.h>
#include <string.h>

#include "common/arena.h"
#include "common/book.h"
#include "common/node.h"
#include "common/text.h"
#include "common/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct arena *a, const struct node *member)
{
	static const struct choice words[] = { { "in", "In" }, { "out", "Out" }, { NULL, NULL } };
	for (int type = FT_UNSET + 1; type < FT_END; type++) {
		const struct field f = { .name = "f", .type = (enum ftype)type, .level = LEVEL_OPEN,
			.max = 20, .choices = words };
		const char *text = NULL, *why = NULL;
		enum err err = validate_value(a, &f, member, &text, &why);
		assert(err == OK || (err == ERR_INVALID && why) || err == ERR_NOMEM);
		if (err != OK || !text)
			continue;
		for (const char *s = text; *s;) { /* what is taken is clean */
			uint32_t cp = 0;
			size_t step = text_decode(s, strlen(s), &cp);
			assert(step && !text_refuses(cp, true));
			s += step;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 20);
	struct node *tree = NULL, *again = NULL;
	struct buf once, twice;
	assert(a);
	buf_init(&once, 1 << 20);
	buf_init(&twice, 1 << 20);
	enum err err = node_parse(a, (const char *)data, size, 6, &tree);
	assert(err == OK || err == ERR_PARSE || err == ERR_TOO_BIG);
	if (err == OK) {
		for (const struct node *m = tree->first; m; m = m->next)
			judge(a, m);
		node_write(&once, tree);
		arena_reset(a);
	}
	if (err == OK && !once.failed && node_parse(a, once.data, once.len, 6, &again) == OK) {
		node_write(&twice, again);
		assert(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	}
	buf_done(&once);
	buf_done(&twice);
	arena_free(a);
	return 0;
}
