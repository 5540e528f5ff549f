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

enum trans { TRANS_COMMON, TRANS_SURNAME, TRANS_V, TRANS_SIMPLIFIED, TRANS_GIVEN, TRANS_END };

/* Name in the form that its keys take. NFKC first: what a Chinese input method types full-width. */
static const struct { const char *id, *rules; } transliterators[TRANS_END] = {
	[TRANS_COMMON] = { .id = "Any-NFKC; Any-Latin; Latin-ASCII; Lower" },
	[TRANS_SURNAME] = { .id = "Any-NFKC; Han-Latin/Names; Any-Latin; Latin-ASCII; Lower" },
	/* A keyboard has no u with dots: pinyin is typed with a v in its place. */
	[TRANS_V] = { .id = "lodge-v", .rules = ":: Han-Latin; :: NFC; [\\u00fc\\u01d6\\u01d8\\u01da\\u01dc] > v; "
		":: Any-Latin; :: Latin-ASCII; :: Lower;" },
	[TRANS_SIMPLIFIED] = { .id = "Any-NFKC; Traditional-Simplified; Lower" },
	[TRANS_GIVEN] = { .id = "Any-NFKC; Lower; NFC" },
};

/* Surnames read in ways that ICU's two readings miss, or typed in ways that nobody spells. */
static const struct { const char *han, *readings[3]; } surnames[] = {
	{ "吕", { "lu", "lv", "lyu" } }, { "仇", { "qiu", "chou" } }, { "区", { "ou", "qu" } },
	{ "单", { "shan", "dan" } }, { "解", { "xie", "jie" } }, { "查", { "zha", "cha" } },
	{ "曾", { "zeng", "ceng" } }, { "朴", { "piao", "pu", "po" } }, { "覃", { "qin", "tan" } },
	{ "盖", { "ge", "gai" } }, { "乐", { "yue", "le" } }, { "翟", { "zhai", "di" } }, { "缪", { "miao", "mou" } },
	{ "柏", { "bai", "bo" } }, { "员", { "yun", "yuan" } }, { "种", { "chong", "zhong" } },
	{ "繁", { "po", "fan" } }, { "谌", { "chen", "shen" } }, { "尉迟", { "yuchi", "weichi" } },
	{ "万俟", { "moqi", "wansi" } }, { "长孙", { "zhangsun", "changsun" } }, { "盛", { "sheng", "cheng" } },
	{ "卜", { "bu", "bo" } }, { "召", { "shao", "zhao" } }, { "重", { "chong", "zhong" } },
	{ "车", { "che", "ju" } }, { "俞", { "yu", "shu" } }, { "宓", { "mi", "fu" } }, { "郗", { "xi", "chi" } },
	{ "隗", { "wei", "kui" } }, { "洗", { "xian", "xi" } }, { "折", { "she", "zhe" } }, { "黑", { "he", "hei" } },
	{ "秘", { "bi", "mi" } }, { "牟", { "mu", "mou" } }, { "那", { "na", "nuo" } }, { "祭", { "zhai", "ji" } },
	{ "都", { "du", "dou" } }, { "干", { "gan", "qian" } }, { "薄", { "bo", "bao" } }, { "褚", { "chu", "zhu" } },
};

struct keys {
	struct arena *arena;
	const char **list;
	size_t n;
	enum err err; /* the first that went wrong */
};

static UTransliterator *trans_get(enum trans which)
{
	static UTransliterator *opened[TRANS_END];
	if (opened[which] == NULL) {
		UErrorCode code = U_ZERO_ERROR;
		UParseError where;
		UChar id[96], rules[160];
		bool has_rules = transliterators[which].rules != NULL;
		u_uastrcpy(id, transliterators[which].id);
		u_uastrcpy(rules, has_rules ? transliterators[which].rules : "");
		opened[which] = utrans_openU(id, -1, UTRANS_FORWARD, has_rules ? rules : NULL, -1, &where, &code);
	}
	return opened[which];
}

/* Transliterates UTF-8 into UTF-8. NULL: *err says why, or something was wrong before. */
static char *trans_text(struct arena *arena, enum trans which, const char *text, enum err *err)
{
	UErrorCode code = U_ZERO_ERROR;
	UTransliterator *trans = trans_get(which);
	UChar units[ROOM];
	int32_t len = 0, bytes = 0;
	char *result = NULL;
	if (*err != OK)
		return NULL;
	u_strFromUTF8(units, UNITS_MAX, &len, text, -1, &code);
	int32_t limit = len;
	if (trans != NULL)
		utrans_transUChars(trans, units, &len, ROOM, 0, &limit, &code); /* does nothing when code is bad */
	if (U_SUCCESS(code) && (result = arena_alloc(arena, (size_t)len * 3 + 1)) != NULL)
		u_strToUTF8(result, len * 3 + 1, &bytes, units, len, &code);
	if (code == U_BUFFER_OVERFLOW_ERROR)
		*err = ERR_TOO_BIG;
	else if (trans == NULL || U_FAILURE(code))
		*err = ERR_INVALID;
	else if (result == NULL)
		*err = ERR_NOMEM;
	return *err == OK ? result : NULL;
}

static bool char_is_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* O'Neill is one word; John-Paul and zhang xiao are two. */
static bool char_is_word(char c)
{
	return char_is_key(c) || c == '\'';
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
		keys->err = ERR_NOMEM;
	else
		keys->list[keys->n++] = copy;
}

