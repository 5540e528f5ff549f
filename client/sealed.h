/*
 * sealed.h - what lies on a terminal's disk for its eyes only: sealed with a key, or with a password.
 *
 * XChaCha20-Poly1305: whoever has only the bytes neither reads nor alters them unseen. Not for: files (disk.h). Trap: a
 * password is stretched by argon2id on the caller's thread, a tenth of a second and 19 MiB: at sign-in and unlocking only.
 */
#ifndef LODGE_SEALED_H
#define LODGE_SEALED_H

#include <stdbool.h>
#include <stddef.h>

#include "common/words.h"

enum { SEALED_KEY_BYTES = 32, SEALED_SALT_BYTES = 16, SEALED_MORE_BYTES = 24 + 16, SEALED_FOR_MORE_BYTES = 32 + 16 /* that sealing adds */ };

/* A fresh salt. */
void sealed_salt(unsigned char salt[SEALED_SALT_BYTES]);
/* argon2id; false: no memory. */
bool sealed_stretch(unsigned char key[SEALED_KEY_BYTES], const char *password, const unsigned char salt[SEALED_SALT_BYTES]) MUST_CHECK;
/* Another key for each use of the terminal's. */
void sealed_derive(unsigned char out[SEALED_KEY_BYTES], const unsigned char key[SEALED_KEY_BYTES], const char *use);

/* Seals n bytes with what they belong to (about); out has room for n + SEALED_MORE_BYTES. */
void sealed_close(unsigned char *out, const unsigned char key[SEALED_KEY_BYTES], const char *about, const void *bytes, size_t n);
/* Opens n sealed bytes; out has room for n. False: another key, another about, or a single bit is different. */
bool sealed_open(unsigned char *out, const unsigned char key[SEALED_KEY_BYTES], const char *about, const unsigned char *bytes, size_t n) MUST_CHECK;

/* Seals n bytes for whoever holds the other half of this key, which nobody here does; out has room for n + SEALED_FOR_MORE_BYTES. */
void sealed_for(unsigned char *out, const unsigned char key[SEALED_KEY_BYTES], const void *bytes, size_t n);

/* Bytes as lower-case hexadecimal digits and a NUL; out has room for 2n + 1. */
void sealed_hex(char *out, const unsigned char *bytes, size_t n);
/* Exactly n bytes from 2n digits, not a character more; false: they are none. */
bool sealed_unhex(unsigned char *out, size_t n, const char *hex) MUST_CHECK;

#endif
