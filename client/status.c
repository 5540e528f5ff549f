/*
 * status.c - title, message line, footer.
 *
 * Not for: bodies. Trap: the title's right half gives way first; the place is what a person needs.
 */
#include "client/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/i18n.h"
#include "common/text.h"

void status_place(struct status *s, const char *place)
{
	snprintf(s->place, sizeof(s->place), "%s", place);
}

void status_say(struct status *s, enum style style, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->message, sizeof(s->message), fmt, args);
	va_end(args);
	s->style = style;
}

void status_clear(struct status *s)
{
	s->message[0] = '\0';
	s->style = STYLE_TEXT;
}

/* What of a part fits: the whole, its first word, or nothing. */
static size_t fitting(const char *part, int cells, char *out, size_t cap)
{
	snprintf(out, cap, "%s", part);
	if (text_width(out) > cells)
		out[strcspn(out, " ")] = '\0';
	if (text_width(out) > cells)
		out[0] = '\0';
	return strlen(out);
}

/* The right half: as much of link, clock and person as leaves the place its room. */
static void draw_right(const struct status *s, int cols, int taken)
{
	const char *const parts[] = { s->link, s->clock, s->person };
	int col = cols - 1;

	for (size_t i = 0; i < NITEMS(parts); i++) {
		char text[sizeof(s->person)];
		int width;

		if (fitting(parts[i], col - taken - 2, text, sizeof(text)) == 0)
			continue;
		width = text_width(text);
		col -= width;
		tty_say(0, col, width, text, STYLE_TITLE);
		col -= 2;
	}
}

void status_draw(const struct status *s)
{
	int rows, cols, col;

	tty_size(&rows, &cols);
	tty_put(0, 0, cols, " Lodge", STYLE_TITLE);
	col = tty_say(0, 8, cols - 8, s->place, STYLE_TITLE);
	draw_right(s, cols, col);
	if (s->message[0] != '\0') {
		/* A mark beside the colour: meaning is never in the colour alone. */
		tty_put(rows - 2, 0, 1, s->style == STYLE_ERROR || s->style == STYLE_LATE ? "!" : "", s->style);
		tty_put(rows - 2, 1, cols - 1, s->message, s->style);
	}
}

void status_draw_footer(enum context c, keys_allow_cb *allow, void *arg)
{
	int rows, cols;

	tty_size(&rows, &cols);
	keys_draw_footer(rows - 1, c, allow, arg);
}
