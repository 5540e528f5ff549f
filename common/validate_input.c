/*
 * validate_input.c - what a person typed becomes the value that the wire would carry.
 *
 * Short forms (+30, 1730, the n-th choice) are spelt out here; then validate_value judges, so a
 * form can never accept what the server refuses. Not for: the wire. Trap: times are understood in
 * the process's time zone, which the client sets to the estate's (TZ, tzset).
 */
#include "common/validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/i18n.h"
#include "common/text.h"

enum { LIST_LARGEST = 1000, AHEAD_LARGEST = 99999 };

struct typed {
	struct arena *arena;
	const struct field *field;
	const char *text;  /* without blanks at its ends */
	struct node *node; /* what validate_value will judge; preset: the text as a string */
};

static void set_string(struct typed *t, const char *s)
{
	*t->node = (struct node){ .type = NODE_STRING, .s = s, .len = strlen(s) };
}

static void set_int(struct node *n, int64_t i)
{
	*n = (struct node){ .type = NODE_INT, .i = i, .r = (double)i };
}

/* Reads the whole of s as a decimal number of at most 18 digits. */
static bool whole_number(const char *s, int64_t *out)
{
	size_t sign = *s == '-' || *s == '+', n = strspn(s + sign, "0123456789");
	if (n == 0 || n > 18 || s[sign + n] != '\0')
		return false;
	*out = strtoll(s, NULL, 10);
	return true;
}

static enum err typed_int(struct typed *t)
{
	int64_t i;
	if (!(t->field->flags & F_NUMBER) && whole_number(t->text, &i))
		set_int(t->node, i);
	return OK;
}

static bool is_word(const char *typed, const char *word)
{
	return strcasecmp(typed, word) == 0 || strcmp(typed, tr(word)) == 0;
}

static enum err typed_bool(struct typed *t)
{
	const char *s = t->text;
	bool yes = is_word(s, N_("yes")) || !strcasecmp(s, "y") || !strcmp(s, "true") || !strcmp(s, "1");
	bool no = is_word(s, N_("no")) || !strcasecmp(s, "n") || !strcmp(s, "false") || !strcmp(s, "2");
	if (yes || no)
		*t->node = (struct node){ .type = NODE_BOOL, .b = yes };
	return OK;
}

/* The choice that was typed as word, as its short key, as label, or as n for the n-th; NULL when none was. */
static const struct choice *picked(struct typed *t)
{
	int64_t nth = 0;
	whole_number(t->text, &nth);
	for (const struct choice *key = t->field->keys; key && key->word; key++)
		if (strcasecmp(t->text, key->word) == 0)
			t->text = key->label;
	for (const struct choice *c = t->field->choices; c && c->word; c++) {
		if (--nth == 0 || strcmp(t->text, c->word) == 0)
			return c;
		if (c->label && is_word(t->text, c->label))
			return c;
	}
	return NULL;
}

static enum err typed_choice(struct typed *t)
{
	const struct choice *c = picked(t);
	if (c)
		set_string(t, c->word);
	return OK;
}

/* A suggested text is taken over as it reads on the screen. */
static enum err typed_text(struct typed *t)
{
	const struct choice *c = t->field->flags & F_SUGGEST ? picked(t) : NULL;
	if (c)
		set_string(t, c->label ? tr(c->label) : c->word);
	return OK;
}

static enum err typed_list(struct typed *t)
{
	struct node **tail = &t->node->first;
	const char *s = t->text;
	*t->node = (struct node){ .type = NODE_ARRAY };
	while (*(s += strspn(s, " ,;")) && t->node->count < LIST_LARGEST) {
		struct node *n = arena_alloc(t->arena, sizeof(*n));
		size_t len = strcspn(s, " ,;");
		char *word = arena_strndup(t->arena, s, len);
		int64_t i = 0; /* no number: 0, which no list accepts */
		if (!n || !word)
			return ERR_NOMEM;
		whole_number(word, &i);
		set_int(n, i);
		*tail = n;
		tail = &n->next;
		t->node->count++;
		s += len;
	}
	return OK;
}

/* "+30" gives 30. */
static bool ahead(const char *s, int *out)
{
	int64_t n;
	if (*s != '+' || !whole_number(s, &n) || n > AHEAD_LARGEST)
		return false;
	*out = (int)n;
	return true;
}

static bool is_now(const char *s)
{
	return is_word(s, N_("now"));
}

static enum err typed_date(struct typed *t)
{
	struct tm day;
	time_t now = time(NULL);
	int days = 0;
	if (!is_now(t->text) && !is_word(t->text, N_("today")) && !ahead(t->text, &days))
		return OK;
	if (!localtime_r(&now, &day))
		return OK;
	day.tm_mday += days;
	day.tm_hour = 12; /* far from any change of the clocks */
	day.tm_isdst = -1;
	mktime(&day);
	char *s = arena_alloc(t->arena, 32);
	if (!s)
		return ERR_NOMEM;
	strftime(s, 32, "%Y-%m-%d", &day);
	set_string(t, s);
	return OK;
}

