/*
 * engine_find.c - find: codes, names, telephones, in the order of the contract.
 *
 * One statement a book and kind, together in one round trip; each is scoped like a list of its
 * book. Not for: typing mistakes (the slow lane's matter, later). Trap: a title is a name; it is
 * looked for only on behalf of readers whose level covers it, and a number only by CONTACT.
 */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "server/engine_own.h"
#include "server/lookup.h"
#include "server/search_key.h"

enum { FOUND_MAX = 20, HITS_MAX = 400, TEXT_MAX = 80, DIGITS_MIN = 4 };

/* In the order of the answer. */
enum why { WHY_EXACT, WHY_CODE, WHY_MARK, WHY_PREFIX, WHY_INITIALS, WHY_PHONE, WHY_END };
static const char *const why_words[WHY_END] = {
	[WHY_EXACT] = "code", [WHY_CODE] = "code", [WHY_MARK] = "mark", [WHY_PREFIX] = "prefix",
	[WHY_INITIALS] = "initials", [WHY_PHONE] = "phone",
};

enum kind { KIND_UNSET, KIND_CODE, KIND_NAME, KIND_PHONE };

struct hit {
	const char *book, *id, *code, *title, *place;
	enum why why;
};

struct search {
	const char *text, *key, *digits; /* as typed; as names and numbers are kept, or NULL */
	enum kind kinds[JOB_SELECTIONS_MAX];
	struct hit hits[HITS_MAX];
	size_t nhits;
	bool is_unnoted; /* a look-up that cannot be logged */
};

/* Cells of a name or number. */
enum { FOUND_ID, FOUND_TITLE, FOUND_KEY, FOUND_PLACE, FOUND_SUBJECT };

/* --- asking ------------------------------------------------------------------------------ */

/* column >= text and column < text with the last character of all behind it: both ends are of the
 * index, whatever plan is kept. */
static void prefix_sql(struct selection *sel, const char *column, const char *text)
{
	const char *end = arena_printf(sel->arena, "%s\xf4\x8f\xbf\xbf", text);

	buf_printf(sel->sql, " AND %s >= $%d AND %s < $%d", column, read_param(sel, text), column,
		read_param(sel, end ? end : text));
}

static enum err select_codes(struct selection *sel, const char *text)
{
	const char *code = sel->book->code, *column = arena_printf(sel->arena, "t.%s", code);
	struct buf sql;

	if (!column)
		return ERR_NOMEM;
	read_sql_begin(sel, &sql);
	buf_printf(&sql, "SELECT t.%s, %s FROM lodge.%s t WHERE ", read_key(sel->book), column,
		sel->book->name);
	read_scope_sql(sel);
	prefix_sql(sel, column, text);
	buf_printf(&sql, " ORDER BY %s LIMIT %d", column, FOUND_MAX);
	return read_sql_end(sel, OK);
}

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

static const char *subject_column(const struct book *book)
{
	if (book->flags & B_SUBJECT)
		return read_key(book);
	for (size_t i = 0; i < book->nfields; i++)
		if (book->fields[i].flags & F_SUBJECT)
			return book->fields[i].name;
	return read_key(book);
}

static enum err select_keys(struct selection *sel, const char *table, const char *key)
{
	const struct book *book = sel->book, *to;
	const struct field *place = place_of(sel);
	struct buf sql;

