/*
 * compile_open.c - opening confidential fields: the logged operation, the reveal, and the grants.
 *
 * FULL and SEALED fields have no SELECT grant at all. op.BOOK_open writes who opens what and why;
 * op.reveal_BOOK answers only against such a committed event of the same session, younger than a
 * minute. Not for: decrypting (the engine does). Trap: no log, no reading; never add a grant here.
 */
#include "server/admin/compile.h"
#include "server/admin/compile_export.h"
#include "server/admin/compile_open.h"
#include "server/admin/compile_recorded.h"
#include "server/admin/compile_why.h"

static bool is_sealed(const struct field *field)
{
	return field->level == LEVEL_SEALED;
}

static void put_names(struct buf *out, const struct book *book, bool (*wanted)(const struct field *))
{
	const char *comma = "";

	buf_puts(out, "ARRAY[");
	for (size_t i = 0; i < book->nfields; i++)
		if (field_is_revealable(&book->fields[i]) && wanted(&book->fields[i])) {
			buf_printf(out, "%s'%s'", comma, book->fields[i].name);
			comma = ",";
		}
	buf_puts(out, "]::text[]");
}

static bool is_full(const struct field *field)
{
	return field->level == LEVEL_FULL;
}

static bool is_any(const struct field *field)
{
	return field->name != NULL;
}

/* A withheld value counts as SEALED for the records whose flag is set. */
static void put_needed_level(struct buf *out, const struct book *book)
{
	buf_puts(out, "\tneeded := CASE WHEN a_fields && ");
	put_names(out, book, is_sealed);
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_WITHHELD)
			buf_printf(out, " OR ('%s' = ANY (a_fields) AND EXISTS (SELECT 1 FROM %s t WHERE t.id = ANY (a_ids) AND t.%s_withheld))",
				book->fields[i].name, book->name, book->fields[i].name);
	buf_puts(out, " THEN 'sealed' WHEN a_fields && ");
	put_names(out, book, is_full);
	buf_puts(out, " THEN 'full' ELSE 'contact' END;\n");
}

static void put_denial(struct buf *out, const struct book *book, const char *result, const char *rule, const char *guard, const char *may)
{
	buf_printf(out, "RETURN refused(who, '%s', a_ids[1], NULL, 'open', '%s', %s, %s, NULL, %s, a_op_id, a_digest);\n\tEND IF;\n",
		book->name, result, rule, guard, may);
}

/* The household that a record is about, as SQL over the alias t; NULL: none. */
static const char *subject_of(const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_SUBJECT)
			return book->fields[i].name;
	return book->flags & B_SUBJECT ? "id" : NULL;
}

/* Households' data may be opened to whoever is on duty while an emergency needs it. */
static bool opens_in_emergency(const struct book *book)
{
	return (book->flags & B_COMPILE) != 0;
}

/* What is opened of household data counts, whichever of its books it lies in. Beyond the limit it is refused; but no emergency waits
 * for a limit: there the superior is told, and every use is reviewed. */
static void put_limit(struct buf *out, const struct book *book)
{
	const char *comma = "";

	if (!(book->flags & B_COMPILE))
		return;
	buf_puts(out, "\tr.guard := opens_beyond(who, ARRAY[");
	for (size_t i = 0; i < nbooks; i++)
		if (books[i]->flags & B_COMPILE) {
			buf_printf(out, "%s'%s'", comma, books[i]->name);
			comma = ",";
		}
	buf_printf(out, "], '%s', a_ids);\n\tIF r.guard IS NOT NULL%s THEN\n\t\t", book->name, opens_in_emergency(book) ? " AND case_of IS NULL" : "");
	put_denial(out, book, "refused", "'CNF-02'", "r.guard", "NULL");
	buf_puts(out, "\tr.guard := NULL;\n");
}

/* A ticket a record; then the eyes of the house, which change nothing in the answer. */
static void put_events(struct buf *out, const struct book *book)
{
	const char *subject = subject_of(book), *area = book->flags & B_AREA ? "one.area" : "NULL";

	buf_puts(out, "\tFOR one IN SELECT t.id");
	if (book->flags & B_AREA)
		buf_puts(out, ", t.area");
	if (subject)
		buf_printf(out, ", t.%s AS subject", subject);
	buf_printf(out, " FROM (SELECT DISTINCT i FROM unnest(a_ids) i) w JOIN %s t ON t.id = w.i ORDER BY t.id LOOP\n"
		"\t\tseqs := seqs || write_event(who, '%s', one.id, %s, 'open', 'ok', NULL, btrim(a_purpose), a_fields, a_op_id, a_digest,\n"
		"\t\t\tjsonb_strip_nulls(jsonb_build_object('on_behalf_of', behalf%s)));\n\tEND LOOP;\n", book->name, book->name, area,
		subject ? ", 'households', jsonb_build_array(one.subject)" : "");
	if (subject)
		buf_printf(out, "\tPERFORM opened(who, ARRAY(SELECT DISTINCT t.%s FROM %s t WHERE t.id = ANY (a_ids)));\n", subject, book->name);
}

