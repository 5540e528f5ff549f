/*
 * cli_help.c - what `lodge BOOK --help` and `lodge BOOK VERB --help` print, from the descriptors.
 *
 * Not for: judging what was typed (cli_book.c). Trap: columns are padded by what a terminal shows,
 * because labels are translated.
 */
#include "client/cli_help.h"

#include <string.h>

#include "common/i18n.h"
#include "common/text.h"

enum { NAME_CELLS = 20, LABEL_CELLS = 20 };

/* What a verb that reads takes beside fields; those whose rows are shown with it. */
static const struct reading {
	const char *verb, *flags;
	bool fields, revealable;
} readings[] = {
	{.verb = "list", .flags = "[--sort FIELD,-FIELD] [--limit N] [--after CURSOR]", .fields = true},
	{.verb = "get", .flags = "--id N | --code CODE"},
	{.verb = "history", .flags = "--id N"},
	{.verb = "open", .flags = "--id N --fields FIELD,FIELD --purpose TEXT [--on_behalf_of STAFF]", .revealable = true},
};

static void print_row(FILE *out, const char *name, const char *label, const char *help)
{
	int used = text_width(label);

	fprintf(out, "  %-*s %s%*s %s", NAME_CELLS, name, label, used < LABEL_CELLS ? LABEL_CELLS - used : 0, "", help);
}

static void print_field(FILE *out, const struct field *field, const char *before, const char *after)
{
	const char *comma = " (";
	char name[80];

	snprintf(name, sizeof name, "%s%s%s", before, field->name, after);
	print_row(out, name, tr(field->label), tr(field->help));
	if (field->type == FT_CHOICE)
		for (const struct choice *c = field->choices; c->word != NULL; c++, comma = " ")
			fprintf(out, "%s%s", comma, c->word);
	fputs(field->type == FT_CHOICE ? ")\n" : "\n", out);
}

void cli_help_book(FILE *out, const struct book *book)
{
	fprintf(out, "lodge %s VERB [--field value …] [--json|--csv]    %s\n ", book->name, tr(book->title));
	for (size_t i = 0; i < NITEMS(readings); i++)
		fprintf(out, " %s", readings[i].verb);
	fputs("\n", out);
	for (size_t i = 0; i < book->nops; i++) {
		print_row(out, book->ops[i].name, tr(book->ops[i].label), tr(book->ops[i].help));
		fputs("\n", out);
	}
	for (size_t i = 0; i < book->nslips; i++) {
		print_row(out, book->slips[i].name, tr(book->slips[i].title), tr("To print, 80 columns wide."));
		fputs("\n", out);
	}
}

static void print_op(FILE *out, const struct book *book, const struct op *op)
{
	const char *record = op_takes_row(op) ? " [--id N --version N]" : " --id N --version N";

	fprintf(out, "lodge %s %s%s    %s\n", book->name, op->name,
		(op->flags & OP_CREATE) && !op_takes_row(op) ? "" : record, tr(op->label));
	for (size_t i = 0; i < book->nfields; i++)
		if (op->asks & BIT(i))
			print_field(out, &book->fields[i], "--", op->needs & BIT(i) ? " *" : "");
	if (op->flags & OP_EXPORT) {
		print_row(out, "--to *", tr("File"), tr("The PDF is written to this new file."));
		fputs("\n", out);
	}
}

static void print_states(FILE *out, const struct book *book)
{
	fputs("  --state", out);
	for (size_t i = 0; i < book->nstates; i++)
		fprintf(out, " %s", book->states[i].name);
	fputs("\n", out);
}

static void print_reading(FILE *out, const struct book *book, const struct reading *r)
{
	fprintf(out, "lodge %s %s %s    %s\n", book->name, r->verb, r->flags, tr(book->title));
	if (r->fields && book->nstates > 0)
		print_states(out, book);
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if ((r->fields && !(field->flags & F_ARG)) || (r->revealable && field_is_revealable(field)))
			print_field(out, field, r->fields ? "--" : "", "");
	}
}

static void print_slip(FILE *out, const struct book *book, const struct slip *slip)
{
	fprintf(out, "lodge %s %s%s%s%s [--to FILE | --print]    %s\n", book->name, slip->name, slip->whole ? "" : " --id N",
		!slip->whole && book->code != NULL ? " | --code CODE" : "", slip->blank != NULL ? " | --blank" : "", tr(slip->title));
	fprintf(out, "  %s\n", tr("A file whose name ends in .pdf becomes a PDF."));
}

void cli_help_verb(FILE *out, const struct book *book, const char *verb)
{
	const struct op *op = book_op(book, verb);

	if (op != NULL)
		print_op(out, book, op);
	else if (book_slip(book, verb) != NULL)
		print_slip(out, book, book_slip(book, verb));
	for (size_t i = 0; i < NITEMS(readings) && op == NULL; i++)
		if (strcmp(readings[i].verb, verb) == 0)
			print_reading(out, book, &readings[i]);
}
