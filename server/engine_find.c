/*
 * engine_find.c - find: codes, names, telephones, in the order of the contract.
 *
 * One statement in one round trip. Not for: the statement (find_sql.c) and typing mistakes
 * (find_typo.c). Trap: a title is a name; it is looked for only on behalf of readers whose level
 * covers it, and a number only by CONTACT.
 */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "server/array.h"
#include "server/find.h"
#include "server/lookup.h"

enum { TEXT_MAX = 80, FOUND_FEW = 5, RANK_OTHER_SCRIPT = 3 * WHY_MARK + 1 };

/* --- the answer -------------------------------------------------------------------------- */

/* A whole name in the other Chinese script ranks with the marks, but says what it is. */
static enum why why_of(const struct rows *rows, size_t row)
{
	int rank = (int)strtol(rows_get(rows, row, FOUND_RANK), NULL, 10);

	return rank == RANK_OTHER_SCRIPT ? WHY_PREFIX : (enum why)(rank / 3);
}

static void put_hit(struct buf *out, const struct rows *rows, size_t row)
{
	static const char *const why_words[] = {
		[WHY_EXACT] = "code", [WHY_CODE] = "code", [WHY_MARK] = "mark", [WHY_PREFIX] = "prefix",
		[WHY_INITIALS] = "initials", [WHY_PHONE] = "phone", [WHY_TYPO] = "typo",
	};
	const char *code = rows_get(rows, row, FOUND_CODE);

	buf_printf(out, "%s{\"book\":\"%s\",\"id\":%s,", row ? "," : "", rows_get(rows, row, FOUND_BOOK), rows_get(rows, row, FOUND_ID));
	if (code) {
		buf_puts(out, "\"code\":");
		buf_json_str(out, code);
		buf_puts(out, ",");
	}
	buf_puts(out, "\"title\":");
	buf_json_str(out, rows_get(rows, row, FOUND_TITLE));
	buf_printf(out, ",\"why\":\"%s\"}", why_words[why_of(rows, row)]);
}

void find_send(struct job *job, const struct rows *rows, bool more)
{
	size_t n = rows ? rows_count(rows) : 0;
	struct buf out;

	/* Whoever is found by a number has his number confirmed: a look-up (CNF-01). What cannot be logged
	 * is not shown. */
	for (size_t row = 0; row < n; row++)
		if (why_of(rows, row) == WHY_PHONE && !lookup_saw(job->rq->session, rows_get(rows, row, FOUND_SUBJECT))) {
			request_refuse(job->rq, ERR_BUSY, NULL);
			return;
		}
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (size_t row = 0; row < n; row++)
		put_hit(&out, rows, row);
	buf_puts(&out, more ? "],\"more\":true}" : "]}");
	job_result(job, &out);
}

/* The first answer. Only an empty one may wait for the second, and only when that comes at once. */
static void find_answer(struct job *job, const struct rows *const *rows)
{
	struct search *search = job->own;
	bool more = rows_count(rows[0]) < FOUND_FEW && find_may_be_typo(job, search);

	if (more && rows_count(rows[0]) == 0 && lane_is_idle(LANE_REPORT))
		find_typo(job->rq, search, false);
	else
		find_send(job, rows[0], more);
}

/* --- asking ------------------------------------------------------------------------------ */

/* Codes of books whose records show something: what is found must be worth opening. */
static void add_book(struct selection *sel, const struct book *book, struct search *search)
{
	const struct field *code = book->code ? book_field(book, book->code) : NULL;

	if (!(book->readers & BIT(sel->reader->role)) || !(book->flags & B_AREA))
		return;
	if (code && book->nparts && read_may(sel->reader, code))
		find_sql_codes(sel, book, search);
	if (search->keys && find_has_field(sel->reader, book, F_SEARCH))
		find_sql_names(sel, book, search);
	if (find_has_field(sel->reader, book, F_PHONE))
		find_sql_phones(sel, book, search);
}

static void find_first(struct job *job, struct search *search)
{
	struct buf sql;
	struct selection *sel = find_sql_begin(job, &sql);

	for (size_t i = 0; sel && i < nbooks; i++)
		add_book(sel, books[i], search);
	if (sel && !sql.len && !sql.failed) {
		buf_done(&sql);
		find_send(job, NULL, false);
		return;
	}
	if (job_add(job, sel, sel ? find_sql_end(sel, "g.is_subject, g.key") : ERR_NOMEM))
		job_read(job);
}

/* --- the text ---------------------------------------------------------------------------- */

/* Simplified characters, typed, are the plain form and the given one: which of them a name has is asked
 * where it is found. Everywhere else the given form is a stretch of its own. */
static enum why why_plain(const struct search_words *words)
{
	if (!*words->plain || (unsigned char)*words->plain < 0x80)
		return WHY_PREFIX;
	return words->given ? WHY_HAN : WHY_HAN_OR_MARK;
}

static enum err search_read(struct arena *arena, struct search *search)
{
	const struct search_words *words = &search->words;
	enum err err = search_query(arena, search->text, &search->words);
	const struct { const char *key; enum why why; } known[] = {
		{words->given, WHY_MARK}, {words->plain, err == OK ? why_plain(words) : WHY_PREFIX}, {words->initials, WHY_INITIALS},
	};
	const char *keys[NITEMS(known)], *reasons = "{";
	size_t n = 0;

	for (size_t i = 0; err == OK && i < NITEMS(known) && reasons; i++)
		if (known[i].key && *known[i].key) {
			reasons = arena_printf(arena, "%s%s%d", reasons, n ? "," : "", known[i].why);
			keys[n++] = known[i].key;
		}
	if (err != OK || n == 0)
		return err;
	search->keys = array_of_texts(arena, keys, n);
	search->reasons = reasons ? arena_printf(arena, "%s}", reasons) : NULL;
	return search->keys && search->reasons ? OK : ERR_NOMEM;
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

void engine_find(struct request *rq)
{
	static const char *const members[] = {"text", "typo", NULL};
	struct job *job = job_new(rq, NULL, find_answer, sizeof(struct search));
	bool typo;

	if (!job || !engine_knows_members(rq, members) || !question_read(rq, job->own, &typo))
		return;
	if (!typo)
		find_first(job, job->own);
	else if (find_may_be_typo(job, job->own))
		find_typo(rq, job->own, true);
	else
		find_send(job, NULL, false);
}
