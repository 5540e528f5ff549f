/*
 * app.h - the console: one person's session, a stack of screens, and one question at a time that
 * the keyboard waits for.
 *
 * Not for: what any screen shows. Trap: a screen is freed at the end of the turn in which it was
 * closed, so a handler may close its own screen and go on; but an answer for a closed screen never
 * arrives, so nothing that must happen may hang on it (writes are the exception, see app_ask).
 */
#ifndef LODGE_APP_H
#define LODGE_APP_H

#include "client/keys.h"
#include "client/link.h"
#include "client/options.h"
#include "client/status.h"
#include "common/book.h"
#include "common/buf.h"
#include "common/node.h"

struct app;
struct screen;

typedef void screen_answer_cb(struct screen *, const struct answer *);

/* Some of books[], by their place there. */
enum { BOOK_SET_WORDS = 4, BOOK_SET_WORD = 64 };
struct book_set {
	uint64_t word[BOOK_SET_WORDS];
};

/* What a kind of screen does; members may be NULL unless said otherwise. */
struct screen_kind {
	bool is_overlay;                                  /* drawn over the screen below it */
	bool is_cover;                                    /* the lock: others open and close below it */
	enum context (*context)(const struct screen *);   /* never NULL: whose keys work now */
	void (*place)(const struct screen *, struct buf *); /* for the title row */
	void (*draw)(struct screen *, int row, int rows); /* never NULL: the body, and the cursor */
	/* Takes a key before the bindings do (fields, boxes). True when it was used. */
	bool (*handle)(struct screen *, const struct key *);
	void (*act)(struct screen *, const struct binding *);
	/* What to say in the message row while nothing else is said there; leaves the buffer empty. */
	void (*hint)(const struct screen *, struct buf *);
	/* Help of its own, such as one that begins with "why". False: the keys are listed at once. */
	bool (*help)(struct screen *);
	/* May this binding be shown and used here? Actions of every screen are not asked for. */
	bool (*allow)(const struct screen *, const struct binding *);
	/* Only to be read: no operation begins here. */
	bool only_read;
	/* The record that is selected or shown, with its book; NULL when there is none. */
	const struct node *(*row)(const struct screen *, const struct book **);
	/* The row of one of its parts that is selected, with its book: that book's operations act on it. NULL when none is. */
	const struct node *(*part)(const struct screen *, const struct book **);
	/* Something was written from here: fetch anew when shown next. */
	void (*wrote)(struct screen *);
	/* Somebody changed a record of a watched book. */
	void (*changed)(struct screen *, const struct book *, int64_t id, int64_t version);
	void (*watches)(const struct screen *, struct book_set *); /* adds what it shows */
	void (*shown)(struct screen *);                   /* it is on top (again): fetch what is stale */
	void (*minute)(struct screen *);
	int64_t (*deadline)(const struct screen *);       /* link_now() at which due() is wanted; -1 */
	void (*due)(struct screen *);
	void (*keep)(struct screen *);                    /* sends what is typed to be kept, now */
	void (*closed)(struct screen *);                  /* frees what it holds, not itself */
};

/* The first member of every screen. */
struct screen {
	const struct screen_kind *kind;
	struct app *app;
	struct screen *below;
	bool is_closed;
};

/* Who is signed in; code is empty when nobody is. */
struct person {
	char code[64], name[256];
	enum role role;
	uint64_t roles;
	uint64_t acts;  /* roles whose operations are offered: his own, and the one that the policy adds at night */
	bool is_alone; /* signed in without the server: there is no session (alone.h) */
};

/* The question whose answer decides what is shown next. */
struct hold {
	screen_answer_cb *answered;
	struct screen *screen;
	uint64_t request;
	int64_t since;
	bool is_write, is_loose; /* loose: keys flow again, the answer is still awaited */
	bool is_offline;         /* recorded in the journal: answered in the next turn */
};

/* What was last written here; its echo from the server is no news. */
struct written {
	const struct book *book;
	int64_t id, version;
};

/* What was just refused: for help that begins with why. */
struct refusal {
	const struct book *book; /* NULL: nothing */
	const struct op *op;
	int64_t id;
};

