/*
 * copy.c - the register of controlled copies: who holds which summary table of the residents.
 *
 * CNF-02, CNF-08..10. A table is compiled for a tier and an area when its copy is issued; its rows
 * leave the database only against that line of the register. Not for: the rules themselves
 * (server/rules/copy.sql). Trap: a copy is never changed or used again; a second one of the same
 * table is a reproduction with a number of its own.
 */
#include "common/books/books.h"

#define KEEPERS (BIT(ROLE_ACU) | BIT(ROLE_EM))

static const struct choice tiers[] = { { "estate", N_("Names and units") }, { "cs", N_("With telephones") },
	{ "full", N_("Full compilation") }, { "vip", N_("Important households") }, { "help", N_("Who needs help") }, { NULL, NULL } };
static const struct choice purposes[] = { { "Work in the area", N_("Work in the area") }, { "Emergency duty", N_("Emergency duty") },
	{ "Archive upkeep", N_("Archive upkeep") }, { NULL, NULL } };
static const struct choice recalls[] = { { "left", N_("Holder has left") }, { "uncovered", N_("Holder no longer may") },
	{ "expired", N_("Expired") }, { "superseded", N_("Newer table issued") }, { "nothing", N_("Nothing") }, { NULL, NULL } };

enum { NO, TIER, AREA, RECIPIENT, PURPOSE, EXPIRES, REPRODUCTION_OF, REQUESTED_BY, REQUESTED_AT, APPROVED_BY, APPROVED_AT, ISSUED_BY,
	ISSUED_AT, COMPILED_AT, ENDS_AT, RECALLED_BY, RECALLED_AT, RECEIVED_BY, RETURNED_AT, CLOSED_BY, CLOSED_AT, NOTE, RECALL, NFIELDS };
enum { REQUESTED, APPROVED, ISSUED, RECALLED, RETURNED, DESTROYED, LOST, REJECTED, WITHDRAWN, NSTATES };
enum { DEADLINE_ENDS };

