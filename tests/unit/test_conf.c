/*
 * test_conf.c - configuration files that must stop the start, each with its file and line.
 * Not for: the house's own settings. Trap: every complaint is compared whole, so its wording is
 * part of what is tested.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/conf.h"

static int64_t port, delay;
static bool debug;
static char *name, *mode;
static struct conf_words hosts;
static const char *const modes[] = { "soft", "hard", NULL };

static const struct conf_key keys[] = {
	{ .path = "server.port", .type = CONF_INT, .min = 1, .max = 65535, .def = "5432", .out = &port },
	{ .path = "server.name", .type = CONF_STRING, .max = 8, .def = "lodge", .out = &name },
	{ .path = "server.deep.debug", .type = CONF_BOOL, .def = "false", .out = &debug },
	{ .path = "mode", .type = CONF_WORD, .choices = modes, .def = "soft", .out = &mode },
	{ .path = "hosts", .type = CONF_WORDS, .def = "a b", .out = &hosts },
	{ .path = "delay", .type = CONF_INT, .min = 0, .max = 10, .unit = "s", .def = NULL, .out = &delay },
};

static char folder[] = "/tmp/lodge_conf_XXXXXX";
static char file[64];
static struct buf errors;

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/x.conf", folder);
	buf_init(&errors, 64 * 1024);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	conf_free(keys, NITEMS(keys));
	conf_free(keys, NITEMS(keys));
	buf_done(&errors);
	unlink(file);
	rmdir(folder);
	return 0;
}

static void write_file(const char *text, size_t n)
{
	FILE *f = fopen(file, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
	assert_int_equal(chmod(file, 0644), 0);
	buf_reset(&errors);
}

static void loads(const char *text)
{
	write_file(text, strlen(text));
	if (conf_load(file, keys, NITEMS(keys), &errors) != OK)
		fail_msg("%s", errors.data);
	assert_int_equal(errors.len, 0);
}

/* expected: the complaints, each without the file's name. */
static void fails_n(const char *text, size_t n, const char *expected)
{
	char seen[4000] = "";
	write_file(text, n);
	assert_int_equal(conf_load(file, keys, NITEMS(keys), &errors), ERR_INVALID);
	for (char *line = errors.data, *end; (end = strchr(line, '\n')); line = end + 1) {
		assert_int_equal(strncmp(line, file, strlen(file)), 0);
		size_t used = strlen(seen);
		snprintf(seen + used, sizeof(seen) - used, "%.*s", (int)(end - line - (long)strlen(file) + 1),
			line + strlen(file));
	}
	assert_string_equal(seen, expected);
}

static void fails(const char *text, const char *expected)
{
	fails_n(text, strlen(text), expected);
}

static void a_sound_file_sets_every_variable(void **state)
{
	(void)state;
	loads("# hosts\nserver: { port = 0x10; name = \"nhà\"; deep: { debug = true; }; };\n"
		"mode = \"hard\"; hosts = [ \"c\", \"d-1\" ]; delay = 3; // 4294967297\n/* 99999999999 */");
	assert_int_equal(port, 16);
	assert_string_equal(name, "nhà");
	assert_true(debug);
	assert_string_equal(mode, "hard");
	assert_int_equal(hosts.n, 2);
	assert_string_equal(hosts.word[1], "d-1");
	assert_int_equal(delay, 3);
}

static void defaults_fill_what_is_left_out(void **state)
{
	(void)state;
	loads("delay = 0;");
	assert_int_equal(port, 5432);
	assert_string_equal(name, "lodge");
	assert_false(debug);
	assert_string_equal(mode, "soft");
	assert_int_equal(hosts.n, 2);
	assert_string_equal(hosts.word[0], "a");
}

