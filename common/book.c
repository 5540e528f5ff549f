/*
 * book.c - finding things in the descriptors, and their common hash.
 * Not for: judging them (book_check.c). Trap: a book is looked up by name only here, so that no
 * other code compares book names.
 */
#include "common/report.h"

#include <stdio.h>
#include <string.h>

const struct book *book_find(const char *name)
{
	for (size_t i = 0; i < nbooks; i++)
		if (strcmp(books[i]->name, name) == 0)
			return books[i];
	return NULL;
}

const struct field *book_field(const struct book *book, const char *name)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (strcmp(book->fields[i].name, name) == 0)
			return &book->fields[i];
	return NULL;
}

const struct op *book_op(const struct book *book, const char *name)
{
	for (size_t i = 0; i < book->nops; i++)
		if (strcmp(book->ops[i].name, name) == 0)
			return &book->ops[i];
	return NULL;
}

const struct view *book_view(const struct book *book, const char *name)
{
	for (size_t i = 0; i < book->nviews; i++)
		if (strcmp(book->views[i].name, name) == 0)
			return &book->views[i];
	return NULL;
}

const struct slip *book_slip(const struct book *book, const char *name)
{
	for (size_t i = 0; i < book->nslips; i++)
		if (strcmp(book->slips[i].name, name) == 0)
			return &book->slips[i];
	return NULL;
}

int book_state(const struct book *book, const char *name)
{
	for (size_t i = 0; i < book->nstates; i++)
		if (strcmp(book->states[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool op_takes_row(const struct op *op)
{
	return (op->flags & (OP_REPLACE | OP_RESUME)) != 0;
}

size_t field_index(const struct book *book, const struct field *field)
{
	return (size_t)(field - book->fields);
}

bool field_is_column(const struct field *field)
{
	return !field->computed && !(field->flags & F_ARG) && field->level != LEVEL_SEALED;
}

bool field_is_sealed_column(const struct field *field)
{
	return !(field->flags & F_ARG) && (field->level == LEVEL_SEALED || (field->flags & F_WITHHELD));
}

bool field_is_revealable(const struct field *field)
{
	return !field->computed && !(field->flags & F_ARG) && field->level >= LEVEL_CONTACT;
}

bool book_has_sealed(const struct book *book)
{
	for (size_t i = 0; i < book->nfields; i++)
		if (field_is_sealed_column(&book->fields[i]))
			return true;
	return false;
}

uint64_t book_never_without(const struct book *book)
{
	uint64_t all = UINT64_MAX;
	bool any = false;

	for (size_t i = 0; i < book->nops; i++)
		if (book->ops[i].flags & OP_CREATE) {
			all &= book->ops[i].needs;
			any = true;
		}
	return any ? all : 0;
}

/* FNV-1a: the hash tells a client of another version from ours, it keeps no secret. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * UINT64_C(1099511628211);
	return hash;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
	return text ? mix(hash, text, strlen(text) + 1) : mix(hash, "", 1);
}

static uint64_t mix_book(uint64_t hash, const struct book *book)
{
	hash = mix_text(hash, book->name);
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];

		hash = mix_text(hash, field->name);
		hash = mix(hash, &field->type, sizeof(field->type));
		hash = mix(hash, &field->level, sizeof(field->level));
		hash = mix(hash, &field->flags, sizeof(field->flags));
		for (const struct choice *c = field->choices; c && c->word; c++)
			hash = mix_text(hash, c->word);
	}
	for (size_t i = 0; i < book->nstates; i++)
		hash = mix_text(hash, book->states[i].name);
	for (size_t i = 0; i < book->nops; i++) {
		hash = mix_text(hash, book->ops[i].name);
		hash = mix(hash, &book->ops[i].asks, sizeof(book->ops[i].asks));
		hash = mix(hash, &book->ops[i].needs, sizeof(book->ops[i].needs));
	}
	return hash;
}

static uint64_t mix_report(uint64_t hash, const struct report *report)
{
	hash = mix_text(hash, report->name);
	for (size_t i = 0; i < report->ncolumns; i++) {
		hash = mix_text(hash, report->columns[i].field.name);
		hash = mix(hash, &report->columns[i].field.type, sizeof(report->columns[i].field.type));
	}
	return mix_text(hash, report->where);
}

const char *books_hash(void)
{
	static char text[20];
	uint64_t hash = UINT64_C(14695981039346656037);

	if (text[0] == '\0') {
		for (size_t i = 0; i < nbooks; i++)
			hash = mix_book(hash, books[i]);
		for (size_t i = 0; i < nreports; i++)
			hash = mix_report(hash, &reports[i]);
		snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
	}
	return text;
}

static size_t cells_of(const struct paper_sheet *sheet)
{
	const struct book *book = book_find(sheet->book);
	size_t n = 0;

	for (const char *const *name = sheet->columns; *name; name++)
		n += book_field(book, *name)->flags & F_CRYPT ? 2 : 1;
	return n;
}

size_t paper_cells(const struct book *book)
{
	size_t most = 0;

	for (const char *const *name = book->paper->foot; *name; name++)
		most++;
	for (size_t i = 0; i < book->paper->nsheets; i++)
		if (cells_of(&book->paper->sheets[i]) > most)
			most = cells_of(&book->paper->sheets[i]);
	return most;
}
