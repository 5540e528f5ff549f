/*
 * handin.c - see handin.h: asking, and what an answer means for the chain.
 *
 * Not for: judging a record; the server does. Trap: an error that names "recorded" is an exception, and taken; one that
 * does not means that the chain has not moved: the same record again, or, when the chain does not hold, none ever again.
 */
#include "client/handin.h"

#include <stdio.h>

#include "common/buf.h"
#include "common/node.h"

enum { AGAIN_MS = 2000, REQUEST_MOST = 60 * 1024 };

static void stop(struct handin *h)
{
	h->is_broken = true;
	if (h->broken != NULL)
		h->broken(h->ctx);
}

static void note_refusal(struct handin *h, const struct answer *a)
{
	const char *rule = node_str(node_get(node_get(a->error, "data"), "rule"));

	h->refused++;
	if (rule != NULL)
		snprintf(h->why, sizeof h->why, "(%s) %s", rule, a->message);
	else
		snprintf(h->why, sizeof h->why, "%s", a->message);
}

static void record_taken(struct handin *h, const struct answer *a)
{
	h->taken++;
	if (a->code != OK)
		note_refusal(h, a);
	if (h->one_taken != NULL)
		h->one_taken(h->ctx, journal_counter(h->journal) - journal_waiting(h->journal) + 1, a->code == OK ? a->result : NULL, journal_waiting(h->journal) == 1);
	if (journal_taken(h->journal) != OK) { /* the disk: the server answers this one as before */
		h->is_halted = true;
		h->again_at = link_now() + AGAIN_MS;
	} else if (journal_waiting(h->journal) == 0) {
		if (h->all_taken != NULL)
			h->all_taken(h->ctx);
		h->taken = h->refused = 0;
	}
}

/* The chain has not moved: later again, or never. A broken link comes back in its own time. */
static void record_not_taken(struct handin *h, const struct answer *a)
{
	const struct node *wait = node_get(node_get(a->error, "data"), "retry_after");

	h->is_halted = true;
	if (a->error != NULL)
		h->again_at = link_now() + (wait != NULL && wait->type == NODE_INT ? wait->i * 1000 : AGAIN_MS);
	if (a->code == ERR_REFUSED || a->code == ERR_INVALID)
		stop(h);
}

static void answered(void *ctx, const struct answer *a)
{
	struct handin *h = ctx;
	bool taken = a->code == OK || node_get(node_get(a->error, "data"), "recorded") != NULL;

	h->under_way--;
	if (!h->is_halted && taken)
		record_taken(h, a);
	else if (!h->is_halted)
		record_not_taken(h, a);
	if (h->is_halted && h->under_way == 0) {
		journal_again(h->journal);
		h->is_halted = false;
	}
}

static void ask(struct handin *h)
{
	struct journal_record record;
	struct buf params;
	bool asked = false;

	if (journal_next(h->journal, &record) != OK) {
		stop(h);
		return;
	}
	buf_init(&params, REQUEST_MOST);
	buf_printf(&params, "{\"counter\":%llu,\"before\":\"%s\",\"tag\":\"%s\",\"text\":", (unsigned long long)record.counter, record.before, record.tag);
	buf_json_str(&params, record.text);
	buf_puts(&params, "}");
	if (!params.failed)
		asked = link_ask(h->link, "journal.replay", params.data, LINK_ONCE, answered, h) != 0;
	buf_done(&params);
	if (asked)
		h->under_way++;
	else
		stop(h);
}

int64_t handin_deadline(const struct handin *h)
{
	bool may = !h->is_broken && !h->is_halted && h->under_way < HANDIN_WINDOW && h->under_way < journal_waiting(h->journal);

	return may ? h->again_at : -1;
}

void handin_turn(struct handin *h)
{
	for (;;) {
		int64_t due = handin_deadline(h);

		if (due < 0 || due > link_now())
			return;
		ask(h);
	}
}
