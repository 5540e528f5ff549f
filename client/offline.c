/*
 * offline.c - see offline.h: the key, the journal of this terminal, handing in.
 *
 * Not for: the file itself (journal.c), nor what its records need on their way (handin.c). Trap: one journal a process, and it
 * outlives a sign-out: the next person at this terminal hands in what the last one recorded.
 */
#include "client/offline.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/handin.h"
#include "client/value.h"
#include "common/i18n.h"

enum { PATIENCE_MS = 1500, REQUEST_MOST = 60 * 1024 };

static struct offline {
	struct journal *journal;
	bool broken, asked;      /* asked: the key is on its way */
	struct handin in;
	int64_t hours;
	int64_t clock_ahead;     /* the server's seconds since 1970, less ours since the machine started */
	char *method, *params;   /* the write whose answer is awaited */
	uint64_t request;
} off = { .hours = 72 };

/* ---- what may be recorded ---- */

static bool may_record(const struct app *app, const struct op *op)
{
	return op != NULL && (op->flags & OP_OFFLINE) != 0 && (op->roles & BIT(app->who.role)) != 0;
}

static bool records_anything(const struct app *app)
{
	for (size_t b = 0; b < nbooks; b++)
		for (size_t i = 0; i < books[b]->nops; i++)
			if (may_record(app, &books[b]->ops[i]))
				return true;
	return false;
}

static const struct op *op_of(const char *method, const struct book **book)
{
	char name[64];
	const char *dot = strchr(method, '.');

	if (dot == NULL || (size_t)(dot - method) >= sizeof name)
		return NULL;
	snprintf(name, sizeof name, "%.*s", (int)(dot - method), method);
	*book = book_find(name);
	return *book != NULL ? book_op(*book, dot + 1) : NULL;
}

bool offline_is_ready(const struct app *app)
{
	return off.journal != NULL && !off.broken && app->who.code[0] != '\0';
}

bool offline_is_broken(const struct app *app)
{
	(void)app;
	return off.broken;
}

bool offline_is_down(const struct app *app)
{
	return link_offline_ms(app->link) > PATIENCE_MS;
}

int64_t offline_seconds_kept(const struct app *app)
{
	(void)app;
	return off.hours * 3600;
}

size_t offline_waiting(const struct app *app)
{
	(void)app;
	return off.journal != NULL ? journal_waiting(off.journal) : 0;
}

bool offline_takes(const struct app *app, const struct book *book, const struct op *op)
{
	(void)book;
	return offline_is_ready(app) && may_record(app, op) && (offline_is_down(app) || journal_waiting(off.journal) > 0);
}

/* ---- recording ---- */

