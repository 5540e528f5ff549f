/*
 * test_desk_crowds.c - what is larger or stranger than a day at the desk: a file of 200 papers, a
 * household of 40, a note of 4,000 characters, a name of 400 marks. Neither a screen nor an export
 * breaks: list, record, form, CSV, PDF; 80x24, smaller, and resized.
 *
 * Not for: speed (tests/bench). Trap: what is made stays in the estate; each run makes its own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/screen/desk.h"
#include "tests/screen/estate.h"

enum { OUT_MAX = 4 << 20, IN_MAX = 60 * 1024, PAPERS = 200, PERSONS = 40, MARKS = 400, NOTE = 4000 };

static char out[OUT_MAX];

static int wipe_drafts(void **state)
{
	(void)state;
	estate_cell("DELETE FROM draft");
	return 0;
}

#define LODGE(who, ...) desk_run(who, "lodge-demo", "", (const char *const[]){__VA_ARGS__, NULL}, out, sizeof(out))

/* Many requests of the custodian in one session; all of them must succeed. */
static void ask_all(const char *lines)
{
	assert_int_equal(desk_run("custodian", "lodge-demo", lines, (const char *const[]){"call", "-", NULL}, out, sizeof(out)), 0);
	if (strstr(out, "{\"error\":") != NULL)
		fail_msg("%.400s", strstr(out, "{\"error\":"));
}

/* The screen is whole: a title, a footer that ends with the help key, no row that runs over. */
static void is_whole(struct vt *vt)
{
	for (int i = 0; i < 100 && strstr(vt_row(vt, vt_rows(vt) - 1), "? keys") == NULL; i++)
		vt_settle(vt, 20, 100);
	assert_non_null(strstr(vt_row(vt, vt_rows(vt) - 1), "? keys"));
	assert_int_equal(strncmp(vt_row(vt, 0), " Lodge", 6), 0);
}

/* The same screen at other sizes, and back. */
static void resize(struct vt *vt, const char *shown)
{
	static const int sizes[][2] = {{40, 132}, {24, 80}, {10, 40}, {24, 79}, {1, 1}, {60, 200}, {24, 80}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		vt_resize(vt, sizes[i][0], sizes[i][1]);
		vt_settle(vt, 60, 2000);
		if (sizes[i][0] >= 24 && sizes[i][1] >= 80) {
			desk_see(vt, shown);
			is_whole(vt);
		} else if (sizes[i][1] >= 30) {
			desk_see(vt, "Need 80x24");
		}
	}
}

static void a_file_of_200_papers_is_read_to_its_end(void **state)
{
	static char lines[IN_MAX];
	const char *unit = estate_cell("SELECT code FROM unit WHERE code LIKE '5-%%' ORDER BY random() LIMIT 1");
	size_t n = 0;
	char file[40], line[80];
	struct vt *vt;

	(void)state;
	snprintf(file, sizeof(file), "%s/%lld", unit, (long long)(estate_number("SELECT count(*) FROM file WHERE code LIKE '%s/%%'", unit) + 1));
	n += (size_t)snprintf(lines, sizeof(lines), "file.register {\"code\":\"%s\",\"class\":\"household\",\"unit\":\"%s\","
		"\"title\":\"crowd\"}\n", file, unit);
	for (int i = 1; i <= PAPERS; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n, "document.place {\"file\":\"%s\",\"type\":\"maintenance\",\"title\":\"维修记录 giấy thứ %d\"}\n", file, i);
	ask_all(lines);
	vt = desk_open("custodian", "en", NULL);
	desk_type(vt, "</>");
	vt_puts(vt, file);
	desk_type(vt, "<Enter>");
	desk_see(vt, "(200)");
	is_whole(vt);
	desk_type(vt, "<End>");
	desk_see(vt, "giấy thứ 200");
	resize(vt, "giấy thứ 200");
	for (int i = 0; i < 30 && !desk_shows(vt, "giấy thứ 1 "); i++)
		desk_type(vt, "<PgUp>");
	desk_see(vt, "giấy thứ 1 ");
	desk_type(vt, "<End><Enter>");
	desk_see(vt, "Documents > ");
	desk_close(vt);
	snprintf(line, sizeof(line), "%s", file);
	assert_int_equal(LODGE("custodian", "document", "list", "--file", line, "--limit", "200", "--json"), 0);
	assert_non_null(strstr(out, "giấy thứ 200"));
}

