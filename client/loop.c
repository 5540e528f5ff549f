/*
 * loop.c - the one loop of the console: terminal, link, clock; keys to screens; one picture a turn.
 *
 * Nothing blocks but tty_wait. Not for: what keys mean on a screen. Trap: while a question holds
 * the keyboard, keys stay in the terminal's queue, so that they meet the screen which its answer
 * brings, and no other.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/alone.h"
#include "client/crisis.h"
#include "client/app.h"
#include "client/offline.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/wrap.h"
#include "common/i18n.h"
#include "common/text.h"

enum { HOLD_WORD_MS = 300, ESC_MARGIN_MS = 5, OFFLINE_LOCK_S = 60, VISIT_MS = 700 };

/* ---- from the link ---- */

static void take_change(struct app *app, const struct node *params)
{
	const char *name = node_str(node_get(params, "book"));
	const struct book *book = name != NULL ? book_find(name) : NULL;
	const struct node *id = node_get(params, "id"), *version = node_get(params, "version");

	/* A locked session reads nothing; all is fetched anew when it is unlocked. */
	if (book == NULL || id == NULL || app_is_covered(app))
		return;
	if (book == app->written.book && id->i == app->written.id && version != NULL && version->i == app->written.version)
		return;
	for (struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->changed != NULL)
			s->kind->changed(s, book, id->i, version != NULL ? version->i : 0);
}

/* The session was resumed: it may have been locked meanwhile. */
static void take_greeting(struct app *app, const struct node *result)
{
	const struct node *locked = node_get(result, "locked");

	if (app->who.code[0] != '\0' && locked != NULL && locked->b)
		app_lock(app);
}

/* The words of the server for the end of a session. */
static const char *reason_sentence(const char *reason)
{
	if (reason != NULL && strcmp(reason, "elsewhere") == 0)
		return tr("You signed in at another terminal; this one is signed out.");
	return tr("You are signed out. Sign in again.");
}

static void take_notice(void *ctx, const char *method, const struct node *params)
{
	struct app *app = ctx;
	const char *reason = node_str(node_get(params, "reason"));

	if (strcmp(method, "hello") == 0)
		take_greeting(app, params);
	else if (strcmp(method, "changed") == 0)
		take_change(app, params);
	else if (strcmp(method, "locked") == 0)
		app_lock(app);
	else if (strcmp(method, "signed_out") == 0 && app->who.code[0] != '\0' && !app->who.is_alone)
		app_signed_out(app, reason_sentence(reason));
}

static void link_changed(void *ctx)
{
	struct app *app = ctx;

	/* The server forgot what we watch; and what changed meanwhile was told to nobody. */
	if (!app_is_linked(app) || app->who.code[0] == '\0')
		return;
	app->watched = (struct book_set){.word = {0}};
	offline_begin(app);
	app->connections++;
	if (app_is_covered(app))
		return;
	app_watch(app);
	for (struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->minute != NULL)
			s->kind->minute(s);
}

/* ---- the clock ---- */

static void set_next_minute(struct app *app)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	app->next_minute = link_now() + (60 - now.tv_sec % 60) * 1000 - now.tv_nsec / 1000000 + 5;
}

static void tick(struct app *app)
{
	int64_t now = link_now();

	if (app->message_until != 0 && now >= app->message_until) {
		app->message_until = 0;
		status_clear(&app->status);
	}
	/* Nobody sees who sits down at a desk that the server has lost; but a gate that records must not stop. */
	if (link_offline_seconds(app->link) > OFFLINE_LOCK_S && !offline_is_ready(app) && now - app->last_key > OFFLINE_LOCK_S * 1000)
		app_lock(app);
	if (now < app->next_minute)
		return;
	set_next_minute(app);
	link_keep_alive(app->link, app->had_keys);
	app->had_keys = false;
	if (now - app->last_key > app->options->lock_minutes * 60000 && !(offline_is_ready(app) && offline_is_down(app)))
		app_lock_session(app);
	for (struct screen *s = app_is_covered(app) ? NULL : app->top; s != NULL; s = s->below)
		if (s->kind->minute != NULL)
			s->kind->minute(s);
}

