/*
 * tls.h - TLS 1.3 with a certificate of the terminal, in front of a peer.
 *
 * The certificate's first SAN (DNS or URI lodge:terminal:NAME), else its CN, names the terminal.
 * Not for: who is signed in. Trap: no renegotiation, no tickets, no early data: a replayed
 * first flight must never reach a handler.
 */
#ifndef LODGE_TLS_H
#define LODGE_TLS_H

#include <stddef.h>

#include "common/words.h"

struct bufferevent;
struct event_base;

/* Reads certificate, key and authority (PEM). ERR_REFUSED with a logged sentence. */
enum err tls_open(const char *certificate, const char *key, const char *ca) MUST_CHECK;
void tls_close(void);

/* Shakes hands on an accepted socket (which it owns from now on) within 5 s; then calls ready with
 * the terminal's name, or closes. */
void tls_accept(struct event_base *, int fd, void (*ready)(struct bufferevent *, const char *terminal));
/* Says goodbye when the connection is TLS; nothing otherwise. */
void tls_goodbye(struct bufferevent *);

#endif
