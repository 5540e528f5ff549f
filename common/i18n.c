/*
 * i18n.c - reads .mo files and looks texts up.
 *
 * The format is GNU gettext's: a header, two sorted tables of (length, offset), NUL-terminated
 * strings; a plural entry holds its forms one after the other, of which this returns the first.
 * Not for: making catalogues. Trap: a .mo file is input like any other; every offset is checked
 * once, when it is loaded, and a file that fails is not used at all.
 */
#include "common/i18n.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef LODGE_LOCALE_DIR
#define LODGE_LOCALE_DIR "/usr/share/locale"
#endif

static const uint32_t mo_magic = 0x950412de;
enum { MO_HEADER = 28, MO_LARGEST = 8 * 1024 * 1024 };

const char *const i18n_langs[] = { "en", "zh_CN", "zh_TW", "vi", NULL };

struct catalogue {
	const char *data;
	size_t size;
	uint32_t count, ids, texts; /* entries; offsets of the two tables */
};

static struct catalogue catalogues[NITEMS(i18n_langs)]; /* by index of i18n_langs */
static size_t current;

static uint32_t word_at(const struct catalogue *c, size_t offset)
{
	uint32_t word;
	memcpy(&word, c->data + offset, sizeof(word));
	return word;
}

/* The i-th string of a table; only for catalogues that passed is_sound. */
static const char *string_at(const struct catalogue *c, uint32_t table, uint32_t i)
{
	return c->data + word_at(c, (size_t)table + 8 * (size_t)i + 4);
}

static bool table_is_sound(const struct catalogue *c, uint32_t table)
{
	if (table > c->size || c->count > (c->size - table) / 8)
		return false;
	for (uint32_t i = 0; i < c->count; i++) {
		size_t entry = (size_t)table + 8 * (size_t)i;
		uint32_t len = word_at(c, entry), at = word_at(c, entry + 4);
		if (at >= c->size || len >= c->size - at || c->data[at + len] != '\0')
			return false;
	}
	return true;
}

static bool is_sound(struct catalogue *c)
{
	if (c->size < MO_HEADER || word_at(c, 0) != mo_magic || word_at(c, 4) >> 16 > 1)
		return false;
	c->count = word_at(c, 8);
	c->ids = word_at(c, 12);
	c->texts = word_at(c, 16);
	return table_is_sound(c, c->ids) && table_is_sound(c, c->texts);
}

static void catalogue_load(struct catalogue *c, const char *path)
{
	struct stat st;
	void *data = MAP_FAILED;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && st.st_size <= MO_LARGEST)
		data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return;
	struct catalogue found = { .data = data, .size = (size_t)st.st_size };
	if (is_sound(&found))
		*c = found;
	else
		munmap(data, found.size);
}

/* "zh_TW.UTF-8" and "vi_VN" find zh_TW and vi; 0 (English) when there is no such language. */
static size_t lang_index(const char *lang)
{
	for (size_t i = 1; lang && i18n_langs[i]; i++) {
		size_t n = strlen(i18n_langs[i]);
		if (strncmp(lang, i18n_langs[i], n) == 0 && strchr("_.@", lang[n]))
			return i;
	}
	return 0;
}

static void use_environment(void)
{
	static const char *const names[] = { "LODGE_LANG", "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < NITEMS(names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value) {
			i18n_use(value);
			return;
		}
	}
	i18n_use("en");
}

void i18n_open(const char *dir)
{
	char path[4096];
	if (!dir)
		dir = getenv("LODGE_LOCALE");
	if (!dir || !*dir)
		dir = LODGE_LOCALE_DIR;
	for (size_t i = 1; i18n_langs[i]; i++) {
		int n = snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES/lodge.mo", dir, i18n_langs[i]);
		if (n > 0 && (size_t)n < sizeof(path) && !catalogues[i].data)
			catalogue_load(&catalogues[i], path);
	}
	use_environment();
}

void i18n_use(const char *lang)
{
	current = lang_index(lang);
}

const char *i18n_lang(void)
{
	return i18n_langs[current];
}

static const char *look_up(const struct catalogue *c, const char *msgid)
{
	uint32_t low = 0, high = c->count;
	if (!msgid || !*msgid) /* the empty text names the catalogue's header */
		return msgid;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(msgid, string_at(c, c->ids, middle));
		if (order == 0) {
			const char *text = string_at(c, c->texts, middle);
			return *text ? text : msgid;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return msgid;
}

const char *tr(const char *msgid)
{
	return look_up(&catalogues[current], msgid);
}

const char *tr_in(const char *lang, const char *msgid)
{
	return look_up(&catalogues[lang_index(lang)], msgid);
}
