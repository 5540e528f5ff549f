/*
 * cli_report.c - `lodge report [NAME]`: the figures of the house as bars in plain lines, or as JSON.
 *
 * Not for: the screen (report.c). Trap: the lines are for people, in their language; scripts take --json.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/bars.h"
#include "client/cli.h"
#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LINE_CELLS = 79, NAME_CELLS = 24, OUT_MAX = 4 << 20 };

struct report_line {
	const struct report *report;
	const char *sort, *limit;
	bool json;
};

static int usage(void)
{
	fprintf(stderr, "%s\n", tr("usage: lodge report [NAME [--sort NUMBER] [--limit N]] [--json]"));
	return CLI_USAGE;
}

static bool read_words(struct report_line *l, int argc, char **argv)
{
	int i = argc > 0 && strncmp(argv[0], "--", 2) != 0 ? 1 : 0;

	*l = (struct report_line){.limit = "200"};
	if (i == 1 && (l->report = report_find(argv[0])) == NULL) {
		fprintf(stderr, "lodge: %s %s\n", tr("there is no such report:"), argv[0]);
		return false;
	}
	for (; i < argc; i++) {
		const char **value = strcmp(argv[i], "--sort") == 0 ? &l->sort : strcmp(argv[i], "--limit") == 0 ? &l->limit : NULL;

		if (strcmp(argv[i], "--json") == 0)
			l->json = true;
		else if (value == NULL || l->report == NULL || i + 1 == argc)
			return usage() == CLI_DONE;
		else
			*value = argv[++i];
	}
	return true;
}

static void print_json(const struct node *n)
{
	struct buf line;

	buf_init(&line, OUT_MAX);
	node_write(&line, n);
	printf("%s\n", line.data);
	buf_done(&line);
}

static void print_list(const struct node *rows)
{
	for (const struct node *r = rows->first; r != NULL; r = r->next) {
		const char *name = node_str(node_get(r, "name")), *help = node_str(node_get(r, "help"));

		printf("%-*s %s\n", NAME_CELLS, name != NULL ? name : "", help != NULL ? help : "");
	}
}

static void print_line(const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == ' ')
		n--;
	printf("%.*s\n", (int)n, text);
}

static void print_bars(const struct report_line *l, const struct node *result)
{
	const struct node *rows = node_get(result, "rows"), *more = node_get(result, "more");
	struct bars bars;
	struct buf line;

	buf_init(&line, BARS_LINE_MAX);
	bars_fit(&bars, l->report, report_count(l->report, l->sort), rows, LINE_CELLS);
	bars_head(&bars, &line);
	print_line(line.data);
	for (const struct node *r = rows->first; r != NULL; r = r->next) {
		buf_reset(&line);
		bars_row(&bars, r, &line);
		print_line(line.data);
	}
	if (bars_hide(rows))
		printf("[#] %s\n", tr("too few to be told"));
	if (more != NULL && more->type == NODE_BOOL && more->b)
		printf("%s %zu\n", tr("the first"), rows->count);
	buf_done(&line);
}

static void put_params(const struct report_line *l, struct buf *params)
{
	bool is_number = l->limit[0] != '\0' && strspn(l->limit, "0123456789") == strlen(l->limit) && strlen(l->limit) < 10;

	buf_puts(params, "{\"limit\":");
	if (is_number)
		buf_printf(params, "%ld", strtol(l->limit, NULL, 10));
	else
		buf_json_str(params, l->limit);
	if (l->sort != NULL) {
		buf_puts(params, ",\"sort\":");
		buf_json_str(params, l->sort);
	}
	buf_puts(params, "}");
}

int cli_report(const struct options *options, int argc, char **argv)
{
	struct cli_answer answer = {NULL, NULL};
	struct report_line l;
	struct buf params;
	char method[96];
	struct cli *c;

	if (argc == 1 && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)) {
		usage();
		for (size_t i = 0; i < nreports; i++)
			printf("%-*s %s\n", NAME_CELLS, reports[i].name, tr(reports[i].help));
		return CLI_DONE;
	}
	if (!read_words(&l, argc, argv) || (c = cli_open(options)) == NULL)
		return CLI_USAGE;
	buf_init(&params, 1024);
	snprintf(method, sizeof method, "report.%s", l.report != NULL ? l.report->name : "list");
	if (l.report != NULL)
		put_params(&l, &params);
	else
		buf_puts(&params, "{}");
	if (!params.failed && cli_ask(c, method, params.data, &answer)) {
		if (answer.error != NULL || l.json)
			print_json(answer.error != NULL ? answer.error : answer.result);
		else if (l.report != NULL)
			print_bars(&l, answer.result);
		else
			print_list(node_get(answer.result, "rows"));
	}
	buf_done(&params);
	cli_close(c);
	return answer.error != NULL ? CLI_ERROR : answer.result != NULL ? CLI_DONE : CLI_USAGE;
}
