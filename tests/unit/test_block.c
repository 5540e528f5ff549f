/*
 * test_block.c - block letters: Latin words with the marks of Vietnamese, and what has no letters of that kind.
 *
 * Not for: where they stand on the screen (tests/screen/test_gate_word.c). Trap: rows come without blanks at their ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "client/block.h"

static struct buf rows[BLOCK_ROWS];

static int drawn(const char *word, int scale, int cells)
{
	for (int i = 0; i < BLOCK_ROWS; i++) {
		buf_done(&rows[i]);
		buf_init(&rows[i], 1024);
	}
	return block_write(rows, word, scale, cells);
}

static const char *row(int i)
{
	return rows[i].data != NULL ? rows[i].data : "";
}

static void a_word_is_five_rows_of_dots(void **state)
{
	(void)state;
	assert_int_equal(drawn("STOP", 1, 80), 20);
	assert_string_equal(row(0), "");
	assert_string_equal(row(1), " ### #####  ##  ###");
	assert_string_equal(row(3), " ##    #   #  # ###");
	assert_string_equal(row(5), "###    #    ##  #");
	assert_string_equal(row(6), "");
	assert_int_equal(drawn("I", 2, 80), 2);
	assert_string_equal(row(1), "##");
}

static void marks_stand_above_and_below_their_letter(void **state)
{
	(void)state;
	assert_int_equal(drawn("Ợ", 1, 80), 4);
	assert_string_equal(row(0), "   '");
	assert_string_equal(row(6), " o");
	assert_int_equal(drawn("Ễ", 1, 80), 4);
	assert_string_equal(row(0), " /\\~~");
	/* The same letter, composed or not, in either order of its marks. */
	assert_int_equal(drawn("A\u0323\u0306", 2, 80), 8);
	assert_string_equal(row(0), "  \\\\//");
	assert_string_equal(row(6), "   oo");
	assert_int_equal(drawn("Ặ", 2, 80), 8);
	assert_string_equal(row(0), "  \\\\//");
	assert_int_equal(drawn("Đ", 1, 80), 5);
	assert_string_equal(row(3), "### #");
}

static void every_letter_has_its_shape(void **state)
{
	static const char letters[] = " !?<>ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char one[3] = "HH";

	(void)state;
	for (const char *c = letters; *c != '\0'; c++) {
		int width;

		one[0] = *c;
		width = drawn(one, 1, 80);
		assert_true(width > 0);
		/* The H behind it begins at the same column in every row. */
		for (int i = 1; i <= 5; i++)
			assert_int_equal(row(i)[width - 4], '#');
	}
	assert_true(drawn("ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ", 1, 200) > 0);
	assert_true(drawn("ÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊ", 1, 200) > 0);
	assert_true(drawn("ÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢ", 1, 200) > 0);
	assert_true(drawn("ÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ", 1, 200) > 0);
}

static void what_has_no_shape_or_no_room_is_not_drawn_in_part(void **state)
{
	int scale;

	(void)state;
	assert_int_equal(drawn("拦下", 1, 80), 0);
	assert_int_equal(drawn("STOP拦", 1, 80), 0);
	assert_int_equal(drawn("", 1, 80), 0);
	assert_int_equal(drawn("STOP", 1, 19), 0);
	assert_int_equal(drawn("STOP", 1, 20), 20);
	assert_int_equal(block_fit(rows, "ASK RECEPTION", 80, &scale), 60);
	assert_int_equal(scale, 1);
	assert_int_equal(block_fit(rows, "ENTER", 80, &scale), 50);
	assert_int_equal(scale, 2);
}

static int all_done(void **state)
{
	(void)state;
	for (int i = 0; i < BLOCK_ROWS; i++)
		buf_done(&rows[i]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_is_five_rows_of_dots),
		cmocka_unit_test(marks_stand_above_and_below_their_letter),
		cmocka_unit_test(every_letter_has_its_shape),
		cmocka_unit_test(what_has_no_shape_or_no_room_is_not_drawn_in_part),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, all_done);
}
