/*
 * keep.c - see keep.h.
 *
 * Rows are kept as the JSON they came as, with their keys ready to be compared, in the order of their ids: a look-up
 * runs through the keys only. Not for: drawing. Trap: an answer may come after a newer row was taken; the
 * version decides which one stays.
 */
#include "client/keep_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/alone.h"
#include "client/keep_where.h"
#include "client/offline.h"
#include "client/value.h"
#include "common/log.h"

enum { WHERE_ARENA = 64 * 1024, OLD_SECONDS = 24 * 3600 /* where no policy says how long lists hold */ };

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

size_t keep_place_of(const struct one_list *l, int64_t id)
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

struct kept *keep_kept(const struct one_list *l, int64_t id)
{
	size_t at = keep_place_of(l, id);

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

void keep_drop(struct one_list *l, size_t at)
{
	forget(&l->rows[at]);
	memmove(&l->rows[at], &l->rows[at + 1], (l->nrows - at - 1) * sizeof l->rows[0]);
	l->nrows--;
}

bool keep_is_worth(const struct one_list *l, const struct node *row)
{
	return keep_fits(l->where, row);
}

static char *copy_of(struct buf *b)
{
	return b->failed || b->data == NULL ? NULL : strdup(b->data);
}

/* Text and keys of a row; false: no memory. */
static bool write_row(const struct keep_book *kept, const struct node *row, char **text, char **keys)
{
	struct buf b;

	buf_init(&b, ROW_MAX);
	node_write(&b, row);
	*text = copy_of(&b);
	buf_reset(&b);
	if (kept->keys != NULL)
		kept->keys(kept, row, &b);
	*keys = b.len > 0 ? copy_of(&b) : strdup("");
	buf_done(&b);
	if (*text != NULL && *keys != NULL)
		return true;
	wipe(*text);
	wipe(*keys);
	return false;
}

struct kept *keep_put(struct one_list *l, int64_t id, const struct node *row, bool is_base)
{
	const char *state = node_str(node_get(row, "state"));
	size_t at = keep_place_of(l, id);
	char *text, *keys, *base = NULL;
	struct kept *k;

	if (!write_row(l->kept, row, &text, &keys))
		return NULL;
	if (keep_kept(l, id) == NULL && !make_room(l, at)) {
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
	struct kept *k = keep_kept(l, id);
	bool waits = keep_learnt_has(l->lists, l, id);

	if (k != NULL && k->version > row_number(row, "version"))
		return;
	if (!keep_is_worth(l, row) && !waits) {
		if (k != NULL)
			keep_drop(l, keep_place_of(l, id));
		return;
	}
	k = keep_put(l, id, row, true);
	if (k == NULL)
		return;
	k->round = l->round;
	if (waits)
		keep_learnt_fold(l, id);
}

static struct one_list *list_of(const struct keep *g, const struct keep_book *kept)
{
	size_t i = 0;

	while (g->list[i].kept != kept)
		i++;
	return (struct one_list *)(uintptr_t)&g->list[i];
}

struct one_list *keep_list_of(struct keep *g, const char *book)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->list[i].kept->book, book) == 0)
			return &g->list[i];
	return NULL;
}

void keep_told(struct keep *g)
{
	g->is_unsaved = true;
	g->fresh(g->ctx);
}

void keep_take(struct keep *g, const struct keep_book *kept, const struct node *row)
{
	take_row(list_of(g, kept), row);
	keep_told(g);
}

const char *keep_text(const struct keep *g, const struct keep_book *kept, int64_t id)
{
	const struct kept *k = keep_kept(list_of(g, kept), id);

	return k != NULL ? k->text : NULL;
}

/* ---- fetching ---- */

static void ask_page(struct one_list *l, const char *after);

/* What this load did not see is not kept any more. */
static void drop_unseen(struct one_list *l)
{
	for (size_t i = l->nrows; i-- > 0;)
		if (l->rows[i].round != l->round && l->rows[i].id > 0)
			keep_drop(l, i);
}

static int64_t since_start(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

static void note_fresh(struct keep *g)
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
	if (keep_complete(l->lists))
		note_fresh(l->lists);
	keep_told(l->lists);
}

