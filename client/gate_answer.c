/*
 * gate_answer.c - from what was typed at the gate to the big word, or to a numbered list of what was meant.
 *
 * What is found in the lists is fetched anew and judged; what no list knows is asked of the server. Without an answer
 * within seconds, or without a link, the row that is kept decides, with its age beside it. Not for: which row makes
 * which word (gate_decide.c). Trap: an answer may come after the lists changed, so nothing of them is held over it.
 */
#include "client/gate_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/offline.h"
#include "client/value.h"
#include "common/i18n.h"

enum { PARAMS_MAX = 16 * 1024 };

void gate_expire(struct gate *g)
{
	int hours = keep_expire(g->lists);

	if (hours == 0)
		return;
	gate_forget(g);
	app_say(g->screen.app, STYLE_ERROR, tr("The lists of this terminal are older than %d hours and are gone: ask reception about everybody."), hours);
}

/* ---- what is shown ---- */

void gate_forget_candidates(struct gate *g)
{
	for (size_t i = 0; i < g->ncandidates; i++)
		free(g->candidates[i].text);
	g->ncandidates = g->nmatches = 0;
}

void gate_forget(struct gate *g)
{
	g->is_shown = false;
	g->row = NULL;
	arena_reset(g->arena);
	gate_forget_candidates(g);
}

/* The word for this row, copied; NULL: nothing is known. */
static void show(struct gate *g, const struct gate_rule *rule, const char *text, int64_t age)
{
	struct node *row = NULL;
	char today[11];

	gate_today(today);
	gate_forget(g);
	if (text != NULL && node_parse(g->arena, text, strlen(text), GATE_ROW_DEPTH, &row) != OK)
		row = NULL;
	g->row = row;
	g->age = age;
	g->verdict = gate_judge(rule, row, today);
	g->is_shown = true;
	g->selected_book = NULL;
	if (g->verdict.word == GATE_STOP) {
		tty_bell();
		app_drop_keys(g->screen.app);
	}
}

static void show_row(struct gate *g, const struct gate_rule *rule, const struct node *row)
{
	struct buf text;

	buf_init(&text, GATE_ROW_MAX);
	node_write(&text, row);
	show(g, rule, text.data, 0);
	buf_done(&text);
}

/* What waits in this terminal's journal is not known to the server yet. */
static void show_kept(struct gate *g, const struct gate_rule *rule, const struct node *row)
{
	const char *kept = keep_text(g->lists, &rule->kept, row_number(row, "id"));

	if (kept != NULL)
		show(g, rule, kept, 0);
	else
		show_row(g, rule, row);
}

/* ---- from a text to a word ---- */

static void came(struct screen *s, const struct answer *a);

static void show_pending(struct gate *g, int64_t age)
{
	struct gate_candidate c = g->pending;

	g->pending = (struct gate_candidate){.rule = NULL};
	show(g, c.rule, c.text, age);
	free(c.text);
}

/* Where nothing has to be looked at first, the word is not waited for. */
static void act_at_once(struct gate *g)
{
	bool at_once = g->only != NULL && g->only->box.at_once;

	g->only = NULL;
	if (at_once && g->verdict.word == GATE_LEAVE)
		gate_act_on_word(g);
}

/* The record is fetched anew, so that what was withdrawn a moment ago stops. */
void gate_take(struct gate *g, const struct gate_rule *rule, int64_t id, const char *text)
{
	char method[96], params[64];

	free(g->pending.text);
	g->pending = (struct gate_candidate){.rule = rule, .id = id, .text = strdup(text)};
	gate_forget_candidates(g);
	if (!app_is_linked(g->screen.app)) {
		show_pending(g, keep_age(g->lists) + 1);
		act_at_once(g);
		return;
	}
	snprintf(method, sizeof method, "%s.get", rule->kept.book);
	snprintf(params, sizeof params, "{\"id\":%lld}", (long long)id);
	g->asked_at = link_now();
	app_ask(&g->screen, ASK_READ, method, params, came);
}

static void came(struct screen *s, const struct answer *a)
{
	struct gate *g = (struct gate *)s;
	const struct gate_rule *rule = g->pending.rule;

	g->asked_at = 0;
	free(g->pending.text);
	g->pending = (struct gate_candidate){.rule = NULL};
	if (a->code != OK) {
		g->only = NULL;
		app_refuse(s->app, a);
		return;
	}
	keep_take(g->lists, &rule->kept, a->result);
	show_kept(g, rule, a->result);
	act_at_once(g);
}

static void show_unknown(struct gate *g)
{
	const char *nothing = g->only != NULL ? g->only->box.nothing : NULL;

	g->only = NULL;
	if (nothing != NULL) {
		app_say(g->screen.app, STYLE_ERROR, "%s", tr(nothing));
		app_drop_keys(g->screen.app);
		return;
	}
	show(g, NULL, NULL, app_is_linked(g->screen.app) ? 0 : keep_age(g->lists) + 1);
}

static void asked(struct screen *s, const struct answer *a);

