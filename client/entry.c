/*
 * entry.c - starting an operation: at once, after a question, or by its form; and its outcome.
 *
 * The op_id is made once per intention and goes out with every retry, so that a broken line never
 * writes twice. Not for: what may be typed (form.c) or judging (the server). Trap: what entry_may
 * says only chooses what is offered; the server alone decides.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/consoles/acts.h"
#include "client/draft.h"
#include "client/entry_begin.h"
#include "client/entry_say.h"
#include "client/form.h"
#include "client/opid.h"
#include "client/recall.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/i18n.h"

enum { ENTRY_PARAMS_MAX = 60 * 1024, ENTRY_TITLE_MAX = 256 };

static const struct screen_kind entry_kind;

struct entry {
	struct screen screen;
	const struct book *book;
	const struct op *op;
	struct form *form;       /* NULL: the operation asks nothing */
	struct draft draft;      /* with a form only */
	int64_t record, version;
	char title[ENTRY_TITLE_MAX], added[ENTRY_TITLE_MAX], op_id[OPID_SIZE];
	const struct field *naming; /* the field whose name is awaited; NULL = none */
	struct recall_ask recall;
};

/* ---- may it start? ---- */

bool entry_may(const struct app *app, const struct book *book, const struct op *op,
               const struct node *row)
{
	bool creates = (op->flags & OP_CREATE) != 0;
	bool resumes = (op->flags & OP_RESUME) != 0 && row != NULL;
	int state;

	/* What was made here and waits in the journal has no name at the server yet. */
	if (row != NULL && row_number(row, "id") < 0 && (op->flags & OP_OFFLINE) == 0)
		return false;
	if ((op->flags & OP_EXPORT) != 0 || (op->roles & app->who.acts) == 0 || (creates != (row == NULL) && !resumes))
		return false;
	if ((creates && !resumes) || op->from == 0 || book->states_computed)
		return true;
	state = row_stored_state(book, row);
	return state >= 0 && (op->from & BIT(state)) != 0;
}

static const struct node *row_in_focus(const struct app *app, const struct book **book)
{
	*book = NULL;
	return app->top->kind->row != NULL ? app->top->kind->row(app->top, book) : NULL;
}

/* What an operation of this book would act on: what is in focus, or else the selected row of one of its parts. */
static const struct node *row_for(const struct app *app, const struct book *of, const struct book **book)
{
	const struct node *row = row_in_focus(app, book), *part;
	const struct book *other = NULL;

	if (*book == of || app->top->kind->part == NULL)
		return row;
	part = app->top->kind->part(app->top, &other);
	if (part == NULL || other != of)
		return row;
	*book = other;
	return part;
}

/* Is what is in focus the book itself, or something that the form would begin with? What refers to nothing may begin anywhere. */
static bool concerns(const struct op *op, const struct book *book, const struct book *focus, const struct node *row)
{
	struct buf code;
	const char *ref;
	bool found = false, refers = false;

	if (focus == NULL || focus == book)
		return true;
	buf_init(&code, 256);
	ref = entry_called_by(focus, row, &code);
	for (size_t i = 0; i < book->nfields; i++) {
		const char *to = (op->asks & BIT(i)) != 0 ? book->fields[i].ref : NULL;

		refers = refers || to != NULL;
		found = found || (to != NULL && ref != NULL && strcmp(to, ref) == 0);
	}
	buf_done(&code);
	return found || !refers;
}

bool entry_allows(const struct app *app, const struct binding *b)
{
	const struct book *book = book_find(b->book), *focus;
	const struct op *op = book != NULL ? book_op(book, b->op) : NULL;
	const struct node *row = row_for(app, book, &focus);

	if (op == NULL || (app->top->kind == &entry_kind && ((const struct entry *)app->top)->op == op))
		return false; /* this very form is open */
	if ((op->flags & OP_CREATE) != 0)
		row = row_in_focus(app, &focus);
	if ((op->flags & OP_CREATE) != 0)
		return concerns(op, book, focus, row) && entry_may(app, book, op, NULL);
	return focus == book && row != NULL && entry_may(app, book, op, row);
}

/* ---- the outcome ---- */

static void version_came(void *ctx, const struct answer *a)
{
	struct entry *e = ctx;

	if (a->code != OK)
		return;
	e->version = row_number(a->result, "version");
	if (e->form != NULL)
		form_about(e->form, e->record, e->version, e->title);
}

/* Somebody else was faster: the text stays, the next attempt is about the new version. */
static void take_new_version(struct entry *e)
{
	char method[96], params[64];

	snprintf(method, sizeof method, "%s.get", e->book->name);
	snprintf(params, sizeof params, "{\"id\":%lld}", (long long)e->record);
	link_ask(e->screen.app->link, method, params, 0, version_came, e);
	if (e->form != NULL)
		form_new_op_id(e->form);
}

