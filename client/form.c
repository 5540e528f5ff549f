/*
 * form.c - the form of one operation.
 *
 * Moves between fields, checks on leaving, decides when everything is wanted and valid. Nothing of
 * it waits or sends. Not for: single fields (form_line.c), or forms put away (form_park.c).
 * Trap: Esc never throws text away: the caller parks the form, and the next form_resume() of the
 * same operation and record gives it back.
 */
#include "client/form_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/keys.h"
#include "client/tty.h"
#include "common/i18n.h"
#include "common/text.h"
#include "common/validate.h"

enum { LABEL_CELLS = 24, SCRATCH = 1 << 20, CHOICES_LEAST = 7 /* rows of a list of choices, however long the form is */ };

static bool check_all(struct form *f);

static void add_line(struct form *f, size_t i)
{
	for (size_t k = 0; k < f->n; k++)
		if (f->lines[k].field == &f->book->fields[i])
			return;
	if ((f->op->asks & BIT(i)) && f->n < FORM_LINES_MAX)
		form_line_init(&f->lines[f->n++], &f->book->fields[i], (f->op->needs & BIT(i)) != 0);
}

struct form *form_new(const struct book *book, const struct op *op, const char *const *order)
{
	struct form *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->book = book;
	f->op = op;
	f->arena = arena_new(SCRATCH);
	if (f->arena == NULL) {
		free(f);
		return NULL;
	}
	for (; order != NULL && *order != NULL; order++)
		if (book_field(book, *order) != NULL)
			add_line(f, field_index(book, book_field(book, *order)));
	for (size_t i = 0; i < book->nfields; i++)
		add_line(f, i);
	opid_make(f->op_id);
	f->ask_ready = (op->flags & OP_CREATE) != 0;
	f->ready = f->n == 0;
	return f;
}

void form_free(struct form *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		form_line_done(&f->lines[i]);
	arena_free(f->arena);
	explicit_bzero(f, sizeof(*f));
	free(f);
}

void form_about(struct form *f, int64_t record, int64_t version, const char *heading)
{
	f->record = record;
	f->version = version;
	snprintf(f->heading, sizeof(f->heading), "%s", heading != NULL ? heading : "");
}

const struct book *form_book(const struct form *f)
{
	return f->book;
}

const struct op *form_op(const struct form *f)
{
	return f->op;
}

const char *form_op_id(const struct form *f)
{
	return f->op_id;
}

void form_new_op_id(struct form *f)
{
	opid_make(f->op_id);
	f->sent = false;
}

static struct form_line *line_of(const struct form *f, const char *name)
{
	for (size_t i = 0; name != NULL && i < f->n; i++)
		if (strcmp(f->lines[i].field->name, name) == 0)
			return (struct form_line *)(uintptr_t)&f->lines[i];
	return NULL;
}

void form_set(struct form *f, const char *field, const char *text)
{
	struct form_line *line = line_of(f, field);

	if (line != NULL)
		form_line_set(line, text);
}

void form_suggest(struct form *f, const char *field, const char *text)
{
	struct form_line *line = line_of(f, field);

	if (line == NULL)
		return;
	form_line_set(line, text);
	line->fresh = line->choices == NULL;
}

const char *form_text(const struct form *f, const char *field)
{
	const struct form_line *line = line_of(f, field);

	return line != NULL ? form_line_text(line) : NULL;
}

const struct field *form_left(const struct form *f)
{
	return f->left;
}

const struct field *form_ask_name(struct form *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->lines[i].naming == NAMING_WANTED) {
			f->lines[i].naming = NAMING_ASKED;
			return f->lines[i].field;
		}
	return NULL;
}

void form_name(struct form *f, const char *field, const char *word)
{
	struct form_line *line = line_of(f, field);

	if (line == NULL || line->naming != NAMING_ASKED)
		return;
	line->naming = NAMING_NONE;
	snprintf(line->remark, sizeof(line->remark), "%s", word);
}

