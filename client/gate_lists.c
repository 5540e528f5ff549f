/*
 * gate_lists.c - see gate_lists.h.
 *
 * Rows are kept as the JSON they came as, with their keys ready to be compared, in the order of their ids: a look-up
 * runs through the keys only. Not for: drawing. Trap: an answer may come after a newer row was taken; the
 * version decides which one stays.
 */
#include "client/gate_lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/value.h"
#include "common/arena.h"

enum { PAGE = 200, ROWS_MOST = 50000, RULES_MOST = 16, ROW_MAX = 64 * 1024, ROW_DEPTH = 16 };

struct kept {
	int64_t id, version;
	int state;
	char *text, *keys;
	unsigned round;       /* the load that last saw it */
};

struct one_list {
	struct gate_lists *lists;
	const struct gate_rule *rule;
	const struct book *book;
	struct kept *rows;
	size_t nrows, room;
	unsigned round;       /* of the load under way, or done */
	bool is_loading, is_complete;
};

struct gate_lists {
	struct app *app;
	void (*fresh)(void *);
	void *ctx;
	struct one_list list[RULES_MOST];
	int64_t fresh_at;     /* link_now() when all was known to be so; 0 = never */
};

/* ---- rows ---- */

static void forget(struct kept *k)
{
	if (k->text != NULL)
		explicit_bzero(k->text, strlen(k->text));
	if (k->keys != NULL)
		explicit_bzero(k->keys, strlen(k->keys));
	free(k->text);
	free(k->keys);
	*k = (struct kept){.id = 0};
}

