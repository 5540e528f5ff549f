/*
 * form_park.c - forms put away: what was typed waits for its person, in memory.
 *
 * Not for: the copy at the server (draft.c). Trap: a form belongs to the person who typed it; form_own() says who that is
 * from now on, and nobody else finds it.
 */
#include "client/form_own.h"

#include <stdio.h>
#include <string.h>

enum { PARKED_MAX = 8 };

static struct form *parked[PARKED_MAX]; /* oldest first */
static size_t nparked;
static char owner[FORM_OWNER];

static struct form *take_parked(size_t i)
{
	struct form *f = parked[i];

	memmove(&parked[i], &parked[i + 1], (nparked - i - 1) * sizeof(struct form *));
	nparked--;
	return f;
}

/* Where the draft of an operation and record is parked; nparked when there is none. */
static size_t find_parked(const struct book *book, const struct op *op, int64_t record)
{
	size_t i = 0;

	while (i < nparked && (parked[i]->book != book || parked[i]->op != op ||
			parked[i]->record != record || strcmp(parked[i]->owner, owner) != 0))
		i++;
	return i;
}

struct form *form_resume(const struct book *book, const struct op *op, int64_t record)
{
	size_t i = find_parked(book, op, record);

	return i < nparked ? take_parked(i) : NULL;
}

bool form_has_draft(const struct book *book, const struct op *op, int64_t record)
{
	return find_parked(book, op, record) < nparked;
}

void form_park(struct form *f)
{
	form_free(form_resume(f->book, f->op, f->record));
	if (nparked == PARKED_MAX)
		form_free(take_parked(0));
	for (size_t i = 0; i < f->n; i++) {
		if (f->lines[i].edit.secret)
			edit_set(&f->lines[i].edit, "");
		if (f->lines[i].naming == NAMING_ASKED) /* the answer comes to nobody */
			f->lines[i].naming = NAMING_WANTED;
	}
	f->ready = f->n == 0;
	memcpy(f->owner, owner, sizeof(f->owner));
	parked[nparked++] = f;
}

void form_own(const char *person)
{
	snprintf(owner, sizeof(owner), "%s", person);
}

void form_set_kept(struct form *f, bool kept)
{
	f->kept = kept;
}

void form_forget_kept(const struct book *book, const struct op *op, int64_t record)
{
	size_t i = find_parked(book, op, record);

	if (i < nparked && parked[i]->kept)
		form_free(take_parked(i));
}

void form_forget_all(void)
{
	while (nparked > 0)
		form_free(take_parked(0));
}

size_t form_parked(void)
{
	return nparked;
}
