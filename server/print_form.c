/*
 * print_form.c - a form on paper: title and number, a box for every field, a table, lines to sign, the foot of each page.
 *
 * Standing A4, or lying where the table has many columns. An empty form has its boxes as high as a hand needs. Not for: what
 * stands in them, which comes ready in one language. Trap: drawn twice, because only the first time tells how many pages there are.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/node.h"
#include "server/print.h"

enum { COLUMNS_MAX = 16, LINE_MAX_BYTES = 4 * 1024 * 1024, ARENA_MAX = 64 * 1024 * 1024, DEPTH = 5, STANDING_COLUMNS = 5 };

/* Points. */
static const double margin = 42, pitch = 13.5, pad = 5, label_width = 132, foot_height = 26, column_least = 30, sign_height = 40;

struct form {
	const struct node *head;
	cairo_t *cr;
	PangoLayout *text, *bold, *large;
	double width, height, y, widths[COLUMNS_MAX];
	size_t ncolumns;
	int page, pages, unknown;
	bool draws; /* false: only counts the pages */
};

static const char *word(const struct node *n, const char *name)
{
	const char *text = node_str(node_get(n, name));

	return text != NULL ? text : "";
}

static const char *text_of(const struct node *n)
{
	const char *text = node_str(n);

	return text != NULL ? text : "";
}

/* --- drawing ----------------------------------------------------------------------------- */

static void line_show(struct form *f, PangoLayout *layout, int line, double x, double baseline)
{
	PangoLayoutLine *one = pango_layout_get_line_readonly(layout, line);

	if (one == NULL || !f->draws)
		return;
	cairo_move_to(f->cr, x, baseline);
	pango_cairo_show_layout_line(f->cr, one);
}

/* How many lines a text takes in so many points. */
static int lay(struct form *f, PangoLayout *layout, const char *text, double points)
{
	pango_layout_set_width(layout, (int)(points * PANGO_SCALE));
	pango_layout_set_text(layout, text, -1);
	if (f->draws)
		f->unknown += pango_layout_get_unknown_glyphs_count(layout);
	return pango_layout_get_line_count(layout);
}

static void say(struct form *f, PangoLayout *layout, const char *text, double x, double baseline)
{
	lay(f, layout, text, f->width);
	line_show(f, layout, 0, x, baseline);
}

static void say_right(struct form *f, PangoLayout *layout, const char *text, double baseline)
{
	say(f, layout, text, f->width - margin - print_width(layout, text), baseline);
}

static void stroke(struct form *f, double x, double y, double to_x, double to_y, double grey)
{
	if (!f->draws)
		return;
	cairo_set_source_rgb(f->cr, grey, grey, grey);
	cairo_set_line_width(f->cr, 0.5);
	cairo_move_to(f->cr, x, y);
	cairo_line_to(f->cr, to_x, to_y);
	cairo_stroke(f->cr);
	cairo_set_source_rgb(f->cr, 0, 0, 0);
}

static double bottom(const struct form *f)
{
	return f->height - margin - foot_height;
}

/* Number and title are on every page, so that none is lost. */
static void page_begin(struct form *f)
{
	char page[128];

	if (f->page > 0 && f->draws)
		cairo_show_page(f->cr);
	f->page++;
	f->y = margin;
	say(f, f->large, word(f->head, "title"), margin, f->y + 14);
	say_right(f, f->large, word(f->head, "corner"), f->y + 14);
	f->y += 24;
	stroke(f, margin, f->y, f->width - margin, f->y, 0);
	f->y += 8;
	snprintf(page, sizeof page, "%s %d / %d", word(f->head, "page"), f->page, f->pages);
	stroke(f, margin, bottom(f) + 8, f->width - margin, bottom(f) + 8, 0);
	say(f, f->text, word(f->head, "foot"), margin, bottom(f) + 22);
	say_right(f, f->text, page, bottom(f) + 22);
}

static void room(struct form *f, double points)
{
	if (f->y + points > bottom(f))
		page_begin(f);
}