static void wrapped_numbers_are_caught_in_the_raw_text(void **state)
{
	(void)state;
	fails("\n\ndelay = 4294967297;\n", ":3: 4294967297 is too large a number\n");
	fails("delay = 9223372036854775808;", ":1: 9223372036854775808 is too large a number\n");
	fails("delay = 9223372036854775808L;", ":1: 9223372036854775808L is too large a number\n");
	fails("delay = 99999999999999999999999999999999999999999;",
		":1: 99999999999999999999999999999999999999999 is too large a number\n");
	fails("delay = -4294967295;", ":1: -4294967295 is too large a number\n");
	fails("delay = 0x100000001;", ":1: 0x100000001 is too large a number\n");
	fails("delay = 2147483648;", ":1: 2147483648 is too large a number\n");
	fails("hosts = [ 4294967297 ];\ndelay\n=\n4294967298;",
		":1: 4294967297 is too large a number\n:4: 4294967298 is too large a number\n");
	fails("delay = 010;", ":1: 010 starts with a zero, which may be read in two ways\n");
	fails("delay = 4294967297L;", ":1: delay is 4294967297, but must be from 0 to 10 s\n");
	fails("/* 1\n2 */ delay = \"4294967297\\\"\"; x4294967297 = 1;",
		":2: delay must be a whole number\n:2: unknown setting x4294967297\n");
}

static void unknown_settings_are_told_at_any_depth(void **state)
{
	(void)state;
	fails("delay = 1;\nport = 1;", ":2: unknown setting port\n");
	fails("delay = 1;\nserver: {\n prot = 1;\n deep: {\n  debugg = true; }; };",
		":3: unknown setting server.prot\n:5: unknown setting server.deep.debugg\n");
	fails("delay = 1;\nother: { port = 1; };", ":2: unknown setting other\n");
	fails("delay = 1;\nlist = ( { a = 1; } );", ":2: unknown setting list\n");
}

static void wrong_types_are_told_with_their_line(void **state)
{
	(void)state;
	fails("delay = 1;\nserver: {\n port = \"80\";\n name = 7;\n deep: { debug = 1; }; };",
		":3: server.port must be a whole number\n:4: server.name must be a text between quotes\n"
		":5: server.deep.debug must be true or false\n");
	fails("delay = 1.0;", ":1: delay must be a whole number\n");
	fails("delay = 1e3;", ":1: delay must be a whole number\n");
	fails("delay = [ 1 ];", ":1: delay must be a whole number\n");
	fails("delay: { a = 1; };", ":1: delay must be a whole number\n");
	fails("delay = 1;\nserver = 5;", ":2: server must be a group: { name = value; \xe2\x80\xa6 }\n");
	fails("delay = 1;\nserver: { deep = ( 1 ); };",
		":2: server.deep must be a group: { name = value; \xe2\x80\xa6 }\n");
	fails("delay = 1;\nhosts = \"a\";", ":2: hosts must be a list of strings\n");
	fails("delay = 1;\nhosts = ( \"a\", 7 );", ":2: hosts must be a list of strings\n");
}

static void ranges_choices_and_texts_are_judged(void **state)
{
	(void)state;
	fails("delay = 11;", ":1: delay is 11, but must be from 0 to 10 s\n");
	fails("delay = -1;", ":1: delay is -1, but must be from 0 to 10 s\n");
	fails("delay = 1;\nserver: { port = 0; };", ":2: server.port is 0, but must be from 1 to 65535\n");
	fails("delay = 1;\nmode = \"medium\";", ":2: mode: 'medium' is none of: soft, hard\n");
	fails("delay = 1;\nserver: { name = \"123456789\"; };",
		":2: server.name has 9 characters, but must have 0 to 8\n");
	fails("delay = 1;\nserver: { name = \"\\x1b[2J\"; };",
		":2: server.name: Control characters are not allowed.\n");
	fails("delay = 1;\nhosts = [ \"a b\" ];", ":2: hosts: 'a b' is no word\n");
	fails("delay = 1;\nhosts = [ \"a\", \"a\" ];", ":2: hosts: 'a' stands twice\n");
}

static void a_setting_without_a_default_must_be_there(void **state)
{
	(void)state;
	fails("", ":1: delay is missing\n");
	fails("mode = \"hard\";", ":1: delay is missing\n");
}

