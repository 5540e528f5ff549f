/*
 * home.c - the home screen: the box where everything begins, and the queues of the role.
 *
 * A digit starts the unit box, `/` the search, some letters the box for a code or number; letters are
 * verbs from the one key table. Queues are the views of the books whose roles include the
 * session's, in the console's order, late ones first; a console with steps shows rows instead, and Tab the queues.
 * Not for: rows (list.c, home_lines.c). Trap: counts are asked without holding the
 * keyboard; they may be a moment behind, the queue itself never is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/consoles/acts.h"
#include "client/consoles/console.h"
#include "client/crisis.h"
#include "client/edit.h"
#include "client/gate_shift.h"
#include "client/home_lines.h"
#include "client/keep_answer.h"
#include "client/night_handover.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { QUEUES_MAX = 32, QUEUE_PAGE = 100, HOME_PARAMS_MAX = 2048, COUNT_COL = 36, LATE_COL = 46 };

struct home;

struct queue {
	struct home *home;
	const struct book *book;
	const struct view *view;
	int count, late;  /* -1: not known yet */
	bool has_more, is_asked;
};

struct home {
	struct screen screen;
	struct queue queues[QUEUES_MAX];
	size_t nqueues, at;
	struct lines *lines;            /* rows of queues, one by one; NULL: the console has none */
	struct keep *keep;              /* what goes on without the server; NULL: nothing */
	struct crisis *crisis;          /* what runs, above everything */
	bool in_queues;                 /* with lines: the queues are shown all the same */
	struct edit box;
	bool in_box, is_search, by_number; /* by_number: the look-up is for .number */
	const struct act *look_up;      /* whose code is typed; NULL: the search */
	char where[1024];               /* the condition last asked for it */
};

/* ---- queues ---- */

static void counted(void *ctx, const struct answer *a)
{
	struct queue *q = ctx;
	const struct node *rows = node_get(a->result, "rows");

	q->is_asked = false;
	if (rows == NULL) {
		q->count = -1;
		return;
	}
	q->count = (int)rows->count;
	q->has_more = node_str(node_get(a->result, "next")) != NULL;
	q->late = 0;
	for (const struct node *r = rows->first; r != NULL; r = r->next) {
		bool late;

		row_state(q->book, r, &late);
		q->late += late || q->view->late;
	}
}

static void count_queue(struct queue *q)
{
	struct app *app = q->home->screen.app;
	struct buf params;
	char method[96];

	if (q->is_asked)
		return;
	q->is_asked = true;
	snprintf(method, sizeof method, "%s.list", q->book->name);
	buf_init(&params, HOME_PARAMS_MAX);
	buf_puts(&params, "{\"where\":");
	view_where(app, q->view, &params);
	buf_printf(&params, ",\"limit\":%d}", QUEUE_PAGE);
	link_ask(app->link, method, params.data, 0, counted, q);
	buf_done(&params);
}

static void count_all(struct home *h)
{
	for (size_t i = 0; i < h->nqueues; i++)
		count_queue(&h->queues[i]);
}

static void add_queues(struct home *h)
{
	struct queue_name names[QUEUES_MAX];

	h->nqueues = console_queues(console_current(), h->screen.app->who.role, names, NITEMS(names));
	for (size_t i = 0; i < h->nqueues; i++)
		h->queues[i] = (struct queue){.home = h, .book = names[i].book, .view = names[i].view, .count = -1};
}

static bool shows_lines(const struct home *h)
{
	return h->lines != NULL && !h->in_queues;
}

/* The link came back, or the day went on: what changed meanwhile was told to nobody. */
static void tend_keep(struct home *h)
{
	struct app *app = h->screen.app;
	int hours = keep_expire(h->keep);

	if (hours > 0)
		app_say(app, STYLE_ERROR, tr("The lists of this terminal are older than %d hours and are gone."), hours);
	keep_catch_up(h->keep);
}