/* One box over the whole width: its label at the left, its text line by line; a long one goes on on the next page. */
static void box(struct form *f, const char *label, const char *text, int64_t least)
{
	const double value_width = f->width - 2 * margin - label_width - 2 * pad;
	int lines = lay(f, f->text, text, value_width), from = 0, high = lines > least ? lines : (int)least;

	if (pitch * high < (bottom(f) - margin) / 2)
		room(f, pitch * high + pad);
	while (from < high) {
		int fit = (int)((bottom(f) - f->y - pad) / pitch), labels;
		double top = f->y;

		if (fit < 1) {
			page_begin(f);
			continue;
		}
		fit = fit < high - from ? fit : high - from;
		stroke(f, margin, top, f->width - margin, top, 0.6);
		labels = lay(f, f->bold, label, label_width - 2 * pad);
		for (int i = 0; i < labels && i < fit; i++)
			line_show(f, f->bold, i, margin + pad, top + pitch * (i + 1) - 1);
		lay(f, f->text, text, value_width);
		for (int i = from; i < from + fit && i < lines; i++)
			line_show(f, f->text, i, margin + label_width + pad, top + pitch * (i - from + 1) - 1);
		f->y += pitch * fit + pad;
		stroke(f, margin + label_width, top, margin + label_width, f->y, 0.6);
		stroke(f, margin, top, margin, f->y, 0.6);
		stroke(f, f->width - margin, top, f->width - margin, f->y, 0.6);
		stroke(f, margin, f->y, f->width - margin, f->y, 0.6);
		from += fit;
	}
}

/* A label of two lines has them. */
static int64_t least_lines(struct form *f, const char *label, const struct node *least)
{
	int64_t asked = least != NULL && least->type == NODE_INT && least->i > 0 && least->i < 40 ? least->i : 1;
	int labels = lay(f, f->bold, label, label_width - 2 * pad);

	return labels > asked ? labels : asked;
}

static void boxes(struct form *f)
{
	const struct node *fields = node_get(f->head, "fields");

	for (const struct node *n = fields != NULL ? fields->first : NULL; n != NULL; n = n->next) {
		const struct node *text = n->first != NULL ? n->first->next : NULL;
		const char *label = text_of(n->first);

		box(f, label, text_of(text), least_lines(f, label, text != NULL ? text->next : NULL));
	}
}

/* --- the table --------------------------------------------------------------------------- */

static void row_widths(struct form *f, PangoLayout *layout, const struct node *row)
{
	size_t c = 0;

	for (const struct node *n = row->first; n != NULL && c < f->ncolumns; n = n->next, c++) {
		double w = print_width(layout, text_of(n)) + 2 * pad;

		if (w > f->widths[c])
			f->widths[c] = w;
	}
}

/* As wide as what stands in them; the widest give way until all of them fit, and take what is left over. */
static void table_widths(struct form *f, const struct node *table)
{
	const struct node *columns = node_get(table, "columns"), *rows = node_get(table, "rows");
	const double all = f->width - 2 * margin;
	double sum = 0;
	size_t widest = 0;

	memset(f->widths, 0, sizeof f->widths);
	row_widths(f, f->bold, columns);
	for (const struct node *r = rows->first; r != NULL; r = r->next)
		row_widths(f, f->text, r);
	for (size_t c = 0; c < f->ncolumns; c++)
		sum += f->widths[c];
	for (;;) {
		for (size_t c = 0; c < f->ncolumns; c++)
			if (f->widths[c] > f->widths[widest])
				widest = c;
		if (sum <= all || f->widths[widest] <= column_least)
			break;
		f->widths[widest] -= 1;
		sum -= 1;
	}
	if (sum < all)
		f->widths[widest] += all - sum;
}

static void row_draw(struct form *f, PangoLayout *layout, const struct node *row, double grey)
{
	int high = 1;
	double x = margin;
	size_t c = 0;

	for (const struct node *n = row->first; n != NULL && c < f->ncolumns; n = n->next, c++) {
		int lines = lay(f, layout, text_of(n), f->widths[c] - 2 * pad);

		high = lines > high ? lines : high;
	}
	room(f, pitch * high + pad);
	c = 0;
	for (const struct node *n = row->first; n != NULL && c < f->ncolumns; n = n->next, x += f->widths[c++])
		for (int i = 0, lines = lay(f, layout, text_of(n), f->widths[c] - 2 * pad); i < lines; i++)
			line_show(f, layout, i, x + pad, f->y + pitch * (i + 1) - 1);
	f->y += pitch * high + pad;
	stroke(f, margin, f->y, f->width - margin, f->y, grey);
}