const char *form_named(const struct form *f, const char *field)
{
	const struct form_line *line = line_of(f, field);

	return line != NULL ? line->remark : "";
}

void form_try_ready(struct form *f)
{
	f->ready = check_all(f) && f->ask_ready;
}

void form_commit_at_once(struct form *f)
{
	f->ask_ready = false;
}

void form_focus_missing(struct form *f)
{
	for (size_t i = f->n; i-- > 0;)
		f->at = f->lines[i].needed && form_line_is_empty(&f->lines[i]) ? i : f->at;
}

void form_focus(struct form *f, const char *field)
{
	const struct form_line *line = line_of(f, field);

	if (line != NULL)
		f->at = (size_t)(line - f->lines);
}

static void say(struct form *f, bool is_error, const char *text)
{
	snprintf(f->message, sizeof(f->message), "%s", text);
	f->message_is_error = is_error;
}

void form_fault(struct form *f, const char *field, const char *message)
{
	struct form_line *line = line_of(f, field);

	if (line != NULL) {
		snprintf(line->fault, sizeof(line->fault), "%s", message);
		f->at = (size_t)(line - f->lines);
	}
	f->ready = f->n == 0;
	say(f, true, message);
}

/* Does it hold a code that names something? */
static bool has_name(const struct field *field)
{
	const struct book *ref = field->ref != NULL ? book_find(field->ref) : NULL;

	return ref != NULL && ref->code != NULL;
}

/* Checks the field in focus before it is left. */
static unsigned leave(struct form *f)
{
	struct form_line *line = &f->lines[f->at];
	unsigned result = FORM_USED;

	f->ready = false;
	say(f, false, "");
	if (f->n == 0)
		return result;
	if (!form_line_check(line, f->arena, false)) {
		say(f, true, line->fault);
		result |= FORM_BELL;
	}
	if (line->changed) {
		result |= FORM_CHANGED;
		if (!form_line_is_empty(line) && line->fault[0] == '\0') {
			f->left = line->field;
			line->naming = has_name(line->field) ? NAMING_WANTED : NAMING_NONE;
			result |= FORM_LEFT;
		}
	}
	line->changed = false;
	return result;
}

static unsigned go(struct form *f, size_t to)
{
	unsigned result = leave(f);

	if (f->n > 0)
		f->at = to % f->n;
	return result;
}

/* Focuses the first bad field; true when there is none. */
static bool check_all(struct form *f)
{
	size_t bad = f->n;

	for (size_t i = f->n; i-- > 0;)
		if (!form_line_check(&f->lines[i], f->arena, true))
			bad = i;
	if (bad == f->n)
		return true;
	f->at = bad;
	f->ready = false;
	say(f, true, f->lines[bad].fault);
	return false;
}

static unsigned commit(struct form *f)
{
	unsigned result = f->n > 0 ? leave(f) : FORM_USED;

	if (!check_all(f))
		return result | FORM_BELL;
	return result | FORM_COMMIT;
}

/* Enter: the next needed field that is empty; then the ready line, or the end. */
static unsigned advance(struct form *f)
{
	bool was_ready = f->ready;
	unsigned result;

	if (f->n == 0 || was_ready)
		return commit(f);
	result = leave(f);
	if (f->lines[f->at].fault[0] != '\0')
		return result;
	for (size_t i = 1; i <= f->n; i++) {
		struct form_line *line = &f->lines[(f->at + i) % f->n];

		if (line->needed && form_line_is_empty(line)) {
			if (i == f->n)
				return check_all(f) ? result : result | FORM_BELL;
			f->at = (f->at + i) % f->n;
			return result;
		}
	}
	if (!check_all(f))
		return result | FORM_BELL;
	if (!f->ask_ready)
		return result | FORM_COMMIT;
	f->ready = true;
	return result;
}

