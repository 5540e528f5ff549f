/*
 * compile_row.c - how a compiled operation writes its row, or the row that takes its place.
 *
 * Not for: judging (compile.c). Trap: a constraint that breaks tells the whole row, locked fields
 * too, so each statement here is wrapped.
 */
#include "server/admin/compile_row.h"

#include "server/admin/compile.h"
#include "server/admin/compile_open.h"

/* The detail of a broken constraint is the whole row, locked fields too: only its name goes out. */
static void put_constraint(struct buf *out)
{
	buf_puts(out, "\tEXCEPTION WHEN integrity_constraint_violation THEN\n\t\tRAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;\n\tEND;\n");
}

static void put_identity(struct buf *out, const struct book *book)
{
	buf_printf(out, "\tnew.id := nextval(pg_get_serial_sequence('lodge.%s', 'id'));\n\tnew.version := 1;\n", book->name);
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_NUMBER)
			buf_printf(out, "\tnew.%s := coalesce((SELECT max(t.%s) FROM %s t), 0) + 1;\n", book->fields[i].name, book->fields[i].name, book->name);
}

static void put_insert(struct buf *out, const struct book *book)
{
	buf_printf(out, "\tBEGIN\n\tINSERT INTO %s VALUES (new.*);\n", book->name);
	put_constraint(out);
}

void compile_insert(struct buf *out, const struct book *book)
{
	put_identity(out, book);
	put_insert(out, book);
}

/* Writes the row in variable v, whose version has been set. */
static void put_row_update(struct buf *out, const struct book *book, const char *v, const char *id)
{
	buf_printf(out, "\tBEGIN\n\tUPDATE %s SET version = %s.version", book->name, v);
	if (book->nstates && !book->states_computed)
		buf_printf(out, ", state = %s.state", v);
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!field_is_column(field) || (field->flags & F_NUMBER))
			continue;
		buf_printf(out, ", %s = %s.%s", field->name, v, field->name);
		if (field->flags & F_CRYPT)
			buf_printf(out, ", %s_op = %s.%s_op", field->name, v, field->name);
		if (field->flags & F_HASHED)
			buf_printf(out, ", %s_key = %s.%s_key", field->name, v, field->name);
	}
	buf_printf(out, " WHERE id = %s;\n", id);
	put_constraint(out);
}

void compile_update(struct buf *out, const struct book *book)
{
	buf_puts(out, "\tnew.version := old.version + 1;\n");
	put_row_update(out, book, "new", "a_id");
}

/* What becomes of the old row is .succeed's; it leaves its state before the other one enters, and has
 * its own line in the log. */
void compile_succession(struct buf *out, const struct book *book, const struct op *op)
{
	buf_printf(out, "\tDECLARE\n\t\tgone lodge.%s;\n\t\tis_new boolean := new.id = old.id;\n\tBEGIN\n\tIF is_new THEN\n", book->name);
	put_identity(out, book);
	buf_printf(out, "\tELSE\n\tnew.version := new.version + 1;\n\tEND IF;\n\tgone := succeed_%s(old, new, who);\n"
		"\tgone.version := old.version + 1;\n", op->succeed);
	put_row_update(out, book, "gone", "a_id");
	buf_puts(out, "\tIF is_new THEN\n");
	put_insert(out, book);
	buf_puts(out, "\tELSE\n");
	put_row_update(out, book, "new", "new.id");
	buf_printf(out, "\tEND IF;\n\tPERFORM beside(who, '%s', gone.id, gone.version, %s, %s, '%s', ", book->name,
		book->nstates ? "gone.state" : "NULL", book->flags & B_AREA ? "gone.area" : "NULL", op->name);
	compile_parties(out, book, "gone");
	buf_puts(out, ");\n\tEND;\n");
}
