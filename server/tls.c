/*
 * tls.c - OpenSSL behind libevent's buffers: contexts, handshakes, terminal names.
 *
 * Not for: cipher lists and curves; TLS 1.3 has no bad ones left to switch off.
 * Trap: until the handshake is over nobody knows the terminal, so no peer exists yet; such
 * connections have their own cap and deadline here.
 */
#include "server/tls.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "common/log.h"
#include "server/peer.h"
#include "server/settings.h"

enum { HANDSHAKE_S = 5 };

struct handshake {
	struct bufferevent *bev;
	struct event *deadline; /* over all of it: a byte now and then buys no time */
	void (*ready)(struct bufferevent *, const char *terminal);
};

static SSL_CTX *context;
static int64_t shaking;

static enum err refuse(const char *what, const char *file)
{
	unsigned long error = ERR_get_error();
	const char *reason = ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) :
		ERR_reason_error_string(error);
	log_error("TLS: %s %s cannot be used: %s", what, file, reason != NULL ? reason : "no reason given");
	ERR_clear_error();
	return ERR_REFUSED;
}

enum err tls_open(const char *certificate, const char *key, const char *ca)
{
	tls_close();
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1)
		return refuse("protocol", "1.3");
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_num_tickets(context, 0);
	SSL_CTX_set_max_early_data(context, 0);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		return refuse("certificate", certificate);
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
			SSL_CTX_check_private_key(context) != 1)
		return refuse("key", key);
	if (SSL_CTX_load_verify_locations(context, ca, NULL) != 1)
		return refuse("authority", ca);
	STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(ca);
	if (names == NULL)
		return refuse("authority", ca);
	SSL_CTX_set_client_CA_list(context, names);
	return OK;
}

void tls_close(void)
{
	SSL_CTX_free(context);
	context = NULL;
}

/* Letters, digits and . - _ only: the name goes into logs, events and other people's screens. */
static bool name_take(char *out, size_t cap, const unsigned char *name, int len)
{
	if (len <= 0 || (size_t)len >= cap)
		return false;
	for (int i = 0; i < len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", name[i]) == NULL ||
				name[i] == '\0')
			return false;
	memcpy(out, name, (size_t)len);
	out[len] = '\0';
	return true;
}

/* The first alternative name of a kind that we know. */
static bool name_of_san(char *out, size_t cap, const GENERAL_NAMES *names)
{
	static const char prefix[] = "lodge:terminal:";
	const size_t skip = sizeof(prefix) - 1;
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS && name->type != GEN_URI)
			continue;
		const unsigned char *text = ASN1_STRING_get0_data(name->d.ia5);
		int len = ASN1_STRING_length(name->d.ia5);
		if (name->type == GEN_DNS)
			return name_take(out, cap, text, len);
		if ((size_t)len > skip && memcmp(text, prefix, skip) == 0)
			return name_take(out, cap, text + skip, len - (int)skip);
	}
	return false;
}

static bool name_of_subject(char *out, size_t cap, const X509 *cert)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (at < 0)
		return false;
	const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
	return name_take(out, cap, ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
}

static bool terminal_name(SSL *ssl, char *out, size_t cap)
{
	X509 *cert = SSL_get1_peer_certificate(ssl);
	if (cert == NULL)
		return false;
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	bool found = (names != NULL && name_of_san(out, cap, names)) || name_of_subject(out, cap, cert);
	GENERAL_NAMES_free(names);
	X509_free(cert);
	return found;
}

static void handshake_free(struct handshake *handshake)
{
	shaking--;
	event_free(handshake->deadline);
	free(handshake);
}

static void late_cb(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	struct handshake *handshake = ctx;
	bufferevent_free(handshake->bev);
	handshake_free(handshake);
}

static void shaken_cb(struct bufferevent *bev, short what, void *ctx)
{
	struct handshake *handshake = ctx;
	void (*ready)(struct bufferevent *, const char *) = handshake->ready;
	char name[PEER_TERMINAL_MAX];
	handshake_free(handshake);
	bufferevent_setcb(bev, NULL, NULL, NULL, NULL);
	if ((what & BEV_EVENT_CONNECTED) != 0 &&
			terminal_name(bufferevent_openssl_get_ssl(bev), name, sizeof(name))) {
		ready(bev, name);
		return;
	}
	unsigned long error = bufferevent_get_openssl_error(bev);
	const char *reason = error != 0 ? ERR_reason_error_string(error) : NULL;
	log_warn("TLS: a handshake failed: %s", reason != NULL ? reason : "cut short, or no terminal name");
	bufferevent_free(bev);
}

void tls_accept(struct event_base *base, int fd, void (*ready)(struct bufferevent *, const char *terminal))
{
	const struct timeval limit = { .tv_sec = HANDSHAKE_S };
	SSL *ssl = context != NULL && shaking < settings.connections_stranger ? SSL_new(context) : NULL;
	if (ssl == NULL) {
		close(fd);
		return;
	}
	/* frees ssl and closes fd in the end, also when it fails */
	struct bufferevent *bev = bufferevent_openssl_socket_new(base, fd, ssl,
		BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	struct handshake *handshake = bev != NULL ? calloc(1, sizeof(*handshake)) : NULL;
	if (handshake != NULL)
		handshake->deadline = event_new(base, -1, 0, late_cb, handshake);
	if (handshake == NULL || handshake->deadline == NULL) {
		free(handshake);
		if (bev != NULL)
			bufferevent_free(bev);
		return;
	}
	handshake->bev = bev;
	handshake->ready = ready;
	shaking++;
	event_add(handshake->deadline, &limit);
	bufferevent_setcb(bev, NULL, NULL, shaken_cb, handshake);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

void tls_goodbye(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);
	if (ssl == NULL)
		return;
	if (SSL_shutdown(ssl) < 0)
		ERR_clear_error();
}
