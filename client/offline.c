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
#include <unistd.h>

#include "client/alone.h"
#include "client/handin.h"
#include "client/opid.h"
#include "client/sealed.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"

enum { PATIENCE_MS = 1500, REQUEST_MOST = 60 * 1024, PARAMS_ARENA = 512 * 1024, PARAMS_DEPTH = 8, PIN_MOST = 8 };

static struct offline {
	struct journal *journal;
	bool broken, asked;      /* asked: the key is on its way */
	struct handin in;
	int64_t hours;
	int64_t clock_ahead;     /* the server's milliseconds since 1970, less ours since the machine started; never too much */
	bool has_clock;
	struct offline_listener listener;
	unsigned char pins[SEALED_KEY_BYTES]; /* PINs are sealed with it: only the server opens them */
	bool has_pins;
	char refusal[512];       /* why the last write was not recorded; "" = it was */
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
	return app->who.is_alone || link_offline_ms(app->link) > PATIENCE_MS;
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

uint64_t offline_through(const struct app *app)
{
	return off.journal != NULL ? journal_counter(off.journal) - offline_waiting(app) : 0;
}

/* The argument of an operation that somebody signs with; NULL: there is none. */
static const struct field *pin_of(const struct book *book, const struct op *op)
{
	for (size_t i = 0; i < book->nfields; i++)
		if ((op->asks & BIT(i)) != 0 && (book->fields[i].flags & F_PIN) != 0)
			return &book->fields[i];
	return NULL;
}

bool offline_takes(const struct app *app, const struct book *book, const struct op *op)
{
	return offline_is_ready(app) && may_record(app, op) && (off.has_pins || pin_of(book, op) == NULL) && (offline_is_down(app) || journal_waiting(off.journal) > 0);
}

/* ---- recording ---- */

/* Milliseconds that nobody can set back or forward. */
static int64_t since_start(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void set_clock(int64_t seconds)
{
	off.clock_ahead = seconds * 1000 - since_start();
	off.has_clock = true;
}

static void take_clock(const char *at)
{
	struct tm utc = { .tm_sec = 0 };

	if (at != NULL && strptime(at, "%Y-%m-%dT%H:%M:%SZ", &utc) != NULL)
		set_clock((int64_t)timegm(&utc));
}

bool offline_knows_time(void)
{
	return off.has_clock;
}

int64_t offline_now(void)
{
	return (since_start() + off.clock_ahead) / 1000;
}

static void write_record(struct app *app, const struct book *book, const struct op *op, const char *params, struct buf *text)
{
	time_t now = (time_t)offline_now();
	struct tm utc;
	char at[32];

	gmtime_r(&now, &utc);
	strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
	buf_printf(text, "{\"at\":\"%s\",\"by\":", at);
	buf_json_str(text, app->who.code);
	buf_printf(text, ",\"method\":\"%s.%s\",\"params\":%s}", book->name, op->name, params);
}

/* ---- who listens ---- */

static void tell_recorded(void *ctx, uint64_t counter, const char *text)
{
	(void)ctx;
	off.listener.recorded(off.listener.ctx, counter, text);
}

static void tell_waiting(void)
{
	if (off.listener.recorded != NULL && off.journal != NULL && journal_each(off.journal, tell_recorded, NULL) != OK)
		off.broken = true;
}

void offline_listen(const struct offline_listener *listener)
{
	off.listener = listener != NULL ? *listener : (struct offline_listener){.ctx = NULL};
	tell_waiting();
}

/* ---- records about what was made here ---- */

struct search {
	uint64_t counter;
	struct arena *arena;
	const char *op_id;
};

static void look_at(void *ctx, uint64_t counter, const char *text)
{
	struct search *s = ctx;
	struct node *n = NULL;

	if (counter == s->counter && node_parse(s->arena, text, strlen(text), PARAMS_DEPTH, &n) == OK)
		s->op_id = node_str(node_get(node_get(n, "params"), "op_id"));
}

/* A row that was made here is called by its record's number below 0: for the server it is named by what made it. */
static enum err put_name(struct arena *arena, const struct node *id, struct buf *out)
{
	struct search s = {.counter = (uint64_t)-id->i, .arena = arena};

	if (journal_each(off.journal, look_at, &s) != OK || s.op_id == NULL)
		return ERR_NOT_FOUND;
	buf_printf(out, ",\"id\":{\"op_id\":\"%s\"}", s.op_id);
	return OK;
}

/* A PIN does not lie in the journal: what lies there opens for the server only, and for this operation. */
static void put_sealed(const char *op_id, const struct node *pin, struct buf *out)
{
	char plain[OPID_SIZE + PIN_MOST] = "", hex[2 * (sizeof plain + SEALED_FOR_MORE_BYTES) + 1];
	unsigned char box[sizeof plain + SEALED_FOR_MORE_BYTES];

	snprintf(plain, sizeof plain, "%s%s", op_id, pin->s);
	sealed_for(box, off.pins, plain, sizeof plain);
	sealed_hex(hex, box, sizeof box);
	explicit_bzero(plain, sizeof plain);
	buf_json_member(out, pin->key, hex);
}

static enum err put_params(struct arena *arena, const struct book *book, const struct op *op, const struct node *n, struct buf *out)
{
	const struct node *id = node_get(n, "id");
	const char *op_id = node_str(node_get(n, "op_id"));
	const struct field *pin = pin_of(book, op);
	bool is_here = id != NULL && id->type == NODE_INT && id->i < 0;
	enum err err = OK;

	if (op_id == NULL)
		return ERR_INVALID;
	buf_printf(out, "{\"op_id\":\"%s\"", op_id);
	if (is_here)
		err = put_name(arena, id, out);
	for (const struct node *m = n->first; m != NULL; m = m->next) {
		if (strcmp(m->key, "op_id") == 0 || (is_here && (m == id || strcmp(m->key, "version") == 0)))
			continue;
		if (pin != NULL && strcmp(m->key, pin->name) == 0 && m->type == NODE_STRING) {
			put_sealed(op_id, m, out);
			continue;
		}
		buf_puts(out, ",");
		buf_json_str(out, m->key);
		buf_puts(out, ":");
		node_write(out, m);
	}
	buf_puts(out, "}");
	return err == OK && out->failed ? ERR_TOO_BIG : err;
}

/* The params as they are recorded; ERR_REFUSED: what is known here rules it out, off.refusal says why. */
static enum err judge(const struct book *book, const struct op *op, const char *params, struct buf *out)
{
	struct arena *arena = arena_new(PARAMS_ARENA);
	struct node *n = NULL;
	const char *why = NULL;
	enum err err = arena != NULL ? node_parse(arena, params, strlen(params), PARAMS_DEPTH, &n) : ERR_NOMEM;

	if (err == OK && off.listener.refuses != NULL)
		why = off.listener.refuses(off.listener.ctx, book, op, n);
	if (err == OK && why == NULL)
		err = put_params(arena, book, op, n, out);
	if (err == ERR_NOT_FOUND)
		why = tr("This was handed in just now: look it up once more.");
	if (why != NULL)
		snprintf(off.refusal, sizeof off.refusal, "%s", why);
	arena_free(arena);
	return why != NULL ? ERR_REFUSED : err;
}

/* ---- writing it down ---- */

static void say_recorded(struct app *app, enum err err)
{
	if (err == OK)
		app_say(app, STYLE_LATE, tr("Recorded offline (%zu waiting)"), journal_waiting(off.journal));
	else if (err == ERR_REFUSED)
		app_say(app, STYLE_ERROR, "%s", off.refusal);
	else if (err == ERR_TOO_BIG)
		app_say(app, STYLE_ERROR, "%s", tr("The journal of this terminal is full: write on paper."));
	else
		app_say(app, STYLE_ERROR, "%s", tr("The disk of this terminal takes nothing: write on paper."));
}

enum err offline_record(struct app *app, const struct book *book, const struct op *op, const char *params)
{
	struct buf named, text;
	enum err err;

	off.refusal[0] = '\0';
	if (!offline_takes(app, book, op))
		return ERR_REFUSED;
	buf_init(&named, REQUEST_MOST);
	buf_init(&text, REQUEST_MOST);
	err = judge(book, op, params, &named);
	if (err == OK)
		write_record(app, book, op, named.data, &text);
	if (err == OK)
		err = text.failed ? ERR_TOO_BIG : journal_add(off.journal, text.data);
	if (err == OK && off.listener.recorded != NULL)
		off.listener.recorded(off.listener.ctx, journal_counter(off.journal), text.data);
	buf_done(&named);
	buf_done(&text);
	say_recorded(app, err);
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
		return offline_record(app, book, op, params) == OK || off.refusal[0] != '\0';
	off.method = strdup(method);
	off.params = strdup(params);
	return false;
}

struct answer offline_answer(void)
{
	static struct node yes = { .type = NODE_BOOL, .key = "offline", .b = true };
	static const struct node receipt = { .type = NODE_OBJECT, .first = &yes, .count = 1 };

	if (off.refusal[0] != '\0')
		return (struct answer){.code = ERR_REFUSED, .message = off.refusal};
	return (struct answer){.result = &receipt, .code = OK, .message = ""};
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
	if (!offline_is_down(app) || !offline_takes(app, book, op) || (offline_record(app, book, op, off.params) != OK && off.refusal[0] == '\0'))
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

static void tell_taken(void *ctx, uint64_t counter, const struct node *receipt, bool is_last)
{
	(void)ctx;
	if (off.listener.taken != NULL)
		off.listener.taken(off.listener.ctx, counter, receipt, is_last);
}

static bool may_hand_in(const struct app *app)
{
	return offline_is_ready(app) && journal_waiting(off.journal) > 0 && app_is_linked(app) && !app_is_covered(app) &&
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

void offline_path(const struct app *app, const char *ending, char *path, size_t cap)
{
	size_t n = (size_t)snprintf(path, cap, "%s/", app->options->journal);

	for (const char *c = app->options->terminal; *c != '\0' && n + strlen(ending) + 1 < cap; c++)
		path[n++] = isalnum((unsigned char)*c) || strchr("-_", *c) != NULL ? *c : '_';
	snprintf(path + n, cap - n, "%s", ending);
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

	offline_path(app, ".journal", path, sizeof path);
	err = journal_open(&off.journal, path, key, &found);
	if (err == ERR_INVALID)
		stop(app);
	else if (err == ERR_DEGRADED)
		app_say(app, STYLE_ERROR, "%s", tr("This terminal cannot keep a journal: nothing can be recorded while the server is away."));
	else if (err == OK)
		say_found(app, &found);
	off.in = (struct handin){ .link = app->link, .journal = off.journal, .one_taken = tell_taken, .all_taken = say_handed_in, .broken = stop, .ctx = app };
	tell_waiting();
}

static void take_pins(const char *hex)
{
	off.has_pins = hex != NULL && sealed_unhex(off.pins, sizeof off.pins, hex);
}

void offline_pins(char hex[OFFLINE_PINS_HEX])
{
	hex[0] = '\0';
	if (off.has_pins)
		sealed_hex(hex, off.pins, sizeof off.pins);
}

bool offline_open(struct app *app, const unsigned char *key, const char *pins, int64_t hours, int64_t now)
{
	char path[4096];

	take_pins(pins);
	off.hours = hours;
	set_clock(now);
	offline_path(app, ".journal", path, sizeof path);
	/* A new one would begin where the server's chain does not end. */
	if (off.journal == NULL && access(path, R_OK | W_OK) != 0)
		app_say(app, STYLE_ERROR, "%s", tr("The journal of this terminal is gone: without the server nothing can be recorded here."));
	else if (off.journal == NULL && !off.broken)
		open_journal(app, key);
	return off.journal != NULL && !off.broken;
}

static void key_came(void *ctx, const struct answer *a)
{
	struct app *app = ctx;
	const char *hex = node_str(node_get(a->result, "key")), *tag = node_str(node_get(a->result, "tag"));
	const struct node *counter = node_get(a->result, "counter"), *hours = node_get(a->result, "hours");
	unsigned char key[JOURNAL_KEY_BYTES];

	off.asked = false;
	if (a->code != OK || hex == NULL || tag == NULL || counter == NULL || !sealed_unhex(key, sizeof key, hex))
		return;
	if (hours != NULL && hours->type == NODE_INT)
		off.hours = hours->i;
	take_clock(node_str(node_get(a->result, "at")));
	if (app->options->journal == NULL) { /* only its clock is wanted */
		explicit_bzero(key, sizeof key);
		return;
	}
	take_pins(node_str(node_get(a->result, "pins")));
	if (off.journal == NULL)
		open_journal(app, key);
	alone_take_key(key);
	explicit_bzero(key, sizeof key);
	/* With nothing waiting the server knows best where the chain ends. */
	if (off.journal != NULL && journal_waiting(off.journal) == 0 && journal_start(off.journal, (uint64_t)counter->i, tag) != OK)
		app_say(app, STYLE_ERROR, "%s", tr("This terminal cannot keep a journal: nothing can be recorded while the server is away."));
}

void offline_begin(struct app *app)
{
	if (off.asked || off.broken || app->who.is_alone || app->who.code[0] == '\0' || !records_anything(app))
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
