/*
 * docs.c - the command `docs`: every book in Markdown, written from its descriptor.
 *
 * Not for: hand-written prose; whoever wants another sentence changes the descriptor.
 * Trap: a | in a text would break a table's row, so cells go through cell_put.
 */
#include "server/admin/docs.h"

#include <stdio.h>
#include <string.h>

#include "common/report.h"
#include "server/commands.h"

static void cell_put(struct buf *out, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		buf_printf(out, *text == '|' ? "\\%c" : "%c", *text);
}

void docs_roles(struct buf *out, uint64_t roles)
{
	uint64_t missing = ROLES_EVERYBODY & ~roles;
	bool most = roles != 0 && __builtin_popcountll(missing) * 2 < __builtin_popcountll(roles);
	const char *before = most && missing != 0 ? "everybody but " : "";
	if (roles == 0)
		buf_puts(out, "nobody");
	else if (missing == 0)
		buf_puts(out, "everybody");
	else
		for (int role = ROLE_UNSET + 1; role < ROLE_END; role++)
			if ((most ? missing : roles) & BIT(role)) {
				buf_printf(out, "%s%s", before, role_word((enum role)role));
				before = ", ";
			}
}

static void choices_put(struct buf *out, const struct field *field)
{
	const char *before = ": ";
	if (field->type != FT_CHOICE)
		return;
	for (const struct choice *choice = field->choices; choice != NULL && choice->word != NULL; choice++) {
		buf_printf(out, "%s`%s`", before, choice->word);
		before = " ";
	}
}

static void type_put(struct buf *out, const struct field *field)
{
	buf_puts(out, type_word(field->type));
	if (field->ref != NULL)
		buf_printf(out, " to `%s`", field->ref);
	if ((field->type == FT_TEXT || field->type == FT_NOTE) && field->max > 0 && field->min > 0)
		buf_printf(out, ", %d–%d characters", field->min, field->max);
	else if ((field->type == FT_TEXT || field->type == FT_NOTE) && field->max > 0)
		buf_printf(out, ", up to %d characters", field->max);
	else if (field->type == FT_INT && field->max > field->min)
		buf_printf(out, ", %d–%d", field->min, field->max);
	choices_put(out, field);
}

/* What a flag means for somebody who reads or writes the field. */
static const struct { unsigned flag; const char *text; } flag_words[] = {
	{ F_AUTO, "filled in by the house" },
	{ F_ARG, "asked for by an operation, no column" },
	{ F_CRYPT, "encrypted" },
	{ F_HASHED, "compared by keyed hash" },
	{ F_SEARCH, "the search finds it as a name" },
	{ F_PHONE, "the search finds it as a number" },
	{ F_SORT, "lists may be sorted by it" },
	{ F_PARTY, "makes that person a party to the row" },
	{ F_ANYWHERE, "may name a record outside one's areas" },
	{ F_NUMBER, "counted without gaps" },
	{ F_WITHHELD, "sealed where the household is important" },
	{ F_REHEARSE, "only says what would be done" },
};

static void field_row(struct buf *out, const struct field *field)
{
	buf_printf(out, "| `%s` | ", field->name);
	cell_put(out, field->label);
	buf_puts(out, " | ");
	type_put(out, field);
	buf_printf(out, " | %s | ", level_word(field->level));
	cell_put(out, field->help);
	if (field->computed != NULL)
		buf_puts(out, " Computed when read.");
	const char *before = " (";
	for (size_t i = 0; i < NITEMS(flag_words); i++)
		if (field->flags & flag_words[i].flag) {
			buf_printf(out, "%s%s", before, flag_words[i].text);
			before = "; ";
		}
	buf_puts(out, strcmp(before, "; ") == 0 ? ") |\n" : " |\n");
}

