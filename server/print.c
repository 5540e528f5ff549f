/*
 * print.c - lodge-print: JSON lines on standard input become a PDF of one table on standard output.
 *
 * First line {"title","lines":[…],"stamp","foot","page","columns":[…]}, then one array of texts a
 * row. Every page carries the column heads, the stamp and the foot. A program of its own, so that
 * fonts and drawing stay out of the server. Not for: deciding what is on the paper.
 * `lodge-print form` draws a form instead (print_form.c).
 * Trap: lines have one height whatever font a letter comes from, so that a row longer than a page can go on
 * on the next one. A letter without a glyph is said on standard error and leaves a box.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/node.h"
#include "common/words.h"
#include "server/print.h"

enum { COLUMNS_MAX = 24, LINES_MAX = 8, LINE_BYTES = 4 * 1024 * 1024, ROWS_MAX = 200000, SAMPLE = 400, PDF_MAX = 16 * 1024 * 1024 };

/* Points. A4, lying. */
static const char *const text_sizes[] = { FAMILIES " 8", FAMILIES " 7", FAMILIES " 6" };
static const char *const head_sizes[] = { FAMILIES " Bold 8", FAMILIES " Bold 7", FAMILIES " Bold 6" };
static const double width = 842, height = 595, margin = 36, pitch = 11.5, pad = 4, foot_height = 34, widest = 260, narrowest = 34;

struct sheet {
	const char *title, *stamp, *foot, *page;
	const char *lines[LINES_MAX], *columns[COLUMNS_MAX];
	size_t nlines, ncolumns;
	struct arena *arena; /* holds every text */
	const char **cells; /* of all rows, ncolumns each */
	size_t nrows, rows_cap;
	double widths[COLUMNS_MAX], leasts[COLUMNS_MAX]; /* leasts: what keeps its words whole */
};

struct paper {
	const struct sheet *sheet;
	cairo_t *cr;
	PangoLayout *text, *heads;
	int page, pages, unknown;
	double y;
	bool draws; /* false: only counts the pages */
};

int print_refuse(const char *what)
{
	fprintf(stderr, "lodge-print: %s\n", what);
	return 1;
}

/* --- reading ----------------------------------------------------------------------------- */

static size_t texts_of(struct arena *arena, const struct node *array, const char **out, size_t max)
{
	size_t n = 0;

	for (const struct node *item = array && array->type == NODE_ARRAY ? array->first : NULL; item && n < max; item = item->next)
		out[n++] = arena_strdup(arena, node_str(item) ? node_str(item) : "");
	return n;
}

static const char *text_of(struct arena *arena, const struct node *head, const char *name)
{
	const char *text = node_str(node_get(head, name));

	return arena_strdup(arena, text ? text : "");
}

static bool head_read(struct sheet *s, struct arena *arena, const struct node *head)
{
	s->title = text_of(arena, head, "title");
	s->stamp = text_of(arena, head, "stamp");
	s->foot = text_of(arena, head, "foot");
	s->page = text_of(arena, head, "page");
	s->nlines = texts_of(arena, node_get(head, "lines"), s->lines, LINES_MAX);
	s->ncolumns = texts_of(arena, node_get(head, "columns"), s->columns, COLUMNS_MAX);
	/* A paper without foot and stamp is none of ours. */
	return s->title && s->page && s->foot && s->foot[0] && s->stamp && s->stamp[0] && s->ncolumns > 0;
}

static bool row_read(struct sheet *s, struct arena *arena, const struct node *row)
{
	if (s->nrows == ROWS_MAX || row->type != NODE_ARRAY || row->count != s->ncolumns)
		return false;
	if (s->nrows == s->rows_cap) {
		size_t cap = s->rows_cap ? 2 * s->rows_cap : 256;
		const char **cells = realloc(s->cells, cap * s->ncolumns * sizeof(*cells));

		if (!cells)
			return false;
		s->cells = cells;
		s->rows_cap = cap;
	}
	const char **cells = s->cells + s->nrows * s->ncolumns;

	if (texts_of(arena, row, cells, s->ncolumns) != s->ncolumns)
		return false;
	for (size_t i = 0; i < s->ncolumns; i++)
		if (!cells[i])
			return false;
	s->nrows++;
	return true;
}

