/*
 * signin.c - signing in and out, unlocking, resuming, changing role: calls of the pen in a row.
 *
 * Sign-in is salt (pen) → K (helper thread) → session_open (pen); unlock and step-up are salt → K →
 * session_unlock. The state of a request lies in its arena. Not for: judging a password: that
 * happens inside PostgreSQL. Trap: between two steps the peer may have gone or been told
 * indeterminate; a session that nobody will ever use must then not stay open. Answering may free
 * the request and everything here: it is always the last thing done.
 */
#include "server/signin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/book.h"
#include "common/i18n.h"
#include "server/ask.h"
#include "server/loop.h"
#include "server/message.h"
#include "server/peer.h"
#include "server/session.h"

enum { STAFF_MAX = 64 };

static const char is_over[] = N_("This session is over; sign in again.");
static const char too_many[] = N_("Too many wrong passwords; wait a moment.");

/* --- steps --- */

struct signin *signin_new(struct request *rq, const struct member *members, size_t n)
{
	if (!members_check(rq, members, n))
		return NULL;
	struct signin *in = arena_alloc(rq->arena, sizeof(*in));
	if (in == NULL)
		request_refuse(rq, ERR_NOMEM, NULL);
	else
		in->rq = rq;
	return in;
}

static void signin_wipe(struct signin *in)
{
	auth_job_wipe(&in->job);
	explicit_bzero(in->old_key, sizeof(in->old_key));
}

void signin_done(struct signin *in)
{
	signin_wipe(in);
	request_result(in->rq, "{}", 2);
}

void signin_fail(struct signin *in, enum err code, const char *message, int retry_after)
{
	signin_wipe(in);
	request_fault(in->rq, &(struct fault){ .code = code, .message = message, .retry_after = retry_after });
}

static void answered(void *ctx, const struct rows *rows, enum err err)
{
	struct signin *in = ctx;
	const char *word = err == OK ? rows_get(rows, 0, 0) : NULL;
	if (err != OK)
		signin_fail(in, err == ERR_INVALID ? ERR_REFUSED : err, NULL, err == ERR_BUSY ? 1 : 0);
	else
		in->answered(in, rows, word != NULL ? err_of_word(word) : ERR_INDETERMINATE);
}

void signin_call(struct signin *in, const char *sql, size_t n, const char *const *params,
	void (*then)(struct signin *, const struct rows *, enum err result))
{
	in->answered = then;
	enum err err = ask(LANE_PEN, sql, n, params, answered, in);
	if (err != OK)
		signin_fail(in, err, NULL, 1);
}

static void keyed(struct auth_job *job)
{
	struct signin *in = job->ctx;
	if (job->err != OK)
		signin_fail(in, ERR_BUSY, NULL, 1);
	else if (!request_is_wanted(in->rq))
		signin_fail(in, ERR_INDETERMINATE, NULL, 0);
	else
		in->keyed(in);
}

void signin_key(struct signin *in, const char *password, void (*then)(struct signin *))
{
	snprintf(in->job.password, sizeof(in->job.password), "%s", password);
	in->keyed = then;
	in->job.done = keyed;
	in->job.ctx = in;
	enum err err = auth_submit(&in->job);
	if (err != OK)
		signin_fail(in, err, N_("Many people are signing in; try again in a moment."), 1);
}

static void salted(struct signin *in, const struct rows *rows, enum err result)
{
	(void)result;
	const char *salt = rows_get(rows, 0, 0), *params = rows_get(rows, 0, 1);
	snprintf(in->job.salt, sizeof(in->job.salt), "%s", salt != NULL ? salt : "");
	snprintf(in->job.params, sizeof(in->job.params), "%s", params != NULL ? params : "");
	signin_key(in, in->password, in->keyed);
}

void signin_derive(struct signin *in, const char *staff, const char *password, void (*then)(struct signin *))
{
	in->keyed = then;
	in->password = password;
	signin_call(in, "SELECT * FROM op.session_salt($1)", 1, &staff, salted);
}

static bool lang_is_known(const char *lang)
{
	for (const char *const *l = i18n_langs; *l != NULL; l++)
		if (strcmp(*l, lang) == 0)
			return true;
	return false;
}

