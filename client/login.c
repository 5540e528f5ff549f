/*
 * login.c - the sign-in screen: staff number and password, and signing in from the environment.
 *
 * Not for: the lock of a session that lives (lock.c). Trap: the password is wiped when it was sent
 * and when the screen closes; a failed sign-in keeps the name only.
 */
#include <stdio.h>
#include <string.h>

#include "client/draft.h"
#include "client/edit.h"
#include "client/screens.h"
#include "client/tty.h"
#include "common/i18n.h"
#include "common/text.h"

struct login {
	struct screen screen;
	struct edit name, password;
	bool on_password;
};

static void signed_in(struct screen *s, const struct answer *a)
{
	struct app *app = s->app;
	struct login *l = (struct login *)s;

	if (a->code != OK) {
		app_refuse(app, a);
		edit_set(&l->password, "");
		l->on_password = l->name.len > 0;
		return;
	}
	app_take_session(app, a->result);
	status_clear(&app->status);
	app->message_until = 0;
	app_close(s);
	app_home(app);
	draft_remind(app);
}

void login_try(struct app *app, const char *staff, const char *password)
{
	struct buf params;

	buf_init(&params, 4096);
	buf_puts(&params, "{\"staff\":");
	buf_json_str(&params, staff);
	buf_puts(&params, ",\"password\":");
	buf_json_str(&params, password);
	buf_puts(&params, ",\"terminal\":");
	buf_json_str(&params, app->options->terminal);
	buf_puts(&params, ",\"lang\":");
	buf_json_str(&params, i18n_lang());
	buf_puts(&params, "}");
	app_ask(app->top, ASK_ONCE, "sign_in", params.data, signed_in);
	buf_done(&params);
}

static enum context login_context(const struct screen *s)
{
	(void)s;
	return CONTEXT_LOGIN;
}

static void login_place(const struct screen *s, struct buf *place)
{
	(void)s;
	buf_puts(place, tr("Sign in"));
}

static void login_draw(struct screen *s, int row, int rows)
{
	struct login *l = (struct login *)s;
	const int top = row + rows / 3 - 3, left = 21;
	char text[160];

	snprintf(text, sizeof text, "%s %s", tr("Terminal"), s->app->options->terminal);
	tty_say(top, left, 50, text, STYLE_TEXT);
	tty_put(top + 2, left, 16, tr("Work number"), l->on_password ? STYLE_TEXT : STYLE_KEY);
	tty_put(top + 3, left, 16, tr("Password"), l->on_password ? STYLE_KEY : STYLE_TEXT);
	tty_put(top + 5, left, 58, tr("Language: English, 简体中文, 繁體中文, Tiếng Việt (F9)"), STYLE_TEXT);
	for (int i = 2; i <= 3; i++) {
		tty_put(top + i, left + 16, 1, "[", STYLE_TEXT);
		tty_put(top + i, left + 42, 1, "]", STYLE_TEXT);
	}
	edit_draw(&l->name, top + 2, left + 17, 25, 1, !l->on_password);
	edit_draw(&l->password, top + 3, left + 17, 25, 1, l->on_password);
}

static void commit(struct login *l)
{
	if (!l->on_password || l->name.len == 0) {
		l->on_password = l->name.len > 0;
		return;
	}
	login_try(l->screen.app, l->name.text, l->password.text);
}

static bool login_handle(struct screen *s, const struct key *key)
{
	struct login *l = (struct login *)s;
	struct edit *edit = l->on_password ? &l->password : &l->name;
	unsigned did;

	if (key->kind == K_ENTER) {
		commit(l);
		return true;
	}
	if (key->kind == K_TAB || key->kind == K_BACKTAB || key->kind == K_UP || key->kind == K_DOWN) {
		l->on_password = !l->on_password;
		return true;
	}
	did = edit_handle(edit, key);
	if ((did & EDIT_ASK) != 0)
		edit_take_paste(edit, false);
	return did != EDIT_IGNORED;
}

static void login_closed(struct screen *s)
{
	struct login *l = (struct login *)s;

	edit_done(&l->name);
	edit_done(&l->password);
}

static const struct screen_kind login_kind = {
	.context = login_context,
	.place = login_place,
	.draw = login_draw,
	.handle = login_handle,
	.closed = login_closed,
};

void login_push(struct app *app)
{
	struct login *l = screen_new(app, &login_kind, sizeof *l);

	edit_init(&l->name, 64, false);
	edit_init(&l->password, 256, false);
	l->password.secret = true;
	app_push(&l->screen);
}