static void broken_texts_are_told_and_never_crash(void **state)
{
	(void)state;
	char bomb[2000];
	fails("delay = 1;\nmode = ;", ":2: syntax error\n");
	fails("delay = 1;\ndelay = 2;", ":2: duplicate setting name\n");
	fails("delay = 1;\nmode = \"open", ":2: syntax error\n");
	fails("delay = 1;\n@include \"/etc/passwd\"\n", ":2: @include is not allowed: one file, no includes\n");
	fails_n("delay = 1;\0 x = 1;", 18, ":1: Control characters are not allowed.\n");
	fails("delay = 1; # \xe2\x80\xae\n", ":1: Characters that turn the writing direction are not allowed.\n");
	fails("delay = 1;\nmode = \"\xff\";", ":2: the text is not valid UTF-8\n");
	memset(bomb, '(', sizeof(bomb));
	memcpy(bomb, "delay=", 6);
	fails_n(bomb, sizeof(bomb), ":1: ( is nested too deeply\n");
}

static void a_bad_file_changes_nothing(void **state)
{
	(void)state;
	loads("delay = 5; mode = \"hard\";");
	fails("delay = 6; mode = \"soft\"; bogus = 1;", ":1: unknown setting bogus\n");
	assert_int_equal(delay, 5);
	assert_string_equal(mode, "hard");
}

static void a_file_that_others_may_write_or_swap_is_refused(void **state)
{
	(void)state;
	char link[80], long_line[100];
	snprintf(link, sizeof(link), "%s/y.conf", folder);
	loads("delay = 5;");
	assert_int_equal(chmod(file, 0646), 0);
	assert_int_equal(conf_load(file, keys, NITEMS(keys), &errors), ERR_INVALID);
	assert_non_null(strstr(errors.data, "x.conf:1: the file may be written by anybody: chmod o-w\n"));
	assert_int_equal(chmod(file, 0644), 0);
	assert_int_equal(symlink(file, link), 0);
	assert_int_equal(conf_load(link, keys, NITEMS(keys), &errors), ERR_INVALID);
	assert_non_null(strstr(errors.data, "y.conf:1: the file is a symbolic link\n"));
	unlink(link);
	assert_int_equal(mkfifo(link, 0600), 0);
	assert_int_equal(conf_load(link, keys, NITEMS(keys), &errors), ERR_INVALID);
	assert_non_null(strstr(errors.data, "y.conf:1: the file is not a regular file\n"));
	unlink(link);
	assert_int_equal(conf_load(link, keys, NITEMS(keys), &errors), ERR_INVALID);
	assert_non_null(strstr(errors.data, "y.conf:1: No such file or directory\n"));
	FILE *f = fopen(file, "w");
	memset(long_line, '#', sizeof(long_line));
	for (int i = 0; i < 3000; i++)
		fwrite(long_line, 1, sizeof(long_line), f);
	fclose(f);
	assert_int_equal(conf_load(file, keys, NITEMS(keys), &errors), ERR_INVALID);
	assert_non_null(strstr(errors.data, "x.conf:1: the file is larger than 256 KiB\n"));
}

static const char *const roles[] = { "CM", "EM", "GM", NULL };
static const struct conf_column columns[] = {
	{ .name = "act", .type = CONF_WORD, .choices = modes },
	{ .name = "approver", .type = CONF_WORDS, .choices = roles, .def = "" },
	{ .name = "days", .type = CONF_INT, .min = 0, .max = 30, .def = "1" },
	{ .name = "escort", .type = CONF_BOOL, .def = "false" },
	{ .name = "note", .type = CONF_STRING, .def = "" },
};

struct rows {
	int n, lines[8];
	char text[8][200];
};

static enum err keep_row(void *ctx, const struct conf_place *place, const struct conf_cell *c)
{
	struct rows *r = ctx;
	if (c[2].number == 13) {
		conf_complain(place, "days may not be 13");
		return ERR_INVALID;
	}
	r->lines[r->n] = place->line;
	snprintf(r->text[r->n], sizeof(r->text[0]), "%s|%s|%s|%s|%s", c[0].text,
		c[1].given ? c[1].text : "-", c[2].text, c[3].text, c[4].given ? c[4].text : "-");
	assert_true(!c[1].given == !c[1].text);
	assert_non_null(c[1].words);
	assert_null(c[0].words);
	r->n++;
	return OK;
}