#define REF_STAFF(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_REF, .level = LEVEL_OPEN, .flags = (f), .ref = "staff" }
#define STAMP(n, l, h) { .name = n, .label = l, .help = h, .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO }
static const struct field fields[] = {
	[NO] = { .name = "no", .label = N_("No."), .help = N_("The copy's number, on every page; never used again (CNF-08)."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NUMBER | F_NARROW, .max = 20 },
	[TIER] = { .name = "tier", .label = N_("Table"), .help = N_("What the summary table tells of each resident (CNF-02..05)."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST, .choices = tiers },
	[AREA] = { .name = "area", .label = N_("Area"), .help = N_("The area that it is compiled for."),
		.type = FT_AREA, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW },
	[RECIPIENT] = REF_STAFF("recipient", N_("Recipient"), N_("Who holds it; his own tier and areas must cover the table's (CNF-10)."), F_LIST | F_PARTY | F_ANYWHERE),
	[PURPOSE] = { .name = "purpose", .label = N_("Purpose"), .help = N_("What it is for; it stands in the register."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_SUGGEST, .min = 5, .max = 200, .choices = purposes },
	[EXPIRES] = { .name = "expires", .label = N_("Expires"), .help = N_("Last day; empty: as long as the policy allows."),
		.type = FT_DATE, .level = LEVEL_OPEN, .flags = F_LIST },
	[REPRODUCTION_OF] = { .name = "reproduction_of", .label = N_("Reproduction of"), .help = N_("The copy of the same table that this one repeats; only with the estate manager's approval (CNF-09)."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = 0, .ref = "copy" },
	[REQUESTED_BY] = REF_STAFF("requested_by", N_("Requested by"), N_("Who entered the request."), F_AUTO),
	[REQUESTED_AT] = STAMP("requested_at", N_("Requested"), N_("When.")),
	[APPROVED_BY] = REF_STAFF("approved_by", N_("Approved by"), N_("The estate manager (CNF-02, CNF-09)."), F_AUTO),
	[APPROVED_AT] = STAMP("approved_at", N_("Approved"), N_("When.")),
	[ISSUED_BY] = REF_STAFF("issued_by", N_("Issued by"), N_("The custodian, who compiled it (CNF-08)."), F_AUTO),
	[ISSUED_AT] = STAMP("issued_at", N_("Issued"), N_("When.")),
	[COMPILED_AT] = STAMP("compiled_at", N_("Table of"), N_("When its table was first issued; a reproduction belongs to the table it repeats.")),
	[ENDS_AT] = STAMP("ends_at", N_("Due back"), N_("The end of its last day.")),
	[RECALLED_BY] = REF_STAFF("recalled_by", N_("Recalled by"), N_("Who called it in."), F_AUTO),
	[RECALLED_AT] = STAMP("recalled_at", N_("Recalled"), N_("When.")),
	[RECEIVED_BY] = REF_STAFF("received_by", N_("Taken back by"), N_("The custodian."), F_AUTO),
	[RETURNED_AT] = STAMP("returned_at", N_("Returned"), N_("When.")),
	[CLOSED_BY] = REF_STAFF("closed_by", N_("Closed by"), N_("Who destroyed it, or wrote it off as lost."), F_AUTO),
	[CLOSED_AT] = STAMP("closed_at", N_("Closed"), N_("When.")),
	[NOTE] = { .name = "note", .label = N_("Note"), .help = N_("Why it was refused or recalled, or how it was lost."),
		.type = FT_NOTE, .level = LEVEL_OPEN, .flags = 0, .min = 3, .max = 1000 },
	[RECALL] = { .name = "recall", .label = N_("To be recalled"), .help = N_("Why an issued copy has to come back (CNF-10)."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_AUTO | F_LIST, .choices = recalls, .computed = "lodge.copy_recall(t.id)" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "copy fields");
static const struct state states[] = {
	[REQUESTED] = { .name = "requested", .label = N_("Requested"), .open = true },
	[APPROVED] = { .name = "approved", .label = N_("Approved"), .open = true },
	[ISSUED] = { .name = "issued", .label = N_("Issued"), .open = true },
	[RECALLED] = { .name = "recalled", .label = N_("Recalled"), .open = true },
	[RETURNED] = { .name = "returned", .label = N_("Returned"), .open = true },
	[DESTROYED] = { .name = "destroyed", .label = N_("Destroyed") },
	[LOST] = { .name = "lost", .label = N_("Lost") },
	[REJECTED] = { .name = "rejected", .label = N_("Rejected") },
	[WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
_Static_assert(NITEMS(states) == NSTATES, "copy states");

#define FULL_FOR_MANAGER { .name = "copy_full_for_manager", .rule = "CNF-02", .field = "recipient", \
	.sentence = N_("The full compilation is kept by the estate manager alone.") }
#define COVERED { .name = "copy_recipient_covers", .rule = "CNF-10", .field = "recipient", \
	.sentence = N_("The recipient's own tier and areas do not cover this table.") }
#define SAME_TABLE { .name = "copy_same_table", .rule = "CNF-09", .field = "reproduction_of", \
	.sentence = N_("A reproduction is of the same table and area, and of a copy that was issued.") }
#define EXPIRES_AHEAD { .name = "copy_expires_ahead", .rule = "CNF-10", .code = ERR_INVALID, .field = "expires", \
	.sentence = N_("The last day must lie ahead and within what the policy allows.") }
static const struct guard requesting[] = { FULL_FOR_MANAGER, COVERED, SAME_TABLE, EXPIRES_AHEAD, { .name = NULL } };
static const struct guard approving[] = {
	{ .name = "copy_not_own", .rule = "CNF-09", .sentence = N_("You entered this request yourself; somebody else has to decide.") },
	FULL_FOR_MANAGER, COVERED,
	{ .name = NULL },
};
static const struct guard issuing[] = {
	{ .name = "copy_as_approved", .rule = "CNF-08", .code = ERR_INVALID, .field = "tier",
		.sentence = N_("A request is issued as it stands; give nothing but its id and version.") },
	{ .name = "copy_table_approved", .rule = "CNF-02",
		.sentence = N_("The estate manager has to approve this table first; request it.") },
	{ .name = "copy_reproduction_approved", .rule = "CNF-09",
		.sentence = N_("The estate manager has to approve a reproduction first; request it.") },
	FULL_FOR_MANAGER, COVERED, SAME_TABLE, EXPIRES_AHEAD,
	{ .name = "step_up", .rule = "CNF-02", .code = ERR_LOCKED, .sentence = N_("Give your password again to open this.") },
	{ .name = NULL },
};

#define ASKS (FIELD(TIER) | FIELD(AREA) | FIELD(RECIPIENT) | FIELD(PURPOSE) | FIELD(EXPIRES) | FIELD(REPRODUCTION_OF))
#define NEEDS (FIELD(TIER) | FIELD(AREA) | FIELD(RECIPIENT))
static const struct op ops[] = {
	{ .name = "request", .label = N_("Request a copy"), .help = N_("Asks for a copy that the estate manager has to approve (CNF-02, CNF-09)."),
		.roles = BIT(ROLE_ACU), .to = STATE_DERIVED, .flags = OP_CREATE, .asks = ASKS, .needs = NEEDS,
		.derive = "copy_requested", .guards = requesting },
	{ .name = "approve", .label = N_("Approve"), .help = N_("The estate manager lets this copy be made (CNF-02, CNF-09)."),
		.roles = BIT(ROLE_EM), .from = BIT(REQUESTED), .to = APPROVED, .state_rule = "CNF-09",
		.state_sentence = N_("Only an open request can be approved."), .derive = "copy_approved", .guards = approving },
	{ .name = "reject", .label = N_("Reject"), .help = N_("The copy is not made."),
		.roles = BIT(ROLE_EM), .from = BIT(REQUESTED) | BIT(APPROVED), .to = REJECTED, .asks = FIELD(NOTE), .needs = FIELD(NOTE),
		.state_rule = "CNF-09", .state_sentence = N_("Only an open request can be rejected.") },
	{ .name = "withdraw", .label = N_("Withdraw"), .help = N_("The copy is no longer needed."),
		.roles = BIT(ROLE_ACU), .from = BIT(REQUESTED) | BIT(APPROVED), .to = WITHDRAWN, .asks = FIELD(NOTE), .flags = OP_CONFIRM,
		.state_rule = "CNF-10", .state_sentence = N_("The copy has been issued already; recall it.") },
	{ .name = "issue", .label = N_("Issue a copy"), .help = N_("Compiles the table, enters it in the register and prints it; with id and version one that was approved (CNF-08)."),
		.roles = BIT(ROLE_ACU), .from = BIT(APPROVED), .to = ISSUED, .flags = OP_CREATE | OP_RESUME | OP_EXPORT, .asks = ASKS, .needs = NEEDS,
		.state_rule = "CNF-09", .state_sentence = N_("The estate manager has not approved this copy, or it has been issued already."),
		.derive = "copy_issued", .guards = issuing, .opens = BIT(DEADLINE_ENDS) },
	{ .name = "recall", .label = N_("Recall"), .help = N_("Calls the copy in (CNF-10)."),
		.roles = KEEPERS, .from = BIT(ISSUED), .to = RECALLED, .asks = FIELD(NOTE), .state_rule = "CNF-10",
		.state_sentence = N_("Only a copy that is out can be recalled."), .derive = "copy_recalled" },
	{ .name = "return", .label = N_("Take back"), .help = N_("The copy has come back, whole."),
		.roles = BIT(ROLE_ACU), .from = BIT(ISSUED) | BIT(RECALLED), .to = RETURNED, .asks = FIELD(NOTE), .state_rule = "CNF-10",
		.state_sentence = N_("The copy is not out."), .derive = "copy_returned", .closes = BIT(DEADLINE_ENDS) },
	{ .name = "destroy", .label = N_("Destroy"), .help = N_("The copy is destroyed; its line stays."),
		.roles = BIT(ROLE_ACU), .from = BIT(RECALLED) | BIT(RETURNED), .to = DESTROYED, .asks = FIELD(NOTE), .flags = OP_CONFIRM,
		.state_rule = "CNF-10", .state_sentence = N_("Only a copy that was recalled or has come back can be destroyed."),
		.derive = "copy_closed", .closes = BIT(DEADLINE_ENDS) },
	{ .name = "lose", .label = N_("Report lost"), .help = N_("The copy cannot be found; the note is the report."),
		.roles = KEEPERS, .from = BIT(ISSUED) | BIT(RECALLED), .to = LOST, .asks = FIELD(NOTE), .needs = FIELD(NOTE), .flags = OP_CONFIRM,
		.state_rule = "CNF-10", .state_sentence = N_("The copy is not out."), .derive = "copy_closed", .closes = BIT(DEADLINE_ENDS) },
};
static const struct deadline deadlines[] = { [DEADLINE_ENDS] = { .name = "copy_ends", .label = N_("Copy due back"), .field = ENDS_AT } };
static const struct view views[] = {
	{ .name = "to_recall", .label = N_("Copies to recall"), .where = "{\"recall\":[\"left\",\"uncovered\",\"expired\",\"superseded\"]}", .sort = "id",
		.roles = KEEPERS },
	{ .name = "to_approve", .label = N_("Copies to approve"), .where = "{\"state\":\"requested\"}", .sort = "id", .roles = BIT(ROLE_EM) },
	{ .name = "to_issue", .label = N_("Copies to issue"), .where = "{\"state\":\"approved\"}", .sort = "id", .roles = BIT(ROLE_ACU) },
	{ .name = "recalled", .label = N_("Copies called in"), .where = "{\"state\":\"recalled\"}", .sort = "id", .roles = BIT(ROLE_ACU) },
};
/* CNF-02..05: exactly what each tier is; an important household's mobile is in none of them. */
#define BY_UNIT "(SELECT u.code FROM unit u WHERE u.id = t.unit), t.id"
static const char *const estate_columns[] = { "unit", "name", NULL };
static const char *const cs_columns[] = { "unit", "name", "mobile", "home_phone", NULL };
static const char *const full_columns[] = { "unit", "name", "relation", "mobile", "home_phone", "sex", "id_no", "birth", "native_place",
	"registration_place", "email", "needs_help", NULL };
static const char *const vip_columns[] = { "unit", "household", "birthday", "character", "preferences", "skills", "requirements", "opinions", NULL };
/* VUL-07: for the hour when the server is not there. Units and no names; beforehand it is as confidential as what it tells. */
static const char *const help_columns[] = { "building", "floor", "code", NULL };
static const struct paper_sheet sheets[] = {
	{ .name = "estate", .title = N_("Household summary: names and units"), .book = "person", .columns = estate_columns, .where = "t.left_on IS NULL", .sort = BY_UNIT },
	{ .name = "cs", .title = N_("Household summary: with telephones"), .book = "person", .columns = cs_columns, .where = "t.left_on IS NULL", .sort = BY_UNIT },
	{ .name = "full", .title = N_("Household summary: full compilation"), .book = "person", .columns = full_columns, .where = "t.left_on IS NULL", .sort = BY_UNIT },
	{ .name = "vip", .title = N_("Household summary: important households"), .book = "vip_profile", .columns = vip_columns, .sort = BY_UNIT },
	{ .name = "help", .title = N_("Who needs help in an emergency: units by building and floor"), .book = "unit", .columns = help_columns,
		.where = "EXISTS (SELECT 1 FROM person p WHERE p.unit = t.id AND p.needs_help AND p.left_on IS NULL)",
		.sort = "(SELECT lpad(b.number, 8) FROM building b WHERE b.id = t.building), t.floor, t.code, t.id" },
};
static const char *const foot[] = { "no", "recipient", "area", "expires", NULL };
static const struct paper paper = { .by = "tier", .stamp = N_("CONTROLLED COPY"), .rule = "CNF-08", .foot = foot, .sheets = sheets, .nsheets = NITEMS(sheets) };
const struct book book_copy = { .name = "copy", .title = N_("Controlled copies"),
	.why = N_("Every list of residents that leaves the house has a number, a holder and an end."),
	.readers = KEEPERS, .parties = ROLES_ALL, .historians = KEEPERS, .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.deadlines = deadlines, .ndeadlines = NITEMS(deadlines), .views = views, .nviews = NITEMS(views), .paper = &paper };
