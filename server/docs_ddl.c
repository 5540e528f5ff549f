/*
 * docs_ddl.c - the draft of a book's table: `docs --ddl BOOK`.
 *
 * What the engine expects of a table follows from the descriptor: id, version, area, state, one
 * column a field, SEALED columns in a companion, column grants by level. Not for: running it.
 * Trap: FULL columns lie in the book's own table, but no login role is granted them.
 */
#include "server/docs.h"

#include <stdio.h>
#include <string.h>

static const char *sql_type(enum ftype type)
{
	switch (type) {
	case FT_TEXT: case FT_NOTE: case FT_CHOICE: return "text";
	case FT_INT: case FT_AREA: return "integer";
	case FT_BOOL: return "boolean";
	case FT_DATE: return "date";
	case FT_TIME: return "timestamptz";
	case FT_REF: return "bigint";
	case FT_AREAS: return "integer[]";
	case FT_IDS: return "bigint[]";
	case FT_WORDS: return "text[]";
	case FT_UNSET: case FT_END: break;
	}
	return "text";
}

static void words_check(struct buf *out, const char *column, const struct field *field)
{
	const char *before = "";
	buf_printf(out, " CHECK (%s IN (", column);
	for (const struct choice *choice = field->choices; choice != NULL && choice->word != NULL; choice++) {
		buf_printf(out, "%s'%s'", before, choice->word);
		before = ", ";
	}
	buf_puts(out, "))");
}

/* Needed by every operation that makes a row, or kept in order for sorting. */
static bool field_is_required(const struct book *book, size_t index)
{
	bool created = false;
	for (size_t i = 0; i < book->nops; i++)
		if (book->ops[i].flags & OP_CREATE) {
			created = true;
			if (!(book->ops[i].needs & BIT(index)))
				return (book->fields[index].flags & F_SORT) != 0;
		}
	return created || (book->fields[index].flags & F_SORT) != 0;
}

static void column_put(struct buf *out, const struct book *book, size_t index)
{
	const struct field *field = &book->fields[index];
	if (field->flags & F_CRYPT) {
		buf_printf(out, ",\n\t%s bytea,\n\t%s_op uuid", field->name, field->name);
		if (field->flags & F_HASHED)
			buf_printf(out, ",\n\t%s_key bytea", field->name);
		return;
	}
	buf_printf(out, ",\n\t%s %s", field->name, field->flags & F_NUMBER ? "bigint" : sql_type(field->type));
	if (field->flags & F_SORT && field->type == FT_TEXT)
		buf_puts(out, " COLLATE \"C\"");
	if (field_is_required(book, index) || field->flags & F_NUMBER)
		buf_puts(out, " NOT NULL");
	if (field->flags & F_NUMBER || (book->code != NULL && strcmp(book->code, field->name) == 0))
		buf_puts(out, " UNIQUE");
	if (field->type == FT_REF)
		buf_printf(out, " REFERENCES lodge.%s", field->ref);
	if (field->type == FT_CHOICE)
		words_check(out, field->name, field);
	if (field->flags & F_WITHHELD)
		buf_printf(out, ",\n\t%s_withheld boolean NOT NULL DEFAULT false", field->name);
}

static void state_put(struct buf *out, const struct book *book)
{
	const char *before = "";
	if (book->nstates == 0 || book->states_computed)
		return;
	buf_puts(out, ",\n\tstate text NOT NULL CHECK (state IN (");
	for (size_t i = 0; i < book->nstates; i++)
		if (book->states[i].computed == NULL) {
			buf_printf(out, "%s'%s'", before, book->states[i].name);
			before = ", ";
		}
	buf_puts(out, "))");
}

static void sealed_put(struct buf *out, const struct book *book)
{
	if (!book_has_sealed(book))
		return;
	buf_printf(out, "CREATE TABLE lodge.%s_sealed (\n\tid bigint PRIMARY KEY REFERENCES lodge.%s", book->name, book->name);
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		if (!field_is_sealed_column(field))
			continue;
		if (field->flags & F_CRYPT)
			buf_printf(out, ",\n\t%s bytea,\n\t%s_op uuid", field->name, field->name);
		else
			buf_printf(out, ",\n\t%s %s", field->name, sql_type(field->type));
	}
	buf_puts(out, "\n);\n");
}

static void grant_put(struct buf *out, const struct book *book, enum level least, enum level most, const char *role)
{
	bool first = least <= LEVEL_OPEN;
	buf_puts(out, "GRANT SELECT (");
	if (first)
		buf_printf(out, "%s%s%s%s", book->key != NULL ? book->key : "id", book->flags & B_NO_VERSION ? "" : ", version",
			book->flags & B_AREA ? ", area" : "", book->nstates > 0 && !book->states_computed ? ", state" : "");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		if (!field_is_column(field) || field->level < least || field->level > most)
			continue;
		buf_printf(out, "%s%s", first ? ", " : "", field->name);
		if (field->flags & F_WITHHELD)
			buf_printf(out, ", %s_withheld", field->name);
		first = true;
	}
	buf_printf(out, ") ON lodge.%s TO %s;\n", book->name, role);
}

static bool book_has_level(const struct book *book, enum level level)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (field_is_column(&book->fields[i]) && book->fields[i].level == level)
			return true;
	return false;
}

void docs_ddl(struct buf *out, const struct book *book)
{
	buf_printf(out, "-- Draft for book %s; add what the descriptor cannot say.\nCREATE TABLE lodge.%s (\n"
		"\t%s bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", book->name, book->name, book->key != NULL ? book->key : "id");
	if (!(book->flags & B_NO_VERSION))
		buf_puts(out, ",\n\tversion integer NOT NULL DEFAULT 1");
	if (book->flags & B_AREA)
		buf_puts(out, ",\n\tarea integer NOT NULL");
	state_put(out, book);
	for (size_t i = 0; i < book->nfields; i++)
		if (field_is_column(&book->fields[i]))
			column_put(out, book, i);
	buf_puts(out, "\n);\n");
	if (book->flags & B_AREA)
		buf_printf(out, "CREATE INDEX %s_area ON lodge.%s (area, %s);\n", book->name, book->name,
			book->key != NULL ? book->key : "id");
	sealed_put(out, book);
	grant_put(out, book, LEVEL_OPEN, LEVEL_NAME, "lodge_name, lodge_contact");
	if (book_has_level(book, LEVEL_CONTACT))
		grant_put(out, book, LEVEL_CONTACT, LEVEL_CONTACT, "lodge_contact");
}
