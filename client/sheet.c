/*
 * sheet.c - see sheet.h.
 *
 * Two short fields share a row where the screen is wide enough; long ones have a row of their own.
 * Empty fields are left out: what is missing is seen in the form, not here. Not for: masking; the
 * server names what is masked. Trap: cell widths are decided by what is shown now, so a language
 * change lays out anew.
 */
#include "client/sheet.h"

#include <stdio.h>
#include <string.h>

#include "client/tty.h"
#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LABEL_CELLS = 15, TEXT_MAX = 16 * 1024 };

bool sheet_is_locked(const struct line *l)
{
	return l->kind == LINE_FIELD && row_masks(l->values, l->field->name);
}

static int value_width(const struct field *f, const struct node *values)
{
	struct buf text;
	int width;

	buf_init(&text, TEXT_MAX);
	value_show(&text, f, node_get(values, f->name));
	width = text_width(text.data);
	buf_done(&text);
	return width;
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

static void lay_fields(struct sheet *s)
{
	int half = (s->cols - 2) / 2, col = 1;

	for (size_t i = 0; i < s->book->nfields; i++) {
		const struct field *f = &s->book->fields[i];
		bool is_long;
		struct line *l;

		if (is_empty(f, s->values) || (l = add_line(s)) == NULL)
			continue;
		is_long = f->type == FT_NOTE || value_width(f, s->values) > half - LABEL_CELLS - 2;
		if (is_long && col > 1)
			s->rows++;
		if (is_long)
			col = 1;
		*l = (struct line){.kind = LINE_FIELD, .field = f, .values = s->values, .row = s->rows,
		                   .col = col, .width = is_long ? s->cols - 2 : half - 1};
		if (is_long || col > 1) {
			s->rows++;
			col = 1;
		} else {
			col = 1 + half;
		}
	}
	if (col > 1)
		s->rows++;
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
	columns_measure(table, rows);
	columns_fit(table, s->cols - 4);
	l = add_line(s);
	if (l != NULL)
		*l = (struct line){.kind = LINE_HEAD, .part = part, .count = rows->count,
		                   .table = s->ntables - 1, .row = s->rows++};
	for (const struct node *r = rows->first; r != NULL && (l = add_line(s)) != NULL; r = r->next)
		*l = (struct line){.kind = LINE_ROW, .part = part, .values = r, .table = s->ntables - 1,
		                   .row = s->rows++, .col = 1, .width = s->cols - 2};
}

void sheet_lay_out(struct sheet *s, const struct book *book, const struct node *values, int cols)
{
	s->book = book;
	s->values = values;
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

static void draw_field(const struct line *l, int row, bool selected, const struct node *opened)
{
	const struct node *shown = opened != NULL ? node_get(opened, l->field->name) : NULL;
	bool locked = shown == NULL && sheet_is_locked(l);
	enum style style = locked ? STYLE_LOCKED : shown != NULL ? STYLE_LATE : STYLE_TEXT;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	if (locked)
		buf_puts(&text, "[#]");
	else
		value_show(&text, l->field, shown != NULL ? shown : node_get(l->values, l->field->name));
	if (shown != NULL && text.len == 0)
		buf_puts(&text, "-"); /* opened, and nothing is there */
	for (char *p = text.data; *p != '\0'; p++)
		if (*p == '\n')
			*p = ' ';
	if (selected && !tty_is_lean())
		style = STYLE_SELECT;
	tty_put(row, l->col - 1, 1, selected ? ">" : "", STYLE_TEXT);
	tty_put(row, l->col, LABEL_CELLS, tr(l->field->label), STYLE_KEY);
	tty_put(row, l->col + LABEL_CELLS + 1, l->width - LABEL_CELLS - 1, text.data, style);
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

void sheet_draw_line(const struct sheet *s, const struct line *l, int row, bool selected,
                     const struct node *opened)
{
	char head[200];

	if (l->kind == LINE_FIELD) {
		draw_field(l, row, selected, opened);
	} else if (l->kind == LINE_HEAD) {
		snprintf(head, sizeof head, "%s (%zu)", tr(l->part->label), l->count);
		tty_put(row, 1, s->cols - 2, head, STYLE_KEY);
		columns_draw_labels(&s->tables[l->table], row, 3, 1 + text_width(head) + COLUMNS_GAP);
	} else {
		tty_put(row, 0, 2, selected ? ">" : "", STYLE_TEXT);
		if (s->tables[l->table].n == 0)
			draw_title(l, row, selected);
		columns_draw_row(&s->tables[l->table], row, 3, l->values, selected);
	}
}
