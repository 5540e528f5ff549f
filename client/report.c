/*
 * report.c - a report on the screen: bars, another number to draw, and the rows behind a bar.
 *
 * Everything comes from the table of reports. Enter opens the list of the rows that a bar counts, as
 * an ordinary list with the reader's own rights; where nobody lists them it says so, and who may open
 * one. Not for: layout (bars.c) or counting. Trap: figures are of one moment, told below; nothing
 * renews them but the reader.
 */
#include <stdio.h>
#include <string.h>

#include "client/bars.h"
#include "client/opid.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"

enum { REPORT_ROWS = 200, REPORT_TEXT_MAX = 4096 };

struct report_screen {
	struct screen screen;
	const struct report *report;
	const struct report_column *sort, *wanted;
	int64_t kept;       /* 0, or the copy that is shown */
	char op_id[OPID_SIZE];
	struct arena *arena;
	const struct node *result, *rows;
	size_t at, top;
	int height;
};

static const struct node *row_at(const struct report_screen *r)
{
	const struct node *row = r->rows != NULL ? r->rows->first : NULL;

	for (size_t i = 0; row != NULL && i < r->at; i++)
		row = row->next;
	return row;
}

/* ---- asking ---- */

static void came(struct screen *s, const struct answer *a)
{
	struct report_screen *r = (struct report_screen *)s;

	if (a->code != OK) {
		if (r->rows == NULL)
			app_close(s);
		app_refuse(s->app, a);
		return;
	}
	arena_free(r->arena);
	r->arena = link_take(s->app->link);
	r->result = a->result;
	r->rows = node_get(a->result, "rows");
	if (r->sort != r->wanted)
		r->at = r->top = 0;
	r->sort = r->wanted;
	if (r->at >= r->rows->count)
		r->at = r->rows->count > 0 ? r->rows->count - 1 : 0;
}

static void ask(struct report_screen *r)
{
	char method[96], params[128];

	snprintf(method, sizeof method, "report.%s", r->kept != 0 ? "kept" : r->report->name);
	if (r->kept != 0)
		snprintf(params, sizeof params, "{\"id\":%lld}", (long long)r->kept);
	else
		snprintf(params, sizeof params, "{\"sort\":\"%s\",\"limit\":%d}", r->wanted->field.name, REPORT_ROWS);
	app_ask(&r->screen, ASK_READ, method, params, came);
}

/* The next number, or the one before; only where there are several. */
static void turn(struct report_screen *r, bool forward)
{
	const struct report_column *first = NULL, *last = NULL, *next = NULL, *previous = NULL;

	for (const struct report_column *c = r->report->columns; c < r->report->columns + r->report->ncolumns; c++) {
		if (c->kind != COLUMN_COUNT)
			continue;
		first = first == NULL ? c : first;
		last = c;
		if (c < r->sort)
			previous = c;
		if (c > r->sort && next == NULL)
			next = c;
	}
	r->wanted = forward ? (next != NULL ? next : first) : previous != NULL ? previous : last;
	if (r->wanted != r->sort)
		ask(r);
}

/* ---- keeping what is seen ---- */

static void kept(struct screen *s, const struct answer *a)
{
	struct report_screen *r = (struct report_screen *)s;

	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	opid_make(r->op_id);
	app_say(s->app, STYLE_TEXT, "%s", tr("Counted anew and kept; the kept reports have it."));
}

/* Counted anew by the server: what a client shows is no evidence. */
static void keep(struct report_screen *r, const struct binding *b)
{
	char method[96], params[256];

	snprintf(method, sizeof method, "%s.%s", b->book, b->op);
	snprintf(params, sizeof params, "{\"op_id\":\"%s\",\"report\":\"%s\",\"sort\":\"%s\"}", r->op_id, r->report->name, r->sort->field.name);
	if (r->kept == 0)
		app_ask(&r->screen, ASK_WRITE, method, params, kept);
}

/* ---- the rows behind a bar ---- */

/* The value of a column as a list's condition takes it: a reference by its id. */
static void put_value(const struct report_screen *r, const char *name, size_t len, const struct node *row, struct buf *where)
{
	for (size_t i = 0; i < r->report->ncolumns; i++) {
		const char *column = r->report->columns[i].field.name;
		const struct node *value = strlen(column) == len && strncmp(column, name, len) == 0 ? node_get(row, column) : NULL;

		if (value != NULL)
			node_write(where, value->type == NODE_OBJECT ? node_get(value, "id") : value);
	}
}

