/*
 * engine_find.c - find: codes, names, telephones, in the order of the contract.
 *
 * One statement a book and kind, together in one round trip; each is scoped like a list of its
 * book. Not for: ranking (find_hits.c) and typing mistakes (find_typo.c). Trap: a title is a name;
 * it is looked for only on behalf of readers whose level covers it, and a number only by CONTACT.
 */
#include <string.h>

#include "common/text.h"
#include "server/array.h"
#include "server/find.h"

enum { TEXT_MAX = 80 };

/* --- asking ------------------------------------------------------------------------------ */

/* Parameters for "unnest(low, high) WITH ORDINALITY q(low, high, n)": key >= low and key < high.
 * Both ends are of the index, whatever plan is kept. */
static enum err ranges_sql(struct selection *sel, const struct ranges *ranges)
{
	const char *low[RANGES_MAX], *high[RANGES_MAX], *lows, *highs;

	for (size_t i = 0; i < ranges->n; i++) {
		low[i] = ranges->list[i].text;
		high[i] = arena_printf(sel->arena, "%s%s", low[i], ranges->list[i].is_whole ? "\x01" : "\xf4\x8f\xbf\xbf");
		if (!high[i])
			return ERR_NOMEM;
	}
	lows = array_of_texts(sel->arena, low, ranges->n);
	highs = array_of_texts(sel->arena, high, ranges->n);
	if (!lows || !highs)
		return ERR_NOMEM;
	buf_printf(sel->sql, "unnest($%d::text[], $%d::text[]) WITH ORDINALITY q(low, high, n)",
		read_param(sel, lows), read_param(sel, highs));
	return OK;
}

static enum err select_codes(struct selection *sel, const struct ranges *ranges)
{
	const struct book *book = sel->book;
	struct buf sql;
	enum err err;

	read_sql_begin(sel, &sql);
	buf_printf(&sql, "SELECT s.id, s.code, s.code, q.n, NULL, NULL FROM ");
	err = ranges_sql(sel, ranges);
	buf_printf(&sql, " CROSS JOIN LATERAL (SELECT t.%s AS id, t.%s AS code FROM lodge.%s t WHERE t.%s >= q.low AND t.%s < q.high AND ",
		read_key(book), book->code, book->name, book->code, book->code);
	read_scope_sql(sel);
	buf_printf(&sql, " ORDER BY t.%s LIMIT %d) s ORDER BY s.code, q.n LIMIT %d", book->code, FOUND_MAX, 2 * FOUND_MAX);
	return read_sql_end(sel, err);
}

const struct field *find_place(const struct selection *sel)
{
	for (size_t i = 0; i < sel->book->nfields; i++) {
		const struct field *field = &sel->book->fields[i];

		if (field->type == FT_REF && !field->computed && read_may(sel->reader, field) &&
			book_find(field->ref)->code && (book_find(field->ref)->flags & B_AREA))
			return field;
	}
	return NULL;
}

const char *find_subject(const struct book *book)
{
	if (book->flags & B_SUBJECT)
		return read_key(book);
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_SUBJECT)
			return book->fields[i].name;
	return read_key(book);
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
	buf_printf(sel->sql, " WHERE k.area = a.area AND k.book = '%s' AND k.key >= q.low AND k.key < q.high", book->name);
	if (!is_seen) {
		buf_puts(sel->sql, " AND ");
		read_scope_sql(sel);
	}
	buf_printf(sel->sql, " ORDER BY k.key, k.record LIMIT %d", FOUND_MAX);
}

/* Stretches of all areas, merged; only what is left of each is looked up. */
static enum err select_keys(struct selection *sel, const char *table, const struct ranges *ranges)
{
	const struct book *book = sel->book;
	const struct field *place = find_place(sel);
	const struct book *to = place ? book_find(place->ref) : NULL;
	struct buf sql;
	enum err err;

	read_sql_begin(sel, &sql);
	sel->areas_at = read_param(sel, sel->reader->areas);
	buf_printf(&sql, "SELECT t.%s, s.title, s.key, q.n, %s%s, t.%s FROM ", read_key(book), to ? "r." : "NULL", to ? to->code : "",
		find_subject(book));
	err = ranges_sql(sel, ranges);
	buf_printf(&sql, " CROSS JOIN LATERAL (SELECT m.* FROM unnest($%d::int[]) a(area) CROSS JOIN LATERAL (", sel->areas_at);
	stretch_sql(sel, table);
	buf_printf(&sql, ") m ORDER BY m.key, m.record LIMIT %d) s JOIN lodge.%s t ON t.%s = s.record", FOUND_MAX, book->name, read_key(book));
	if (to)
		buf_printf(&sql, " LEFT JOIN lodge.%s r ON r.%s = t.%s", to->name, read_key(to), place->name);
	buf_puts(&sql, " WHERE ");
	read_scope_sql(sel);
	return read_sql_end(sel, err);
}

