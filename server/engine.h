/*
 * engine.h - everything a signed-in person can ask of the books.
 *
 * BOOK.list, get, open, history and every operation, find, why, report.NAME: one generic handler each, fed by
 * the descriptors. Not for: signing in, watch, the wire. Trap: the engine answers every request it
 * takes exactly once, at any later time.
 */
#ifndef LODGE_ENGINE_H
#define LODGE_ENGINE_H

#include <stdbool.h>

#include "server/request.h"

struct event_base;

/* Takes the request of a signed-in, unlocked session. False: there is no such method, and the
 * request was not answered. */
bool engine_dispatch(struct request *);

enum err engine_start(struct event_base *) MUST_CHECK; /* after lanes_open: feed and look-up log */
void engine_finish(void); /* the server stops: writes what is left; then turn the loop, lanes_close */
void engine_stop(void);   /* after lanes_close */

#endif
