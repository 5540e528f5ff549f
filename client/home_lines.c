/*
 * home_lines.c - see home_lines.h.
 *
 * Not for: whole tables (list.c). Trap: a record that stands in two queues is shown once, in the first.
 */
#include "client/home_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/log.h"
#include "common/text.h"

enum { QUEUES_MOST = 32, LATE_ROWS = 40, OTHER_ROWS = 12, LINES_MOST = QUEUES_MOST * LATE_ROWS, TEXT_MAX = 4096,
	TIME_CELLS = 12, LABEL_CELLS = 26 };

struct source {
	struct lines *lines;
	struct queue_name queue;
	const struct step *step;  /* NULL: of the head */
	struct arena *arena;      /* of its rows */
	const struct node *rows;
	bool has_more, is_asked, is_stale;
};

struct line {
	const struct source *source;
	const struct node *row;   /* NULL: there are more in the queue */
	bool late;
};

enum stay { STAY_FIRST, STAY_LAST, STAY_RECORD };

struct lines {
	struct app *app;
	struct source head, sources[QUEUES_MOST];
	size_t nsources, n, at, top;
	struct line line[LINES_MOST];
	const struct book *selected_book;
	int64_t selected;
	int height;
	const char *head_none;    /* what stands there without such a row */
	bool is_known;            /* some answer came */
	bool was_whole;           /* every queue has answered once */
	enum stay stay;          /* where the selection stays until then */
};

/* ---- what is shown ---- */

static bool is_listed(const struct lines *l, const struct book *book, int64_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->line[i].row != NULL && l->line[i].source->queue.book == book && row_number(l->line[i].row, "id") == id)
			return true;
	return false;
}

static void add_line(struct lines *l, const struct source *s, const struct node *row, bool late)
{
	if (l->n < LINES_MOST)
		l->line[l->n++] = (struct line){.source = s, .row = row, .late = late};
}

static void add_source(struct lines *l, const struct source *s, bool late)
{
	const struct book *book = s->queue.book;

	for (const struct node *r = s->rows != NULL ? s->rows->first : NULL; r != NULL; r = r->next) {
		bool is_late;

		row_state(book, r, &is_late);
		if ((is_late || s->queue.view->late) == late && !is_listed(l, book, row_number(r, "id")))
			add_line(l, s, r, late);
	}
	if (s->has_more && s->queue.view->late == late)
		add_line(l, s, NULL, late);
}

static void select_at(struct lines *l, size_t at)
{
	if (l->n == 0)
		return;
	l->at = at < l->n ? at : l->n - 1;
	l->selected_book = l->line[l->at].source->queue.book;
	l->selected = l->line[l->at].row != NULL ? row_number(l->line[l->at].row, "id") : 0;
}

static bool is_whole(const struct lines *l)
{
	size_t i = 0;

	while (i < l->nsources && l->sources[i].rows != NULL)
		i++;
	return i == l->nsources;
}

/* The selection stays with its record; when that is gone, with the place. Until every queue has answered it is the first
 * row's, or the last one's after End, whichever that is by then. */
static void arrange(struct lines *l)
{
	size_t i = 0;

	l->n = 0;
	for (int late = 1; late >= 0; late--)
		for (size_t k = 0; k < l->nsources; k++)
			add_source(l, &l->sources[k], late == 1);
	if (!l->was_whole && l->stay != STAY_RECORD) {
		l->was_whole = is_whole(l);
		select_at(l, l->stay == STAY_FIRST ? 0 : l->n);
		return;
	}
	while (i < l->n && (l->line[i].row == NULL || l->line[i].source->queue.book != l->selected_book ||
			row_number(l->line[i].row, "id") != l->selected))
		i++;
	select_at(l, i < l->n ? i : l->at);
}

/* ---- asking ---- */

static void ask(struct source *s);

static void came(void *ctx, const struct answer *a)
{
	struct source *s = ctx;

	s->is_asked = false;
	if (a->code == OK) {
		arena_free(s->arena);
		s->rows = node_get(a->result, "rows");
		s->has_more = node_str(node_get(a->result, "next")) != NULL;
		s->arena = link_take(s->lines->app->link);
		s->lines->is_known = true;
		arrange(s->lines);
	}
	if (s->is_stale)
		ask(s);
}

static void ask(struct source *s)
{
	const struct view *view = s->queue.view;
	struct buf params;
	char method[96];

	s->is_stale = s->is_asked; /* what changed behind a question is asked for after its answer */
	if (s->is_asked || view == NULL)
		return;
	s->is_asked = true;
	snprintf(method, sizeof method, "%s.list", s->queue.book->name);
	buf_init(&params, TEXT_MAX);
	buf_puts(&params, "{\"where\":");
	view_where(s->lines->app, view, &params);
	if (view->sort != NULL)
		buf_printf(&params, ",\"sort\":[\"%s\"]", view->sort);
	buf_printf(&params, ",\"limit\":%d}", view->late ? LATE_ROWS : OTHER_ROWS);
	link_ask(s->lines->app->link, method, params.data, 0, came, s);
	buf_done(&params);
}

