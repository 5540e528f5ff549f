/*
 * steps.c - the directives that do something: speak, ask SQL, move the clock, race.
 *
 * Not for: expectations (expect.c). Trap: a refused answer is no failure here; the script says
 * afterwards what it expected.
 */
#include "tests/flow/play.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/flow/match.h"
#include "tests/flow/script.h"
#include "tests/flow/server.h"

enum { CLIENTS = 64 };

bool step_as(char *rest)
{
	char *label = script_word(&rest);
	bool fresh = strcmp(rest, "fresh") == 0;
	struct person *p = person_as(label, fresh ? "{}" : rest[0] != '\0' ? rest : NULL);

	if (p == NULL)
		return false;
	play.who = p;
	return true;
}

bool step_connect(char *rest)
{
	char *label = script_word(&rest);

	play.who = person_connect(label, rest[0] != '\0' ? rest : NULL);
	return play.who != NULL;
}

bool step_leave(char *rest)
{
	(void)rest;
	if (play.who == NULL)
		return play_fail("nobody is here to leave");
	person_drop(play.who);
	return true;
}

bool step_call(char *rest)
{
	char *method = script_word(&rest);

	if (play.who == NULL)
		return play_fail("nobody speaks: begin with \"as PERSON\"");
	return person_call(play.who, method, rest);
}

/* send METHOD JSON: asks and does not wait. */
bool step_send(char *rest)
{
	char *method = script_word(&rest);

	if (play.who == NULL)
		return play_fail("nobody speaks: begin with \"as PERSON\"");
	return person_send(play.who, method, rest) != 0;
}

/* server start | server kill: a lodged of the test's own, reached as PERSON@own. */
bool step_server(char *rest)
{
	if (strcmp(rest, "start") == 0)
		return server_start(play.why, sizeof(play.why));
	if (strcmp(rest, "kill") != 0)
		return play_fail("write: server start, or server kill");
	server_kill();
	return true;
}

/* Turns \n \r \t \0 \\ \xNN into their bytes, in place; returns the length. */
static size_t raw_bytes(char *s)
{
	char *out = s, *start = s;

	while (*s != '\0') {
		if (s[0] != '\\' || s[1] == '\0') {
			*out++ = *s++;
		} else if (s[1] == 'x' && isxdigit((unsigned char)s[2]) &&
		    isxdigit((unsigned char)s[3])) {
			char hex[3] = { s[2], s[3], '\0' };

			*out++ = (char)strtol(hex, NULL, 16);
			s += 4;
		} else {
			*out++ = s[1] == 'n' ? '\n' : s[1] == 'r' ? '\r' : s[1] == 't' ? '\t'
			    : s[1] == '0' ? '\0' : s[1];
			s += 2;
		}
	}
	return (size_t)(out - start);
}

static bool raw_send(int times, char *bytes)
{
	size_t n = raw_bytes(bytes);

	if (play.who == NULL)
		return play_fail("nobody speaks: begin with \"as PERSON\" or \"connect NAME\"");
	while (times-- > 0)
		if (!wire_send(play.who->wire, bytes, n))
			break;
	return true;
}

bool step_raw(char *rest)
{
	return raw_send(1, rest);
}

bool step_raw_times(char *rest)
{
	int times = (int)strtol(script_word(&rest), NULL, 10);

	return raw_send(times, rest);
}

bool step_receive(char *rest)
{
	(void)rest;
	return play.who != NULL ? person_receive(play.who, 0) : play_fail("nobody listens");
}

static char *let_text(json_t *v)
{
	return v != NULL ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
}

/* cell, cell 2 (of the first row), as a JSON string. */
static char *let_cell(const char *which)
{
	const char *cell = store_cell(0, which[0] != '\0' ? (int)strtol(which, NULL, 10) - 1 : 0);
	json_t *v = cell != NULL ? json_string(cell) : json_null();
	char *text = let_text(v);

	json_decref(v);
	return text;
}