/* Only where his own right falls short, and never what is SEALED: case_of is the emergency that opens it. */
static void put_emergency(struct buf *out, const struct book *book)
{
	if (opens_in_emergency(book))
		buf_printf(out, "\tIF level_rank(who.opens) < level_rank(needed) AND needed <> 'sealed' THEN\n"
			"\t\tcase_of := emergency_opens(who, '%s', a_ids, a_fields);\n\tEND IF;\n", book->name);
}

static void put_open(struct buf *out, const struct book *book)
{
	buf_printf(out, "CREATE FUNCTION op.%s_open(a_token bytea, a_op_id uuid, a_digest bytea, a_ids bigint[], a_fields text[], a_purpose text, a_on_behalf text) "
		"RETURNS lodge.receipt\nLANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$\n"
		"DECLARE\n\twho lodge.actor;\n\tr lodge.receipt;\n\tneeded text;\n\tbehalf bigint;\n\tone record;\n\tseqs bigint[] := ARRAY[]::bigint[];\n%sBEGIN\n", book->name,
		opens_in_emergency(book) ? "\tcase_of bigint;\n" : "");
	buf_puts(out, "\tPERFORM pg_advisory_xact_lock(7120301);\n\twho := actor_of(a_token);\n\tIF who.staff IS NULL THEN\n\t\tRETURN not_signed_in(who);\n\tEND IF;\n");
	buf_printf(out, "\tr := replayed(a_op_id, who, '%s.open', a_digest);\n\tIF r.result IS NOT NULL THEN\n\t\tRETURN r;\n\tEND IF;\n", book->name);
	buf_puts(out, "\tIF coalesce(cardinality(a_ids), 0) NOT BETWEEN 1 AND 16 OR array_position(a_ids, NULL) IS NOT NULL OR coalesce(cardinality(a_fields), 0) = 0 OR NOT a_fields <@ ");
	put_names(out, book, is_any);
	buf_puts(out, " THEN\n\t\tr.result := 'invalid'; r.field := 'fields';\n\t\tRETURN r;\n\tEND IF;\n"
		"\tIF a_purpose IS NULL OR NOT is_text(btrim(a_purpose), 5, 200, false) THEN\n\t\tr.result := 'invalid'; r.field := 'purpose';\n\t\tRETURN r;\n\tEND IF;\n");
	buf_puts(out, "\tIF a_on_behalf IS NOT NULL THEN\n\t\tSELECT s.id INTO behalf FROM staff s WHERE (s.id = CASE WHEN a_on_behalf ~ '^[0-9]{1,18}$' THEN a_on_behalf::bigint END "
		"OR s.work_no = a_on_behalf OR s.login = a_on_behalf) AND s.status <> 'left';\n"
		"\t\tIF behalf IS NULL THEN\n\t\t\tr.result := 'invalid'; r.field := 'on_behalf_of';\n\t\t\tRETURN r;\n\t\tEND IF;\n\tEND IF;\n");
	buf_printf(out, "\tIF (SELECT count(*) FROM %s t WHERE t.id = ANY (a_ids) AND ", book->name);
	compile_scope(out, book, "t");
	buf_puts(out, ") < (SELECT count(DISTINCT i) FROM unnest(a_ids) i) THEN\n\t\t");
	put_denial(out, book, "not_found", "NULL", "'scope'", "NULL");
	put_needed_level(out, book);
	put_emergency(out, book);
	buf_printf(out, "\tIF level_rank(who.opens) < level_rank(needed)%s THEN\n\t\t", opens_in_emergency(book) ? " AND case_of IS NULL" : "");
	put_denial(out, book, "forbidden", "'CNF-02'", "'level'",
		"(SELECT array_agg(c.role ORDER BY c.role) FROM clearance c WHERE level_rank(c.opens) >= level_rank(needed))");
	buf_puts(out, "\tIF needed = 'sealed' AND NOT who.stepped_up THEN\n\t\t");
	put_denial(out, book, "locked", "'CNF-05'", "'step_up'", "NULL");
	put_limit(out, book);
	put_events(out, book);
	if (opens_in_emergency(book))
		buf_puts(out, "\tIF case_of IS NOT NULL THEN\n\t\tPERFORM emergency_opened(who, case_of, seqs);\n\tEND IF;\n");
	buf_printf(out, "\tINSERT INTO op_receipt (op_id, staff, op, digest, record, seq, at, events) VALUES (a_op_id, who.staff, '%s.open', a_digest, a_ids[1], seqs[array_length(seqs, 1)], who.at, seqs);\n"
		"\tr.result := 'ok'; r.id := a_ids[1]; r.seq := seqs[array_length(seqs, 1)]; r.at := who.at; r.events := seqs;\n\tRETURN r;\nEND $op$;\n\n", book->name);
}