static bool sheet_read(struct sheet *s, FILE *in)
{
	struct arena *kept = s->arena = arena_new((size_t)512 << 20), *each = arena_new(8 * LINE_BYTES);
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool fine = kept && each, has_head = false;

	while (fine && (n = getline(&line, &cap, in)) > 0) {
		struct node *node = NULL;

		arena_reset(each);
		fine = n <= LINE_BYTES && node_parse(each, line, (size_t)n - (line[n - 1] == '\n'), 4, &node) == OK &&
			(has_head ? row_read(s, kept, node) : node->type == NODE_OBJECT && head_read(s, kept, node));
		has_head = true;
	}
	free(line);
	arena_free(each);
	return fine && has_head && !ferror(in);
}

/* --- measuring --------------------------------------------------------------------------- */

static void layout_style(PangoLayout *layout, const char *style)
{
	PangoFontDescription *font = pango_font_description_from_string(style);

	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
}

PangoLayout *print_layout(cairo_t *cr, const char *style)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);

	layout_style(layout, style);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	return layout;
}

double print_width(PangoLayout *layout, const char *text)
{
	int w, h;

	pango_layout_set_width(layout, -1);
	pango_layout_set_text(layout, text, -1);
	pango_layout_get_size(layout, &w, &h);
	return (double)w / PANGO_SCALE;
}

/* As wide as its longest word: narrower, a number would be broken in its middle. */
static double least(PangoLayout *layout, const char *text)
{
	int w, h;

	pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
	pango_layout_set_width(layout, 0);
	pango_layout_set_text(layout, text, -1);
	pango_layout_get_size(layout, &w, &h);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	return (double)w / PANGO_SCALE;
}

static double max_of(double a, double b)
{
	return a > b ? a : b;
}

/* A column that is cut at that width, but never into a word. */
static double cut_to(const struct sheet *s, size_t column, double cut)
{
	double w = s->widths[column];

	return w > cut ? max_of(cut, s->leasts[column]) : w;
}

/* Words that do not fit beside each other even so are broken, the longest first. */
static void words_break(struct sheet *s, double room)
{
	for (;;) {
		size_t longest = 0;
		double words = 0;

		for (size_t c = 0; c < s->ncolumns; c++) {
			words += s->leasts[c];
			if (s->leasts[c] > s->leasts[longest])
				longest = c;
		}
		if (words <= room || s->leasts[longest] <= narrowest)
			return;
		s->leasts[longest] = narrowest;
	}
}

/* The width above which columns are cut so that all of them fit into room. */
static double cut_at(struct sheet *s, double room)
{
	double low = 0, high = room;

	words_break(s, room);
	while (high - low > 0.01) {
		double cut = (low + high) / 2, sum = 0;

		for (size_t c = 0; c < s->ncolumns; c++)
			sum += cut_to(s, c, cut);
		if (sum > room)
			high = cut;
		else
			low = cut;
	}
	return low;
}

static void measure(struct paper *p, struct sheet *s, size_t column)
{
	double w = print_width(p->heads, s->columns[column]), word = least(p->heads, s->columns[column]);

	for (size_t r = 0; r < s->nrows; r += s->nrows / SAMPLE + 1) {
		const char *cell = s->cells[r * s->ncolumns + column];

		w = max_of(w, print_width(p->text, cell));
		word = max_of(word, least(p->text, cell));
	}
	s->widths[column] = (w > widest ? widest : max_of(w, narrowest)) + 2 * pad;
	/* Of a text without blanks as long as a note no word is spared. */
	s->leasts[column] = word < widest / 2 ? word + 2 * pad : narrowest;
}

/* Measures every column in letters of that size; false: their longest words have no room side by side. */
static bool measured(struct paper *p, struct sheet *s, size_t size)
{
	double words = 0;

	layout_style(p->text, text_sizes[size]);
	layout_style(p->heads, head_sizes[size]);
	for (size_t c = 0; c < s->ncolumns; c++) {
		measure(p, s, c);
		words += s->leasts[c];
	}
	return words <= width - 2 * margin;
}

/* Columns as wide as their texts; what does not fit is cut from the widest, what is left over goes to them.
 * Letters become smaller before a number is broken. */
