/*
 * feed.h - what changed in the database, asked every half second.
 *
 * Drives the session cache (ended, locked, night shift) and the refresh of screens. Not for:
 * truth; the row in the database judges. Trap: while the feed is silent nobody knows whether a
 * session was revoked, so reads must ask feed_is_alive() first.
 */
#ifndef LODGE_FEED_H
#define LODGE_FEED_H

#include <stdbool.h>

#include "common/words.h"

struct event_base;

enum err feed_start(struct event_base *) MUST_CHECK; /* after lanes_open */
void feed_stop(void); /* before lanes_close */
/* False when no poll came back for two seconds, and before the first one did. */
bool feed_is_alive(void);

#endif
