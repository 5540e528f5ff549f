/*
 * person.c - the people of the flow tests: their connections, requests and answers.
 *
 * Not for: expectations. Trap: an answer is checked here for what must never be in any answer
 * (SQL, an unknown error code), so every call of every script asks that too.
 */
#include "tests/flow/play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "tests/flow/match.h"
#include "tests/flow/server.h"

struct play play;

bool play_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(play.why, sizeof(play.why), format, args);
	va_end(args);
	return false;
}

const char *play_uuid(void)
{
	static char text[40];
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		abort();
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(text, sizeof(text), "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
	    b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	return text;
}

void person_drop(struct person *p)
{
	struct person **at = &play.people;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	if (play.who == p)
		play.who = NULL;
	wire_close(p->wire);
	json_decref(p->session);
	json_decref(p->notes);
	free(p);
}

void person_drop_all(void)
{
	while (play.people != NULL)
		person_drop(play.people);
}

void person_forget_all(void)
{
	for (struct person *p = play.people; p != NULL; p = p->next) {
		wire_forget(p->wire);
		json_array_clear(p->notes);
	}
}

static struct person *person_find(const char *label)
{
	struct person *p = play.people;

	while (p != NULL && strcmp(p->label, label) != 0)
		p = p->next;
	return p;
}

struct person *person_connect(const char *label, const char *server)
{
	struct person *p = person_find(label);
	struct wire *w;

	if (p != NULL)
		person_drop(p);
	if (server == NULL)
		server = strstr(label, "@own") != NULL ? server_address() : getenv("LODGE_SERVER");
	w = wire_open(server, play.why, sizeof(play.why));
	if (w == NULL)
		return NULL;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		abort();
	snprintf(p->label, sizeof(p->label), "%s", label);
	snprintf(p->staff, sizeof(p->staff), "%.*s", (int)strcspn(label, "/@"), label);
	p->wire = w;
	p->notes = json_array();
	p->next = play.people;
	play.people = p;
	return p;
}

struct person *person_as(const char *label, const char *extra)
{
	struct person *p = person_find(label);
	json_t *params, *more;
	char *text;
	bool ok;

	if (p != NULL && p->session != NULL && extra == NULL && !wire_is_closed(p->wire, 0))
		return p;
	p = person_connect(label, NULL);
	if (p == NULL)
		return NULL;
	params = json_pack("{s:s,s:s,s:b,s:s}", "staff", p->staff, "password", "lodge-demo",
	    "script", 1, "terminal", "flow");
	more = extra != NULL ? json_loads(extra, 0, NULL) : NULL;
	json_object_update(params, more);
	text = json_dumps(params, JSON_COMPACT);
	ok = person_call(p, "sign_in", text);
	free(text);
	json_decref(params);
	json_decref(more);
	if (!ok)
		return NULL;
	p->session = json_incref(json_object_get(play.last, "result"));
	if (p->session != NULL)
		return p;
	text = json_dumps(play.last, JSON_COMPACT);
	play_fail("%s cannot sign in: %s", label, text);
	free(text);
	return NULL;
}

/* Reading verbs take no op_id; neither do methods of the connection itself. What is opened with a kind is an
 * operation of a book that bears this name. */
static bool person_writes(const char *method, const json_t *given)
{
	static const char *const reading[] = { "list", "get", "history" };
	const char *verb = strchr(method, '.');

	if (verb != NULL && strcmp(verb, ".open") == 0)
		return json_object_get(given, "kind") != NULL;
	if (verb == NULL || strncmp(method, "report.", 7) == 0)
		return false;
	for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]); i++)
		if (strcmp(verb + 1, reading[i]) == 0)
			return false;
	return true;
}