void lines_load(struct lines *l)
{
	ask(&l->head);
	for (size_t i = 0; i < l->nsources; i++)
		ask(&l->sources[i]);
}

void lines_changed(struct lines *l, const struct book *book)
{
	if (l->head.queue.book == book)
		ask(&l->head);
	for (size_t i = 0; i < l->nsources; i++)
		if (l->sources[i].queue.book == book)
			ask(&l->sources[i]);
}

void lines_watches(const struct lines *l, struct book_set *all)
{
	book_set_add(all, l->head.queue.book);
	for (size_t i = 0; i < l->nsources; i++)
		book_set_add(all, l->sources[i].queue.book);
}

/* ---- drawing ---- */

static void put_labelled(struct buf *out, const struct book *book, const struct field *f, const struct node *row)
{
	buf_printf(out, "%s ", tr(f->label));
	if (f->type == FT_REF)
		value_show(out, f, node_get(row, f->name));
	else
		row_show(out, book, f, row);
}

/* The first row of the head's queue: its list columns with their labels, in two rows where one is too short. */
static void draw_head(const struct lines *l, int row, int cols)
{
	const struct book *book = l->head.queue.book;
	const struct node *r = l->head.rows != NULL ? l->head.rows->first : NULL, *v;
	int at = row, col = 1;
	struct buf item;

	buf_init(&item, TEXT_MAX);
	if (book != NULL && r == NULL && l->is_known)
		tty_say(row, 1, cols - 2, tr(l->head_none), STYLE_LATE);
	for (size_t i = 0; r != NULL && i < book->nfields; i++) {
		v = (book->fields[i].flags & F_LIST) != 0 ? node_get(r, book->fields[i].name) : NULL;
		if (v == NULL || v->type == NODE_NULL)
			continue;
		buf_reset(&item);
		put_labelled(&item, book, &book->fields[i], r);
		if (col + text_width(item.data) >= cols && at == row && col > 1) {
			at++;
			col = 1;
		}
		col = tty_say(at, col, cols - col, item.data, STYLE_KEY) + 3;
	}
	buf_done(&item);
}

/* The time by which the view is sorted, or else the first of the list. */
static const struct field *time_field(const struct source *s)
{
	const struct book *book = s->queue.book;
	const char *sort = s->queue.view->sort;
	const struct field *f = sort != NULL ? book_field(book, sort + (sort[0] == '-')) : NULL;

	for (size_t i = 0; i < book->nfields && (f == NULL || f->type != FT_TIME); i++)
		f = (book->fields[i].flags & F_LIST) != 0 ? &book->fields[i] : NULL;
	return f != NULL && f->type == FT_TIME ? f : NULL;
}

static void put_field(struct buf *out, const struct book *book, const struct field *f, const struct node *row)
{
	const struct node *v = node_get(row, f->name);

	if ((v == NULL || v->type == NODE_NULL) && f->instead != NULL)
		v = node_get(row, f->instead);
	if (v == NULL || v->type == NODE_NULL || (v->type == NODE_BOOL && !v->b))
		return;
	buf_puts(out, out->len > 0 ? "  " : "");
	if (v->type == NODE_BOOL)
		buf_puts(out, tr(f->label));
	else
		row_show(out, book, f, row);
}

/* Its state, where the queue holds several, and what else its lists show. */
static void put_text(struct buf *out, const struct line *line)
{
	const struct source *s = line->source;
	const struct book *book = s->queue.book;
	const struct field *time = time_field(s);
	bool several = s->queue.view->where != NULL && strstr(s->queue.view->where, "\"state\":[") != NULL;

	if (several)
		buf_puts(out, row_state(book, line->row, NULL));
	for (size_t i = 0; i < book->nfields; i++)
		if ((book->fields[i].flags & F_LIST) != 0 && &book->fields[i] != time)
			put_field(out, book, &book->fields[i], line->row);
}

