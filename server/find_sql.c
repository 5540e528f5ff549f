/*
 * find_sql.c - the statement of a search: a part for each book and kind, and the best of them all.
 *
 * Each part is scoped like a list of its book; each record comes once, for its best reason. Not for:
 * what is looked for (engine_find.c). Trap: the order is the contract's: unit, file, marks, words,
 * initials, number, typing mistakes; then whole before beginning, person before household.
 */
#include "server/find.h"

/* The reference that says where a record belongs: the first one to something with a code. */
static const struct field *place_of(const struct selection *sel)
{
	for (size_t i = 0; i < sel->book->nfields; i++) {
		const struct field *field = &sel->book->fields[i];

		if (field->type == FT_REF && !field->computed && read_may(sel->reader, field) &&
			book_find(field->ref)->code && (book_find(field->ref)->flags & B_AREA))
			return field;
	}
	return NULL;
}

/* The column that names the household whose data a record is, for the look-up log. */
static const char *subject_of(const struct book *book)
{
	for (size_t i = 0; !(book->flags & B_SUBJECT) && i < book->nfields; i++)
		if (book->fields[i].flags & F_SUBJECT)
			return book->fields[i].name;
	return read_key(book);
}

bool find_has_field(const struct reader *reader, const struct book *book, unsigned flag)
{
	for (size_t i = 0; i < book->nfields; i++)
		if ((book->fields[i].flags & flag) && read_may(reader, &book->fields[i]))
			return true;
	return false;
}

struct selection *find_sql_begin(struct job *job, struct buf *sql)
{
	struct selection *sel = job_select(job, NULL);

	if (sel)
		read_sql_begin(sel, sql);
	return sel;
}

static void part_begin(struct selection *sel, const struct book *book)
{
	sel->book = book;
	buf_printf(sel->sql, "%sSELECT '%s' AS book, %s AS is_subject, ", sel->sql->len ? " UNION ALL " : "", book->name,
		book->flags & B_SUBJECT ? "true" : "false");
}

static int text_param(struct selection *sel, struct search *search)
{
	if (!search->text_at)
		search->text_at = read_param(sel, search->words.folded);
	return search->text_at;
}

void find_sql_codes(struct selection *sel, const struct book *book, struct search *search)
{
	part_begin(sel, book);
	buf_printf(sel->sql, "s.id, s.code, s.code AS title, s.code COLLATE \"C\" AS key, NULL::bigint AS subject, "
		"CASE WHEN s.code = q.low THEN 0 ELSE 5 END AS rank, q.is_guess FROM lodge.find_codes($%d) q CROSS JOIN LATERAL ("
		"SELECT t.%s::bigint AS id, t.%s AS code FROM lodge.%s t WHERE t.%s >= q.low AND t.%s < q.high AND ", text_param(sel, search),
		read_key(book), book->code, book->name, book->code, book->code);
	read_scope_sql(sel);
	buf_printf(sel->sql, " ORDER BY t.%s LIMIT %d) s", book->code, FOUND_MAX);
}

/* Keys of one stretch in one area. Where a row can be out of the reader's sight although its area is
 * his, the record is looked at here already: what he may not see takes nobody's place among the 20. */
static void stretch_sql(struct selection *sel, const char *table)
{
	const struct book *book = sel->book;
	bool is_seen = !book->row_level && !book->narrowed;

	buf_printf(sel->sql, "SELECT k.record, k.title, k.key FROM lodge.%s k", table);
	if (!is_seen)
		buf_printf(sel->sql, " JOIN lodge.%s t ON t.%s = k.record", book->name, read_key(book));
	buf_printf(sel->sql, " WHERE k.area = a.area AND k.book = '%s' AND k.key >= q.low AND k.key < q.low || chr(1114111)", book->name);
	if (!is_seen) {
		buf_puts(sel->sql, " AND ");
		read_scope_sql(sel);
	}
	buf_printf(sel->sql, " ORDER BY k.key, k.record LIMIT %d", FOUND_MAX);
}

