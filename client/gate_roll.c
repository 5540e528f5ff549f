/*
 * gate_roll.c - see gate_roll.h.
 *
 * Not for: who may be printed; the lists hold what the guard may see. Trap: who seeks an employee has no unit; he
 * stands last, not nowhere.
 */
#include "client/gate_roll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/screens.h"
#include "client/slip.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { ROLL_MOST = 4000, ARENA_MAX = 64 * 1024 * 1024, DEPTH = 16, LINE_MAX = 2048 };

static const char *const shows[] = {"unit", "badge", "name", "party", "vehicle", "host", "escort", "body", "in_at", NULL};

struct roll {
	const struct node *row[ROLL_MOST];
	size_t n;
	int64_t persons;
};

static const char *building_of(const struct node *row)
{
	const char *b = node_str(node_get(row, "building"));

	return b != NULL ? b : "";
}

/* Numbers by their value, so that building 10 follows 9; without a building last. */
static int by_place(const void *left, const void *right)
{
	const struct node *a = *(const struct node *const *)left, *b = *(const struct node *const *)right;
	const char *one = building_of(a), *other = building_of(b);
	long one_number = strtol(one, NULL, 10), other_number = strtol(other, NULL, 10);
	int64_t floor = row_number(a, "floor") - row_number(b, "floor");

	if ((one[0] == '\0') != (other[0] == '\0'))
		return one[0] == '\0' ? 1 : -1;
	if (one_number != other_number)
		return one_number < other_number ? -1 : 1;
	if (strcmp(one, other) != 0)
		return strcmp(one, other);
	if (floor != 0)
		return floor < 0 ? -1 : 1;
	return row_number(a, "id") < row_number(b, "id") ? -1 : 1;
}

/* Everybody inside, of the rule whose rows can be. */
static void collect(struct roll *all, const struct gate_lists *lists, const struct gate_rule *rule, struct arena *arena)
{
	const struct book *book = book_find(rule->book);
	int inside = book_state(book, "inside"), state;
	const char *text;
	int64_t id;

	if (book_field(book, "floor") == NULL)
		return;
	for (size_t i = 0; all->n < ROLL_MOST && gate_lists_row(lists, rule, i, &id, &state, &text); i++) {
		struct node *row = NULL;

		if (state != inside || node_parse(arena, text, strlen(text), DEPTH, &row) != OK)
			continue;
		all->row[all->n++] = row;
		all->persons += row_number(row, "party") > 0 ? row_number(row, "party") : 1;
	}
}

static void put_line(struct buf *out, const char *text)
{
	char line[SLIP_CELLS * 16];

	text_fit(line, sizeof line, text, SLIP_CELLS);
	for (size_t n = strlen(line); n > 0 && line[n - 1] == ' '; n--)
		line[n - 1] = '\0';
	buf_puts(out, line);
	buf_puts(out, "\n");
}

static void put_place(struct buf *out, const struct node *row)
{
	struct buf text;

	buf_init(&text, LINE_MAX);
	if (building_of(row)[0] == '\0')
		buf_puts(&text, tr("Without a unit"));
	else
		buf_printf(&text, "%s %s  %s %lld", tr("Building"), building_of(row), tr("Floor"), (long long)row_number(row, "floor"));
	buf_puts(out, "\n");
	put_line(out, text.data);
	buf_done(&text);
}

static void put_person(struct buf *out, const struct gate_rule *rule, const struct node *row)
{
	const struct book *book = book_find(rule->book);
	struct buf line, value;

	buf_init(&line, LINE_MAX);
	buf_init(&value, LINE_MAX);
	buf_puts(&line, "  [ ]");
	for (const char *const *name = shows; *name != NULL; name++) {
		const struct field *f = book_field(book, *name);
		const struct node *v = node_get(row, *name);

		buf_reset(&value);
		if (f == NULL || v == NULL || v->type == NODE_NULL)
			continue;
		row_show(&value, book, f, row);
		if (f->type == FT_INT && value.len > 0)
			buf_printf(&line, "  %s %s", tr(f->label), value.data);
		else if (value.len > 0)
			buf_printf(&line, "  %s", value.data);
	}
	put_line(out, line.data);
	buf_done(&value);
	buf_done(&line);
}

static bool is_elsewhere(const struct node *row, const struct node *before)
{
	return before == NULL || strcmp(building_of(row), building_of(before)) != 0 || row_number(row, "floor") != row_number(before, "floor");
}

static void put_head(struct buf *out, const struct roll *all, int64_t age, const char *by)
{
	char when[32], line[512];
	time_t now = time(NULL);
	struct tm t;

	localtime_r(&now, &t);
	strftime(when, sizeof when, "%Y-%m-%d %H:%M", &t);
	snprintf(line, sizeof line, "%s  %s  %s", tr("Roll call: everybody inside"), when, by);
	put_line(out, line);
	snprintf(line, sizeof line, tr("%d persons in %d entries"), (int)all->persons, (int)all->n);
	put_line(out, line);
	if (age > 0) {
		snprintf(line, sizeof line, tr("Made of lists that are %d minutes old."), (int)(age / 60));
		put_line(out, line);
	}
}

void gate_roll_write(struct buf *out, const struct gate_lists *lists, const char *by)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct roll *all = calloc(1, sizeof *all);
	const struct gate_rule *rule = gate_rules;

	for (size_t i = 0; arena != NULL && all != NULL && i < gate_nrules; i++)
		if (book_field(book_find(gate_rules[i].book), "floor") != NULL) {
			rule = &gate_rules[i];
			collect(all, lists, rule, arena);
		}
	if (all != NULL && arena != NULL) {
		qsort(all->row, all->n, sizeof all->row[0], by_place);
		put_head(out, all, gate_lists_age(lists), by);
		for (size_t i = 0; i < all->n; i++) {
			if (is_elsewhere(all->row[i], i > 0 ? all->row[i - 1] : NULL))
				put_place(out, all->row[i]);
			put_person(out, rule, all->row[i]);
		}
	}
	buf_puts(out, "\f");
	free(all);
	arena_free(arena);
}

void gate_roll_call(struct app *app, const struct gate_lists *lists)
{
	char by[sizeof app->who.code + sizeof app->who.name + 2];
	struct buf text;

	snprintf(by, sizeof by, "%s %s", app->who.code, app->who.name);
	buf_init(&text, SLIP_TEXT_MAX);
	gate_roll_write(&text, lists, by);
	slip_show(app, N_("Roll call"), &text);
}
