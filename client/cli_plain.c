/*
 * cli_plain.c - `lodge --plain`: one line in, plain lines out, for screen readers and dumb
 * terminals.
 *
 * Not for: scripts (`lodge call` gives JSON) or writing. Trap: output goes to a terminal unread by
 * curses, so every text of the house passes text_safe's rules through text_fit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli.h"
#include "client/value.h"
#include "common/book.h"
#include "common/i18n.h"
#include "common/text.h"

enum { PLAIN_CELLS = 60, PLAIN_TEXT_MAX = 16 * 1024 };

/* Prints a text of the server as printable cells, without the padding. */
static void print_clean(const char *text)
{
	char cells[16 * PLAIN_CELLS + 1];
	size_t n = text_fit(cells, sizeof cells, text, PLAIN_CELLS);

	while (n > 0 && cells[n - 1] == ' ')
		cells[--n] = '\0';
	printf("%s", cells);
}

static void print_field(const struct node *row, const struct field *f)
{
	struct buf text;

	buf_init(&text, PLAIN_TEXT_MAX);
	if (row_masks(row, f->name))
		buf_puts(&text, "[#]");
	else
		value_show(&text, f, node_get(row, f->name));
	if (text.len > 0) {
		printf("  %s: ", tr(f->label));
		print_clean(text.data);
		printf("\n");
	}
	buf_done(&text);
}

static void print_found(const struct node *rows)
{
	for (const struct node *row = rows->first; row != NULL; row = row->next) {
		const char *book = node_str(node_get(row, "book")), *title = node_str(node_get(row, "title"));

		printf("%s %lld  ", book != NULL ? book : "?", (long long)row_number(row, "id"));
		print_clean(title != NULL ? title : "");
		printf("\n");
	}
}

static void print_row(const struct book *book, const struct node *row, bool whole)
{
	struct buf title;

	buf_init(&title, PLAIN_TEXT_MAX);
	row_title(&title, book, row);
	printf("%s %lld  ", book->name, (long long)row_number(row, "id"));
	print_clean(title.data);
	if (book->nstates > 0)
		printf("  %s", row_state(book, row, NULL));
	printf("\n");
	for (size_t i = 0; i < book->nfields; i++)
		if (whole || (book->fields[i].flags & F_LIST) != 0)
			print_field(row, &book->fields[i]);
	buf_done(&title);
}

static void print_answer(const struct book *book, const struct node *result)
{
	const struct node *rows = node_get(result, "rows");

	if (book == NULL && rows != NULL)
		print_found(rows);
	else if (book != NULL && rows == NULL)
		print_row(book, result, true);
	for (const struct node *row = book != NULL && rows != NULL ? rows->first : NULL; row != NULL;
	     row = row->next)
		print_row(book, row, false);
	if (rows != NULL && rows->first == NULL)
		printf("%s\n", tr("Nothing found."));
}

/* Builds method and params of "find TEXT", "list BOOK", "get BOOK ID"; false: none of these. */
static bool plain_request(char *line, struct buf *method, struct buf *params,
                          const struct book **book)
{
	char *verb = line + strspn(line, " \t"), *rest = verb + strcspn(verb, " \t"), *last;

	if (*rest != '\0')
		*rest++ = '\0';
	rest += strspn(rest, " \t");
	if (strcmp(verb, "find") == 0 && *rest != '\0') {
		buf_puts(method, "find");
		buf_puts(params, "{\"text\":");
		buf_json_str(params, rest);
		buf_puts(params, "}");
		return true;
	}
	last = rest + strcspn(rest, " \t");
	if (*last != '\0')
		*last++ = '\0';
	*book = book_find(rest);
	if (*book == NULL || (strcmp(verb, "list") != 0 && strcmp(verb, "get") != 0))
		return false;
	buf_printf(method, "%s.%s", rest, verb);
	if (strcmp(verb, "list") == 0) {
		buf_puts(params, "{}");
	} else {
		bool is_id = (*book)->code == NULL;

		buf_puts(params, is_id ? "{\"id\":" : "{\"code\":");
		if (is_id)
			buf_printf(params, "%llu", strtoull(last, NULL, 10));
		else
			buf_json_str(params, last);
		buf_puts(params, "}");
	}
	return true;
}

static const char *error_text(const struct node *error)
{
	const char *text = node_str(node_get(error, "message"));

	return text != NULL ? text : "";
}

/* Runs one line; an exit code. */
static int plain_line(struct cli *c, char *line)
{
	const struct book *book = NULL;
	struct cli_answer answer = {NULL, NULL};
	struct buf method, params;
	int code = CLI_USAGE;

	line[strcspn(line, "\r\n")] = '\0';
	buf_init(&method, 256);
	buf_init(&params, PLAIN_TEXT_MAX);
	if (!plain_request(line, &method, &params, &book))
		printf("%s\n", tr("Say: find TEXT, list BOOK, or get BOOK CODE."));
	else if (cli_ask(c, method.data, params.data, &answer))
		code = answer.error != NULL ? CLI_ERROR : CLI_DONE;
	if (code == CLI_DONE)
		print_answer(book, answer.result);
	else if (code == CLI_ERROR)
		print_clean(error_text(answer.error));
	if (code == CLI_ERROR)
		printf("\n");
	fflush(stdout);
	buf_done(&method);
	buf_done(&params);
	return code;
}

int cli_plain(const struct options *options, int argc, char **argv)
{
	struct cli *c = cli_open(options);
	char *line = NULL;
	size_t cap = 0;
	int code = CLI_DONE;
	struct buf words;

	if (c == NULL)
		return CLI_USAGE;
	buf_init(&words, PLAIN_TEXT_MAX);
	for (int i = 0; i < argc; i++)
		buf_printf(&words, "%s%s", i > 0 ? " " : "", argv[i]);
	if (argc > 0)
		code = plain_line(c, words.data);
	while (argc == 0 && getline(&line, &cap, stdin) >= 0)
		code = plain_line(c, line);
	free(line);
	buf_done(&words);
	cli_close(c);
	return code;
}
