/*
 * test_lookup.c - what cannot be noted for the log is not to be shown.
 *
 * Without a database behind it nothing is ever written, so a session's note fills up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "server/lookup.h"
#include "server/session.h"

/* How many different households of a burst are noted; every answer of true promises the log. */
static size_t noted_of(const struct session *session, size_t burst)
{
	char id[24];
	size_t n = 0;

	for (size_t i = 1; i <= burst; i++) {
		snprintf(id, sizeof(id), "%zu", i);
		n += lookup_saw(session, id);
	}
	return n;
}

static void a_burst_of_readings_is_noted_or_refused(void **state)
{
	const struct session one = {.id = 7}, other = {.id = 8};
	size_t noted;

	(void)state;
	assert_true(lookup_saw(&one, NULL));
	assert_true(lookup_is_ready(&one));
	noted = noted_of(&one, 10000);
	assert_in_range(noted, 200, 9999);
	assert_false(lookup_saw(&one, "10001"));
	assert_true(lookup_saw(&one, "1"));
	assert_false(lookup_is_ready(&one));
	assert_true(lookup_saw(&other, "10001"));
	lookup_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_burst_of_readings_is_noted_or_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
