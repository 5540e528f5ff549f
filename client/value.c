/*
 * value.c - see value.h.
 *
 * Not for: layout (list.c, record.c) or checking what is typed (common/validate.c). Trap: a
 * reference is an object on the wire and a code to people; both forms are accepted.
 */
#include "client/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/named.h"
#include "common/i18n.h"
#include "common/items.h"

void value_use_zone(const char *zone)
{
	if (zone == NULL || zone[0] == '\0')
		return;
	setenv("TZ", zone, 1);
	tzset();
}

static void show_number(struct buf *to, const struct node *v)
{
	if (v->type == NODE_INT)
		buf_printf(to, "%" PRId64, v->i);
	else
		buf_printf(to, "%g", v->r);
}

static const char *choice_label(const struct choice *c, const char *word)
{
	for (; c != NULL && c->word != NULL; c++)
		if (strcmp(c->word, word) == 0)
			return tr(c->label);
	return word;
}

/* The choices that a referenced record is called by, when a closed word is its name. */
static const struct choice *ref_choices(const struct field *f)
{
	const struct book *ref = f != NULL && f->ref != NULL ? book_find(f->ref) : NULL;
	const struct field *caption = ref != NULL && ref->caption != NULL ? book_field(ref, ref->caption) : NULL;

	return caption != NULL && caption->type == FT_CHOICE ? caption->choices : NULL;
}

/* "CM EM": by the names of the roles. */
static void show_roles(struct buf *to, const char *words)
{
	char word[16];

	for (const char *p = words; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		enum role role;

		snprintf(word, sizeof word, "%.*s", (int)n, p);
		role = role_of_word(word);
		buf_printf(to, "%s%s", p > words ? ", " : "", role != ROLE_UNSET ? tr(role_label(role)) : word);
		p += n;
	}
}

/* The code of a record of that book, in the reader's words where it is made of words. */
static void show_code(struct buf *to, const struct book *ref, const char *code)
{
	const struct field *f = ref != NULL && ref->code != NULL ? book_field(ref, ref->code) : NULL;

	if (f != NULL && (f->flags & F_WORDS) != 0)
		named_words(to, f->choices, ref, code);
	else
		buf_puts(to, code);
}

static void show_ref(struct buf *to, const struct field *f, const struct node *v, bool with_caption)
{
	const char *code = node_str(node_get(v, "code"));
	const char *caption = node_str(node_get(v, "name"));
	const struct node *id = node_get(v, "id");

	if (code != NULL)
		show_code(to, f != NULL && f->ref != NULL ? book_find(f->ref) : NULL, code);
	else if (caption != NULL)
		buf_puts(to, caption);
	else if (id != NULL)
		show_number(to, id);
	if (with_caption && code != NULL && caption != NULL)
		buf_printf(to, " %s", caption);
}

static void show_array(struct buf *to, const struct node *v)
{
	for (const struct node *n = v->first; n != NULL; n = n->next) {
		if (n != v->first)
			buf_puts(to, ",");
		value_word(to, n);
	}
}

void value_word(struct buf *to, const struct node *v)
{
	if (v == NULL)
		return;
	switch (v->type) {
	case NODE_NULL:
		break;
	case NODE_BOOL:
		buf_puts(to, v->b ? "true" : "false");
		break;
	case NODE_INT:
	case NODE_REAL:
		show_number(to, v);
		break;
	case NODE_STRING:
		buf_put(to, v->s, v->len);
		break;
	case NODE_ARRAY:
		show_array(to, v);
		break;
	case NODE_OBJECT:
		show_ref(to, NULL, v, false);
		break;
	}
}

/* A moment in the time zone of the process; a text that is none is shown as it is. */
static void show_time(struct buf *to, const char *text, bool is_short)
{
	struct tm t = {0}, local;
	time_t at;
	char out[32];

	if (strptime(text, "%Y-%m-%dT%H:%M:%S", &t) == NULL) {
		buf_puts(to, text);
		return;
	}
	at = timegm(&t);
	localtime_r(&at, &local);
	strftime(out, sizeof out, is_short ? "%m-%d %H:%M" : "%Y-%m-%d %H:%M", &local);
	buf_puts(to, out);
}

static void show_labels(struct buf *to, const struct choice *choices, const struct node *list)
{
	for (const struct node *n = list->first; n != NULL; n = n->next)
		if (node_str(n) != NULL)
			buf_printf(to, "%s%s", n != list->first ? ", " : "", choice_label(choices, node_str(n)));
}

