/*
 * reception.c - the reception desk: a unit shows its household, a code or number finds what comes back or leaves.
 *
 * Tables only. Not for: keys (keys.c) or queues (the books' views). Trap: the order of the
 * forms is a promise of the desks' scripts (tasks T1, T4, T9).
 */
#include "client/consoles/console.h"
#include "client/screens.h"

static const struct look_up household_of_unit = {
	.book = "household", .by = "unit", .label = N_("Unit"),
	.nothing = N_("No household that you may see lives there."),
};

static const struct look_up boxes[] = {
	{.book = "loan", .by = "file", .number = "card", .states = "[\"issued\",\"overdue\"]", .op = "take_back",
		.label = N_("File that comes back"), .nothing = N_("This file is not out.")},
	{.book = "visitor", .by = "badge", .states = "\"inside\"", .op = "leave",
		.label = N_("Card of the visitor who leaves"), .nothing = N_("No visitor inside carries this card.")},
	{.book = "release_slip", .by = "no", .op = "clear",
		.label = N_("Number of the release slip"), .nothing = N_("There is no such slip.")},
};

static const char *const request_order[] = {"file", "requester", "act", "purpose", NULL};
static const char *const entry_order[] = {"employee", "person_name", "body", "purpose", "escort", NULL};

static const char *const return_order[] = {"condition", "card", "note", "missing", NULL};

static const char *const arrive_order[] = {"unit", "name", "doc_tail", "class", "host", "party", "vehicle", "body", NULL};
static const char *const pass_order[] = {"doc_tail", "kind", "unit", "photo", "original_seen", "copy", "person_name", NULL};
static const char *const clear_order[] = {"items", NULL};

static const char *const known_visitor[] = {"name", "name", "unit", "unit", "body", "body", NULL};
static const char *const known_worker[] = {"person_name", "name", "unit", "unit", NULL};
static const struct recall recalls[] = {
	{.book = "visitor", .op = "arrive", .field = "unit", .from = "visitor", .by = "doc_tail", .digits = "doc_tail", .fills = known_visitor},
	{.book = "entry_pass", .op = "issue", .field = "doc_tail", .from = "visitor", .by = "doc_tail", .digits = "doc_tail", .fills = known_worker},
};

static const struct prefill prefills[] = {
	{.book = "release_slip", .op = "clear", .field = "items", .from = "remaining"},
};

static const struct form_order orders[] = {
	{.book = "loan", .op = "request", .fields = request_order},
	{.book = "loan", .op = "reserve", .fields = request_order},
	{.book = "loan", .op = "take_back", .fields = return_order},
	{.book = "room_entry", .op = "enter", .fields = entry_order},
	{.book = "visitor", .op = "arrive", .fields = arrive_order},
	{.book = "entry_pass", .op = "issue", .fields = pass_order},
	{.book = "release_slip", .op = "clear", .fields = clear_order},
};

const struct console console_reception = {
	.name = "reception",
	.home = home_push,
	.search = home_search,
	.unit = &household_of_unit,
	.boxes = boxes,
	.nboxes = NITEMS(boxes),
	.orders = orders,
	.norders = NITEMS(orders),
	.recalls = recalls,
	.nrecalls = NITEMS(recalls),
	.prefills = prefills,
	.nprefills = NITEMS(prefills),
};
