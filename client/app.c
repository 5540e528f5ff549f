/*
 * app.c - see app.h: the stack of screens, questions, messages, the session.
 *
 * Not for: the loop, the clock and drawing (loop.c). Trap: whatever ends the session must park the
 * forms before it closes the screens; closed() of a form does that.
 */
#include "client/consoles/console.h"
#include "client/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/form.h"
#include "client/offline.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/i18n.h"
#include "common/log.h"

/* ---- screens ---- */

void *screen_new(struct app *app, const struct screen_kind *kind, size_t size)
{
	struct screen *s = calloc(1, size);

	if (s == NULL)
		fatal("out of memory");
	s->kind = kind;
	s->app = app;
	return s;
}

static void show_top(struct app *app)
{
	if (app->top != NULL && app->top->kind->shown != NULL)
		app->top->kind->shown(app->top);
	app_watch(app);
}

/* Takes the lock off the stack for a moment; NULL when there is none. */
static struct screen *lift_cover(struct app *app)
{
	struct screen *cover = app->top;

	if (cover == NULL || !cover->kind->is_cover)
		return NULL;
	app->top = cover->below;
	return cover;
}

static void put_cover(struct app *app, struct screen *cover)
{
	if (cover == NULL)
		return;
	cover->below = app->top;
	app->top = cover;
}

void app_push(struct screen *s)
{
	struct screen *cover = lift_cover(s->app);

	s->below = s->app->top;
	s->app->top = s;
	show_top(s->app);
	put_cover(s->app, cover);
}

/* A write whose screen was left: its outcome must be said all the same. */
static void late_answered(void *ctx, const struct answer *a)
{
	struct app *app = ctx;

	if (a->code == OK)
		app_say(app, STYLE_TEXT, "%s", tr("What was waiting is saved now."));
	else
		app_say(app, STYLE_ERROR, "%s %s", tr("Not saved:"), a->message);
	app_wrote(app);
}

/* A write goes on without its screen; a read is given up. */
static void leave_question(struct app *app)
{
	if (app->hold.is_write)
		link_redirect(app->link, app->hold.request, late_answered, app);
	else
		link_forget(app->link, app->hold.request);
	app->hold = (struct hold){.request = 0};
}

static void close_top(struct app *app)
{
	struct screen *s = app->top;

	app->top = s->below;
	s->is_closed = true;
	if (app->hold.screen == s)
		leave_question(app);
	link_forget_ctx(app->link, s);
	if (s->kind->closed != NULL)
		s->kind->closed(s);
	s->below = app->closed;
	app->closed = s;
}

void app_close(struct screen *s)
{
	struct app *app = s->app;
	struct screen *cover = s->kind->is_cover ? NULL : lift_cover(app);

	while (!s->is_closed && app->top != NULL)
		close_top(app);
	show_top(app);
	put_cover(app, cover);
}

void app_draw_below(struct screen *s, int row, int rows)
{
	if (s->below != NULL)
		s->below->kind->draw(s->below, row, rows);
}

void app_wrote(struct app *app)
{
	for (struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->wrote != NULL)
			s->kind->wrote(s);
	show_top(app);
}

/* ---- questions ---- */

static void held_answered(void *ctx, const struct answer *a)
{
	struct app *app = ctx;
	const struct hold was = app->hold;

	app->hold = (struct hold){.request = 0};
	was.answered(was.screen, a);
}

static unsigned flags_of(enum ask_kind kind)
{
	if (kind == ASK_SIGN_IN)
		return LINK_ONCE | LINK_STRANGER;
	return kind == ASK_ONCE ? LINK_ONCE : 0;
}

