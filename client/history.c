/*
 * history.c - who did what with a record, when, and why: lines to read.
 *
 * The log's words are shown as the descriptor labels them. Not for: the contents of fields, which
 * the log of secrets does not hold. Trap: the log of an old record is long; the server limits it.
 */
#include <stdio.h>
#include <string.h>

#include "client/named.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"

enum { HISTORY_TEXT_MAX = 64 * 1024 };

struct history {
	struct screen screen;
	const struct book *book;
	int64_t id;
	struct arena *arena;
	const struct node *rows;
	size_t at, top;
	int height;
};

static void came(struct screen *s, const struct answer *a)
{
	struct history *h = (struct history *)s;

	if (a->code != OK) {
		app_close(s);
		app_refuse(s->app, a);
		return;
	}
	h->arena = link_take(s->app->link);
	h->rows = node_get(a->result, "rows");
}

static enum context history_context(const struct screen *s)
{
	(void)s;
	return CONTEXT_LIST;
}

static void history_place(const struct screen *s, struct buf *place)
{
	const struct history *h = (const struct history *)s;

	buf_printf(place, "%s > %s", tr(h->book->title), tr("History"));
}

static void put_line(const struct history *h, const struct node *row, struct buf *text)
{
	const char *op = node_str(node_get(row, "op")), *result = node_str(node_get(row, "result"));
	const char *guard = node_str(node_get(row, "guard")), *purpose = node_str(node_get(row, "purpose"));

	value_show(text, &(const struct field){.type = FT_TIME}, node_get(row, "at"));
	buf_puts(text, "  ");
	value_show(text, NULL, node_get(row, "by"));
	buf_printf(text, "  %s", op != NULL ? named_act(h->book, op) : "");
	if (result != NULL && strcmp(result, "ok") != 0)
		buf_printf(text, "  %s", strcmp(result, "not_found") == 0 ? tr("not found") : tr(result));
	if (guard != NULL)
		buf_printf(text, " (%s)", guard);
	if (node_get(row, "fields") != NULL && node_get(row, "fields")->first != NULL) {
		buf_puts(text, "  ");
		named_fields(text, h->book, node_get(row, "fields"));
	}
	if (purpose != NULL)
		buf_printf(text, "  \"%s\"", purpose);
}

static void history_draw(struct screen *s, int row, int rows)
{
	struct history *h = (struct history *)s;
	const struct node *n = h->rows != NULL ? h->rows->first : NULL;
	struct buf text;
	int lines, cols;

	tty_size(&lines, &cols);
	h->height = rows;
	if (h->at < h->top)
		h->top = h->at;
	if (h->at >= h->top + (size_t)rows)
		h->top = h->at - (size_t)rows + 1;
	buf_init(&text, HISTORY_TEXT_MAX);
	for (size_t i = 0; n != NULL && i < h->top + (size_t)rows; i++, n = n->next) {
		enum style style = i == h->at && !tty_is_lean() ? STYLE_SELECT : STYLE_TEXT;
		int line = row + (int)(i - h->top);

		if (i < h->top)
			continue;
		buf_reset(&text);
		put_line(h, n, &text);
		tty_put(line, 0, 1, i == h->at ? ">" : "", style);
		tty_put(line, 1, cols - 1, text.data, style);
		if (i == h->at)
			tty_cursor(line, 0);
	}
	buf_done(&text);
}

static void move_to(struct history *h, size_t at)
{
	size_t n = h->rows != NULL ? h->rows->count : 0;

	if (n > 0)
		h->at = at < n ? at : n - 1;
}

static void history_act(struct screen *s, const struct binding *b)
{
	struct history *h = (struct history *)s;
	size_t page = (size_t)(h->height > 1 ? h->height - 1 : 1);

	if (b->action == ACTION_UP)
		move_to(h, h->at > 0 ? h->at - 1 : 0);
	else if (b->action == ACTION_DOWN)
		move_to(h, h->at + 1);
	else if (b->action == ACTION_PAGE_UP)
		move_to(h, h->at > page ? h->at - page : 0);
	else if (b->action == ACTION_PAGE_DOWN)
		move_to(h, h->at + page);
	else if (b->action == ACTION_FIRST)
		move_to(h, 0);
	else if (b->action == ACTION_LAST)
		move_to(h, SIZE_MAX);
	else if (b->action == ACTION_BACK)
		app_close(s);
}

static bool history_allow(const struct screen *s, const struct binding *b)
{
	(void)s;
	return b->action != ACTION_OPEN && b->action != ACTION_FILTER && b->action != ACTION_REFRESH;
}

static void history_closed(struct screen *s)
{
	arena_free(((struct history *)s)->arena);
}

static const struct screen_kind history_kind = {
	.context = history_context, .place = history_place, .draw = history_draw,
	.act = history_act, .allow = history_allow, .closed = history_closed,
};

void history_open(struct app *app, const struct book *book, int64_t id)
{
	struct history *h = screen_new(app, &history_kind, sizeof *h);
	char method[96], params[64];

	h->book = book;
	h->id = id;
	app_push(&h->screen);
	snprintf(method, sizeof method, "%s.history", book->name);
	snprintf(params, sizeof params, "{\"id\":%lld}", (long long)id);
	app_ask(&h->screen, ASK_READ, method, params, came);
}
