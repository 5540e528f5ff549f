/*
 * test_journal.c - the console's journal: crashes at every byte, tampering, the end of the chain.
 * Not for: sending (flows). Trap: a crash is played by cutting a copy of the file; what the disk promises is
 * the kernel's.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/journal.h"

static char folder[64], path[96];
static const unsigned char key[JOURNAL_KEY_BYTES] = "a key of thirty-two bytes, or so";

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/lodge-journal.XXXXXX");
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

static struct journal *opened(enum err expected, struct journal_found *found)
{
	struct journal *j = NULL;

	assert_int_equal(journal_open(&j, path, key, found), expected);
	return j;
}

static void add(struct journal *j, int i)
{
	char text[64];

	snprintf(text, sizeof text, "{\"movement\":%d}", i);
	assert_int_equal(journal_add(j, text), OK);
}

static void fill(int n)
{
	struct journal_found found;
	struct journal *j = opened(OK, &found);

	for (int i = 1; i <= n; i++)
		add(j, i);
	journal_close(j);
}

static char *slurp(size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *all = malloc(1 << 20);

	assert_non_null(f);
	assert_non_null(all);
	*n = fread(all, 1, 1 << 20, f);
	fclose(f);
	return all;
}

static void spill(const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Begin of the n-th line, counted from 0. */
static size_t line_at(const char *all, int n)
{
	const char *s = all;

	while (n-- > 0)
		s = strchr(s, '\n') + 1;
	return (size_t)(s - all);
}

static void records_come_back_in_order_and_end_the_file_when_taken(void **state)
{
	struct journal_found found;
	struct journal_record r;
	struct journal *j;

	(void)state;
	fill(3);
	j = opened(OK, &found);
	assert_int_equal(found.waiting, 3);
	assert_false(found.torn);
	for (unsigned i = 1; i <= 3; i++) {
		char text[64];

		snprintf(text, sizeof text, "{\"movement\":%u}", i);
		assert_int_equal(journal_next(j, &r), OK);
		assert_int_equal(r.counter, i);
		assert_string_equal(r.text, text);
		assert_int_equal(journal_taken(j), OK);
	}
	assert_int_equal(journal_next(j, &r), ERR_NOT_FOUND);
	add(j, 4);
	assert_int_equal(journal_next(j, &r), OK);
	assert_int_equal(r.counter, 4);
	journal_close(j);
}

static void a_crash_at_any_byte_of_the_last_record_loses_no_other(void **state)
{
	struct journal_found found;
	size_t n, last;
	char *all;

	(void)state;
	fill(5);
	all = slurp(&n);
	last = line_at(all, 5);
	for (size_t cut = last; cut < n; cut++) {
		struct journal *j;

		spill(all, cut);
		j = opened(OK, &found);
		assert_int_equal(found.waiting, 4);
		assert_int_equal(found.torn, cut > last);
		add(j, 50);
		journal_close(j);
		journal_close(opened(OK, &found));
		assert_int_equal(found.waiting, 5);
	}
	free(all);
}

static void lost_bytes_that_read_as_zeros_are_a_torn_record(void **state)
{
	struct journal_found found;
	size_t n, last;
	char *all;

	(void)state;
	fill(2);
	all = slurp(&n);
	last = line_at(all, 2);
	memset(all + last, 0, n - last);
	spill(all, n);
	journal_close(opened(OK, &found));
	assert_true(found.torn);
	assert_int_equal(found.waiting, 1);
	free(all);
}

static void no_byte_of_an_earlier_record_can_be_changed(void **state)
{
	struct journal_found found;
	size_t n, second, third;
	char *all;

	(void)state;
	fill(4);
	all = slurp(&n);
	second = line_at(all, 2);
	third = line_at(all, 3);
	for (size_t at = second; at < third; at++) {
		all[at] ^= 1;
		spill(all, n);
		assert_null(opened(ERR_INVALID, &found));
		assert_int_equal(found.broken_at, 2);
		assert_int_equal(found.waiting, 1);
		all[at] ^= 1;
	}
	free(all);
}

static void removed_doubled_and_moved_records_are_noticed(void **state)
{
	struct journal_found found;
	size_t n, a, b, c;
	char *all, *forged;

	(void)state;
	fill(4);
	all = slurp(&n);
	forged = malloc(2 * n);
	assert_non_null(forged);
	a = line_at(all, 2);
	b = line_at(all, 3);
	c = line_at(all, 4);
	memcpy(forged, all, a);
	memcpy(forged + a, all + b, n - b);
	spill(forged, n - (b - a));
	assert_null(opened(ERR_INVALID, &found));
	memcpy(forged, all, b);
	memcpy(forged + b, all + a, n - a);
	spill(forged, n + (b - a));
	assert_null(opened(ERR_INVALID, &found));
	assert_int_equal(found.broken_at, 3);
	memcpy(forged, all, a);
	memcpy(forged + a, all + b, c - b);
	memcpy(forged + a + (c - b), all + a, b - a);
	memcpy(forged + c, all + c, n - c);
	spill(forged, n);
	assert_null(opened(ERR_INVALID, &found));
	free(forged);
	free(all);
}