/* A number for a field of numbers; false: nothing that this field holds. */
static bool put_value(struct buf *where, const struct field *f, const char *typed)
{
	bool is_number = typed[0] != '\0' && strlen(typed) < 10 && strspn(typed, "0123456789") == strlen(typed);
	bool wants_number = f->type == FT_INT || (f->flags & F_NUMBER) != 0;

	if (wants_number && !is_number)
		return false;
	if (f->type == FT_INT)
		buf_puts(where, typed);
	else
		buf_json_str(where, typed);
	return true;
}

/* The next book that is asked for what no list knows; false: none is left. */
static bool ask_key(struct gate *g, const struct gate_rule *rule, const struct gate_key *k)
{
	struct buf params;
	char method[96];
	bool fits;

	if (k->ask == GATE_ASK_NOBODY || (g->only != NULL && (strcmp(g->only->book, rule->kept.book) != 0 || strcmp(g->only->box.by, k->field) != 0)))
		return false;
	buf_init(&params, PARAMS_MAX);
	buf_printf(&params, "{\"where\":{\"%s\":", k->field);
	fits = put_value(&params, book_field(book_find(rule->kept.book), k->field), g->typed);
	if (k->ask == GATE_ASK_KEPT)
		buf_printf(&params, ",%s", rule->kept.where + 1);
	else
		buf_puts(&params, "}");
	buf_puts(&params, ",\"sort\":[\"-id\"],\"limit\":2}");
	snprintf(method, sizeof method, "%s.list", rule->kept.book);
	if (fits) {
		g->asked_at = link_now();
		app_ask(&g->screen, ASK_READ, method, params.data, asked);
	}
	buf_done(&params);
	return fits;
}

static void ask_next(struct gate *g)
{
	for (; g->ask_rule < gate_nrules; g->ask_rule++, g->ask_key = 0)
		for (const struct gate_rule *rule = &gate_rules[g->ask_rule]; rule->keys[g->ask_key].field != NULL;)
			if (ask_key(g, rule, &rule->keys[g->ask_key++]))
				return;
	show_unknown(g);
}

static void asked(struct screen *s, const struct answer *a)
{
	struct gate *g = (struct gate *)s;
	const struct node *rows = node_get(a->result, "rows");

	g->asked_at = 0;
	if (rows == NULL || rows->first == NULL) {
		ask_next(g);
		return;
	}
	show_kept(g, &gate_rules[g->ask_rule], rows->first);
	act_at_once(g);
}

static void offer(struct gate *g, const struct gate_hit *hits, size_t n, size_t total)
{
	gate_forget_candidates(g);
	for (size_t i = 0; i < n; i++)
		g->candidates[g->ncandidates++] = (struct gate_candidate){.rule = hits[i].rule, .id = hits[i].id, .text = strdup(hits[i].text)};
	g->nmatches = total;
	g->only = NULL;
	app_drop_keys(g->screen.app);
}

static void look_now(struct gate *g)
{
	struct gate_hit hits[64];
	char today[11];
	size_t n;

	gate_expire(g);
	gate_today(today);
	n = gate_lists_find(g->lists, g->typed, g->only != NULL ? g->only->book : NULL, g->only != NULL ? g->only->box.by : NULL, today, hits, NITEMS(hits));
	if (n == 1 && hits[0].fit == GATE_WHOLLY) {
		gate_take(g, hits[0].rule, hits[0].id, hits[0].text);
	} else if (n > 0) {
		offer(g, hits, n < GATE_CANDIDATES ? n : GATE_CANDIDATES, n);
	} else if (!app_is_linked(g->screen.app)) {
		show_unknown(g);
	} else {
		g->ask_rule = g->ask_key = 0;
		ask_next(g);
	}
}

static void waited(struct screen *s, const struct answer *a)
{
	struct gate *g = (struct gate *)s;

	if (a->code == OK && g->is_waiting && keep_filling(g->lists)) {
		app_ask(s, ASK_READ, "visitor.list", "{\"limit\":1}", waited);
		return;
	}
	g->is_waiting = false;
	g->asked_at = 0;
	look_now(g);
}

/* Who is barred may stand on a page that is still on its way. Answers come in the order of the questions, so behind
 * one more answer there is one page more. */
void gate_look(struct gate *g)
{
	if (!app_is_linked(g->screen.app) || !keep_filling(g->lists)) {
		look_now(g);
		return;
	}
	g->is_waiting = true;
	g->asked_at = link_now();
	app_ask(&g->screen, ASK_READ, "visitor.list", "{\"limit\":1}", waited);
}

/* One of the numbered list. */
bool gate_pick(struct gate *g)
{
	const char *t = g->box.text;
	size_t at = t[0] >= '1' && t[0] <= '9' && t[1] == '\0' ? (size_t)(t[0] - '1') : GATE_CANDIDATES;
	struct gate_candidate c;

	if (at >= g->ncandidates)
		return false;
	c = g->candidates[at];
	g->candidates[at].text = NULL;
	gate_take(g, c.rule, c.id, c.text);
	free(c.text);
	return true;
}

/* No answer: the row that is kept decides. */
void gate_go_on_alone(struct gate *g)
{
	g->asked_at = 0;
	app_unask(&g->screen);
	if (g->is_waiting) {
		g->is_waiting = false;
		look_now(g);
		return;
	}
	if (g->pending.rule != NULL) {
		show_pending(g, keep_age(g->lists) + 1);
		act_at_once(g);
	} else {
		show_unknown(g);
	}
}
