/*
 * slip_form.c - a slip as a form: the line of JSON that lodge-print draws (server/print_form.c).
 *
 * The same values as in the text of slip.c, each as it is shown to its reader. Not for: drawing. Trap: on a form that may be
 * filled in by hand an empty field keeps its box.
 */
#include <string.h>

#include "client/slip_own.h"
#include "common/i18n.h"

enum { CELL_MAX = 16 * 1024 };

static void put_member(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, ",\"%s\":", name);
	buf_json_str(out, text);
}

static bool is_named(const char *const *names, const char *name)
{
	for (; names != NULL && *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static void put_fields(struct buf *out, const struct slip_content *c)
{
	const char *comma = "", *label = "";
	struct buf value;

	buf_init(&value, CELL_MAX);
	buf_puts(out, ",\"fields\":[");
	for (const char *const *name = slip_fields(c); *name != NULL; name++) {
		buf_reset(&value);
		slip_field_value(&value, c, *name, &label);
		if (value.len == 0 && !is_named(c->slip->blank, *name))
			continue;
		buf_printf(out, "%s[", comma);
		buf_json_str(out, label);
		buf_puts(out, ",");
		buf_json_str(out, value.data);
		buf_printf(out, ",%d]", c->blank ? slip_hand_lines(book_field(c->book, *name)) : 1);
		comma = ",";
	}
	buf_puts(out, "]");
	buf_done(&value);
}

/* row NULL: the heads. */
static void put_row(struct buf *out, const struct slip_rows *rows, const struct node *row)
{
	const struct book *book = book_find(rows->book);
	struct buf cell;

	buf_init(&cell, CELL_MAX);
	buf_puts(out, "[");
	for (const char *const *name = rows->columns; *name != NULL; name++) {
		buf_reset(&cell);
		if (row != NULL)
			slip_cell(&cell, book, row, *name);
		else
			buf_puts(&cell, slip_label(book, *name));
		buf_puts(out, name != rows->columns ? "," : "");
		buf_json_str(out, cell.data);
	}
	buf_puts(out, "]");
	buf_done(&cell);
}

static void put_table(struct buf *out, const struct slip_content *c)
{
	const char *comma = "";
	struct buf title;

	buf_init(&title, CELL_MAX);
	slip_rows_title(&title, c);
	buf_puts(out, ",\"table\":{\"title\":");
	buf_json_str(out, title.data);
	buf_puts(out, ",\"columns\":");
	put_row(out, c->slip->rows, NULL);
	buf_puts(out, ",\"rows\":[");
	for (size_t i = 0; i < c->npages; i++)
		for (const struct node *r = c->pages[i]->first; r != NULL; r = r->next, comma = ",") {
			buf_puts(out, comma);
			put_row(out, c->slip->rows, r);
		}
	buf_puts(out, "]}");
	buf_done(&title);
}

void slip_form_write(struct buf *out, const struct slip_content *c)
{
	struct buf corner;

	buf_init(&corner, CELL_MAX);
	if (c->record != NULL)
		slip_cell(&corner, c->book, c->record, c->slip->head);
	buf_puts(out, "{\"title\":");
	buf_json_str(out, tr(c->slip->title));
	put_member(out, "corner", corner.data);
	put_member(out, "foot", c->foot);
	put_member(out, "page", tr("Page"));
	put_member(out, "date", tr("Date"));
	put_member(out, "text", c->slip->text != NULL ? tr(c->slip->text) : "");
	put_fields(out, c);
	if (slip_has_rows(c))
		put_table(out, c);
	buf_puts(out, ",\"signs\":[");
	for (const char *const *who = c->slip->signs; who != NULL && *who != NULL; who++) {
		buf_puts(out, who != c->slip->signs ? "," : "");
		buf_json_str(out, tr(*who));
	}
	buf_puts(out, "]}\n");
	buf_done(&corner);
}