/* Where a revealable value is kept: t the book's table, z its sealed one. */
static void put_value(struct buf *out, const struct field *field, const char *suffix)
{
	if (field->flags & F_WITHHELD)
		buf_printf(out, "coalesce(z.%s, t.%s)", field->name, field->name);
	else
		buf_printf(out, "%s.%s%s", is_sealed(field) ? "z" : "t", field->name, suffix);
}

static void put_reveal(struct buf *out, const struct book *book)
{
	buf_printf(out, "CREATE FUNCTION op.reveal_%s(a_token bytea, a_events bigint[]) RETURNS TABLE (id bigint", book->name);
	for (size_t i = 0; i < book->nfields; i++)
		if (field_is_revealable(&book->fields[i])) {
			buf_printf(out, ", \"%s\" %s", book->fields[i].name, compile_type(&book->fields[i]));
			if (book->fields[i].flags & F_CRYPT)
				buf_printf(out, ", %s_op uuid", book->fields[i].name);
		}
	buf_puts(out, ")\nLANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = lodge, pg_temp AS $op$\n\tSELECT t.id");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!field_is_revealable(field))
			continue;
		buf_printf(out, ",\n\t\tCASE WHEN '%s' = ANY (e.fields) THEN ", field->name);
		put_value(out, field, "");
		buf_puts(out, " END");
		if (field->flags & F_CRYPT) {
			buf_printf(out, ", CASE WHEN '%s' = ANY (e.fields) THEN ", field->name);
			put_value(out, field, "_op");
			buf_puts(out, " END");
		}
	}
	buf_printf(out, "\n\tFROM actor_of(a_token) who JOIN event e ON e.session = who.session AND e.seq = ANY (a_events)\n\tJOIN %s t ON t.id = e.record%s%s%s\n",
		book->name, book_has_sealed(book) ? " LEFT JOIN " : "", book_has_sealed(book) ? book->name : "", book_has_sealed(book) ? "_sealed z ON z.id = t.id" : "");
	buf_printf(out, "\tWHERE who.staff IS NOT NULL AND e.book = '%s' AND e.op = 'open' AND e.result = 'ok' AND e.real_at > clock_timestamp() - interval '60 seconds' AND %s", book->name,
		opens_in_emergency(book) ? "ticket_holds(e.seq) AND " : "");
	compile_scope(out, book, "t");
	buf_puts(out, "\n\tORDER BY e.seq\n$op$;\n\n");
}

void compile_open(struct buf *out, const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (field_is_revealable(&book->fields[i])) {
			put_open(out, book);
			put_reveal(out, book);
			return;
		}
}

static void put_columns(struct buf *out, const struct book *book, enum level level)
{
	buf_puts(out, book->key ? book->key : "id");
	if (!(book->flags & B_NO_VERSION))
		buf_puts(out, ", version");
	if ((book->flags & B_AREA) && !book_field(book, "area"))
		buf_puts(out, ", area");
	if (book->nstates && !book->states_computed)
		buf_puts(out, ", state");
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		if (!field_is_column(field) || field->level > level || (field->flags & F_CRYPT))
			continue;
		buf_printf(out, ", \"%s\"", field->name);
		if (field->flags & F_WITHHELD)
			buf_printf(out, ", %s_withheld", field->name);
	}
}

void compile_grants(struct buf *out, const struct book *book)
{
	bool opens = false;

	buf_printf(out, "REVOKE ALL ON lodge.%s FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;\n", book->name);
	buf_printf(out, "GRANT SELECT (");
	put_columns(out, book, LEVEL_NAME);
	buf_printf(out, ") ON lodge.%s TO lodge_name;\nGRANT SELECT (", book->name);
	put_columns(out, book, LEVEL_CONTACT);
	buf_printf(out, ") ON lodge.%s TO lodge_contact;\n", book->name);
	for (size_t i = 0; i < book->nfields; i++)
		opens = opens || field_is_revealable(&book->fields[i]);
	if (opens)
		buf_printf(out, "GRANT EXECUTE ON FUNCTION op.reveal_%s TO lodge_reveal;\nGRANT EXECUTE ON FUNCTION op.%s_open TO lodge_writer;\n", book->name, book->name);
	for (size_t i = 0; i < book->nops; i++) {
		buf_printf(out, "GRANT EXECUTE ON FUNCTION op.%s_%s TO lodge_writer;\n", book->name, book->ops[i].name);
		compile_recorded_grant(out, book, &book->ops[i]);
	}
	if (compile_has_why(book))
		buf_printf(out, "GRANT EXECUTE ON FUNCTION lodge.why_%s TO lodge_name, lodge_contact;\n", book->name);
	compile_export_grant(out, book);
}
