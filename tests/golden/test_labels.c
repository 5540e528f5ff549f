/*
 * test_labels.c - every label of every book and key, measured in all four languages.
 *
 * Screens give a label a fixed number of cells; a translation that is longer would cover what
 * stands beside it. Findings are printed all at once, with the language. Not for: whether a text is
 * translated at all (house.sh catalogues). Trap: Chinese takes two cells a character, and bytes or
 * characters say nothing.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "client/keys.h"
#include "common/book.h"
#include "common/i18n.h"
#include "common/text.h"

/* Cells that the screens have for each kind of text. */
enum { LABEL_CELLS = 24, SHEET_CELLS = 15, NARROW_CELLS = 14, WORD_CELLS = 22, SENTENCE_CELLS = 62, QUEUE_CELLS = 34, FOOTER_CELLS = 12, LIST_MAX = 96 };

static size_t findings;

static void found(const char *where, const char *msgid, const char *what)
{
	fprintf(stderr, "%s: %s: \"%s\" (%s) %s\n", i18n_lang(), where, tr(msgid), msgid, what);
	findings++;
}

static void measure(const char *where, const char *msgid, int cells)
{
	char what[64];

	if (text_width(tr(msgid)) <= cells)
		return;
	snprintf(what, sizeof(what), "takes %d cells of %d", text_width(tr(msgid)), cells);
	found(where, msgid, what);
}

/* Two words of one list that read alike cannot be told apart, nor typed. */
static void tell_apart(const char *where, const char *one, const char *other)
{
	if (strcmp(tr(one), tr(other)) == 0)
		found(where, one, "is the text of another word of its list too");
}

static void measure_choices(const char *where, const struct field *field)
{
	bool is_text = (field->flags & F_SUGGEST) != 0;
	int cells = (field->flags & F_AUTO) != 0 ? SENTENCE_CELLS : WORD_CELLS; /* only read, never picked */

	for (const struct choice *c = field->choices; c != NULL && c->word != NULL; c++) {
		measure(where, c->label, cells);
		if (is_text && text_chars(tr(c->label)) < (size_t)field->min)
			found(where, c->label, "is shorter than the field takes");
		for (const struct choice *before = field->choices; before < c; before++)
			tell_apart(where, c->label, before->label);
	}
}

/* Arguments stand in forms only, columns in lists, everything else beside its value on a sheet. */
static int cells_of(const struct field *field)
{
	if ((field->flags & F_NARROW) != 0)
		return NARROW_CELLS;
	return (field->flags & F_ARG) != 0 ? LABEL_CELLS : SHEET_CELLS;
}

static void measure_fields(const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		measure(book->name, field->label, cells_of(field));
		measure_choices(book->name, field);
	}
}

static void measure_book(const struct book *book)
{
	measure(book->name, book->title, LABEL_CELLS);
	measure_fields(book);
	for (size_t i = 0; i < book->nstates; i++) {
		measure(book->name, book->states[i].label, WORD_CELLS);
		for (size_t k = 0; k < i; k++)
			tell_apart(book->name, book->states[i].label, book->states[k].label);
	}
	for (size_t i = 0; i < book->nops; i++) {
		measure(book->name, book->ops[i].label, LABEL_CELLS);
		for (size_t k = 0; k < i; k++)
			tell_apart(book->name, book->ops[i].label, book->ops[k].label);
	}
	for (size_t i = 0; i < book->nviews; i++)
		measure(book->name, book->views[i].label, QUEUE_CELLS);
	for (size_t i = 0; i < book->nparts; i++)
		measure(book->name, book->parts[i].label, LABEL_CELLS);
}

static void measure_keys(enum context context)
{
	const struct binding *list[LIST_MAX];
	size_t n = keys_list(context, NULL, NULL, list, LIST_MAX);

	for (size_t i = 0; i < n; i++)
		if (list[i]->label != NULL)
			measure(context_word(context), list[i]->label, FOOTER_CELLS);
}

static void in_every_language(void (*measure_all)(void))
{
	findings = 0;
	for (size_t i = 0; i18n_langs[i] != NULL; i++) {
		i18n_use(i18n_langs[i]);
		measure_all();
	}
	i18n_use("en");
	assert_int_equal(findings, 0);
}

static void measure_books(void)
{
	for (size_t i = 0; i < nbooks; i++)
		measure_book(books[i]);
}

static void measure_footers(void)
{
	for (int c = CONTEXT_UNSET + 1; c < CONTEXT_END; c++)
		measure_keys((enum context)c);
}

static void every_label_of_the_books_keeps_its_budget(void **state)
{
	(void)state;
	in_every_language(measure_books);
}

static void every_key_of_the_footer_keeps_its_budget(void **state)
{
	(void)state;
	in_every_language(measure_footers);
}

static void every_language_is_there(void **state)
{
	(void)state;
	for (size_t i = 1; i18n_langs[i] != NULL; i++)
		assert_string_not_equal(tr_in(i18n_langs[i], "File Loan Register"), "File Loan Register");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_language_is_there),
		cmocka_unit_test(every_label_of_the_books_keeps_its_budget),
		cmocka_unit_test(every_key_of_the_footer_keeps_its_budget),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	i18n_open(LODGE_BUILD "/locale");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
