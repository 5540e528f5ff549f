/*
 * read_page.c - the order of a list, and going on where a page ended.
 *
 * A cursor holds the sort it belongs to, the last row's value and its id; the next page starts
 * behind that place, so rows that come and go in between neither repeat nor hide others.
 * Not for: filters. Trap: a cursor comes from outside. It is a position, no right: the scope of
 * the reader is in the statement whatever the cursor says.
 */
#include <inttypes.h>
#include <string.h>

#include "server/read.h"

enum { CURSOR_MAX = 2048 };

static bool is_descending(const struct selection *sel)
{
	return sel->sort_name[0] == '-';
}

static const char *sort_column(const struct selection *sel)
{
	return sel->sort_name + (is_descending(sel) ? 1 : 0);
}

static bool sorts_by_id(const struct selection *sel)
{
	return strcmp(sort_column(sel), "id") == 0;
}

/* A moment that a time limit hangs on may be sorted by too, though it can be empty. */
static bool is_deadline(const struct book *book, const struct field *field)
{
	for (size_t i = 0; i < book->ndeadlines; i++)
		if (&book->fields[book->deadlines[i].field] == field)
			return true;
	return false;
}

static bool may_sort(const struct selection *sel, const struct field *field)
{
	return field && !field->computed && read_may(sel->reader, field) &&
		((field->flags & F_SORT) || is_deadline(sel->book, field));
}

static void parse_sort(struct selection *sel, const struct node *sort)
{
	const char *name, *bare;
	const struct field *field;

	if (!sort || sort->type == NODE_NULL || (sort->type == NODE_ARRAY && sort->count == 0))
		return;
	name = sort->type == NODE_ARRAY && sort->count == 1 ? node_str(sort->first) : NULL;
	bare = name ? name + (name[0] == '-') : "";
	field = book_field(sel->book, bare);
	if (strcmp(bare, "id") == 0 || strcmp(bare, read_key(sel->book)) == 0)
		sel->sort_name = name[0] == '-' ? "-id" : "id";
	else if (may_sort(sel, field))
		sel->sort_name = name;
	else
		read_issue(sel, "sort", N_("You cannot sort by this field."));
	sel->sort_has_nulls = field && !(field->flags & F_SORT);
}

static void parse_limit(struct selection *sel, const struct node *limit)
{
	if (!limit || limit->type == NODE_NULL)
		return;
	if (limit->type == NODE_INT && limit->i >= 1 && limit->i <= READ_LIMIT_MAX)
		sel->limit = (int)limit->i;
	else
		read_issue(sel, "limit", N_("The limit is a number from 1 to 200."));
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal back to text, in the arena; NULL when it is none. */
static char *cursor_text(struct selection *sel, const char *hex)
{
	size_t n = strlen(hex);
	char *text = n % 2 || n > CURSOR_MAX ? NULL : arena_alloc(sel->arena, n / 2 + 1);

	for (size_t i = 0; text && i < n / 2; i++) {
		int high = digit_of(hex[2 * i]), low = digit_of(hex[2 * i + 1]);

		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return NULL;
		text[i] = (char)(high * 16 + low);
	}
	return text;
}

/* sort|=value|id, of this list's sort; without = the value was empty. */
static bool parse_cursor(struct selection *sel, const char *hex, const char **value, const char **id)
{
	char *text = cursor_text(sel, hex);
	char *first = text ? strchr(text, '|') : NULL;
	char *last = text ? strrchr(text, '|') : NULL;

	if (!first || first == last)
		return false;
	*first = *last = '\0';
	*value = first[1] == '=' ? first + 2 : NULL;
	*id = last + 1;
	return strcmp(text, sel->sort_name) == 0 && strlen(*id) > 0 && strlen(*id) <= 18 &&
		strspn(*id, "0123456789") == strlen(*id);
}

enum err read_page_parse(struct selection *sel, const struct node *params, const char **after_value,
	const char **after_id)
{
	const struct node *after = node_get(params, "after");
	const char *hex = node_str(after);

	parse_sort(sel, node_get(params, "sort"));
	parse_limit(sel, node_get(params, "limit"));
	if (!sorts_by_id(sel))
		sel->sort = sel->ncells++;
	if (after && after->type != NODE_NULL && (!hex || !parse_cursor(sel, hex, after_value, after_id)))
		read_issue(sel, "after", N_("This is not a place in this list; start again from its top."));
	return OK;
}

/* Behind a place in a column with empty values: they come last, or first when descending. */
static void nulls_where_sql(struct selection *sel, const char *value, const char *id)
{
	const char *column = sort_column(sel), *key = read_key(sel->book);
	const char *sign = is_descending(sel) ? "<" : ">";
	int n = read_param(sel, id);

	if (!value)
		buf_printf(sel->sql, " AND ((t.%s IS NULL AND t.%s %s $%d)%s%s%s)", column, key, sign, n,
			is_descending(sel) ? " OR t." : "", is_descending(sel) ? column : "",
			is_descending(sel) ? " IS NOT NULL" : "");
	else
		buf_printf(sel->sql, " AND ((t.%s, t.%s) %s ($%d, $%d)%s%s%s)", column, key, sign,
			read_param(sel, value), n, is_descending(sel) ? "" : " OR t.",
			is_descending(sel) ? "" : column, is_descending(sel) ? "" : " IS NULL");
}

void read_page_where_sql(struct selection *sel, const char *after_value, const char *after_id)
{
	const char *sign = is_descending(sel) ? "<" : ">", *key = read_key(sel->book);
	int value;

	if (!after_id)
		return;
	if (sorts_by_id(sel)) {
		buf_printf(sel->sql, " AND t.%s %s $%d", key, sign, read_param(sel, after_id));
		return;
	}
	if (sel->sort_has_nulls) {
		nulls_where_sql(sel, after_value, after_id);
		return;
	}
	value = read_param(sel, after_value);
	buf_printf(sel->sql, " AND (t.%s, t.%s) %s ($%d, $%d)", sort_column(sel), key, sign, value,
		read_param(sel, after_id));
}

/* The limit is written out: with a parameter the planner would not know how few rows are wanted. */
void read_page_order_sql(struct selection *sel)
{
	const char *way = is_descending(sel) ? " DESC" : "";

	buf_puts(sel->sql, " ORDER BY ");
	if (!sorts_by_id(sel))
		buf_printf(sel->sql, "t.%s%s, ", sort_column(sel), way);
	buf_printf(sel->sql, "t.%s%s LIMIT %d", read_key(sel->book), way, sel->limit + 1);
}

static void put_hex(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_printf(out, "%02x", (unsigned char)*text);
}

void read_cursor(struct buf *out, const struct selection *sel, const struct rows *rows, size_t row)
{
	const char *value = sel->sort < 0 ? "" : rows_get(rows, row, (size_t)sel->sort);

	buf_puts(out, "\"");
	put_hex(out, sel->sort_name);
	put_hex(out, value ? "|=" : "|");
	put_hex(out, value ? value : "");
	put_hex(out, "|");
	put_hex(out, rows_get(rows, row, 0));
	buf_puts(out, "\"");
}
