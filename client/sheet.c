/*
 * sheet.c - see sheet.h.
 *
 * Two short fields share a row where the screen is wide enough; long ones have rows of their own, as
 * many as their text needs.
 * Empty fields are left out: what is missing is seen in the form, not here. Not for: masking; the
 * server names what is masked. Trap: cell widths are decided by what is shown now, so a language
 * change lays out anew.
 */
#include "client/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/named.h"
#include "client/tty.h"
#include "client/value.h"
#include "client/wrap.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LABEL_CELLS = 15, TEXT_MAX = 64 * 1024 };

bool sheet_is_locked(const struct line *l)
{
	return l->kind == LINE_FIELD && row_masks(l->values, l->field->name);
}

/* What a field is shown as. */
static void put_text(struct buf *to, const struct book *book, const struct field *f, const struct node *values, const struct node *opened)
{
	const struct node *shown = opened != NULL ? node_get(opened, f->name) : NULL;

	if (shown == NULL && row_masks(values, f->name))
		buf_puts(to, "[#]");
	else if ((f->flags & F_NAMES) != 0)
		named_show(to, book, f, values);
	else
		value_show(to, f, shown != NULL ? shown : node_get(values, f->name));
	if (shown != NULL && to->len == 0)
		buf_puts(to, "-"); /* opened, and nothing is there */
}

static int count_rows(const char *text, int cells)
{
	int rows = 1;

	for (text += wrap_row(text, cells); *text != '\0'; text += wrap_row(text, cells)) {
		text += *text == '\n';
		rows++;
	}
	return rows;
}

static struct line *add_line(struct sheet *s)
{
	return s->n < SHEET_LINES_MAX ? &s->lines[s->n++] : NULL;
}

static bool is_empty(const struct field *f, const struct node *values)
{
	const struct node *v = node_get(values, f->name);

	if ((f->flags & F_ARG) != 0)
		return true;
	/* What the house itself notes as "no" is nothing to read. */
	if ((f->flags & F_AUTO) != 0 && v != NULL && v->type == NODE_BOOL && !v->b)
		return true;
	return !row_masks(values, f->name) && (v == NULL || v->type == NODE_NULL);
}

/* Gives a long field its rows. */
static void lay_long(struct sheet *s, struct line *l, const char *text)
{
	l->col = 1;
	l->width = s->cols - 2;
	l->height = count_rows(text, l->width - LABEL_CELLS - 1);
	l->row = s->rows;
	s->rows += l->height;
}

static void lay_fields(struct sheet *s)
{
	int half = (s->cols - 2) / 2, col = 1;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < s->book->nfields; i++) {
		const struct field *f = &s->book->fields[i];
		struct line *l;

		if (is_empty(f, s->values) || (l = add_line(s)) == NULL)
			continue;
		buf_reset(&text);
		put_text(&text, s->book, f, s->values, s->opened);
		*l = (struct line){.kind = LINE_FIELD, .field = f, .values = s->values, .row = s->rows,
		                   .col = col, .width = half - 1, .height = 1};
		if (f->type == FT_NOTE || text_width(text.data) > half - LABEL_CELLS - 2) {
			s->rows += col > 1;
			lay_long(s, l, text.data);
			col = 1;
		} else if (col > 1) {
			s->rows++;
			col = 1;
		} else {
			col = 1 + half;
		}
	}
	s->rows += col > 1;
	buf_done(&text);
}

static void lay_part(struct sheet *s, const struct part *part)
{
	const struct node *rows = node_get(s->values, part->name);
	const struct book *book = book_find(part->book);
	struct columns *table;
	struct line *l;

	if (rows == NULL || rows->first == NULL || book == NULL || s->ntables == SHEET_TABLES_MAX)
		return;
	table = &s->tables[s->ntables++];
	columns_init(table, book, s->book, part->by);
	for (const struct node *r = rows->first; r != NULL; r = r->next)
		columns_measure(table, r, false);
	columns_fit(table, s->cols - 4);
	l = add_line(s);
	if (l != NULL)
		*l = (struct line){.kind = LINE_HEAD, .part = part, .count = rows->count,
		                   .table = s->ntables - 1, .row = s->rows++, .height = 1};
	for (const struct node *r = rows->first; r != NULL && (l = add_line(s)) != NULL; r = r->next)
		*l = (struct line){.kind = LINE_ROW, .part = part, .values = r, .table = s->ntables - 1,
		                   .row = s->rows++, .col = 1, .width = s->cols - 2, .height = 1};
}

