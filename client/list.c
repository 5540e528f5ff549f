/*
 * list.c - rows of any book: paging, filter, selection by record.
 *
 * Knows descriptors only. The selection is a record id, never a row number, so that no refresh can
 * put another record under somebody's Enter; and nothing that happens elsewhere moves the rows:
 * the message line says "3 new" until F5. Not for: what a record looks like (record.c).
 * Trap: rows live in the arenas of their answers, page by page; a refresh frees them all at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/columns.h"
#include "client/edit.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LIST_ROWS_MAX = 2000, LIST_PAGES_MAX = 64, LIST_NEWS_MAX = 64, LIST_TEXT_MAX = 4096, LIST_ROW_MAX = 256 * 1024,
	LIST_ANSWER_MOST = 200 /* rows in one answer of the server */ };

struct list {
	struct screen screen;
	const struct book *book;
	char title[160], where[2048], sort[64];
	struct arena *pages[LIST_PAGES_MAX];
	size_t npages;
	const struct node *rows[LIST_ROWS_MAX];
	size_t nrows;
	char *folded[LIST_ROWS_MAX]; /* cells of the rows as they are looked through; NULL = not yet */
	const char *folded_lang;     /* in which language */
	size_t shown[LIST_ROWS_MAX]; /* indices into rows that pass the filter */
	size_t nshown;
	char *next;                  /* cursor of the next page; NULL at the end */
	int64_t selected;            /* record id; 0 = none */
	size_t at, top;              /* where the selection was last drawn; first row drawn */
	int height;                  /* rows of the last picture */
	struct edit filter;
	bool has_filter, is_typing, is_loading, is_stale;
	bool is_full;                /* there are more rows than a list holds */
	int64_t news[LIST_NEWS_MAX];
	size_t nnews;
	struct columns columns;
	size_t nmeasured;            /* rows that the columns were measured by */
	const char *measured_lang;   /* in which language; NULL = not yet */
};

/* ---- rows ---- */

/* Folding a row costs more than looking through it: each is folded once, not at every key. */
static const char *folded_row(struct list *l, size_t at)
{
	struct buf cells, folded;

	if (l->folded[at] != NULL)
		return l->folded[at];
	buf_init(&cells, LIST_ROW_MAX);
	buf_init(&folded, LIST_ROW_MAX);
	for (size_t i = 0; i < l->columns.n; i++) {
		columns_cell(&cells, &l->columns, i, l->rows[at]);
		buf_puts(&cells, "\n"); /* nothing is found across two cells */
	}
	text_fold(&folded, cells.data);
	l->folded[at] = strdup(folded.data);
	buf_done(&cells);
	buf_done(&folded);
	return l->folded[at] != NULL ? l->folded[at] : "";
}

static void forget_folded(struct list *l)
{
	for (size_t i = 0; i < LIST_ROWS_MAX; i++) {
		if (l->folded[i] != NULL)
			explicit_bzero(l->folded[i], strlen(l->folded[i]));
		free(l->folded[i]);
		l->folded[i] = NULL;
	}
}

/* Where the selected record is among those shown; the nearest place when it is not. */
static void find_selected(struct list *l)
{
	for (size_t i = 0; i < l->nshown; i++)
		if (row_number(l->rows[l->shown[i]], "id") == l->selected) {
			l->at = i;
			return;
		}
	if (l->at >= l->nshown)
		l->at = l->nshown > 0 ? l->nshown - 1 : 0;
	if (l->nshown > 0)
		l->selected = row_number(l->rows[l->shown[l->at]], "id");
}

static void choose_shown(struct list *l)
{
	struct buf wanted;

	/* Labels are those of the language in which they were folded. */
	if (l->folded_lang != i18n_lang())
		forget_folded(l);
	l->folded_lang = i18n_lang();
	buf_init(&wanted, LIST_TEXT_MAX);
	text_fold(&wanted, l->filter.text);
	l->nshown = 0;
	for (size_t i = 0; i < l->nrows; i++)
		if (wanted.len == 0 || strstr(folded_row(l, i), wanted.data) != NULL)
			l->shown[l->nshown++] = i;
	buf_done(&wanted);
	find_selected(l);
}

