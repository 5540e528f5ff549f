/*
 * base64.h - bytes as text that a JSON string can carry, and back.
 * Not for: keys or passwords. Trap: decoding is strict; padding must be there and nothing else.
 */
#ifndef LODGE_BASE64_H
#define LODGE_BASE64_H

#include "common/buf.h"

void base64_put(struct buf *, const void *bytes, size_t n);
/* Appends the bytes that text stands for; ERR_PARSE when it is no base64, ERR_TOO_BIG. */
enum err base64_take(struct buf *, const char *text, size_t n) MUST_CHECK;

#endif
