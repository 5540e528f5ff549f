/*
 * dialog.c - the question before an act that cannot be undone.
 *
 * Not for: anything that may go wrong by typing ahead: the caller holds the keys back until the
 * dialog has been drawn. Trap: frames are ASCII; box characters are two cells wide on some terminals.
 */
#include "client/dialog.h"

#include <stdio.h>
#include <string.h>

#include "client/tty.h"
#include "common/i18n.h"
#include "common/text.h"

enum { WIDTH = 72, LINES = 4 };

void dialog_init(struct dialog *d, const char *title, const char *object, const char *effect,
	const char *confirm, const struct key *opener)
{
	*d = (struct dialog){ .key = { .kind = K_TEXT, .cp = 'y' } };
	snprintf(d->title, sizeof(d->title), "%s", title);
	snprintf(d->object, sizeof(d->object), "%s", object);
	snprintf(d->effect, sizeof(d->effect), "%s", effect);
	snprintf(d->confirm, sizeof(d->confirm), "%s", confirm);
	if (opener != NULL && key_same(opener, &d->key))
		d->key = (struct key){ .kind = K_F2 };
}

unsigned dialog_handle(struct dialog *d, const struct key *key)
{
	if (key->burst)
		return DIALOG_USED;
	if (key_same(key, &d->key))
		return DIALOG_USED | DIALOG_YES;
	if (key->kind == K_ESC || (key->kind == K_TEXT && key->cp == 'n'))
		return DIALOG_USED | DIALOG_NO;
	if (key->kind == K_ENTER)
		return DIALOG_USED | (d->on_confirm ? DIALOG_YES : DIALOG_NO);
	if (key->kind == K_TAB || key->kind == K_BACKTAB || key->kind == K_LEFT || key->kind == K_RIGHT) {
		d->on_confirm = !d->on_confirm;
		return DIALOG_USED;
	}
	return DIALOG_IGNORED;
}

/* One text over at most LINES rows, broken at blanks where there are any; returns rows used. */
static int draw_wrapped(int row, int col, int width, const char *text)
{
	char line[512];
	int used = 0;

	while (*text != '\0' && used < LINES) {
		size_t n = 0, blank = 0;
		uint32_t cp;

		while (text[n] != '\0' && n + 4 < sizeof(line)) {
			size_t step = text_decode(text + n, strlen(text + n), &cp);

			step = step > 0 ? step : 1;
			memcpy(line, text, n + step);
			line[n + step] = '\0';
			if (text_width(line) > width)
				break;
			n += step;
			if (cp == ' ')
				blank = n;
		}
		if (text[n] != '\0' && blank > 0)
			n = blank;
		memcpy(line, text, n);
		line[n] = '\0';
		tty_put(row + used++, col, width, line, STYLE_TEXT);
		text += n;
	}
	return used;
}

static void draw_buttons(const struct dialog *d, int row, int col, int width)
{
	char name[16], cancel[96], confirm[128];
	int at;

	key_spell(&d->key, name, sizeof(name));
	snprintf(cancel, sizeof(cancel), "%s Esc %s %s", d->on_confirm ? "<" : ">", tr(N_("Cancel")),
		d->on_confirm ? ">" : "<");
	snprintf(confirm, sizeof(confirm), "%s %s %s %s", d->on_confirm ? ">" : "<", name, d->confirm,
		d->on_confirm ? "<" : ">");
	at = col + width - text_width(cancel) - text_width(confirm) - 4;
	if (!d->on_confirm)
		tty_cursor(row, at);
	at = tty_say(row, at, width, cancel, d->on_confirm ? STYLE_TEXT : STYLE_SELECT) + 4;
	if (d->on_confirm)
		tty_cursor(row, at);
	tty_say(row, at, width, confirm, d->on_confirm ? STYLE_SELECT : STYLE_TEXT);
}

static void draw_frame(int row, int col, int width)
{
	tty_put(row, col, 1, "+", STYLE_TEXT);
	tty_rule(row, col + 1, width - 2);
	tty_put(row, col + width - 1, 1, "+", STYLE_TEXT);
}

void dialog_draw(const struct dialog *d)
{
	int rows, cols, top, left, row, height = LINES * 2 + 6;

	tty_size(&rows, &cols);
	top = (rows - height) / 2;
	left = (cols - WIDTH) / 2;
	draw_frame(top, left, WIDTH);
	tty_say(top, left + 4, WIDTH - 8, d->title, STYLE_KEY);
	for (int i = 1; i < height - 1; i++) {
		tty_put(top + i, left, WIDTH, "|", STYLE_TEXT);
		tty_put(top + i, left + WIDTH - 1, 1, "|", STYLE_TEXT);
	}
	draw_frame(top + height - 1, left, WIDTH);
	row = top + 2;
	row += draw_wrapped(row, left + 3, WIDTH - 6, d->object) + 1;
	draw_wrapped(row, left + 3, WIDTH - 6, d->effect);
	draw_buttons(d, top + height - 2, left, WIDTH - 3);
}
