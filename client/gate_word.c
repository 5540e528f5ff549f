/*
 * gate_word.c - drawing the big word with what decided it, or the numbered list of what was meant.
 *
 * The word stands in block letters; characters that have none stand far apart between bars and block marks. Not for:
 * deciding (gate_decide.c), shapes of letters (block.c). Trap: it must be read without colour, from two metres and by a
 * screen reader: the word stands as text in the line of the fact, too, and for a reader only there.
 */
#include "client/gate_screen.h"

#include <stdio.h>
#include <string.h>

#include "client/block.h"
#include "client/value.h"
#include "client/wrap.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LINE_MAX = 2048, APART = 4 /* cells between characters without block letters */, SIDE = 6 /* and beside them */, MIDDLE = BLOCK_ROWS / 2 };

/* Solid letters without a colour, which would cost as much again for each stroke. */
static void draw_strokes(int row, int col, const char *text)
{
	while (*text != '\0') {
		size_t gap = strspn(text, " "), n = strcspn(text + gap, " ");
		char part[LINE_MAX];

		snprintf(part, sizeof part, "%.*s", (int)n, text + gap);
		tty_put(row, col + (int)gap, (int)n, part, part[0] == '#' ? STYLE_SELECT : STYLE_KEY);
		col += (int)(gap + n);
		text += gap + n;
	}
}

/* Thin letters, and all on a slow line, are one piece a row: each stroke of its own costs twenty bytes. */
static void draw_blocks(struct buf rows[BLOCK_ROWS], int row, int col, int scale)
{
	for (int i = 0; i < BLOCK_ROWS; i++) {
		const char *text = rows[i].data != NULL ? rows[i].data : "";

		if (scale == 1 || tty_is_lean())
			tty_put(row + i, col, (int)strlen(text), text, STYLE_KEY);
		else
			draw_strokes(row + i, col, text);
	}
}

/* Bars over the whole width, with the marks of the letters in them: this word alone has them. */
static void draw_bars(const struct buf rows[BLOCK_ROWS], int row, int col, int cols)
{
	static const int at[] = {0, BLOCK_ROWS - 1};

	for (size_t i = 0; i < NITEMS(at); i++) {
		tty_put(row + at[i], 0, cols, "", STYLE_STOP);
		tty_put(row + at[i], col, (int)rows[at[i]].len, rows[at[i]].data, STYLE_STOP);
	}
}

/* The characters of the word far apart. */
static void spread(struct buf *out, const char *s)
{
	uint32_t cp, next;

	for (size_t n = strlen(s), used; n > 0; s += used, n -= used) {
		used = text_decode(s, n, &cp);
		if (used == 0)
			return;
		buf_put(out, s, used);
		if (text_decode(s + used, n - used, &next) > 0 && !text_is_mark(next))
			buf_printf(out, "%*s", APART, "");
	}
}

/* A word of wide characters: between lines, with its mark in block letters at both sides. */
static void draw_wide(struct buf rows[BLOCK_ROWS], int row, int cols, enum gate_word word)
{
	int width, mark, col, scale;
	struct buf text, line;

	buf_init(&text, LINE_MAX);
	buf_init(&line, LINE_MAX);
	spread(&text, tr(gate_word_label(word)));
	width = text_width(text.data);
	for (int i = 0; i < width + 2 * SIDE; i++)
		buf_puts(&line, "=");
	col = (cols - width) / 2;
	mark = block_fit(rows, gate_word_mark(word), col - 2 * SIDE, &scale);
	tty_put(row + 1, col - SIDE, width + 2 * SIDE, line.data, STYLE_KEY);
	tty_put(row + MIDDLE, col, width, text.data, STYLE_SELECT);
	tty_put(row + BLOCK_ROWS - 2, col - SIDE, width + 2 * SIDE, line.data, STYLE_KEY);
	draw_blocks(rows, row, col - 2 * SIDE - mark, scale);
	draw_blocks(rows, row, col + width + 2 * SIDE, scale);
	buf_done(&line);
	buf_done(&text);
}

static void draw_word(int row, int cols, enum gate_word word)
{
	struct buf rows[BLOCK_ROWS];
	int width, scale;

	for (int i = 0; i < BLOCK_ROWS; i++)
		buf_init(&rows[i], LINE_MAX);
	width = block_fit(rows, tr(gate_word_label(word)), cols, &scale);
	if (width > 0)
		draw_blocks(rows, row, (cols - width) / 2, scale);
	else
		draw_wide(rows, row, cols, word);
	if (word == GATE_STOP && !tty_is_lean())
		draw_bars(rows, row, (cols - width) / 2, cols);
	for (int i = 0; i < BLOCK_ROWS; i++)
		buf_done(&rows[i]);
}

/* "label value" of each fact that has one. */
static void say_facts(struct buf *out, const struct gate_rule *rule, const struct node *row)
{
	const struct book *book = book_find(rule->kept.book);
	const char *between = "";
	struct buf value;

	buf_init(&value, LINE_MAX);
	for (const char *const *name = rule->facts; *name != NULL; name++) {
		const struct field *f = row_show_named(&value, book, *name, row);

		if (f == NULL)
			continue;
		buf_printf(out, "%s%s %s", between, tr(f->label), value.data);
		between = "  ";
	}
	buf_done(&value);
}

