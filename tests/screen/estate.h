/*
 * estate.h - what a screen test wants beside the screen: the database, and a server of its own.
 *
 * Not for: flows (tests/flow has its own store). Trap: the database is asked as its superuser, which
 * a test may be in the stack of `./run test` only (or as root); all is read, but for drafts
 * and the two settings of a session that no wire call makes.
 */
#ifndef LODGE_ESTATE_H
#define LODGE_ESTATE_H

#include <stdbool.h>
#include <stdint.h>

/* The first cell of a query's first row as text, in a static buffer of 16; "" when there is none.
 * Fails the test when the query fails. */
const char *estate_cell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int64_t estate_number(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A household's file of building 5 in its cabinet that nobody has asked for;
 * good until the fourth next call. */
const char *estate_free_file(void);
/* Six digits that nobody and nothing at the gate has; good until the fourth next call. */
const char *estate_digits(void);
/* A word that no other test and no other run has. */
const char *estate_mark(void);
void estate_close(void);
int estate_done(void **state); /* the same, as the end of a group of tests */

/* A lodged of the test's own on the estate's database, at a socket of its own. */
struct server;
struct server *server_new(void);
const char *server_address(const struct server *);
void server_start(struct server *); /* returns when it takes connections */
void server_kill(struct server *);  /* SIGKILL: nothing is put in order */
void server_free(struct server *);

/* The open duty page is this person's from now on; a hand-over that was under way is withdrawn. */
void estate_page_to(const char *staff);
/* Removes a folder of plain files; what rmdir answers. */
int estate_drop_folder(const char *folder);

#endif
