/*
 * import_text.h - a file as UTF-8 text, whatever encoding it was written in.
 *
 * Not for: what the text says. Trap: bytes that the encoding does not know become U+FFFD, so that
 * the line and the cell can still be named; nothing else may let that character pass.
 */
#ifndef LODGE_IMPORT_TEXT_H
#define LODGE_IMPORT_TEXT_H

#include "common/buf.h"

enum { IMPORT_TEXT_MAX = 64 * 1024 * 1024 };

/* Appends the bytes of the file. False: *why says what the system says. */
bool import_read(struct buf *, const char *path, const char **why);
/* Appends the text of the bytes; encoding NULL = UTF-8, or UTF-16 when the file begins with its mark.
 * ERR_NOT_FOUND: this machine knows no such encoding. ERR_TOO_BIG. Broken UTF-8 stays as it is. */
enum err import_decode(struct buf *, const char *bytes, size_t n, const char *encoding) MUST_CHECK;

#endif
