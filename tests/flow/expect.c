/*
 * expect.c - the directive "expect": what came against what the script wants.
 *
 * Each kind of expectation is a row of the table at the end. Not for: doing anything.
 * Trap: a failure prints the whole answer, because the next question is always "what came?".
 */
#include "tests/flow/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/flow/match.h"
#include "tests/flow/script.h"

enum { SILENCE_MS = 1200 };

/* Fails with what was wanted and the whole answer that came. */
static bool expect_miss(const char *wanted, const char *at)
{
	char *came = play.last != NULL ? json_dumps(play.last, JSON_COMPACT) : NULL;

	play_fail("came   %.1800s\nwanted %.800s%s%s", came != NULL ? came : "nothing", wanted,
	    at[0] != '\0' ? ", differs at " : "", at);
	free(came);
	return false;
}

/* Compares a part of the last answer with the JSON the script gave; no JSON wants nothing. */
static bool expect_part(const char *path, const char *wanted, const char *said)
{
	json_t *want = wanted[0] != '\0' ? json_loads(wanted, JSON_DECODE_ANY, NULL) : json_object();
	char where[160] = "";
	bool ok;

	if (want == NULL)
		return play_fail("the script's JSON is malformed: %s", wanted);
	ok = play.newest == NEWEST_ANSWER && match_path(play.last, path) != NULL &&
	    (wanted[0] == '\0' || match_json(want, match_path(play.last, path), where, sizeof(where)));
	json_decref(want);
	return ok || expect_miss(said, where);
}

static bool expect_ok(const char *kind, char *rest)
{
	char said[1024];

	(void)kind;
	snprintf(said, sizeof(said), "ok %.900s", rest);
	return expect_part("result", rest, said);
}

static bool expect_code(const char *kind, char *rest)
{
	const char *code = json_string_value(match_path(play.last, "error.data.code"));
	char said[1024];

	snprintf(said, sizeof(said), "%s %.900s", kind, rest);
	if (play.newest != NEWEST_ANSWER || code == NULL || strcmp(code, kind) != 0)
		return expect_miss(said, "");
	return expect_part("error.data", rest, said);
}

/* code WORD: the error code, whatever the rule */
static bool expect_word(const char *kind, char *rest)
{
	kind = script_word(&rest);
	return expect_code(kind, rest);
}

/* refused RULE [JSON] */
static bool expect_refused(const char *kind, char *rest)
{
	char said[1024];
	const char *rule, *came;

	snprintf(said, sizeof(said), "%s %.900s", kind, rest);
	rule = script_word(&rest);
	came = json_string_value(match_path(play.last, "error.data.rule"));
	if (came == NULL || strcmp(came, rule) != 0)
		return expect_miss(said, "");
	return expect_code(kind, rest);
}

/* invalid [field=NAME] [JSON]: the field is named alone or among all that are wrong */
static bool expect_invalid(const char *kind, char *rest)
{
	char said[1024], wanted[256];

	snprintf(said, sizeof(said), "%s %.900s", kind, rest);
	if (strncmp(rest, "field=", 6) == 0) {
		const char *field = script_word(&rest) + 6;
		const char *one = json_string_value(match_path(play.last, "error.data.field"));

		snprintf(wanted, sizeof(wanted), "{\"fields\":[{\"field\":\"%.100s\",\"message\":\"*\"}]}", field);
		if ((one == NULL || strcmp(one, field) != 0) && !expect_part("error.data", wanted, said))
			return false;
	}
	return expect_code(kind, rest);
}

/* error -32601: JSON-RPC's own codes */
static bool expect_error(const char *kind, char *rest)
{
	char said[64];

	snprintf(said, sizeof(said), "%s %.50s", kind, rest);
	return json_integer_value(match_path(play.last, "error.code")) == strtol(rest, NULL, 10) ||
	    expect_miss(said, "");
}

