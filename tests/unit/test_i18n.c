/*
 * test_i18n.c - catalogues made byte by byte, broken ones, and the house's own when they are built.
 * Not for: the quality of translations. Trap: i18n_open keeps what it loaded first, so the made
 * catalogues are opened in a process of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/i18n.h"

static char folder[] = "/tmp/lodge_i18n_XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static void each_path(void (*visit)(const char *path), const char *lang)
{
	static const char *const parts[] = { "", "/LC_MESSAGES", "/LC_MESSAGES/lodge.mo" };
	char path[200];
	for (size_t i = 0; i < NITEMS(parts); i++) {
		snprintf(path, sizeof(path), "%s/%s%s", folder, lang, parts[i]);
		visit(path);
	}
}

static void make_folder(const char *path)
{
	if (!strstr(path, ".mo"))
		mkdir(path, 0700);
}

static void remove_path(const char *path)
{
	remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) /* innermost last, so outer ones need later rounds */
		for (size_t i = 0; i18n_langs[i]; i++)
			each_path(remove_path, i18n_langs[i]);
	return rmdir(folder);
}

struct image {
	unsigned char bytes[512];
	size_t n;
};

static void put_word(struct image *m, size_t at, uint32_t word)
{
	memcpy(m->bytes + at, &word, sizeof(word));
	if (at + 4 > m->n)
		m->n = at + 4;
}

static void put_string(struct image *m, size_t entry, const char *s, size_t len)
{
	put_word(m, entry, (uint32_t)len);
	put_word(m, entry + 4, (uint32_t)m->n);
	memcpy(m->bytes + m->n, s, len + 1);
	m->n += len + 1;
}

/* A catalogue of the header, "Home", a plural and an empty translation, in the order of strcmp. */
static struct image sound_image(const char *home)
{
	struct image m = { .n = 28 + 2 * 4 * 8 };
	const uint32_t header[] = { 0x950412de, 0, 4, 28, 28 + 4 * 8, 0, 0 };
	for (size_t i = 0; i < NITEMS(header); i++)
		memcpy(m.bytes + 4 * i, &header[i], 4);
	put_string(&m, 28, "", 0);
	put_string(&m, 36, "Empty", 5);
	put_string(&m, 44, "Home", 4);
	put_string(&m, 52, "one file\0%d files", 17);
	put_string(&m, 60, "Language: x\n", 12);
	put_string(&m, 68, "", 0);
	put_string(&m, 76, home, strlen(home));
	put_string(&m, 84, "ein\0viele", 9);
	return m;
}

static void write_image(const char *lang, const struct image *m, size_t n)
{
	char path[200];
	each_path(make_folder, lang);
	snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES/lodge.mo", folder, lang);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fwrite(m->bytes, 1, n, f);
	fclose(f);
}

/* Runs check in a child, which has its own catalogues; exit 0 means that all was well. */
static void in_child(int (*check)(void))
{
	int status = -1;
	pid_t child = fork();
	if (child == 0)
		_exit(check());
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool differs(const char *a, const char *b)
{
	return strcmp(a, b) != 0;
}

static int check_made_catalogues(void)
{
	setenv("LODGE_LOCALE", folder, 1);
	setenv("LODGE_LANG", "vi_VN.UTF-8", 1);
	i18n_open(NULL);
	if (differs(i18n_lang(), "vi") || differs(tr("Home"), "Trang chính"))
		return 1;
	if (differs(tr_in("zh_CN", "Home"), "主页") || differs(tr_in("zh_TW", "Home"), "Home"))
		return 2;
	if (differs(tr_in("en", "Home"), "Home") || differs(tr_in("xx", "Home"), "Home") ||
		differs(tr_in(NULL, "Home"), "Home"))
		return 3;
	if (differs(tr("Absent"), "Absent") || differs(tr("Empty"), "Empty") || differs(tr(""), "") ||
		tr(NULL))
		return 4;
	if (differs(tr("one file"), "ein"))
		return 5;
	i18n_use("zh_CN");
	if (differs(i18n_lang(), "zh_CN") || differs(tr("Home"), "主页"))
		return 6;
	i18n_use("zh");
	return differs(i18n_lang(), "en") || differs(tr("Home"), "Home") ? 7 : 0;
}

static void texts_come_in_four_languages_at_once(void **state)
{
	(void)state;
	struct image vi = sound_image("Trang chính"), zh = sound_image("主页");
	write_image("vi", &vi, vi.n);
	write_image("zh_CN", &zh, zh.n);
	in_child(check_made_catalogues);
}

static int check_nothing_is_translated(void)
{
	i18n_open(folder);
	return differs(tr_in("vi", "Home"), "Home");
}

static void a_broken_catalogue_leaves_the_language_in_english(void **state)
{
	(void)state;
	struct image sound = sound_image("Trang chính");
	for (size_t n = 0; n < sound.n; n += 5) { /* cut short anywhere */
		write_image("vi", &sound, n);
		in_child(check_nothing_is_translated);
	}
	static const struct { size_t at; uint32_t word; } damages[] = { { 0, 0xde120495 }, { 4, 2u << 16 },
		{ 8, 0xffffffff }, { 8, 0x20000000 }, { 12, 0xfffffff0 }, { 16, 500 }, { 28, 0xffffffff },
		{ 32, 0xffffffff }, { 44, 5 }, { 80, 0x7fffffff } };
	for (size_t i = 0; i < NITEMS(damages); i++) {
		struct image broken = sound;
		put_word(&broken, damages[i].at, damages[i].word);
		write_image("vi", &broken, broken.n);
		in_child(check_nothing_is_translated);
	}
}

static void the_house_speaks_every_language_that_is_built(void **state)
{
	(void)state;
#ifdef LODGE_BUILD
	const char *langs[] = { "zh_CN", "zh_TW", "vi" };
	size_t found = 0;
	i18n_open(LODGE_BUILD "/locale");
	for (size_t i = 0; i < NITEMS(langs); i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/locale/%s/LC_MESSAGES/lodge.mo", LODGE_BUILD, langs[i]);
		if (access(path, R_OK) != 0)
			continue;
		found++;
		i18n_use(langs[i]);
		assert_string_equal(i18n_lang(), langs[i]);
		assert_string_not_equal(tr("Front desk"), "Front desk");
		assert_string_equal(tr("Front desk"), tr_in(langs[i], "Front desk"));
	}
	if (!found)
		skip();
#else
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_come_in_four_languages_at_once),
		cmocka_unit_test(a_broken_catalogue_leaves_the_language_in_english),
		cmocka_unit_test(the_house_speaks_every_language_that_is_built),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
