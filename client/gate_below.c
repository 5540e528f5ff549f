/*
 * gate_below.c - what is always on below the gate's line: last movements, who waits, what may leave, warnings.
 *
 * One row of a table for each part. Not for: full lists (list.c). Trap: the selection is a record, never a place,
 * so that a row which comes in does not slip under somebody's Enter.
 */
#include "client/gate_screen.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LINE_MAX = 2048, PARTS_MOST = 8 };

struct gate_panel {
	const char *label;        /* English msgid */
	const char *book;
	const char *const *states; /* NULL: the last movements, which are not of the lists */
	const char *field, *value; /* only rows with this word, or NULL */
	const char *const *shows;  /* fields; "state" is the state; ends with NULL */
	bool warns;
};

static const char *const here[] = {"waiting", "asked", "agreed", "inside", NULL}, *const waits[] = {"waiting", "asked", "agreed", NULL};
static const char *const issued[] = {"issued", NULL}, *const in_force[] = {"in_force", NULL}, *const expired[] = {"expired", NULL};
static const char *const movement_shows[] = {"out_at", "state", "badge", "name", "unit", "class", "vehicle", "body", "service", NULL};
static const char *const waiting_shows[] = {"arrived_at", "state", "badge", "name", "unit", "host", "body", "escort", NULL};
static const char *const slip_shows[] = {"no", "unit", "person", "remaining", "valid_on", NULL};
static const char *const barred_shows[] = {"name", "vehicle", "unit", "instruction", "until_day", NULL};
static const char *const pass_shows[] = {"no", "person_name", "kind", "unit", "valid_until", NULL};
static const char *const alert_shows[] = {"arrived_at", "contraband", "name", "unit", "note", NULL};

static const struct gate_panel panels[] = {
	{.label = N_("Last visitors"), .book = "visitor", .shows = movement_shows},
	{.label = N_("Visitors who wait"), .book = "visitor", .states = waits, .shows = waiting_shows},
	{.label = N_("Goods that may leave"), .book = "release_slip", .states = issued, .shows = slip_shows},
	{.label = N_("Alerts of the gate"), .book = "visitor", .states = here, .field = "alert", .value = "true", .shows = alert_shows, .warns = true},
	{.label = N_("Do not admit"), .book = "gate_list", .states = in_force, .field = "kind", .value = "barred", .shows = barred_shows, .warns = true},
	{.label = N_("Passes not handed back"), .book = "entry_pass", .states = expired, .shows = pass_shows, .warns = true},
};

void gate_today(char out[11])
{
	time_t now = time(NULL);
	struct tm t;

	localtime_r(&now, &t);
	strftime(out, 11, "%Y-%m-%d", &t);
}

/* ---- building ---- */

static bool is_among(const char *const *states, const char *state)
{
	for (; *states != NULL; states++)
		if (strcmp(*states, state) == 0)
			return true;
	return false;
}

static bool has_word(const struct node *row, const char *field, const char *value)
{
	const struct node *v = field != NULL ? node_get(row, field) : NULL;
	struct buf word;
	bool same;

	if (field == NULL)
		return true;
	if (v == NULL || v->type == NODE_NULL)
		return false;
	buf_init(&word, 256);
	value_word(&word, v);
	same = word.len > 0 && strcmp(word.data, value) == 0;
	buf_done(&word);
	return same;
}

static void add(struct gate *g, const struct gate_panel *p, const struct node *row)
{
	if (g->nbelow < GATE_BELOW_MOST)
		g->below[g->nbelow++] = (struct gate_below){.panel = p, .book = book_find(p->book), .row = row};
}

static void add_kept(struct gate *g, const struct gate_panel *p, const struct gate_rule *rule)
{
	const struct book *book = book_find(p->book);
	struct keep_row kept;

	for (size_t i = 0, n = 0; n < GATE_BELOW_MOST / PARTS_MOST && keep_row(g->lists, &rule->kept, i, &kept); i++) {
		struct node *row = NULL;

		if (kept.state < 0 || !is_among(p->states, book->states[kept.state].name) || gate_lists_is_twin(g->lists, rule, i))
			continue;
		if (node_parse(g->below_arena, kept.text, strlen(kept.text), GATE_ROW_DEPTH, &row) != OK || !has_word(row, p->field, p->value))
			continue;
		add(g, p, row);
		n++;
	}
}

void gate_below_build(struct gate *g)
{
	g->is_dirty = false;
	g->nbelow = 0;
	arena_reset(g->below_arena);
	for (size_t i = 0; i < NITEMS(panels); i++) {
		const struct gate_panel *p = &panels[i];

		for (const struct node *r = p->states == NULL ? g->last : NULL; r != NULL; r = r->next)
			add(g, p, r);
		for (size_t k = 0; p->states != NULL && k < gate_nrules; k++)
			if (strcmp(gate_rules[k].kept.book, p->book) == 0)
				add_kept(g, p, &gate_rules[k]);
	}
}

