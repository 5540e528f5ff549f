/*
 * demo_planted.h - the households of the demo estate that tests and scripts know by name.
 *
 * Not for: what is generated around them. Trap: they stand in shared expectations word for word;
 * a change here is a change of the product's contract.
 */
#ifndef LODGE_DEMO_PLANTED_H
#define LODGE_DEMO_PLANTED_H

#include <stdbool.h>
#include <stddef.h>

#include "server/admin/demo.h"

enum { PLANTED_PERSONS = 4 };

struct planted_person {
	const char *name, *relation, *mobile, *home_phone;
	enum tongue tongue;
	int year, month, day;   /* born; year 0 = `age` years before the first day */
	int age;
	bool female, needs_help;
};

struct planted_home {
	const char *unit, *kind, *display_name;
	const char *facts;      /* SEALED; %s is the date due_days after the first day */
	const char *contact_name, *contact_phone, *contact_relation;
	int due_days;
	bool important, vip;
	struct planted_person persons[PLANTED_PERSONS];
};

extern const struct planted_home planted_homes[];
extern const size_t nplanted_homes;

/* The VIP profile of the one important household. */
struct planted_vip {
	int year, month, day;
	const char *character, *preferences, *skills, *requirements, *opinions;
};
extern const struct planted_vip planted_vip;

#endif
