/*
 * cli.c - see cli.h: the blocking conversation of scripts, and `lodge call`.
 *
 * Not for: flags of books (cli_book.c). Trap: a script session cannot be resumed, so every ask is
 * LINK_ONCE, and after a break cli signs in anew and asks again with the op_id of the first try.
 */
#include "client/cli.h"

#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/link.h"
#include "client/opid.h"
#include "client/value.h"
#include "common/book.h"
#include "common/buf.h"
#include "common/i18n.h"

enum {
	CLI_LINE_MAX = 64 * 1024,
	CLI_ANSWER_MAX = 8 * 1024 * 1024,
	CLI_PATIENCE = 15000, /* ms to come back after a break, before giving up */
	CLI_DEPTH = 16,
};

struct cli {
	struct link *link;
	const struct options *options;
	struct arena *arena;      /* holds the last answer */
	bool is_answered, is_lost, has_answered; /* this question; this break; ever */
	enum err code;
	struct cli_answer answer;
};

static void link_changed(void *ctx)
{
	struct cli *c = ctx;

	if (link_state(c->link) == LINK_OFFLINE)
		c->is_lost = true;
}

static void answered(void *ctx, const struct answer *a)
{
	struct cli *c = ctx;

	c->is_answered = true;
	c->code = a->code;
	c->answer = (struct cli_answer){.result = a->result, .error = a->error};
	if (a->result == NULL && a->error == NULL) {
		c->is_lost = true;
		return;
	}
	c->has_answered = true;
	arena_free(c->arena);
	c->arena = link_take(c->link);
}

static void wait_turn(struct cli *c, int64_t until)
{
	struct pollfd p = {.fd = link_fd(c->link), .events = link_events(c->link)};
	int64_t due = link_deadline(c->link), now = link_now();

	if (due < 0 || due > until)
		due = until;
	if (due > now)
		poll(&p, p.fd >= 0 ? 1 : 0, (int)(due - now));
	link_turn(c->link);
}

/* One try: true when an answer came; false when the connection broke or could not be made. */
static bool ask_once(struct cli *c, const char *method, const char *params, int64_t until)
{
	c->is_answered = c->is_lost = false;
	if (link_ask(c->link, method, params, LINK_ONCE, answered, c) == 0) {
		fprintf(stderr, "lodge: %s\n", tr("The request is too big."));
		return false;
	}
	while (!c->is_answered && !c->is_lost && link_now() < until)
		wait_turn(c, until);
	if (c->is_answered && !c->is_lost)
		return true;
	link_forget_ctx(c->link, c);
	return false;
}

static const char *error_message(const struct node *error)
{
	const char *text = node_str(node_get(error, "message"));

	return text != NULL ? text : "";
}

/* False when the connection failed; *refused when the server would not let us in. */
static bool sign_in(struct cli *c, int64_t until, bool *refused)
{
	const struct options *s = c->options;
	struct buf params;
	bool done;

	*refused = false;
	if (s->staff == NULL)
		return true;
	buf_init(&params, CLI_LINE_MAX);
	buf_puts(&params, "{\"staff\":");
	buf_json_str(&params, s->staff);
	buf_puts(&params, ",\"password\":");
	buf_json_str(&params, s->password != NULL ? s->password : "");
	buf_puts(&params, ",\"terminal\":");
	buf_json_str(&params, s->terminal);
	buf_puts(&params, ",\"lang\":");
	buf_json_str(&params, i18n_lang());
	buf_puts(&params, ",\"script\":true}");
	done = !params.failed && ask_once(c, "sign_in", params.data, until);
	buf_done(&params);
	*refused = done && c->answer.error != NULL;
	if (done && !*refused)
		value_use_zone(node_str(node_get(c->answer.result, "timezone")));
	return done;
}

struct cli *cli_open(const struct options *s)
{
	const struct link_setup setup = {
		.server = s->server,
		.terminal = s->terminal,
		.keys = {.ca = s->tls_ca, .cert = s->tls_cert, .key = s->tls_key},
	};
	struct cli *c = calloc(1, sizeof *c);
	const struct link_owner owner = {.changed = link_changed, .ctx = c};
	bool refused;

	if (c == NULL)
		return NULL;
	c->options = s;
	if (s->server == NULL || link_new(&c->link, &setup, &owner) != OK) {
		fprintf(stderr, "lodge: %s\n", tr("LODGE_SERVER must be unix:PATH or tls:HOST:PORT."));
		free(c);
		return NULL;
	}
	link_set_lang(c->link, i18n_lang());
	if (!sign_in(c, link_now() + CLI_PATIENCE, &refused)) {
		fprintf(stderr, "lodge: %s %s\n", tr("No connection to the server:"), link_why(c->link));
		cli_close(c);
		return NULL;
	}
	if (refused) {
		fprintf(stderr, "lodge: %s\n", error_message(c->answer.error));
		cli_close(c);
		return NULL;
	}
	return c;
}

void cli_close(struct cli *c)
{
	if (c == NULL)
		return;
	link_free(c->link);
	arena_free(c->arena);
	free(c);
}

