/*
 * book_check.c - holes, unset levels, unreachable states, operations nobody may do, bad references.
 *
 * Runs at the start of both programs and in a test, because a forgotten level must stop the house
 * and not show a field. Not for: rules in SQL. Trap: identifiers are checked here once; everything
 * that builds SQL relies on it.
 */
#include "common/book_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HAS(set, i) (((set) >> (i)) & 1)

struct check {
	const struct book *book;
	struct buf *faults;
	bool fine;
};

static void PRINTF_LIKE(3, 4) fault(struct check *c, const char *what, const char *fmt, ...)
{
	char detail[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(detail, sizeof(detail), fmt, args);
	va_end(args);
	buf_printf(c->faults, "%s: %s %s\n", c->book->name ? c->book->name : "?", what, detail);
	c->fine = false;
}

static bool is_identifier(const char *name)
{
	return name && *name && *name > '9' && strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name) && strlen(name) < 48;
}

static bool is_plain(const char *text)
{
	return text && *text && !strchr(text, '\'') && !strchr(text, '\\');
}

/* The key that a word has; NULL. */
static const struct choice *key_for(const struct field *field, const char *word)
{
	const struct choice *key = field->keys;

	while (key && key->word && strcmp(key->label, word) != 0)
		key++;
	return key && key->word ? key : NULL;
}

/* Every word has one key, every key one word, and none begins another: hands type them blind. */
static void check_keys(struct check *c, const struct field *field)
{
	size_t words = 0, keys = 0;

	for (const struct choice *one = field->choices; field->keys && one && one->word; one++, words++)
		if (!key_for(field, one->word))
			fault(c, field->name, "has no short key for %s", one->word);
	for (const struct choice *key = field->keys; key && key->word; key++, keys++)
		for (const struct choice *other = field->keys; other->word; other++)
			if (key != other && strncmp(key->word, other->word, strlen(key->word)) == 0)
				fault(c, field->name, "has the short key %s twice", key->word);
	if (keys != words)
		fault(c, field->name, "has %zu short keys for %zu words", keys, words);
}

static void check_choices(struct check *c, const struct field *field)
{
	if (field->keys)
		check_keys(c, field);
	if (field->type == FT_CHOICE && (!field->choices || !field->choices[0].word))
		fault(c, field->name, "is a choice without words");
	if (field->type == FT_CHOICE)
		for (const struct choice *one = field->choices; one && one->word; one++)
			if (!is_identifier(one->word) || !one->label)
				fault(c, field->name, "has the bad choice %s", one->word);
}

static void check_field(struct check *c, size_t i)
{
	const struct field *field = &c->book->fields[i];

	if (!is_identifier(field->name)) {
		fault(c, "a field", "number %zu has no proper name", i);
		return;
	}
	if (field->type <= FT_UNSET || field->type >= FT_END)
		fault(c, field->name, "has no type");
	if (field->level <= LEVEL_UNSET || field->level >= LEVEL_END)
		fault(c, field->name, "has no level");
	if (!field->label || !field->help)
		fault(c, field->name, "has no label or no help");
	if ((field->type == FT_REF) != (field->ref != NULL) || (field->ref && !book_find(field->ref)))
		fault(c, field->name, "refers to no book");
	if ((field->type == FT_TEXT || field->type == FT_NOTE) && !field->computed && field->max <= 0)
		fault(c, field->name, "has no maximum length");
	if (field->type == FT_ITEMS && field->max <= 0)
		fault(c, field->name, "has no maximum length");
	if ((field->flags & F_REHEARSE) && (!(field->flags & F_ARG) || field->type != FT_BOOL))
		fault(c, field->name, "rehearses, but is no yes or no of an operation");
	if ((field->flags & F_PASSWORD) && (!(field->flags & F_ARG) || field->type != FT_TEXT || field->level != LEVEL_SEALED))
		fault(c, field->name, "is a password, but no sealed text of an operation");
	if ((field->flags & F_PIN) && (!(field->flags & F_ARG) || field->type != FT_TEXT || field->level != LEVEL_SEALED))
		fault(c, field->name, "is a PIN, but no sealed text of an operation");
	if (field->whose && (!(field->flags & F_PASSWORD) || !book_field(c->book, field->whose) || book_field(c->book, field->whose)->type != FT_REF))
		fault(c, field->name, "is the password of nobody");
	if ((field->flags & F_HASHED) && !(field->flags & F_CRYPT))
		fault(c, field->name, "is hashed but not encrypted");
	if ((field->flags & (F_SEARCH | F_PHONE)) && (!(c->book->flags & B_AREA) || !c->book->caption))
		fault(c, field->name, "is searched in a book without area or caption");
	if (book_field(c->book, field->name) != field)
		fault(c, field->name, "stands twice");
	check_choices(c, field);
}