static void home_minute(struct screen *s)
{
	struct home *h = (struct home *)s;

	crisis_load(h->crisis);
	if (h->keep != NULL)
		tend_keep(h);
	if (h->lines != NULL)
		lines_load(h->lines);
	/* What time alone makes late: the rest is told by the server when it changes. */
	for (size_t i = 0; i < h->nqueues; i++)
		if (h->queues[i].view->late || h->queues[i].count < 0)
			count_queue(&h->queues[i]);
}

static void home_changed(struct screen *s, const struct book *book, int64_t id, int64_t version)
{
	struct home *h = (struct home *)s;

	(void)version;
	crisis_changed(h->crisis, book);
	if (h->keep != NULL)
		keep_changed(h->keep, book, id);
	if (h->lines != NULL)
		lines_changed(h->lines, book);
	for (size_t i = 0; i < h->nqueues; i++)
		if (h->queues[i].book == book)
			count_queue(&h->queues[i]);
}

static void home_watches(const struct screen *s, struct book_set *all)
{
	const struct home *h = (const struct home *)s;

	crisis_watches(h->crisis, all);
	if (h->keep != NULL)
		keep_watches(h->keep, all);
	if (h->lines != NULL)
		lines_watches(h->lines, all);
	for (size_t i = 0; i < h->nqueues; i++)
		book_set_add(all, h->queues[i].book);
}

static void home_wrote(struct screen *s)
{
	struct home *h = (struct home *)s;

	crisis_load(h->crisis);
	/* One's own change is told to nobody. */
	if (h->keep != NULL && s->app->written.book != NULL)
		keep_changed(h->keep, s->app->written.book, s->app->written.id);
	count_all(h);
	if (h->lines != NULL)
		lines_load(h->lines);
}

/* Something that is kept is another: without the server that is all there is. */
static void home_fresh(void *ctx)
{
	struct home *h = ctx;

	if (app_is_linked(h->screen.app))
		return;
	count_all(h);
	if (h->lines != NULL)
		lines_load(h->lines);
}

static int64_t home_deadline(const struct screen *s)
{
	const struct home *h = (const struct home *)s;

	return h->keep != NULL ? keep_save_at(h->keep) : -1;
}

static void home_due(struct screen *s)
{
	keep_save(((struct home *)s)->keep);
}

/* ---- the box ---- */

static void open_box(struct home *h, const struct act *look_up)
{
	h->in_box = true;
	h->look_up = look_up;
	edit_set(&h->box, "");
}

static void close_box(struct home *h)
{
	h->in_box = false;
	edit_set(&h->box, "");
}

static void ask_look_up(struct home *h);

static void ask_find(struct home *h, bool typo);

/* Exactly one record: it is shown, or its operation starts. Several: to choose from. */
static void looked_up(struct screen *s, const struct answer *a)
{
	struct home *h = (struct home *)s;
	const struct act *l = h->look_up;
	const struct book *book = book_find(l->book);
	const struct node *rows = node_get(a->result, "rows");

	if (a->code != OK) {
		app_refuse(s->app, a);
	} else if (h->by_number && (rows == NULL || rows->first == NULL)) {
		h->by_number = false; /* no such number: it may be a code after all */
		ask_look_up(h);
	} else if ((rows == NULL || rows->first == NULL) && l->op == NULL) {
		ask_find(h, false); /* a code as people say it, a telephone */
	} else if (rows == NULL || rows->first == NULL) {
		app_say(s->app, STYLE_ERROR, "%s", tr(l->box.nothing));
		app_drop_keys(s->app);
	} else if (rows->first->next != NULL) {
		struct list_setup setup = {.book = book, .title = book->title, .where = h->where};

		close_box(h);
		app_say(s->app, STYLE_TEXT, "%s", tr("There are several: choose one."));
		app_drop_keys(s->app);
		list_push(s->app, &setup, a->result, link_take(s->app->link));
	} else if (l->op == NULL) {
		close_box(h);
		record_open(s->app, book, row_number(rows->first, "id"));
	} else {
		char number[24];

		snprintf(number, sizeof number, "%s", h->by_number ? h->box.text : "");
		close_box(h);
		entry_open(s->app, book, book_op(book, l->op), rows->first);
		if (number[0] != '\0')
			entry_type(s->app, l->box.number, number);
	}
}

