/*
 * compile_report.c - see compile_report.h.
 *
 * Not for: books. Trap: a small count that is masked can be computed from the others when their sum
 * is known, so the smallest that is left goes with it.
 */
#include "server/admin/compile_report.h"

#include <string.h>

#include "server/admin/compile.h"
#include "server/admin/compile_open.h"

static const struct book *book_behind(const struct report_column *column)
{
	return column->field.type == FT_REF ? book_find(column->field.ref) : NULL;
}

static const char *type_of(const struct report_column *column)
{
	if (column->kind == COLUMN_COUNT)
		return "bigint";
	return column->field.type == FT_IDS ? "bigint[]" : compile_type(&column->field);
}

static void put_head(struct buf *out, const struct report *report)
{
	const char *comma = "";

	buf_printf(out, "CREATE FUNCTION op.report_%s(a_token bytea, a_sort text, a_limit integer) RETURNS TABLE (", report->name);
	for (size_t i = 0; i < report->ncolumns; i++) {
		const struct report_column *column = &report->columns[i];
		const struct book *to = book_behind(column);

		buf_printf(out, "%s%s %s", comma, column->field.name, type_of(column));
		if (to && to->code)
			buf_printf(out, ", %s_code text", column->field.name);
		if (to && to->caption)
			buf_printf(out, ", %s_name text", column->field.name);
		comma = ", ";
	}
	buf_puts(out, ")\nLANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $$\n"
		"#variable_conflict use_column\nDECLARE\n\twho lodge.actor := actor_of(a_token);\n"
		"\tfewest bigint := policy_value('report.fewest', '5');\nBEGIN\n\tIF who.staff IS NULL OR NOT who.role = ANY (");
	compile_roles(out, report->roles);
	buf_puts(out, ") THEN\n\t\tRETURN;\n\tEND IF;\n");
}

/* A number of level FULL is nobody's to list: from one to fewest it could be somebody. */
static void put_count(struct buf *out, const struct report_column *column)
{
	const char *name = column->field.name;

	if (column->field.level < LEVEL_FULL) {
		buf_printf(out, "t.%s", name);
		return;
	}
	buf_printf(out, "CASE WHEN t.%s = 0 OR (t.%s >= fewest AND (count(*) FILTER (WHERE t.%s > 0 AND t.%s < fewest) OVER () = 0\n"
		"\t\t\tOR row_number() OVER (PARTITION BY t.%s >= fewest ORDER BY t.%s, t.ordinality) > 1)) THEN t.%s END",
		name, name, name, name, name, name, name);
}

static void put_columns(struct buf *out, const struct report *report)
{
	const char *comma = "";

	for (size_t i = 0; i < report->ncolumns; i++) {
		const struct report_column *column = &report->columns[i];
		const struct book *to = book_behind(column);

		buf_puts(out, comma);
		if (column->kind == COLUMN_COUNT)
			put_count(out, column);
		else if (column->field.level >= LEVEL_FULL)
			buf_printf(out, "NULL::%s", type_of(column));
		else
			buf_printf(out, "t.%s", column->field.name);
		if (to && to->code)
			buf_printf(out, ", (SELECT r.%s::text FROM %s r WHERE r.id = t.%s)", to->code, to->name, column->field.name);
		if (to && to->caption)
			buf_printf(out, ", (SELECT r.%s::text FROM %s r WHERE r.id = t.%s)", to->caption, to->name, column->field.name);
		comma = ",\n\t\t";
	}
}

/* The number that the bars are drawn of. Ties stay in the order of the first group, so that two
 * answers never differ. */
static void put_order(struct buf *out, const struct report *report)
{
	if (report->kind == REPORT_SERIES) {
		buf_puts(out, "ORDER BY t.ordinality");
		return;
	}
	buf_puts(out, "WHERE s.n > 0 ORDER BY s.n DESC");
	for (size_t i = 0; i < report->ncolumns; i++)
		if (report->columns[i].kind == COLUMN_GROUP && report->columns[i].field.level < LEVEL_FULL)
			buf_printf(out, ", t.%s", report->columns[i].field.name);
}

void compile_report(struct buf *out, const struct report *report)
{
	put_head(out, report);
	buf_puts(out, "\tRETURN QUERY SELECT ");
	put_columns(out, report);
	buf_printf(out, "\n\t\tFROM report_%s(who) WITH ORDINALITY t", report->name);
	buf_puts(out, " CROSS JOIN LATERAL (SELECT CASE a_sort");
	for (size_t i = 0; i < report->ncolumns; i++)
		if (report->columns[i].kind == COLUMN_COUNT)
			buf_printf(out, " WHEN '%s' THEN t.%s", report->columns[i].field.name, report->columns[i].field.name);
	buf_puts(out, " END AS n) s\n\t\t");
	put_order(out, report);
	buf_printf(out, " LIMIT a_limit + 1;\nEND $$;\n");
}
