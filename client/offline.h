/*
 * offline.h - the gate never stops: what is done while the server cannot be reached goes into the terminal's journal.
 *
 * Operations marked OP_OFFLINE are recorded instead of waiting; when the link is back they are handed in, in order, before
 * anything new of their kind. Not for: the file (journal.c), or deciding from lists (the screens). Trap: the key of the
 * journal comes with the sign-in and is never written to the disk, so whoever only has the file cannot alter it unseen.
 */
#ifndef LODGE_OFFLINE_H
#define LODGE_OFFLINE_H

#include "client/app.h"

/* Somebody signed in, or the link came back: asks for the key, opens the journal, begins to hand in. */
void offline_begin(struct app *);
/* Once a turn of the loop: hands in, and takes writes that have waited too long for the link. */
void offline_turn(struct app *);
int64_t offline_deadline(const struct app *); /* link_now() at which offline_turn is due; -1 = never */
void offline_end(struct app *);               /* the program ends: closes the journal */

/* This terminal can record: the journal is open and whole. */
bool offline_is_ready(const struct app *);
/* The link has been down long enough not to be waited for. */
bool offline_is_down(const struct app *);
/* How long records, and the lists that a gate decides from, hold: gate.offline_hours. */
int64_t offline_seconds_kept(const struct app *);
size_t offline_waiting(const struct app *);   /* records that the server has not taken yet */
/* Nothing is recorded or handed in any more: the journal was altered, or does not fit the server's. */
bool offline_is_broken(const struct app *);

/* True when this operation would be recorded now instead of being sent: the link is down, or earlier records wait. */
bool offline_takes(const struct app *, const struct book *, const struct op *);
/* Records BOOK.OP with its params, a JSON object with an op_id; on OK it is on the disk, and the message line says so.
 * A record made offline is named by the op_id that made it: "id":{"op_id":…}, without version.
 * ERR_REFUSED: it cannot be recorded now (offline_takes). ERR_TOO_BIG, ERR_DEGRADED: the disk refuses; said, too. */
enum err offline_record(struct app *, const struct book *, const struct op *, const char *params) MUST_CHECK;

/* For app_ask: records the write if it is one for the journal. Otherwise it is remembered until its answer comes, and
 * recorded by offline_turn when the link breaks meanwhile. */
bool offline_write(struct app *, const char *method, const char *params);
/* The result that stands for a receipt: {"offline":true}. */
const struct node *offline_receipt(void);

#endif
