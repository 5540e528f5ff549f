/*
 * auth.c - the helper thread for argon2id, its bounded queue, and random tokens.
 *
 * One mutex guards two lists, wanted and finished; an eventfd wakes the loop. Not for: SQL.
 * Trap: a job belongs to the thread between submit and done; the loop must not touch it then.
 */
#include "server/auth.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>
#include <sodium.h>

#include "common/log.h"

enum {
	QUEUE_MAX = 64,      /* 64 × 25 ms: nobody waits longer than a second and a half */
	OPS_DEFAULT = 2,
	KIB_DEFAULT = 19456, /* t=2, m=19 MiB: the least that ASVS 5.0 approves for argon2id */
	OPS_MAX = 10,
	KIB_MAX = 256 * 1024,
};

static pthread_t thread;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static struct auth_job *wanted, *finished; /* guarded by mutex, both oldest first */
static size_t nwanted;                     /* guarded by mutex */
static bool stopping;                      /* guarded by mutex */
static bool is_open;
static int bell = -1;
static struct event *bell_event;

static void list_append(struct auth_job **list, struct auth_job *job)
{
	job->next = NULL;
	while (*list != NULL)
		list = &(*list)->next;
	*list = job;
}

static void bytea_text(char *out, const unsigned char *bytes, size_t n)
{
	out[0] = '\\';
	out[1] = 'x';
	sodium_bin2hex(out + 2, 2 * n + 1, bytes, n);
}

/* Exactly n bytes out of a bytea text. */
static bool bytea_bytes(const char *text, unsigned char *bytes, size_t n)
{
	size_t got = 0;
	return text[0] == '\\' && text[1] == 'x' && strlen(text) == 2 * n + 2 &&
		sodium_hex2bin(bytes, n, text + 2, 2 * n, NULL, &got, NULL) == 0 && got == n;
}

