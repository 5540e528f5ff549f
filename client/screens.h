/*
 * screens.h - the screens of the console, each with the one function that opens it.
 *
 * Not for: what they hold; every screen's struct is private to its file. Trap: all of them push
 * onto the app's stack, and none returns a pointer that may be kept.
 */
#ifndef LODGE_SCREENS_H
#define LODGE_SCREENS_H

#include "client/app.h"
#include "common/report.h"

struct arena;

void login_push(struct app *);
/* Signs in at once when the environment names a person: types both into the sign-in screen, and Enter. */
void login_try(struct app *, const char *staff, const char *password);
/* Asks the server to let somebody in here. */
void login_ask(struct screen *, const char *staff, const char *password, screen_answer_cb *);
void lock_push(struct app *);
/* The server is back for somebody who signed in without it: asks for the password. */
void back_push(struct app *);
/* One's own new password. */
void new_password_push(struct app *);
void home_push(struct app *);
/* Goes back to home with the search box open. */
void home_search(struct app *);
/* The same at the gate: one line that takes anything, and one big word back. */
void gate_push(struct app *);
void gate_search(struct app *);

/* Rows of a book. where: text of a JSON object; title an English msgid. arena: NULL, or the arena of an
 * answer of BOOK.list already here (rows), which the screen takes over. */
struct list_setup {
	const struct book *book;
	const char *title, *where, *sort;
};
void list_push(struct app *, const struct list_setup *, const struct node *rows, struct arena *);
/* Fetches a record (holding the keyboard) and shows it; says why not. */
void record_open(struct app *, const struct book *, int64_t id);

/* May this verb be used now: by the role, on the record in focus, from its state? */
bool entry_allows(const struct app *, const struct binding *);
/* The same question about an operation; row NULL: without a record. */
bool entry_may(const struct app *, const struct book *, const struct op *, const struct node *row);
/* Starts an operation on the record in focus, or of a new one: by a question, a form, or at once. */
void entry_start(struct app *, const struct book *, const char *op);
/* The same on this row, or without one (NULL). */
void entry_open(struct app *, const struct book *, const struct op *, const struct node *row);
/* A new record about this row of another book: its form begins with what names the row. */
void entry_open_for(struct app *, const struct book *, const struct op *, const struct book *of, const struct node *row);
/* Types into a field of the form just opened. */
void entry_type(struct app *, const char *field, const char *text);
/* Lets Enter commit the form just opened when nothing that is needed misses. */
void entry_ready(struct app *);
/* The answer of `find`, to choose from. text: what was looked for, when names that are only similar
 * shall be added once they come; else NULL. */
void found_push(struct app *, const struct node *rows, struct arena *, const char *text);

/* Lines of text to read: history of a record. */
void history_open(struct app *, const struct book *, int64_t id);

/* Opens locked fields of a record: purpose, password when wanted; then opened() gets the row in an
 * arena that becomes its own. */
typedef void reveal_cb(struct screen *, const struct node *row, struct arena *);
void reveal_open(struct screen *from, const struct book *, int64_t id, const char *const *fields,
                 size_t nfields, reveal_cb *);

/* A short list to choose from, filtered while one types. Texts are translated and copied. */
struct choice_line {
	const char *key, *name, *help; /* key and help may be NULL */
};
enum { CHOOSE_NONE = 0xffff };
/* at: the line taken, CHOOSE_NONE when nothing was; typed: what was typed when it is none of them,
 * else NULL. */
typedef void choose_cb(struct screen *from, size_t at, const char *typed);
void choose_push(struct screen *from, const char *title, const struct choice_line *, size_t n,
                 choose_cb *);
/* Asks for the password again, then goes on. */
void password_push(struct screen *from, const char *why, void (*done)(struct screen *));

/* One's reports to choose from; a report with its bars. */
void reports_push(struct app *);
void report_push(struct app *, const struct report *);
/* The figures of a copy, as they were kept. */
void report_kept(struct app *, int64_t copy, const char *name);

/* A request that one key files: the operation, with a field filled in and what it is for. */
struct offer {
	const struct book *book;
	const struct op *op;
	const char *field; /* the descriptor's */
	char value[64], purpose[200];
};
/* first: a sentence above the keys, or NULL. */
void help_push(struct app *, const char *first);
/* The same; offer: what the key a files, or NULL. */
void help_offer(struct app *, const char *first, const struct offer *);

/* Asks why a field is locked, and shows help that begins with the answer. */
void why_field(struct screen *, const struct book *, int64_t id, const struct field *);
/* Remembers for the next key what was refused; help then begins with why. */
void why_refused(struct app *, const struct book *, const struct op *, int64_t id);
/* Asks about it; false: nothing was just refused. */
bool why_last(struct app *);
/* Opens the form of the offer, filled in. */
void why_file(struct app *, const struct offer *);
void palette_push(struct app *);
/* Prints what is in focus: its one slip, or one to choose. Is there any? */
void slip_start(struct app *);
/* The same, as a PDF into the terminal's folder. */
void slip_start_pdf(struct app *);
bool slip_allows(const struct app *);
/* Prints this text, or shows it where there is no printer; it becomes the screen's. */
void slip_show(struct app *, const char *title, struct buf *text);
/* An operation was done: the slip that is wanted after it, if any, is one key away until the next one. */
void slip_remember(struct app *, const struct book *, const char *op, int64_t id);
void slip_of_done(struct app *);
void role_push(struct app *);
/* The question before an act that cannot be undone. */
void confirm_push(struct screen *from, const char *title, const char *object, const char *effect,
                  const char *verb, void (*yes)(struct screen *));
/* A view's rows; "$me" in its condition is the reader. */
void view_push(struct app *, const struct book *, const struct view *);
void view_where(const struct app *, const struct view *, struct buf *out);

#endif
