/*
 * crisis.c - see crisis.h.
 *
 * Not for: rights; who may not read of emergencies is shown none, and still all procedures. Trap: the rows are those of the last
 * answer and are gone with the next, so nobody holds one over a turn.
 */
#include "client/crisis.h"

#include <stdlib.h>
#include <string.h>

#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/log.h"
#include "common/text.h"

enum { MOST = 20, LINE_MAX = 2048, KINDS_MOST = 32, KEYS_MOST = 192 };

struct crisis {
	struct app *app;
	struct arena *arena;      /* of the rows */
	const struct node *rows;
	bool is_asked, is_stale;
};

static struct crisis *shown;

static const struct book *emergencies(void)
{
	return book_find("emergency");
}

static bool may_read(const struct app *app)
{
	return (emergencies()->readers & BIT(app->who.role)) != 0;
}

/* ---- asking ---- */

static void came(void *ctx, const struct answer *a)
{
	struct crisis *c = ctx;

	c->is_asked = false;
	if (a->code == OK) {
		arena_free(c->arena);
		c->rows = node_get(a->result, "rows");
		c->arena = link_take(c->app->link);
	}
	if (c->is_stale)
		crisis_load(c);
}

void crisis_load(struct crisis *c)
{
	const struct view *view = book_view(emergencies(), "running");
	struct buf params;

	c->is_stale = c->is_asked; /* what changed behind a question is asked for after its answer */
	if (c->is_asked || !may_read(c->app))
		return;
	buf_init(&params, LINE_MAX);
	buf_printf(&params, "{\"where\":%s,\"sort\":[\"%s\"],\"limit\":%d}", view->where, view->sort, MOST);
	c->is_asked = link_ask(c->app->link, "emergency.list", params.data, 0, came, c) != 0;
	buf_done(&params);
}

void crisis_changed(struct crisis *c, const struct book *book)
{
	if (book == emergencies())
		crisis_load(c);
}

void crisis_watches(const struct crisis *c, struct book_set *all)
{
	if (may_read(c->app))
		book_set_add(all, emergencies());
}

const struct node *crisis_runs(void)
{
	return shown != NULL && shown->rows != NULL ? shown->rows->first : NULL;
}

/* ---- drawing ---- */

static void put(struct buf *out, const struct node *row, const char *name)
{
	const struct node *v = node_get(row, name);

	if (v == NULL || v->type == NODE_NULL)
		return;
	buf_puts(out, out->len > 0 ? "  " : "");
	value_show_short(out, book_field(emergencies(), name), v);
}

/* Which key leads there from here. */
static void put_key(struct buf *out, const struct app *app)
{
	const struct binding *all[KEYS_MOST];
	enum context context = app->top->kind->context(app->top);
	size_t n = keys_list(context, NULL, NULL, all, NITEMS(all)), i = 0;

	while (i < n && all[i]->action != ACTION_EMERGENCY)
		i++;
	if (i < n)
		buf_printf(out, tr("%s opens it"), keys_name(all[i], context));
}

int crisis_draw(const struct crisis *c, int row, int cols)
{
	const struct node *r = c->rows != NULL ? c->rows->first : NULL;
	struct buf line;

	if (r == NULL)
		return 0;
	buf_init(&line, LINE_MAX);
	put(&line, r, "kind");
	put(&line, r, "zone");
	put(&line, r, "opened_at");
	put(&line, r, "numbers");
	if (c->rows->count > 1)
		buf_printf(&line, "  +%zu", c->rows->count - 1);
	buf_puts(&line, "  ");
	put_key(&line, c->app);
	tty_put(row, 0, 1, "!", STYLE_LATE);
	tty_put(row, 1, cols - 1, line.data, STYLE_LATE);
	buf_reset(&line);
	buf_printf(&line, "%s: ", tr("Say"));
	value_show_short(&line, book_field(emergencies(), "tell"), node_get(r, "tell"));
	tty_put(row + 1, 1, cols - 1, line.data, STYLE_KEY);
	buf_done(&line);
	return 2;
}

/* ---- the key ---- */

static void kind_chosen(struct screen *from, size_t at, const char *typed)
{
	const struct book *plan = book_find("emergency_plan");
	const struct choice *kinds = book_field(plan, "kind")->choices;
	struct list_setup setup = {.book = plan, .sort = "place"};
	struct buf where;

	if (at == CHOOSE_NONE || typed != NULL)
		return;
	setup.title = kinds[at].label;
	buf_init(&where, 128);
	buf_printf(&where, "{\"kind\":\"%s\"}", kinds[at].word);
	setup.where = where.data;
	list_push(from->app, &setup, NULL, NULL);
	buf_done(&where);
}

static void ask_kind(struct app *app)
{
	const struct choice *kinds = book_field(book_find("emergency_plan"), "kind")->choices;
	struct choice_line lines[KINDS_MOST];
	size_t n = 0;

	for (; kinds[n].word != NULL && n < KINDS_MOST; n++)
		lines[n] = (struct choice_line){.name = tr(kinds[n].label)};
	choose_push(app->top, tr("Procedures"), lines, n, kind_chosen);
}

static bool is_shown(const struct app *app)
{
	const struct book *book = NULL;

	return app->top->kind->row != NULL && app->top->kind->row(app->top, &book) != NULL && book == emergencies();
}

void crisis_show(struct app *app)
{
	const struct node *first = crisis_runs();

	if (first == NULL || is_shown(app))
		ask_kind(app);
	else if (first->next == NULL)
		record_open(app, emergencies(), row_number(first, "id"));
	else
		view_push(app, emergencies(), book_view(emergencies(), "running"));
}

/* ---- life ---- */

struct crisis *crisis_new(struct app *app)
{
	struct crisis *c = calloc(1, sizeof *c);

	if (c == NULL)
		fatal("out of memory");
	c->app = app;
	shown = c;
	return c;
}

void crisis_free(struct crisis *c)
{
	if (c == NULL)
		return;
	if (shown == c)
		shown = NULL;
	link_forget_ctx(c->app->link, c);
	arena_free(c->arena);
	free(c);
}
