/*
 * import_send.c - see import_send.h: batches of CLI_MANY, which the server writes as one.
 *
 * Never more than that is under way, so that a desk waits for one batch at most. Not for: counting
 * bad lines. Trap: a line asked again keeps its op_id, so that it is never entered twice.
 */
#include "client/import_send.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/link.h"
#include "client/opid.h"
#include "client/value.h"
#include "common/i18n.h"
#include "common/validate.h"

enum { LINE_PARAMS_MAX = 16 * 1024, BUSY_TRIES = 100, BUSY_MS = 200, PROGRESS_MS = 250 };

struct batch {
	struct import_person *persons[CLI_MANY];
	struct buf params[CLI_MANY];
	size_t n;
};

static void write_params(struct buf *to, const struct import_person *p, bool rehearse)
{
	char id[OPID_SIZE];

	opid_make(id);
	buf_printf(to, "{\"op_id\":\"%s\"", id);
	for (int i = 0; i < IMPORT_COLUMNS; i++) {
		const struct field *field = import_column_field((enum import_column)i);

		if (p->values[i] == NULL)
			continue;
		buf_printf(to, ",\"%s\":", field->name);
		validate_wire(to, field, p->values[i]);
	}
	buf_puts(to, rehearse ? ",\"rehearse\":true}" : "}");
}

/* The column that carries a member; the member itself when none does. */
static const char *column_of_member(const char *member)
{
	for (int i = 0; i < IMPORT_COLUMNS; i++)
		if (member != NULL && strcmp(import_column_field((enum import_column)i)->name, member) == 0)
			return import_column_word((enum import_column)i);
	return "line";
}

static void tell_refusal(struct import_person *p, const struct node *error, const struct import_report *r)
{
	const struct node *data = node_get(error, "data");
	const char *why = node_str(node_get(error, "message"));

	p->is_bad = true;
	r->fault(r->ctx, p->line, column_of_member(node_str(node_get(data, "field"))), why != NULL ? why : "");
}

static enum err code_of(const struct cli_answer *a)
{
	const char *word = a->error != NULL ? node_str(node_get(node_get(a->error, "data"), "code")) : NULL;

	return a->error == NULL ? OK : word != NULL ? err_of_word(word) : ERR_INVALID;
}

static void count(struct import_counts *c, const struct node *result, bool rehearse)
{
	const struct node *id = node_get(result, "id"), *seq = node_get(result, "seq"), *version = node_get(result, "version");
	bool has_id = id != NULL && id->type == NODE_INT, has_version = version != NULL && version->type == NODE_INT;

	if (rehearse ? !has_version : seq == NULL || seq->type != NODE_INT)
		c->same++;
	else if (rehearse ? !has_id : has_version && version->i == 1)
		c->fresh++;
	else
		c->changed++;
}

/* The answers of one try. What the server is too busy for stays in the batch. False: it will not do
 * this at all. */
static bool take_answers(struct batch *b, const struct cli_answer *answers, bool rehearse, struct import_counts *c,
	const struct import_report *r)
{
	size_t left = 0;

	for (size_t i = 0; i < b->n; i++) {
		enum err code = code_of(&answers[i]);

		if (code == ERR_FORBIDDEN || code == ERR_LOCKED || code == ERR_DEGRADED) {
			fprintf(stderr, "lodge: %s\n", node_str(node_get(answers[i].error, "message")));
			return false;
		}
		if (code == OK)
			count(c, answers[i].result, rehearse);
		else if (code != ERR_BUSY && code != ERR_INDETERMINATE)
			tell_refusal(b->persons[i], answers[i].error, r);
		else {
			struct buf swap = b->params[left];

			b->persons[left] = b->persons[i];
			b->params[left] = b->params[i];
			b->params[i] = swap;
			left++;
		}
	}
	b->n = left;
	return true;
}

static bool send_batch(struct cli *cli, struct batch *b, bool rehearse, struct import_counts *c, const struct import_report *r)
{
	struct cli_answer answers[CLI_MANY];
	const char *params[CLI_MANY];
	bool fine = true;

	for (int tries = 0; b->n > 0 && fine; tries++) {
		if (tries > 0)
			poll(NULL, 0, BUSY_MS);
		for (size_t i = 0; i < b->n; i++)
			params[i] = b->params[i].data;
		fine = cli_ask_many(cli, IMPORT_BOOK "." IMPORT_OP, params, b->n, answers) && take_answers(b, answers, rehearse, c, r);
		if (fine && b->n > 0 && tries == BUSY_TRIES) {
			fprintf(stderr, "lodge: %s\n", tr("The server is too busy; go on later."));
			fine = false;
		}
	}
	return fine;
}

static void show_progress(size_t done, size_t all, int64_t *due)
{
	if (!isatty(STDERR_FILENO) || (done < all && link_now() < *due))
		return;
	fprintf(stderr, "\r%zu / %zu%s", done, all, done == all ? "\n" : "");
	fflush(stderr);
	*due = link_now() + PROGRESS_MS;
}

bool import_send(struct cli *cli, struct import_list *list, bool rehearse, bool (*wanted)(const struct import_person *),
	struct import_counts *c, const struct import_report *r)
{
	struct batch b = {.n = 0};
	size_t all = 0, done = 0;
	int64_t due = 0;
	bool fine = true;

	for (size_t i = 0; i < CLI_MANY; i++)
		buf_init(&b.params[i], LINE_PARAMS_MAX);
	for (size_t i = 0; i < list->n; i++)
		all += !list->persons[i].is_bad && wanted(&list->persons[i]);
	for (size_t i = 0; i < list->n && fine && done < all; i++) {
		struct import_person *p = &list->persons[i];

		if (!p->is_bad && wanted(p)) {
			buf_reset(&b.params[b.n]);
			write_params(&b.params[b.n], p, rehearse);
			b.persons[b.n++] = p;
			done++;
		}
		if (b.n < CLI_MANY && done < all)
			continue;
		fine = send_batch(cli, &b, rehearse, c, r);
		show_progress(done, all, &due);
	}
	for (size_t i = 0; i < CLI_MANY; i++)
		buf_done(&b.params[i]);
	return fine;
}
