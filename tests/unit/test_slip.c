/*
 * test_slip.c - slips as text: 80 columns, Chinese, long texts, what is locked, nothing a printer obeys.
 *
 * Not for: asking the server (tests/flow, tests/screen). Trap: the widths are those of wcwidth, so the locale is set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "client/slip_job.h"
#include "common/i18n.h"
#include "common/text.h"

static struct buf out;
static const char *lang = "en";

static const char file_json[] = "{\"id\":7,\"version\":1,\"state\":\"in\",\"code\":\"7-1203/1\",\"class\":\"household\","
	"\"unit\":{\"id\":3,\"code\":\"7-1203\"},\"title\":\"%s\",\"room\":\"Archive room\",\"cabinet\":%s,\"drawer\":\"2\","
	"\"status\":\"active\",\"bag\":null,\"missing\":[],\"masked\":[%s]}";

/* Answers the questions of a slip with these lines of JSON, NULL = refused; the text is then in out. */
static bool make(const char *book_name, const char *slip_name, enum role reader, const char *const *answers, size_t n)
{
	const struct book *book = book_find(book_name);
	struct slip_job *job = slip_job_new(book, book_slip(book, slip_name), 7, NULL, reader);
	struct buf method, params;
	bool fine = true;
	size_t i = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	i18n_use(lang);
	buf_init(&out, SLIP_TEXT_MAX);
	buf_init(&method, 128);
	buf_init(&params, 8192);
	assert_non_null(job);
	while (fine && slip_job_next(job, &method, &params)) {
		struct arena *arena = arena_new(1 << 22);
		struct node *node = NULL;

		assert_true(i < n);
		if (answers[i] != NULL)
			assert_int_equal(node_parse(arena, answers[i], strlen(answers[i]), 16, &node), OK);
		i++;
		fine = slip_job_take(job, node);
		arena_free(arena);
		buf_reset(&method);
		buf_reset(&params);
	}
	if (fine) {
		assert_int_equal(i, n);
		slip_job_write(job, &out, "w004 周文彬");
		assert_false(out.failed);
	}
	slip_job_free(job);
	buf_done(&method);
	buf_done(&params);
	return fine;
}

static int tear_down(void **state)
{
	(void)state;
	buf_done(&out);
	return 0;
}

/* No line is wider than the paper; nothing but text, line feeds and one form feed at the end. */
static void assert_printable(void)
{
	char line[4096];

	assert_int_equal(out.data[out.len - 1], '\f');
	for (const char *at = out.data; *at != '\f';) {
		size_t n = strcspn(at, "\n");

		assert_true(n < sizeof(line));
		snprintf(line, sizeof(line), "%.*s", (int)n, at);
		assert_true(text_width(line) <= SLIP_CELLS);
		assert_true(n == 0 || at[n - 1] != ' ');
		for (size_t i = 0; i < n; i++)
			assert_true((unsigned char)at[i] >= ' ' && at[i] != 0x7f);
		at += n + 1;
	}
}

static void assert_shows(const char *text)
{
	if (strstr(out.data, text) == NULL)
		fail_msg("not on the slip: %s\n%s", text, out.data);
}

static const char *file_row(const char *title, const char *cabinet, const char *masked)
{
	static char row[8192];

	snprintf(row, sizeof(row), file_json, title, cabinet, masked);
	return row;
}

static void ARC_02_the_code_stands_in_the_top_left_corner(void **state)
{
	const char *answers[] = {file_row("装修资料", "\"B7\"", "")};

	(void)state;
	assert_true(make("file", "bag_label", ROLE_ACU, answers, 1));
	assert_printable();
	assert_memory_equal(out.data, "7-1203/1  ", 10);
	assert_shows("装修资料\n");
}

static void long_texts_go_on_in_the_next_line_and_lose_nothing(void **state)
{
	char title[1024] = "";
	const char *answers[1];
	size_t seen = 0;

	(void)state;
	for (int i = 0; i < 80; i++)
		strncat(title, "档", sizeof(title) - strlen(title) - 1);
	strncat(title, " Aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhh", sizeof(title) - strlen(title) - 1);
	answers[0] = file_row(title, "\"B7\"", "");
	assert_true(make("file", "bag_label", ROLE_ACU, answers, 1));
	assert_printable();
	for (const char *at = out.data; (at = strstr(at, "档")) != NULL; at += strlen("档"))
		seen++;
	assert_int_equal(seen, 80);
	assert_shows("Aaaaaaaaaabbbb");
	assert_shows("hhhh\n");
}

