/*
 * wire.h - one connection of the flow tests to lodged: lines out, lines in, every byte remembered.
 *
 * Not for: knowing what a line means. Trap: the bytes are remembered even when nobody asked for
 * the line, so that "no byte of it ever left" can be claimed about notifications too.
 */
#ifndef FLOW_WIRE_H
#define FLOW_WIRE_H

#include <stdbool.h>
#include <stddef.h>

struct wire;

/* Connects to "unix:PATH". NULL with a sentence in why (a buffer of n bytes). */
struct wire *wire_open(const char *server, char *why, size_t n);
void wire_close(struct wire *);
/* Sends the bytes as they are. False when the other side is gone. */
bool wire_send(struct wire *, const char *bytes, size_t n);
/* The next line without its newline, borrowed until the next call. NULL when none came within
 * timeout_ms or the other side closed. */
const char *wire_line(struct wire *, int timeout_ms, size_t *len);
/* True when the other side closed and every line was read. Waits up to timeout_ms for it. */
bool wire_is_closed(struct wire *, int timeout_ms);
/* Every byte received since wire_forget. */
const char *wire_seen(const struct wire *, size_t *len);
void wire_forget(struct wire *);

#endif