/* Takes "lang" and "terminal", which hello and sign_in share. False: answered. */
static bool take_manners(struct request *rq)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";
	const char *lang = node_str(node_get(rq->params, "lang"));
	const char *terminal = node_str(node_get(rq->params, "terminal"));
	if (lang != NULL && !lang_is_known(lang)) {
		members_refuse(rq, "lang", N_("The languages are en, zh_CN, zh_TW and vi."));
		return false;
	}
	if (terminal != NULL && (terminal[0] == '\0' || terminal[strspn(terminal, allowed)] != '\0')) {
		members_refuse(rq, "terminal", N_("A terminal's name has letters, digits and . - _ : only."));
		return false;
	}
	if (lang != NULL)
		peer_set_lang(rq->peer, lang);
	if (terminal != NULL && rq->session == NULL)
		peer_set_terminal(rq->peer, terminal);
	return true;
}

/* --- answers --- */

static void write_array(struct buf *out, const char *name, const char *array)
{
	buf_printf(out, ",\"%s\":[", name);
	buf_put(out, array + 1, strlen(array) - 2); /* {1,2} without its braces */
	buf_puts(out, "]");
}

/* Who is signed in, as members of an object that has members already. */
static void write_session(struct buf *out, const struct session *s, const char *terminal)
{
	buf_printf(out, ",\"session\":%" PRId64 ",\"staff\":{\"id\":%" PRId64, s->id, s->staff);
	buf_json_member(out, "code", s->work_no);
	buf_json_member(out, "name", s->name);
	buf_puts(out, "}");
	buf_json_member(out, "login", s->login);
	buf_json_member(out, "name", s->name);
	buf_json_member(out, "role", role_word(s->role));
	buf_json_member(out, "acts_night", s->acts_night != ROLE_UNSET ? role_word(s->acts_night) : NULL);
	buf_puts(out, ",\"roles\":");
	message_roles(out, s->roles);
	write_array(out, "areas", s->areas);
	write_array(out, "heads", s->heads);
	buf_json_member(out, "level", level_word(session_level(s)));
	buf_printf(out, ",\"locked\":%s", s->locked ? "true" : "false");
	buf_json_member(out, "lang", s->lang);
	buf_json_member(out, "terminal", terminal);
	buf_json_member(out, "timezone", s->timezone);
}

static void answer(struct request *rq, struct buf *json)
{
	if (json->failed)
		request_refuse(rq, ERR_NOMEM, NULL);
	else
		request_result(rq, json->data, json->len);
	buf_done(json);
}

static void answer_session(struct request *rq, const struct session *s, const char *token)
{
	struct buf json;
	buf_init(&json, 64 * 1024);
	buf_printf(&json, "{\"books\":\"%s\"", books_hash());
	if (token != NULL)
		buf_printf(&json, ",\"token\":\"%s\"", token + 2); /* without \x */
	buf_puts(&json, ",\"signed_in\":true");
	write_session(&json, s, peer_terminal(rq->peer));
	buf_puts(&json, "}");
	answer(rq, &json);
}

/* --- methods --- */

/* The session of a row becomes the peer's, with this token. NULL: answered. */
static struct session *adopt(struct signin *in, const struct rows *rows, bool interactive)
{
	struct session *s = session_take(rows);
	if (s == NULL) {
		signin_fail(in, ERR_BUSY, NULL, 1);
		return NULL;
	}
	bool is_new = s->token_hex[0] == '\0';
	s->interactive = interactive;
	memcpy(s->token_hex, in->token, sizeof(s->token_hex));
	snprintf(s->terminal, sizeof(s->terminal), "%s", peer_terminal(in->rq->peer));
	/* A resumed session keeps its language when the client says none. */
	if (is_new || node_get(in->rq->params, "lang") != NULL)
		snprintf(s->lang, sizeof(s->lang), "%s", peer_lang(in->rq->peer));
	s->active = loop_now();
	if (s->interactive)
		session_end_others(s);
	if (request_is_wanted(in->rq))
		peer_attach(in->rq->peer, s);
	else if (s->peers == 0)
		session_detach(s);
	return s;
}