static enum err load_rows(const char *text, struct rows *r)
{
	static const struct conf_key top[] = { { .path = "estate.limit", .type = CONF_INT, .def = "3" } };
	const struct conf_table tables[] = {
		{ .path = "estate.loan", .columns = columns, .ncolumns = NITEMS(columns), .row = keep_row, .ctx = r },
		{ .path = "extra", .columns = columns, .ncolumns = 1, .optional = true },
	};
	memset(r, 0, sizeof(*r));
	write_file(text, strlen(text));
	return conf_rows(file, top, NITEMS(top), tables, NITEMS(tables), &errors);
}

static void rows_come_with_their_cells_and_lines(void **state)
{
	(void)state;
	struct rows r;
	assert_int_equal(load_rows("estate: { limit = 2;\nloan = (\n"
		" { act = \"soft\"; approver = [ \"CM\", \"EM\" ]; days = 7; escort = true; note = \"Nguyễn\"; },\n"
		" { act = \"hard\"; },\n { act = \"hard\"; approver = []; }\n); };", &r), OK);
	assert_int_equal(r.n, 3);
	assert_string_equal(r.text[0], "soft|{\"CM\",\"EM\"}|7|true|Nguyễn");
	assert_string_equal(r.text[1], "hard|-|1|false|-");
	assert_string_equal(r.text[2], "hard|{}|1|false|-");
	assert_in_range(r.lines[0], 3, 3);
	assert_in_range(r.lines[1], 4, 4);
}

static void row_fails(const char *row, const char *expected)
{
	char text[1000], whole[1000];
	struct rows r;
	snprintf(text, sizeof(text), "estate: { loan = (\n\n%s\n); };", row);
	assert_int_equal(load_rows(text, &r), ERR_INVALID);
	assert_int_equal(r.n, 0);
	snprintf(whole, sizeof(whole), "%s:3: %s\n", file, expected);
	assert_string_equal(errors.data, whole);
}

static void bad_rows_are_told_with_their_line(void **state)
{
	(void)state;
	struct rows r;
	row_fails("{ days = 1; }", "act is missing");
	row_fails("{ act = \"soft\"; day = 1; }", "unknown setting day in a row of estate.loan");
	row_fails("{ act = \"soft\"; days = \"1\"; }", "days must be a whole number");
	row_fails("{ act = \"soft\"; days = 31; }", "days is 31, but must be from 0 to 30");
	row_fails("{ act = \"soft\"; days = 4294967297; }", "4294967297 is too large a number");
	row_fails("{ act = \"soft\"; approver = [ \"XX\" ]; }", "approver: 'XX' is none of: CM, EM, GM");
	row_fails("{ act = \"soft\"; days = 13; }", "days may not be 13");
	row_fails("5", "a row of estate.loan must be a group: { name = value; \xe2\x80\xa6 }");
	assert_int_equal(load_rows("estate: { };", &r), ERR_INVALID);
	assert_non_null(strstr(errors.data, ":1: estate.loan is missing\n"));
	assert_int_equal(load_rows("estate: { loan: { act = \"soft\"; }; };", &r), ERR_INVALID);
	assert_non_null(strstr(errors.data, "estate.loan must be a list of rows"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_file_sets_every_variable),
		cmocka_unit_test(defaults_fill_what_is_left_out),
		cmocka_unit_test(wrapped_numbers_are_caught_in_the_raw_text),
		cmocka_unit_test(unknown_settings_are_told_at_any_depth),
		cmocka_unit_test(wrong_types_are_told_with_their_line),
		cmocka_unit_test(ranges_choices_and_texts_are_judged),
		cmocka_unit_test(a_setting_without_a_default_must_be_there),
		cmocka_unit_test(broken_texts_are_told_and_never_crash),
		cmocka_unit_test(a_bad_file_changes_nothing),
		cmocka_unit_test(a_file_that_others_may_write_or_swap_is_refused),
		cmocka_unit_test(rows_come_with_their_cells_and_lines),
		cmocka_unit_test(bad_rows_are_told_with_their_line),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
