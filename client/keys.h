/*
 * keys.h - the one table of key bindings: footer, help, palette and dispatch are all read from it.
 *
 * Not for: doing anything. A binding names an action, or a verb (book and operation), and whoever
 * holds the focus acts. Keys and y/n are never translated; labels are.
 * Trap: letters are commands only where no field has the focus (context), and keys that came in a
 * burst (a paste without brackets) are never commands.
 */
#ifndef LODGE_KEYS_H
#define LODGE_KEYS_H

#include "client/key.h"
#include "common/buf.h"

/* Where a key is pressed. */
#define CONTEXT_WORDS(X) \
	X(LOGIN, "login") \
	X(HOME, "home") \
	X(GATE, "gate") \
	X(BOX, "box")       /* a one-line box has the focus: unit, search, filter */ \
	X(LIST, "list") \
	X(SHIFT, "shift")   /* who is still here at the end of a shift */ \
	X(RECORD, "record") \
	X(REPORT, "report") \
	X(FORM, "form") \
	X(DIALOG, "dialog") \
	X(PICK, "pick")     /* help, palette: a list that filters while typing */ \
	X(LOCK, "lock") \
	X(REVEAL, "reveal")

enum context {
	CONTEXT_UNSET = 0,
#define X(id, word) CONTEXT_##id,
	CONTEXT_WORDS(X)
#undef X
	CONTEXT_END
};

#define ACTION_WORDS(X) \
	X(VERB, "verb")       /* .book and .op say what */ \
	X(OPEN, "open") \
	X(BACK, "back") \
	X(COMMIT, "commit") \
	X(NEXT, "next") \
	X(PREVIOUS, "previous") \
	X(UP, "up") \
	X(DOWN, "down") \
	X(PAGE_UP, "page_up") \
	X(PAGE_DOWN, "page_down") \
	X(FIRST, "first") \
	X(LAST, "last") \
	X(FILTER, "filter") \
	X(SEARCH, "search") \
	X(REFRESH, "refresh") \
	X(REVEAL, "reveal") \
	X(HISTORY, "history") \
	X(WHY, "why") \
	X(QUEUE, "queue")     /* to the queues of the home screen */ \
	X(DRAFT, "draft")     /* takes up what was typed and left */ \
	X(BOX, "box")         /* asks for a code or number, then does .op of .book on what it names */ \
	X(VIEW, "view")       /* the view .op of .book */ \
	X(SHIFT, "shift")     /* the work list at its end */ \
	X(HANDOVER, "handover") /* of the desk, from one person to the next */ \
	X(STEP, "step")       /* what comes next for the row in focus */ \
	X(CALL_HOST, "call_host") \
	X(PRINT_LIST, "print_list") /* the whole list, not the record in focus */ \
	X(ROLL_CALL, "roll_call") /* who is inside, for the printer */ \
	X(REPORTS, "reports") \
	X(EMERGENCY, "emergency") /* what runs, or else the procedures */ \
	X(KEEP, "keep")       /* the figures on the screen; .book and .op say how */ \
	X(PRINT, "print")     /* a slip of the record in focus */ \
	X(PRINT_PDF, "print_pdf") /* the same as a PDF */ \
	X(PRINT_DONE, "print_done") /* the slip that goes with what was just done */ \
	X(CARD, "card")       /* how the centre is reached */ \
	X(ROLE, "role") \
	X(LANGUAGE, "language") \
	X(LOCK, "lock") \
	X(PALETTE, "palette") \
	X(HELP, "help") \
	X(REDRAW, "redraw") \
	X(SIGN_OUT, "sign_out") \
	X(COLLEAGUE, "colleague") /* from the lock: somebody else signs in */ \
	X(PASSWORD, "password") \
	X(QUIT, "quit")

enum action {
	ACTION_UNSET = 0,
#define X(id, word) ACTION_##id,
	ACTION_WORDS(X)
#undef X
	ACTION_END
};

struct console;

struct binding {
	uint32_t contexts;      /* BIT(context); DESK of keys.c: where a console offers it */
	const char *key;        /* English name, see key.h */
	enum action action;
	const char *book, *op;  /* ACTION_VERB */
	const char *label;      /* footer, English msgid, at most 12 cells in every language */
	const char *help;       /* one sentence, English msgid */
	int priority;           /* footer: highest stays longest; 0 = never in the footer */
};

/* Asked for every binding before it is shown: may this role, is this possible here? NULL = yes. */
typedef bool keys_allow_cb(const struct binding *, void *arg);

/* The English name of its (first) key in a context, lodge.conf considered. */
const char *keys_name(const struct binding *, enum context);
/* The names of all its keys there, twins too, with blanks between. */
void keys_names(struct buf *out, const struct binding *, enum context);

/* The first binding of a key in a context that is allowed (allow NULL = all), or NULL. Verbs of
 * several books may share a letter: allow then tells them apart by the record in focus. */
const struct binding *keys_find(enum context, const struct key *, keys_allow_cb *allow, void *arg);

/* The bindings of a context, a console's verbs first and the rest in table order; returns how many were written. */
size_t keys_list(enum context, keys_allow_cb *, void *arg, const struct binding **out, size_t max);

/* The footer: "key label  key label …" by priority in at most cells, "? keys" at the right end. */
void keys_footer(struct buf *out, enum context, keys_allow_cb *, void *arg, int cells);

/* Paints that footer on a row: key names in STYLE_KEY. */
void keys_draw_footer(int row, enum context, keys_allow_cb *, void *arg);

/* lodge.conf: gives an action (or a verb's operation) another key in one context, the first time instead
 * of the table's, then beside it. ERR_INVALID with a
 * sentence in errors for an unknown word, a key that may not be bound (Ctrl-S, Ctrl-Q, Ctrl-Z, digits;
 * letters where one types) or an action whose key is fixed there. Conflicts are asked for when all
 * are bound, so that two keys can be swapped. */
enum err keys_bind(const char *context, const char *action, const char *key, struct buf *errors) MUST_CHECK;
/* ERR_INVALID when the key of that action now means something else there, too; both are named. */
enum err keys_conflict(const char *context, const char *action, struct buf *errors) MUST_CHECK;

/* Every conflict of the table, every unknown book or operation and every verb that no desk offers as a sentence
 * each; OK when there is none (a unit test). */
enum err keys_check(struct buf *errors) MUST_CHECK;
/* The same for the verbs of one console: unknown ones, and keys with two meanings on its first screen. */
enum err keys_check_verbs(const struct console *, struct buf *errors) MUST_CHECK;

/* Forgets what lodge.conf said. */
void keys_unbind_all(void);

const char *context_word(enum context);
const char *action_word(enum action);

#endif