static void opened(struct signin *in, const struct rows *rows, enum err result)
{
	const char *retry = rows_get(rows, 0, 1);
	if (result == OK) {
		struct session *s = adopt(in, rows, in->interactive);
		if (s != NULL) {
			/* Joining gave the password, so the database has unlocked the session. */
			s->locked = false;
			s->unlocked = loop_now();
			answer_session(in->rq, s, in->token);
		}
	} else if (result == ERR_FORBIDDEN) {
		signin_fail(in, result, N_("Name or password is wrong."), 0);
	} else {
		int wait = retry != NULL ? (int)strtol(retry, NULL, 10) : 1;
		signin_fail(in, result, too_many, wait > 0 ? wait : 1);
	}
}

static void open_keyed(struct signin *in)
{
	char hash[AUTH_BYTEA_MAX];
	auth_token(in->token, hash);
	const char *const params[] = { in->staff, in->job.key, peer_terminal(in->rq->peer), hash,
		in->interactive ? "t" : "f" };
	signin_call(in, "SELECT * FROM op.session_open($1,$2,$3,$4,$5)", NITEMS(params), params, opened);
}

void signin_sign_in(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "staff", .type = NODE_STRING, .needed = true, .max = STAFF_MAX },
		{ .name = "password", .type = NODE_STRING, .needed = true, .max = AUTH_PASSWORD_MAX },
		{ .name = "lang", .type = NODE_STRING, .max = 16 },
		{ .name = "script", .type = NODE_BOOL },
		{ .name = "terminal", .type = NODE_STRING, .max = PEER_TERMINAL_MAX - 1 },
	};
	struct signin *in = signin_new(rq, members, NITEMS(members));
	if (in == NULL || !take_manners(rq))
		return;
	const struct node *script = node_get(rq->params, "script");
	in->staff = node_str(node_get(rq->params, "staff"));
	in->interactive = script == NULL || !script->b;
	signin_derive(in, in->staff, node_str(node_get(rq->params, "password")), open_keyed);
}

static void resumed(struct signin *in, const struct rows *rows, enum err result)
{
	const char *word = rows_get(rows, 0, 0);
	bool is_locked = word != NULL && strcmp(word, "session_locked") == 0;
	if (result != OK && !is_locked) {
		signin_fail(in, ERR_FORBIDDEN, is_over, 0);
		return;
	}
	/* Only interactive sessions live without a connection, so only they are resumed. */
	struct session *s = adopt(in, rows, true);
	if (s == NULL)
		return;
	s->locked = is_locked;
	answer_session(in->rq, s, NULL);
}

static void greet(struct request *rq)
{
	struct buf json;
	buf_init(&json, 1024);
	buf_printf(&json, "{\"books\":\"%s\",\"signed_in\":false,\"lang\":\"%s\"}", books_hash(), peer_lang(rq->peer));
	answer(rq, &json);
}

void signin_hello(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "token", .type = NODE_STRING, .max = 2 * TOKEN_BYTES },
		{ .name = "lang", .type = NODE_STRING, .max = 16 },
		{ .name = "terminal", .type = NODE_STRING, .max = PEER_TERMINAL_MAX - 1 },
		{ .name = "active", .type = NODE_BOOL },
	};
	struct signin *in = signin_new(rq, members, NITEMS(members));
	if (in == NULL || !take_manners(rq))
		return;
	const char *token = node_str(node_get(rq->params, "token"));
	const struct node *active = node_get(rq->params, "active");
	if (rq->session != NULL && active != NULL && active->b)
		session_active(rq->session, loop_now());
	if (rq->session != NULL)
		answer_session(rq, rq->session, NULL);
	else if (token == NULL)
		greet(rq);
	else if (auth_token_text(token, in->token) != OK)
		signin_fail(in, ERR_FORBIDDEN, is_over, 0);
	else
		signin_call(in, "SELECT * FROM op.session_resume($1,$2,true)", 2,
			(const char *const[]){ in->token, peer_terminal(rq->peer) }, resumed);
}

