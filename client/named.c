/*
 * named.c - see named.h.
 *
 * Not for: deciding what of the log may be read. Trap: a field's name alone does not say its
 * book; the row's field `book` does.
 */
#include "client/named.h"

#include <stdio.h>
#include <string.h>

#include "common/i18n.h"
#include "common/report.h"

#define PART " · "
enum { PART_MAX = 160 };

/* What is logged beside the operations of books, by house and books alike. */
static const struct choice other_acts[] = {
	{"open", N_("Opened locked fields")}, {"lookup", N_("Looked up")}, {"told", N_("Told")}, {"rehearse", N_("Compared with a file")},
	{"seal", N_("Mobile sealed")}, {"unseal", N_("Mobile unsealed")}, {NULL, NULL},
};
static const struct choice session_acts[] = {
	{"open", N_("Signed in")}, {"join", N_("Signed in again")}, {"close", N_("Signed out")}, {"lock", N_("Locked")},
	{"unlock", N_("Unlocked")}, {"role", N_("Role switched")}, {NULL, NULL},
};
static const struct choice other_books[] = {
	{"session", N_("Session")}, {"policy", N_("Policy")}, {"house", N_("House")}, {"demo", N_("Demo estate")}, {NULL, NULL},
};

static const char *label_in(const struct choice *c, const char *word)
{
	while (c->word != NULL && strcmp(c->word, word) != 0)
		c++;
	return c->word != NULL ? tr(c->label) : NULL;
}

static const char *deadline_label(const struct book *book, const char *word)
{
	for (size_t i = 0; i < book->ndeadlines; i++)
		if (strcmp(book->deadlines[i].name, word) == 0)
			return tr(book->deadlines[i].label);
	return NULL;
}

const char *named_act(const struct book *book, const char *word)
{
	const struct op *op = book != NULL ? book_op(book, word) : NULL;
	const char *label = book != NULL ? deadline_label(book, word) : NULL;

	if (op != NULL)
		return tr(op->label);
	if (label == NULL && book != NULL && book->acts != NULL)
		label = label_in(book->acts, word);
	if (label == NULL)
		label = label_in(book != NULL ? other_acts : session_acts, word);
	return label != NULL ? label : word;
}

void named_fields(struct buf *to, const struct book *book, const struct node *words)
{
	for (const struct node *n = words != NULL ? words->first : NULL; n != NULL; n = n->next) {
		const char *word = node_str(n);
		const struct field *f = book != NULL && word != NULL ? book_field(book, word) : NULL;

		if (word == NULL)
			continue;
		buf_printf(to, "%s%s", n != words->first ? ", " : "", f != NULL ? tr(f->label) : word);
	}
}

static const char *state_label(const struct book *book, const char *word)
{
	int at = book_state(book, word);

	return at >= 0 ? tr(book->states[at].label) : NULL;
}

/* What a word of the book is called; its own words before those of the books that it refers to, names of its fields last.
 * NULL: it is none. */
static const char *word_label(const struct book *book, const char *word, bool of_others_too)
{
	const struct field *named = book_field(book, word);
	const char *label = state_label(book, word);

	if (label == NULL)
		label = deadline_label(book, word);
	for (size_t i = 0; label == NULL && i < book->nfields; i++)
		if (book->fields[i].choices != NULL && (book->fields[i].flags & F_SUGGEST) == 0)
			label = label_in(book->fields[i].choices, word);
	for (size_t i = 0; of_others_too && label == NULL && i < book->nfields; i++) {
		const struct book *other = book->fields[i].ref != NULL ? book_find(book->fields[i].ref) : NULL;

		if (other != NULL)
			label = word_label(other, word, false);
	}
	return label == NULL && of_others_too && named != NULL ? tr(named->label) : label;
}

struct words {
	const struct choice *choices;
	const struct book *book; /* a title changes it: what follows are words of that one */
};

static const char *label_of(const struct words *w, const char *word)
{
	const char *label = w->choices != NULL ? label_in(w->choices, word) : NULL;

	return label == NULL && w->book != NULL ? word_label(w->book, word, true) : label;
}

/* The label of the word that a text begins with; a number is its own. NULL: it is neither. */
static const char *first_label(const struct words *w, const char *text, size_t len, char *word, size_t cap)
{
	snprintf(word, cap, "%.*s", (int)len, text);
	if (len >= cap)
		return NULL;
	return word[0] >= '0' && word[0] <= '9' ? word : label_of(w, word);
}

/* Words with blanks between are shown by their labels when all of them are words or numbers: a sentence stays one. */
static bool put_each(struct buf *to, const struct words *w, const char *text, bool only_look)
{
	char word[PART_MAX];

	for (const char *p = text, *blank = ""; *p != '\0'; blank = " ") {
		size_t len = strcspn(p, " ");
		const char *label = first_label(w, p, len, word, sizeof word);

		if (label == NULL)
			return false;
		if (!only_look)
			buf_printf(to, "%s%s", blank, label);
		p += len + (p[len] == ' ');
	}
	return true;
}

/* What stands between two " · ": a book's title, a word, words with blanks between, or a text. */
static void put_part(struct buf *to, struct words *w, const char *text, size_t len)
{
	const struct book *named;
	char part[PART_MAX];
	const char *label;

	snprintf(part, sizeof part, "%.*s", (int)len, text);
	named = len < sizeof part ? book_find(part) : NULL;
	label = named != NULL ? tr(named->title) : len < sizeof part ? label_of(w, part) : NULL;
	if (named != NULL)
		w->book = named;
	if (label != NULL)
		buf_puts(to, label);
	else if (len < sizeof part && put_each(to, w, part, true))
		put_each(to, w, part, false);
	else
		buf_put(to, text, len);
}

void named_words(struct buf *to, const struct choice *choices, const struct book *book, const char *text)
{
	struct words words = {.choices = choices, .book = book};
	const size_t gap = strlen(PART);

	while (text != NULL) {
		const char *end = strstr(text, PART);
		size_t len = end != NULL ? (size_t)(end - text) : strlen(text);

		put_part(to, &words, text, len);
		if (end != NULL)
			buf_puts(to, PART);
		text = end != NULL ? end + gap : NULL;
	}
}

/* The book that a row is about: the one that it names. */
static const struct book *book_about(const struct book *own, const struct node *row)
{
	const char *about = NULL;

	for (size_t i = 0; about == NULL && i < own->nfields; i++)
		if ((own->fields[i].flags & F_BOOK_NAME) != 0)
			about = node_str(node_get(row, own->fields[i].name));
	return about != NULL ? book_find(about) : NULL;
}

void named_show(struct buf *to, const struct book *own, const struct field *f, const struct node *row)
{
	const struct book *book = book_about(own, row);
	const struct node *v = node_get(row, f->name);
	const char *word = node_str(v), *label;

	if ((f->flags & F_REPORT) != 0) {
		const struct report *report = word != NULL ? report_find(word) : NULL;

		buf_puts(to, report != NULL ? tr(report->title) : word != NULL ? word : "");
	} else if (f->type == FT_WORDS) {
		named_fields(to, book, v);
	} else if ((f->flags & F_WORDS) != 0) {
		named_words(to, f->choices, book != NULL ? book : own, word);
	} else if (word != NULL && (f->flags & F_BOOK_NAME) != 0) {
		label = book == NULL ? label_in(other_books, word) : tr(book->title);
		buf_puts(to, label != NULL ? label : word);
	} else if (word != NULL) {
		buf_puts(to, named_act(book, word));
	}
}