static void ask_look_up(struct home *h)
{
	const struct act *l = h->look_up;
	struct buf where, params;
	char method[96];

	snprintf(method, sizeof method, "%s.list", l->book);
	buf_init(&where, sizeof h->where - 1);
	buf_init(&params, HOME_PARAMS_MAX);
	buf_printf(&where, "{\"%s\":", h->by_number ? l->box.number : l->box.by);
	if (h->by_number || act_takes_integer(l, h->box.text))
		buf_puts(&where, h->box.text);
	else
		buf_json_str(&where, h->box.text);
	if (l->box.states != NULL)
		buf_printf(&where, ",\"state\":%s", l->box.states);
	buf_puts(&where, "}");
	snprintf(h->where, sizeof h->where, "%s", where.data);
	buf_printf(&params, "{\"where\":%s}", h->where);
	if (!where.failed)
		app_ask(&h->screen, ASK_READ, method, params.data, looked_up);
	buf_done(&where);
	buf_done(&params);
}

static void found(struct screen *s, const struct answer *a);

/* typo: names that are nearly the text, which the server looks for apart because it takes longer. */
static void ask_find(struct home *h, bool typo)
{
	struct buf params;

	buf_init(&params, HOME_PARAMS_MAX);
	buf_puts(&params, "{\"text\":");
	buf_json_str(&params, h->box.text);
	buf_puts(&params, typo ? ",\"typo\":true}" : "}");
	app_ask(&h->screen, ASK_READ, "find", params.data, found);
	buf_done(&params);
}

static bool is_typo(const struct node *row)
{
	const char *why = node_str(node_get(row, "why"));

	return why != NULL && strcmp(why, "typo") == 0;
}

/* One record: it is shown, unless its name is only similar. */
static void found(struct screen *s, const struct answer *a)
{
	struct home *h = (struct home *)s;
	const struct node *rows = node_get(a->result, "rows"), *more = node_get(a->result, "more"), *row;
	const char *name;
	char text[512];

	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	row = rows != NULL ? rows->first : NULL;
	if (row == NULL && more != NULL) {
		ask_find(h, true);
		return;
	}
	if (row == NULL) {
		app_say(s->app, STYLE_ERROR, "%s", tr(h->look_up != NULL ? h->look_up->box.nothing : N_("Nothing found.")));
		app_drop_keys(s->app);
		return;
	}
	snprintf(text, sizeof text, "%s", h->box.text);
	close_box(h);
	name = node_str(node_get(row, "book"));
	if (row->next == NULL && !is_typo(row) && name != NULL && book_find(name) != NULL) {
		record_open(s->app, book_find(name), row_number(row, "id"));
		return;
	}
	app_drop_keys(s->app);
	found_push(s->app, rows, link_take(s->app->link), more != NULL ? text : NULL);
}

static void ask_box(struct home *h)
{
	if (h->box.len == 0)
		return;
	if (h->look_up != NULL) {
		h->by_number = act_takes_number(h->look_up, h->box.text);
		ask_look_up(h);
		return;
	}
	ask_find(h, false);
}

/* ---- the screen ---- */

static enum context home_context(const struct screen *s)
{
	return ((const struct home *)s)->in_box ? CONTEXT_BOX : CONTEXT_HOME;
}

static void home_place(const struct screen *s, struct buf *place)
{
	(void)s;
	buf_puts(place, tr("Home"));
}

static void draw_box(struct home *h, int row, int cols)
{
	const char *label = tr(h->look_up != NULL ? h->look_up->box.label : N_("Find"));
	int col;

	if (!h->in_box) {
		tty_say(row, 1, cols - 2, tr("A unit number shows its household; / finds names, telephones, files."),
		        STYLE_TEXT);
		return;
	}
	col = tty_say(row, 1, 40, label, STYLE_KEY);
	tty_put(row, col, 3, " [", STYLE_TEXT);
	edit_draw(&h->box, row, col + 3, 40, 1, true);
	tty_put(row, col + 43, 2, " ]", STYLE_TEXT);
}

