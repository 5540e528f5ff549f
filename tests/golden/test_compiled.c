/*
 * test_compiled.c - the functions and grants compiled from the descriptors, under review as text.
 *
 * Each book's compiled SQL is compared with tests/golden/compiled/BOOK.sql; UPDATE_GOLDEN=1 writes
 * the files anew, so that a change of the skeleton or of a book shows in the diff. Not for: whether
 * the SQL runs; the flows do that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/admin/compile.h"

enum { TEXT_MAX = 1 << 20 };

static void golden_path(char *path, size_t size, const struct book *book)
{
	snprintf(path, size, "%s/golden/compiled/%s.sql", LODGE_TESTS, book->name);
}

static void write_golden(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text->data, 1, text->len, file), text->len);
	fclose(file);
}

static void compare_golden(const char *path, const struct buf *text)
{
	static char kept[TEXT_MAX];
	FILE *file = fopen(path, "r");
	size_t n;

	if (!file)
		fail_msg("%s is missing; UPDATE_GOLDEN=1 writes it", path);
	n = fread(kept, 1, sizeof(kept) - 1, file);
	kept[n] = '\0';
	fclose(file);
	if (n != text->len || memcmp(kept, text->data, n) != 0)
		fail_msg("%s differs from what is compiled now; review it with UPDATE_GOLDEN=1 and git diff", path);
}

static void compiled_functions_are_the_reviewed_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < nbooks; i++) {
		struct buf text;
		char path[512];

		buf_init(&text, TEXT_MAX);
		compile_book(&text, books[i]);
		compile_grants(&text, books[i]);
		assert_false(text.failed);
		golden_path(path, sizeof(path), books[i]);
		if (getenv("UPDATE_GOLDEN"))
			write_golden(path, &text);
		compare_golden(path, &text);
		buf_done(&text);
	}
}

/* Whatever a book is, these stand in each of its functions: a definer without them is a hole. */
static void every_function_fixes_its_search_path_and_takes_the_pen(void **state)
{
	(void)state;
	for (size_t i = 0; i < nbooks; i++) {
		struct buf text;

		buf_init(&text, TEXT_MAX);
		compile_book(&text, books[i]);
		for (char *at = text.data; at && (at = strstr(at, "CREATE ")) != NULL; at++) {
			char *end = strstr(at, "$op$;");
			char *path = strstr(at, "SECURITY DEFINER SET search_path = lodge, pg_temp");

			assert_non_null(end);
			assert_true(path && path < end);
			char *language = strstr(at, "LANGUAGE plpgsql");

			if (strncmp(at, "CREATE FUNCTION op.", 19) != 0 || !language || language > end)
				continue; /* what only reads waits for nobody */
			char *lock = strstr(language, "pg_advisory_xact_lock"), *actor = strstr(language, "actor_of(a_token)");

			assert_true(lock && actor && lock < actor);
		}
		buf_done(&text);
	}
}

/* A read role never gets a column above its level, whatever else changes. */
static void no_grant_names_a_column_above_its_level(void **state)
{
	(void)state;
	for (size_t i = 0; i < nbooks; i++) {
		struct buf text;

		buf_init(&text, TEXT_MAX);
		compile_grants(&text, books[i]);
		for (size_t f = 0; f < books[i]->nfields; f++) {
			char quoted[80];

			if (books[i]->fields[f].level < LEVEL_FULL)
				continue;
			snprintf(quoted, sizeof(quoted), "\"%s\"", books[i]->fields[f].name);
			if (strstr(text.data, quoted))
				fail_msg("%s grants %s", books[i]->name, quoted);
		}
		buf_done(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compiled_functions_are_the_reviewed_ones),
		cmocka_unit_test(every_function_fixes_its_search_path_and_takes_the_pen),
		cmocka_unit_test(no_grant_names_a_column_above_its_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
