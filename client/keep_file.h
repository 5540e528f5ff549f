/*
 * keep_file.h - what a console keeps (keep.h), as one file of this terminal: FOLDER/TERMINAL.CODE.lists.
 *
 * Sealed with a key made of the journal's and of whose lists they are: another person's, another terminal's, a damaged or a cut
 * file does not open, and nothing of it is used. The text inside is a head, a line a row, and `end N`. It holds the rows as the
 * server gave them to this person's session, so no more than he may see. Not for: keeping rows (keep.h). Trap: how old
 * the lists are is told by the clock that runs since the machine started, which nobody can set; only after a
 * restart of the machine its wall clock counts, and one that was set back behind the saving makes the file worthless.
 */
#ifndef LODGE_KEEP_FILE_H
#define LODGE_KEEP_FILE_H

#include <stdint.h>

#include "client/journal.h"
#include "client/sealed.h"
#include "common/buf.h"
#include "common/node.h"

enum { KEEP_FILE_BYTES_MAX = 64 * 1024 * 1024 };

/* This machine's clocks. */
struct keep_clock {
	char boot[40];        /* another one after each start of the machine */
	int64_t up, wall;     /* seconds since then; seconds since 1970 as somebody set them */
};
void keep_clock_read(struct keep_clock *);

struct keep_head {
	char staff[64], terminal[128], books[80];
	char pins[2 * SEALED_KEY_BYTES + 1]; /* what PINs are sealed with, as digits */
	int64_t as_of, saved; /* the server's seconds since 1970: the rows were so; the file was written */
	int64_t hours;        /* how long the lists hold: gate.offline_hours */
	uint64_t through;     /* the rows hold what the journal's records up to this one did */
	struct keep_clock clock; /* when it was written */
};

/* Begins the text; then keep_file_row a row, then keep_file_end. */
void keep_file_begin(struct buf *text, const struct keep_head *);
void keep_file_row(struct buf *text, const char *book, const char *row);
void keep_file_end(struct buf *text, size_t rows);

/* Takes a text apart. The whole is read before the first row is told. ERR_INVALID: it is none. tell may be NULL. */
enum err keep_file_parse(struct keep_head *, const char *text, size_t len, void (*tell)(void *ctx, const char *book, const struct node *row),
                         void *ctx) MUST_CHECK;

/* Seals and writes it, as the lists of head.staff. */
enum err keep_file_write(const char *path, const unsigned char key[JOURNAL_KEY_BYTES], const char *staff, const char *text, size_t len) MUST_CHECK;
/* The text, opened; the caller wipes and frees. ERR_NOT_FOUND: no file; ERR_INVALID: not this key's, not this person's, or altered. */
enum err keep_file_read(const char *path, const unsigned char key[JOURNAL_KEY_BYTES], const char *staff, char **text, size_t *len) MUST_CHECK;

/* What time it is at the server, by a head and the clocks of now; -1: the clock was set back. */
int64_t keep_file_now(const struct keep_head *, const struct keep_clock *);
/* ERR_REFUSED: other person's, other terminal's, or of another version of the books; ERR_NOT_FOUND: their time is over. */
enum err keep_file_judge(const struct keep_head *, const char *staff, const char *terminal, int64_t now) MUST_CHECK;

#endif