/* Seconds that nobody can set back or forward. */
static int64_t since_start(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

static void take_clock(const char *at)
{
	struct tm utc = { .tm_sec = 0 };

	if (at != NULL && strptime(at, "%Y-%m-%dT%H:%M:%SZ", &utc) != NULL)
		off.clock_ahead = (int64_t)timegm(&utc) - since_start();
}

static void write_record(struct app *app, const struct book *book, const struct op *op, const char *params, struct buf *text)
{
	time_t now = (time_t)(since_start() + off.clock_ahead);
	struct tm utc;
	char at[32];

	gmtime_r(&now, &utc);
	strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
	buf_printf(text, "{\"at\":\"%s\",\"by\":", at);
	buf_json_str(text, app->who.code);
	buf_printf(text, ",\"method\":\"%s.%s\",\"params\":%s}", book->name, op->name, params);
}

enum err offline_record(struct app *app, const struct book *book, const struct op *op, const char *params)
{
	struct buf text;
	enum err err;

	if (!offline_takes(app, book, op))
		return ERR_REFUSED;
	buf_init(&text, REQUEST_MOST);
	write_record(app, book, op, params, &text);
	err = text.failed ? ERR_TOO_BIG : journal_add(off.journal, text.data);
	buf_done(&text);
	if (err == OK)
		app_say(app, STYLE_LATE, tr("Recorded offline (%zu waiting)"), journal_waiting(off.journal));
	else if (err == ERR_TOO_BIG)
		app_say(app, STYLE_ERROR, "%s", tr("The journal of this terminal is full: write on paper."));
	else
		app_say(app, STYLE_ERROR, "%s", tr("The disk of this terminal takes nothing: write on paper."));
	return err;
}

static void forget_write(void)
{
	if (off.params != NULL)
		explicit_bzero(off.params, strlen(off.params));
	free(off.method);
	free(off.params);
	off.method = off.params = NULL;
}

bool offline_write(struct app *app, const char *method, const char *params)
{
	const struct book *book = NULL;
	const struct op *op = op_of(method, &book);

	forget_write();
	if (!offline_is_ready(app) || !may_record(app, op))
		return false;
	if (offline_takes(app, book, op))
		return offline_record(app, book, op, params) == OK;
	off.method = strdup(method);
	off.params = strdup(params);
	return false;
}

const struct node *offline_receipt(void)
{
	static struct node yes = { .type = NODE_BOOL, .key = "offline", .b = true };
	static const struct node receipt = { .type = NODE_OBJECT, .first = &yes, .count = 1 };

	return &receipt;
}

/* The link broke while a write was awaited: it goes into the journal with its op_id, so that the server, which may have
 * done it already, does it once. */
static void take_held(struct app *app)
{
	const struct book *book = NULL;
	const struct op *op;

	if (app->hold.request == 0 || !app->hold.is_write || app->hold.is_offline || off.method == NULL || off.params == NULL)
		return;
	op = op_of(off.method, &book);
	if (!offline_is_down(app) || !offline_takes(app, book, op) || offline_record(app, book, op, off.params) != OK)
		return;
	forget_write();
	link_drop(app->link, app->hold.request);
	app->hold.is_offline = true;
}

/* ---- handing in ---- */

static void stop(void *ctx)
{
	struct app *app = ctx;

	off.broken = true;
	app_say(app, STYLE_ERROR, "%s", tr("THE JOURNAL OF THIS TERMINAL IS BROKEN: nothing more of it is handed in. Write on paper and call the supervisor."));
	app_drop_keys(app);
}

static void say_handed_in(void *ctx)
{
	struct app *app = ctx;

	if (off.in.refused > 0)
		app_say(app, STYLE_ERROR, tr("Handed in: %zu recorded offline, %zu refused afterwards: %s"), off.in.taken, off.in.refused, off.in.why);
	else
		app_say(app, STYLE_TEXT, tr("Handed in: %zu recorded offline."), off.in.taken);
	app_wrote(app);
}

static bool may_hand_in(const struct app *app)
{
	return offline_is_ready(app) && journal_waiting(off.journal) > 0 && link_state(app->link) == LINK_READY && !app_is_covered(app) &&
	       records_anything(app);
}

void offline_turn(struct app *app)
{
	take_held(app);
	app_answer_offline(app);
	if (may_hand_in(app))
		handin_turn(&off.in);
}

int64_t offline_deadline(const struct app *app)
{
	if (app->hold.request != 0 && app->hold.is_offline)
		return link_now();
	if (may_hand_in(app) && handin_deadline(&off.in) >= 0)
		return handin_deadline(&off.in);
	if (offline_is_ready(app) && app->hold.request != 0 && off.method != NULL && link_offline_ms(app->link) > 0 && !offline_is_down(app))
		return link_now() + PATIENCE_MS - link_offline_ms(app->link) + 1;
	return -1;
}

/* ---- the journal of this terminal ---- */

static bool read_key(const char *hex, unsigned char key[JOURNAL_KEY_BYTES])
{
	for (size_t i = 0; i < JOURNAL_KEY_BYTES; i++) {
		unsigned int byte = 0;

		if (!isxdigit((unsigned char)hex[2 * i]) || !isxdigit((unsigned char)hex[2 * i + 1]) || sscanf(hex + 2 * i, "%2x", &byte) != 1)
			return false;
		key[i] = (unsigned char)byte;
	}
	return hex[2 * JOURNAL_KEY_BYTES] == '\0';
}

/* FOLDER/TERMINAL.journal, whatever the terminal is called. */
static void file_name(const struct app *app, char *path, size_t cap)
{
	size_t n = (size_t)snprintf(path, cap, "%s/", app->options->journal);

	for (const char *c = app->options->terminal; *c != '\0' && n + 16 < cap; c++)
		path[n++] = isalnum((unsigned char)*c) || strchr("-_", *c) != NULL ? *c : '_';
	snprintf(path + n, cap - n, ".journal");
}

static void say_found(struct app *app, const struct journal_found *found)
{
	if (found->torn)
		app_say(app, STYLE_ERROR, "%s", tr("The last record of this terminal's journal was torn by a crash and is cut off; it was never confirmed."));
}

static void open_journal(struct app *app, const unsigned char key[JOURNAL_KEY_BYTES])
{
	struct journal_found found;
	char path[4096];
	enum err err;

	file_name(app, path, sizeof path);
	err = journal_open(&off.journal, path, key, &found);
	if (err == ERR_INVALID)
		stop(app);
	else if (err == ERR_DEGRADED)
		app_say(app, STYLE_ERROR, "%s", tr("This terminal cannot keep a journal: nothing can be recorded while the server is away."));
	else if (err == OK)
		say_found(app, &found);
	off.in = (struct handin){ .link = app->link, .journal = off.journal, .all_taken = say_handed_in, .broken = stop, .ctx = app };
}

static void key_came(void *ctx, const struct answer *a)
{
	struct app *app = ctx;
	const char *hex = node_str(node_get(a->result, "key")), *tag = node_str(node_get(a->result, "tag"));
	const struct node *counter = node_get(a->result, "counter"), *hours = node_get(a->result, "hours");
	unsigned char key[JOURNAL_KEY_BYTES];

	off.asked = false;
	if (a->code != OK || hex == NULL || tag == NULL || counter == NULL || !read_key(hex, key))
		return;
	if (hours != NULL && hours->type == NODE_INT)
		off.hours = hours->i;
	take_clock(node_str(node_get(a->result, "at")));
	if (off.journal == NULL)
		open_journal(app, key);
	explicit_bzero(key, sizeof key);
	/* With nothing waiting the server knows best where the chain ends. */
	if (off.journal != NULL && journal_waiting(off.journal) == 0 && journal_start(off.journal, (uint64_t)counter->i, tag) != OK)
		app_say(app, STYLE_ERROR, "%s", tr("This terminal cannot keep a journal: nothing can be recorded while the server is away."));
}

void offline_begin(struct app *app)
{
	if (app->options->journal == NULL || off.asked || off.broken || app->who.code[0] == '\0' || !records_anything(app))
		return;
	off.asked = link_ask(app->link, "journal.key", NULL, LINK_ONCE, key_came, app) != 0;
}

void offline_end(struct app *app)
{
	link_forget_ctx(app->link, &off.in);
	journal_close(off.journal);
	off.journal = NULL;
	forget_write();
}
