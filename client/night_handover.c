/*
 * night_handover.c - see night_handover.h.
 *
 * The list stays above while both sign below it, so that the red lines can be read back from it. Not for: the form that
 * begins it (entry.c). Trap: passwords live in these fields only; they are wiped with every answer and whenever one
 * leaves the fields, and no draft is made of any of this.
 */
#include "client/night_handover.h"

#include <stdio.h>
#include <string.h>

#include "client/edit.h"
#include "client/opid.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum field_at { STAFF, DIGITS, PASSWORD, FIELDS };
enum { STAFF_MAX = 64, DIGITS_MAX = 1000, PASSWORD_MAX = 256, CELLS = 40, LABEL = 24, FOOT = 5, TEXT_MAX = 4096 };

struct handover {
	struct screen screen;
	struct arena *arena;
	const struct node *row;      /* NULL: none is under way */
	size_t top;
	int height;
	bool is_begun;               /* the form that makes the list was shown, or the list itself */
	bool signs, is_sent;
	enum field_at at;
	struct edit edits[FIELDS];
	char op_id[OPID_SIZE];
};

static const struct book *book(void)
{
	return book_find("handover");
}

/* ---- the record ---- */

static bool is_signed(const struct handover *h)
{
	const char *state = node_str(node_get(h->row, "state"));

	return state != NULL && strcmp(state, "signed") == 0;
}

static const struct node *lines_of(const struct handover *h)
{
	return node_get(h->row, "lines");
}

static void new_intention(struct handover *h)
{
	opid_make(h->op_id);
	h->is_sent = false;
}

static void wipe_password(struct handover *h)
{
	edit_set(&h->edits[PASSWORD], "");
	new_intention(h);
}

/* Outgoing: his password. Incoming: who he is, his password, and the red lines where there are any. */
static bool is_asked(const struct handover *h, enum field_at at)
{
	return at == PASSWORD || (is_signed(h) && (at == STAFF || row_number(h->row, "red") > 0));
}

static void to_first_field(struct handover *h)
{
	h->at = STAFF;
	while (!is_asked(h, h->at))
		h->at++;
}

static void record_came(struct screen *s, const struct answer *a)
{
	struct handover *h = (struct handover *)s;

	if (a->code != OK) {
		app_refuse(s->app, a);
		app_close(s);
		return;
	}
	arena_free(h->arena);
	h->row = a->result;
	h->arena = link_take(s->app->link);
	h->is_begun = true;
	h->signs = h->signs || is_signed(h);
	to_first_field(h);
}

static void running_came(struct screen *s, const struct answer *a)
{
	struct handover *h = (struct handover *)s;
	const struct node *rows = node_get(a->result, "rows");
	char params[64];

	h->row = NULL;
	if (a->code != OK) {
		app_refuse(s->app, a);
		app_close(s);
	} else if (rows != NULL && rows->first != NULL) {
		snprintf(params, sizeof params, "{\"id\":%lld}", (long long)row_number(rows->first, "id"));
		app_ask(s, ASK_READ, "handover.get", params, record_came);
	} else if (h->is_begun) {
		app_close(s);
	} else {
		h->is_begun = true;
		entry_open(s->app, book(), book_op(book(), "freeze"), NULL);
		entry_ready(s->app);
	}
}

static void load(struct handover *h)
{
	app_ask(&h->screen, ASK_READ, "handover.list", "{\"where\":{\"state\":[\"frozen\",\"signed\"]},\"sort\":[\"-frozen_at\"],\"limit\":1}", running_came);
}

/* ---- signing ---- */

static void confirmed(struct screen *s, const struct answer *a)
{
	struct handover *h = (struct handover *)s;
	const char *field = node_str(node_get(node_get(a->error, "data"), "field"));
	bool was_last = is_signed(h);

	wipe_password(h);
	if (a->code != OK) {
		app_refuse(s->app, a);
		if (field != NULL && strcmp(field, "staff") == 0)
			h->at = STAFF;
		else if (field != NULL && strcmp(field, "digits") == 0)
			h->at = DIGITS;
		if (a->code == ERR_CONFLICT)
			load(h);
		return;
	}
	if (was_last) {
		app_say(s->app, STYLE_TEXT, tr("The desk is handed over: %s answers for the estate now."), h->edits[STAFF].text);
		app_close(s);
		app_wrote(s->app);
		return;
	}
	app_say(s->app, STYLE_TEXT, "%s", tr("Signed. Now who takes the desk over; until then it is yours."));
	load(h);
}

static void commit(struct handover *h)
{
	bool is_last = is_signed(h);
	struct buf params;

	buf_init(&params, TEXT_MAX);
	buf_printf(&params, "{\"op_id\":\"%s\",\"id\":%lld,\"version\":%lld,\"password\":", h->op_id, (long long)row_number(h->row, "id"),
		(long long)row_number(h->row, "version"));
	buf_json_str(&params, h->edits[PASSWORD].text);
	if (is_last) {
		buf_puts(&params, ",\"staff\":");
		buf_json_str(&params, h->edits[STAFF].text);
	}
	if (is_last && h->edits[DIGITS].len > 0) {
		buf_puts(&params, ",\"digits\":");
		buf_json_str(&params, h->edits[DIGITS].text);
	}
	buf_puts(&params, "}");
	h->is_sent = true;
	if (!params.failed)
		app_ask(&h->screen, ASK_WRITE, is_last ? "handover.confirm_in" : "handover.confirm_out", params.data, confirmed);
	explicit_bzero(params.data, params.len);
	buf_done(&params);
}

