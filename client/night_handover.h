/*
 * night_handover.h - the desk passes from one person to the next: the list, two passwords (LOG-06).
 *
 * Not for: making the list or judging it (the server). Trap: until the second password was taken the desk is the
 * outgoing person's, whatever this screen shows.
 */
#ifndef LODGE_NIGHT_HANDOVER_H
#define LODGE_NIGHT_HANDOVER_H

#include "client/app.h"

bool night_handover_allows(const struct app *);
/* Goes on with the hand-over that is under way, or begins one. */
void night_handover_push(struct app *);

#endif