static void table_draw(struct form *f)
{
	const struct node *table = node_get(f->head, "table"), *columns = node_get(table, "columns"), *rows = node_get(table, "rows");

	if (columns == NULL || rows == NULL)
		return;
	table_widths(f, table);
	f->y += pitch;
	room(f, 4 * pitch);
	say(f, f->bold, word(table, "title"), margin, f->y + pitch - 2);
	f->y += pitch + pad;
	if (rows->first != NULL)
		row_draw(f, f->bold, columns, 0);
	for (const struct node *r = rows->first; r != NULL; r = r->next)
		row_draw(f, f->text, r, 0.8);
}

/* --- below ------------------------------------------------------------------------------- */

static void text_draw(struct form *f)
{
	const double all = f->width - 2 * margin;
	int lines = *word(f->head, "text") != '\0' ? lay(f, f->text, word(f->head, "text"), all) : 0;

	f->y += lines > 0 ? pitch : 0;
	for (int i = 0; i < lines; i++) {
		room(f, pitch);
		lay(f, f->text, word(f->head, "text"), all);
		line_show(f, f->text, i, margin, f->y + pitch - 2);
		f->y += pitch;
	}
}

/* "Reported by ____________  Date ______", with room above for a hand. */
static void signs_draw(struct form *f)
{
	const struct node *signs = node_get(f->head, "signs");
	const double right = f->width - margin, date = right - 150;

	for (const struct node *n = signs != NULL ? signs->first : NULL; n != NULL; n = n->next) {
		room(f, sign_height);
		f->y += sign_height;
		say(f, f->text, text_of(n), margin, f->y - 2);
		say(f, f->text, word(f->head, "date"), date, f->y - 2);
		stroke(f, margin + label_width, f->y, date - 10, f->y, 0);
		stroke(f, date + print_width(f->text, word(f->head, "date")) + 6, f->y, right, f->y, 0);
	}
}

static void pages_draw(struct form *f, bool draws)
{
	f->draws = draws;
	f->page = 0;
	page_begin(f);
	boxes(f);
	table_draw(f);
	text_draw(f);
	signs_draw(f);
	f->pages = f->page;
}

static int draw(const struct node *head, FILE *out)
{
	const struct node *columns = node_get(node_get(head, "table"), "columns");
	struct form f = { .head = head, .width = 595, .height = 842, .ncolumns = columns != NULL ? columns->count : 0 };
	cairo_surface_t *surface;

	if (f.ncolumns > STANDING_COLUMNS) {
		f.width = 842;
		f.height = 595;
	}
	surface = print_surface(out, f.width, f.height, word(head, "title"));
	f.cr = cairo_create(surface);
	f.text = print_layout(f.cr, FAMILIES " 9");
	f.bold = print_layout(f.cr, FAMILIES " Bold 9");
	f.large = print_layout(f.cr, FAMILIES " Bold 14");
	pages_draw(&f, false);
	pages_draw(&f, true);
	g_object_unref(f.text);
	g_object_unref(f.bold);
	g_object_unref(f.large);
	return print_close(f.cr, surface, out, f.unknown);
}

/* A form has a title and a foot. */
static bool is_form(const struct node *head)
{
	const struct node *columns = node_get(node_get(head, "table"), "columns");

	return head->type == NODE_OBJECT && *word(head, "title") != '\0' && *word(head, "foot") != '\0' && (columns == NULL || columns->count <= COLUMNS_MAX);
}

int print_form(FILE *in, FILE *out)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct node *head = NULL;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = arena != NULL ? getline(&line, &cap, in) : -1;
	int status;

	if (n <= 0 || n > LINE_MAX_BYTES || node_parse(arena, line, (size_t)n - (line[n - 1] == '\n'), DEPTH, &head) != OK || !is_form(head))
		status = print_refuse("standard input is not what a form is made of");
	else
		status = draw(head, out);
	free(line);
	arena_free(arena);
	return status;
}