/* Enter: the next field that is asked for and empty; with none left it signs. */
static void advance(struct handover *h)
{
	for (int at = STAFF; at < FIELDS; at++)
		if (is_asked(h, (enum field_at)at) && h->edits[at].len == 0) {
			h->at = (enum field_at)at;
			return;
		}
	commit(h);
}

static void go(struct handover *h, int by)
{
	do
		h->at = (enum field_at)(((int)h->at + by + FIELDS) % FIELDS);
	while (!is_asked(h, h->at));
}

/* ---- the screen ---- */

static size_t count_lines(const struct handover *h)
{
	return lines_of(h) != NULL ? lines_of(h)->count : 0;
}

static void scroll(struct handover *h, int64_t to)
{
	int64_t most = (int64_t)count_lines(h) - h->height;

	h->top = (size_t)(to > most ? (most > 0 ? most : 0) : to > 0 ? to : 0);
}

static void put_line(struct buf *out, const struct node *row)
{
	static const struct { const char *name; int cells; } columns[] = {{"line", 4}, {"source", 20}, {"no", 7}, {"text", 35}, {"since", 12}};
	const struct book *lines = book_find("handover_item");
	struct buf value;
	char cell[TEXT_MAX];

	buf_init(&value, TEXT_MAX);
	for (size_t i = 0; i < NITEMS(columns); i++) {
		const struct node *v = node_get(row, columns[i].name);

		buf_reset(&value);
		if (v != NULL && v->type != NODE_NULL)
			row_show(&value, lines, book_field(lines, columns[i].name), row);
		text_fit(cell, sizeof cell, value.len > 0 ? value.data : "", columns[i].cells - 1);
		buf_printf(out, "%s ", cell);
	}
	buf_done(&value);
}

static void draw_line(const struct node *row, int at, int cols)
{
	const struct node *red = node_get(row, "red");
	bool is_red = red != NULL && red->b;
	struct buf line;

	buf_init(&line, TEXT_MAX);
	put_line(&line, row);
	tty_put(at, 0, 2, is_red ? "!" : "", is_red ? STYLE_LATE : STYLE_TEXT);
	tty_put(at, 2, cols - 2, line.data, is_red ? STYLE_LATE : STYLE_TEXT);
	buf_done(&line);
}

static void draw_head(const struct handover *h, int row, int cols)
{
	static const char *const shown[] = {"no", "items", "red", "frozen_at", "outgoing"};
	struct buf head;

	buf_init(&head, TEXT_MAX);
	for (size_t i = 0; i < NITEMS(shown); i++) {
		const struct field *f = book_field(book(), shown[i]);

		buf_printf(&head, "%s%s ", i > 0 ? "   " : "", tr(f->label));
		row_show(&head, book(), f, h->row);
	}
	tty_put(row, 1, cols - 2, head.data, STYLE_KEY);
	buf_done(&head);
}

static const char *label_of(const struct handover *h, enum field_at at)
{
	if (at == STAFF)
		return tr("Who takes the desk over");
	if (at == DIGITS)
		return tr("Last two digits, red lines");
	return is_signed(h) ? tr("Password of who takes it") : tr("Your password");
}

static void draw_fields(struct handover *h, int row, int cols)
{
	/* The field in focus is drawn last: it places the cursor. */
	for (int pass = 0; pass < 2; pass++)
		for (int at = STAFF, line = row; at < FIELDS; at++) {
			bool focused = (enum field_at)at == h->at;

			if (!is_asked(h, (enum field_at)at))
				continue;
			if (focused == (pass == 1)) {
				tty_put(line, 1, LABEL + 4, label_of(h, (enum field_at)at), focused ? STYLE_KEY : STYLE_TEXT);
				tty_put(line, LABEL + 5, 1, "[", STYLE_TEXT);
				tty_put(line, LABEL + 6 + CELLS, 1, "]", STYLE_TEXT);
				edit_draw(&h->edits[at], line, LABEL + 6, CELLS, 1, focused);
			}
			line++;
		}
	tty_put(row - 1, 1, cols - 2, is_signed(h) ? tr("Who takes the desk over signs:") : tr("Who hands the desk over signs:"), STYLE_KEY);
}

static void handover_draw(struct screen *s, int row, int rows)
{
	struct handover *h = (struct handover *)s;
	int lines, cols;
	size_t i = 0;

	tty_size(&lines, &cols);
	tty_cursor(row, 0);
	if (h->row == NULL)
		return;
	h->height = rows - 2 - (h->signs ? FOOT : 0);
	scroll(h, (int64_t)h->top);
	draw_head(h, row, cols);
	for (const struct node *r = lines_of(h) != NULL ? lines_of(h)->first : NULL; r != NULL; r = r->next, i++)
		if (i >= h->top && i < h->top + (size_t)h->height)
			draw_line(r, row + 2 + (int)(i - h->top), cols);
	if (i == 0)
		tty_put(row + 2, 1, cols - 2, tr("Nothing is open."), STYLE_TEXT);
	if (h->signs)
		draw_fields(h, row + rows - FOOT + 2, cols);
}