static void ask_page(struct one_list *l, const char *after)
{
	struct buf params;
	char method[96];

	snprintf(method, sizeof method, "%s.list", l->kept->book);
	buf_init(&params, 4096);
	buf_printf(&params, "{\"where\":%s,\"sort\":[\"id\"],\"limit\":%d", l->kept->where, PAGE);
	if (after != NULL) {
		buf_puts(&params, ",\"after\":");
		buf_json_str(&params, after);
	}
	buf_puts(&params, "}");
	if (link_ask(l->lists->app->link, method, params.data, LINK_SERVER, page_came, l) == 0)
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

void keep_load(struct keep *g)
{
	for (size_t i = 0; i < g->n; i++)
		load_list(&g->list[i]);
}

bool keep_catch_up(struct keep *g)
{
	if (g->connections == g->app->connections || !app_is_linked(g->app))
		return false;
	g->connections = g->app->connections;
	keep_load(g);
	return true;
}

static void row_came(void *ctx, const struct answer *a)
{
	struct one_list *l = ctx;

	if (a->code != OK)
		return;
	take_row(l, a->result);
	keep_told(l->lists);
}

static void ask_row(struct one_list *l, int64_t id)
{
	char method[96], params[64];

	snprintf(method, sizeof method, "%s.get", l->kept->book);
	snprintf(params, sizeof params, "{\"id\":%lld}", (long long)id);
	link_ask(l->lists->app->link, method, params, LINK_SERVER, row_came, l);
}

void keep_changed(struct keep *g, const struct book *book, int64_t id)
{
	for (size_t i = 0; i < g->n; i++) {
		struct one_list *l = &g->list[i];

		if (l->book == book)
			ask_row(l, id);
		else if (l->kept->also != NULL && strcmp(l->kept->also, book->name) == 0)
			load_list(l);
	}
}

void keep_watches(const struct keep *g, struct book_set *all)
{
	for (size_t i = 0; i < g->n; i++) {
		book_set_add(all, g->list[i].book);
		if (g->list[i].kept->also != NULL)
			book_set_add(all, book_find(g->list[i].kept->also));
	}
}

/* ---- looking ---- */

const struct keep_book *keep_of(const struct keep *g, const struct book *book)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->list[i].book == book)
			return g->list[i].kept;
	return NULL;
}

bool keep_row(const struct keep *g, const struct keep_book *kept, size_t at, struct keep_row *row)
{
	const struct one_list *l = list_of(g, kept);

	if (at >= l->nrows)
		return false;
	*row = (struct keep_row){.id = l->rows[at].id, .state = l->rows[at].state, .text = l->rows[at].text, .keys = l->rows[at].keys};
	return true;
}

bool keep_filling(const struct keep *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->list[i].is_loading && !g->list[i].is_complete)
			return true;
	return false;
}

bool keep_complete(const struct keep *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (!g->list[i].is_complete)
			return false;
	return true;
}

int64_t keep_age(const struct keep *g)
{
	int64_t since = g->was_fresh ? since_start() - g->fresh_at : 0, lost = link_offline_seconds(g->app->link);

	if (app_is_linked(g->app) && g->was_fresh)
		return 0;
	return !g->app->who.is_alone && lost > 0 && lost < since ? lost : since;
}

void keep_aged(struct keep *g, int64_t seconds)
{
	g->was_fresh = true;
	g->fresh_at = since_start() - seconds;
}

static void clear(struct keep *g)
{
	for (size_t i = 0; i < g->n; i++) {
		while (g->list[i].nrows > 0)
			keep_drop(&g->list[i], g->list[i].nrows - 1);
		g->list[i].is_complete = false;
	}
	g->was_fresh = false;
	g->fresh(g->ctx);
}

int keep_expire(struct keep *g)
{
	int64_t most = offline_seconds_kept(g->app) > 0 ? offline_seconds_kept(g->app) : OLD_SECONDS;

	if (!keep_complete(g) || keep_age(g) <= most)
		return 0;
	clear(g);
	alone_forget_lists(g->app);
	app_drop_keys(g->app);
	return (int)(most / 3600);
}

/* ---- life ---- */

static const struct node *where_of(struct keep *g, const struct keep_book *kept)
{
	struct node *where = NULL;

	if (g->arena == NULL || node_parse(g->arena, kept->where, strlen(kept->where), ROW_DEPTH, &where) != OK)
		fatal("out of memory");
	return where;
}


struct keep *keep_new(struct app *app, keep_nth *nth, void (*fresh)(void *), void *ctx)
{
	struct keep *g = calloc(1, sizeof *g);

	if (g == NULL)
		return NULL;
	g->app = app;
	g->connections = app->connections;
	g->fresh = fresh;
	g->ctx = ctx;
	g->arena = arena_new(WHERE_ARENA);
	for (const struct keep_book *kept; g->n < BOOKS_MOST && (kept = nth(g->n)) != NULL; g->n++)
		g->list[g->n] = (struct one_list){.lists = g, .kept = kept, .book = book_find(kept->book), .where = where_of(g, kept)};
	keep_from_disk(g);
	keep_learnt_begin(g);
	return g;
}

void keep_free(struct keep *g)
{
	if (g == NULL)
		return;
	keep_learnt_end(g);
	for (size_t i = 0; i < g->n; i++) {
		link_forget_ctx(g->app->link, &g->list[i]);
		while (g->list[i].nrows > 0)
			keep_drop(&g->list[i], g->list[i].nrows - 1);
		free(g->list[i].rows);
	}
	arena_free(g->arena);
	free(g);
}
