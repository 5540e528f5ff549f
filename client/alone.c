/*
 * alone.c - see alone.h.
 *
 * Not for: the files' contents. Trap: what is read from the disk was written by whoever could; nothing is believed
 * before the box of the password, then the lists, then the journal have opened with one and the same key.
 */
#include "client/alone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/consoles/console.h"
#include "client/keep_file.h"
#include "client/offline.h"
#include "client/screens.h"
#include "client/signins.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"

enum { QUIET_MS = 1500, LATER_MS = 60 * 1000, LOOK_MS = 500, SESSION_MAX = 4096, SESSION_DEPTH = 4 };

static struct {
	unsigned char key[JOURNAL_KEY_BYTES];      /* the terminal's */
	bool has_key;
	char typed[SIGNINS_NAME_MAX];              /* who signed in with the server, till his line is written */
	unsigned char salt[SEALED_SALT_BYTES], stretched[SEALED_KEY_BYTES];
	bool is_stretched;
	char *lists;                               /* of who signed in without it, till the console takes them */
	size_t nlists;
	int64_t age, as_of;
	int64_t wrong_at;                          /* link_now() of the last wrong password; 0 = none since the start */
	int64_t ask_at;
} alone;

/* ---- files ---- */

static void lists_path(const struct app *app, const char *code, char *path, size_t cap)
{
	char ending[SIGNINS_NAME_MAX + 8];

	snprintf(ending, sizeof ending, ".%s.lists", code);
	for (char *c = ending + 1; *c != '\0'; c++)
		if (*c == '/')
			*c = '_';
	offline_path(app, ending, path, cap);
}

static void signins_path(const struct app *app, char *path, size_t cap)
{
	offline_path(app, ".signins", path, cap);
}

/* Whoever's lists ran out, or are not there, has no line any more. */
static void prune(const struct app *app, struct signins *all)
{
	char path[4096];
	struct stat st;

	for (size_t i = all->n; i-- > 0;) {
		lists_path(app, all->line[i].code, path, sizeof path);
		if (stat(path, &st) == 0 && time(NULL) - st.st_mtime <= offline_seconds_kept(app))
			continue;
		unlink(path);
		signins_drop(all, all->line[i].code);
	}
}

static void forget_stretched(void)
{
	explicit_bzero(alone.stretched, sizeof alone.stretched);
	alone.is_stretched = false;
}

/* ---- with a server ---- */

void alone_signed_in(struct app *app, const char *typed, const char *password)
{
	forget_stretched();
	if (app->options->journal == NULL || !console_stands_alone(app->who.role) || strlen(typed) >= sizeof alone.typed)
		return;
	snprintf(alone.typed, sizeof alone.typed, "%s", typed);
	sealed_salt(alone.salt);
	alone.is_stretched = sealed_stretch(alone.stretched, password, alone.salt);
}

void alone_new_password(struct app *app, const char *password)
{
	char typed[sizeof alone.typed];

	snprintf(typed, sizeof typed, "%s", alone.typed[0] != '\0' ? alone.typed : app->who.code);
	alone_signed_in(app, typed, password);
}

void alone_take_key(const unsigned char *key)
{
	memcpy(alone.key, key, sizeof alone.key);
	alone.has_key = true;
}

bool alone_keeps(const struct app *app)
{
	return app->options->journal != NULL && alone.has_key && app->who.code[0] != '\0' && !app->who.is_alone && console_stands_alone(app->who.role);
}

bool alone_waits(void)
{
	return alone.is_stretched;
}

void alone_head(const struct app *app, struct keep_head *h)
{
	*h = (struct keep_head){.saved = offline_now(), .hours = offline_seconds_kept(app) / 3600};
	snprintf(h->staff, sizeof h->staff, "%s", app->who.code);
	snprintf(h->terminal, sizeof h->terminal, "%s", app->options->terminal);
	snprintf(h->books, sizeof h->books, "%s", books_hash());
	offline_pins(h->pins);
	keep_clock_read(&h->clock);
}

/* His line, closed with the password that he gave when he signed in. */
static void write_line(struct app *app)
{
	static struct signins all;
	const char *zone = getenv("TZ");
	struct signin person = {.lang = ""};
	char path[4096];
	enum err err;

	memcpy(person.key, alone.key, sizeof person.key);
	snprintf(person.code, sizeof person.code, "%s", app->who.code);
	snprintf(person.name, sizeof person.name, "%s", app->who.name);
	snprintf(person.role, sizeof person.role, "%s", role_word(app->who.role));
	snprintf(person.lang, sizeof person.lang, "%s", i18n_lang());
	snprintf(person.zone, sizeof person.zone, "%s", zone != NULL ? zone : "");
	signins_path(app, path, sizeof path);
	if (signins_read(&all, path) != OK) /* none, or a damaged one: it begins anew */
		memset(&all, 0, sizeof all);
	all.tries = 0;
	prune(app, &all);
	err = signins_put(&all, &person, alone.typed, alone.salt, alone.stretched);
	if (err == OK)
		err = signins_write(&all, path);
	explicit_bzero(&person, sizeof person);
	forget_stretched();
	if (err != OK)
		app_say(app, STYLE_ERROR, "%s", tr("The disk of this terminal takes nothing: nobody can sign in here without the server."));
}