static void what_is_locked_is_locked_on_paper(void **state)
{
	const char *answers[] = {file_row("hidden", "\"B7\"", "\"title\"")};

	(void)state;
	assert_true(make("file", "bag_label", ROLE_ACU, answers, 1));
	assert_printable();
	assert_shows("[#]");
	assert_null(strstr(out.data, "hidden"));
}

static void rows_that_a_role_does_not_read_are_not_an_empty_file(void **state)
{
	const char *answers[] = {file_row("Move-in", "\"B7\"", "")};

	(void)state;
	assert_true(make("file", "content_list", ROLE_FD, answers, 1));
	assert_shows("Documents [#]");
}

static void ARC_05_two_hundred_documents_come_page_by_page(void **state)
{
	static char page[2][200 * 256];
	const char *answers[] = {file_row("Move-in", "\"B7\"", ""), page[0], page[1]};

	(void)state;
	for (int p = 0; p < 2; p++) {
		size_t at = (size_t)snprintf(page[p], sizeof(page[p]), "{\"rows\":[");

		for (int i = 0; i < 120; i++)
			at += (size_t)snprintf(page[p] + at, sizeof(page[p]) - at, "%s{\"id\":%d,\"state\":\"filed\",\"type\":\"move_in\",\"title\":"
				"\"业主资料登记表 Đơn đăng ký của chủ hộ và những người cùng ở %d-%d\",\"original\":true,\"copies\":1}", i > 0 ? "," : "", i + 1, p, i);
		snprintf(page[p] + at, sizeof(page[p]) - at, "],\"next\":%s}", p == 0 ? "\"abc\"" : "null");
	}
	assert_true(make("file", "content_list", ROLE_ACU, answers, 3));
	assert_printable();
	assert_shows("Documents (240)");
	assert_shows("0-0");
	assert_shows("1-119");
	assert_shows("____");
}

static void ARC_04_the_catalogue_card_names_building_room_and_owner(void **state)
{
	const char *answers[] = {file_row("Move-in", "\"B7\"", ""), "{\"id\":3,\"code\":\"7-1203\",\"building\":{\"id\":7,\"code\":\"7\"},\"floor\":12,\"room\":\"03\"}",
		"{\"rows\":[{\"id\":1,\"display_name\":\"陳美玲\",\"kind\":\"owner\",\"opened\":\"2024-12-22\"}],\"next\":null}"};

	(void)state;
	assert_true(make("file", "catalogue_card", ROLE_FD, answers, 3));
	assert_printable();
	assert_shows("Building                7\n");
	assert_shows("Room                    03\n");
	assert_shows("陳美玲");
}

static void a_refused_answer_hides_and_does_not_lie(void **state)
{
	const char *answers[] = {file_row("Move-in", "\"B7\"", ""), NULL, NULL};

	(void)state;
	assert_true(make("file", "catalogue_card", ROLE_FD, answers, 3));
	assert_shows("Building                [#]\n");
	assert_shows("Households [#]");
}

static void ARC_03_no_drawer_label_without_a_cabinet(void **state)
{
	const char *answers[] = {file_row("Move-in", "null", "")};

	(void)state;
	assert_false(make("file", "drawer_label", ROLE_ACU, answers, 1));
}

static void a_printer_is_told_nothing_by_a_record(void **state)
{
	const char *answers[] = {file_row("\\u001b[2J\\u000c\\u0007 \\u202etitle", "\"B7\"", "")};

	(void)state;
	assert_true(make("file", "bag_label", ROLE_ACU, answers, 1));
	assert_printable();
}

static void an_out_card_is_of_a_file_that_is_out(void **state)
{
	const char *in[] = {"{\"id\":7,\"state\":\"returned\",\"no\":\"12\",\"card\":5}"};
	const char *late[] = {"{\"id\":7,\"state\":\"overdue\",\"no\":\"12\",\"card\":5,\"file\":{\"id\":1,\"code\":\"7-1203/1\"}}"};

	(void)state;
	assert_false(make("loan", "out_card", ROLE_ACU, in, 1));
	buf_done(&out);
	assert_true(make("loan", "out_card", ROLE_ACU, late, 1));
	assert_printable();
	assert_memory_equal(out.data, "7-1203/1 ", 9);
	assert_shows("Out-card no.            5\n");
}

