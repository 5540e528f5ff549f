/*
 * gate_lists.c - see gate_lists.h.
 *
 * Rows are kept as the JSON they came as, with their keys ready to be compared, in the order of their ids: a look-up
 * runs through the keys only. Not for: drawing. Trap: an answer may come after a newer row was taken; the
 * version decides which one stays.
 */
#include "client/gate_lists_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/offline.h"
#include "client/value.h"

/* ---- rows ---- */

static void wipe(char *s)
{
	if (s != NULL)
		explicit_bzero(s, strlen(s));
	free(s);
}

static void forget(struct kept *k)
{
	wipe(k->text);
	wipe(k->keys);
	wipe(k->base);
	free(k->made_by);
	*k = (struct kept){.id = 0};
}

size_t gate_place_of(const struct one_list *l, int64_t id)
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

struct kept *gate_kept(const struct one_list *l, int64_t id)
{
	size_t at = gate_place_of(l, id);

	return at < l->nrows && l->rows[at].id == id ? &l->rows[at] : NULL;
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

void gate_drop(struct one_list *l, size_t at)
{
	forget(&l->rows[at]);
	memmove(&l->rows[at], &l->rows[at + 1], (l->nrows - at - 1) * sizeof l->rows[0]);
	l->nrows--;
}

bool gate_is_worth_keeping(const struct one_list *l, const struct node *row)
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

/* Text and keys of a row; false: no memory. */
static bool write_row(const struct gate_rule *rule, const struct node *row, char **text, char **keys)
{
	struct buf b;

	buf_init(&b, ROW_MAX);
	node_write(&b, row);
	*text = copy_of(&b);
	buf_reset(&b);
	gate_row_keys(rule, row, &b);
	*keys = copy_of(&b);
	buf_done(&b);
	if (*text != NULL && *keys != NULL)
		return true;
	wipe(*text);
	wipe(*keys);
	return false;
}

struct kept *gate_put(struct one_list *l, int64_t id, const struct node *row, bool is_base)
{
	const char *state = node_str(node_get(row, "state"));
	size_t at = gate_place_of(l, id);
	char *text, *keys, *base = NULL;
	struct kept *k;

	if (!write_row(l->rule, row, &text, &keys))
		return NULL;
	if (gate_kept(l, id) == NULL && !make_room(l, at)) {
		wipe(text);
		wipe(keys);
		return NULL;
	}
	k = &l->rows[at];
	if (!is_base) {
		base = k->base != NULL || k->id == 0 || id < 0 ? k->base : k->text;
		if (base == k->text)
			k->text = NULL;
		k->base = NULL;
	}
	wipe(k->text);
	wipe(k->keys);
	wipe(k->base);
	k->id = id;
	k->version = row_number(row, "version");
	k->state = state != NULL ? book_state(l->book, state) : -1;
	k->text = text;
	k->keys = keys;
	k->base = base;
	return k;
}

/* The server's row takes the place of what was here, unless that is newer. */
static void take_row(struct one_list *l, const struct node *row)
{
	int64_t id = row_number(row, "id");
	struct kept *k = gate_kept(l, id);
	bool waits = gate_learnt_has(l->lists, l, id);

	if (k != NULL && k->version > row_number(row, "version"))
		return;
	if (!gate_is_worth_keeping(l, row) && !waits) {
		if (k != NULL)
			gate_drop(l, gate_place_of(l, id));
		return;
	}
	k = gate_put(l, id, row, true);
	if (k == NULL)
		return;
	k->round = l->round;
	if (waits)
		gate_learnt_fold(l, id);
}

static struct one_list *list_of(struct gate_lists *g, const struct gate_rule *rule)
{
	return &g->list[rule - gate_rules];
}

struct one_list *gate_list_of(struct gate_lists *g, const char *book)
{
	for (size_t i = 0; i < gate_nrules; i++)
		if (strcmp(g->list[i].rule->book, book) == 0)
			return &g->list[i];
	return NULL;
}

void gate_told(struct gate_lists *g)
{
	g->is_unsaved = true;
	g->fresh(g->ctx);
}

void gate_lists_take(struct gate_lists *g, const struct gate_rule *rule, const struct node *row)
{
	take_row(list_of(g, rule), row);
	gate_told(g);
}

const char *gate_lists_text(const struct gate_lists *g, const struct gate_rule *rule, int64_t id)
{
	const struct kept *k = gate_kept(&g->list[rule - gate_rules], id);

	return k != NULL ? k->text : NULL;
}

/* ---- fetching ---- */

static void ask_page(struct one_list *l, const char *after);

/* What this load did not see is not kept any more. */
static void drop_unseen(struct one_list *l)
{
	for (size_t i = l->nrows; i-- > 0;)
		if (l->rows[i].round != l->round && l->rows[i].id > 0)
			gate_drop(l, i);
}

static int64_t since_start(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

static void note_fresh(struct gate_lists *g)
{
	g->was_fresh = true;
	g->fresh_at = since_start();
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
		note_fresh(l->lists);
	gate_told(l->lists);
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
	gate_told(l->lists);
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

void gate_lists_watches(struct book_set *all)
{
	for (size_t i = 0; i < gate_nrules; i++) {
		book_set_add(all, book_find(gate_rules[i].book));
		if (gate_rules[i].also != NULL)
			book_set_add(all, book_find(gate_rules[i].also));
	}
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

bool gate_lists_filling(const struct gate_lists *g)
{
	for (size_t i = 0; i < gate_nrules; i++)
		if (g->list[i].is_loading && !g->list[i].is_complete)
			return true;
	return false;
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
	int64_t since = g->was_fresh ? since_start() - g->fresh_at : 0, lost = link_offline_seconds(g->app->link);

	if (app_is_linked(g->app) && g->was_fresh)
		return 0;
	return !g->app->who.is_alone && lost > 0 && lost < since ? lost : since;
}

void gate_lists_aged(struct gate_lists *g, int64_t seconds)
{
	g->was_fresh = true;
	g->fresh_at = since_start() - seconds;
}

void gate_lists_clear(struct gate_lists *g)
{
	for (size_t i = 0; i < gate_nrules; i++) {
		while (g->list[i].nrows > 0)
			gate_drop(&g->list[i], g->list[i].nrows - 1);
		g->list[i].is_complete = false;
	}
	g->was_fresh = false;
	g->fresh(g->ctx);
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
	gate_keep_load(g);
	gate_learnt_begin(g);
	return g;
}

void gate_lists_free(struct gate_lists *g)
{
	if (g == NULL)
		return;
	gate_learnt_end(g);
	for (size_t i = 0; i < gate_nrules; i++) {
		link_forget_ctx(g->app->link, &g->list[i]);
		while (g->list[i].nrows > 0)
			gate_drop(&g->list[i], g->list[i].nrows - 1);
		free(g->list[i].rows);
	}
	free(g);
}
