/*
 * compile.c - one PL/pgSQL function per operation, from one fixed skeleton.
 *
 * lock, actor, replay, row, role, version, state, guards, change, deadlines, effect, event, receipt:
 * the rules run where the data is, and nothing can go round them. Not for: opening confidential
 * fields (compile_open.c). Trap: the order of the steps is the contract's order of judgement.
 */
#include "server/admin/compile.h"

#include "server/admin/compile_known.h"
#include "server/admin/compile_export.h"
#include "server/admin/compile_open.h"
#include "server/admin/compile_recorded.h"
#include "server/admin/compile_row.h"
#include "server/admin/compile_shape.h"
#include "server/admin/compile_why.h"

#define ASKED(op, i) (((op)->asks >> (i)) & 1)

const char *compile_type(const struct field *field)
{
	if (field->flags & F_CRYPT)
		return "bytea";
	if (field->flags & F_NUMBER)
		return "bigint";
	switch (field->type) {
	case FT_INT:
	case FT_AREA:
		return "integer";
	case FT_BOOL:
		return "boolean";
	case FT_DATE:
		return "date";
	case FT_TIME:
		return "timestamptz";
	case FT_REF:
		return "bigint";
	case FT_AREAS:
		return "integer[]";
	case FT_IDS:
		return "bigint[]";
	case FT_WORDS:
		return "text[]";
	case FT_ITEMS:
		return "jsonb";
	case FT_TEXT:
	case FT_NOTE:
	case FT_CHOICE:
	case FT_UNSET:
	case FT_END:
		break;
	}
	return "text";
}

/* What a parameter is declared as: references and arguments travel as text. */
static const char *parameter_type(const struct field *field)
{
	return (field->flags & F_ARG) || field->type == FT_REF ? "text" : compile_type(field);
}

void compile_parameters(struct buf *out, const struct book *book, const struct op *op)
{
	buf_puts(out, "a_token bytea, a_op_id uuid, a_digest bytea, a_given text[], a_id bigint, a_version integer");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!ASKED(op, i))
			continue;
		buf_printf(out, ", a_%s %s", field->name, parameter_type(field));
		if (field->flags & F_HASHED)
			buf_printf(out, ", a_%s_key bytea", field->name);
		if (field->flags & F_SEARCH)
			buf_printf(out, ", a_%s_keys text[]", field->name);
	}
}

void compile_roles(struct buf *out, uint64_t roles)
{
	const char *comma = "";

	buf_puts(out, "ARRAY[");
	for (int role = ROLE_UNSET + 1; role < ROLE_END; role++)
		if (roles & BIT(role)) {
			buf_printf(out, "%s'%s'", comma, role_word((enum role)role));
			comma = ",";
		}
	buf_puts(out, "]::text[]");
}

static enum level name_level(const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_SEARCH)
			return book->fields[i].level;
	return LEVEL_UNSET;
}

void compile_searched(struct buf *out)
{
	const char *comma = "";

	buf_puts(out, "CREATE OR REPLACE FUNCTION lodge.searched() RETURNS TABLE (book text, level text, roles text[])\n"
		"LANGUAGE sql IMMUTABLE SET search_path = lodge, pg_temp AS $$ VALUES ");
	for (size_t i = 0; i < nbooks; i++)
		if (name_level(books[i]) != LEVEL_UNSET) {
			buf_printf(out, "%s('%s', '%s', ", comma, books[i]->name, level_word(name_level(books[i])));
			compile_roles(out, books[i]->readers);
			buf_puts(out, ")");
			comma = ", ";
		}
	buf_puts(out, " $$;\n");
}

/* Staff who are a party to the row in variable v (new or old), as SQL array. */
void compile_parties(struct buf *out, const struct book *book, const char *v)
{
	const char *comma = "";

	buf_puts(out, "array_remove(ARRAY[");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!(field->flags & F_PARTY))
			continue;
		const struct book *to = book_find(field->ref);

		if (to->speaker)
			buf_printf(out, "%s(SELECT d.%s FROM %s d WHERE d.id = %s.%s)", comma, to->speaker, to->name, v, field->name);
		else
			buf_printf(out, "%s%s.%s", comma, v, field->name);
		comma = ", ";
	}
	buf_puts(out, "]::bigint[], NULL)");
}

/* The area that ends the condition is the actor's, or his role sees every area of the book. */
static void put_area(struct buf *out, const struct book *book, const char *v)
{
	if (!book->estate_wide) {
		buf_printf(out, " AND %s.area = ANY (who.areas)", v);
		return;
	}
	buf_printf(out, " AND (%s.area = ANY (who.areas) OR who.acts_as && ", v);
	compile_roles(out, book->estate_wide);
	buf_puts(out, ")");
}

