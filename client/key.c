/*
 * key.c - names of keys, for lodge.conf, footers and help.
 *
 * Not for: bindings (keys.c). Trap: names are English in every language, because they stand in
 * files and on keyboards; never translate them.
 */
#include "client/key.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"

static const char *const words[K_END_OF_KINDS] = {
#define X(id, word) [K_##id] = word,
	KEY_WORDS(X)
#undef X
};

static void name_character(uint32_t cp, const char *prefix, char *dst, size_t cap)
{
	char utf8[5] = "";

	if (cp == ' ') {
		snprintf(dst, cap, "%sSpace", prefix);
		return;
	}
	utf8[text_encode(cp, utf8)] = '\0';
	snprintf(dst, cap, "%s%s", prefix, utf8);
}

void key_spell(const struct key *key, char *dst, size_t cap)
{
	const char *word = key->kind < K_END_OF_KINDS ? words[key->kind] : NULL;

	if (word != NULL)
		snprintf(dst, cap, "%s", word);
	else if (key->kind == K_TEXT)
		name_character(key->cp, "", dst, cap);
	else if (key->kind == K_ALT)
		name_character(key->cp, "Alt-", dst, cap);
	else if (key->kind == K_CTRL)
		name_character(key->cp - 'a' + 'A', "Ctrl-", dst, cap);
	else
		snprintf(dst, cap, "%s", "");
}

/* The one character of a text, or 0. */
static uint32_t single(const char *s)
{
	uint32_t cp = 0;
	size_t n = strlen(s);

	if (strcmp(s, "Space") == 0)
		return ' ';
	return text_decode(s, n, &cp) == n && n > 0 ? cp : 0;
}

enum err key_of_name(const char *name, struct key *out)
{
	struct key key = { .kind = K_UNSET };

	for (int kind = K_UNSET; kind < K_END_OF_KINDS; kind++)
		if (words[kind] != NULL && strcasecmp(words[kind], name) == 0)
			key.kind = (enum key_kind)kind;
	if (key.kind == K_UNSET && strncmp(name, "Ctrl-", 5) == 0) {
		key.cp = single(name + 5) | 0x20;
		key.kind = key.cp >= 'a' && key.cp <= 'z' ? K_CTRL : K_UNSET;
	} else if (key.kind == K_UNSET && strncmp(name, "Alt-", 4) == 0) {
		key.cp = single(name + 4);
		key.kind = key.cp != 0 ? K_ALT : K_UNSET;
	} else if (key.kind == K_UNSET) {
		key.cp = single(name);
		key.kind = key.cp != 0 ? K_TEXT : K_UNSET;
	}
	if (key.kind == K_UNSET)
		return ERR_INVALID;
	*out = key;
	return OK;
}

bool key_same(const struct key *a, const struct key *b)
{
	return a->kind == b->kind &&
		((a->kind != K_TEXT && a->kind != K_CTRL && a->kind != K_ALT) || a->cp == b->cp);
}
