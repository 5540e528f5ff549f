/*
 * gate_shift.c - see gate_shift.h.
 *
 * Three parts in the order of worry: not found, inside, waiting; in each the oldest first. Not for: what a key does to a
 * visitor (the operations of his book). Trap: at the gate the rows are those of the kept lists and made anew at every
 * drawing, so nothing may hold a row over a turn but its id.
 */
#include "client/gate_shift.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/gate_roll.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { PAGES_MOST = 10, ARENA_MAX = 16 * 1024 * 1024, DEPTH = 16, LINE_MAX = 2048, FOOT = 4 /* rows below the list */ };

enum worry { MISSED, INSIDE, WAITING, PARTS };
static const char *const part_labels[PARTS] = {N_("Not found"), N_("Inside"), N_("Waiting")};

struct shift {
	struct screen screen;
	const struct keep *lists; /* NULL: of the server */
	struct arena *pages[PAGES_MOST];
	size_t npages;
	char *next;                   /* where the next page begins */
	struct arena *arena;          /* the rows of the lists */
	struct roll roll;
	int64_t selected;
	size_t at, top;
	int height;
	bool is_stale;
};

static const struct book *visitors(void)
{
	return book_find("visitor");
}

/* ---- rows ---- */

static enum worry part_of(const struct node *row)
{
	const char *state = node_str(node_get(row, "state"));

	if (state == NULL || strcmp(state, "inside") != 0)
		return WAITING;
	return node_str(node_get(row, "unaccounted_at")) != NULL ? MISSED : INSIDE;
}

static int by_worry(const void *left, const void *right)
{
	const struct node *a = *(const struct node *const *)left, *b = *(const struct node *const *)right;
	enum worry one = part_of(a), other = part_of(b);

	if (one != other)
		return one < other ? -1 : 1;
	return row_number(a, "id") < row_number(b, "id") ? -1 : 1;
}

/* The selection stays with its record; when that is gone, with the place. */
static void arrange(struct shift *s)
{
	size_t at = 0;

	qsort(s->roll.row, s->roll.n, sizeof s->roll.row[0], by_worry);
	while (at < s->roll.n && row_number(s->roll.row[at], "id") != s->selected)
		at++;
	if (at < s->roll.n)
		s->at = at;
	else if (s->at >= s->roll.n)
		s->at = s->roll.n > 0 ? s->roll.n - 1 : 0;
	s->selected = s->roll.n > 0 ? row_number(s->roll.row[s->at], "id") : 0;
}

static void read_lists(struct shift *s)
{
	if (s->lists == NULL)
		return;
	arena_reset(s->arena);
	s->roll.n = 0;
	gate_roll_collect(&s->roll, s->lists, false, s->arena);
	arrange(s);
}

static void ask_page(struct shift *s);

static void came(struct screen *screen, const struct answer *a)
{
	struct shift *s = (struct shift *)screen;
	const struct node *rows = node_get(a->result, "rows");
	const char *next = node_str(node_get(a->result, "next"));

	if (a->code != OK) {
		app_refuse(screen->app, a);
		return;
	}
	for (const struct node *r = rows != NULL ? rows->first : NULL; r != NULL && s->roll.n < ROLL_MOST; r = r->next)
		s->roll.row[s->roll.n++] = r;
	free(s->next);
	s->next = next != NULL ? strdup(next) : NULL;
	s->pages[s->npages++] = link_take(screen->app->link);
	if (s->next != NULL && s->npages < PAGES_MOST)
		ask_page(s);
	else
		arrange(s);
}

static void ask_page(struct shift *s)
{
	struct buf params;

	buf_init(&params, LINE_MAX);
	buf_puts(&params, "{\"where\":{\"state\":[\"waiting\",\"asked\",\"agreed\",\"inside\"]},\"sort\":[\"id\"],\"limit\":200");
	if (s->next != NULL) {
		buf_puts(&params, ",\"after\":");
		buf_json_str(&params, s->next);
	}
	buf_puts(&params, "}");
	app_ask(&s->screen, ASK_READ, "visitor.list", params.data, came);
	buf_done(&params);
}

