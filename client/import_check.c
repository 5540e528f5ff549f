/*
 * import_check.c - see import_check.h: sorting makes equal lines neighbours.
 * Not for: what the books hold already; the server compares that. Trap: the same rules of likeness
 * as known_person_of_unit (server/rules/import.sql), or a second run would change something.
 */
#include "client/import_check.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/i18n.h"

enum { PAGE_PARAMS = 512, PAGE = 200 };

struct keyed {
	const char *key;
	struct import_person *person;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order != 0 ? order : (x->person->line > y->person->line) - (x->person->line < y->person->line);
}

/* How a number is written must not make it another one. */
static char *plain_number(struct arena *arena, const char *number)
{
	char *plain = arena_strdup(arena, number), *to = plain;

	for (const char *s = number; plain != NULL && *s != '\0'; s++)
		if (isalnum((unsigned char)*s))
			*to++ = (char)toupper((unsigned char)*s);
	if (plain != NULL)
		*to = '\0';
	return plain != NULL && plain[0] != '\0' ? plain : arena_strdup(arena, number);
}

static const char *number_key(struct arena *arena, const struct import_person *p)
{
	const char *number = p->values[IMPORT_ID_NO];
	const char *plain = number != NULL ? plain_number(arena, number) : NULL;

	return plain != NULL ? arena_printf(arena, "%s\n%s", p->values[IMPORT_UNIT], plain) : NULL;
}

static const char *name_key(struct arena *arena, const struct import_person *p)
{
	const char *birth = p->values[IMPORT_BIRTH];

	return arena_printf(arena, "%s\n%s\n%s", p->values[IMPORT_UNIT], p->values[IMPORT_NAME], birth != NULL ? birth : "");
}

static const char *unit_key(struct arena *arena, const struct import_person *p)
{
	return arena_strdup(arena, p->values[IMPORT_UNIT]);
}

/* The good lines that have the key, sorted by it; NULL: no memory. */
static struct keyed *sorted(struct arena *arena, const struct import_list *list,
	const char *(*key)(struct arena *, const struct import_person *), size_t *n)
{
	struct keyed *all = arena_alloc(arena, (list->n + 1) * sizeof *all);

	*n = 0;
	for (size_t i = 0; i < list->n && all != NULL; i++) {
		all[*n] = (struct keyed){.key = list->persons[i].is_bad ? NULL : key(arena, &list->persons[i]), .person = &list->persons[i]};
		*n += all[*n].key != NULL;
	}
	if (all != NULL)
		qsort(all, *n, sizeof *all, by_key);
	return all;
}

static void fault(struct import_person *p, enum import_column column, const char *why, const struct import_report *r)
{
	p->is_bad = true;
	r->fault(r->ctx, p->line, import_column_word(column), why);
}

static void fault_twice(struct import_person *p, enum import_column column, size_t line, const struct import_report *r)
{
	char why[160];

	snprintf(why, sizeof why, tr("This person stands in line %zu already."), line);
	fault(p, column, why, r);
}

static bool differ_by_number(const struct import_person *a, const struct import_person *b)
{
	return a->values[IMPORT_ID_NO] != NULL && b->values[IMPORT_ID_NO] != NULL;
}

static enum err check_twice(struct arena *arena, const struct import_list *list, const struct import_report *r)
{
	size_t n, k;
	struct keyed *numbers = sorted(arena, list, number_key, &n), *names;

	for (size_t i = 1; i < n && numbers != NULL; i++)
		if (strcmp(numbers[i].key, numbers[i - 1].key) == 0)
			fault_twice(numbers[i].person, IMPORT_ID_NO, numbers[i - 1].person->line, r);
	names = sorted(arena, list, name_key, &n);
	for (size_t i = 0; i < n && names != NULL; i = k)
		for (k = i + 1; k < n && strcmp(names[k].key, names[i].key) == 0; k++)
			for (size_t e = i; e < k && !names[k].person->is_bad; e++)
				if (!names[e].person->is_bad && !differ_by_number(names[k].person, names[e].person))
					fault_twice(names[k].person, IMPORT_NAME, names[e].person->line, r);
	return numbers != NULL && names != NULL ? OK : ERR_NOMEM;
}

