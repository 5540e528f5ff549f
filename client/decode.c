/*
 * decode.c - the terminal's bytes taken apart.
 *
 * One function per kind of beginning; each says how many bytes it used, and fills in the key when
 * they mean one. Not for: timing policy beyond "quiet for delay_ms".
 * Trap: USED_WAIT must never be answered once the input is quiet, or the client would hang on a
 * cut sequence until the next key.
 */
#include "client/decode.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

enum {
	BURST_BIT = 0x100,
	STRING_MAX = 4096,
	USED_WAIT = 0,  /* more bytes are needed */
};

struct sequence {
	char final;
	int number; /* first parameter of "CSI number ~", else 0 */
	enum key_kind kind;
};

/* CSI and SS3 share their letters; "ESC [ [ A" of the Linux console comes as final '[' below. */
static const struct sequence sequences[] = {
	{'A', 0, K_UP}, {'B', 0, K_DOWN}, {'C', 0, K_RIGHT}, {'D', 0, K_LEFT},
	{'H', 0, K_HOME}, {'F', 0, K_END}, {'Z', 0, K_BACKTAB}, {'M', 0, K_ENTER},
	{'P', 0, K_F1}, {'Q', 0, K_F2}, {'R', 0, K_F3}, {'S', 0, K_F4},
	{'d', 0, K_WORD_LEFT}, {'c', 0, K_WORD_RIGHT},
	{'~', 1, K_HOME}, {'~', 2, K_INSERT}, {'~', 3, K_DELETE}, {'~', 4, K_END},
	{'~', 5, K_PGUP}, {'~', 6, K_PGDN}, {'~', 7, K_HOME}, {'~', 8, K_END},
	{'~', 11, K_F1}, {'~', 12, K_F2}, {'~', 13, K_F3}, {'~', 14, K_F4}, {'~', 15, K_F5},
	{'~', 17, K_F6}, {'~', 18, K_F7}, {'~', 19, K_F8}, {'~', 20, K_F9}, {'~', 21, K_F10},
	{'~', 23, K_F11}, {'~', 24, K_F12},
};

static const char paste_begin[] = "\033[200~", paste_end[] = "\033[201~";

void decode_init(struct decode *d, int delay_ms)
{
	*d = (struct decode){ .delay_ms = delay_ms };
}

static void drop_paste(struct decode *d)
{
	if (d->paste != NULL)
		explicit_bzero(d->paste, strlen(d->paste));
	free(d->paste);
	d->paste = NULL;
}

void decode_done(struct decode *d)
{
	drop_paste(d);
	if (d->ring != NULL)
		explicit_bzero(d->ring, d->cap * sizeof(*d->ring));
	free(d->ring);
	*d = (struct decode){ .delay_ms = d->delay_ms };
}

void decode_learn(struct decode *d, const char *bytes, enum key_kind kind)
{
	size_t n = strlen(bytes);

	/* A single byte would shadow a letter or a control key. */
	if (n < 2 || n > sizeof(d->learned[0].bytes) || d->nlearned == DECODE_LEARNED)
		return;
	memcpy(d->learned[d->nlearned].bytes, bytes, n);
	d->learned[d->nlearned].len = n;
	d->learned[d->nlearned].kind = kind;
	d->nlearned++;
}

size_t decode_room(const struct decode *d)
{
	return DECODE_MAX - d->len;
}

static unsigned char at(const struct decode *d, size_t i)
{
	return (unsigned char)(d->ring[d->start + i] & 0xff);
}

static bool is_lead(unsigned char c)
{
	return c >= 0x20 && c != 0x7f && (c & 0xc0) != 0x80;
}

/* Marks runs of characters too long for fingers among the bytes from..len. */
static void mark_bursts(struct decode *d, size_t from)
{
	size_t start = from, count = 0;

	for (size_t i = from; i <= d->len; i++) {
		bool inside = i < d->len && at(d, i) >= 0x20 && at(d, i) != 0x7f;

		if (inside) {
			count += is_lead(at(d, i)) ? 1 : 0;
			continue;
		}
		if (count > DECODE_BURST)
			for (size_t k = start; k < i; k++)
				d->ring[d->start + k] |= BURST_BIT;
		start = i + 1;
		count = 0;
	}
}

