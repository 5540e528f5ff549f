/*
 * reception.c - the reception desk: a unit shows its household, a file code finds its loan.
 *
 * Tables only. Not for: keys (keys.c) or queues (the books' views). Trap: the order of the loan
 * form is a promise of the front desk's scripts (task T4).
 */
#include "client/consoles/console.h"

static const struct look_up household_of_unit = {
	.book = "household", .by = "unit", .label = N_("Unit"),
	.nothing = N_("No household that you may see lives there."),
};

static const struct look_up loan_of_file = {
	.book = "loan", .by = "file", .number = "card", .states = "[\"issued\",\"overdue\"]", .op = "take_back",
	.label = N_("File that comes back"), .nothing = N_("This file is not out."),
};

static const char *const request_order[] = {"file", "requester", "act", "purpose", NULL};
static const char *const entry_order[] = {"employee", "person_name", "body", "purpose", "escort", NULL};

static const char *const return_order[] = {"condition", "card", "note", "missing", NULL};

static const struct form_order orders[] = {
	{.book = "loan", .op = "request", .fields = request_order},
	{.book = "loan", .op = "reserve", .fields = request_order},
	{.book = "loan", .op = "take_back", .fields = return_order},
	{.book = "room_entry", .op = "enter", .fields = entry_order},
};

const struct console console_reception = {
	.name = "reception",
	.unit = &household_of_unit,
	.give_back = &loan_of_file,
	.orders = orders,
	.norders = NITEMS(orders),
};