static void the_end_of_what_was_taken_can_not_be_forged(void **state)
{
	struct journal_found found;
	struct journal *j;
	size_t n;
	char *all;

	(void)state;
	fill(1);
	j = opened(OK, &found);
	assert_int_equal(journal_taken(j), OK);
	journal_close(j);
	all = slurp(&n);
	assert_int_equal(strncmp(all, "lodge-journal 1 1 ", 18), 0);
	all[16] = '0';
	spill(all, n);
	assert_null(opened(ERR_INVALID, &found));
	free(all);
}

static void another_key_and_a_second_process_are_refused(void **state)
{
	static const unsigned char other[JOURNAL_KEY_BYTES] = "another";
	struct journal_found found;
	struct journal *j, *second = NULL;

	(void)state;
	fill(1);
	assert_int_equal(journal_open(&second, path, other, &found), ERR_INVALID);
	j = opened(OK, &found);
	assert_int_equal(journal_open(&second, path, key, &found), ERR_LOCKED);
	journal_close(j);
}

static void line_feeds_and_long_records_are_refused(void **state)
{
	static char longest[JOURNAL_RECORD_MAX + 2];
	struct journal_found found;
	struct journal *j = opened(OK, &found);

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	assert_int_equal(journal_add(j, "a\nb"), ERR_TOO_BIG);
	assert_int_equal(journal_add(j, longest), ERR_TOO_BIG);
	longest[JOURNAL_RECORD_MAX] = '\0';
	assert_int_equal(journal_add(j, longest), OK);
	assert_int_equal(journal_waiting(j), 1);
	journal_close(j);
}

static void expect_next(struct journal *j, uint64_t counter)
{
	struct journal_record r;

	assert_int_equal(journal_next(j, &r), OK);
	assert_int_equal(r.counter, counter);
}

/* Records on their way ahead of the one that is taken; after a fault they are given once more. */
static void what_was_given_and_not_taken_is_given_again(void **state)
{
	struct journal_record first, second;
	struct journal_found found;
	struct journal *j;

	(void)state;
	fill(4);
	j = opened(OK, &found);
	assert_int_equal(journal_next(j, &first), OK);
	assert_int_equal(journal_next(j, &second), OK);
	assert_string_equal(second.before, first.tag);
	expect_next(j, 3);
	assert_int_equal(journal_taken(j), OK);
	expect_next(j, 4);
	add(j, 5);
	expect_next(j, 5);
	assert_int_equal(journal_next(j, &first), ERR_NOT_FOUND);
	journal_again(j);
	assert_int_equal(journal_next(j, &second), OK);
	assert_int_equal(second.counter, 2);
	for (int i = 0; i < 4; i++)
		assert_int_equal(journal_taken(j), OK);
	assert_int_equal(journal_taken(j), ERR_NOT_FOUND);
	assert_int_equal(journal_next(j, &first), ERR_NOT_FOUND);
	journal_close(j);
}

/* The disk takes this many bytes more, and no other. */
static void let_grow(rlim_t bytes)
{
	struct rlimit limit;
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes == RLIM_INFINITY ? limit.rlim_max : (rlim_t)st.st_size + bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A record that the disk took half of was never promised: nothing of it stays, and the next one fits. */
static void a_disk_that_is_full_at_any_byte_takes_nothing_and_loses_nothing(void **state)
{
	struct journal_found found;
	struct journal *j = opened(OK, &found);
	size_t promised = 1;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	add(j, 1);
	for (rlim_t more = 0; more < 80; more++) {
		let_grow(more);
		assert_int_equal(journal_add(j, "{\"movement\":\"one that is much too long for the disk\"}"), ERR_DEGRADED);
		let_grow(RLIM_INFINITY);
		assert_int_equal(journal_add(j, "{}"), OK);
		promised++;
	}
	journal_close(j);
	signal(SIGXFSZ, SIG_DFL);
	journal_close(opened(OK, &found));
	assert_false(found.torn);
	assert_int_equal(found.waiting, promised);
}

/* The house's test: crashes at random bytes over many movements; what was promised is there. */
static void random_crashes_over_many_movements_lose_nothing(void **state)
{
	struct journal_found found;
	int promised = 0;

	(void)state;
	srand(20261121);
	for (int crash = 0; crash < 200; crash++) {
		struct journal *j = opened(OK, &found);
		struct stat st;
		off_t before;

		assert_int_equal(found.waiting, promised);
		for (int i = 0; i < 10; i++)
			add(j, ++promised);
		assert_int_equal(stat(path, &st), 0);
		before = st.st_size;
		add(j, promised + 1);
		journal_close(j);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(truncate(path, before + rand() % (st.st_size - before)), 0);
	}
	journal_close(opened(OK, &found));
	assert_int_equal(found.waiting, promised);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_come_back_in_order_and_end_the_file_when_taken),
		TEST(a_crash_at_any_byte_of_the_last_record_loses_no_other),
		TEST(lost_bytes_that_read_as_zeros_are_a_torn_record),
		TEST(no_byte_of_an_earlier_record_can_be_changed),
		TEST(removed_doubled_and_moved_records_are_noticed),
		TEST(the_end_of_what_was_taken_can_not_be_forged),
		TEST(another_key_and_a_second_process_are_refused),
		TEST(line_feeds_and_long_records_are_refused),
		TEST(what_was_given_and_not_taken_is_given_again),
		TEST(a_disk_that_is_full_at_any_byte_takes_nothing_and_loses_nothing),
		TEST(random_crashes_over_many_movements_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
