/*
 * desk.h - the client in a terminal of libvterm, at the stack of the environment.
 *
 * Not for: the server's own answers (tests/flow). Trap: all tests share one estate; each uses files
 * of its own and looks at what it made itself. A client at the stack has a relay of its own that counts questions and
 * answers, so that waiting ends when nothing is asked any more; at another address it has none.
 */
#ifndef LODGE_DESK_H
#define LODGE_DESK_H

#include "common/node.h"
#include "tests/screen/relay.h"
#include "tests/screen/vt.h"

enum { SOON = 10000, DESK_LOOK_MS = 20 };

/* Exits with 77 (skipped) when there is no stack. */
void desk_need_stack(void);
/* Opens the client signed in as a demo person and waits for its home screen. server: an address,
 * NULL = the stack's. */
struct vt *desk_open(const char *staff, const char *lang, const char *server);
struct vt *desk_open_at(const char *staff, const char *lang, const char *server, const char *term,
	int rows, int cols);
/* One more NAME=VALUE for the clients opened from now on; NULL = none. */
void desk_set(const char *name_and_value);
/* Words on the command line of the clients opened from now on; NULL = none. */
void desk_words(const char *const *words);
/* Ends it as a cut line does and asserts that it went by itself. */
void desk_close(struct vt *);
/* Waits for the text; fails the test with the screen otherwise. */
void desk_see(struct vt *, const char *text);
void desk_see_gone(struct vt *, const char *text);
bool desk_shows(struct vt *, const char *text);
/* Waits for a condition beside the screen, such as a row of the database; whoever asks asserts it afterwards. */
#define DESK_AWAIT(vt, holds) \
	for (int desk_tries = 0; desk_tries < SOON / DESK_LOOK_MS && !(holds); desk_tries++) \
		vt_settle(vt, DESK_LOOK_MS, DESK_LOOK_MS)
/* Types a script: <b> is the key b, <Tab> a named key, the rest text. Each key is taken, and what it asked of the stack
 * answered and shown, before the next. */
void desk_type(struct vt *, const char *script);
/* The same in one write. */
void desk_type_at_once(struct vt *, const char *script);

/* `lodge call METHOD JSON` as a person: its result or error, until the next call. */
const struct node *desk_ask(const char *staff, const char *method, const char *json);
/* The newest loan of a file. */
const struct node *desk_last_loan(const char *file);
int64_t desk_number(const struct node *, const char *member);
const char *desk_text(const struct node *, const char *member); /* "" when there is none */

/* Runs `lodge WORDS…` as a person with this input (less than a pipe holds); its exit code, and what it
 * printed, cut to cap. */
int desk_run(const char *staff, const char *password, const char *input, const char *const *words,
	char *out, size_t cap);

#endif
