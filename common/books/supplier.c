/*
 * supplier.c - suppliers' lists: whose employees may enter, signed by director and board.
 *
 * SUP-01..05: a list is in force when both signatures are recorded and security has checked it, between its two
 * days; a name that is withdrawn stops at once. Not for: the entry itself (visitor.c). Trap: BD and MB have no
 * login; purchasing keys their signatures with the paper's reference. Its names are OPEN: purchasing has no
 * household level, and has written them. `in_force` and `expired` depend on the day.
 */
#include "common/books/shorthand.h"

#define BUYER BIT(ROLE_PUR)
#define GATE (BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_SS))

enum { CONTRACTOR, LIST_VERSION, VALID_FROM, VALID_UNTIL, DIRECTOR_AT, DIRECTOR_DOCUMENT, BOARD_AT, BOARD_DOCUMENT, ENTERED_BY, ENTERED_AT,
	CHECKED_BY, CHECKED_AT, REASON, NFIELDS };
enum { DRAFT, SIGNED, IN_FORCE, FUTURE, EXPIRED, SUPERSEDED, WITHDRAWN, NSTATES };
static const struct field fields[] = {
	[CONTRACTOR] = TEXT("contractor", N_("Contractor"), N_("The supplier whose employees it names."), LEVEL_OPEN, F_LIST | F_SORT, 2, 80),
	[LIST_VERSION] = INT("list_version", N_("Version"), N_("Counted for each contractor; entries cite it (SUP-04)."), F_LIST | F_AUTO | F_NARROW, 1, 99999),
	[VALID_FROM] = DATE("valid_from", N_("Valid from"), N_("First day."), F_LIST),
	[VALID_UNTIL] = DATE("valid_until", N_("Valid until"), N_("Last day."), F_LIST),
	[DIRECTOR_AT] = DATE("director_at", N_("Director date"), N_("The day on which the building director signed the paper (SUP-02)."), 0),
	[DIRECTOR_DOCUMENT] = TEXT("director_document", N_("Director paper"), N_("The reference of the signed paper."), LEVEL_OPEN, 0, 2, 60),
	[BOARD_AT] = DATE("board_at", N_("Board date"), N_("The day on which the management board signed the paper (SUP-02)."), 0),
	[BOARD_DOCUMENT] = TEXT("board_document", N_("Board paper"), N_("The reference of the signed paper."), LEVEL_OPEN, 0, 2, 60),
	[ENTERED_BY] = REF("entered_by", N_("Entered by"), N_("Who keyed the list."), F_AUTO, "staff"),
	[ENTERED_AT] = STAMP("entered_at", N_("Entered"), N_("When."), 0),
	[CHECKED_BY] = REF("checked_by", N_("Checked by"), N_("Who compared it with the paper."), F_AUTO, "staff"),
	[CHECKED_AT] = STAMP("checked_at", N_("Checked"), N_("When."), 0),
	[REASON] = TEXT("reason", N_("Reason"), N_("Why it is withdrawn."), LEVEL_OPEN, 0, 3, 200),
};
_Static_assert(NITEMS(fields) == NFIELDS, "supplier list fields");
static const struct state states[] = {
	[DRAFT] = { .name = "draft", .label = N_("Draft"), .open = true },
	[SIGNED] = { .name = "signed", .label = N_("Signed by both"), .open = true },
	[IN_FORCE] = { .name = "in_force", .label = N_("In force"), .open = true },
	[FUTURE] = { .name = "future", .label = N_("Not yet in force"), .of = IN_FORCE, .computed = "t.valid_from > (SELECT lodge.estate_day())", .open = true },
	[EXPIRED] = { .name = "expired", .label = N_("Expired"), .of = IN_FORCE, .computed = "t.valid_until < (SELECT lodge.estate_day())" },
	[SUPERSEDED] = { .name = "superseded", .label = N_("Superseded") },
	[WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
_Static_assert(NITEMS(states) == NSTATES, "supplier list states");
static const struct guard entering[] = {
	{ .name = "supplier_days_in_order", .rule = "SUP-04", .field = "valid_until", .sentence = N_("The list ends on its first day or later.") },
	{ .name = NULL },
};
static const struct guard signing[] = {
	{ .name = "supplier_signed_before", .rule = "SUP-02", .field = "director_at", .sentence = N_("A signature is recorded when it stands on the paper, not before.") },
	{ .name = NULL },
};
static const struct guard checking[] = {
	{ .name = "supplier_signed_by_both", .rule = "SUP-02", .field = "board_at", .sentence = N_("The list is valid only when director and board have signed it.") },
	{ .name = "supplier_names_somebody", .rule = "SUP-01", .sentence = N_("The list names nobody.") },
	{ .name = "supplier_checked_by_another", .rule = "SUP-02", .code = ERR_FORBIDDEN, .sentence = N_("Security checks what purchasing has keyed: not the same person.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "enter", .label = N_("Enter a suppliers' list"), .help = N_("A new version of a contractor's list (SUP-01)."),
		.roles = BUYER, .to = DRAFT, .flags = OP_CREATE, .asks = FIELD(CONTRACTOR) | FIELD(VALID_FROM) | FIELD(VALID_UNTIL),
		.needs = FIELD(CONTRACTOR) | FIELD(VALID_FROM) | FIELD(VALID_UNTIL), .derive = "supplier_entered", .guards = entering },
	{ .name = "sign", .label = N_("Record the signatures"), .help = N_("The day and the paper of the director's and the board's signature (SUP-02)."),
		.roles = BUYER, .from = BIT(DRAFT) | BIT(SIGNED), .to = STATE_DERIVED, .asks = FIELD(DIRECTOR_AT) | FIELD(DIRECTOR_DOCUMENT) | FIELD(BOARD_AT) | FIELD(BOARD_DOCUMENT),
		.state_rule = "SUP-02", .state_sentence = N_("This list is in force or out of use."), .derive = "supplier_signed", .guards = signing },
	{ .name = "check", .label = N_("Put the list in force"), .help = N_("Security has compared list, names and signatures with the paper (SUP-02)."),
		.roles = BIT(ROLE_SS), .from = BIT(DRAFT) | BIT(SIGNED), .to = IN_FORCE, .state_rule = "SUP-02",
		.state_sentence = N_("This list is in force or out of use."), .derive = "supplier_checked", .guards = checking, .prepare = "supplier_superseded" },
	{ .name = "withdraw", .label = N_("Withdraw the list"), .help = N_("Nobody enters on this list any more."),
		.roles = BUYER | BIT(ROLE_SS), .from = BIT(DRAFT) | BIT(SIGNED) | BIT(IN_FORCE), .to = WITHDRAWN, .asks = FIELD(REASON), .needs = FIELD(REASON),
		.state_rule = "SUP-04", .state_sentence = N_("This list is out of use already.") },
};
static const struct view views[] = {
	{ .name = "to_check", .label = N_("Suppliers' lists to check"), .where = "{\"state\":\"signed\"}", .sort = "contractor", .roles = BIT(ROLE_SS) },
	{ .name = "drafts", .label = N_("Suppliers' lists to sign"), .where = "{\"state\":\"draft\"}", .sort = "contractor", .roles = BUYER },
	{ .name = "in_force", .label = N_("Suppliers' lists in force"), .where = "{\"state\":\"in_force\"}", .sort = "contractor", .roles = 0 },
};
static const struct part parts[] = {
	{ .name = "people", .label = N_("Names"), .book = "supplier_person", .by = "list", .sort = "id" },
};
const struct book book_supplier_list = { .name = "supplier_list", .title = N_("Suppliers' lists"),
	.why = N_("Whom a supplier may send is known before he stands at the barrier."),
	.readers = GATE | BUYER, .historians = BIT(ROLE_SS), .caption = "contractor",
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts) };

enum { P_LIST, P_NAME, P_ID_NO, P_DOC_TAIL, P_CONTRACTOR, P_LIST_VERSION, P_VALID_UNTIL, P_VALID, P_WITHDRAWN_AT, P_WITHDRAWN_BY, P_REASON, P_NFIELDS };
enum { P_LISTED, P_GONE };
static const struct field person_fields[] = {
	[P_LIST] = REF("list", N_("List"), N_("The list that names the person."), F_LIST, "supplier_list"),
	[P_NAME] = TEXT("name", N_("Name"), N_("The supplier's employee."), LEVEL_OPEN, F_LIST, 2, 80),
	[P_ID_NO] = TEXT("id_no", N_("Paper number"), N_("The whole number; kept encrypted."), LEVEL_FULL, F_CRYPT | F_HASHED, 3, 40),
	[P_DOC_TAIL] = TEXT("doc_tail", N_("Last digits"), N_("The last digits of the paper, compared at the gate."), LEVEL_NAME, F_LIST | F_NARROW, 2, 8),
	[P_CONTRACTOR] = { .name = "contractor", .label = N_("Contractor"), .help = N_("Who sends the person."), .type = FT_TEXT, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_LIST, .computed = "(SELECT l.contractor FROM lodge.supplier_list l WHERE l.id = t.list)" },
	[P_LIST_VERSION] = { .name = "list_version", .label = N_("List version"), .help = N_("The version of the list; entries cite it (SUP-04)."), .type = FT_INT, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .computed = "(SELECT l.list_version FROM lodge.supplier_list l WHERE l.id = t.list)" },
	[P_VALID_UNTIL] = { .name = "valid_until", .label = N_("Valid until"), .help = N_("The last day of the list."), .type = FT_DATE, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .computed = "(SELECT l.valid_until FROM lodge.supplier_list l WHERE l.id = t.list)" },
	[P_VALID] = { .name = "valid", .label = N_("May enter"), .help = N_("The list is in force today, and the name not withdrawn (SUP-03)."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_LIST | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.supplier_person_valid(t.id)" },
	[P_WITHDRAWN_AT] = STAMP("withdrawn_at", N_("Withdrawn"), N_("When the name was withdrawn."), 0),
	[P_WITHDRAWN_BY] = REF("withdrawn_by", N_("Withdrawn by"), N_("Who withdrew it."), F_AUTO, "staff"),
	[P_REASON] = TEXT("reason", N_("Reason"), N_("Why it was withdrawn."), LEVEL_OPEN, 0, 3, 200),
};
_Static_assert(NITEMS(person_fields) == P_NFIELDS, "supplier person fields");
static const struct state person_states[] = {
	[P_LISTED] = { .name = "listed", .label = N_("Listed"), .open = true },
	[P_GONE] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
static const struct guard naming[] = {
	{ .name = "supplier_list_in_work", .rule = "SUP-02", .field = "list", .sentence = N_("Names are added before the signatures; afterwards a new version is made.") },
	{ .name = NULL },
};
static const struct op person_ops[] = {
	{ .name = "add", .label = N_("Name an employee"), .help = N_("One more name on a list that nobody has signed yet (SUP-01)."),
		.roles = BUYER, .to = P_LISTED, .flags = OP_CREATE, .asks = FIELD(P_LIST) | FIELD(P_NAME) | FIELD(P_ID_NO) | FIELD(P_DOC_TAIL), .needs = FIELD(P_LIST) | FIELD(P_NAME),
		.guards = naming },
	{ .name = "withdraw", .label = N_("Withdraw the name"), .help = N_("This person does not enter any more, from now on (SUP-04)."),
		.roles = BUYER | BIT(ROLE_SS), .from = BIT(P_LISTED), .to = P_GONE, .asks = FIELD(P_REASON), .needs = FIELD(P_REASON), .state_rule = "SUP-04",
		.state_sentence = N_("This name is withdrawn already."), .derive = "supplier_person_withdrawn" },
};
const struct book book_supplier_person = { .name = "supplier_person", .title = N_("Suppliers' employees"),
	.why = N_("Only who is named on a list in force enters for a supplier."),
	.readers = GATE | BUYER, .historians = BIT(ROLE_SS), .caption = "name",
	.fields = person_fields, .nfields = P_NFIELDS, .states = person_states, .nstates = NITEMS(person_states), .ops = person_ops, .nops = NITEMS(person_ops) };

#define JUDGES (BUYER | BIT(ROLE_ES) | BIT(ROLE_QC))
static const struct choice review_kinds[] = { { "qualification", N_("Qualification") }, { "price", N_("Price") }, { "reputation", N_("Reputation") },
	{ "contract", N_("Contract") }, { "progress", N_("Progress check") }, { "quality", N_("Quality check") }, { "acceptance", N_("Acceptance") },
	{ "rectification", N_("To put right") }, { NULL, NULL } };
static const struct choice verdicts[] = { { "good", N_("Good") }, { "sufficient", N_("Sufficient") }, { "poor", N_("Poor") }, { NULL, NULL } };
enum { R_CONTRACTOR, R_KIND, R_VERDICT, R_FINDINGS, R_DOCUMENT, R_DUE, R_WRITTEN_BY, R_WRITTEN_AT, R_RESULT, R_SETTLED_BY, R_SETTLED_AT, R_NFIELDS };
enum { R_OPEN, R_OVERDUE, R_DONE };
static const struct field review_fields[] = {
	[R_CONTRACTOR] = TEXT("contractor", N_("Contractor"), N_("Who is judged."), LEVEL_OPEN, F_LIST | F_SORT, 2, 80),
	[R_KIND] = CHOICE("kind", N_("Kind"), N_("What is judged, from the choice of the contractor to what has to be put right (SUP-05)."), F_LIST, review_kinds),
	[R_VERDICT] = CHOICE("verdict", N_("Verdict"), N_("How it was found."), F_LIST, verdicts),
	[R_FINDINGS] = TEXT("findings", N_("Findings"), N_("What was found, offered or agreed."), LEVEL_OPEN, F_LIST, 3, 400),
	[R_DOCUMENT] = TEXT("document", N_("Document"), N_("Contract, protocol or offer."), LEVEL_OPEN, 0, 2, 60),
	[R_DUE] = DATE("due", N_("Put right by"), N_("The last day on which it has to be put right."), F_LIST),
	[R_WRITTEN_BY] = REF("written_by", N_("Written by"), N_("Who judged."), F_AUTO, "staff"),
	[R_WRITTEN_AT] = STAMP("written_at", N_("Written"), N_("When."), F_LIST),
	[R_RESULT] = TEXT("result", N_("Result"), N_("How it was put right."), LEVEL_OPEN, 0, 3, 400),
	[R_SETTLED_BY] = REF("settled_by", N_("Settled by"), N_("Who looked at it again."), F_AUTO, "staff"),
	[R_SETTLED_AT] = STAMP("settled_at", N_("Settled"), N_("When."), 0),
};
_Static_assert(NITEMS(review_fields) == R_NFIELDS, "supplier review fields");
static const struct state review_states[] = {
	[R_OPEN] = { .name = "open", .label = N_("To put right"), .open = true },
	[R_OVERDUE] = { .name = "overdue", .label = N_("Overdue"), .of = R_OPEN, .computed = "t.due < (SELECT lodge.estate_day())", .open = true },
	[R_DONE] = { .name = "done", .label = N_("Done") },
};
static const struct guard reviewing[] = {
	{ .name = "review_due_given", .rule = "SUP-05", .code = ERR_INVALID, .field = "due", .sentence = N_("What has to be put right has a last day, today or later.") },
	{ .name = NULL },
};
static const struct op review_ops[] = {
	{ .name = "record", .label = N_("Judge a contractor"), .help = N_("Qualification, price, reputation, contract, checks, acceptance, or what has to be put right (SUP-05)."),
		.roles = JUDGES, .to = STATE_DERIVED, .flags = OP_CREATE, .asks = FIELD(R_CONTRACTOR) | FIELD(R_KIND) | FIELD(R_VERDICT) | FIELD(R_FINDINGS) | FIELD(R_DOCUMENT) | FIELD(R_DUE),
		.needs = FIELD(R_CONTRACTOR) | FIELD(R_KIND) | FIELD(R_FINDINGS), .derive = "review_written", .guards = reviewing },
	{ .name = "settle", .label = N_("Put right"), .help = N_("It was looked at again and is right now (SUP-05)."),
		.roles = JUDGES, .from = BIT(R_OPEN), .to = R_DONE, .asks = FIELD(R_RESULT), .needs = FIELD(R_RESULT), .state_rule = "SUP-05",
		.state_sentence = N_("There is nothing to put right."), .derive = "review_settled" },
};
static const struct view review_views[] = {
	{ .name = "open", .label = N_("Contractors' work to put right"), .where = "{\"state\":[\"open\",\"overdue\"]}", .sort = "contractor", .roles = JUDGES },
};
const struct book book_supplier_review = { .name = "supplier_review", .title = N_("Contractors judged"),
	.why = N_("Whom to ask again is known from what he did, not from what he offers."),
	.readers = JUDGES | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM), .historians = BIT(ROLE_EM),
	.fields = review_fields, .nfields = R_NFIELDS, .states = review_states, .nstates = NITEMS(review_states), .ops = review_ops, .nops = NITEMS(review_ops),
	.views = review_views, .nviews = NITEMS(review_views) };