/* Room for n more bytes behind those queued. */
static bool make_room(struct decode *d, size_t n)
{
	size_t cap = (d->len + n) * 2 + 256;
	uint16_t *ring;

	if (d->start + d->len + n <= d->cap)
		return true;
	ring = malloc(cap * sizeof(*ring));
	if (ring == NULL)
		return false;
	if (d->ring != NULL) {
		memcpy(ring, d->ring + d->start, d->len * sizeof(*ring));
		explicit_bzero(d->ring, d->cap * sizeof(*d->ring));
	}
	free(d->ring);
	d->ring = ring;
	d->cap = cap;
	d->start = 0;
	return true;
}

void decode_feed(struct decode *d, const char *bytes, size_t n, int64_t now_ms)
{
	size_t from = d->len;

	if (n > decode_room(d))
		n = decode_room(d);
	if (!make_room(d, n))
		return;
	for (size_t i = 0; i < n; i++)
		d->ring[d->start + d->len++] = (unsigned char)bytes[i];
	d->fed = now_ms;
	mark_bursts(d, from);
}

static void consume(struct decode *d, size_t n)
{
	explicit_bzero(d->ring + d->start, n * sizeof(*d->ring));
	d->len -= n;
	d->start = d->len > 0 ? d->start + n : 0;
}

static bool quiet(const struct decode *d, int64_t now_ms)
{
	return now_ms - d->fed >= d->delay_ms;
}

static bool starts_with(const struct decode *d, size_t from, const char *bytes, size_t n)
{
	if (from + n > d->len)
		return false;
	for (size_t i = 0; i < n; i++)
		if (at(d, from + i) != (unsigned char)bytes[i])
			return false;
	return true;
}

/* A cut sequence: waits while it may go on, else swallows it whole. */
static size_t cut(const struct decode *d, size_t n, bool is_quiet)
{
	return is_quiet ? (n < d->len ? n : d->len) : USED_WAIT;
}

static enum key_kind find_sequence(char final, int number, int modifier)
{
	enum key_kind kind = K_UNSET;

	for (size_t i = 0; i < NITEMS(sequences); i++)
		if (sequences[i].final == final && (final != '~' || sequences[i].number == number))
			kind = sequences[i].kind;
	/* Modifiers are 1 + a bit set: 2 = Alt, 4 = Ctrl. */
	if (modifier > 1 && ((modifier - 1) & 6) != 0) {
		if (kind == K_LEFT)
			return K_WORD_LEFT;
		if (kind == K_RIGHT)
			return K_WORD_RIGHT;
	}
	return kind;
}

/* ESC [ or ESC O, parameters, intermediates, final. */
static size_t take_csi(const struct decode *d, bool is_quiet, struct key *out)
{
	int numbers[2] = {0, 0}, n = 0;
	size_t i = 2;

	if (starts_with(d, 0, "\033[[", 3)) {
		if (d->len < 4)
			return cut(d, 4, is_quiet);
		if (at(d, 3) >= 'A' && at(d, 3) <= 'E')
			out->kind = (enum key_kind)(K_F1 + (at(d, 3) - 'A'));
		return 4;
	}
	for (; i < d->len && at(d, i) >= 0x20 && at(d, i) < 0x40; i++) {
		if (at(d, i) == ';')
			n++;
		else if (at(d, i) >= '0' && at(d, i) <= '9' && n < 2 && numbers[n] < 1000)
			numbers[n] = numbers[n] * 10 + (at(d, i) - '0');
	}
	if (i == d->len)
		return i < STRING_MAX ? cut(d, i, is_quiet) : i;
	if (at(d, i) < 0x40 || at(d, i) > 0x7e)
		return i; /* broken off by a control: the control is read next */
	if (at(d, 1) == '[' && at(d, i) == 'M' && i == 2) /* old mouse report: three more bytes */
		return d->len >= 6 ? 6 : cut(d, 6, is_quiet);
	if (at(d, 1) == 'O' && at(d, i) >= 'j' && at(d, i) <= 'y') { /* keypad */
		out->kind = K_TEXT;
		out->cp = (uint32_t)at(d, i) - 0x40;
		return i + 1;
	}
	/* Answers of terminals have a private mark, or end with letters that keys use only behind
	 * ESC O (keypad Enter, arrows of rxvt). */
	if ((d->len > 2 && at(d, 2) >= '<' && at(d, 2) <= '?') ||
			(at(d, 1) == '[' && strchr("Mcd", at(d, i)) != NULL))
		return i + 1;
	out->kind = find_sequence((char)at(d, i), numbers[0], n > 0 ? numbers[1] : 0);
	return i + 1;
}

