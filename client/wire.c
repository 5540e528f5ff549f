/*
 * wire.c - the socket under the link: connecting, TLS, reading and writing without blocking.
 *
 * Not for: retrying (link.c decides when) or framing. Trap: OpenSSL writes to its socket without
 * MSG_NOSIGNAL, so the program ignores SIGPIPE; main.c does that for every mode.
 */
#include "client/wire.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

struct wire {
	int fd;
	bool is_tls, is_connected, is_secured, wants_write;
	char *path;               /* unix: the socket's path; tls: the host */
	char *port;
	const struct wire_keys *keys;
	SSL_CTX *tls;
	SSL *ssl;
	char why[160];
};

static enum wire_result wire_lose(struct wire *w, const char *what, const char *detail)
{
	snprintf(w->why, sizeof w->why, "%s: %s", what, detail);
	wire_close(w);
	return WIRE_LOST;
}

enum err wire_new(struct wire **out, const char *address, const struct wire_keys *keys)
{
	struct wire *w = calloc(1, sizeof *w);

	if (w == NULL)
		return ERR_NOMEM;
	w->fd = -1;
	w->keys = keys;
	if (strncmp(address, "unix:", 5) == 0 && address[5] != '\0') {
		w->path = strdup(address + 5);
	} else if (strncmp(address, "tls:", 4) == 0 && strrchr(address + 4, ':') != NULL) {
		const char *host = address + 4, *colon = strrchr(host, ':');

		w->is_tls = true;
		w->path = strndup(host, (size_t)(colon - host));
		w->port = strdup(colon + 1);
	}
	if (w->path == NULL || strlen(w->path) == 0 || (w->is_tls && w->port == NULL) ||
	    (!w->is_tls && strlen(w->path) >= sizeof ((struct sockaddr_un *)0)->sun_path)) {
		wire_free(w);
		return ERR_INVALID;
	}
	*out = w;
	return OK;
}

void wire_close(struct wire *w)
{
	if (w->ssl != NULL)
		SSL_free(w->ssl);
	w->ssl = NULL;
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	w->is_connected = w->is_secured = w->wants_write = false;
}

void wire_free(struct wire *w)
{
	if (w == NULL)
		return;
	wire_close(w);
	if (w->tls != NULL)
		SSL_CTX_free(w->tls);
	free(w->path);
	free(w->port);
	free(w);
}

static enum wire_result open_unix(struct wire *w)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	memcpy(to.sun_path, w->path, strlen(w->path) + 1);
	w->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (w->fd < 0)
		return wire_lose(w, "socket", strerror(errno));
	/* A Unix socket connects at once or not at all; EAGAIN says that its backlog is full. */
	if (connect(w->fd, (const struct sockaddr *)&to, sizeof to) != 0)
		return wire_lose(w, w->path, strerror(errno));
	w->is_connected = true;
	return WIRE_DONE;
}

static enum wire_result open_tcp(struct wire *w)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *all = NULL;
	int rc = getaddrinfo(w->path, w->port, &hints, &all);

	if (rc != 0)
		return wire_lose(w, w->path, gai_strerror(rc));
	w->fd = socket(all->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (w->fd >= 0)
		rc = connect(w->fd, all->ai_addr, all->ai_addrlen);
	freeaddrinfo(all);
	if (w->fd < 0 || (rc != 0 && errno != EINPROGRESS))
		return wire_lose(w, w->path, strerror(errno));
	w->is_connected = rc == 0;
	return WIRE_AGAIN;
}

static enum wire_result finish_tcp(struct wire *w)
{
	struct pollfd p = {.fd = w->fd, .events = POLLOUT};
	int failure = 0;
	socklen_t size = sizeof failure;

	if (poll(&p, 1, 0) <= 0)
		return WIRE_AGAIN;
	if (getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0 || failure != 0)
		return wire_lose(w, w->path, strerror(failure));
	w->is_connected = true;
	return WIRE_DONE;
}

static const char *tls_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return reason != NULL ? reason : "the connection was closed";
}

