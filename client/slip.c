/*
 * slip.c - see slip.h: a head, a field a line, a table, lines to sign.
 *
 * Nothing is cut: what is too long goes on in the next line, because paper cannot be scrolled.
 * Not for: what may be seen; masked values come as such. Trap: a width is never that of bytes, and a name
 * with more marks than cells still takes one line.
 */
#include "client/slip_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/named.h"
#include "client/value.h"
#include "client/wrap.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LABEL_CELLS = 24, LINE_BYTES = 16 * SLIP_CELLS + 1, CELL_MAX = 16 * 1024, COLUMNS_MAX = 12, GAP = 2, COLUMN_LEAST = 6, DATE_CELLS = 16,
	NOTE_LINES = 5, ITEM_LINES = 2, HAND_LINES = 1 };

static const char locked[] = "[#]";

/* ---- lines ---- */

static void put_fitted(struct buf *out, const char *text, size_t n, int cells)
{
	char line[LINE_BYTES], piece[4 * SLIP_CELLS * 4];

	snprintf(piece, sizeof piece, "%.*s", (int)n, text);
	buf_put(out, line, text_fit(line, sizeof line, piece, cells));
}

/* Ends a line without the blanks behind its last word. */
static void end_line(struct buf *out)
{
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	out->data[out->len] = '\0';
	buf_puts(out, "\n");
}

static void put_rule(struct buf *out, char c, int cells)
{
	while (cells-- > 0)
		buf_put(out, &c, 1);
}

/* The longest beginning that fits, where nothing can be broken: at least one character. */
static size_t hard_break(const char *text, int cells)
{
	size_t n = strlen(text), at = 0, step;
	char head[4 * SLIP_CELLS * 4];
	uint32_t cp;

	while (at < n && (step = text_decode(text + at, n - at, &cp)) > 0 && at + step < sizeof head) {
		snprintf(head, sizeof head, "%.*s", (int)(at + step), text);
		if (at > 0 && text_width(head) > cells)
			return at;
		at += step;
	}
	return at > 0 ? at : n > 0;
}

/* Bytes of the text for a line of so many cells. */
static size_t line_at(const char *text, int cells)
{
	char line[4 * SLIP_CELLS * 4];
	size_t n = strcspn(text, "\n"), at;

	if (n < sizeof line) {
		snprintf(line, sizeof line, "%.*s", (int)n, text);
		if (text_width(line) <= cells)
			return n;
	}
	at = wrap_at(text, cells);
	return at > 0 && at <= n ? at : hard_break(text, cells);
}

/* What is left behind a line: blanks at the break belong to none. */
static const char *behind(const char *text, size_t n)
{
	text += n;
	while (n > 0 && *text == ' ')
		text++;
	return *text == '\n' ? text + 1 : text;
}

/* The text as lines, each but the first indented. */
static void put_wrapped(struct buf *out, const char *text, int indent, int cells)
{
	bool is_first = true;

	do {
		size_t n = line_at(text, cells);

		if (!is_first)
			put_fitted(out, "", 0, indent);
		put_fitted(out, text, n, cells);
		end_line(out);
		text = behind(text, n);
		is_first = false;
	} while (*text != '\0');
}

/* ---- values ---- */

const char *slip_label(const struct book *book, const char *name)
{
	const struct field *f = book_field(book, name);

	return f != NULL ? tr(f->label) : tr("State");
}

void slip_cell(struct buf *to, const struct book *book, const struct node *row, const char *name)
{
	const struct field *f = book_field(book, name);

	if (row == NULL || row_masks(row, name))
		buf_puts(to, locked);
	else if (f != NULL && (f->flags & F_NAMES) != 0)
		named_show(to, book, f, row);
	else if (f != NULL)
		value_show(to, f, node_get(row, name));
	else
		buf_puts(to, row_state(book, row, NULL));
}

static const struct node *ref_row(const struct slip_content *c, const char *name, size_t len)
{
	for (size_t i = 0; i < c->nrefs; i++)
		if (c->refs[i].len == len && strncmp(c->refs[i].name, name, len) == 0)
			return c->refs[i].row;
	return NULL;
}

/* "[ ] General   [ ] Major"; box and label are not parted at the end of a line. */
static void put_choices(struct buf *to, const struct field *f)
{
	for (const struct choice *c = f != NULL && (f->type == FT_CHOICE || f->type == FT_BOOL) ? f->choices : NULL; c != NULL && c->word != NULL; c++)
		buf_printf(to, "%s[\u00a0]\u00a0%s", to->len > 0 ? "   " : "", tr(c->label));
}

