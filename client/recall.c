/*
 * recall.c - see recall.h.
 *
 * Not for: which forms recall whom (the console's tables). Trap: rows of one person are many visits; only when
 * their first value (the name) differs are there several people, and then nothing is filled in.
 */
#include "client/recall.h"

#include <stdio.h>
#include <string.h>

#include "client/tty.h"
#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { DIGITS_LEAST = 2, DIGITS_MOST = 8, ROWS = 20 };

bool recall_start(struct recall_ask *ask, struct screen *s, struct form *f, screen_answer_cb *answered)
{
	const struct field *left = form_left(f);
	const char *text = left != NULL ? form_text(f, left->name) : NULL;
	char method[96], params[256];

	ask->recall = &act_of(form_book(f)->name, form_op(f)->name)->recall;
	if (left == NULL || ask->recall->field == NULL || strcmp(ask->recall->field, left->name) != 0 || text == NULL || strspn(text, "0123456789") != strlen(text) || strlen(text) < DIGITS_LEAST || strlen(text) > DIGITS_MOST)
		return false;
	snprintf(ask->digits, sizeof ask->digits, "%s", text);
	snprintf(method, sizeof method, "%s.list", ask->recall->from);
	snprintf(params, sizeof params, "{\"where\":{\"%s\":\"%s\"},\"sort\":[\"-id\"],\"limit\":%d}", ask->recall->by, ask->digits, ROWS);
	app_ask(s, ASK_READ, method, params, answered);
	return true;
}

static void show_word(struct buf *to, const struct node *v)
{
	buf_reset(to);
	value_word(to, node_get(v, "code") != NULL ? node_get(v, "code") : v);
}

/* Two rows are of one person when their first value is the same but for case and marks. */
static bool same_person(const struct recall *r, const struct node *a, const struct node *b)
{
	struct buf left, right, folded;
	bool same;

	buf_init(&left, 1024);
	buf_init(&right, 1024);
	buf_init(&folded, 1024);
	show_word(&folded, node_get(a, r->fills[1]));
	text_fold(&left, folded.data != NULL ? folded.data : "");
	show_word(&folded, node_get(b, r->fills[1]));
	text_fold(&right, folded.data != NULL ? folded.data : "");
	same = left.len == right.len && memcmp(left.data, right.data, left.len) == 0;
	buf_done(&left);
	buf_done(&right);
	buf_done(&folded);
	return same;
}

static void fill(const struct recall *r, struct form *f, const struct node *row)
{
	struct buf word;

	buf_init(&word, 1024);
	for (const char *const *pair = r->fills; *pair != NULL; pair += 2) {
		const struct node *v = node_get(row, pair[1]);

		if (v == NULL || v->type == NODE_NULL)
			continue;
		show_word(&word, v);
		form_suggest(f, pair[0], word.data);
	}
	buf_done(&word);
}

void recall_take(struct recall_ask *ask, struct screen *s, struct form *f, const struct answer *a)
{
	const struct recall *r = ask->recall;
	const struct node *rows = node_get(a->result, "rows"), *row = rows != NULL ? rows->first : NULL;
	bool several = false;

	if (a->code != OK) {
		app_refuse(s->app, a);
		return;
	}
	if (strcmp(r->field, r->digits) != 0)
		form_set(f, r->field, "");
	form_set(f, r->digits, ask->digits);
	for (const struct node *n = row; n != NULL && !several; n = n->next)
		several = !same_person(r, row, n);
	if (row == NULL || several) {
		app_say(s->app, STYLE_ERROR, "%s", several ? tr("Several people are known by these digits: write the name.")
		                                          : tr("Nobody is known by these digits yet."));
		form_focus(f, row == NULL ? r->field : r->fills[0]);
		/* Whose digits are new is written down by name: what is typed on belongs to the next field. */
		if (strcmp(r->field, r->digits) != 0)
			app_drop_keys(s->app);
		return;
	}
	fill(r, f, row);
	if (strcmp(r->field, r->digits) != 0)
		form_try_ready(f);
}
