/*
 * crypt.h - encryption of F_CRYPT fields, keyed hashes and request digests.
 *
 * One master key in a file outside the database; subkeys for each use are derived from it, so
 * that a hash index tells nothing about a cipher text. Results are PostgreSQL bytea text (\x…).
 * Not for: passwords (auth.h) or signatures. Trap: the AAD binds a cipher text to its place
 * (book|field|op_id); whoever moves a value must open and seal it again.
 */
#ifndef LODGE_CRYPT_H
#define LODGE_CRYPT_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/words.h"

enum {
	CRYPT_OVERHEAD = 2 + 24 + 16, /* of a sealed value: format and key, nonce, tag */
	CRYPT_HASH_BYTES = 32,        /* of a keyed hash */
	CRYPT_HEX = 2 * CRYPT_HASH_BYTES + 1, /* a key or tag in hexadecimal, and its end */
};

/* Reads the master key, and makes the file (0600) when there is none. ERR_REFUSED with a logged
 * sentence when the file has another size, can be read by others, or cannot be made. */
enum err crypt_load(const char *path) MUST_CHECK;
void crypt_unload(void);

/* aad is "book|field|op_id". */
enum err crypt_seal(struct arena *, const char *aad, const char *text, const char **bytea) MUST_CHECK;
/* ERR_INVALID when the value was altered, moved, or sealed with another key. */
enum err crypt_open(struct arena *, const char *aad, const char *bytea, const char **text) MUST_CHECK;
/* Keyed hash of a normalised value for equality (F_HASHED). */
enum err crypt_key_hash(struct arena *, const char *text, const char **bytea) MUST_CHECK;
/* Keyed digest of a request's canonical text. */
enum err crypt_digest(struct arena *, const char *canonical, size_t len, const char **bytea) MUST_CHECK;
/* The key under which a terminal chains its journal, and the public half of the pair that it seals PINs with. */
enum err crypt_terminal_keys(const char *terminal, char key[CRYPT_HEX], char pins[CRYPT_HEX]) MUST_CHECK;
/* True when the tag is HMAC-SHA256 of the text under that key. */
bool crypt_terminal_signed(const char *terminal, const char *text, const char *tag);

/* What such a box (hexadecimal) holds for this op_id; the box itself when it is none, or another operation's. */
const char *crypt_pin_open(struct arena *, const char *op_id, const char *box);

#endif
