/*
 * cli_book.c - `lodge BOOK VERB --field value …`: flags named as the fields of the descriptor.
 *
 * Values are sent as typed and judged by the server alone. Not for: the conversation (cli.c).
 * Trap: a cell that begins like a formula would run in a spreadsheet, so CSV puts ' before it; and
 * household data gives no CSV at all (CNF-09).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/cli.h"
#include "client/cli_help.h"
#include "client/paper.h"
#include "client/value.h"
#include "common/book.h"
#include "common/i18n.h"
#include "common/text.h"

enum { BOOK_PARAMS_MAX = 60 * 1024, BOOK_CELL_MAX = 64 * 1024 };

enum output { OUTPUT_TEXT = 1, OUTPUT_JSON, OUTPUT_CSV };

struct command_line {
	const struct book *book;
	const char *verb;
	enum output output;
	struct buf params, where; /* members of the object, without its braces */
	const char *to;           /* the file for the paper, for operations that have one */
	struct paper_file *file;
};

static int usage(const char *what, const char *word)
{
	fprintf(stderr, "lodge: %s %s\n", what, word);
	return CLI_USAGE;
}

static bool is_digits(const char *s)
{
	return s[0] != '\0' && strspn(s, "0123456789") == strlen(s) && strlen(s) < 19;
}

/* 3,1,2 or a,b as a JSON array. */
static void put_array(struct buf *to, const char *text)
{
	buf_puts(to, "[");
	while (*text != '\0') {
		size_t n = strcspn(text, ",");

		if (is_digits(text) || (n > 0 && strspn(text, "0123456789") == n))
			buf_put(to, text, n);
		else
			buf_json_strn(to, text, n);
		text += n;
		if (*text == ',')
			buf_put(to, text++, 1);
	}
	buf_puts(to, "]");
}

static void put_value(struct buf *to, enum ftype type, const char *text)
{
	bool is_bool = strcmp(text, "true") == 0 || strcmp(text, "false") == 0;

	if (((type == FT_INT || type == FT_AREA) && is_digits(text)) || (type == FT_BOOL && is_bool))
		buf_puts(to, text);
	else if (type == FT_IDS || type == FT_AREAS || type == FT_WORDS)
		put_array(to, text);
	else
		buf_json_str(to, text);
}

/* Members that are no fields, with the shape of their value. */
static const struct {
	const char *name;
	enum ftype type;
} known_members[] = {
	{"id", FT_INT},     {"version", FT_INT}, {"op_id", FT_TEXT},  {"code", FT_TEXT},
	{"limit", FT_INT},  {"after", FT_TEXT},  {"sort", FT_WORDS},  {"ids", FT_IDS},
	{"fields", FT_WORDS}, {"on_behalf_of", FT_TEXT},
};

/* The word that a short key of the field stands for; anything else as it was typed. */
static const char *without_key(const struct field *field, const char *value)
{
	const struct choice *key = field != NULL ? field->keys : NULL;

	while (key != NULL && key->word != NULL && strcasecmp(key->word, value) != 0)
		key++;
	return key != NULL && key->word != NULL ? key->label : value;
}

static void put_flag(struct command_line *l, const char *name, const char *value)
{
	const struct field *field = book_field(l->book, name);
	bool is_list = strcmp(l->verb, "list") == 0;
	enum ftype type = field != NULL ? field->type : FT_TEXT;
	struct buf *to = &l->where;

	for (size_t i = 0; i < NITEMS(known_members); i++)
		if (strcmp(known_members[i].name, name) == 0 && !(is_list && field != NULL)) {
			type = known_members[i].type;
			to = &l->params;
		}
	if (!is_list)
		to = &l->params;
	if (to->len > 0)
		buf_puts(to, ",");
	buf_json_str(to, name);
	buf_puts(to, ":");
	put_value(to, type, without_key(field, value));
}

static bool has_paper(const struct command_line *l)
{
	const struct op *op = book_op(l->book, l->verb);

	return op != NULL && (op->flags & OP_EXPORT) != 0;
}

