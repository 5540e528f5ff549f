/*
 * import_line.c - see import_line.h.
 * Not for: reading cells (import_csv.c). Trap: 3/4/1990 is the third of April, as this country
 * writes it; a year in front turns the order round.
 */
#include "client/import_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wctype.h>

#include "common/i18n.h"
#include "common/text.h"
#include "common/validate.h"

enum { NAMES_MAX = 4 };

/* One row a column: its word in reports, the member that takes it, its names in the other languages. */
static const struct column {
	const char *word, *field;
	const char *names[NAMES_MAX];
	bool needed;
} columns[] = {
	[IMPORT_UNIT] = {"unit", "unit", {"单元", "單元", "căn hộ"}, true},
	[IMPORT_HOUSEHOLD] = {"household", "household_name", {"住户", "住戶", "hộ"}, false},
	[IMPORT_NAME] = {"name", "name", {"姓名", "họ tên"}, true},
	[IMPORT_RELATION] = {"relation", "relation", {"关系", "關係", "quan hệ"}, true},
	[IMPORT_MOBILE] = {"mobile", "mobile", {"手机", "手機", "di động"}, false},
	[IMPORT_HOME_PHONE] = {"home_phone", "home_phone", {"家庭电话", "家庭電話", "điện thoại nhà"}, false},
	[IMPORT_SEX] = {"sex", "sex", {"性别", "性別", "giới tính"}, false},
	[IMPORT_ID_NO] = {"id_no", "id_no", {"身份证号码", "身份證號碼", "số giấy tờ"}, false},
	[IMPORT_BIRTH] = {"birth", "birth", {"出生日期", "ngày sinh"}, false},
	[IMPORT_IMPORTANT] = {"important", "important", {"重要", "quan trọng"}, false},
};
_Static_assert(NITEMS(columns) == IMPORT_COLUMNS, "columns of a residents' list");

/* What people write in lists beside the words of the book and their labels. */
static const struct {
	const char *typed, *word;
} spellings[] = {
	{"yes", "true"}, {"y", "true"}, {"1", "true"}, {"x", "true"}, {"v", "true"}, {"√", "true"}, {"✓", "true"},
	{"no", "false"}, {"n", "false"}, {"0", "false"}, {"-", "false"},
	{"妻", "spouse"}, {"妻子", "spouse"}, {"夫", "spouse"}, {"丈夫", "spouse"}, {"vợ", "spouse"}, {"chồng", "spouse"},
	{"儿子", "child"}, {"兒子", "child"}, {"女儿", "child"}, {"女兒", "child"}, {"子", "child"},
	{"父", "parent"}, {"母", "parent"}, {"父亲", "parent"}, {"父親", "parent"}, {"母亲", "parent"}, {"母親", "parent"},
	{"cha", "parent"}, {"bố", "parent"}, {"mẹ", "parent"}, {"người thuê", "tenant"}, {"戶主", "head"},
};

const char *import_column_word(enum import_column column)
{
	return columns[column].word;
}

const struct field *import_column_field(enum import_column column)
{
	const struct book *book = book_find(IMPORT_BOOK);

	return book != NULL ? book_field(book, columns[column].field) : NULL;
}

/* Composed and in small letters, so that two ways to write a word are one; NULL: no text or no memory. */
static const char *folded(struct arena *arena, const char *text)
{
	const char *clean = NULL, *why = NULL;
	char *out;
	size_t n = 0, len;

	if (text_clean(arena, text, strlen(text), false, &clean, &why) != OK || clean == NULL)
		return NULL;
	len = strlen(clean);
	out = arena_alloc(arena, 2 * len + 5);
	for (const char *s = clean, *end = clean + len; out != NULL && s < end;) {
		uint32_t cp = 0;
		size_t k = text_decode(s, (size_t)(end - s), &cp);

		if (k == 0 || n + 4 > 2 * len + 4)
			break;
		n += text_encode(cp == '_' ? ' ' : (uint32_t)towlower((wint_t)cp), out + n);
		s += k;
	}
	return out;
}

static bool same_word(struct arena *arena, const char *folded_text, const char *word)
{
	const char *other = folded(arena, word);

	return other != NULL && strcmp(folded_text, other) == 0;
}