/* The row exists for this actor: his role reads the book and the row is of his areas, or he is a party. */
void compile_scope(struct buf *out, const struct book *book, const char *v)
{
	buf_puts(out, "((who.acts_as && ");
	compile_roles(out, book->readers);
	if (book->flags & B_AREA)
		put_area(out, book, v);
	for (const struct narrowing *n = book->narrowed; n && n->roles; n++) {
		buf_puts(out, " AND (NOT who.acts_as && ");
		compile_roles(out, n->roles);
		buf_printf(out, " OR (%s))", n->sql);
	}
	buf_puts(out, ")");
	if (book->parties) {
		buf_puts(out, " OR who.staff = ANY (");
		compile_parties(out, book, v);
		buf_puts(out, ")");
	}
	buf_puts(out, ")");
}

static void put_text(struct buf *out, const char *text)
{
	if (text)
		buf_printf(out, "'%s'", text);
	else
		buf_puts(out, "NULL");
}

static bool has_id(const struct op *op)
{
	return !(op->flags & OP_CREATE) || op_takes_row(op);
}

/* RETURN refused(…): one row of the log and the answer. record and area are SQL expressions. */
static void put_refusal(struct buf *out, const struct book *book, const struct op *op, const char *row, const char *result,
	const char *rule, const char *guard, const char *field, bool tell_roles)
{
	buf_printf(out, "RETURN refused(who, '%s', %s, ", book->name, has_id(op) ? "a_id" : "NULL");
	if (row && (book->flags & B_AREA))
		buf_printf(out, "%s.area", row);
	else
		buf_puts(out, "NULL");
	buf_printf(out, ", '%s', '%s', ", op->name, result);
	put_text(out, rule);
	buf_puts(out, ", ");
	put_text(out, guard);
	buf_puts(out, ", ");
	put_text(out, field);
	buf_puts(out, ", ");
	if (tell_roles)
		compile_roles(out, op->roles);
	else
		buf_puts(out, "NULL");
	buf_puts(out, ", a_op_id, a_digest);\n");
}

static void put_head(struct buf *out, const struct book *book, const struct op *op)
{
	buf_printf(out, "CREATE FUNCTION op.%s_%s(", book->name, op->name);
	compile_parameters(out, book, op);
	buf_printf(out, ") RETURNS lodge.receipt\nLANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$\n"
		"DECLARE\n\twho lodge.actor;\n\tr lodge.receipt;\n\told lodge.%s;\n\tnew lodge.%s;\n", book->name, book->name);
	if (op->known)
		buf_printf(out, "\tasked lodge.%s;\n\tsame boolean;\n", book->name);
	buf_puts(out, "BEGIN\n");
	buf_puts(out, "\tPERFORM pg_advisory_xact_lock(7120301);\n\twho := actor_of(a_token);\n"
		"\tIF who.staff IS NULL THEN\n\t\tRETURN not_signed_in(who);\n\tEND IF;\n");
	buf_printf(out, "\tr := replayed(a_op_id, who, '%s.%s', a_digest);\n\tIF r.result IS NOT NULL THEN\n\t\tRETURN r;\n\tEND IF;\n", book->name, op->name);
	compile_shape(out, book, op);
}

/* The row, in scope and locked; then role, version, state. Replacing does the same when an id came. */
static void put_row(struct buf *out, const struct book *book, const struct op *op)
{
	buf_printf(out, "\tSELECT * INTO old FROM %s t WHERE t.%s = a_id AND ", book->name, book->key ? book->key : "id");
	compile_scope(out, book, "t");
	buf_puts(out, " FOR UPDATE;\n\tIF NOT FOUND THEN\n\t\t");
	put_refusal(out, book, op, NULL, "not_found", NULL, NULL, NULL, false);
	buf_puts(out, "\tEND IF;\n");
}

static void put_role(struct buf *out, const struct book *book, const struct op *op, const char *row)
{
	buf_puts(out, "\tIF NOT who.acts_as && ");
	compile_roles(out, op->roles);
	buf_puts(out, " THEN\n\t\t");
	put_refusal(out, book, op, row, "forbidden", NULL, "role", NULL, true);
	buf_puts(out, "\tEND IF;\n");
}