static void show(struct buf *to, const struct field *f, const struct node *v, bool is_short)
{
	const char *text = node_str(v);

	if (v == NULL)
		return;
	if (v->type == NODE_BOOL)
		buf_puts(to, v->b ? tr("Yes") : tr("No"));
	else if (v->type == NODE_OBJECT && ref_choices(f) != NULL && node_str(node_get(v, "name")) != NULL)
		buf_puts(to, choice_label(ref_choices(f), node_str(node_get(v, "name"))));
	else if (v->type == NODE_OBJECT)
		show_ref(to, f, v, true);
	else if (f != NULL && f->type == FT_TIME && text != NULL)
		show_time(to, text, is_short);
	else if (f != NULL && (f->flags & F_ROLES) != 0 && text != NULL)
		show_roles(to, text);
	else if (f != NULL && f->type == FT_ITEMS && v->type == NODE_ARRAY)
		items_show(to, v);
	else if (f != NULL && f->choices != NULL && v->type == NODE_ARRAY)
		show_labels(to, f->choices, v);
	else if (f != NULL && f->choices != NULL && text != NULL)
		buf_puts(to, choice_label(f->choices, text));
	else
		value_word(to, v);
}

void value_show(struct buf *to, const struct field *f, const struct node *v)
{
	show(to, f, v, false);
}

void value_show_short(struct buf *to, const struct field *f, const struct node *v)
{
	show(to, f, v, true);
}

static bool is_nothing(const struct node *v)
{
	return v == NULL || v->type == NODE_NULL;
}

void row_show(struct buf *to, const struct book *book, const struct field *f, const struct node *row)
{
	const struct field *other = f->instead != NULL ? book_field(book, f->instead) : NULL;

	if (other != NULL && is_nothing(node_get(row, f->name)))
		f = other;
	if ((f->flags & F_NAMES) != 0)
		named_show(to, book, f, row);
	else
		value_show_short(to, f, node_get(row, f->name));
}

const struct field *row_show_named(struct buf *to, const struct book *book, const char *name, const struct node *row)
{
	const struct field *f = book_field(book, name);

	buf_reset(to);
	if (f != NULL && !is_nothing(node_get(row, name)))
		row_show(to, book, f, row);
	return to->len > 0 ? f : NULL;
}

bool row_masks(const struct node *row, const char *field)
{
	const struct node *masked = node_get(row, "masked");

	for (const struct node *n = masked != NULL ? masked->first : NULL; n != NULL; n = n->next) {
		const char *name = node_str(n);

		if (name != NULL && strcmp(name, field) == 0)
			return true;
	}
	return false;
}

int64_t row_number(const struct node *row, const char *member)
{
	const struct node *n = node_get(row, member);

	return n != NULL && n->type == NODE_INT ? n->i : 0;
}

const char *row_state(const struct book *book, const struct node *row, bool *is_late)
{
	const char *word = node_str(node_get(row, "state"));
	int at = word != NULL ? book_state(book, word) : -1;

	if (is_late != NULL)
		*is_late = at >= 0 && !book->states_computed && book->states[at].computed != NULL &&
		           book->states[at].open;
	if (at >= 0)
		return tr(book->states[at].label);
	return word != NULL ? word : "";
}

int row_stored_state(const struct book *book, const struct node *row)
{
	const char *word = node_str(node_get(row, "state"));
	int at = word != NULL ? book_state(book, word) : -1;

	return at >= 0 && book->states[at].computed != NULL && !book->states_computed ? book->states[at].of : at;
}

static void put_word(struct buf *to, const struct node *row, const char *member, size_t start)
{
	const struct node *v = node_get(row, member);

	if (to->len > start && v != NULL && v->type != NODE_NULL)
		buf_puts(to, " ");
	value_word(to, v);
}

void row_title(struct buf *to, const struct book *book, const struct node *row)
{
	size_t start = to->len;
	const struct field *first = NULL;

	for (size_t i = 0; i < book->nfields; i++) {
		const struct field *f = &book->fields[i];

		if ((f->flags & F_NUMBER) != 0)
			put_word(to, row, f->name, start);
		else if (first == NULL && (f->flags & F_LIST) != 0 && !row_masks(row, f->name))
			first = f;
	}
	/* A number alone says nothing: the file of a loan stands with it. */
	if (to->len > start && first != NULL && first->type == FT_REF)
		put_word(to, row, first->name, start);
	if (to->len == start && book->code != NULL)
		put_word(to, row, book->code, start);
	/* Records without a name of their own are called by the first thing they show: their unit. */
	if (to->len == start && first != NULL && first->type == FT_REF)
		put_word(to, row, first->name, start);
	else if (to->len == start && first != NULL)
		value_show(to, first, node_get(row, first->name));
	if (book->caption == NULL || (first != NULL && strcmp(first->name, book->caption) == 0) || (book_field(book, book->caption)->flags & F_NUMBER) != 0)
		return;
	if (to->len > start && node_get(row, book->caption) != NULL)
		buf_puts(to, " ");
	value_show_short(to, book_field(book, book->caption), node_get(row, book->caption));
}
