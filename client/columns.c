/*
 * columns.c - see columns.h.
 *
 * Not for: records of one field a line. Trap: a column too narrow for its words is worse than one
 * column less, so nothing shrinks below COLUMN_LEAST; what is left over is cut by the row's end.
 */
#include "client/columns.h"

#include <string.h>

#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { COLUMN_LEAST = 6, COLUMN_WORD = 9, COLUMN_NAME = 12, COLUMN_MOST = 44, CELL_MAX = 64 * 1024 };

static const char *column_label(const struct column *c)
{
	return c->field != NULL ? tr(c->field->label) : tr("State");
}

static bool is_shared(const struct field *f, const struct book *of, const char *by)
{
	const struct field *same = of != NULL ? book_field(of, f->name) : NULL;

	if (by != NULL && strcmp(by, f->name) == 0)
		return true;
	return same != NULL && f->ref != NULL && same->ref != NULL && strcmp(f->ref, same->ref) == 0;
}

void columns_init(struct columns *t, const struct book *book, const struct book *of, const char *by)
{
	*t = (struct columns){.book = book};
	for (size_t i = 0; i < book->nfields && t->n < COLUMNS_MAX - 1; i++) {
		const struct field *f = &book->fields[i];

		if ((f->flags & F_LIST) != 0 && !is_shared(f, of, by))
			t->column[t->n++].field = f;
	}
	if (book->nstates > 0)
		t->column[t->n++].field = NULL;
}

void columns_cell(struct buf *to, const struct columns *t, size_t at, const struct node *values)
{
	const struct field *f = t->column[at].field;
	bool late;

	if (f == NULL) {
		buf_puts(to, row_state(t->book, values, &late));
		if (late)
			buf_puts(to, " !");
	} else if (row_masks(values, f->name)) {
		buf_puts(to, "[#]");
	} else {
		row_show(to, t->book, f, values);
	}
}

/* A number or a time that is cut says something else. */
static bool is_exact(const struct column *c)
{
	return c->field != NULL && (c->field->type == FT_TIME || c->field->type == FT_DATE ||
		(c->field->flags & F_NUMBER) != 0);
}

/* So does a code: the book's own, or one that stands for another record without a caption beside it. */
static bool is_code(const struct columns *t, const struct column *c)
{
	const struct book *ref = c->field != NULL && c->field->ref != NULL ? book_find(c->field->ref) : NULL;

	if (ref != NULL)
		return ref->caption == NULL;
	return c->field != NULL && (c->field->type == FT_INT || (t->book->code != NULL && strcmp(t->book->code, c->field->name) == 0));
}

void columns_measure(struct columns *t, const struct node *row, bool further)
{
	struct buf cell;

	buf_init(&cell, CELL_MAX);
	for (size_t i = 0; i < t->n; i++) {
		struct column *c = &t->column[i];
		int width;

		if (further && !is_exact(c) && !is_code(t, c))
			continue;
		buf_reset(&cell);
		columns_cell(&cell, t, i, row);
		width = text_width(cell.data);
		if (width > COLUMN_MOST)
			width = COLUMN_MOST;
		if (width > c->widest)
			c->widest = width;
	}
	buf_done(&cell);
}

static int total(const struct columns *t)
{
	int sum = 0;

	for (size_t i = 0; i < t->n; i++)
		sum += t->column[i].width + (i > 0 ? COLUMNS_GAP : 0);
	return sum;
}

static bool is_wide(const struct column *c)
{
	return c->field != NULL && (c->field->flags & F_NARROW) == 0;
}

/* The column to take a cell from: the widest that may shrink. Describing ones give first, but a name
 * stays readable as long as dates and words still have more than they need. */
static struct column *widest(struct columns *t)
{
	static const struct { bool wide_only; int least; } passes[] = {
		{true, COLUMN_NAME}, {false, COLUMN_WORD}, {true, COLUMN_LEAST}, {false, COLUMN_LEAST}};
	struct column *found = NULL;

	for (size_t pass = 0; pass < NITEMS(passes) && found == NULL; pass++)
		for (size_t i = 0; i < t->n; i++) {
			struct column *c = &t->column[i];

			if (c->width > passes[pass].least && (is_wide(c) || (!passes[pass].wide_only && !is_exact(c))) &&
			    (found == NULL || c->width > found->width))
				found = c;
		}
	return found;
}

/* Room goes to the longest describing column: the name (R3). Words of a closed choice and codes have all that they need, so
 * where there is nothing else it stays behind the last column. */
static struct column *roomiest(struct columns *t)
{
	struct column *found = NULL;

	for (struct column *c = t->column; c < t->column + t->n; c++)
		if (is_wide(c) && c->field->type != FT_CHOICE && !is_exact(c) && !is_code(t, c) && (found == NULL || c->width > found->width))
			found = c;
	return found == NULL && t->n > 0 ? &t->column[t->n - 1] : found;
}

void columns_fit(struct columns *t, int cells)
{
	struct column *c;

	for (c = t->column; c < t->column + t->n; c++)
		c->width = text_width(column_label(c)) > c->widest ? text_width(column_label(c)) : c->widest;
	while (total(t) > cells && (c = widest(t)) != NULL)
		c->width--;
	c = roomiest(t);
	if (c != NULL && total(t) < cells)
		c->width += cells - total(t);
}

void columns_draw_labels(const struct columns *t, int row, int col, int from)
{
	for (size_t i = 0; i < t->n; i++) {
		if (col >= from)
			tty_put(row, col, t->column[i].width, column_label(&t->column[i]), STYLE_KEY);
		col += t->column[i].width + COLUMNS_GAP;
	}
}

void columns_draw_head(const struct columns *t, int row, int col)
{
	columns_draw_labels(t, row, col, col);
}

void columns_draw_row(const struct columns *t, int row, int col, const struct node *values,
                      bool selected)
{
	struct buf cell;

	buf_init(&cell, CELL_MAX);
	for (size_t i = 0; i < t->n; i++) {
		const struct field *f = t->column[i].field;
		enum style style = STYLE_TEXT;
		bool late = false;

		if (f == NULL)
			row_state(t->book, values, &late);
		if (selected && !tty_is_lean())
			style = STYLE_SELECT;
		else if (late)
			style = STYLE_LATE;
		else if (f != NULL && row_masks(values, f->name))
			style = STYLE_LOCKED;
		buf_reset(&cell);
		columns_cell(&cell, t, i, values);
		tty_put(row, col, t->column[i].width, cell.data, style);
		col += t->column[i].width;
		if (selected && !tty_is_lean() && i + 1 < t->n)
			tty_put(row, col, COLUMNS_GAP, "", STYLE_SELECT);
		col += COLUMNS_GAP;
	}
	buf_done(&cell);
}
