/*
 * find_hits.c - the hits of a search: each record once, the best reason first.
 *
 * Not for: asking (engine_find.c, find_typo.c). Trap: the order is the contract's: unit, file,
 * marks, words, initials, number, typing mistakes; then whole before beginning, person before
 * household.
 */
#include <stdlib.h>
#include <string.h>

#include "server/find.h"
#include "server/lookup.h"

static const char *const why_words[WHY_END] = {
	[WHY_EXACT] = "code", [WHY_CODE] = "code", [WHY_MARK] = "mark", [WHY_PREFIX] = "prefix",
	[WHY_INITIALS] = "initials", [WHY_PHONE] = "phone", [WHY_TYPO] = "typo",
};

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Simplified characters, typed, are the plain form and the given one: which of them the name has is
 * asked here. Everywhere else the given form is a stretch of its own. */
static enum why why_of(struct job *job, const struct search *search, const struct range *range, const char *title)
{
	bool may_be_mark = range->why == WHY_PREFIX && !search->words.given && !is_ascii(range->text);

	return may_be_mark && search_is_marked(job->rq->arena, title, range->text) ? WHY_MARK : range->why;
}

/* The range of a row; NULL for rows that do not count. */
static const struct range *range_of(const struct search *search, const struct ranges *ranges, const struct rows *rows, size_t row)
{
	const char *n = rows_get(rows, row, FOUND_RANGE), *key = rows_get(rows, row, FOUND_KEY);
	size_t at = n ? strtoul(n, NULL, 10) : 0;

	if (at < 1 || at > ranges->n || !key)
		return NULL;
	if (ranges == &search->phones && !search_phone_fits(&search->phone, key))
		return NULL;
	return &ranges->list[at - 1];
}

/* Within a reason what was typed to its end comes first. A whole name in the other Chinese script is
 * the same name: it comes before longer ones in the script that was typed. */
static int rank_of(const struct hit *hit, const struct range *range)
{
	bool is_exact = range && strcmp(hit->key, range->text) == 0;

	if (is_exact && hit->why == WHY_PREFIX && !is_ascii(range->text))
		return 3 * WHY_MARK + 1;
	return 3 * (int)hit->why + (is_exact ? 0 : 2);
}

static bool hit_of(struct job *job, size_t stmt, const struct rows *rows, size_t row, struct hit *hit)
{
	const struct search *search = job->own;
	const struct ranges *ranges = search->asked[stmt];
	const struct range *range = ranges ? range_of(search, ranges, rows, row) : NULL;
	const struct book *book = job->sels[stmt]->book;

	*hit = (struct hit){.book = book->name, .is_subject = (book->flags & B_SUBJECT) != 0, .why = WHY_TYPO,
		.id = rows_get(rows, row, FOUND_ID), .title = rows_get(rows, row, FOUND_TITLE),
		.key = rows_get(rows, row, FOUND_KEY), .place = rows_get(rows, row, FOUND_PLACE),
		.subject = rows_get(rows, row, FOUND_SUBJECT)};
	if (!hit->id || !hit->title || !hit->key || (ranges && !range))
		return false;
	if (range)
		hit->why = why_of(job, search, range, hit->title);
	if (ranges == &search->codes) {
		hit->code = hit->title;
		for (size_t i = 0; i < search->code.nspellings; i++)
			if (strcmp(search->code.spellings[i], hit->code) == 0)
				hit->why = WHY_EXACT;
	}
	hit->rank = rank_of(hit, range);
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct hit *one = a, *two = b;
	long long first, second;
	int keys;

	if (one->rank != two->rank)
		return one->rank < two->rank ? -1 : 1;
	if (one->why != WHY_TYPO && one->is_subject != two->is_subject)
		return one->is_subject ? 1 : -1;
	keys = strcmp(one->key, two->key);
	if (keys != 0)
		return keys;
	if (one->is_subject != two->is_subject)
		return one->is_subject ? 1 : -1;
	first = strtoll(one->id, NULL, 10);
	second = strtoll(two->id, NULL, 10);
	return first == second ? 0 : first < second ? -1 : 1;
}

static void add_hit(struct search *search, const struct hit *hit)
{
	for (size_t i = 0; i < search->nhits; i++)
		if (search->hits[i].book == hit->book && strcmp(search->hits[i].id, hit->id) == 0) {
			if (compare(hit, &search->hits[i]) < 0)
				search->hits[i] = *hit;
			return;
		}
	if (search->nhits < HITS_MAX)
		search->hits[search->nhits++] = *hit;
}

/* A guess that means two records means none. */
static void drop_guesses(struct search *search)
{
	size_t codes = 0, kept = 0;

	for (size_t i = 0; i < search->nhits; i++)
		codes += search->hits[i].code != NULL;
	if (!search->code.is_guess || codes < 2)
		return;
	for (size_t i = 0; i < search->nhits; i++)
		if (!search->hits[i].code)
			search->hits[kept++] = search->hits[i];
	search->nhits = kept;
}

void find_take(struct job *job, const struct rows *const *rows)
{
	struct search *search = job->own;
	struct hit hit;

	for (size_t i = 0; i < job->nstmts; i++)
		for (size_t row = 0; row < rows_count(rows[i]); row++)
			if (hit_of(job, i, rows[i], row, &hit))
				add_hit(search, &hit);
	drop_guesses(search);
	qsort(search->hits, search->nhits, sizeof(search->hits[0]), compare);
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

/* Whoever is found by a number has his number confirmed: a look-up (CNF-01). False: it cannot be
 * logged, so nothing may be shown. */
static bool note_lookups(const struct job *job, const struct search *search)
{
	bool noted = true;

	for (size_t i = 0; i < search->nhits && i < FOUND_MAX && noted; i++)
		if (search->hits[i].why == WHY_PHONE)
			noted = lookup_saw(job->rq->session, search->hits[i].subject);
	return noted;
}

void find_send(struct job *job, bool more)
{
	const struct search *search = job->own;
	struct buf out;

	if (!note_lookups(job, search)) {
		request_refuse(job->rq, ERR_BUSY, NULL);
		return;
	}
	buf_init(&out, ANSWER_MAX);
	buf_puts(&out, "{\"rows\":[");
	for (size_t i = 0; i < search->nhits && i < FOUND_MAX; i++) {
		buf_puts(&out, i ? "," : "");
		put_hit(&out, &search->hits[i]);
	}
	buf_puts(&out, more ? "],\"more\":true}" : "]}");
	job_result(job, &out);
}
