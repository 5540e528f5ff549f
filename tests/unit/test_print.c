/*
 * test_print.c - lodge-print as a program: what it makes of good lines, and that it makes nothing of bad ones.
 *
 * Reads the PDF back with pdfinfo and pdftotext (poppler-utils). Trap: a missing glyph is said on
 * standard error only, so that must stay empty.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/buf.h"

#define HEAD "{\"title\":\"业户资料汇总表\",\"stamp\":\"CONTROLLED COPY\",\"foot\":\"No. 12 · Recipient w001 林小雨 · Expires 2027-02-20\"," \
	"\"page\":\"Page\",\"lines\":[\"Area 1\"],\"columns\":[\"Unit\",\"Name\",\"Notes\"]}\n"

enum { TEXT_MAX = 8 * 1024 * 1024 };

static char folder[] = "/tmp/lodge-print-XXXXXX";

static char *in_folder(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static size_t size_of(const char *name)
{
	char path[128];
	struct stat st;

	return stat(in_folder(path, sizeof(path), name), &st) == 0 ? (size_t)st.st_size : 0;
}

/* Prints the lines into out.pdf and err.txt; the exit status. */
static int print_as(const char *what, const char *lines, size_t n)
{
	char path[128], command[512];
	FILE *in = fopen(in_folder(path, sizeof(path), "in"), "w");
	int status;

	assert_non_null(in);
	assert_int_equal(fwrite(lines, 1, n, in), n);
	fclose(in);
	snprintf(command, sizeof(command), "exec '%s/lodge-print' %s <%s/in >%s/out.pdf 2>%s/err.txt", LODGE_BUILD, what, folder, folder, folder);
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int print(const char *lines, size_t n)
{
	return print_as("", lines, n);
}

/* What a command says of out.pdf; NULL when it is not installed. */
static char *asked(const char *command)
{
	static char text[TEXT_MAX];
	char line[512];
	FILE *out;
	size_t n;

	snprintf(line, sizeof(line), "%s 2>/dev/null", command);
	out = popen(line, "r");
	assert_non_null(out);
	n = fread(text, 1, sizeof(text) - 1, out);
	text[n] = '\0';
	return pclose(out) == 0 ? text : NULL;
}

static char *text_of_pdf(void)
{
	char command[256];

	snprintf(command, sizeof(command), "pdftotext -layout %s/out.pdf -", folder);
	return asked(command);
}

static int pages(void)
{
	char command[256];
	const char *text, *at;

	snprintf(command, sizeof(command), "pdfinfo %s/out.pdf", folder);
	text = asked(command);
	at = text ? strstr(text, "Pages:") : NULL;
	return at ? atoi(at + 6) : 0;
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

static void names_of_the_estate_are_all_drawn(void **state)
{
	static const char lines[] = HEAD "[\"7-1203\",\"张小明\",\"\"]\n[\"7-1203\",\"Nguyễn Thị Ánh\",\"Đặng Thuỳ Dương, Hữu Phước\"]\n"
		"[\"7-1203\",\"陳美玲\",\"歐陽靜 謝振輝 賴俊傑\"]\n[\"7-1204\",\"欧阳静\",null]\n";
	char *text;

	(void)state;
	assert_int_equal(print(lines, sizeof(lines) - 1), 0);
	assert_int_equal(size_of("err.txt"), 0); /* no letter without a glyph */
	text = text_of_pdf();
	if (!text)
		skip();
	assert_int_equal(pages(), 1);
	text = text_of_pdf();
	assert_non_null(strstr(text, "张小明"));
	assert_non_null(strstr(text, "陳美玲"));
	assert_non_null(strstr(text, "Nguyễn Thị Ánh"));
	assert_non_null(strstr(text, "Đặng Thuỳ Dương"));
}

static void every_page_bears_number_recipient_and_end(void **state)
{
	struct buf lines;
	int n;

	(void)state;
	buf_init(&lines, TEXT_MAX);
	buf_puts(&lines, HEAD);
	for (int i = 0; i < 1000; i++)
		buf_printf(&lines, "[\"%d-%04d\",\"李伟\",\"row %d\"]\n", i % 24, i, i);
	assert_int_equal(print(lines.data, lines.len), 0);
	buf_done(&lines);
	n = pages();
	if (n == 0)
		skip();
	assert_in_range(n, 20, 40);
	char *text = text_of_pdf();

	assert_int_equal(count(text, "No. 12 · Recipient w001 林小雨 · Expires 2027-02-20"), (size_t)n);
	assert_int_equal(count(text, "\nCONTROLLED COPY"), (size_t)n);
	assert_int_equal(count(text, "Unit"), (size_t)n);
	assert_non_null(strstr(text, "row 0\n"));
	assert_non_null(strstr(text, "row 999\n"));
}

static void a_note_of_pages_and_a_name_of_marks_break_nothing(void **state)
{
	struct buf lines;

	(void)state;
	buf_init(&lines, TEXT_MAX);
	buf_puts(&lines, HEAD "[\"7-1203\",\"a");
	for (int i = 0; i < 400; i++)
		buf_puts(&lines, "\xcc\x81");
	buf_puts(&lines, "\",\"");
	for (int i = 0; i < 4000; i++)
		buf_puts(&lines, "长");
	buf_puts(&lines, "\\n\\nend of the note\"]\n[\"7-1204\",\"b\",\"after it\"]\n");
	assert_int_equal(print(lines.data, lines.len), 0);
	buf_done(&lines);
	if (pages() == 0)
		skip();
	assert_in_range(pages(), 2, 20);
	char *text = text_of_pdf();

	assert_int_equal(count(text, "长"), 4000);
	assert_non_null(strstr(text, "end of the note"));
	assert_non_null(strstr(text, "after it"));
}

/* Twelve columns that together are wider than the page: cut between words, never in a number. */
static void a_table_wider_than_the_page_is_cut_to_it(void **state)
{
	static const char lines[] = "{\"title\":\"T\",\"stamp\":\"S\",\"foot\":\"F\",\"page\":\"Page\",\"lines\":[],\"columns\":[\"Unit\",\"Name\","
		"\"Relation\",\"Mobile\",\"Home phone\",\"Sex\",\"ID number\",\"Born\",\"Native place\",\"Registered at\",\"E-mail\",\"Needs help\"]}\n"
		"[\"1-0204\",\"Ngô Phương Thảo Nguyên\",\"Brother or sister\",\"0705555653\",\"02838055211\",\"Female\",\"51010419910831793X\","
		"\"1978-05-25\",\"Thành phố Hồ Chí Minh\",\"Bà Rịa - Vũng Tàu\",\"r901941@example.org\",\"No\"]\n";
	char command[256];
	const char *text;

	(void)state;
	assert_int_equal(print(lines, sizeof(lines) - 1), 0);
	text = text_of_pdf();
	if (!text)
		skip();
	assert_non_null(strstr(text, "51010419910831793X"));
	assert_non_null(strstr(text, "02838055211"));
	assert_non_null(strstr(text, "r901941@example.org"));
	snprintf(command, sizeof(command), "pdftotext -bbox %s/out.pdf -", folder);
	text = asked(command);
	assert_non_null(text);
	while ((text = strstr(text, "xMax=\"")) != NULL) {
		text += strlen("xMax=\"");
		assert_true(strtod(text, NULL) <= 842 - 36);
	}
}

static void an_empty_table_is_a_page(void **state)
{
	(void)state;
	assert_int_equal(print(HEAD, sizeof(HEAD) - 1), 0);
	assert_true(size_of("out.pdf") > 500);
}

static void what_is_no_paper_prints_nothing(void **state)
{
	static const char *const bad[] = {
		"", "\n", "[]\n", "{}\n", "no json\n", "{\"title\":\"a\",\"columns\":[\"x\"]}\n",
		"{\"title\":\"a\",\"stamp\":\"s\",\"foot\":\"\",\"page\":\"p\",\"columns\":[\"x\"]}\n",
		"{\"title\":\"a\",\"stamp\":\"\",\"foot\":\"f\",\"page\":\"p\",\"columns\":[\"x\"]}\n",
		"{\"title\":\"a\",\"stamp\":\"s\",\"foot\":\"f\",\"page\":\"p\",\"columns\":[]}\n",
		HEAD "[\"one\"]\n", HEAD "[\"1\",\"2\",\"3\",\"4\"]\n", HEAD "{\"unit\":\"1\"}\n", HEAD "[\"1\",\"2\"", HEAD "[\"1\",\"\xff\",\"3\"]\n",
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(print(bad[i], strlen(bad[i])), 1);
		assert_int_equal(size_of("out.pdf"), 0);
		assert_true(size_of("err.txt") > 0);
	}
}

static int folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
	static const char *const names[] = { "in", "out.pdf", "err.txt" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < NITEMS(names); i++)
		unlink(in_folder(path, sizeof(path), names[i]));
	return rmdir(folder);
}

#define FORM_HEAD "{\"title\":\"事故报告\",\"corner\":\"17\",\"foot\":\"Printed by w010 邓海波\",\"page\":\"Trang\",\"date\":\"Ngày\",\"text\":\"\","

static void INC_06_a_form_is_drawn_with_boxes_signatures_and_foot(void **state)
{
	static const char form[] = FORM_HEAD "\"fields\":[[\"经过\",\"地下一层水泵房管道爆裂。\",1],[\"Đã xử lý\",\"Đóng van, gọi kỹ thuật, cúp điện\",5]],"
		"\"table\":{\"title\":\"签字 (1)\",\"columns\":[\"Bên\",\"Tên\"],\"rows\":[[\"保安\",\"Bùi Văn Long\"]]},\"signs\":[\"报告人\",\"Quản lý\"]}\n";
	static const char *const seen[] = {"事故报告", "17", "地下一层水泵房管道爆裂", "Đóng van, gọi kỹ thuật, cúp điện", "签字 (1)", "Bùi Văn Long", "报告人", "Quản lý", "Ngày", "邓海波", "Trang 1 / 1"};
	char *text;

	(void)state;
	assert_int_equal(print_as("form", form, sizeof(form) - 1), 0);
	assert_int_equal(size_of("err.txt"), 0);
	text = text_of_pdf();
	if (!text)
		skip();
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		assert_non_null(strstr(text, seen[i]));
}

static void INC_06_a_long_report_goes_on_under_its_number_and_foot(void **state)
{
	struct buf form;
	int n;

	(void)state;
	buf_init(&form, TEXT_MAX);
	buf_puts(&form, FORM_HEAD "\"fields\":[[\"经过\",\"");
	for (int i = 1; i <= 150; i++)
		buf_printf(&form, "line %d of it\\n", i);
	buf_puts(&form, "\",1]],\"signs\":[]}");
	assert_int_equal(print_as("form", form.data, form.len), 0);
	buf_done(&form);
	n = pages();
	if (n == 0)
		skip();
	assert_true(n > 2 && n < 6);
	assert_int_equal(count(text_of_pdf(), "Printed by"), n);
	assert_int_equal(count(text_of_pdf(), "事故报告"), n);
	assert_int_equal(count(text_of_pdf(), " of it"), 150);
}

static void what_is_no_form_prints_nothing(void **state)
{
	static const char *const bad[] = {"", "[]", "{\"title\":\"x\"}", "{\"title\":\"\",\"foot\":\"x\"}", "{"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_not_equal(print_as("form", bad[i], strlen(bad[i])), 0);
		assert_int_equal(size_of("out.pdf"), 0);
	}
	assert_int_equal(print_as("poster", "{}", 2), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_the_estate_are_all_drawn),
		cmocka_unit_test(every_page_bears_number_recipient_and_end),
		cmocka_unit_test(a_note_of_pages_and_a_name_of_marks_break_nothing),
		cmocka_unit_test(a_table_wider_than_the_page_is_cut_to_it),
		cmocka_unit_test(an_empty_table_is_a_page),
		cmocka_unit_test(what_is_no_paper_prints_nothing),
		cmocka_unit_test(INC_06_a_form_is_drawn_with_boxes_signatures_and_foot),
		cmocka_unit_test(INC_06_a_long_report_goes_on_under_its_number_and_foot),
		cmocka_unit_test(what_is_no_form_prints_nothing),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
