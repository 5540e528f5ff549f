/*
 * view.c - a view of a book as a list's condition, and as a list on the screen (screens.h).
 *
 * Not for: which views a console shows (home.c, home_lines.c). Trap: "$me" in a condition is the reader, whoever is signed in now.
 */
#include <string.h>

#include "client/screens.h"

enum { WHERE_MAX = 2048 };

void view_where(const struct app *app, const struct view *view, struct buf *out)
{
	const char *text = view->where != NULL ? view->where : "{}", *me;

	while ((me = strstr(text, "\"$me\"")) != NULL) {
		buf_put(out, text, (size_t)(me - text));
		buf_json_str(out, app->who.code);
		text = me + strlen("\"$me\"");
	}
	buf_puts(out, text);
}

void view_push(struct app *app, const struct book *book, const struct view *view)
{
	struct buf where;
	struct list_setup setup = {.book = book, .title = view->label, .sort = view->sort};

	buf_init(&where, WHERE_MAX);
	view_where(app, view, &where);
	setup.where = where.data;
	list_push(app, &setup, NULL, NULL);
	buf_done(&where);
}
