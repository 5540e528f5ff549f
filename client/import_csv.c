/*
 * import_csv.c - see import_csv.h: one pass over the text, no copy but that of the cells.
 * Not for: encodings. Trap: line numbers count line ends inside quotes too, as an editor shows them.
 */
#include "client/import_csv.h"

#include <stdbool.h>
#include <string.h>

#include "common/words.h"

static bool is_end(const struct csv *c)
{
	return c->at == c->end;
}

static bool is_line_end(const struct csv *c)
{
	return !is_end(c) && (*c->at == '\n' || *c->at == '\r');
}

static void skip_line_end(struct csv *c)
{
	if (c->end - c->at >= 2 && c->at[0] == '\r' && c->at[1] == '\n')
		c->at++;
	c->at++;
	c->line++;
}

static char guess_separator(const struct csv *c)
{
	static const char tries[] = {',', ';', '\t'};
	size_t counts[NITEMS(tries)] = {0}, best = 0;
	bool quoted = false;

	for (const char *s = c->at; s < c->end && (quoted || (*s != '\n' && *s != '\r')); s++) {
		if (*s == '"')
			quoted = !quoted;
		for (size_t i = 0; i < NITEMS(tries) && !quoted; i++)
			counts[i] += *s == tries[i];
	}
	for (size_t i = 1; i < NITEMS(tries); i++)
		if (counts[i] > counts[best])
			best = i;
	return tries[best];
}

void csv_open(struct csv *c, const char *text, size_t len)
{
	*c = (struct csv){.text = text, .end = text + len, .at = text, .line = 1};
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		c->at += 3;
	c->separator = guess_separator(c);
}

/* Blanks, the no-break blank and the wide blank of Chinese keyboards. */
static size_t blank_at(const char *s, size_t n)
{
	static const char *const blanks[] = {" ", "\t", "\xc2\xa0", "\xe3\x80\x80"};

	for (size_t i = 0; i < NITEMS(blanks); i++)
		if (n >= strlen(blanks[i]) && memcmp(s, blanks[i], strlen(blanks[i])) == 0)
			return strlen(blanks[i]);
	return 0;
}

static const char *trimmed(struct arena *arena, const char *s, size_t n)
{
	bool more = true;

	for (size_t k; (k = blank_at(s, n)) > 0; s += k, n -= k)
		continue;
	while (more) {
		more = false;
		for (size_t k = 1; k <= 3 && k <= n && !more; k++)
			if (blank_at(s + n - k, k) == k) {
				n -= k;
				more = true;
			}
	}
	return arena_strndup(arena, s, n);
}

static void refuse(struct csv_row *row, const char *why)
{
	if (row->why == NULL) {
		row->why = why;
		row->bad = row->ncells;
	}
}

static enum err keep(struct arena *arena, struct csv_row *row, const char *s, size_t n)
{
	const char *cell;

	if (n > CSV_CELL_MAX || memchr(s, '\0', n) != NULL) {
		refuse(row, n > CSV_CELL_MAX ? N_("The text is too long.") : N_("A zero byte is no text."));
		n = 0;
	}
	cell = trimmed(arena, s, n);
	if (cell == NULL)
		return ERR_NOMEM;
	if (row->ncells < CSV_CELLS_MAX)
		row->cells[row->ncells++] = cell;
	else
		refuse(row, N_("The line has too many cells."));
	return OK;
}

static void skip_rest(struct csv *c)
{
	while (!is_end(c) && !is_line_end(c))
		c->at++;
}

/* What is wrong costs one line, not all up to the next quotation mark. */
static enum err give_up(struct csv *c, struct csv_row *row, const char *from, size_t line, const char *why)
{
	c->at = from;
	c->line = line;
	refuse(row, why);
	skip_rest(c);
	return OK;
}

/* A cell in quotes; at stands on the first one. */
static enum err quoted_cell(struct csv *c, struct arena *arena, struct csv_row *row)
{
	const char *from = ++c->at;
	size_t line = c->line, n = 0;
	char *copy;

	while (!is_end(c) && c->at - from <= 2 * CSV_CELL_MAX && !(*c->at == '"' && (c->end - c->at == 1 || c->at[1] != '"'))) {
		if (is_line_end(c)) {
			skip_line_end(c);
			continue;
		}
		c->at += *c->at == '"' ? 2 : 1;
	}
	if (is_end(c) || *c->at != '"')
		return give_up(c, row, from, line, N_("A quotation mark is never closed."));
	copy = arena_alloc(arena, (size_t)(c->at - from) + 1);
	if (copy == NULL)
		return ERR_NOMEM;
	for (const char *s = from; s < c->at; s += *s == '"' ? 2 : 1)
		copy[n++] = *s;
	c->at++;
	while (!is_end(c) && *c->at == ' ')
		c->at++;
	if (!is_end(c) && !is_line_end(c) && *c->at != c->separator)
		return give_up(c, row, from, line, N_("Something stands behind a closing quotation mark."));
	return keep(arena, row, copy, n);
}

static enum err plain_cell(struct csv *c, struct arena *arena, struct csv_row *row)
{
	const char *from = c->at;

	while (!is_end(c) && !is_line_end(c) && *c->at != c->separator)
		c->at++;
	return keep(arena, row, from, (size_t)(c->at - from));
}

static enum err read_row(struct csv *c, struct arena *arena, struct csv_row *row)
{
	enum err err = OK;

	*row = (struct csv_row){.line = c->line};
	for (bool more = true; more && err == OK;) {
		while (!is_end(c) && *c->at == ' ')
			c->at++;
		if (!is_end(c) && *c->at == '"')
			err = quoted_cell(c, arena, row);
		else
			err = plain_cell(c, arena, row);
		more = !is_end(c) && *c->at == c->separator;
		c->at += more;
	}
	if (!is_end(c))
		skip_line_end(c);
	return err;
}

static bool is_empty(const struct csv_row *row)
{
	for (size_t i = 0; i < row->ncells; i++)
		if (row->cells[i][0] != '\0')
			return false;
	return row->why == NULL;
}

enum err csv_next(struct csv *c, struct arena *arena, struct csv_row *row)
{
	enum err err = OK;

	do {
		if (is_end(c))
			return ERR_NOT_FOUND;
		err = read_row(c, arena, row);
	} while (err == OK && is_empty(row));
	return err;
}
