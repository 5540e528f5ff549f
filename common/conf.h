/*
 * conf.h - configuration files, read through a schema. The only module that knows libconfig.
 *
 * One row of a table per setting: path, type, range, default, unit, help. Everything the tables do
 * not name is an error with file and line, at any depth. Not for: secrets (they live in key
 * files). Trap: libconfig wraps 4294967297 to 1 without a word, so the raw text is scanned first
 * and numbers that do not fit are refused there; @include is refused as well.
 */
#ifndef LODGE_CONF_H
#define LODGE_CONF_H

#include <stdbool.h>

#include "common/buf.h"
#include "common/words.h"

enum { CONF_WORDS_MAX = 32, CONF_FILE_MAX = 256 * 1024 };

enum conf_type {
	CONF_UNSET = 0,
	CONF_INT,    /* out: int64_t */
	CONF_BOOL,   /* out: bool */
	CONF_STRING, /* out: char *; one line of clean text */
	CONF_WORD,   /* out: char *; one of .choices */
	CONF_WORDS,  /* out: struct conf_words; list of strings, each one of .choices when given */
	CONF_END
};

/* A list of words. The words belong to the struct. */
struct conf_words {
	char *word[CONF_WORDS_MAX];
	size_t n;
};

/* One setting. .out must be zero before the first load; strings there are freed and replaced by
 * the next load, and are otherwise the caller's. */
struct conf_key {
	const char *path;             /* "limits.requests_waiting" */
	enum conf_type type;
	int64_t min, max;             /* INT: value; STRING: characters; both 0 = any */
	const char *def;              /* default as it would be written, without quotes; WORDS: with
	                                 blanks between. NULL: the setting must be there */
	const char *const *choices;   /* ends with NULL */
	const char *unit, *help;      /* "s"; one sentence */
	/* STRING: what the schema cannot say. NULL when fine, else what it must be: "a time …". */
	const char *(*judge)(const char *text);
	void *out;                    /* NULL: checked only */
};

/* One column of a list of groups. */
struct conf_column {
	const char *name;
	enum conf_type type;
	int64_t min, max;
	const char *def;              /* as above; "" = may be left out; NULL: must be there */
	const char *const *choices;
	const char *help;
};

/* One cell of a row, in the order of the columns. */
struct conf_cell {
	bool given;                   /* false: left out and the default is "" */
	int64_t number;               /* INT; BOOL as 0 and 1 */
	const char *text;             /* PostgreSQL text form: 7, true, word, {"a","b"}; NULL if not given */
	const struct conf_words *words; /* WORDS, else NULL */
};

/* Where a row stands, for the complaints of a callback. */
struct conf_place {
	const char *file;
	int line;
	struct buf *errors;
};

/* A list of groups such as loan = ( { act = "borrow"; … }, … ); or, when named, groups of texts such
 * as keys: { home: { lock = "F11"; }; }, whose rows have three cells: "home", "lock", "F11"; of lock = ["F11", "l"] two rows. */
struct conf_table {
	const char *path;
	const struct conf_column *columns;
	size_t ncolumns;
	bool optional;                /* the whole list may be missing */
	bool named;                   /* no columns then */
	/* Called for every row that fits the schema, in order; texts die when it returns. Anything
	 * but OK fails the load; the callback says why with conf_complain. */
	enum err (*row)(void *ctx, const struct conf_place *, const struct conf_cell *cells);
	void *ctx;
};

/* Reads file against the schema. OK: every .out is set. ERR_INVALID: *errors holds one line
 * "FILE:LINE: text" for each fault, and no .out was touched. */
enum err conf_load(const char *file, const struct conf_key *keys, size_t nkeys,
	struct buf *errors) MUST_CHECK;
/* The same with lists of groups beside the keys. Rows are handed out before the verdict over the
 * whole file is known: keep them aside until OK. */
enum err conf_rows(const char *file, const struct conf_key *keys, size_t nkeys,
	const struct conf_table *tables, size_t ntables, struct buf *errors) MUST_CHECK;
/* Adds one "FILE:LINE: text" line. */
void conf_complain(const struct conf_place *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Frees the strings of every .out and zeroes them. */
void conf_free(const struct conf_key *keys, size_t nkeys);

#endif
