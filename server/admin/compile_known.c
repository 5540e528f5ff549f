/*
 * compile_known.c - operations that meet a row again (op.known): what they keep, and when they stop.
 *
 * Not for: finding the row; that is the book's own SQL. Trap: sealed columns lie in another table,
 * so that a row which looks the same may differ; free encrypted text always does.
 */
#include "server/admin/compile_known.h"

#define ASKED(op, i) (((op)->asks >> (i)) & 1)

void compile_known(struct buf *out, const struct book *book, const struct op *op)
{
	buf_puts(out, "\twho.prior := to_jsonb(old);\n\tasked := new;\n\tnew := old;\n");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		const char *name = field->name;

		if (!ASKED(op, i) || !field_is_column(field))
			continue;
		buf_printf(out, "\tIF '%s' = ANY (who.given)", name);
		if (field->flags & F_HASHED)
			buf_printf(out, " AND asked.%s_key IS DISTINCT FROM old.%s_key", name, name);
		buf_printf(out, " THEN\n\t\tnew.%s := asked.%s;\n", name, name);
		if (field->flags & F_CRYPT)
			buf_printf(out, "\t\tnew.%s_op := asked.%s_op;\n", name, name);
		if (field->flags & F_HASHED)
			buf_printf(out, "\t\tnew.%s_key := asked.%s_key;\n", name, name);
		buf_puts(out, "\tEND IF;\n");
	}
}

void compile_same(struct buf *out, const struct book *book, const struct op *op)
{
	const char *state = book->nstates && !book->states_computed ? "old.state" : "NULL";

	buf_puts(out, "\tsame := a_id IS NOT NULL AND new IS NOT DISTINCT FROM old");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		const char *name = field->name;

		if (!ASKED(op, i) || !field_is_sealed_column(field))
			continue;
		buf_printf(out, "\n\t\tAND NOT ('%s' = ANY (who.given)", name);
		if (field->flags & F_WITHHELD)
			buf_printf(out, " AND new.%s_withheld", name);
		if (!(field->flags & F_CRYPT))
			buf_printf(out, " AND a_%s IS DISTINCT FROM (SELECT s.%s FROM %s_sealed s WHERE s.id = a_id)", name, name, book->name);
		buf_puts(out, ")");
	}
	buf_puts(out, ";\n");
	for (size_t i = 0; i < book->nfields; i++)
		if (ASKED(op, i) && (book->fields[i].flags & F_REHEARSE))
			buf_printf(out, "\tIF a_%s::boolean THEN\n\t\tRETURN rehearsed(who, '%s', a_id, %s, CASE WHEN NOT same THEN coalesce(old.version, 0) + 1 END, a_op_id, a_digest);\n"
				"\tEND IF;\n", book->fields[i].name, book->name, book->flags & B_AREA ? "new.area" : "NULL");
	buf_printf(out, "\tIF same THEN\n\t\tr.result := 'ok'; r.id := a_id; r.version := old.version; r.state := %s; r.at := who.at;\n\t\tRETURN r;\n\tEND IF;\n", state);
}