static void a_household_of_40_is_shown_and_printed_whole(void **state)
{
	static char lines[IN_MAX];
	const char *mark = estate_mark(), *unit = estate_cell("SELECT code FROM unit WHERE code LIKE '9-%%' ORDER BY random() LIMIT 1");
	char path[] = "/tmp/lodge_crowd_XXXXXX", pdf[64], area[16];
	long long household;
	size_t n = 0;
	struct vt *vt;

	(void)state;
	snprintf(lines, sizeof(lines), "household.register {\"unit\":\"%s\",\"kind\":\"owner\",\"display_name\":\"%s\"}\n", unit, mark);
	ask_all(lines);
	household = (long long)estate_number("SELECT id FROM household WHERE display_name = '%s'", mark);
	for (int i = 1; i <= PERSONS; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n, "person.add {\"household\":%lld,\"name\":\"Nguyễn Thị Hương 秦%s %d\","
			"\"relation\":\"child\",\"mobile\":\"09%08d\"}\n", household,
			i == 7 ? "小霖小霖小霖小霖小霖小霖小霖小霖小霖小霖小霖小霖" : "小霖", i, i);
	ask_all(lines);
	vt = desk_open("css", "en", NULL);
	desk_type(vt, "</>");
	vt_puts(vt, mark);
	desk_type(vt, "<Enter>");
	desk_see(vt, "Persons (40)");
	is_whole(vt);
	for (int i = 0; i < 60 && !desk_shows(vt, "小霖 40 "); i++)
		desk_type(vt, "<Down>");
	desk_see(vt, "小霖 40 ");
	resize(vt, "小霖 40 ");
	desk_close(vt);
	/* On paper: a controlled copy of its area. */
	assert_non_null(mkdtemp(path));
	snprintf(pdf, sizeof(pdf), "%s/copy.pdf", path);
	snprintf(area, sizeof(area), "%s", estate_cell("SELECT area::text FROM household WHERE id = %lld", household));
	assert_int_equal(LODGE("custodian", "copy", "issue", "--tier", "cs", "--area", area, "--recipient", "css", "--to", pdf), 0);
	assert_true(estate_number("SELECT count(*) FROM event WHERE book = 'copy' AND op = 'issue' AND result = 'ok'") > 0);
	{
		FILE *f = fopen(pdf, "r");
		char head[8] = "";

		assert_non_null(f);
		assert_int_equal(fread(head, 1, 5, f), 5);
		fclose(f);
		assert_string_equal(head, "%PDF-");
	}
	unlink(pdf);
	rmdir(path);
}

static void a_name_of_400_marks_is_refused_and_breaks_nothing(void **state)
{
	static char name[2 * MARKS + 16], json[2 * MARKS + 400];
	struct vt *vt;

	(void)state;
	name[0] = 'a';
	for (int i = 0; i < MARKS; i++)
		memcpy(name + 1 + 2 * i, "\xcc\x81", 3);
	snprintf(json, sizeof(json), "{\"household\":%lld,\"name\":\"%s\",\"relation\":\"child\"}",
		(long long)estate_number("SELECT min(id) FROM household"), name);
	assert_string_equal(desk_text(node_get(desk_ask("custodian", "person.add", json), "data"), "code"), "invalid");
	vt = desk_open("desk", "en", NULL);
	/* Typed and pasted, in a field, a box, a filter, a list of choices. */
	desk_type(vt, "</>");
	vt_paste(vt, name, strlen(name));
	vt_settle(vt, 100, 2000);
	is_whole(vt);
	desk_type(vt, "<Enter><Esc>:");
	vt_puts(vt, name);
	vt_settle(vt, 100, 2000);
	is_whole(vt);
	desk_type(vt, "<Esc>:unit<Enter></>");
	vt_puts(vt, name);
	vt_settle(vt, 100, 2000);
	is_whole(vt);
	desk_type(vt, "<Esc><Esc><b>7-1203/1<Tab><Tab>1<Tab><Tab>");
	desk_see(vt, "Borrow a file");
	vt_paste(vt, name, strlen(name));
	vt_settle(vt, 100, 2000);
	is_whole(vt);
	desk_type(vt, "<F2>");
	vt_settle(vt, 100, 2000);
	resize(vt, "Borrow a file");
	desk_type(vt, "<Esc>");
	desk_see(vt, "QUEUES");
	desk_close(vt);
}

