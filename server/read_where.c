/*
 * read_where.c - which rows: what this reader may see at all, and what he asked for.
 *
 * Scope is areas, parties, narrowed roles and the level of the row; it is part of every statement.
 * A field that may not be read may not be named here either, or it could be guessed.
 * Not for: columns. Trap: a computed state refines a stored one, so asking for the stored state
 * must leave the refined rows out.
 */
#include <string.h>

#include "server/array.h"
#include "server/read.h"

static int shared_param(struct selection *sel, int *at, const char *text)
{
	if (!*at)
		*at = read_param(sel, text);
	return *at;
}

/* --- states ------------------------------------------------------------------------------ */

void read_state_sql(struct buf *sql, const struct book *book)
{
	bool refined = book->states_computed;

	for (size_t i = 0; i < book->nstates; i++)
		refined = refined || book->states[i].computed;
	if (!refined) {
		buf_puts(sql, "t.state");
		return;
	}
	buf_puts(sql, "(CASE");
	for (size_t i = 0; i < book->nstates; i++) {
		const struct state *state = &book->states[i];

		if (book->states_computed)
			buf_printf(sql, " WHEN (%s) THEN '%s'", state->computed, state->name);
		else if (state->computed)
			buf_printf(sql, " WHEN t.state = '%s' AND (%s) THEN '%s'",
				book->states[state->of].name, state->computed, state->name);
	}
	buf_puts(sql, book->states_computed ? " END)" : " ELSE t.state END)");
}

/* One state as a condition that an index on the stored state can serve. */
static void state_condition(struct buf *sql, const struct book *book, size_t n)
{
	const struct state *state = &book->states[n];

	if (book->states_computed) {
		read_state_sql(sql, book);
		buf_printf(sql, " = '%s'", state->name);
		return;
	}
	if (state->computed) {
		buf_printf(sql, "(t.state = '%s' AND (%s))", book->states[state->of].name, state->computed);
		return;
	}
	buf_printf(sql, "(t.state = '%s'", state->name);
	for (size_t i = 0; i < book->nstates; i++)
		if (book->states[i].computed && book->states[i].of == n)
			buf_printf(sql, " AND (%s) IS NOT TRUE", book->states[i].computed);
	buf_puts(sql, ")");
}

static void state_filter(struct selection *sel, const struct node *value)
{
	const struct node *word = value->type == NODE_ARRAY ? value->first : value;
	const char *or = "";

	if (!sel->book->nstates || !word) {
		read_issue(sel, "state", N_("There is no such state."));
		return;
	}
	buf_puts(sel->sql, " AND (");
	for (; word; word = value->type == NODE_ARRAY ? word->next : NULL) {
		const char *name = node_str(word);
		int n = name ? book_state(sel->book, name) : -1;

		if (n < 0) {
			read_issue(sel, "state", N_("There is no such state."));
			return;
		}
		buf_puts(sel->sql, or);
		state_condition(sel->sql, sel->book, (size_t)n);
		or = " OR ";
	}
	buf_puts(sel->sql, ")");
}

/* --- scope ------------------------------------------------------------------------------- */

/* A party is a person, or a department, for which its head speaks. */
static void parties_sql(struct selection *sel, const char *or)
{
	for (size_t i = 0; i < sel->book->nfields; i++) {
		const struct field *field = &sel->book->fields[i];

		if (!(field->flags & F_PARTY))
			continue;
		if (book_find(field->ref)->speaker)
			buf_printf(sel->sql, "%st.%s = ANY($%d)", or, field->name,
				shared_param(sel, &sel->heads_at, sel->reader->heads));
		else
			buf_printf(sel->sql, "%st.%s = $%d", or, field->name,
				shared_param(sel, &sel->staff_at, sel->reader->staff));
		or = " OR ";
	}
}

static void row_level_sql(struct selection *sel)
{
	const char *comma = "";

	buf_printf(sel->sql, " AND t.%s IN (", sel->book->row_level);
	for (int level = LEVEL_OPEN; level <= (int)sel->reader->level; level++) {
		buf_printf(sel->sql, "%s'%s'", comma, level_word((enum level)level));
		comma = ", ";
	}
	buf_puts(sel->sql, ")");
}

void read_scope_sql(struct selection *sel)
{
	const struct book *book = sel->book;
	const uint64_t role = BIT(sel->reader->role);

	if (!(book->readers & role)) {
		buf_puts(sel->sql, "(false");
		parties_sql(sel, " OR ");
		buf_puts(sel->sql, ")");
	} else if ((book->flags & B_AREA) && !(book->estate_wide & role)) {
		buf_printf(sel->sql, "(t.area = ANY($%d)",
			shared_param(sel, &sel->areas_at, sel->reader->areas));
		parties_sql(sel, " OR ");
		buf_puts(sel->sql, ")");
	} else {
		buf_puts(sel->sql, "true");
	}
	for (const struct narrowing *n = book->narrowed; n && n->roles; n++)
		if (n->roles & role)
			buf_printf(sel->sql, " AND (%s)", n->sql);
	if (book->row_level)
		row_level_sql(sel);
}

/* --- filters ----------------------------------------------------------------------------- */

static void operand_sql(struct selection *sel, const struct field *field)
{
	buf_puts(sel->sql, " AND ");
	read_operand_sql(sel->sql, field);
}

/* One value, checked by its field. False when there was an issue, or (*err) no memory. */
static bool filter_value(struct selection *sel, const struct field *field, const struct node *value,
	const char **text, enum err *err)
{
	const char *why = NULL;

	*err = validate_value(sel->arena, field, value, text, &why);
	if (*err == ERR_INVALID) {
		read_issue(sel, field->name, why);
		*err = OK;
		return false;
	}
	return *err == OK;
}

