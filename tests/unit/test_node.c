/*
 * test_node.c - what is read as JSON, what is refused, and the canonical form.
 * Not for: messages. Trap: a refused text must never touch *out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/node.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static enum err parse_n(const char *text, size_t n, struct node **out)
{
	arena_reset(arena);
	*out = NULL;
	return node_parse(arena, text, n, 6, out);
}

static const struct node *parse(const char *text)
{
	struct node *n = NULL;
	assert_int_equal(parse_n(text, strlen(text), &n), OK);
	assert_non_null(n);
	return n;
}

static void refused_n(const char *text, size_t len, enum err err)
{
	struct node *n = NULL;
	assert_int_equal(parse_n(text, len, &n), err);
	assert_null(n);
}

static void refused(const char *text, enum err err)
{
	refused_n(text, strlen(text), err);
}

static void every_type_is_read_in_the_order_of_the_text(void **state)
{
	(void)state;
	const struct node *n = parse("{\"z\":null,\"a\":true,\"i\":-7,\"r\":1.5,\"s\":\"张\",\"l\":[1,[],{}]}");
	assert_int_equal(n->type, NODE_OBJECT);
	assert_int_equal(n->count, 6);
	assert_string_equal(n->first->key, "z");
	assert_int_equal(node_get(n, "z")->type, NODE_NULL);
	assert_true(node_get(n, "a")->b);
	assert_int_equal(node_get(n, "i")->i, -7);
	assert_true(node_get(n, "r")->r > 1.49 && node_get(n, "r")->r < 1.51);
	assert_string_equal(node_str(node_get(n, "s")), "张");
	assert_int_equal(node_get(n, "s")->len, 3);
	assert_int_equal(node_get(n, "l")->count, 3);
	assert_null(node_get(n, "l")->first->key);
	assert_null(node_get(n, "absent"));
	assert_null(node_get(NULL, "a"));
	assert_null(node_get(node_get(n, "l"), "a"));
	assert_null(node_str(node_get(n, "i")));
	assert_null(node_str(NULL));
}

static void what_is_no_json_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "", " ", "{", "}", "{]", "[1,]", "{\"a\":}", "{a:1}", "{'a':1}",
		"[1] x", "[1][2]", "nul", "\"alone\"", "7", "[NaN]", "[Infinity]", "[01]", "[+1]", "[1.]",
		"[\"\t\"]", "[\"\n\"]", "[\"\\x41\"]", "[\"\\u12\"]", "[\"open]", "// c\n[]", "[1 2]",
		"{\"a\" 1}", "\xef\xbb\xbf[]" };
	for (size_t i = 0; i < NITEMS(bad); i++)
		refused(bad[i], ERR_PARSE);
}

static void a_duplicate_key_is_refused_at_any_depth(void **state)
{
	(void)state;
	refused("{\"id\":1,\"id\":2}", ERR_PARSE);
	refused("{\"a\":[{\"id\":1,\"x\":0,\"id\":1}]}", ERR_PARSE);
	refused("{\"id\":1,\"\\u0069d\":2}", ERR_PARSE);
}

static void bytes_that_are_no_utf8_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "[\"\xff\"]", "[\"\x80\"]", "[\"\xc0\xaf\"]", "[\"\xe0\x80\xaf\"]",
		"[\"\xf0\x80\x80\xaf\"]", "[\"\xed\xa0\x80\"]", "[\"\xed\xbf\xbf\"]", "[\"\xf4\x90\x80\x80\"]",
		"[\"\xe4\xb8\"]", "{\"\xff\":1}", "[\"\\ud800\"]", "[\"\\udc00\\ud800\"]" };
	for (size_t i = 0; i < NITEMS(bad); i++)
		refused(bad[i], ERR_PARSE);
	refused_n("[1]\0", 4, ERR_PARSE);
	refused_n("[\"a\0b\"]", 7, ERR_PARSE);
}

static void an_escaped_nul_is_kept_for_the_field_to_refuse(void **state)
{
	(void)state;
	const struct node *n = parse("{\"s\":\"a\\u0000b\"}");
	assert_int_equal(node_get(n, "s")->len, 3);
	assert_null(node_str(node_get(n, "s")));
	refused("{\"a\\u0000b\":1}", ERR_PARSE);
}

static void nesting_is_bounded_before_anything_recurses(void **state)
{
	(void)state;
	static char bomb[65536];
	parse("[[[[[[1]]]]]]");
	refused("[[[[[[[1]]]]]]]", ERR_TOO_BIG);
	refused("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}", ERR_TOO_BIG);
	parse("[\"[[[[[[[[[[[[[[\\\"[[[[[[[\"]");
	parse("[[],[],[],[],[],[],[],[],{},{}]");
	memset(bomb, '[', sizeof(bomb));
	refused_n(bomb, sizeof(bomb), ERR_TOO_BIG);
	for (size_t i = 0; i + 5 <= sizeof(bomb); i += 5)
		memcpy(bomb + i, "{\"a\":", 5);
	refused_n(bomb, sizeof(bomb), ERR_TOO_BIG);
	memset(bomb, ']', sizeof(bomb));
	refused_n(bomb, sizeof(bomb), ERR_PARSE);
}

static void sixty_four_kibibytes_of_everything_end_quickly(void **state)
{
	(void)state;
	static char line[65536];
	struct node *n = NULL;
	memset(line, 'a', sizeof(line));
	memcpy(line, "[\"", 2);
	memcpy(line + sizeof(line) - 2, "\"]", 2);
	assert_int_equal(parse_n(line, sizeof(line), &n), OK);
	assert_int_equal(n->first->len, sizeof(line) - 4);
	for (size_t i = 0; i < sizeof(line); i++)
		line[i] = i % 2 ? '1' : ',';
	line[0] = '[';
	line[sizeof(line) - 1] = ']';
	refused_n(line, sizeof(line) - 1, ERR_PARSE);
	line[sizeof(line) - 2] = ' ';
	refused_n(line, sizeof(line), ERR_TOO_BIG); /* 32,000 nodes do not fit the arena */
}

