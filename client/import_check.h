/*
 * import_check.h - what the lines of a residents' list say of each other, and of the estate.
 *
 * Not for: single cells (import_line.h). Trap: these checks are why nothing is written when a line
 * is bad; what is missed here the server refuses later, one line at a time.
 */
#ifndef LODGE_IMPORT_CHECK_H
#define LODGE_IMPORT_CHECK_H

#include "client/cli.h"
#include "client/import_line.h"

struct import_list {
	struct import_person *persons;
	size_t n, cap;
};

/* Marks lines about a person of an earlier line, and those that leave the household open; a line
 * without one takes the only one that the list names in its unit. */
enum err import_check_lines(struct arena *, struct import_list *, const struct import_report *) MUST_CHECK;
/* Marks lines of units that are not there for us. False after a sentence on standard error. */
bool import_check_units(struct cli *, struct arena *, struct import_list *, const struct import_report *);

#endif
