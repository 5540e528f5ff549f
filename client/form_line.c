/*
 * form_line.c - one field of a form.
 *
 * A choice: a digit picks the n-th, letters filter, arrows step. A text with suggestions holds the
 * first of them until something is typed; a digit takes the n-th. Not for: rules of a book.
 * Trap: y and n mean the first and second choice when no label begins with them, in every
 * language: hands must not depend on translations.
 */
#include "client/form_line.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "client/tty.h"
#include "common/i18n.h"
#include "common/text.h"
#include "common/validate.h"

enum { TEXT_CELLS = 50, NOTE_CELLS = 52, NOTE_LINES = 3 };

static const struct choice yes_no[] = {
	{ "true", N_("Yes") }, { "false", N_("No") }, { NULL, NULL },
};

static bool is_choice(const struct form_line *l)
{
	return l->field->type == FT_CHOICE || l->field->type == FT_BOOL;
}

static int count_choices(const struct form_line *l)
{
	int n = 0;

	while (l->choices != NULL && l->choices[n].word != NULL)
		n++;
	return n;
}

static const char *label_of(const struct form_line *l, int i)
{
	return tr(l->choices[i].label != NULL ? l->choices[i].label : l->choices[i].word);
}

static int longest(const struct field *field)
{
	if (field->type == FT_TEXT || field->type == FT_NOTE)
		return field->max;
	return field->type == FT_ITEMS ? 2000 : 120;
}

void form_line_init(struct form_line *l, const struct field *field, bool needed)
{
	*l = (struct form_line){ .field = field, .needed = needed, .picked = -1 };
	l->choices = field->type == FT_BOOL ? yes_no : field->type == FT_TEXT && (field->flags & F_SUGGEST) == 0 ? NULL : field->choices;
	edit_init(&l->edit, longest(field), field->type == FT_NOTE);
	l->edit.secret = (field->flags & (F_PASSWORD | F_PIN)) != 0;
	if ((field->flags & F_SUGGEST) && count_choices(l) > 0) {
		edit_set(&l->edit, label_of(l, 0));
		l->fresh = true;
	}
}

void form_line_done(struct form_line *l)
{
	edit_done(&l->edit);
	explicit_bzero(l, sizeof(*l));
}

static void pick(struct form_line *l, int i)
{
	l->picked = i;
	edit_set(&l->edit, i >= 0 ? label_of(l, i) : "");
	l->edit.at = 0;
}

/* Another text: what was said about the old one is not true of it. */
static void forget_word(struct form_line *l)
{
	l->fault[0] = l->remark[0] = '\0';
	l->naming = NAMING_NONE;
}

void form_line_set(struct form_line *l, const char *text)
{
	l->fresh = false;
	forget_word(l);
	if (!is_choice(l)) {
		edit_set(&l->edit, text);
		return;
	}
	pick(l, -1);
	for (int i = 0; i < count_choices(l); i++)
		if (strcmp(l->choices[i].word, text) == 0 || strcmp(label_of(l, i), text) == 0)
			pick(l, i);
}

const char *form_line_text(const struct form_line *l)
{
	if (!is_choice(l))
		return l->edit.text;
	return l->picked >= 0 ? l->choices[l->picked].word : "";
}

bool form_line_is_empty(const struct form_line *l)
{
	const char *text = form_line_text(l);

	return text[strspn(text, " \n")] == '\0';
}

static int digit_of(const struct form_line *l, const struct key *key)
{
	int i = key->kind == K_TEXT && key->cp >= '1' && key->cp <= '9' ? (int)key->cp - '1' : -1;

	return i < count_choices(l) ? i : -1;
}

/* Whether a label begins with letters, whatever their case and marks. */
static bool begins_with(const char *label, const char *letters)
{
	struct buf text, wanted;
	bool found;

	buf_init(&text, 1024);
	buf_init(&wanted, 1024);
	text_fold(&text, label);
	text_fold(&wanted, letters);
	found = strncmp(text.data, wanted.data, wanted.len) == 0;
	buf_done(&text);
	buf_done(&wanted);
	return found;
}

/* The choice whose short key begins with the letters; -1 = none. */
static int find_key(const struct form_line *l, const char *letters)
{
	const struct choice *key = l->field->keys;

	while (key != NULL && key->word != NULL && strncasecmp(key->word, letters, strlen(letters)) != 0)
		key++;
	for (int i = 0; key != NULL && key->word != NULL && i < count_choices(l); i++)
		if (strcmp(l->choices[i].word, key->label) == 0)
			return i;
	return -1;
}

