/*
 * journal.h - what a console writes down while the server cannot be reached: nothing lost, nothing altered.
 *
 * One file a terminal. A record is one line, on the disk before journal_add answers, and chained to the one
 * before by a keyed hash, so that a record that was changed, removed, doubled or moved is noticed here and by
 * the server, which keeps the end of the chain. Not for: what a record says (JSON of its owner), or sending.
 * Trap: a crash may leave a torn last line; that one was never promised, and is cut off and told.
 */
#ifndef LODGE_JOURNAL_H
#define LODGE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/words.h"

enum {
	JOURNAL_KEY_BYTES = 32,
	JOURNAL_TAG_HEX = 64,
	JOURNAL_RECORD_MAX = 16 * 1024,    /* bytes of a record's text */
	JOURNAL_RECORDS_MAX = 10000,
	JOURNAL_BYTES_MAX = 16 * 1024 * 1024,
};

struct journal;

/* What stood in the file when it was opened. */
struct journal_found {
	size_t waiting;      /* whole records that nobody has taken yet */
	bool torn;           /* the last one was not whole, and is cut off */
	uint64_t broken_at;  /* the first record whose chain does not hold; 0 = none */
};

/* One record on its way. The pointers live until the next call on this journal. */
struct journal_record {
	uint64_t counter;
	char before[JOURNAL_TAG_HEX + 1], tag[JOURNAL_TAG_HEX + 1];
	const char *text;
};

/* Opens the file (0600), and makes it when there is none. found is filled in on OK and on ERR_INVALID, which says
 * that the chain is broken: nothing may be added or sent from there on. ERR_LOCKED: another process has it open.
 * ERR_DEGRADED: the file cannot be read or written. The caller owns *out. */
enum err journal_open(struct journal **out, const char *path, const unsigned char key[JOURNAL_KEY_BYTES],
                      struct journal_found *found) MUST_CHECK;
void journal_close(struct journal *);

/* Writes one line of text (no line feed in it) and waits for the disk. ERR_TOO_BIG: too long, or the journal is
 * full. ERR_DEGRADED: the disk refuses; what was half written is taken away again. */
enum err journal_add(struct journal *, const char *text) MUST_CHECK;

/* With nothing waiting: the next record begins here. ERR_REFUSED: something waits, or the tag is none. */
enum err journal_start(struct journal *, uint64_t counter, const char *tag) MUST_CHECK;

size_t journal_waiting(const struct journal *);
/* The record behind the one that it gave last; first the oldest that nobody has taken. ERR_NOT_FOUND: there is none. */
enum err journal_next(struct journal *, struct journal_record *) MUST_CHECK;
/* The number of the last record, waiting or taken. */
uint64_t journal_counter(const struct journal *);
/* Tells every record that waits, oldest first; what is told may not touch the journal. */
enum err journal_each(struct journal *, void (*tell)(void *ctx, uint64_t counter, const char *text), void *ctx) MUST_CHECK;
/* journal_next begins again with the oldest that nobody has taken: what was given was not delivered. */
void journal_again(struct journal *);
/* The server has the oldest one. When it was the last, the file begins anew at the end of the chain. ERR_NOT_FOUND: there is none. */
enum err journal_taken(struct journal *) MUST_CHECK;

#endif
