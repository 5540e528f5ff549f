/*
 * crowd.c - the directive `crowd`: many consoles tick one roll at once, a server dies in between, and all agree.
 *
 * Each console keeps what a console keeps: the list it fetched, its own receipts, and the versions that it was told of. Every
 * second one is at the test's own server, which is killed while ticks are on their way. Not for: what a tick is refused for
 * (emergency.flow). Trap: a tick whose answer was lost is sent again with the same op_id, and counts once.
 */
#include "tests/flow/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/flow/match.h"
#include "tests/flow/script.h"

enum { MOST = 64, UNITS = 2000, SHARED = 8 /* units that every console ticks */, QUIET_MS = 1500, LEAST_MS = 20, PARAMS = 512 };

static const char *const roles[] = { "guard", "guardlead", "guardchief", "night", "manager", "css", "deputy", "estate" };

struct console {
	char label[LABEL];
	struct person *who;
	long long version[UNITS];   /* what it knows of each line */
	char pending[PARAMS];       /* the tick that is on its way; "" = none */
};

static struct console consoles[MOST];
static struct { long long id; char unit[32]; } lines[UNITS];
static size_t nconsoles, nlines;
static char emergency[24];

static size_t line_of(long long id)
{
	size_t i = 0;

	while (i < nlines && lines[i].id != id)
		i++;
	return i;
}

/* The whole roll, page by page; fills .version, and lines for the first who asks. */
static bool fetch(struct console *c)
{
	char params[PARAMS], after[256] = "";
	const char *next;

	do {
		snprintf(params, sizeof params, "{\"where\":{\"emergency\":%s},\"sort\":[\"place\"],\"limit\":200%s%s%s}", emergency, after[0] != '\0' ? ",\"after\":\"" : "", after,
			after[0] != '\0' ? "\"" : "");
		if (!person_call(c->who, "roll_tick.list", params))
			return false;
		for (size_t i = 0; i < json_array_size(match_path(play.last, "result.rows")); i++) {
			json_t *row = json_array_get(match_path(play.last, "result.rows"), i);
			long long id = json_integer_value(json_object_get(row, "id"));
			size_t at = line_of(id);

			if (at == nlines && nlines < UNITS) {
				lines[nlines].id = id;
				snprintf(lines[nlines++].unit, sizeof lines[0].unit, "%s", json_string_value(match_path(row, "unit.code")));
			}
			if (at < UNITS)
				c->version[at] = json_integer_value(json_object_get(row, "version"));
		}
		next = json_string_value(match_path(play.last, "result.next"));
		snprintf(after, sizeof after, "%s", next != NULL ? next : "");
	} while (after[0] != '\0');
	return true;
}

/* Signed in, listening, with the list in front of it. Listening comes first, so that nothing falls between. */
static bool sit_down(struct console *c)
{
	c->who = person_as(c->label, NULL);
	return c->who != NULL && person_call(c->who, "watch", "{\"books\":[\"roll_tick\"]}") && fetch(c);
}

static void note_version(struct console *c, json_t *of)
{
	size_t at = line_of(json_integer_value(json_object_get(of, "id")));
	long long version = json_integer_value(json_object_get(of, "version"));

	if (at < nlines && version > c->version[at])
		c->version[at] = version;
}

static bool send_tick(struct console *c)
{
	return person_send(c->who, "roll_tick.tick", c->pending) != 0;
}

/* The shared lines first, everybody's at the same moment; then every console its own. */
static bool take_line(struct console *c, size_t index, size_t turn)
{
	size_t at = turn < SHARED ? turn : SHARED + (turn - SHARED) * nconsoles + index;

	c->pending[0] = '\0';
	if (at >= nlines)
		return true;
	snprintf(c->pending, sizeof c->pending, "{\"op_id\":\"%s\",\"emergency\":%s,\"unit\":\"%s\"}", play_uuid(), emergency, lines[at].unit);
	return send_tick(c);
}

