/*
 * conf_value.c - ranges, choices and texts of settings; defaults; the PostgreSQL form of cells.
 * Not for: where a value came from. Trap: words go into array texts between quotes, so quotes and
 * backslashes are refused in them and nothing needs escaping.
 */
#include "common/conf_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/text.h"

enum { TEXT_BYTES_LARGEST = 16 * 1024 };

void conf_value_done(struct conf_value *v)
{
	free(v->text);
	for (size_t i = 0; i < v->words.n; i++)
		free(v->words.word[i]);
	*v = (struct conf_value){ .given = false };
}

bool conf_value_add_word(struct conf_value *v, const char *word)
{
	char *copy = v->words.n < CONF_WORDS_MAX ? strdup(word) : NULL;
	if (copy)
		v->words.word[v->words.n++] = copy;
	return copy != NULL;
}

static bool split_words(struct conf_value *v, const char *s)
{
	char word[128];
	while (*(s += strspn(s, " "))) {
		size_t n = strcspn(s, " ");
		if (n >= sizeof(word))
			return false;
		memcpy(word, s, n);
		word[n] = '\0';
		if (!conf_value_add_word(v, word))
			return false;
		s += n;
	}
	return true;
}

bool conf_value_from_default(struct conf_value *v, const struct conf_rule *r, const char *def)
{
	char *end = NULL;
	v->given = true;
	switch (r->type) {
	case CONF_INT:
		errno = 0;
		v->number = strtoll(def, &end, 10);
		return errno == 0 && end != def && *end == '\0';
	case CONF_BOOL:
		v->number = strcmp(def, "true") == 0;
		return v->number || strcmp(def, "false") == 0;
	case CONF_STRING:
	case CONF_WORD:
		v->text = strdup(def);
		return v->text != NULL;
	case CONF_WORDS:
		return split_words(v, def);
	case CONF_UNSET:
	case CONF_END:
		break;
	}
	return false;
}

static bool check_int(const struct conf_value *v, const struct conf_rule *r,
	const struct conf_place *p)
{
	if ((r->min == 0 && r->max == 0) || (v->number >= r->min && v->number <= r->max))
		return true;
	conf_complain(p, "%s is %lld, but must be from %lld to %lld%s%s", r->name,
		(long long)v->number, (long long)r->min, (long long)r->max, r->unit ? " " : "",
		r->unit ? r->unit : "");
	return false;
}

/* Why this text may not stand in a setting, or NULL. */
static const char *refuse_text(const char *s)
{
	const char *clean, *why = NULL;
	struct arena *a = arena_new(TEXT_BYTES_LARGEST);
	if (!a)
		return "there is no memory for it";
	enum err err = text_clean(a, s, strlen(s), false, &clean, &why);
	if (err == OK)
		why = NULL;
	else if (err != ERR_INVALID)
		why = "it is too long";
	arena_free(a);
	return why;
}

static bool check_string(const char *s, const struct conf_rule *r, const struct conf_place *p)
{
	const char *why = refuse_text(s);
	size_t chars = text_chars(s);
	if (why) {
		conf_complain(p, "%s: %s", r->name, why);
		return false;
	}
	if ((r->min == 0 && r->max == 0) || ((int64_t)chars >= r->min && (int64_t)chars <= r->max))
		return true;
	conf_complain(p, "%s has %zu characters, but must have %lld to %lld", r->name, chars,
		(long long)r->min, (long long)r->max);
	return false;
}

static bool check_word(const char *word, const struct conf_rule *r, const struct conf_place *p)
{
	if (!*word || strpbrk(word, " \t\n\"\\")) {
		conf_complain(p, "%s: '%s' is no word", r->name, word);
		return false;
	}
	for (const char *const *c = r->choices; c && *c; c++)
		if (strcmp(*c, word) == 0)
			return true;
	if (!r->choices)
		return check_string(word, &(struct conf_rule){ .name = r->name }, p);
	struct buf list;
	buf_init(&list, 1000);
	for (const char *const *c = r->choices; *c; c++)
		buf_printf(&list, "%s%s", list.len ? ", " : "", *c);
	conf_complain(p, "%s: '%s' is none of: %s", r->name, word, list.data);
	buf_done(&list);
	return false;
}

static bool check_words(const struct conf_words *w, const struct conf_rule *r,
	const struct conf_place *p)
{
	for (size_t i = 0; i < w->n; i++) {
		if (!check_word(w->word[i], r, p))
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(w->word[i], w->word[k]) == 0) {
				conf_complain(p, "%s: '%s' stands twice", r->name, w->word[i]);
				return false;
			}
	}
	return true;
}

static bool check_text(const char *text, const struct conf_rule *r, const struct conf_place *p)
{
	if (!check_string(text, r, p))
		return false;
	const char *wanted = r->judge ? r->judge(text) : NULL;
	if (wanted)
		conf_complain(p, "%s: '%s' is not %s", r->name, text, wanted);
	return !wanted;
}

bool conf_value_check(const struct conf_value *v, const struct conf_rule *r,
	const struct conf_place *p)
{
	switch (r->type) {
	case CONF_INT:
		return check_int(v, r, p);
	case CONF_BOOL:
		return true;
	case CONF_STRING:
		return check_text(v->text, r, p);
	case CONF_WORD:
		return check_word(v->text, r, p);
	case CONF_WORDS:
		return check_words(&v->words, r, p);
	case CONF_UNSET:
	case CONF_END:
		break;
	}
	conf_complain(p, "%s has no type in the schema", r->name);
	return false;
}

bool conf_value_to_sql(struct conf_value *v, const struct conf_rule *r)
{
	struct buf b;
	if (r->type == CONF_STRING || r->type == CONF_WORD)
		return true;
	buf_init(&b, 64 * 1024);
	if (r->type == CONF_INT)
		buf_json_int(&b, v->number);
	else if (r->type == CONF_BOOL)
		buf_puts(&b, v->number ? "true" : "false");
	else {
		for (size_t i = 0; i < v->words.n; i++)
			buf_printf(&b, "%c\"%s\"", i ? ',' : '{', v->words.word[i]);
		buf_puts(&b, v->words.n ? "}" : "{}");
	}
	v->text = b.failed ? NULL : strdup(b.data);
	buf_done(&b);
	return v->text != NULL;
}
