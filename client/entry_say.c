/*
 * entry_say.c - see entry_say.h.
 *
 * Not for: starting or committing (entry.c). Trap: a receipt has no number where the book counts none.
 */
#include "client/entry_say.h"

#include <stdio.h>

#include "client/tty.h"
#include "client/value.h"
#include "client/wrap.h"
#include "common/i18n.h"

void op_say_receipt(struct app *app, const struct op *op, const struct node *receipt)
{
	const char *at = node_str(node_get(receipt, "at"));
	struct buf no, when;

	buf_init(&no, 256);
	buf_init(&when, 256);
	value_word(&no, node_get(receipt, "no"));
	if (at != NULL)
		value_show(&when, &(const struct field){.type = FT_TIME}, node_get(receipt, "at"));
	if (no.len > 0)
		app_say(app, STYLE_TEXT, tr("No. %s saved %s"), no.data, when.data);
	else
		app_say(app, STYLE_TEXT, tr("Saved %s"), when.data);
	if (op->duty != NULL) {
		buf_reset(&when);
		buf_printf(&when, "%s  %s", app->status.message, tr(op->duty_short));
		app_say(app, STYLE_TEXT, "%s", when.data);
	}
	buf_done(&no);
	buf_done(&when);
}

void op_say_field(struct buf *out, const struct book *book, const struct op *op, const struct node *row)
{
	const struct field *f = op->duty_field != NULL ? book_field(book, op->duty_field) : NULL;
	const struct node *v = f != NULL && row != NULL ? node_get(row, f->name) : NULL;

	if (v == NULL || v->type == NODE_NULL)
		return;
	value_show(out, f, v);
}

int op_draw_duty(const struct book *book, const struct op *op, const char *added, int row)
{
	const char *text = op->duty != NULL ? tr(op->duty) : "";
	int lines, cols, at = row;
	char line[512];
	size_t n;

	tty_size(&lines, &cols);
	for (; (n = wrap_row(text, cols - 2)) > 0; text += n) {
		snprintf(line, sizeof line, "%.*s", (int)n, text);
		tty_put(at++, 1, cols - 2, line, STYLE_TEXT);
	}
	if (added[0] != '\0') {
		snprintf(line, sizeof line, "%s: %s", tr(book_field(book, op->duty_field)->label), added);
		tty_put(at++, 1, cols - 2, line, STYLE_KEY);
	}
	return at > row ? at + 1 - row : 0;
}