	read_sql_begin(sel, &sql);
	to = place ? book_find(place->ref) : NULL;
	buf_printf(&sql, "SELECT s.record, s.title, s.key, %s%s, t.%s FROM unnest($%d::int[]) a(area) "
		"CROSS JOIN LATERAL (SELECT n.record, n.title, n.key FROM lodge.%s n WHERE n.area = a.area "
		"AND n.book = '%s'", to ? "r." : "NULL", to ? to->code : "", subject_column(book),
		read_param(sel, sel->reader->areas), table, book->name);
	sel->areas_at = 1;
	prefix_sql(sel, "n.key", key);
	buf_printf(&sql, " ORDER BY n.key LIMIT %d) s JOIN lodge.%s t ON t.%s = s.record", FOUND_MAX,
		book->name, read_key(book));
	if (to)
		buf_printf(&sql, " LEFT JOIN lodge.%s r ON r.%s = t.%s", to->name, read_key(to), place->name);
	buf_puts(&sql, " WHERE ");
	read_scope_sql(sel);
	buf_printf(&sql, " ORDER BY s.key, s.record LIMIT %d", 2 * FOUND_MAX);
	return read_sql_end(sel, OK);
}

static bool has_field(const struct reader *reader, const struct book *book, unsigned flag)
{
	for (size_t i = 0; i < book->nfields; i++)
		if ((book->fields[i].flags & flag) && read_may(reader, &book->fields[i]))
			return true;
	return false;
}

static bool add(struct job *job, const struct book *book, enum kind kind)
{
	struct search *search = job->own;
	struct selection *sel = job_select(job, book);
	enum err err = ERR_NOMEM;

	search->kinds[job->nstmts] = kind;
	if (sel && kind == KIND_CODE)
		err = select_codes(sel, search->text);
	else if (sel && kind == KIND_NAME)
		err = select_keys(sel, "search_name", search->key);
	else if (sel)
		err = select_keys(sel, "search_contact", search->digits);
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
	if (code && book->nparts && read_may(job->reader, code))
		fine = add(job, book, KIND_CODE);
	if (fine && search->key && has_field(job->reader, book, F_SEARCH))
		fine = add(job, book, KIND_NAME);
	if (fine && search->digits && has_field(job->reader, book, F_PHONE))
		fine = add(job, book, KIND_PHONE);
	return fine;
}

/* --- judging what came ------------------------------------------------------------------- */

/* Initials are the one key of a name that is no ending of a longer one. */
static bool is_ending(struct arena *arena, const char *title, const char *key)
{
	const char **keys = NULL;
	size_t n = 0, len = strlen(key);
	bool is_longest = true;

	if (search_keys(arena, title, &keys, &n) != OK)
		return true;
	for (size_t i = 0; i < n; i++)
		if (strlen(keys[i]) > len) {
			is_longest = false;
			if (strcmp(keys[i] + strlen(keys[i]) - len, key) == 0)
				return true;
		}
	return is_longest;
}

static bool has_marks(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return true;
	return false;
}

static enum why why_of(struct job *job, const struct search *search, enum kind kind,
	const char *title, const char *key)
{
	if (kind == KIND_PHONE)
		return WHY_PHONE;
	if (kind == KIND_CODE)
		return strcmp(title, search->text) == 0 ? WHY_EXACT : WHY_CODE;
	if (has_marks(search->text) && strstr(title, search->text))
		return WHY_MARK;
	return is_ending(job->rq->arena, title, key) ? WHY_PREFIX : WHY_INITIALS;
}

static void take(struct job *job, size_t stmt, const struct rows *rows, size_t row)
{
	struct search *search = job->own;
	enum kind kind = search->kinds[stmt];
	struct hit hit = {.book = job->sels[stmt]->book->name, .id = rows_get(rows, row, FOUND_ID),
		.title = rows_get(rows, row, FOUND_TITLE)};

	if (!hit.id || !hit.title)
		return;
	hit.why = why_of(job, search, kind, hit.title, rows_get(rows, row, FOUND_KEY));
	if (kind == KIND_CODE)
		hit.code = hit.title;
	else
		hit.place = rows_get(rows, row, FOUND_PLACE);
	if (kind == KIND_PHONE && !lookup_saw(job->rq->session, rows_get(rows, row, FOUND_SUBJECT)))
		search->is_unnoted = true;
	for (size_t i = 0; i < search->nhits; i++)
		if (search->hits[i].book == hit.book && strcmp(search->hits[i].id, hit.id) == 0) {
			if (hit.why < search->hits[i].why)
				search->hits[i] = hit;
			return;
		}
	if (search->nhits < HITS_MAX)
		search->hits[search->nhits++] = hit;
}

