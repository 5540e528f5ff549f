/*
 * script.c - reading .flow files, and the named values.
 *
 * Not for: playing. Trap: $name inside a JSON string is replaced too; write ${name} there.
 */
#include "tests/flow/script.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES = 512, DEPTH = 16 };

struct value {
	char *name, *json;
};

static struct value values[VALUES];
static size_t nvalues;

static void *must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		s[--n] = '\0';
	return s;
}

char *script_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	size_t n = strcspn(word, " \t");

	*rest = word + n;
	if (**rest != '\0')
		*(*rest)++ = '\0';
	*rest += strspn(*rest, " \t");
	return word;
}

static void script_add(struct script *s, const char *file, int no, char *text)
{
	char *copy = must(strdup(text)), *rest = copy;
	struct line line = { .file = file, .no = no };

	line.verb = script_word(&rest);
	line.rest = rest;
	if ((s->nlines & (s->nlines + 1)) == 0)
		s->lines = must(realloc(s->lines, 2 * (s->nlines + 1) * sizeof(line)));
	s->lines[s->nlines++] = line;
}

/* Reads the physical lines, joined where they end in a backslash. */
static void script_read(struct script *s, FILE *f, const char *file)
{
	char *text = NULL, *whole = NULL;
	size_t cap = 0;
	int no = 0, first = 0;

	while (getline(&text, &cap, f) >= 0) {
		char *part = trim(text);
		size_t n = strlen(part), had = whole != NULL ? strlen(whole) : 0;
		bool goes_on = n > 0 && part[n - 1] == '\\';

		no++;
		if (had == 0)
			first = no;
		if (had == 0 && (part[0] == '#' || part[0] == '\0'))
			continue;
		if (goes_on)
			part[n - 1] = ' ';
		whole = must(realloc(whole, had + n + 2));
		snprintf(whole + had, n + 2, "%s", part);
		if (goes_on)
			continue;
		script_add(s, file, first, trim(whole));
		free(whole);
		whole = NULL;
	}
	free(whole);
	free(text);
}

static bool script_match_blocks(struct script *s, bool (*opens)(const char *verb))
{
	size_t open[DEPTH], depth = 0;

	for (size_t i = 0; i < s->nlines; i++) {
		struct line *line = &s->lines[i];

		if (opens(line->verb)) {
			if (depth == DEPTH)
				return false;
			open[depth++] = i;
		} else if (strcmp(line->verb, "end") == 0) {
			if (depth == 0) {
				fprintf(stderr, "%s:%d: end of nothing\n", line->file, line->no);
				return false;
			}
			s->lines[open[--depth]].end = i;
		}
	}
	if (depth > 0)
		fprintf(stderr, "%s:%d: no end to this %s\n", s->lines[open[depth - 1]].file,
		    s->lines[open[depth - 1]].no, s->lines[open[depth - 1]].verb);
	return depth == 0;
}

bool script_load(struct script *s, const char *file, bool (*opens)(const char *verb))
{
	FILE *f = fopen(file, "r");

	*s = (struct script){ 0 };
	if (f == NULL) {
		perror(file);
		return false;
	}
	script_read(s, f, file);
	fclose(f);
	return script_match_blocks(s, opens);
}

void script_free(struct script *s)
{
	for (size_t i = 0; i < s->nlines; i++)
		free(s->lines[i].verb);
	free(s->lines);
	*s = (struct script){ 0 };
}

void value_set(const char *name, const char *json)
{
	for (size_t i = 0; i < nvalues; i++) {
		if (strcmp(values[i].name, name) == 0) {
			char *copy = must(strdup(json));

			free(values[i].json);
			values[i].json = copy;
			return;
		}
	}
	if (nvalues == VALUES)
		abort();
	values[nvalues++] = (struct value){ must(strdup(name)), must(strdup(json)) };
}

const char *value_get(const char *name)
{
	for (size_t i = 0; i < nvalues; i++)
		if (strcmp(values[i].name, name) == 0)
			return values[i].json;
	return NULL;
}

size_t value_mark(void)
{
	return nvalues;
}

void value_release(size_t mark)
{
	while (nvalues > mark) {
		nvalues--;
		free(values[nvalues].name);
		free(values[nvalues].json);
	}
}

/* The bare text of a value: a string without its quotes, anything else as it is. */
static void fill_bare(FILE *out, const char *json)
{
	json_t *v = json_loads(json, JSON_DECODE_ANY, NULL);

	fputs(json_is_string(v) ? json_string_value(v) : json, out);
	json_decref(v);
}

char *script_fill(const char *text, const char **missing)
{
	static char name[64];
	char *filled = NULL;
	size_t size = 0;
	FILE *out = must(open_memstream(&filled, &size));

	*missing = NULL;
	while (*text != '\0' && *missing == NULL) {
		bool bare = text[0] == '$' && text[1] == '{';
		const char *start = text + 1 + bare;
		size_t n = 0;

		if (text[0] != '$' || !isalpha((unsigned char)*start)) {
			fputc(*text++, out);
			continue;
		}
		while (isalnum((unsigned char)start[n]) || start[n] == '_')
			n++;
		snprintf(name, sizeof(name), "%.*s", (int)n, start);
		text = start + n + (bare && start[n] == '}');
		if (value_get(name) == NULL)
			*missing = name;
		else if (bare)
			fill_bare(out, value_get(name));
		else
			fputs(value_get(name), out);
	}
	fclose(out);
	if (*missing == NULL)
		return filled;
	free(filled);
	return NULL;
}
