/*
 * search_text.c - telephone numbers and codes, however they are typed.
 *
 * Not for: judging what was found. Trap: a guess from bare digits may mean several codes; all of
 * them are given, and whoever asks must drop them when more than one exists.
 */
#include "server/search_text.h"

#include <ctype.h>
#include <string.h>

#include "common/text.h"

enum {
	TAIL_MIN = 4,      /* fewer digits find half the estate */
	PARTED_MIN = 7,    /* 7-1203 is a unit: a number that is written in parts is a whole one */
	HEAD_MIN = 6,      /* area codes and networks are shared by too many */
	TAIL_LONG = 9,     /* of a number with a country code only so many are compared by the index */
	GUESS_MIN = 5, GUESS_MAX = 9,
	GROUPS_MAX = 4, GROUP_DIGITS = 6, NUMBER_DIGITS = 4, PART_DIGITS = 2,
};

/* --- telephones -------------------------------------------------------------------------- */

static char *digits_of(struct arena *arena, const char *text)
{
	char *digits = arena_strdup(arena, text), *to = digits;

	if (!digits)
		return NULL;
	for (const char *c = text; *c; c++)
		if (*c >= '0' && *c <= '9')
			*to++ = *c;
	*to = '\0';
	return digits;
}

/* "<" and the last n digits, from the end on. */
static char *tail_of(struct arena *arena, const char *digits, size_t n)
{
	char *tail = arena_alloc(arena, n + 2);
	size_t len = strlen(digits);

	if (!tail)
		return NULL;
	tail[0] = SEARCH_TAIL;
	for (size_t i = 0; i < n; i++)
		tail[i + 1] = digits[len - 1 - i];
	return tail;
}

enum err search_phone_keys(struct arena *arena, const char *phone, const char *keys[PHONE_KEYS_MAX],
	size_t *n)
{
	const char *digits = digits_of(arena, phone), *tail;

	*n = 0;
	if (!digits)
		return ERR_NOMEM;
	if (!*digits)
		return OK;
	tail = tail_of(arena, digits, strlen(digits));
	if (!tail)
		return ERR_NOMEM;
	keys[(*n)++] = digits;
	keys[(*n)++] = tail;
	return OK;
}

enum err search_phone(struct arena *arena, const char *folded, struct search_phone *out)
{
	const char *digits = digits_of(arena, folded);
	size_t len;

	*out = (struct search_phone){.digits = NULL};
	if (!digits)
		return ERR_NOMEM;
	len = strlen(digits);
	if (folded[strspn(folded, "0123456789 +-./()")] || len < (len == strlen(folded) ? TAIL_MIN : PARTED_MIN))
		return OK;
	out->tail = tail_of(arena, digits, len > TAIL_LONG ? TAIL_LONG : len);
	if (!out->tail)
		return ERR_NOMEM;
	out->digits = digits;
	out->head = len >= HEAD_MIN ? digits : NULL;
	return OK;
}

/* --- codes ------------------------------------------------------------------------------- */

/* Words that stand beside the numbers of an address; they say nothing that the order does not. */
static const char *const address_words[] = {
	"栋", "幢", "座", "号", "楼", "单元", "室", "房", "层", "户", "棟", "號", "樓", "單元", "層", "戶",
	"unit", "flat", "apt", "room", "block", "building", "tower", "căn", "hộ", "can", "ho", "tòa", "toà", "toa",
	"nhà", "nha", "phòng", "phong", "tầng", "tang", "lầu", "lau", "no", "file", "hồ", "sơ", "档案", "檔案",
};

struct groups {
	char digits[GROUPS_MAX][GROUP_DIGITS + 1];
	size_t n;
};

static size_t word_len(const char *text)
{
	size_t best = 0;

	for (size_t i = 0; i < NITEMS(address_words); i++) {
		size_t len = strlen(address_words[i]);

		if (len > best && strncmp(text, address_words[i], len) == 0)
			best = len;
	}
	return best;
}

