/*
 * wire.h - a byte stream to the server that never blocks: a Unix socket, or TCP with TLS 1.3.
 *
 * Knows addresses, sockets and OpenSSL, nothing of messages; link.c speaks on it.
 * Trap: with TLS a read may want to write and the other way round; poll for wire_events(), never
 * for what one is about to do. Looking up the name of a TLS host is the one step that may wait.
 */
#ifndef LODGE_WIRE_H
#define LODGE_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/words.h"

enum wire_result { WIRE_UNSET, WIRE_DONE, WIRE_AGAIN, WIRE_LOST };

/* Files of the TLS side; any may be NULL. Borrowed for the life of the wire. */
struct wire_keys {
	const char *ca, *cert, *key;
};

struct wire;

/* Parses "unix:PATH" or "tls:HOST:PORT"; ERR_INVALID for anything else. Opens nothing yet. */
enum err wire_new(struct wire **out, const char *address, const struct wire_keys *keys) MUST_CHECK;
void wire_free(struct wire *);
/* Begins or continues connecting: call again after poll until it is not WIRE_AGAIN. */
enum wire_result wire_connect(struct wire *);
void wire_close(struct wire *);
int wire_fd(const struct wire *);        /* -1 when closed */
/* What to poll for, when has_output says that bytes wait to be written. */
short wire_events(const struct wire *, bool has_output);
enum wire_result wire_read(struct wire *, char *to, size_t cap, size_t *got);
enum wire_result wire_write(struct wire *, const char *from, size_t len, size_t *put);
/* True when reading may succeed without poll saying so: bytes already decrypted. */
bool wire_has_pending(const struct wire *);
/* Why the last step failed, for people; never NULL. */
const char *wire_why(const struct wire *);

#endif
