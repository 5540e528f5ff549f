/*
 * lock.c - the password once more: the locked screen, the step-up before sealed values, the real sign-in of who signed in
 * without the server.
 *
 * The first two are the call `unlock`. The locked screen covers everything, names too (CNF-06); the others
 * lie over the screen below. Not for: signing in at an empty desk (login.c). Trap: nothing of the screens below may
 * be drawn while locked, so this kind is no overlay then.
 */
#include <stdio.h>
#include <string.h>

#include "client/alone.h"
#include "client/edit.h"
#include "client/offline.h"
#include "client/screens.h"
#include "client/tty.h"
#include "common/i18n.h"

struct lock {
	struct screen screen;
	struct edit password;
	const char *why;                 /* step-up: the sentence above the field */
	struct screen *from;
	void (*done)(struct screen *);   /* step-up only */
	bool is_back;                    /* the real sign-in */
};

static void unlocked(struct screen *s, const struct answer *a)
{
	struct lock *l = (struct lock *)s;
	struct screen *from = l->from;
	void (*done)(struct screen *) = l->done;

	edit_set(&l->password, "");
	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	app_close(s);
	if (done != NULL && !from->is_closed)
		done(from);
	else if (done == NULL)
		app_wrote(s->app); /* whatever happened meanwhile was told to nobody */
}

static void signed_in(struct screen *s, const struct answer *a)
{
	struct lock *l = (struct lock *)s;
	struct app *app = s->app;

	if (a->code == OK) {
		alone_back(app, a->result, l->password.text);
		if (!s->is_closed)
			app_close(s);
		return;
	}
	edit_set(&l->password, "");
	app_refuse(app, a);
}

static void sign_in(struct lock *l)
{
	struct app *app = l->screen.app;

	link_hurry(app->link);
	login_ask(&l->screen, app->who.code, l->password.text, signed_in);
}

static void commit(struct lock *l)
{
	struct buf params;

	if (l->password.len == 0)
		return;
	if (l->is_back) {
		sign_in(l);
		return;
	}
	/* The server, which will ask again when it is back, cannot be asked. */
	if (l->done == NULL && offline_is_ready(l->screen.app) && offline_is_down(l->screen.app) && alone_is_possible(l->screen.app)) {
		if (alone_unlocks(l->screen.app, l->password.text))
			app_close(&l->screen);
		else
			edit_set(&l->password, "");
		return;
	}
	buf_init(&params, 4096);
	buf_puts(&params, "{\"password\":");
	buf_json_str(&params, l->password.text);
	buf_puts(&params, "}");
	app_ask(&l->screen, ASK_ONCE, "unlock", params.data, unlocked);
	buf_done(&params);
}

/* Lies over a screen that is still to be seen. */
static bool is_over(const struct lock *l)
{
	return l->done != NULL || l->is_back;
}

static enum context lock_context(const struct screen *s)
{
	return is_over((const struct lock *)s) ? CONTEXT_DIALOG : CONTEXT_LOCK;
}

static void lock_place(const struct screen *s, struct buf *place)
{
	buf_puts(place, is_over((const struct lock *)s) ? tr("Password") : tr("Locked"));
}

static void lock_draw(struct screen *s, int row, int rows)
{
	struct lock *l = (struct lock *)s;
	const int top = row + rows / 3, left = 16, width = 48;
	char who[400];

	if (l->done == NULL || l->is_back)
		snprintf(who, sizeof who, "%s %s", s->app->who.code, s->app->who.name);
	else
		snprintf(who, sizeof who, "%s", tr("Your password once more"));
	if (is_over(l)) {
		tty_put(top - 1, left - 2, width + 4, "+--------------------------------------------------+", STYLE_TEXT);
		tty_put(top + 5, left - 2, width + 4, "+--------------------------------------------------+", STYLE_TEXT);
		for (int i = 0; i < 5; i++) {
			tty_put(top + i, left - 2, width + 4, "|", STYLE_TEXT);
			tty_put(top + i, left + width + 1, 1, "|", STYLE_TEXT);
		}
	}
	tty_put(top, left, width, who, STYLE_KEY);
	tty_put(top + 1, left, width, l->why, STYLE_TEXT);
	tty_put(top + 3, left, 14, tr("Password"), STYLE_KEY);
	tty_put(top + 3, left + 14, 1, "[", STYLE_TEXT);
	tty_put(top + 3, left + 40, 1, "]", STYLE_TEXT);
	edit_draw(&l->password, top + 3, left + 15, 25, 1, true);
}

static bool lock_handle(struct screen *s, const struct key *key)
{
	struct lock *l = (struct lock *)s;
	unsigned did;

	if (key->kind == K_ENTER) {
		commit(l);
		return true;
	}
	if (key->kind == K_ESC && l->is_back) {
		alone_later();
		app_close(s);
		return true;
	}
	if (key->kind == K_ESC && l->done != NULL) {
		app_close(l->from);
		return true;
	}
	did = edit_handle(&l->password, key);
	if ((did & EDIT_ASK) != 0)
		edit_take_paste(&l->password, false);
	return did != EDIT_IGNORED;
}

static void lock_closed(struct screen *s)
{
	edit_done(&((struct lock *)s)->password);
}

static const struct screen_kind lock_kind = {
	.is_cover = true,
	.context = lock_context, .place = lock_place, .draw = lock_draw, .handle = lock_handle,
	.closed = lock_closed,
};

static const struct screen_kind password_kind = {
	.is_overlay = true, .context = lock_context, .place = lock_place, .draw = lock_draw,
	.handle = lock_handle, .closed = lock_closed,
};

static struct lock *lock_new(struct app *app, const struct screen_kind *kind)
{
	struct lock *l = screen_new(app, kind, sizeof *l);

	edit_init(&l->password, 256, false);
	l->password.secret = true;
	return l;
}

void lock_push(struct app *app)
{
	struct lock *l;

	if (app->top->kind->is_cover)
		return;
	l = lock_new(app, &lock_kind);
	l->why = tr("This screen is locked. What was typed is kept.");
	app_push(&l->screen);
}

void password_push(struct screen *from, const char *why, void (*done)(struct screen *))
{
	struct lock *l = lock_new(from->app, &password_kind);

	l->why = why;
	l->from = from;
	l->done = done;
	app_push(&l->screen);
}

void back_push(struct app *app)
{
	struct lock *l = lock_new(app, &password_kind);

	l->why = tr("The server is back: sign in. Esc: later.");
	l->is_back = true;
	app_push(&l->screen);
}
