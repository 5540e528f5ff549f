/*
 * gate_word.c - drawing the big word with what decided it, or the numbered list of what was meant.
 *
 * Not for: deciding (gate_decide.c). Trap: it must be read without colour and from two metres, so the letters stand
 * apart, with marks at both sides and blank lines around.
 */
#include "client/gate_screen.h"

#include <stdio.h>
#include <string.h>

#include "client/value.h"
#include "common/i18n.h"
#include "common/text.h"

enum { LINE_MAX = 2048 };

static enum style style_of(enum gate_word word)
{
	return word == GATE_STOP ? STYLE_ERROR : word == GATE_ASK ? STYLE_LATE : STYLE_SELECT;
}

/* A blank behind every letter, three between words. */
static void spread(struct buf *out, const char *s)
{
	uint32_t cp, next;

	for (size_t n = strlen(s), used; n > 0; s += used, n -= used) {
		used = text_decode(s, n, &cp);
		if (used == 0)
			return;
		buf_put(out, s, used);
		if (text_decode(s + used, n - used, &next) == 0 || !text_is_mark(next))
			buf_puts(out, " ");
	}
}

static void draw_band(int row, int cols, enum gate_word word)
{
	const char *mark = gate_word_mark(word);
	struct buf text;
	int width;

	buf_init(&text, LINE_MAX);
	buf_printf(&text, "%s   ", mark);
	spread(&text, tr(gate_word_label(word)));
	buf_printf(&text, "  %s", mark);
	width = text_width(text.data);
	for (int i = 0; i < 3; i++)
		tty_put(row + i, 0, cols, "", style_of(word));
	tty_put(row + 1, width < cols ? (cols - width) / 2 : 0, width < cols ? width : cols, text.data, style_of(word));
	buf_done(&text);
}

/* "label value" of each fact that has one. */
static void say_facts(struct buf *out, const struct gate_rule *rule, const struct node *row)
{
	const struct book *book = book_find(rule->book);
	const char *between = "";
	struct buf value;

	buf_init(&value, LINE_MAX);
	for (const char *const *name = rule->facts; *name != NULL; name++) {
		const struct field *f = book_field(book, *name);
		const struct node *v = node_get(row, *name);

		buf_reset(&value);
		if (f == NULL || v == NULL || v->type == NODE_NULL)
			continue;
		row_show(&value, book, f, row);
		if (value.len == 0)
			continue;
		buf_printf(out, "%s%s %s", between, tr(f->label), value.data);
		between = "  ";
	}
	buf_done(&value);
}

/* What else the guard has to know: of a watched unit its category and instruction, never why. */
static void say_warnings(struct buf *out, const struct gate_rule *rule, const struct node *record)
{
	const struct part *part = rule->warn != NULL ? gate_part(book_find(rule->book), rule->warn) : NULL;
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

static void draw_shown(const struct gate *g, int row, int cols)
{
	const struct gate_verdict *v = &g->verdict;
	struct buf line;

	draw_band(row, cols, v->word);
	buf_init(&line, LINE_MAX);
	if (v->rule != NULL)
		buf_printf(&line, "%s: ", tr(book_find(v->rule->book)->title));
	buf_puts(&line, tr(gate_fact(v)));
	if (v->why != NULL && v->why->rule != NULL)
		buf_printf(&line, " (%s)", v->why->rule);
	say_age(&line, g->age);
	tty_put(row + 4, 1, cols - 2, line.data, STYLE_KEY);
	buf_reset(&line);
	if (v->rule != NULL)
		say_facts(&line, v->rule, g->row);
	else
		buf_puts(&line, g->typed);
	tty_put(row + 5, 1, cols - 2, line.data, STYLE_TEXT);
	buf_reset(&line);
	if (v->rule != NULL)
		say_warnings(&line, v->rule, g->row);
	if (line.len > 0)
		tty_put(row + 6, 1, cols - 2, line.data, STYLE_LATE);
	buf_done(&line);
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
		buf_printf(&line, "%zu  %s  %s: ", at + 1, tr(gate_word_label(gate_judge(c->rule, n, today).word)), tr(book_find(c->rule->book)->title));
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
		draw_shown(g, row, cols);
	else if (g->ncandidates > 0)
		return draw_candidates(g, row, rows, cols);
	return g->is_shown ? 7 : 0;
}
