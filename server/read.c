/*
 * read.c - one SELECT from a descriptor: which columns this reader gets, from which table.
 *
 * The column list holds only what the reader may see, on a connection whose grants end at the same
 * level, so that what is masked never leaves the database. Not for: conditions (read_where.c),
 * paging (read_page.c), JSON (read_row.c).
 * Trap: the alias of the table is t everywhere, because computed fields and states are written so;
 * the table referred to is r in the cells of names.
 */
#include "server/read.h"

#include <stdio.h>
#include <string.h>

enum { SQL_MAX = 64 * 1024 };

bool read_may(const struct reader *reader, const struct field *field)
{
	return !(field->flags & (F_ARG | F_CRYPT)) && field->level != LEVEL_UNSET &&
		field->level <= reader->level;
}

bool read_book_may(const struct reader *reader, const struct book *book)
{
	return ((book->readers | book->parties) & BIT(reader->role)) != 0;
}

const char *read_key(const struct book *book)
{
	return book->key ? book->key : "id";
}

int read_param(struct selection *sel, const char *text)
{
	if (sel->nparams == READ_PARAMS_MAX) {
		sel->sql->failed = true;
		return 0;
	}
	sel->params[sel->nparams++] = text;
	return sel->nparams;
}

void read_issue(struct selection *sel, const char *field, const char *message)
{
	if (sel->nissues < READ_ISSUES_MAX)
		sel->issues[sel->nissues++] = (struct issue){.field = field, .message = message};
}

void read_init(struct selection *sel, struct arena *arena, const struct reader *reader,
	const struct book *book)
{
	*sel = (struct selection){.arena = arena, .book = book, .reader = reader,
		.version = -1, .state = -1, .subject = -1, .sort = -1,
		.limit = READ_LIMIT, .sort_name = "id"};
}

/* --- columns ----------------------------------------------------------------------------- */

static int next_cell(struct selection *sel)
{
	buf_puts(sel->sql, sel->ncells ? ", " : "");
	return sel->ncells++;
}

void read_operand_sql(struct buf *sql, const struct field *field)
{
	if (field->computed)
		buf_printf(sql, "(%s)", field->computed);
	else
		buf_printf(sql, "t.%s", field->name);
}

void read_value_sql(struct buf *sql, const struct field *field)
{
	const char *before = "", *after = "";

	if (field->type == FT_TIME) {
		before = "to_char(";
		after = " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
	} else if (field->type == FT_WORDS || field->type == FT_AREAS || field->type == FT_IDS) {
		before = "to_json(";
		after = ")";
	}
	buf_puts(sql, before);
	read_operand_sql(sql, field);
	buf_puts(sql, after);
}

static const struct field *readable(const struct reader *reader, const struct book *book,
	const char *name)
{
	const struct field *field = name ? book_field(book, name) : NULL;

	return field && read_may(reader, field) ? field : NULL;
}

/* The fields of the record referred to that stand beside its id; NULL = not for this reader. */
struct names {
	const struct book *ref;
	const struct field *code, *caption;
};

static bool names_of(const struct selection *sel, const struct field *field, struct names *names)
{
	const struct book *ref = field->type == FT_REF ? book_find(field->ref) : NULL;

	if (!ref)
		return false;
	*names = (struct names){ref, readable(sel->reader, ref, ref->code),
		ref->readers & BIT(sel->reader->role) ? readable(sel->reader, ref, ref->caption) : NULL};
	return names->code || names->caption;
}

/* One record: id, code and caption, empty where there is none. A caption outside the reader's areas is
 * as secret as the row that it stands in. */
static void record_names_sql(struct selection *sel, const struct names *names)
{
	buf_printf(sel->sql, "r.%s || E'\\x1f'", read_key(names->ref));
	if (names->code)
		buf_printf(sel->sql, " || coalesce(r.%s::text, '')", names->code->name);
	buf_puts(sel->sql, " || E'\\x1f'");
	if (!names->caption)
		return;
	if (!(names->ref->flags & B_AREA)) {
		buf_printf(sel->sql, " || coalesce(r.%s::text, '')", names->caption->name);
		return;
	}
	if (!sel->areas_at)
		sel->areas_at = read_param(sel, sel->reader->areas);
	buf_printf(sel->sql, " || CASE WHEN r.area = ANY($%d) THEN coalesce(r.%s::text, '') ELSE '' END",
		sel->areas_at, names->caption->name);
}

/* The names of what fields[first] and all later fields of the same book refer to, in one cell: a join
 * for each would cost far more to set up than most rows cost to read. */
static void names_cell(struct selection *sel, size_t first, const struct names *names)
{
	const char *comma = "";

	buf_puts(sel->sql, ", (SELECT string_agg(");
	record_names_sql(sel, names);
	buf_printf(sel->sql, ", E'\\x1e') FROM lodge.%s r WHERE r.%s IN (", names->ref->name, read_key(names->ref));
	for (size_t i = first; i < sel->nfields; i++) {
		struct read_cells *cells = &sel->fields[i];

		if (cells->field->type != FT_REF || strcmp(cells->field->ref, names->ref->name) != 0)
			continue;
		cells->names = sel->ncells;
		buf_puts(sel->sql, comma);
		read_operand_sql(sel->sql, cells->field);
		comma = ", ";
	}
	buf_puts(sel->sql, "))");
	sel->ncells++;
}

static void field_cells(struct selection *sel, const struct field *field)
{
	struct read_cells *cells = &sel->fields[sel->nfields++];

	*cells = (struct read_cells){field, -1, -1, -1};
	cells->value = next_cell(sel);
	read_value_sql(sel->sql, field);
	if (field->flags & F_WITHHELD) {
		cells->withheld = next_cell(sel);
		buf_printf(sel->sql, "t.%s_withheld", field->name);
	}
	if (field->flags & F_SUBJECT)
		sel->subject = cells->value;
	sel->shows_contact = sel->shows_contact || field->level >= LEVEL_CONTACT;
}