/* Word suffixes, initials and the whole of "zhang xiao ming"; NULL: nothing. */
static void keys_add_latin(struct keys *keys, const char *latin)
{
	size_t start[WORDS_MAX], words = 0, len = 1;
	char initials[1 + WORDS_MAX] = { SEARCH_INITIALS };
	char *joined = latin != NULL ? arena_alloc(keys->arena, strlen(latin) + 2) : NULL;
	if (joined == NULL) {
		keys->err = keys->err == OK ? ERR_NOMEM : keys->err;
		return;
	}
	joined[0] = SEARCH_WHOLE;
	for (const char *c = latin; *c != '\0'; c++) {
		if (!char_is_key(*c))
			continue;
		bool first = c == latin || !char_is_word(c[-1]);
		if (first && words < WORDS_MAX) {
			start[words] = len;
			initials[++words] = *c;
		}
		joined[len++] = *c;
	}
	for (size_t i = 0; i < words; i++)
		keys_add(keys, joined + start[i], len - start[i]);
	if (words > 1)
		keys_add(keys, initials, 1 + words);
	if (words > 0)
		keys_add(keys, joined, len);
}

static void keys_add_reading(struct keys *keys, enum trans which, const char *name)
{
	keys_add_latin(keys, trans_text(keys->arena, which, name, &keys->err));
}

/* Every listed reading of the surname that this simplified name begins with. */
static void keys_add_surnames(struct keys *keys, const char *simplified)
{
	for (size_t i = 0; i < NITEMS(surnames); i++) {
		size_t len = strlen(surnames[i].han);
		if (strncmp(simplified, surnames[i].han, len) != 0)
			continue;
		const char *rest = trans_text(keys->arena, TRANS_COMMON, simplified + len, &keys->err);
		for (size_t r = 0; rest != NULL && r < NITEMS(surnames[i].readings) && surnames[i].readings[r] != NULL; r++)
			keys_add_latin(keys, arena_printf(keys->arena, "%s %s", surnames[i].readings[r], rest));
	}
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

static bool char_is_mark(UChar32 c)
{
	return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

/* Only what a key is made of: letters and digits of any script, with their marks; han: Han alone. */
static char *text_squeeze(struct arena *arena, const char *text, bool han)
{
	char *only = text != NULL ? arena_alloc(arena, strlen(text) + 1) : NULL;
	size_t len = 0, step;
	UChar32 c;
	for (const char *s = text; only != NULL && (step = char_len(s, &c)) > 0; s += step)
		if (han ? char_is_han(c) : u_isalnum(c) || char_is_mark(c)) {
			memcpy(only + len, s, step);
			len += step;
		}
	return only;
}

/* The suffix from every Han character; letters and blanks between them were left out. */
static void keys_add_han(struct keys *keys, const char *han)
{
	size_t step;
	UChar32 c;
	for (const char *s = han; (step = char_len(s, &c)) > 0; s += step)
		keys_add(keys, s, strlen(s));
}

/* The suffix from every word and every Han character, marks and script as the name is written. */
static void keys_add_given(struct keys *keys, const char *lower)
{
	bool within = false;
	size_t step;
	UChar32 c;
	for (const char *s = lower; (step = char_len(s, &c)) > 0; s += step) {
		bool letter = u_isalnum(c) || char_is_mark(c) || c == '\'';
		if (letter && (!within || char_is_han(c))) {
			const char *key = text_squeeze(keys->arena, s, false);
			if (key != NULL)
				keys_add(keys, key, strlen(key));
			else
				keys->err = ERR_NOMEM;
		}
		within = letter && !char_is_han(c);
	}
}

enum err search_keys(struct arena *arena, const char *name, const char ***out, size_t *n)
{
	struct keys keys = { .arena = arena, .list = arena_alloc(arena, KEYS_MAX * sizeof(char *)) };
	if (keys.list == NULL)
		return ERR_NOMEM;
	const char *simplified = trans_text(arena, TRANS_SIMPLIFIED, name, &keys.err);
	const char *lower = trans_text(arena, TRANS_GIVEN, name, &keys.err), *han = text_squeeze(arena, simplified, true);
	if (lower == NULL || han == NULL)
		return keys.err == OK ? ERR_NOMEM : keys.err;
	keys_add_reading(&keys, TRANS_COMMON, name);
	keys_add_reading(&keys, TRANS_SURNAME, name);
	if (*han != '\0')
		keys_add_reading(&keys, TRANS_V, name);
	keys_add_surnames(&keys, simplified);
	keys_add_han(&keys, han);
	keys_add_given(&keys, lower);
	*out = keys.list;
	*n = keys.n;
	return keys.err;
}

/* Initials are letters only, and two at least. */
static bool is_initials(const char *latin)
{
	return strlen(latin) >= 2 && strlen(latin) <= WORDS_MAX && latin[strspn(latin, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

enum err search_query(struct arena *arena, const char *text, struct search_words *out)
{
	enum err err = OK;
	const char *simplified = trans_text(arena, TRANS_SIMPLIFIED, text, &err);
	char *latin = trans_text(arena, TRANS_COMMON, text, &err), *folded = trans_text(arena, TRANS_GIVEN, text, &err);
	const char *han = text_squeeze(arena, simplified, true), *lower = text_squeeze(arena, folded, false);
	if (latin == NULL || han == NULL || lower == NULL)
		return err == OK ? ERR_NOMEM : err;
	size_t len = 0;
	for (const char *c = latin; *c != '\0'; c++)
		if (char_is_key(*c))
			latin[len++] = *c;
	latin[len] = '\0';
	*out = (struct search_words){ .plain = *han != '\0' ? han : latin, .latin = latin, .folded = folded };
	if (*lower != '\0' && strcmp(lower, out->plain) != 0)
		out->given = lower;
	if (*han == '\0' && is_initials(latin))
		out->initials = arena_printf(arena, "%c%s", SEARCH_INITIALS, latin);
	return OK;
}
