/*
 * validate.c - values and operations as they come over the wire, judged by their descriptors.
 *
 * One function a field type, found by a table; every fault of a message is told at once. Not for:
 * what people type (validate_input.c), rules of a book. Trap: texts are trimmed and an empty text
 * is null, so "     " never satisfies a needed field or a minimum length.
 */
#include "common/validate.h"

#include <ctype.h>
#include <string.h>

#include "common/i18n.h"
#include "common/items.h"
#include "common/text.h"

enum {
	CODE_LARGEST = 64,
	LIST_DEFAULT = 64, AREA_LARGEST = 32767
};

/* What a type's function works on. */
struct value {
	struct arena *arena;
	const struct field *field;
	const struct node *node;
	const char *text, *why;
};

static enum err refuse(struct value *v, const char *why)
{
	v->why = why;
	return why ? ERR_INVALID : ERR_NOMEM;
}

static enum err accept(struct value *v, const char *text)
{
	v->text = text;
	return text ? OK : ERR_NOMEM;
}

/* Bytes of the blank at s, or 0. The wide blanks of Chinese and of copied web pages count too. */
static size_t blank(const char *s, size_t n)
{
	uint32_t cp = 0;
	size_t step = text_decode(s, n, &cp);
	return step && (cp == ' ' || cp == '\n' || cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200a) ||
		cp == 0x202f || cp == 0x205f || cp == 0x3000) ? step : 0;
}

/* Leaves out the blanks at both ends of *n bytes. Before cleaning, never after: a blank may be what
 * a combining mark sits on. */
static const char *trim(const char *s, size_t *n)
{
	size_t step, end = 0;
	while ((step = blank(s, *n))) {
		s += step;
		*n -= step;
	}
	for (size_t i = 0; i < *n; i += step) {
		uint32_t cp = 0;
		bool is_blank = (step = blank(s + i, *n - i)) != 0;
		if (!is_blank && !(step = text_decode(s + i, *n - i, &cp)))
			step = 1;
		if (!is_blank)
			end = i + step;
	}
	*n = end;
	return s;
}

/* Clean, trimmed text of a string node; v->text is NULL when nothing is left. */
static enum err clean_string(struct value *v, bool lines)
{
	const char *clean = NULL;
	if (v->node->type != NODE_STRING)
		return refuse(v, N_("This must be a text."));
	size_t n = v->node->len;
	const char *s = trim(v->node->s, &n);
	enum err err = text_clean(v->arena, s, n, lines, &clean, &v->why);
	if (err == OK && *clean)
		v->text = clean;
	return err;
}

static enum err limited_text(struct value *v, bool lines, int32_t longest)
{
	enum err err = clean_string(v, lines);
	if (err != OK || !v->text)
		return err;
	int32_t max = v->field->max > 0 ? v->field->max : longest;
	size_t chars = text_chars(v->text);
	if (chars > (size_t)max)
		return refuse(v, arena_printf(v->arena, tr(N_("At most %d characters are allowed.")), max));
	if (v->field->min > 0 && chars < (size_t)v->field->min)
		return refuse(v, arena_printf(v->arena, tr(N_("At least %d characters are needed.")),
			v->field->min));
	return OK;
}

static bool all_digits(const char *s, size_t most)
{
	size_t n = strspn(s, "0123456789");
	return n > 0 && n <= most && s[n] == '\0';
}

static enum err value_number(struct value *v)
{
	const char *s = node_str(v->node);
	if (v->node->type == NODE_INT && v->node->i > 0)
		return accept(v, arena_printf(v->arena, "%lld", (long long)v->node->i));
	if (s && all_digits(s, 18))
		return accept(v, arena_strdup(v->arena, s));
	return refuse(v, N_("This must be a number of a form: digits only."));
}

