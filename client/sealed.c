/*
 * sealed.c - see sealed.h.
 *
 * The nonce stands in front, 24 random bytes. Not for: keeping keys. Trap: sodium_init comes before everything else of
 * libsodium; it may be called as often as one likes.
 */
#include "client/sealed.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

/* As on the server: the least that ASVS 5.0 approves for argon2id. */
enum { OPS = 2, KIB = 19456, NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
_Static_assert(SEALED_MORE_BYTES == NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "what sealing adds");
_Static_assert(SEALED_FOR_MORE_BYTES == crypto_box_SEALBYTES && SEALED_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "what sealing for somebody adds");
_Static_assert(SEALED_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key of the cipher");
_Static_assert(SEALED_SALT_BYTES == crypto_pwhash_SALTBYTES, "salt of argon2id");

static void begin(void)
{
	if (sodium_init() < 0)
		abort();
}

void sealed_salt(unsigned char salt[SEALED_SALT_BYTES])
{
	begin();
	randombytes_buf(salt, SEALED_SALT_BYTES);
}

bool sealed_stretch(unsigned char key[SEALED_KEY_BYTES], const char *password, const unsigned char salt[SEALED_SALT_BYTES])
{
	begin();
	return crypto_pwhash(key, SEALED_KEY_BYTES, password, strlen(password), salt, OPS, (size_t)KIB * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

void sealed_derive(unsigned char out[SEALED_KEY_BYTES], const unsigned char key[SEALED_KEY_BYTES], const char *use)
{
	begin();
	crypto_generichash(out, SEALED_KEY_BYTES, (const unsigned char *)use, strlen(use), key, SEALED_KEY_BYTES);
}

void sealed_close(unsigned char *out, const unsigned char key[SEALED_KEY_BYTES], const char *about, const void *bytes, size_t n)
{
	begin();
	randombytes_buf(out, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, bytes, n, (const unsigned char *)about, strlen(about), NULL, out, key);
}

bool sealed_open(unsigned char *out, const unsigned char key[SEALED_KEY_BYTES], const char *about, const unsigned char *bytes, size_t n)
{
	begin();
	return n >= SEALED_MORE_BYTES &&
	       crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, bytes + NONCE, n - NONCE, (const unsigned char *)about, strlen(about), bytes, key) == 0;
}

void sealed_for(unsigned char *out, const unsigned char key[SEALED_KEY_BYTES], const void *bytes, size_t n)
{
	begin();
	if (crypto_box_seal(out, bytes, n, key) != 0)
		abort();
}

void sealed_hex(char *out, const unsigned char *bytes, size_t n)
{
	sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

bool sealed_unhex(unsigned char *out, size_t n, const char *hex)
{
	size_t len = strlen(hex), got = 0;

	return len == 2 * n && sodium_hex2bin(out, n, hex, len, NULL, &got, NULL) == 0 && got == n;
}
