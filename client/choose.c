/*
 * choose.c - short choices: key list, palette, roles, search results, and the question before an
 * act that cannot be undone.
 *
 * Each wraps a widget of the toolkit as a screen. Not for: records of a book (list.c). Trap: what
 * was chosen acts on the screen below, so the choice closes itself first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/dialog.h"
#include "client/help.h"
#include "client/palette.h"
#include "client/pick.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "client/wrap.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { CHOICES_MAX = 64, CHOOSE_ARENA_MAX = 256 * 1024 };

static enum context pick_context(const struct screen *s)
{
	(void)s;
	return CONTEXT_PICK;
}

static void put_place(struct buf *place, const struct screen *s, const char *what)
{
	if (s->below != NULL && s->below->kind->place != NULL)
		s->below->kind->place(s->below, place);
	buf_printf(place, " > %s", what);
}

/* ---- a list of lines ---- */

struct choose {
	struct screen screen;
	struct screen *from;
	struct arena *arena, *taken; /* texts; the answer they come from */
	struct pick pick;
	struct pick_item items[CHOICES_MAX];
	choose_cb *chosen;
};

static void choose_place(const struct screen *s, struct buf *place)
{
	put_place(place, s, ((const struct choose *)s)->pick.title);
}

static void choose_draw(struct screen *s, int row, int rows)
{
	pick_draw(&((struct choose *)s)->pick, row, rows);
}

static void choose_hint(const struct screen *s, struct buf *out)
{
	pick_hint(&((const struct choose *)s)->pick, out);
}

/* A digit picks the line that shows it; where lines show none, it filters. */
static size_t numbered(const struct choose *c, const struct key *key)
{
	size_t i = 0;

	if (key->kind != K_TEXT || key->burst || key->cp < '1' || key->cp > '9' || c->pick.filter.len > 0)
		return c->pick.nitems;
	while (i < c->pick.nitems && (c->items[i].key == NULL || c->items[i].key[0] != (char)key->cp ||
			c->items[i].key[1] != '\0'))
		i++;
	return i;
}

static bool choose_handle(struct screen *s, const struct key *key)
{
	struct choose *c = (struct choose *)s;
	size_t at = numbered(c, key);
	unsigned did = at < c->pick.nitems ? PICK_USED : pick_handle(&c->pick, key);
	const struct pick_item *item = pick_taken(&c->pick);
	char typed[256];

	if (at < c->pick.nitems) {
		app_close(s);
		c->chosen(c->from, at, NULL);
	} else if ((did & PICK_CANCEL) != 0) {
		app_close(s);
		c->chosen(c->from, CHOOSE_NONE, NULL);
	} else if ((did & PICK_TAKEN) != 0 && item != NULL) {
		bool matches = pick_holds(&c->pick, item);

		snprintf(typed, sizeof typed, "%s", c->pick.filter.text);
		app_close(s);
		c->chosen(c->from, (size_t)(item - c->items), matches ? NULL : typed);
	}
	return did != PICK_IGNORED;
}

static void choose_closed(struct screen *s)
{
	struct choose *c = (struct choose *)s;

	link_forget_ctx(s->app->link, c);
	pick_done(&c->pick);
	arena_free(c->arena);
}

static const struct screen_kind choose_kind = {
	.context = pick_context, .place = choose_place, .draw = choose_draw, .handle = choose_handle, .hint = choose_hint,
	.closed = choose_closed,
};

static const char *copy(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strdup(arena, text) : NULL;
}

static void choose_add(struct choose *c, const struct choice_line *lines, size_t n)
{
	for (size_t i = 0; i < n && c->pick.nitems < CHOICES_MAX && c->arena != NULL; i++)
		c->items[c->pick.nitems++] = (struct pick_item){.key = copy(c->arena, lines[i].key),
		                                                .name = copy(c->arena, lines[i].name),
		                                                .help = copy(c->arena, lines[i].help)};
}

void choose_push(struct screen *from, const char *title, const struct choice_line *lines, size_t n,
                 choose_cb *chosen)
{
	struct choose *c = screen_new(from->app, &choose_kind, sizeof *c);

	c->from = from;
	c->chosen = chosen;
	c->arena = arena_new(CHOOSE_ARENA_MAX);
	pick_init(&c->pick, title, c->items, 0);
	choose_add(c, lines, n);
	app_push(&c->screen);
}

/* ---- results of the search ---- */

/* What was found last: the rows that the lines of the choice stand for. */
struct found {
	const struct book *book;
	int64_t id;
};

static struct found last_found[CHOICES_MAX];

static void found_chosen(struct screen *from, size_t at, const char *typed)
{
	(void)typed;
	if (at != CHOOSE_NONE && last_found[at].book != NULL)
		record_open(from->app, last_found[at].book, last_found[at].id);
}

