/*
 * slip.h - a slip of paper as text: card, label, list, sheet to sign, 80 columns wide.
 *
 * Pure layout of what is already here. Not for: asking the server (slip_job.h) or printing (printer.h).
 * Trap: every line goes through text_fit, because a printer obeys control characters that a record might hold.
 */
#ifndef LODGE_SLIP_H
#define LODGE_SLIP_H

#include "common/book.h"
#include "common/buf.h"
#include "common/node.h"

enum { SLIP_CELLS = 80, SLIP_REFS = 4, SLIP_PAGES = 64, SLIP_TEXT_MAX = 8 * 1024 * 1024 };

/* What is on it. refs[i].row and pages[i] are answers of the server; a NULL row may not be seen. */
struct slip_content {
	const struct book *book;
	const struct slip *slip;
	const struct node *record; /* NULL: an empty form, or a slip of the whole book */
	struct {
		const char *name; /* the reference in the record: "unit" of "unit.floor"; not NUL-terminated there */
		size_t len;
		const struct node *row;
	} refs[SLIP_REFS];
	size_t nrefs;
	const struct node *pages[SLIP_PAGES]; /* the "rows" of each page */
	size_t npages;
	bool blank;        /* empty, for a hand to fill in */
	bool rows_locked;  /* the rows may not be seen */
	const char *foot;  /* when and by whom it was printed */
};

/* Appends the text, with a form feed at its end. */
void slip_write(struct buf *, const struct slip_content *);
/* The same as a line of JSON, of which lodge-print makes a PDF. */
void slip_form_write(struct buf *, const struct slip_content *);
/* Does this record have such a slip? */
bool slip_fits(const struct book *, const struct slip *, const struct node *record);
/* The label of a field, or of the state. */
const char *slip_label(const struct book *, const char *name);

#endif
