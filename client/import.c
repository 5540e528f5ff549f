/*
 * import.c - `lodge import`: a residents' list into the books, or its faults on standard error.
 *
 * Read, check, look, write: nothing is written before every line has been judged. Not for: the
 * format (import_csv.h), the columns (import_line.h). Trap: faults are lines LINE:FIELD: reason and
 * nothing else on standard error, for the scripts that read them; sentences go to standard output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli.h"
#include "client/import_check.h"
#include "client/import_line.h"
#include "client/import_send.h"
#include "client/import_text.h"
#include "common/i18n.h"

enum { IMPORT_ARENA_MAX = 512 * 1024 * 1024 };

struct import {
	const char *path, *encoding;
	bool dry_run, skip_bad;
	struct arena *arena;
	struct buf text;
	struct import_list list;
	size_t bad, last_bad; /* lines with faults; the line of the last one told */
	struct import_counts counts;
};

static int usage(void)
{
	fprintf(stderr, "%s\n", tr("usage: lodge import FILE [--dry-run] [--skip-bad] [--encoding NAME]"));
	return CLI_USAGE;
}

static int say(const char *what, const char *why)
{
	fprintf(stderr, "lodge: %s: %s\n", what, why);
	return CLI_USAGE;
}

/* The faults of one line come together, so that lines are counted by looking at the one before. */
static void tell_fault(void *ctx, size_t line, const char *column, const char *why)
{
	struct import *im = ctx;

	fprintf(stderr, "%zu:%s: %s\n", line, column, why);
	if (line != im->last_bad)
		im->bad++;
	im->last_bad = line;
}

static bool read_arguments(struct import *im, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--dry-run") == 0)
			im->dry_run = true;
		else if (strcmp(argv[i], "--skip-bad") == 0)
			im->skip_bad = true;
		else if (strcmp(argv[i], "--encoding") == 0 && i + 1 < argc && im->encoding == NULL)
			im->encoding = argv[++i];
		else if (strncmp(argv[i], "--", 2) != 0 && im->path == NULL)
			im->path = argv[i];
		else
			return false;
	return im->path != NULL;
}

/* 0, or the exit code. */
static int read_file(struct import *im)
{
	const char *why = "";
	struct buf bytes;
	int code = CLI_DONE;
	enum err err = OK;

	buf_init(&bytes, IMPORT_TEXT_MAX);
	if (!import_read(&bytes, im->path, &why))
		code = say(im->path, why);
	else
		err = import_decode(&im->text, bytes.data, bytes.len, im->encoding);
	buf_done(&bytes);
	if (err == ERR_NOT_FOUND)
		code = say(im->encoding != NULL ? im->encoding : "UTF-16", tr("This machine does not know that encoding."));
	else if (err != OK)
		code = say(im->path, tr("The file is too big."));
	return code;
}

static struct import_person *new_person(struct import_list *list)
{
	if (list->n == list->cap) {
		size_t cap = list->cap > 0 ? 2 * list->cap : 256;
		struct import_person *more = realloc(list->persons, cap * sizeof *more);

		if (more == NULL)
			return NULL;
		list->persons = more;
		list->cap = cap;
	}
	return &list->persons[list->n];
}

/* Every row; *header is false when the first one is none. */
static enum err read_lines(struct import *im, const struct import_report *r, bool *header)
{
	struct import_header columns;
	struct csv csv;
	struct csv_row row;
	enum err err;

	csv_open(&csv, im->text.data, im->text.len);
	err = csv_next(&csv, im->arena, &row);
	if (err == ERR_NOT_FOUND) {
		row = (struct csv_row){.line = 1};
		err = OK;
	}
	*header = err == OK && import_header(im->arena, &row, &columns, r);
	while (*header && err == OK && (err = csv_next(&csv, im->arena, &row)) == OK) {
		struct import_person *p = new_person(&im->list);

		if (p == NULL)
			return ERR_NOMEM;
		im->list.n += import_person(im->arena, &columns, &row, p, r, &err);
	}
	return err == ERR_NOT_FOUND ? OK : err;
}

