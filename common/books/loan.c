/*
 * loan.c - the File Loan Register (文件借閱登記表): request, endorse, approve, hand out, take back;
 * correct, remind, reserve, pass on.
 *
 * LOAN-01..18. Who needs whose approval, an escort, a review is the policy's table, copied into
 * the row when it is requested, so that the register proves what was in force. Not for: the rules
 * themselves (server/rules/loan*.sql). Trap: `expired` and `overdue` are never stored; a state does
 * not change by time alone.
 */
#include "common/books/books.h"

#define APPROVERS (BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_GM))
#define CUSTODIANS (BIT(ROLE_ACU) | BIT(ROLE_HR))

static const struct choice acts[] = { { "consult", N_("Consult") }, { "borrow", N_("Borrow") }, { "take_out", N_("Loan out of room") },
	{ "photocopy", N_("Photocopy") }, { "print", N_("Print") }, { "e_copy", N_("Electronic copy") }, { "excerpt", N_("Excerpt") }, { NULL, NULL } };
static const struct choice borrower_classes[] = { { "centre_staff", N_("Centre staff") }, { "other_department", N_("Other department") },
	{ "outsider", N_("Outsider") }, { NULL, NULL } };
static const struct choice proof_kinds[] = { { "id_card", N_("Identity Card") }, { "passport", N_("Passport") },
	{ "letter", N_("Letter of Introduction") }, { "warrant", N_("Warrant") }, { NULL, NULL } };
static const struct choice conditions[] = { { "ok", N_("In order") }, { "damaged", N_("Damaged") }, { "incomplete", N_("Incomplete") }, { NULL, NULL } };
static const struct choice verdicts[] = { { "cleared", N_("Cleared") }, { "refused", N_("Refused") }, { NULL, NULL } };
static const struct choice purposes[] = { { "Resident's request", N_("Resident's request") }, { "Repair or inspection", N_("Repair or inspection") },
	{ "Fit-out works", N_("Fit-out works") }, { "Payment or arrears", N_("Payment or arrears") }, { "Complaint handling", N_("Complaint handling") },
	{ "Archive upkeep", N_("Archive upkeep") }, { NULL, NULL } };
static const struct choice yes_no[] = { { "true", N_("Yes") }, { "false", N_("No") }, { NULL, NULL } };
static const struct choice waits[] = { { "endorsement", N_("Endorsement") }, { "approval", N_("Approval") }, { "gm_approval", N_("Approval by the GM") },
	{ "hand_out", N_("Handing out") }, { "file", N_("The file") }, { "review", N_("Review") }, { "return", N_("Return") }, { "nothing", N_("Nothing") }, { NULL, NULL } };
static const struct choice queues[] = { { "waiting", N_("Waiting for it") }, { "ready", N_("File is back") }, { NULL, NULL } };

enum { NO, FILE_, UNIT, REQUESTER, ACT, PURPOSE, OUTSIDER_NAME, OUTSIDER_BODY, PROOF_KIND, PROOF_NO, REQUESTED_BY, REQUESTER_CLASS,
	DEPARTMENT, ENDORSED_BY, ENDORSED_AT, APPROVED_BY, APPROVED_AT, VALID_UNTIL, ESCORT, ISSUED_BY, ISSUED_AT, DUE, RECEIVED_BY,
	RETURNED_AT, CONDITION, VERDICT, REVIEWED_BY, REVIEWED_AT, CARRIED_OUT_AT, REASON, NOTE, REQUESTED_AT, NEEDS_ENDORSEMENT,
	APPROVERS_, NEEDS_ESCORT, NEEDS_REVIEW, WAITS, MISSING, CORRECTS, CORRECTED_BY, CORRECTOR, PASSED_FROM, PASSED_TO, REMINDERS,
	REMINDED_AT, RESERVED_AT, TOLD_AT, QUEUE, TURN_REASON, LIFTED_BY, LIFTED_AT, CARD, NFIELDS };
enum { REQUESTED, ENDORSED, APPROVED, EXPIRED, ISSUED, OVERDUE, RETURNED, DAMAGED, REJECTED, WITHDRAWN, PASSED_ON, CORRECTED, NSTATES };
enum { DEADLINE_DUE };

