/*
 * test_crypt.c - sealing, opening and hashing with a key file made for the test.
 * Not for: what is sealed where. Trap: crypt.c holds one key a process; each test loads its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/auth.h"
#include "server/crypt.h"

static char folder[64], path[128];
static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/lodge-crypt-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/lodge.key", folder);
	arena = arena_new(1024 * 1024);
	assert_non_null(arena);
	return crypt_load(path) == OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	crypt_unload();
	unlink(path);
	rmdir(folder);
	arena_free(arena);
	return 0;
}

static const char *seal(const char *aad, const char *text)
{
	const char *bytea = NULL;
	assert_int_equal(crypt_seal(arena, aad, text, &bytea), OK);
	assert_int_equal(strncmp(bytea, "\\x01", 4), 0);
	return bytea;
}

static void what_is_sealed_opens_again(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "0", "079123456789", "Nguy\xe1\xbb\x85n" };
	for (size_t i = 0; i < NITEMS(texts); i++) {
		const char *text = NULL;
		assert_int_equal(crypt_open(arena, "person|id_no|1", seal("person|id_no|1", texts[i]), &text), OK);
		assert_string_equal(text, texts[i]);
	}
}

static void sealing_twice_gives_two_texts(void **state)
{
	(void)state;
	assert_string_not_equal(seal("a|b|c", "same"), seal("a|b|c", "same"));
}

static void a_value_moved_to_another_row_or_field_does_not_open(void **state)
{
	(void)state;
	const char *text = NULL, *bytea = seal("person|id_no|1", "079123456789");
	assert_int_equal(crypt_open(arena, "person|id_no|2", bytea, &text), ERR_INVALID);
	assert_int_equal(crypt_open(arena, "person|sealed_note|1", bytea, &text), ERR_INVALID);
	assert_null(text);
}

static void a_value_with_one_digit_changed_does_not_open(void **state)
{
	(void)state;
	const char *bytea = seal("a|b|c", "secret"), *text = NULL;
	for (size_t i = 2; i < strlen(bytea); i++) {
		char *other = arena_strdup(arena, bytea);
		assert_non_null(other);
		other[i] = other[i] == '0' ? '1' : '0';
		assert_int_equal(crypt_open(arena, "a|b|c", other, &text), ERR_INVALID);
	}
}

static void what_is_no_sealed_value_is_refused(void **state)
{
	(void)state;
	static const char *const values[] = { "", "\\x", "\\x01", "x01", "\\xzz", "\\x0101", "plain text" };
	for (size_t i = 0; i < NITEMS(values); i++) {
		const char *text = NULL;
		assert_int_equal(crypt_open(arena, "a|b|c", values[i], &text), ERR_INVALID);
	}
}

static void hashes_are_stable_and_differ_by_use(void **state)
{
	(void)state;
	const char *a = NULL, *b = NULL, *c = NULL;
	assert_int_equal(crypt_key_hash(arena, "079", &a), OK);
	assert_int_equal(crypt_key_hash(arena, "079", &b), OK);
	assert_int_equal(crypt_digest(arena, "079", 3, &c), OK);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_int_equal(strlen(a), 2 + 64);
}

static void the_key_survives_a_restart_and_another_key_opens_nothing(void **state)
{
	(void)state;
	const char *text = NULL, *bytea = seal("a|b|c", "secret");
	crypt_unload();
	assert_int_equal(crypt_load(path), OK);
	assert_int_equal(crypt_open(arena, "a|b|c", bytea, &text), OK);
	crypt_unload();
	unlink(path);
	assert_int_equal(crypt_load(path), OK);
	assert_int_equal(crypt_open(arena, "a|b|c", bytea, &text), ERR_INVALID);
}

static void a_key_file_that_others_may_read_is_refused(void **state)
{
	(void)state;
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	crypt_unload();
	chmod(path, 0644);
	assert_int_equal(crypt_load(path), ERR_REFUSED);
	chmod(path, 0600);
	assert_int_equal(truncate(path, 31), 0);
	assert_int_equal(crypt_load(path), ERR_REFUSED);
}

static void without_a_key_nothing_is_sealed(void **state)
{
	(void)state;
	const char *out = NULL;
	crypt_unload();
	assert_int_equal(crypt_seal(arena, "a|b|c", "x", &out), ERR_DEGRADED);
	assert_int_equal(crypt_open(arena, "a|b|c", "\\x01", &out), ERR_DEGRADED);
	assert_int_equal(crypt_digest(arena, "x", 1, &out), ERR_DEGRADED);
}

static void tokens_are_read_back_and_nonsense_is_not(void **state)
{
	(void)state;
	char token[AUTH_BYTEA_MAX], hash[AUTH_BYTEA_MAX], again[AUTH_BYTEA_MAX];
	auth_token(token, hash);
	assert_int_equal(auth_token_text(token + 2, again), OK);
	assert_string_equal(token, again);
	assert_string_not_equal(token, hash);
	assert_int_equal(auth_token_text("", again), ERR_INVALID);
	assert_int_equal(auth_token_text(token, again), ERR_INVALID);
}

static void a_new_password_gets_its_own_salt(void **state)
{
	(void)state;
	const char *salt[2], *params[2], *verifier[2];
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(auth_new_password(arena, "hunter2!", &salt[i], &params[i], &verifier[i]), OK);
	assert_string_equal(params[0], "t=2,m=19456");
	assert_string_not_equal(salt[0], salt[1]);
	assert_string_not_equal(verifier[0], verifier[1]);
	assert_int_equal(strlen(salt[0]), 2 + 2 * AUTH_SALT_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(what_is_sealed_opens_again),
		T(sealing_twice_gives_two_texts),
		T(a_value_moved_to_another_row_or_field_does_not_open),
		T(a_value_with_one_digit_changed_does_not_open),
		T(what_is_no_sealed_value_is_refused),
		T(hashes_are_stable_and_differ_by_use),
		T(the_key_survives_a_restart_and_another_key_opens_nothing),
		T(a_key_file_that_others_may_read_is_refused),
		T(without_a_key_nothing_is_sealed),
		T(tokens_are_read_back_and_nonsense_is_not),
		T(a_new_password_gets_its_own_salt),
#undef T
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
