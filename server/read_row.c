/*
 * read_row.c - rows of a selection as JSON.
 *
 * Cells are PostgreSQL text and go straight into the answer; nothing is built in between. Not for:
 * deciding what is shown, except for a value withheld row by row (F_WITHHELD).
 * Trap: a withheld field is absent and masked whether it has a value or not, so that its being
 * there tells nothing.
 */
#include <string.h>

#include "server/read.h"

static const char *cell(const struct rows *rows, size_t row, int at)
{
	return at < 0 ? NULL : rows_get(rows, row, (size_t)at);
}

static bool is_true(const char *text)
{
	return text && text[0] == 't';
}

static void put_member(struct buf *out, const char *name)
{
	buf_put(out, ",\"", 2);
	buf_puts(out, name);
	buf_put(out, "\":", 2);
}

enum { UNIT_SEPARATOR = '\x1f', RECORD_SEPARATOR = '\x1e' };

/* What stands behind "id US" in a cell of names; NULL when the id is not there. */
static const char *names_of(const char *names, const char *id)
{
	const size_t len = strlen(id);

	while (names && (strncmp(names, id, len) != 0 || names[len] != UNIT_SEPARATOR)) {
		names = strchr(names, RECORD_SEPARATOR);
		names += names != NULL;
	}
	return names ? names + len + 1 : NULL;
}

static void put_reference(struct buf *out, const char *id, const char *names)
{
	const char *code = names_of(names, id);
	size_t ncode = code ? strcspn(code, "\x1f\x1e") : 0;
	const char *caption = code && code[ncode] == UNIT_SEPARATOR ? code + ncode + 1 : "";
	size_t ncaption = strcspn(caption, "\x1f\x1e");

	buf_puts(out, "{\"id\":");
	buf_puts(out, id);
	if (ncode) {
		put_member(out, "code");
		buf_json_strn(out, code, ncode);
	}
	if (ncaption) {
		put_member(out, "name");
		buf_json_strn(out, caption, ncaption);
	}
	buf_puts(out, "}");
}

void read_value_json(struct buf *out, const struct field *field, const char *text)
{
	if (!text) {
		buf_puts(out, "null");
		return;
	}
	switch (field->type) {
	case FT_REF: /* bare: without its code */
	case FT_INT:
	case FT_AREA:
	case FT_AREAS: /* to_json */
	case FT_IDS:
	case FT_WORDS:
	case FT_ITEMS:
		buf_puts(out, text);
		break;
	case FT_BOOL:
		buf_puts(out, is_true(text) ? "true" : "false");
		break;
	case FT_TEXT:
	case FT_NOTE:
	case FT_DATE:
	case FT_TIME:
	case FT_CHOICE:
		buf_json_str(out, text);
		break;
	case FT_UNSET:
	case FT_END:
		buf_puts(out, "null");
		break;
	}
}

void read_row_open(struct buf *out, const struct selection *sel, const struct rows *rows, size_t row)
{
	buf_puts(out, "{\"id\":");
	buf_puts(out, rows_get(rows, row, 0));
	if (sel->version >= 0) {
		put_member(out, "version");
		buf_puts(out, cell(rows, row, sel->version));
	}
	if (sel->state >= 0) {
		put_member(out, "state");
		buf_json_str(out, cell(rows, row, sel->state));
	}
	for (size_t i = 0; i < sel->nfields; i++) {
		const struct read_cells *cells = &sel->fields[i];

		if (is_true(cell(rows, row, cells->withheld)))
			continue;
		put_member(out, cells->field->name);
		if (cells->field->type == FT_REF && cell(rows, row, cells->value))
			put_reference(out, cell(rows, row, cells->value), cell(rows, row, cells->names));
		else
			read_value_json(out, cells->field, cell(rows, row, cells->value));
	}
}

void read_row_close(struct buf *out, const struct selection *sel, const struct rows *rows,
	size_t row, const char *extra)
{
	const char *comma = sel->masked[0] ? "," : "";

	buf_puts(out, ",\"masked\":[");
	buf_puts(out, sel->masked);
	for (size_t i = 0; i < sel->nfields; i++) {
		if (!is_true(cell(rows, row, sel->fields[i].withheld)))
			continue;
		buf_printf(out, "%s\"%s\"", comma, sel->fields[i].field->name);
		comma = ",";
	}
	if (extra && extra[0]) {
		buf_puts(out, comma);
		buf_puts(out, extra);
	}
	buf_puts(out, "]}");
}

void read_rows(struct buf *out, const struct selection *sel, const struct rows *rows, bool whole)
{
	size_t n = rows_count(rows), shown = n > (size_t)sel->limit ? (size_t)sel->limit : n;

	buf_puts(out, whole ? "{\"rows\":[" : "[");
	for (size_t row = 0; row < shown; row++) {
		if (row)
			buf_puts(out, ",");
		read_row_open(out, sel, rows, row);
		read_row_close(out, sel, rows, row, NULL);
	}
	buf_puts(out, "]");
	if (!whole)
		return;
	buf_puts(out, ",\"next\":");
	if (n > shown)
		read_cursor(out, sel, rows, shown - 1);
	else
		buf_puts(out, "null");
	buf_puts(out, "}");
}

const char *read_subject(const struct selection *sel, const struct rows *rows, size_t row)
{
	return cell(rows, row, sel->subject);
}