static void drop_pages(struct shift *s)
{
	while (s->npages > 0)
		arena_free(s->pages[--s->npages]);
	free(s->next);
	s->next = NULL;
	s->roll.n = 0;
}

static void load(struct shift *s)
{
	s->is_stale = false;
	if (s->lists != NULL)
		return;
	drop_pages(s);
	ask_page(s);
}

static const struct node *selected_row(const struct shift *s)
{
	return s->at < s->roll.n ? s->roll.row[s->at] : NULL;
}

/* ---- whom to ask ---- */

static void put_value(struct buf *out, const struct node *row, const char *name)
{
	const struct node *v = node_get(row, name);

	if (v != NULL && v->type != NODE_NULL)
		row_show(out, visitors(), book_field(visitors(), name), row);
}

/* A visitor's number is for those who connect; what stands there for others says who does. */
static void put_visitor(struct buf *out, const struct node *row)
{
	const char *number = node_str(node_get(row, "contact"));

	put_value(out, row, "name");
	if (row_masks(row, "contact"))
		number = tr(N_("ask the operator"));
	buf_printf(out, ": %s", number != NULL ? number : tr(N_("no number")));
}

/* An employee's number only with his consent; a household is always called by the operator. */
static void put_host(struct buf *out, const struct node *row)
{
	const char *number = node_str(node_get(row, "host_phone"));

	if (node_get(node_get(row, "host"), "id") == NULL) {
		put_value(out, row, "unit");
		buf_printf(out, ": %s", tr(N_("ask the operator")));
		return;
	}
	put_value(out, row, "host");
	buf_printf(out, ": %s", number != NULL ? number : tr(N_("ask the operator")));
}

static void call_host(struct shift *s)
{
	const struct node *row = selected_row(s);
	struct buf line;

	if (row == NULL)
		return;
	buf_init(&line, LINE_MAX);
	put_host(&line, row);
	app_say(s->screen.app, STYLE_KEY, tr("Call the host: %s"), line.data);
	buf_done(&line);
}

/* ---- the screen ---- */

static const struct column { const char *name; int cells; } columns[] = {
	{"badge", 5}, {"name", 20}, {"unit", 9}, {"in_at", 12}, {"host", 18},
};

/* Since when he is here: one who waits came, but is not in. */
static const char *time_in(const struct node *row, const char *name)
{
	return strcmp(name, "in_at") == 0 && node_str(node_get(row, name)) == NULL ? "arrived_at" : name;
}

static void put_line(struct buf *out, const struct node *row)
{
	char cell[LINE_MAX];
	struct buf value;

	buf_init(&value, LINE_MAX);
	text_fit(cell, sizeof cell, tr(part_labels[part_of(row)]), 14);
	buf_puts(out, cell);
	for (size_t i = 0; i < NITEMS(columns); i++) {
		const char *name = time_in(row, columns[i].name);

		buf_reset(&value);
		if (node_get(row, name) != NULL && node_get(row, name)->type != NODE_NULL)
			value_show_short(&value, book_field(visitors(), name), node_get(row, name));
		text_fit(cell, sizeof cell, value.data != NULL ? value.data : "", columns[i].cells - 1);
		buf_printf(out, "%s ", cell);
	}
	buf_done(&value);
}

static void put_head(struct buf *out, const struct shift *s)
{
	int n[PARTS] = {0};

	for (size_t i = 0; i < s->roll.n; i++)
		n[part_of(s->roll.row[i])]++;
	for (int part = 0; part < PARTS; part++)
		buf_printf(out, "%s%s %d", part > 0 ? "   " : "", tr(part_labels[part]), n[part]);
}

