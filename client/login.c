/*
 * login.c - the sign-in screen: staff number and password, and signing in from the environment.
 *
 * Not for: the lock of a session that lives (lock.c). Trap: the password is wiped when it was sent
 * and when the screen closes; a failed sign-in keeps the name only.
 */
#include <stdio.h>
#include <string.h>

#include "client/alone.h"
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

enum { PATIENCE_MS = 1500 };

static void go_home(struct login *l)
{
	struct app *app = l->screen.app;

	status_clear(&app->status);
	app->message_until = 0;
	app_close(&l->screen);
	app_home(app);
}

static void not_let_in(struct login *l)
{
	edit_set(&l->password, "");
	l->on_password = l->name.len > 0;
}

/* The server is away: who may sign in without it. */
static void sign_in_alone(struct login *l)
{
	if (alone_sign_in(l->screen.app, l->name.text, l->password.text))
		go_home(l);
	else
		not_let_in(l);
}

static void signed_in(struct screen *s, const struct answer *a)
{
	struct app *app = s->app;
	struct login *l = (struct login *)s;

	/* Without .error it was no server that said no. */
	if (a->code == ERR_DEGRADED && a->error == NULL && alone_is_possible(app)) {
		sign_in_alone(l);
		return;
	}
	if (a->code != OK) {
		app_refuse(app, a);
		not_let_in(l);
		return;
	}
	app_take_session(app, a->result);
	alone_signed_in(app, l->name.text, l->password.text);
	go_home(l);
	draft_remind(app);
}

void login_ask(struct screen *s, const char *staff, const char *password, screen_answer_cb *answered)
{
	struct app *app = s->app;
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
	app_ask(s, ASK_SIGN_IN, "sign_in", params.data, answered);
	buf_done(&params);
}

static void commit(struct login *l)
{
	if (!l->on_password || l->name.len == 0) {
		l->on_password = l->name.len > 0;
		return;
	}
	link_hurry(l->screen.app->link);
	login_ask(&l->screen, l->name.text, l->password.text, signed_in);
}

void login_try(struct app *app, const char *staff, const char *password)
{
	struct login *l = (struct login *)app->top;

	edit_set(&l->name, staff);
	edit_set(&l->password, password);
	l->on_password = true;
	commit(l);
}

/* A server that is not there is waited for a moment only, where one may sign in without it. */
static int64_t login_deadline(const struct screen *s)
{
	const struct app *app = s->app;

	if (app->hold.request == 0 || app->hold.screen != s || link_state(app->link) == LINK_READY || !alone_is_possible(app))
		return -1;
	return app->hold.since + PATIENCE_MS;
}

static void login_due(struct screen *s)
{
	app_drop_question(s->app);
	sign_in_alone((struct login *)s);
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
	.deadline = login_deadline,
	.due = login_due,
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
