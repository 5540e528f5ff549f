/*
 * acts.c - see acts.h: one row for each operation that a desk starts in its own way.
 *
 * Not for: what exactly one book could say of itself (its descriptor). Trap: the order of the forms is a promise of
 * the desks' scripts (tasks T1, T4, T9, T10), the same at every desk.
 */
#include "client/consoles/acts.h"

#include <string.h>

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct act household_of_unit = {
	.book = "household",
	.box = {.by = "unit", .label = N_("Unit"), .nothing = N_("No household that you may see lives there.")},
};

static const struct act acts[] = {
	{.book = "loan", .op = "request", .order = FIELDS("file", "requester", "act", "purpose")},
	{.book = "loan", .op = "reserve", .order = FIELDS("file", "requester", "act", "purpose")},
	{.book = "loan", .op = "take_back", .order = FIELDS("condition", "card", "note", "missing"),
		.box = {.by = "file", .number = "card", .states = "[\"issued\",\"overdue\"]",
			.label = N_("File that comes back"), .nothing = N_("This file is not out.")}},
	{.book = "room_entry", .op = "enter", .order = FIELDS("employee", "person_name", "body", "purpose", "escort")},
	{.book = "visitor", .op = "arrive", .order = FIELDS("unit", "name", "doc_tail", "class", "host", "party", "vehicle", "body"),
		.recall = {.field = "unit", .from = "visitor", .by = "doc_tail", .digits = "doc_tail",
			.fills = FIELDS("name", "name", "unit", "unit", "body", "body")}},
	{.book = "visitor", .op = "pass_through", .order = FIELDS("service", "unit", "vehicle", "party")},
	{.book = "visitor", .op = "leave",
		.box = {.by = "badge", .states = "\"inside\"", .at_once = true,
			.label = N_("Card of the visitor who leaves"), .nothing = N_("No visitor inside carries this card.")}},
	{.book = "duty_entry", .op = "write", .order = FIELDS("facts", "handling", "result", "kind", "important")},
	{.book = "incident", .op = "submit", .order = FIELDS("photos", "in_person", "action", "police_no", "economic_loss")},
	{.book = "incident", .op = "report_orally", .order = FIELDS("told_to", "oral_how", "instruction")},
	{.book = "post_check", .op = "sign", .order = FIELDS("post", "pin", "code"), .in_place = true},
	{.book = "entry_pass", .op = "issue", .order = FIELDS("doc_tail", "kind", "unit", "photo", "original_seen", "copy", "person_name"),
		.recall = {.field = "doc_tail", .from = "visitor", .by = "doc_tail", .digits = "doc_tail",
			.fills = FIELDS("person_name", "name", "unit", "unit")}},
	{.book = "release_slip", .op = "clear", .order = FIELDS("items"),
		.box = {.by = "no", .label = N_("Number of the release slip"), .nothing = N_("There is no such slip.")},
		.prefill = {.field = "items", .from = "remaining"}},
};

const struct act *act_of(const char *book, const char *op)
{
	static const struct act none;

	for (size_t i = 0; i < NITEMS(acts); i++)
		if (strcmp(acts[i].book, book) == 0 && strcmp(acts[i].op, op) == 0)
			return &acts[i];
	return &none;
}

const struct act *act_with_box(const char *book, const char *op)
{
	const struct act *a = act_of(book, op);

	return a->box.by != NULL ? a : NULL;
}

bool act_takes_integer(const struct act *a, const char *text)
{
	const struct field *by = book_field(book_find(a->book), a->box.by);

	return by->type == FT_INT && (by->flags & F_NUMBER) == 0 && text[0] != '\0' && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text);
}

bool act_takes_number(const struct act *a, const char *text)
{
	return a->box.number != NULL && text[0] != '0' && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text);
}

static void check_field(const char *name, const char *field, struct buf *errors)
{
	const struct book *book = book_find(name);

	if (field != NULL && (book == NULL || book_field(book, field) == NULL))
		buf_printf(errors, "no field %s.%s\n", name, field);
}

static void check_recall(const struct act *a, struct buf *errors)
{
	const struct recall *r = &a->recall;

	check_field(a->book, r->field, errors);
	check_field(a->book, r->digits, errors);
	check_field(r->from, r->by, errors);
	for (const char *const *f = r->fills; *f != NULL; f += 2) {
		check_field(a->book, f[0], errors);
		check_field(r->from, f[1], errors);
	}
}

enum err act_check(const struct act *a, struct buf *errors)
{
	const struct book *book = book_find(a->book);
	size_t before = errors->len;

	if (book == NULL || (a->op != NULL && book_op(book, a->op) == NULL)) {
		buf_printf(errors, "no operation %s.%s\n", a->book, a->op != NULL ? a->op : "");
		return ERR_INVALID;
	}
	for (const char *const *f = a->order; f != NULL && *f != NULL; f++)
		check_field(a->book, *f, errors);
	check_field(a->book, a->box.by, errors);
	check_field(a->book, a->box.number, errors);
	if (a->recall.field != NULL)
		check_recall(a, errors);
	check_field(a->book, a->prefill.field, errors);
	check_field(a->book, a->prefill.from, errors);
	return errors->len > before ? ERR_INVALID : OK;
}

enum err acts_check(struct buf *errors)
{
	bool fine = act_check(&household_of_unit, errors) == OK;

	for (size_t i = 0; i < NITEMS(acts); i++) {
		fine = act_check(&acts[i], errors) == OK && fine;
		if (act_of(acts[i].book, acts[i].op) != &acts[i]) {
			buf_printf(errors, "%s.%s is there twice\n", acts[i].book, acts[i].op);
			fine = false;
		}
	}
	return fine ? OK : ERR_INVALID;
}
