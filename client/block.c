/*
 * block.c - see block.h.
 *
 * A letter is five rows of dots in a table; its marks come from the decomposed character. Not for: small letters.
 * Trap: the rows of one shape must be equally long, or the letters behind it shift (a unit test asks).
 */
#include "client/block.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "common/book.h"
#include "common/text.h"

enum { ABOVE = 0, FIRST = 1, HEIGHT = 5, BELOW = 6, SCALE_MOST = 2, D_WITH_STROKE = 0x110 };

static const struct shape {
	uint32_t letter;
	const char *dots[HEIGHT];
} shapes[] = {
	{' ', {"  ", "  ", "  ", "  ", "  "}},
	{'!', {"#", "#", "#", " ", "#"}},
	{'?', {"### ", "   #", " ## ", "    ", " #  "}},
	{'<', {"  #", " # ", "#  ", " # ", "  #"}},
	{'>', {"#  ", " # ", "  #", " # ", "#  "}},
	{'A', {" ## ", "#  #", "####", "#  #", "#  #"}},
	{'B', {"### ", "#  #", "### ", "#  #", "### "}},
	{'C', {" ###", "#   ", "#   ", "#   ", " ###"}},
	{'D', {"### ", "#  #", "#  #", "#  #", "### "}},
	{D_WITH_STROKE, {" ### ", " #  #", "### #", " #  #", " ### "}},
	{'E', {"####", "#   ", "### ", "#   ", "####"}},
	{'F', {"####", "#   ", "### ", "#   ", "#   "}},
	{'G', {" ###", "#   ", "# ##", "#  #", " ###"}},
	{'H', {"#  #", "#  #", "####", "#  #", "#  #"}},
	{'I', {"#", "#", "#", "#", "#"}},
	{'J', {"  ##", "   #", "   #", "#  #", " ## "}},
	{'K', {"#  #", "# # ", "##  ", "# # ", "#  #"}},
	{'L', {"#   ", "#   ", "#   ", "#   ", "####"}},
	{'M', {"#   #", "## ##", "# # #", "#   #", "#   #"}},
	{'N', {"#  #", "## #", "# ##", "#  #", "#  #"}},
	{'O', {" ## ", "#  #", "#  #", "#  #", " ## "}},
	{'P', {"### ", "#  #", "### ", "#   ", "#   "}},
	{'Q', {" ## ", "#  #", "#  #", "# ##", " ###"}},
	{'R', {"### ", "#  #", "### ", "# # ", "#  #"}},
	{'S', {" ###", "#   ", " ## ", "   #", "### "}},
	{'T', {"#####", "  #  ", "  #  ", "  #  ", "  #  "}},
	{'U', {"#  #", "#  #", "#  #", "#  #", " ## "}},
	{'V', {"#   #", "#   #", " # # ", " # # ", "  #  "}},
	{'W', {"#   #", "#   #", "# # #", "## ##", "#   #"}},
	{'X', {"#   #", " # # ", "  #  ", " # # ", "#   #"}},
	{'Y', {"#   #", " # # ", "  #  ", "  #  ", "  #  "}},
	{'Z', {"####", "  # ", " #  ", "#   ", "####"}},
};

/* A mark stands in one row; a dot of its own for each scale would look like a letter. */
static const struct mark {
	uint32_t mark;
	int row;
	const char *looks[SCALE_MOST]; /* by scale */
} marks[] = {
	{0x300, ABOVE, {"\\", "\\\\"}},      /* grave */
	{0x301, ABOVE, {"/", "//"}},         /* acute */
	{0x302, ABOVE, {"/\\", "//\\\\"}},   /* circumflex */
	{0x303, ABOVE, {"~~", "~~~~"}},      /* tilde */
	{0x306, ABOVE, {"\\/", "\\\\//"}},   /* breve */
	{0x309, ABOVE, {"?", "??"}},         /* hook above */
	{0x31b, ABOVE, {"'", "''"}},         /* horn: at the right end */
	{0x323, BELOW, {"o", "oo"}},         /* dot below */
};
enum { HORN = 0x31b };

static const struct shape *shape_of(uint32_t letter)
{
	for (size_t i = 0; i < NITEMS(shapes); i++)
		if (shapes[i].letter == letter)
			return &shapes[i];
	return NULL;
}

static const struct mark *mark_of(uint32_t cp)
{
	for (size_t i = 0; i < NITEMS(marks); i++)
		if (marks[i].mark == cp)
			return &marks[i];
	return NULL;
}

static void pad(struct buf *row, size_t width)
{
	while (row->len < width && !row->failed)
		buf_puts(row, " ");
}

static void put_dots(struct buf *row, size_t at, const char *dots, int scale)
{
	pad(row, at);
	for (; *dots != '\0'; dots++)
		for (int i = 0; i < scale; i++)
			buf_put(row, dots, 1);
}

/* Marks of one letter stand side by side in the middle above it, a horn at its right end. */
static void put_mark(struct buf *row, size_t at, size_t width, const struct mark *m, int scale)
{
	const char *looks = m->looks[scale - 1];
	size_t needs = strlen(looks), left = m->mark == HORN ? width - needs : (width - needs) / 2;

	pad(row, at + left);
	buf_puts(row, looks);
}

/* Without blanks that nobody sees. */
static void trim(struct buf *row)
{
	while (row->len > 0 && row->data[row->len - 1] == ' ')
		row->data[--row->len] = '\0';
}

/* One letter with its marks at column at; returns the column behind it, 0 without a shape. n: bytes of it taken. */
static size_t put_letter(struct buf rows[BLOCK_ROWS], size_t at, const char *s, size_t len, int scale, size_t *n)
{
	uint32_t cp;
	const struct shape *shape;
	size_t width, used;

	*n = text_decode(s, len, &cp);
	shape = *n > 0 ? shape_of(cp) : NULL;
	if (shape == NULL)
		return 0;
	width = strlen(shape->dots[0]) * (size_t)scale;
	for (int i = 0; i < HEIGHT; i++)
		put_dots(&rows[FIRST + i], at, shape->dots[i], scale);
	for (; (used = text_decode(s + *n, len - *n, &cp)) > 0 && text_is_mark(cp); *n += used) {
		const struct mark *m = mark_of(cp);

		if (m == NULL)
			return 0;
		put_mark(&rows[m->row], at, width, m, scale);
	}
	return at + width;
}

int block_write(struct buf rows[BLOCK_ROWS], const char *word, int scale, int cells)
{
	utf8proc_uint8_t *apart = NULL;
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)word, 0, &apart, UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	const char *s = (const char *)apart;
	size_t at = 0, end = 0, n;

	for (int i = 0; i < BLOCK_ROWS; i++)
		buf_reset(&rows[i]);
	for (size_t left = len > 0 ? (size_t)len : 0; left > 0; s += n, left -= n) {
		end = put_letter(rows, at, s, left, scale, &n);
		if (end == 0 || end > (size_t)cells) {
			end = 0;
			break;
		}
		at = end + (size_t)scale;
	}
	free(apart);
	for (int i = 0; i < BLOCK_ROWS; i++)
		trim(&rows[i]);
	return (int)end;
}

int block_fit(struct buf rows[BLOCK_ROWS], const char *word, int cells, int *scale)
{
	int width = 0;

	for (*scale = SCALE_MOST; (width = block_write(rows, word, *scale, cells)) == 0 && *scale > 1;)
		(*scale)--;
	return width;
}
