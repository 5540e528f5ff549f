/*
 * test_keep_file.c - what a gate keeps on its disk: lists and sign-ins, cut at every byte, with every bit flipped, of
 * others, too old.
 *
 * Not for: the screen (tests/screen/test_app_offline.c). Trap: a crash is played by cutting the file; what the disk promises
 * is the kernel's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/disk.h"
#include "client/keep_file.h"
#include "client/signins.h"
#include "common/book.h"

static char folder[64], path[96];
static const unsigned char key[JOURNAL_KEY_BYTES] = "a key of thirty-two bytes, or so";

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/lodge-lists.XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/gate", folder);
	return 0;
}

static int drop_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static struct keep_head head_of(int64_t as_of)
{
	struct keep_head h = {.staff = "w011", .terminal = "gate", .as_of = as_of, .saved = as_of, .hours = 72, .through = 7,
		.clock = {.boot = "one", .up = 1000, .wall = as_of}};

	snprintf(h.books, sizeof h.books, "%s", books_hash());
	return h;
}

static void write_text(struct buf *text)
{
	struct keep_head h = head_of(1000000);

	buf_init(text, 4096);
	keep_file_begin(text, &h);
	keep_file_row(text, "release_slip", "{\"id\":3,\"version\":1,\"state\":\"issued\",\"no\":\"12\"}");
	keep_file_row(text, "visitor", "{\"id\":9,\"version\":2,\"state\":\"inside\",\"name\":\"Nguyễn Thị Ánh\"}");
	keep_file_end(text, 2);
}

static void write_file(void)
{
	struct buf text;

	write_text(&text);
	assert_int_equal(keep_file_write(path, key, "w011", text.data, text.len), OK);
	buf_done(&text);
}

static size_t told;

static void tell(void *ctx, const char *book, const struct node *row)
{
	(void)ctx;
	assert_non_null(book_find(book));
	assert_true(node_get(row, "id")->i > 0);
	told++;
}

/* Opens and parses; how far it came. */
static enum err read_file(const unsigned char *with, const char *staff)
{
	struct keep_head h;
	char *text = NULL;
	size_t len = 0;
	enum err err = keep_file_read(path, with, staff, &text, &len);

	told = 0;
	if (err == OK)
		err = keep_file_parse(&h, text, len, tell, NULL);
	free(text);
	return err;
}

static char *slurp(size_t *n)
{
	char *all = NULL;

	assert_int_equal(disk_read(path, 1 << 20, &all, n), OK);
	return all;
}

static void lists_come_back_and_only_their_owner_reads_them(void **state)
{
	static const unsigned char other[JOURNAL_KEY_BYTES] = "another";
	struct stat st;

	(void)state;
	write_file();
	assert_int_equal(read_file(key, "w011"), OK);
	assert_int_equal(told, 2);
	assert_int_equal(read_file(key, "w012"), ERR_INVALID);
	assert_int_equal(read_file(other, "w011"), ERR_INVALID);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	unlink(path);
	assert_int_equal(read_file(key, "w011"), ERR_NOT_FOUND);
}

static void nothing_of_the_lists_is_readable_on_the_disk(void **state)
{
	size_t n;
	char *all;

	(void)state;
	write_file();
	all = slurp(&n);
	assert_null(memmem(all, n, "Nguy", 4));
	assert_null(memmem(all, n, "release_slip", 12));
	assert_null(memmem(all, n, "w011", 4));
	free(all);
}

static void a_file_cut_at_any_byte_is_refused(void **state)
{
	size_t n;
	char *all;

	(void)state;
	write_file();
	all = slurp(&n);
	for (size_t cut = 0; cut < n; cut++) {
		assert_int_equal(disk_replace(path, all, cut), OK);
		assert_int_equal(read_file(key, "w011"), ERR_INVALID);
		assert_int_equal(told, 0);
	}
	free(all);
}

static void a_file_with_any_bit_flipped_is_refused(void **state)
{
	size_t n;
	char *all;

	(void)state;
	write_file();
	all = slurp(&n);
	for (size_t at = 0; at < n; at++)
		for (int bit = 0; bit < 8; bit++) {
			all[at] ^= (char)(1 << bit);
			assert_int_equal(disk_replace(path, all, n), OK);
			assert_int_equal(read_file(key, "w011"), ERR_INVALID);
			assert_int_equal(told, 0);
			all[at] ^= (char)(1 << bit);
		}
	free(all);
}

