/*
 * options.h - what the client is told from outside: the environment and conf/lodge.conf.
 *
 * The environment wins over the file, the file over the defaults in the table of options.c.
 * Not for: what a person chooses while working. Trap: strings live as long as the process.
 */
#ifndef LODGE_OPTIONS_H
#define LODGE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *server, *terminal;           /* LODGE_SERVER, LODGE_TERMINAL; server may be NULL */
	const char *staff, *password;            /* LODGE_STAFF, LODGE_PASSWORD; NULL when not given */
	const char *tls_ca, *tls_cert, *tls_key; /* NULL when not given */
	const char *language;                    /* before sign-in; NULL: LANG */
	const char *colour, *theme;
	const char *console;                     /* whose word stands in console_words */
	bool lean, reader;
	int64_t escape_delay;                    /* ms */
	int64_t lock_minutes, page_rows, message_seconds;
	int64_t reveal_seconds;                  /* how long a locked value stays on the screen */
	const char *lpr, *printer;               /* the printing program and its queue; NULL: none, its default */
	const char *papers;                      /* LODGE_PAPERS: the folder that PDFs go to; NULL: none are made on the screen */
	const char *journal;                     /* LODGE_JOURNAL: the folder of journals; NULL: nothing is recorded offline */
	int64_t retry_first, retry_most;         /* ms */
};

/* Reads everything once; false with sentences on standard error when the file is wrong. The
 * password is taken out of the environment, so that no child inherits it. */
bool options_read(struct options *);
/* The word of --color goes over lodge.conf and NO_COLOR; false for an unknown one. */
bool options_colour(struct options *, const char *word);
/* The word of --console goes over lodge.conf; false for an unknown one. */
bool options_console(struct options *, const char *word);

#endif
