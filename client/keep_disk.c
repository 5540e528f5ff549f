/*
 * keep_disk.c - the lists on the disk: when they are written, and how they come back (keep_own.h).
 *
 * Written a moment after something changed, and every few minutes to say that nothing did. Not for: the file (keep_file.c),
 * whose it is (alone.c). Trap: only what the server gave is written; what was learnt of the journal is learnt again from it.
 */
#include <string.h>

#include "client/alone.h"
#include "client/keep_file.h"
#include "client/keep_own.h"
#include "client/offline.h"

enum { SOON_MS = 2000, AGAIN_MS = 5 * 60 * 1000, SHARE = 20 /* of the time goes into writing, at most 1 in so many */ };

int64_t keep_save_at(const struct keep *g)
{
	if (!keep_complete(g) || !alone_keeps(g->app))
		return -1;
	if (g->is_unsaved || alone_waits())
		return g->save_from;
	return app_is_linked(g->app) ? g->saved_at + AGAIN_MS : -1;
}

static void put_rows(const struct keep *g, struct buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		for (size_t k = 0; k < g->list[i].nrows; k++) {
			const struct kept *row = &g->list[i].rows[k];

			if (row->id < 0)
				continue;
			keep_file_row(text, g->list[i].kept->book, row->base != NULL ? row->base : row->text);
			n++;
		}
	keep_file_end(text, n);
}

void keep_save(struct keep *g)
{
	struct keep_head head;
	struct buf text;
	int64_t begun = link_now();

	if (!keep_complete(g) || !alone_keeps(g->app))
		return;
	alone_head(g->app, &head);
	head.as_of = head.saved - keep_age(g);
	head.through = g->through > offline_through(g->app) ? g->through : offline_through(g->app);
	buf_init(&text, KEEP_FILE_BYTES_MAX);
	keep_file_begin(&text, &head);
	put_rows(g, &text);
	alone_keep(g->app, text.failed ? NULL : text.data, text.len);
	buf_done(&text);
	g->is_unsaved = false;
	g->saved_at = link_now();
	g->save_from = g->saved_at + SOON_MS + SHARE * (g->saved_at - begun);
}

static void take(void *ctx, const char *book, const struct node *row)
{
	struct keep *g = ctx;
	struct one_list *l = keep_list_of(g, book);

	if (l != NULL)
		(void)keep_put(l, node_get(row, "id")->i, row, true);
}

bool keep_from_disk(struct keep *g)
{
	struct keep_head head;
	int64_t age = 0;
	size_t len = 0;
	char *text = alone_take_lists(&len, &age);
	bool sound = text != NULL && keep_file_parse(&head, text, len, take, g) == OK;

	if (text != NULL)
		alone_wipe(text, len);
	if (!sound)
		return false;
	for (size_t i = 0; i < g->n; i++)
		g->list[i].is_complete = true;
	g->through = head.through;
	keep_aged(g, age);
	return true;
}
