/*
 * import_text.c - see import_text.h: reading, and iconv.
 * Not for: normalising (common/text.h). Trap: iconv stops in the middle of things: a full buffer,
 * a bad byte, a cut character at the end are three different answers.
 */
#include "client/import_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "common/i18n.h"

static const char strange[] = "\xef\xbf\xbd"; /* U+FFFD */

bool import_read(struct buf *to, const char *path, const char **why)
{
	char piece[16384];
	FILE *file;
	size_t n;
	bool fine;

	errno = 0;
	file = fopen(path, "rb");
	while (file != NULL && (n = fread(piece, 1, sizeof piece, file)) > 0)
		buf_put(to, piece, n);
	fine = file != NULL && !ferror(file) && !to->failed;
	if (!fine)
		*why = to->failed ? tr("The file is too big.") : strerror(errno);
	explicit_bzero(piece, sizeof piece);
	if (file != NULL)
		fclose(file);
	return fine;
}

static enum err convert(struct buf *to, const char *bytes, size_t n, iconv_t cd)
{
	/* iconv takes char ** and writes nothing through it. */
	union {
		const char *from;
		char *in;
	} at = {.from = bytes};
	char piece[16384], *out = piece;
	size_t room = sizeof piece, result;

	do {
		result = n > 0 ? iconv(cd, &at.in, &n, &out, &room) : iconv(cd, NULL, NULL, &out, &room);
		buf_put(to, piece, sizeof piece - room);
		out = piece;
		room = sizeof piece;
		if (result == (size_t)-1 && errno != E2BIG) {
			buf_puts(to, strange);
			at.in++;
			n--;
		}
	} while (n > 0 && !to->failed);
	explicit_bzero(piece, sizeof piece);
	return to->failed ? ERR_TOO_BIG : OK;
}

static bool has_wide_mark(const char *bytes, size_t n)
{
	return n >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

enum err import_decode(struct buf *to, const char *bytes, size_t n, const char *encoding)
{
	iconv_t cd;
	enum err err;

	if (encoding == NULL && !has_wide_mark(bytes, n)) {
		buf_put(to, bytes, n);
		return to->failed ? ERR_TOO_BIG : OK;
	}
	cd = iconv_open("UTF-8", encoding != NULL ? encoding : "UTF-16");
	if (cd == (iconv_t)-1)
		return ERR_NOT_FOUND;
	err = convert(to, bytes, n, cd);
	iconv_close(cd);
	return err;
}