static bool is_reached(const struct book *book, size_t state)
{
	if (book->states_computed || book->states[state].computed || book->states[state].born)
		return true;
	for (size_t i = 0; i < book->nops; i++)
		if (book->ops[i].to == state || book->ops[i].to == STATE_DERIVED)
			return true;
	return false;
}

static void check_states(struct check *c)
{
	const struct book *book = c->book;

	for (size_t i = 0; i < book->nstates; i++) {
		const struct state *state = &book->states[i];

		if (!is_identifier(state->name) || !state->label)
			fault(c, "a state", "number %zu has no proper name", i);
		else if (book_state(book, state->name) != (int)i)
			fault(c, state->name, "stands twice");
		else if (!is_reached(book, i))
			fault(c, state->name, "is reached by no operation");
		if (book->states_computed && !state->computed)
			fault(c, "a state", "number %zu has no condition", i);
	}
}

static void check_guards(struct check *c, const struct op *op)
{
	for (const struct guard *guard = op->guards; guard && guard->name; guard++) {
		if (!is_identifier(guard->name) || !is_plain(guard->rule) || !guard->sentence)
			fault(c, op->name, "has a guard without name, rule or sentence");
		if (guard->field && !book_field(c->book, guard->field))
			fault(c, op->name, "has a guard about the unknown field %s", guard->field);
	}
}

static void check_asks(struct check *c, const struct op *op)
{
	const struct book *book = c->book;

	if (book->nfields < 64 && op->asks >> book->nfields)
		fault(c, op->name, "asks for a field that does not exist");
	if (op->needs && (op->flags & OP_AT_ONCE))
		fault(c, op->name, "is done at once and needs a field");
	if (op->needs & ~op->asks)
		fault(c, op->name, "needs a field that it does not ask for");
	for (size_t i = 0; i < book->nfields; i++)
		if (HAS(op->asks, i) && (book->fields[i].flags & F_AUTO))
			fault(c, op->name, "asks for %s, which the house writes itself", book->fields[i].name);
		else if (HAS(op->asks, i) && (book->fields[i].flags & F_REHEARSE) && !op->known)
			fault(c, op->name, "rehearses, but knows no row");
}

/* BOOK.open is how locked fields are opened, in books that have any. */
static bool is_name_taken(const struct book *book, const struct op *op)
{
	bool taken = false;

	for (size_t i = 0; i < book->nfields; i++)
		taken = taken || field_is_revealable(&book->fields[i]);
	return taken && strcmp(op->name, "open") == 0;
}

static void check_op(struct check *c, const struct op *op)
{
	const struct book *book = c->book;
	bool stored = book->nstates && !book->states_computed;

	if (!is_identifier(op->name) || !op->label || !op->help)
		fault(c, op->name ? op->name : "an operation", "has no proper name, label or help");
	if (!op->roles)
		fault(c, op->name, "may be done by nobody");
	if (stored && !op->from && !(op->flags & OP_CREATE))
		fault(c, op->name, "starts from no state");
	if (stored && op->from >> book->nstates)
		fault(c, op->name, "starts from a state that does not exist");
	if (op->succeed && ((op->flags & OP_CREATE) || !op->derive))
		fault(c, op->name, "is a succession without a row before or after");
	if (op->from && !op->state_rule)
		fault(c, op->name, "does not say which rule orders its states");
	if (op->to != STATE_SAME && op->to != STATE_DERIVED && op->to >= book->nstates)
		fault(c, op->name, "ends in a state that does not exist");
	for (size_t i = 0; stored && i < book->nstates; i++)
		if (HAS(op->from, i) && book->states[i].computed)
			fault(c, op->name, "starts from %s, which is never stored", book->states[i].name);
	if (op->duty_field && (!op->duty || !book_field(book, op->duty_field)))
		fault(c, op->name, "has a duty with an unknown field");
	if (op->known && (op->flags & (OP_CREATE | OP_REPLACE)) != OP_CREATE)
		fault(c, op->name, "knows a row that it does not make");
	if (book_op(book, op->name) != op || is_name_taken(book, op))
		fault(c, op->name, "stands twice");
	check_asks(c, op);
	check_guards(c, op);
}