/* A program that holds the key may still write nonsense: it is never half used. */
static void a_text_cut_at_any_byte_is_used_wholly_or_not_at_all(void **state)
{
	struct keep_head h;
	struct buf text;

	(void)state;
	write_text(&text);
	for (size_t cut = 0; cut < text.len; cut++) {
		told = 0;
		assert_int_equal(keep_file_parse(&h, text.data, cut, tell, NULL), ERR_INVALID);
		assert_int_equal(told, 0);
	}
	assert_int_equal(keep_file_parse(&h, text.data, text.len, tell, NULL), OK);
	assert_int_equal(h.through, 7);
	assert_string_equal(h.staff, "w011");
	buf_done(&text);
}

static void lists_of_others_and_of_another_version_are_refused(void **state)
{
	struct keep_head h = head_of(1000000);

	(void)state;
	assert_int_equal(keep_file_judge(&h, "w011", "gate", 1000000), OK);
	assert_int_equal(keep_file_judge(&h, "w012", "gate", 1000000), ERR_REFUSED);
	assert_int_equal(keep_file_judge(&h, "w011", "other", 1000000), ERR_REFUSED);
	h.books[0] ^= 1;
	assert_int_equal(keep_file_judge(&h, "w011", "gate", 1000000), ERR_REFUSED);
}

static void lists_run_out_to_the_second(void **state)
{
	struct keep_head h = head_of(1000000);

	(void)state;
	assert_int_equal(keep_file_judge(&h, "w011", "gate", 1000000 + 72 * 3600), OK);
	assert_int_equal(keep_file_judge(&h, "w011", "gate", 1000000 + 72 * 3600 + 1), ERR_NOT_FOUND);
	assert_int_equal(keep_file_judge(&h, "w011", "gate", 999999), ERR_NOT_FOUND);
}

/* The wall clock counts after a restart of the machine only, and never backwards. */
static void a_clock_that_was_set_makes_no_list_younger(void **state)
{
	struct keep_head h = head_of(1000000);
	struct keep_clock now = {.boot = "one", .up = 1000 + 3600, .wall = 5};

	(void)state;
	assert_int_equal(keep_file_now(&h, &now), 1000000 + 3600);
	now = (struct keep_clock){.boot = "two", .up = 3, .wall = 1000000 + 7200};
	assert_int_equal(keep_file_now(&h, &now), 1000000 + 7200);
	now.wall = 999999;
	assert_int_equal(keep_file_now(&h, &now), -1);
	h.clock.boot[0] = now.boot[0] = '\0'; /* a machine that does not say */
	now.wall = 1000000 + 60;
	assert_int_equal(keep_file_now(&h, &now), 1000000 + 60);
}

/* ---- who may sign in ---- */

static void put(struct signins *all, const char *code, const char *typed, const char *password)
{
	struct signin person = {.role = "SG", .lang = "vi", .zone = "Asia/Ho_Chi_Minh", .name = "Bảo vệ"};
	unsigned char salt[SEALED_SALT_BYTES], stretched[SEALED_KEY_BYTES];

	memcpy(person.key, key, sizeof person.key);
	snprintf(person.code, sizeof person.code, "%s", code);
	sealed_salt(salt);
	assert_true(sealed_stretch(stretched, password, salt));
	assert_int_equal(signins_put(all, &person, typed, salt, stretched), OK);
}

static void B9_the_key_opens_with_ones_own_password_only(void **state)
{
	static struct signins all, back;
	struct signin who;

	(void)state;
	memset(&all, 0, sizeof all);
	put(&all, "w011", "guard", "one password");
	put(&all, "w012", "guard2", "another one");
	assert_int_equal(signins_write(&all, path), OK);
	assert_int_equal(signins_read(&back, path), OK);
	assert_int_equal(back.n, 2);
	assert_int_equal(signins_open(&back, "guard", "one password", &who), OK);
	assert_memory_equal(who.key, key, sizeof who.key);
	assert_string_equal(who.code, "w011");
	assert_string_equal(who.name, "Bảo vệ");
	assert_int_equal(signins_open(&back, "w012", "another one", &who), OK);
	assert_int_equal(signins_open(&back, "w011", "another one", &who), ERR_FORBIDDEN);
	assert_int_equal(signins_open(&back, "nobody", "one password", &who), ERR_FORBIDDEN);
	assert_int_equal(signins_open(&back, "guard", "", &who), ERR_FORBIDDEN);
}

