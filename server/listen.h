/*
 * listen.h - the sockets that lodged listens on: unix:PATH and tls:ADDRESS:PORT.
 *
 * Not for: what comes through them (peer.h). Trap: a path that another live server listens on is
 * refused; one that a dead server left behind is taken over.
 */
#ifndef LODGE_LISTEN_H
#define LODGE_LISTEN_H

#include "common/words.h"

struct event_base;

/* Listens on one address. ERR_INVALID: no address; ERR_REFUSED: it cannot be had (both logged). */
enum err listen_add(struct event_base *, const char *address) MUST_CHECK;
/* Once a tick: listens again when a shortage of descriptors or of room may be over. */
void listen_sweep(void);
/* Stops listening and takes the socket files away. */
void listen_close(void);

#endif
