/*
 * signin.h - the methods of sessions: hello, sign_in, sign_out, unlock, switch_role,
 * set_language, watch, lock.
 *
 * Each answers its request exactly once, now or later. Not for: who may call them when
 * (dispatch.c) or the table of sessions (session.h).
 * Trap: a wrong name and a wrong password must answer alike, in words and in time.
 */
#ifndef LODGE_SIGNIN_H
#define LODGE_SIGNIN_H

#include "server/auth.h"
#include "server/members.h"

void signin_hello(struct request *);
void signin_sign_in(struct request *);
void signin_sign_out(struct request *);
void signin_unlock(struct request *);
void signin_switch_role(struct request *);
void signin_set_language(struct request *);
void signin_watch(struct request *);
void signin_lock(struct request *);

/* --- the steps, for password.c too ----------------------------------------------------------- */

struct rows;

/* One request under way; it lies in the request's arena. */
struct signin {
	struct request *rq;
	struct auth_job job;
	const char *staff, *password;
	bool interactive;
	void (*keyed)(struct signin *);
	void (*answered)(struct signin *, const struct rows *, enum err result);
	char token[AUTH_BYTEA_MAX], old_key[AUTH_BYTEA_MAX];
};

/* Checks the members; NULL: answered. */
struct signin *signin_new(struct request *, const struct member *, size_t n) MUST_CHECK;
/* Each of these goes on in a later turn, or answers the request. */
/* One statement of the pen; result is the word in its first column. */
void signin_call(struct signin *, const char *sql, size_t n, const char *const *params,
	void (*then)(struct signin *, const struct rows *, enum err result));
/* K of a password, under the salt in job. */
void signin_key(struct signin *, const char *password, void (*then)(struct signin *));
/* The same under the salt that the database keeps for this person. */
void signin_derive(struct signin *, const char *staff, const char *password, void (*then)(struct signin *));
/* Both wipe, and end the request. */
void signin_done(struct signin *);
void signin_fail(struct signin *, enum err, const char *message, int retry_after);

#endif
