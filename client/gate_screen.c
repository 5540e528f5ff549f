/*
 * gate_screen.c - the gate: one line that takes anything, one big word back, what is always on below.
 *
 * A digit or `/` opens the line. Not for: finding what it names (gate_answer.c), acting on it (gate_act.c). Trap: a
 * scanner may end its line with nothing at all; then the pause behind keys faster than fingers ends it.
 */
#include "client/gate_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/gate_roll.h"
#include "client/gate_shift.h"
#include "client/screens.h"
#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum {
	QUICK_MS = 30,        /* between two keys of a scanner, at most */
	QUICK_LEAST = 4,      /* keys that make a burst */
	PAUSE_MS = 120,       /* behind which a burst is over */
	LATE_END_MS = 1000,   /* its end may come so late, and is no Enter then */
	PATIENCE_MS = 2500,   /* for an answer, before the kept row decides */
};

/* ---- the line ---- */

static void close_box(struct gate *g)
{
	g->in_box = false;
	g->typed_at = 0;
	g->nquick = 0;
	edit_set(&g->box, "");
}

static void submit(struct gate *g)
{
	bool picked = g->box.len > 0 && gate_pick(g);

	if (!picked && g->box.len > 0) {
		snprintf(g->typed, sizeof g->typed, "%s", g->box.text);
		gate_forget(g);
	}
	if (!picked && g->box.len > 0) {
		close_box(g);
		gate_look(g);
		return;
	}
	close_box(g);
}

static void open_box(struct gate *g, const struct act *only)
{
	g->in_box = true;
	g->only = only;
	g->typed_at = 0;
	g->nquick = 0;
	edit_set(&g->box, "");
	if (g->is_shown)
		gate_forget(g);
}

/* Counts keys that come faster than fingers type. */
static void note_key(struct gate *g)
{
	int64_t now = link_now();

	g->nquick = g->typed_at == 0 || now - g->typed_at <= QUICK_MS ? g->nquick + 1 : 1;
	g->typed_at = now;
}

static bool is_scanned(const struct gate *g)
{
	return g->in_box && g->nquick >= QUICK_LEAST && g->box.len >= QUICK_LEAST && !app_holds(g->screen.app);
}

/* One digit while there is a numbered list: it is waited whether more follow. */
static bool is_choice(const struct gate *g)
{
	return g->in_box && g->ncandidates > 0 && g->box.len == 1 && g->box.text[0] >= '1' && (size_t)(g->box.text[0] - '1') < g->ncandidates;
}

static bool box_handle(struct gate *g, const struct key *key)
{
	unsigned did;

	if (key->kind == K_ENTER) {
		submit(g);
		return true;
	}
	if (key->kind == K_ESC || key->kind == K_TAB) {
		close_box(g);
		g->only = NULL;
		return true;
	}
	did = edit_handle(&g->box, key);
	if ((did & EDIT_ASK) != 0)
		edit_take_paste(&g->box, false);
	if (key->kind == K_TEXT)
		note_key(g);
	return did != EDIT_IGNORED;
}

static void open_selected(struct gate *g)
{
	const struct gate_below *b = gate_below_selected(g);
	struct buf text;

	if (b == NULL)
		return;
	for (size_t i = 0; i < gate_nrules; i++)
		if (book_find(gate_rules[i].kept.book) == b->book) {
			buf_init(&text, GATE_ROW_MAX);
			node_write(&text, b->row);
			gate_take(g, &gate_rules[i], row_number(b->row, "id"), text.data);
			buf_done(&text);
			return;
		}
}

/* The end of a scanner's line that was not waited for; once. */
static bool ends_burst(struct gate *g)
{
	bool is_late = g->burst_at != 0 && link_now() - g->burst_at < LATE_END_MS;

	g->burst_at = 0;
	return is_late;
}

static bool gate_handle(struct screen *s, const struct key *key)
{
	struct gate *g = (struct gate *)s;

	if (g->in_box)
		return box_handle(g, key);
	if (key->kind == K_TEXT && key->cp >= '0' && key->cp <= '9') {
		open_box(g, NULL);
		edit_handle(&g->box, key);
		note_key(g);
		return true;
	}
	if (key->kind == K_ENTER && ends_burst(g))
		return true;
	if (key->kind == K_ENTER && g->is_shown) {
		gate_act_on_word(g);
		return true;
	}
	return false;
}

/* ---- the clock ---- */

/* When the line is over, or the answer; -1 = neither is under way. */
static int64_t line_deadline(const struct gate *g)
{
	if (g->asked_at != 0)
		return g->asked_at + PATIENCE_MS;
	return is_scanned(g) || is_choice(g) ? g->typed_at + PAUSE_MS : -1;
}

