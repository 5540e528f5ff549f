/*
 * alone.h - signing in at a console while the server is away, and what has to lie on the disk for it.
 *
 * Who signed in here may do so again with his own password while his lists hold (gate.offline_hours): his line of the file of
 * sign-ins opens the terminal's key (signins.h), the key opens his lists (keep_file.h) and the journal. There is no session: what
 * he does is recorded or waits; when the server is back he is asked for a real sign-in, and the journal is handed in. Only consoles
 * that stand alone (console.h). Not for: recording (offline.h). Trap: a password is kept nowhere, only stretched, until the lists
 * are written; and somebody who was struck off at the server is struck off here when his lists have run out.
 */
#ifndef LODGE_ALONE_H
#define LODGE_ALONE_H

#include "client/app.h"

struct keep_head;

/* ---- with a server ---- */

/* The server let him in, or took his new password: with it he may sign in here without the server. typed: the name. */
void alone_signed_in(struct app *, const char *typed, const char *password);
void alone_new_password(struct app *, const char *password);
/* The terminal's key came (JOURNAL_KEY_BYTES). */
void alone_take_key(const unsigned char *key);
/* Whether lists are to be kept: the role's console stands alone, the key is here, and the server is, too. */
bool alone_keeps(const struct app *);
/* A line waits for the lists to be written. */
bool alone_waits(void);
/* Whose lists they are, and when; without .as_of and .through. */
void alone_head(const struct app *, struct keep_head *);
/* Writes his lists, and his line with the first of them. NULL: they are too big, and none are kept. */
void alone_keep(struct app *, const char *text, size_t len);

/* ---- without ---- */

/* Whether anybody may sign in here without the server. */
bool alone_is_possible(const struct app *);
/* Signs in: app->who.is_alone, the journal is open, and the lists wait for alone_take_lists. False: said why not. */
bool alone_sign_in(struct app *, const char *typed, const char *password);
/* His lists, once, opened; NULL: there are none. age: seconds. The caller gives them to alone_wipe. */
char *alone_take_lists(size_t *len, int64_t *age);
void alone_wipe(char *text, size_t len);
/* Whether this is the password of who is signed in; else said why not. */
bool alone_unlocks(struct app *, const char *password);
/* For the message row: how old the lists are that decide, or that the server is back. */
void alone_say(const struct app *, struct buf *);
/* The lists' time is over: files and line go. */
void alone_forget_lists(struct app *);

/* Once a turn of the loop: the server is back, and somebody has a quiet moment. */
void alone_turn(struct app *);
int64_t alone_deadline(const struct app *); /* link_now() at which alone_turn is due; -1 = never */
/* Not now: later. */
void alone_later(void);
/* The server let him in: what was recorded is handed in, the lists are fetched anew. */
void alone_back(struct app *, const struct node *result, const char *password);

#endif