static void put_where(const struct report_screen *r, const struct node *row, struct buf *where)
{
	const char *at = r->report->where, *name;

	buf_puts(where, "{");
	for (; (name = strchr(at, '$')) != NULL; at = name) {
		size_t len = strspn(++name, "abcdefghijklmnopqrstuvwxyz_");

		buf_put(where, at, (size_t)(name - 1 - at));
		put_value(r, name, len, row, where);
		name += len;
	}
	buf_printf(where, "%s%s%s}", at, r->sort->where != NULL ? "," : "", r->sort->where != NULL ? r->sort->where : "");
}

static void put_roles(struct buf *text, const struct node *may)
{
	for (const struct node *n = may != NULL ? may->first : NULL; n != NULL; n = n->next) {
		enum role role = node_str(n) != NULL ? role_of_word(node_str(n)) : ROLE_UNSET;

		if (role != ROLE_UNSET)
			buf_printf(text, "%s%s", n != may->first ? ", " : "", tr(role_label(role)));
	}
}

static void why_came(struct screen *s, const struct answer *a)
{
	const struct report_screen *r = (const struct report_screen *)s;
	struct buf text;

	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	buf_init(&text, REPORT_TEXT_MAX);
	buf_printf(&text, "%s %s ", tr(r->report->closed), tr("Who may:"));
	put_roles(&text, node_get(a->result, "may"));
	help_push(s->app, text.data);
	buf_done(&text);
}

static void say_closed(struct report_screen *r)
{
	char params[160];

	if (r->report->locked_book == NULL) {
		help_push(r->screen.app, tr(r->report->closed));
		return;
	}
	snprintf(params, sizeof params, "{\"book\":\"%s\",\"field\":\"%s\"}", r->report->locked_book, r->report->locked_field);
	app_ask(&r->screen, ASK_READ, "why", params, why_came);
}

static void drill(struct report_screen *r)
{
	const struct book *book = r->report->book != NULL ? book_find(r->report->book) : NULL;
	struct list_setup setup = {.book = book, .title = r->report->title};
	const struct node *row = row_at(r);
	struct buf where;

	if (row == NULL)
		return;
	if (book == NULL) {
		say_closed(r);
		return;
	}
	buf_init(&where, REPORT_TEXT_MAX);
	put_where(r, row, &where);
	setup.where = where.data;
	list_push(r->screen.app, &setup, NULL, NULL);
	buf_done(&where);
}

/* ---- the screen ---- */

static enum context report_context(const struct screen *s)
{
	(void)s;
	return CONTEXT_REPORT;
}

static void report_place(const struct screen *s, struct buf *place)
{
	buf_printf(place, "%s > %s", tr("Reports"), tr(((const struct report_screen *)s)->report->title));
}

/* When it was counted, and what is not shown. */
static void draw_foot(const struct report_screen *r, int row, int cols)
{
	const struct node *more = node_get(r->result, "more");
	struct buf text;

	buf_init(&text, REPORT_TEXT_MAX);
	buf_printf(&text, "%s ", tr("Counted at"));
	value_show(&text, &(const struct field){.type = FT_TIME}, node_get(r->result, "at"));
	if (more != NULL && more->type == NODE_BOOL && more->b)
		buf_printf(&text, "; %s %zu", tr("the first"), r->rows->count);
	if (bars_hide(r->rows))
		buf_printf(&text, "; [#] %s", tr("too few to be told"));
	tty_say(row, 1, cols - 2, text.data, STYLE_TEXT);
	buf_done(&text);
}

static void draw_rows(struct report_screen *r, const struct bars *bars, int row, int cols)
{
	const struct node *n = r->rows->first;
	struct buf line;

	buf_init(&line, BARS_LINE_MAX);
	for (size_t i = 0; n != NULL && i < r->top + (size_t)r->height; i++, n = n->next) {
		int at = row + (int)(i - r->top);
		enum style style = i == r->at && !tty_is_lean() ? STYLE_SELECT : STYLE_TEXT;

		if (i < r->top)
			continue;
		buf_reset(&line);
		bars_row(bars, n, &line);
		tty_put(at, 0, 1, i == r->at ? ">" : "", style);
		tty_put(at, 1, cols - 1, line.data, style);
		if (i == r->at)
			tty_cursor(at, 0);
	}
	buf_done(&line);
}

