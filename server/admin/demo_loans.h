/*
 * demo_loans.h - the loan register of the demo estate, between its files and its loans.
 * Not for: the rest of the generator (demo.h). Trap: a file's place in the list is its id - 1.
 */
#ifndef LODGE_DEMO_LOANS_H
#define LODGE_DEMO_LOANS_H

#include "server/admin/demo.h"

struct demo_file {
	char code[40];
	int64_t unit;
	int area;
	int busy_until;         /* day of its last return; a planted loan of today keeps it busy */
	bool company;
};

struct demo_files {
	struct demo_file *list;
	size_t n;
};

void demo_make_loans(struct demo *, struct demo_files *);

#endif
