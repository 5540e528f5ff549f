/*
 * gate.c - the security gate: one line that takes anything, visitors, goods, and who is inside.
 *
 * Not for: what the line answers (client/gate_decide.c) or how it looks (client/gate_screen.c). Trap: in the footer
 * the most important verbs stay longest, whatever their place here; help lists them in this order.
 */
#include "client/consoles/console.h"
#include "client/gate_decide.h"
#include "client/screens.h"

static const char *const verbs[] = {
	"visitor.arrive", "visitor.leave", "release_slip.clear", "visitor.pass_through", "visitor.ask_host", "visitor.answer",
	"visitor.escort", "visitor.enter", "visitor.alert", "incident.open", "shift", "roll_call", "entry_pass.issue",
	"parking.drive_in", "goods_log.note", "staff_gate.book", NULL,
};

const struct console console_gate = {
	.roles = BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS),
	.may = BIT(ROLE_NM) | BIT(ROLE_EM),
	.context = CONTEXT_GATE,
	.home = gate_push,
	.search = gate_search,
	.verbs = verbs,
	.keeps = gate_keeps,
};