/* The answer, also from a server that began anew: there the same tick is sent once more. */
static bool take_answer(struct console *c)
{
	if (c->pending[0] == '\0')
		return true;
	if (wire_is_closed(c->who->wire, 0) || !person_receive(c->who, 0)) {
		if (!sit_down(c) || !send_tick(c) || !person_receive(c->who, 0))
			return false;
	}
	if (json_object_get(play.last, "result") == NULL)
		return play_fail("%s: a tick was refused: %s", c->label, json_string_value(match_path(play.last, "error.message")));
	note_version(c, json_object_get(play.last, "result"));
	return true;
}

static bool restart(void)
{
	char kill[] = "kill", start[] = "start";

	return step_server(kill) && step_server(start);
}

static bool tick_everything(void)
{
	size_t turns = SHARED + (nlines > SHARED ? (nlines - SHARED + nconsoles - 1) / nconsoles : 0);
	bool ok = true;

	for (size_t turn = 0; turn < turns && ok; turn++) {
		for (size_t i = 0; i < nconsoles && ok; i++)
			ok = take_line(&consoles[i], i, turn);
		if (ok && turn == SHARED / 2)
			ok = restart();
		for (size_t i = 0; i < nconsoles && ok; i++)
			ok = take_answer(&consoles[i]);
	}
	return ok;
}

/* Everything that the console is told of until it is quiet: what one is told late, so are the others. */
static void listen(struct console *c)
{
	int quiet_ms = c == &consoles[0] ? QUIET_MS : LEAST_MS;
	json_t *any = json_pack("{s:s}", "book", "roll_tick");

	while (person_notified(c->who, "changed", any, quiet_ms))
		note_version(c, json_object_get(play.note, "params") != NULL ? json_object_get(play.note, "params") : play.note);
	json_decref(any);
}

/* What it knows against the table, then the list once more. */
static bool agrees(struct console *c)
{
	long long known[UNITS];
	char sql[256];

	listen(c);
	memcpy(known, c->version, sizeof known);
	if (!fetch(c))
		return false;
	snprintf(sql, sizeof sql, "SELECT id, version, state FROM lodge.roll_tick WHERE emergency = %s ORDER BY place", emergency);
	if (!store_run("super", sql, &play.table) || (size_t)play.table.rows != nlines)
		return play_fail("%s: the roll has %d lines, %zu were listed", c->label, play.table.rows, nlines);
	for (int i = 0; i < play.table.rows; i++) {
		size_t at = line_of(strtoll(store_cell(i, 0), NULL, 10));
		long long version = strtoll(store_cell(i, 1), NULL, 10);

		if (at == nlines || known[at] != version || c->version[at] != version || strcmp(store_cell(i, 2), "seen") != 0)
			return play_fail("%s: line %s: told %lld, listed %lld, %s in the table", c->label, store_cell(i, 0), at < nlines ? known[at] : -1,
				at < nlines ? c->version[at] : -1, store_cell(i, 1));
	}
	return true;
}

/* crowd N EMERGENCY: N consoles of several roles tick its whole roll; the test's own server is killed and begins anew. */
bool step_crowd(char *rest)
{
	char start[] = "start";
	bool ok;

	nconsoles = (size_t)strtoul(script_word(&rest), NULL, 10);
	snprintf(emergency, sizeof emergency, "%s", rest);
	nlines = 0;
	if (nconsoles < 2 || nconsoles > MOST)
		return play_fail("write: crowd N EMERGENCY, N from 2 to %d", MOST);
	ok = step_server(start);
	for (size_t i = 0; i < nconsoles && ok; i++) {
		consoles[i] = (struct console){ .who = NULL };
		snprintf(consoles[i].label, sizeof consoles[i].label, "%s/crowd%zu%s", roles[i % (sizeof roles / sizeof roles[0])], i, i % 2 == 1 ? "@own" : "");
		ok = sit_down(&consoles[i]);
	}
	ok = ok && tick_everything();
	for (size_t i = 0; i < nconsoles && ok; i++)
		ok = agrees(&consoles[i]);
	for (size_t i = 0; i < nconsoles; i++)
		if (consoles[i].who != NULL)
			person_drop(consoles[i].who);
	return ok;
}