static void show_faults(struct entry *e, const struct answer *a)
{
	const struct node *data = node_get(a->error, "data"), *fields = node_get(data, "fields");
	const char *field = node_str(node_get(data, "field"));

	for (const struct node *n = fields != NULL ? fields->first : NULL; n != NULL; n = n->next)
		form_fault(e->form, node_str(node_get(n, "field")), node_str(node_get(n, "message")));
	if (fields == NULL && field != NULL)
		form_fault(e->form, field, a->message);
}

static void written(struct screen *s, const struct answer *a)
{
	struct entry *e = (struct entry *)s;
	struct app *app = s->app;
	bool offline;

	if (a->code != OK) {
		if (e->form != NULL)
			show_faults(e, a);
		app_refuse(app, a);
		if (e->record != 0 && (a->code == ERR_REFUSED || a->code == ERR_FORBIDDEN))
			why_refused(app, e->book, e->op, e->record);
		if (a->code == ERR_CONFLICT && e->record != 0)
			take_new_version(e);
		if (e->form == NULL)
			app_close(s);
		return;
	}
	offline = node_get(a->result, "offline") != NULL;
	if (!offline) {
		op_say_receipt(app, e->op, a->result);
		app->written = (struct written){.book = e->book, .id = row_number(a->result, "id"), .version = row_number(a->result, "version")};
		slip_remember(app, e->book, e->op->name, row_number(a->result, "id"));
	}
	form_free(e->form);
	e->form = NULL;
	app_close(s);
	if (!offline)
		app_wrote(app);
}

static void commit(struct screen *s)
{
	struct entry *e = (struct entry *)s;
	struct buf params;
	char method[96];

	buf_init(&params, ENTRY_PARAMS_MAX);
	snprintf(method, sizeof method, "%s.%s", e->book->name, e->op->name);
	if (e->form == NULL)
		buf_printf(&params, "{\"op_id\":\"%s\",\"id\":%lld,\"version\":%lld}", e->op_id,
		           (long long)e->record, (long long)e->version);
	else if (form_params(e->form, &params) != OK)
		buf_reset(&params);
	if (params.len > 0 && !params.failed)
		app_ask(s, ASK_WRITE, method, params.data, written);
	buf_done(&params);
}

/* ---- the screen ---- */

static enum context entry_context(const struct screen *s)
{
	const struct entry *e = (const struct entry *)s;

	return e->form != NULL || s->below == NULL ? CONTEXT_FORM : s->below->kind->context(s->below);
}

static bool is_in_place(const struct entry *e)
{
	return act_of(e->book->name, e->op->name)->in_place;
}

static void entry_place(const struct screen *s, struct buf *place)
{
	const struct entry *e = (const struct entry *)s;

	if (is_in_place(e) && s->below->kind->place != NULL) {
		s->below->kind->place(s->below, place);
		return;
	}
	buf_puts(place, tr(e->op->label));
	if (e->title[0] != '\0')
		buf_printf(place, " > %s", e->title);
}

/* Above what lies below, with a line between them. */
static void draw_in_place(struct entry *e, int row, int rows)
{
	int height = form_height(e->form) + 1, lines, cols;

	tty_size(&lines, &cols);
	app_draw_below(&e->screen, row, rows);
	for (int i = 0; i <= height && i < rows; i++)
		tty_put(row + i, 0, cols, "", STYLE_TEXT);
	tty_put(row, 1, cols - 2, tr(e->op->label), STYLE_KEY);
	tty_rule(row + height, 0, cols);
	form_draw(e->form, row + 1, height - 1);
}

static void entry_draw(struct screen *s, int row, int rows)
{
	struct entry *e = (struct entry *)s;
	int told = e->form != NULL && !is_in_place(e) ? op_draw_duty(e->book, e->op, e->added, row) : 0;

	if (e->form != NULL && is_in_place(e))
		draw_in_place(e, row, rows);
	else if (e->form != NULL)
		form_draw(e->form, row + told, rows - told);
	else
		app_draw_below(s, row, rows);
}

static void ask_name(struct entry *e);

static void name_came(void *ctx, const struct answer *a)
{
	struct entry *e = ctx;
	const struct field *f = e->naming;
	const struct book *ref = book_find(f->ref);
	struct buf text;

	e->naming = NULL;
	if (e->form == NULL)
		return;
	buf_init(&text, 512);
	if (a->code == ERR_NOT_FOUND)
		buf_puts(&text, tr("not found"));
	else if (a->code == OK && ref->caption != NULL)
		value_show_short(&text, book_field(ref, ref->caption), node_get(a->result, ref->caption));
	else if (a->code == OK && ref->nstates > 0)
		buf_puts(&text, row_state(ref, a->result, NULL));
	form_name(e->form, f->name, text.data);
	buf_done(&text);
	ask_name(e);
}

