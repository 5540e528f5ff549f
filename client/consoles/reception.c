/*
 * reception.c - the reception desk: a unit shows its household, a code or number finds what comes back or leaves.
 *
 * Everybody's whom no other console names. Not for: keys (keys.c) or queues (the books' views). Trap: in the footer
 * the most important verbs stay longest, whatever their place here; help lists them in this order.
 */
#include "client/consoles/console.h"
#include "client/screens.h"

static const char *const verbs[] = {
	"loan.request", "loan.take_back", "room_entry.enter", "reports", "visitor.arrive", "visitor.leave", "entry_pass.issue",
	"release_slip.clear", "shift", NULL,
};

const struct console console_reception = {
	.may = BIT(ROLE_SL) | BIT(ROLE_SS) | BIT(ROLE_NM),
	.context = CONTEXT_HOME,
	.home = home_push,
	.search = home_search,
	.verbs = verbs,
};
