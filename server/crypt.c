/*
 * crypt.c - XChaCha20-Poly1305 and keyed BLAKE2b over subkeys of one master key.
 *
 * Sealed value: 0x01 | key id (1 byte) | nonce (24) | cipher text and tag. Not for: where values
 * are stored. Trap: the master key leaves this file in no form; subkeys lie in locked memory.
 */
#include "server/crypt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "common/log.h"

enum {
	MASTER_BYTES = crypto_kdf_KEYBYTES,
	FORMAT = 1,
	KEY_ID = 1, /* this file knows one key; more come with rotation */
	HEAD = 2 + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	HASH_BYTES = CRYPT_HASH_BYTES,
	SEALED_MAX = 1024 * 1024,
	PIN_BOX_MAX = 128,
};

_Static_assert(crypto_auth_hmacsha256_KEYBYTES == HASH_BYTES && 2 * crypto_auth_hmacsha256_BYTES + 1 == CRYPT_HEX, "tags of terminals");
_Static_assert(HEAD + TAG == CRYPT_OVERHEAD, "overhead of a sealed value");

enum subkey { SUBKEY_UNSET = 0, SUBKEY_SEAL, SUBKEY_HASH, SUBKEY_DIGEST, SUBKEY_TERMINAL, SUBKEY_PIN, SUBKEY_END };

static unsigned char subkeys[SUBKEY_END][32];
static bool is_loaded;

/* Makes the file with a fresh key. Written under another name first, so that a crash leaves no
 * half a key that a second start would take for one. */
static bool key_create(const char *path)
{
	unsigned char key[MASTER_BYTES];
	char part[4096];
	int n = snprintf(part, sizeof(part), "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof(part))
		return false;
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	crypto_kdf_keygen(key);
	bool is_good = write(fd, key, sizeof(key)) == (ssize_t)sizeof(key) && fsync(fd) == 0;
	sodium_memzero(key, sizeof(key));
	is_good = close(fd) == 0 && is_good;
	/* link, not rename: of two servers starting at once only one key may win. */
	is_good = is_good && (link(part, path) == 0 || errno == EEXIST);
	unlink(part);
	return is_good;
}

/* Reads the key from a file that only its owner can read, and perhaps a group: administration
 * commands run on another account than the server. Says why not. */
static const char *key_read(const char *path, unsigned char key[MASTER_BYTES])
{
	struct stat st;
	unsigned char more;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	const char *why = NULL;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		why = "it is no file";
	else if ((st.st_mode & 037) != 0)
		why = "others than its owner may use it; it must have mode 0600 or 0440";
	else if (read(fd, key, MASTER_BYTES) != MASTER_BYTES || read(fd, &more, 1) != 0)
		why = "it does not hold exactly 32 bytes";
	close(fd);
	return why;
}

enum err crypt_load(const char *path)
{
	unsigned char master[MASTER_BYTES];
	if (sodium_init() < 0)
		return ERR_REFUSED;
	if (access(path, F_OK) != 0 && errno == ENOENT && !key_create(path)) {
		log_error("key file %s cannot be made: %s", path, strerror(errno));
		return ERR_REFUSED;
	}
	sodium_mlock(master, sizeof(master));
	const char *why = key_read(path, master);
	if (why == NULL) {
		if (sodium_mlock(subkeys, sizeof(subkeys)) != 0)
			log_warn("keys cannot be locked in memory; they may reach swap space");
		for (enum subkey k = SUBKEY_SEAL; k < SUBKEY_END; k++)
			crypto_kdf_derive_from_key(subkeys[k], sizeof(subkeys[k]), k, "lodge-v1", master);
		is_loaded = true;
	} else {
		log_error("key file %s: %s", path, why);
	}
	sodium_munlock(master, sizeof(master)); /* wipes */
	return why == NULL ? OK : ERR_REFUSED;
}

void crypt_unload(void)
{
	if (is_loaded)
		sodium_munlock(subkeys, sizeof(subkeys));
	is_loaded = false;
}

/* Bytes as bytea text. */
static enum err bytea_text(struct arena *arena, const unsigned char *bytes, size_t n, const char **out)
{
	char *text = arena_alloc(arena, 2 * n + 3);
	if (text == NULL)
		return ERR_NOMEM;
	text[0] = '\\';
	text[1] = 'x';
	sodium_bin2hex(text + 2, 2 * n + 1, bytes, n);
	*out = text;
	return OK;
}

enum err crypt_seal(struct arena *arena, const char *aad, const char *text, const char **bytea)
{
	size_t len = strlen(text);
	if (!is_loaded || len > SEALED_MAX)
		return is_loaded ? ERR_TOO_BIG : ERR_DEGRADED;
	unsigned char *sealed = arena_alloc(arena, HEAD + len + TAG);
	if (sealed == NULL)
		return ERR_NOMEM;
	sealed[0] = FORMAT;
	sealed[1] = KEY_ID;
	randombytes_buf(sealed + 2, HEAD - 2);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + HEAD, NULL, (const unsigned char *)text, len,
		(const unsigned char *)aad, strlen(aad), NULL, sealed + 2, subkeys[SUBKEY_SEAL]);
	return bytea_text(arena, sealed, HEAD + len + TAG, bytea);
}

