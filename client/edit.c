/*
 * edit.c - the editor of one field.
 *
 * Every insertion is normalised together with the clusters on both sides of it, so the text is NFC
 * after each key, whichever way an input method builds its letters. Not for: validation.
 * Trap: offsets are bytes and always at the start of a cluster; only next() and previous() make them.
 */
#include "client/edit.h"

#include <stdlib.h>
#include <string.h>

#include "client/tty.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/text.h"

enum {
	DEFAULT_CHARS = 4096,
	ASK_CHARS = 4096,    /* a paste longer than this is asked about */
	SCRATCH = 8 << 20,   /* for normalising; a paste is at most 1 MiB */
};

static struct arena *scratch; /* one for all editors, wiped after each use */

static size_t next(const struct edit *e, size_t i)
{
	uint32_t cp = 0;
	size_t used = text_decode(e->text + i, e->len - i, &cp);

	if (used == 0)
		return e->len;
	for (i += used; i < e->len; i += used) {
		used = text_decode(e->text + i, e->len - i, &cp);
		if (used == 0 || !text_is_mark(cp))
			break;
	}
	return i;
}

static size_t previous(const struct edit *e, size_t i)
{
	uint32_t cp = 0;

	while (i > 0) {
		i--;
		if (((unsigned char)e->text[i] & 0xc0) != 0x80 &&
				text_decode(e->text + i, e->len - i, &cp) > 0 && !text_is_mark(cp))
			break;
	}
	return i;
}

static int cells_between(const struct edit *e, size_t from, size_t to)
{
	char cluster[64];
	int cells = 0;

	for (size_t i = from, end; i < to; i = end) {
		end = next(e, i);
		if (e->secret) {
			cells++;
			continue;
		}
		if (end - i >= sizeof(cluster))
			continue;
		memcpy(cluster, e->text + i, end - i);
		cluster[end - i] = '\0';
		cells += cluster[0] == '\n' ? 0 : text_width(cluster);
	}
	return cells;
}

static bool make_room(struct edit *e, size_t len)
{
	size_t cap = len + 64;
	char *text;

	if (len + 1 <= e->cap)
		return true;
	text = malloc(cap);
	if (text == NULL)
		return false;
	memcpy(text, e->text, e->len + 1);
	explicit_bzero(e->text, e->cap);
	free(e->text);
	e->text = text;
	e->cap = cap;
	return true;
}

static void wipe_free(char **s)
{
	if (*s != NULL)
		explicit_bzero(*s, strlen(*s));
	free(*s);
	*s = NULL;
}

void edit_init(struct edit *e, int32_t max_chars, bool lines)
{
	*e = (struct edit){ .max_chars = max_chars > 0 ? max_chars : DEFAULT_CHARS, .lines = lines,
		.width = 1 };
	e->cap = 64;
	e->text = calloc(1, e->cap);
	if (e->text == NULL)
		abort(); /* 64 bytes: the process is past saving, and tty restores the terminal */
}

void edit_done(struct edit *e)
{
	if (e->text != NULL)
		explicit_bzero(e->text, e->cap);
	free(e->text);
	wipe_free(&e->killed);
	wipe_free(&e->paste);
	*e = (struct edit){ .max_chars = 0 };
}

/* Replaces the bytes from..to. */
static bool splice(struct edit *e, size_t from, size_t to, const char *bytes, size_t n)
{
	size_t len = e->len - (to - from) + n;

	if (!make_room(e, len))
		return false;
	memmove(e->text + from + n, e->text + to, e->len - to + 1);
	memcpy(e->text + from, bytes, n);
	if (len < e->len)
		explicit_bzero(e->text + len + 1, e->len - len);
	e->len = len;
	return true;
}