void sheet_lay_out(struct sheet *s, const struct book *book, const struct node *values,
                   const struct node *opened, int cols)
{
	s->book = book;
	s->values = values;
	s->opened = opened;
	s->cols = cols;
	s->rows = 0;
	s->n = s->ntables = 0;
	lay_fields(s);
	for (size_t i = 0; i < book->nparts; i++)
		lay_part(s, &book->parts[i]);
}

size_t sheet_step(const struct sheet *s, size_t at, int direction)
{
	size_t i = at;

	while (i < s->n && s->lines[i].kind == LINE_HEAD) {
		if (direction < 0 && i == 0)
			return at;
		i = direction < 0 ? i - 1 : i + 1;
	}
	return i < s->n ? i : at;
}

/* One row of a text at a time; the cells behind its end are painted with it. */
static void draw_rows(const struct line *l, const char *text, int row, int from, int end, enum style style)
{
	const int col = l->col + LABEL_CELLS + 1, cells = l->width - LABEL_CELLS - 1;

	for (int i = 0; i < l->height; i++) {
		size_t n = l->height > 1 ? wrap_row(text, cells) : strlen(text);
		char *part = strndup(text, n);

		if (row + i >= from && row + i < end)
			tty_put(row + i, col, cells, part, style);
		if (part != NULL)
			explicit_bzero(part, n);
		free(part);
		text += n;
		text += *text == '\n';
	}
}

static void draw_field(const struct sheet *s, const struct line *l, int row, int from, int end, bool selected)
{
	bool opened = s->opened != NULL && node_get(s->opened, l->field->name) != NULL;
	bool locked = !opened && sheet_is_locked(l);
	enum style style = locked ? STYLE_LOCKED : opened ? STYLE_LATE : STYLE_TEXT;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	put_text(&text, s->book, l->field, l->values, s->opened);
	if (selected && !tty_is_lean())
		style = STYLE_SELECT;
	if (row >= from) {
		tty_put(row, l->col - 1, 1, selected ? ">" : "", STYLE_TEXT);
		tty_put(row, l->col, LABEL_CELLS, tr(l->field->label), STYLE_KEY);
	} else {
		tty_put(from, l->col - 1, 1, selected ? ">" : "", STYLE_TEXT);
	}
	draw_rows(l, text.data, row, from, end, style);
	buf_done(&text);
}

/* A row of a part whose lists show nothing of their own is called by its title. */
static void draw_title(const struct line *l, int row, bool selected)
{
	const struct node *masked = node_get(l->values, "masked");
	struct buf text;

	buf_init(&text, TEXT_MAX);
	row_title(&text, book_find(l->part->book), l->values);
	if (masked != NULL && masked->first != NULL)
		buf_puts(&text, "  [#]");
	tty_put(row, 3, l->width - 3, text.data, selected && !tty_is_lean() ? STYLE_SELECT : STYLE_TEXT);
	buf_done(&text);
}

static void draw_head(const struct sheet *s, const struct line *l, int row)
{
	char head[200];

	snprintf(head, sizeof head, "%s (%zu)", tr(l->part->label), l->count);
	tty_put(row, 1, s->cols - 2, head, STYLE_KEY);
	columns_draw_labels(&s->tables[l->table], row, 3, 1 + text_width(head) + COLUMNS_GAP);
}

static void draw_row(const struct sheet *s, const struct line *l, int row, bool selected)
{
	tty_put(row, 0, 2, selected ? ">" : "", STYLE_TEXT);
	if (s->tables[l->table].n == 0)
		draw_title(l, row, selected);
	columns_draw_row(&s->tables[l->table], row, 3, l->values, selected);
}

void sheet_draw_line(const struct sheet *s, const struct line *l, int row, int from, int end, bool selected)
{
	if (row + l->height <= from || row >= end)
		return;
	if (l->kind == LINE_FIELD)
		draw_field(s, l, row, from, end, selected);
	else if (l->kind == LINE_HEAD)
		draw_head(s, l, row);
	else
		draw_row(s, l, row, selected);
}
