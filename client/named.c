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

enum { WORD_MAX = 48 };

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

/* What a word of the book is called; its own words before those of the books that it refers to. NULL: it is none. */
static const char *word_label(const struct book *book, const char *word, bool of_others_too)
{
	const char *label = state_label(book, word);

	if (label == NULL)
		label = deadline_label(book, word);
	for (size_t i = 0; label == NULL && i < book->nfields; i++)
		if (book->fields[i].type == FT_CHOICE)
			label = label_in(book->fields[i].choices, word);
	for (size_t i = 0; of_others_too && label == NULL && i < book->nfields; i++) {
		const struct book *other = book->fields[i].ref != NULL ? book_find(book->fields[i].ref) : NULL;

		if (other != NULL)
			label = word_label(other, word, false);
	}
	return label;
}

void named_words(struct buf *to, const struct book *book, const char *text, const char *parted_by)
{
	size_t gap = strlen(parted_by);

	while (text != NULL) {
		const char *end = strstr(text, parted_by);
		size_t len = end != NULL ? (size_t)(end - text) : strlen(text);
		char word[WORD_MAX];
		const char *label = NULL;

		if (len > 0 && len < sizeof(word)) {
			const struct book *named;

			snprintf(word, sizeof(word), "%.*s", (int)len, text);
			named = book_find(word);
			label = named != NULL ? tr(named->title) : book != NULL ? word_label(book, word, true) : NULL;
			if (named != NULL)
				book = named; /* what follows are words of that one */
		}
		if (label != NULL)
			buf_puts(to, label);
		else
			buf_put(to, text, len);
		if (end != NULL)
			buf_puts(to, parted_by);
		text = end != NULL ? end + gap : NULL;
	}
}

void named_show(struct buf *to, const struct book *own, const struct field *f, const struct node *row)
{
	const char *about = node_str(node_get(row, "book"));
	const struct book *book = about != NULL ? book_find(about) : NULL;
	const struct node *v = node_get(row, f->name);
	const char *word = node_str(v), *label;

	if ((f->flags & F_REPORT) != 0) {
		const struct report *report = word != NULL ? report_find(word) : NULL;

		buf_puts(to, report != NULL ? tr(report->title) : word != NULL ? word : "");
	} else if (f->type == FT_WORDS) {
		named_fields(to, book, v);
	} else if ((f->flags & F_WORDS) != 0) {
		bool is_code = own->code != NULL && strcmp(own->code, f->name) == 0;

		named_words(to, book != NULL ? book : own, word, is_code ? " " : " · ");
	} else if (word != NULL && (f->flags & F_BOOK_NAME) != 0) {
		label = book == NULL ? label_in(other_books, word) : tr(book->title);
		buf_puts(to, label != NULL ? label : word);
	} else if (word != NULL) {
		buf_puts(to, named_act(book, word));
	}
}