/* Whom or what a typed code names is shown beside it; nobody waits for that. One after the other: none is lost
 * when the next field is left before the answer is here. */
static void ask_name(struct entry *e)
{
	const struct field *f = e->naming == NULL ? form_ask_name(e->form) : NULL;
	struct buf params;
	char method[96];

	if (f == NULL)
		return;
	snprintf(method, sizeof method, "%s.get", f->ref);
	buf_init(&params, 1024);
	buf_puts(&params, "{\"code\":");
	buf_json_str(&params, form_text(e->form, f->name));
	buf_puts(&params, "}");
	if (!params.failed && link_ask(e->screen.app->link, method, params.data, 0, name_came, e) != 0)
		e->naming = f;
	buf_done(&params);
}

/* Goes on with what was put away earlier; what is typed now is put away in its place. */
static void take_draft(struct entry *e)
{
	struct form *f = draft_take(&e->draft, e->form);

	if (f == NULL)
		return;
	e->form = f;
	if (e->record != 0)
		form_about(f, e->record, e->version, e->title);
	ask_name(e);
}

static void offer(struct draft *d, void *ctx)
{
	struct entry *e = ctx;

	if (d->wanted)
		take_draft(e);
	else
		app_say(d->app, STYLE_TEXT, "%s", tr("What was typed here before is kept: F3 goes on with it."));
}

static void recalled(struct screen *s, const struct answer *a)
{
	struct entry *e = (struct entry *)s;

	if (e->form != NULL)
		recall_take(&e->recall, s, e->form, a);
}

/* F3 typed ahead of the answer waits for it. */
static bool wants_draft(const struct entry *e, const struct key *key)
{
	const struct binding *b = key->kind == K_TEXT ? NULL : keys_find(CONTEXT_FORM, key, NULL, NULL);

	return b != NULL && b->action == ACTION_DRAFT && e->draft.asking != 0;
}

static bool entry_handle(struct screen *s, const struct key *key)
{
	struct entry *e = (struct entry *)s;
	unsigned did;

	if (e->form == NULL)
		return false;
	if (wants_draft(e, key)) {
		take_draft(e);
		return true;
	}
	did = form_handle(e->form, key);
	draft_note(&e->draft, did);
	if ((did & FORM_BELL) != 0)
		tty_bell();
	if (form_message(e->form)[0] != '\0')
		app_say(s->app, form_message_is_error(e->form) ? STYLE_ERROR : STYLE_TEXT, "%s",
		        form_message(e->form));
	if ((did & FORM_LEFT) != 0 && !recall_start(&e->recall, s, e->form, recalled))
		ask_name(e);
	if ((did & FORM_COMMIT) != 0)
		commit(s);
	else if ((did & FORM_CANCEL) != 0)
		app_close(s);
	else if ((did & FORM_CHANGED) != 0 && e->draft.due <= link_now())
		draft_keep(&e->draft, e->form);
	return did != FORM_IGNORED;
}

/* Keys that the form leaves to the table: F2 saves. */
static void entry_act(struct screen *s, const struct binding *b)
{
	struct entry *e = (struct entry *)s;

	if (e->form == NULL)
		return;
	if (b->action == ACTION_COMMIT)
		commit(s);
	else if (b->action == ACTION_DRAFT)
		take_draft(e);
	else if (b->action == ACTION_BACK)
		app_close(s);
}

static bool entry_allow(const struct screen *s, const struct binding *b)
{
	const struct entry *e = (const struct entry *)s;

	return b->action != ACTION_DRAFT || (e->form != NULL && draft_is_there(&e->draft));
}

static int64_t entry_deadline(const struct screen *s)
{
	const struct entry *e = (const struct entry *)s;

	return e->form != NULL ? draft_deadline(&e->draft) : -1;
}

static void entry_keep(struct screen *s)
{
	struct entry *e = (struct entry *)s;

	if (e->form != NULL)
		draft_keep(&e->draft, e->form);
}

static void entry_closed(struct screen *s)
{
	struct entry *e = (struct entry *)s;

	if (e->draft.app != NULL && draft_close(&e->draft, e->form))
		app_say(s->app, STYLE_TEXT, "%s", tr("The draft is kept: F3 in the same form takes it up."));
	e->form = NULL;
}

static const struct screen_kind entry_kind = {
	.context = entry_context, .place = entry_place, .draw = entry_draw, .handle = entry_handle,
	.act = entry_act, .allow = entry_allow, .deadline = entry_deadline, .due = entry_keep,
	.keep = entry_keep, .closed = entry_closed,
};

