/*
 * password.c - the screen where a person gives himself a new password.
 *
 * The old one, the new one twice. What will not do is the server's to say. Not for: the lock
 * (lock.c). Trap: all three are wiped when they were sent, whatever came of it.
 */
#include <stdio.h>
#include <string.h>

#include "client/alone.h"
#include "client/edit.h"
#include "client/screens.h"
#include "client/tty.h"
#include "common/i18n.h"

enum { OLD, NEW, AGAIN, LINES, CELLS = 36, PASSWORD_MAX = 256 };

static const char *const labels[LINES] = {N_("Old password"), N_("New password"), N_("Once more")};

struct new_password {
	struct screen screen;
	struct edit edits[LINES];
	size_t at;
};

static void wipe(struct new_password *p)
{
	for (size_t i = 0; i < LINES; i++)
		edit_set(&p->edits[i], "");
	p->at = OLD;
}

static void answered(struct screen *s, const struct answer *a)
{
	struct new_password *p = (struct new_password *)s;

	if (a->code == OK)
		alone_new_password(s->app, p->edits[NEW].text);
	wipe(p);
	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	app_close(s);
	app_say(s->app, STYLE_TEXT, "%s", tr("The new password holds from now on."));
}

static void commit(struct new_password *p)
{
	struct app *app = p->screen.app;
	struct buf params;

	if (strcmp(p->edits[NEW].text, p->edits[AGAIN].text) != 0) {
		edit_set(&p->edits[NEW], "");
		edit_set(&p->edits[AGAIN], "");
		p->at = NEW;
		app_say(app, STYLE_ERROR, "%s", tr("The two are not the same; type the new one twice."));
		return;
	}
	buf_init(&params, 4096);
	buf_puts(&params, "{\"old\":");
	buf_json_str(&params, p->edits[OLD].text);
	buf_puts(&params, ",\"new\":");
	buf_json_str(&params, p->edits[NEW].text);
	buf_puts(&params, "}");
	app_ask(&p->screen, ASK_ONCE, "password", params.data, answered);
	explicit_bzero(params.data, params.len);
	buf_done(&params);
}

static enum context password_context(const struct screen *s)
{
	(void)s;
	return CONTEXT_FORM;
}

static void password_place(const struct screen *s, struct buf *place)
{
	(void)s;
	buf_puts(place, tr("New password"));
}

static void password_draw(struct screen *s, int row, int rows)
{
	struct new_password *p = (struct new_password *)s;
	const int top = row + 2, left = 24;

	(void)rows;
	for (size_t k = LINES; k > 0; k--) {
		size_t i = k - 1; /* the line in focus places the cursor, wherever it is */
		int at = top + (int)i;

		tty_put(at, 2, left - 4, tr(labels[i]), i == p->at ? STYLE_KEY : STYLE_TEXT);
		tty_put(at, left - 1, 1, "[", STYLE_TEXT);
		tty_put(at, left + CELLS, 1, "]", STYLE_TEXT);
		edit_draw(&p->edits[i], at, left, CELLS, 1, i == p->at);
	}
	tty_put(top + LINES + 1, 2, 76, tr("At least eight letters; not your name, not a word that everybody tries."), STYLE_TEXT);
	tty_put(top + LINES + 2, 2, 76, tr("Your sessions at other terminals end."), STYLE_TEXT);
}

static void advance(struct new_password *p)
{
	size_t i = 0;

	while (i < LINES && p->edits[i].len > 0)
		i++;
	if (i == LINES)
		commit(p);
	else
		p->at = i;
}

static bool password_handle(struct screen *s, const struct key *key)
{
	struct new_password *p = (struct new_password *)s;
	unsigned did;

	if (key->kind == K_ENTER || key->kind == K_F2) {
		advance(p);
		return true;
	}
	if (key->kind == K_TAB || key->kind == K_DOWN || key->kind == K_BACKTAB || key->kind == K_UP) {
		p->at = (p->at + (key->kind == K_TAB || key->kind == K_DOWN ? 1 : LINES - 1)) % LINES;
		return true;
	}
	if (key->kind == K_ESC) {
		app_close(s);
		return true;
	}
	did = edit_handle(&p->edits[p->at], key);
	if ((did & EDIT_ASK) != 0)
		edit_take_paste(&p->edits[p->at], false);
	return did != EDIT_IGNORED;
}

static void password_act(struct screen *s, const struct binding *b)
{
	if (b->action == ACTION_COMMIT)
		advance((struct new_password *)s);
	else if (b->action == ACTION_BACK)
		app_close(s);
}

static bool password_allow(const struct screen *s, const struct binding *b)
{
	(void)s;
	return b->action != ACTION_DRAFT;
}

static void password_closed(struct screen *s)
{
	for (size_t i = 0; i < LINES; i++)
		edit_done(&((struct new_password *)s)->edits[i]);
}

static const struct screen_kind new_password_kind = {
	.context = password_context, .place = password_place, .draw = password_draw, .handle = password_handle,
	.act = password_act, .allow = password_allow, .closed = password_closed,
};

void new_password_push(struct app *app)
{
	struct new_password *p = screen_new(app, &new_password_kind, sizeof *p);

	for (size_t i = 0; i < LINES; i++) {
		edit_init(&p->edits[i], PASSWORD_MAX, false);
		p->edits[i].secret = true;
	}
	app_push(&p->screen);
}