/* rows N | rows at least N: of the answer or the SQL, whichever is newer */
static bool expect_rows(const char *kind, char *rest)
{
	bool least = strncmp(rest, "at least ", 9) == 0;
	long wanted = strtol(least ? rest + 9 : rest, NULL, 10);
	json_t *rows = match_path(play.last, "result.rows");
	long came = play.newest == NEWEST_TABLE ? play.table.rows : (long)json_array_size(rows);

	(void)kind;
	if (play.newest == NEWEST_TABLE && strcmp(play.table.sqlstate, "00000") != 0)
		return play_fail("came   %s %s\nwanted %ld rows", play.table.sqlstate,
		    play.table.message, wanted);
	if (play.newest != NEWEST_TABLE && rows == NULL)
		return expect_miss("rows", "");
	return (least ? came >= wanted : came == wanted) ||
	    play_fail("came   %ld rows\nwanted %s%ld", came, least ? "at least " : "", wanted);
}

/* sqlstate NNNNN | sqlstate not 00000: whatever the error */
static bool expect_sqlstate(const char *kind, char *rest)
{
	(void)kind;
	if (strcmp(rest, "not 00000") == 0 && strcmp(play.table.sqlstate, "00000") != 0)
		return true;
	return strcmp(play.table.sqlstate, rest) == 0 || play_fail("came   %s %s\nwanted %s",
	    play.table.sqlstate, play.table.message, rest);
}

/* cell TEXT: the first cell of the last SQL; "null" for NULL */
static bool expect_cell(const char *kind, char *rest)
{
	const char *cell = store_cell(0, 0);

	(void)kind;
	if (strcmp(play.table.sqlstate, "00000") != 0 || play.table.rows < 1)
		return play_fail("came   %s %s, %d rows\nwanted %s", play.table.sqlstate,
		    play.table.message, play.table.rows, rest);
	return strcmp(cell != NULL ? cell : "null", rest) == 0 ||
	    play_fail("came   %s\nwanted %s", cell != NULL ? cell : "null", rest);
}

/* text absent "…" | text present "…": in all that this person got since the test began */
static bool expect_text(const char *kind, char *rest)
{
	bool absent = strcmp(script_word(&rest), "absent") == 0;
	json_t *text = json_loads(rest, JSON_DECODE_ANY, NULL);
	bool ok;

	(void)kind;
	if (play.who == NULL || !json_is_string(text) || json_string_length(text) == 0) {
		json_decref(text);
		return play_fail("write: expect text absent \"not empty\"");
	}
	ok = person_has_seen(play.who, json_string_value(text)) != absent;
	json_decref(text);
	return ok || play_fail("%s has %s seen %s", play.who->label, absent ? "" : "not", rest);
}

/* member PATH JSON | member absent PATH */
static bool expect_member(const char *kind, char *rest)
{
	char *path = script_word(&rest), said[1024];

	(void)kind;
	if (strcmp(path, "absent") == 0)
		return (play.newest == NEWEST_ANSWER && match_path(play.last, rest) == NULL) ||
		    expect_miss("the member to be absent", rest);
	snprintf(said, sizeof(said), "%.200s %.800s", path, rest);
	return expect_part(path, rest, said);
}

/* tally WORD [at least] N: so many racers got this */
static bool expect_tally(const char *kind, char *rest)
{
	char *word = script_word(&rest), all[1024] = "";
	bool least = strncmp(rest, "at least ", 9) == 0;
	int wanted = (int)strtol(rest + (least ? 9 : 0), NULL, 10), came = 0;
	size_t n = 0;

	(void)kind;
	for (size_t i = 0; i < play.ntally && n < sizeof(all) - 64; i++) {
		n += (size_t)snprintf(all + n, sizeof(all) - n, " %s %d", play.tally[i].word,
		    play.tally[i].count);
		if (strcmp(play.tally[i].word, word) == 0)
			came = play.tally[i].count;
	}
	return (least ? came >= wanted : came == wanted) || play_fail("came  %s\nwanted %s %d", all, word, wanted);
}