static void draw_count(int row, int col, int count, bool has_more, enum style style)
{
	char text[16];

	if (count < 0)
		snprintf(text, sizeof text, "%6s", "-");
	else
		snprintf(text, sizeof text, "%5d%s", count, has_more ? "+" : " ");
	tty_put(row, col, 6, text, style);
}

static void draw_queue(const struct queue *q, int row, bool selected)
{
	enum style style = selected && !tty_is_lean() ? STYLE_SELECT : STYLE_TEXT;
	bool late = q->late > 0;

	tty_put(row, 0, 2, selected ? ">" : "", style);
	tty_put(row, 2, COUNT_COL - 2, tr(q->view->label), style);
	draw_count(row, COUNT_COL, q->count, q->has_more, style);
	tty_put(row, COUNT_COL + 6, LATE_COL - COUNT_COL - 6, "", style);
	if (late)
		draw_count(row, LATE_COL, q->late, false, selected ? style : STYLE_LATE);
	else
		tty_put(row, LATE_COL, 6, "", style);
	tty_put(row, LATE_COL + 6, 2, late ? " !" : "", selected ? style : STYLE_LATE);
}

static void home_draw(struct screen *s, int row, int rows)
{
	struct home *h = (struct home *)s;
	size_t room, first;
	int lines, cols, box = row;

	tty_size(&lines, &cols);
	lines = crisis_draw(h->crisis, row + 1, cols);
	row += lines;
	rows -= lines;
	room = rows > 4 ? (size_t)rows - 3 : 1;
	first = h->at < room ? 0 : h->at - room + 1;
	if (shows_lines(h)) {
		lines_draw(h->lines, row + 1, rows - 1);
		draw_box(h, box, cols);
		return;
	}
	tty_put(row + 2, 2, 24, tr("QUEUES"), STYLE_KEY);
	/* Right above the right ends of their numbers. */
	tty_say(row + 2, COUNT_COL + 5 - text_width(tr("waiting")), 12, tr("waiting"), STYLE_KEY);
	tty_say(row + 2, LATE_COL + 5 - text_width(tr("late")), 12, tr("late"), STYLE_KEY);
	for (size_t i = first; i < h->nqueues && i < first + room; i++)
		draw_queue(&h->queues[i], row + 3 + (int)(i - first), i == h->at && !h->in_box);
	if (!h->in_box)
		tty_cursor(row + 3 + (int)(h->at - first), 0);
	draw_box(h, box, cols);
}

static bool box_handle(struct home *h, const struct key *key)
{
	unsigned did;

	if (key->kind == K_ENTER) {
		ask_box(h);
		return true;
	}
	if (key->kind == K_ESC || key->kind == K_TAB) {
		close_box(h);
		return true;
	}
	did = edit_handle(&h->box, key);
	if ((did & EDIT_ASK) != 0)
		edit_take_paste(&h->box, false);
	return did != EDIT_IGNORED;
}

static bool home_handle(struct screen *s, const struct key *key)
{
	struct home *h = (struct home *)s;

	if (h->in_box)
		return box_handle(h, key);
	if (key->kind == K_TEXT && key->cp >= '0' && key->cp <= '9') {
		open_box(h, &household_of_unit);
		edit_handle(&h->box, key);
		return true;
	}
	return false;
}

static void move_to(struct home *h, size_t at)
{
	if (h->nqueues > 0)
		h->at = at < h->nqueues ? at : h->nqueues - 1;
}