void alone_keep(struct app *app, const char *text, size_t len)
{
	char path[4096];

	lists_path(app, app->who.code, path, sizeof path);
	/* No lists rather than old ones: a journal that was handed in since would be missing in them. */
	if (text == NULL || keep_file_write(path, alone.key, app->who.code, text, len) != OK)
		unlink(path);
	else if (alone.is_stretched)
		write_line(app);
}

/* ---- without ---- */

bool alone_is_possible(const struct app *app)
{
	char path[4096];

	if (app->options->journal == NULL)
		return false;
	signins_path(app, path, sizeof path);
	return access(path, R_OK) == 0;
}

/* Seconds that are still to be waited after wrong passwords; those of an earlier run count from this one's start. */
static int64_t seconds_to_wait(const struct signins *all)
{
	int64_t passed;

	if (alone.wrong_at == 0)
		alone.wrong_at = link_now();
	passed = (link_now() - alone.wrong_at) / 1000;
	return signins_pause(all->tries) > passed ? signins_pause(all->tries) - passed : 0;
}

/* Opens his line; false: said why not. */
static bool open_line(struct app *app, const char *typed, const char *password, struct signin *person)
{
	static struct signins all;
	char path[4096];
	int64_t wait;
	enum err err;

	signins_path(app, path, sizeof path);
	err = signins_read(&all, path);
	wait = err == OK && all.tries > 0 ? seconds_to_wait(&all) : 0;
	if (err != OK)
		app_say(app, STYLE_ERROR, "%s", tr("The list of who may sign in here without the server is damaged and is not used."));
	else if (wait > 0)
		app_say(app, STYLE_ERROR, tr("Wrong passwords: try again in %d s."), (int)wait);
	if (err != OK || wait > 0)
		return false;
	err = signins_open(&all, typed, password, person);
	if (err != OK || all.tries > 0) {
		all.tries = err == OK ? 0 : all.tries + 1;
		alone.wrong_at = link_now();
		if (signins_write(&all, path) != OK) /* a count that cannot be kept must not be nothing */
			err = ERR_DEGRADED;
	}
	if (err != OK)
		app_say(app, STYLE_ERROR, "%s", tr("No connection; and without the server nobody may sign in here with this name and password."));
	return err == OK;
}

/* Why his lists cannot be used, English msgid; NULL: they can, and wait in alone.lists. */
static const char *open_lists(struct app *app, const struct signin *person, struct keep_head *head, int64_t *now)
{
	struct keep_clock clock;
	char path[4096];
	enum err err;

	lists_path(app, person->code, path, sizeof path);
	err = keep_file_read(path, person->key, person->code, &alone.lists, &alone.nlists);
	if (err == ERR_NOT_FOUND)
		return N_("There are no lists of yours here: signing in needs the server.");
	if (err == OK)
		err = keep_file_parse(head, alone.lists, alone.nlists, NULL, NULL);
	keep_clock_read(&clock);
	*now = err == OK ? keep_file_now(head, &clock) : 0;
	if (err == OK && *now < 0)
		return N_("The clock of this terminal was set back: signing in needs the server.");
	if (err == OK)
		err = keep_file_judge(head, person->code, app->options->terminal, *now);
	if (err == ERR_NOT_FOUND)
		return N_("Your lists here are too old and are gone: signing in needs the server.");
	return err == OK ? NULL : N_("Your lists here are damaged, or somebody else's, and are not used: signing in needs the server.");
}

/* As the server would have answered. */
static void take_person(struct app *app, const struct signin *person)
{
	struct arena *arena = arena_new(16 * SESSION_MAX);
	struct node *result = NULL;
	struct buf text;

	buf_init(&text, SESSION_MAX);
	buf_puts(&text, "{\"staff\":{\"code\":");
	buf_json_str(&text, person->code);
	buf_json_member(&text, "name", person->name);
	buf_puts(&text, "}");
	buf_json_member(&text, "role", person->role);
	buf_printf(&text, ",\"roles\":[\"%s\"]", person->role);
	buf_json_member(&text, "lang", person->lang);
	buf_json_member(&text, "timezone", person->zone);
	buf_puts(&text, "}");
	app->who.is_alone = true;
	link_set_alone(app->link, true);
	if (arena != NULL && node_parse(arena, text.data, text.len, SESSION_DEPTH, &result) == OK)
		app_take_session(app, result);
	buf_done(&text);
	arena_free(arena);
}

