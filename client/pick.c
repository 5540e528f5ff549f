/*
 * pick.c - a list that filters while one types.
 *
 * Every word typed must occur in name, key or help, whatever its case and marks; when nothing matches, the
 * three nearest names are offered instead of an empty list. Not for: lists from the server.
 * Trap: the selection counts matches, so it is put back to the first when the filter changes.
 */
#include "client/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/tty.h"
#include "common/i18n.h"
#include "common/text.h"

enum { NEAREST = 3, NAME_MOST = 34, NAME_LEAST = 12, KEY_LEAST = 9, KEY_MOST = 24, FILTER_MAX = 1024 };

void pick_init(struct pick *p, const char *title, const struct pick_item *items, size_t nitems)
{
	*p = (struct pick){ .items = items, .nitems = nitems };
	snprintf(p->title, sizeof(p->title), "%s", title);
	edit_init(&p->filter, 60, false);
}

void pick_done(struct pick *p)
{
	edit_done(&p->filter);
}

static bool holds(const char *text, const char *word, size_t n)
{
	char copy[64];

	if (text == NULL || n >= sizeof(copy))
		return false;
	memcpy(copy, word, n);
	copy[n] = '\0';
	return text_holds(text, copy);
}

/* filter: folded. */
static bool matches(const char *filter, const struct pick_item *item)
{
	for (const char *word = filter; *word != '\0';) {
		size_t n = strcspn(word, " ");

		if (n > 0 && !holds(item->name, word, n) && !holds(item->key, word, n) &&
				!holds(item->help, word, n))
			return false;
		word += n;
		word += strspn(word, " ");
	}
	return true;
}