/* The first choice whose short key, label or word begins with the letters; -1 = none. */
static int find_choice(const struct form_line *l, const char *letters)
{
	int found = find_key(l, letters);

	if (found >= 0)
		return found;
	for (int i = 0; i < count_choices(l); i++)
		if (begins_with(label_of(l, i), letters) || begins_with(l->choices[i].word, letters))
			return i;
	if (strcasecmp(letters, "y") == 0)
		return 0;
	return strcasecmp(letters, "n") == 0 && count_choices(l) > 1 ? 1 : -1;
}

static unsigned take_letter(struct form_line *l, uint32_t cp)
{
	size_t n = strlen(l->filter), used;
	char letter[5] = "";
	int found;

	used = text_encode(cp, letter);
	if (n + used >= sizeof(l->filter))
		return EDIT_USED | EDIT_FULL;
	memcpy(l->filter + n, letter, used + 1);
	found = find_choice(l, l->filter);
	if (found < 0 && n > 0) { /* no longer a beginning: perhaps a new one */
		memcpy(l->filter, letter, used + 1);
		found = find_choice(l, l->filter);
	}
	if (found < 0) {
		l->filter[0] = '\0';
		return cp < 0x80 && ispunct((int)cp) ? EDIT_IGNORED : EDIT_USED | EDIT_FULL; /* no text here: perhaps a command */
	}
	pick(l, found);
	return EDIT_USED | EDIT_CHANGED;
}

/* A blank within the letters of a label is one of them; otherwise it steps to the next choice. */
static bool is_letter(const struct form_line *l, const struct key *key)
{
	char letters[sizeof(l->filter) + 1];

	if (key->kind != K_TEXT || digit_of(l, key) >= 0)
		return false;
	snprintf(letters, sizeof(letters), "%s ", l->filter);
	return key->cp != ' ' || (l->filter[0] != '\0' && find_choice(l, letters) >= 0);
}

static unsigned handle_choice(struct form_line *l, const struct key *key)
{
	int n = count_choices(l), digit = digit_of(l, key);
	bool clears = key->kind == K_BACKSPACE || key->kind == K_DELETE ||
		(key->kind == K_CTRL && key->cp == 'u');

	if (is_letter(l, key))
		return take_letter(l, key->cp);
	l->filter[0] = '\0';
	if (digit >= 0)
		pick(l, digit);
	else if (key->kind == K_RIGHT || (key->kind == K_TEXT && key->cp == ' '))
		pick(l, (l->picked + 1) % n);
	else if (key->kind == K_LEFT)
		pick(l, l->picked > 0 ? l->picked - 1 : n - 1);
	else if (clears)
		pick(l, -1);
	else
		return key->kind == K_PASTE ? EDIT_USED | EDIT_FULL : EDIT_IGNORED;
	return EDIT_USED | EDIT_CHANGED;
}

/* A suggestion not touched yet: a digit takes the n-th, any other text replaces it. */
static unsigned handle_fresh(struct form_line *l, const struct key *key)
{
	int digit = digit_of(l, key);
	unsigned result;

	if (digit >= 0) {
		edit_set(&l->edit, label_of(l, digit));
		return EDIT_USED | EDIT_CHANGED;
	}
	if (key->kind == K_TEXT || key->kind == K_PASTE)
		edit_set(&l->edit, "");
	result = edit_handle(&l->edit, key);
	if (result & EDIT_USED)
		l->fresh = false;
	return result;
}

unsigned form_line_handle(struct form_line *l, const struct key *key)
{
	unsigned result = is_choice(l) ? handle_choice(l, key) :
		l->fresh ? handle_fresh(l, key) : edit_handle(&l->edit, key);

	if (result & EDIT_CHANGED) {
		l->changed = true;
		forget_word(l);
	}
	return result;
}

bool form_line_check(struct form_line *l, struct arena *arena, bool needs)
{
	const char *text = NULL, *why = NULL;

	l->fault[0] = '\0';
	if (needs && l->needed && form_line_is_empty(l))
		why = N_("This field is needed.");
	else if (!is_choice(l) && validate_input(arena, l->field, l->edit.text, &text, &why) != OK &&
			why == NULL)
		why = N_("Too long to be checked.");
	if (why != NULL)
		snprintf(l->fault, sizeof(l->fault), "%s", tr(why));
	arena_reset(arena);
	return why == NULL;
}

enum err form_line_wire(struct form_line *l, struct arena *arena, struct buf *out)
{
	const char *text = NULL, *why;
	enum err err = OK;

	if (is_choice(l))
		text = l->picked >= 0 ? l->choices[l->picked].word : NULL;
	else
		err = validate_input(arena, l->field, l->edit.text, &text, &why);
	if (err == OK)
		validate_wire(out, l->field, text);
	arena_reset(arena);
	return err;
}

int form_line_height(const struct form_line *l)
{
	return l->field->type == FT_NOTE ? NOTE_LINES : 1;
}

