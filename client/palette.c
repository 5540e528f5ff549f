/*
 * palette.c - every command by its name.
 *
 * Operations that need no record yet, lists, views, reports, and actions: made from the descriptors and the
 * key table. Not for: operations on a record, which are on the record's page.
 * Trap: names are English words of the contract ("loan request"), the same in every language; the
 * translated label stands behind them and matches too.
 */
#include "client/palette.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/i18n.h"

static const struct { enum action action; const char *help; } actions[] = {
	{ ACTION_REPORTS, N_("The figures of the house: units, residents, loans.") },
	{ ACTION_EMERGENCY, N_("The emergency that runs: its steps, calls, torches, roll. Where none runs: what is to be done, by kind.") },
	{ ACTION_PRINT, N_("Print its card, label, list or sheet.") },
	{ ACTION_CARD, N_("The contact card: address, hotline and extension of the centre, and whom to call.") },
	{ ACTION_LOCK, N_("Lock the screen; what is typed is kept.") },
	{ ACTION_LANGUAGE, N_("The next language.") },
	{ ACTION_ROLE, N_("Act in another of your roles.") },
	{ ACTION_PASSWORD, N_("Give yourself a new password.") },
	{ ACTION_SIGN_OUT, N_("Sign out; the next person signs in.") },
	{ ACTION_HELP, N_("The keys that work here.") },
	{ ACTION_QUIT, N_("Leave Lodge.") },
};

static void add(struct palette *p, const struct command *command, const char *help)
{
	p->commands[p->n] = *command;
	p->items[p->n] = (struct pick_item){ .name = p->commands[p->n].name,
		.help = tr(help), .data = &p->commands[p->n] };
	p->n++;
}

static void add_book(struct palette *p, const struct book *book, enum role role, uint64_t acts)
{
	struct command command = { .book = book };

	if ((book->readers | book->parties) & BIT(role)) {
		snprintf(command.name, sizeof(command.name), "%s", book->name);
		add(p, &command, book->title);
	}
	for (size_t i = 0; i < book->nops; i++) {
		if ((book->ops[i].roles & acts) == 0 || (book->ops[i].flags & (OP_CREATE | OP_SCRIPT | OP_EXPORT)) != OP_CREATE)
			continue;
		command.op = &book->ops[i];
		snprintf(command.name, sizeof(command.name), "%s %s", book->name, command.op->name);
		add(p, &command, command.op->label);
	}
	command.op = NULL;
	for (size_t i = 0; i < book->nviews; i++) {
		if (!(book->views[i].roles & BIT(role)))
			continue;
		command.view = &book->views[i];
		snprintf(command.name, sizeof(command.name), "%s %s", book->name, command.view->name);
		add(p, &command, command.view->label);
	}
}

enum err palette_open(struct palette *p, enum role role, uint64_t acts)
{
	size_t most = NITEMS(actions) + nreports;

	for (size_t i = 0; i < nbooks; i++)
		most += 1 + books[i]->nops + books[i]->nviews;
	*p = (struct palette){ .commands = calloc(most, sizeof(*p->commands)),
		.items = calloc(most, sizeof(*p->items)) };
	if (p->commands == NULL || p->items == NULL) {
		free(p->commands);
		free(p->items);
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < nbooks; i++)
		add_book(p, books[i], role, acts);
	for (size_t i = 0; i < nreports; i++) {
		struct command command = { .report = &reports[i] };

		snprintf(command.name, sizeof(command.name), "report %s", reports[i].name);
		if (reports[i].roles & BIT(role))
			add(p, &command, reports[i].title);
	}
	for (size_t i = 0; i < NITEMS(actions); i++) {
		struct command command = { .action = actions[i].action };

		snprintf(command.name, sizeof(command.name), "%s", action_word(command.action));
		add(p, &command, actions[i].help);
	}
	pick_init(&p->pick, ":", p->items, p->n);
	return OK;
}

void palette_close(struct palette *p)
{
	pick_done(&p->pick);
	free(p->commands);
	free(p->items);
	*p = (struct palette){ .n = 0 };
}

unsigned palette_handle(struct palette *p, const struct key *key)
{
	return pick_handle(&p->pick, key);
}

void palette_draw(struct palette *p, int row, int rows)
{
	pick_draw(&p->pick, row, rows);
}

const struct command *palette_taken(const struct palette *p)
{
	const struct pick_item *item = pick_taken(&p->pick);

	return item != NULL ? item->data : NULL;
}
