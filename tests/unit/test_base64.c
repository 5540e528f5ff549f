/*
 * test_base64.c - bytes to text and back, and what is no base64.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/base64.h"

static void the_examples_of_the_standard_hold(void **state)
{
	static const struct { const char *bytes, *text; } examples[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(examples); i++) {
		struct buf text, bytes;

		buf_init(&text, 64);
		buf_init(&bytes, 64);
		base64_put(&text, examples[i].bytes, strlen(examples[i].bytes));
		assert_string_equal(text.data, examples[i].text);
		assert_int_equal(base64_take(&bytes, text.data, text.len), OK);
		assert_string_equal(bytes.data, examples[i].bytes);
		buf_done(&text);
		buf_done(&bytes);
	}
}

static void every_byte_comes_back(void **state)
{
	unsigned char all[256];
	struct buf text, bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	buf_init(&text, 1024);
	buf_init(&bytes, 1024);
	base64_put(&text, all, sizeof(all));
	assert_int_equal(base64_take(&bytes, text.data, text.len), OK);
	assert_int_equal(bytes.len, sizeof(all));
	assert_memory_equal(bytes.data, all, sizeof(all));
	buf_done(&text);
	buf_done(&bytes);
}

static void what_is_no_base64_is_refused(void **state)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zg=v", "Zh==", "Zm9=", "Zm9\n", "Zm-_" };

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++) {
		struct buf bytes;

		buf_init(&bytes, 64);
		assert_int_equal(base64_take(&bytes, bad[i], strlen(bad[i])), ERR_PARSE);
		buf_done(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_standard_hold),
		cmocka_unit_test(every_byte_comes_back),
		cmocka_unit_test(what_is_no_base64_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