static void home_act(struct screen *s, const struct binding *b)
{
	struct home *h = (struct home *)s;

	if (b->action == ACTION_QUEUE && h->lines != NULL)
		h->in_queues = !h->in_queues;
	else if (b->action == ACTION_BACK)
		h->in_queues = false;
	else if (b->action == ACTION_STEP)
		lines_step(h->lines);
	else if (b->action == ACTION_HANDOVER)
		night_handover_push(s->app);
	else if (shows_lines(h) && b->action == ACTION_OPEN)
		lines_open(h->lines);
	else if (shows_lines(h) && lines_move(h->lines, b->action))
		return;
	else if (b->action == ACTION_UP || b->action == ACTION_PREVIOUS)
		move_to(h, h->at > 0 ? h->at - 1 : 0);
	else if (b->action == ACTION_DOWN)
		move_to(h, h->at + 1);
	else if (b->action == ACTION_QUEUE)
		move_to(h, h->at + 1 < h->nqueues ? h->at + 1 : 0);
	else if (b->action == ACTION_FIRST || b->action == ACTION_PAGE_UP)
		move_to(h, 0);
	else if (b->action == ACTION_LAST || b->action == ACTION_PAGE_DOWN)
		move_to(h, h->nqueues);
	else if (b->action == ACTION_OPEN && h->nqueues > 0)
		view_push(s->app, h->queues[h->at].book, h->queues[h->at].view);
	else if (b->action == ACTION_SEARCH)
		open_box(h, NULL);
	else if (b->action == ACTION_BOX)
		open_box(h, act_with_box(b->book, b->op));
	else if (b->action == ACTION_SHIFT)
		gate_shift_push(s->app, NULL);
	else if (b->action == ACTION_REFRESH)
		home_wrote(s);
}

static bool home_allow(const struct screen *s, const struct binding *b)
{
	const struct home *h = (const struct home *)s;
	const struct book *book = b->action == ACTION_BOX ? book_find(b->book) : NULL;
	const struct op *op = book != NULL ? book_op(book, b->op) : NULL;

	if (b->action == ACTION_BOX)
		return op != NULL && (op->roles & s->app->who.acts) != 0 && act_with_box(b->book, b->op) != NULL;
	if (b->action == ACTION_SHIFT)
		return gate_shift_allows(s->app);
	if (b->action == ACTION_HANDOVER)
		return night_handover_allows(s->app);
	if (b->action == ACTION_STEP)
		return shows_lines(h) && lines_next(h->lines).op != NULL;
	return b->action != ACTION_BACK || h->in_box || h->in_queues;
}

/* What the key for the next step would do. */
static void home_hint(const struct screen *s, struct buf *out)
{
	const struct home *h = (const struct home *)s;
	const struct op *op = shows_lines(h) && !h->in_box ? lines_next(h->lines).op : NULL;

	if (op != NULL)
		buf_printf(out, tr("Space: %s"), tr(op->label));
}

static void home_closed(struct screen *s)
{
	struct home *h = (struct home *)s;

	for (size_t i = 0; i < h->nqueues; i++)
		link_forget_ctx(s->app->link, &h->queues[i]);
	lines_free(h->lines);
	if (h->keep != NULL)
		link_stand_in(s->app->link, NULL, NULL);
	keep_free(h->keep);
	crisis_free(h->crisis);
	edit_done(&h->box);
}

static const struct screen_kind home_kind = {
	.context = home_context, .place = home_place, .draw = home_draw, .handle = home_handle,
	.act = home_act, .allow = home_allow, .changed = home_changed, .watches = home_watches,
	.hint = home_hint, .wrote = home_wrote, .minute = home_minute, .deadline = home_deadline, .due = home_due,
	.closed = home_closed,
};

void home_search(struct app *app)
{
	struct screen *s = app->top, *above = NULL;

	for (; s != NULL && s->kind != &home_kind; s = s->below)
		above = s;
	if (s == NULL)
		return;
	if (above != NULL)
		app_close(above);
	open_box((struct home *)s, NULL);
}

void home_push(struct app *app)
{
	struct home *h = screen_new(app, &home_kind, sizeof *h);

	edit_init(&h->box, 80, false);
	h->crisis = crisis_new(app);
	add_queues(h);
	if (console_current()->steps != NULL)
		h->lines = lines_new(app, console_current());
	if (console_current()->keeps != NULL && app->options->journal != NULL) {
		h->keep = keep_new(app, console_current()->keeps, home_fresh, h);
		link_stand_in(app->link, h->keep != NULL ? keep_answer : NULL, h->keep);
	}
	app_push(&h->screen);
	home_wrote(&h->screen);
	if (h->keep != NULL)
		keep_load(h->keep);
}