static void handover_hint(const struct screen *s, struct buf *out)
{
	const struct handover *h = (const struct handover *)s;

	if (h->row != NULL && !h->signs)
		buf_puts(out, tr("Read the list together, the red lines first. Enter goes on to the passwords."));
	else if (h->row != NULL)
		buf_puts(out, tr("Enter signs; PgUp and PgDn move the list; the second password hands over."));
}

static enum context handover_context(const struct screen *s)
{
	return ((const struct handover *)s)->signs ? CONTEXT_FORM : CONTEXT_LIST;
}

static void handover_place(const struct screen *s, struct buf *place)
{
	(void)s;
	buf_puts(place, tr(book()->title));
}

static const struct node *handover_row(const struct screen *s, const struct book **of)
{
	const struct handover *h = (const struct handover *)s;

	*of = h->signs || h->row == NULL ? NULL : book();
	return h->signs ? NULL : h->row;
}

/* ---- keys ---- */

static void leave_fields(struct handover *h)
{
	wipe_password(h);
	h->signs = false;
}

static bool handle_edit(struct handover *h, const struct key *key)
{
	unsigned did = edit_handle(&h->edits[h->at], key);

	if ((did & EDIT_ASK) != 0)
		edit_take_paste(&h->edits[h->at], false);
	if ((did & EDIT_CHANGED) != 0 && h->is_sent)
		new_intention(h);
	return did != EDIT_IGNORED;
}

static bool handover_handle(struct screen *s, const struct key *key)
{
	struct handover *h = (struct handover *)s;

	if (!h->signs)
		return false;
	if (key->kind == K_ENTER || key->kind == K_F2)
		advance(h);
	else if (key->kind == K_TAB || key->kind == K_DOWN)
		go(h, 1);
	else if (key->kind == K_BACKTAB || key->kind == K_UP)
		go(h, -1);
	else if (key->kind == K_PGUP || key->kind == K_PGDN)
		scroll(h, (int64_t)h->top + (key->kind == K_PGUP ? -h->height : h->height));
	else if (key->kind == K_ESC)
		leave_fields(h);
	else
		return handle_edit(h, key);
	return true;
}

static void handover_act(struct screen *s, const struct binding *b)
{
	struct handover *h = (struct handover *)s;
	int64_t page = h->height > 1 ? h->height - 1 : 1;

	if (b->action == ACTION_OPEN && h->row != NULL)
		h->signs = true;
	else if (b->action == ACTION_BACK)
		app_close(s);
	else if (b->action == ACTION_REFRESH)
		load(h);
	else if (b->action == ACTION_UP || b->action == ACTION_DOWN)
		scroll(h, (int64_t)h->top + (b->action == ACTION_UP ? -1 : 1));
	else if (b->action == ACTION_PAGE_UP || b->action == ACTION_PAGE_DOWN)
		scroll(h, (int64_t)h->top + (b->action == ACTION_PAGE_UP ? -page : page));
	else if (b->action == ACTION_FIRST || b->action == ACTION_LAST)
		scroll(h, b->action == ACTION_FIRST ? 0 : (int64_t)count_lines(h));
}

static bool handover_allow(const struct screen *s, const struct binding *b)
{
	(void)s;
	return b->action != ACTION_FILTER && b->action != ACTION_DRAFT && b->action != ACTION_SEARCH;
}

/* On top again, after the form that makes the list or an operation on it. */
static void handover_shown(struct screen *s)
{
	struct handover *h = (struct handover *)s;

	if (h->is_begun && !h->signs)
		load(h);
}

static void handover_closed(struct screen *s)
{
	struct handover *h = (struct handover *)s;

	for (int i = 0; i < FIELDS; i++)
		edit_done(&h->edits[i]);
	arena_free(h->arena);
}

static const struct screen_kind handover_kind = {
	.context = handover_context, .place = handover_place, .draw = handover_draw, .handle = handover_handle, .act = handover_act,
	.hint = handover_hint, .allow = handover_allow, .row = handover_row, .shown = handover_shown, .closed = handover_closed,
};

bool night_handover_allows(const struct app *app)
{
	return (book_op(book(), "freeze")->roles & BIT(app->who.role)) != 0;
}

void night_handover_push(struct app *app)
{
	struct handover *h = screen_new(app, &handover_kind, sizeof *h);

	edit_init(&h->edits[STAFF], STAFF_MAX, false);
	edit_init(&h->edits[DIGITS], DIGITS_MAX, false);
	edit_init(&h->edits[PASSWORD], PASSWORD_MAX, false);
	h->edits[PASSWORD].secret = true;
	new_intention(h);
	app_push(&h->screen);
	load(h);
}