/* Operating-system and device strings: an answer nobody asked for. */
static size_t take_string(const struct decode *d, bool is_quiet)
{
	for (size_t i = 2; i < d->len; i++) {
		if (at(d, i) == 0x07)
			return i + 1;
		if (at(d, i) == 0x1b && i + 1 < d->len && at(d, i + 1) == '\\')
			return i + 2;
		if (i >= STRING_MAX)
			return i;
	}
	return cut(d, d->len, is_quiet);
}

/* One character; incomplete ones wait, broken ones become U+FFFD, which no field takes. */
static size_t take_character(const struct decode *d, size_t from, bool is_quiet, struct key *out)
{
	char bytes[4];
	size_t have = d->len - from < 4 ? d->len - from : 4, used, want;
	unsigned char lead = at(d, from);

	for (size_t i = 0; i < have; i++)
		bytes[i] = (char)at(d, from + i);
	used = text_decode(bytes, have, &out->cp);
	want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
	if (used == 0 && have < want) {
		bool hopeful = lead <= 0xf4;

		for (size_t i = 1; i < have; i++)
			hopeful = hopeful && ((unsigned char)bytes[i] & 0xc0) == 0x80;
		if (hopeful && !is_quiet)
			return USED_WAIT;
	}
	if (used == 0) {
		out->cp = 0xfffd;
		used = 1;
	}
	if (out->cp >= 0x80 && out->cp < 0xa0)
		return used; /* C1 controls say nothing here */
	out->kind = K_TEXT;
	out->burst = (d->ring[d->start + from] & BURST_BIT) != 0;
	return used;
}

static size_t take_learned(const struct decode *d, struct key *out)
{
	for (size_t i = 0; i < d->nlearned; i++)
		if (starts_with(d, 0, d->learned[i].bytes, d->learned[i].len)) {
			out->kind = d->learned[i].kind;
			return d->learned[i].len;
		}
	return 0;
}

static size_t take_escape(const struct decode *d, bool is_quiet, struct key *out)
{
	size_t used = take_learned(d, out);
	unsigned char next;

	if (used > 0)
		return used;
	if (d->len == 1) {
		if (is_quiet)
			out->kind = K_ESC;
		return is_quiet ? 1 : USED_WAIT;
	}
	next = at(d, 1);
	if (next == '[' || next == 'O')
		return take_csi(d, is_quiet, out);
	if (next == ']' || next == 'P' || next == 'X' || next == '^' || next == '_')
		return take_string(d, is_quiet);
	if (next == 0x1b) {
		if (d->len == 2 && !is_quiet)
			return USED_WAIT;
		out->kind = K_ESC; /* twice in a row is once back, unless a sequence follows */
		return d->len > 2 && (at(d, 2) == '[' || at(d, 2) == 'O') ? 1 : 2;
	}
	if (next < 0x20 || next == 0x7f) {
		out->kind = K_ESC;
		return 1;
	}
	used = take_character(d, 1, is_quiet, out);
	if (out->kind == K_TEXT)
		out->kind = K_ALT;
	return used == USED_WAIT ? USED_WAIT : used + 1;
}

static size_t take_control(const struct decode *d, struct key *out)
{
	unsigned char c = at(d, 0);

	if (c == '\r' || c == '\n')
		out->kind = K_ENTER;
	else if (c == '\t')
		out->kind = K_TAB;
	else if (c == 0x08 || c == 0x7f)
		out->kind = K_BACKSPACE;
	else if (c >= 1 && c <= 26) {
		out->kind = K_CTRL;
		out->cp = (uint32_t)c - 1 + 'a';
	}
	return 1;
}

