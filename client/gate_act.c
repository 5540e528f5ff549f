/*
 * gate_act.c - Enter behind the big word: lets in, sees out, clears the slip, or writes a visitor down.
 *
 * What it does stands in the table of gate_decide.c; the server judges it like every operation. Not for: forms
 * (entry.c). Trap: one Enter may be two operations, and the second needs the receipt of the first.
 */
#include "client/gate_screen.h"

#include <stdio.h>
#include <string.h>

#include "client/opid.h"
#include "client/screens.h"
#include "client/value.h"
#include "common/i18n.h"

enum { PARAMS_MAX = 16 * 1024 };

static void put_fill(struct buf *params, const struct gate *g, const char *field, const char *from)
{
	const struct node *v = node_get(g->row, from);
	struct buf word;

	if (from[0] == '"') {
		buf_printf(params, ",\"%s\":%s", field, from);
		return;
	}
	if (v == NULL || v->type == NODE_NULL)
		return;
	/* The code, so that a row made of it offline says it, too. */
	if (node_get(v, "code") != NULL)
		v = node_get(v, "code");
	else if (node_get(v, "id") != NULL)
		v = node_get(v, "id");
	buf_init(&word, GATE_ROW_MAX);
	value_word(&word, v);
	buf_printf(params, ",\"%s\":", field);
	if (v->type == NODE_INT)
		buf_puts(params, word.data);
	else
		buf_json_str(params, word.data);
	buf_done(&word);
}

static void written(struct screen *s, const struct answer *a);

/* The second operation, on what the first has made: named by its id, or where only the journal knows it by its op_id. */
static void go_on(struct gate *g, const struct node *receipt)
{
	char op_id[OPID_SIZE], params[256], method[sizeof g->writing];

	snprintf(method, sizeof method, "%s", g->writing);
	g->writing[0] = '\0';
	opid_make(op_id);
	if (node_get(receipt, "id") != NULL)
		snprintf(params, sizeof params, "{\"op_id\":\"%s\",\"id\":%lld,\"version\":%lld}", op_id,
		         (long long)row_number(receipt, "id"), (long long)row_number(receipt, "version"));
	else
		snprintf(params, sizeof params, "{\"op_id\":\"%s\",\"id\":{\"op_id\":\"%s\"}}", op_id, g->written_as);
	app_ask(&g->screen, ASK_WRITE, method, params, written);
}

static void written(struct screen *s, const struct answer *a)
{
	struct gate *g = (struct gate *)s;
	struct buf when;

	if (a->code != OK) {
		g->writing[0] = '\0';
		app_refuse(s->app, a);
		return;
	}
	if (g->writing[0] != '\0') {
		go_on(g, a->result);
		return;
	}
	if (node_get(a->result, "offline") != NULL) /* the journal has said so */
		return;
	buf_init(&when, 256);
	value_show(&when, &(const struct field){.type = FT_TIME}, node_get(a->result, "at"));
	app_say(s->app, STYLE_TEXT, tr("Saved %s"), when.data);
	buf_done(&when);
	app_wrote(s->app);
}

/* A row of another book made of this one: at once, or in a form that asks for the rest. */
static void write_of(struct gate *g, const struct gate_write *w)
{
	struct app *app = g->screen.app;
	char method[96], op_id[OPID_SIZE];
	struct buf params, word;

	buf_init(&params, PARAMS_MAX);
	buf_init(&word, GATE_ROW_MAX);
	if (w->is_form)
		entry_open(app, book_find(w->book), book_op(book_find(w->book), w->op), NULL);
	opid_make(op_id);
	snprintf(g->written_as, sizeof g->written_as, "%s", op_id);
	buf_printf(&params, "{\"op_id\":\"%s\"", op_id);
	for (const char *const *f = w->fills; *f != NULL; f += 2) {
		const struct node *v = node_get(g->row, f[1]);

		put_fill(&params, g, f[0], f[1]);
		buf_reset(&word);
		if (f[1][0] == '"')
			buf_put(&word, f[1] + 1, strlen(f[1]) - 2);
		else if (v != NULL && v->type != NODE_NULL)
			value_word(&word, node_get(v, "code") != NULL ? node_get(v, "code") : v);
		if (w->is_form && word.len > 0)
			entry_type(app, f[0], word.data);
	}
	buf_puts(&params, "}");
	snprintf(method, sizeof method, "%s.%s", w->book, w->op);
	g->writing[0] = '\0';
	if (w->then != NULL)
		snprintf(g->writing, sizeof g->writing, "%s.%s", w->book, w->then);
	if (!w->is_form && !params.failed)
		app_ask(&g->screen, ASK_WRITE, method, params.data, written);
	buf_done(&word);
	buf_done(&params);
}

/* Whom nobody knows: a visitor is written down with what was typed. */
static void write_down(struct gate *g)
{
	const struct book *book = book_find("visitor");
	const char *typed = g->typed;
	size_t digits = strspn(typed, "0123456789"), len = strlen(typed);
	const char *field = digits == len ? "doc_tail" : strpbrk(typed, "0123456789") != NULL ? "vehicle" : "name";

	entry_open(g->screen.app, book, book_op(book, "arrive"), NULL);
	entry_type(g->screen.app, field, typed);
}

void gate_act_on_word(struct gate *g)
{
	const struct gate_case *why = g->verdict.why;
	const struct book *book = g->verdict.rule != NULL ? book_find(g->verdict.rule->kept.book) : NULL;
	const struct op *op = why != NULL && why->op != NULL ? book_op(book, why->op) : NULL;

	if (g->row == NULL)
		write_down(g);
	else if (op != NULL && entry_may(g->screen.app, book, op, g->row))
		entry_open(g->screen.app, book, op, g->row);
	else if (why != NULL && why->write != NULL)
		write_of(g, why->write);
	gate_forget(g);
}