static int64_t gate_deadline(const struct screen *s)
{
	const struct gate *g = (const struct gate *)s;
	int64_t line = line_deadline(g), keep = keep_save_at(g->lists);

	return line < 0 || (keep >= 0 && keep < line) ? keep : line;
}

static void ask_last(struct gate *g);

/* The link went before the first answer: the guard does not wait for it. */
static void open_alone(struct gate *g)
{
	g->is_opening = false;
	g->asked_at = 0;
	app_unask(&g->screen);
	ask_last(g);
}

static void gate_due(struct screen *s)
{
	struct gate *g = (struct gate *)s;
	int64_t line = line_deadline(g);

	if (line < 0 || line > link_now())
		keep_save(g->lists);
	else if (g->is_opening)
		open_alone(g);
	else if (g->asked_at != 0)
		gate_go_on_alone(g);
	else if (s->app->top == s) {
		g->burst_at = is_scanned(g) ? link_now() : 0;
		submit(g);
	}
}

/* ---- fresh rows ---- */

static void last_came(struct gate *g, const struct answer *a)
{
	g->is_asking_last = false;
	if (a->code != OK)
		return;
	arena_free(g->last_arena);
	g->last_arena = link_take(g->screen.app->link);
	g->last = node_get(a->result, "rows") != NULL ? node_get(a->result, "rows")->first : NULL;
	g->is_dirty = true;
}

static void last_came_by_itself(void *ctx, const struct answer *a)
{
	struct gate *g = ctx;

	last_came(g, a);
	if (g->is_stale && !g->is_asking_last) {
		g->is_stale = false;
		g->is_asking_last = link_ask(g->screen.app->link, "visitor.list", "{\"sort\":[\"-id\"],\"limit\":12}", 0, last_came_by_itself, g) != 0;
	}
}

static void first_came(struct screen *s, const struct answer *a)
{
	struct gate *g = (struct gate *)s;

	g->is_opening = false;
	g->asked_at = 0;
	last_came(g, a);
}

static void ask_last(struct gate *g)
{
	if (g->is_asking_last) {
		g->is_stale = true;
		return;
	}
	g->is_asking_last = link_ask(g->screen.app->link, "visitor.list", "{\"sort\":[\"-id\"],\"limit\":12}", 0, last_came_by_itself, g) != 0;
}

static void fresh(void *ctx)
{
	((struct gate *)ctx)->is_dirty = true;
}

static void gate_changed(struct screen *s, const struct book *book, int64_t id, int64_t version)
{
	struct gate *g = (struct gate *)s;

	(void)version;
	crisis_changed(g->crisis, book);
	keep_changed(g->lists, book, id);
	if (strcmp(book->name, "visitor") == 0)
		ask_last(g);
}

/* The link came back, or the day went on: what changed meanwhile was told to nobody. */
static void gate_minute(struct screen *s)
{
	struct gate *g = (struct gate *)s;

	g->is_dirty = true;
	gate_expire(g);
	crisis_load(g->crisis);
	if (keep_catch_up(g->lists))
		ask_last(g);
}

static void gate_watches(const struct screen *s, struct book_set *all)
{
	crisis_watches(((const struct gate *)s)->crisis, all);
	keep_watches(((const struct gate *)s)->lists, all);
}

/* ---- the screen ---- */

static enum context gate_context(const struct screen *s)
{
	return ((const struct gate *)s)->in_box ? CONTEXT_BOX : CONTEXT_GATE;
}

static void gate_place(const struct screen *s, struct buf *place)
{
	(void)s;
	buf_puts(place, tr("Gate"));
}

static void draw_box(struct gate *g, int row, int cols)
{
	const char *label = tr(g->only != NULL ? g->only->box.label : N_("Card, pass, slip, plate, name or unit"));
	int col;

	if (!g->in_box) {
		tty_say(row, 1, cols - 2, tr("Scan a card, or type a digit or / : card, pass, slip, plate, name, unit."), STYLE_TEXT);
		return;
	}
	col = tty_say(row, 1, 44, label, STYLE_KEY);
	tty_put(row, col, 3, " [", STYLE_TEXT);
	edit_draw(&g->box, row, col + 3, 30, 1, true);
	tty_put(row, col + 33, 2, " ]", STYLE_TEXT);
}

/* The word covers the first rows of what is below instead of pushing them: nothing slips, and few bytes go. */
static void gate_draw(struct screen *s, int row, int rows)
{
	struct gate *g = (struct gate *)s;
	int lines, cols, used, runs;

	tty_size(&lines, &cols);
	if (g->is_dirty)
		gate_below_build(g);
	draw_box(g, row, cols);
	runs = crisis_draw(g->crisis, row + 1, cols);
	row += runs;
	rows -= runs;
	used = gate_word_draw(g, row + 1, rows - 1);
	gate_below_draw(g, row + 2, rows - 2, row + 1 + used);
}

