/*
 * buf.h - a growing byte buffer with a hard maximum and a sticky failed bit, and the JSON writer.
 *
 * Write many, check .failed once before sending: after a failure every further put is a no-op.
 * Not for: reading JSON (node.h). Trap: a failed buffer holds a prefix of what was written; never
 * send it. Old contents are wiped when the buffer grows, is reset or done, because answers hold
 * personal data.
 */
#ifndef LODGE_BUF_H
#define LODGE_BUF_H

#include <stdbool.h>

#include "common/words.h"

struct buf {
	char *data;      /* NUL-terminated and never NULL, before the first put too */
	size_t len, cap; /* bytes without the NUL; bytes allocated */
	size_t max;      /* .len never passes it */
	bool failed;     /* over .max or out of memory: what is here is a prefix */
};

/* An empty buffer of at most max bytes. Allocates nothing yet. */
void buf_init(struct buf *, size_t max);
/* Wipes and frees; the buffer is then as after buf_init with the same maximum. */
void buf_done(struct buf *);
/* Wipes the contents and the failed bit, keeps the memory. */
void buf_reset(struct buf *);

void buf_put(struct buf *, const void *p, size_t n);
void buf_puts(struct buf *, const char *s);
void buf_printf(struct buf *, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A JSON string with its quotes; NULL writes null. Control characters, DEL and C1 become escapes;
 * bytes that are no UTF-8 become U+FFFD, so that the line stays UTF-8 whatever a row holds. */
void buf_json_str(struct buf *, const char *s);
void buf_json_strn(struct buf *, const char *s, size_t n);
/* ,"name":"text" for an object that has members already. */
void buf_json_member(struct buf *, const char *name, const char *text);
void buf_json_int(struct buf *, int64_t);

#endif