/* A reference is compared by id when a number was given, else by its code. */
static void equals_sql(struct selection *sel, const struct field *field, bool by_code, bool any,
	int n)
{
	const struct book *ref = by_code ? book_find(field->ref) : NULL;
	const char *is = any ? "= ANY(" : "= ", *end = any ? ")" : "";

	operand_sql(sel, field);
	if (!ref) {
		buf_printf(sel->sql, " %s$%d%s", is, n, end);
		return;
	}
	buf_printf(sel->sql, " IN (SELECT r.%s FROM lodge.%s r WHERE r.%s %s$%d%s", read_key(ref),
		ref->name, ref->code, is, n, end);
	if (ref->alias)
		buf_printf(sel->sql, " OR r.%s %s$%d%s", ref->alias, is, n, end);
	buf_puts(sel->sql, ")");
}

/* A text names a record by its code; where records have no code, by its number all the same. */
static bool names_code(struct selection *sel, const struct field *field, const struct node *value,
	bool *by_code)
{
	const char *text = node_str(value);

	*by_code = field->type == FT_REF && text && book_find(field->ref)->code;
	if (field->type != FT_REF || !text || *by_code || strspn(text, "0123456789") == strlen(text))
		return true;
	read_issue(sel, field->name, N_("This is named by its number."));
	return false;
}

static enum err scalar_filter(struct selection *sel, const struct field *field,
	const struct node *value)
{
	const char *text = NULL;
	bool by_code = false;
	enum err err = OK;

	if (!names_code(sel, field, value, &by_code) || !filter_value(sel, field, value, &text, &err))
		return err;
	if (text) {
		equals_sql(sel, field, by_code, false, read_param(sel, text));
	} else {
		operand_sql(sel, field);
		buf_puts(sel->sql, " IS NULL");
	}
	return OK;
}

/* A list of words: any of them. All of one kind, for references. */
static enum err list_filter(struct selection *sel, const struct field *field,
	const struct node *list)
{
	const char *items[READ_LIMIT_MAX], *text;
	bool by_code = false, same;
	size_t n = 0;
	enum err err = OK;

	for (const struct node *value = list->first; value; value = value->next) {
		if (n == NITEMS(items) || value->type != list->first->type || value->type == NODE_NULL) {
			read_issue(sel, field->name, N_("A filter takes a short list of values of one kind."));
			return OK;
		}
		same = names_code(sel, field, value, &by_code);
		if (!same || !filter_value(sel, field, value, &items[n], &err))
			return err;
		if (items[n])
			n++;
	}
	text = array_of_texts(sel->arena, items, n);
	if (!text)
		return ERR_NOMEM;
	equals_sql(sel, field, by_code, true, read_param(sel, text));
	return OK;
}

/* One end of a stretch; the other may be open. */
static enum err bound_filter(struct selection *sel, const struct field *field, const struct node *end, const char *is)
{
	const char *text = NULL;
	enum err err = OK;

	if (!end || !filter_value(sel, field, end, &text, &err) || !text)
		return err;
	operand_sql(sel, field);
	buf_printf(sel->sql, " %s $%d", is, read_param(sel, text));
	return OK;
}

/* {"from":…,"before":…}: a stretch of numbers, days or time, without its end. */
static enum err range_filter(struct selection *sel, const struct field *field, const struct node *range)
{
	const struct node *from = node_get(range, "from"), *before = node_get(range, "before");
	bool ordered = field->type == FT_INT || field->type == FT_DATE || field->type == FT_TIME;
	enum err err;

	if (!ordered || range->count == 0 || range->count != (size_t)(from != NULL) + (size_t)(before != NULL)) {
		read_issue(sel, field->name, N_("A stretch has a first value (from), an end (before), or both."));
		return OK;
	}
	err = bound_filter(sel, field, from, ">=");
	return err == OK ? bound_filter(sel, field, before, "<") : err;
}

/* "id": these records, as far as the reader may see them. */
static enum err id_filter(struct selection *sel, const struct node *value)
{
	const struct field id = {.name = "id", .type = FT_IDS, .level = LEVEL_OPEN, .max = READ_LIMIT_MAX};
	const char *text = NULL;
	enum err err = OK;

	if (!filter_value(sel, &id, value, &text, &err) || !text)
		return err;
	buf_printf(sel->sql, " AND t.%s = ANY($%d)", read_key(sel->book), read_param(sel, text));
	return OK;
}

static bool may_filter(const struct selection *sel, const struct field *field)
{
	return field && read_may(sel->reader, field) && field->type != FT_AREAS &&
		field->type != FT_IDS && field->type != FT_WORDS && field->type != FT_ITEMS;
}

enum err read_where_sql(struct selection *sel, const struct node *where)
{
	enum err err = OK;

	if (!where)
		return OK;
	if (where->type != NODE_OBJECT || where->count > READ_FILTERS_MAX) {
		read_issue(sel, "where", N_("A list takes at most four filters."));
		return OK;
	}
	for (const struct node *value = where->first; value && err == OK; value = value->next) {
		const struct field *field = book_field(sel->book, value->key);

		if (strcmp(value->key, "state") == 0 && !field)
			state_filter(sel, value);
		else if (strcmp(value->key, "id") == 0 && !field && value->type == NODE_ARRAY)
			err = id_filter(sel, value);
		else if (!may_filter(sel, field))
			read_issue(sel, value->key, N_("You cannot filter by this field."));
		else if (value->type == NODE_ARRAY)
			err = list_filter(sel, field, value);
		else if (value->type == NODE_OBJECT)
			err = range_filter(sel, field, value);
		else
			err = scalar_filter(sel, field, value);
	}
	return err;
}
