/*
 * test_roles.c - what each role can see and do, under review as text.
 *
 * `lodged roles ROLE day` is compared with tests/golden/roles/ROLE.txt, the night manager's night with NM.night.txt; UPDATE_GOLDEN=1 writes the
 * files anew, so that whoever changes a level, a role or a clearance sees whom it touches.
 * Not for: whether the database agrees (tests/expected over the wire).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/commands.h"
#include "server/admin/policy.h"
#include "server/admin/roles.h"

enum { TEXT_MAX = 1 << 20 };

const char *command_conf(void)
{
	return "conf";
}

static struct arena *arena;
static struct policy *policy;

static int policy_up(void **state)
{
	struct buf errors;
	(void)state;
	arena = arena_new(4 << 20);
	buf_init(&errors, TEXT_MAX);
	enum err err = policy_read("conf/policy.conf", arena, &policy, &errors);
	fputs(errors.data, stderr);
	buf_done(&errors);
	return err == OK ? 0 : -1;
}

static int policy_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void compare(const char *path, const struct buf *text)
{
	static char kept[TEXT_MAX];
	FILE *file = fopen(path, getenv("UPDATE_GOLDEN") != NULL ? "w+" : "r");
	if (file == NULL)
		fail_msg("%s is missing; UPDATE_GOLDEN=1 writes it", path);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		fwrite(text->data, 1, text->len, file);
		rewind(file);
	}
	size_t n = fread(kept, 1, sizeof(kept), file);
	fclose(file);
	if (n != text->len || memcmp(kept, text->data, n) != 0)
		fail_msg("%s differs from what the role has now; review it with UPDATE_GOLDEN=1 and git diff", path);
}

static void rights_of_every_role_are_the_reviewed_ones(void **state)
{
	(void)state;
	for (int role = ROLE_UNSET + 1, night = 0; role < ROLE_END; night = role == ROLE_NM && night == 0, role += night == 0) {
		struct buf text;
		char path[512];
		buf_init(&text, TEXT_MAX);
		assert_true(roles_text(&text, policy, (enum role)role, night != 0));
		snprintf(path, sizeof(path), "%s/golden/roles/%s%s.txt", LODGE_TESTS, role_word((enum role)role), night != 0 ? ".night" : "");
		compare(path, &text);
		buf_done(&text);
	}
}

static void no_role_lists_a_locked_field(void **state)
{
	(void)state;
	for (int role = ROLE_UNSET + 1, night = 0; role < ROLE_END; night = 1 - night, role += night == 0) {
		struct buf text;
		buf_init(&text, TEXT_MAX);
		assert_true(roles_text(&text, policy, (enum role)role, night != 0));
		assert_null(strstr(text.data, "\tfull\tread"));
		assert_null(strstr(text.data, "\tsealed\tread"));
		buf_done(&text);
	}
}

/* True when the text has this line, whole or up to its end. */
static bool has_line(const struct buf *text, const char *line, size_t len)
{
	for (const char *s = text->data; s != NULL && *s != '\0'; s = strchr(s, '\n'), s += s != NULL)
		if (strncmp(s, line, len) == 0)
			return true;
	return false;
}

/* The part of a line up to its last tab: book, field or operation, level or states. */
static size_t but_how(const char *line, size_t len)
{
	while (len > 0 && line[len - 1] != '\t')
		len--;
	return len;
}

/* OPS-03: at 17:30 the operator's operations and telephones come, at 08:00 they end; everything else stays. */
static void the_night_adds_what_the_operator_may_and_telephones(void **state)
{
	struct buf day, night, operator;
	size_t added = 0;

	(void)state;
	buf_init(&day, TEXT_MAX);
	buf_init(&night, TEXT_MAX);
	buf_init(&operator, TEXT_MAX);
	assert_true(roles_text(&day, policy, ROLE_NM, false) && roles_text(&night, policy, ROLE_NM, true) && roles_text(&operator, policy, ROLE_OP, false));
	for (const char *s = day.data, *end; (end = strchr(s, '\n')) != NULL; s = end + 1)
		assert_true(has_line(&night, s, (size_t)(end - s) + 1));
	for (const char *s = night.data, *end; (end = strchr(s, '\n')) != NULL; s = end + 1) {
		size_t len = (size_t)(end - s) + 1, part = but_how(s, len);

		if (has_line(&day, s, len))
			continue;
		added++;
		if (memmem(s, part, "\tcontact\t", 9) == NULL && (memmem(s, len, "in the night shift, as OP\n", 26) == NULL || !has_line(&operator, s, part)))
			fail_msg("the night adds: %.*s", (int)len, s);
	}
	assert_true(added > 10);
	buf_done(&day);
	buf_done(&night);
	buf_done(&operator);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rights_of_every_role_are_the_reviewed_ones),
		cmocka_unit_test(no_role_lists_a_locked_field),
		cmocka_unit_test(the_night_adds_what_the_operator_may_and_telephones),
	};
	return cmocka_run_group_tests(tests, policy_up, policy_down);
}
