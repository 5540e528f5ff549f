/*
 * opid.h - the identity of one intention: a random UUID made once and sent with every retry.
 *
 * Not for: identities of records, which the server gives. Trap: a new attempt after a refusal may
 * keep its op_id, but a changed form must get a new one.
 */
#ifndef LODGE_OPID_H
#define LODGE_OPID_H

enum { OPID_SIZE = 37 };

/* Writes a version 4 UUID. The process ends if the kernel has no random bytes to give. */
void opid_make(char out[OPID_SIZE]);

#endif