/* The numbers of an address; false when the text holds anything else. */
static bool groups_read(const char *text, struct groups *groups)
{
	*groups = (struct groups){.n = 0};
	while (*text) {
		size_t digits = strspn(text, "0123456789"), skip;

		if (digits > GROUP_DIGITS || (digits && groups->n == GROUPS_MAX))
			return false;
		if (digits) {
			memcpy(groups->digits[groups->n++], text, digits);
			text += digits;
			continue;
		}
		skip = strspn(text, " -/.,#_:()");
		if (!skip)
			skip = word_len(text);
		if (!skip)
			return false;
		text += skip;
	}
	return groups->n > 0;
}

static const char *no_zeros(const char *digits)
{
	while (digits[0] == '0' && digits[1])
		digits++;
	return digits;
}

/* Zeros that bring the digits to so many. */
static const char *zeros(const char *digits, size_t wanted)
{
	size_t len = strlen(digits);

	return len < wanted ? &"000000"[GROUP_DIGITS - (wanted - len)] : "";
}

static bool spell(struct search_code *out, const char *code)
{
	if (!code || out->nspellings == CODE_SPELLINGS_MAX)
		return code != NULL;
	for (size_t i = 0; i < out->nspellings; i++)
		if (strcmp(out->spellings[i], code) == 0)
			return true;
	out->spellings[out->nspellings++] = code;
	return true;
}

/* Building, number, file; or building, floor, room, file. A number has four digits, its parts two. */
static bool spell_groups(struct arena *arena, const struct groups *g, struct search_code *out)
{
	const char *a = no_zeros(g->digits[0]), *b = g->digits[1], *c = g->digits[2], *d = g->digits[3];
	const char *number = zeros(b, NUMBER_DIGITS), *floor = zeros(b, PART_DIGITS), *room = zeros(c, PART_DIGITS);

	if (g->n == 2)
		return spell(out, arena_printf(arena, "%s-%s%s", a, number, b));
	if (g->n == 3)
		return spell(out, arena_printf(arena, "%s-%s%s/%s", a, number, b, no_zeros(c))) &&
			spell(out, arena_printf(arena, "%s-%s%s%s%s", a, floor, b, room, c));
	if (g->n == 4)
		return spell(out, arena_printf(arena, "%s-%s%s%s%s/%s", a, floor, b, room, c, no_zeros(d)));
	return true;
}

/* Bare digits: a stroke anywhere, and a slash anywhere behind it. */
static bool spell_guess(struct arena *arena, const char *digits, struct search_code *out)
{
	int len = (int)strlen(digits);

	out->is_guess = true;
	for (int i = 1; i < len; i++)
		if (!spell(out, arena_printf(arena, "%.*s-%s", i, digits, digits + i)))
			return false;
	for (int i = 1; i < len; i++)
		for (int k = i + 1; k < len; k++)
			if (!spell(out, arena_printf(arena, "%.*s-%.*s/%s", i, digits, k - i, digits + i, digits + k)))
				return false;
	return true;
}

/* Dashes of every kind are one. */
static char *one_dash(struct arena *arena, const char *text)
{
	static const char *const dashes[] = {"‐", "‑", "‒", "–", "—", "―", "−", "﹣", "ー"};
	char *out = arena_alloc(arena, strlen(text) + 1), *to = out;

	while (out && *text) {
		size_t skip = 0;

		for (size_t i = 0; i < NITEMS(dashes) && !skip; i++)
			if (strncmp(text, dashes[i], strlen(dashes[i])) == 0)
				skip = strlen(dashes[i]);
		*to++ = skip ? '-' : *text;
		text += skip ? skip : 1;
	}
	return out;
}

static const char *upper(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; c && *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return copy;
}

enum err search_code(struct arena *arena, const char *folded, struct search_code *out)
{
	const char *text = one_dash(arena, folded);
	struct groups groups;
	bool fine;
	size_t len;

	*out = (struct search_code){.nspellings = 0};
	if (!text)
		return ERR_NOMEM;
	len = strlen(text);
	if (len >= GUESS_MIN && len <= GUESS_MAX && strspn(text, "0123456789") == len)
		return spell_guess(arena, text, out) ? OK : ERR_NOMEM;
	fine = spell(out, text) && spell(out, upper(arena, text));
	if (fine && groups_read(text, &groups))
		fine = spell_groups(arena, &groups, out);
	return fine ? OK : ERR_NOMEM;
}