/* What else the guard has to know: of a watched unit its category and instruction, never why. */
static void say_warnings(struct buf *out, const struct gate_rule *rule, const struct node *record)
{
	const struct part *part = rule->warn != NULL ? gate_part(book_find(rule->kept.book), rule->warn) : NULL;
	const struct book *book = part != NULL ? book_find(part->book) : NULL;
	const struct node *rows = part != NULL ? node_get(record, part->name) : NULL;

	for (const struct node *r = rows != NULL && rows->type == NODE_ARRAY ? rows->first : NULL; r != NULL; r = r->next) {
		buf_printf(out, "%s! %s:", out->len > 0 ? "  " : "", tr(part->label));
		for (size_t i = 0; i < book->nfields; i++)
			if ((book->fields[i].flags & F_LIST) != 0 && book->fields[i].type != FT_REF && node_get(r, book->fields[i].name) != NULL) {
				buf_puts(out, " ");
				row_show(out, book, &book->fields[i], r);
			}
	}
}

/* From which lists it was decided, when not by the server just now. */
static void say_age(struct buf *out, int64_t age)
{
	if (age >= 60)
		buf_printf(out, tr(" [lists of %d min ago]"), (int)(age / 60));
	else if (age > 0)
		buf_puts(out, tr(" [lists of this minute]"));
}

/* A sentence in as many rows as it needs; returns the row behind it. */
static int say_wrapped(int row, int cols, const char *text, enum style style)
{
	size_t n;

	for (; (n = wrap_row(text, cols)) > 0; text += n) {
		char part[LINE_MAX];

		snprintf(part, sizeof part, "%.*s", (int)n, text);
		tty_put(row++, 1, cols, part, style);
		for (; text[n] == ' '; text++)
			;
	}
	return row;
}

/* The word as text with the one fact that decided. */
static void say_fact(struct buf *out, const struct gate *g)
{
	const struct gate_verdict *v = &g->verdict;

	buf_printf(out, "%s %s  ", gate_word_mark(v->word), tr(gate_word_label(v->word)));
	buf_puts(out, tr(v->rule == NULL && g->age > 0 && !keep_complete(g->lists) ? N_("This terminal has no lists now.") : gate_fact(v)));
	if (v->why != NULL && v->why->rule != NULL)
		buf_printf(out, " (%s)", v->why->rule);
	say_age(out, g->age);
}

/* Draws the word and what decided it; returns how many rows that took. */
static int draw_shown(const struct gate *g, int row, int cols)
{
	const struct gate_rule *rule = g->verdict.rule;
	int at = row;
	struct buf line;

	if (!g->screen.app->options->reader) {
		draw_word(row, cols, g->verdict.word);
		at += BLOCK_ROWS;
	}
	buf_init(&line, LINE_MAX);
	say_fact(&line, g);
	at = say_wrapped(at, cols - 2, line.data, STYLE_KEY);
	buf_reset(&line);
	if (rule != NULL) {
		buf_printf(&line, "%s: ", tr(book_find(rule->kept.book)->title));
		say_facts(&line, rule, g->row);
	} else {
		buf_puts(&line, g->typed);
	}
	tty_put(at++, 1, cols - 2, line.data, STYLE_TEXT);
	buf_reset(&line);
	if (rule != NULL)
		say_warnings(&line, rule, g->row);
	if (line.len > 0)
		tty_put(at++, 1, cols - 2, line.data, STYLE_LATE);
	buf_done(&line);
	return at - row;
}

static void draw_candidate(const struct gate_candidate *c, size_t at, int row, int cols)
{
	struct arena *arena = arena_new(4 * GATE_ROW_MAX);
	struct node *n = NULL;
	char today[11];
	struct buf line;

	if (arena == NULL)
		return;
	gate_today(today);
	buf_init(&line, LINE_MAX);
	if (node_parse(arena, c->text, strlen(c->text), GATE_ROW_DEPTH, &n) == OK) {
		buf_printf(&line, "%zu  %s  %s: ", at + 1, tr(gate_word_label(gate_judge(c->rule, n, today).word)), tr(book_find(c->rule->kept.book)->title));
		say_facts(&line, c->rule, n);
		tty_put(row, 1, cols - 2, line.data, STYLE_TEXT);
	}
	buf_done(&line);
	arena_free(arena);
}

static int draw_candidates(const struct gate *g, int row, int rows, int cols)
{
	struct buf head;
	int n = 0;

	buf_init(&head, LINE_MAX);
	buf_printf(&head, tr("%d are called this: press a number."), (int)g->nmatches);
	tty_put(row, 1, cols - 2, head.data, STYLE_KEY);
	buf_done(&head);
	for (; n < (int)g->ncandidates && n < rows - 1; n++)
		draw_candidate(&g->candidates[n], (size_t)n, row + 1 + n, cols);
	return n + 2;
}

int gate_word_draw(const struct gate *g, int row, int rows)
{
	int lines, cols;

	tty_size(&lines, &cols);
	if (g->is_shown)
		return draw_shown(g, row, cols);
	return g->ncandidates > 0 ? draw_candidates(g, row, rows, cols) : 0;
}