static void put_version_and_state(struct buf *out, const struct book *book, const struct op *op)
{
	const char *comma = "";

	buf_puts(out, "\tIF a_version IS DISTINCT FROM old.version THEN\n\t\t");
	put_refusal(out, book, op, "old", "conflict", NULL, "version", "version", false);
	buf_puts(out, "\tEND IF;\n");
	if (!op->from)
		return;
	buf_puts(out, "\tIF NOT old.state = ANY (ARRAY[");
	for (size_t i = 0; i < book->nstates; i++)
		if ((op->from >> i) & 1) {
			buf_printf(out, "%s'%s'", comma, book->states[i].name);
			comma = ",";
		}
	buf_puts(out, "]) THEN\n\t\t");
	put_refusal(out, book, op, "old", "refused", op->state_rule, "state", NULL, false);
	buf_puts(out, "\tEND IF;\n\tnew := old;\n");
}

/* A reference is an id or a code; outside the actor's areas it does not exist, unless F_ANYWHERE. */
static void put_reference(struct buf *out, const struct book *book, const struct op *op, const struct field *field, const char *indent)
{
	const struct book *to = book_find(field->ref);

	buf_printf(out, "%sIF a_%s IS NULL THEN\n%s\tnew.%s := NULL;\n%sELSE\n", indent, field->name, indent, field->name, indent);
	buf_printf(out, "%s\tSELECT t.id INTO new.%s FROM %s t WHERE (t.id = CASE WHEN a_%s ~ '^[0-9]{1,18}$' THEN a_%s::bigint END", indent,
		field->name, to->name, field->name, field->name);
	if (to->code)
		buf_printf(out, " OR t.%s = a_%s", to->code, field->name);
	if (to->alias)
		buf_printf(out, " OR t.%s = a_%s", to->alias, field->name);
	buf_puts(out, ")");
	if ((to->flags & B_AREA) && !(field->flags & F_ANYWHERE))
		put_area(out, book, "t");
	if (to->code)
		buf_printf(out, " ORDER BY (t.%s = a_%s) DESC LIMIT 1", to->code, field->name);
	buf_printf(out, ";\n%s\tIF new.%s IS NULL THEN\n%s\t\t", indent, field->name, indent);
	put_refusal(out, book, op, NULL, "not_found", NULL, "reference", field->name, false);
	buf_printf(out, "%s\tEND IF;\n%sEND IF;\n", indent, indent);
}

static void put_assignments(struct buf *out, const struct book *book, const struct op *op)
{
	bool whole = (op->flags & (OP_CREATE | OP_RESUME)) == OP_CREATE; /* what is not given is empty; otherwise it stays */

	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		const char *indent = whole ? "\t" : "\t\t";

		if (!ASKED(op, i) || !field_is_column(field))
			continue;
		if (!whole)
			buf_printf(out, "\tIF '%s' = ANY (who.given) THEN\n", field->name);
		if (field->type == FT_REF)
			put_reference(out, book, op, field, indent);
		else
			buf_printf(out, "%snew.%s := a_%s;\n", indent, field->name, field->name);
		if (field->flags & F_CRYPT)
			buf_printf(out, "%snew.%s_op := CASE WHEN a_%s IS NOT NULL THEN a_op_id END;\n", indent, field->name, field->name);
		if (field->flags & F_HASHED)
			buf_printf(out, "%snew.%s_key := CASE WHEN a_%s IS NOT NULL THEN a_%s_key END;\n", indent, field->name, field->name, field->name);
		if (!whole)
			buf_puts(out, "\tEND IF;\n");
	}
	buf_puts(out, "\twho.args := jsonb_build_object(");
	const char *comma = "";
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (ASKED(op, i) && (field->flags & F_ARG)) {
			buf_printf(out, "%s'%s', a_%s", comma, field->name, field->name);
			comma = ", ";
		}
		if (ASKED(op, i) && (field->flags & F_SEARCH) && op->prepare) {
			buf_printf(out, "%s'%s_keys', a_%s_keys", comma, field->name, field->name);
			comma = ", ";
		}
	}
	buf_puts(out, ");\n");
}

static void put_guards(struct buf *out, const struct book *book, const struct op *op)
{
	if (op->to != STATE_SAME && op->to != STATE_DERIVED)
		buf_printf(out, "\tnew.state := '%s';\n", book->states[op->to].name);
	if (op->derive)
		buf_printf(out, "\tnew := derive_%s(new, who);\n", op->derive);
	if ((op->flags & OP_CREATE) && (book->flags & B_AREA) && !(op->flags & OP_ANYWHERE)) {
		buf_puts(out, "\tIF NOT coalesce(new.area = ANY (who.areas), false) THEN\n\t\t");
		put_refusal(out, book, op, NULL, "not_found", NULL, NULL, NULL, false);
		buf_puts(out, "\tEND IF;\n");
	}
	for (const struct guard *guard = op->guards; guard && guard->name; guard++) {
		buf_printf(out, "\tIF guard_%s(new, who) IS NOT TRUE THEN\n\t\t", guard->name);
		put_refusal(out, book, op, "new", err_word(guard->code ? guard->code : ERR_REFUSED), guard->rule, guard->name, guard->field, false);
		buf_puts(out, "\tEND IF;\n");
	}
}