static enum err value_text(struct value *v)
{
	if ((v->field->flags & F_PIN) && v->node->type == NODE_STRING && v->node->s[strspn(v->node->s, "0123456789")] != '\0')
		return refuse(v, N_("This must be digits only."));
	return v->field->flags & F_NUMBER ? value_number(v) : limited_text(v, false, VALIDATE_TEXT_DEFAULT);
}

static enum err value_note(struct value *v)
{
	return limited_text(v, true, VALIDATE_NOTE_DEFAULT);
}

static enum err ranged_int(struct value *v, int64_t min, int64_t max)
{
	if (v->node->type != NODE_INT)
		return refuse(v, N_("This must be a whole number."));
	if (v->node->i < min || v->node->i > max)
		return refuse(v, arena_printf(v->arena, tr(N_("This must be a number from %lld to %lld.")),
			(long long)min, (long long)max));
	return accept(v, arena_printf(v->arena, "%lld", (long long)v->node->i));
}

static enum err value_int(struct value *v)
{
	const struct field *f = v->field;
	if (f->flags & F_NUMBER)
		return value_number(v);
	return f->min == 0 && f->max == 0 ? ranged_int(v, INT32_MIN, INT32_MAX) :
		ranged_int(v, f->min, f->max);
}

static enum err value_bool(struct value *v)
{
	if (v->node->type != NODE_BOOL)
		return refuse(v, N_("This must be true or false."));
	return accept(v, v->node->b ? "true" : "false");
}