static void due_screens(struct app *app)
{
	for (struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->deadline != NULL && s->kind->deadline(s) >= 0 &&
		    s->kind->deadline(s) <= link_now())
			s->kind->due(s);
}

static int64_t sooner(int64_t a, int64_t b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

static int wait_ms(const struct app *app)
{
	int64_t now = link_now(), at = sooner(app->next_minute, link_deadline(app->link));

	at = sooner(at, offline_deadline(app));
	at = sooner(at, alone_deadline(app));

	if (app->message_until != 0)
		at = sooner(at, app->message_until);
	if (app->visit_until > now)
		at = sooner(at, app->visit_until);
	/* A held Esc is alone only when nothing followed it for a moment. */
	if (app_holds(app) && app->typed_at != 0)
		at = sooner(at, app->typed_at + app->options->escape_delay + ESC_MARGIN_MS);
	/* The words that count seconds: of the outage, and of the answer that is awaited. */
	if (app->hold.request != 0)
		at = sooner(at, now - app->hold.since < HOLD_WORD_MS ? app->hold.since + HOLD_WORD_MS : now + 1000);
	if (link_state(app->link) != LINK_READY && link_deadline(app->link) >= 0)
		at = sooner(at, now + 1000);
	for (const struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->deadline != NULL)
			at = sooner(at, s->kind->deadline(s));
	if (at <= now)
		return 0;
	return at - now > 60000 ? 60000 : (int)(at - now);
}

/* ---- drawing ---- */

static void say_link(struct app *app)
{
	char *word = app->status.link;
	size_t cap = sizeof app->status.link;
	int64_t lost = link_offline_seconds(app->link);

	if (link_state(app->link) == LINK_READY && !app->who.is_alone)
		snprintf(word, cap, "%s", tr("ok"));
	else if (app->who.is_alone || (lost > 0 && app->options->reader))
		snprintf(word, cap, "%s", tr("OFFLINE"));
	else if (lost > 0 || (link_state(app->link) == LINK_OFFLINE && app->who.code[0] != '\0'))
		snprintf(word, cap, "%s %02d:%02d", tr("OFFLINE"), (int)(lost / 60), (int)(lost % 60));
	else
		snprintf(word, cap, "-");
	if (offline_is_broken(app))
		snprintf(word, cap, "%s", tr("JOURNAL BROKEN"));
	else if (offline_waiting(app) > 0)
		snprintf(word + strlen(word), cap - strlen(word), " +%zu", offline_waiting(app));
}

static void say_clock(struct app *app)
{
	time_t now = time(NULL);
	struct tm t;

	localtime_r(&now, &t);
	strftime(app->status.clock, sizeof app->status.clock, "%m-%d %H:%M", &t);
}

/* After 300 ms the message row tells what is awaited, for how long, and the way out. */
static void say_hold(const struct app *app, struct status *status)
{
	int64_t waited = link_now() - app->hold.since;

	if (app->hold.request == 0 || waited < HOLD_WORD_MS)
		return;
	if (app->hold.is_loose || (app->hold.is_write && link_state(app->link) != LINK_READY))
		status_say(status, STYLE_LATE, "%s", tr("Not saved yet: it is sent again by itself."));
	else if (link_state(app->link) == LINK_OFFLINE)
		status_say(status, STYLE_LATE, "%s", tr("No connection yet: it is tried again by itself."));
	else if (app->options->reader)
		status_say(status, STYLE_TEXT, "%s", tr("asking the server, Esc cancels"));
	else
		status_say(status, STYLE_TEXT, tr("asking the server %d s, Esc cancels"), (int)(waited / 1000));
}

static void say_title(struct app *app)
{
	struct buf place;

	buf_init(&place, 512);
	if (app->top->kind->place != NULL)
		app->top->kind->place(app->top, &place);
	status_place(&app->status, place.data);
	buf_done(&place);
	app->status.person[0] = '\0';
	if (app->who.code[0] != '\0')
		snprintf(app->status.person, sizeof app->status.person, "%s %s", app->who.code,
		         tr(role_label(app->who.role)));
	say_clock(app);
	say_link(app);
}

/* What stands in the message row when nothing happened: how old the picture is while the line is down,
 * else what the screen has to say. */
static void say_hint(struct app *app, struct status *status)
{
	int64_t lost = link_offline_seconds(app->link);
	time_t then = time(NULL) - (time_t)lost;
	struct buf text;
	struct tm t;

	if (status->message[0] != '\0')
		return;
	buf_init(&text, sizeof status->message - 1);
	if (app->top->kind->hint != NULL)
		app->top->kind->hint(app->top, &text);
	if (text.len > 0 && (app->who.is_alone || lost > 0))
		buf_puts(&text, "  ");
	if (app->who.is_alone) {
		alone_say(app, &text);
	} else if (lost > 0 && app->who.code[0] != '\0') {
		localtime_r(&then, &t);
		buf_printf(&text, offline_is_ready(app) ? tr("No connection: what you see is as of %02d:%02d; what is done here is recorded, the rest waits.") :
		           tr("No connection: what you see is as of %02d:%02d; nothing is saved till it is back."), t.tm_hour, t.tm_min);
	}
	if (text.len > 0)
		status_say(status, lost > 0 || app->who.is_alone ? STYLE_LATE : STYLE_TEXT, "%s", text.data);
	buf_done(&text);
}

static void draw_body(struct screen *s, int row, int rows)
{
	if (s->kind->is_overlay)
		app_draw_below(s, row, rows);
	s->kind->draw(s, row, rows);
}

/* A sentence too long for its row begins one row higher, over the body. */
static void draw_long_message(struct status *status, int rows, int cols)
{
	char head[sizeof status->message];
	size_t cut = text_width(status->message) < cols ? 0 : wrap_at(status->message, cols - 1);

	if (cut == 0)
		return;
	snprintf(head, sizeof head, "%.*s", (int)cut, status->message);
	memmove(status->message, status->message + cut, strlen(status->message + cut) + 1);
	tty_put(rows - 3, 0, 1, status->style == STYLE_TEXT ? "" : "!", status->style);
	tty_put(rows - 3, 1, cols - 1, head, status->style);
}

/* Screen readers and braille follow the cursor: it visits what is said there, once. */
static void visit_message(struct app *app, const struct status *status, int rows)
{
	if (strcmp(app->visited, status->message) != 0) {
		snprintf(app->visited, sizeof app->visited, "%s", status->message);
		app->visit_until = status->message[0] != '\0' ? link_now() + VISIT_MS : 0;
	}
	if (app->visit_until > link_now())
		tty_cursor(rows - 2, 0);
}

static void draw(struct app *app)
{
	struct status status;
	int rows, cols;

	if (tty_begin()) {
		tty_size(&rows, &cols);
		say_title(app);
		status = app->status;
		say_hold(app, &status);
		say_hint(app, &status);
		draw_body(app->top, 1, rows - 3);
		draw_long_message(&status, rows, cols);
		status_draw(&status);
		status_draw_footer(app->top->kind->context(app->top), app_allows, app);
		if (app->options->reader)
			visit_message(app, &status, rows);
	}
	tty_end();
}

/* ---- keys ---- */

static bool is_everywhere(enum action a)
{
	switch (a) {
	case ACTION_LANGUAGE:
	case ACTION_LOCK:
	case ACTION_PALETTE:
	case ACTION_HELP:
	case ACTION_REDRAW:
	case ACTION_QUIT:
	case ACTION_SIGN_OUT:
	case ACTION_PRINT:
	case ACTION_PRINT_PDF:
	case ACTION_PRINT_DONE:
	case ACTION_CARD:
	case ACTION_ROLE:
	case ACTION_PASSWORD:
	case ACTION_COLLEAGUE:
	case ACTION_REPORTS: case ACTION_EMERGENCY:
		return true;
	case ACTION_UNSET: case ACTION_VERB: case ACTION_OPEN: case ACTION_BACK: case ACTION_COMMIT:
	case ACTION_NEXT: case ACTION_PREVIOUS: case ACTION_UP: case ACTION_DOWN: case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN: case ACTION_FIRST: case ACTION_LAST: case ACTION_FILTER:
	case ACTION_SEARCH: case ACTION_REFRESH: case ACTION_REVEAL: case ACTION_HISTORY:
	case ACTION_WHY: case ACTION_QUEUE: case ACTION_DRAFT: case ACTION_BOX: case ACTION_VIEW:
	case ACTION_SHIFT: case ACTION_HANDOVER: case ACTION_STEP: case ACTION_CALL_HOST: case ACTION_PRINT_LIST: case ACTION_ROLL_CALL: case ACTION_KEEP: case ACTION_END:
		return false;
	}
	return false;
}

static bool has_several_roles(const struct app *app)
{
	return (app->who.roles & (app->who.roles - 1)) != 0;
}

bool app_allows(const struct binding *b, void *arg)
{
	const struct app *app = arg;

	if (b->action == ACTION_ROLE)
		return has_several_roles(app);
	if (b->action == ACTION_PRINT)
		return slip_allows(app);
	if (b->action == ACTION_PRINT_PDF)
		return app->options->papers != NULL && slip_allows(app);
	if (b->action == ACTION_PRINT_DONE)
		return app->done.slip != NULL;
	if (is_everywhere(b->action))
		return true;
	if (b->action == ACTION_VERB)
		return !app->top->kind->only_read && entry_allows(app, b);
	if (b->action == ACTION_VIEW)
		return (book_find(b->book)->readers & BIT(app->who.role)) != 0;
	return app->top->kind->allow == NULL || app->top->kind->allow(app->top, b);
}

static void act_everywhere(struct app *app, enum action action)
{
	if (action == ACTION_LANGUAGE)
		app_next_language(app);
	else if (action == ACTION_LOCK)
		app_lock_session(app);
	else if (action == ACTION_PASSWORD)
		new_password_push(app);
	else if (action == ACTION_COLLEAGUE)
		app_sign_out(app, tr("Somebody else may sign in now; what was typed is kept."));
	else if (action == ACTION_PALETTE)
		palette_push(app);
	else if (action == ACTION_CARD)
		record_open(app, book_find("contact_card"), 1);
	else if (action == ACTION_PRINT)
		slip_start(app);
	else if (action == ACTION_PRINT_PDF)
		slip_start_pdf(app);
	else if (action == ACTION_PRINT_DONE)
		slip_of_done(app);
	else if (action == ACTION_HELP)
		help_push(app, NULL);
	else if (action == ACTION_REDRAW)
		tty_redraw();
	else if (action == ACTION_QUIT)
		app->quit = true;
	else if (action == ACTION_SIGN_OUT)
		app_sign_out(app, tr("You are signed out. Sign in again."));
	else if (action == ACTION_ROLE)
		role_push(app);
	else if (action == ACTION_REPORTS)
		reports_push(app);
	else if (action == ACTION_EMERGENCY)
		crisis_show(app);
}

void app_act(struct app *app, const struct binding *b)
{
	struct screen *s = app->top;

	if (b->action == ACTION_VERB) {
		entry_start(app, book_find(b->book), b->op);
		return;
	}
	if (b->action == ACTION_VIEW) {
		view_push(app, book_find(b->book), book_view(book_find(b->book), b->op));
		return;
	}
	if (b->action == ACTION_HELP && (why_last(app) || (s->kind->help != NULL && s->kind->help(s))))
		return;
	if (is_everywhere(b->action))
		act_everywhere(app, b->action);
	else if (s->kind->act != NULL)
		s->kind->act(s, b);
}

static void bury(struct app *app)
{
	while (app->closed != NULL) {
		struct screen *s = app->closed;

		app->closed = s->below;
		free(s);
	}
}

static void take_key(struct app *app, const struct key *key)
{
	struct screen *s = app->top;
	const struct binding *b;

	if (key->kind == K_EOF) {
		app->quit = true;
		return;
	}
	if (key->kind == K_RESIZE)
		return;
	app->last_key = link_now();
	app->had_keys = true;
	app->visit_until = 0;
	app->message_until = 0;
	status_clear(&app->status);
	if (s->kind->handle != NULL && s->kind->handle(s, key)) {
		app->refused.book = NULL;
		return;
	}
	b = keys_find(s->kind->context(s), key, app_allows, app);
	if (b == NULL || b->action != ACTION_HELP)
		app->refused.book = NULL;
	if (b != NULL)
		app_act(app, b);
}

/* What was typed ahead of an answer that stops it is thrown away, and counted aloud. */
static void drop_keys(struct app *app)
{
	struct key key;
	int n = 0;

	app->drop_keys = false;
	while (tty_next(&key, false)) {
		if (key.kind == K_EOF)
			app->quit = true;
		else if (key.kind != K_RESIZE)
			n++;
	}
	if (n > 0) {
		char said[sizeof app->status.message];

		snprintf(said, sizeof said, "%s", app->status.message);
		app_say(app, app->status.style, tr("%s (%d keys typed ahead were left out)"), said, n);
	}
}

/* Esc while an answer is awaited: a read is given up, a write goes on without the keyboard. Only
 * one typed after the way out was shown counts; an earlier one is type-ahead. */
static void cancel_hold(struct app *app)
{
	struct key key = {.kind = K_UNSET};

	if (!app_holds(app) || app->typed_at < app->hold.since + HOLD_WORD_MS || !tty_escape_waits()) {
		if (link_now() >= app->typed_at + app->options->escape_delay + ESC_MARGIN_MS)
			app->typed_at = 0;
		return;
	}
	app->typed_at = 0;
	if (app->hold.is_write) {
		app->hold.is_loose = true;
	} else {
		link_forget(app->link, app->hold.request);
		app->hold = (struct hold){.request = 0};
		app_say(app, STYLE_TEXT, "%s", tr("Cancelled."));
	}
	while (key.kind != K_ESC && tty_next(&key, false))
		if (key.kind == K_EOF)
			app->quit = true;
}

static void take_keys(struct app *app)
{
	struct key key;

	if (app->drop_keys)
		drop_keys(app);
	cancel_hold(app);
	while (!app->quit && tty_next(&key, app_holds(app))) {
		take_key(app, &key);
		bury(app);
		if (app->drop_keys)
			drop_keys(app);
	}
}

static void turn(struct app *app)
{
	struct pollfd p = {.fd = link_fd(app->link), .events = link_events(app->link)};
	int64_t until;

	draw(app);
	until = link_now() + wait_ms(app);
	tty_hold(app_holds(app)); /* an answer may have come since the keys were looked at */
	if (tty_wait(&p, p.fd >= 0 ? 1 : 0, wait_ms(app)) == 0 && link_now() < until && app_holds(app))
		app->typed_at = link_now();
	link_turn(app->link);
	bury(app);
	offline_turn(app);
	alone_turn(app);
	bury(app);
	tick(app);
	due_screens(app);
	take_keys(app);
	/* What the keys asked for leaves now, not after the next picture. */
	link_turn(app->link);
	bury(app);
	/* A quick answer is here already: what is typed once it is shown is not ahead of it any more. */
	if (app->drop_keys)
		drop_keys(app);
}

static bool connect(struct app *app)
{
	const struct options *o = app->options;
	const struct link_setup setup = {
		.server = o->server, .terminal = o->terminal,
		.keys = {.ca = o->tls_ca, .cert = o->tls_cert, .key = o->tls_key},
		.retry_first = o->retry_first, .retry_most = o->retry_most,
	};
	const struct link_owner owner = {.notice = take_notice, .changed = link_changed, .ctx = app};

	if (o->server != NULL && link_new(&app->link, &setup, &owner) == OK) {
		link_set_lang(app->link, i18n_lang());
		return true;
	}
	fprintf(stderr, "lodge: %s\n", tr("LODGE_SERVER must be unix:PATH or tls:HOST:PORT."));
	return false;
}

int app_run(const struct options *options)
{
	static struct app app;
	const struct tty_options tty = {.colour = options->colour, .theme = options->theme,
		.lean = options->lean, .esc_delay_ms = (int)options->escape_delay};
	const char *why = NULL;

	app.options = options;
	if (!connect(&app))
		return 2;
	if (tty_open(&tty, &why) != OK) {
		fprintf(stderr, "lodge: %s %s\n", tr(why), tr("Try lodge --plain."));
		link_free(app.link);
		return 3;
	}
	set_next_minute(&app);
	app.last_key = link_now();
	login_push(&app);
	if (options->staff != NULL && options->password != NULL)
		login_try(&app, options->staff, options->password);
	while (!app.quit)
		turn(&app);
	while (app.top != NULL)
		app_close(app.top);
	link_turn(app.link); /* the drafts leave */
	offline_end(&app);
	bury(&app);
	tty_close();
	link_free(app.link);
	return 0;
}
