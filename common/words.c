/*
 * words.c - the tables behind words.h: word for an enumerator and back.
 * Not for: translation; labels are English msgids.
 */
#include "common/words.h"

#include <string.h>

static const char *const level_words[] = { [LEVEL_UNSET] = "unset",
#define X(id, word) [LEVEL_##id] = word,
	LEVEL_WORDS(X)
#undef X
};

static const struct { const char *word, *label; } role_rows[] = { [ROLE_UNSET] = { "unset", "unset" },
#define X(id, label) [ROLE_##id] = { #id, label },
	ROLE_WORDS(X)
#undef X
};

static const char *const type_words[] = { [FT_UNSET] = "unset",
#define X(id, word) [FT_##id] = word,
	TYPE_WORDS(X)
#undef X
};

static const char *const err_words[] = { [OK] = "ok",
#define X(id, word) [ERR_##id] = word,
	ERR_WORDS(X)
#undef X
};

const char *level_word(enum level level)
{
	return level_words[level < LEVEL_END ? level : LEVEL_UNSET];
}

enum level level_of_word(const char *word)
{
	for (int i = LEVEL_UNSET + 1; i < LEVEL_END; i++)
		if (strcmp(level_words[i], word) == 0)
			return (enum level)i;
	return LEVEL_UNSET;
}

const char *role_word(enum role role)
{
	return role_rows[role < ROLE_END ? role : ROLE_UNSET].word;
}

const char *role_label(enum role role)
{
	return role_rows[role < ROLE_END ? role : ROLE_UNSET].label;
}

enum role role_of_word(const char *word)
{
	for (int i = ROLE_UNSET + 1; i < ROLE_END; i++)
		if (strcmp(role_rows[i].word, word) == 0)
			return (enum role)i;
	return ROLE_UNSET;
}

const char *type_word(enum ftype type)
{
	return type_words[type < FT_END ? type : FT_UNSET];
}

const char *err_word(enum err err)
{
	return err_words[err < ERR_END ? err : ERR_INDETERMINATE];
}

enum err err_of_word(const char *word)
{
	for (int i = OK; i <= ERR_INDETERMINATE; i++)
		if (strcmp(err_words[i], word) == 0)
			return (enum err)i;
	return ERR_INDETERMINATE;
}
