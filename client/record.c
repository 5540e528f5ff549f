/*
 * record.c - one record of any book with its parts: reading, acting, asking for what is locked.
 *
 * Knows descriptors only. Nothing of another record is ever shown under this one's name: what lies
 * below stays on the screen until this record has come. Not for: layout (sheet.c). Trap: opened
 * values live in an arena of their own, which is wiped when their seconds are over, when the screen
 * is left and when it is locked; the terminal's buffers are wiped with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/consoles/console.h"
#include "client/screens.h"
#include "client/sheet.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { MENU_MAX = 9 };

struct record {
	struct screen screen;
	const struct book *book;
	int64_t id;
	struct arena *arena;
	const struct node *values;    /* NULL until the answer came */
	struct sheet sheet;
	size_t at;
	int top, height;
	bool is_stale, is_asked;
	struct arena *opened_arena;
	const struct node *opened;
	int64_t opened_until;
};

static bool may_act(const struct record *r, const struct op *op)
{
	return r->values != NULL && entry_may(r->screen.app, r->book, op, r->values);
}

/* ---- what was opened ---- */

static void close_opened(struct record *r)
{
	if (r->opened_arena == NULL)
		return;
	arena_free(r->opened_arena);
	r->opened_arena = NULL;
	r->opened = NULL;
	tty_wipe();
}

static void opened(struct screen *s, const struct node *row, struct arena *arena)
{
	struct record *r = (struct record *)s;

	close_opened(r);
	r->opened = row;
	r->opened_arena = arena;
	r->opened_until = link_now() + s->app->options->reveal_seconds * 1000;
	app_say(s->app, STYLE_LATE, tr("Shown for %d s more, then locked again."),
	        (int)s->app->options->reveal_seconds);
}

static int64_t record_deadline(const struct screen *s)
{
	const struct record *r = (const struct record *)s;
	int64_t left = r->opened_until - link_now();

	if (r->opened == NULL)
		return -1;
	/* Once a second, for the countdown. */
	return left <= 0 ? link_now() : r->opened_until - (left - 1) / 1000 * 1000;
}

static void record_due(struct screen *s)
{
	struct record *r = (struct record *)s;
	int64_t left = (r->opened_until - link_now() + 999) / 1000;

	if (r->opened == NULL)
		return;
	if (left > 0 && s->app->top == s) {
		app_say(s->app, STYLE_LATE, tr("Shown for %d s more, then locked again."), (int)left);
		return;
	}
	close_opened(r);
	status_clear(&s->app->status);
}

static void ask_to_open(struct record *r, bool only_selected)
{
	const struct line *l = r->at < r->sheet.n ? &r->sheet.lines[r->at] : NULL;
	const char *fields[64];
	size_t n = 0;

	for (size_t i = 0; i < r->book->nfields && n < NITEMS(fields); i++) {
		const struct field *f = &r->book->fields[i];

		if (row_masks(r->values, f->name) && (!only_selected || (l != NULL && l->field == f)))
			fields[n++] = f->name;
	}
	if (n == 0)
		app_say(r->screen.app, STYLE_TEXT, "%s", tr("Nothing is locked here."));
	else
		reveal_open(&r->screen, r->book, r->id, fields, n, opened);
}

/* ---- asking ---- */

static void take_record(struct record *r, const struct answer *a)
{
	const struct line *l = r->at < r->sheet.n ? &r->sheet.lines[r->at] : NULL;
	const struct field *field = l != NULL ? l->field : NULL;
	const struct part *part = l != NULL ? l->part : NULL;
	int64_t row = l != NULL && l->kind == LINE_ROW ? row_number(l->values, "id") : 0;
	struct arena *old = r->arena;
	int lines, cols;

	tty_size(&lines, &cols);
	r->arena = link_take(r->screen.app->link);
	r->values = a->result;
	r->id = row_number(a->result, "id");
	sheet_lay_out(&r->sheet, r->book, r->values, r->opened, cols);
	/* The selection stays with its field or record, whatever came before or after it; two parts may have rows of one id. */
	for (size_t i = 0; l != NULL && i < r->sheet.n; i++)
		if ((field != NULL && r->sheet.lines[i].field == field) ||
		    (row != 0 && r->sheet.lines[i].kind == LINE_ROW && r->sheet.lines[i].part == part &&
		     row_number(r->sheet.lines[i].values, "id") == row)) {
			r->at = i;
			break;
		}
	/* What is gone leaves it to the line that came after, the last one to the line before. */
	if (r->at >= r->sheet.n)
		r->at = sheet_step(&r->sheet, r->sheet.n > 0 ? r->sheet.n - 1 : 0, -1);
	else
		r->at = sheet_step(&r->sheet, r->at, 1);
	arena_free(old);
}