static bool is_any(const struct import_person *p)
{
	return p->line > 0;
}

static bool is_homeless(const struct import_person *p)
{
	return p->values[IMPORT_HOUSEHOLD] == NULL;
}

static int print_summary(const struct import *im, bool is_written)
{
	const struct import_counts *c = &im->counts;

	if (im->bad > 0 && !im->skip_bad && !im->dry_run)
		printf(tr("Nothing was written: %zu bad lines. Mend them, or leave them out with --skip-bad.\n"), im->bad);
	else if (im->dry_run)
		printf(tr("Nothing was written. Persons that would be new: %zu, changed: %zu, the same: %zu. Bad lines: %zu.\n"),
			c->fresh, c->changed, c->same, im->bad);
	else
		printf(tr("Persons new: %zu, changed: %zu, the same: %zu. Bad lines: %zu.\n"), c->fresh, c->changed, c->same, im->bad);
	if (is_written && c->fresh + c->changed == 0)
		puts(tr("Nothing has changed."));
	return im->bad > 0 ? CLI_ERROR : CLI_DONE;
}

/* The server's part: the units, a look where the list leaves something open, then the writing. */
static int talk(struct import *im, struct cli *cli, const struct import_report *r)
{
	struct import_counts looked = {0};
	bool fine = import_check_units(cli, im->arena, &im->list, r);

	if (fine && im->dry_run)
		fine = import_send(cli, &im->list, true, is_any, &im->counts, r);
	else if (fine)
		fine = import_send(cli, &im->list, true, is_homeless, &looked, r);
	if (!fine)
		return CLI_USAGE;
	if (im->dry_run || (im->bad > 0 && !im->skip_bad))
		return print_summary(im, false);
	if (import_send(cli, &im->list, false, is_any, &im->counts, r))
		return print_summary(im, true);
	if (im->counts.fresh + im->counts.changed > 0)
		printf(tr("Written before that: %zu persons. Once more from the beginning goes on where this ended.\n"),
			im->counts.fresh + im->counts.changed);
	return CLI_USAGE;
}

static bool may_import(const struct cli *cli)
{
	const struct book *book = book_find(IMPORT_BOOK);
	const struct op *op = book != NULL ? book_op(book, IMPORT_OP) : NULL;

	return op != NULL && (op->roles & BIT(cli_role(cli))) != 0;
}

static int run(struct import *im, const struct options *options)
{
	const struct import_report report = {.fault = tell_fault, .ctx = im};
	bool header = false;
	struct cli *cli;
	enum err err;
	int code = read_file(im);

	if (code != CLI_DONE)
		return code;
	if ((cli = cli_open(options)) == NULL)
		return CLI_USAGE;
	if (!may_import(cli)) {
		cli_close(cli);
		return say("import", tr("Your role does not do this."));
	}
	err = read_lines(im, &report, &header);
	if (err == OK && header)
		err = import_check_lines(im->arena, &im->list, &report);
	if (err != OK)
		code = say(im->path, tr("The file is too big."));
	else if (!header)
		code = CLI_ERROR;
	else
		code = talk(im, cli, &report);
	cli_close(cli);
	return code;
}

int cli_import(const struct options *options, int argc, char **argv)
{
	struct import im = {.path = NULL};
	int code;

	if (!read_arguments(&im, argc, argv))
		return usage();
	im.arena = arena_new(IMPORT_ARENA_MAX);
	buf_init(&im.text, IMPORT_TEXT_MAX);
	code = im.arena != NULL ? run(&im, options) : CLI_USAGE;
	arena_free(im.arena);
	buf_done(&im.text);
	free(im.list.persons);
	return code;
}

int cli_export(void)
{
	fprintf(stderr, "lodge: %s\n", tr("Data of households leave the house only as a numbered controlled copy (CNF-08 to CNF-10)."));
	return CLI_USAGE;
}
