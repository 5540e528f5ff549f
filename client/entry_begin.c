/*
 * entry_begin.c - see entry_begin.h.
 *
 * Not for: drafts (draft.c). Trap: the moment of the first key is the server's as far as it is known here; when it is not, the field
 * stays empty: the server then writes its own moment.
 */
#include "client/entry_begin.h"

#include <string.h>
#include <time.h>

#include "client/consoles/acts.h"
#include "client/offline.h"
#include "client/value.h"

/* What a record is called by: its own code, or that of the record it is about (a loan's file), or its number. */
const char *entry_called_by(const struct book *focus, const struct node *row, struct buf *code)
{
	for (size_t i = 0; focus->code == NULL && i < focus->nfields; i++) {
		const struct field *f = &focus->fields[i];

		if ((f->flags & F_LIST) == 0 || (f->flags & F_NUMBER) != 0)
			continue;
		value_word(code, f->ref != NULL ? node_get(node_get(row, f->name), "code") : node_get(row, "id"));
		return f->ref != NULL ? f->ref : focus->name;
	}
	value_word(code, focus->code != NULL ? node_get(row, focus->code) : NULL);
	return focus->name;
}

/* An untouched form begins with the record in focus: its file, its unit are what people mean. */
void entry_preset(struct form *f, const struct book *focus, const struct node *row)
{
	const struct book *book = form_book(f);
	const struct op *op = form_op(f);
	struct buf code;
	const char *ref;

	if (focus == NULL || row == NULL)
		return;
	buf_init(&code, 256);
	ref = entry_called_by(focus, row, &code);
	for (size_t i = 0; i < book->nfields && ref != NULL && code.len > 0; i++)
		if ((op->asks & BIT(i)) != 0 && book->fields[i].ref != NULL &&
		    strcmp(book->fields[i].ref, ref) == 0)
			form_set(f, book->fields[i].name, code.data);
	buf_done(&code);
	/* Nobody types the number of a record that he sees. */
	if (focus->code == NULL && ref == focus->name)
		form_focus_missing(f);
}

/* What it is about was noticed when the key was pressed, not when the last field is full. */
static void note_first_key(struct form *f)
{
	const struct book *book = form_book(f);
	time_t now = (time_t)offline_now();
	char text[32];
	struct tm t;

	if (!offline_knows_time())
		return;
	localtime_r(&now, &t);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &t);
	for (size_t i = 0; i < book->nfields; i++)
		if ((form_op(f)->asks & BIT(i)) != 0 && (book->fields[i].flags & F_FIRST_KEY) != 0)
			form_suggest(f, book->fields[i].name, text);
}

/* A row that is taken on: what it says already, and the cursor in the first field that it needs and does not. */
static void begin_with_all(struct form *f, const struct node *row)
{
	const struct book *book = form_book(f);
	struct buf text;

	buf_init(&text, 8192);
	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		const struct node *v = (form_op(f)->asks & BIT(i)) != 0 ? node_get(row, field->name) : NULL;

		buf_reset(&text);
		if (v == NULL || v->type == NODE_NULL)
			continue;
		if (field->type == FT_TIME || field->type == FT_DATE || field->type == FT_ITEMS)
			value_show(&text, field, v);
		else
			value_word(&text, field->type == FT_REF ? node_get(v, "code") : v);
		form_set(f, field->name, text.data);
	}
	form_focus_missing(f);
	buf_done(&text);
}

/* The form of an operation on a record: its name, and what the console's tables fill in. */
void entry_begin_with(struct form *f, const struct node *row)
{
	const struct book *book = form_book(f);
	const struct prefill *p = &act_of(book->name, form_op(f)->name)->prefill;
	struct buf text;

	if ((form_op(f)->flags & OP_RESUME) != 0)
		begin_with_all(f, row);
	if (p->field == NULL)
		return;
	buf_init(&text, 8192);
	value_show(&text, book_field(book, p->from), node_get(row, p->from));
	if (text.len > 0)
		form_set(f, p->field, text.data);
	buf_done(&text);
}

void entry_begin_new(struct form *f, const struct book *focus, const struct node *row)
{
	entry_preset(f, focus, row);
	note_first_key(f);
}
