/*
 * find_typo.c - the second answer of find: names that are nearly what was typed.
 *
 * Two steps: lodge.find_typo on the lane of the reports, which is slow and bounded, names candidates;
 * then the reader's own lane reads them as it reads any list. Not for: the first answer, which
 * never waits for this. Trap: a request that is answered is gone; whoever fails here answers.
 */
#include <string.h>

#include "server/array.h"
#include "server/find.h"

/* Fewer letters are similar to everything. */
enum { TYPO_MIN = 4, CANDIDATES_MAX = 200, EDIT_MAX = 64, SLIP_EVERY = 6 };
enum { TYPO_BOOK, TYPO_ID, TYPO_TITLE, TYPO_KEY };

/* What the first step is about; its job ends when the second one begins. */
struct typo {
	struct search *search;
	bool patient;
	const char *params[3];
};

bool find_may_be_typo(const struct job *job, const struct search *search)
{
	const char *latin = search->words.latin;

	if (strlen(latin) < TYPO_MIN || latin[strcspn(latin, "0123456789")])
		return false;
	for (size_t i = 0; i < nbooks; i++)
		if ((books[i]->readers & BIT(job->reader->role)) && find_has_field(job->reader, books[i], F_SEARCH))
			return true;
	return false;
}

/* --- how near two words are ---------------------------------------------------------------- */

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Slips that lead from the typed word to the name: letters too many, too few, wrong, or two in the
 * wrong order. *start: to the nearest beginning of the name, since nobody types names to the end. */
static int slips(const char *typed, const char *name, int *start)
{
	int rows[3][EDIT_MAX + 1] = {{0}}, n = least((int)strlen(typed), EDIT_MAX), m = least((int)strlen(name), EDIT_MAX);

	for (int k = 0; k <= m; k++)
		rows[0][k] = k;
	for (int i = 1; i <= n; i++) {
		int *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

		row[0] = i;
		for (int k = 1; k <= m; k++) {
			row[k] = least(least(above[k], row[k - 1]) + 1, above[k - 1] + (typed[i - 1] != name[k - 1]));
			if (i > 1 && k > 1 && typed[i - 1] == name[k - 2] && typed[i - 2] == name[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	*start = rows[n % 3][0];
	for (int k = 1; k <= m; k++)
		*start = least(*start, rows[n % 3][k]);
	return rows[n % 3][m];
}

/* The order of a candidate as text of equal length, or NULL when it is too far away. */
static const char *distance_of(struct arena *arena, const char *typed, const char *key)
{
	int start, whole = slips(typed, *key == SEARCH_WHOLE ? key + 1 : key, &start);

	if (start > 1 + (int)strlen(typed) / SLIP_EVERY)
		return NULL;
	return arena_printf(arena, "%02d%02d", start, whole);
}

/* --- the second step: what the reader may see of it ---------------------------------------- */

static void typo_found(struct job *job, const struct rows *const *rows)
{
	find_send(job, rows[0], false);
}

static void add_book(struct selection *sel, const struct book *book, const struct search *search, const struct rows *rows)
{
	const char *columns[3][CANDIDATES_MAX], *arrays[3], *distance;
	bool fine = true;
	size_t n = 0;

	for (size_t row = 0; row < rows_count(rows) && n < CANDIDATES_MAX; row++) {
		if (strcmp(rows_get(rows, row, TYPO_BOOK), book->name) != 0)
			continue;
		distance = distance_of(sel->arena, search->words.latin, rows_get(rows, row, TYPO_KEY));
		if (!distance)
			continue;
		columns[0][n] = rows_get(rows, row, TYPO_ID);
		columns[1][n] = rows_get(rows, row, TYPO_TITLE);
		columns[2][n++] = distance;
	}
	for (size_t i = 0; i < 3; i++)
		fine = (arrays[i] = array_of_texts(sel->arena, columns[i], n)) != NULL && fine;
	if (n && fine)
		find_sql_records(sel, book, arrays);
	sel->sql->failed = sel->sql->failed || !fine;
}

static void read_candidates(struct request *rq, struct search *search, const struct rows *rows)
{
	struct job *job = job_new(rq, NULL, typo_found, 0);
	struct buf sql;
	struct selection *sel = job ? find_sql_begin(job, &sql) : NULL;

	if (!job)
		return;
	for (size_t i = 0; sel && i < nbooks; i++)
		if (find_has_field(job->reader, books[i], F_SEARCH))
			add_book(sel, books[i], search, rows);
	if (sel && !sql.len && !sql.failed) {
		buf_done(&sql);
		find_send(job, NULL, false);
	} else if (job_add(job, sel, sel ? find_sql_end(sel, "g.key, g.is_subject") : ERR_NOMEM)) {
		job_read(job);
	}
}

/* --- the first step: candidates ------------------------------------------------------------ */

static void typo_done(struct call *call, const struct rows *const *rows, enum err err, const char *sqlstate)
{
	struct job *job = call->ctx;
	struct typo *typo = job->own;
	struct search *search = typo->search;

	(void)sqlstate;
	if (err == OK) {
		read_candidates(job->rq, search, rows[1]);
	} else if (typo->patient) {
		request_refuse(job->rq, err == ERR_INVALID ? ERR_DEGRADED : err, NULL);
	} else {
		find_send(job, NULL, true);
	}
}

void find_typo(struct request *rq, struct search *search, bool patient)
{
	struct job *job = job_new(rq, NULL, NULL, sizeof(struct typo));
	struct typo *typo = job ? job->own : NULL;

	if (!job)
		return;
	*typo = (struct typo){.search = search, .patient = patient, .params = {job->token, search->words.plain, search->words.latin}};
	job->stmts[0] = (struct stmt){.sql = "SELECT set_config('statement_timeout', '400ms', true)"};
	job->stmts[1] = (struct stmt){.sql = "SELECT book, record, title, key FROM lodge.find_typo($1, $2, $3)", .nparams = 3, .params = typo->params};
	job->nstmts = 2;
	job->call = (struct call){.stmts = job->stmts, .nstmts = job->nstmts, .done = typo_done, .ctx = job};
	if (lane_submit(LANE_REPORT, &job->call) != OK)
		typo_done(&job->call, NULL, ERR_BUSY, "");
}
