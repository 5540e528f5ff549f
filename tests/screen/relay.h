/*
 * relay.h - a line to the stack that a test may cut, slow down, and ask whether anything is under way on it.
 *
 * Not for: what is said on it. Trap: it is a process of its own, so that a test that waits elsewhere does not stop the line;
 * what it counts lies in memory that both see.
 */
#ifndef LODGE_RELAY_H
#define LODGE_RELAY_H

#include <stdbool.h>

struct relay;
struct relay *relay_start(void);
struct relay *relay_start_slow(int delay_ms); /* what goes there and back needs so long */
const char *relay_address(const struct relay *);
/* Something that was asked on it is not answered yet. */
bool relay_is_busy(const struct relay *);
void relay_cut(struct relay *);    /* every connection breaks, new ones are refused */
void relay_mend(struct relay *);
void relay_stop(struct relay *);

#endif
