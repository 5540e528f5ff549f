/*
 * password.c - a new password: judged, derived twice on the helper thread, changed by the pen.
 *
 * Salt (pen) → K of the old one → K of the new one under a fresh salt → op.session_password, which
 * compares inside PostgreSQL and ends the person's other sessions. Not for: unlocking. Trap: both
 * passwords and both keys are wiped on every way out; answering may free everything here.
 */
#include "server/password.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/i18n.h"
#include "server/auth.h"
#include "server/lane.h"
#include "server/loop.h"
#include "server/members.h"
#include "server/peer.h"
#include "server/session.h"

enum { LEAST = 8, MOST = 128, NAME_LEAST = 3, PARAMS = 5 };

/* What is tried first, without its figures: "Password123!" is "password" here. */
static const char *const common[] = {
	"password", "passwort", "passw0rd", "pass", "qwerty", "qwertyuiop", "qwertyui", "asdfghjk", "asdfghjkl",
	"zxcvbnm", "letmein", "welcome", "admin", "administrator", "iloveyou", "woaini", "monkey", "dragon",
	"football", "baseball", "sunshine", "princess", "abc", "abcd", "abcdefg", "abcdefgh", "changeme", "secret",
	"qazwsx", "qazwsxedc", "lodge", "matkhau", "mima", "test", "user", "guest", "login", "master", "anhyeuem",
};

struct change {
	struct request *rq;
	struct auth_job job;
	struct call call;
	struct stmt stmt;
	const char *params[PARAMS];
	char old_key[AUTH_BYTEA_MAX], salt[AUTH_BYTEA_MAX], cost[AUTH_PARAMS_MAX];
	void (*answered)(struct change *, const struct rows *);
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

static void change_fail(struct change *change, enum err code, const char *message, int retry_after)
{
	auth_job_wipe(&change->job);
	explicit_bzero(change->old_key, sizeof(change->old_key));
	request_fault(change->rq, &(struct fault){ .code = code, .message = message, .retry_after = retry_after });
}

static void answered_cb(struct call *call, const struct rows *const *rows, enum err err, const char *sqlstate)
{
	(void)sqlstate;
	struct change *change = call->ctx;
	if (err != OK)
		change_fail(change, err == ERR_INVALID ? ERR_REFUSED : err, NULL, err == ERR_BUSY ? 1 : 0);
	else
		change->answered(change, rows[0]);
}

static void change_call(struct change *change, const char *sql, int nparams,
	void (*answered)(struct change *, const struct rows *))
{
	change->answered = answered;
	change->stmt = (struct stmt){ .sql = sql, .nparams = nparams, .params = change->params };
	change->call = (struct call){ .stmts = &change->stmt, .nstmts = 1, .done = answered_cb, .ctx = change };
	enum err err = lane_submit(LANE_PEN, &change->call);
	if (err != OK)
		change_fail(change, err, NULL, 1);
}

static void changed(struct change *change, const struct rows *rows)
{
	const char *result = rows_get(rows, 0, 0);
	enum err err = result != NULL ? err_of_word(result) : ERR_INDETERMINATE;
	struct session *s = change->rq->session;
	if (err == OK) {
		auth_job_wipe(&change->job);
		explicit_bzero(change->old_key, sizeof(change->old_key));
		s->unlocked = loop_now();
		request_result(change->rq, "{}", 2);
	} else if (err == ERR_FORBIDDEN) {
		change_fail(change, err, N_("The old password is wrong."), 0);
	} else {
		change_fail(change, err, err == ERR_BUSY ? N_("Too many wrong passwords; wait a moment.") : NULL, 1);
	}
}

static void derive(struct change *change, const char *password, void (*done)(struct auth_job *))
{
	snprintf(change->job.password, sizeof(change->job.password), "%s", password);
	change->job.done = done;
	change->job.ctx = change;
	if (auth_submit(&change->job) != OK)
		change_fail(change, ERR_BUSY, N_("Many people are signing in; try again in a moment."), 1);
}

static bool went_well(struct change *change)
{
	if (change->job.err == OK && request_is_wanted(change->rq))
		return true;
	change_fail(change, change->job.err != OK ? ERR_BUSY : ERR_INDETERMINATE, NULL, 1);
	return false;
}

static void new_keyed(struct auth_job *job)
{
	struct change *change = job->ctx;
	if (!went_well(change))
		return;
	change->params[0] = change->rq->session->token_hex;
	change->params[1] = change->old_key;
	change->params[2] = change->salt;
	change->params[3] = change->cost;
	change->params[4] = job->key;
	change_call(change, "SELECT op.session_password($1,$2,$3,$4,$5)", 5, changed);
}

static void old_keyed(struct auth_job *job)
{
	struct change *change = job->ctx;
	if (!went_well(change))
		return;
	memcpy(change->old_key, job->key, sizeof(change->old_key));
	auth_salt(change->salt, change->cost);
	memcpy(job->salt, change->salt, sizeof(job->salt));
	memcpy(job->params, change->cost, sizeof(job->params));
	derive(change, node_str(node_get(change->rq->params, "new")), new_keyed);
}

static void salted(struct change *change, const struct rows *rows)
{
	const char *salt = rows_get(rows, 0, 0), *cost = rows_get(rows, 0, 1);
	snprintf(change->job.salt, sizeof(change->job.salt), "%s", salt != NULL ? salt : "");
	snprintf(change->job.params, sizeof(change->job.params), "%s", cost != NULL ? cost : "");
	derive(change, node_str(node_get(change->rq->params, "old")), old_keyed);
}

void password_change(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "old", .type = NODE_STRING, .needed = true, .max = AUTH_PASSWORD_MAX },
		{ .name = "new", .type = NODE_STRING, .needed = true, .max = AUTH_PASSWORD_MAX },
	};
	struct issue issues[2] = { { .field = "new" } };
	if (!members_check(rq, members, NITEMS(members)))
		return;
	issues[0].message = password_fault(rq->session, node_str(node_get(rq->params, "old")),
		node_str(node_get(rq->params, "new")));
	if (issues[0].message != NULL) {
		request_fault(rq, &(struct fault){ .code = ERR_INVALID, .issues = issues });
		return;
	}
	struct change *change = arena_alloc(rq->arena, sizeof(*change));
	if (change == NULL) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return;
	}
	change->rq = rq;
	change->params[0] = rq->session->work_no;
	change_call(change, "SELECT * FROM op.session_salt($1)", 1, salted);
}
