/*
 * golden.c - see golden.h.
 *
 * Not for: tests. Trap: an answer may still be on its way when a test looks, so the comparison is
 * repeated until it holds; only writing a new golden has to guess when the screen is still.
 */
#include "tests/screen/golden.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/text.h"
#include "tests/screen/desk.h"

enum { GOLDEN_BYTES = 1 << 16, TRY_MS = 20, STILL_MS = 600 };

/* Patterns of what a clock writes: 0 stands for a digit. Longer ones come first. */
static const struct { const char *shape, *neutral; } moments[] = {
	{"0000-00-00", "YYYY-MM-DD"}, {"00-00 00:00", "MM-DD hh:mm"}, {"00:00:00", "hh:mm:ss"}, {"00:00", "hh:mm"},
};

static bool has_shape(const char *text, const char *shape)
{
	for (; *shape != '\0'; shape++, text++)
		if (*shape == '0' ? !isdigit((unsigned char)*text) : *text != *shape)
			return false;
	return !isdigit((unsigned char)*text);
}

static void neutralise(char *row)
{
	for (char *p = row; *p != '\0'; p++) {
		if (p > row && isdigit((unsigned char)p[-1]))
			continue;
		for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
			if (has_shape(p, moments[i].shape))
				memcpy(p, moments[i].neutral, strlen(moments[i].neutral));
	}
}

static bool is_in(const struct golden_hole *hole, int row, int col)
{
	return hole != NULL && row >= hole->row && row < hole->row + hole->rows && col >= hole->col &&
		col < hole->col + hole->cols;
}

static void put_row(struct buf *out, const struct vt *vt, int row, const struct golden_hole *hole)
{
	struct buf text;

	buf_init(&text, GOLDEN_BYTES);
	for (int col = 0; col < vt_cols(vt); col++)
		buf_puts(&text, is_in(hole, row, col) ? " " : vt_cell(vt, row, col).text);
	while (text.len > 0 && text.data[text.len - 1] == ' ')
		text.data[--text.len] = '\0';
	neutralise(text.data);
	buf_printf(out, "%s\n", text.data);
	buf_done(&text);
}

static void put_screen(struct buf *out, const struct vt *vt, const struct golden_hole *hole)
{
	buf_reset(out);
	for (int row = 0; row < vt_rows(vt); row++)
		put_row(out, vt, row, hole);
}

static void read_golden(const char *path, struct buf *out)
{
	char bytes[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	while (f != NULL && (n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		buf_put(out, bytes, n);
	if (f != NULL)
		fclose(f);
}

static void write_golden(const char *path, const struct buf *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fwrite(text->data, 1, text->len, f) != text->len)
		fail_msg("%s cannot be written", path);
	fclose(f);
}

static void assert_frame(const struct vt *vt)
{
	static const char *const helps[] = {"? keys", "? 按键", "? 按鍵", "? phím"};
	const char *last = vt_row(vt, vt_rows(vt) - 1);
	bool ends = false;

	assert_int_equal(strncmp(vt_row(vt, 0), " Lodge", 6), 0);
	for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++)
		ends = ends || (strlen(last) > strlen(helps[i]) &&
			strcmp(last + strlen(last) - strlen(helps[i]), helps[i]) == 0);
	assert_true(ends);
}

/* Prints the rows that differ. */
static void say_difference(const char *wanted, const char *seen)
{
	while (*wanted != '\0' || *seen != '\0') {
		size_t w = strcspn(wanted, "\n"), s = strcspn(seen, "\n");

		if (w != s || strncmp(wanted, seen, w) != 0)
			print_error("-%.*s\n+%.*s\n", (int)w, wanted, (int)s, seen);
		wanted += w + (wanted[w] == '\n');
		seen += s + (seen[s] == '\n');
	}
}

void golden_see(struct vt *vt, const char *name, const struct golden_hole *hole)
{
	struct buf wanted, seen;
	char path[300];
	bool same = false;

	snprintf(path, sizeof(path), "%s/screen/golden/%s.txt", LODGE_TESTS, name);
	buf_init(&wanted, GOLDEN_BYTES);
	buf_init(&seen, GOLDEN_BYTES);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		vt_settle(vt, STILL_MS, SOON);
		put_screen(&seen, vt, hole);
		write_golden(path, &seen);
	}
	read_golden(path, &wanted);
	for (int i = 0; i < SOON / TRY_MS && !same; i++) {
		vt_settle(vt, TRY_MS, TRY_MS);
		put_screen(&seen, vt, hole);
		same = strcmp(wanted.data != NULL ? wanted.data : "", seen.data) == 0;
	}
	if (!same) {
		print_error("%s (UPDATE_GOLDEN=1 rewrites it):\n", path);
		say_difference(wanted.data != NULL ? wanted.data : "", seen.data);
		fail();
	}
	assert_frame(vt);
	buf_done(&wanted);
	buf_done(&seen);
}
