/*
 * cli_slip.c - `lodge BOOK SLIP --id N | --code CODE | --blank [--to FILE | --print]`: a slip from the command line.
 *
 * A file whose name ends in .pdf is one.
 *
 * Not for: what is on it (slip.c) or what has to be asked (slip_job.c). Trap: the file is made new and for its
 * owner alone, because a sheet may name people.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli.h"
#include "client/printer.h"
#include "client/slip_job.h"
#include "common/i18n.h"

enum { SLIP_PARAMS_MAX = 16 * 1024, PDF_MAX = 16 * 1024 * 1024 };

struct slip_line {
	const char *code, *to;
	int64_t id;
	bool print, blank;
};

static int usage(const char *what, const char *word)
{
	fprintf(stderr, "lodge: %s %s\n", what, word);
	return CLI_USAGE;
}

/* 0 = fine, else the exit code. */
static int read_flags(struct slip_line *l, const struct book *book, const struct slip *slip, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		char *end = NULL;

		if (strcmp(argv[i], "--print") == 0)
			l->print = true;
		else if (strcmp(argv[i], "--blank") == 0 && slip->blank != NULL)
			l->blank = true;
		else if (i + 1 == argc)
			return usage(tr("a value is missing for"), argv[i]);
		else if (strcmp(argv[i], "--to") == 0)
			l->to = argv[++i];
		else if (strcmp(argv[i], "--code") == 0 && book->code != NULL)
			l->code = argv[++i];
		else if (strcmp(argv[i], "--id") == 0 && (l->id = strtoll(argv[i + 1], &end, 10)) > 0 && *end == '\0')
			i++;
		else
			return usage(tr("not a flag:"), argv[i]);
	}
	return l->id > 0 || l->code != NULL || l->blank || slip->whole ? 0 : usage(tr("a value is missing for"), book->code != NULL ? "--code" : "--id");
}

static int put_file(const char *path, const struct buf *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool fine = out != NULL && fwrite(text->data, 1, text->len, out) == text->len;

	if (out == NULL) {
		fprintf(stderr, "lodge: %s %s: %s\n", tr("This file cannot be made:"), path, strerror(errno));
		return CLI_USAGE;
	}
	fine = fclose(out) == 0 && fine;
	if (!fine)
		unlink(path);
	return fine ? CLI_DONE : CLI_ERROR;
}

static int put(const struct slip_line *l, const struct options *options, const struct buf *text)
{
	if (l->to != NULL)
		return put_file(l->to, text);
	if (!l->print)
		return fwrite(text->data, 1, text->len, stdout) == text->len && fflush(stdout) == 0 ? CLI_DONE : CLI_ERROR;
	if (printer_send(options, text))
		return CLI_DONE;
	fprintf(stderr, "lodge: %s\n", tr("The printer did not take it."));
	return CLI_ERROR;
}

static bool is_pdf(const struct slip_line *l)
{
	size_t n = l->to != NULL ? strlen(l->to) : 0;

	return n > 4 && strcmp(l->to + n - 4, ".pdf") == 0;
}

static int put_pdf(const struct slip_line *l, const struct slip_job *job, const char *by)
{
	struct buf pdf;
	int code = CLI_ERROR;

	buf_init(&pdf, PDF_MAX);
	if (slip_job_pdf(job, &pdf, by))
		code = put_file(l->to, &pdf);
	else
		fprintf(stderr, "lodge: %s\n", tr("lodge-print, the program that draws PDFs, is not there or failed."));
	buf_done(&pdf);
	return code;
}

static int put_slip(const struct slip_line *l, const struct options *options, const struct slip_job *job, const char *by)
{
	struct buf text;
	int code;

	if (is_pdf(l))
		return put_pdf(l, job, by);
	buf_init(&text, SLIP_TEXT_MAX);
	slip_job_write(job, &text, by);
	code = put(l, options, &text);
	buf_done(&text);
	return code;
}

static void complain(const struct node *error)
{
	struct buf json;

	buf_init(&json, 64 * 1024);
	if (error != NULL) {
		node_write(&json, error);
		printf("%s\n", json.data);
	} else {
		fprintf(stderr, "lodge: %s\n", tr("This record has no such slip now."));
	}
	buf_done(&json);
}

static int ask_all(struct cli *c, struct slip_job *job)
{
	struct cli_answer answer = {NULL, NULL};
	struct buf method, params;
	int code = CLI_DONE;

	buf_init(&method, 128);
	buf_init(&params, SLIP_PARAMS_MAX);
	while (code == CLI_DONE && slip_job_next(job, &method, &params)) {
		if (!cli_ask(c, method.data, params.data, &answer))
			code = CLI_USAGE;
		else if (!slip_job_take(job, answer.result))
			code = CLI_ERROR;
		buf_reset(&method);
		buf_reset(&params);
	}
	if (code == CLI_ERROR)
		complain(answer.error);
	buf_done(&method);
	buf_done(&params);
	return code;
}

/* An empty form needs no server. */
static int put_blank(const struct slip_line *l, const struct options *options, const struct book *book, const struct slip *slip)
{
	struct slip_job *job = slip_job_new(book, slip, 0, NULL, ROLE_UNSET);
	int code = CLI_ERROR;

	if (job != NULL) {
		slip_job_blank(job);
		code = put_slip(l, options, job, options->staff != NULL ? options->staff : "");
	}
	slip_job_free(job);
	return code;
}

int cli_slip(const struct options *options, const struct book *book, const struct slip *slip, int argc, char **argv)
{
	struct slip_line l = {.id = 0};
	int code = read_flags(&l, book, slip, argc, argv);
	struct slip_job *job;
	struct cli *c;

	if (code == 0 && l.print && !printer_is_there(options))
		code = usage(tr("lodge.conf names no printer:"), "print.lpr");
	if (code != 0)
		return code;
	if (l.blank)
		return put_blank(&l, options, book, slip);
	c = cli_open(options);
	job = c != NULL ? slip_job_new(book, slip, l.id, l.code, cli_role(c)) : NULL;
	code = job != NULL ? ask_all(c, job) : CLI_USAGE;
	if (code == CLI_DONE)
		code = put_slip(&l, options, job, options->staff != NULL ? options->staff : "");
	slip_job_free(job);
	cli_close(c);
	return code;
}
