/*
 * cluster.h - a throw-away PostgreSQL for one test program: Unix socket only, in a temporary
 * folder, never as root, gone afterwards.
 *
 * Not for: the stack of `./run`, which flows and screens use.
 * Trap: cluster_stop must run even when a test fails, so call it from a group teardown.
 */
#ifndef LODGE_CLUSTER_H
#define LODGE_CLUSTER_H

#include <stdbool.h>

/* Starts it; false when PostgreSQL is not installed or will not start (then skip with 77). */
bool cluster_start(void);
void cluster_stop(void);
/* "host=/tmp/… dbname=postgres", for libpq. */
const char *cluster_conninfo(void);
/* Runs SQL as the superuser and waits; ends the program when it fails. Returns the first cell of
 * the last result, valid until the next call, or "". */
const char *cluster_sql(const char *sql);

#endif
