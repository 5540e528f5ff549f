/*
 * text.c - strict UTF-8, the hygiene rule, NFC, widths, cutting.
 *
 * The rule: one code point at a time is judged by its Unicode category, so that the whole class of
 * invisible format characters is refused and not a list that ages. Not for: lengths of fields.
 * Trap: marks are counted after NFC, because a decomposed Vietnamese letter carries two that
 * composition takes away.
 */
#include "common/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

static const char replacement[] = "\xef\xbf\xbd";

size_t text_decode(const char *s, size_t n, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)s;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (n == 0)
		return 0;
	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	size_t len = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
	if (u[0] < 0xc2 || u[0] > 0xf4 || len > n)
		return 0;
	uint32_t c = u[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return len;
}

size_t text_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)cp, bytes);
	memcpy(out, bytes, (size_t)n);
	return (size_t)n;
}

/* Fillers and selectors that draw nothing but belong to letter or mark categories. */
static bool is_hidden(uint32_t cp)
{
	return cp == 0x034f || cp == 0x115f || cp == 0x1160 || cp == 0x17b4 || cp == 0x17b5 ||
		(cp >= 0x180b && cp <= 0x180f) || cp == 0x2065 || cp == 0x3164 || cp == 0xffa0 ||
		(cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xfff0 && cp <= 0xfff8) ||
		(cp >= 0xe0000 && cp <= 0xe0fff);
}

static bool is_noncharacter(uint32_t cp)
{
	return (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
}

static bool is_direction(uint32_t cp)
{
	return cp == 0x061c || cp == 0x200e || cp == 0x200f || (cp >= 0x202a && cp <= 0x202e) ||
		(cp >= 0x2066 && cp <= 0x2069);
}

const char *text_refuses(uint32_t cp, bool lines)
{
	if (cp == '\n' && lines)
		return NULL;
	if (is_direction(cp))
		return N_("Characters that turn the writing direction are not allowed.");
	if (is_hidden(cp))
		return N_("Invisible characters are not allowed.");
	if (is_noncharacter(cp))
		return N_("The text holds something that is no character.");
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_CC:
		return cp == '\n' ? N_("Line breaks are not allowed here.") :
			N_("Control characters are not allowed.");
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return N_("Invisible characters are not allowed.");
	case UTF8PROC_CATEGORY_CO:
		return N_("Private characters, which look different everywhere, are not allowed.");
	case UTF8PROC_CATEGORY_CS:
		return N_("The text holds something that is no character.");
	default: /* a letter, digit, mark, sign or blank, or newer than our tables */
		return NULL;
	}
}

bool text_is_mark(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME || c == UTF8PROC_CATEGORY_MC;
}

static const char *refuse_any(const char *in, size_t n, bool lines)
{
	uint32_t cp = 0;
	size_t step;
	for (size_t i = 0; i < n; i += step) {
		if (!(step = text_decode(in + i, n - i, &cp)))
			return N_("The text is not valid UTF-8.");
		const char *why = text_refuses(cp, lines);
		if (why)
			return why;
	}
	return NULL;
}

static const char *refuse_marks(const char *s)
{
	uint32_t cp = 0;
	size_t step, left = strlen(s);
	int marks = TEXT_MARKS_MAX; /* none may stand at the start of a line */
	for (; (step = text_decode(s, left, &cp)); s += step, left -= step) {
		if (!text_is_mark(cp))
			marks = cp == '\n' ? TEXT_MARKS_MAX : 0;
		else if (++marks > TEXT_MARKS_MAX)
			return N_("Too many marks on one letter, or a mark without a letter.");
	}
	return NULL;
}

enum err text_clean(struct arena *a, const char *in, size_t n, bool lines, const char **out,
	const char **why)
{
	const char *refused = refuse_any(in, n, lines);
	if (refused) {
		*why = refused;
		return ERR_INVALID;
	}
	utf8proc_uint8_t *nfc = NULL;
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)in, (utf8proc_ssize_t)n, &nfc,
		UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (len < 0)
		return ERR_NOMEM;
	char *clean = arena_strndup(a, (const char *)nfc, (size_t)len);
	explicit_bzero(nfc, (size_t)len);
	free(nfc);
	if (!clean)
		return ERR_NOMEM;
	refused = refuse_marks(clean);
	if (refused) {
		*why = refused;
		return ERR_INVALID;
	}
	*out = clean;
	return OK;
}

