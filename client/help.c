/*
 * help.c - the key list of a context.
 *
 * Not for: explaining the house. Trap: a key that the reader may not use now is not listed, so
 * help never promises what dispatch refuses.
 */
#include "client/help.h"

#include <stdio.h>

#include "common/i18n.h"

void help_open(struct help *h, enum context c, keys_allow_cb *allow, void *arg)
{
	const struct binding *list[NITEMS(h->items)];
	size_t n = keys_list(c, allow, arg, list, NITEMS(list));

	for (size_t i = 0; i < n; i++) {
		struct buf names;

		buf_init(&names, sizeof h->keys[i] - 1);
		keys_names(&names, list[i], c);
		snprintf(h->keys[i], sizeof h->keys[i], "%s", names.failed ? keys_name(list[i], c) : names.data);
		buf_done(&names);
		h->items[i] = (struct pick_item){ .key = h->keys[i], .data = list[i],
			.name = list[i]->label != NULL ? tr(list[i]->label) : "", .help = tr(list[i]->help) };
	}
	pick_init(&h->pick, tr(N_("Keys here:")), h->items, n);
}

void help_close(struct help *h)
{
	pick_done(&h->pick);
}

unsigned help_handle(struct help *h, const struct key *key)
{
	return pick_handle(&h->pick, key);
}

void help_draw(struct help *h, int row, int rows)
{
	pick_draw(&h->pick, row, rows);
}

const struct binding *help_taken(const struct help *h)
{
	const struct pick_item *item = pick_taken(&h->pick);

	return item != NULL ? item->data : NULL;
}
