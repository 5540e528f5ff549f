/*
 * gate.h - a gate terminal without its screen: the client's own journal, link and hand-in, on folders and terminals of
 * the test's choice, several in one process.
 *
 * Not for: what a guard sees (test_gate_word.c). Trap: a member of staff has one interactive session, so two gates need
 * two guards; a terminal that other tests do not have begins its chain at nothing.
 */
#ifndef LODGE_GATE_H
#define LODGE_GATE_H

#include "client/handin.h"

struct gate {
	const char *staff;
	char terminal[64], path[160];
	unsigned char key[JOURNAL_KEY_BYTES];
	uint64_t counter;                /* the end of the chain as the server told it last */
	char tag[JOURNAL_TAG_HEX + 1];
	struct link *link;
	struct handin in;                /* .journal while one is open */
	bool is_answered;
	int64_t number;                  /* "id" of the last answer */
	size_t taken, refused, cuts;     /* counted over all deliveries */
};

/* Signs in at that server and fetches the terminal's key. The file is FOLDER/TERMINAL.journal. */
struct gate *gate_new(const char *staff, const char *terminal, const char *folder, const char *server);
void gate_free(struct gate *);
/* One request over the gate's line; it must succeed. */
void gate_call(struct gate *, const char *method, const char *params);
/* Opens the journal as the console does: an empty one begins where the server's chain ends. */
struct journal_found gate_open(struct gate *);
void gate_close(struct gate *);
/* {"at","by","method","params"}, at now. False: the disk refuses. */
bool gate_record(struct gate *, const char *method, const char *params);
/* One turn of the console's loop; false when everything is handed in. cut: in so many of 1,000 turns the line breaks. */
bool gate_turn(struct gate *, int cut);
/* Turns until everything is handed in; fails the test when the chain breaks or nothing moves. */
void gate_deliver(struct gate *, int cut);

#endif
