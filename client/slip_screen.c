/*
 * slip_screen.c - printing what is selected: which slip, its questions, then the printer or the screen.
 *
 * Without a printer in lodge.conf the slip is shown as it would be printed. Not for: layout (slip.c).
 * Trap: what was printed last is remembered for its person only; a colleague must not print it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/printer.h"
#include "client/screens.h"
#include "client/slip_job.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/i18n.h"

enum { SLIPS_MAX = 9, QUESTION_MAX = 16 * 1024 };

struct slip_screen {
	struct screen screen;
	const struct book *book;
	const struct slip *slip;
	struct slip_job *job; /* while it is asked for */
	const char *title;    /* of a text that came ready; NULL: the slip's */
	struct buf text;
	int top, height, lines;
};

/* ---- showing ---- */

static enum context slip_context(const struct screen *s)
{
	const struct slip_screen *p = (const struct slip_screen *)s;

	return p->job != NULL && s->below != NULL ? s->below->kind->context(s->below) : CONTEXT_LIST;
}

static const char *title_of(const struct slip_screen *p)
{
	return tr(p->title != NULL ? p->title : p->slip->title);
}

static void slip_place(const struct screen *s, struct buf *place)
{
	const struct slip_screen *p = (const struct slip_screen *)s;

	if (p->job != NULL && s->below != NULL && s->below->kind->place != NULL)
		s->below->kind->place(s->below, place);
	else
		buf_printf(place, "%s%s%s", p->book != NULL ? tr(p->book->title) : "", p->book != NULL ? " > " : "", title_of(p));
}

static void slip_draw(struct screen *s, int row, int rows)
{
	struct slip_screen *p = (struct slip_screen *)s;
	const char *at = p->text.data, *end;
	char line[SLIP_CELLS * 16];
	int lines, cols;

	if (p->job != NULL) {
		app_draw_below(s, row, rows);
		return;
	}
	tty_size(&lines, &cols);
	p->height = rows;
	for (int i = 0; i < p->top + rows && (end = strchr(at, '\n')) != NULL; i++, at = end + 1) {
		snprintf(line, sizeof line, "%.*s", (int)(end - at), at);
		if (i >= p->top)
			tty_put(row + i - p->top, 0, cols, line, STYLE_TEXT);
	}
	tty_cursor(row, 0);
}

static void scroll_to(struct slip_screen *p, int top)
{
	int most = p->lines > p->height ? p->lines - p->height : 0;

	p->top = top < 0 ? 0 : top < most ? top : most;
}

static void slip_act(struct screen *s, const struct binding *b)
{
	struct slip_screen *p = (struct slip_screen *)s;
	int page = p->height > 1 ? p->height - 1 : 1;

	if (b->action == ACTION_UP)
		scroll_to(p, p->top - 1);
	else if (b->action == ACTION_DOWN)
		scroll_to(p, p->top + 1);
	else if (b->action == ACTION_PAGE_UP)
		scroll_to(p, p->top - page);
	else if (b->action == ACTION_PAGE_DOWN)
		scroll_to(p, p->top + page);
	else if (b->action == ACTION_FIRST)
		scroll_to(p, 0);
	else if (b->action == ACTION_LAST)
		scroll_to(p, p->lines);
	else if (b->action == ACTION_BACK)
		app_close(s);
}

static bool slip_allow(const struct screen *s, const struct binding *b)
{
	(void)s;
	return b->action == ACTION_BACK || b->action == ACTION_UP || b->action == ACTION_DOWN || b->action == ACTION_PAGE_UP ||
	       b->action == ACTION_PAGE_DOWN || b->action == ACTION_FIRST || b->action == ACTION_LAST;
}

static void slip_closed(struct screen *s)
{
	struct slip_screen *p = (struct slip_screen *)s;

	slip_job_free(p->job);
	p->job = NULL;
	buf_done(&p->text);
}

static const struct screen_kind slip_kind = {
	.context = slip_context, .place = slip_place, .draw = slip_draw, .act = slip_act, .allow = slip_allow, .only_read = true, .closed = slip_closed,
};

/* ---- asking ---- */

static void print_or_show(struct slip_screen *p)
{
	struct app *app = p->screen.app;

	for (const char *c = p->text.data; *c != '\0'; c++)
		p->lines += *c == '\n';
	if (!printer_is_there(app->options))
		return;
	if (printer_send(app->options, &p->text))
		app_say(app, STYLE_TEXT, tr("%s: sent to the printer."), title_of(p));
	else
		app_say(app, STYLE_ERROR, "%s", tr("The printer did not take it."));
	app_close(&p->screen);
}

static void finish(struct slip_screen *p)
{
	struct app *app = p->screen.app;
	char by[sizeof app->who.code + sizeof app->who.name + 2];

	snprintf(by, sizeof by, "%s %s", app->who.code, app->who.name);
	slip_job_write(p->job, &p->text, by);
	slip_job_free(p->job);
	p->job = NULL;
	print_or_show(p);
}