#define REF_STAFF(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_REF, .level = LEVEL_OPEN, .flags = (f), .ref = "staff" }
#define REF_LOAN(n, l, h) { .name = n, .label = l, .help = h, .type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .ref = "loan" }
#define STAMP(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | (f) }
static const struct field fields[] = {
	[NO] = { .name = "no", .label = N_("No."), .help = N_("The register's number, without a gap."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NUMBER | F_NARROW, .max = 20 },
	[FILE_] = { .name = "file", .label = N_("File"), .help = N_("The code of the file: 7-1203/1."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_ANYWHERE | F_NARROW, .ref = "file" },
	[UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The unit that the file is about."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .ref = "unit" },
	[REQUESTER] = { .name = "requester", .label = N_("Borrower"), .help = N_("Who will have the file: work number or sign-in name; empty: yourself, or the outsider below."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_PARTY | F_ANYWHERE, .ref = "staff", .instead = "outsider_name" },
	[ACT] = { .name = "act", .label = N_("Act"), .help = N_("What is done with the file."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .choices = acts },
	[PURPOSE] = { .name = "purpose", .label = N_("Purpose"), .help = N_("Why; it stands in the register."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_SUGGEST, .min = 5, .max = 200, .choices = purposes },
	[OUTSIDER_NAME] = { .name = "outsider_name", .label = N_("Outsider"), .help = N_("Name of the person from outside."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .min = 2, .max = 80 },
	[OUTSIDER_BODY] = { .name = "outsider_body", .label = N_("Body"), .help = N_("The body that sent him."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .min = 2, .max = 80 },
	[PROOF_KIND] = { .name = "proof_kind", .label = N_("Proof"), .help = N_("The proof shown (LOAN-05)."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .choices = proof_kinds },
	[PROOF_NO] = { .name = "proof_no", .label = N_("Proof number"), .help = N_("Its number; kept encrypted."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = F_CRYPT, .min = 3, .max = 40 },
	[REQUESTED_BY] = REF_STAFF("requested_by", N_("Requested by"), N_("Who entered the request."), F_AUTO | F_PARTY),
	[REQUESTER_CLASS] = { .name = "requester_class", .label = N_("Borrower is"), .help = N_("Derived from the borrower's department."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .choices = borrower_classes },
	[DEPARTMENT] = { .name = "department", .label = N_("Department"), .help = N_("The borrower's department; its head may act on the loan."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO | F_PARTY | F_NARROW, .ref = "department" },
	[ENDORSED_BY] = REF_STAFF("endorsed_by", N_("Endorsed by"), N_("The head of the using department (LOAN-03)."), F_AUTO),
	[ENDORSED_AT] = STAMP("endorsed_at", N_("Endorsed"), N_("When."), 0),
	[APPROVED_BY] = REF_STAFF("approved_by", N_("Approved by"), N_("Who approved (LOAN-04, LOAN-07)."), F_AUTO),
	[APPROVED_AT] = STAMP("approved_at", N_("Approved"), N_("When."), 0),
	[VALID_UNTIL] = STAMP("valid_until", N_("Valid until"), N_("An approval not used by then has expired (LOAN-07)."), 0),
	[ESCORT] = REF_STAFF("escort", N_("Escort"), N_("The centre's employee who stays with the reader (LOAN-02, LOAN-13)."), F_ANYWHERE),
	[ISSUED_BY] = REF_STAFF("issued_by", N_("Handed out by"), N_("The custodian."), F_AUTO),
	[ISSUED_AT] = STAMP("issued_at", N_("Handed out"), N_("When."), 0),
	[DUE] = { .name = "due", .label = N_("Due back"), .help = N_("Empty: as long as the policy allows (LOAN-11)."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW },
	[RECEIVED_BY] = REF_STAFF("received_by", N_("Taken back by"), N_("The custodian."), F_AUTO),
	[RETURNED_AT] = STAMP("returned_at", N_("Returned"), N_("When."), 0),
	[CONDITION] = { .name = "condition", .label = N_("Condition"), .help = N_("Checked in the borrower's presence (LOAN-10)."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_NARROW, .choices = conditions },
	[VERDICT] = { .name = "verdict", .label = N_("Verdict"), .help = N_("May the copy or excerpt leave (LOAN-06, LOAN-18)?"),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_NARROW, .choices = verdicts },
	[REVIEWED_BY] = REF_STAFF("reviewed_by", N_("Reviewed by"), N_("The general manager."), F_AUTO),
	[REVIEWED_AT] = STAMP("reviewed_at", N_("Reviewed"), N_("When."), 0),
	[CARRIED_OUT_AT] = STAMP("carried_out_at", N_("Carried out"), N_("When the copy or excerpt left."), 0),
	[REASON] = { .name = "reason", .label = N_("Reason"), .help = N_("Why it was rejected, withdrawn or corrected, or its block lifted."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = 0, .min = 3, .max = 200 },
	[NOTE] = { .name = "note", .label = N_("Note"), .help = N_("What was found, needed when not in order; or what the borrower said when reminded."),
		.type = FT_NOTE, .level = LEVEL_OPEN, .flags = 0, .min = 3, .max = 1000 },
	[REQUESTED_AT] = STAMP("requested_at", N_("Requested"), N_("When."), 0),
	[NEEDS_ENDORSEMENT] = { .name = "needs_endorsement", .label = N_("To be endorsed"), .help = N_("By the policy in force when it was requested."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO, .choices = yes_no },
	[APPROVERS_] = { .name = "approvers", .label = N_("Approvers"), .help = N_("Roles that may approve, by the policy in force when it was requested."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW | F_ROLES, .max = 40 },
	[NEEDS_ESCORT] = { .name = "needs_escort", .label = N_("Needs an escort"), .help = N_("By the policy in force when it was requested."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO, .choices = yes_no },
	[NEEDS_REVIEW] = { .name = "needs_review", .label = N_("Needs review"), .help = N_("By the policy in force when it was requested."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO, .choices = yes_no },
	[WAITS] = { .name = "waits", .label = N_("Waits for"), .help = N_("What has to happen next."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .choices = waits, .computed =
		"(CASE WHEN t.state = 'requested' AND t.needs_endorsement THEN 'endorsement'"
		" WHEN t.state IN ('requested','endorsed') THEN CASE WHEN t.approvers = 'GM' THEN 'gm_approval' ELSE 'approval' END"
		" WHEN t.state = 'approved' THEN CASE WHEN t.reserved_at IS NOT NULL"
		" AND EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = t.file AND l.state = 'issued') THEN 'file' ELSE 'hand_out' END"
		" WHEN t.state = 'issued' THEN CASE WHEN t.needs_review AND t.verdict IS NULL THEN 'review' ELSE 'return' END"
		" ELSE 'nothing' END)" },
	[MISSING] = { .name = "missing", .label = N_("Missing documents"), .help = N_("Ids of documents on the content list that did not come back."),
		.type = FT_IDS, .level = LEVEL_NAME, .flags = F_ARG, .max = 200 },
	[CORRECTS] = REF_LOAN("corrects", N_("Corrects"), N_("The mistyped row that this one stands for (LOAN-17).")),
	[CORRECTED_BY] = REF_LOAN("corrected_by", N_("Corrected by"), N_("The row that stands for this one since it was found mistyped (LOAN-17).")),
	[CORRECTOR] = REF_STAFF("corrector", N_("Correction by"), N_("Who wrote the correction; he does not approve it (LOAN-07)."), F_AUTO),
	[PASSED_FROM] = REF_LOAN("passed_from", N_("Passed on from"), N_("The loan of the holder before.")),
	[PASSED_TO] = REF_LOAN("passed_to", N_("Passed on to"), N_("The loan of the holder after.")),
	[REMINDERS] = { .name = "reminders", .label = N_("Reminded"), .help = N_("How many times the borrower was reminded."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
	[REMINDED_AT] = STAMP("reminded_at", N_("Last reminded"), N_("When."), 0),
	[RESERVED_AT] = STAMP("reserved_at", N_("Reserved"), N_("When; the file goes out in this order."), 0),
	[TOLD_AT] = STAMP("told_at", N_("Told"), N_("When it was said that the file is back; the reservation holds for some days from then."), 0),
	[QUEUE] = { .name = "queue", .label = N_("Reservation"), .help = N_("Whether the reserved file is back and it is this row's turn."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .choices = queues, .computed =
		"(CASE WHEN t.reserved_at IS NULL OR t.state NOT IN ('requested','endorsed','approved') THEN NULL"
		" WHEN EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = t.file AND (l.state = 'issued' OR (l.state IN ('requested','endorsed','approved')"
		" AND (l.reserved_at, l.id) < (t.reserved_at, t.id) AND (l.told_at IS NULL OR l.told_at + make_interval(days =>"
		" coalesce((SELECT p.value FROM lodge.policy p WHERE p.key = 'loan.reservation_days'), '3')::integer) >= (SELECT lodge.lodge_now()))))) THEN 'waiting'"
		" ELSE 'ready' END)" },
	[TURN_REASON] = { .name = "turn_reason", .label = N_("Why out of turn"), .help = N_("Needed when somebody else reserved the file earlier."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = 0, .min = 5, .max = 200 },
	[LIFTED_BY] = REF_STAFF("lifted_by", N_("Block lifted by"), N_("The approver who lets the borrower borrow although this file is overdue (LOAN-11)."), F_AUTO),
	[LIFTED_AT] = STAMP("lifted_at", N_("Block lifted"), N_("When; it holds until the file is overdue again."), 0),
	[CARD] = { .name = "card", .label = N_("Out-card no."), .help = N_("Number of the card that stands in the file's place while it is out; read it from the card when the file comes back (LOAN-10)."),
		.type = FT_INT, .level = LEVEL_OPEN, .flags = F_NARROW, .min = 1, .max = 999999999 },
};
_Static_assert(NITEMS(fields) == NFIELDS && NFIELDS < 64, "loan fields");
static const struct state states[] = {
	[REQUESTED] = { .name = "requested", .label = N_("Requested"), .open = true },
	[ENDORSED] = { .name = "endorsed", .label = N_("Endorsed"), .open = true },
	[APPROVED] = { .name = "approved", .label = N_("Approved"), .open = true },
	[EXPIRED] = { .name = "expired", .label = N_("Expired"), .of = APPROVED,
		.computed = "t.valid_until < (SELECT lodge.lodge_now())", .open = true },
	[ISSUED] = { .name = "issued", .label = N_("Handed out"), .open = true },
	[OVERDUE] = { .name = "overdue", .label = N_("Overdue"), .of = ISSUED,
		.computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[RETURNED] = { .name = "returned", .label = N_("Returned") },
	[DAMAGED] = { .name = "damaged", .label = N_("Returned damaged") },
	[REJECTED] = { .name = "rejected", .label = N_("Rejected") },
	[WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
	[PASSED_ON] = { .name = "passed_on", .label = N_("Passed on") },
	[CORRECTED] = { .name = "corrected", .label = N_("Corrected") },
};
_Static_assert(NITEMS(states) == NSTATES, "loan states");

#define CUSTODIAN { .name = "loan_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN, \
	.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") }
#define APPROVER_ROLE { .name = "loan_approver_role", .rule = "LOAN-07", \
	.sentence = N_("Your role does not approve this kind of loan; the policy names who does.") }
#define NOT_OWN { .name = "loan_not_own", .rule = "LOAN-07", \
	.sentence = N_("You requested, endorse or will use this loan yourself; another approver has to decide.") }
#define BORROWER_GIVEN { .name = "loan_borrower_given", .rule = "LOAN-01", .code = ERR_INVALID, .field = "requester", \
	.sentence = N_("Name either a borrower of ours or an outsider with his name, not both.") }
#define MAY_REQUEST_FOR(n) { .name = n, .rule = "LOAN-03", \
	.sentence = N_("You request for yourself only; for others it is their department's head or centre staff.") }
#define BORROWER_ACTIVE(n) { .name = n, .rule = "LOAN-01", .field = "requester", .sentence = N_("The borrower is no longer employed here.") }
#define BORROWER_CLEAR { .name = "loan_borrower_clear", .rule = "LOAN-11", .field = "requester", \
	.sentence = N_("The borrower has an overdue file: it comes back first, or an approver lifts the block on that loan with a reason.") }
#define FILE_SIGNED { .name = "loan_file_signed", .rule = "ARC-22", .field = "file", \
	.sentence = N_("The centre manager has to read and sign this file before it is lent.") }
#define FILE_ACTIVE(n) { .name = n, .rule = "ARC-07", .field = "file", .sentence = N_("The file is no longer active and cannot be lent.") }
#define ACT_ALLOWED(n) { .name = n, .rule = "LOAN-06", .field = "act", \
	.sentence = N_("An outsider reads in the archive room; the file may not be borrowed or taken out.") }
#define PROOF_SHOWN { .name = "loan_proof_shown", .rule = "LOAN-05", .field = "proof_kind", \
	.sentence = N_("An outsider shows proof: name, body, kind and number are needed.") }
#define DUE_ALLOWED(n) { .name = n, .rule = "LOAN-11", .code = ERR_INVALID, .field = "due", \
	.sentence = N_("The due time must lie ahead and within what the policy allows for this act.") }
#define IN_FORCE { .name = "loan_in_force", .rule = "LOAN-07", .sentence = N_("The approval has expired; the loan has to be approved again.") }
#define IN_TURN { .name = "loan_in_turn", .rule = "LOAN-08", .field = "turn_reason", \
	.sentence = N_("Somebody reserved this file earlier; it goes to him first, or say why not.") }
#define ESCORT_NAMED(n) { .name = n, .rule = "LOAN-02", .field = "escort", .sentence = N_("This reader has to be accompanied; name the escort.") }
#define ESCORT_CENTRE(n) { .name = n, .rule = "LOAN-13", .field = "escort", \
	.sentence = N_("The escort must be an active employee of the centre, and not the reader.") }
#define ROOM_LEFT { .name = "loan_room_left", .rule = "LOAN-13", .sentence = N_("The reader is still in the archive room; close the room entry first.") }
static const struct guard requesting[] = {
	BORROWER_GIVEN,
	{ .name = "loan_own_request", .rule = "LOAN-17", .code = ERR_FORBIDDEN, .sentence = N_("Only one's own open request can be replaced.") },
	MAY_REQUEST_FOR("loan_may_request_for"), BORROWER_ACTIVE("loan_borrower_active"), FILE_SIGNED, FILE_ACTIVE("loan_file_active"), ACT_ALLOWED("loan_act_allowed"),
	PROOF_SHOWN, DUE_ALLOWED("loan_due_allowed"), BORROWER_CLEAR,
	{ .name = NULL },
};
static const struct guard endorsing[] = {
	{ .name = "loan_borrowers_head", .rule = "LOAN-03", .code = ERR_FORBIDDEN, .sentence = N_("Only the head of the borrower's department endorses.") },
	{ .name = "loan_needs_endorsement", .rule = "LOAN-03", .sentence = N_("This loan needs no endorsement; it waits for approval.") },
	{ .name = NULL },
};
static const struct guard approving[] = {
	APPROVER_ROLE,
	{ .name = "loan_is_endorsed", .rule = "LOAN-03", .sentence = N_("The head of the borrower's department has to endorse first.") },
	NOT_OWN,
	{ .name = NULL },
};
static const struct guard rejecting[] = { APPROVER_ROLE, { .name = NULL } };
static const struct guard withdrawing[] = {
	{ .name = "loan_own_party", .rule = "LOAN-17", .code = ERR_FORBIDDEN,
		.sentence = N_("Only the borrower, who requested it, or the department's head withdraws a loan.") },
	{ .name = NULL },
};
static const struct guard handing_out[] = {
	CUSTODIAN,
	{ .name = "loan_file_is_here", .rule = "LOAN-08", .sentence = N_("The file is out already; it can be handed out when it is back.") },
	IN_FORCE, BORROWER_ACTIVE("loan_borrower_active"), FILE_SIGNED, FILE_ACTIVE("loan_file_active"), BORROWER_CLEAR, IN_TURN,
	ESCORT_NAMED("loan_escort_named"), ESCORT_CENTRE("loan_escort_centre"),
	{ .name = NULL },
};
static const struct guard taking_back[] = {
	CUSTODIAN,
	{ .name = "loan_note_given", .rule = "LOAN-10", .field = "note", .sentence = N_("Damaged or incomplete needs a note on what was found.") },
	{ .name = "loan_card_given", .rule = "LOAN-10", .field = "card",
		.sentence = N_("Give the number of the out-card that stands in the file's place.") },
	{ .name = "loan_card_matches", .rule = "LOAN-10", .field = "card",
		.sentence = N_("This is not the number of this loan's out-card; look at the card in the file's place again.") },
	{ .name = "loan_missing_in_file", .rule = "LOAN-10", .field = "missing", .sentence = N_("A missing document is not on this file's content list.") },
	ROOM_LEFT,
	{ .name = NULL },
};
static const struct guard extending[] = {
	APPROVER_ROLE, NOT_OWN, DUE_ALLOWED("loan_extension_allowed"),
	{ .name = NULL },
};
static const struct guard reviewing[] = {
	{ .name = "loan_needs_review", .rule = "LOAN-18", .sentence = N_("Nothing of this loan needs a review.") },
	{ .name = "loan_not_reviewed", .rule = "LOAN-17", .sentence = N_("The review has been decided already.") },
	NOT_OWN,
	{ .name = NULL },
};
static const struct guard carrying_out[] = {
	CUSTODIAN,
	{ .name = "loan_is_copy", .rule = "LOAN-04", .sentence = N_("Only copies and excerpts are carried out; the file itself is returned.") },
	{ .name = "loan_excerpt_cleared", .rule = "LOAN-06", .sentence = N_("The general manager has to review the excerpt before it leaves.") },
	{ .name = "loan_copy_cleared", .rule = "LOAN-18", .sentence = N_("The general manager has to review the copy before it leaves.") },
	{ .name = "loan_not_carried", .rule = "LOAN-17", .sentence = N_("It has been carried out already.") },
	{ .name = NULL },
};
static const struct guard correcting[] = {
	{ .name = "loan_may_correct", .rule = "LOAN-17", .code = ERR_FORBIDDEN,
		.sentence = N_("The file's custodian corrects the register; the borrower his own request until it is handed out.") },
	{ .name = "loan_says_otherwise", .rule = "LOAN-17", .code = ERR_INVALID, .sentence = N_("Nothing is corrected; give what should stand there instead.") },
	BORROWER_GIVEN, MAY_REQUEST_FOR("loan_correct_for"), BORROWER_ACTIVE("loan_correct_active"),
	{ .name = "loan_same_file", .rule = "LOAN-08", .field = "file",
		.sentence = N_("This file has been handed out on this row; take it back and enter a new request for the other.") },
	FILE_ACTIVE("loan_correct_file"),
	{ .name = "loan_as_approved", .rule = "LOAN-07", .field = "act",
		.sentence = N_("The approval was for this act and borrower; take the file back and enter a new request, or pass it on.") },
	ACT_ALLOWED("loan_correct_act"), PROOF_SHOWN, DUE_ALLOWED("loan_correct_due"), BORROWER_CLEAR,
	ESCORT_NAMED("loan_correct_escort_named"), ESCORT_CENTRE("loan_correct_escort"),
	{ .name = NULL },
};
static const struct guard reserving[] = {
	BORROWER_GIVEN, MAY_REQUEST_FOR("loan_may_request_for"), BORROWER_ACTIVE("loan_borrower_active"), FILE_SIGNED, FILE_ACTIVE("loan_file_active"),
	{ .name = "loan_file_awaited", .rule = "LOAN-08", .field = "file", .sentence = N_("The file is in; it need not be reserved, request it.") },
	{ .name = "loan_reserved_once", .rule = "LOAN-08", .field = "requester", .sentence = N_("He holds this file or waits for it already.") },
	ACT_ALLOWED("loan_act_allowed"), PROOF_SHOWN, DUE_ALLOWED("loan_due_allowed"), BORROWER_CLEAR,
	{ .name = NULL },
};
static const struct guard passing_on[] = {
	CUSTODIAN,
	{ .name = "loan_other_holder", .rule = "LOAN-08", .field = "requester", .sentence = N_("He holds the file already; name who has it from now on.") },
	BORROWER_ACTIVE("loan_borrower_active"), FILE_SIGNED, FILE_ACTIVE("loan_file_active"), ACT_ALLOWED("loan_act_allowed"),
	{ .name = "loan_next_approved", .rule = "LOAN-04", .field = "requester",
		.sentence = N_("The next holder needs an approved loan of his own for this file; he requests or reserves it first.") },
	IN_FORCE, BORROWER_CLEAR, IN_TURN, ROOM_LEFT, ESCORT_NAMED("loan_escort_named"), ESCORT_CENTRE("loan_escort_centre"),
	{ .name = NULL },
};
static const struct guard lifting[] = {
	APPROVER_ROLE, NOT_OWN,
	{ .name = "loan_is_overdue", .rule = "LOAN-11", .sentence = N_("The file is not overdue; nothing is blocked by it.") },
	{ .name = NULL },
};
#define REMINDERS_ROLES (CUSTODIANS | BIT(ROLE_FD) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM))
/* LOAN-09: told at issue, and on the sheet that the borrower signs. */
#define BORROWERS_DUTY N_("The borrower keeps the file complete and neither alters, marks, cuts, extracts, takes apart nor damages anything (LOAN-09).")
#define DUTY_SHORT N_("Keep it whole, change nothing.")
#define REQUEST_ASKS (FIELD(FILE_) | FIELD(REQUESTER) | FIELD(ACT) | FIELD(PURPOSE) | FIELD(OUTSIDER_NAME) | FIELD(OUTSIDER_BODY) | \
	FIELD(PROOF_KIND) | FIELD(PROOF_NO) | FIELD(DUE))
#define OPEN_STATES (BIT(REQUESTED) | BIT(ENDORSED) | BIT(APPROVED))
static const struct op ops[] = {
	{ .name = "request", .label = N_("Borrow a file"), .help = N_("Enters a request in the register; with id and version it replaces one's own open request."),
		.roles = ROLES_ALL, .from = OPEN_STATES, .to = STATE_DERIVED, .flags = OP_CREATE | OP_REPLACE | OP_ANYWHERE | OP_LAWFUL,
		.asks = REQUEST_ASKS,
		.needs = FIELD(FILE_) | FIELD(ACT) | FIELD(PURPOSE), .state_rule = "LOAN-17",
		.state_sentence = N_("The file has been handed out or the loan is over; enter a new request."),
		.derive = "loan_requested", .guards = requesting },
	{ .name = "endorse", .label = N_("Endorse"), .help = N_("The head of the using department stands for the request (LOAN-03)."),
		.roles = ROLES_ALL, .from = BIT(REQUESTED), .to = ENDORSED, .state_rule = "LOAN-03",
		.state_sentence = N_("Only a fresh request can be endorsed."), .derive = "loan_endorsed", .guards = endorsing },
	{ .name = "approve", .label = N_("Approve"), .help = N_("Written approval; it holds for some days (LOAN-04, LOAN-07)."),
		.roles = APPROVERS, .from = BIT(REQUESTED) | BIT(ENDORSED), .to = APPROVED, .state_rule = "LOAN-04",
		.state_sentence = N_("Only an open request can be approved."), .derive = "loan_approved", .guards = approving },
	{ .name = "reject", .label = N_("Reject"), .help = N_("The request ends here, with a reason."),
		.roles = APPROVERS, .from = BIT(REQUESTED) | BIT(ENDORSED), .to = REJECTED, .asks = FIELD(REASON), .needs = FIELD(REASON),
		.state_rule = "LOAN-04", .state_sentence = N_("Only an open request can be rejected."), .guards = rejecting, .effect = "loan_left_queue" },
	{ .name = "withdraw", .label = N_("Withdraw"), .help = N_("The borrower no longer needs the file."),
		.roles = ROLES_ALL, .from = OPEN_STATES, .to = WITHDRAWN, .asks = FIELD(REASON), .state_rule = "LOAN-17",
		.state_sentence = N_("The file has been handed out or the loan is over; nothing is left to withdraw."),
		.guards = withdrawing, .effect = "loan_left_queue", .flags = OP_CONFIRM },
	{ .name = "hand_out", .label = N_("Hand out"), .help = N_("The file changes hands; the borrower keeps it complete and unaltered (LOAN-09)."),
		.roles = CUSTODIANS, .from = BIT(APPROVED), .to = ISSUED, .asks = FIELD(ESCORT) | FIELD(TURN_REASON), .state_rule = "LOAN-04",
		.state_sentence = N_("The loan is not approved; nothing may be handed out."),
		.derive = "loan_handed_out", .guards = handing_out, .opens = BIT(DEADLINE_DUE), .duty = BORROWERS_DUTY, .duty_short = DUTY_SHORT },
	{ .name = "take_back", .label = N_("Take back"), .help = N_("The file is checked in the borrower's presence and returned (LOAN-10)."),
		.roles = CUSTODIANS, .from = BIT(ISSUED), .to = STATE_DERIVED, .asks = FIELD(CONDITION) | FIELD(NOTE) | FIELD(MISSING) | FIELD(CARD),
		.needs = FIELD(CONDITION), .state_rule = "LOAN-10", .state_sentence = N_("The file is not out on this loan."),
		.derive = "loan_taken_back", .guards = taking_back, .effect = "loan_taken_back", .closes = BIT(DEADLINE_DUE) },
	{ .name = "extend", .label = N_("Extend"), .help = N_("A later due time, within the policy (LOAN-11)."),
		.roles = APPROVERS, .from = BIT(ISSUED), .to = STATE_SAME, .asks = FIELD(DUE), .needs = FIELD(DUE), .state_rule = "LOAN-11",
		.state_sentence = N_("Only a loan that is out can be extended."), .guards = extending,
		.closes = BIT(DEADLINE_DUE), .opens = BIT(DEADLINE_DUE) },
	{ .name = "review", .label = N_("Review the copy"), .help = N_("May the outsider's copy or excerpt leave (LOAN-06, LOAN-18)?"),
		.roles = BIT(ROLE_GM), .from = BIT(ISSUED), .to = STATE_SAME, .asks = FIELD(VERDICT) | FIELD(NOTE), .needs = FIELD(VERDICT),
		.state_rule = "LOAN-18", .state_sentence = N_("Only copies of a file that is handed out are reviewed."),
		.derive = "loan_reviewed", .guards = reviewing },
	{ .name = "carry_out", .label = N_("Carry out the copy"), .help = N_("The copy or excerpt leaves the room (LOAN-06, LOAN-18)."),
		.roles = CUSTODIANS, .from = BIT(ISSUED), .to = STATE_SAME, .state_rule = "LOAN-18",
		.state_sentence = N_("Only copies of a file that is handed out are carried out."), .derive = "loan_carried_out", .guards = carrying_out },
	{ .name = "correct", .label = N_("Correct the row"), .help = N_("Give only what was mistyped. A new row stands for this one, which stays and is marked; not yet handed out, it is judged afresh (LOAN-17)."),
		.roles = ROLES_ALL, .from = OPEN_STATES | BIT(ISSUED) | BIT(RETURNED) | BIT(DAMAGED) | BIT(PASSED_ON), .to = STATE_DERIVED,
		.asks = REQUEST_ASKS | FIELD(ESCORT) | FIELD(REASON), .state_rule = "LOAN-17",
		.state_sentence = N_("The row is over or has been corrected already; correct the row that stands for it."),
		.derive = "loan_corrected", .guards = correcting, .succeed = "loan_corrected", .effect = "loan_corrected" },
	{ .name = "remind", .label = N_("Remind"), .help = N_("The borrower was reminded; it is counted and noted (LOAN-11)."),
		.roles = REMINDERS_ROLES, .from = BIT(ISSUED), .to = STATE_SAME, .asks = FIELD(NOTE), .state_rule = "LOAN-11",
		.state_sentence = N_("The file is not out on this loan."), .derive = "loan_reminded", .flags = OP_AT_ONCE },
	{ .name = "reserve", .label = N_("Reserve a file"), .help = N_("A request for a file that is out: it keeps its place, and is told when the file is back (LOAN-08)."),
		.roles = ROLES_ALL, .to = STATE_DERIVED, .flags = OP_CREATE | OP_ANYWHERE, .asks = REQUEST_ASKS,
		.needs = FIELD(FILE_) | FIELD(ACT) | FIELD(PURPOSE), .derive = "loan_reserved", .guards = reserving },
	{ .name = "pass_on", .label = N_("Pass on"), .help = N_("The file goes from holder to holder without coming back, on the next holder's own approved loan (LOAN-04, LOAN-08)."),
		.roles = CUSTODIANS, .from = BIT(ISSUED), .to = STATE_DERIVED, .asks = FIELD(REQUESTER) | FIELD(ESCORT) | FIELD(TURN_REASON),
		.needs = FIELD(REQUESTER), .state_rule = "LOAN-08", .state_sentence = N_("The file is not out on this loan."),
		.derive = "loan_passed_on", .guards = passing_on, .succeed = "loan_passed_on", .closes = BIT(DEADLINE_DUE), .opens = BIT(DEADLINE_DUE),
		.duty = BORROWERS_DUTY, .duty_short = DUTY_SHORT },
	{ .name = "lift_block", .label = N_("Lift the block"), .help = N_("The borrower may borrow although this file is overdue, for a reason (LOAN-11)."),
		.roles = APPROVERS, .from = BIT(ISSUED), .to = STATE_SAME, .asks = FIELD(REASON), .needs = FIELD(REASON), .state_rule = "LOAN-11",
		.state_sentence = N_("The file is not out on this loan."), .derive = "loan_block_lifted", .guards = lifting },
};
static const struct deadline deadlines[] = { [DEADLINE_DUE] = { .name = "loan_due", .label = N_("File due back"), .field = DUE } };
/* Roles that lead a department; a technician would only see his own requests wait there. */
#define HEADS (BIT(ROLE_EM) | BIT(ROLE_ES) | BIT(ROLE_CLS) | BIT(ROLE_SS) | BIT(ROLE_FS) | BIT(ROLE_PUR) | BIT(ROLE_FIN) | BIT(ROLE_QC) | BIT(ROLE_HR))
static const struct view views[] = {
	{ .name = "overdue", .label = N_("Files overdue"), .where = "{\"state\":\"overdue\"}", .sort = "due", .late = true,
		.roles = BIT(ROLE_FD) | BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_HR) },
	{ .name = "to_endorse", .label = N_("Loans to endorse"), .where = "{\"waits\":\"endorsement\"}", .sort = "id", .roles = HEADS },
	{ .name = "to_approve", .label = N_("Loans to approve"), .where = "{\"waits\":\"approval\"}", .sort = "id",
		.roles = BIT(ROLE_CM) | BIT(ROLE_EM) },
	{ .name = "to_approve_outside", .label = N_("Outsiders' loans to approve"), .where = "{\"waits\":\"gm_approval\"}", .sort = "id",
		.roles = BIT(ROLE_GM) },
	{ .name = "to_review", .label = N_("Copies to review"), .where = "{\"waits\":\"review\"}", .sort = "id", .roles = BIT(ROLE_GM) },
	{ .name = "to_hand_out", .label = N_("Files to hand out"), .where = "{\"state\":\"approved\"}", .sort = "id", .roles = CUSTODIANS },
	{ .name = "out", .label = N_("Files out"), .where = "{\"state\":[\"issued\",\"overdue\"]}", .sort = "-id",
		.roles = CUSTODIANS | BIT(ROLE_FD) | BIT(ROLE_CSS) | BIT(ROLE_DEM) },
	{ .name = "reserved_back", .label = N_("Reserved files back"), .sort = "id", .roles = CUSTODIANS | BIT(ROLE_FD),
		.where = "{\"queue\":\"ready\",\"state\":[\"requested\",\"endorsed\",\"approved\",\"expired\"]}" },
	{ .name = "mine_back", .label = N_("My reserved files back"), .sort = "id", .roles = ROLES_ALL,
		.where = "{\"requester\":\"$me\",\"queue\":\"ready\",\"state\":[\"requested\",\"endorsed\",\"approved\",\"expired\"]}" },
	{ .name = "mine", .label = N_("My loans"), .sort = "-id", .roles = ROLES_ALL,
		.where = "{\"requester\":\"$me\",\"state\":[\"requested\",\"endorsed\",\"approved\",\"expired\",\"issued\",\"overdue\"]}" },
};
static const char *const card_fields[] = { "card", "no", "requester", "outsider_name", "outsider_body", "department", "act", "issued_at", "due", "issued_by", NULL };
static const char *const card_after[] = { "hand_out", "pass_on", NULL };
static const char *const sheet_fields[] = { "file", "act", "purpose", "requester", "department", "outsider_name", "outsider_body", "proof_kind",
	"proof_no", "requested_by", "requested_at", "endorsed_by", "endorsed_at", "approved_by", "approved_at", "escort", "issued_by", "issued_at", "due", "card",
	"received_by", "returned_at", "condition", "note", "corrects", "passed_from", "state", NULL };
static const char *const sheet_signs[] = { N_("Borrower, on receiving"), N_("Custodian, on handing out"), N_("Borrower, on return"), N_("Custodian, on return"), NULL };
static const struct slip slips[] = {
	{ .name = "out_card", .title = N_("Out-card"), .head = "file", .fields = card_fields, .wants = "card", .states = BIT(ISSUED), .after = card_after,
		.text = N_("Stands in the file's place. When the file comes back, its number is asked for.") },
	{ .name = "loan_sheet", .title = N_("Loan sheet"), .head = "no", .fields = sheet_fields, .signs = sheet_signs,
		.text = BORROWERS_DUTY },
};
const struct book book_loan = { .name = "loan", .title = N_("File Loan Register"),
	.why = N_("Every file that leaves its drawer has a name, a reason, an approval and a due time."),
	.readers = BIT(ROLE_FD) | BIT(ROLE_OP) | BIT(ROLE_CSA) | BIT(ROLE_ACU) | BIT(ROLE_TSO) | BIT(ROLE_CSS) | BIT(ROLE_CM) |
		BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_GM) | BIT(ROLE_NM) | BIT(ROLE_HR),
	.parties = ROLES_ALL, .historians = BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU) | BIT(ROLE_DEM), .flags = B_AREA,
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.deadlines = deadlines, .ndeadlines = NITEMS(deadlines), .views = views, .nviews = NITEMS(views), .slips = slips, .nslips = NITEMS(slips) };