static void widths_set(struct paper *p, struct sheet *s)
{
	double sum = 0, room = width - 2 * margin, cut;
	size_t nwide = 0, size = 0;

	while (!measured(p, s, size) && size + 1 < NITEMS(text_sizes))
		size++;
	for (size_t c = 0; c < s->ncolumns; c++) {
		nwide += s->widths[c] >= widest + 2 * pad;
		sum += s->widths[c];
	}
	cut = sum > room ? cut_at(s, room) : room;
	for (size_t c = 0; c < s->ncolumns; c++)
		if (sum > room)
			s->widths[c] = cut_to(s, c, cut);
		else if (s->widths[c] >= widest + 2 * pad)
			s->widths[c] += (room - sum) / (double)nwide;
}

/* --- drawing ----------------------------------------------------------------------------- */

static void line_show(struct paper *p, PangoLayout *layout, int line, double x, double baseline)
{
	PangoLayoutLine *one = pango_layout_get_line_readonly(layout, line);

	if (!one || !p->draws)
		return;
	cairo_move_to(p->cr, x, baseline);
	pango_cairo_show_layout_line(p->cr, one);
}

/* One text from x on, in its own layout; returns its width. */
static double say(struct paper *p, const char *style, const char *text, double x, double baseline, double right)
{
	PangoLayout *layout = print_layout(p->cr, style);
	double w = print_width(layout, text);

	if (right > 0)
		x = right - w;
	if (p->draws)
		p->unknown += pango_layout_get_unknown_glyphs_count(layout);
	line_show(p, layout, 0, x, baseline);
	g_object_unref(layout);
	return w;
}

static void rule(struct paper *p, double y, double grey)
{
	if (!p->draws)
		return;
	cairo_set_source_rgb(p->cr, grey, grey, grey);
	cairo_set_line_width(p->cr, 0.5);
	cairo_move_to(p->cr, margin, y);
	cairo_line_to(p->cr, width - margin, y);
	cairo_stroke(p->cr);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
}

/* Across the page, pale, under the table: a photograph of any part shows it. */
static void stamp_across(struct paper *p)
{
	PangoLayout *layout = print_layout(p->cr, FAMILIES " Bold 44");
	double w = print_width(layout, p->sheet->stamp), room = 0.9 * width;

	if (p->draws) {
		cairo_save(p->cr);
		cairo_set_source_rgb(p->cr, 0.92, 0.92, 0.92);
		cairo_translate(p->cr, width / 2, height / 2);
		cairo_rotate(p->cr, -0.45);
		if (w > room)
			cairo_scale(p->cr, room / w, room / w);
		line_show(p, layout, 0, -w / 2, 0);
		cairo_restore(p->cr);
	}
	g_object_unref(layout);
}

static void foot(struct paper *p)
{
	double y = height - margin - foot_height + 12;
	char page[128];

	snprintf(page, sizeof(page), "%s %d / %d", p->sheet->page, p->page, p->pages);
	rule(p, y, 0);
	say(p, FAMILIES " Bold 8", p->sheet->foot, margin, y + 12, 0);
	say(p, FAMILIES " 8", page, 0, y + 12, width - margin);
	say(p, FAMILIES " Bold 8", p->sheet->stamp, margin, y + 23, 0);
}

static void heads(struct paper *p)
{
	double x = margin;

	for (size_t c = 0; c < p->sheet->ncolumns; c++) {
		pango_layout_set_width(p->heads, (int)((p->sheet->widths[c] - 2 * pad) * PANGO_SCALE));
		pango_layout_set_text(p->heads, p->sheet->columns[c], -1);
		if (p->draws)
			p->unknown += pango_layout_get_unknown_glyphs_count(p->heads);
		for (int i = 0; i < 2; i++) /* two lines are room enough for a head */
			line_show(p, p->heads, i, x + pad, p->y + pitch * (i + 1) - 2);
		x += p->sheet->widths[c];
	}
	p->y += 2 * pitch + 2;
	rule(p, p->y, 0);
	p->y += 2;
}

static void page_begin(struct paper *p)
{
	if (p->page > 0 && p->draws)
		cairo_show_page(p->cr);
	p->page++;
	p->y = margin;
	stamp_across(p);
	foot(p);
	if (p->page == 1) {
		say(p, FAMILIES " Bold 14", p->sheet->title, margin, p->y + 14, 0);
		p->y += 24;
		for (size_t i = 0; i < p->sheet->nlines; i++, p->y += pitch + 1)
			say(p, FAMILIES " 9", p->sheet->lines[i], margin, p->y + 8, 0);
		p->y += 6;
	}
	heads(p);
}

