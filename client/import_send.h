/*
 * import_send.h - lines of a residents' list on their way to the server, several at a time.
 *
 * Not for: judging (import_check.h). Trap: the server may still refuse a line; it then is a fault
 * of that line like the others.
 */
#ifndef LODGE_IMPORT_SEND_H
#define LODGE_IMPORT_SEND_H

#include "client/import_check.h"

struct import_counts {
	size_t fresh, changed, same;
};

/* Sends the good lines that wanted accepts. False after a sentence on standard error: there is no
 * connection, or the person may not do this at all. */
bool import_send(struct cli *, struct import_list *, bool rehearse, bool (*wanted)(const struct import_person *),
	struct import_counts *, const struct import_report *);

#endif
