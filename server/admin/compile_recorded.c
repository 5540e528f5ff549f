/*
 * compile_recorded.c - see compile_recorded.h: take the record, run the ordinary operation, write down what came of it.
 *
 * Not for: judging; op.BOOK_OP does that, at the moment that journal_take has set. Trap: an error of the operation must
 * not take the chain down with it, so it runs in a block of its own and becomes an exception of the journal. Its own
 * parameters begin with j_: books have fields named as they would be.
 */
#include "server/admin/compile_recorded.h"

#include "server/admin/compile.h"

/* The record that this one is about was itself made offline: it is known by the op_id that made it. The version is
 * whatever it is now; state and guards judge. */
static void put_about(struct buf *out, const struct book *book, const struct op *op)
{
	if ((op->flags & OP_CREATE) && !op_takes_row(op))
		return;
	buf_puts(out, "\tIF j_about IS NOT NULL THEN\n\t\ta_id := coalesce((SELECT o.record FROM op_receipt o WHERE o.op_id = j_about), 0);\n\tEND IF;\n");
	buf_printf(out, "\ta_version := coalesce((SELECT t.version FROM %s t WHERE t.%s = a_id), a_version);\n", book->name, book->key ? book->key : "id");
}

static void put_call(struct buf *out, const struct book *book, const struct op *op)
{
	buf_printf(out, "\t\t\tr := op.%s_%s(a_token, a_op_id, a_digest, a_given, a_id, a_version", book->name, op->name);
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!((op->asks >> i) & 1))
			continue;
		buf_printf(out, ", a_%s", field->name);
		if (field->flags & F_HASHED)
			buf_printf(out, ", a_%s_key", field->name);
		if (field->flags & F_SEARCH)
			buf_printf(out, ", a_%s_keys", field->name);
	}
	buf_puts(out, ");\n");
}

void compile_recorded(struct buf *out, const struct book *book, const struct op *op)
{
	if (!(op->flags & OP_OFFLINE))
		return;
	buf_printf(out, "CREATE FUNCTION op.%s_%s_recorded(", book->name, op->name);
	compile_parameters(out, book, op);
	buf_puts(out, ",\n\tj_counter bigint, j_before text, j_tag text, j_at timestamptz, j_by text, j_about uuid, j_content text, j_written bytea) RETURNS lodge.receipt\n"
		"LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$\nDECLARE\n\twho lodge.actor;\n\tr lodge.receipt;\nBEGIN\n"
		"\tPERFORM pg_advisory_xact_lock(7120301);\n\twho := actor_of(a_token);\n\tIF who.staff IS NULL THEN\n\t\tRETURN not_signed_in(who);\n\tEND IF;\n"
		"\tr := journal_take(who, j_counter, j_before, j_tag, j_at, j_by, a_op_id, a_digest);\n"
		"\tIF r.result IS NOT NULL THEN\n\t\tRETURN r;\n\tEND IF;\n");
	put_about(out, book, op);
	buf_printf(out, "\tIF r.guard IS NOT NULL THEN\n\t\tr.result := 'refused';\n\tELSE\n\t\tr := journal_again(a_op_id, '%s.%s', a_digest);\n"
		"\t\tIF r.result IS NULL THEN\n\t\tBEGIN\n", book->name, op->name);
	put_call(out, book, op);
	buf_printf(out, "\t\tEXCEPTION WHEN data_exception OR integrity_constraint_violation OR plpgsql_error THEN\n"
		"\t\t\tr.result := 'refused'; r.guard := 'constraint';\n\t\tEND;\n\t\tEND IF;\n\tEND IF;\n"
		"\tRETURN journal_record(a_token, j_counter, j_tag, j_at, j_by, j_content, j_written, '%s', '%s', a_op_id, a_id, r);\nEND $op$;\n\n", book->name, op->name);
}

void compile_recorded_grant(struct buf *out, const struct book *book, const struct op *op)
{
	if (op->flags & OP_OFFLINE)
		buf_printf(out, "GRANT EXECUTE ON FUNCTION op.%s_%s_recorded TO lodge_writer;\n", book->name, op->name);
}