bool step_let(char *rest)
{
	char *name = script_word(&rest), *text;

	if (script_word(&rest)[0] != '=')
		return play_fail("write: let NAME = VALUE");
	if (strcmp(rest, "uuid") == 0) {
		json_t *v = json_string(play_uuid());

		text = let_text(v);
		json_decref(v);
	} else if (strncmp(rest, "cell", 4) == 0) {
		text = let_cell(rest + 4);
	} else if (strcmp(rest, "answer") == 0) {
		json_t *v = json_copy(play.last);

		json_object_del(v, "id");
		text = let_text(v);
		json_decref(v);
	} else if (strncmp(rest, "result", 6) == 0 || strncmp(rest, "error", 5) == 0) {
		text = let_text(match_path(play.last, rest));
	} else if (strncmp(rest, "session.", 8) == 0) {
		text = let_text(play.who != NULL ? match_path(play.who->session, rest + 8) : NULL);
	} else if (strncmp(rest, "note.", 5) == 0) {
		text = let_text(match_path(play.note, rest + 5));
	} else {
		json_t *v = json_loads(rest, JSON_DECODE_ANY, NULL);

		text = let_text(v);
		json_decref(v);
	}
	if (text == NULL)
		return play_fail("there is no %s", rest);
	value_set(name, text);
	free(text);
	return true;
}

bool step_sql(char *rest)
{
	char *role = script_word(&rest);

	play.newest = NEWEST_TABLE;
	if (!store_run(role, rest, &play.table))
		return play_fail("no connection as %s: %s", role, play.table.message);
	if (strcmp(role, "super") == 0 && strcmp(play.table.sqlstate, "00000") != 0)
		return play_fail("%s %s", play.table.sqlstate, play.table.message);
	return true;
}

static bool clock_shift(const char *interval)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "WITH was AS (DELETE FROM lodge.test_clock RETURNING shift) "
	    "SELECT coalesce((SELECT shift FROM was), interval '0') + %s", interval);
	if (!store_run("owner", sql, &play.table))
		return play_fail("no connection as owner: %s", play.table.message);
	if (play.table.rows != 1)
		return play_fail("the clock does not move: %s", play.table.message);
	snprintf(sql, sizeof(sql), "INSERT INTO lodge.test_clock(shift) VALUES (interval '%s')",
	    store_cell(0, 0));
	if (!store_run("owner", sql, &play.table) || strcmp(play.table.sqlstate, "00000") != 0)
		return play_fail("the clock does not move: %s", play.table.message);
	return true;
}

/* clock +3 days | clock reset | clock at 2028-02-29T16:59:59Z [-1 s] | clock to monday 10:00 (the next one from the house's now) */
bool step_clock(char *rest)
{
	static const char *const days[] = { "sunday", "monday", "tuesday", "wednesday", "thursday",
		"friday", "saturday" };
	char *word = script_word(&rest), *day, interval[512];
	int dow = 0;

	if (strcmp(word, "reset") == 0)
		return (store_run("owner", "DELETE FROM lodge.test_clock", &play.table) &&
		    strcmp(play.table.sqlstate, "00000") == 0) ||
		    play_fail("the clock does not reset: %s", play.table.message);
	if (word[0] == '+') {
		snprintf(interval, sizeof(interval), "interval '%s %s'", word + 1, rest);
		return clock_shift(interval);
	}
	day = script_word(&rest);
	if (strcmp(word, "at") == 0) {
		snprintf(interval, sizeof(interval), "(timestamptz '%s' + interval '%s' - clock_timestamp() - coalesce((SELECT shift FROM was), interval '0'))", day,
		    rest[0] != '\0' ? rest : "0");
		return clock_shift(interval);
	}
	while (dow < 7 && strcmp(days[dow], day) != 0)
		dow++;
	if (strcmp(word, "to") != 0 || dow == 7)
		return play_fail("write: clock +N UNIT, clock reset, clock at MOMENT, or clock to DAY HH:MM");
	snprintf(interval, sizeof(interval), "(SELECT (h::date + ((%d - extract(dow FROM h)::int + 6) %% 7 + 1)"
	    " + time '%s') - h FROM (SELECT clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh' + "
	    "coalesce((SELECT shift FROM was), interval '0') AS h) AS x)", dow, rest);
	return clock_shift(interval);
}

