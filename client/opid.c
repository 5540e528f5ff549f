/*
 * opid.c - see opid.h.
 *
 * Not for: anything but the 16 random bytes and their form. Trap: getrandom may be interrupted
 * only for long reads; 16 bytes come whole or not at all.
 */
#include "client/opid.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

#include "common/log.h"

void opid_make(char out[OPID_SIZE])
{
	uint8_t b[16];

	if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
		fatal("no random bytes");
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(out, OPID_SIZE,
	         "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
	         b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}