int slip_hand_lines(const struct field *f)
{
	return f->type == FT_NOTE ? NOTE_LINES : f->type == FT_ITEMS ? ITEM_LINES : HAND_LINES;
}

const char *const *slip_fields(const struct slip_content *c)
{
	return c->blank ? c->slip->blank : c->slip->fields;
}

void slip_field_value(struct buf *to, const struct slip_content *c, const char *name, const char **label)
{
	const char *dot = strchr(name, '.');
	const struct node *v;
	char first[64];
	const struct field *f;

	if (c->blank) {
		*label = slip_label(c->book, name);
		put_choices(to, book_field(c->book, name));
		return;
	}
	if (dot == NULL) {
		*label = slip_label(c->book, name);
		slip_cell(to, c->book, c->record, name);
		return;
	}
	snprintf(first, sizeof first, "%.*s", (int)(dot - name), name);
	f = book_field(c->book, first);
	*label = slip_label(book_find(f->ref), dot + 1);
	v = node_get(c->record, first);
	if (row_masks(c->record, first) || (v != NULL && v->type != NODE_NULL))
		slip_cell(to, book_find(f->ref), ref_row(c, name, (size_t)(dot - name)), dot + 1);
}

/* Lines for a hand behind the label. */
static void put_room(struct buf *out, const struct field *f)
{
	for (int i = 0; i < slip_hand_lines(f); i++) {
		if (i > 0)
			put_fitted(out, "", 0, LABEL_CELLS);
		put_rule(out, '_', SLIP_CELLS - LABEL_CELLS);
		buf_puts(out, "\n\n");
	}
}

static void put_field(struct buf *out, const struct slip_content *c, const char *name)
{
	const char *label = "";
	struct buf value;

	buf_init(&value, CELL_MAX);
	slip_field_value(&value, c, name, &label);
	if (value.len > 0 || c->blank) {
		put_fitted(out, label, strlen(label), LABEL_CELLS - GAP);
		put_fitted(out, "", 0, GAP);
	}
	if (value.len == 0 && c->blank) {
		put_room(out, book_field(c->book, name));
	} else if (value.len > 0) {
		put_wrapped(out, value.data, LABEL_CELLS, SLIP_CELLS - LABEL_CELLS);
	}
	buf_done(&value);
}

/* The corner says what the paper belongs to, the other end of the line what it is. */
static void put_head(struct buf *out, const struct slip_content *c)
{
	const char *title = tr(c->slip->title);
	int width = text_width(title);
	struct buf value;

	buf_init(&value, CELL_MAX);
	if (c->record != NULL)
		slip_cell(&value, c->book, c->record, c->slip->head);
	if (text_width(value.data) + GAP + width <= SLIP_CELLS) {
		put_fitted(out, value.data, value.len, SLIP_CELLS - width);
		put_wrapped(out, title, 0, SLIP_CELLS);
	} else {
		put_wrapped(out, value.data, 0, SLIP_CELLS);
		put_wrapped(out, title, 0, SLIP_CELLS);
	}
	put_rule(out, '=', SLIP_CELLS);
	buf_puts(out, "\n");
	buf_done(&value);
}

/* ---- the table ---- */

struct table {
	const struct book *book;
	const char *const *names;
	size_t n;
	int width[COLUMNS_MAX];
};

static void put_cell(struct buf *to, const struct table *t, size_t at, const struct node *row)
{
	if (row == NULL)
		buf_puts(to, slip_label(t->book, t->names[at]));
	else
		slip_cell(to, t->book, row, t->names[at]);
}

static void measure(struct table *t, const struct node *row)
{
	struct buf cell;

	buf_init(&cell, CELL_MAX);
	for (size_t i = 0; i < t->n; i++) {
		int width;

		buf_reset(&cell);
		put_cell(&cell, t, i, row);
		width = text_width(cell.data);
		if (width > t->width[i])
			t->width[i] = width < SLIP_CELLS ? width : SLIP_CELLS;
	}
	buf_done(&cell);
}

/* Takes cells from the widest column until the row fits. */
static void fit(struct table *t)
{
	for (;;) {
		size_t widest = 0;
		int sum = 0;

		for (size_t i = 0; i < t->n; i++) {
			sum += t->width[i] + (i > 0 ? GAP : 0);
			if (t->width[i] > t->width[widest])
				widest = i;
		}
		if (sum <= SLIP_CELLS || t->width[widest] <= COLUMN_LEAST)
			return;
		t->width[widest]--;
	}
}