/* SEALED columns live in a table of their own; a withheld value goes there instead of the open column. */
static void put_sealed(struct buf *out, const struct book *book, const struct op *op)
{
	bool any = false;

	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!ASKED(op, i) || !field_is_sealed_column(field))
			continue;
		if (!any)
			buf_printf(out, "\tINSERT INTO %s_sealed (id) VALUES (new.id) ON CONFLICT DO NOTHING;\n", book->name);
		any = true;
		buf_printf(out, "\tIF '%s' = ANY (who.given)%s%s%s THEN\n\t\tUPDATE %s_sealed SET %s = a_%s", field->name,
			field->flags & F_WITHHELD ? " AND new." : "", field->flags & F_WITHHELD ? field->name : "", field->flags & F_WITHHELD ? "_withheld" : "",
			book->name, field->name, field->name);
		if (field->flags & F_CRYPT)
			buf_printf(out, ", %s_op = a_op_id", field->name);
		buf_puts(out, " WHERE id = new.id;\n\tEND IF;\n");
	}
}

static void put_withheld(struct buf *out, const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_WITHHELD)
			buf_printf(out, "\tIF new.%s_withheld THEN\n\t\tnew.%s := NULL;\n\tEND IF;\n", book->fields[i].name, book->fields[i].name);
}

/* All numbers of the row anew: one of them may have been another one's too, or its name is new. */
static void put_numbers(struct buf *out, const struct book *book, const struct op *op)
{
	const char *comma = "";
	bool touched = false, any = false;

	for (size_t i = 0; i < book->nfields; i++) {
		touched = touched || (ASKED(op, i) && (book->fields[i].flags & (F_SEARCH | F_PHONE)));
		any = any || (book->fields[i].flags & F_PHONE);
	}
	if (!touched || !any)
		return;
	buf_printf(out, "\tPERFORM contact_write(new.area, '%s', new.id, new.%s, ARRAY[", book->name, book->caption);
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_PHONE) {
			buf_printf(out, "%sdigits(new.%s)", comma, book->fields[i].name);
			comma = ", ";
		}
	buf_puts(out, "]);\n");
}

static void put_search(struct buf *out, const struct book *book, const struct op *op)
{
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (ASKED(op, i) && (field->flags & (F_SEARCH | F_ARG)) == F_SEARCH)
			buf_printf(out, "\tIF '%s' = ANY (who.given) THEN\n\t\tPERFORM search_write(new.area, '%s', new.id, new.%s, a_%s_keys);\n\tEND IF;\n",
				field->name, book->name, field->name, field->name);
	}
	put_numbers(out, book, op);
}

static void put_deadlines(struct buf *out, const struct book *book, const struct op *op)
{
	for (size_t i = 0; i < book->ndeadlines; i++)
		if ((op->closes >> i) & 1)
			buf_printf(out, "\tPERFORM deadline_close('%s', %s.id, '%s', who.at);\n", book->name, op->succeed ? "old" : "new", book->deadlines[i].name);
	for (size_t i = 0; i < book->ndeadlines; i++)
		if ((op->opens >> i) & 1)
			buf_printf(out, "\tPERFORM deadline_open(%s, '%s', new.id, '%s', new.%s);\n", book->flags & B_AREA ? "new.area" : "NULL",
				book->name, book->deadlines[i].name, book->fields[book->deadlines[i].field].name);
}

/* Old and new values of what was written, OPEN and NAME only; higher levels are named, never stored. */
static void put_detail(struct buf *out, const struct book *book, const struct op *op)
{
	const char *comma = "";

	buf_puts(out, "jsonb_strip_nulls(jsonb_build_object(");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!ASKED(op, i) || field->level > LEVEL_NAME || (field->flags & F_CRYPT))
			continue;
		if (field->flags & F_ARG) {
			buf_printf(out, "%s'%s', CASE WHEN a_%s IS NOT NULL THEN jsonb_build_array(NULL, a_%s) END", comma, field->name,
				field->name, field->name);
			comma = ", ";
			continue;
		}
		buf_printf(out, "%s'%s', CASE WHEN new.%s IS DISTINCT FROM old.%s THEN jsonb_build_array(old.%s, new.%s) END", comma,
			field->name, field->name, field->name, field->name, field->name);
		comma = ", ";
	}
	if (book->nstates && !book->states_computed)
		buf_printf(out, "%s'state', CASE WHEN new.state IS DISTINCT FROM old.state THEN jsonb_build_array(old.state, new.state) END", comma);
	buf_puts(out, "))");
}