static void check_views(struct check *c)
{
	for (size_t i = 0; i < c->book->nviews; i++)
		if (!is_identifier(c->book->views[i].name) || !c->book->views[i].label || !c->book->views[i].where)
			fault(c, "a view", "number %zu is not whole", i);
	for (size_t i = 0; i < c->book->ndeadlines; i++)
		if (c->book->deadlines[i].field >= c->book->nfields || c->book->fields[c->book->deadlines[i].field].type != FT_TIME)
			fault(c, c->book->deadlines[i].name, "is not about a time");
}

static void check_parts(struct check *c)
{
	for (size_t i = 0; i < c->book->nparts; i++) {
		const struct part *part = &c->book->parts[i];
		const struct book *other = book_find(part->book);
		const struct field *by = other ? book_field(other, part->by) : NULL;

		if (!is_identifier(part->name) || !by || by->type != FT_REF)
			fault(c, part->name ? part->name : "a part", "is joined by no reference");
		if (part->of && !book_field(c->book, part->of))
			fault(c, part->name, "is joined of no field");
	}
}

/* What leaves on paper has a sheet for every word, of columns that are there, of rows that have an area. */
static void check_paper(struct check *c)
{
	const struct paper *paper = c->book->paper;
	const struct field *by = paper ? book_field(c->book, paper->by) : NULL;
	bool exports = false;

	for (size_t i = 0; i < c->book->nops; i++)
		exports = exports || (c->book->ops[i].flags & OP_EXPORT);
	if (exports != (paper != NULL))
		fault(c, "the book", "has a paper or an exporting operation, and not both");
	if (!paper)
		return;
	if (!by || by->type != FT_CHOICE || !paper->stamp || !is_plain(paper->rule) || !(c->book->flags & B_AREA))
		fault(c, "its paper", "has no choice of sheets, no stamp or no area");
	for (const char *const *name = paper->foot; *name; name++)
		if (!book_field(c->book, *name) || book_field(c->book, *name)->flags & F_CRYPT)
			fault(c, "its paper", "has the unknown foot %s", *name);
	for (size_t i = 0; i < paper->nsheets; i++) {
		const struct book *of = book_find(paper->sheets[i].book);

		for (const char *const *name = paper->sheets[i].columns; *name; name++)
			if (!of || !(of->flags & B_AREA) || !book_field(of, *name) || book_field(of, *name)->flags & F_ARG)
				fault(c, paper->sheets[i].name, "has the unknown column %s", *name);
	}
}

static bool is_shown(const struct book *book, const char *name)
{
	const struct field *field = book ? book_field(book, name) : NULL;

	return (field && !(field->flags & F_ARG)) || (book && book->nstates && strcmp(name, "state") == 0);
}

/* "unit.floor": a field of what this book's field refers to. */
static bool is_shown_there(const struct book *book, const char *name)
{
	const char *dot = strchr(name, '.');
	char first[48];
	const struct field *field;

	if (!dot)
		return is_shown(book, name);
	snprintf(first, sizeof(first), "%.*s", (int)(dot - name), name);
	field = book_field(book, first);
	return field && field->ref && is_shown(book_find(field->ref), dot + 1);
}

static void check_slip_rows(struct check *c, const struct slip *slip)
{
	const struct slip_rows *rows = slip->rows;
	const struct book *other = book_find(rows->book);
	const struct field *by = other && rows->by ? book_field(other, rows->by) : NULL;

	if (!other || (rows->by && (!by || by->type != FT_REF)) || (rows->of && !book_field(c->book, rows->of)))
		fault(c, slip->name, "is joined by no reference");
	for (const char *const *name = rows->same; name && *name; name++)
		if (!is_shown(other, *name) || !is_shown(c->book, *name))
			fault(c, slip->name, "is joined by the unknown field %s", *name);
	for (const char *const *name = rows->columns; *name; name++)
		if (!is_shown(other, *name))
			fault(c, slip->name, "has the unknown column %s", *name);
}