/* Moves n bytes of paste into text, without any bracket marks that it holds. */
static bool keep_paste(struct decode *d, size_t n, struct key *out)
{
	size_t len = 0;

	drop_paste(d);
	d->paste = malloc(n + 1);
	if (d->paste == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (starts_with(d, i, paste_begin, 6) || starts_with(d, i, paste_end, 6))
			i += 5;
		else if (at(d, i) != 0)
			d->paste[len++] = (char)at(d, i);
	}
	d->paste[len] = '\0';
	out->kind = K_PASTE;
	out->text = d->paste;
	out->len = len;
	return true;
}

static bool take_paste(struct decode *d, int64_t now_ms, struct key *out)
{
	size_t end = d->len, i = d->len;
	bool ended = false, taken;

	if (!quiet(d, now_ms) && decode_room(d) > 0)
		return false;
	while (i > 0 && !ended) {
		i--;
		ended = starts_with(d, i, paste_end, 6);
	}
	if (ended)
		end = i;
	else if (decode_room(d) > 0 && now_ms - d->fed < 40 * d->delay_ms)
		return false; /* a slow link: the rest is on its way */
	taken = keep_paste(d, end, out);
	consume(d, ended ? end + 6 : end);
	d->in_paste = !ended && now_ms - d->fed < 40 * d->delay_ms;
	return taken;
}

bool decode_next(struct decode *d, int64_t now_ms, struct key *out)
{
	while (d->in_paste || d->len > 0) {
		bool is_quiet = quiet(d, now_ms);
		size_t used;
		unsigned char first;

		*out = (struct key){ .kind = K_UNSET };
		if (d->in_paste)
			return take_paste(d, now_ms, out);
		if (starts_with(d, 0, paste_begin, 6)) {
			consume(d, 6);
			d->in_paste = true;
			continue;
		}
		first = at(d, 0);
		if (first == '\n' && d->after_cr)
			used = 1; /* CR LF, as scanners end a line, is one Enter */
		else if (at(d, 0) == 0x1b)
			used = take_escape(d, is_quiet, out);
		else if (at(d, 0) < 0x20 || at(d, 0) == 0x7f)
			used = take_control(d, out);
		else
			used = take_character(d, 0, is_quiet, out);
		if (used == USED_WAIT)
			return false;
		d->after_cr = first == '\r';
		consume(d, used);
		if (out->kind != K_UNSET)
			return true;
	}
	return false;
}

int decode_wait(const struct decode *d, int64_t now_ms)
{
	int64_t left = d->fed + d->delay_ms - now_ms;

	if (d->len == 0 && !d->in_paste)
		return -1;
	if (left <= 0) /* quiet already: only a paste without its end still waits */
		left = d->in_paste ? d->fed + 40 * (int64_t)d->delay_ms - now_ms : 0;
	return left > 0 ? (int)left : 0;
}

bool decode_ends_with_escape(const struct decode *d, int64_t now_ms)
{
	return d->len > 0 && !d->in_paste && at(d, d->len - 1) == 0x1b && quiet(d, now_ms);
}

/* The digits from i on; i is then behind them. */
static int number_at(const struct decode *d, size_t *i)
{
	int n = 0;

	for (; *i < d->len && at(d, *i) >= '0' && at(d, *i) <= '9' && n < 10000; ++*i)
		n = n * 10 + at(d, *i) - '0';
	return n;
}

/* The end of an answer that begins at i; 0 when there is none. */
static size_t answer_end(const struct decode *d, size_t i, int first, char final, int *second)
{
	if (i + 3 >= d->len || at(d, i) != '\033' || at(d, i + 1) != '[')
		return 0;
	i += 2;
	if (number_at(d, &i) != first)
		return 0;
	*second = 0;
	if (i < d->len && at(d, i) == ';') {
		i++;
		*second = number_at(d, &i);
	}
	return i < d->len && at(d, i) == (unsigned char)final ? i + 1 : 0;
}

bool decode_take_answer(struct decode *d, int first, char final, int *second)
{
	for (size_t i = 0; i < d->len; i++) {
		size_t end = answer_end(d, i, first, final, second);

		if (end == 0)
			continue;
		for (size_t k = end; k < d->len; k++)
			d->ring[d->start + i + k - end] = d->ring[d->start + k];
		d->len -= end - i;
		return true;
	}
	return false;
}