/* 0 = fine, else the exit code. */
static int read_flags(struct command_line *l, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		const char *name = argv[i] + 2;

		if (strncmp(argv[i], "--", 2) != 0)
			return usage(tr("not a flag:"), argv[i]);
		if (strcmp(name, "json") == 0)
			l->output = OUTPUT_JSON;
		else if (strcmp(name, "csv") == 0)
			l->output = OUTPUT_CSV;
		else if (has_paper(l) && strcmp(name, "to") == 0 && i + 1 < argc)
			l->to = argv[++i];
		else if (i + 1 < argc)
			put_flag(l, name, argv[++i]);
		else
			return usage(tr("a value is missing for"), argv[i]);
	}
	if (l->where.len > 0) {
		buf_printf(&l->params, "%s\"where\":{", l->params.len > 0 ? "," : "");
		buf_puts(&l->params, l->where.data);
		buf_puts(&l->params, "}");
	}
	return 0;
}

/* ---- output ---- */

static void print_csv_cell(const char *text, bool is_first)
{
	bool is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
	bool quoted = strpbrk(text, ",\"\r\n") != NULL;

	printf("%s%s%s", is_first ? "" : ",", quoted ? "\"" : "", is_formula ? "'" : "");
	for (; *text != '\0'; text++)
		printf(*text == '"' ? "\"\"" : "%c", *text);
	if (quoted)
		putchar('"');
}

static void print_csv_member(const struct node *row, const char *name, bool is_first)
{
	struct buf cell;

	buf_init(&cell, BOOK_CELL_MAX);
	if (row != NULL && !row_masks(row, name))
		value_word(&cell, node_get(row, name));
	else if (row != NULL)
		buf_puts(&cell, "[#]");
	print_csv_cell(row != NULL ? cell.data : name, is_first);
	buf_done(&cell);
}

/* row NULL prints the header. */
static void print_csv_row(const struct book *book, const struct node *row)
{
	print_csv_member(row, "id", true);
	print_csv_member(row, "version", false);
	if (book->nstates > 0)
		print_csv_member(row, "state", false);
	for (size_t i = 0; i < book->nfields; i++)
		if ((book->fields[i].flags & F_ARG) == 0)
			print_csv_member(row, book->fields[i].name, false);
	printf("\r\n");
}

static void print_text_member(const struct node *row, const char *name, const struct field *f)
{
	struct buf cell;

	buf_init(&cell, BOOK_CELL_MAX);
	if (row == NULL)
		buf_puts(&cell, name);
	else if (row_masks(row, name))
		buf_puts(&cell, "[#]");
	else
		value_show(&cell, f, node_get(row, name));
	for (char *p = cell.data; *p != '\0'; p++)
		if (*p == '\t' || *p == '\n')
			*p = ' ';
	printf("\t%s", cell.data);
	buf_done(&cell);
}

static void print_text_row(const struct book *book, const struct node *row)
{
	if (row != NULL)
		printf("%lld", (long long)row_number(row, "id"));
	else
		printf("id");
	if (book->nstates > 0)
		print_text_member(row, "state", NULL);
	for (size_t i = 0; i < book->nfields; i++)
		if ((book->fields[i].flags & F_LIST) != 0)
			print_text_member(row, book->fields[i].name, &book->fields[i]);
	printf("\n");
}

static void print_rows(const struct command_line *l, const struct node *rows)
{
	void (*print)(const struct book *, const struct node *) =
		l->output == OUTPUT_CSV ? print_csv_row : print_text_row;

	print(l->book, NULL);
	for (const struct node *row = rows->first; row != NULL; row = row->next)
		print(l->book, row);
}

static void print_members(const struct command_line *l, const struct node *n, const char *indent)
{
	for (const struct node *m = n->first; m != NULL; m = m->next) {
		struct buf text;

		if (m->type == NODE_ARRAY && m->first != NULL && m->first->type == NODE_OBJECT) {
			for (const struct node *part = m->first; part != NULL; part = part->next) {
				printf("%s%s:\n", indent, m->key);
				print_members(l, part, "  ");
			}
			continue;
		}
		buf_init(&text, BOOK_CELL_MAX);
		value_show(&text, book_field(l->book, m->key), m);
		printf("%s%s: %s\n", indent, m->key, text.data);
		buf_done(&text);
	}
}

static void print_result(const struct command_line *l, const struct node *result)
{
	const struct node *rows = node_get(result, "rows");
	struct buf json;

	if (l->output == OUTPUT_JSON) {
		buf_init(&json, 8 * 1024 * 1024);
		node_write(&json, result);
		printf("%s\n", json.data);
		buf_done(&json);
	} else if (rows != NULL && strcmp(l->verb, "list") == 0) {
		print_rows(l, rows);
	} else if (l->output == OUTPUT_CSV && node_get(result, "id") != NULL) {
		print_csv_row(l->book, NULL);
		print_csv_row(l->book, result);
	} else {
		print_members(l, result, "");
	}
}