static size_t count_chars(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

/* Bytes of s that hold at most chars code points, ending between clusters. */
static size_t fitting(const char *s, size_t chars)
{
	struct edit view = { .text = (char *)(uintptr_t)s, .len = strlen(s) };
	size_t end = 0;

	while (end < view.len) {
		size_t stop = next(&view, end), count = count_chars(s + end, stop - end);

		if (count > chars)
			break;
		chars -= count;
		end = stop;
	}
	return end;
}

/* Inserts at the cursor what text_refuses() lets pass, normalised with the cluster before it; what
 * is over the limit stays out. (A mark behind the cursor's place cannot be: it belongs to the
 * cluster before.) */
static unsigned insert(struct edit *e, const char *bytes, size_t n)
{
	size_t from = previous(e, e->at), kept = e->at - from, fit, room;
	unsigned result = EDIT_USED;
	const char *joined, *why;
	char *raw;

	if (scratch == NULL)
		scratch = arena_new(SCRATCH);
	raw = scratch != NULL ? arena_alloc(scratch, kept + n) : NULL;
	if (raw == NULL)
		return EDIT_USED | EDIT_FULL;
	memcpy(raw, e->text + from, kept);
	memcpy(raw + kept, bytes, n);
	if (text_clean(scratch, raw, kept + n, e->lines, &joined, &why) != OK) {
		arena_reset(scratch);
		return EDIT_USED | EDIT_FULL; /* a mark too many, or one without a letter */
	}
	room = (size_t)e->max_chars - (text_chars(e->text) - count_chars(e->text + from, kept));
	fit = fitting(joined, room);
	if (joined[fit] != '\0')
		result |= EDIT_FULL;
	if (fit >= kept && (fit != kept || memcmp(joined, e->text + from, kept) != 0) &&
			splice(e, from, e->at, joined, fit)) {
		e->at = from + fit;
		result |= EDIT_CHANGED;
	}
	arena_reset(scratch);
	return result;
}

static unsigned insert_character(struct edit *e, uint32_t cp)
{
	char bytes[4];

	/* Joiners, selectors and the like are dropped: sequences fall apart into letters. */
	if (cp == 0xfffd || text_refuses(cp, e->lines) != NULL)
		return EDIT_USED;
	return insert(e, bytes, text_encode(cp, bytes));
}

/* Line ends and tabs become blanks, or line feeds in a note. */
static uint32_t fold_blank(const struct edit *e, uint32_t cp)
{
	if (cp == '\r' || cp == '\n')
		return e->lines ? '\n' : ' ';
	return cp == '\t' ? ' ' : cp;
}

/* A copy of a paste without anything that may not be stored; the caller frees it. */
static char *clean_paste(const struct edit *e, const char *text, size_t n)
{
	char *clean = malloc(n + 1);
	size_t len = 0, used;
	int marks = TEXT_MARKS_MAX;

	for (size_t i = 0; clean != NULL && i < n; i += used) {
		uint32_t cp = 0xfffd;

		used = text_decode(text + i, n - i, &cp);
		if (used == 0)
			used = 1;
		if (cp == '\r' && i + 1 < n && text[i + 1] == '\n')
			continue; /* one line end, not two */
		cp = fold_blank(e, cp);
		if (cp == 0xfffd || text_refuses(cp, e->lines) != NULL)
			continue;
		marks = text_is_mark(cp) ? marks + 1 : 0;
		if (marks <= TEXT_MARKS_MAX)
			len += text_encode(cp, clean + len);
	}
	if (clean != NULL)
		clean[len] = '\0';
	return clean;
}

static unsigned paste(struct edit *e, const char *text, size_t n)
{
	char *clean = clean_paste(e, text, n);
	unsigned result;

	if (clean == NULL)
		return EDIT_USED | EDIT_FULL;
	e->paste_chars = text_chars(clean);
	if (e->paste_chars > ASK_CHARS) {
		wipe_free(&e->paste);
		e->paste = clean;
		return EDIT_USED | EDIT_ASK;
	}
	result = insert(e, clean, strlen(clean));
	wipe_free(&clean);
	return result;
}

unsigned edit_take_paste(struct edit *e, bool yes)
{
	unsigned result = EDIT_USED;

	if (e->paste != NULL && yes)
		result = insert(e, e->paste, strlen(e->paste));
	wipe_free(&e->paste);
	return result;
}

unsigned edit_set(struct edit *e, const char *text)
{
	char *clean = clean_paste(e, text, strlen(text));
	unsigned result;

	if (clean == NULL)
		return EDIT_FULL;
	splice(e, 0, e->len, "", 0);
	e->at = e->left = 0;
	result = insert(e, clean, strlen(clean));
	wipe_free(&clean);
	return result;
}

static unsigned cut(struct edit *e, size_t from, size_t to, bool keep)
{
	if (from == to)
		return EDIT_USED;
	if (keep && !e->secret) {
		char *killed = strndup(e->text + from, to - from);

		wipe_free(&e->killed);
		e->killed = killed;
	}
	splice(e, from, to, "", 0);
	e->at = from;
	return EDIT_USED | EDIT_CHANGED;
}

static bool is_blank(const struct edit *e, size_t i)
{
	return e->text[i] == ' ' || e->text[i] == '\n' || strncmp(e->text + i, "\xe3\x80\x80", 3) == 0;
}

static size_t word_left(const struct edit *e)
{
	size_t i = e->at;

	while (i > 0 && is_blank(e, previous(e, i)))
		i = previous(e, i);
	while (i > 0 && !is_blank(e, previous(e, i)))
		i = previous(e, i);
	return i;
}

static size_t word_right(const struct edit *e)
{
	size_t i = e->at;

	while (i < e->len && is_blank(e, i))
		i = next(e, i);
	while (i < e->len && !is_blank(e, i))
		i = next(e, i);
	return i;
}

static size_t line_start(const struct edit *e)
{
	size_t i = e->at;

	while (i > 0 && e->text[i - 1] != '\n')
		i--;
	return i;
}

static size_t line_end(const struct edit *e)
{
	const char *feed = memchr(e->text + e->at, '\n', e->len - e->at);

	return feed != NULL ? (size_t)(feed - e->text) : e->len;
}

static unsigned move(struct edit *e, size_t to)
{
	e->at = to;
	return EDIT_USED;
}

static unsigned handle_ctrl(struct edit *e, uint32_t cp)
{
	switch (cp) {
	case 'a': return move(e, line_start(e));
	case 'e': return move(e, line_end(e));
	case 'b': return move(e, previous(e, e->at));
	case 'f': return move(e, e->at < e->len ? next(e, e->at) : e->at);
	case 'd': return cut(e, e->at, e->at < e->len ? next(e, e->at) : e->at, false);
	case 'k': return cut(e, e->at, line_end(e), true);
	case 'u': return cut(e, line_start(e), e->at, true);
	case 'w': return cut(e, word_left(e), e->at, true);
	case 'y': return e->killed != NULL ? insert(e, e->killed, strlen(e->killed)) : EDIT_USED;
	case 'o': return edit_newline(e);
	default: return EDIT_IGNORED;
	}
}

unsigned edit_newline(struct edit *e)
{
	return e->lines ? insert(e, "\n", 1) : EDIT_IGNORED;
}

/* Start of the screen line behind the one that starts at i; sets *end to where its text ends. */
static size_t next_line(const struct edit *e, size_t i, size_t *end)
{
	int cells = 0;

	while (i < e->len && e->text[i] != '\n') {
		int width = cells_between(e, i, next(e, i));

		if (cells + width > e->width)
			break;
		cells += width;
		i = next(e, i);
	}
	*end = i;
	return i < e->len && e->text[i] == '\n' ? i + 1 : i;
}

/* Number and start of the screen line that holds the cursor. */
static size_t cursor_line(const struct edit *e, size_t *start)
{
	size_t line = 0, end, i = 0;

	for (;; line++) {
		size_t following = next_line(e, i, &end);

		*start = i;
		if (e->at < following || following == i || (following == e->len && e->at <= end &&
				(e->len == 0 || e->text[e->len - 1] != '\n')))
			return line;
		i = following;
	}
}

/* One screen line up or down, keeping the column; EDIT_IGNORED at the ends: the form goes on. */
static unsigned move_line(struct edit *e, int step)
{
	size_t start, end, i = 0, line = cursor_line(e, &start);
	int column = cells_between(e, start, e->at);
	size_t goal = line + (size_t)step;

	if (!e->lines || (step < 0 && line == 0))
		return EDIT_IGNORED;
	for (size_t k = 0; k < goal; k++) {
		size_t following = next_line(e, i, &end);

		if (following == i || (following == e->len && e->text[e->len - 1] != '\n'))
			return EDIT_IGNORED;
		i = following;
	}
	next_line(e, i, &end);
	while (i < end && cells_between(e, i, next(e, i)) <= column) {
		column -= cells_between(e, i, next(e, i));
		i = next(e, i);
	}
	return move(e, i);
}

unsigned edit_handle(struct edit *e, const struct key *key)
{
	if (key->kind == K_TEXT)
		return insert_character(e, key->cp);
	if (key->kind == K_PASTE)
		return paste(e, key->text, key->len);
	if (key->kind == K_CTRL)
		return handle_ctrl(e, key->cp);
	if (key->kind == K_BACKSPACE)
		return cut(e, previous(e, e->at), e->at, false);
	if (key->kind == K_DELETE)
		return cut(e, e->at, e->at < e->len ? next(e, e->at) : e->at, false);
	if (key->kind == K_LEFT)
		return move(e, previous(e, e->at));
	if (key->kind == K_RIGHT)
		return move(e, e->at < e->len ? next(e, e->at) : e->at);
	if (key->kind == K_WORD_LEFT)
		return move(e, word_left(e));
	if (key->kind == K_WORD_RIGHT)
		return move(e, word_right(e));
	if (key->kind == K_HOME)
		return move(e, line_start(e));
	if (key->kind == K_END)
		return move(e, line_end(e));
	if (key->kind == K_UP || key->kind == K_DOWN)
		return move_line(e, key->kind == K_UP ? -1 : 1);
	return EDIT_IGNORED;
}

/* Copies clusters from i into a line of at most width cells; returns where it stopped. */
static size_t collect(const struct edit *e, size_t i, size_t stop, int width, struct buf *line)
{
	while (i < stop) {
		int cells = cells_between(e, i, next(e, i));

		if (cells > width)
			break;
		width -= cells;
		if (e->secret)
			buf_puts(line, "*");
		else
			buf_put(line, e->text + i, next(e, i) - i);
		i = next(e, i);
	}
	return i;
}

/* Chooses the first byte shown. Jumps by a third, so that typing at the edge seldom repaints all. */
static void scroll(struct edit *e, int width)
{
	int before;

	if (cells_between(e, 0, e->len) < width) {
		e->left = 0;
		return;
	}
	if (e->left > e->len || (e->left < e->len && ((unsigned char)e->text[e->left] & 0xc0) == 0x80))
		e->left = 0;
	before = e->left <= e->at ? cells_between(e, e->left, e->at) + (e->left > 0 ? 1 : 0) : -1;
	if (before >= 0 && before + (e->at < e->len ? 3 : 1) <= width && !(e->left > 0 && e->at == e->left))
		return;
	e->left = e->at;
	for (int back = 0; e->left > 0 && back < width * 2 / 3;) {
		size_t to = previous(e, e->left);

		back += cells_between(e, to, e->left);
		e->left = to;
	}
}

static void draw_line(struct edit *e, int row, int col, int width, bool focused)
{
	struct buf line;
	size_t stop;
	int marks;

	buf_init(&line, (size_t)width * 64 + 64);
	scroll(e, width);
	marks = e->left > 0 ? 1 : 0;
	if (marks > 0)
		buf_puts(&line, "<");
	stop = collect(e, e->left, e->len, width - marks, &line);
	if (stop < e->len) {
		buf_reset(&line);
		buf_puts(&line, marks > 0 ? "<" : "");
		stop = collect(e, e->left, e->len, width - marks - 1, &line);
		for (int used = marks + cells_between(e, e->left, stop); used < width - 1; used++)
			buf_puts(&line, " ");
		buf_puts(&line, ">");
	}
	tty_put(row, col, width, line.data, STYLE_FIELD);
	if (focused)
		tty_cursor(row, col + marks + cells_between(e, e->left, e->at));
	buf_done(&line);
}

static void draw_note(struct edit *e, int row, int col, int height, bool focused)
{
	size_t start, end, i = 0, line, at_line;
	struct buf text;

	at_line = cursor_line(e, &start);
	if (at_line < e->left)
		e->left = at_line;
	if (at_line >= e->left + (size_t)height)
		e->left = at_line - (size_t)height + 1;
	for (line = 0; line < e->left; line++)
		i = next_line(e, i, &end);
	buf_init(&text, (size_t)e->width * 64 + 64);
	for (int k = 0; k < height; k++) {
		size_t following = next_line(e, i, &end);

		buf_reset(&text);
		collect(e, i, end, e->width, &text);
		tty_put(row + k, col, e->width, text.data, STYLE_FIELD);
		i = following;
	}
	buf_done(&text);
	if (focused) {
		int column = cells_between(e, start, e->at);

		tty_cursor(row + (int)(at_line - e->left), col + (column < e->width ? column : e->width - 1));
	}
}

void edit_draw(struct edit *e, int row, int col, int width, int height, bool focused)
{
	e->width = width > 0 ? width : 1;
	if (e->lines)
		draw_note(e, row, col, height, focused);
	else
		draw_line(e, row, col, e->width, focused);
}