/* One context for the life of the wire: TLS 1.3, the server's name verified, our certificate. */
static bool tls_prepare(struct wire *w)
{
	const struct wire_keys *k = w->keys;
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	bool fine = tls != NULL && SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) == 1;

	if (fine) {
		SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
		SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		fine = k != NULL && k->ca != NULL ? SSL_CTX_load_verify_locations(tls, k->ca, NULL) == 1
		                                  : SSL_CTX_set_default_verify_paths(tls) == 1;
	}
	if (fine && k != NULL && k->cert != NULL)
		fine = SSL_CTX_use_certificate_chain_file(tls, k->cert) == 1 &&
		       SSL_CTX_use_PrivateKey_file(tls, k->key != NULL ? k->key : k->cert,
		                                   SSL_FILETYPE_PEM) == 1;
	if (!fine && tls != NULL) {
		SSL_CTX_free(tls);
		tls = NULL;
	}
	w->tls = tls;
	return fine;
}

static enum wire_result tls_begin(struct wire *w)
{
	if (w->tls == NULL && !tls_prepare(w))
		return wire_lose(w, "TLS", tls_reason());
	w->ssl = SSL_new(w->tls);
	if (w->ssl == NULL || SSL_set_fd(w->ssl, w->fd) != 1 || SSL_set1_host(w->ssl, w->path) != 1 ||
	    SSL_set_tlsext_host_name(w->ssl, w->path) != 1)
		return wire_lose(w, "TLS", tls_reason());
	SSL_set_connect_state(w->ssl);
	return WIRE_DONE;
}

/* What a TLS call that did not succeed means for the caller. */
static enum wire_result tls_outcome(struct wire *w, int rc)
{
	switch (SSL_get_error(w->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		w->wants_write = false;
		return WIRE_AGAIN;
	case SSL_ERROR_WANT_WRITE:
		w->wants_write = true;
		return WIRE_AGAIN;
	default:
		return wire_lose(w, "TLS", tls_reason());
	}
}

static enum wire_result tls_shake(struct wire *w)
{
	int rc;

	if (w->ssl == NULL && tls_begin(w) == WIRE_LOST)
		return WIRE_LOST;
	w->wants_write = false;
	rc = SSL_do_handshake(w->ssl);
	if (rc != 1)
		return tls_outcome(w, rc);
	w->is_secured = true;
	return WIRE_DONE;
}

enum wire_result wire_connect(struct wire *w)
{
	if (!w->is_tls)
		return w->is_connected ? WIRE_DONE : open_unix(w);
	if (w->fd < 0)
		return open_tcp(w);
	if (!w->is_connected) {
		enum wire_result r = finish_tcp(w);

		if (r != WIRE_DONE)
			return r;
	}
	return w->is_secured ? WIRE_DONE : tls_shake(w);
}

int wire_fd(const struct wire *w)
{
	return w->fd;
}

short wire_events(const struct wire *w, bool has_output)
{
	bool write = has_output || w->wants_write || !w->is_connected;

	if (w->is_tls && w->is_connected && !w->is_secured)
		write = w->wants_write || w->ssl == NULL;
	return (short)(POLLIN | (write ? POLLOUT : 0));
}

enum wire_result wire_read(struct wire *w, char *to, size_t cap, size_t *got)
{
	ssize_t n;

	if (w->is_tls) {
		int rc;

		w->wants_write = false;
		rc = SSL_read_ex(w->ssl, to, cap, got);
		return rc == 1 ? WIRE_DONE : tls_outcome(w, rc);
	}
	n = recv(w->fd, to, cap, 0);
	if (n > 0) {
		*got = (size_t)n;
		return WIRE_DONE;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return WIRE_AGAIN;
	return wire_lose(w, "server", n == 0 ? "closed the connection" : strerror(errno));
}

enum wire_result wire_write(struct wire *w, const char *from, size_t len, size_t *put)
{
	ssize_t n;

	if (w->is_tls) {
		int rc = SSL_write_ex(w->ssl, from, len, put);

		return rc == 1 ? WIRE_DONE : tls_outcome(w, rc);
	}
	n = send(w->fd, from, len, MSG_NOSIGNAL);
	if (n >= 0) {
		*put = (size_t)n;
		return WIRE_DONE;
	}
	if (errno == EAGAIN || errno == EINTR)
		return WIRE_AGAIN;
	return wire_lose(w, "server", strerror(errno));
}

bool wire_has_pending(const struct wire *w)
{
	return w->ssl != NULL && SSL_pending(w->ssl) > 0;
}

const char *wire_why(const struct wire *w)
{
	return w->why[0] != '\0' ? w->why : "not connected";
}