static void in_every_language_it_fits(void **state)
{
	const char *answers[] = {"{\"id\":7,\"state\":\"issued\",\"no\":\"12\",\"card\":5,\"file\":{\"id\":1,\"code\":\"7-1203/1\"},\"due\":\"2026-11-25T10:30:00Z\",\"requester\":{\"id\":1,\"code\":\"w017\",\"name\":\"Lê Văn\"}}"};
	const struct book *book = book_find("loan");

	(void)state;
	i18n_open(LODGE_BUILD "/locale");
	for (size_t l = 0; i18n_langs[l] != NULL; l++)
		for (size_t i = 0; i < book->nslips; i++) {
			lang = i18n_langs[l];
			buf_done(&out);
			assert_true(make("loan", book->slips[i].name, ROLE_ACU, answers, 1));
			assert_printable();
			assert_shows(tr(book->slips[i].title));
			assert_shows(tr("Borrower"));
		}
	lang = "en";
}

static void X_17_one_form_bears_the_title_of_its_record(void **state)
{
	const char *answers[] = {"{\"id\":7,\"state\":\"submitted\",\"no\":\"17\",\"form_kind\":\"power_slip\",\"place\":\"配电房\",\"details\":\"3 号馈线跳闸\",\"masked\":[]}"};

	(void)state;
	assert_true(make("incident", "report", ROLE_NM, answers, 1));
	assert_printable();
	assert_shows("Power-failure slip\n");
	assert_shows("Centre manager");
	assert_shows("3 号馈线跳闸");
}

static void INC_06_an_empty_form_has_room_for_a_hand(void **state)
{
	const struct book *book = book_find("incident");
	struct slip_job *job = slip_job_new(book, book_slip(book, "report"), 0, NULL, ROLE_UNSET);
	struct buf method;

	(void)state;
	buf_init(&method, 128);
	buf_init(&out, SLIP_TEXT_MAX);
	slip_job_blank(job);
	assert_false(slip_job_next(job, &method, &method));
	slip_job_write(job, &out, "w010");
	slip_job_free(job);
	buf_done(&method);
	assert_printable();
	assert_shows("Incident Report\n");
	assert_shows("Severity                [\u00a0]\u00a0General   [\u00a0]\u00a0Major\n");
	assert_shows("Place                   ______");
	assert_shows("Police file             ______");
	assert_null(strstr(out.data, "[#]"));
}

static void INC_07_the_register_is_of_the_whole_book(void **state)
{
	const char *answers[] = {"{\"rows\":[{\"id\":1,\"no\":\"1\",\"kind\":\"water\",\"place\":\"7-b1\",\"severity\":\"major\",\"state\":\"voided\",\"masked\":[]}],\"next\":null}"};

	(void)state;
	assert_true(make("incident", "register", ROLE_HR, answers, 1));
	assert_printable();
	assert_shows("Incident Report Register\n");
	assert_shows("Incidents (1)");
	assert_shows("Water leak");
	assert_shows("Void");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(ARC_02_the_code_stands_in_the_top_left_corner, tear_down),
		cmocka_unit_test_teardown(long_texts_go_on_in_the_next_line_and_lose_nothing, tear_down),
		cmocka_unit_test_teardown(what_is_locked_is_locked_on_paper, tear_down),
		cmocka_unit_test_teardown(rows_that_a_role_does_not_read_are_not_an_empty_file, tear_down),
		cmocka_unit_test_teardown(ARC_05_two_hundred_documents_come_page_by_page, tear_down),
		cmocka_unit_test_teardown(ARC_04_the_catalogue_card_names_building_room_and_owner, tear_down),
		cmocka_unit_test_teardown(a_refused_answer_hides_and_does_not_lie, tear_down),
		cmocka_unit_test_teardown(ARC_03_no_drawer_label_without_a_cabinet, tear_down),
		cmocka_unit_test_teardown(a_printer_is_told_nothing_by_a_record, tear_down),
		cmocka_unit_test_teardown(an_out_card_is_of_a_file_that_is_out, tear_down),
		cmocka_unit_test_teardown(in_every_language_it_fits, tear_down),
		cmocka_unit_test_teardown(X_17_one_form_bears_the_title_of_its_record, tear_down),
		cmocka_unit_test_teardown(INC_06_an_empty_form_has_room_for_a_hand, tear_down),
		cmocka_unit_test_teardown(INC_07_the_register_is_of_the_whole_book, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
