/*
 * test_items.c - lists of goods, as people type them and as the wire brings them.
 * Not for: what of a list may leave (flow/gate_goods). Trap: a number in a name is part of the name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "common/items.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	arena = arena_new(1 << 20);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Reads the JSON text, a list or a string, with room for three items. */
static enum err read_json(const char *json, const char **text, const char **why)
{
	struct node *params = NULL;
	char request[1024];

	arena_reset(arena);
	snprintf(request, sizeof(request), "{\"items\":%s}", json);
	assert_int_equal(node_parse(arena, request, strlen(request), 6, &params), OK);
	*why = NULL;
	return items_read(arena, node_get(params, "items"), 3, text, why);
}

static void becomes(const char *json, const char *expected)
{
	const char *text = NULL, *why = NULL;

	assert_int_equal(read_json(json, &text, &why), OK);
	if (expected == NULL)
		assert_null(text);
	else
		assert_string_equal(text, expected);
}

static void refused(const char *json)
{
	const char *text = NULL, *why = NULL;

	if (read_json(json, &text, &why) != ERR_INVALID)
		fail_msg("accepted: %s", json);
	assert_null(text);
	assert_non_null(why);
}

static void shows(const char *json, const char *expected)
{
	struct node *node = NULL;
	struct buf out;

	arena_reset(arena);
	assert_int_equal(node_parse(arena, json, strlen(json), 6, &node), OK);
	buf_init(&out, 1024);
	items_show(&out, node);
	assert_string_equal(out.data, expected);
	buf_done(&out);
}

static void people_type_names_and_numbers(void **state)
{
	(void)state;
	becomes("\"sofa x2; bed\"", "[{\"name\":\"sofa\",\"quantity\":2},{\"name\":\"bed\",\"quantity\":1}]");
	becomes("\"tủ lạnh ×12\"", "[{\"name\":\"tủ lạnh\",\"quantity\":12}]");
	becomes("\"椅子 * 4\\n桌子\"", "[{\"name\":\"椅子\",\"quantity\":4},{\"name\":\"桌子\",\"quantity\":1}]");
	becomes("\" ; ;bed ;\"", "[{\"name\":\"bed\",\"quantity\":1}]");
	becomes("\"\"", NULL);
	becomes("\" ; \"", NULL);
}

static void a_number_in_a_name_is_part_of_the_name(void **state)
{
	(void)state;
	becomes("\"shelf 2\"", "[{\"name\":\"shelf 2\",\"quantity\":1}]");
	becomes("\"box x2 large\"", "[{\"name\":\"box x2 large\",\"quantity\":1}]");
	becomes("\"shelf 2 x3\"", "[{\"name\":\"shelf 2\",\"quantity\":3}]");
	becomes("\"Linux2\"", "[{\"name\":\"Linux2\",\"quantity\":1}]");
}

static void the_wire_brings_lists(void **state)
{
	(void)state;
	becomes("[{\"name\":\"sofa\",\"quantity\":2},{\"name\":\"bed\"}]", "[{\"name\":\"sofa\",\"quantity\":2},{\"name\":\"bed\",\"quantity\":1}]");
	becomes("[{\"name\":\"a\\\"b; c\",\"quantity\":99999}]", "[{\"name\":\"a\\\"b; c\",\"quantity\":99999}]");
	becomes("[\"IMG_0042.jpg\",{\"name\":\"bed\"}]", "[{\"name\":\"IMG_0042.jpg\",\"quantity\":1},{\"name\":\"bed\",\"quantity\":1}]");
	becomes("[]", NULL);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	refused("7");
	refused("{\"name\":\"sofa\"}");
	refused("[{\"name\":\"sofa\",\"quantity\":0}]");
	refused("[{\"name\":\"sofa\",\"quantity\":-1}]");
	refused("[{\"name\":\"sofa\",\"quantity\":100000}]");
	refused("[{\"name\":\"sofa\",\"quantity\":1.5}]");
	refused("[{\"name\":\"sofa\",\"quantity\":\"2\"}]");
	refused("[{\"name\":\"sofa\",\"colour\":\"red\"}]");
	refused("[{\"quantity\":2}]");
	refused("[{\"name\":\"\"}]");
	refused("[{\"name\":\"a\\u202eb\"}]");
	refused("\"sofa x0\"");
	refused("\"a;b;c;d\"");
	refused("[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"d\"}]");
	refused("\"a234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
		"12345678901234567890123456789012345678901234567890123456789012\"");
	refused("[\"\"]");
}

static void lists_are_shown_as_they_are_typed(void **state)
{
	(void)state;
	shows("[{\"name\":\"sofa\",\"quantity\":2},{\"name\":\"bed\",\"quantity\":1}]", "sofa x2; bed");
	shows("[{\"name\":\"box x2\",\"quantity\":1}]", "box x2 x1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_type_names_and_numbers),
		cmocka_unit_test(a_number_in_a_name_is_part_of_the_name),
		cmocka_unit_test(the_wire_brings_lists),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(lists_are_shown_as_they_are_typed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