/* Reads n digits; -1 when they are none. */
static int digits(const char *s, int n)
{
	int value = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

/* True when s starts with a day of the calendar that somebody alive may mean. */
static bool is_day(const char *s)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (strlen(s) < 10 || s[4] != '-' || s[7] != '-')
		return false;
	int year = digits(s, 4), month = digits(s + 5, 2), day = digits(s + 8, 2);
	if (year < 1800 || year > 2999 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= days[month - 1] + (month == 2 && leap);
}

/* True for "Z" and for an offset such as +07:00. */
static bool is_zone(const char *s)
{
	if (strcmp(s, "Z") == 0)
		return true;
	if (strlen(s) != 6 || (s[0] != '+' && s[0] != '-') || s[3] != ':')
		return false;
	int hours = digits(s + 1, 2), minutes = digits(s + 4, 2);
	return hours >= 0 && hours <= 14 && minutes >= 0 && minutes <= 59;
}

/* RFC 3339 with T, seconds, at most six decimals, and a zone. */
static bool is_moment(const char *s)
{
	if (!is_day(s) || strlen(s) < 20 || s[10] != 'T' || s[13] != ':' || s[16] != ':')
		return false;
	int hour = digits(s + 11, 2), minute = digits(s + 14, 2), second = digits(s + 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	s += 19;
	if (*s == '.') {
		size_t decimals = strspn(s + 1, "0123456789");
		if (decimals < 1 || decimals > 6)
			return false;
		s += 1 + decimals;
	}
	return is_zone(s);
}

static enum err value_date(struct value *v)
{
	const char *s = node_str(v->node);
	if (s && !*s)
		return OK;
	if (!s || strlen(s) != 10 || !is_day(s))
		return refuse(v, N_("This must be a date such as 2026-03-01."));
	return accept(v, arena_strdup(v->arena, s));
}

static enum err value_time(struct value *v)
{
	const char *s = node_str(v->node);
	if (s && !*s)
		return OK;
	if (!s || !is_moment(s))
		return refuse(v, N_("This must be a time such as 2026-03-01T17:30:00Z."));
	return accept(v, arena_strdup(v->arena, s));
}

static enum err refuse_choice(struct value *v)
{
	struct buf words;
	buf_init(&words, 2000);
	for (const struct choice *c = v->field->choices; c && c->word; c++)
		buf_printf(&words, "%s%s", words.len ? ", " : "", c->word);
	const char *why = arena_printf(v->arena, tr(N_("This must be one of: %s.")), words.data);
	buf_done(&words);
	return refuse(v, why);
}

static enum err value_choice(struct value *v)
{
	const char *s = node_str(v->node);
	if (s && !*s)
		return OK;
	for (const struct choice *c = v->field->choices; s && c && c->word; c++)
		if (strcmp(c->word, s) == 0)
			return accept(v, c->word);
	for (const struct choice *key = v->field->keys; s && key && key->word; key++)
		if (strcmp(key->word, s) == 0)
			return accept(v, key->label);
	return refuse_choice(v);
}

static enum err value_ref(struct value *v)
{
	if (v->node->type == NODE_INT && v->node->i > 0)
		return accept(v, arena_printf(v->arena, "%lld", (long long)v->node->i));
	if (v->node->type != NODE_STRING)
		return refuse(v, N_("This must be an id or a code."));
	enum err err = clean_string(v, false);
	if (err == OK && v->text && text_chars(v->text) > CODE_LARGEST)
		return refuse(v, arena_printf(v->arena, tr(N_("At most %d characters are allowed.")),
			CODE_LARGEST));
	return err;
}

static enum err value_area(struct value *v)
{
	return ranged_int(v, 1, AREA_LARGEST);
}

/* A list of whole numbers as array text; ids of records may be as large as bigint. */
static enum err int_list(struct value *v, int64_t largest)
{
	size_t most = v->field->max > 0 ? (size_t)v->field->max : LIST_DEFAULT;
	struct buf list;
	if (v->node->type != NODE_ARRAY)
		return refuse(v, N_("This must be a list of numbers."));
	if (v->node->count > most)
		return refuse(v, arena_printf(v->arena, tr(N_("At most %d entries are allowed.")),
			(int)most));
	for (const struct node *n = v->node->first; n; n = n->next)
		if (n->type != NODE_INT || n->i < 1 || n->i > largest)
			return refuse(v, N_("This must be a list of numbers."));
	if (v->node->count == 0)
		return OK;
	buf_init(&list, 22 * most + 2);
	for (const struct node *n = v->node->first; n; n = n->next)
		buf_printf(&list, "%s%lld", n == v->node->first ? "{" : ",", (long long)n->i);
	buf_puts(&list, "}");
	const char *text = list.failed ? NULL : arena_strdup(v->arena, list.data);
	buf_done(&list);
	return accept(v, text);
}

static enum err value_areas(struct value *v)
{
	return int_list(v, AREA_LARGEST);
}

static enum err value_ids(struct value *v)
{
	return int_list(v, INT64_MAX);
}

static enum err value_items(struct value *v)
{
	return items_read(v->arena, v->node, v->field->max > 0 ? (size_t)v->field->max : LIST_DEFAULT, &v->text, &v->why);
}

static enum err value_words(struct value *v)
{
	return refuse(v, N_("This is worked out by the house and cannot be given."));
}

/* By type, in the order of words.h; a type that is set by mistake to FT_UNSET is refused. */
static enum err (*const types[FT_END])(struct value *) = {
	[FT_UNSET] = value_words, [FT_TEXT] = value_text, [FT_NOTE] = value_note,
	[FT_INT] = value_int, [FT_BOOL] = value_bool, [FT_DATE] = value_date, [FT_TIME] = value_time,
	[FT_CHOICE] = value_choice, [FT_REF] = value_ref, [FT_AREA] = value_area,
	[FT_AREAS] = value_areas, [FT_IDS] = value_ids, [FT_WORDS] = value_words, [FT_ITEMS] = value_items,
};
_Static_assert(FT_END == 14, "a new field type needs a row in types[]");

enum err validate_value(struct arena *a, const struct field *field, const struct node *node,
	const char **text, const char **why)
{
	struct value v = { .arena = a, .field = field, .node = node };
	enum err err = !node || node->type == NODE_NULL ? OK : types[field->type](&v);
	if (err == OK)
		*text = v.text;
	else if (err == ERR_INVALID)
		*why = v.why;
	return err;
}

bool validate_uuid(const char *s)
{
	for (size_t i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	return s[36] == '\0';
}
