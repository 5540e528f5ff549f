/*
 * node.c - jansson's tree copied into an arena, and a canonical writer.
 * Not for: knowing messages. Trap: jansson keeps its own copies of every string, passwords among
 * them, on the heap; its free is ours (heap_wipe_free), which wipes first.
 */
#include "common/node.h"

#include <jansson.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void heap_wipe_free(void *p)
{
	if (p)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

/* Deepest nesting of the text, read without recursion; strings are skipped. Only an upper bound
 * for what the parser will see: on broken JSON it may be too high, never too low. */
static int nesting(const char *line, size_t len)
{
	int depth = 0, deepest = 0;
	bool in_string = false;
	for (size_t i = 0; i < len; i++) {
		char c = line[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			if (++depth > deepest)
				deepest = depth;
		} else if ((c == ']' || c == '}') && depth > 0) {
			depth--;
		}
	}
	return deepest;
}

static struct node *copy_value(struct arena *a, const json_t *from, bool loose);

static bool append(struct node *to, struct node ***tail, struct node *member)
{
	if (!member)
		return false;
	**tail = member;
	*tail = &member->next;
	to->count++;
	return true;
}

static bool copy_object(struct arena *a, struct node *to, const json_t *from, bool loose)
{
	struct node **tail = &to->first;
	json_t *mutable = (json_t *)(uintptr_t)from; /* jansson's iterators are not const */
	for (void *it = json_object_iter(mutable); it; it = json_object_iter_next(mutable, it)) {
		struct node *member = copy_value(a, json_object_iter_value(it), loose);
		if (!append(to, &tail, member) || !(member->key = arena_strdup(a, json_object_iter_key(it))))
			return false;
	}
	return true;
}

static bool copy_array(struct arena *a, struct node *to, const json_t *from, bool loose)
{
	struct node **tail = &to->first;
	for (size_t i = 0; i < json_array_size(from); i++)
		if (!append(to, &tail, copy_value(a, json_array_get(from, i), loose)))
			return false;
	return true;
}

/* loose: integers were read as reals, because one of the line did not fit 64 bits. */
static void copy_real(struct node *to, double r, bool loose)
{
	const double exact = 9007199254740992.0; /* 2^53 */
	to->type = NODE_REAL;
	to->r = r + 0.0; /* -0.0 becomes 0.0: one value has one text */
	if (loose && r == floor(r) && fabs(r) <= exact) {
		to->type = NODE_INT;
		to->i = (int64_t)r;
	}
}

static struct node *copy_value(struct arena *a, const json_t *from, bool loose)
{
	struct node *to = arena_alloc(a, sizeof(*to));
	bool fits = to != NULL;
	if (!fits)
		return NULL;
	switch (json_typeof(from)) {
	case JSON_NULL:
		to->type = NODE_NULL;
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		to->type = NODE_BOOL;
		to->b = json_is_true(from);
		break;
	case JSON_INTEGER:
		to->type = NODE_INT;
		to->i = json_integer_value(from);
		to->r = (double)to->i;
		break;
	case JSON_REAL:
		copy_real(to, json_real_value(from), loose);
		break;
	case JSON_STRING:
		to->type = NODE_STRING;
		to->len = json_string_length(from);
		fits = (to->s = arena_strndup(a, json_string_value(from), to->len)) != NULL;
		break;
	case JSON_ARRAY:
		to->type = NODE_ARRAY;
		fits = copy_array(a, to, from, loose);
		break;
	case JSON_OBJECT:
		to->type = NODE_OBJECT;
		fits = copy_object(a, to, from, loose);
		break;
	}
	return fits ? to : NULL;
}

enum err node_parse(struct arena *a, const char *line, size_t len, int max_depth, struct node **out)
{
	static bool is_set_up;
	if (!is_set_up) {
		json_set_alloc_funcs(malloc, heap_wipe_free);
		is_set_up = true;
	}
	if (nesting(line, len) > max_depth)
		return ERR_TOO_BIG;
	json_error_t why;
	size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
	bool loose = false;
	json_t *root = json_loadb(line, len, flags, &why);
	if (!root && json_error_code(&why) == json_error_numeric_overflow) {
		loose = true;
		root = json_loadb(line, len, flags | JSON_DECODE_INT_AS_REAL, &why);
	}
	if (!root)
		return ERR_PARSE;
	struct node *tree = copy_value(a, root, loose);
	json_decref(root);
	if (!tree)
		return ERR_TOO_BIG;
	*out = tree;
	return OK;
}

const struct node *node_get(const struct node *n, const char *key)
{
	if (!n || n->type != NODE_OBJECT)
		return NULL;
	for (const struct node *m = n->first; m; m = m->next)
		if (strcmp(m->key, key) == 0)
			return m;
	return NULL;
}

const char *node_str(const struct node *n)
{
	return n && n->type == NODE_STRING && strlen(n->s) == n->len ? n->s : NULL;
}

static int by_key(const void *left, const void *right)
{
	const struct node *const *l = left, *const *r = right;
	return strcmp((*l)->key, (*r)->key);
}

static void write_object(struct buf *b, const struct node *n)
{
	const struct node **members = calloc(n->count ? n->count : 1, sizeof(struct node *));
	size_t count = 0;
	if (!members) {
		b->failed = true;
		return;
	}
	for (const struct node *m = n->first; m; m = m->next)
		members[count++] = m;
	qsort(members, count, sizeof(members[0]), by_key);
	buf_put(b, "{", 1);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_put(b, ",", 1);
		buf_json_str(b, members[i]->key);
		buf_put(b, ":", 1);
		node_write(b, members[i]);
	}
	buf_put(b, "}", 1);
	free(members);
}

static void write_array(struct buf *b, const struct node *n)
{
	buf_put(b, "[", 1);
	for (const struct node *m = n->first; m; m = m->next) {
		if (m != n->first)
			buf_put(b, ",", 1);
		node_write(b, m);
	}
	buf_put(b, "]", 1);
}

void node_write(struct buf *b, const struct node *n)
{
	switch (n->type) {
	case NODE_NULL:
		buf_puts(b, "null");
		break;
	case NODE_BOOL:
		buf_puts(b, n->b ? "true" : "false");
		break;
	case NODE_INT:
		buf_json_int(b, n->i);
		break;
	case NODE_REAL:
		buf_printf(b, "%.17g", n->r + 0.0); /* -0 becomes 0, as it does for integers */
		break;
	case NODE_STRING:
		buf_json_strn(b, n->s, n->len);
		break;
	case NODE_ARRAY:
		write_array(b, n);
		break;
	case NODE_OBJECT:
		write_object(b, n);
		break;
	}
}
