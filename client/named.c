/*
 * named.c - see named.h.
 *
 * Not for: deciding what of the log may be read. Trap: a field's name alone does not say its
 * book; the row's field `book` does.
 */
#include "client/named.h"

#include <string.h>

#include "common/i18n.h"
#include "common/report.h"

/* What is logged beside the operations of books, by house and books alike. */
static const struct choice other_acts[] = {
	{"open", N_("Opened")}, {"lookup", N_("Looked up")}, {"told", N_("Told")}, {"rehearse", N_("Compared with a file")},
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

const char *named_act(const struct book *book, const char *word)
{
	const struct op *op = book != NULL ? book_op(book, word) : NULL;
	const char *label = label_in(book != NULL ? other_acts : session_acts, word);

	if (op != NULL)
		return tr(op->label);
	for (size_t i = 0; book != NULL && i < book->ndeadlines; i++)
		if (strcmp(book->deadlines[i].name, word) == 0)
			return tr(book->deadlines[i].label);
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

void named_show(struct buf *to, const struct field *f, const struct node *row)
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
	} else if (word != NULL && (f->flags & F_BOOK_NAME) != 0) {
		label = book == NULL ? label_in(other_books, word) : tr(book->title);
		buf_puts(to, label != NULL ? label : word);
	} else if (word != NULL) {
		buf_puts(to, named_act(book, word));
	}
}