int person_send(struct person *p, const char *method, const char *params)
{
	json_t *given = json_loads(params[0] != '\0' ? params : "{}",
	    JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	json_t *message;
	char *text, *line = NULL;
	int n;

	if (given == NULL) {
		play_fail("the script's JSON is malformed: %s", params);
		return 0;
	}
	if (json_is_object(given) && person_writes(method, given) &&
	    json_object_get(given, "op_id") == NULL)
		json_object_set_new(given, "op_id", json_string(play_uuid()));
	p->calls++;
	message = json_pack("{s:s,s:i,s:s,s:o}", "jsonrpc", "2.0", "id", p->calls,
	    "method", method, "params", given);
	text = json_dumps(message, JSON_COMPACT);
	json_decref(message);
	n = asprintf(&line, "%s\n", text);
	free(text);
	wire_send(p->wire, line, (size_t)n);
	free(line);
	return p->calls;
}

/* What no answer may hold, whatever was asked. */
static bool answer_is_decent(const json_t *message)
{
	static const char *const sql[] = { "SQLSTATE", "PL/pgSQL", "plpgsql", "syntax error at or near",
		"violates ", "pg_catalog", "lodge_owner", "permission denied for" };
	static const char *const codes[] = { "invalid", "forbidden", "not_found", "conflict", "refused",
		"busy", "locked", "too_big", "degraded", "indeterminate" };
	json_t *error = json_object_get(message, "error");
	const char *code = json_string_value(match_path(error, "data.code"));
	const char *says = json_string_value(json_object_get(error, "message"));
	size_t i = 0;

	if (error == NULL)
		return json_object_get(message, "result") != NULL ||
		    play_fail("an answer with neither result nor error");
	if (says == NULL || says[0] == '\0')
		return play_fail("an error without a sentence");
	for (size_t j = 0; j < sizeof(sql) / sizeof(sql[0]); j++)
		if (strstr(says, sql[j]) != NULL)
			return play_fail("SQL leaks out: %s", says);
	if (json_integer_value(json_object_get(error, "code")) != -32000)
		return true;
	while (i < sizeof(codes) / sizeof(codes[0]) && (code == NULL || strcmp(codes[i], code) != 0))
		i++;
	return i < sizeof(codes) / sizeof(codes[0]) ||
	    play_fail("data.code is %s", code != NULL ? code : "absent");
}

/* Reads one line; a notification is put aside. */
static bool person_read(struct person *p, int timeout_ms, json_t **message)
{
	size_t len;
	const char *line = wire_line(p->wire, timeout_ms, &len);
	json_error_t bad;

	*message = NULL;
	if (line == NULL)
		return play_fail("%s: no line came%s", p->label,
		    wire_is_closed(p->wire, 0) ? ", the connection is closed" : "");
	*message = json_loadb(line, len, 0, &bad);
	if (*message == NULL)
		return play_fail("%s: a line that is no JSON (%s): %.300s", p->label, bad.text, line);
	if (json_object_get(*message, "method") != NULL) {
		json_array_append_new(p->notes, *message);
		*message = NULL;
	}
	return true;
}

bool person_receive(struct person *p, int id)
{
	json_t *message = NULL;

	while (message == NULL)
		if (!person_read(p, ANSWER_MS, &message))
			return false;
	json_decref(play.last);
	play.last = message;
	play.newest = NEWEST_ANSWER;
	if (id != 0 && json_integer_value(json_object_get(message, "id")) != id)
		return play_fail("%s: the answer's id is not %d", p->label, id);
	return answer_is_decent(message);
}

bool person_call(struct person *p, const char *method, const char *params)
{
	int id = person_send(p, method, params);

	return id != 0 && person_receive(p, id);
}

bool person_notified(struct person *p, const char *method, const json_t *wanted, int timeout_ms)
{
	char where[128];
	json_t *message;
	size_t seen = 0;
	struct timespec now;
	long long until;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until = now.tv_sec * 1000LL + now.tv_nsec / 1000000 + timeout_ms;
	for (;;) {
		for (; seen < json_array_size(p->notes); seen++) {
			json_t *note = json_array_get(p->notes, seen);
			const char *came = json_string_value(json_object_get(note, "method"));

			if (came == NULL || strcmp(came, method) != 0 || !match_json(wanted,
			    json_object_get(note, "params"), where, sizeof(where)))
				continue;
			json_decref(play.note);
			play.note = json_incref(note);
			json_array_remove(p->notes, seen);
			return true;
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		timeout_ms = (int)(until - now.tv_sec * 1000LL - now.tv_nsec / 1000000);
		if (timeout_ms < 0 || !person_read(p, timeout_ms, &message))
			return false;
		json_decref(message);
	}
}

bool person_has_seen(const struct person *p, const char *text)
{
	size_t len;
	const char *at = wire_seen(p->wire, &len), *end = at + len;
	bool found = memmem(at, len, text, strlen(text)) != NULL;

	while (!found && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop != NULL ? stop : end) - at);
		json_t *message = json_loadb(at, n, 0, NULL);

		found = message != NULL && match_holds(message, text);
		json_decref(message);
		at += n + 1;
	}
	return found;
}
