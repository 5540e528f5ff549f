/*
 * script.h - a .flow file: its lines, its blocks, and the values a script remembers.
 *
 * Not for: what a directive does (steps.c, expect.c). Trap: lines are checked as a whole before
 * the first one is played; a misspelt directive never hides behind a failure above it.
 */
#ifndef FLOW_SCRIPT_H
#define FLOW_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

struct line {
	const char *file;
	int no;
	char *verb;       /* the first word */
	char *rest;       /* what follows, without leading and trailing blanks */
	size_t end;       /* of a block's first line: index of its "end" */
};

struct script {
	struct line *lines;
	size_t nlines;
};

/* Reads a file. "\" at the end of a line joins it with the next; "#" starts a comment line.
 * False with a sentence on standard error. opens(verb) says which directives begin a block. */
bool script_load(struct script *, const char *file, bool (*opens)(const char *verb));
void script_free(struct script *);

/* Values by name, each kept as JSON text. */
void value_set(const char *name, const char *json);
const char *value_get(const char *name);     /* NULL when nobody set it */
/* Drops every value set after the mark. */
size_t value_mark(void);
void value_release(size_t mark);

/* Replaces $name by the JSON of the value and ${name} by its bare text. NULL with the unknown
 * name in *missing. The result is malloc'ed. */
char *script_fill(const char *text, const char **missing);

/* Cuts the first blank-separated word off *rest (in place) and returns it; "" at the end. */
char *script_word(char **rest);

#endif