static void fault(const struct import_report *r, size_t line, const char *column, const char *why)
{
	r->fault(r->ctx, line, column, tr(why));
}

/* --- the header -------------------------------------------------------------------------- */

static int column_of(struct arena *arena, const char *cell)
{
	const char *text = folded(arena, cell);

	for (int i = 0; i < IMPORT_COLUMNS && text != NULL; i++) {
		if (same_word(arena, text, columns[i].word))
			return i;
		for (size_t k = 0; k < NAMES_MAX && columns[i].names[k] != NULL; k++)
			if (same_word(arena, text, columns[i].names[k]))
				return i;
	}
	return -1;
}

static bool read_columns(struct arena *arena, const struct csv_row *row, struct import_header *h, const struct import_report *r)
{
	bool fine = row->why == NULL;
	char number[32];

	for (int i = 0; i < IMPORT_COLUMNS; i++)
		h->at[i] = -1;
	h->ncells = row->ncells;
	if (!fine)
		fault(r, row->line, "header", row->why);
	for (size_t i = 0; i < row->ncells && fine; i++) {
		int column = row->cells[i][0] != '\0' ? column_of(arena, row->cells[i]) : -1;

		snprintf(number, sizeof number, "%zu", i + 1);
		if (column >= 0 && h->at[column] < 0)
			h->at[column] = (int)i;
		else if (column >= 0)
			fault(r, row->line, columns[column].word, N_("This column stands twice."));
		else if (row->cells[i][0] != '\0')
			fault(r, row->line, number, N_("The list may not have such a column; is the encoding right?"));
		fine = column >= 0 ? h->at[column] == (int)i : row->cells[i][0] == '\0';
	}
	for (int i = 0; i < IMPORT_COLUMNS && fine; i++)
		if (columns[i].needed && h->at[i] < 0) {
			fault(r, row->line, columns[i].word, N_("This column is missing."));
			fine = false;
		}
	return fine;
}

/* --- values ------------------------------------------------------------------------------ */

struct import_word {
	const struct field *field;
	const char *typed, *word; /* .typed folded */
	struct import_word *next;
};

static bool learn(struct arena *arena, struct import_word **list, const struct field *field, const char *typed, const char *word)
{
	struct import_word *w = arena_alloc(arena, sizeof *w);

	if (w == NULL)
		return false;
	*w = (struct import_word){.field = field, .typed = folded(arena, typed), .word = word, .next = *list};
	*list = w;
	return w->typed != NULL;
}

/* Words of the book, their labels in every language, and what people write besides. */
static bool learn_choices(struct arena *arena, struct import_word **list, const struct field *field)
{
	bool fine = true;

	for (const struct choice *c = field->choices; c != NULL && c->word != NULL && fine; c++) {
		fine = learn(arena, list, field, c->word, c->word);
		for (size_t i = 0; i18n_langs[i] != NULL && fine; i++)
			fine = learn(arena, list, field, tr_in(i18n_langs[i], c->label), c->word);
		for (size_t i = 0; i < NITEMS(spellings) && fine; i++)
			if (strcmp(spellings[i].word, c->word) == 0)
				fine = learn(arena, list, field, spellings[i].typed, c->word);
	}
	return fine;
}

/* The word of the wire that a cell means, or NULL. */
static const char *choice_of(struct arena *arena, const struct import_word *words, const struct field *field, const char *cell)
{
	const char *text = folded(arena, cell);

	for (const struct import_word *w = words; w != NULL && text != NULL; w = w->next)
		if (w->field == field && strcmp(w->typed, text) == 0)
			return w->word;
	return NULL;
}

/* 1990-04-03, 1990/4/3, 1990.4.3, 1990年4月3日, 3/4/1990, 3.4.1990, 3-4-1990; NULL for anything else. */
static const char *date_of(struct arena *arena, const char *cell)
{
	static const char *const marks[] = {"-", "/", ".", "年", "月", "日"};
	long part[3] = {0};
	size_t digits[3] = {0}, n = 0;

	for (const char *s = cell; *s != '\0';) {
		size_t k = strspn(s, "0123456789"), skip = 0;

		if (n == 3 || k == 0 || k > 4)
			return NULL;
		part[n] = strtol(s, NULL, 10);
		digits[n++] = k;
		s += k;
		for (size_t i = 0; i < NITEMS(marks) && skip == 0; i++)
			if (strncmp(s, marks[i], strlen(marks[i])) == 0)
				skip = strlen(marks[i]);
		if (*s != '\0' && skip == 0)
			return NULL;
		s += skip;
	}
	if (n != 3 || digits[1] > 2 || (digits[0] == 4) == (digits[2] == 4))
		return NULL;
	return digits[0] == 4 ? arena_printf(arena, "%04ld-%02ld-%02ld", part[0], part[1], part[2]) :
		arena_printf(arena, "%04ld-%02ld-%02ld", part[2], part[1], part[0]);
}