/* The length of a field says what it is for; forms never stretch. */
static int field_cells(const struct form_line *l)
{
	int cells = 4;

	for (int i = 0; is_choice(l) && i < count_choices(l); i++)
		if (text_width(label_of(l, i)) + 1 > cells)
			cells = text_width(label_of(l, i)) + 1;
	if (is_choice(l))
		return cells < TEXT_CELLS ? cells : TEXT_CELLS;
	if (l->field->type == FT_NOTE)
		return NOTE_CELLS;
	if (l->field->type == FT_ITEMS)
		return TEXT_CELLS;
	if (l->field->type == FT_TEXT)
		return l->field->max > 0 && l->field->max < TEXT_CELLS ? l->field->max + 1 : TEXT_CELLS;
	return l->field->type == FT_TIME || l->field->type == FT_REF ? 20 : 12;
}

void form_line_draw(struct form_line *l, int row, int label_width, bool focused)
{
	int rows, cols, cells = field_cells(l), height = form_line_height(l), col = label_width + 3;
	const char *label = tr(l->field->label);
	int width = text_width(label) < label_width ? text_width(label) : label_width;

	tty_size(&rows, &cols);
	tty_put(row, 0, 1, l->fault[0] != '\0' ? "!" : "", STYLE_ERROR);
	tty_put(row, 1 + label_width - width, width, label, focused ? STYLE_KEY : STYLE_TEXT);
	tty_put(row, 1 + label_width, 1, l->needed ? "*" : "", STYLE_TEXT);
	for (int i = 0; i < height; i++) {
		tty_put(row + i, col, 1, "[", STYLE_TEXT);
		tty_put(row + i, col + 1 + cells, 1, "]", STYLE_TEXT);
	}
	edit_draw(&l->edit, row, col + 1, cells, height, focused);
	if (l->remark[0] != '\0')
		tty_say(row, col + cells + 3, cols - col - cells - 3, l->remark, STYLE_TEXT);
}

int form_line_count_choices(const struct form_line *l)
{
	return (l->field->flags & F_TICK) != 0 ? 0 : count_choices(l);
}

static bool is_chosen(const struct form_line *l, int i)
{
	return is_choice(l) ? i == l->picked : strcmp(l->edit.text, label_of(l, i)) == 0;
}

/* The short key of the n-th choice, or "". */
static const char *key_of(const struct form_line *l, int i)
{
	const struct choice *key = l->field->keys;

	while (key != NULL && key->word != NULL && strcmp(key->label, l->choices[i].word) != 0)
		key++;
	return key != NULL && key->word != NULL ? key->word : "";
}

/* The first choice shown, so that the chosen one is among them. */
static int first_shown(const struct form_line *l, int rows)
{
	int n = count_choices(l), at = 0;

	while (at < n && !is_chosen(l, at))
		at++;
	return at < n && at >= rows ? at - rows + 1 : 0;
}

void form_line_draw_choices(const struct form_line *l, int row, int rows, int col)
{
	int n = count_choices(l), first = first_shown(l, rows), lines, cols;

	tty_size(&lines, &cols);
	for (int i = first; i < n && i < first + rows; i++) {
		bool goes_on = (i == first && i > 0) || (i == first + rows - 1 && i < n - 1);
		char text[160], digit[16] = " ";
		const char *key = key_of(l, i);

		if (i < 9)
			snprintf(digit, sizeof(digit), "%d%s%s", i + 1, *key != '\0' ? " " : "", key);
		else if (*key != '\0')
			snprintf(digit, sizeof(digit), "  %s", key);
		/* Where the list goes on beyond its rows, it says so. */
		snprintf(text, sizeof(text), "%s %s %s%s", is_chosen(l, i) ? ">" : " ", digit, label_of(l, i),
			goes_on ? "  ~" : "");
		tty_say(row + i - first, col, cols - col, text, STYLE_TEXT);
	}
}

static bool is_tick(const struct form_line *lines, size_t n, size_t i)
{
	return i < n && (lines[i].field->flags & F_TICK) != 0;
}

struct form_line *form_lines_tick(struct form_line *lines, size_t n, size_t at, const struct key *key)
{
	size_t first = at, nth;

	if (!is_tick(lines, n, at) || key->kind != K_TEXT || key->cp < '1' || key->cp > '9')
		return NULL;
	while (first > 0 && is_tick(lines, n, first - 1))
		first--;
	nth = first + (size_t)(key->cp - '1');
	for (size_t i = first; i <= nth; i++)
		if (!is_tick(lines, n, i))
			return NULL;
	form_line_set(&lines[nth], strcmp(form_line_text(&lines[nth]), "true") == 0 ? "false" : "true");
	return &lines[nth];
}