static void put_hit(struct buf *out, const struct hit *hit)
{
	buf_printf(out, "{\"book\":\"%s\",\"id\":%s,", hit->book, hit->id);
	if (hit->code) {
		buf_puts(out, "\"code\":");
		buf_json_str(out, hit->code);
		buf_puts(out, ",");
	}
	buf_puts(out, "\"title\":");
	if (hit->place) {
		struct buf title;

		buf_init(&title, 1024);
		buf_printf(&title, "%s, %s", hit->title, hit->place);
		buf_json_str(out, title.failed ? hit->title : title.data);
		buf_done(&title);
	} else {
		buf_json_str(out, hit->title);
	}
	buf_printf(out, ",\"why\":\"%s\"}", why_words[hit->why]);
}

static void find_answer(struct job *job, const struct rows *const *rows)
{
	struct search *search = job->own;
	size_t shown = 0;
	struct buf out;

	for (size_t i = 0; i < job->nstmts; i++)
		for (size_t row = 0; row < rows_count(rows[i]); row++)
			take(job, i, rows[i], row);
	if (search->is_unnoted) {
		request_refuse(job->rq, ERR_BUSY, NULL);
		return;
	}
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (int why = 0; why < WHY_END; why++)
		for (size_t i = 0; i < search->nhits && shown < FOUND_MAX; i++) {
			if ((int)search->hits[i].why != why)
				continue;
			buf_puts(&out, shown++ ? "," : "");
			put_hit(&out, &search->hits[i]);
		}
	buf_puts(&out, "]}");
	job_result(job, &out);
}

/* --- the text ---------------------------------------------------------------------------- */

/* The digits of something that looks like a telephone number, or NULL. */
static const char *digits_of(struct arena *arena, const char *text)
{
	char *digits = arena_strdup(arena, text), *to = digits;

	if (!digits || text[strspn(text, "0123456789 +-./()")])
		return NULL;
	for (const char *c = text; *c; c++)
		if (*c >= '0' && *c <= '9')
			*to++ = *c;
	*to = '\0';
	return to - digits >= DIGITS_MIN ? digits : NULL;
}

static const char *searched_text(struct request *rq, struct search *search)
{
	const struct node *node = node_get(rq->params, "text");
	const char *clean = NULL, *why = N_("Write what to look for: at most 80 characters.");

	if (!node || node->type != NODE_STRING ||
		text_clean(rq->arena, node->s, node->len, false, &clean, &why) != OK)
		return why;
	clean += strspn(clean, " ");
	if (!*clean || text_chars(clean) > TEXT_MAX)
		return why;
	search->text = clean;
	if (search_query(rq->arena, clean, &search->key) != OK || !search->key[0])
		search->key = NULL;
	search->digits = digits_of(rq->arena, clean);
	return NULL;
}

void engine_find(struct request *rq)
{
	static const char *const members[] = {"text", NULL};
	struct search *search = arena_alloc(rq->arena, sizeof(*search));
	struct job *job;
	const char *why;

	if (!search) {
		request_refuse(rq, ERR_NOMEM, NULL);
		return;
	}
	if (!engine_knows_members(rq, members))
		return;
	why = searched_text(rq, search);
	if (why) {
		engine_refuse_member(rq, "text", why);
		return;
	}
	job = job_new(rq, NULL, find_answer);
	if (!job)
		return;
	job->own = search;
	for (size_t i = 0; i < nbooks; i++)
		if (!add_book(job, books[i]))
			return;
	if (job->nstmts)
		job_read(job);
	else
		request_result(rq, "{\"rows\":[]}", strlen("{\"rows\":[]}"));
}
