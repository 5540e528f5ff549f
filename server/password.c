/*
 * password.c - a new password: judged, derived twice on the helper thread, changed by the pen.
 *
 * Salt (pen) → K of the old one → K of the new one under a fresh salt → op.session_password, which
 * compares inside PostgreSQL and ends the person's other sessions. Not for: unlocking. Trap: both
 * passwords and both keys are wiped on every way out; answering may free everything here.
 */
#include "server/password.h"

#include <ctype.h>
#include <string.h>

#include "common/i18n.h"
#include "server/loop.h"
#include "server/session.h"
#include "server/signin.h"

enum { LEAST = 8, MOST = 128, NAME_LEAST = 3 };

/* What is tried first, without its figures: "Password123!" is "password" here. */
static const char *const common[] = {
	"password", "passwort", "passw0rd", "pass", "qwerty", "qwertyuiop", "qwertyui", "asdfghjk", "asdfghjkl",
	"zxcvbnm", "letmein", "welcome", "admin", "administrator", "iloveyou", "woaini", "monkey", "dragon",
	"football", "baseball", "sunshine", "princess", "abc", "abcd", "abcdefg", "abcdefgh", "changeme", "secret",
	"qazwsx", "qazwsxedc", "lodge", "matkhau", "mima", "test", "user", "guest", "login", "master", "anhyeuem",
};

/* Letters and figures only, in small letters; figures at the end are taken off when wanted. */
static void plain(const char *text, bool off, char *out, size_t cap)
{
	size_t n = 0;
	for (; *text != '\0' && n + 1 < cap; text++)
		if (isalnum((unsigned char)*text) || (unsigned char)*text >= 0x80)
			out[n++] = (char)tolower((unsigned char)*text);
	while (off && n > 0 && isdigit((unsigned char)out[n - 1]))
		n--;
	out[n] = '\0';
}

/* "aaaaaaaa", "12345678", "87654321": every step between neighbours is the same small one. */
static bool is_run(const char *text)
{
	int step = text[1] - text[0];
	for (size_t i = 1; text[i] != '\0'; i++)
		if (text[i] - text[i - 1] != step)
			return false;
	return step >= -1 && step <= 1;
}

/* The person's name, sign-in name or number, with or without figures around it. */
static bool names_person(const struct session *s, const char *wanted)
{
	const char *const names[] = { s->login, s->work_no, s->name };
	char text[2 * MOST], name[sizeof(s->name)];
	plain(wanted, false, text, sizeof(text));
	for (size_t i = 0; i < NITEMS(names); i++) {
		plain(names[i], false, name, sizeof(name));
		if (strlen(name) >= NAME_LEAST && strstr(text, name) != NULL)
			return true;
	}
	return false;
}

const char *password_fault(const struct session *s, const char *old, const char *wanted)
{
	char text[2 * MOST];
	size_t len = strlen(wanted);
	if (len < LEAST || len > MOST)
		return N_("A password has 8 to 128 bytes.");
	if (strcmp(old, wanted) == 0)
		return N_("This is the old password.");
	if (names_person(s, wanted))
		return N_("The password may not hold your name or number.");
	plain(wanted, true, text, sizeof(text));
	bool is_common = is_run(wanted) || text[0] == '\0';
	for (size_t i = 0; i < NITEMS(common) && !is_common; i++)
		is_common = strcmp(text, common[i]) == 0;
	return is_common ? N_("This password is among the first that anybody tries.") : NULL;
}

static void changed(struct signin *in, const struct rows *rows, enum err result)
{
	(void)rows;
	if (result == OK) {
		in->rq->session->unlocked = loop_now();
		signin_done(in);
	} else if (result == ERR_FORBIDDEN) {
		signin_fail(in, result, N_("The old password is wrong."), 0);
	} else {
		signin_fail(in, result, result == ERR_BUSY ? N_("Too many wrong passwords; wait a moment.") : NULL, 1);
	}
}

static void new_keyed(struct signin *in)
{
	const char *const params[] = { in->rq->session->token_hex, in->old_key, in->job.salt, in->job.params, in->job.key };
	signin_call(in, "SELECT op.session_password($1,$2,$3,$4,$5)", NITEMS(params), params, changed);
}

static void old_keyed(struct signin *in)
{
	memcpy(in->old_key, in->job.key, sizeof(in->old_key));
	auth_salt(in->job.salt, in->job.params);
	signin_key(in, node_str(node_get(in->rq->params, "new")), new_keyed);
}

void password_change(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "old", .type = NODE_STRING, .needed = true, .max = AUTH_PASSWORD_MAX },
		{ .name = "new", .type = NODE_STRING, .needed = true, .max = AUTH_PASSWORD_MAX },
	};
	struct signin *in = signin_new(rq, members, NITEMS(members));
	if (in == NULL)
		return;
	const char *old = node_str(node_get(rq->params, "old"));
	const char *fault = password_fault(rq->session, old, node_str(node_get(rq->params, "new")));
	if (fault != NULL)
		members_refuse(rq, "new", fault);
	else
		signin_derive(in, rq->session->work_no, old, old_keyed);
}