void slip_show(struct app *app, const char *title, struct buf *text)
{
	struct slip_screen *p = screen_new(app, &slip_kind, sizeof *p);

	p->title = title;
	p->text = *text;
	app_push(&p->screen);
	print_or_show(p);
}

static void came(struct screen *s, const struct answer *a);

static void ask_next(struct slip_screen *p)
{
	struct buf method, params;

	buf_init(&method, 128);
	buf_init(&params, QUESTION_MAX);
	if (slip_job_next(p->job, &method, &params))
		app_ask(&p->screen, ASK_READ, method.data, params.data, came);
	else
		finish(p);
	buf_done(&method);
	buf_done(&params);
}

static void came(struct screen *s, const struct answer *a)
{
	struct slip_screen *p = (struct slip_screen *)s;

	if (slip_job_take(p->job, a->result)) {
		ask_next(p);
		return;
	}
	app_close(s);
	if (a->code != OK)
		app_refuse(s->app, a);
	else
		app_say(s->app, STYLE_ERROR, "%s", tr("This record has no such slip now."));
}

static void slip_open(struct app *app, const struct book *book, const struct slip *slip, int64_t id)
{
	struct slip_screen *p = screen_new(app, &slip_kind, sizeof *p);

	p->book = book;
	p->slip = slip;
	buf_init(&p->text, SLIP_TEXT_MAX);
	p->job = slip_job_new(book, slip, id, NULL, app->who.role);
	if (p->job == NULL) {
		free(p);
		return;
	}
	app_push(&p->screen);
	ask_next(p);
}

/* ---- which ---- */

/* The slips of the record in focus on this screen. */
static size_t slips_of(const struct screen *s, const struct book **book, const struct node **row, const struct slip **out)
{
	size_t n = 0;

	*book = NULL;
	*row = s->kind->row != NULL ? s->kind->row(s, book) : NULL;
	for (size_t i = 0; *row != NULL && *book != NULL && i < (*book)->nslips && n < SLIPS_MAX; i++)
		if (slip_fits(*book, &(*book)->slips[i], *row))
			out[n++] = &(*book)->slips[i];
	return n;
}

bool slip_allows(const struct app *app)
{
	const struct slip *slips[SLIPS_MAX];
	const struct book *book;
	const struct node *row;

	return slips_of(app->top, &book, &row, slips) > 0;
}

static void chosen(struct screen *from, size_t at, const char *typed)
{
	const struct slip *slips[SLIPS_MAX];
	const struct book *book;
	const struct node *row;

	(void)typed;
	if (at < slips_of(from, &book, &row, slips))
		slip_open(from->app, book, slips[at], row_number(row, "id"));
}

void slip_start(struct app *app)
{
	static const char digits[SLIPS_MAX][2] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
	struct choice_line lines[SLIPS_MAX];
	const struct slip *slips[SLIPS_MAX];
	const struct book *book;
	const struct node *row;
	size_t n = slips_of(app->top, &book, &row, slips);

	for (size_t i = 0; i < n; i++)
		lines[i] = (struct choice_line){.key = digits[i], .name = tr(slips[i]->title)};
	if (n == 1)
		chosen(app->top, 0, NULL);
	else if (n > 1)
		choose_push(app->top, tr("Print"), lines, n, chosen);
	else
		app_say(app, STYLE_ERROR, "%s", tr("Nothing of this is printed."));
}

/* ---- what was just done ---- */

/* The number on it is said before the receipt, which may be too long for the row, while that is still there. */
static void number_came(void *ctx, const struct answer *a)
{
	struct app *app = ctx;
	const struct slip *slip = app->done.slip;
	const struct field *f = slip != NULL && slip->wants != NULL ? book_field(app->done.book, slip->wants) : NULL;
	struct buf value;

	if (f == NULL || row_number(a->result, "id") != app->done.id || strcmp(app->status.message, app->done.said) != 0)
		return;
	buf_init(&value, 256);
	value_show(&value, f, node_get(a->result, f->name));
	if (value.len > 0)
		app_say(app, STYLE_TEXT, "%s %s  %s", tr(f->label), value.data, app->done.said);
	buf_done(&value);
}

static void ask_number(struct app *app)
{
	char method[96], params[64];

	snprintf(app->done.said, sizeof app->done.said, "%s", app->status.message);
	snprintf(method, sizeof method, "%s.get", app->done.book->name);
	snprintf(params, sizeof params, "{\"id\":%lld}", (long long)app->done.id);
	link_ask(app->link, method, params, 0, number_came, app);
}

void slip_remember(struct app *app, const struct book *book, const char *op, int64_t id)
{
	app->done.book = book;
	app->done.slip = NULL;
	app->done.id = id;
	for (size_t i = 0; i < book->nslips; i++)
		for (const char *const *after = book->slips[i].after; after != NULL && *after != NULL; after++)
			if (strcmp(*after, op) == 0)
				app->done.slip = &book->slips[i];
	if (app->done.slip != NULL)
		ask_number(app);
}

void slip_of_done(struct app *app)
{
	if (app->done.slip != NULL)
		slip_open(app, app->done.book, app->done.slip, app->done.id);
}
