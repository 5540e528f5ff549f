/*
 * handover.c - the desk passes from one person to the next: a frozen list, two passwords, one transaction.
 *
 * LOG-06, LOG-07. The server makes the list (server/rules/night_list.sql); the incoming person reads back the last two
 * digits of each red line. Until he has given his password the desk is the other's, whatever breaks. Not for: what
 * happened (duty.c). Trap: a password never reaches SQL; what arrives there is the key made of it (F_PASSWORD).
 */
#include "common/books/shorthand.h"

#define KEEPERS (BIT(ROLE_NM) | BIT(ROLE_CM))
#define READERS (KEEPERS | BIT(ROLE_CSS) | BIT(ROLE_DEM) | BIT(ROLE_EM))

enum { NO, PAGE, OUTGOING, STAFF, PASSWORD, DIGITS, COUNTED, NOTE, ITEMS_, RED, FROZEN_AT, FROZEN_NO, OUT_AT, IN_AT, NEXT_PAGE, LOG_NO, LOG_DIGEST, NFIELDS };
enum { FROZEN, SIGNED, DONE, WITHDRAWN, NSTATES };
static const struct field fields[] = {
	[NO] = { .name = "no", .label = N_("No."), .help = N_("The hand-over's number."), .type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NUMBER | F_NARROW },
	[PAGE] = REF("page", N_("Page"), N_("The page that it closes."), F_LIST | F_AUTO | F_NARROW, "duty_page"),
	[OUTGOING] = REF("outgoing", N_("Outgoing"), N_("Who hands the desk over."), F_LIST | F_AUTO, "staff"),
	[STAFF] = REF("staff", N_("Incoming"), N_("Who takes the desk over: work number or sign-in name."), F_LIST | F_ANYWHERE, "staff"),
	[PASSWORD] = { .name = "password", .label = N_("Password"), .help = N_("His own; it is his signature."), .type = FT_TEXT, .level = LEVEL_SEALED,
		.flags = F_ARG | F_PASSWORD | F_NARROW, .min = 1, .max = 256, .whose = "staff" },
	[DIGITS] = { .name = "digits", .label = N_("Read back"), .help = N_("The last two digits of each red line, in the order of the list: 07 23."), .type = FT_TEXT, .level = LEVEL_OPEN,
		.flags = F_ARG, .max = 1000 },
	[COUNTED] = { .name = "counted", .label = N_("Counted"), .help = N_("Cards, radios, torches, envelopes as they were counted; nothing = all of them are there."),
		.type = FT_ITEMS, .level = LEVEL_OPEN, .flags = 0, .max = 20 },
	[NOTE] = { .name = "note", .label = N_("Note"), .help = N_("What the next one has to know of repairs and the like (LOG-07)."), .type = FT_NOTE, .level = LEVEL_NAME, .min = 2, .max = 2000 },
	[ITEMS_] = INT("items", N_("Lines"), N_("How many matters the list holds."), F_LIST | F_AUTO | F_NARROW, 0, 0),
	[RED] = INT("red", N_("Red lines"), N_("How many of them are read back."), F_LIST | F_AUTO | F_NARROW, 0, 0),
	[FROZEN_AT] = STAMP("frozen_at", N_("List made at"), N_("When the server made the list."), F_LIST | F_SORT),
	[FROZEN_NO] = INT("frozen_no", N_("Log then"), N_("The log's number when the list was made."), F_AUTO | F_NARROW, 0, 0),
	[OUT_AT] = STAMP("out_at", N_("Handed at"), N_("When."), 0),
	[IN_AT] = STAMP("in_at", N_("Accepted at"), N_("When; from this moment the desk is his."), F_LIST),
	[NEXT_PAGE] = REF("next_page", N_("Goes on in"), N_("The page on which the desk goes on."), F_AUTO | F_NARROW, "duty_page"),
	[LOG_NO] = INT("log_no", N_("Log to"), N_("The log's number when the desk changed hands."), F_AUTO | F_NARROW, 0, 0),
	[LOG_DIGEST] = TEXT("log_digest", N_("Log digest"), N_("Over the log's lines of the page and the digest of the page before."), LEVEL_OPEN, F_AUTO, 1, 64),
};
_Static_assert(NITEMS(fields) == NFIELDS, "handover fields");
static const struct state states[] = {
	[FROZEN] = { .name = "frozen", .label = N_("List made"), .open = true },
	[SIGNED] = { .name = "signed", .label = N_("Outgoing signed"), .open = true },
	[DONE] = { .name = "done", .label = N_("Desk handed over") },
	[WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
_Static_assert(NITEMS(states) == NSTATES, "handover states");
#define DESK_MINE(n) { .name = n, .rule = "LOG-06", .code = ERR_FORBIDDEN, .sentence = N_("Only who holds the desk hands it over.") }
#define IN_TIME(n) { .name = n, .rule = "LOG-06", .sentence = N_("The list is too old; withdraw and make it anew.") }
#define HIS_PASSWORD(n) { .name = n, .rule = "LOG-06", .code = ERR_FORBIDDEN, .field = "password", .sentence = N_("This is not his password, or too many wrong ones were given.") }
static const struct guard freezing[] = {
	DESK_MINE("handover_desk_mine"),
	{ .name = "handover_one_at_a_time", .rule = "LOG-06", .sentence = N_("A hand-over is under way; go on with it or withdraw it.") },
	{ .name = NULL },
};
static const struct guard signing_out[] = { DESK_MINE("handover_out_mine"), IN_TIME("handover_out_in_time"), HIS_PASSWORD("handover_out_password"), { .name = NULL } };
static const struct guard signing_in[] = {
	DESK_MINE("handover_in_mine"), IN_TIME("handover_in_time"),
	{ .name = "handover_another", .rule = "LOG-06", .field = "staff", .sentence = N_("The desk is handed to somebody else.") },
	{ .name = "handover_may_keep", .rule = "LOG-06", .field = "staff", .sentence = N_("Only a night manager or the centre's manager holds the desk.") },
	{ .name = "handover_red_listed", .rule = "LOG-06", .sentence = N_("A red matter has come up since the list was made; withdraw and make it anew.") },
	{ .name = "handover_read_back", .rule = "LOG-06", .field = "digits", .sentence = N_("The digits are not those of the red lines; read them back in the order of the list.") },
	HIS_PASSWORD("handover_in_password"),
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "freeze", .label = N_("Hand the desk over"), .help = N_("The server lists what is open: loans and keys out, visitors inside, incidents, time limits, things counted (LOG-06)."),
		.roles = KEEPERS, .to = FROZEN, .flags = OP_CREATE, .asks = FIELD(COUNTED) | FIELD(NOTE), .derive = "handover_frozen", .guards = freezing,
		.prepare = "handover_frozen", .effect = "handover_frozen" },
	{ .name = "confirm_out", .label = N_("Sign as outgoing"), .help = N_("With the password of who hands over; the desk is still his (LOG-06)."),
		.roles = KEEPERS, .from = BIT(FROZEN), .to = SIGNED, .asks = FIELD(PASSWORD), .needs = FIELD(PASSWORD), .state_rule = "LOG-06",
		.state_sentence = N_("This hand-over is signed already, over or withdrawn."), .derive = "handover_out", .guards = signing_out },
	{ .name = "confirm_in", .label = N_("Sign as incoming"), .help = N_("Who takes the desk over gives his number and password and reads the red lines back (LOG-06)."),
		.roles = KEEPERS, .from = BIT(SIGNED), .to = DONE, .asks = FIELD(STAFF) | FIELD(PASSWORD) | FIELD(DIGITS), .needs = FIELD(STAFF) | FIELD(PASSWORD), .state_rule = "LOG-06",
		.state_sentence = N_("First the outgoing person signs; then the incoming one, once."), .derive = "handover_in", .guards = signing_in,
		.prepare = "handover_in", .effect = "handover_in" },
	{ .name = "withdraw", .label = N_("Withdraw the hand-over"), .help = N_("The desk stays where it is; the list is made anew next time."),
		.roles = KEEPERS, .from = BIT(FROZEN) | BIT(SIGNED), .to = WITHDRAWN, .flags = OP_AT_ONCE, .state_rule = "LOG-06",
		.state_sentence = N_("This hand-over is over or withdrawn."), .guards = (const struct guard[]){ DESK_MINE("handover_withdraw_mine"), { .name = NULL } } },
};
static const struct view views[] = {
	{ .name = "running", .label = N_("Hand-over under way"), .where = "{\"state\":[\"frozen\",\"signed\"]}", .sort = "-frozen_at", .roles = KEEPERS },
	{ .name = "done", .label = N_("Hand-overs"), .where = "{\"state\":\"done\"}", .sort = "-frozen_at", .roles = 0 },
};
static const struct part parts[] = {
	{ .name = "lines", .label = N_("Lines of the list"), .book = "handover_item", .by = "handover", .sort = "id" },
};
static const char *const line_columns[] = { "line", "red", "source", "no", "text", "since", "state", NULL };
static const struct slip_rows line_rows = { .book = "handover_item", .by = "handover", .sort = "id", .columns = line_columns };
static const char *const sheet_fields[] = { "page", "outgoing", "staff", "frozen_at", "frozen_no", "out_at", "in_at", "red", "note", "log_no", "log_digest", "state", NULL };
static const char *const sheet_signs[] = { N_("Handed over"), N_("Taken over"), NULL };
static const struct slip slips[] = {
	{ .name = "handover_sheet", .title = N_("Hand-over of the desk"), .head = "no", .fields = sheet_fields, .rows = &line_rows, .signs = sheet_signs },
};
const struct book book_handover = { .name = "handover", .title = N_("Hand-overs"),
	.why = N_("At every moment one person answers for the estate, and both know what he took over."),
	.readers = READERS, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS), .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES,
	.ops = ops, .nops = NITEMS(ops), .views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts), .slips = slips, .nslips = NITEMS(slips) };