static void print_error(const struct node *error)
{
	struct buf json;

	buf_init(&json, BOOK_CELL_MAX);
	node_write(&json, error);
	printf("%s\n", json.data);
	buf_done(&json);
}

/* The paper of what has just been done; its record stands, with or without a paper. */
static int fetch(struct command_line *l, struct cli *c, int64_t id)
{
	struct cli_answer answer = {NULL, NULL};
	bool came = paper_fetch(c, l->book, id, l->file, &answer);

	if (!came && answer.error != NULL)
		print_error(answer.error);
	came = paper_close(l->file, came) && came;
	l->file = NULL;
	if (!came)
		fprintf(stderr, "lodge: %s\n", tr("It stands in the register, but its paper did not come; recall it."));
	return came ? CLI_DONE : CLI_ERROR;
}

static int ask(struct command_line *l, const struct options *options)
{
	struct cli_answer answer = {NULL, NULL};
	struct cli *c = cli_open(options);
	char method[128];
	struct buf given, params;
	int code = CLI_USAGE;

	snprintf(method, sizeof method, "%s.%s", l->book->name, l->verb);
	buf_init(&given, BOOK_PARAMS_MAX);
	buf_init(&params, BOOK_PARAMS_MAX);
	buf_printf(&given, "{%s}", l->params.data);
	if (c != NULL && cli_complete(&params, method, given.data) && !params.failed &&
	    cli_ask(c, method, params.data, &answer))
		code = answer.error != NULL ? CLI_ERROR : CLI_DONE;
	if (code == CLI_DONE)
		print_result(l, answer.result);
	else if (code == CLI_ERROR)
		print_error(answer.error);
	if (code == CLI_DONE && l->file != NULL)
		code = fetch(l, c, row_number(answer.result, "id"));
	buf_done(&given);
	buf_done(&params);
	cli_close(c);
	return code;
}

static bool is_verb(const struct book *book, const char *verb)
{
	static const char *const reads[] = {"list", "get", "open", "history"};

	for (size_t i = 0; i < NITEMS(reads); i++)
		if (strcmp(reads[i], verb) == 0)
			return true;
	return book_op(book, verb) != NULL || book_slip(book, verb) != NULL;
}

int cli_book(const struct options *options, int argc, char **argv)
{
	struct command_line l = {.output = OUTPUT_TEXT};
	int code;

	l.book = book_find(argv[0]);
	if (l.book == NULL)
		return usage(tr("no such book:"), argv[0]);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		cli_help_book(stdout, l.book);
		return CLI_DONE;
	}
	if (argc < 2 || !is_verb(l.book, argv[1])) {
		usage(tr("no such verb of this book:"), argc < 2 ? "" : argv[1]);
		cli_help_book(stderr, l.book);
		return CLI_USAGE;
	}
	l.verb = argv[1];
	if (argc == 3 && strcmp(argv[2], "--help") == 0) {
		cli_help_verb(stdout, l.book, l.verb);
		return CLI_DONE;
	}
	if (book_slip(l.book, l.verb) != NULL)
		return cli_slip(options, l.book, book_slip(l.book, l.verb), argc - 2, argv + 2);
	buf_init(&l.params, BOOK_PARAMS_MAX);
	buf_init(&l.where, BOOK_PARAMS_MAX);
	code = read_flags(&l, argc - 2, argv + 2);
	if (code == 0 && (l.params.failed || l.where.failed))
		code = usage(tr("too much for one request:"), l.verb);
	if (code == 0 && l.output == OUTPUT_CSV && (l.book->flags & B_COMPILE) != 0)
		code = usage(tr("household data leaves the house as a controlled copy only (CNF-09):"), l.book->name);
	if (code == 0 && has_paper(&l) && l.to == NULL)
		code = usage(tr("a value is missing for"), "--to");
	if (code == 0 && l.to != NULL && !paper_create(l.to, &l.file))
		code = CLI_USAGE;
	if (code == 0)
		code = ask(&l, options);
	paper_close(l.file, false);
	buf_done(&l.params);
	buf_done(&l.where);
	return code;
}