static void ask_first(struct entry *e)
{
	confirm_push(&e->screen, tr(e->op->label), e->title, tr(e->op->help), tr(e->op->label), commit);
}

/* One key on a row of a list, of a first screen, or at the gate; on the record itself there is room for what it could ask. */
static bool is_at_once(const struct app *app, const struct book *book, const struct op *op)
{
	enum context c = app->top->kind->context(app->top);
	const struct book *focus;
	bool is_part = row_in_focus(app, &focus) != NULL && focus != book;

	return (op->flags & OP_AT_ONCE) != 0 && (is_part || c == CONTEXT_LIST || c == CONTEXT_HOME || c == CONTEXT_GATE || c == CONTEXT_BOX);
}

/* A row that is taken on has all that is needed: nothing is asked. */
static bool is_whole(const struct book *book, const struct op *op, const struct node *row)
{
	bool whole = true;

	for (size_t i = 0; i < book->nfields; i++) {
		const struct node *v = (op->needs & BIT(i)) != 0 ? node_get(row, book->fields[i].name) : NULL;

		whole = whole && ((op->needs & BIT(i)) == 0 || (v != NULL && v->type != NODE_NULL));
	}
	return whole;
}

static bool asks_nothing(const struct app *app, const struct book *book, const struct op *op, const struct node *row)
{
	if (row == NULL)
		return false;
	return op->asks == 0 || is_at_once(app, book, op) || ((op->flags & OP_RESUME) != 0 && is_whole(book, op, row));
}

void entry_open(struct app *app, const struct book *book, const struct op *op,
                const struct node *row)
{
	const struct book *focus;
	const struct node *focus_row = row_in_focus(app, &focus);
	struct entry *e = screen_new(app, &entry_kind, sizeof *e);
	struct buf title;

	e->book = book;
	e->op = op;
	opid_make(e->op_id);
	buf_init(&title, ENTRY_TITLE_MAX - 1);
	if (row != NULL) {
		e->record = row_number(row, "id");
		e->version = row_number(row, "version");
		row_title(&title, book, row);
		snprintf(e->title, sizeof e->title, "%s", title.data);
		buf_reset(&title);
		op_say_field(&title, book, op, row);
		snprintf(e->added, sizeof e->added, "%s", title.data);
	}
	buf_done(&title);
	if (!asks_nothing(app, book, op, row)) {
		e->form = form_new(book, op, act_of(book->name, op->name)->order);
		if (e->form == NULL) {
			free(e);
			return;
		}
		if (is_in_place(e))
			form_commit_at_once(e->form);
		if (row != NULL)
			form_about(e->form, e->record, e->version, e->title);
		if (row != NULL)
			entry_begin_with(e->form, row);
		else
			entry_begin_new(e->form, focus, focus_row);
	}
	app_push(&e->screen);
	if (e->form != NULL)
		draft_open(&e->draft, app, book, op, e->record, offer, e);
	if (e->form != NULL && form_has_draft(book, op, e->record))
		app_say(app, STYLE_TEXT, "%s", tr("What was typed here before is kept: F3 goes on with it."));
	if (e->form == NULL && (op->flags & OP_CONFIRM) != 0)
		ask_first(e);
	else if (e->form == NULL)
		commit(&e->screen);
}

void entry_type(struct app *app, const char *field, const char *text)
{
	struct entry *e = (struct entry *)app->top;

	if (app->top->kind == &entry_kind && e->form != NULL)
		form_set(e->form, field, text);
}

void entry_open_for(struct app *app, const struct book *book, const struct op *op, const struct book *of, const struct node *row)
{
	struct entry *e;

	entry_open(app, book, op, NULL);
	e = (struct entry *)app->top;
	if (app->top->kind != &entry_kind || e->form == NULL)
		return;
	entry_preset(e->form, of, row);
	form_focus_missing(e->form);
}

void entry_ready(struct app *app)
{
	struct entry *e = (struct entry *)app->top;

	if (app->top->kind != &entry_kind || e->form == NULL)
		return;
	form_try_ready(e->form);
	app_say(app, STYLE_TEXT, "%s", form_message(e->form));
}

void entry_start(struct app *app, const struct book *book, const char *name)
{
	const struct op *op = book != NULL ? book_op(book, name) : NULL;
	const struct book *focus;
	const struct node *row = row_for(app, book, &focus);

	if (op == NULL)
		return;
	if ((op->flags & OP_CREATE) != 0)
		entry_open(app, book, op, NULL);
	else if (focus == book && row != NULL)
		entry_open(app, book, op, row);
	else
		app_say(app, STYLE_ERROR, "%s", tr("Open the record first."));
}