/* Where the id is, or has to be put. */
static size_t place_of(const struct one_list *l, int64_t id)
{
	size_t low = 0, high = l->nrows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->rows[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool make_room(struct one_list *l, size_t at)
{
	struct kept *rows = l->rows;

	if (l->nrows == l->room) {
		if (l->room == ROWS_MOST)
			return false;
		l->room = l->room == 0 ? 64 : l->room * 2 < ROWS_MOST ? l->room * 2 : ROWS_MOST;
		rows = realloc(l->rows, l->room * sizeof *rows);
		if (rows == NULL)
			return false;
		l->rows = rows;
	}
	memmove(&l->rows[at + 1], &l->rows[at], (l->nrows - at) * sizeof *rows);
	l->rows[at] = (struct kept){.id = 0};
	l->nrows++;
	return true;
}

static void drop(struct one_list *l, size_t at)
{
	forget(&l->rows[at]);
	memmove(&l->rows[at], &l->rows[at + 1], (l->nrows - at - 1) * sizeof l->rows[0]);
	l->nrows--;
}

/* Is it among the states that the rule keeps? */
static bool is_worth_keeping(const struct one_list *l, const struct node *row)
{
	const char *state = node_str(node_get(row, "state"));
	char quoted[64];

	if (strstr(l->rule->where, "\"state\"") == NULL)
		return true;
	snprintf(quoted, sizeof quoted, "\"%s\"", state != NULL ? state : "");
	return strstr(strstr(l->rule->where, "\"state\"") + strlen("\"state\""), quoted) != NULL;
}

static char *copy_of(struct buf *b)
{
	return b->failed || b->data == NULL ? NULL : strdup(b->data);
}

/* The row as it came takes the place of what was here, unless that is newer. */
static void take_row(struct one_list *l, const struct node *row)
{
	const char *state = node_str(node_get(row, "state"));
	struct kept k = {.id = row_number(row, "id"), .version = row_number(row, "version"), .round = l->round};
	size_t at = place_of(l, k.id);
	bool is_here = at < l->nrows && l->rows[at].id == k.id;
	struct buf text, keys;

	if (is_here && l->rows[at].version > k.version)
		return;
	if (!is_worth_keeping(l, row)) {
		if (is_here)
			drop(l, at);
		return;
	}
	buf_init(&text, ROW_MAX);
	buf_init(&keys, ROW_MAX);
	node_write(&text, row);
	gate_row_keys(l->rule, row, &keys);
	k.state = state != NULL ? book_state(l->book, state) : -1;
	k.text = copy_of(&text);
	k.keys = copy_of(&keys);
	buf_done(&text);
	buf_done(&keys);
	if (k.text == NULL || k.keys == NULL || (!is_here && !make_room(l, at))) {
		forget(&k);
		return;
	}
	forget(&l->rows[at]);
	l->rows[at] = k;
}

static struct one_list *list_of(struct gate_lists *g, const struct gate_rule *rule)
{
	return &g->list[rule - gate_rules];
}

void gate_lists_take(struct gate_lists *g, const struct gate_rule *rule, const struct node *row)
{
	take_row(list_of(g, rule), row);
	g->fresh(g->ctx);
}

/* ---- fetching ---- */

static void ask_page(struct one_list *l, const char *after);

/* What this load did not see is not kept any more. */
static void drop_unseen(struct one_list *l)
{
	for (size_t i = l->nrows; i-- > 0;)
		if (l->rows[i].round != l->round)
			drop(l, i);
}

static void page_came(void *ctx, const struct answer *a)
{
	struct one_list *l = ctx;
	const struct node *rows = node_get(a->result, "rows");
	const char *next = node_str(node_get(a->result, "next"));

	if (a->code != OK) {
		l->is_loading = false;
		return;
	}
	for (const struct node *r = rows != NULL ? rows->first : NULL; r != NULL; r = r->next)
		take_row(l, r);
	if (next != NULL && l->nrows < ROWS_MOST) {
		ask_page(l, next);
		return;
	}
	l->is_loading = false;
	l->is_complete = next == NULL;
	drop_unseen(l);
	if (gate_lists_complete(l->lists))
		l->lists->fresh_at = link_now();
	l->lists->fresh(l->lists->ctx);
}

static void ask_page(struct one_list *l, const char *after)
{
	struct buf params;
	char method[96];

	snprintf(method, sizeof method, "%s.list", l->rule->book);
	buf_init(&params, 4096);
	buf_printf(&params, "{\"where\":%s,\"sort\":[\"id\"],\"limit\":%d", l->rule->where, PAGE);
	if (after != NULL) {
		buf_puts(&params, ",\"after\":");
		buf_json_str(&params, after);
	}
	buf_puts(&params, "}");
	if (link_ask(l->lists->app->link, method, params.data, 0, page_came, l) == 0)
		l->is_loading = false;
	buf_done(&params);
}

static void load_list(struct one_list *l)
{
	if (l->is_loading)
		return;
	l->is_loading = true;
	l->round++;
	ask_page(l, NULL);
}

void gate_lists_load(struct gate_lists *g)
{
	for (size_t i = 0; i < gate_nrules; i++)
		load_list(&g->list[i]);
}

static void row_came(void *ctx, const struct answer *a)
{
	struct one_list *l = ctx;

	if (a->code != OK)
		return;
	take_row(l, a->result);
	l->lists->fresh(l->lists->ctx);
}

static void ask_row(struct one_list *l, int64_t id)
{
	char method[96], params[64];

	snprintf(method, sizeof method, "%s.get", l->rule->book);
	snprintf(params, sizeof params, "{\"id\":%lld}", (long long)id);
	link_ask(l->lists->app->link, method, params, 0, row_came, l);
}

void gate_lists_changed(struct gate_lists *g, const struct book *book, int64_t id)
{
	for (size_t i = 0; i < gate_nrules; i++) {
		struct one_list *l = &g->list[i];

		if (l->book == book)
			ask_row(l, id);
		else if (l->rule->also != NULL && strcmp(l->rule->also, book->name) == 0)
			load_list(l);
	}
}

uint64_t gate_lists_watches(void)
{
	uint64_t all = 0;

	for (size_t i = 0; i < gate_nrules; i++) {
		all |= app_book_bit(book_find(gate_rules[i].book));
		if (gate_rules[i].also != NULL)
			all |= app_book_bit(book_find(gate_rules[i].also));
	}
	return all;
}

/* ---- looking ---- */

static bool is_barred(const struct gate_hit *hit, const char *today)
{
	struct arena *arena = hit->rule->bars && hit->fit == GATE_WHOLLY ? arena_new(4 * ROW_MAX) : NULL;
	struct node *row = NULL;
	bool barred = arena != NULL && node_parse(arena, hit->text, strlen(hit->text), ROW_DEPTH, &row) == OK &&
		gate_judge(hit->rule, row, today).word == GATE_STOP;

	arena_free(arena);
	return barred;
}

/* Only those that fit wholly, when there are any. */
static size_t keep_whole(struct gate_hit *hits, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (hits[i].fit == GATE_WHOLLY)
			hits[kept++] = hits[i];
	return kept > 0 ? kept : n;
}

bool gate_lists_is_twin(const struct gate_lists *g, const struct gate_rule *rule, size_t at)
{
	const struct one_list *l = &g->list[rule - gate_rules];

	for (size_t i = 0; rule->bars && i < at; i++)
		if (l->rows[i].state == l->rows[at].state && strcmp(l->rows[i].keys, l->rows[at].keys) == 0)
			return true;
	return false;
}

size_t gate_lists_find(const struct gate_lists *g, const char *typed, const char *book, const char *key, const char *today,
                       struct gate_hit *out, size_t most)
{
	struct gate_text text;
	size_t n = 0;

	gate_text_init(&text, typed);
	for (size_t i = 0; i < gate_nrules; i++) {
		const struct one_list *l = &g->list[i];

		if (book != NULL && strcmp(book, l->rule->book) != 0)
			continue;
		for (size_t k = 0; k < l->nrows && n < most; k++) {
			enum gate_fit fit = gate_fits(l->rule, l->rows[k].keys, key, &text);

			if (fit != GATE_NO_FIT && !gate_lists_is_twin(g, l->rule, k))
				out[n++] = (struct gate_hit){.rule = l->rule, .id = l->rows[k].id, .text = l->rows[k].text, .fit = fit};
		}
	}
	gate_text_done(&text);
	n = keep_whole(out, n);
	for (size_t i = 0; i < n; i++)
		if (is_barred(&out[i], today)) {
			out[0] = out[i];
			return 1;
		}
	return n;
}

bool gate_lists_row(const struct gate_lists *g, const struct gate_rule *rule, size_t at, int64_t *id, int *state, const char **text)
{
	const struct one_list *l = &g->list[rule - gate_rules];

	if (at >= l->nrows)
		return false;
	*id = l->rows[at].id;
	*state = l->rows[at].state;
	*text = l->rows[at].text;
	return true;
}

bool gate_lists_complete(const struct gate_lists *g)
{
	for (size_t i = 0; i < gate_nrules; i++)
		if (!g->list[i].is_complete)
			return false;
	return true;
}

int64_t gate_lists_age(const struct gate_lists *g)
{
	int64_t since = g->fresh_at != 0 ? (link_now() - g->fresh_at) / 1000 : 0, lost = link_offline_seconds(g->app->link);

	if (link_state(g->app->link) == LINK_READY && g->fresh_at != 0)
		return 0;
	return lost > 0 && lost < since ? lost : since;
}

/* ---- life ---- */

struct gate_lists *gate_lists_new(struct app *app, void (*fresh)(void *), void *ctx)
{
	struct gate_lists *g = calloc(1, sizeof *g);

	if (g == NULL)
		return NULL;
	g->app = app;
	g->fresh = fresh;
	g->ctx = ctx;
	for (size_t i = 0; i < gate_nrules && i < RULES_MOST; i++)
		g->list[i] = (struct one_list){.lists = g, .rule = &gate_rules[i], .book = book_find(gate_rules[i].book)};
	return g;
}

void gate_lists_free(struct gate_lists *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < gate_nrules; i++) {
		link_forget_ctx(g->app->link, &g->list[i]);
		while (g->list[i].nrows > 0)
			drop(&g->list[i], g->list[i].nrows - 1);
		free(g->list[i].rows);
	}
	free(g);
}