static void cell_lay(struct paper *p, size_t row, size_t column)
{
	pango_layout_set_width(p->text, (int)((p->sheet->widths[column] - 2 * pad) * PANGO_SCALE));
	pango_layout_set_text(p->text, p->sheet->cells[row * p->sheet->ncolumns + column], -1);
}

/* Lines from .. to of every cell of the row. */
static void slice_draw(struct paper *p, size_t row, int from, int to)
{
	double x = margin;

	for (size_t c = 0; p->draws && c < p->sheet->ncolumns; c++) {
		cell_lay(p, row, c);
		if (from == 0)
			p->unknown += pango_layout_get_unknown_glyphs_count(p->text);
		for (int i = from; i < to && i < pango_layout_get_line_count(p->text); i++)
			line_show(p, p->text, i, x + pad, p->y + pitch * (i - from + 1) - 2);
		x += p->sheet->widths[c];
	}
	p->y += pitch * (to - from) + 2;
	rule(p, p->y - 1, 0.8);
}

static void row_draw(struct paper *p, size_t row)
{
	const double bottom = height - margin - foot_height;
	int lines = 1, from = 0;

	for (size_t c = 0; c < p->sheet->ncolumns; c++) {
		cell_lay(p, row, c);
		if (pango_layout_get_line_count(p->text) > lines)
			lines = pango_layout_get_line_count(p->text);
	}
	/* A row that fits on a page is not cut. */
	if (p->y + pitch * lines > bottom && pitch * lines < bottom - margin - 3 * pitch)
		page_begin(p);
	while (from < lines) {
		int fit = (int)((bottom - p->y) / pitch);

		if (fit < 1) {
			page_begin(p);
			continue;
		}
		slice_draw(p, row, from, from + fit < lines ? from + fit : lines);
		from += fit;
	}
}

static void pages_draw(struct paper *p, bool draws)
{
	p->draws = draws;
	p->page = 0;
	page_begin(p);
	for (size_t row = 0; row < p->sheet->nrows; row++)
		row_draw(p, row);
	p->pages = p->page;
}

static cairo_status_t pdf_write(void *ctx, const unsigned char *data, unsigned int n)
{
	return fwrite(data, 1, n, ctx) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

cairo_surface_t *print_surface(FILE *out, double wide, double high, const char *title)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(pdf_write, out, wide, high);

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
	return surface;
}

int print_close(cairo_t *cr, cairo_surface_t *surface, FILE *out, int unknown)
{
	cairo_status_t status;

	cairo_show_page(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (unknown > 0)
		fprintf(stderr, "lodge-print: %d letters have no glyph in the fonts of this machine\n", unknown);
	return status == CAIRO_STATUS_SUCCESS && fflush(out) == 0 ? 0 : print_refuse("the PDF cannot be written");
}

static int sheet_print(struct sheet *s, FILE *out)
{
	cairo_surface_t *surface = print_surface(out, width, height, s->title);
	struct paper p = { .sheet = s, .cr = cairo_create(surface) };

	p.text = print_layout(p.cr, text_sizes[0]);
	p.heads = print_layout(p.cr, head_sizes[0]);
	widths_set(&p, s);
	pages_draw(&p, false);
	pages_draw(&p, true);
	g_object_unref(p.text);
	g_object_unref(p.heads);
	return print_close(p.cr, surface, out, p.unknown);
}

/* What passes through here leaves no trace, and a runaway ends by itself. */
static void process_bound(void)
{
	const struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 }, seconds = { .rlim_cur = 60, .rlim_max = 60 };
	const struct rlimit bytes = { .rlim_cur = PDF_MAX, .rlim_max = PDF_MAX };

	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_FSIZE, &bytes);
#ifndef __SANITIZE_ADDRESS__
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

int main(int argc, char **argv)
{
	struct sheet sheet = { .title = NULL };
	bool is_form = argc == 2 && strcmp(argv[1], "form") == 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc > 1 && !is_form) {
		fputs("usage: lodge-print [form] <LINES >PDF\n", stderr);
		return 2;
	}
	if (isatty(STDOUT_FILENO))
		return print_refuse("standard output is a terminal");
	process_bound();
	if (is_form)
		_exit(print_form(stdin, stdout));
	if (!sheet_read(&sheet, stdin))
		return print_refuse("standard input is not what a paper is made of");
	int status = sheet_print(&sheet, stdout);

	arena_free(sheet.arena);
	free(sheet.cells);
	_exit(status); /* what the font libraries keep to the end goes with the process */
}