static enum err derive(const char *password, const char *salt_text, const char *params,
	unsigned char key[AUTH_KEY_BYTES])
{
	unsigned char salt[AUTH_SALT_BYTES];
	unsigned ops = OPS_DEFAULT, kib = KIB_DEFAULT;
	_Static_assert(AUTH_SALT_BYTES == crypto_pwhash_SALTBYTES, "salt of libsodium");
	if (!bytea_bytes(salt_text, salt, sizeof(salt)))
		return ERR_INVALID;
	if (params[0] != '\0' && sscanf(params, "t=%u,m=%u", &ops, &kib) != 2)
		return ERR_INVALID;
	if (ops < 1 || ops > OPS_MAX || kib < 8 || kib > KIB_MAX)
		return ERR_INVALID;
	if (crypto_pwhash(key, AUTH_KEY_BYTES, password, strlen(password), salt, ops,
			(size_t)kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ERR_NOMEM;
	return OK;
}

static void job_run(struct auth_job *job)
{
	unsigned char key[AUTH_KEY_BYTES];
	job->err = derive(job->password, job->salt, job->params, key);
	if (job->err == OK)
		bytea_text(job->key, key, sizeof(key));
	sodium_memzero(key, sizeof(key));
	sodium_memzero(job->password, sizeof(job->password));
}

static void *helper(void *unused)
{
	(void)unused;
	const uint64_t one = 1;
	pthread_mutex_lock(&mutex);
	for (;;) {
		while (wanted == NULL && !stopping)
			pthread_cond_wait(&wake, &mutex);
		if (stopping)
			break;
		struct auth_job *job = wanted;
		wanted = job->next;
		nwanted--;
		pthread_mutex_unlock(&mutex);
		job_run(job);
		pthread_mutex_lock(&mutex);
		list_append(&finished, job);
		if (write(bell, &one, sizeof(one)) != (ssize_t)sizeof(one))
			log_error("passwords: the helper thread cannot wake the loop");
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void bell_cb(evutil_socket_t fd, short what, void *ctx)
{
	(void)what, (void)ctx;
	uint64_t rings;
	if (read(fd, &rings, sizeof(rings)) < 0)
		return;
	pthread_mutex_lock(&mutex);
	struct auth_job *job = finished;
	finished = NULL;
	pthread_mutex_unlock(&mutex);
	while (job != NULL) {
		struct auth_job *next = job->next;
		job->done(job);
		job = next;
	}
}

enum err auth_open(struct event_base *base)
{
	if (sodium_init() < 0)
		return ERR_REFUSED;
	stopping = false;
	bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bell_event = bell < 0 ? NULL : event_new(base, bell, EV_READ | EV_PERSIST, bell_cb, NULL);
	is_open = bell_event != NULL && event_add(bell_event, NULL) == 0 &&
		pthread_create(&thread, NULL, helper, NULL) == 0;
	if (!is_open)
		log_error("passwords: the helper thread cannot be started");
	return is_open ? OK : ERR_REFUSED;
}

/* Ends the jobs of a list unheard: the server stops. */
static void list_end(struct auth_job **list)
{
	while (*list != NULL) {
		struct auth_job *job = *list;
		*list = job->next;
		auth_job_wipe(job);
		job->err = ERR_BUSY;
		job->done(job);
	}
}

void auth_close(void)
{
	if (is_open) {
		pthread_mutex_lock(&mutex);
		stopping = true;
		pthread_cond_signal(&wake);
		pthread_mutex_unlock(&mutex);
		pthread_join(thread, NULL);
	}
	list_end(&wanted);
	list_end(&finished);
	nwanted = 0;
	if (bell_event != NULL)
		event_free(bell_event);
	if (bell >= 0)
		close(bell);
	bell_event = NULL;
	bell = -1;
	is_open = false;
}

enum err auth_submit(struct auth_job *job)
{
	enum err err = OK;
	pthread_mutex_lock(&mutex);
	if (nwanted >= QUEUE_MAX || stopping) {
		err = ERR_BUSY;
	} else {
		list_append(&wanted, job);
		nwanted++;
		pthread_cond_signal(&wake);
	}
	pthread_mutex_unlock(&mutex);
	return err;
}

void auth_job_wipe(struct auth_job *job)
{
	sodium_memzero(job->password, sizeof(job->password));
	sodium_memzero(job->key, sizeof(job->key));
}

void auth_token(char token[AUTH_BYTEA_MAX], char hash[AUTH_BYTEA_MAX])
{
	unsigned char raw[AUTH_KEY_BYTES], digest[crypto_hash_sha256_BYTES];
	randombytes_buf(raw, sizeof(raw));
	crypto_hash_sha256(digest, raw, sizeof(raw));
	bytea_text(token, raw, sizeof(raw));
	bytea_text(hash, digest, sizeof(digest));
	sodium_memzero(raw, sizeof(raw));
}

enum err auth_token_text(const char *hex, char token[AUTH_BYTEA_MAX])
{
	unsigned char raw[AUTH_KEY_BYTES];
	size_t n = 0;
	if (strlen(hex) != 2 * sizeof(raw) ||
			sodium_hex2bin(raw, sizeof(raw), hex, strlen(hex), NULL, &n, NULL) != 0 || n != sizeof(raw))
		return ERR_INVALID;
	bytea_text(token, raw, sizeof(raw));
	sodium_memzero(raw, sizeof(raw));
	return OK;
}

void auth_salt(char salt[AUTH_BYTEA_MAX], char params[AUTH_PARAMS_MAX])
{
	unsigned char raw[AUTH_SALT_BYTES];
	randombytes_buf(raw, sizeof(raw));
	bytea_text(salt, raw, sizeof(raw));
	snprintf(params, AUTH_PARAMS_MAX, "t=%d,m=%d", OPS_DEFAULT, KIB_DEFAULT);
}

enum err auth_new_password(struct arena *arena, const char *password, const char **salt,
	const char **params, const char **verifier)
{
	unsigned char key[AUTH_KEY_BYTES], digest[crypto_hash_sha256_BYTES];
	char *salt_text = arena_alloc(arena, AUTH_BYTEA_MAX), *hash_text = arena_alloc(arena, AUTH_BYTEA_MAX);
	char *params_text = arena_alloc(arena, AUTH_PARAMS_MAX);
	if (sodium_init() < 0 || salt_text == NULL || hash_text == NULL || params_text == NULL)
		return ERR_NOMEM;
	auth_salt(salt_text, params_text);
	enum err err = derive(password, salt_text, params_text, key);
	if (err == OK) {
		crypto_hash_sha256(digest, key, sizeof(key));
		bytea_text(hash_text, digest, sizeof(digest));
		*salt = salt_text;
		*params = params_text;
		*verifier = hash_text;
	}
	sodium_memzero(key, sizeof(key));
	return err;
}
