/*
 * compile_export.c - op.export_BOOK: what a record is on paper, against its committed event.
 *
 * Like a reveal (compile_open.c): it answers only to the session whose OP_EXPORT operation on the record
 * stands in the log, younger than a minute, and with exactly the columns of the sheet. First row: the
 * foot; then one row a line. Every cell is text; of a sealed one the cipher text and what it was sealed
 * for. Not for: decrypting or printing (engine_export.c). Trap: never add a grant here.
 */
#include "server/admin/compile_export.h"

#include "server/admin/compile_open.h"

/* The words by which people know a record: its code, its name, or both. */
static void put_named(struct buf *out, const struct field *field)
{
	const struct book *to = book_find(field->ref);

	buf_puts(out, "(SELECT concat_ws(' '");
	if (to->code)
		buf_printf(out, ", r.%s", to->code);
	if (to->caption)
		buf_printf(out, ", r.%s", to->caption);
	if (!to->code && !to->caption)
		buf_puts(out, ", r.id");
	buf_printf(out, ") FROM %s r WHERE r.id = t.%s)", to->name, field->name);
}

/* A withheld value stays where it is: its mark is shown, number or none. */
static void put_cell(struct buf *out, const struct field *field)
{
	const char *from = field->level == LEVEL_SEALED ? "z" : "t";

	if (field->type == FT_REF)
		put_named(out, field);
	else if (field->computed)
		buf_printf(out, "(%s)::text", field->computed);
	else if (field->flags & F_WITHHELD)
		buf_printf(out, "CASE WHEN t.%s_withheld THEN '[#]' ELSE t.%s END", field->name, field->name);
	else
		buf_printf(out, "%s.%s::text", from, field->name);
	if (field->flags & F_CRYPT)
		buf_printf(out, ", %s.%s_op::text", from, field->name);
}

static void put_cells(struct buf *out, const struct book *book, const char *const *names, size_t cells)
{
	for (; *names; names++) {
		const struct field *field = book_field(book, *names);

		buf_puts(out, ", ");
		put_cell(out, field);
		cells -= field->flags & F_CRYPT ? 2 : 1;
	}
	while (cells-- > 0)
		buf_puts(out, ", NULL");
}

static bool shows_sealed(const struct book *of, const struct paper_sheet *sheet)
{
	for (const char *const *name = sheet->columns; *name; name++)
		if (book_field(of, *name)->level == LEVEL_SEALED)
			return true;
	return false;
}

/* The condition on k is a single value, so the other sheets are never read. */
static void put_sheet(struct buf *out, const struct book *book, const struct paper_sheet *sheet, size_t cells)
{
	const struct book *of = book_find(sheet->book);

	buf_puts(out, "\tUNION ALL (SELECT NULL");
	put_cells(out, of, sheet->columns, cells);
	buf_printf(out, "\n\t\tFROM %s t", of->name);
	if (shows_sealed(of, sheet))
		buf_printf(out, " LEFT JOIN %s_sealed z ON z.id = t.id", of->name);
	buf_printf(out, " WHERE (SELECT k.%s FROM k) = '%s' AND t.area = (SELECT k.area FROM k)", book->paper->by, sheet->name);
	if (sheet->where)
		buf_printf(out, " AND (%s)", sheet->where);
	buf_printf(out, "\n\t\tORDER BY %s)\n", sheet->sort);
}

/* The event of the operation that makes the paper, and the state in which it leaves the record. */
static void put_ticket(struct buf *out, const struct book *book, const struct op *op)
{
	buf_printf(out, "\tWITH k AS MATERIALIZED (SELECT t.* FROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.staff = who.staff JOIN %s t ON t.id = e.record\n"
		"\t\tWHERE e.book = '%s' AND e.record = a_id AND e.op = '%s' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds'\n"
		"\t\tAND t.state = '%s' AND who.acts_as && ", book->name, book->name, op->name, book->states[op->to].name);
	compile_roles(out, op->roles);
	buf_puts(out, " AND ");
	compile_scope(out, book, "t");
	buf_puts(out, " ORDER BY e.seq DESC LIMIT 1)\n");
}

static const struct op *exporting(const struct book *book)
{
	for (size_t i = 0; i < book->nops; i++)
		if (book->ops[i].flags & OP_EXPORT)
			return &book->ops[i];
	return NULL;
}

void compile_export(struct buf *out, const struct book *book)
{
	const struct op *op = exporting(book);
	size_t cells;

	if (!book->paper || !op)
		return;
	cells = paper_cells(book);
	buf_printf(out, "CREATE FUNCTION op.export_%s(a_token bytea, a_id bigint) RETURNS TABLE (sheet text", book->name);
	for (size_t i = 1; i <= cells; i++)
		buf_printf(out, ", c%zu text", i);
	buf_puts(out, ")\nLANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$\n");
	put_ticket(out, book, op);
	buf_printf(out, "\tSELECT t.%s", book->paper->by);
	put_cells(out, book, book->paper->foot, cells);
	buf_printf(out, " FROM k JOIN %s t ON t.id = k.id\n", book->name);
	for (size_t i = 0; i < book->paper->nsheets; i++)
		put_sheet(out, book, &book->paper->sheets[i], cells);
	buf_puts(out, "$op$;\n\n");
}

void compile_export_grant(struct buf *out, const struct book *book)
{
	if (book->paper && exporting(book))
		buf_printf(out, "GRANT EXECUTE ON FUNCTION op.export_%s TO lodge_reveal;\n", book->name);
}
