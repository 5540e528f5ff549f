/*
 * test_tls.c - who gets through the TLS door: certificates made for the test, a client in a child
 * process, the handshake of tls.c in this one. Not for: what is said behind the door.
 * Trap: with TLS 1.3 a client learns only at its first read that its certificate was refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "server/loop.h"
#include "server/peer.h"
#include "server/settings.h"
#include "tests/unit/defaults.h"
#include "server/tls.h"

static char folder[64];
static struct event_base *base;
static char terminal[PEER_TERMINAL_MAX]; /* of whoever got through */
static struct bufferevent *through;

struct identity {
	EVP_PKEY *key;
	X509 *cert;
};

static struct identity ca, server;

static const char *path_of(const char *name)
{
	static char path[4][128];
	static unsigned turn;
	char *out = path[turn++ % 4];
	snprintf(out, sizeof(path[0]), "%s/%s", folder, name);
	return out;
}

/* A certificate for a name, signed by `by` (itself when NULL); san may be NULL. */
static struct identity identity_new(const char *name, const char *san, const struct identity *by, long seconds)
{
	struct identity id = { .key = EVP_EC_gen("P-256"), .cert = X509_new() };
	assert_non_null(id.key);
	assert_non_null(id.cert);
	X509_set_version(id.cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(id.cert), 1 + rand());
	X509_gmtime_adj(X509_getm_notBefore(id.cert), -7200);
	X509_gmtime_adj(X509_getm_notAfter(id.cert), seconds);
	X509_set_pubkey(id.cert, id.key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(id.cert), "CN", MBSTRING_UTF8,
		(const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(id.cert, X509_get_subject_name(by != NULL ? by->cert : id.cert));
	X509_EXTENSION *extension = san != NULL ?
		X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san) :
		X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, by == NULL ? "CA:TRUE" : "CA:FALSE");
	assert_non_null(extension);
	X509_add_ext(id.cert, extension, -1);
	X509_EXTENSION_free(extension);
	assert_true(X509_sign(id.cert, by != NULL ? by->key : id.key, EVP_sha256()) > 0);
	return id;
}

static void identity_free(struct identity *id)
{
	EVP_PKEY_free(id->key);
	X509_free(id->cert);
}