static void draw_row(const struct shift *s, size_t at, int row, int cols)
{
	bool selected = at == s->at, missed = part_of(s->roll.row[at]) == MISSED;
	enum style style = selected && !tty_is_lean() ? STYLE_SELECT : missed ? STYLE_LATE : STYLE_TEXT;
	struct buf line;

	buf_init(&line, LINE_MAX);
	buf_puts(&line, missed ? "!" : " ");
	put_line(&line, s->roll.row[at]);
	tty_put(row, 0, 1, selected ? ">" : "", style);
	tty_put(row, 1, cols - 1, line.data, style);
	if (selected)
		tty_cursor(row, 0);
	buf_done(&line);
}

/* The order of asking, for the one who is selected. */
static void draw_foot(const struct shift *s, int row, int cols)
{
	const struct node *r = selected_row(s);
	struct buf line;

	buf_init(&line, LINE_MAX);
	buf_printf(&line, "1 %s  ", tr("Visitor"));
	put_visitor(&line, r);
	tty_put(row, 1, cols - 2, line.data, STYLE_KEY);
	buf_reset(&line);
	buf_printf(&line, "2 %s  ", tr("Host"));
	put_host(&line, r);
	tty_put(row + 1, 1, cols - 2, line.data, STYLE_KEY);
	buf_reset(&line);
	if (node_get(r, "note") != NULL && node_get(r, "note")->type != NODE_NULL)
		put_value(&line, r, "note");
	tty_put(row + 2, 1, cols - 2, line.data, STYLE_TEXT);
	buf_done(&line);
}

static void shift_draw(struct screen *screen, int row, int rows)
{
	struct shift *s = (struct shift *)screen;
	size_t space = (size_t)(rows > FOOT + 3 ? rows - FOOT - 2 : 1);
	int lines, cols;
	struct buf head;

	read_lists(s);
	tty_size(&lines, &cols);
	s->height = (int)space;
	if (s->at < s->top)
		s->top = s->at;
	if (s->at >= s->top + space)
		s->top = s->at - space + 1;
	buf_init(&head, LINE_MAX);
	put_head(&head, s);
	tty_put(row, 1, cols - 2, head.data, STYLE_KEY);
	buf_done(&head);
	for (size_t i = 0; i < space && s->top + i < s->roll.n; i++)
		draw_row(s, s->top + i, row + 2 + (int)i, cols);
	if (s->roll.n > 0)
		draw_foot(s, row + rows - FOOT + 1, cols);
	else
		tty_put(row + 2, 1, cols - 2, tr("Nobody is here any more."), STYLE_TEXT);
	if (s->roll.n == 0)
		tty_cursor(row + 2, 0);
}

/* ---- paper ---- */

static void put_paper(struct buf *out, const struct shift *s)
{
	enum worry last = PARTS;
	struct buf line;

	buf_init(&line, LINE_MAX);
	for (size_t i = 0; i < s->roll.n; i++) {
		const struct node *row = s->roll.row[i];

		if (part_of(row) != last) {
			buf_puts(out, "\n");
			gate_paper_line(out, tr(part_labels[part_of(row)]));
		}
		last = part_of(row);
		buf_reset(&line);
		put_line(&line, row);
		gate_paper_line(out, line.data);
		buf_reset(&line);
		buf_printf(&line, "    1 %s  ", tr("Visitor"));
		put_visitor(&line, row);
		gate_paper_line(out, line.data);
		buf_reset(&line);
		buf_printf(&line, "    2 %s  ", tr("Host"));
		put_host(&line, row);
		gate_paper_line(out, line.data);
		buf_reset(&line);
		buf_printf(&line, "    [ ] %s   [ ] %s   [ ] %s", tr("Seen leaving"), tr("Presumed"), tr("Not found"));
		gate_paper_line(out, line.data);
	}
	buf_done(&line);
}