static void numbers_beyond_64_bits_are_wrong_values_not_broken_lines(void **state)
{
	(void)state;
	const struct node *n = parse("{\"id\":9223372036854775808,\"version\":3,\"r\":0.5}");
	assert_int_equal(node_get(n, "id")->type, NODE_REAL);
	assert_int_equal(node_get(n, "version")->type, NODE_INT);
	assert_int_equal(node_get(n, "version")->i, 3);
	assert_int_equal(node_get(n, "r")->type, NODE_REAL);
	n = parse("[9223372036854775807,-9223372036854775808]");
	assert_int_equal(n->first->i, INT64_MAX);
	assert_int_equal(n->first->next->i, INT64_MIN);
	n = parse("[1.0]");
	assert_int_equal(n->first->type, NODE_REAL);
	refused("[1e999]", ERR_PARSE);
}

static void written(const char *text, const char *expected)
{
	struct buf b;
	buf_init(&b, 4096);
	node_write(&b, parse(text));
	assert_false(b.failed);
	assert_string_equal(b.data, expected);
	buf_done(&b);
}

static void equal_values_give_equal_bytes(void **state)
{
	(void)state;
	written("{ \"b\" : [1, 2.5, null], \"a\" : { \"d\":true, \"c\":\"\\u5f20\\n\" } }",
		"{\"a\":{\"c\":\"张\\n\",\"d\":true},\"b\":[1,2.5,null]}");
	written("{\"a\":{\"d\":true,\"c\":\"张\\n\"},\"b\":[1,25e-1,null]}",
		"{\"a\":{\"c\":\"张\\n\",\"d\":true},\"b\":[1,2.5,null]}");
	written("[-0, -0.0, 1.0, 1e20]", "[0,0,1,1e+20]");
	written("{}", "{}");
	written("[]", "[]");
	written("[\"a\\u0000b\"]", "[\"a\\u0000b\"]");
}

static void twenty_thousand_keys_are_sorted_without_a_stall(void **state)
{
	(void)state;
	struct buf in, out;
	struct arena *large = arena_new(16 << 20);
	struct node *n = NULL;
	buf_init(&in, 1 << 20);
	buf_init(&out, 1 << 20);
	for (int i = 20000; i > 0; i--)
		buf_printf(&in, "%s\"k%05d\":1", i == 20000 ? "{" : ",", i);
	buf_puts(&in, "}");
	assert_int_equal(node_parse(large, in.data, in.len, 2, &n), OK);
	node_write(&out, n);
	assert_int_equal(strncmp(out.data, "{\"k00001\":1,\"k00002\":1,", 23), 0);
	buf_done(&in);
	buf_done(&out);
	arena_free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_read_in_the_order_of_the_text),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(a_duplicate_key_is_refused_at_any_depth),
		cmocka_unit_test(bytes_that_are_no_utf8_are_refused),
		cmocka_unit_test(an_escaped_nul_is_kept_for_the_field_to_refuse),
		cmocka_unit_test(nesting_is_bounded_before_anything_recurses),
		cmocka_unit_test(sixty_four_kibibytes_of_everything_end_quickly),
		cmocka_unit_test(numbers_beyond_64_bits_are_wrong_values_not_broken_lines),
		cmocka_unit_test(equal_values_give_equal_bytes),
		cmocka_unit_test(twenty_thousand_keys_are_sorted_without_a_stall),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
