/*
 * compile_why.c - may this person do this to that record, what stands in the way, and who may instead.
 *
 * The guards of an operation are asked without doing it: for the one who asks, and for everybody who
 * holds one of its roles. Not for: judging (compile.c); an answer here is no permission.
 * They are called by roles that read, so they lie in schema lodge and not among the operations. Trap:
 * guards about a field, and operations that need fields, depend on what will be typed; of those only
 * scope, role and state are told.
 */
#include "server/admin/compile_why.h"

#include "server/admin/compile_open.h"

static bool is_about_row(const struct op *op)
{
	return !(op->flags & OP_CREATE);
}

static void put_guards(struct buf *out, const struct book *book, const struct op *op)
{
	if (op->needs || op->succeed)
		return;
	if (op->to != STATE_SAME && op->to != STATE_DERIVED)
		buf_printf(out, "\t\tnew.state := '%s';\n", book->states[op->to].name);
	if (op->derive)
		buf_printf(out, "\t\tnew := derive_%s(new, who);\n", op->derive);
	for (const struct guard *guard = op->guards; guard && guard->name; guard++)
		if (!guard->field)
			buf_printf(out, "\t\tIF guard_%s(new, who) IS NOT TRUE THEN\n\t\t\tRETURN '%s';\n\t\tEND IF;\n", guard->name, guard->name);
}

static void put_op(struct buf *out, const struct book *book, const struct op *op)
{
	const char *comma = "";

	buf_printf(out, "\tIF a_op = '%s' THEN\n\t\tIF NOT who.acts_as && ", op->name);
	compile_roles(out, op->roles);
	buf_puts(out, " THEN\n\t\t\tRETURN 'role';\n\t\tEND IF;\n");
	if (op->from) {
		buf_puts(out, "\t\tIF NOT old.state = ANY (ARRAY[");
		for (size_t i = 0; i < book->nstates; i++)
			if ((op->from >> i) & 1) {
				buf_printf(out, "%s'%s'", comma, book->states[i].name);
				comma = ",";
			}
		buf_puts(out, "]) THEN\n\t\t\tRETURN 'state';\n\t\tEND IF;\n");
	}
	put_guards(out, book, op);
	buf_puts(out, "\t\tRETURN NULL;\n\tEND IF;\n");
}

static void put_in_the_way(struct buf *out, const struct book *book)
{
	buf_printf(out, "CREATE OR REPLACE FUNCTION lodge.in_the_way_%s(a_op text, old lodge.%s, who lodge.actor) RETURNS text\n"
		"LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$\nDECLARE\n\tnew lodge.%s := old;\nBEGIN\n"
		"\twho.given := '{}'; who.args := '{}'; who.prior := to_jsonb(old);\n\tIF NOT ", book->name, book->name, book->name);
	compile_scope(out, book, "old");
	buf_puts(out, " THEN\n\t\tRETURN 'scope';\n\tEND IF;\n");
	for (size_t i = 0; i < book->nops; i++)
		if (is_about_row(&book->ops[i]))
			put_op(out, book, &book->ops[i]);
	buf_puts(out, "\tRETURN 'role';\nEND $op$;\n\n");
}

/* The one who asks comes first, with what stands in his way; then everybody in whose way nothing stands. */
static void put_why(struct buf *out, const struct book *book)
{
	buf_printf(out, "CREATE OR REPLACE FUNCTION lodge.why_%s(a_token bytea, a_op text, a_id bigint) RETURNS TABLE (staff bigint, role text, in_the_way text)\n"
		"LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$\n"
		"DECLARE\n\twho lodge.actor := actor_of(a_token);\n\tt lodge.%s;\nBEGIN\n", book->name, book->name);
	buf_printf(out, "\tSELECT x.* INTO t FROM %s x WHERE x.id = a_id;\n"
		"\tIF who.staff IS NULL OR t.id IS NULL OR in_the_way_%s(a_op, t, who) IS NOT DISTINCT FROM 'scope' THEN\n\t\tRETURN;\n\tEND IF;\n", book->name, book->name);
	buf_printf(out, "\tRETURN QUERY SELECT who.staff, who.role, in_the_way_%s(a_op, t, who);\n"
		"\tRETURN QUERY SELECT h.staff, h.role, NULL::text FROM holders(who.at) h WHERE in_the_way_%s(a_op, t, actor_for(h.staff, h.role, who.at)) IS NULL\n"
		"\t\tORDER BY 1, 2;\nEND $op$;\n\n", book->name, book->name);
}

bool compile_has_why(const struct book *book)
{
	for (size_t i = 0; i < book->nops; i++)
		if (is_about_row(&book->ops[i]))
			return true;
	return false;
}

void compile_why(struct buf *out, const struct book *book)
{
	if (!compile_has_why(book))
		return;
	put_in_the_way(out, book);
	put_why(out, book);
}