static void tally_add(const char *word)
{
	size_t i = 0;

	while (i < play.ntally && strcmp(play.tally[i].word, word) != 0)
		i++;
	if (i == sizeof(play.tally) / sizeof(play.tally[0]))
		return;
	if (i == play.ntally)
		snprintf(play.tally[play.ntally++].word, sizeof(play.tally[0].word), "%s", word);
	play.tally[i].count++;
}

/* The word of an answer: ok, else the rule it names, else the error code. */
static const char *answer_word(void)
{
	json_t *data = match_path(play.last, "error.data");
	const char *rule = json_string_value(json_object_get(data, "rule"));
	const char *code = json_string_value(json_object_get(data, "code"));

	if (json_object_get(play.last, "result") != NULL)
		return "ok";
	return rule != NULL ? rule : code != NULL ? code : "error";
}

/* Drops that person's sessions (script sessions are counted), or only those of a race. */
static void person_drop_staff(const char *staff, bool racers)
{
	for (struct person *p = play.people, *next; p != NULL; p = next) {
		next = p->next;
		if (strcmp(p->staff, staff) == 0 && (!racers || strstr(p->label, "/race") != NULL))
			person_drop(p);
	}
}

/* Signs in the racers; every second one at the second server when there is one. */
static bool race_line_up(const char *staff, int n, struct person **racers)
{
	char label[LABEL], *params = NULL;
	bool ok = true;

	if (asprintf(&params, "{\"staff\":\"%s\",\"password\":\"lodge-demo\",\"script\":true,"
	    "\"terminal\":\"race\"}", staff) < 0)
		abort();
	for (int i = 0; i < n && ok; i++) {
		snprintf(label, sizeof(label), "%.40s/race%d", staff, i);
		racers[i] = person_connect(label, i % 2 == 1 ? getenv("LODGE_SERVER_2") : NULL);
		ok = racers[i] != NULL && person_call(racers[i], "sign_in", params) &&
		    (json_object_get(play.last, "result") != NULL ||
		    play_fail("racer %d cannot sign in: %s", i, answer_word()));
	}
	free(params);
	return ok;
}

/* Writes what racer i sends: #N becomes i, #N+7 becomes i + 7. */
static void race_params(char *out, size_t size, const char *form, int i)
{
	const char *mark = strstr(form, "#N"), *after;

	if (mark == NULL) {
		snprintf(out, size, "%s", form);
		return;
	}
	after = mark + 2;
	if (*after == '+') {
		i += (int)strtol(++after, NULL, 10);
		after += strspn(after, "0123456789");
	}
	snprintf(out, size, "%.*s%d%s", (int)(mark - form), form, i, after);
}

/* parallel N METHOD JSON: N sessions of the person who speaks, all at once. */
bool step_parallel(char *rest)
{
	struct person *racers[CLIENTS];
	int n = (int)strtol(script_word(&rest), NULL, 10), ids[CLIENTS];
	char *method = script_word(&rest), staff[LABEL], params[8192];
	bool ok;

	if (play.who == NULL || n < 1 || n > CLIENTS)
		return play_fail("write: as PERSON, then parallel N METHOD JSON with N up to %d", CLIENTS);
	snprintf(staff, sizeof(staff), "%s", play.who->staff);
	person_drop_staff(staff, false);
	play.ntally = 0;
	memset(play.tally, 0, sizeof(play.tally));
	ok = race_line_up(staff, n, racers);
	for (int i = 0; i < n && ok; i++) {
		race_params(params, sizeof(params), rest, i);
		ids[i] = person_send(racers[i], method, params);
		ok = ids[i] != 0;
	}
	for (int i = 0; i < n && ok; i++) {
		ok = person_receive(racers[i], ids[i]);
		tally_add(answer_word());
	}
	person_drop_staff(staff, true);
	play.newest = NEWEST_TALLY;
	if (ok)
		play.who = person_as(staff, NULL);
	return ok && play.who != NULL;
}