static void say_full(struct form *f, const struct form_line *line)
{
	char text[LINE_FAULT];

	if (line->field->type == FT_TEXT || line->field->type == FT_NOTE) {
		snprintf(text, sizeof(text), tr(N_("At most %d characters.")), (int)line->edit.max_chars);
		say(f, true, text);
	} else if (line->choices != NULL) {
		say(f, true, tr(N_("Choose one of the list, or type its number.")));
	}
}

static unsigned note_edit(struct form *f, struct form_line *line, unsigned edited)
{
	unsigned result = FORM_USED;
	char text[LINE_FAULT];

	say(f, false, "");
	if (edited & EDIT_FULL) {
		say_full(f, line);
		result |= FORM_BELL;
	}
	if (edited & EDIT_ASK) {
		snprintf(text, sizeof(text), tr(N_("Paste %zu characters? y pastes, any other key does not.")),
			line->edit.paste_chars);
		say(f, false, text);
		f->asks_paste = true;
	}
	if (edited & EDIT_CHANGED) {
		f->touched = true;
		f->kept = false;
		result |= FORM_EDITED;
		if (f->sent)
			form_new_op_id(f); /* another intention now */
	}
	return result;
}

static unsigned answer_paste(struct form *f, const struct key *key)
{
	struct form_line *line = &f->lines[f->at];
	bool yes = key->kind == K_TEXT && key->cp == 'y' && !key->burst;
	unsigned edited = edit_take_paste(&line->edit, yes);

	f->asks_paste = false;
	if (edited & EDIT_CHANGED)
		line->changed = true;
	return note_edit(f, line, edited);
}

static unsigned move(struct form *f, const struct key *key)
{
	size_t last = f->n > 0 ? f->n - 1 : 0;

	if (key->kind == K_TAB)
		return go(f, f->at + 1);
	if (key->kind == K_BACKTAB)
		return go(f, f->at > 0 ? f->at - 1 : last);
	if (key->kind == K_DOWN)
		return f->at < last ? go(f, f->at + 1) : FORM_USED;
	if (key->kind == K_UP)
		return f->at > 0 ? go(f, f->at - 1) : FORM_USED;
	return FORM_IGNORED;
}

unsigned form_handle(struct form *f, const struct key *key)
{
	struct form_line *ticked;
	const struct binding *bound;
	unsigned edited = EDIT_IGNORED;

	if (f->asks_paste)
		return answer_paste(f, key);
	if (key->kind == K_ESC)
		return FORM_USED | FORM_CANCEL | (f->n > 0 ? leave(f) : 0);
	if (key->kind == K_ENTER)
		return advance(f);
	bound = key->kind != K_TEXT ? keys_find(CONTEXT_FORM, key, NULL, NULL) : NULL;
	if (bound != NULL && bound->action == ACTION_COMMIT)
		return commit(f);
	ticked = form_lines_tick(f->lines, f->n, f->at, key);
	if (ticked != NULL) {
		f->ready = false;
		return note_edit(f, ticked, EDIT_USED | EDIT_CHANGED);
	}
	if (f->n > 0)
		edited = form_line_handle(&f->lines[f->at], key);
	if (edited != EDIT_IGNORED) {
		f->ready = false;
		return note_edit(f, &f->lines[f->at], edited);
	}
	return move(f, key);
}

static int label_width(const struct form *f)
{
	int width = 0;

	for (size_t i = 0; i < f->n; i++)
		if (text_width(tr(f->lines[i].field->label)) > width)
			width = text_width(tr(f->lines[i].field->label));
	return width < LABEL_CELLS ? width : LABEL_CELLS;
}

/* Rows of the lines from..to. */
static int height(const struct form *f, size_t from, size_t to)
{
	int rows = 0;

	for (size_t i = from; i < to; i++)
		rows += form_line_height(&f->lines[i]);
	return rows;
}

