/*
 * offline.h - a console never stops: what is done while the server cannot be reached goes into the terminal's journal.
 *
 * Operations marked OP_OFFLINE are recorded instead of waiting; when the link is back they are handed in, in order, before
 * anything new of their kind. Not for: the file (journal.c), deciding from lists (the screens), or signing in without the server
 * (alone.h). Trap: the key of the journal comes with the sign-in and never lies open on the disk: a terminal whose people sign in
 * without the server keeps it in boxes that their passwords open (signins.h). So whoever only has the file cannot alter it unseen.
 */
#ifndef LODGE_OFFLINE_H
#define LODGE_OFFLINE_H

#include "client/app.h"

enum { OFFLINE_PINS_HEX = 2 * 32 + 1 };

struct journal_record;
struct node;

/* Somebody who has to know what is recorded, while it waits. */
struct offline_listener {
	/* NULL, or why what is known here rules the operation out, in the session's language: then it is not recorded. */
	const char *(*refuses)(void *ctx, const struct book *, const struct op *, const struct node *params);
	/* A record waits. Also told of those that waited when listening began, or the journal was opened. */
	void (*recorded)(void *ctx, uint64_t counter, const char *text);
	/* The server took it; receipt NULL: it refused, and keeps it as an exception. is_last: the journal is emptied behind it. */
	void (*taken)(void *ctx, uint64_t counter, const struct node *receipt, bool is_last);
	void *ctx;
};
void offline_listen(const struct offline_listener *); /* copied; NULL: nobody */

/* Somebody signed in, or the link came back: asks for the key, opens the journal, begins to hand in. */
void offline_begin(struct app *);
/* Once a turn of the loop: hands in, and takes writes that have waited too long for the link. */
void offline_turn(struct app *);
int64_t offline_deadline(const struct app *); /* link_now() at which offline_turn is due; -1 = never */
void offline_end(struct app *);               /* the program ends: closes the journal */

/* This terminal can record: the journal is open and whole. */
bool offline_is_ready(const struct app *);
/* Opens the journal that is here already, with a key that a password has opened. False: said why. pins: offline_pins' digits; now: the
 * server's seconds. */
bool offline_open(struct app *, const unsigned char *key, const char *pins, int64_t hours, int64_t now);
/* The public key that PINs are sealed with, as digits; "" when it is not known. */
void offline_pins(char hex[OFFLINE_PINS_HEX]);
/* FOLDER/TERMINAL and this ending, whatever the terminal is called. */
void offline_path(const struct app *, const char *ending, char *path, size_t cap);
/* The server's seconds since 1970, as far as this terminal knows. */
int64_t offline_now(void);
bool offline_knows_time(void);
/* The link has been down long enough not to be waited for, or there is no session. */
bool offline_is_down(const struct app *);
/* How long records, and what a console keeps, hold: gate.offline_hours. */
int64_t offline_seconds_kept(const struct app *);
size_t offline_waiting(const struct app *);   /* records that the server has not taken yet */
uint64_t offline_through(const struct app *); /* the number of the last one that it has taken */
/* Nothing is recorded or handed in any more: the journal was altered, or does not fit the server's. */
bool offline_is_broken(const struct app *);

/* True when this operation would be recorded now instead of being sent: the link is down, or earlier records wait. */
bool offline_takes(const struct app *, const struct book *, const struct op *);
/* Records BOOK.OP with its params, a JSON object with an op_id; on OK it is on the disk, and the message line says so.
 * A record made offline is named by the op_id that made it: "id":{"op_id":…}, without version.
 * ERR_REFUSED: it cannot be recorded now (offline_takes). ERR_TOO_BIG, ERR_DEGRADED: the disk refuses; said, too. */
enum err offline_record(struct app *, const struct book *, const struct op *, const char *params) MUST_CHECK;

/* For app_ask: records the write if it is one for the journal, or refuses to: true, and offline_answer says what came of it.
 * Otherwise it is remembered until its answer comes, and recorded by offline_turn when the link breaks meanwhile. */
bool offline_write(struct app *, const char *method, const char *params);
/* The result {"offline":true}, which stands for a receipt; or why it was not recorded. */
struct answer offline_answer(void);

#endif