static void drop_rows(struct list *l)
{
	forget_folded(l);
	for (size_t i = 0; i < l->npages; i++)
		arena_free(l->pages[i]);
	l->npages = l->nrows = l->nshown = 0;
	l->measured_lang = NULL;
	free(l->next);
	l->next = NULL;
}

/* Takes over an answer of BOOK.list. */
static void add_page(struct list *l, const struct node *result, struct arena *arena)
{
	const struct node *rows = node_get(result, "rows");
	const char *next = node_str(node_get(result, "next"));

	if (l->npages == LIST_PAGES_MAX || rows == NULL) {
		arena_free(arena);
		return;
	}
	l->pages[l->npages++] = arena;
	for (const struct node *r = rows->first; r != NULL && l->nrows < LIST_ROWS_MAX; r = r->next)
		l->rows[l->nrows++] = r;
	free(l->next);
	l->is_full = next != NULL && l->nrows == LIST_ROWS_MAX;
	l->next = next != NULL && !l->is_full ? strdup(next) : NULL;
	choose_shown(l);
}

/* ---- asking ---- */

static void put_params(struct list *l, struct buf *params, const char *after, int64_t limit)
{
	buf_printf(params, "{\"where\":%s,\"limit\":%d", l->where, (int)limit);
	if (l->sort[0] != '\0') {
		buf_puts(params, ",\"sort\":[");
		buf_json_str(params, l->sort);
		buf_puts(params, "]");
	}
	if (after != NULL) {
		buf_puts(params, ",\"after\":");
		buf_json_str(params, after);
	}
	buf_puts(params, "}");
}

static void fetch_more(struct list *l);

static void more_came(void *ctx, const struct answer *a)
{
	struct list *l = ctx;

	l->is_loading = false;
	if (a->code == OK)
		add_page(l, a->result, link_take(l->screen.app->link));
	if (l->has_filter)
		fetch_more(l);
}

/* The next page, when the selection comes near the end of what is here. */
static void fetch_more(struct list *l)
{
	struct buf params;
	char method[96];

	if (l->next == NULL || l->is_loading || l->at + (size_t)l->height + 5 < l->nshown)
		return;
	l->is_loading = true;
	snprintf(method, sizeof method, "%s.list", l->book->name);
	buf_init(&params, LIST_TEXT_MAX);
	put_params(l, &params, l->next, l->has_filter ? LIST_ANSWER_MOST : l->screen.app->options->page_rows);
	link_ask(l->screen.app->link, method, params.data, 0, more_came, l);
	buf_done(&params);
}

static void refreshed(struct screen *s, const struct answer *a)
{
	struct list *l = (struct list *)s;
	int64_t wanted = l->selected;

	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	drop_rows(l);
	l->nnews = 0;
	add_page(l, a->result, link_take(s->app->link));
	if (wanted != 0 && l->selected != wanted)
		app_say(s->app, STYLE_TEXT, "%s", tr("The selected record is no longer in this list."));
}

/* Reads anew as many rows as are here, at most the server's page. */
static void refresh(struct list *l)
{
	int64_t least = l->screen.app->options->page_rows, limit = (int64_t)l->nrows;
	struct buf params;
	char method[96];

	l->is_stale = l->is_loading = false;
	link_forget_ctx(l->screen.app->link, l);
	if (limit < least)
		limit = least;
	snprintf(method, sizeof method, "%s.list", l->book->name);
	buf_init(&params, LIST_TEXT_MAX);
	put_params(l, &params, NULL, limit > LIST_ANSWER_MOST ? LIST_ANSWER_MOST : limit);
	app_ask(&l->screen, ASK_READ, method, params.data, refreshed);
	buf_done(&params);
}

/* ---- the screen ---- */

static const struct node *selected_row(const struct list *l)
{
	return l->nshown > 0 ? l->rows[l->shown[l->at]] : NULL;
}

static enum context list_context(const struct screen *s)
{
	return ((const struct list *)s)->is_typing ? CONTEXT_BOX : CONTEXT_LIST;
}

