/*
 * bars.c - see bars.h.
 *
 * Not for: the terminal. Trap: widths are of cells, not of bytes: labels are Chinese and Vietnamese.
 */
#include "client/bars.h"

#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { COUNT_CELLS = 6, LABEL_CELLS = 12, BAR_CELLS = 16, GAP = 2 };

void bars_label(const struct report *report, const struct node *row, struct buf *text)
{
	for (size_t i = 0; i < report->ncolumns; i++) {
		const struct report_column *c = &report->columns[i];
		const struct node *value = node_get(row, c->field.name);

		if (c->kind != COLUMN_GROUP)
			continue;
		if (i > 0)
			buf_puts(text, "  ");
		if (row_masks(row, c->field.name))
			buf_puts(text, "[#]");
		else if (value == NULL || value->type == NODE_NULL)
			buf_puts(text, c->nothing != NULL ? tr(c->nothing) : "-");
		else
			value_show(text, &c->field, value);
	}
}

static int widest_label(const struct report *report, const struct node *rows)
{
	struct buf text;
	int widest = LABEL_CELLS;

	buf_init(&text, BARS_LINE_MAX);
	for (const struct node *r = rows->first; r != NULL; r = r->next) {
		buf_reset(&text);
		bars_label(report, r, &text);
		if (text_width(text.data) > widest)
			widest = text_width(text.data);
	}
	buf_done(&text);
	return widest;
}

bool bars_hide(const struct node *rows)
{
	for (const struct node *r = rows->first; r != NULL; r = r->next)
		if (node_get(r, "masked") != NULL && node_get(r, "masked")->first != NULL)
			return true;
	return false;
}

/* Numbers first, then the bar's least, then the label; what is left makes the bar longer. */
void bars_fit(struct bars *b, const struct report *report, const struct report_column *sort, const struct node *rows, int cells)
{
	size_t n = 0;

	*b = (struct bars){.report = report, .sort = sort, .rows = rows};
	for (size_t i = 0; i < report->ncolumns && n < BARS_COUNTS_MAX; i++) {
		int width = text_width(tr(report->columns[i].field.label)) + 2;

		if (report->columns[i].kind != COLUMN_COUNT)
			continue;
		b->count[n] = GAP + (width > COUNT_CELLS ? width : COUNT_CELLS);
		cells -= b->count[n++];
	}
	b->label = widest_label(report, rows);
	if (b->label > cells - BAR_CELLS - GAP)
		b->label = cells - BAR_CELLS - GAP;
	if (b->label < LABEL_CELLS)
		b->label = LABEL_CELLS;
	b->bar = cells - b->label - GAP > 0 ? cells - b->label - GAP : 0;
	for (const struct node *r = rows->first; r != NULL; r = r->next)
		if (row_number(r, sort->field.name) > b->most)
			b->most = row_number(r, sort->field.name);
}

static void put_cells(struct buf *line, const char *text, int cells)
{
	char fitted[BARS_LINE_MAX];

	if (cells > 0)
		buf_put(line, fitted, text_fit(fitted, sizeof fitted, text, cells));
}

static void put_right(struct buf *line, const char *text, int cells)
{
	int used = text_width(text);

	put_cells(line, "", cells - used);
	put_cells(line, text, used < cells ? used : cells);
}

void bars_head(const struct bars *b, struct buf *line)
{
	struct buf text;
	size_t n = 0;

	buf_init(&text, BARS_LINE_MAX);
	for (size_t i = 0; i < b->report->ncolumns; i++)
		if (b->report->columns[i].kind == COLUMN_GROUP)
			buf_printf(&text, "%s%s", i > 0 ? "  " : "", tr(b->report->columns[i].field.label));
	put_cells(line, text.data, b->label);
	for (size_t i = 0; i < b->report->ncolumns && n < BARS_COUNTS_MAX; i++) {
		const struct report_column *c = &b->report->columns[i];

		if (c->kind != COLUMN_COUNT)
			continue;
		buf_reset(&text);
		buf_printf(&text, c == b->sort ? "[%s]" : "%s ", tr(c->field.label));
		put_right(line, text.data, b->count[n++]);
	}
	buf_done(&text);
}

/* Whatever is not nothing shows at least one mark. */
static void put_bar(const struct bars *b, int64_t value, struct buf *line)
{
	int64_t n = b->most > 0 ? value * b->bar / b->most : 0;

	put_cells(line, "", GAP);
	if (value > 0 && n == 0)
		n = 1;
	for (int64_t i = 0; i < n && i < b->bar; i++)
		buf_puts(line, "#");
}

void bars_row(const struct bars *b, const struct node *row, struct buf *line)
{
	struct buf text;
	size_t n = 0;

	buf_init(&text, BARS_LINE_MAX);
	bars_label(b->report, row, &text);
	put_cells(line, text.data, b->label);
	for (size_t i = 0; i < b->report->ncolumns && n < BARS_COUNTS_MAX; i++) {
		const struct report_column *c = &b->report->columns[i];

		if (c->kind != COLUMN_COUNT)
			continue;
		buf_reset(&text);
		if (row_masks(row, c->field.name))
			buf_puts(&text, "[#] ");
		else
			buf_printf(&text, "%lld ", (long long)row_number(row, c->field.name));
		put_right(line, text.data, b->count[n++]);
	}
	put_bar(b, row_number(row, b->sort->field.name), line);
	buf_done(&text);
}
