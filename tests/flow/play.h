/*
 * play.h - what a running flow script holds: who speaks, the last answer, the last rows.
 *
 * One script plays at a time, so this is one global struct. Not for: the product.
 * Trap: .last and .table are both kept; .newest says which of them a bare "expect rows" means.
 */
#ifndef FLOW_PLAY_H
#define FLOW_PLAY_H

#include <jansson.h>
#include <stdbool.h>

#include "tests/flow/store.h"
#include "tests/flow/wire.h"

enum { LABEL = 64, ANSWER_MS = 15000 };
enum newest { NEWEST_NOTHING, NEWEST_ANSWER, NEWEST_TABLE, NEWEST_TALLY };

/* One connection, signed in or not. "desk" and "desk/2" are two sessions of one member of staff. */
struct person {
	char label[LABEL], staff[LABEL];
	struct wire *wire;
	json_t *session; /* the answer to sign_in; NULL before */
	json_t *notes;   /* notifications that no expectation took yet */
	int calls;
	struct person *next;
};

/* One outcome of a race: "ok", a rule or an error code, and how often it came. */
struct tally {
	char word[32];
	int count;
};

struct play {
	struct person *people, *who;
	json_t *last;    /* the whole message: {"result":…} or {"error":…} */
	json_t *note;    /* the notification that the last expectation took */
	struct table table;
	struct tally tally[16];
	size_t ntally;
	enum newest newest;
	char why[4096];  /* of the failure */
};

extern struct play play;

/* Says why the line failed; always returns false. */
bool play_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The cached connection of that label (desk, desk/2, desk@own: at the test's own server), opened and signed in when there is none. extra: further
 * members of sign_in, or NULL. */
struct person *person_as(const char *label, const char *extra);
/* A connection that has not signed in. */
struct person *person_connect(const char *label, const char *server);
void person_drop(struct person *);
void person_drop_all(void);
/* Forgets what everybody has seen so far. */
void person_forget_all(void);
/* Sends one request, its op_id added when the verb writes and none is given. 0 on failure. */
int person_send(struct person *, const char *method, const char *params);
/* Reads the next answer into play.last; notifications on the way are kept. id 0: any answer. */
bool person_receive(struct person *, int id);
bool person_call(struct person *, const char *method, const char *params);
/* Takes a notification with that method that matches, waiting for it. */
bool person_notified(struct person *, const char *method, const json_t *wanted, int timeout_ms);
/* True when the text came in any answer or notification since person_forget_all. */
bool person_has_seen(const struct person *, const char *text);

/* The directives, by file. Each gets the filled text after its first word. */
bool step_as(char *rest);
bool step_connect(char *rest);
bool step_leave(char *rest);
bool step_call(char *rest);
bool step_send(char *rest);
bool step_server(char *rest);
bool step_raw(char *rest);
bool step_raw_times(char *rest);
bool step_receive(char *rest);
bool step_let(char *rest);
bool step_record(char *rest);
bool step_sql(char *rest);
bool step_clock(char *rest);
bool step_parallel(char *rest);
bool step_crowd(char *rest);
bool step_matrix(char *rest);
bool step_search(char *rest);
bool step_expect(char *rest);

/* Plays the lines of a definition of the running script. */
bool play_define(const char *name);

/* A random UUID as text. */
const char *play_uuid(void);

#endif