static void print(struct shift *s)
{
	struct app *app = s->screen.app;
	struct buf text, head;

	buf_init(&text, ARENA_MAX);
	buf_init(&head, LINE_MAX);
	gate_paper_head(&text, tr("End of shift"), app, s->lists);
	put_head(&head, s);
	gate_paper_line(&text, head.data);
	put_paper(&text, s);
	buf_puts(&text, "\f");
	slip_show(app, N_("End of shift"), &text);
	buf_done(&head);
}

/* ---- keys ---- */

static void move_to(struct shift *s, size_t at)
{
	if (s->roll.n == 0)
		return;
	s->at = at < s->roll.n ? at : s->roll.n - 1;
	s->selected = row_number(s->roll.row[s->at], "id");
}

static void shift_act(struct screen *screen, const struct binding *b)
{
	struct shift *s = (struct shift *)screen;
	size_t page = s->height > 1 ? (size_t)s->height - 1 : 1;

	if (b->action == ACTION_UP)
		move_to(s, s->at > 0 ? s->at - 1 : 0);
	else if (b->action == ACTION_PAGE_UP)
		move_to(s, s->at > page ? s->at - page : 0);
	else if (b->action == ACTION_DOWN)
		move_to(s, s->at + 1);
	else if (b->action == ACTION_PAGE_DOWN)
		move_to(s, s->at + page);
	else if (b->action == ACTION_FIRST)
		move_to(s, 0);
	else if (b->action == ACTION_LAST)
		move_to(s, s->roll.n);
	else if (b->action == ACTION_OPEN && selected_row(s) != NULL)
		record_open(screen->app, visitors(), s->selected);
	else if (b->action == ACTION_CALL_HOST)
		call_host(s);
	else if (b->action == ACTION_PRINT_LIST)
		print(s);
	else if (b->action == ACTION_ROLL_CALL)
		gate_roll_call(screen->app, &s->roll, s->lists);
	else if (b->action == ACTION_REFRESH)
		load(s);
	else if (b->action == ACTION_BACK)
		app_close(screen);
}

static enum context shift_context(const struct screen *screen)
{
	(void)screen;
	return CONTEXT_SHIFT;
}

static void shift_place(const struct screen *screen, struct buf *place)
{
	(void)screen;
	buf_puts(place, tr("End of shift"));
}

static const struct node *shift_row(const struct screen *screen, const struct book **book)
{
	*book = visitors();
	return selected_row((const struct shift *)screen);
}

static void shift_stale(struct screen *screen)
{
	((struct shift *)screen)->is_stale = true;
}

static void shift_changed(struct screen *screen, const struct book *book, int64_t id, int64_t version)
{
	(void)id;
	(void)version;
	if (book == visitors())
		shift_stale(screen);
}

static void shift_shown(struct screen *screen)
{
	if (((struct shift *)screen)->is_stale)
		load((struct shift *)screen);
}

static void shift_watches(const struct screen *screen, struct book_set *all)
{
	(void)screen;
	book_set_add(all, visitors());
}

static void shift_closed(struct screen *screen)
{
	struct shift *s = (struct shift *)screen;

	drop_pages(s);
	arena_free(s->arena);
}

static const struct screen_kind shift_kind = {
	.context = shift_context, .place = shift_place, .draw = shift_draw, .act = shift_act, .row = shift_row, .wrote = shift_stale,
	.changed = shift_changed, .watches = shift_watches, .shown = shift_shown, .minute = shift_shown, .closed = shift_closed,
};

bool gate_shift_allows(const struct app *app)
{
	return (visitors()->readers & BIT(app->who.role)) != 0;
}

void gate_shift_push(struct app *app, const struct keep *lists)
{
	struct shift *s = screen_new(app, &shift_kind, sizeof *s);

	s->lists = lists;
	s->arena = arena_new(ARENA_MAX);
	if (s->arena == NULL)
		abort();
	app_push(&s->screen);
	load(s);
}