/* The cells of a record t that s found; its place stands behind its title. */
static void record_cells(struct selection *sel, const char *rank)
{
	const struct field *place = place_of(sel);

	buf_printf(sel->sql, "t.%s::bigint AS id, NULL AS code, ", read_key(sel->book));
	if (place)
		buf_printf(sel->sql, "coalesce(s.title || ', ' || r.%s, s.title)", book_find(place->ref)->code);
	else
		buf_puts(sel->sql, "s.title");
	buf_printf(sel->sql, " AS title, s.key COLLATE \"C\" AS key, t.%s::bigint AS subject, %s AS rank, false AS is_guess", subject_of(sel->book),
		rank);
}

/* The record itself, its place and its scope: only what is left of the stretches is looked up. */
static void record_sql(struct selection *sel)
{
	const struct field *place = place_of(sel);

	buf_printf(sel->sql, " JOIN lodge.%s t ON t.%s = s.record", sel->book->name, read_key(sel->book));
	if (place)
		buf_printf(sel->sql, " LEFT JOIN lodge.%s r ON r.%s = t.%s", place->ref, read_key(book_find(place->ref)), place->name);
	buf_puts(sel->sql, " WHERE ");
	read_scope_sql(sel);
}

/* The best stretches of the areas that are this reader's, and their records. */
static void stretches_sql(struct selection *sel, const char *table)
{
	if (!sel->areas_at)
		sel->areas_at = read_param(sel, sel->reader->areas);
	buf_printf(sel->sql, " CROSS JOIN LATERAL (SELECT m.* FROM unnest($%d::int[]) a(area) CROSS JOIN LATERAL (", sel->areas_at);
	stretch_sql(sel, table);
	buf_printf(sel->sql, ") m ORDER BY m.key, m.record LIMIT %d) s", FOUND_MAX);
	record_sql(sel);
}

void find_sql_names(struct selection *sel, const struct book *book, struct search *search)
{
	if (!search->keys_at) {
		search->keys_at = read_param(sel, search->keys);
		read_param(sel, search->reasons);
	}
	part_begin(sel, book);
	record_cells(sel, "lodge.found_rank(q.why, s.title, q.low, s.key = q.low)");
	buf_printf(sel->sql, " FROM unnest($%d::text[], $%d::int[]) q(low, why)", search->keys_at, search->keys_at + 1);
	stretches_sql(sel, "search_name");
}

void find_sql_phones(struct selection *sel, const struct book *book, struct search *search)
{
	part_begin(sel, book);
	record_cells(sel, "CASE WHEN s.key = q.low THEN 15 ELSE 17 END");
	buf_printf(sel->sql, " FROM lodge.find_phones($%d) q", text_param(sel, search));
	stretches_sql(sel, "search_contact");
	buf_puts(sel->sql, " AND lodge.phone_fits(s.key, q.digits)");
}

/* The key of such a hit is its distance. */
void find_sql_records(struct selection *sel, const struct book *book, const char *const arrays[3])
{
	int at = sel->nparams + 1;

	for (size_t i = 0; i < 3; i++)
		read_param(sel, arrays[i]);
	part_begin(sel, book);
	record_cells(sel, "20");
	buf_printf(sel->sql, " FROM unnest($%d::bigint[], $%d::text[], $%d::text[]) s(record, title, key)", at, at + 1, at + 2);
	record_sql(sel);
}

/* A guess that means two records means none. */
enum err find_sql_end(struct selection *sel, const char *order)
{
	struct buf parts = *sel->sql;

	buf_init(sel->sql, parts.max);
	buf_puts(sel->sql, "SELECT g.book, g.id, g.code, g.title, g.rank, g.subject FROM (SELECT d.*, count(d.code) OVER () AS codes "
		"FROM (SELECT DISTINCT ON (h.book, h.id) h.* FROM (");
	buf_puts(sel->sql, parts.data);
	buf_printf(sel->sql, ") h ORDER BY h.book, h.id, h.rank, h.key) d) g WHERE NOT (g.is_guess AND g.codes > 1) "
		"ORDER BY g.rank, %s, g.id LIMIT %d", order, FOUND_MAX);
	sel->sql->failed = sel->sql->failed || parts.failed;
	buf_done(&parts);
	return read_sql_end(sel, OK);
}