/* Rows as lines of the choice from line `first` on; names that are only similar carry a mark. */
static size_t found_lines(const struct node *rows, size_t first, struct choice_line *lines)
{
	size_t n = 0;

	for (const struct node *r = rows->first; r != NULL && first + n < CHOICES_MAX; r = r->next) {
		const char *book = node_str(node_get(r, "book")), *title = node_str(node_get(r, "title"));
		const char *why = node_str(node_get(r, "why"));
		struct found *f = &last_found[first + n];

		*f = (struct found){.book = book != NULL ? book_find(book) : NULL, .id = row_number(r, "id")};
		lines[n].key = why != NULL && strcmp(why, "typo") == 0 ? "~" : node_str(node_get(r, "code"));
		lines[n].name = title != NULL ? title : "";
		lines[n].help = f->book != NULL ? tr(f->book->title) : NULL;
		if (lines[n].key != NULL && strcmp(lines[n].key, lines[n].name) == 0) /* a thing with no other name */
			lines[n].name = "";
		n++;
	}
	return n;
}

static void similar_came(void *ctx, const struct answer *a)
{
	struct choose *c = ctx;
	const struct node *rows = node_get(a->result, "rows");
	struct choice_line lines[CHOICES_MAX];

	if (rows != NULL)
		choose_add(c, lines, found_lines(rows, c->pick.nitems, lines));
}

/* Without holding the keyboard: they are added below whenever they come, or never. */
static void ask_similar(struct app *app, struct choose *c, const char *text)
{
	struct buf params;

	buf_init(&params, 1024);
	buf_puts(&params, "{\"text\":");
	buf_json_str(&params, text);
	buf_puts(&params, ",\"typo\":true}");
	if (!params.failed)
		link_ask(app->link, "find", params.data, 0, similar_came, c);
	buf_done(&params);
}

void found_push(struct app *app, const struct node *rows, struct arena *arena, const char *text)
{
	struct choice_line lines[CHOICES_MAX];

	choose_push(app->top, tr("Found"), lines, found_lines(rows, 0, lines), found_chosen);
	arena_free(arena);
	if (text != NULL)
		ask_similar(app, (struct choose *)app->top, text);
}

/* ---- roles ---- */

static void role_switched(struct screen *s, const struct answer *a)
{
	struct app *app = s->app;

	if (a->code != OK) {
		app_refuse(app, a);
		return;
	}
	app_take_session(app, a->result);
	app_restart(app);
}

static void role_chosen(struct screen *from, size_t at, const char *typed)
{
	char params[64];
	size_t n = 0;

	(void)typed;
	for (enum role r = ROLE_UNSET + 1; r < ROLE_END; r++)
		if ((from->app->who.roles & BIT(r)) != 0 && n++ == at) {
			snprintf(params, sizeof params, "{\"role\":\"%s\"}", role_word(r));
			app_ask(from, ASK_ONCE, "switch_role", params, role_switched);
			return;
		}
}

void role_push(struct app *app)
{
	struct choice_line lines[ROLE_END];
	size_t n = 0;

	for (enum role r = ROLE_UNSET + 1; r < ROLE_END; r++)
		if ((app->who.roles & BIT(r)) != 0)
			lines[n++] = (struct choice_line){.key = role_word(r), .name = tr(role_label(r))};
	choose_push(app->top, tr("Act in which role?"), lines, n, role_chosen);
}

/* ---- the keys of a context ---- */

struct help_screen {
	struct screen screen;
	struct help help;
	char first[640];
	struct offer offer; /* .book NULL: none */
};

static void help_screen_place(const struct screen *s, struct buf *place)
{
	put_place(place, s, tr("Keys"));
}

static void help_screen_draw(struct screen *s, int row, int rows)
{
	struct help_screen *h = (struct help_screen *)s;
	const char *text = h->first;
	int lines, cols, above = 0;

	tty_size(&lines, &cols);
	while (*text != '\0' && above < 4) {
		size_t n = text_width(text) > cols - 2 ? wrap_at(text, cols - 2) : strlen(text);
		char line[sizeof h->first];

		snprintf(line, sizeof line, "%.*s", (int)(n > 0 ? n : strlen(text)), text);
		tty_put(row + above++, 1, cols - 1, line, STYLE_LOCKED);
		text += strlen(line);
	}
	above += above > 0;
	help_draw(&h->help, row + above, rows - above);
}

static bool help_screen_handle(struct screen *s, const struct key *key)
{
	struct help_screen *h = (struct help_screen *)s;
	struct app *app = s->app;
	unsigned did;

	if (h->offer.book != NULL && key->kind == K_TEXT && !key->burst && key->cp == 'a' && h->help.pick.filter.len == 0) {
		app_close(s);
		why_file(app, &h->offer);
		return true;
	}
	did = help_handle(&h->help, key);
	const struct binding *b = help_taken(&h->help);

	if ((did & (PICK_CANCEL | PICK_TAKEN)) != 0)
		app_close(s);
	if ((did & PICK_TAKEN) != 0 && b != NULL)
		app_act(s->app, b);
	return did != PICK_IGNORED;
}

static void help_screen_hint(const struct screen *s, struct buf *out)
{
	pick_hint(&((const struct help_screen *)s)->help.pick, out);
}