/* notified METHOD JSON [within 1 s is the contract] | silence METHOD JSON */
static bool expect_notified(const char *kind, char *rest)
{
	bool silence = strcmp(kind, "silence") == 0;
	char *method = script_word(&rest);
	json_t *wanted = json_loads(rest[0] != '\0' ? rest : "{}", 0, NULL);
	bool came;

	if (play.who == NULL || wanted == NULL) {
		json_decref(wanted);
		return play_fail("write: expect %s METHOD JSON", kind);
	}
	came = person_notified(play.who, method, wanted, silence ? SILENCE_MS : 1000);
	json_decref(wanted);
	return came != silence || play_fail("%s was %s %s %s", play.who->label,
	    silence ? "notified of" : "not notified within 1 s of", method, rest);
}

/* nothing: no record and no rows, by whatever answer */
static bool expect_nothing(const char *kind, char *rest)
{
	json_t *rows = match_path(play.last, "result.rows");
	const char *code = json_string_value(match_path(play.last, "error.data.code"));

	(void)rest;
	if (code != NULL)
		return strcmp(code, "not_found") == 0 || strcmp(code, "forbidden") == 0 ||
		    strcmp(code, "invalid") == 0 || expect_miss(kind, "");
	return (rows != NULL && json_array_size(rows) == 0) || expect_miss(kind, "");
}

/* answer JSON: the very same answer, all of it but its id */
static bool expect_answer(const char *kind, char *rest)
{
	json_t *wanted = json_loads(rest, 0, NULL), *came = json_copy(play.last);
	bool same;

	json_object_del(came, "id");
	same = play.newest == NEWEST_ANSWER && json_equal(wanted, came);
	json_decref(wanted);
	json_decref(came);
	(void)kind;
	return same || expect_miss(rest, "");
}

/* may | not: the role may do this at all, whatever state and guards then say; LOAN-07 and LOAN-16
 * are the rules by which a guard says that another role has to do it */
static bool expect_may(const char *kind, char *rest)
{
	const char *code = json_string_value(match_path(play.last, "error.data.code"));
	const char *rule = json_string_value(match_path(play.last, "error.data.rule"));
	bool may = code == NULL || (strcmp(code, "forbidden") != 0 && strcmp(code, "not_found") != 0);

	(void)rest;
	if (rule != NULL && (strcmp(rule, "LOAN-07") == 0 || strcmp(rule, "LOAN-16") == 0))
		may = false;
	return may == (strcmp(kind, "may") == 0) || expect_miss(kind, "");
}

static bool expect_line(const char *kind, char *rest)
{
	bool closed = strcmp(kind, "closed") == 0;

	(void)rest;
	if (play.who == NULL)
		return play_fail("nobody is connected");
	return wire_is_closed(play.who->wire, closed ? 3000 : 200) == closed ||
	    play_fail("the connection is %s", closed ? "still open" : "closed");
}

static const struct expectation {
	const char *kind;
	bool (*check)(const char *kind, char *rest);
} expectations[] = {
	{ "ok", expect_ok }, { "refused", expect_refused }, { "invalid", expect_invalid },
	{ "forbidden", expect_code }, { "not_found", expect_code }, { "conflict", expect_code },
	{ "busy", expect_code }, { "locked", expect_code }, { "too_big", expect_code },
	{ "degraded", expect_code }, { "indeterminate", expect_code }, { "error", expect_error },
	{ "rows", expect_rows }, { "sqlstate", expect_sqlstate }, { "cell", expect_cell },
	{ "text", expect_text }, { "member", expect_member }, { "tally", expect_tally },
	{ "notified", expect_notified }, { "silence", expect_notified },
	{ "code", expect_word }, { "nothing", expect_nothing }, { "answer", expect_answer }, { "may", expect_may }, { "not", expect_may },
	{ "closed", expect_line }, { "open", expect_line },
};

bool step_expect(char *rest)
{
	const char *kind = script_word(&rest);

	for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++)
		if (strcmp(expectations[i].kind, kind) == 0)
			return expectations[i].check(kind, rest);
	return play_fail("there is no expectation \"%s\"", kind);
}