static void a_note_of_4000_characters_is_read_whole_and_exported(void **state)
{
	static char note[3 * NOTE + 64], json[4 * NOTE + 400];
	char cell[80];
	const char *mark = estate_mark();
	long long id;
	size_t n = (size_t)snprintf(note, sizeof(note), "=SUM(1;2),\\\"%s\\\"\\n", mark);
	struct vt *vt;

	(void)state;
	/* The escapes count as one character each: three of them were written as two. */
	for (size_t i = n - 3; i < NOTE - 5; i++)
		n += (size_t)snprintf(note + n, sizeof(note) - n, "%s", i % 7 == 0 ? " " : i % 3 == 0 ? "纸" : "ờ");
	snprintf(note + n, sizeof(note) - n, " END.");
	snprintf(json, sizeof(json), "{\"papers\":\"%s\",\"pieces\":9}", note);
	id = (long long)desk_number(desk_ask("desk", "paper_handover.hand", json), "id");
	assert_true(id > 0);
	assert_int_equal(estate_number("SELECT char_length(papers) FROM paper_handover WHERE id = %lld", id), NOTE);
	vt = desk_open("custodian", "en", NULL);
	desk_type(vt, ":paper_handover<Enter>");
	desk_see(vt, "=SUM(1;2)");
	is_whole(vt);
	resize(vt, "=SUM(1;2)");
	desk_type(vt, "<Enter>");
	desk_see(vt, "Papers handed over > ");
	for (int i = 0; i < 20 && !desk_shows(vt, "END."); i++)
		desk_type(vt, "<Down>");
	desk_see(vt, "END.");
	is_whole(vt);
	resize(vt, "Papers handed over > ");
	for (int i = 0; i < 40 && !desk_shows(vt, mark); i++)
		desk_type(vt, "<Up>");
	desk_see(vt, mark);
	desk_close(vt);
	snprintf(cell, sizeof(cell), "\"\"%s\"\"", mark);
	assert_int_equal(LODGE("custodian", "paper_handover", "list", "--sort", "-id", "--csv"), 0);
	assert_non_null(strstr(out, cell));
	assert_null(strstr(out, ",\"=SUM"));
	assert_non_null(strstr(out, " END.\""));
}

static void a_long_list_of_choices_scrolls_with_the_chosen_one(void **state)
{
	struct vt *vt = desk_open("custodian", "en", NULL);

	(void)state;
	desk_type(vt, ":document place<Enter>");
	desk_see(vt, "Place a document");
	desk_type(vt, "7-1203/1<Tab><Tab>");
	desk_see(vt, "1 Management agreement");
	for (int i = 0; i < 25; i++)
		desk_type(vt, "<Right>");
	desk_see(vt, ">   ");
	assert_false(desk_shows(vt, "1 Management agreement"));
	is_whole(vt);
	vt_resize(vt, 40, 100);
	desk_see(vt, ">   ");
	is_whole(vt);
	vt_resize(vt, 24, 80);
	desk_type(vt, "fire l");
	desk_see(vt, "[Fire letter");
	desk_see(vt, "> 7 Fire letter");
	desk_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_of_200_papers_is_read_to_its_end, wipe_drafts),
		cmocka_unit_test_setup(a_household_of_40_is_shown_and_printed_whole, wipe_drafts),
		cmocka_unit_test_setup(a_name_of_400_marks_is_refused_and_breaks_nothing, wipe_drafts),
		cmocka_unit_test_setup(a_note_of_4000_characters_is_read_whole_and_exported, wipe_drafts),
		cmocka_unit_test_setup(a_long_list_of_choices_scrolls_with_the_chosen_one, wipe_drafts),
	};
	int failed;

	desk_need_stack();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	estate_close();
	return failed;
}
