/*
 * server.h - a lodged of the test's own, to be killed in the middle of things.
 * Not for: the stack's servers, which other tests use. Trap: it serves the same database.
 */
#ifndef FLOW_SERVER_H
#define FLOW_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Starts $LODGE_BIN/lodged and waits until it takes connections. One at a time. */
bool server_start(char *why, size_t n);
/* SIGKILL, and waits for the end. */
void server_kill(void);
/* Where it listens, as unix:PATH; NULL when none runs. */
const char *server_address(void);

#endif
