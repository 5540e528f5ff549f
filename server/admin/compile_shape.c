/*
 * compile_shape.c - what a compiled operation believes of its parameters: nothing.
 *
 * The server has checked every shape already (common/validate.c); whoever holds the writer's login
 * has not. So each function checks its own: lengths, choices, ranges, clean text, whole cipher
 * texts, and that `given` names what is really there. Not for: rules.
 * Trap: never stricter than validate.c, or a form would be refused without a reason.
 */
#include "server/admin/compile_shape.h"

#include "common/validate.h"
#include "server/admin/compile.h"
#include "server/crypt.h"

#define ASKED(op, i) (((op)->asks >> (i)) & 1)

enum { REFERENCE_MAX = 64 }; /* of a code; an id is shorter */

static void put_choices(struct buf *out, const struct field *field)
{
	const char *comma = "";

	buf_printf(out, "a_%s = ANY (ARRAY[", field->name);
	for (const struct choice *choice = field->choices; choice->word; choice++) {
		buf_printf(out, "%s'%s'", comma, choice->word);
		comma = ",";
	}
	buf_puts(out, "])");
}

static void put_text(struct buf *out, const struct field *field, int longest)
{
	buf_printf(out, "is_text(a_%s, %d, %d, %s)", field->name, field->min > 0 ? field->min : 1,
		field->max > 0 ? field->max : longest, field->type == FT_NOTE ? "true" : "false");
}

/* A cipher text says nothing of its content but its length. */
static void put_sealed(struct buf *out, const struct field *field, int longest)
{
	buf_printf(out, "octet_length(a_%s) BETWEEN %d AND %d", field->name, CRYPT_OVERHEAD + 1,
		CRYPT_OVERHEAD + 4 * (field->max > 0 ? field->max : longest));
	if (field->flags & F_HASHED)
		buf_printf(out, " AND octet_length(a_%s_key) = %d", field->name, CRYPT_HASH_BYTES);
}

/* The condition under which a value that is there has the field's shape. */
static void put_condition(struct buf *out, const struct field *field)
{
	int longest = field->type == FT_NOTE ? VALIDATE_NOTE_DEFAULT : VALIDATE_TEXT_DEFAULT;

	if (field->flags & F_CRYPT) {
		put_sealed(out, field, longest);
		return;
	}
	switch (field->type) {
	case FT_TEXT:
	case FT_NOTE:
		if (field->flags & F_PIN)
			buf_printf(out, "a_%s ~ '^\\\\x[0-9a-f]{%d}$'", field->name, 2 * CRYPT_HASH_BYTES);
		else
			put_text(out, field, longest);
		return;
	case FT_CHOICE:
		put_choices(out, field);
		return;
	case FT_INT:
		if (field->min != 0 || field->max != 0)
			buf_printf(out, "a_%s BETWEEN %d AND %d", field->name, (int)field->min, (int)field->max);
		else
			buf_puts(out, "true");
		return;
	case FT_DATE:
	case FT_TIME:
		buf_printf(out, "isfinite(a_%s%s%s)", field->name, field->flags & F_ARG ? "::" : "", field->flags & F_ARG ? compile_type(field) : ""); /* an argument travels as text */
		return;
	case FT_ITEMS:
		buf_printf(out, "is_items(a_%s, %d)", field->name, (int)field->max);
		return;
	case FT_REF:
		buf_printf(out, "char_length(a_%s) <= %d", field->name, REFERENCE_MAX);
		return;
	case FT_BOOL:
	case FT_AREA:
	case FT_AREAS:
	case FT_IDS:
	case FT_WORDS:
	case FT_UNSET:
	case FT_END:
		buf_puts(out, "true");
		return;
	}
}

/* What a row is never without may not be emptied by an operation that is given it. */
static uint64_t needed_by(const struct book *book, const struct op *op)
{
	return op->needs | (book_never_without(book) & op->asks);
}

static void put_given(struct buf *out, const struct book *book, const struct op *op)
{
	const char *comma = "";

	buf_puts(out, "\twho.given := array_remove(ARRAY[");
	for (size_t i = 0; i < book->nfields; i++)
		if (ASKED(op, i)) {
			const char *name = book->fields[i].name;

			buf_printf(out, "%sCASE WHEN a_%s IS NOT NULL OR '%s' = ANY (a_given) THEN '%s' END", comma, name, name, name);
			comma = ", ";
		}
	buf_puts(out, "]::text[], NULL);\n");
}

static void put_required(struct buf *out, const struct book *book, const struct op *op)
{
	uint64_t needs = needed_by(book, op);

	for (size_t i = 0; i < book->nfields; i++)
		if ((needs >> i) & 1) {
			const char *name = book->fields[i].name;

			buf_printf(out, "\tIF a_%s IS NULL", name);
			if (op->flags & OP_RESUME)
				buf_printf(out, " AND (a_id IS NULL OR '%s' = ANY (who.given))", name);
			else if (!((op->needs >> i) & 1))
				buf_printf(out, " AND '%s' = ANY (who.given)", name);
			buf_printf(out, " THEN\n\t\tr.result := 'invalid'; r.field := '%s'; r.guard := 'required';\n"
				"\t\tRETURN r;\n\tEND IF;\n", name);
		}
}

void compile_shape(struct buf *out, const struct book *book, const struct op *op)
{
	put_given(out, book, op);
	put_required(out, book, op);
	if (op->asks == 0)
		return;
	buf_puts(out, "\tr.field := CASE");
	for (size_t i = 0; i < book->nfields; i++)
		if (ASKED(op, i)) {
			buf_printf(out, "\n\t\tWHEN a_%s IS NOT NULL AND (", book->fields[i].name);
			put_condition(out, &book->fields[i]);
			buf_printf(out, ") IS NOT TRUE THEN '%s'", book->fields[i].name);
		}
	buf_puts(out, " END;\n\tIF r.field IS NOT NULL THEN\n\t\tr.result := 'invalid'; r.guard := 'shape';\n\t\tRETURN r;\n\tEND IF;\n");
}
