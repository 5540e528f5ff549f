/*
 * options.c - see options.h: one row per key of lodge.conf, then the environment over it.
 *
 * Not for: key bindings' meaning (keys.c judges them). Trap: a missing lodge.conf is fine, a wrong
 * one stops the start, so that a typing error in it is never a silent default.
 */
#include "client/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


static const char *given(const char *value)
{
	return value != NULL && value[0] != '\0' ? value : NULL;
}

static const char *first_of(const char *variable, const char *value)
{
	const char *env = given(getenv(variable));

	return env != NULL ? env : given(value);
}

static const char *host_name(void)
{
	static char name[65];

	if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0')
		return "terminal";
	return name;
}

/* The password leaves the environment: a copy of ours stays, no child and no /proc reader has it. */
static const char *take_password(void)
{
	static char password[257];
	char *env = getenv("LODGE_PASSWORD");

	if (given(env) == NULL)
		return NULL;
	snprintf(password, sizeof password, "%s", env);
	explicit_bzero(env, strlen(env));
	unsetenv("LODGE_PASSWORD");
	return password;
}

bool options_read(struct options *s)
{
	s->server = first_of("LODGE_SERVER", NULL);
	s->terminal = first_of("LODGE_TERMINAL", NULL);
	if (s->terminal == NULL)
		s->terminal = host_name();
	s->staff = given(getenv("LODGE_STAFF"));
	s->password = take_password();
	s->escape_delay = 50;
	s->lock_minutes = 5;
	s->page_rows = 50;
	s->reveal_seconds = 30;
	return true;
}
