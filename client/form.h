/*
 * form.h - the form of one operation, made from its descriptor.
 *
 * One line per field the operation asks for, in the order of the book; the rules of what may be
 * typed are common/validate.c. Not for: sending anything, or knowing any book by name.
 * Trap: Enter goes to the next needed field that is still empty. When none is left it shows the
 * line "Enter saves" (new records) or commits at once (operations on a record): the scripts of
 * the front desk count on exactly that.
 */
#ifndef LODGE_FORM_H
#define LODGE_FORM_H

#include "client/key.h"
#include "common/book.h"
#include "common/buf.h"
#include "common/node.h"

enum form_result {
	FORM_IGNORED = 0,
	FORM_USED = 1 << 0,
	FORM_COMMIT = 1 << 1,  /* everything is valid and wanted: take form_params() */
	FORM_CANCEL = 1 << 2,  /* Esc: form_park() keeps the text */
	FORM_LEFT = 1 << 3,    /* a field was left with a new, valid text: form_left() names it */
	FORM_CHANGED = 1 << 4, /* a field was left with a new text: time for a draft */
	FORM_BELL = 1 << 5,
	FORM_EDITED = 1 << 6,  /* a text is another one now */
};

struct form;

/* A new form with the defaults of its suggestions. order: NULL, or field names that come first,
 * ending with NULL. NULL when memory is out. */
struct form *form_new(const struct book *, const struct op *, const char *const *order);

/* Wipes every text. */
void form_free(struct form *);

/* Puts the form away as draft; form_resume() gives it back. At most 8 are kept, oldest dropped. */
void form_park(struct form *);
struct form *form_resume(const struct book *, const struct op *, int64_t record);
void form_forget_all(void);
/* Whose forms are parked and found from now on: the next person must not find others'. */
void form_own(const char *person);
/* Another copy holds the text, too: the server's. Editing makes it false. */
void form_set_kept(struct form *, bool kept);
/* Drops the parked form when it holds nothing that was not kept elsewhere. */
void form_forget_kept(const struct book *, const struct op *, int64_t record);
size_t form_parked(void);
/* Whether form_resume would give one back. */
bool form_has_draft(const struct book *, const struct op *, int64_t record);

/* The record that the operation is about (0 = none), its version, and the heading above the fields. */
void form_about(struct form *, int64_t record, int64_t version, const char *heading);

const struct book *form_book(const struct form *);
const struct op *form_op(const struct form *);

/* The intention's op_id, made once per form and kept until it is committed or changed. */
const char *form_op_id(const struct form *);
void form_new_op_id(struct form *);

/* Presets a field as if typed; unknown names are left out. */
void form_set(struct form *, const char *field, const char *text);
/* The same as a suggestion: the first letter typed takes its place. */
void form_suggest(struct form *, const char *field, const char *text);
/* What is typed now, or NULL. */
const char *form_text(const struct form *, const char *field);
/* The field last left (FORM_LEFT). */
const struct field *form_left(const struct form *);
/* The word beside a reference says whom or what its code names ("Nguyen Van A"). form_ask_name() is a field that was left and
 * has none yet, NULL when there is none; it counts as asked for then. form_name() is the answer: the word is shown unless the
 * field holds another text by now. */
const struct field *form_ask_name(struct form *);
void form_name(struct form *, const char *field, const char *word);
const char *form_named(const struct form *, const char *field); /* the word shown; "" = none */

/* Shows "Enter saves" at once when nothing that is needed is missing. */
void form_try_ready(struct form *);
/* Enter behind the last field that is needed commits, without the line that asks. */
void form_commit_at_once(struct form *);
/* Puts the cursor into the first field that is needed and empty, if there is one. */
void form_focus_missing(struct form *);
/* Puts the cursor into a field. */
void form_focus(struct form *, const char *field);

/* The server's word on a field (NULL = the whole form): marked, focused, said in the message line. */
void form_fault(struct form *, const char *field, const char *message);

unsigned form_handle(struct form *, const struct key *);

/* Rows of all its fields. */
int form_height(const struct form *);
/* Paints from row, rows lines high; places the cursor. */
void form_draw(struct form *, int row, int rows);

/* The sentence for the message line, translated; "" = nothing to say. */
const char *form_message(const struct form *);
bool form_message_is_error(const struct form *);
bool form_is_touched(const struct form *);
/* Nothing is typed in any field. */
bool form_is_blank(const struct form *);
bool form_is_ready(const struct form *);

/* Appends the wire object {"op_id":…,"id":…,"version":…,fields…}. ERR_INVALID when a field is bad. */
enum err form_params(struct form *, struct buf *out) MUST_CHECK;

/* The draft body {"field":"text as typed",…} and back. */
void form_draft_write(const struct form *, struct buf *out);
void form_draft_read(struct form *, const struct node *body);

#endif
