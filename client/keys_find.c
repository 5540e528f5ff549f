/*
 * keys_find.c - which rows of the table work now: by a key, for help, and in the footer.
 *
 * Not for: which key a row has (keys_bind.c). Trap: on a console's first screen its verbs come before all else, in
 * the order it names them.
 */
#include "client/keys_table.h"

#include <stdio.h>
#include <string.h>

#include "client/consoles/console.h"
#include "client/tty.h"
#include "common/i18n.h"
#include "common/text.h"

/* ---- the verbs of the desks ---- */

/* "book.operation", "book.view", or the word of an action that needs no book. */
static bool is_called(const struct binding *b, const char *name)
{
	size_t n = b->book != NULL ? strlen(b->book) : 0;

	if (n == 0)
		return strcmp(action_word(b->action), name) == 0;
	return strncmp(b->book, name, n) == 0 && name[n] == '.' && strcmp(b->op, name + n + 1) == 0;
}

const struct binding *keys_verb(const char *name)
{
	for (size_t i = 0; i < keys_n; i++)
		if ((keys_table[i].contexts & DESK) != 0 && is_called(&keys_table[i], name))
			return &keys_table[i];
	return NULL;
}

bool keys_offered(const struct console *desk, const struct binding *b)
{
	for (const char *const *v = (b->contexts & DESK) != 0 ? desk->verbs : NULL; v != NULL && *v != NULL; v++)
		if (is_called(b, *v))
			return true;
	return false;
}

/* The rows of a context as they are offered: the verbs of its console first, in its order. */
static size_t rows_of(enum context c, const struct binding **rows)
{
	const struct console *desk = console_at(c);
	size_t n = 0;

	for (const char *const *v = desk != NULL ? desk->verbs : NULL; v != NULL && *v != NULL && n < KEYS_MOST; v++)
		if ((rows[n] = keys_verb(*v)) != NULL)
			n++;
	for (size_t i = 0; i < keys_n && n < KEYS_MOST; i++)
		if ((keys_table[i].contexts & BIT(c)) != 0)
			rows[n++] = &keys_table[i];
	return n;
}

static bool is_allowed(const struct binding *b, keys_allow_cb *allow, void *arg)
{
	return allow == NULL || allow(b, arg);
}

/* ---- finding, listing, the footer ---- */

const struct binding *keys_find(enum context c, const struct key *key, keys_allow_cb *allow, void *arg)
{
	const struct binding *rows[KEYS_MOST];
	size_t n = key->burst ? 0 : rows_of(c, rows); /* pasted without brackets: text, never a command */

	for (size_t i = 0; i < n; i++)
		if (keys_has(rows[i], c, key) && is_allowed(rows[i], allow, arg))
			return rows[i];
	return NULL;
}

size_t keys_list(enum context c, keys_allow_cb *allow, void *arg, const struct binding **out, size_t max)
{
	const struct binding *rows[KEYS_MOST];
	size_t nrows = rows_of(c, rows), n = 0;

	for (size_t i = 0; i < nrows && n < max; i++)
		if (rows[i]->help != NULL && is_allowed(rows[i], allow, arg))
			out[n++] = rows[i];
	return n;
}

static int item_width(const struct binding *b, enum context c)
{
	return 2 + text_width(keys_name(b, c)) + 1 + text_width(tr(b->label));
}

/* Chooses by priority what fits into cells; fills chosen (in the order of the rows) and returns its count. */
static size_t choose(enum context c, keys_allow_cb *allow, void *arg, int cells,
	const struct binding **chosen)
{
	const struct binding *rows[KEYS_MOST];
	bool in[KEYS_MOST] = {false};
	size_t nrows = rows_of(c, rows), n = 0;

	for (;;) {
		size_t best = nrows;

		for (size_t i = 0; i < nrows; i++)
			if (!in[i] && rows[i]->priority > 0 && is_allowed(rows[i], allow, arg) &&
					(best == nrows || rows[i]->priority > rows[best]->priority))
				best = i;
		if (best == nrows || item_width(rows[best], c) > cells)
			break;
		in[best] = true;
		cells -= item_width(rows[best], c);
	}
	for (size_t i = 0; i < nrows; i++)
		if (in[i])
			chosen[n++] = rows[i];
	return n;
}

/* The last row ends with these words in every context, so that scripts can wait for them; where one
 * types, ? is text, and the key that does the same stands before it. */
static void help_text(char *dst, size_t cap, enum context c)
{
	snprintf(dst, cap, "%s? %s", (BIT(c) & LETTERS) != 0 ? "" : "F1/", tr(N_("keys")));
}

void keys_footer(struct buf *out, enum context c, keys_allow_cb *allow, void *arg, int cells)
{
	const struct binding *chosen[KEYS_MOST];
	char help[64];
	size_t n;
	int used = 0;

	help_text(help, sizeof(help), c);
	n = choose(c, allow, arg, cells - text_width(help) - 2, chosen);
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s%s %s", i == 0 ? " " : "  ", keys_name(chosen[i], c), tr(chosen[i]->label));
		used += item_width(chosen[i], c) - (i == 0 ? 1 : 0);
	}
	for (; used < cells - text_width(help) - 1; used++)
		buf_puts(out, " ");
	buf_puts(out, help);
}

void keys_draw_footer(int row, enum context c, keys_allow_cb *allow, void *arg)
{
	const struct binding *chosen[KEYS_MOST];
	int rows, cols, col = 1, help_col;
	char help[64];
	size_t n;

	tty_size(&rows, &cols);
	help_text(help, sizeof(help), c);
	help_col = cols - text_width(help) - 1;
	n = choose(c, allow, arg, help_col - 1, chosen);
	tty_put(row, 0, cols, "", STYLE_FOOTER);
	for (size_t i = 0; i < n; i++) {
		col = tty_say(row, col, help_col - col, keys_name(chosen[i], c), STYLE_KEY);
		col = tty_say(row, col + 1, help_col - col, tr(chosen[i]->label), STYLE_FOOTER) + 2;
	}
	tty_say(row, help_col, cols - help_col, help, STYLE_FOOTER);
}