static void help_screen_closed(struct screen *s)
{
	help_close(&((struct help_screen *)s)->help);
}

static const struct screen_kind help_kind = {
	.context = pick_context, .place = help_screen_place, .draw = help_screen_draw, .handle = help_screen_handle,
	.hint = help_screen_hint, .closed = help_screen_closed,
};

void help_offer(struct app *app, const char *first, const struct offer *offer)
{
	struct help_screen *h = screen_new(app, &help_kind, sizeof *h);

	if (offer != NULL)
		h->offer = *offer;
	if (first != NULL)
		snprintf(h->first, sizeof h->first, "%s", first);
	help_open(&h->help, app->top->kind->context(app->top), app_allows, app);
	app_push(&h->screen);
}

void help_push(struct app *app, const char *first)
{
	help_offer(app, first, NULL);
}

/* ---- every command by its name ---- */

struct palette_screen {
	struct screen screen;
	struct palette palette;
};

static void palette_screen_place(const struct screen *s, struct buf *place)
{
	put_place(place, s, tr("Commands"));
}

static void palette_screen_draw(struct screen *s, int row, int rows)
{
	palette_draw(&((struct palette_screen *)s)->palette, row, rows);
}

/* Registers and the log are read from their end. */
static const char *usual_sort(const struct book *book)
{
	bool is_register = (book->flags & B_NO_VERSION) != 0;

	for (size_t i = 0; i < book->nfields; i++)
		is_register = is_register || (book->fields[i].flags & F_NUMBER) != 0;
	return is_register ? "-id" : NULL;
}

static void run_command(struct app *app, const struct command *c)
{
	struct list_setup setup = {.book = c->book};

	if (c->report != NULL) {
		report_push(app, c->report);
	} else if (c->book == NULL) {
		const struct binding b = {.action = c->action};

		app_act(app, &b);
	} else if (c->op != NULL) {
		entry_start(app, c->book, c->op->name);
	} else if (c->view != NULL) {
		view_push(app, c->book, c->view);
	} else {
		setup.title = c->book->title;
		setup.sort = usual_sort(c->book);
		list_push(app, &setup, NULL, NULL);
	}
}

static bool palette_screen_handle(struct screen *s, const struct key *key)
{
	struct palette_screen *p = (struct palette_screen *)s;
	unsigned did = palette_handle(&p->palette, key);
	const struct command *taken = palette_taken(&p->palette);
	struct command command;

	if ((did & PICK_CANCEL) != 0)
		app_close(s);
	if ((did & PICK_TAKEN) != 0 && taken != NULL) {
		command = *taken;
		app_close(s);
		run_command(s->app, &command);
	}
	return did != PICK_IGNORED;
}

static void palette_screen_hint(const struct screen *s, struct buf *out)
{
	pick_hint(&((const struct palette_screen *)s)->palette.pick, out);
}

static void palette_screen_closed(struct screen *s)
{
	palette_close(&((struct palette_screen *)s)->palette);
}

static const struct screen_kind palette_kind = {
	.context = pick_context, .place = palette_screen_place, .draw = palette_screen_draw, .handle = palette_screen_handle,
	.hint = palette_screen_hint, .closed = palette_screen_closed,
};

void palette_push(struct app *app)
{
	struct palette_screen *p = screen_new(app, &palette_kind, sizeof *p);

	if (palette_open(&p->palette, app->who.role, app->who.acts) != OK) {
		free(p);
		return;
	}
	app_push(&p->screen);
}

/* ---- the question ---- */

struct confirm {
	struct screen screen;
	struct screen *from;
	struct dialog dialog;
	void (*yes)(struct screen *);
};

static enum context confirm_context(const struct screen *s)
{
	(void)s;
	return CONTEXT_DIALOG;
}

static void confirm_draw(struct screen *s, int row, int rows)
{
	(void)row;
	(void)rows;
	dialog_draw(&((struct confirm *)s)->dialog);
}

static bool confirm_handle(struct screen *s, const struct key *key)
{
	struct confirm *c = (struct confirm *)s;
	unsigned did = dialog_handle(&c->dialog, key);

	/* No closes what asked, too: an operation that was not wanted leaves nothing behind. */
	if ((did & DIALOG_NO) != 0)
		app_close(c->from);
	if ((did & DIALOG_YES) != 0) {
		app_close(s);
		c->yes(c->from);
	}
	return did != DIALOG_IGNORED;
}

static const struct screen_kind confirm_kind = {
	.is_overlay = true, .context = confirm_context, .draw = confirm_draw, .handle = confirm_handle,
};

void confirm_push(struct screen *from, const char *title, const char *object, const char *effect,
                  const char *verb, void (*yes)(struct screen *))
{
	struct confirm *c = screen_new(from->app, &confirm_kind, sizeof *c);

	c->from = from;
	c->yes = yes;
	dialog_init(&c->dialog, title, object, effect, verb, NULL);
	app_push(&c->screen);
}
