/*
 * ambiguous.h - characters that some terminals paint two cells wide although every library counts one.
 *
 * Not for: deciding whether this terminal does so (tty.c asks it). Trap: only for painting; what is
 * stored, typed or copied keeps its characters.
 */
#ifndef LODGE_AMBIGUOUS_H
#define LODGE_AMBIGUOUS_H

#include <stdbool.h>
#include <stdint.h>

bool ambiguous_is(uint32_t cp);
/* What to paint instead, one cell of ASCII; other characters come back as they are. */
uint32_t ambiguous_narrow(uint32_t cp);

#endif
