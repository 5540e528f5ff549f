/*
 * cli.c - see cli.h: the blocking conversation of scripts, and `lodge call`.
 *
 * Not for: flags of books (cli_book.c). Trap: a script session cannot be resumed, so every ask is
 * LINK_ONCE, and after a break cli signs in anew and asks again with the op_id of the first try.
 */
#include "client/cli.h"

#include <assert.h>
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

/* One question on its way. */
struct slot {
	struct cli *cli;
	const char *params;
	struct arena *arena; /* holds the answer */
	struct cli_answer answer;
	bool is_answered;
};

struct cli {
	struct link *link;
	const struct options *options;
	bool is_lost, has_answered; /* this break; ever */
	struct slot slots[CLI_MANY], sign_in;
};

static void link_changed(void *ctx)
{
	struct cli *c = ctx;

	if (link_state(c->link) == LINK_OFFLINE)
		c->is_lost = true;
}

static void answered(void *ctx, const struct answer *a)
{
	struct slot *s = ctx;
	struct cli *c = s->cli;

	if (a->result == NULL && a->error == NULL) {
		c->is_lost = true;
		return;
	}
	s->answer = (struct cli_answer){.result = a->result, .error = a->error};
	s->is_answered = c->has_answered = true;
	arena_free(s->arena);
	s->arena = link_take(c->link);
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

static bool all_answered(const struct slot *slots, size_t n)
{
	while (n > 0 && slots[n - 1].is_answered)
		n--;
	return n == 0;
}

/* One try of what is unanswered: true when all is answered; false when the connection broke or could
 * not be made. */
static bool ask_once(struct cli *c, const char *method, struct slot *slots, size_t n, int64_t until)
{
	bool fits = true;

	c->is_lost = false;
	for (size_t i = 0; i < n && fits; i++)
		if (!slots[i].is_answered)
			fits = link_ask(c->link, method, slots[i].params, LINK_ONCE, answered, &slots[i]) != 0;
	if (!fits)
		fprintf(stderr, "lodge: %s\n", tr("The request is too big."));
	while (fits && !all_answered(slots, n) && !c->is_lost && link_now() < until)
		wait_turn(c, until);
	for (size_t i = 0; i < n; i++)
		link_forget_ctx(c->link, &slots[i]);
	return fits && all_answered(slots, n);
}

static void slot_set(struct cli *c, struct slot *s, const char *params)
{
	s->cli = c;
	s->params = params;
	s->is_answered = false;
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
	slot_set(c, &c->sign_in, params.data);
	done = !params.failed && ask_once(c, "sign_in", &c->sign_in, 1, until);
	buf_done(&params);
	*refused = done && c->sign_in.answer.error != NULL;
	if (done && !*refused)
		value_use_zone(node_str(node_get(c->sign_in.answer.result, "timezone")));
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
		fprintf(stderr, "lodge: %s\n", error_message(c->sign_in.answer.error));
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
	arena_free(c->sign_in.arena);
	for (size_t i = 0; i < CLI_MANY; i++)
		arena_free(c->slots[i].arena);
	free(c);
}

enum role cli_role(const struct cli *c)
{
	const struct node *result = c->sign_in.answer.result;
	const char *word = result != NULL ? node_str(node_get(result, "role")) : NULL;

	return word != NULL ? role_of_word(word) : ROLE_UNSET;
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
	return cli_ask_many(c, method, &params, 1, out);
}

bool cli_ask_many(struct cli *c, const char *method, const char *const *params, size_t n, struct cli_answer *out)
{
	int64_t until = link_now() + CLI_PATIENCE;
	bool refused = false, done;
	int tries = 0;

	assert(n <= CLI_MANY);
	for (size_t i = 0; i < n; i++)
		slot_set(c, &c->slots[i], params[i]);
	done = ask_once(c, method, c->slots, n, until);
	while (!done && c->is_lost && c->has_answered && link_now() < until && !refused) {
		/* The first lost try may have been heard: ask again as the same person. */
		if (sign_in(c, until, &refused) && !refused)
			done = ask_once(c, method, c->slots, n, until);
		else if (!refused)
			poll(NULL, 0, tries++ < 10 ? 50 : 500);
	}
	for (size_t i = 0; i < n && done; i++)
		out[i] = c->slots[i].answer;
	if (!done)
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