static void came(struct screen *s, const struct answer *a)
{
	struct record *r = (struct record *)s;

	if (a->code == OK) {
		take_record(r, a);
		return;
	}
	if (r->values == NULL)
		app_close(s);
	app_refuse(s->app, a);
}

static void came_quietly(void *ctx, const struct answer *a)
{
	struct record *r = ctx;

	r->is_asked = false;
	if (a->code == OK && r->opened == NULL)
		take_record(r, a);
}

static void get_method(const struct record *r, char *method, size_t nmethod, char *params,
                       size_t nparams)
{
	snprintf(method, nmethod, "%s.get", r->book->name);
	snprintf(params, nparams, "{\"id\":%lld}", (long long)r->id);
}

static void fetch(struct record *r)
{
	char method[96], params[64];

	r->is_stale = false;
	get_method(r, method, sizeof method, params, sizeof params);
	app_ask(&r->screen, ASK_READ, method, params, came);
}

static void record_changed(struct screen *s, const struct book *book, int64_t id, int64_t version)
{
	struct record *r = (struct record *)s;
	bool concerns = book == r->book && id == r->id && version != row_number(r->values, "version");
	char method[96], params[64];

	for (size_t i = 0; i < r->book->nparts && !concerns; i++)
		concerns = strcmp(r->book->parts[i].book, book->name) == 0 && book != r->book;
	if (!concerns || r->is_asked || r->values == NULL)
		return;
	r->is_asked = true;
	get_method(r, method, sizeof method, params, sizeof params);
	link_ask(s->app->link, method, params, 0, came_quietly, r);
}

static void record_watches(const struct screen *s, struct book_set *all)
{
	const struct record *r = (const struct record *)s;

	book_set_add(all, r->book);
	for (size_t i = 0; i < r->book->nparts; i++)
		book_set_add(all, book_find(r->book->parts[i].book));
}

static void record_wrote(struct screen *s)
{
	((struct record *)s)->is_stale = true;
}

static void record_shown(struct screen *s)
{
	struct record *r = (struct record *)s;

	if (r->is_stale)
		fetch(r);
}

static bool is_on_lock(const struct record *r)
{
	return r->values != NULL && r->at < r->sheet.n && sheet_is_locked(&r->sheet.lines[r->at]);
}

/* ---- the screen ---- */

static enum context record_context(const struct screen *s)
{
	const struct record *r = (const struct record *)s;

	if (r->values == NULL && s->below != NULL)
		return s->below->kind->context(s->below);
	return CONTEXT_RECORD;
}

static void record_place(const struct screen *s, struct buf *place)
{
	const struct record *r = (const struct record *)s;

	if (r->values == NULL) {
		if (s->below != NULL && s->below->kind->place != NULL)
			s->below->kind->place(s->below, place);
		return;
	}
	buf_printf(place, "%s > ", tr(r->book->title));
	row_title(place, r->book, r->values);
}

/* Operations that no letter of the key table reaches get digits, in the order of the book. */
static size_t menu(const struct record *r, const struct op **out)
{
	const struct binding *bound[128];
	size_t nbound = keys_list(CONTEXT_RECORD, NULL, NULL, bound, NITEMS(bound)), n = 0;

	for (size_t i = 0; i < r->book->nops && n < MENU_MAX; i++) {
		const struct op *op = &r->book->ops[i];
		bool has_letter = false;

		for (size_t k = 0; k < nbound && !has_letter; k++)
			has_letter = bound[k]->book != NULL && strcmp(bound[k]->book, r->book->name) == 0 &&
			             strcmp(bound[k]->op, op->name) == 0;
		if (!has_letter && may_act(r, op))
			out[n++] = op;
	}
	return n;
}

static void draw_menu(const struct record *r, int row, int cols)
{
	const struct op *ops[MENU_MAX];
	size_t n = menu(r, ops);
	int col = 1;

	for (size_t i = 0; i < n && col < cols - 4; i++) {
		char digit[24];

		snprintf(digit, sizeof digit, "%zu", i + 1);
		col = tty_say(row, col, cols - col, digit, STYLE_KEY);
		col = tty_say(row, col + 1, cols - col - 1, tr(ops[i]->label), STYLE_TEXT) + 2;
	}
}