void app_ask(struct screen *s, enum ask_kind kind, const char *method, const char *params,
             screen_answer_cb *answered)
{
	struct app *app = s->app;
	uint64_t request;
	bool recorded;

	if (app_holds(app))
		return;
	/* The same form asks anew, with the same op_id; another screen leaves the write alone. */
	if (app->hold.request != 0 && app->hold.screen == s)
		link_forget(app->link, app->hold.request);
	else if (app->hold.request != 0)
		leave_question(app);
	recorded = kind == ASK_WRITE && offline_write(app, method, params);
	request = recorded ? UINT64_MAX : link_ask(app->link, method, params, flags_of(kind), held_answered, app);
	if (request == 0) {
		app_say(app, STYLE_ERROR, "%s", tr("The request is too big."));
		return;
	}
	app->hold = (struct hold){.answered = answered,
	                          .screen = s,
	                          .request = request,
	                          .since = link_now(),
	                          .is_write = kind == ASK_WRITE,
	                          .is_offline = recorded};
}

void app_answer_offline(struct app *app)
{
	const struct answer a = offline_answer();

	if (app->hold.request != 0 && app->hold.is_offline)
		held_answered(app, &a);
}

bool app_holds(const struct app *app)
{
	return app->hold.request != 0 && !app->hold.is_loose;
}

void app_drop_question(struct app *app)
{
	link_drop(app->link, app->hold.request);
	app->hold = (struct hold){.request = 0};
}

void app_unask(struct screen *s)
{
	if (app_holds(s->app) && s->app->hold.screen == s)
		leave_question(s->app);
}

/* ---- speaking ---- */

void app_say(struct app *app, enum style style, const char *fmt, ...)
{
	char text[sizeof app->status.message];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	status_say(&app->status, style, "%s", text);
	/* What went wrong stays until the next key. */
	app->message_until =
		style == STYLE_ERROR ? 0 : link_now() + app->options->message_seconds * 1000;
}

void app_drop_keys(struct app *app)
{
	app->drop_keys = true;
}

void app_refuse(struct app *app, const struct answer *a)
{
	const char *rule = node_str(node_get(node_get(a->error, "data"), "rule"));

	if (rule != NULL)
		app_say(app, STYLE_ERROR, "(%s) %s", rule, a->message);
	else
		app_say(app, STYLE_ERROR, "%s", a->message);
	app_drop_keys(app);
}

/* ---- the session ---- */

bool app_is_linked(const struct app *app)
{
	return link_state(app->link) == LINK_READY && !app->who.is_alone;
}

static void copy_text(char *to, size_t cap, const struct node *n)
{
	const char *text = node_str(n);

	snprintf(to, cap, "%s", text != NULL ? text : "");
}

void app_take_session(struct app *app, const struct node *result)
{
	const struct node *staff = node_get(result, "staff"), *roles = node_get(result, "roles");
	const char *token = node_str(node_get(result, "token")), *role = node_str(node_get(result, "role"));
	const char *besides = node_str(node_get(result, "acts_night"));
	const char *lang = node_str(node_get(result, "lang"));
	const char *zone = node_str(node_get(result, "timezone"));

	if (staff != NULL) {
		copy_text(app->who.code, sizeof app->who.code, node_get(staff, "code"));
		copy_text(app->who.name, sizeof app->who.name, node_get(staff, "name"));
	}
	if (role != NULL) {
		app->who.role = role_of_word(role);
		app->who.acts = BIT(app->who.role) | (besides != NULL ? BIT(role_of_word(besides)) : 0);
	}
	app->other_console = !console_choose(app->who.role, app->options->console);
	if (roles != NULL)
		app->who.roles = 0;
	for (const struct node *n = roles != NULL ? roles->first : NULL; n != NULL; n = n->next)
		if (node_str(n) != NULL)
			app->who.roles |= BIT(role_of_word(node_str(n)));
	if (token != NULL)
		link_set_token(app->link, token);
	if (lang != NULL)
		i18n_use(lang);
	value_use_zone(node_str(node_get(result, "timezone")));
	/* What is shown and typed is the estate's time, wherever the terminal stands. */
	if (zone != NULL && zone[0] != '\0') {
		setenv("TZ", zone, 1);
		tzset();
	}
	/* Drafts belong to the one who typed them. */
	form_own(app->who.code);
	offline_begin(app);
}

