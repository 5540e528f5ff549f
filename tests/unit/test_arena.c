/*
 * test_arena.c - arena and buf: caps, zeroing, sticky failure, JSON escapes.
 * Not for: speed. Trap: whether memory was wiped can only be seen for memory that is used again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/arena.h"
#include "common/buf.h"

static void an_arena_hands_out_aligned_zeroed_memory(void **state)
{
	(void)state;
	struct arena *a = arena_new(1 << 20);
	assert_non_null(a);
	for (size_t n = 0; n < 300; n++) {
		unsigned char *p = arena_alloc(a, n);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xa5, n);
	}
	arena_free(a);
}

static void an_arena_refuses_more_than_its_cap(void **state)
{
	(void)state;
	struct arena *a = arena_new(1000);
	assert_null(arena_alloc(a, 1001));
	assert_null(arena_alloc(a, SIZE_MAX));
	assert_null(arena_strndup(a, "x", SIZE_MAX));
	assert_non_null(arena_alloc(a, 900));
	assert_null(arena_alloc(a, 200));
	assert_null(arena_printf(a, "%200s", "x"));
	arena_reset(a);
	assert_non_null(arena_alloc(a, 900));
	arena_free(a);
}

static void a_reset_wipes_what_was_handed_out(void **state)
{
	(void)state;
	struct arena *a = arena_new(4096);
	char *secret = arena_strdup(a, "4417-secret");
	arena_reset(a);
	char *again = arena_alloc(a, 12); /* the same chunk */
	assert_ptr_equal(secret, again);
	assert_string_equal(again, "");
	assert_memory_equal(again, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
	arena_free(a);
	arena_free(NULL);
}

static void an_arena_grows_over_many_chunks_and_starts_afresh(void **state)
{
	(void)state;
	struct arena *a = arena_new(4 << 20);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 1000; i++)
			assert_string_equal(arena_printf(a, "%0999d", i) + 990, arena_printf(a, "%09d", i));
		arena_reset(a);
	}
	arena_free(a);
}

static void a_buffer_fails_once_and_for_all(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10);
	assert_string_equal(b.data, "");
	buf_puts(&b, "12345");
	buf_puts(&b, "678901");
	assert_true(b.failed);
	buf_puts(&b, "x");
	assert_string_equal(b.data, "12345");
	buf_reset(&b);
	assert_false(b.failed);
	buf_printf(&b, "%d", 1234567890);
	assert_false(b.failed);
	buf_put(&b, "x", 1);
	assert_true(b.failed);
	buf_done(&b);
	assert_string_equal(b.data, "");
	buf_done(&b);
}

static void a_buffer_grows_to_its_maximum_exactly(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 70000);
	for (int i = 0; i < 70000; i++)
		buf_put(&b, "a", 1);
	assert_false(b.failed);
	assert_int_equal(b.len, 70000);
	assert_int_equal(strlen(b.data), 70000);
	buf_put(&b, "a", 1);
	assert_true(b.failed);
	buf_done(&b);
}

static void json_text(const char *in, size_t n, const char *expected)
{
	struct buf b;
	buf_init(&b, 1000);
	buf_json_strn(&b, in, n);
	assert_string_equal(b.data, expected);
	buf_done(&b);
}

static void a_json_text_escapes_what_would_break_a_line_or_a_terminal(void **state)
{
	(void)state;
	json_text("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
	json_text("\n\r\t\b\f", 5, "\"\\n\\r\\t\\b\\f\"");
	json_text("\x1b]0;x\a", 6, "\"\\u001b]0;x\\u0007\"");
	json_text("\x7f\xc2\x9b", 3, "\"\\u007f\\u009b\"");
	json_text("\0", 1, "\"\\u0000\"");
	json_text("", 0, "\"\"");
	json_text("张小明 Nguyễn", strlen("张小明 Nguyễn"), "\"张小明 Nguyễn\"");
}

static void a_json_text_stays_utf8_whatever_a_row_holds(void **state)
{
	(void)state;
	json_text("\xff", 1, "\"\xef\xbf\xbd\"");
	json_text("a\xe4\xb8", 3, "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
	json_text("\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	json_text("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void json_numbers_and_nulls_are_written_whole(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1000);
	buf_json_int(&b, INT64_MIN);
	buf_puts(&b, " ");
	buf_json_int(&b, INT64_MAX);
	buf_puts(&b, " ");
	buf_json_str(&b, NULL);
	assert_string_equal(b.data, "-9223372036854775808 9223372036854775807 null");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_hands_out_aligned_zeroed_memory),
		cmocka_unit_test(an_arena_refuses_more_than_its_cap),
		cmocka_unit_test(a_reset_wipes_what_was_handed_out),
		cmocka_unit_test(an_arena_grows_over_many_chunks_and_starts_afresh),
		cmocka_unit_test(a_buffer_fails_once_and_for_all),
		cmocka_unit_test(a_buffer_grows_to_its_maximum_exactly),
		cmocka_unit_test(a_json_text_escapes_what_would_break_a_line_or_a_terminal),
		cmocka_unit_test(a_json_text_stays_utf8_whatever_a_row_holds),
		cmocka_unit_test(json_numbers_and_nulls_are_written_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
