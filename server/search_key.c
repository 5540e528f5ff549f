/*
 * search_key.c - transliteration of names with ICU.
 *
 * ICU knows a common reading and a surname reading of a Han character; both become keys, and a
 * small table adds what neither knows. Not for: ranking hits.
 * Trap: opening a transliterator takes milliseconds, so they stay open for the process's life.
 */
#include "server/search_key.h"

#include <stdbool.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>

enum { UNITS_MAX = 500, ROOM = 8 * UNITS_MAX, WORDS_MAX = 24, KEYS_MAX = 160 };

enum trans { TRANS_COMMON, TRANS_SURNAME, TRANS_SIMPLIFIED, TRANS_END };

static const char *const trans_ids[TRANS_END] = {
	[TRANS_COMMON] = "Any-Latin; Latin-ASCII; Lower",
	[TRANS_SURNAME] = "Han-Latin/Names; Any-Latin; Latin-ASCII; Lower",
	[TRANS_SIMPLIFIED] = "Traditional-Simplified; Lower",
};

/* Surnames read in ways that ICU's two readings miss, or typed in ways that nobody spells. */
static const struct { const char *han, *readings[3]; } surnames[] = {
	{ .han = "吕", .readings = { "lu", "lv" } },
	{ .han = "仇", .readings = { "qiu", "chou" } },
	{ .han = "区", .readings = { "ou", "qu" } },
	{ .han = "单", .readings = { "shan", "dan" } },
	{ .han = "解", .readings = { "xie", "jie" } },
	{ .han = "查", .readings = { "zha", "cha" } },
	{ .han = "曾", .readings = { "zeng", "ceng" } },
	{ .han = "任", .readings = { "ren" } },
	{ .han = "朴", .readings = { "piao", "pu", "po" } },
	{ .han = "覃", .readings = { "qin", "tan" } },
	{ .han = "盖", .readings = { "ge", "gai" } },
	{ .han = "乐", .readings = { "yue", "le" } },
	{ .han = "翟", .readings = { "zhai", "di" } },
	{ .han = "缪", .readings = { "miao", "mou" } },
	{ .han = "柏", .readings = { "bai", "bo" } },
	{ .han = "员", .readings = { "yun", "yuan" } },
	{ .han = "种", .readings = { "chong", "zhong" } },
	{ .han = "繁", .readings = { "po", "fan" } },
	{ .han = "谌", .readings = { "chen", "shen" } },
	{ .han = "冼", .readings = { "xian" } },
	{ .han = "尉迟", .readings = { "yuchi", "weichi" } },
	{ .han = "万俟", .readings = { "moqi", "wansi" } },
	{ .han = "澹台", .readings = { "tantai" } },
	{ .han = "长孙", .readings = { "zhangsun", "changsun" } },
};

struct keys {
	struct arena *arena;
	const char **list;
	size_t n;
	bool failed;
};

static UTransliterator *trans_get(enum trans which)
{
	static UTransliterator *opened[TRANS_END];
	if (opened[which] == NULL) {
		UErrorCode code = U_ZERO_ERROR;
		UChar id[96];
		u_uastrcpy(id, trans_ids[which]);
		opened[which] = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
	}
	return opened[which];
}

/* Transliterates UTF-8 into UTF-8. */
static enum err trans_apply(struct arena *arena, enum trans which, const char *text, char **out)
{
	UErrorCode code = U_ZERO_ERROR;
	UTransliterator *trans = trans_get(which);
	UChar units[ROOM];
	int32_t len = 0, bytes = 0;
	u_strFromUTF8(units, UNITS_MAX, &len, text, -1, &code);
	if (code == U_BUFFER_OVERFLOW_ERROR)
		return ERR_TOO_BIG;
	if (trans == NULL || U_FAILURE(code))
		return ERR_INVALID;
	int32_t limit = len;
	utrans_transUChars(trans, units, &len, ROOM, 0, &limit, &code);
	if (code == U_BUFFER_OVERFLOW_ERROR)
		return ERR_TOO_BIG;
	char *result = arena_alloc(arena, (size_t)len * 3 + 1);
	if (result == NULL)
		return ERR_NOMEM;
	u_strToUTF8(result, len * 3 + 1, &bytes, units, len, &code);
	*out = result;
	return U_FAILURE(code) ? ERR_INVALID : OK;
}

static bool char_is_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Adds a copy of key[0..len) unless it is there or empty. */
static void keys_add(struct keys *keys, const char *key, size_t len)
{
	if (len == 0 || keys->n == KEYS_MAX)
		return;
	for (size_t i = 0; i < keys->n; i++)
		if (strlen(keys->list[i]) == len && memcmp(keys->list[i], key, len) == 0)
			return;
	const char *copy = arena_strndup(keys->arena, key, len);
	if (copy == NULL)
		keys->failed = true;
	else
		keys->list[keys->n++] = copy;
}

