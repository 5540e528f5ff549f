/*
 * paper.h - runs lodge-print, and keeps what it printed until its session has fetched it.
 *
 * One paper a session and record, for a minute, in memory only; then it is wiped. Not for: what is on
 * it (engine_export.c). Trap: printing takes longer than a request may wait, so it is asked for
 * again and again until it is there.
 */
#ifndef LODGE_PAPER_H
#define LODGE_PAPER_H

#include "common/buf.h"

struct event_base;

enum paper_state { PAPER_NONE, PAPER_PRINTING, PAPER_READY, PAPER_FAILED };

enum err paper_open(struct event_base *) MUST_CHECK;
void paper_close(void);

/* Starts printing lines. ERR_BUSY: too many papers at this moment. */
enum err paper_print(int64_t session, const char *book, int64_t id, const struct buf *lines) MUST_CHECK;
/* How far it is; READY: *pdf shows it until the loop turns. A FAILED one is told once and forgotten. */
enum paper_state paper_find(int64_t session, const char *book, int64_t id, const char **pdf, size_t *len);

#endif