static void fields_put(struct buf *out, const struct book *book)
{
	buf_puts(out, "\n### Fields\n\n| field | label | type | level | meaning |\n| --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < book->nfields; i++)
		field_row(out, &book->fields[i]);
}

static void states_put(struct buf *out, const struct book *book)
{
	if (book->nstates == 0)
		return;
	buf_puts(out, "\n### States\n\n");
	for (size_t i = 0; i < book->nstates; i++) {
		const struct state *state = &book->states[i];
		buf_printf(out, "- `%s` – %s", state->name, state->label);
		if (state->computed != NULL && !book->states_computed)
			buf_printf(out, "; computed from `%s`", book->states[state->of].name);
		buf_printf(out, "%s%s\n", state->computed != NULL && book->states_computed ? "; computed" : "",
			state->open ? " (open)" : "");
	}
}

/* "- From `requested`, `endorsed` to `approved`." */
static void transition_put(struct buf *out, const struct book *book, const struct op *op)
{
	const char *before = "- From ";
	if (book->nstates == 0 || book->states_computed)
		return;
	if (op->flags & OP_CREATE) {
		buf_puts(out, op->known != NULL ? "- Makes a new row or amends the one that it already is" : "- Makes a new row");
		before = op->flags & OP_RESUME ? ", or takes on one in " : ", or replaces one in ";
	}
	for (size_t i = 0; i < book->nstates; i++)
		if (op->from & BIT(i)) {
			buf_printf(out, "%s`%s`", before, book->states[i].name);
			before = ", ";
		}
	if (op->from == 0 && !(op->flags & OP_CREATE))
		buf_puts(out, "- From any state");
	if (op->to == STATE_SAME)
		buf_puts(out, "; the state stays.\n");
	else if (op->to == STATE_DERIVED)
		buf_puts(out, "; its state follows from what is given.\n");
	else
		buf_printf(out, "%s `%s`.\n", op->flags & OP_CREATE ? " in state" : " to", book->states[op->to].name);
	if (op->succeed != NULL)
		buf_puts(out, "- Another row takes the place of this one, which stays and refers to it.\n");
}

static void asks_put(struct buf *out, const struct book *book, const struct op *op)
{
	const char *before = "- Asks for ";
	for (size_t i = 0; i < book->nfields; i++)
		if (op->asks & BIT(i)) {
			buf_printf(out, "%s`%s`%s", before, book->fields[i].name, op->needs & BIT(i) ? "" : "?");
			before = ", ";
		}
	buf_puts(out, op->asks != 0 ? ".\n" : "");
}

static void clocks_put(struct buf *out, const struct book *book, const struct op *op)
{
	for (size_t i = 0; i < book->ndeadlines; i++) {
		bool ends = op->closes & BIT(i), starts = op->opens & BIT(i);
		if (ends || starts)
			buf_printf(out, "- %s the time limit `%s`.\n", ends && starts ? "Moves" : ends ? "Ends" : "Starts",
				book->deadlines[i].name);
	}
}

/* In the order of judgement: the state first, then the guards. */
static void refusals_put(struct buf *out, const struct op *op)
{
	const struct guard *guard = op->guards;
	if (op->state_sentence == NULL && (guard == NULL || guard->name == NULL))
		return;
	buf_puts(out, "\nRefused by\n\n");
	if (op->state_sentence != NULL)
		buf_printf(out, "- %s%s`state`: %s\n", op->state_rule != NULL ? op->state_rule : "",
			op->state_rule != NULL ? " " : "", op->state_sentence);
	for (; guard != NULL && guard->name != NULL; guard++)
		buf_printf(out, "- %s `%s`%s%s%s: %s\n", guard->rule, guard->name, guard->code != OK ? " (" : "",
			guard->code != OK ? err_word(guard->code) : "", guard->code != OK ? ")" : "", guard->sentence);
}

static void op_put(struct buf *out, const struct book *book, const struct op *op)
{
	buf_printf(out, "\n#### `%s.%s` – %s\n\n%s\n\n- By ", book->name, op->name, op->label, op->help);
	docs_roles(out, op->roles);
	buf_puts(out, ".\n");
	transition_put(out, book, op);
	asks_put(out, book, op);
	clocks_put(out, book, op);
	refusals_put(out, op);
}

static void views_put(struct buf *out, const struct book *book)
{
	if (book->nviews > 0)
		buf_puts(out, "\n### Views\n\n");
	for (size_t i = 0; i < book->nviews; i++) {
		const struct view *view = &book->views[i];
		buf_printf(out, "- `%s` – %s: `%s`; on the home screen of ", view->name, view->label,
			view->where != NULL ? view->where : "{}");
		docs_roles(out, view->roles);
		buf_puts(out, view->late ? ", as late.\n" : ".\n");
	}
}

static void parts_put(struct buf *out, const struct book *book)
{
	if (book->nparts > 0)
		buf_puts(out, "\n### Shown with a record\n\n");
	for (size_t i = 0; i < book->nparts; i++)
		buf_printf(out, "- `%s` – %s, rows of `%s`.\n", book->parts[i].name, book->parts[i].label, book->parts[i].book);
}

static void slips_put(struct buf *out, const struct book *book)
{
	if (book->nslips > 0)
		buf_puts(out, "\n### To print\n\n");
	for (size_t i = 0; i < book->nslips; i++)
		buf_printf(out, "- `%s` – %s.\n", book->slips[i].name, book->slips[i].title);
}

static void deadlines_put(struct buf *out, const struct book *book)
{
	if (book->ndeadlines > 0)
		buf_puts(out, "\n### Time limits\n\n");
	for (size_t i = 0; i < book->ndeadlines; i++)
		buf_printf(out, "- `%s` – %s: runs until `%s`.\n", book->deadlines[i].name, book->deadlines[i].label,
			book->fields[book->deadlines[i].field].name);
}

void docs_book(struct buf *out, const struct book *book)
{
	buf_printf(out, "\n## `%s` – %s\n\n%s\n\n- Read by ", book->name, book->title, book->why);
	docs_roles(out, book->readers);
	buf_puts(out, book->flags & B_AREA ? ", in their areas" : "");
	if (book->estate_wide != 0) {
		buf_puts(out, "; of every area ");
		docs_roles(out, book->estate_wide);
	}
	buf_puts(out, ".\n");
	if (book->parties != 0) {
		buf_puts(out, "- Rows to which one is a party: read by ");
		docs_roles(out, book->parties);
		buf_puts(out, ", whatever the areas.\n");
	}
	if (book->historians != 0) {
		buf_puts(out, "- History read by ");
		docs_roles(out, book->historians);
		buf_puts(out, ".\n");
	}
	if (book->code != NULL)
		buf_printf(out, "- A record is named by its `%s`.\n", book->code);
	fields_put(out, book);
	states_put(out, book);
	if (book->nops > 0)
		buf_puts(out, "\n### Operations\n");
	for (size_t i = 0; i < book->nops; i++)
		op_put(out, book, &book->ops[i]);
	deadlines_put(out, book);
	views_put(out, book);
	parts_put(out, book);
	slips_put(out, book);
}

static void report_put(struct buf *out, const struct report *report)
{
	buf_printf(out, "\n## `report.%s` – %s\n\n%s (%s)\n\n- Seen by ", report->name, report->title, report->help, report->rule);
	docs_roles(out, report->roles);
	buf_puts(out, ", for their areas.\n");
	if (report->book != NULL)
		buf_printf(out, "- Behind a bar: rows of `%s`, to those who read them.\n", report->book);
	else
		buf_printf(out, "- Behind a bar: %s\n", report->closed);
	buf_puts(out, "\n| column | label | type | level | meaning |\n| --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; i < report->ncolumns; i++)
		field_row(out, &report->columns[i].field);
}

/* What a newcomer needs before the first book. */
static void preface_put(struct buf *out)
{
	buf_puts(out, "# The books of the house\n\nWritten by `lodged docs` from the descriptors in `common/books/`; one book "
		"alone: `lodged docs BOOK`.\n\n"
		"A book is one log book of the house. Every *field* has a level, from `open` over `name`, `contact`\n"
		"and `full` to `sealed`: what is above a reader's clearance is absent and named in `masked`, and\n"
		"`full` and `sealed` come only by `BOOK.open` with a purpose. Every change is an *operation*,\n"
		"`BOOK.VERB` on the wire and `lodge BOOK VERB` in a script; `?` marks what may be left out. An\n"
		"operation is judged in the order written here, and the first rule that fails answers with its ID\n"
		"and sentence. A state marked (open) waits for somebody.\n\nRoles:");
	for (int role = ROLE_UNSET + 1; role < ROLE_END; role++)
		buf_printf(out, "\n- %s – %s", role_word((enum role)role), role_label((enum role)role));
	buf_puts(out, "\n\nBooks:\n");
	for (size_t i = 0; i < nbooks; i++)
		buf_printf(out, "- `%s` – %s: %s\n", books[i]->name, books[i]->title, books[i]->why);
}

static int docs_print(struct buf *out)
{
	bool failed = out->failed;
	if (!failed)
		fputs(out->data, stdout);
	else
		fputs("lodged: the documentation is too long\n", stderr);
	buf_done(out);
	return failed;
}

int cmd_docs(int argc, char **argv)
{
	struct buf out;
	bool ddl = argc == 3 && strcmp(argv[1], "--ddl") == 0;
	const struct book *book = ddl ? book_find(argv[2]) : argc == 2 ? book_find(argv[1]) : NULL;
	if (argc > 3 || (argc == 3 && !ddl) || (argc > 1 && book == NULL)) {
		fputs("usage: lodged docs [BOOK | --ddl BOOK]\n", stderr);
		return 2;
	}
	buf_init(&out, 4 << 20);
	if (ddl)
		docs_ddl(&out, book);
	else if (book != NULL)
		docs_book(&out, book);
	else
		preface_put(&out);
	for (size_t i = 0; book == NULL && i < nbooks; i++)
		docs_book(&out, books[i]);
	for (size_t i = 0; book == NULL && i < nreports; i++)
		report_put(&out, &reports[i]);
	return docs_print(&out);
}