static void forget_lists(void)
{
	if (alone.lists != NULL)
		alone_wipe(alone.lists, alone.nlists);
	alone.lists = NULL;
}

static bool begin(struct app *app, const struct signin *person)
{
	struct keep_head head = {.as_of = 0};
	const char *why;
	char path[4096];
	int64_t now = 0;

	forget_lists();
	if (!console_stands_alone(role_of_word(person->role)))
		why = N_("Your role signs in with the server only.");
	else
		why = open_lists(app, person, &head, &now);
	if (why != NULL) {
		/* What ran out is no use to anybody. */
		if (now > 0 && now - head.as_of > head.hours * 3600) {
			lists_path(app, person->code, path, sizeof path);
			unlink(path);
		}
		forget_lists();
		app_say(app, STYLE_ERROR, "%s", tr(why));
		return false;
	}
	if (!offline_open(app, person->key, head.pins, head.hours, now)) {
		forget_lists();
		return false;
	}
	alone.as_of = head.as_of;
	alone.age = now - head.as_of;
	alone.ask_at = 0;
	take_person(app, person);
	return true;
}

bool alone_sign_in(struct app *app, const char *typed, const char *password)
{
	struct signin person;
	bool done = open_line(app, typed, password, &person) && begin(app, &person);

	explicit_bzero(&person, sizeof person);
	if (!done)
		app_drop_keys(app);
	return done;
}

char *alone_take_lists(size_t *len, int64_t *age)
{
	char *text = alone.lists;

	*len = alone.nlists;
	*age = alone.age;
	alone.lists = NULL;
	return text;
}

void alone_wipe(char *text, size_t len)
{
	explicit_bzero(text, len);
	free(text);
}

bool alone_unlocks(struct app *app, const char *password)
{
	struct signin person;
	bool opened = open_line(app, app->who.code, password, &person);

	explicit_bzero(&person, sizeof person);
	return opened;
}

void alone_say(const struct app *app, struct buf *text)
{
	time_t as_of = (time_t)alone.as_of;
	int64_t minutes = (offline_now() - alone.as_of) / 60;
	size_t before = text->len;
	char when[32];
	struct tm t;

	if (link_state(app->link) == LINK_READY)
		buf_puts(text, tr("The server is back: you are asked for your password in the next quiet moment."));
	else if (as_of == 0)
		buf_puts(text, tr("Without the server, and without lists: what is done here is recorded."));
	if (text->len > before)
		return;
	localtime_r(&as_of, &t);
	strftime(when, sizeof when, "%m-%d %H:%M", &t);
	buf_printf(text, tr("Without the server: lists of %s, %d h %02d min old; what is done here is recorded."), when, (int)(minutes / 60), (int)(minutes % 60));
}

void alone_forget_lists(struct app *app)
{
	static struct signins all;
	char path[4096];

	alone.as_of = 0;
	lists_path(app, app->who.code, path, sizeof path);
	unlink(path);
	signins_path(app, path, sizeof path);
	if (signins_read(&all, path) != OK)
		return;
	signins_drop(&all, app->who.code);
	(void)!signins_write(&all, path);
}

/* ---- the server is back ---- */

static bool is_back(const struct app *app)
{
	return app->who.is_alone && link_state(app->link) == LINK_READY && !app_is_covered(app);
}

/* Nothing is open, nothing is awaited, nobody types. */
static bool is_quiet(const struct app *app)
{
	return app->top != NULL && app->top->below == NULL && !app_holds(app) && app->top->kind->context(app->top) != CONTEXT_BOX &&
	       link_now() - app->last_key > QUIET_MS;
}

void alone_turn(struct app *app)
{
	if (is_back(app) && is_quiet(app) && link_now() >= alone.ask_at)
		back_push(app);
}

int64_t alone_deadline(const struct app *app)
{
	return is_back(app) && app->top != NULL && app->top->below == NULL ? link_now() + LOOK_MS : -1;
}

void alone_later(void)
{
	alone.ask_at = link_now() + LATER_MS;
}

void alone_back(struct app *app, const struct node *result, const char *password)
{
	enum role role = app->who.role;
	char typed[sizeof alone.typed];

	snprintf(typed, sizeof typed, "%s", app->who.code);
	app->who.is_alone = false;
	link_set_alone(app->link, false);
	app_take_session(app, result);
	alone_signed_in(app, typed, password);
	app->watched = (struct book_set){.word = {0}};
	app->connections++;
	if (app->who.role != role) {
		app_restart(app);
		return;
	}
	app_watch(app);
	for (struct screen *s = app->top; s != NULL; s = s->below)
		if (s->kind->minute != NULL)
			s->kind->minute(s);
}
