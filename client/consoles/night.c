/*
 * night.c - the night manager's console: what is late stands first, row by row, and one key does what comes next.
 *
 * 17:30 to 08:00 one person answers for the whole estate (OPS-03, NGT-01). Not for: what an operation does (its book), or
 * the hand-over (client/night_handover.c). Trap: the order of the steps is the order of worry among what is late, and
 * among the rest; a record in two queues is shown in the first.
 */
#include "client/consoles/console.h"
#include "client/screens.h"

#define OPS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const verbs[] = {
	"handover", "post_check.sign", "duty_entry.write", "key_use.take", "welfare_check.start", "emergency.open", "round.begin", "post_check.absent", "shift", "reports", "duty_page.open", NULL,
};

static const struct step steps[] = {
	{ .queue = "emergency.running" },
	{ .queue = "roll_tick.help", .ops = OPS("see") },
	{ .queue = "roll_tick.not_found", .ops = OPS("see") },
	{ .queue = "torch_request.to_bring", .ops = OPS("bring") },
	{ .queue = "welfare_check.open", .ops = OPS("knock", "ask_neighbours", "call_children", "enter", "outcome", "sign") },
	{ .queue = "welfare_check.to_close", .ops = OPS("close") },
	{ .queue = "key_use.late", .ops = OPS("bring_back", "reseal") },
	{ .queue = "key_use.to_inform", .ops = OPS("inform_tenant") },
	{ .queue = "duty_entry.wanted", .ops = OPS("write") },
	{ .queue = "duty_entry.in_person", .ops = OPS("report") },
	{ .queue = "incident.late", .ops = OPS("report_orally", "submit", "send_copies") },
	{ .queue = "post_check.to_repeat", .ops = OPS("repeat") },
	{ .queue = "post_check.to_sign", .ops = OPS("sign") },
	{ .queue = "post.overdue", .ops = OPS("post_check.sign") },
	{ .queue = "post_check.absent" },
	{ .queue = "post.missed" },
	{ .queue = "watch_note.open", .ops = OPS("decide") },
	{ .queue = "round.missed" },
	{ .queue = "handover_item.missing", .ops = OPS("settle") },
	{ .queue = "handover.running" },
	{ .queue = "key_use.open", .ops = OPS("bring_back", "reseal") },
	{ .queue = "incident.open", .ops = OPS("report_orally", "submit") },
	{ .queue = "incident.to_copy", .ops = OPS("send_copies") },
	{ .queue = "duty_entry.open", .ops = OPS("follow_up") },
	{ .queue = "round.under_way", .ops = OPS("see") },
	{ .queue = "post.unchecked", .ops = OPS("post_check.sign") },
	{ .queue = "visitor.inside" },
	{ .queue = NULL },
};

/* ---- without the server ---- */

#define SETS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define CHECKED SETS("last_check", "$at", "check_due", "null", "unchecked", "false", "check_overdue", "false")

static const struct keep_touch post_touched[] = {
	{ .book = "post_check", .op = "sign", .by = SETS("id", "post"), .sets = CHECKED },
	{ .book = "post_check", .op = "absent", .by = SETS("id", "post"), .sets = CHECKED },
	{ .book = NULL },
};
static const struct keep_outcome check_outcomes[] = {
	{ .op = "sign", .state = "offline", .stamp = "checked_at" },
	{ .op = "absent", .stamp = "checked_at" },
	{ .op = NULL },
};
static const struct keep_outcome entry_outcomes[] = {
	{ .op = "write", .field = "result", .value = "", .state = "open", .stamp = "at" },
	{ .op = "write", .state = "closed" },
	{ .op = NULL },
};
static const struct keep_outcome round_outcomes[] = {
	{ .op = "begin", .stamp = "begun_at" },
	{ .op = "see", .less = "points_to_see", .more = "points_seen" },
	{ .op = "close", .stamp = "ended_at" },
	{ .op = NULL },
};
static const struct keep_touch point_touched[] = {
	{ .book = "round", .op = "see", .by = SETS("round", "id", "point", "point"), .sets = SETS("state", "\"seen\"", "seen_at", "$at") },
	{ .book = NULL },
};
static const struct keep_outcome roll_outcomes[] = {
	{ .op = "see", .state = "seen", .stamp = "ticked_at" },
	{ .op = "miss", .state = "not_found", .stamp = "ticked_at" },
	{ .op = NULL },
};
static const struct keep_outcome note_outcomes[] = {
	{ .op = "note", .stamp = "noted_at" },
	{ .op = NULL },
};

/* What he needs on his way: who stands where and what is due, his page, his rounds, whom the patrol watches, what is open. */
static const struct keep_book kept[] = {
	{ .book = "duty_page", .where = "{\"state\":\"open\"}" },
	{ .book = "duty_entry", .where = "{\"state\":[\"wanted\",\"open\"]}", .outcomes = entry_outcomes },
	{ .book = "post", .where = "{}", .also = "post_check", .due = "check_due", .overdue = "check_overdue", .touched = post_touched },
	{ .book = "roster", .where = "{\"on_duty\":true}" },
	{ .book = "post_check", .where = "{\"state\":[\"called\",\"offline\"]}", .outcomes = check_outcomes },
	{ .book = "round", .where = "{\"state\":\"under_way\"}", .also = "round_point", .outcomes = round_outcomes },
	{ .book = "round_point", .where = "{\"state\":\"to_see\"}", .also = "round", .touched = point_touched },
	{ .book = "patrol_point", .where = "{\"state\":\"in_use\"}" },
	{ .book = "key_household", .where = "{\"state\":\"listed\"}" },
	{ .book = "watch_note", .where = "{\"state\":\"open\"}", .outcomes = note_outcomes },
	{ .book = "incident", .where = "{\"state\":[\"opened\",\"opened_late\",\"reported\",\"reported_late\"]}" },
	{ .book = "emergency", .where = "{\"state\":[\"open\",\"expired\"]}" },
	{ .book = "emergency_step", .where = "{\"state\":\"waiting\"}" },
	{ .book = "roll_tick", .where = "{\"runs\":true}", .also = "emergency", .outcomes = roll_outcomes },
	{ .book = "key_use", .where = "{\"state\":[\"out\",\"late\",\"at_desk\",\"reseal_late\"]}" },
	{ .book = "welfare_check", .where = "{\"state\":[\"started\",\"knocked\",\"neighbours\",\"children\",\"entered\",\"concluded\"]}" },
};

static const struct keep_book *keeps(size_t n)
{
	return n < NITEMS(kept) ? &kept[n] : NULL;
}

const struct console console_night = {
	.roles = BIT(ROLE_NM),
	.may = BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM),
	.context = CONTEXT_HOME,
	.home = home_push,
	.search = home_search,
	.verbs = verbs,
	.head = "duty_page.open",
	.head_none = N_("No duty page is open: who begins one holds the desk."),
	.steps = steps,
	.keeps = keeps,
};