static void closed(struct signin *in, const struct rows *rows, enum err result)
{
	(void)rows, (void)result;
	session_over(in->rq->session, in->rq->peer, "signed_out");
	signin_done(in);
}

void signin_sign_out(struct request *rq)
{
	struct signin *in = signin_new(rq, NULL, 0);
	if (in != NULL)
		signin_call(in, "SELECT op.session_close($1)", 1, &(const char *){ rq->session->token_hex }, closed);
}

static void unlocked(struct signin *in, const struct rows *rows, enum err result)
{
	(void)rows;
	struct session *s = in->rq->session;
	if (result == OK) {
		s->locked = false;
		s->unlocked = s->active = loop_now();
		signin_done(in);
	} else if (result == ERR_LOCKED) {
		session_over(s, in->rq->peer, "ended");
		signin_fail(in, ERR_FORBIDDEN, is_over, 0);
	} else if (result == ERR_FORBIDDEN) {
		signin_fail(in, result, N_("The password is wrong."), 0);
	} else {
		signin_fail(in, result, too_many, 1);
	}
}

static void unlock_keyed(struct signin *in)
{
	signin_call(in, "SELECT op.session_unlock($1,$2)", 2,
		(const char *const[]){ in->rq->session->token_hex, in->job.key }, unlocked);
}

void signin_unlock(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "password", .type = NODE_STRING, .needed = true, .max = AUTH_PASSWORD_MAX },
	};
	struct signin *in = signin_new(rq, members, NITEMS(members));
	if (in != NULL)
		signin_derive(in, rq->session->work_no, node_str(node_get(rq->params, "password")), unlock_keyed);
}

static void switched(struct signin *in, const struct rows *rows, enum err result)
{
	struct session *s = result == OK ? session_take(rows) : NULL;
	if (s != NULL)
		answer_session(in->rq, s, NULL);
	else if (result == OK)
		signin_fail(in, ERR_BUSY, NULL, 1);
	else
		signin_fail(in, result, result == ERR_FORBIDDEN ? N_("You do not hold this role.") : NULL, 0);
}

void signin_switch_role(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "role", .type = NODE_STRING, .needed = true, .max = 16 },
	};
	struct signin *in = signin_new(rq, members, NITEMS(members));
	if (in != NULL)
		signin_call(in, "SELECT * FROM op.session_role($1,$2)", 2,
			(const char *const[]){ rq->session->token_hex, node_str(node_get(rq->params, "role")) }, switched);
}

void signin_set_language(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "lang", .type = NODE_STRING, .needed = true, .max = 16 },
	};
	if (members_check(rq, members, NITEMS(members)) && take_manners(rq))
		request_result(rq, "{}", 2);
}

static void locked(struct signin *in, const struct rows *rows, enum err result)
{
	(void)rows, (void)result;
	signin_done(in);
}

/* Here first, as the idle lock does: a stolen connection gets nothing more, whatever the pen does. */
void signin_lock(struct request *rq)
{
	struct signin *in = signin_new(rq, NULL, 0);
	if (in == NULL)
		return;
	session_lock_now(rq->session);
	signin_call(in, "SELECT op.session_lock($1)", 1, &(const char *){ rq->session->token_hex }, locked);
}

void signin_watch(struct request *rq)
{
	static const struct member members[] = {
		{ .name = "books", .type = NODE_ARRAY, .needed = true },
	};
	uint64_t wanted[PEER_WATCH_WORDS] = { 0 };
	if (!members_check(rq, members, NITEMS(members)))
		return;
	for (const struct node *n = node_get(rq->params, "books")->first; n != NULL; n = n->next) {
		const char *name = node_str(n);
		size_t i = 0;
		while (name != NULL && i < nbooks && strcmp(books[i]->name, name) != 0)
			i++;
		if (name == NULL || i >= nbooks || i >= 64 * PEER_WATCH_WORDS) {
			members_refuse(rq, "books", N_("There is no such book."));
			return;
		}
		wanted[i / 64] |= BIT(i % 64);
	}
	peer_watch(rq->peer, wanted);
	request_result(rq, "{}", 2);
}
