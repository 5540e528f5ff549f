/*
 * test_log.c - one happening, one line, whatever its values hold; a refused start says one sentence.
 * Not for: what is worth logging. Trap: standard error is a pipe here, so cmocka's own messages
 * must wait until it is restored.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/log.h"

/* What say() writes to standard error, as one text. */
static char *heard(void (*say)(void))
{
	static char text[32 * 1024];
	int ends[2], old = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	say();
	dup2(old, STDERR_FILENO);
	close(ends[1]);
	close(old);
	ssize_t n = read(ends[0], text, sizeof(text) - 1);
	close(ends[0]);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void say_hostile(void)
{
	log_open("test");
	log_warn("name %s", "x\n2026-01-01T00:00:00.000Z lodged info: forged\x1b]0;pwn\x07\xe2\x80\xae\xff");
}

static void a_value_cannot_forge_a_line_or_reach_the_terminal(void **state)
{
	(void)state;
	char *line = heard(say_hostile);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	for (const char *c = line; *c; c++)
		assert_true(*c == '\n' || (*c >= 0x20 && *c < 0x7f));
	assert_non_null(strstr(line, "Z test warning: name x\\n2026"));
	assert_non_null(strstr(line, "\\u001b]0;pwn\\u0007\\u202e\\ufffd\n"));
}

static void say_much(void)
{
	static char much[30000];
	memset(much, '\x01', sizeof(much) - 1);
	log_info("%s", much);
	log_error("%d", 7);
}

static void a_long_line_is_cut_and_still_ends(void **state)
{
	(void)state;
	char *lines = heard(say_much), *end = strchr(lines, '\n');
	assert_non_null(end);
	assert_non_null(strstr(end, "test error: 7\n"));
}

static void refuse_to_start(void)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		fatal("no %s\nat all", "key");
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

static void a_refused_start_says_one_sentence_and_exits_1(void **state)
{
	(void)state;
	log_open("lodged");
	assert_string_equal(heard(refuse_to_start), "lodged: no key\\nat all\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_cannot_forge_a_line_or_reach_the_terminal),
		cmocka_unit_test(a_long_line_is_cut_and_still_ends),
		cmocka_unit_test(a_refused_start_says_one_sentence_and_exits_1),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