enum err crypt_open(struct arena *arena, const char *aad, const char *bytea, const char **text)
{
	size_t digits = strlen(bytea), n = 0;
	if (!is_loaded)
		return ERR_DEGRADED;
	if (digits < 2 || bytea[0] != '\\' || bytea[1] != 'x' || digits > 2 * (SEALED_MAX + HEAD + TAG) + 2)
		return ERR_INVALID;
	unsigned char *sealed = arena_alloc(arena, digits / 2);
	if (sealed == NULL)
		return ERR_NOMEM;
	if (sodium_hex2bin(sealed, digits / 2, bytea + 2, digits - 2, NULL, &n, NULL) != 0 ||
			n < HEAD + TAG || sealed[0] != FORMAT || sealed[1] != KEY_ID)
		return ERR_INVALID;
	unsigned char *plain = arena_alloc(arena, n - HEAD - TAG + 1); /* zeroed: ends with NUL */
	if (plain == NULL)
		return ERR_NOMEM;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + HEAD, n - HEAD,
			(const unsigned char *)aad, strlen(aad), sealed + 2, subkeys[SUBKEY_SEAL]) != 0)
		return ERR_INVALID;
	*text = (const char *)plain;
	return OK;
}

static enum err keyed_hash(struct arena *arena, enum subkey key, const char *data, size_t len,
	const char **bytea)
{
	unsigned char hash[HASH_BYTES];
	if (!is_loaded)
		return ERR_DEGRADED;
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)data, len, subkeys[key],
		sizeof(subkeys[key]));
	return bytea_text(arena, hash, sizeof(hash), bytea);
}

enum err crypt_key_hash(struct arena *arena, const char *text, const char **bytea)
{
	return keyed_hash(arena, SUBKEY_HASH, text, strlen(text), bytea);
}

enum err crypt_digest(struct arena *arena, const char *canonical, size_t len, const char **bytea)
{
	return keyed_hash(arena, SUBKEY_DIGEST, canonical, len, bytea);
}

static bool terminal_key(const char *terminal, unsigned char key[HASH_BYTES])
{
	if (is_loaded)
		crypto_generichash(key, HASH_BYTES, (const unsigned char *)terminal, strlen(terminal), subkeys[SUBKEY_TERMINAL],
			sizeof(subkeys[SUBKEY_TERMINAL]));
	return is_loaded;
}

enum err crypt_terminal_keys(const char *terminal, char key[CRYPT_HEX], char pins[CRYPT_HEX])
{
	unsigned char own[HASH_BYTES], open[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES];
	if (!terminal_key(terminal, own) || crypto_box_seed_keypair(open, secret, subkeys[SUBKEY_PIN]) != 0)
		return ERR_DEGRADED;
	sodium_bin2hex(key, CRYPT_HEX, own, sizeof(own));
	sodium_bin2hex(pins, CRYPT_HEX, open, sizeof(open));
	sodium_memzero(own, sizeof(own));
	sodium_memzero(secret, sizeof(secret));
	return OK;
}

bool crypt_terminal_signed(const char *terminal, const char *text, const char *tag)
{
	unsigned char key[HASH_BYTES], right[crypto_auth_hmacsha256_BYTES];
	char hex[CRYPT_HEX];
	if (strlen(tag) != CRYPT_HEX - 1 || !terminal_key(terminal, key))
		return false;
	crypto_auth_hmacsha256(right, (const unsigned char *)text, strlen(text), key);
	sodium_memzero(key, sizeof(key));
	sodium_bin2hex(hex, sizeof(hex), right, sizeof(right));
	return sodium_memcmp(hex, tag, CRYPT_HEX - 1) == 0;
}

const char *crypt_pin_open(struct arena *arena, const char *op_id, const char *box)
{
	unsigned char open[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES], sealed[PIN_BOX_MAX];
	char *plain = arena_alloc(arena, PIN_BOX_MAX); /* zeroed */
	size_t n = 0;
	if (plain == NULL || sodium_hex2bin(sealed, sizeof(sealed), box, strlen(box), NULL, &n, NULL) != 0)
		return box;
	crypto_box_seed_keypair(open, secret, subkeys[SUBKEY_PIN]);
	bool opened = crypto_box_seal_open((unsigned char *)plain, sealed, n, open, secret) == 0 && strncmp(plain, op_id, strlen(op_id)) == 0;
	sodium_memzero(secret, sizeof(secret));
	return opened ? plain + strlen(op_id) : box;
}