static bool is_to_come(const char *date)
{
	time_t now = time(NULL);
	struct tm tm;
	char today[32];

	return localtime_r(&now, &tm) != NULL && strftime(today, sizeof today, "%Y-%m-%d", &tm) > 0 && strcmp(date, today) > 0;
}

/* The cell in the form that the server's own check takes; *why when it cannot be one. */
static const char *spelt_out(struct arena *arena, const struct import_word *words, const struct field *field, const char *cell,
	const char **why)
{
	const char *text = cell;

	if (strstr(cell, "\xef\xbf\xbd") != NULL) {
		*why = N_("These bytes are no text in this encoding.");
		return cell;
	}
	if (field->choices != NULL && (text = choice_of(arena, words, field, cell)) == NULL)
		*why = N_("This is none of the words that may stand here.");
	else if (field->type == FT_DATE && (text = date_of(arena, cell)) == NULL)
		*why = N_("Write a date as 1990-04-30 or 30/4/1990.");
	else if (field->type == FT_DATE && is_to_come(text))
		*why = N_("This day is still to come.");
	return text;
}

static enum err read_value(struct arena *arena, const struct import_word *words, const struct field *field, const char *cell,
	const char **value, const char **why)
{
	const char *text = spelt_out(arena, words, field, cell, why);
	struct node node = {.type = NODE_STRING};

	if (*why != NULL)
		return ERR_INVALID;
	if (field->type == FT_BOOL)
		node = (struct node){.type = NODE_BOOL, .b = strcmp(text, "true") == 0};
	else
		node = (struct node){.type = NODE_STRING, .s = text, .len = strlen(text)};
	return validate_value(arena, field, &node, value, why);
}

static bool fits(const struct import_header *h, const struct csv_row *row, const struct import_report *r)
{
	const char *word = "line";

	for (int i = 0; i < IMPORT_COLUMNS && row->why != NULL; i++)
		if (h->at[i] == (int)row->bad)
			word = columns[i].word;
	if (row->why != NULL)
		fault(r, row->line, word, row->why);
	for (size_t i = h->ncells; i < row->ncells && row->why == NULL; i++)
		if (row->cells[i][0] != '\0') {
			fault(r, row->line, word, N_("The line has more cells than the header."));
			return false;
		}
	return row->why == NULL;
}

bool import_header(struct arena *arena, const struct csv_row *row, struct import_header *h, const struct import_report *r)
{
	bool fine = read_columns(arena, row, h, r);

	h->words = NULL;
	for (int i = 0; i < IMPORT_COLUMNS && fine; i++)
		fine = learn_choices(arena, &h->words, import_column_field((enum import_column)i));
	return fine;
}

bool import_person(struct arena *arena, const struct import_header *h, const struct csv_row *row, struct import_person *p,
	const struct import_report *r, enum err *err)
{
	bool fine = fits(h, row, r);

	*p = (struct import_person){.line = row->line};
	*err = OK;
	for (int i = 0; i < IMPORT_COLUMNS && row->why == NULL && *err == OK; i++) {
		bool is_there = h->at[i] >= 0 && (size_t)h->at[i] < row->ncells;
		const char *cell = is_there ? row->cells[h->at[i]] : "", *why = NULL;

		if (cell[0] != '\0')
			*err = read_value(arena, h->words, import_column_field((enum import_column)i), cell, &p->values[i], &why);
		else if (columns[i].needed)
			why = N_("This must be given.");
		if (*err == ERR_INVALID)
			*err = OK;
		if (why != NULL) {
			fault(r, row->line, columns[i].word, why);
			fine = false;
		}
	}
	return fine && *err == OK;
}