static void one_line_a_person_the_last_password_counts(void **state)
{
	static struct signins all;
	struct signin who;

	(void)state;
	memset(&all, 0, sizeof all);
	put(&all, "w011", "guard", "the old one");
	put(&all, "w011", "guard", "the new one");
	assert_int_equal(all.n, 1);
	assert_int_equal(signins_open(&all, "guard", "the old one", &who), ERR_FORBIDDEN);
	assert_int_equal(signins_open(&all, "guard", "the new one", &who), OK);
	signins_drop(&all, "w011");
	assert_int_equal(signins_open(&all, "guard", "the new one", &who), ERR_FORBIDDEN);
}

/* A colleague's box under another's name does not open. */
static void a_line_renamed_is_refused(void **state)
{
	static struct signins all;
	struct signin who;

	(void)state;
	memset(&all, 0, sizeof all);
	put(&all, "w011", "guard", "one password");
	snprintf(all.line[0].code, sizeof all.line[0].code, "w001");
	assert_int_equal(signins_open(&all, "guard", "one password", &who), ERR_FORBIDDEN);
}

static void a_damaged_file_of_sign_ins_is_refused_or_opens_nothing(void **state)
{
	static struct signins all, back;
	struct signin who;
	size_t n;
	char *text;

	(void)state;
	memset(&all, 0, sizeof all);
	put(&all, "w011", "guard", "one password");
	assert_int_equal(signins_write(&all, path), OK);
	text = slurp(&n);
	for (size_t cut = 0; cut < n; cut++)
		/* What is left of a torn file is a head without anybody, or nothing. */
		assert_true(signins_parse(&back, text, cut) != OK || back.n == 0);
	for (size_t at = 0; at < n; at += 7) {
		text[at] ^= 1;
		if (signins_parse(&back, text, n) == OK && memcmp(&back.line, &all.line, sizeof all.line) != 0)
			assert_int_equal(signins_open(&back, "guard", "one password", &who), ERR_FORBIDDEN);
		text[at] ^= 1;
	}
	free(text);
	for (const char *const *bad = (const char *const[]){"lodge-signins 1 0\nw011  guard ab cd\n", "lodge-signins 1 0\n\n", "lodge-signins 1 0\n w011\n", NULL}; *bad != NULL; bad++)
		assert_int_equal(signins_parse(&back, *bad, strlen(*bad)), ERR_INVALID);
}

static void A13_wrong_tries_wait_longer_and_longer(void **state)
{
	static const int64_t right[] = {0, 1, 2, 4, 8, 16, 32, 60, 60};

	(void)state;
	for (int64_t i = 0; i < (int64_t)(sizeof right / sizeof right[0]); i++)
		assert_int_equal(signins_pause(i), right[i]);
	assert_int_equal(signins_pause(1000000), 60);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lists_come_back_and_only_their_owner_reads_them),
		TEST(nothing_of_the_lists_is_readable_on_the_disk),
		TEST(a_file_cut_at_any_byte_is_refused),
		TEST(a_file_with_any_bit_flipped_is_refused),
		TEST(a_text_cut_at_any_byte_is_used_wholly_or_not_at_all),
		TEST(lists_of_others_and_of_another_version_are_refused),
		TEST(lists_run_out_to_the_second),
		TEST(a_clock_that_was_set_makes_no_list_younger),
		TEST(B9_the_key_opens_with_ones_own_password_only),
		TEST(one_line_a_person_the_last_password_counts),
		TEST(a_line_renamed_is_refused),
		TEST(a_damaged_file_of_sign_ins_is_refused_or_opens_nothing),
		TEST(A13_wrong_tries_wait_longer_and_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
