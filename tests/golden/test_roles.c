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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rights_of_every_role_are_the_reviewed_ones),
		cmocka_unit_test(no_role_lists_a_locked_field),
	};
	return cmocka_run_group_tests(tests, policy_up, policy_down);
}