static bool is_choice(const struct field *field, const char *word)
{
	for (const struct choice *c = field ? field->choices : NULL; c && c->word && word; c++)
		if (strcmp(c->word, word) == 0)
			return true;
	return false;
}

static void check_slips(struct check *c)
{
	for (size_t i = 0; i < c->book->nslips; i++) {
		const struct slip *slip = &c->book->slips[i];

		if (!is_identifier(slip->name) || !slip->title || !slip->fields || (slip->whole ? !slip->rows : !slip->head)) {
			fault(c, "a slip", "number %zu is not whole", i);
			continue;
		}
		if (book_slip(c->book, slip->name) != slip || book_op(c->book, slip->name))
			fault(c, slip->name, "stands twice");
		if ((slip->head && !is_shown(c->book, slip->head)) || (slip->wants && !is_shown(c->book, slip->wants)))
			fault(c, slip->name, "begins with no field");
		if ((c->book->nstates == 0 && slip->states) || (c->book->nstates && slip->states >> c->book->nstates))
			fault(c, slip->name, "is for a state that does not exist");
		if (slip->only && !is_choice(book_field(c->book, slip->only), slip->word))
			fault(c, slip->name, "is for a choice that does not exist");
		for (const char *const *name = slip->blank; name && *name; name++)
			if (!is_shown(c->book, *name))
				fault(c, slip->name, "has the unknown field %s", *name);
		for (const char *const *after = slip->after; after && *after; after++)
			if (!book_op(c->book, *after))
				fault(c, slip->name, "comes after the unknown operation %s", *after);
		for (const char *const *name = slip->fields; *name; name++)
			if (!is_shown_there(c->book, *name))
				fault(c, slip->name, "has the unknown field %s", *name);
		if (slip->rows)
			check_slip_rows(c, slip);
	}
}

static void check_named_field(struct check *c, const char *what, const char *name)
{
	if (name && !book_field(c->book, name))
		fault(c, what, "names the unknown field %s", name);
}

/* Reads judge rows by their level; compiled functions do not. */
static void check_row_level(struct check *c)
{
	bool opens = false;

	for (size_t i = 0; i < c->book->nfields; i++)
		opens = opens || field_is_revealable(&c->book->fields[i]);
	if (c->book->row_level && (c->book->nops || opens))
		fault(c, "the book", "shows some roles only some rows, which its operations and openings would not heed");
}

bool book_check(const struct book *book, struct buf *faults)
{
	struct check c = { book, faults, true };

	if (!is_identifier(book->name) || !book->title || !book->why)
		fault(&c, "the book", "has no proper name, title or reason");
	if ((book->estate_wide & ~book->readers) || (book->estate_wide && !(book->flags & B_AREA)))
		fault(&c, "the book", "shows every area to roles that do not read it, or has none");
	if (!book->readers)
		fault(&c, "the book", "is read by nobody");
	if (book->nfields == 0 || book->nfields >= 64)
		fault(&c, "the book", "has %zu fields; 1 to 63 are possible", book->nfields);
	for (size_t i = 0; i < book->nfields; i++)
		check_field(&c, i);
	check_states(&c);
	for (size_t i = 0; i < book->nops; i++)
		check_op(&c, &book->ops[i]);
	check_views(&c);
	check_parts(&c);
	check_slips(&c);
	check_paper(&c);
	check_named_field(&c, "code", book->code);
	check_named_field(&c, "alias", book->alias);
	check_named_field(&c, "caption", book->caption);
	check_named_field(&c, "speaker", book->speaker);
	check_named_field(&c, "row_level", book->row_level);
	check_row_level(&c);
	return c.fine;
}

bool books_check(struct buf *faults)
{
	bool fine = true;

	for (size_t i = 0; i < nbooks; i++) {
		fine = book_check(books[i], faults) && fine;
		if (book_find(books[i]->name) != books[i]) {
			buf_printf(faults, "%s: the book stands twice\n", books[i]->name);
			fine = false;
		}
	}
	return fine;
}
