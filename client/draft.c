/*
 * draft.c - see draft.h.
 *
 * Not for: the text itself (form_draft_write). Trap: nothing is sent while the line is down or the
 * screen is locked: it would pile up, or be refused; the form parked here holds it meanwhile.
 */
#include "client/draft.h"

#include <stdio.h>
#include <string.h>

#include "client/consoles/acts.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"

enum { EVERY_MS = 2000, LATEST_MS = 5000, BODY_MAX = 32 * 1024 };

static void put_place(const struct draft *d, struct buf *out)
{
	buf_printf(out, "{\"form\":\"%s.%s\"", d->book->name, d->op->name);
	if (d->record != 0)
		buf_printf(out, ",\"record\":%lld", (long long)d->record);
}

/* ---- what was kept before ---- */

static bool is_ours(const struct draft *d, const struct node *row)
{
	const char *form = node_str(node_get(row, "form"));
	const struct node *record = node_get(row, "record");
	char name[128];

	snprintf(name, sizeof name, "%s.%s", d->book->name, d->op->name);
	return form != NULL && strcmp(form, name) == 0 && (record != NULL ? record->i : 0) == d->record;
}

static void forget_body(struct draft *d)
{
	arena_free(d->arena);
	d->arena = NULL;
	d->body = NULL;
}

static void listed(void *ctx, const struct answer *a)
{
	struct draft *d = ctx;
	const struct node *rows = node_get(a->result, "rows"), *found = NULL;

	d->asking = 0;
	for (const struct node *r = rows != NULL ? rows->first : NULL; r != NULL && found == NULL; r = r->next)
		if (is_ours(d, r))
			found = node_get(r, "body");
	/* What the server had and has no more was used elsewhere; what it has is the newer copy. */
	if (a->code == OK)
		form_forget_kept(d->book, d->op, d->record);
	if (found != NULL && found->first != NULL && !form_has_draft(d->book, d->op, d->record)) {
		d->body = found;
		d->arena = link_take(d->app->link);
	}
	if (d->body != NULL || (d->wanted && draft_is_there(d)))
		d->offered(d, d->ctx);
}

void draft_open(struct draft *d, struct app *app, const struct book *book, const struct op *op,
                int64_t record, void (*offered)(struct draft *, void *ctx), void *ctx)
{
	*d = (struct draft){.app = app, .book = book, .op = op, .record = record, .due = -1,
	                    .offered = offered, .ctx = ctx};
	if (app_is_linked(app))
		d->asking = link_ask(app->link, "draft.list", NULL, LINK_ONCE, listed, d);
}

bool draft_is_there(const struct draft *d)
{
	return d->body != NULL || form_has_draft(d->book, d->op, d->record);
}

struct form *draft_take(struct draft *d, struct form *now)
{
	struct form *f;

	/* Somewhere else it may have been typed on, or used. */
	d->wanted = d->asking != 0;
	if (d->wanted)
		return NULL;
	f = form_resume(d->book, d->op, d->record);
	if (f == NULL && d->body != NULL) {
		f = form_new(d->book, d->op, act_of(d->book->name, d->op->name)->order);
		if (f != NULL)
			form_draft_read(f, d->body);
		forget_body(d);
	}
	if (f == NULL)
		return NULL;
	if (form_is_touched(now))
		form_park(now);
	else
		form_free(now);
	d->due = link_now();
	return f;
}

/* ---- keeping ---- */

void draft_note(struct draft *d, unsigned did)
{
	int64_t now = link_now();

	if ((did & FORM_EDITED) != 0 && d->due < 0)
		d->due = now + LATEST_MS;
	if ((did & FORM_CHANGED) != 0)
		d->due = d->sent + EVERY_MS > now ? d->sent + EVERY_MS : now;
}

static void kept(void *ctx, const struct answer *a)
{
	struct draft *d = ctx;

	d->keeping = 0;
	if (a->code == OK)
		return;
	/* Once more, later: the line broke, or the server is busy. A refusal stays one. */
	form_set_kept(d->sending, false);
	if (d->due < 0 && a->code != ERR_INVALID && a->code != ERR_TOO_BIG)
		d->due = link_now() + LATEST_MS;
}

static bool can_send(const struct draft *d)
{
	return app_is_linked(d->app) && d->app->who.code[0] != '\0' &&
	       d->keeping == 0 && !app_is_covered(d->app);
}

void draft_keep(struct draft *d, struct form *f)
{
	struct buf params;

	if (d->due < 0 || f == NULL || !can_send(d))
		return;
	buf_init(&params, BODY_MAX);
	put_place(d, &params);
	buf_puts(&params, ",\"body\":");
	form_draft_write(f, &params);
	buf_puts(&params, "}");
	d->due = -1;
	d->sent = link_now();
	d->sending = f;
	if (!params.failed)
		d->keeping = link_ask(d->app->link, "draft.keep", params.data, LINK_ONCE, kept, d);
	form_set_kept(f, d->keeping != 0);
	if (params.len > 0)
		explicit_bzero(params.data, params.len);
	buf_done(&params);
}

int64_t draft_deadline(const struct draft *d)
{
	if (d->due < 0 || can_send(d))
		return d->due;
	return d->due > link_now() ? d->due : link_now() + EVERY_MS;
}

static void drop(struct draft *d)
{
	struct buf params;

	buf_init(&params, 256);
	put_place(d, &params);
	buf_puts(&params, "}");
	if (d->sent != 0 && app_is_linked(d->app))
		link_ask(d->app->link, "draft.drop", params.data, LINK_ONCE, NULL, NULL);
	buf_done(&params);
}

bool draft_close(struct draft *d, struct form *f)
{
	bool leaves = f != NULL && form_is_touched(f) && !form_is_blank(f);

	/* The answer of what is under way comes to nobody; the same text goes out once more. */
	if (d->keeping != 0) {
		link_forget(d->app->link, d->keeping);
		d->keeping = 0;
	}
	if (leaves) {
		draft_keep(d, f);
		link_forget(d->app->link, d->keeping);
		form_park(f);
	} else if (f != NULL) {
		if (form_is_touched(f))
			drop(d);
		form_free(f);
	}
	if (d->asking != 0)
		link_forget(d->app->link, d->asking);
	forget_body(d);
	return leaves;
}

/* ---- after sign-in ---- */

static void reminded(void *ctx, const struct answer *a)
{
	struct app *app = ctx;
	const struct node *rows = node_get(a->result, "rows");
	const char *form = rows != NULL && rows->first != NULL ? node_str(node_get(rows->first, "form")) : NULL;
	const char *dot = form != NULL ? strchr(form, '.') : NULL;
	const struct book *book;
	const struct op *op;
	char name[64];

	if (dot == NULL || app->status.message[0] != '\0')
		return;
	snprintf(name, sizeof name, "%.*s", (int)(dot - form), form);
	book = book_find(name);
	op = book != NULL ? book_op(book, dot + 1) : NULL;
	if (op != NULL)
		app_say(app, STYLE_TEXT, tr("What you began is kept: %s. Open it again and press F3."), tr(op->label));
}

void draft_remind(struct app *app)
{
	link_ask(app->link, "draft.list", NULL, LINK_ONCE, reminded, app);
}