static void draw_state(const struct record *r, int row, int cols)
{
	bool late;
	const char *state = row_state(r->book, r->values, &late);
	struct buf text;

	buf_init(&text, 1024);
	row_title(&text, r->book, r->values);
	buf_printf(&text, "  %s%s", state, late ? " !" : "");
	tty_put(row, 1, cols - 2, text.data, late ? STYLE_LATE : STYLE_KEY);
	buf_done(&text);
}

/* Scrolls so far that the selected line is seen, as much of it as there is room for. */
static void scroll(struct record *r)
{
	const struct line *l = r->at < r->sheet.n ? &r->sheet.lines[r->at] : NULL;
	int first = l != NULL ? l->row : 0, last = l != NULL ? first + l->height - r->height : 0;

	if (last > first) { /* it is higher than the screen: Up and Down go through it */
		r->top = r->top < first ? first : r->top > last ? last : r->top;
		return;
	}
	if (first < r->top)
		r->top = first == 1 ? 0 : first;
	if (last > r->top)
		r->top = last;
}

/* True when there is more of the selected line that way: it is scrolled to instead of left. */
static bool goes_through(struct record *r, int direction)
{
	const struct line *l = r->at < r->sheet.n ? &r->sheet.lines[r->at] : NULL;
	int step = r->height > 1 ? r->height - 1 : 1, top = r->top;

	if (l == NULL || r->height <= 0 || l->height <= r->height) /* typed ahead of the first picture */
		return false;
	r->top += direction * step;
	scroll(r);
	return r->top != top;
}

static void record_draw(struct screen *s, int row, int rows)
{
	struct record *r = (struct record *)s;
	int lines, cols, at;

	if (r->values == NULL) {
		app_draw_below(s, row, rows);
		return;
	}
	tty_size(&lines, &cols);
	/* Texts and widths may be those of another language or screen: lay out anew, it is cheap. */
	sheet_lay_out(&r->sheet, r->book, r->values, r->opened, cols);
	r->height = rows - 3;
	scroll(r);
	draw_state(r, row, cols);
	for (size_t i = 0; i < r->sheet.n; i++)
		sheet_draw_line(&r->sheet, &r->sheet.lines[i], row + 1 + r->sheet.lines[i].row - r->top, row + 1,
		                row + 1 + r->height, i == r->at);
	draw_menu(r, row + rows - 1, cols);
	at = r->at < r->sheet.n ? r->sheet.lines[r->at].row : 0;
	if (r->at < r->sheet.n)
		tty_cursor(row + 1 + (at > r->top ? at - r->top : 0), r->sheet.lines[r->at].col - 1);
}

static void move_to(struct record *r, size_t at, int direction)
{
	if (r->sheet.n > 0)
		r->at = sheet_step(&r->sheet, at < r->sheet.n ? at : r->sheet.n - 1, direction);
}

static void step_back(struct record *r)
{
	if (!goes_through(r, -1))
		move_to(r, r->at > 0 ? r->at - 1 : 0, -1);
}

static void step_on(struct record *r)
{
	if (!goes_through(r, 1))
		move_to(r, r->at + 1, 1);
}

static void page(struct record *r, int direction)
{
	size_t step = (size_t)(r->height > 1 ? r->height - 1 : 1);

	if (goes_through(r, direction))
		return;
	if (direction > 0)
		move_to(r, r->at + step, -1);
	else
		move_to(r, r->at > step ? r->at - step : 0, 1);
}

static void open_selected(struct record *r)
{
	const struct line *l = r->at < r->sheet.n ? &r->sheet.lines[r->at] : NULL;
	const struct book *book = NULL;
	int64_t id = 0;

	if (l == NULL)
		return;
	if (sheet_is_locked(l)) {
		ask_to_open(r, true);
		return;
	}
	if (l->kind == LINE_FIELD && (l->field->flags & F_REPORT) != 0) {
		report_kept(r->screen.app, r->id, node_str(node_get(l->values, l->field->name)));
		return;
	}
	if (l->kind == LINE_ROW) {
		book = book_find(l->part->book);
		id = row_number(l->values, "id");
	} else if (l->kind == LINE_FIELD && l->field->ref != NULL) {
		book = book_find(l->field->ref);
		id = row_number(node_get(l->values, l->field->name), "id");
	}
	if (book != NULL && id != 0)
		record_open(r->screen.app, book, id);
}