/* Word suffixes and initials of "zhang xiao ming". */
static void keys_add_latin(struct keys *keys, const char *latin)
{
	size_t start[WORDS_MAX], words = 0, len = 0;
	char initials[WORDS_MAX];
	char *joined = arena_alloc(keys->arena, strlen(latin) + 1);
	if (joined == NULL) {
		keys->failed = true;
		return;
	}
	for (const char *c = latin; *c != '\0'; c++) {
		if (!char_is_key(*c))
			continue;
		bool first = c == latin || c[-1] == ' ' || c[-1] == '-';
		if (first && words < WORDS_MAX) {
			start[words] = len;
			initials[words++] = *c;
		}
		joined[len++] = *c;
	}
	for (size_t i = 0; i < words; i++)
		keys_add(keys, joined + start[i], len - start[i]);
	if (words > 1)
		keys_add(keys, initials, words);
}

static enum err keys_add_reading(struct keys *keys, enum trans which, const char *name)
{
	char *latin;
	enum err err = trans_apply(keys->arena, which, name, &latin);
	if (err == OK)
		keys_add_latin(keys, latin);
	return err;
}

/* Every listed reading of the surname that this simplified name begins with. */
static enum err keys_add_surnames(struct keys *keys, const char *simplified)
{
	for (size_t i = 0; i < NITEMS(surnames); i++) {
		size_t len = strlen(surnames[i].han);
		if (strncmp(simplified, surnames[i].han, len) != 0)
			continue;
		char *rest;
		enum err err = trans_apply(keys->arena, TRANS_COMMON, simplified + len, &rest);
		if (err != OK)
			return err;
		for (size_t r = 0; r < NITEMS(surnames[i].readings) && surnames[i].readings[r] != NULL; r++) {
			char *latin = arena_printf(keys->arena, "%s %s", surnames[i].readings[r], rest);
			if (latin == NULL)
				return ERR_NOMEM;
			keys_add_latin(keys, latin);
		}
	}
	return OK;
}

/* Length of the UTF-8 character at s; 0 at the end. */
static size_t char_len(const char *s, UChar32 *c)
{
	const uint8_t *bytes = (const uint8_t *)s;
	int32_t i = 0;
	U8_NEXT(bytes, i, -1, *c);
	return *s == '\0' ? 0 : (size_t)i;
}

static bool char_is_han(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0;
}

/* The suffix from every Han character, letters and blanks between them left out. */
static void keys_add_han(struct keys *keys, const char *name)
{
	char *only = arena_alloc(keys->arena, strlen(name) + 1);
	size_t len = 0, step;
	UChar32 c;
	if (only == NULL) {
		keys->failed = true;
		return;
	}
	for (const char *s = name; (step = char_len(s, &c)) > 0; s += step)
		if (char_is_han(c)) {
			memcpy(only + len, s, step);
			len += step;
		}
	for (const char *s = only; (step = char_len(s, &c)) > 0; s += step)
		keys_add(keys, s, strlen(s));
}

enum err search_keys(struct arena *arena, const char *name, const char ***out, size_t *n)
{
	struct keys keys = { .arena = arena, .list = arena_alloc(arena, KEYS_MAX * sizeof(char *)) };
	char *simplified;
	if (keys.list == NULL)
		return ERR_NOMEM;
	enum err err = trans_apply(arena, TRANS_SIMPLIFIED, name, &simplified);
	if (err == OK)
		err = keys_add_reading(&keys, TRANS_COMMON, name);
	if (err == OK)
		err = keys_add_reading(&keys, TRANS_SURNAME, name);
	if (err == OK)
		err = keys_add_surnames(&keys, simplified);
	if (err != OK)
		return err;
	keys_add_han(&keys, simplified);
	keys_add_han(&keys, name);
	if (keys.failed)
		return ERR_NOMEM;
	*out = keys.list;
	*n = keys.n;
	return OK;
}

/* A text with Han characters is compared with the Han suffixes: its other characters go. */
static const char *query_han(struct arena *arena, const char *simplified, bool *has_han)
{
	char *key = arena_alloc(arena, strlen(simplified) + 1);
	size_t len = 0, step;
	UChar32 c;
	*has_han = false;
	if (key == NULL)
		return NULL;
	for (const char *s = simplified; (step = char_len(s, &c)) > 0; s += step)
		if (char_is_han(c)) {
			*has_han = true;
			memcpy(key + len, s, step);
			len += step;
		}
	return key;
}

enum err search_query(struct arena *arena, const char *text, const char **key)
{
	char *simplified, *latin;
	bool has_han;
	enum err err = trans_apply(arena, TRANS_SIMPLIFIED, text, &simplified);
	if (err != OK)
		return err;
	const char *han = query_han(arena, simplified, &has_han);
	if (han == NULL)
		return ERR_NOMEM;
	if (has_han) {
		*key = han;
		return OK;
	}
	err = trans_apply(arena, TRANS_COMMON, text, &latin);
	if (err != OK)
		return err;
	size_t len = 0;
	for (const char *c = latin; *c != '\0'; c++)
		if (char_is_key(*c))
			latin[len++] = *c;
	latin[len] = '\0';
	*key = latin;
	return OK;
}
