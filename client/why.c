/*
 * why.c - help that begins with why: what stands in the way, who on duty may, and the request that
 * one key files.
 *
 * Asked on a locked field, and about the act that was just refused. Not for: permissions; the server
 * says what it says. Trap: the refusal is remembered for one key only, for whoever types on means
 * something else.
 */
#include <stdio.h>
#include <string.h>

#include "client/screens.h"
#include "client/value.h"
#include "common/i18n.h"

static void put_names(struct buf *to, const char *label, const struct node *names, bool are_roles)
{
	const char *between = " ";

	if (names == NULL || names->first == NULL)
		return;
	buf_printf(to, " %s", label);
	for (const struct node *n = names->first; n != NULL; n = n->next) {
		const char *word = node_str(n);

		if (word == NULL)
			continue;
		buf_printf(to, "%s%s", between, are_roles ? tr(role_label(role_of_word(word))) : word);
		between = ", ";
	}
	buf_puts(to, ".");
}

static const char *verdict(const struct node *result)
{
	const struct node *allowed = node_get(result, "allowed");
	const char *message = node_str(node_get(result, "message"));
	bool may = allowed != NULL && allowed->b;

	if (message != NULL)
		return message;
	if (node_get(result, "level") != NULL)
		return may ? tr("You may see it, with a purpose.") : tr("You may not see it.");
	return may ? tr("Nothing stands in the way now.") : tr("You may not do it.");
}

/* The request that the server names, with what it is for; false: there is none. */
static bool take_offer(const struct app *app, const struct node *request, struct offer *offer)
{
	const char *book = node_str(node_get(request, "book")), *op = node_str(node_get(request, "op"));
	const char *field = node_str(node_get(request, "field")), *value = node_str(node_get(request, "value"));

	offer->book = book != NULL ? book_find(book) : NULL;
	offer->op = offer->book != NULL && op != NULL ? book_op(offer->book, op) : NULL;
	if (offer->op == NULL || field == NULL || value == NULL || book_field(offer->book, field) == NULL)
		return false;
	offer->field = book_field(offer->book, field)->name;
	snprintf(offer->value, sizeof offer->value, "%s", value);
	snprintf(offer->purpose, sizeof offer->purpose, "%s", app->why_about);
	return true;
}

static void why_came(struct screen *s, const struct answer *a)
{
	const char *level = node_str(node_get(a->result, "level")), *rule = node_str(node_get(a->result, "rule"));
	struct offer offer = {.book = NULL};
	struct buf text;
	bool offered;

	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	offered = take_offer(s->app, node_get(a->result, "request"), &offer);
	buf_init(&text, 480);
	buf_puts(&text, verdict(a->result));
	if (level != NULL)
		buf_printf(&text, " %s %s.", tr("Level:"), tr(level));
	if (rule != NULL)
		buf_printf(&text, " %s.", rule);
	put_names(&text, tr("May:"), node_get(a->result, "may"), true);
	put_names(&text, tr("On duty:"), node_get(a->result, "on_duty"), false);
	if (offered)
		buf_printf(&text, " a = %s %s.", tr(offer.op->label), offer.value);
	help_offer(s->app, text.data, offered ? &offer : NULL);
	buf_done(&text);
}

static void ask(struct screen *s, const struct book *book, int64_t id, const char *member, const char *name, const char *label)
{
	char params[256];

	snprintf(s->app->why_about, sizeof s->app->why_about, "%s: %s", tr(book->title), tr(label));
	snprintf(params, sizeof params, "{\"book\":\"%s\",\"id\":%lld,\"%s\":\"%s\"}", book->name, (long long)id, member, name);
	app_ask(s, ASK_READ, "why", params, why_came);
}

void why_field(struct screen *s, const struct book *book, int64_t id, const struct field *field)
{
	ask(s, book, id, "field", field->name, field->label);
}

void why_refused(struct app *app, const struct book *book, const struct op *op, int64_t id)
{
	app->refused = (struct refusal){.book = book, .op = op, .id = id};
}

bool why_last(struct app *app)
{
	const struct refusal last = app->refused;

	if (last.book == NULL)
		return false;
	app->refused.book = NULL;
	ask(app->top, last.book, last.id, "op", last.op->name, last.op->label);
	return true;
}

void why_file(struct app *app, const struct offer *offer)
{
	entry_open(app, offer->book, offer->op, NULL);
	entry_type(app, offer->field, offer->value);
	for (size_t i = 0; i < offer->book->nfields; i++)
		if ((offer->op->asks & BIT(i)) != 0 && (offer->book->fields[i].flags & F_SUGGEST) != 0)
			entry_type(app, offer->book->fields[i].name, offer->purpose);
}