/* Writes are known from the descriptors; of a book not known here, everything that does not read. */
static bool is_write(const char *method)
{
	static const char *const reads[] = {"list", "get", "history"};
	const char *dot = strchr(method, '.');
	char name[64];
	const struct book *book;

	if (dot == NULL || (size_t)(dot - method) >= sizeof name || strncmp(method, "report.", 7) == 0)
		return false;
	memcpy(name, method, (size_t)(dot - method));
	name[dot - method] = '\0';
	for (size_t i = 0; i < NITEMS(reads); i++)
		if (strcmp(dot + 1, reads[i]) == 0)
			return false;
	book = book_find(name);
	return book == NULL || strcmp(dot + 1, "open") == 0 || book_op(book, dot + 1) != NULL;
}

bool cli_complete(struct buf *out, const char *method, const char *params)
{
	struct arena *arena = arena_new(CLI_ANSWER_MAX);
	struct node *tree = NULL;
	bool fine = arena != NULL && node_parse(arena, params, strlen(params), CLI_DEPTH, &tree) == OK &&
	            tree->type == NODE_OBJECT;
	char id[OPID_SIZE];

	if (fine && is_write(method) && node_get(tree, "op_id") == NULL) {
		opid_make(id);
		buf_printf(out, "{\"op_id\":\"%s\"%s", id, tree->count > 0 ? "," : "");
		params = strchr(params, '{') + 1;
	}
	/* Line feeds may stand between members only, where a blank is as good. */
	for (; fine && *params != '\0'; params++)
		buf_put(out, *params == '\n' || *params == '\r' ? " " : params, 1);
	arena_free(arena);
	return fine;
}

bool cli_ask(struct cli *c, const char *method, const char *params, struct cli_answer *out)
{
	int64_t until = link_now() + CLI_PATIENCE;
	bool refused = false, done = ask_once(c, method, params, until);
	int tries = 0;

	while (!done && c->is_lost && c->has_answered && link_now() < until && !refused) {
		/* The first lost try may have been heard: ask again as the same person. */
		if (sign_in(c, until, &refused) && !refused)
			done = ask_once(c, method, params, until);
		else if (!refused)
			poll(NULL, 0, tries++ < 10 ? 50 : 500);
	}
	if (done)
		*out = c->answer;
	else
		fprintf(stderr, "lodge: %s %s\n", tr("No connection to the server:"), link_why(c->link));
	return done;
}

static void print_node(const struct node *n)
{
	struct buf line;

	buf_init(&line, CLI_ANSWER_MAX);
	node_write(&line, n);
	printf("%s\n", line.data);
	buf_done(&line);
}

static int call_one(const struct options *s, const char *method, const char *json)
{
	struct cli_answer answer = {NULL, NULL};
	struct buf params;
	struct cli *c = NULL;
	int code = CLI_USAGE;

	buf_init(&params, CLI_LINE_MAX);
	if (!cli_complete(&params, method, json) || params.failed)
		fprintf(stderr, "lodge: %s\n", tr("The parameters must be one JSON object."));
	else if ((c = cli_open(s)) != NULL && cli_ask(c, method, params.data, &answer))
		code = answer.error != NULL ? CLI_ERROR : CLI_DONE;
	if (code != CLI_USAGE)
		print_node(answer.error != NULL ? answer.error : answer.result);
	cli_close(c);
	buf_done(&params);
	return code;
}

static void print_answer(const struct cli_answer *a)
{
	struct buf line;

	buf_init(&line, CLI_ANSWER_MAX);
	buf_puts(&line, a->error != NULL ? "{\"error\":" : "{\"result\":");
	node_write(&line, a->error != NULL ? a->error : a->result);
	buf_puts(&line, "}");
	printf("%s\n", line.data);
	fflush(stdout);
	buf_done(&line);
}

static void print_bad_line(void)
{
	printf("{\"error\":{\"code\":-32000,\"data\":{\"code\":\"invalid\"},\"message\":\"%s\"}}\n",
	       tr("A line is METHOD and one JSON object."));
	fflush(stdout);
}

/* One line "METHOD [JSON]"; false when the connection is gone for good. */
static bool call_line(struct cli *c, char *line)
{
	struct cli_answer answer = {NULL, NULL};
	char *method = line + strspn(line, " \t"), *json = method + strcspn(method, " \t\r\n");
	struct buf params;
	bool alive = true;

	if (*json != '\0')
		*json++ = '\0';
	json += strspn(json, " \t\r\n");
	buf_init(&params, CLI_LINE_MAX);
	if (*method == '\0' || !cli_complete(&params, method, *json != '\0' ? json : "{}") ||
	    params.failed)
		print_bad_line();
	else if ((alive = cli_ask(c, method, params.data, &answer)))
		print_answer(&answer);
	buf_done(&params);
	return alive;
}

static int call_lines(const struct options *s)
{
	struct cli *c = cli_open(s);
	char *line = NULL;
	size_t cap = 0;
	int code = CLI_DONE;

	if (c == NULL)
		return CLI_USAGE;
	while (code == CLI_DONE && getline(&line, &cap, stdin) >= 0)
		if (line[strspn(line, " \t\r\n")] != '\0' && !call_line(c, line))
			code = CLI_USAGE;
	free(line);
	cli_close(c);
	return code;
}

int cli_call(const struct options *s, int argc, char **argv)
{
	if (argc < 1 || argc > 2 || (argc == 2 && strcmp(argv[0], "-") == 0)) {
		fprintf(stderr, "%s\n", tr("usage: lodge call METHOD [JSON] | lodge call -"));
		return CLI_USAGE;
	}
	if (strcmp(argv[0], "-") == 0)
		return call_lines(s);
	return call_one(s, argv[0], argc == 2 ? argv[1] : "{}");
}