/* A row as tall as its tallest cell; NULL is the head. */
static void put_table_row(struct buf *out, const struct table *t, const struct node *row)
{
	struct buf cells[COLUMNS_MAX];
	const char *rest[COLUMNS_MAX];
	bool more = true;

	for (size_t i = 0; i < t->n; i++) {
		buf_init(&cells[i], CELL_MAX);
		put_cell(&cells[i], t, i, row);
		rest[i] = cells[i].data;
	}
	while (more) {
		more = false;
		for (size_t i = 0; i < t->n; i++) {
			size_t n = line_at(rest[i], t->width[i]);

			put_fitted(out, "", 0, i > 0 ? GAP : 0);
			put_fitted(out, rest[i], n, t->width[i]);
			rest[i] = behind(rest[i], n);
			more = more || *rest[i] != '\0';
		}
		end_line(out);
	}
	for (size_t i = 0; i < t->n; i++)
		buf_done(&cells[i]);
}

size_t slip_rows_count(const struct slip_content *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->npages; i++)
		n += c->pages[i]->count;
	return n;
}

bool slip_has_rows(const struct slip_content *c)
{
	return c->slip->rows != NULL && !c->blank && (!c->slip->rows->if_any || slip_rows_count(c) > 0);
}

void slip_rows_title(struct buf *to, const struct slip_content *c)
{
	char count[24];

	snprintf(count, sizeof count, "(%zu)", slip_rows_count(c));
	buf_printf(to, "%s %s", tr(book_find(c->slip->rows->book)->title), c->rows_locked ? locked : count);
}

static void put_rows(struct buf *out, const struct slip_content *c)
{
	const struct slip_rows *rows = c->slip->rows;
	struct table t = {.book = book_find(rows->book), .names = rows->columns};

	while (t.names[t.n] != NULL && t.n < COLUMNS_MAX)
		t.n++;
	buf_puts(out, "\n");
	slip_rows_title(out, c);
	buf_puts(out, "\n");
	if (slip_rows_count(c) == 0)
		return;
	measure(&t, NULL);
	for (size_t i = 0; i < c->npages; i++)
		for (const struct node *r = c->pages[i]->first; r != NULL; r = r->next)
			measure(&t, r);
	fit(&t);
	put_table_row(out, &t, NULL);
	put_rule(out, '-', SLIP_CELLS);
	buf_puts(out, "\n");
	for (size_t i = 0; i < c->npages; i++)
		for (const struct node *r = c->pages[i]->first; r != NULL; r = r->next)
			put_table_row(out, &t, r);
}

/* ---- the whole ---- */

/* "Borrower  ______________________  Date  ____________", with room above for a hand. */
static void put_sign(struct buf *out, const char *who)
{
	const char *date = tr("Date");
	int left = SLIP_CELLS - LABEL_CELLS - 2 * GAP - text_width(date) - GAP - DATE_CELLS;

	buf_puts(out, "\n\n");
	put_fitted(out, who, strlen(who), LABEL_CELLS + GAP);
	put_rule(out, '_', left);
	buf_printf(out, "%*s%s%*s", GAP, "", date, GAP, "");
	put_rule(out, '_', DATE_CELLS);
	buf_puts(out, "\n");
}

void slip_write(struct buf *out, const struct slip_content *c)
{
	put_head(out, c);
	for (const char *const *name = slip_fields(c); *name != NULL; name++)
		put_field(out, c, *name);
	if (slip_has_rows(c))
		put_rows(out, c);
	if (c->slip->text != NULL) {
		buf_puts(out, "\n");
		put_wrapped(out, tr(c->slip->text), 0, SLIP_CELLS);
	}
	for (const char *const *who = c->slip->signs; who != NULL && *who != NULL; who++)
		put_sign(out, tr(*who));
	buf_puts(out, "\n");
	put_wrapped(out, c->foot, 0, SLIP_CELLS);
	buf_puts(out, "\f");
}

bool slip_fits(const struct book *book, const struct slip *slip, const struct node *record)
{
	int state = slip->states != 0 ? row_stored_state(book, record) : 0;
	const struct node *v = slip->wants != NULL ? node_get(record, slip->wants) : NULL;

	const char *word = slip->only != NULL ? node_str(node_get(record, slip->only)) : NULL;

	return !slip->whole && (slip->only == NULL || (word != NULL && strcmp(word, slip->word) == 0)) && (slip->states == 0 || (state >= 0 && (slip->states & BIT(state)) != 0)) &&
	       (slip->wants == NULL || (v != NULL && v->type != NODE_NULL));
}