static enum err select_columns(struct selection *sel)
{
	struct names names;
	struct buf masked;
	const char *comma = "";

	buf_init(&masked, SQL_MAX);
	sel->fields = arena_alloc(sel->arena, (sel->book->nfields + 1) * sizeof(*sel->fields));
	buf_printf(sel->sql, "SELECT t.%s", read_key(sel->book));
	sel->ncells = 1;
	if (sel->book->flags & B_SUBJECT)
		sel->subject = 0;
	if (!(sel->book->flags & B_NO_VERSION)) {
		sel->version = next_cell(sel);
		buf_puts(sel->sql, "t.version");
	}
	if (sel->book->nstates) {
		sel->state = next_cell(sel);
		read_state_sql(sel->sql, sel->book);
	}
	for (size_t i = 0; i < sel->book->nfields && sel->fields; i++) {
		const struct field *field = &sel->book->fields[i];

		if (read_may(sel->reader, field)) {
			field_cells(sel, field);
		} else if (!(field->flags & F_ARG)) {
			buf_printf(&masked, "%s\"%s\"", comma, field->name);
			comma = ",";
		}
	}
	for (size_t i = 0; i < sel->nfields; i++)
		if (sel->fields[i].names < 0 && names_of(sel, sel->fields[i].field, &names))
			names_cell(sel, i, &names);
	sel->masked = arena_strndup(sel->arena, masked.data ? masked.data : "", masked.len);
	buf_done(&masked);
	return sel->fields && sel->masked ? OK : ERR_NOMEM;
}

static void from_sql(struct selection *sel)
{
	buf_printf(sel->sql, " FROM lodge.%s t", sel->book->name);
	buf_puts(sel->sql, " WHERE ");
	read_scope_sql(sel);
}

/* --- statements -------------------------------------------------------------------------- */

void read_sql_begin(struct selection *sel, struct buf *sql)
{
	buf_init(sql, SQL_MAX);
	sel->sql = sql;
}

static enum err select_start(struct selection *sel, struct buf *sql)
{
	read_sql_begin(sel, sql);
	return select_columns(sel);
}

enum err read_sql_end(struct selection *sel, enum err err)
{
	if (err == OK && sel->nissues)
		err = ERR_INVALID;
	if (err == OK) {
		sel->stmt.sql = sel->sql->failed ? NULL : arena_strndup(sel->arena, sel->sql->data, sel->sql->len);
		sel->stmt.nparams = sel->nparams;
		sel->stmt.params = sel->params;
		err = sel->stmt.sql ? OK : ERR_NOMEM;
	}
	buf_done(sel->sql);
	sel->sql = NULL;
	return err;
}

enum err read_list(struct selection *sel, const struct node *params)
{
	const char *after_value = NULL, *after_id = NULL;
	struct buf sql;
	enum err err;

	for (const struct node *member = params->first; member; member = member->next)
		if (strcmp(member->key, "where") != 0 && strcmp(member->key, "sort") != 0 &&
			strcmp(member->key, "after") != 0 && strcmp(member->key, "limit") != 0)
			read_issue(sel, member->key, N_("A list takes where, sort, after and limit."));
	err = select_start(sel, &sql);
	if (err == OK)
		err = read_page_parse(sel, params, &after_value, &after_id);
	if (err == OK) {
		if (sel->sort >= 0)
			buf_printf(&sql, ", t.%s", sel->sort_name + (sel->sort_name[0] == '-'));
		from_sql(sel);
		err = read_where_sql(sel, node_get(params, "where"));
	}
	if (err == OK) {
		read_page_where_sql(sel, after_value, after_id);
		read_page_order_sql(sel);
	}
	return read_sql_end(sel, err);
}

/* The record named by id or code, as a condition over the alias. */
static void record_sql(struct selection *sel, const struct book *book, const char *alias,
	const char *id, const char *code)
{
	const int n = sel->key_at = read_param(sel, id ? id : code);

	if (id)
		buf_printf(sel->sql, "%s.%s = $%d", alias, read_key(book), n);
	else if (book->alias)
		buf_printf(sel->sql, "(%s.%s = $%d OR %s.%s = $%d)", alias, book->code, n, alias,
			book->alias, n);
	else
		buf_printf(sel->sql, "%s.%s = $%d", alias, book->code, n);
}

static enum err part_where(struct selection *sel, const struct part *part)
{
	struct node *where = NULL;
	enum err err = OK;

	if (part->where)
		err = node_parse(sel->arena, part->where, strlen(part->where), 4, &where);
	return err == OK ? read_where_sql(sel, where) : err;
}

enum err read_record_build(struct selection *sel, const struct book *parent, const struct part *part,
	const char *id, const char *code)
{
	struct buf sql;
	enum err err = select_start(sel, &sql);

	if (err == OK)
		from_sql(sel);
	if (err == OK && !part) {
		buf_puts(&sql, " AND ");
		record_sql(sel, sel->book, "t", id, code);
	} else if (err == OK) {
		buf_printf(&sql, " AND t.%s = (SELECT p.%s FROM lodge.%s p WHERE ", part->by,
			part->of ? part->of : read_key(parent), parent->name);
		record_sql(sel, parent, "p", id, code);
		buf_puts(&sql, ")");
		err = part_where(sel, part);
	}
	if (err == OK && part) {
		sel->limit = READ_LIMIT_MAX;
		sel->sort_name = part->sort ? part->sort : "id";
		read_page_order_sql(sel);
	}
	return read_sql_end(sel, err);
}