static const struct node *gate_row(const struct screen *s, const struct book **book)
{
	const struct gate *g = (const struct gate *)s;
	const struct gate_below *b = gate_below_selected(g);

	*book = NULL;
	if (g->is_shown && g->row != NULL) {
		*book = book_find(g->verdict.rule->kept.book);
		return g->row;
	}
	if (b == NULL)
		return NULL;
	*book = b->book;
	return b->row;
}

static void gate_act(struct screen *s, const struct binding *b)
{
	struct gate *g = (struct gate *)s;

	if (b->action == ACTION_BOX)
		open_box(g, act_with_box(b->book, b->op));
	else if (b->action == ACTION_SEARCH)
		open_box(g, NULL);
	else if (b->action == ACTION_UP || b->action == ACTION_PREVIOUS)
		gate_below_move(g, -1);
	else if (b->action == ACTION_DOWN || b->action == ACTION_QUEUE)
		gate_below_move(g, 1);
	else if (b->action == ACTION_OPEN)
		open_selected(g);
	else if (b->action == ACTION_SHIFT)
		gate_shift_push(s->app, g->lists);
	else if (b->action == ACTION_ROLL_CALL)
		gate_roll_call_lists(s->app, g->lists);
	else if (b->action == ACTION_BACK)
		gate_forget(g);
	else if (b->action == ACTION_REFRESH) {
		keep_load(g->lists);
		ask_last(g);
	}
}

static bool gate_allow(const struct screen *s, const struct binding *b)
{
	const struct gate *g = (const struct gate *)s;
	const struct book *book = b->book != NULL ? book_find(b->book) : NULL;
	const struct op *op = b->action == ACTION_BOX && book != NULL ? book_op(book, b->op) : NULL;

	if (b->action == ACTION_BOX)
		return op != NULL && (op->roles & BIT(s->app->who.role)) != 0 && act_with_box(b->book, b->op) != NULL;
	if (b->action == ACTION_BACK)
		return g->in_box || g->is_shown || g->ncandidates > 0;
	return true;
}

/* Something was written: the word has been acted on. One's own change is told to nobody, so it is asked for. */
static void gate_wrote(struct screen *s)
{
	struct gate *g = (struct gate *)s;

	gate_forget(g);
	crisis_load(g->crisis);
	if (s->app->written.book == NULL)
		return;
	keep_changed(g->lists, s->app->written.book, s->app->written.id);
	ask_last(g);
}

static void gate_closed(struct screen *s)
{
	struct gate *g = (struct gate *)s;

	keep_free(g->lists);
	crisis_free(g->crisis);
	gate_forget_candidates(g);
	free(g->pending.text);
	arena_free(g->arena);
	arena_free(g->last_arena);
	arena_free(g->below_arena);
	edit_done(&g->box);
}

static const struct screen_kind gate_kind = {
	.context = gate_context, .place = gate_place, .draw = gate_draw, .handle = gate_handle, .act = gate_act, .allow = gate_allow,
	.row = gate_row, .wrote = gate_wrote, .changed = gate_changed, .watches = gate_watches, .minute = gate_minute,
	.deadline = gate_deadline, .due = gate_due, .closed = gate_closed,
};

void gate_search(struct app *app)
{
	struct screen *s = app->top, *above = NULL;

	for (; s != NULL && s->kind != &gate_kind; s = s->below)
		above = s;
	if (s == NULL)
		return;
	if (above != NULL)
		app_close(above);
	open_box((struct gate *)s, NULL);
}

void gate_push(struct app *app)
{
	struct gate *g = screen_new(app, &gate_kind, sizeof *g);

	edit_init(&g->box, 80, false);
	g->lists = keep_new(app, gate_keeps, fresh, g);
	g->crisis = crisis_new(app);
	g->arena = arena_new(8 * GATE_ROW_MAX);
	g->below_arena = arena_new(GATE_BELOW_MOST * GATE_ROW_MAX);
	if (g->lists == NULL || g->arena == NULL || g->below_arena == NULL)
		abort();
	g->is_dirty = true; /* the lists may be here already */
	app_push(&g->screen);
	crisis_load(g->crisis);
	keep_load(g->lists);
	/* Answers come in the order of the questions: with this one the first page of every list is here. */
	g->is_opening = true;
	g->asked_at = link_now();
	app_ask(&g->screen, ASK_READ, "visitor.list", "{\"sort\":[\"-id\"],\"limit\":12}", first_came);
}