static void put_tail(struct buf *out, const struct book *book, const struct op *op)
{
	const char *number = NULL, *purpose = NULL;

	for (size_t i = 0; i < book->nfields; i++) {
		if (book->fields[i].flags & F_NUMBER)
			number = book->fields[i].name;
		if (ASKED(op, i) && (book->fields[i].flags & F_SUGGEST))
			purpose = book->fields[i].name;
	}
	if (op->effect)
		buf_printf(out, "\tPERFORM effect_%s(new, who);\n", op->effect);
	buf_printf(out, "\tRETURN done(who, '%s', new.id, %s%s%s, new.version, %s, %s, '%s', who.given, %s%s, a_op_id, a_digest,\n\t\t", book->name,
		number ? "new." : "NULL", number ? number : "", number ? "::text" : "", book->nstates && !book->states_computed ? "new.state" : "NULL",
		book->flags & B_AREA ? "new.area" : "NULL", op->name, purpose ? "new." : "NULL", purpose ? purpose : "");
	put_detail(out, book, op);
	buf_puts(out, ",\n\t\t");
	compile_parties(out, book, "new");
	buf_puts(out, ");\nEND $op$;\n\n");
}

/* One row is written: a new one, or the one that was there. */
static void put_change(struct buf *out, const struct book *book, const struct op *op)
{
	bool either = op->known || op_takes_row(op);

	if (op->prepare)
		buf_printf(out, "\tnew := prepare_%s(new, who);\n", op->prepare);
	if (either)
		buf_puts(out, "\tIF a_id IS NOT NULL THEN\n");
	if (op->flags & OP_REPLACE)
		buf_puts(out, "\tPERFORM set_config('lodge.replacing', a_id::text, true);\n");
	if (op->succeed)
		compile_succession(out, book, op);
	else if (either || !(op->flags & OP_CREATE))
		compile_update(out, book);
	if (op->flags & OP_REPLACE)
		buf_puts(out, "\tPERFORM set_config('lodge.replacing', '', true);\n");
	if (either)
		buf_puts(out, "\tELSE\n");
	if (op->flags & OP_CREATE)
		compile_insert(out, book);
	if (either)
		buf_puts(out, "\tEND IF;\n");
}

static void compile_op(struct buf *out, const struct book *book, const struct op *op)
{
	const char *when = op_takes_row(op) ? "\tIF a_id IS NOT NULL THEN\n" : "", *end = op_takes_row(op) ? "\tEND IF;\n" : "";

	put_head(out, book, op);
	buf_puts(out, when);
	if (has_id(op))
		put_row(out, book, op);
	buf_puts(out, end);
	put_role(out, book, op, op->flags & OP_CREATE ? NULL : "old");
	buf_puts(out, when);
	if (op_takes_row(op) || op->succeed)
		buf_puts(out, "\twho.prior := to_jsonb(old);\n");
	if (has_id(op))
		put_version_and_state(out, book, op);
	buf_puts(out, end);
	if (has_id(op) && !op_takes_row(op) && !op->from)
		buf_puts(out, "\tnew := old;\n");
	put_assignments(out, book, op);
	if (op->known) {
		buf_printf(out, "\ta_id := known_%s(new, who);\n\tIF a_id IS NOT NULL THEN\n", op->known);
		put_row(out, book, op);
		compile_known(out, book, op);
		buf_puts(out, "\tEND IF;\n");
	}
	put_guards(out, book, op);
	put_withheld(out, book);
	if (op->known)
		compile_same(out, book, op);
	put_change(out, book, op);
	put_sealed(out, book, op);
	put_search(out, book, op);
	put_deadlines(out, book, op);
	put_tail(out, book, op);
}

void compile_book(struct buf *out, const struct book *book)
{
	for (size_t i = 0; i < book->nops; i++) {
		compile_op(out, book, &book->ops[i]);
		compile_recorded(out, book, &book->ops[i]);
	}
	compile_why(out, book);
	compile_open(out, book);
	compile_export(out, book);
}