bool find_has_field(const struct reader *reader, const struct book *book, unsigned flag)
{
	for (size_t i = 0; i < book->nfields; i++)
		if ((book->fields[i].flags & flag) && read_may(reader, &book->fields[i]))
			return true;
	return false;
}

static bool add(struct job *job, const struct book *book, const struct ranges *ranges)
{
	struct search *search = job->own;
	struct selection *sel = job_select(job, book);
	enum err err = ERR_NOMEM;

	search->asked[job->nstmts] = ranges;
	if (sel && ranges == &search->codes)
		err = select_codes(sel, ranges);
	else if (sel)
		err = select_keys(sel, ranges == &search->names ? "search_name" : "search_contact", ranges);
	return job_add(job, sel, err);
}

/* Codes of books whose records show something: what is found must be worth opening. */
static bool add_book(struct job *job, const struct book *book)
{
	const struct search *search = job->own;
	const struct field *code = book->code ? book_field(book, book->code) : NULL;
	bool fine = true;

	if (!(book->readers & BIT(job->reader->role)) || !(book->flags & B_AREA))
		return true;
	if (code && book->nparts && search->codes.n && read_may(job->reader, code))
		fine = add(job, book, &search->codes);
	if (fine && search->names.n && find_has_field(job->reader, book, F_SEARCH))
		fine = add(job, book, &search->names);
	if (fine && search->phones.n && find_has_field(job->reader, book, F_PHONE))
		fine = add(job, book, &search->phones);
	return fine;
}

/* The first answer. Only an empty one may wait for the second, and only when that comes at once. */
static void find_answer(struct job *job, const struct rows *const *rows)
{
	struct search *search = job->own;
	bool more;

	find_take(job, rows);
	more = search->nhits < FOUND_FEW && find_may_be_typo(job, search);
	if (more && search->nhits == 0 && lane_is_idle(LANE_REPORT))
		find_typo(job->rq, search, false);
	else
		find_send(job, more);
}

/* --- the text ---------------------------------------------------------------------------- */

static void add_range(struct ranges *ranges, const char *text, enum why why, bool is_whole)
{
	if (text && *text && ranges->n < RANGES_MAX)
		ranges->list[ranges->n++] = (struct range){.text = text, .why = why, .is_whole = is_whole};
}

static enum err search_read(struct arena *arena, struct search *search)
{
	enum err err = search_query(arena, search->text, &search->words);

	if (err == OK)
		err = search_code(arena, search->words.folded, &search->code);
	if (err == OK)
		err = search_phone(arena, search->words.folded, &search->phone);
	if (err != OK)
		return err;
	for (size_t i = 0; i < search->code.nspellings; i++)
		add_range(&search->codes, search->code.spellings[i], WHY_CODE, search->code.is_guess);
	add_range(&search->names, search->words.given, WHY_MARK, false);
	add_range(&search->names, search->words.plain, WHY_PREFIX, false);
	add_range(&search->names, search->words.initials, WHY_INITIALS, false);
	add_range(&search->phones, search->phone.tail, WHY_PHONE, false);
	add_range(&search->phones, search->phone.head, WHY_PHONE, false);
	return OK;
}

/* Reads the question; false: answered. */
static bool question_read(struct request *rq, struct search *search, bool *typo)
{
	const struct node *node = node_get(rq->params, "text"), *second = node_get(rq->params, "typo");
	const char *clean = NULL, *why = N_("Write what to look for: at most 80 characters.");
	enum err err;

	if (second && second->type != NODE_BOOL) {
		engine_refuse_member(rq, "typo", N_("This must be true or false."));
		return false;
	}
	*typo = second && second->b;
	if (!node || node->type != NODE_STRING ||
		text_clean(rq->arena, node->s, node->len, false, &clean, &why) != OK) {
		engine_refuse_member(rq, "text", why);
		return false;
	}
	clean += strspn(clean, " ");
	if (!*clean || text_chars(clean) > TEXT_MAX) {
		engine_refuse_member(rq, "text", why);
		return false;
	}
	search->text = clean;
	err = search_read(rq->arena, search);
	if (err != OK)
		request_refuse(rq, err, NULL);
	return err == OK;
}

static void find_first(struct request *rq, struct job *job)
{
	for (size_t i = 0; i < nbooks; i++)
		if (!add_book(job, books[i]))
			return;
	if (job->nstmts)
		job_read(job);
	else
		request_result(rq, "{\"rows\":[]}", strlen("{\"rows\":[]}"));
}

void engine_find(struct request *rq)
{
	static const char *const members[] = {"text", "typo", NULL};
	struct search *search = arena_alloc(rq->arena, sizeof(*search));
	struct job *job;
	bool typo;

	if (!search) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return;
	}
	if (!engine_knows_members(rq, members) || !question_read(rq, search, &typo))
		return;
	job = job_new(rq, NULL, find_answer);
	if (!job)
		return;
	job->own = search;
	if (!typo)
		find_first(rq, job);
	else if (find_may_be_typo(job, search))
		find_typo(rq, search, true);
	else
		find_send(job, false);
}