/* The clock of "17:30", "17:30:59", "7:05" and "1730"; the whole text. */
static bool clock_of(const char *s, struct tm *tm)
{
	size_t before = strspn(s, "0123456789"), all = strlen(s);
	const char *minutes = s + before + 1, *seconds = "00";
	if (all > before + 5 && s[before + 3] == ':' && strspn(s + before + 4, "0123456789") == 2 && all == before + 6) {
		seconds = s + before + 4;
		all -= 3;
	}
	if (before == 4 && all == 4)
		minutes = s + 2;
	else if (before < 1 || before > 2 || s[before] != ':' || strspn(minutes, "0123456789") != 2 ||
		all != before + 3)
		return false;
	int hour = s[0] - '0';
	if (before != 1)
		hour = hour * 10 + (s[1] - '0');
	tm->tm_hour = hour;
	tm->tm_min = (minutes[0] - '0') * 10 + (minutes[1] - '0');
	tm->tm_sec = (seconds[0] - '0') * 10 + (seconds[1] - '0');
	return hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

/* "2026-03-01 17:30", with or without seconds, into tm; the day itself is judged later, by what becomes of it. */
static bool day_and_clock(const char *s, struct tm *tm)
{
	struct tm found = *tm;
	int year, month, day, read = 0;
	if (strspn(s, "0123456789-") != 10 || s[10] != ' ' || !clock_of(s + 11, &found))
		return false;
	if (sscanf(s, "%4d-%2d-%2d%n", &year, &month, &day, &read) != 3 || read != 10)
		return false;
	found.tm_year = year - 1900;
	found.tm_mon = month - 1;
	found.tm_mday = day;
	struct tm checked = found;
	checked.tm_isdst = -1;
	if (mktime(&checked) == -1 || checked.tm_mday != day || checked.tm_mon != month - 1)
		return false;
	*tm = found;
	return true;
}

static enum err typed_time(struct typed *t)
{
	struct tm tm;
	time_t at = time(NULL);
	int minutes = 0;
	if (!localtime_r(&at, &tm))
		return OK;
	tm.tm_isdst = -1;
	if (ahead(t->text, &minutes))
		at += 60 * minutes;
	else if (clock_of(t->text, &tm) || day_and_clock(t->text, &tm))
		at = mktime(&tm);
	else if (!is_now(t->text))
		return OK;
	char *s = arena_alloc(t->arena, 32);
	if (!s || !gmtime_r(&at, &tm))
		return ERR_NOMEM;
	strftime(s, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	set_string(t, s);
	return OK;
}

/* Types that are typed otherwise than the wire writes them, and what to say when it failed. */
static const struct short_form {
	enum err (*spell_out)(struct typed *);
	const char *why;
} short_forms[FT_END] = {
	[FT_TEXT] = { typed_text, NULL },
	[FT_INT] = { typed_int, NULL },
	[FT_AREA] = { typed_int, NULL },
	[FT_BOOL] = { typed_bool, N_("Write yes or no.") },
	[FT_DATE] = { typed_date, N_("Write a date: 2026-03-01, today, or +30 for in 30 days.") },
	[FT_TIME] = { typed_time,
		N_("Write a time: 17:30, 1730, now, +30 for in 30 minutes, or 2026-03-01 17:30.") },
	[FT_CHOICE] = { typed_choice, N_("Choose one of the list, or type its number.") },
	[FT_AREAS] = { typed_list, N_("Write numbers with blanks between.") },
	[FT_IDS] = { typed_list, N_("Write numbers with blanks between.") },
};

static const char *without_blanks(struct arena *a, const char *s)
{
	s += strspn(s, " \n");
	size_t n = strlen(s);
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\n'))
		n--;
	return arena_strndup(a, s, n);
}

enum err validate_input(struct arena *a, const struct field *field, const char *typed,
	const char **text, const char **why)
{
	const struct short_form *form = &short_forms[field->type];
	struct typed t = { .arena = a, .field = field, .text = without_blanks(a, typed) };
	t.node = arena_alloc(a, sizeof(*t.node));
	if (!t.text || !t.node)
		return ERR_NOMEM;
	if (!*t.text) {
		*text = NULL;
		return OK;
	}
	set_string(&t, t.text);
	enum err err = form->spell_out ? form->spell_out(&t) : OK;
	if (err == OK)
		err = validate_value(a, field, t.node, text, why);
	if (err == ERR_INVALID && form->why)
		*why = form->why;
	return err;
}

void validate_wire(struct buf *b, const struct field *field, const char *text)
{
	if (!text)
		buf_puts(b, "null");
	else if (field->type == FT_BOOL || field->type == FT_AREA ||
		(field->type == FT_INT && !(field->flags & F_NUMBER)))
		buf_puts(b, text);
	else if (field->type == FT_ITEMS)
		buf_puts(b, text); /* JSON already */
	else if (field->type == FT_AREAS || field->type == FT_IDS)
		buf_printf(b, "[%.*s]", (int)strlen(text) - 2, text + 1); /* {1,2} becomes [1,2] */
	else
		buf_json_str(b, text);
}