void app_signed_out(struct app *app, const char *sentence)
{
	app->who = (struct person){.role = ROLE_UNSET};
	while (app->top != NULL)
		close_top(app);
	app->hold = (struct hold){.request = 0};
	app->watched = (struct book_set){.word = {0}};
	app->done.slip = NULL;
	link_set_token(app->link, NULL);
	link_set_alone(app->link, false);
	tty_wipe();
	login_push(app);
	app_say(app, STYLE_ERROR, "%s", sentence);
	app_drop_keys(app);
}

void app_home(struct app *app)
{
	console_current()->home(app);
	if (!app->other_console)
		return;
	app_say(app, STYLE_ERROR, tr("Your role does not have the desk \"%s\"; this is its own."), app->options->console);
	app_drop_keys(app);
}

void app_restart(struct app *app)
{
	while (app->top != NULL)
		close_top(app);
	app_home(app);
}

void app_sign_out(struct app *app, const char *sentence)
{
	app_keep(app);
	link_ask(app->link, "sign_out", NULL, LINK_ONCE, NULL, NULL);
	/* The request leaves with the token still set; the connection stays as a stranger's. */
	link_turn(app->link);
	app_signed_out(app, sentence);
}

bool app_is_covered(const struct app *app)
{
	return app->top != NULL && app->top->kind->is_cover;
}

void app_keep(struct app *app)
{
	for (struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->keep != NULL)
			s->kind->keep(s);
}

void app_lock(struct app *app)
{
	if (app->who.code[0] == '\0' || app_is_covered(app))
		return;
	tty_wipe();
	lock_push(app);
}

void app_lock_session(struct app *app)
{
	if (app->who.code[0] == '\0' || app_is_covered(app))
		return;
	app_keep(app);
	link_ask(app->link, "lock", NULL, 0, NULL, NULL);
	app_lock(app);
}

void app_next_language(struct app *app)
{
	size_t at = 0;
	char params[64];

	while (i18n_langs[at] != NULL && strcmp(i18n_langs[at], i18n_lang()) != 0)
		at++;
	i18n_use(i18n_langs[at] != NULL && i18n_langs[at + 1] != NULL ? i18n_langs[at + 1] : i18n_langs[0]);
	link_set_lang(app->link, i18n_lang());
	snprintf(params, sizeof params, "{\"lang\":\"%s\"}", i18n_lang());
	if (app->who.code[0] != '\0')
		link_ask(app->link, "set_language", params, 0, NULL, NULL);
	status_clear(&app->status);
}

void book_set_add(struct book_set *set, const struct book *book)
{
	for (size_t i = 0; i < nbooks && i < BOOK_SET_WORDS * BOOK_SET_WORD; i++)
		if (books[i] == book)
			set->word[i / BOOK_SET_WORD] |= BIT(i % BOOK_SET_WORD);
}

static bool book_set_has(const struct book_set *set, size_t i)
{
	return i < BOOK_SET_WORDS * BOOK_SET_WORD && (set->word[i / BOOK_SET_WORD] & BIT(i % BOOK_SET_WORD)) != 0;
}

void app_watch(struct app *app)
{
	struct book_set wanted = {.word = {0}};
	struct buf params;
	const char *between = "";

	for (const struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->watches != NULL)
			s->kind->watches(s, &wanted);
	if (memcmp(&wanted, &app->watched, sizeof wanted) == 0 || app->who.code[0] == '\0')
		return;
	app->watched = wanted;
	buf_init(&params, 4096);
	buf_puts(&params, "{\"books\":[");
	for (size_t i = 0; i < nbooks; i++)
		if (book_set_has(&wanted, i)) {
			buf_printf(&params, "%s\"%s\"", between, books[i]->name);
			between = ",";
		}
	buf_puts(&params, "]}");
	link_ask(app->link, "watch", params.data, 0, NULL, NULL);
	buf_done(&params);
}
