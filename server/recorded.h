/*
 * recorded.h - records that a terminal made while it could not reach the server, handed in one by one.
 *
 * journal.key gives a session its terminal's key and the end of the chain; journal.replay takes one record, checks that the
 * terminal wrote it, and runs the operation in it through the ordinary engine. Not for: the chain, the moment, the exceptions
 * (server/rules/journal.sql). Trap: whoever signs in at a terminal gets that terminal's key, and no other's.
 */
#ifndef LODGE_RECORDED_H
#define LODGE_RECORDED_H

#include "server/request.h"

enum { RECORDED_PARAMS = 8 };

/* The record that a request comes from: request.recorded. */
struct recorded {
	const char *counter, *before, *tag, *at, *by;
	const char *about; /* op_id of the offline record that made the row it is about; NULL: id says it */
	const char *text;  /* as the terminal wrote it */
	const char *kept;  /* the same without what was signed with: nobody keeps that, not even sealed */
};

void journal_key(struct request *);
void journal_replay(struct request *);

/* What op.BOOK_OP_recorded takes behind the operation's own parameters. */
enum err journal_params(struct request *, const char *op_id, const struct given *, size_t n, const char *params[RECORDED_PARAMS]) MUST_CHECK;
/* The record is whole, but no operation can be made of it: an exception, and the chain moves on. Answers the request. */
void journal_spoiled(struct request *, const char *guard);

#endif
