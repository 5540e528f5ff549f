/*
 * reveal.c - asking to see locked fields: purpose, the password when the server wants it, the call.
 *
 * Every opening is an event with its purpose; that is said before, not after. Not for: showing the
 * values and taking them away again (record.c). Trap: the answer holds secrets: its arena goes to
 * the asker whole, or is wiped here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/opid.h"
#include "client/screens.h"
#include "client/tty.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { REVEAL_FIELDS_MAX = 64, PURPOSE_LEAST = 5 };

/* The default comes first. Words of the house, so that purposes can be counted. */
static const char *const purposes[] = {
	N_("Resident's request"), N_("Repair or inspection"), N_("Emergency"), N_("Complaint handling"),
	N_("Payment or arrears"), N_("Archive upkeep"), N_("Order of the manager"),
};

static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
_Static_assert(NITEMS(purposes) <= NITEMS(digits), "a digit for each purpose");

struct reveal {
	struct screen screen; /* lies between the asker and the questions; draws nothing itself */
	struct screen *from;
	const struct book *book;
	int64_t id;
	const char *fields[REVEAL_FIELDS_MAX]; /* names in the descriptor */
	size_t nfields;
	char purpose[512], op_id[OPID_SIZE];
	reveal_cb *opened;
};

static void ask_open(struct screen *s);

static void opened(struct screen *s, const struct answer *a)
{
	struct reveal *r = (struct reveal *)s;
	const struct node *rows = node_get(a->result, "rows");
	const struct node *step_up = node_get(node_get(a->error, "data"), "step_up");

	if (a->code == ERR_LOCKED && step_up != NULL && step_up->b) {
		password_push(s, tr("This is under the strictest lock."), ask_open);
		return;
	}
	if (a->code != OK || rows == NULL || rows->first == NULL) {
		app_close(s);
		app_refuse(s->app, a);
		return;
	}
	r->opened(r->from, rows->first, link_take(s->app->link));
	app_close(s);
}

static void ask_open(struct screen *s)
{
	struct reveal *r = (struct reveal *)s;
	struct buf params;
	char method[96];

	snprintf(method, sizeof method, "%s.open", r->book->name);
	buf_init(&params, 8192);
	buf_printf(&params, "{\"op_id\":\"%s\",\"id\":%lld,\"purpose\":", r->op_id, (long long)r->id);
	buf_json_str(&params, r->purpose);
	buf_puts(&params, ",\"fields\":[");
	for (size_t i = 0; i < r->nfields; i++)
		buf_printf(&params, "%s\"%s\"", i > 0 ? "," : "", r->fields[i]);
	buf_puts(&params, "]}");
	app_ask(s, ASK_READ, method, params.data, opened);
	buf_done(&params);
}

static void purpose_chosen(struct screen *s, size_t at, const char *typed)
{
	struct reveal *r = (struct reveal *)s;

	if (at == CHOOSE_NONE) {
		app_close(s);
		return;
	}
	if (typed != NULL && text_chars(typed) < PURPOSE_LEAST) {
		app_say(s->app, STYLE_ERROR, "%s", tr("A purpose has at least five characters."));
		app_close(s);
		return;
	}
	snprintf(r->purpose, sizeof r->purpose, "%s", typed != NULL ? typed : purposes[at]);
	ask_open(s);
}

static void reveal_place(const struct screen *s, struct buf *place)
{
	if (s->below->kind->place != NULL)
		s->below->kind->place(s->below, place);
}

static enum context reveal_context(const struct screen *s)
{
	(void)s;
	return CONTEXT_REVEAL;
}

static bool reveal_handle(struct screen *s, const struct key *key)
{
	if (key->kind != K_ESC)
		return false;
	app_close(s);
	return true;
}

static const struct screen_kind reveal_kind = {
	.context = reveal_context, .place = reveal_place, .draw = app_draw_below, .handle = reveal_handle,
};

void reveal_open(struct screen *from, const struct book *book, int64_t id,
                 const char *const *fields, size_t nfields, reveal_cb *done)
{
	struct choice_line lines[NITEMS(purposes)] = {{.key = NULL}};
	struct reveal *r = screen_new(from->app, &reveal_kind, sizeof *r);

	r->from = from;
	r->book = book;
	r->id = id;
	r->opened = done;
	opid_make(r->op_id);
	for (size_t i = 0; i < nfields && i < REVEAL_FIELDS_MAX; i++)
		r->fields[r->nfields++] = fields[i];
	for (size_t i = 0; i < NITEMS(purposes); i++)
		lines[i] = (struct choice_line){.key = digits[i], .name = tr(purposes[i])};
	app_push(&r->screen);
	choose_push(&r->screen, tr("Purpose, for the log:"), lines,
	            NITEMS(purposes), purpose_chosen);
}