int form_height(const struct form *f)
{
	return height(f, 0, f->n) + (f->heading[0] != '\0' ? 2 : 0);
}

/* Rows kept free below the fields for the choices of the one in focus. */
static int choice_rows(const struct form *f, int rows)
{
	int n = f->n > 0 ? form_line_count_choices(&f->lines[f->at]) : 0;

	if (n > CHOICES_LEAST)
		n = CHOICES_LEAST;
	return n > 0 && rows > n + 2 ? n + 1 : 0;
}

void form_draw(struct form *f, int row, int rows)
{
	int bottom = row + rows, width = label_width(f), end, lines, cols;

	tty_size(&lines, &cols);
	if (f->heading[0] != '\0') {
		tty_put(row, 1, cols - 2, f->heading, STYLE_KEY);
		row += 2;
	}
	end = bottom - choice_rows(f, bottom - row);
	if (f->n == 0)
		tty_cursor(row, 0);
	if (f->at < f->top)
		f->top = f->at;
	while (f->top < f->at && height(f, f->top, f->at + 1) > end - row)
		f->top++;
	for (size_t i = f->top; i < f->n && row + form_line_height(&f->lines[i]) <= end; i++) {
		form_line_draw(&f->lines[i], row, width, i == f->at);
		row += form_line_height(&f->lines[i]);
	}
	if (f->n > 0 && row + 1 < bottom)
		form_line_draw_choices(&f->lines[f->at], row + 1, bottom - row - 1, width + 3);
}

const char *form_message(const struct form *f)
{
	if (f->message[0] != '\0')
		return f->message;
	if (f->ready)
		return tr(N_("Enter saves; any other key goes on writing."));
	return f->n > 0 && f->lines[f->at].field->help != NULL ? tr(f->lines[f->at].field->help) : "";
}

bool form_message_is_error(const struct form *f)
{
	return f->message[0] != '\0' && f->message_is_error;
}

bool form_is_touched(const struct form *f)
{
	return f->touched;
}

bool form_is_blank(const struct form *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (!form_line_is_empty(&f->lines[i]) && !f->lines[i].fresh)
			return false;
	return true;
}

bool form_is_ready(const struct form *f)
{
	return f->ready;
}

enum err form_params(struct form *f, struct buf *out)
{
	enum err err = check_all(f) ? OK : ERR_INVALID;

	buf_puts(out, "{\"op_id\":");
	buf_json_str(out, f->op_id);
	if (f->record != 0) {
		buf_puts(out, ",\"id\":");
		buf_json_int(out, f->record);
		buf_puts(out, ",\"version\":");
		buf_json_int(out, f->version);
	}
	for (size_t i = 0; i < f->n && err == OK; i++) {
		if (form_line_is_empty(&f->lines[i]))
			continue;
		buf_puts(out, ",");
		buf_json_str(out, f->lines[i].field->name);
		buf_puts(out, ":");
		err = form_line_wire(&f->lines[i], f->arena, out);
	}
	buf_puts(out, "}");
	f->sent = true;
	return err == OK && out->failed ? ERR_NOMEM : err;
}

void form_draft_write(const struct form *f, struct buf *out)
{
	const char *comma = "";

	buf_puts(out, "{");
	for (size_t i = 0; i < f->n; i++) {
		if (form_line_is_empty(&f->lines[i]) || f->lines[i].edit.secret)
			continue;
		buf_puts(out, comma);
		buf_json_str(out, f->lines[i].field->name);
		buf_puts(out, ":");
		buf_json_str(out, form_line_text(&f->lines[i]));
		comma = ",";
	}
	buf_puts(out, "}");
}

void form_draft_read(struct form *f, const struct node *body)
{
	for (const struct node *n = body != NULL ? body->first : NULL; n != NULL; n = n->next)
		if (n->type == NODE_STRING)
			form_set(f, n->key, n->s);
	f->touched = true;
}