struct app {
	const struct options *options;
	struct link *link;
	struct status status;
	struct screen *top, *closed;
	struct person who;
	struct hold hold;
	struct {
		const struct book *book;
		const struct slip *slip; /* NULL: none is wanted */
		int64_t id;
		char said[sizeof ((struct status *)0)->message];
	} done;                  /* the last operation, when a slip goes with it */
	struct book_set watched;
	uint64_t connections;    /* how often the link came (back) up */
	int64_t last_key, next_minute, message_until;
	int64_t visit_until;     /* ui.reader: the cursor is at the message till then */
	char visited[sizeof ((struct status *)0)->message];
	int64_t typed_at;        /* when keys last came in while a question held them; 0 = not */
	struct written written;
	struct refusal refused;  /* for one key */
	char why_about[160];     /* what the last why was about, as a purpose */
	bool other_console;      /* not the one asked for: the role has no right to that */
	bool quit, drop_keys, had_keys; /* had_keys: since the last minute */
};

/* Runs the console until it is left; the exit code of the program. */
int app_run(const struct options *);

/* ---- screens ---- */

/* A screen of size bytes that begins with struct screen; zeroed. The process ends without memory. */
void *screen_new(struct app *, const struct screen_kind *, size_t size);
void app_push(struct screen *);
/* Closes this screen and what lies on it. */
void app_close(struct screen *);
/* Paints what lies below: for screens that have nothing to show yet. */
void app_draw_below(struct screen *, int row, int rows);

/* ---- questions ---- */

enum ask_kind { ASK_READ = 1, ASK_WRITE, ASK_ONCE, ASK_SIGN_IN };

/* Asks and holds the keyboard until the answer came; what is typed meanwhile waits. ASK_WRITE: an
 * answer whose screen is gone is still said in the message line. ASK_ONCE: never sent twice. ASK_SIGN_IN: neither, and needs no session. */
void app_ask(struct screen *, enum ask_kind, const char *method, const char *params,
             screen_answer_cb *);
bool app_holds(const struct app *);
/* Answers the write that was recorded offline, if there is one. */
void app_answer_offline(struct app *);
/* The question is taken back, as long as it is not on its way. */
void app_drop_question(struct app *);
/* The answer of a read is not awaited any more: keys flow again. */
void app_unask(struct screen *);

/* ---- speaking ---- */

void app_say(struct app *, enum style, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Says why an answer failed, and stops type-ahead: what was typed on assumes that it had worked. */
void app_refuse(struct app *, const struct answer *);
/* Type-ahead ends here: the keys that wait are thrown away, and the message line says so. */
void app_drop_keys(struct app *);

/* ---- the session ---- */

/* Connected, with a session: what is asked now is answered. */
bool app_is_linked(const struct app *);
/* Takes the answer of sign_in, switch_role: who it is, and the token when there is one. */
void app_take_session(struct app *, const struct node *result);
/* Nobody is signed in any more: closes the screens and shows the sign-in with this sentence. */
void app_signed_out(struct app *, const char *sentence);
/* Opens the first screen of the role's console. */
void app_home(struct app *);
/* Another role: all screens are closed and home opens anew. */
void app_restart(struct app *);
/* Covers the screen. app_lock_session locks the session at the server first. */
void app_lock(struct app *);
void app_lock_session(struct app *);
bool app_is_covered(const struct app *);
/* Sends every text that is not kept yet. */
void app_keep(struct app *);
/* Ends the session, as its person or whoever takes the desk over wishes. */
void app_sign_out(struct app *, const char *sentence);
/* Something was written: every screen may be stale, the top one looks at once. */
void app_wrote(struct app *);
/* Does what a binding says: the actions of every screen here, the rest by the top screen. */
void app_act(struct app *, const struct binding *);
void app_next_language(struct app *);
/* For keys.c: may this binding be used on the top screen? arg is the app. */
bool app_allows(const struct binding *, void *arg);
/* For .watches; a book that is NULL adds nothing. */
void book_set_add(struct book_set *, const struct book *);
/* Tells the server which books the screens show, when it changed. */
void app_watch(struct app *);

#endif
