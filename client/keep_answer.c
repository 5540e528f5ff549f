/*
 * keep_answer.c - see keep_answer.h: BOOK.list and BOOK.get, with the parts of a record that are kept too.
 *
 * Not for: search, reports. Trap: what time alone makes of a row (overdue) has to be made of it here, since the server
 * that computes it is away.
 */
#include "client/keep_answer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/keep_where.h"
#include "client/offline.h"
#include "client/value.h"
#include "common/arena.h"

enum { ROWS_MOST = 1000, LIMIT = 50, DEPTH = 16, ANSWER_MAX = 16 * 1024 * 1024 };

struct rows {
	struct node *row[ROWS_MOST];
	size_t n;
};

/* ---- rows ---- */

/* Now, as times are written on the wire: they compare as texts. */
static void moment(char at[32])
{
	time_t now = (time_t)offline_now();
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(at, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void note_overdue(const struct keep_book *kept, struct node *row)
{
	const char *due = kept->due != NULL ? node_str(node_get(row, kept->due)) : NULL;
	char now[32];

	moment(now);
	for (struct node *m = due != NULL && strcmp(due, now) < 0 ? row->first : NULL; m != NULL; m = m->next)
		if (m->type == NODE_BOOL && strcmp(m->key, kept->overdue) == 0)
			m->b = true;
}

static void collect(const struct keep *k, const struct keep_book *kept, const struct node *where, struct arena *arena, struct rows *all)
{
	struct keep_row one;

	for (size_t at = 0; all->n < ROWS_MOST && keep_row(k, kept, at, &one); at++) {
		struct node *row = NULL;

		if (node_parse(arena, one.text, strlen(one.text), DEPTH, &row) != OK)
			continue;
		note_overdue(kept, row);
		if (keep_fits(where, row))
			all->row[all->n++] = row;
	}
}

/* ---- the order ---- */

static int compare(const struct node *a, const struct node *b)
{
	const char *one = node_str(a), *other = node_str(b);

	if (a != NULL && b != NULL && a->type == NODE_INT && b->type == NODE_INT)
		return (a->i > b->i) - (a->i < b->i);
	if (one == NULL || other == NULL)
		return (other == NULL) - (one == NULL);
	return strcmp(one, other);
}

/* field, or -field; by insertion: equal rows stay as they were. */
static void sort(struct rows *all, const char *by)
{
	int way = by[0] == '-' ? -1 : 1;
	const char *field = by + (by[0] == '-');

	for (size_t i = 1; i < all->n; i++)
		for (size_t k = i; k > 0 && way * compare(node_get(all->row[k - 1], field), node_get(all->row[k], field)) > 0; k--) {
			struct node *row = all->row[k];

			all->row[k] = all->row[k - 1];
			all->row[k - 1] = row;
		}
}

/* ---- answers ---- */

static void put_rows(struct buf *out, const struct rows *all, size_t most)
{
	buf_puts(out, "[");
	for (size_t i = 0; i < all->n && i < most; i++) {
		buf_puts(out, i > 0 ? "," : "");
		node_write(out, all->row[i]);
	}
	buf_puts(out, "]");
}

static bool put_list(const struct keep *k, const struct keep_book *kept, const struct node *params, struct arena *arena, struct rows *all, struct buf *out)
{
	static const struct node any = {.type = NODE_OBJECT};
	const struct node *where = node_get(params, "where"), *by = node_get(params, "sort"), *limit = node_get(params, "limit");
	struct node *own = NULL;

	where = where != NULL ? where : &any;
	if (node_get(params, "after") != NULL || node_parse(arena, kept->where, strlen(kept->where), DEPTH, &own) != OK || !keep_within(where, own))
		return false;
	collect(k, kept, where, arena, all);
	sort(all, by != NULL && node_str(by->first) != NULL ? node_str(by->first) : "id");
	buf_puts(out, "{\"rows\":");
	put_rows(out, all, limit != NULL && limit->type == NODE_INT && limit->i > 0 ? (size_t)limit->i : LIMIT);
	buf_puts(out, ",\"next\":null}");
	return true;
}

static void narrow(struct rows *all, const struct node *where)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->n; i++)
		if (keep_fits(where, all->row[i]))
			all->row[kept++] = all->row[i];
	all->n = kept;
}

/* Rows of another book that belong to the record. */
static void put_part(const struct keep *k, const struct part *part, const struct node *row, struct arena *arena, struct rows *all, struct buf *out)
{
	const struct keep_book *kept = keep_of(k, book_find(part->book));
	struct node id = {.type = NODE_INT, .key = part->by, .i = row_number(row, "id")}, where = {.type = NODE_OBJECT, .first = &id, .count = 1};
	struct node *also = NULL;

	if (kept == NULL || part->of != NULL)
		return;
	all->n = 0;
	collect(k, kept, &where, arena, all);
	if (part->where != NULL && node_parse(arena, part->where, strlen(part->where), DEPTH, &also) == OK)
		narrow(all, also);
	sort(all, part->sort != NULL ? part->sort : "id");
	buf_printf(out, ",\"%s\":", part->name);
	put_rows(out, all, ROWS_MOST);
}

static bool put_record(const struct keep *k, const struct keep_book *kept, const struct node *params, struct arena *arena, struct rows *all, struct buf *out)
{
	const struct book *book = book_find(kept->book);
	const struct node *asked = node_get(params, "id") != NULL ? node_get(params, "id") : node_get(params, "code");
	struct node wanted, where = {.type = NODE_OBJECT, .first = &wanted, .count = 1};
	const struct node *row;

	if (asked == NULL || (asked->type == NODE_STRING && book->code == NULL))
		return false;
	wanted = *asked;
	wanted.key = asked->type == NODE_STRING ? book->code : "id";
	wanted.next = NULL;
	collect(k, kept, &where, arena, all);
	if (all->n != 1)
		return false;
	row = all->row[0];
	node_write(out, row);
	out->len--; /* the brace; parts stand before it */
	for (size_t i = 0; i < book->nparts; i++)
		put_part(k, &book->parts[i], row, arena, all, out);
	buf_puts(out, "}");
	return true;
}

bool keep_answer(void *ctx, const char *method, const struct node *params, struct arena *arena, const struct node **result)
{
	const struct keep *k = ctx;
	const char *dot = strchr(method, '.');
	const struct keep_book *kept;
	struct rows *all = arena_alloc(arena, sizeof *all);
	struct node *made = NULL;
	struct buf text;
	char name[64];
	bool done = false;

	if (dot == NULL || (size_t)(dot - method) >= sizeof name || all == NULL || !keep_complete(k))
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(dot - method), method);
	kept = book_find(name) != NULL ? keep_of(k, book_find(name)) : NULL;
	if (kept == NULL)
		return false;
	buf_init(&text, ANSWER_MAX);
	if (strcmp(dot, ".list") == 0)
		done = put_list(k, kept, params, arena, all, &text);
	else if (strcmp(dot, ".get") == 0)
		done = put_record(k, kept, params, arena, all, &text);
	done = done && !text.failed && node_parse(arena, text.data, text.len, DEPTH, &made) == OK;
	*result = made;
	buf_done(&text);
	return done;
}