static void draw_line(const struct line *line, int row, int cols, bool selected)
{
	enum style style = selected && !tty_is_lean() ? STYLE_SELECT : line->late ? STYLE_LATE : STYLE_TEXT;
	const struct field *time = time_field(line->source);
	struct buf when, text;

	buf_init(&when, 256);
	buf_init(&text, TEXT_MAX);
	if (line->row == NULL)
		buf_puts(&text, tr("more: Enter shows all of them"));
	else
		put_text(&text, line);
	if (line->row != NULL && time != NULL)
		row_show(&when, line->source->queue.book, time, line->row);
	tty_put(row, 0, 1, selected ? ">" : "", style);
	tty_put(row, 1, 1, line->late ? "!" : "", style);
	tty_put(row, 2, TIME_CELLS, when.len > 0 ? when.data : "", style);
	tty_put(row, 2 + TIME_CELLS, LABEL_CELLS, tr(line->source->queue.view->label), style);
	tty_put(row, 2 + TIME_CELLS + LABEL_CELLS, 1, "", style);
	tty_put(row, 3 + TIME_CELLS + LABEL_CELLS, cols - 3 - TIME_CELLS - LABEL_CELLS, text.len > 0 ? text.data : "", style);
	buf_done(&when);
	buf_done(&text);
}

void lines_draw(struct lines *l, int row, int rows)
{
	size_t space = (size_t)(rows > 4 ? rows - 3 : 1);
	int all, cols;

	tty_size(&all, &cols);
	draw_head(l, row, cols);
	l->height = (int)space;
	if (l->at < l->top)
		l->top = l->at;
	if (l->at >= l->top + space)
		l->top = l->at - space + 1;
	for (size_t i = 0; i < space && l->top + i < l->n; i++)
		draw_line(&l->line[l->top + i], row + 3 + (int)i, cols, l->top + i == l->at);
	if (l->n == 0 && l->is_known)
		tty_put(row + 3, 1, cols - 2, tr("Nothing is late and nothing is open."), STYLE_TEXT);
	tty_cursor(row + 3 + (int)(l->n > 0 ? l->at - l->top : 0), 0);
}

/* ---- keys ---- */

bool lines_move(struct lines *l, enum action action)
{
	size_t page = l->height > 1 ? (size_t)l->height - 1 : 1;

	l->stay = action == ACTION_FIRST ? STAY_FIRST : action == ACTION_LAST ? STAY_LAST : STAY_RECORD;
	if (action == ACTION_UP || action == ACTION_PREVIOUS)
		select_at(l, l->at > 0 ? l->at - 1 : 0);
	else if (action == ACTION_DOWN)
		select_at(l, l->at + 1);
	else if (action == ACTION_PAGE_UP)
		select_at(l, l->at > page ? l->at - page : 0);
	else if (action == ACTION_PAGE_DOWN)
		select_at(l, l->at + page);
	else if (action == ACTION_FIRST)
		select_at(l, 0);
	else if (action == ACTION_LAST)
		select_at(l, l->n);
	else
		return false;
	return true;
}

static const struct line *selected_line(const struct lines *l)
{
	return l->at < l->n ? &l->line[l->at] : NULL;
}

void lines_open(struct lines *l)
{
	const struct line *line = selected_line(l);

	if (line != NULL && line->row != NULL)
		record_open(l->app, line->source->queue.book, row_number(line->row, "id"));
	else if (line != NULL)
		view_push(l->app, line->source->queue.book, line->source->queue.view);
}

struct step_op lines_next(const struct lines *l)
{
	const struct line *line = selected_line(l);
	const char *const *name = line != NULL && line->row != NULL ? line->source->step->ops : NULL;

	for (; name != NULL && *name != NULL; name++) {
		const struct book *book = line->source->queue.book;
		struct step_op next = console_step(book, *name);

		if (entry_may(l->app, next.book, next.op, next.book == book ? line->row : NULL))
			return next;
	}
	return (struct step_op){.op = NULL};
}

void lines_step(struct lines *l)
{
	const struct step_op next = lines_next(l);
	const struct line *line = selected_line(l);

	if (next.op != NULL && next.book == line->source->queue.book)
		entry_open(l->app, next.book, next.op, line->row);
	else if (next.op != NULL)
		entry_open_for(l->app, next.book, next.op, line->source->queue.book, line->row);
}

/* ---- life ---- */

struct lines *lines_new(struct app *app, const struct console *c)
{
	struct lines *l = calloc(1, sizeof *l);

	if (l == NULL)
		fatal("out of memory");
	l->app = app;
	l->head_none = c->head_none;
	l->head = (struct source){.lines = l, .queue = console_queue(c->head, app->who.role)};
	for (const struct step *s = c->steps; s->queue != NULL && l->nsources < QUEUES_MOST; s++) {
		struct queue_name q = console_queue(s->queue, app->who.role);

		if (q.view != NULL)
			l->sources[l->nsources++] = (struct source){.lines = l, .queue = q, .step = s};
	}
	return l;
}

static void source_free(struct source *s)
{
	link_forget_ctx(s->lines->app->link, s);
	arena_free(s->arena);
}

void lines_free(struct lines *l)
{
	if (l == NULL)
		return;
	source_free(&l->head);
	for (size_t i = 0; i < l->nsources; i++)
		source_free(&l->sources[i]);
	free(l);
}