static void list_place(const struct screen *s, struct buf *place)
{
	const struct list *l = (const struct list *)s;

	buf_puts(place, tr(l->title));
}

/* The first page decides how wide columns are, however many rows are here: scrolling, refreshing and the order of answers
 * change nothing. Labels are those of the language in which they were measured. */
static void measure(struct list *l)
{
	size_t first = (size_t)l->screen.app->options->page_rows;

	if (l->measured_lang != i18n_lang()) {
		columns_init(&l->columns, l->book, NULL, NULL);
		l->nmeasured = 0;
	}
	l->measured_lang = i18n_lang();
	for (; l->nmeasured < l->nrows; l->nmeasured++)
		columns_measure(&l->columns, l->rows[l->nmeasured], l->nmeasured >= first);
}

static void draw_head(struct list *l, int row, int cols)
{
	const char *more = l->next != NULL || l->is_full ? "+" : "";
	char count[96];
	int width;

	if (l->has_filter)
		snprintf(count, sizeof count, "%zu / %zu%s", l->nshown, l->nrows, more);
	else
		snprintf(count, sizeof count, "%zu%s", l->nrows, more);
	width = text_width(count);
	tty_say(row, cols - width - 1, width, count, STYLE_TEXT);
	if (l->has_filter) {
		tty_put(row, 0, 1, "/", STYLE_KEY);
		edit_draw(&l->filter, row, 1, cols - width - 4, 1, l->is_typing);
	}
	if (l->nnews > 0 && !l->has_filter) {
		snprintf(count, sizeof count, tr("%d new  F5"), (int)l->nnews);
		tty_say(row, 1, cols / 2, count, STYLE_LATE);
	}
}

static void draw_rows(struct list *l, int row, int rows)
{
	for (int i = 0; i < rows && l->top + (size_t)i < l->nshown; i++) {
		const struct node *values = l->rows[l->shown[l->top + (size_t)i]];
		bool selected = l->top + (size_t)i == l->at;

		tty_put(row + i, 0, 1, selected ? ">" : "", selected && !tty_is_lean() ? STYLE_SELECT : STYLE_TEXT);
		columns_draw_row(&l->columns, row + i, 1, values, selected);
		if (selected && !l->is_typing)
			tty_cursor(row + i, 0);
	}
}

/* Why there are no rows. */
static const char *empty_sentence(const struct list *l)
{
	if (!l->has_filter)
		return tr("Nothing here.");
	if (l->next != NULL)
		return tr("Looking through more rows ...");
	if (l->is_full)
		return tr("Nothing matches here, but there are more rows: / at home searches all.");
	return tr("Nothing matches.");
}

static void list_draw(struct screen *s, int row, int rows)
{
	struct list *l = (struct list *)s;
	size_t space = (size_t)(rows > 4 ? rows - 3 : 1);
	int lines, cols;

	tty_size(&lines, &cols);
	l->height = (int)space;
	if (l->at < l->top)
		l->top = l->at;
	if (l->at >= l->top + space)
		l->top = l->at - space + 1;
	measure(l);
	columns_fit(&l->columns, cols - 2);
	draw_head(l, row, cols);
	columns_draw_head(&l->columns, row + 1, 1);
	draw_rows(l, row + 2, (int)space);
	if (l->nshown == 0)
		tty_say(row + 2, 1, cols - 2, empty_sentence(l), STYLE_TEXT);
	if (l->nshown == 0 && !l->is_typing)
		tty_cursor(row + 2, 0);
}

static void move_to(struct list *l, size_t at)
{
	if (l->nshown == 0)
		return;
	l->at = at < l->nshown ? at : l->nshown - 1;
	l->selected = row_number(l->rows[l->shown[l->at]], "id");
	fetch_more(l);
}

static void open_selected(struct list *l)
{
	const struct node *row = selected_row(l);

	if (row != NULL)
		record_open(l->screen.app, l->book, row_number(row, "id"));
}