size_t text_chars(const char *s)
{
	size_t chars = 0, left = strlen(s);
	uint32_t cp = 0;
	while (left) {
		size_t step = text_decode(s, left, &cp);
		if (!step)
			step = 1;
		s += step;
		left -= step;
		chars++;
	}
	return chars;
}

/* One character as it is drawn: its bytes (U+FFFD for what may not be shown) and cells. */
struct glyph {
	const char *bytes;
	size_t len, step; /* bytes drawn; bytes of the source it stands for */
	int cells;
};

static struct glyph next_glyph(const char *s, size_t n)
{
	uint32_t cp = 0;
	struct glyph g = { .bytes = s, .cells = 1 };
	g.step = g.len = text_decode(s, n, &cp);
	if (!g.step || text_refuses(cp, false)) {
		g.bytes = replacement;
		g.len = sizeof(replacement) - 1;
		if (!g.step)
			g.step = 1;
	} else {
		int w = wcwidth((wchar_t)cp);
		g.cells = w >= 0 ? w : text_is_mark(cp) ? 0 : 1;
	}
	return g;
}

int text_width(const char *s)
{
	int cells = 0;
	size_t left = strlen(s);
	while (left) {
		struct glyph g = next_glyph(s, left);
		cells += g.cells;
		s += g.step;
		left -= g.step;
	}
	return cells;
}

struct sink {
	char *dst;
	size_t len, cap;
};

static bool sink_put(struct sink *k, const char *p, size_t n)
{
	if (n >= k->cap - k->len)
		return false;
	memcpy(k->dst + k->len, p, n);
	k->len += n;
	return true;
}

size_t text_fit(char *dst, size_t cap, const char *s, int cells)
{
	struct sink sink = { .dst = dst, .cap = cap };
	if (cap == 0)
		return 0;
	bool is_cut = text_width(s) > cells;
	int room = is_cut ? cells - 1 : cells, used = 0;
	size_t left = strlen(s);
	while (left) {
		struct glyph g = next_glyph(s, left);
		if (g.cells > room - used || !sink_put(&sink, g.bytes, g.len))
			break;
		used += g.cells;
		s += g.step;
		left -= g.step;
	}
	while (used < room && sink_put(&sink, " ", 1))
		used++;
	if (is_cut && cells > 0)
		sink_put(&sink, "~", 1);
	dst[sink.len] = '\0';
	return sink.len;
}

static void put_unit(struct buf *b, uint32_t unit)
{
	buf_printf(b, "\\u%04x", (unsigned)unit);
}

void text_safe(struct buf *b, const char *s)
{
	uint32_t cp = 0;
	for (size_t left = strlen(s), step; left; s += step, left -= step) {
		step = text_decode(s, left, &cp);
		if (!step) {
			put_unit(b, 0xfffd);
			step = 1;
		} else if (cp == '"' || cp == '\\') {
			buf_put(b, (char[]){ '\\', (char)cp }, 2);
		} else if (cp == '\n') {
			buf_puts(b, "\\n");
		} else if (!text_refuses(cp, false)) {
			buf_put(b, s, step);
		} else if (cp < 0x10000) {
			put_unit(b, cp);
		} else {
			put_unit(b, 0xd800 + ((cp - 0x10000) >> 10));
			put_unit(b, 0xdc00 + ((cp - 0x10000) & 0x3ff));
		}
	}
}

/* Đ is a letter of its own to Unicode, not a D with a mark. */
static void put_folded(struct buf *b, const char *s)
{
	const char *stroke;

	while ((stroke = strstr(s, "\xc4\x91")) != NULL) {
		buf_put(b, s, (size_t)(stroke - s));
		buf_puts(b, "d");
		s = stroke + 2;
	}
	buf_puts(b, s);
}

void text_fold(struct buf *b, const char *s)
{
	utf8proc_uint8_t *folded = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &folded, UTF8PROC_NULLTERM | UTF8PROC_STABLE |
			UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK) < 0) {
		buf_puts(b, s);
		return;
	}
	put_folded(b, (const char *)folded);
	explicit_bzero(folded, strlen((const char *)folded));
	free(folded);
}

bool text_holds(const char *s, const char *folded)
{
	struct buf b;
	bool found;

	buf_init(&b, 64 * 1024);
	text_fold(&b, s);
	found = strstr(b.data, folded) != NULL;
	buf_done(&b);
	return found;
}
