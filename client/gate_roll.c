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

#include "client/gate_decide.h"
#include "client/screens.h"
#include "client/slip.h"
#include "client/value.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "common/text.h"

enum { ARENA_MAX = 64 * 1024 * 1024, DEPTH = 16, LINE_MAX = 2048 };

static const char *const shows[] = {"unit", "badge", "name", "party", "vehicle", "host", "escort", "body", "in_at", NULL};

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

static bool is_inside(const struct node *row)
{
	const char *state = node_str(node_get(row, "state"));

	return state != NULL && strcmp(state, "inside") == 0;
}

/* Of the books that say on which floor somebody is. */
static void collect(struct roll *all, const struct keep *lists, const struct gate_rule *rule, bool only_inside, struct arena *arena)
{
	struct keep_row kept;

	for (size_t i = 0; all->n < ROLL_MOST && keep_row(lists, &rule->kept, i, &kept); i++) {
		struct node *row = NULL;

		if (node_parse(arena, kept.text, strlen(kept.text), DEPTH, &row) == OK && (!only_inside || is_inside(row)))
			all->row[all->n++] = row;
	}
}

void gate_roll_collect(struct roll *all, const struct keep *lists, bool only_inside, struct arena *arena)
{
	for (size_t i = 0; i < gate_nrules; i++)
		if (book_field(book_find(gate_rules[i].kept.book), "floor") != NULL)
			collect(all, lists, &gate_rules[i], only_inside, arena);
}

void gate_paper_line(struct buf *out, const char *text)
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
	gate_paper_line(out, text.data);
	buf_done(&text);
}

static void put_person(struct buf *out, const struct book *book, const struct node *row)
{
	struct buf line, value;

	buf_init(&line, LINE_MAX);
	buf_init(&value, LINE_MAX);
	buf_puts(&line, "  [ ]");
	for (const char *const *name = shows; *name != NULL; name++) {
		const struct field *f = row_show_named(&value, book, *name, row);

		if (f != NULL && f->type == FT_INT)
			buf_printf(&line, "  %s %s", tr(f->label), value.data);
		else if (f != NULL)
			buf_printf(&line, "  %s", value.data);
	}
	gate_paper_line(out, line.data);
	buf_done(&value);
	buf_done(&line);
}

static bool is_elsewhere(const struct node *row, const struct node *before)
{
	return before == NULL || strcmp(building_of(row), building_of(before)) != 0 || row_number(row, "floor") != row_number(before, "floor");
}

void gate_paper_head(struct buf *out, const char *title, const struct app *app, const struct keep *lists)
{
	int64_t age = lists != NULL ? keep_age(lists) : 0;
	char when[32], line[1024];
	time_t now = time(NULL);
	struct tm t;

	localtime_r(&now, &t);
	strftime(when, sizeof when, "%Y-%m-%d %H:%M", &t);
	snprintf(line, sizeof line, "%s  %s  %s %s", title, when, app->who.code, app->who.name);
	gate_paper_line(out, line);
	if (age > 0) {
		snprintf(line, sizeof line, tr("Made of lists that are %d minutes old."), (int)(age / 60));
		gate_paper_line(out, line);
	}
}

static void put_count(struct buf *out, const struct roll *all)
{
	int64_t persons = 0;
	char line[512];

	for (size_t i = 0; i < all->n; i++)
		persons += row_number(all->row[i], "party") > 0 ? row_number(all->row[i], "party") : 1;
	snprintf(line, sizeof line, tr("%d persons in %d entries"), (int)persons, (int)all->n);
	gate_paper_line(out, line);
}

void gate_roll_call(struct app *app, const struct roll *of, const struct keep *lists)
{
	struct roll *all = calloc(1, sizeof *all);
	struct buf text;

	if (all == NULL)
		return;
	for (size_t i = 0; i < of->n; i++)
		if (is_inside(of->row[i]))
			all->row[all->n++] = of->row[i];
	qsort(all->row, all->n, sizeof all->row[0], by_place);
	buf_init(&text, SLIP_TEXT_MAX);
	gate_paper_head(&text, tr("Roll call: everybody inside"), app, lists);
	put_count(&text, all);
	for (size_t i = 0; i < all->n; i++) {
		if (is_elsewhere(all->row[i], i > 0 ? all->row[i - 1] : NULL))
			put_place(&text, all->row[i]);
		put_person(&text, book_find("visitor"), all->row[i]);
	}
	buf_puts(&text, "\f");
	free(all);
	slip_show(app, N_("Roll call"), &text);
}

void gate_roll_call_lists(struct app *app, const struct keep *lists)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct roll *all = calloc(1, sizeof *all);

	if (arena != NULL && all != NULL) {
		gate_roll_collect(all, lists, true, arena);
		gate_roll_call(app, all, lists);
	}
	free(all);
	arena_free(arena);
}