static bool list_handle(struct screen *s, const struct key *key)
{
	struct list *l = (struct list *)s;
	unsigned did;

	if (!l->is_typing)
		return false;
	if (key->kind == K_ENTER || key->kind == K_DOWN || key->kind == K_UP) {
		l->is_typing = false;
		l->has_filter = l->filter.len > 0;
		return key->kind == K_ENTER;
	}
	if (key->kind == K_ESC) {
		edit_set(&l->filter, "");
		l->is_typing = l->has_filter = false;
		choose_shown(l);
		return true;
	}
	did = edit_handle(&l->filter, key);
	if ((did & EDIT_ASK) != 0)
		edit_take_paste(&l->filter, false);
	if ((did & EDIT_CHANGED) != 0) {
		choose_shown(l);
		fetch_more(l);
	}
	return did != EDIT_IGNORED;
}

/* Esc takes the filter away first, then the screen. */
static void step_back(struct list *l)
{
	if (!l->has_filter) {
		app_close(&l->screen);
		return;
	}
	l->has_filter = false;
	edit_set(&l->filter, "");
	choose_shown(l);
}

static void list_act(struct screen *s, const struct binding *b)
{
	struct list *l = (struct list *)s;
	size_t page = (size_t)(l->height > 1 ? l->height - 1 : 1);

	if (b->action == ACTION_UP)
		move_to(l, l->at > 0 ? l->at - 1 : 0);
	else if (b->action == ACTION_DOWN)
		move_to(l, l->at + 1);
	else if (b->action == ACTION_PAGE_UP)
		move_to(l, l->at > page ? l->at - page : 0);
	else if (b->action == ACTION_PAGE_DOWN)
		move_to(l, l->at + page);
	else if (b->action == ACTION_FIRST)
		move_to(l, 0);
	else if (b->action == ACTION_LAST)
		move_to(l, l->nshown);
	else if (b->action == ACTION_OPEN)
		open_selected(l);
	else if (b->action == ACTION_FILTER)
		l->is_typing = l->has_filter = true;
	else if (b->action == ACTION_REFRESH)
		refresh(l);
	else if (b->action == ACTION_BACK)
		step_back(l);
}

static const struct node *list_row(const struct screen *s, const struct book **book)
{
	const struct list *l = (const struct list *)s;

	*book = l->book;
	return selected_row(l);
}

static void list_wrote(struct screen *s)
{
	((struct list *)s)->is_stale = true;
}

static void list_shown(struct screen *s)
{
	struct list *l = (struct list *)s;

	if (l->is_stale)
		refresh(l);
}

static void list_changed(struct screen *s, const struct book *book, int64_t id, int64_t version)
{
	struct list *l = (struct list *)s;

	if (book != l->book || l->nnews == LIST_NEWS_MAX)
		return;
	for (size_t i = 0; i < l->nrows; i++)
		if (row_number(l->rows[i], "id") == id && version != 0 &&
		    row_number(l->rows[i], "version") >= version)
			return;
	for (size_t i = 0; i < l->nnews; i++)
		if (l->news[i] == id)
			return;
	l->news[l->nnews++] = id;
}

static void list_watches(const struct screen *s, struct book_set *all)
{
	book_set_add(all, ((const struct list *)s)->book);
}

static void list_closed(struct screen *s)
{
	struct list *l = (struct list *)s;

	drop_rows(l);
	edit_done(&l->filter);
}

static const struct screen_kind list_kind = {
	.context = list_context, .place = list_place, .draw = list_draw, .handle = list_handle,
	.act = list_act, .row = list_row, .wrote = list_wrote, .shown = list_shown, .changed = list_changed, .watches = list_watches,
	.closed = list_closed,
};

void list_push(struct app *app, const struct list_setup *setup, const struct node *result,
               struct arena *arena)
{
	struct list *l = screen_new(app, &list_kind, sizeof *l);

	l->book = setup->book;
	snprintf(l->title, sizeof l->title, "%s", setup->title);
	snprintf(l->where, sizeof l->where, "%s", setup->where != NULL ? setup->where : "{}");
	snprintf(l->sort, sizeof l->sort, "%s", setup->sort != NULL ? setup->sort : "");
	edit_init(&l->filter, 80, false);
	columns_init(&l->columns, l->book, NULL, NULL);
	app_push(&l->screen);
	if (arena != NULL)
		add_page(l, result, arena);
	else
		refresh(l);
}
