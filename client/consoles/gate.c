/*
 * gate.c - the security gate: one line that takes anything, visitors, goods, and who is inside.
 *
 * Tables only. Not for: what the line answers (client/gate_decide.c) or how it looks (client/gate_screen.c).
 * Trap: the order of the forms is a promise of the desks' scripts (tasks T1, T9, T10), the same as at reception.
 */
#include "client/consoles/console.h"
#include "client/screens.h"

static const struct look_up household_of_unit = {
	.book = "household", .by = "unit", .label = N_("Unit"),
	.nothing = N_("No household that you may see lives there."),
};

static const struct look_up boxes[] = {
	{.book = "visitor", .by = "badge", .op = "leave", .at_once = true,
		.label = N_("Card of the visitor who leaves"), .nothing = N_("No visitor inside carries this card.")},
	{.book = "release_slip", .by = "no", .op = "clear",
		.label = N_("Number of the release slip"), .nothing = N_("There is no such slip.")},
};

static const char *const arrive_order[] = {"unit", "name", "doc_tail", "class", "host", "party", "vehicle", "body", NULL};
static const char *const pass_order[] = {"doc_tail", "kind", "unit", "photo", "original_seen", "copy", "person_name", NULL};
static const char *const clear_order[] = {"items", NULL};
static const char *const service_order[] = {"service", "unit", "vehicle", "party", NULL};
static const struct form_order orders[] = {
	{.book = "visitor", .op = "arrive", .fields = arrive_order},
	{.book = "visitor", .op = "pass_through", .fields = service_order},
	{.book = "entry_pass", .op = "issue", .fields = pass_order},
	{.book = "release_slip", .op = "clear", .fields = clear_order},
};

static const char *const known_visitor[] = {"name", "name", "unit", "unit", "body", "body", NULL};
static const char *const known_worker[] = {"person_name", "name", "unit", "unit", NULL};
static const struct recall recalls[] = {
	{.book = "visitor", .op = "arrive", .field = "unit", .from = "visitor", .by = "doc_tail", .digits = "doc_tail", .fills = known_visitor},
	{.book = "entry_pass", .op = "issue", .field = "doc_tail", .from = "visitor", .by = "doc_tail", .digits = "doc_tail", .fills = known_worker},
};

static const struct prefill prefills[] = {
	{.book = "release_slip", .op = "clear", .field = "items", .from = "remaining"},
};

const struct console console_gate = {
	.name = "gate",
	.roles = BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS),
	.home = gate_push,
	.search = gate_search,
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