/* The lines of one unit. */
static void fill_households(struct keyed *unit, size_t n, const struct import_report *r)
{
	const char *only = NULL;
	bool several = false;

	for (size_t i = 0; i < n; i++) {
		const char *name = unit[i].person->values[IMPORT_HOUSEHOLD];

		several = several || (name != NULL && only != NULL && strcmp(name, only) != 0);
		only = name != NULL ? name : only;
	}
	for (size_t i = 0; i < n; i++)
		if (unit[i].person->values[IMPORT_HOUSEHOLD] == NULL && several)
			fault(unit[i].person, IMPORT_HOUSEHOLD, tr("The list names more than one household in the unit; say which."), r);
		else if (unit[i].person->values[IMPORT_HOUSEHOLD] == NULL)
			unit[i].person->values[IMPORT_HOUSEHOLD] = only;
}

enum err import_check_lines(struct arena *arena, struct import_list *list, const struct import_report *r)
{
	enum err err = check_twice(arena, list, r);
	size_t n, k;
	struct keyed *units = sorted(arena, list, unit_key, &n);

	for (size_t i = 0; i < n && units != NULL; i = k) {
		for (k = i + 1; k < n && strcmp(units[k].key, units[i].key) == 0;)
			k++;
		fill_households(units + i, k - i, r);
	}
	return units != NULL ? err : ERR_NOMEM;
}

/* --- units ------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

struct codes {
	const char **codes;
	size_t n, cap;
};

static bool add_code(struct arena *arena, struct codes *c, const char *code)
{
	if (c->n == c->cap) {
		size_t cap = c->cap > 0 ? 2 * c->cap : 1024;
		const char **more = realloc(c->codes, cap * sizeof *more);

		if (more == NULL)
			return false;
		c->codes = more;
		c->cap = cap;
	}
	c->codes[c->n] = code != NULL ? arena_strdup(arena, code) : NULL;
	return c->codes[c->n] != NULL && ++c->n > 0;
}

/* One page of units; *after becomes its cursor, or "" at the end. */
static bool read_page(struct cli *cli, struct arena *arena, struct codes *c, char *after, size_t size)
{
	struct cli_answer answer = {NULL, NULL};
	const struct node *rows;
	const char *next;
	struct buf params;
	bool fine;

	buf_init(&params, PAGE_PARAMS + size);
	buf_printf(&params, "{\"limit\":%d", PAGE);
	if (after[0] != '\0') {
		buf_puts(&params, ",\"after\":");
		buf_json_str(&params, after);
	}
	buf_puts(&params, "}");
	fine = !params.failed && cli_ask(cli, "unit.list", params.data, &answer);
	buf_done(&params);
	if (fine && answer.error != NULL) {
		fprintf(stderr, "lodge: %s\n", node_str(node_get(answer.error, "message")));
		return false;
	}
	rows = fine ? node_get(answer.result, "rows") : NULL;
	for (const struct node *row = rows != NULL ? rows->first : NULL; row != NULL && fine; row = row->next)
		fine = add_code(arena, c, node_str(node_get(row, "code")));
	next = fine ? node_str(node_get(answer.result, "next")) : NULL;
	snprintf(after, size, "%s", next != NULL ? next : "");
	return fine;
}

bool import_check_units(struct cli *cli, struct arena *arena, struct import_list *list, const struct import_report *r)
{
	struct codes c = {NULL, 0, 0};
	char after[1024] = "";
	bool fine;

	do
		fine = read_page(cli, arena, &c, after, sizeof after);
	while (fine && after[0] != '\0');
	if (fine && c.n > 0)
		qsort(c.codes, c.n, sizeof *c.codes, by_text);
	for (size_t i = 0; i < list->n && fine; i++) {
		const char *unit = list->persons[i].values[IMPORT_UNIT];

		if (!list->persons[i].is_bad && (c.n == 0 || bsearch(&unit, c.codes, c.n, sizeof *c.codes, by_text) == NULL))
			fault(&list->persons[i], IMPORT_UNIT, tr("There is no such unit, or it is out of your reach."), r);
	}
	free(c.codes);
	return fine;
}
