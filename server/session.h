/*
 * session.h - who is signed in, in which role, with which areas; a cached copy of what
 * PostgreSQL holds, kept fresh by the feed.
 *
 * lodged keeps no truth: the row in lodge.session judges every operation. The copy here only
 * chooses the read lane and the predicates of reads. Not for: deciding operations.
 * Trap: clearance follows the clock (the night manager's, OPS-03): always ask session_level().
 */
#ifndef LODGE_SESSION_H
#define LODGE_SESSION_H

#include <stdbool.h>

#include "common/words.h"

struct peer;
struct rows;

enum { TOKEN_BYTES = 32, SESSION_AREAS_MAX = 256 };

struct session {
	int64_t id, staff;
	char work_no[32], login[64], name[256];
	enum role role, acts_night;  /* whose operations it has besides in the night shift (OPS-03) */
	uint64_t roles;              /* BIT(role): what switch_role may choose from */
	char areas[1024];            /* PostgreSQL array text such as {1,2}: every area he may see */
	char heads[256];             /* departments he heads, array text */
	char token_hex[2 * TOKEN_BYTES + 3]; /* \x… for operations; wiped when the session ends */
	enum level level, level_night; /* clearance for lists by day, and in the night shift */
	char timezone[64];           /* the estate's; screens show its time */
	char lang[16];               /* en zh_CN zh_TW vi */
	bool interactive, locked, ended;
	bool drafts;                 /* it kept drafts of forms, so its operations look for them */
	bool close_wanted;           /* ended here, but the database was not told yet */
	char terminal[64];           /* where it lives; it resumes nowhere else */
	unsigned peers;              /* connections attached: signing in at the same terminal joins */
	unsigned uses;               /* requests and questions that borrow it */
	double active, touched;      /* loop_now() of the person's last act; of the last touch sent */
	double unlocked;             /* loop_now() of the last unlock */
	struct session *next;
};

/* Clearance for lists at this moment (OPS-03: some roles hold more in the night shift). */
enum level session_level(const struct session *);
/* A live session of this server, or NULL. */
struct session *session_find(int64_t id);
/* The session after this one, NULL = the first; ended ones included. */
const struct session *session_next(const struct session *);
/* True when the number is in an array text such as {1,2}. */
bool session_has(const char *array, int64_t number);

/* --- What the feed calls: other servers, other terminals and psql change sessions too. --- */

/* Ends the copy: its connections hear signed_out {reason} and are strangers again. An unknown id
 * is fine: the session lives on another server. */
void session_end(int64_t id, const char *reason);
/* Locks the copy: its connections hear locked {} and can only unlock or sign out. */
void session_lock(int64_t id);
/* The same because the person wants it, however short ago he unlocked. */
void session_lock_now(struct session *);
/* The feed was silent for a while and may have missed something: asks for every session anew. */
void session_recheck(void);
/* Administration changed something: likewise, but false when the pen is too busy to ask for all of
 * them; nobody is sent away for that, it is called again. */
bool session_refresh(void);
/* The feed's clock row: whether the night shift is on. */
void session_set_night(bool night);
/* A record changed: changed {book, id, version} goes to the sessions that watch the book, whose
 * role reads it, and that hold its area (if the book has areas) or are one of its parties. */
void session_changed(int64_t area, const char *book, int64_t id, int64_t version,
	const int64_t *parties, size_t nparties);

/* --- The network side only. --- */

/* The live record with the row's session id, made when there is none, filled from a row of
 * op.opened (session_open, session_resume, session_role). NULL when the row is nonsense or memory
 * is short. The record belongs to the table. */
struct session *session_take(const struct rows *);
/* Its connections are told why and are strangers again, keep (may be NULL) is not told. */
void session_over(struct session *, struct peer *keep, const char *reason);
/* Ends other interactive sessions of the same person: he signed in at another terminal. */
void session_end_others(const struct session *);
/* The person did something: the idle lock starts again. */
void session_active(struct session *, double now);
/* Once a tick: locks the idle, reports activity to the database, frees what nobody borrows. */
void session_sweep(double now);
/* The last connection of a session is gone: a script session ends with it. */
void session_detach(struct session *);
/* Frees the table when the server stops. */
void session_free_all(void);

#endif