bool pick_holds(const struct pick *p, const struct pick_item *item)
{
	struct buf filter;
	bool found;

	buf_init(&filter, FILTER_MAX);
	text_fold(&filter, p->filter.text);
	found = text_holds(item->name, filter.data) || (item->key != NULL && text_holds(item->key, filter.data));
	buf_done(&filter);
	return found;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters that must be added, taken away, changed or swapped to make one word of the other. */
static unsigned distance(const char *a, const char *b)
{
	enum { MAX = 63 };
	unsigned char d[MAX + 1][MAX + 1];
	size_t na = strnlen(a, MAX), nb = strnlen(b, MAX);

	for (size_t i = 0; i <= na; i++)
		for (size_t k = 0; k <= nb; k++) {
			unsigned best;

			if (i == 0 || k == 0) {
				d[i][k] = (unsigned char)(i + k);
				continue;
			}
			best = d[i - 1][k - 1] + (a[i - 1] == b[k - 1] ? 0u : 1u);
			best = least(best, least(d[i - 1][k], d[i][k - 1]) + 1u);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				best = least(best, d[i - 2][k - 2] + 1u);
			d[i][k] = (unsigned char)best;
		}
	return d[na][nb];
}

/* The items shown, at most max, and how many there are. */
static size_t select_items(const struct pick *p, const struct pick_item **out, size_t max)
{
	size_t n = 0, best[NEAREST];
	struct buf filter;

	buf_init(&filter, FILTER_MAX);
	text_fold(&filter, p->filter.text);
	for (size_t i = 0; i < p->nitems && n < max; i++)
		if (matches(filter.data, &p->items[i]))
			out[n++] = &p->items[i];
	buf_done(&filter);
	if (n > 0)
		return n;
	for (; n < NEAREST && n < p->nitems && n < max; n++) {
		best[n] = p->nitems;
		for (size_t i = 0; i < p->nitems; i++) {
			bool taken = false;

			for (size_t k = 0; k < n; k++)
				taken = taken || best[k] == i;
			if (!taken && (best[n] == p->nitems ||
					distance(p->filter.text, p->items[i].name) <
					distance(p->filter.text, p->items[best[n]].name)))
				best[n] = i;
		}
		out[n] = &p->items[best[n]];
	}
	return n;
}

enum { SHOWN_MAX = 512 };

const struct pick_item *pick_taken(const struct pick *p)
{
	const struct pick_item *shown[SHOWN_MAX];
	size_t n = select_items(p, shown, SHOWN_MAX);

	return p->at < n ? shown[p->at] : NULL;
}

static unsigned move(struct pick *p, int step)
{
	const struct pick_item *shown[SHOWN_MAX];
	size_t n = select_items(p, shown, SHOWN_MAX);

	if (step < 0)
		p->at = p->at > (size_t)-step ? p->at - (size_t)-step : 0;
	else
		p->at = p->at + (size_t)step < n ? p->at + (size_t)step : n > 0 ? n - 1 : 0;
	return PICK_USED;
}

unsigned pick_handle(struct pick *p, const struct key *key)
{
	unsigned edited;

	if (key->kind == K_ESC)
		return PICK_USED | PICK_CANCEL;
	if (key->kind == K_ENTER)
		return pick_taken(p) != NULL ? PICK_USED | PICK_TAKEN : PICK_USED;
	if (key->kind == K_UP || key->kind == K_DOWN)
		return move(p, key->kind == K_UP ? -1 : 1);
	if (key->kind == K_PGUP || key->kind == K_PGDN)
		return move(p, key->kind == K_PGUP ? -10 : 10);
	edited = edit_handle(&p->filter, key);
	if (edited & EDIT_ASK)
		edited |= edit_take_paste(&p->filter, false);
	if (edited & EDIT_CHANGED)
		p->at = p->top = 0;
	return edited != EDIT_IGNORED ? PICK_USED : PICK_IGNORED;
}

/* Names have the room of the longest that has something beside it; the rest is for what it does. */
static int name_cells(const struct pick *p)
{
	int cells = NAME_LEAST;

	for (size_t i = 0; i < p->nitems; i++)
		if (p->items[i].help != NULL && text_width(p->items[i].name) > cells)
			cells = text_width(p->items[i].name);
	return cells < NAME_MOST ? cells : NAME_MOST;
}

static int key_cells(const struct pick *p)
{
	int cells = KEY_LEAST;

	for (size_t i = 0; i < p->nitems; i++)
		if (p->items[i].key != NULL && text_width(p->items[i].key) > cells)
			cells = text_width(p->items[i].key);
	return 1 + (cells < KEY_MOST ? cells : KEY_MOST);
}

/* Where what an item does begins. */
static int help_col(const struct pick *p)
{
	return 3 + key_cells(p) + name_cells(p);
}

void pick_hint(const struct pick *p, struct buf *out)
{
	const struct pick_item *item = pick_taken(p);
	int lines, cols;

	tty_size(&lines, &cols);
	if (item != NULL && item->help != NULL && text_width(item->help) > cols - 1 - help_col(p))
		buf_puts(out, item->help);
}

static void draw_item(const struct pick *p, const struct pick_item *item, int row, int cols, bool selected)
{
	int keys = key_cells(p), name = name_cells(p);
	enum style style = selected && !tty_is_lean() ? STYLE_SELECT : STYLE_TEXT;

	tty_put(row, 0, cols, selected ? ">" : "", style);
	tty_put(row, 1, keys, item->key, style);
	if (item->help == NULL)
		name = cols - 2 - keys;
	tty_put(row, 1 + keys, name, item->name, style);
	if (item->help != NULL)
		tty_put(row, help_col(p), cols - 1 - help_col(p), item->help, style);
}

void pick_draw(struct pick *p, int row, int rows)
{
	const struct pick_item *shown[SHOWN_MAX];
	size_t n = select_items(p, shown, SHOWN_MAX), space = rows > 3 ? (size_t)rows - 2 : 1;
	char count[48];
	int lines, cols, col;

	tty_size(&lines, &cols);
	col = tty_say(row, 1, cols / 2, p->title, STYLE_KEY) + 1;
	snprintf(count, sizeof(count), "%zu / %zu", n, p->nitems);
	tty_say(row, cols - 1 - text_width(count), text_width(count), count, STYLE_TEXT);
	if (p->at < p->top)
		p->top = p->at;
	if (p->at >= p->top + space)
		p->top = p->at - space + 1;
	for (size_t i = 0; i < space && p->top + i < n; i++)
		draw_item(p, shown[p->top + i], row + 2 + (int)i, cols, p->top + i == p->at);
	edit_draw(&p->filter, row, col, cols - col - text_width(count) - 3, 1, true);
}