static void identity_write(const struct identity *id, const char *cert, const char *key)
{
	FILE *file = fopen(path_of(cert), "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, id->cert), 1);
	fclose(file);
	file = fopen(path_of(key), "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_PrivateKey(file, id->key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(file);
}

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/lodge-tls-XXXXXX");
	assert_non_null(mkdtemp(folder));
	signal(SIGPIPE, SIG_IGN);
	settings_defaults();
	ca = identity_new("Estate", NULL, NULL, 3600);
	server = identity_new("lodged", "DNS:localhost", &ca, 3600);
	identity_write(&ca, "ca.pem", "ca.key");
	identity_write(&server, "server.pem", "server.key");
	base = event_base_new();
	terminal[0] = '\0';
	through = NULL;
	return tls_open(path_of("server.pem"), path_of("server.key"), path_of("ca.pem")) == OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	static const char *const files[] = { "ca.pem", "ca.key", "server.pem", "server.key" };
	if (through != NULL)
		bufferevent_free(through);
	event_base_loop(base, EVLOOP_NONBLOCK);
	event_base_free(base);
	tls_close();
	identity_free(&ca);
	identity_free(&server);
	for (size_t i = 0; i < NITEMS(files); i++)
		unlink(path_of(files[i]));
	rmdir(folder);
	return 0;
}

static void ready(struct bufferevent *bev, const char *name)
{
	snprintf(terminal, sizeof(terminal), "%s", name);
	through = bev;
	bufferevent_enable(bev, EV_WRITE);
	bufferevent_write(bev, "!", 1);
}

/* The client: 0 when the server's one byte came. Ends the child. */
static _Noreturn void client_run(int fd, const struct identity *id, int version)
{
	char byte = 0;
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_max_proto_version(context, version);
	SSL_CTX_load_verify_locations(context, path_of("ca.pem"), NULL);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if (id != NULL) {
		SSL_CTX_use_certificate(context, id->cert);
		SSL_CTX_use_PrivateKey(context, id->key);
	}
	SSL *ssl = SSL_new(context);
	SSL_set_fd(ssl, fd);
	bool is_in = SSL_connect(ssl) == 1 && SSL_read(ssl, &byte, 1) == 1 && byte == '!';
	_exit(is_in ? 0 : 1);
}

/* True when a client with this certificate (or none) gets through. */
static bool gets_in(const struct identity *id, int version)
{
	int pair[2], status = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(pair[1]);
		client_run(pair[0], id, version);
	}
	close(pair[0]);
	evutil_make_socket_nonblocking(pair[1]);
	tls_accept(base, pair[1], ready);
	double until = loop_now() + 20;
	while (waitpid(child, &status, WNOHANG) == 0) {
		const struct timeval pause = { .tv_usec = 10000 };
		event_base_loopexit(base, &pause);
		event_base_loop(base, 0);
		if (loop_now() > until)
			kill(child, SIGKILL);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void a_terminal_of_the_estate_gets_in_under_its_name(void **state)
{
	(void)state;
	struct identity id = identity_new("gate-1", NULL, &ca, 3600);
	assert_true(gets_in(&id, TLS1_3_VERSION));
	assert_string_equal(terminal, "gate-1");
	identity_free(&id);
}

static void the_alternative_name_counts_before_the_common_name(void **state)
{
	(void)state;
	struct identity id = identity_new("whatever", "URI:lodge:terminal:gate-7", &ca, 3600);
	assert_true(gets_in(&id, TLS1_3_VERSION));
	assert_string_equal(terminal, "gate-7");
	identity_free(&id);
}

static void tls_1_2_does_not_get_in(void **state)
{
	(void)state;
	struct identity id = identity_new("gate-1", NULL, &ca, 3600);
	assert_false(gets_in(&id, TLS1_2_VERSION));
	assert_string_equal(terminal, "");
	identity_free(&id);
}

static void nobody_gets_in_without_a_certificate(void **state)
{
	(void)state;
	assert_false(gets_in(NULL, TLS1_3_VERSION));
}

static void a_certificate_of_another_authority_does_not_get_in(void **state)
{
	(void)state;
	struct identity other = identity_new("Estate", NULL, NULL, 3600);
	struct identity id = identity_new("gate-1", NULL, &other, 3600), own = identity_new("gate-1", NULL, NULL, 3600);
	assert_false(gets_in(&id, TLS1_3_VERSION));
	assert_false(gets_in(&own, TLS1_3_VERSION));
	identity_free(&id);
	identity_free(&own);
	identity_free(&other);
}

static void an_expired_certificate_does_not_get_in(void **state)
{
	(void)state;
	struct identity id = identity_new("gate-1", NULL, &ca, -3600);
	assert_false(gets_in(&id, TLS1_3_VERSION));
	identity_free(&id);
}

static void a_name_that_is_no_name_does_not_get_in(void **state)
{
	(void)state;
	static const char *const names[] = { "a b", "gate\xe2\x80\xae",
		"1234567890123456789012345678901234567890123456789012345678901234" };
	for (size_t i = 0; i < NITEMS(names); i++) {
		struct identity id = identity_new(names[i], NULL, &ca, 3600);
		assert_false(gets_in(&id, TLS1_3_VERSION));
		identity_free(&id);
	}
}

static void a_foreign_key_or_a_missing_file_is_refused_at_start(void **state)
{
	(void)state;
	assert_int_equal(tls_open(path_of("server.pem"), path_of("ca.key"), path_of("ca.pem")), ERR_REFUSED);
	assert_int_equal(tls_open(path_of("none.pem"), path_of("server.key"), path_of("ca.pem")), ERR_REFUSED);
	assert_int_equal(tls_open(path_of("server.pem"), path_of("server.key"), path_of("none.pem")), ERR_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(a_terminal_of_the_estate_gets_in_under_its_name),
		T(the_alternative_name_counts_before_the_common_name),
		T(tls_1_2_does_not_get_in),
		T(nobody_gets_in_without_a_certificate),
		T(a_certificate_of_another_authority_does_not_get_in),
		T(an_expired_certificate_does_not_get_in),
		T(a_name_that_is_no_name_does_not_get_in),
		T(a_foreign_key_or_a_missing_file_is_refused_at_start),
#undef T
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