static const struct choice sources[] = { { "count", N_("Things counted") }, { "key", N_("Keys out") },
	{ "seal", N_("Seals open") }, { "emergency", N_("Emergencies") }, { "incident", N_("Incidents") }, { "welfare", N_("Welfare checks") },
	{ "visitor", N_("Visitors inside") }, { "loan", N_("Files out") }, { "job", N_("Jobs open") }, { "matter", N_("Open matters") }, { "wanted", N_("To be written") },
	{ "deadline", N_("Time limits running") }, { NULL, NULL } };
enum { I_HANDOVER, I_PAGE, I_LINE, I_SOURCE, I_RED, I_BOOK, I_RECORD, I_NO, I_TEXT, I_SINCE, I_WAS, I_STILL, I_NOTE, I_SETTLED_BY, I_SETTLED_AT, I_NFIELDS };
enum { I_LISTED, I_MISSING, I_SETTLED, I_NSTATES };
static const struct field item_fields[] = {
	[I_HANDOVER] = REF("handover", N_("Hand-over"), N_("The list it stands on."), F_AUTO | F_NARROW, "handover"),
	[I_PAGE] = REF("page", N_("Page"), N_("The page that took it over."), F_AUTO | F_NARROW, "duty_page"),
	[I_LINE] = INT("line", N_("Line"), N_("Its place on the list; red lines come first."), F_LIST | F_AUTO | F_NARROW, 0, 0),
	[I_SOURCE] = CHOICE("source", N_("What"), N_("What kind of matter it is."), F_LIST | F_AUTO, sources),
	[I_RED] = TICK("red", N_("Red"), N_("Its number is read back."), F_LIST | F_AUTO),
	[I_BOOK] = TEXT("book", N_("Book"), N_("The book of the matter."), LEVEL_OPEN, F_AUTO | F_BOOK_NAME | F_NARROW, 1, 48),
	[I_RECORD] = INT("record", N_("Record"), N_("Its number there."), F_AUTO | F_NARROW, 0, 0),
	[I_NO] = TEXT("no", N_("No."), N_("The number whose last two digits are read back."), LEVEL_OPEN, F_LIST | F_AUTO | F_NARROW, 1, 40),
	[I_TEXT] = TEXT("text", N_("Matter"), N_("What it was when the list was made."), LEVEL_NAME, F_LIST | F_AUTO | F_WORDS, 1, 300),
	[I_SINCE] = STAMP("since", N_("Open since"), N_("Since when it is open, or when it is due."), F_LIST),
	[I_WAS] = TEXT("was", N_("State then"), N_("How its own book had it."), LEVEL_OPEN, F_AUTO | F_NARROW | F_WORDS, 1, 40),
	[I_STILL] = { .name = "still", .label = N_("Still open"), .help = N_("Whether it is open at this moment."), .type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW,
		.choices = shorthand_yes_no, .computed = "lodge.desk_still(t.source, t.book, t.record)" },
	[I_NOTE] = { .name = "note", .label = N_("Note"), .help = N_("What became of a matter that nobody closed."), .type = FT_NOTE, .level = LEVEL_NAME, .min = 5, .max = 1000 },
	[I_SETTLED_BY] = REF("settled_by", N_("Settled by"), N_("Who found out."), F_AUTO, "staff"),
	[I_SETTLED_AT] = STAMP("settled_at", N_("Settled"), N_("When."), 0),
};
_Static_assert(NITEMS(item_fields) == I_NFIELDS, "handover item fields");
static const struct state item_states[] = {
	[I_LISTED] = { .name = "listed", .label = N_("Listed"), .born = true },
	[I_MISSING] = { .name = "missing", .label = N_("Missing"), .open = true, .born = true },
	[I_SETTLED] = { .name = "settled", .label = N_("Settled") },
};
_Static_assert(NITEMS(item_states) == I_NSTATES, "handover item states");
static const struct op item_ops[] = {
	{ .name = "settle", .label = N_("Settle what is missing"), .help = N_("A superior has found out what became of a matter that left the list without being closed."),
		.roles = BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM), .from = BIT(I_MISSING), .to = I_SETTLED, .asks = FIELD(I_NOTE), .needs = FIELD(I_NOTE), .state_rule = "LOG-06",
		.state_sentence = N_("Only what is missing is settled; everything else leaves the list by being closed."), .derive = "handover_settled",
		.effect = "handover_settled" },
};
static const struct view item_views[] = {
	{ .name = "missing", .label = N_("Gone without being closed"), .where = "{\"state\":\"missing\"}", .sort = "id", .late = true,
		.roles = BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM) },
};
const struct book book_handover_item = { .name = "handover_item", .title = N_("Lines of hand-overs"),
	.why = N_("Nothing leaves the list but by being closed."),
	.readers = READERS, .historians = BIT(ROLE_EM) | BIT(ROLE_CM), .fields = item_fields, .nfields = I_NFIELDS, .states = item_states, .nstates = I_NSTATES,
	.ops = item_ops, .nops = NITEMS(item_ops), .views = item_views, .nviews = NITEMS(item_views) };
