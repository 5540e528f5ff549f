/*
 * loop.h - the one thread of lodged: its clock.
 *
 * Not for: what happens in a turn; loop.c starts the parts and each part keeps its own events.
 * Trap: monotonic seconds; never mix with the wall clock, which may jump.
 */
#ifndef LODGE_LOOP_H
#define LODGE_LOOP_H

#include <time.h>

/* Monotonic seconds. */
static inline double loop_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