/* ---- selecting ---- */

static bool is_selected(const struct gate *g, const struct gate_below *b)
{
	return g->selected_book == b->book && g->selected == row_number(b->row, "id");
}

/* Where the selection is on the screen; ndrawn when it is not there. */
static size_t place_of(const struct gate *g)
{
	size_t i = 0;

	while (i < g->ndrawn && !is_selected(g, &g->below[g->drawn[i]]))
		i++;
	return i;
}

const struct gate_below *gate_below_selected(const struct gate *g)
{
	size_t at = place_of(g);

	return at < g->ndrawn ? &g->below[g->drawn[at]] : NULL;
}

void gate_below_move(struct gate *g, int by)
{
	size_t at = place_of(g);
	const struct gate_below *b;

	if (g->ndrawn == 0)
		return;
	if (at == g->ndrawn)
		at = by > 0 ? 0 : g->ndrawn - 1;
	else if (by < 0)
		at -= at > 0 ? 1 : 0;
	else
		at += at + 1 < g->ndrawn ? 1 : 0;
	b = &g->below[g->drawn[at]];
	g->selected = row_number(b->row, "id");
	g->selected_book = b->book;
}

/* ---- drawing ---- */

/* When something happened last: a movement has three times. */
static const char *time_of(const struct node *row, const char *name)
{
	static const char *const times[] = {"out_at", "in_at", "arrived_at"};

	if (strcmp(name, times[0]) != 0)
		return name;
	for (size_t i = 0; i < NITEMS(times); i++)
		if (node_str(node_get(row, times[i])) != NULL)
			return times[i];
	return name;
}

static void say_row(struct buf *out, const struct gate_below *b)
{
	struct buf value;

	buf_init(&value, LINE_MAX);
	for (const char *const *name = b->panel->shows; *name != NULL; name++) {
		const struct field *f = book_field(b->book, time_of(b->row, *name));

		buf_reset(&value);
		if (strcmp(*name, "state") == 0)
			buf_puts(&value, row_state(b->book, b->row, NULL));
		else if (f != NULL)
			row_show(&value, b->book, f, b->row);
		if (value.len > 0)
			buf_printf(out, "%s%s", out->len > 0 ? "  " : "", value.data);
	}
	buf_done(&value);
}

static void draw_row(struct gate *g, size_t at, int row, int cols)
{
	const struct gate_below *b = &g->below[at];
	bool selected = is_selected(g, b);
	enum style style = selected && !tty_is_lean() ? STYLE_SELECT : b->panel->warns ? STYLE_LATE : STYLE_TEXT;
	struct buf line;

	buf_init(&line, LINE_MAX);
	say_row(&line, b);
	tty_put(row, 0, 2, selected ? ">" : b->panel->warns ? "!" : "", style);
	tty_put(row, 2, cols - 2, line.data, style);
	if (selected && !g->in_box)
		tty_cursor(row, 0);
	buf_done(&line);
	if (g->ndrawn < NITEMS(g->drawn))
		g->drawn[g->ndrawn++] = at;
}

static size_t rows_of(const struct gate *g, const struct gate_panel *p)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nbelow; i++)
		n += g->below[i].panel == p;
	return n;
}

/* Shares the rows out: every part gets one by one what it has, as long as there is room. */
static void share(const struct gate *g, int rows, int out[NITEMS(panels)])
{
	size_t has[NITEMS(panels)];
	bool more = true;

	for (size_t i = 0; i < NITEMS(panels); i++) {
		has[i] = rows_of(g, &panels[i]);
		out[i] = 0;
		rows -= has[i] > 0 ? 1 : 0; /* its head */
	}
	while (more && rows > 0) {
		more = false;
		for (size_t i = 0; i < NITEMS(panels) && rows > 0; i++)
			if ((size_t)out[i] < has[i]) {
				out[i]++;
				rows--;
				more = true;
			}
	}
}

static int draw_panel(struct gate *g, size_t part, int take, int row, int from)
{
	const struct gate_panel *p = &panels[part];
	size_t has = rows_of(g, p);
	int lines, cols;
	char head[160];

	tty_size(&lines, &cols);
	snprintf(head, sizeof head, "%s (%zu)", tr(p->label), has);
	if (row >= from)
		tty_put(row, 1, cols - 2, head, STYLE_KEY);
	row++;
	for (size_t i = 0; i < g->nbelow && take > 0; i++)
		if (g->below[i].panel == p) {
			if (row >= from)
				draw_row(g, i, row, cols);
			row++;
			take--;
		}
	return row;
}

void gate_below_draw(struct gate *g, int row, int rows, int from)
{
	int shares[NITEMS(panels)];

	g->ndrawn = 0;
	share(g, rows, shares);
	for (size_t i = 0; i < NITEMS(panels); i++)
		if (shares[i] > 0)
			row = draw_panel(g, i, shares[i], row, from);
}