static void report_draw(struct screen *s, int row, int rows)
{
	struct report_screen *r = (struct report_screen *)s;
	struct bars bars;
	struct buf line;
	int lines, cols;

	tty_size(&lines, &cols);
	tty_cursor(row, 0);
	if (r->rows == NULL)
		return;
	r->height = rows > 4 ? rows - 3 : 1;
	if (r->at < r->top)
		r->top = r->at;
	if (r->at >= r->top + (size_t)r->height)
		r->top = r->at - (size_t)r->height + 1;
	bars_fit(&bars, r->report, r->sort, r->rows, cols - 2);
	buf_init(&line, BARS_LINE_MAX);
	bars_head(&bars, &line);
	tty_put(row, 1, cols - 1, line.data, STYLE_KEY);
	buf_done(&line);
	draw_rows(r, &bars, row + 1, cols);
	if (r->rows->count == 0)
		tty_say(row + 1, 1, cols - 2, tr("Nothing here."), STYLE_TEXT);
	draw_foot(r, row + rows - 1, cols);
}

static void move_to(struct report_screen *r, size_t at)
{
	size_t n = r->rows != NULL ? r->rows->count : 0;

	if (n > 0)
		r->at = at < n ? at : n - 1;
}

static void report_act(struct screen *s, const struct binding *b)
{
	struct report_screen *r = (struct report_screen *)s;
	size_t page = (size_t)(r->height > 1 ? r->height - 1 : 1);

	if (b->action == ACTION_UP)
		move_to(r, r->at > 0 ? r->at - 1 : 0);
	else if (b->action == ACTION_DOWN)
		move_to(r, r->at + 1);
	else if (b->action == ACTION_PAGE_UP)
		move_to(r, r->at > page ? r->at - page : 0);
	else if (b->action == ACTION_PAGE_DOWN)
		move_to(r, r->at + page);
	else if (b->action == ACTION_FIRST)
		move_to(r, 0);
	else if (b->action == ACTION_LAST)
		move_to(r, SIZE_MAX);
	else if (b->action == ACTION_NEXT || b->action == ACTION_PREVIOUS)
		turn(r, b->action == ACTION_NEXT);
	else if (b->action == ACTION_OPEN)
		drill(r);
	else if (b->action == ACTION_KEEP)
		keep(r, b);
	else if (b->action == ACTION_REFRESH)
		ask(r);
	else if (b->action == ACTION_BACK)
		app_close(s);
}

static void report_closed(struct screen *s)
{
	arena_free(((struct report_screen *)s)->arena);
}

static const struct screen_kind report_kind = {
	.context = report_context, .place = report_place, .draw = report_draw, .act = report_act, .closed = report_closed,
};

void report_push(struct app *app, const struct report *report)
{
	struct report_screen *r = screen_new(app, &report_kind, sizeof *r);

	r->report = report;
	r->sort = r->wanted = report_count(report, NULL);
	opid_make(r->op_id);
	app_push(&r->screen);
	ask(r);
}

void report_kept(struct app *app, int64_t copy, const char *name)
{
	const struct report *report = name != NULL ? report_find(name) : NULL;
	struct report_screen *r;

	if (report == NULL) {
		app_say(app, STYLE_ERROR, "%s", tr("There is no such report any more."));
		return;
	}
	r = screen_new(app, &report_kind, sizeof *r);
	r->report = report;
	r->sort = r->wanted = report_count(report, NULL);
	r->kept = copy;
	app_push(&r->screen);
	ask(r);
}

/* ---- which one ---- */

static void report_chosen(struct screen *from, size_t at, const char *typed)
{
	size_t n = 0;

	(void)typed;
	for (size_t i = 0; i < nreports; i++)
		if ((reports[i].roles & BIT(from->app->who.role)) != 0 && n++ == at) {
			report_push(from->app, &reports[i]);
			return;
		}
}

void reports_push(struct app *app)
{
	struct choice_line lines[32];
	size_t n = 0;

	for (size_t i = 0; i < nreports && n < NITEMS(lines); i++)
		if ((reports[i].roles & BIT(app->who.role)) != 0)
			lines[n++] = (struct choice_line){.name = tr(reports[i].title), .help = tr(reports[i].help)};
	if (n > 0)
		choose_push(app->top, tr("Reports"), lines, n, report_chosen);
	else
		app_say(app, STYLE_ERROR, "%s", tr("Your role sees no reports."));
}
