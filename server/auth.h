/*
 * auth.h - passwords and tokens: argon2id on one helper thread, so that the loop never waits.
 *
 * K = argon2id(password, salt); the database keeps salt, parameters and SHA-256(K), and compares
 * inside PostgreSQL. Not for: deciding who may sign in. Trap: passwords and K are wiped wherever
 * they stop being needed; do not keep a copy.
 */
#ifndef LODGE_AUTH_H
#define LODGE_AUTH_H

#include "common/arena.h"
#include "common/words.h"

struct event_base;

enum {
	AUTH_SALT_BYTES = 16,
	AUTH_KEY_BYTES = 32,
	AUTH_BYTEA_MAX = 2 * 32 + 3, /* "\x", 64 digits, NUL */
	AUTH_PASSWORD_MAX = 256,
	AUTH_PARAMS_MAX = 32,
};

/* One derivation. The caller owns the job until done() and wipes it after (auth_job_wipe). */
struct auth_job {
	char password[AUTH_PASSWORD_MAX + 1];
	char salt[AUTH_BYTEA_MAX];   /* bytea text */
	char params[AUTH_PARAMS_MAX]; /* as stored: "t=2,m=19456" (KiB) */
	char key[AUTH_BYTEA_MAX];    /* out: bytea text of K */
	enum err err;                /* out */
	void (*done)(struct auth_job *);
	void *ctx;
	struct auth_job *next;       /* the queue's own */
};

/* Starts the helper thread; results come back in a turn of the loop. */
enum err auth_open(struct event_base *) MUST_CHECK;
void auth_close(void);
/* ERR_BUSY when the queue is full (then done() is not called). */
enum err auth_submit(struct auth_job *) MUST_CHECK;
void auth_job_wipe(struct auth_job *);

/* A fresh salt and today's parameters, for a new password. */
void auth_salt(char salt[AUTH_BYTEA_MAX], char params[AUTH_PARAMS_MAX]);
/* A new session token: its bytea text, and the bytea text of its SHA-256. */
void auth_token(char token[AUTH_BYTEA_MAX], char hash[AUTH_BYTEA_MAX]);
/* What the client holds is the token's hexadecimal digits; ERR_INVALID when it is none. */
enum err auth_token_text(const char *hex, char token[AUTH_BYTEA_MAX]) MUST_CHECK;

/* For administration commands (blocks): a fresh salt, the parameters and SHA-256(K), as stored. */
enum err auth_new_password(struct arena *, const char *password, const char **salt,
	const char **params, const char **verifier) MUST_CHECK;

#endif