static bool record_handle(struct screen *s, const struct key *key)
{
	struct record *r = (struct record *)s;
	const struct op *ops[MENU_MAX];
	size_t n;

	if (r->values == NULL || key->kind != K_TEXT || key->burst)
		return false;
	if (key->cp == '#') {
		ask_to_open(r, is_on_lock(r));
		return true;
	}
	n = menu(r, ops);
	if (key->cp < '1' || key->cp >= '1' + n)
		return false;
	entry_open(s->app, r->book, ops[key->cp - '1'], r->values);
	return true;
}

static void record_act(struct screen *s, const struct binding *b)
{
	struct record *r = (struct record *)s;

	if (b->action == ACTION_UP)
		step_back(r);
	else if (b->action == ACTION_DOWN)
		step_on(r);
	else if (b->action == ACTION_PAGE_UP)
		page(r, -1);
	else if (b->action == ACTION_PAGE_DOWN)
		page(r, 1);
	else if (b->action == ACTION_FIRST)
		move_to(r, 0, 1);
	else if (b->action == ACTION_LAST)
		move_to(r, r->sheet.n, -1);
	else if (b->action == ACTION_OPEN)
		open_selected(r);
	else if (b->action == ACTION_REVEAL)
		ask_to_open(r, is_on_lock(r));
	else if (b->action == ACTION_HISTORY)
		history_open(s->app, r->book, r->id);
	else if (b->action == ACTION_WHY && is_on_lock(r))
		why_field(s, r->book, r->id, r->sheet.lines[r->at].field);
	else if (b->action == ACTION_REFRESH)
		fetch(r);
	else if (b->action == ACTION_SEARCH)
		console_current()->search(s->app);
	else if (b->action == ACTION_BACK)
		app_close(s);
}

/* On a lock, help begins with why. */
static bool record_help(struct screen *s)
{
	struct record *r = (struct record *)s;

	if (!is_on_lock(r))
		return false;
	why_field(s, r->book, r->id, r->sheet.lines[r->at].field);
	return true;
}

/* The level of the locked field in focus, and the way to it. */
static void record_hint(const struct screen *s, struct buf *text)
{
	const struct record *r = (const struct record *)s;

	if (!is_on_lock(r) || r->opened != NULL)
		return;
	buf_printf(text, tr("Level: %s. Enter asks to see it; ? tells who may."),
	           tr(level_word(r->sheet.lines[r->at].field->level)));
}

static bool has_locks(const struct record *r)
{
	const struct node *masked = node_get(r->values, "masked");

	return masked != NULL && masked->first != NULL;
}

static bool record_allow(const struct screen *s, const struct binding *b)
{
	const struct record *r = (const struct record *)s;

	if (b->action == ACTION_HISTORY)
		return (r->book->historians & BIT(s->app->who.role)) != 0;
	if (b->action == ACTION_REVEAL)
		return has_locks(r);
	if (b->action == ACTION_WHY)
		return is_on_lock(r);
	return true;
}

static const struct node *record_row(const struct screen *s, const struct book **book)
{
	const struct record *r = (const struct record *)s;

	*book = r->book;
	return r->values;
}

static const struct node *record_part(const struct screen *s, const struct book **book)
{
	const struct record *r = (const struct record *)s;
	const struct line *l = r->at < r->sheet.n ? &r->sheet.lines[r->at] : NULL;

	if (l == NULL || l->kind != LINE_ROW)
		return NULL;
	*book = book_find(l->part->book);
	return l->values;
}

static void record_closed(struct screen *s)
{
	struct record *r = (struct record *)s;

	close_opened(r);
	arena_free(r->arena);
	r->arena = NULL;
}

static const struct screen_kind record_kind = {
	.context = record_context, .place = record_place, .draw = record_draw,
	.handle = record_handle, .act = record_act, .hint = record_hint, .help = record_help, .allow = record_allow, .row = record_row, .part = record_part,
	.wrote = record_wrote, .changed = record_changed, .watches = record_watches,
	.shown = record_shown, .deadline = record_deadline, .due = record_due, .closed = record_closed,
};

void record_open(struct app *app, const struct book *book, int64_t id)
{
	struct record *r = screen_new(app, &record_kind, sizeof *r);

	r->book = book;
	r->id = id;
	app_push(&r->screen);
	fetch(r);
}
