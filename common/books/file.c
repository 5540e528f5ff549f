/*
 * file.c - the paper: files (volumes of a unit's one folder) and the documents in them.
 *
 * One household, one folder (ARC-01); what is lent is a volume, UNIT/N. Which papers a bag must hold
 * is the policy's checklist (ARC-08..13); here are only the words for them. Not for: lending (loan.c).
 * Trap: `state` (in, out) is computed from the loans, `status` is what became of the file, and `care`,
 * `gaps`, `since` are kept by triggers: whoever writes a document weighs its file.
 */
#include "common/books/books.h"

#define HISTORIANS (BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU))
#define KEEPERS (BIT(ROLE_ACU) | BIT(ROLE_HR))

static const struct choice classes[] = { { "household", N_("Household") }, { "important_event", N_("Important event") },
	{ "engineering", N_("Engineering") }, { "estate", N_("Estate") }, { "company", N_("Company") }, { "staff", N_("Staff") },
	{ "contract", N_("Contract") }, { NULL, NULL } };
static const struct choice statuses[] = { { "proposed", N_("To be signed") }, { "active", N_("Active") }, { "superseded", N_("Superseded") }, { "destroyed", N_("Destroyed") }, { NULL, NULL } };
static const struct choice bags[] = { { "move_in", N_("Move-in") }, { "fit_out", N_("Fit-out") }, { "transfer", N_("Ownership transfer") },
	{ "maintenance", N_("Maintenance") }, { "change", N_("Unit change") }, { "organisation", N_("Organisation") },
	{ "correspondence", N_("Correspondence") }, { "approval", N_("Written Approval") }, { NULL, NULL } };
/* Papers that checklists name; their full titles are the policy's. In the order of ARC-08, 09, 10, 11, 13, 26. */
static const struct choice items[] = {
	{ "management_agreement", N_("Management agreement") }, { "move_in_notice", N_("Move-in notice") }, { "id_copy", N_("ID copy") },
	{ "covenant", N_("Owners' covenant") }, { "particulars", N_("Particulars form") }, { "key_sheet", N_("Key sign-off sheet") },
	{ "fire_letter", N_("Fire letter") }, { "handover_confirmation", N_("Handover confirmation") },
	{ "defects_record", N_("Defects record") }, { "debit_mandate", N_("Direct-debit mandate") },
	{ "file_sheet", N_("Occupant file sheet") }, { "contract_counterfoil", N_("Contract counterfoil") },
	{ "payment_slip", N_("Move-in payment slip") }, { "key_receipt", N_("Key receipt") }, { "condition_feedback", N_("Condition feedback") },
	{ "fit_out_application", N_("Fit-out application") }, { "fit_out_permit", N_("Fit-out permit") },
	{ "fit_out_undertaking", N_("Fit-out undertaking") }, { "fit_out_agreement", N_("Fit-out agreement") },
	{ "business_licence", N_("Business licence") }, { "tax_registration", N_("Tax registration") }, { "qualification", N_("Qualification") },
	{ "drawings", N_("Drawings") }, { "workers_register", N_("Workers' register") }, { "workers_ids", N_("Workers' ID copies") },
	{ "completion_application", N_("Completion application") }, { "extension_application", N_("Extension application") },
	{ "hot_work_application", N_("Hot-work application") }, { "worker_passes", N_("Workers' passes") },
	{ "violation_record", N_("Violation record") }, { "transfer_confirmation", N_("Transfer confirmation") },
	{ "title_deed", N_("Title deed") }, { "sale_agreement", N_("Sale agreement") }, { "complaint_card", N_("Complaint card") },
	{ "company_particulars", N_("Company particulars") }, { "lease_agreement", N_("Lease agreement") },
	{ "fire_agreement", N_("Fire-safety agreement") }, { "fire_slip", N_("Fire-duty slip") }, { "payment_record", N_("Payment record") },
	{ "supplement", N_("Supplementary data") }, { "letters", N_("Letters") }, { "arrears_record", N_("Arrears record") },
	{ "repair_requests", N_("Repair requests") }, { "engineering_papers", N_("Engineering papers") },
	{ "proof_paper", N_("Proof paper") }, { "loan_approval", N_("Loan approval") }, { NULL, NULL } };
static const struct choice cares[] = { { "complete", N_("Complete") }, { "gaps", N_("Papers missing") }, { NULL, NULL } };
static const struct choice bindings[] = { { "standard", N_("Standard, clean") }, { "worn", N_("Worn") }, { "damaged", N_("Damaged") }, { NULL, NULL } };

enum { F_CODE_, F_CLASS, F_UNIT, F_TITLE, F_ROOM, F_CABINET, F_DRAWER, F_STATUS, F_CUSTODIAN, F_BAG, F_BINDING, F_CARE, F_GAPS, F_MISSING, F_SINCE,
	F_COMPLETED_AT, F_SIGNED_AT, F_SIGNED_BY, F_REASON, F_NFIELDS };
static const struct field file_fields[] = {
	[F_CODE_] = { .name = "code", .label = N_("File"), .help = N_("Unit and volume: 7-1203/1."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_SORT | F_NARROW, .min = 3, .max = 32 },
	[F_CLASS] = { .name = "class", .label = N_("Class"), .help = N_("Household files are kept by the archive custodian, company files by HR (LOAN-16)."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .choices = classes },
	[F_UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The unit the file is about; company files have none."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_NARROW, .ref = "unit" },
	[F_TITLE] = { .name = "title", .label = N_("Title"), .help = N_("What the volume holds, as on its label."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST, .min = 1, .max = 80 },
	[F_ROOM] = { .name = "room", .label = N_("Storage room"), .help = N_("Room it stands in."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_NARROW, .max = 24 },
	[F_CABINET] = { .name = "cabinet", .label = N_("Cabinet"), .help = N_("Cabinet it stands in (ARC-03)."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .max = 16 },
	[F_DRAWER] = { .name = "drawer", .label = N_("Drawer"), .help = N_("Drawer it stands in (ARC-03)."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .max = 16 },
	[F_STATUS] = { .name = "status", .label = N_("Status"), .help = N_("To be signed (ARC-22), active, superseded (kept apart, ARC-07) or destroyed."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_AUTO, .choices = statuses },
	[F_CUSTODIAN] = { .name = "custodian", .label = N_("Custodian"), .help = N_("The role that keeps files of this class."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO | F_ROLES, .max = 4,
		.computed = "(CASE WHEN t.class IN ('company','staff','contract') THEN 'HR' ELSE 'ACU' END)" },
	[F_BAG] = { .name = "bag", .label = N_("Collected for"), .help = N_("The formality whose papers it gathers; a household's volume without one is for the move-in."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_NARROW, .choices = bags },
	[F_BINDING] = { .name = "binding", .label = N_("Binding"), .help = N_("Bags are bound in the standard way, clean and undamaged (ARC-02)."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_NARROW, .choices = bindings },
	[F_CARE] = { .name = "care", .label = N_("Papers"), .help = N_("Whether every mandatory paper of its checklists lies in it (ARC-14)."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_AUTO | F_NARROW, .choices = cares },
	[F_GAPS] = { .name = "gaps", .label = N_("Gaps"), .help = N_("How many mandatory papers are missing, waived ones included."),
		.type = FT_INT, .level = LEVEL_NAME, .flags = F_AUTO | F_NARROW, .max = 999 },
	[F_MISSING] = { .name = "missing", .label = N_("Missing papers"), .help = N_("Which mandatory papers are still to be chased (ARC-15)."),
		.type = FT_WORDS, .level = LEVEL_NAME, .flags = F_LIST | F_AUTO, .choices = items,
		.computed = "(CASE WHEN t.gaps > 0 THEN lodge.file_missing(t.id) ELSE '{}' END)" },
	[F_SINCE] = { .name = "since", .label = N_("So since"), .help = N_("Since when its papers are complete, or incomplete."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_SORT | F_AUTO | F_NARROW },
	[F_COMPLETED_AT] = { .name = "completed_at", .label = N_("Completed"), .help = N_("When the formality was completed (ARC-14)."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_AUTO },
	[F_SIGNED_AT] = { .name = "signed_at", .label = N_("Signed at"), .help = N_("When the centre manager had read and signed it (ARC-22)."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_AUTO },
	[F_SIGNED_BY] = { .name = "signed_by", .label = N_("Signed by"), .help = N_("Who signed it (ARC-22)."),
		.type = FT_REF, .level = LEVEL_NAME, .flags = F_AUTO, .ref = "staff" },
	[F_REASON] = { .name = "reason", .label = N_("Reason"), .help = N_("Why."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_ARG, .min = 3, .max = 200 },
};
_Static_assert(NITEMS(file_fields) == F_NFIELDS, "file fields");
static const struct state file_states[] = {
	{ .name = "out", .label = N_("Out"), .computed = "EXISTS (SELECT 1 FROM lodge.loan l WHERE l.file = t.id AND l.state = 'issued')", .open = true },
	{ .name = "in", .label = N_("In"), .computed = "true" },
};
static const struct guard file_custody[] = {
	{ .name = "file_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN,
		.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") },
	{ .name = NULL },
};
static const struct guard file_registering[] = {
	{ .name = "file_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN,
		.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") },
	{ .name = "file_of_a_unit", .rule = "ARC-01", .code = ERR_INVALID, .field = "unit",
		.sentence = N_("A household's file belongs to its unit; name the unit.") },
	{ .name = "file_code_of_unit", .rule = "ARC-01", .code = ERR_INVALID, .field = "code",
		.sentence = N_("A volume of a unit is called by the unit and a number, such as 7-1203/3.") },
	{ .name = NULL },
};
static const struct guard file_at_rest[] = {
	{ .name = "file_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN,
		.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") },
	{ .name = "file_active", .rule = "ARC-07", .sentence = N_("The file is no longer active; what became of it stays as it is.") },
	{ .name = "file_not_out", .rule = "LOAN-08", .sentence = N_("The file is out; take it back first.") },
	{ .name = NULL },
};
static const struct guard file_completing[] = {
	{ .name = "file_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN,
		.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") },
	{ .name = "file_active", .rule = "ARC-07", .sentence = N_("The file is no longer active; what became of it stays as it is.") },
	{ .name = "file_papers_complete", .rule = "ARC-14", .field = "missing",
		.sentence = N_("Mandatory papers are missing; place them, or have the supervisor waive them with a reason.") },
	{ .name = NULL },
};
static const struct guard file_signing[] = {
	{ .name = "file_waits_for_signature", .rule = "ARC-22", .sentence = N_("This file waits for no signature.") },
	{ .name = NULL },
};
static const struct op file_ops[] = {
	{ .name = "register", .label = N_("Register a file"), .help = N_("A new volume enters the cabinet (ARC-01, ARC-04)."),
		.roles = KEEPERS, .to = STATE_SAME, .flags = OP_CREATE,
		.asks = FIELD(F_CODE_) | FIELD(F_CLASS) | FIELD(F_UNIT) | FIELD(F_TITLE) | FIELD(F_ROOM) | FIELD(F_CABINET) | FIELD(F_DRAWER) |
			FIELD(F_BAG) | FIELD(F_BINDING),
		.needs = FIELD(F_CODE_) | FIELD(F_CLASS) | FIELD(F_TITLE), .derive = "file_registered", .guards = file_registering },
	{ .name = "move", .label = N_("Move the file"), .help = N_("The file stands elsewhere from now on (ARC-03)."),
		.roles = KEEPERS, .to = STATE_SAME, .asks = FIELD(F_ROOM) | FIELD(F_CABINET) | FIELD(F_DRAWER), .needs = FIELD(F_CABINET),
		.guards = file_custody },
	{ .name = "rebind", .label = N_("Note the binding"), .help = N_("How the bag looks now, or that it has been bound anew (ARC-02)."),
		.roles = KEEPERS, .to = STATE_SAME, .asks = FIELD(F_BINDING), .needs = FIELD(F_BINDING), .guards = file_custody },
	{ .name = "supersede", .label = N_("Supersede the file"), .help = N_("The unit changed hands: the file is kept apart, not deleted (ARC-07)."),
		.roles = KEEPERS, .to = STATE_SAME, .asks = FIELD(F_REASON), .needs = FIELD(F_REASON), .derive = "file_superseded",
		.guards = file_at_rest, .flags = OP_CONFIRM },
	{ .name = "complete", .label = N_("Complete the formality"), .help = N_("All mandatory papers are there, or waived by a supervisor (ARC-14)."),
		.roles = KEEPERS, .to = STATE_SAME, .derive = "file_completed", .guards = file_completing },
	{ .name = "sign_off", .label = N_("Sign the file"), .help = N_("The centre manager has read an important-event file; only then is it filed (ARC-22)."),
		.roles = BIT(ROLE_CM), .to = STATE_SAME, .derive = "file_signed", .guards = file_signing },
};
static const struct view file_views[] = {
	{ .name = "gaps", .label = N_("Files with gaps"), .where = "{\"care\":\"gaps\"}", .sort = "since", .roles = BIT(ROLE_ACU) | BIT(ROLE_CSS) },
	{ .name = "to_sign", .label = N_("Event files to sign"), .where = "{\"status\":\"proposed\"}", .sort = "id", .roles = BIT(ROLE_CM) },
};
static const struct part file_parts[] = {
	{ .name = "documents", .label = N_("Content list"), .book = "document", .by = "file", .sort = "id" },
	{ .name = "loans", .label = N_("Loans"), .book = "loan", .by = "file", .sort = "-id" },
};
/* ARC-02..05: what hangs on the paper. */
static const char *const card_fields[] = { "code", "unit.building", "unit.floor", "unit.room", "class", "title", "bag", "room", "cabinet", "drawer", "status", "state", NULL };
static const char *const label_fields[] = { "unit", "bag", "title", "room", "cabinet", "drawer", NULL };
static const char *const drawer_fields[] = { "room", "cabinet", "drawer", NULL };
static const char *const list_fields[] = { "code", "title", "unit", "room", "cabinet", "drawer", "missing", NULL };
static const char *const owner_columns[] = { "display_name", "kind", "opened", NULL };
static const char *const drawer_columns[] = { "code", "unit", "class", "title", NULL };
static const char *const list_columns[] = { "type", "title", "original", "copies", "received_at", "received_by", NULL };
static const struct slip_rows card_rows = { .book = "household", .by = "unit", .of = "unit", .where = "{\"closed\":null}", .columns = owner_columns };
static const struct slip_rows drawer_rows = { .book = "file", .same = drawer_fields, .where = "{\"status\":\"active\"}", .sort = "code", .columns = drawer_columns };
static const struct slip_rows list_rows = { .book = "document", .by = "file", .where = "{\"state\":\"filed\"}", .sort = "id", .columns = list_columns };
static const char *const list_signs[] = { N_("Checked by"), NULL };
static const struct slip file_slips[] = {
	{ .name = "catalogue_card", .title = N_("Catalogue card"), .head = "code", .fields = card_fields, .rows = &card_rows },
	{ .name = "bag_label", .title = N_("Bag label"), .head = "code", .fields = label_fields },
	{ .name = "drawer_label", .title = N_("Drawer label"), .head = "cabinet", .fields = drawer_fields, .rows = &drawer_rows, .wants = "cabinet" },
	{ .name = "content_list", .title = N_("Content list"), .head = "code", .fields = list_fields, .rows = &list_rows, .signs = list_signs },
};
const struct book book_file = { .name = "file", .title = N_("Files"),
	.why = N_("Which paper exists, where it stands, and whether it is there."),
	.readers = ROLES_ALL, .historians = HISTORIANS, .flags = B_AREA, .code = "code",
	.fields = file_fields, .nfields = F_NFIELDS, .states = file_states, .nstates = NITEMS(file_states), .states_computed = true,
	.ops = file_ops, .nops = NITEMS(file_ops), .views = file_views, .nviews = NITEMS(file_views), .parts = file_parts, .nparts = NITEMS(file_parts),
	.slips = file_slips, .nslips = NITEMS(file_slips) };

enum { D_FILE, D_TYPE, D_ITEM, D_TITLE, D_ORIGINAL, D_COPIES, D_RECEIVED_AT, D_RECEIVED_BY, D_SHELF, D_LOAN, D_REMOVED_AT, D_REMOVED_BY,
	D_CHASE_UNTIL, D_CHASE_DUE, D_WAIVED_AT, D_WAIVED_BY, D_REASON, D_NFIELDS };
enum { D_FILED, D_WITHDRAWN, D_WAIVED, D_CHASE, D_SETTLED, D_NSTATES };
enum { D_DEADLINE_CHASE };
static const struct choice yes_no[] = { { "true", N_("Yes") }, { "false", N_("No") }, { NULL, NULL } };
static const struct field document_fields[] = {
	[D_FILE] = { .name = "file", .label = N_("File"), .help = N_("The file it lies in."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .ref = "file" },
	[D_TYPE] = { .name = "type", .label = N_("Bag"), .help = N_("The document bag it belongs to."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_LIST | F_NARROW, .choices = bags },
	[D_ITEM] = { .name = "item", .label = N_("Paper"), .help = N_("Which paper of the checklist it is; empty: one that is on no checklist (ARC-08..13)."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_NARROW, .choices = items },
	[D_TITLE] = { .name = "title", .label = N_("Document"), .help = N_("What it is; a paper of the checklist is called as there."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST, .min = 2, .max = 120 },
	[D_ORIGINAL] = { .name = "original", .label = N_("Original"), .help = N_("An original, or a copy (ARC-27)."),
		.type = FT_BOOL, .level = LEVEL_NAME, .flags = F_LIST | F_NARROW, .choices = yes_no },
	[D_COPIES] = { .name = "copies", .label = N_("Copies"), .help = N_("How many (ARC-27)."),
		.type = FT_INT, .level = LEVEL_NAME, .flags = F_LIST | F_NARROW, .min = 1, .max = 99 },
	[D_RECEIVED_AT] = { .name = "received_at", .label = N_("Received"), .help = N_("When it was placed (ARC-06)."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_AUTO },
	[D_RECEIVED_BY] = { .name = "received_by", .label = N_("Received by"), .help = N_("Who placed it (ARC-06)."),
		.type = FT_REF, .level = LEVEL_NAME, .flags = F_AUTO, .ref = "staff" },
	[D_SHELF] = { .name = "shelf", .label = N_("Shelf mark"), .help = N_("Mark of the paper or the scan."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = 0, .max = 60 },
	[D_LOAN] = { .name = "loan", .label = N_("Of the loan"), .help = N_("The loan it proves or approves, by its record number (ARC-26)."),
		.type = FT_REF, .level = LEVEL_NAME, .flags = F_NARROW, .ref = "loan" },
	[D_REMOVED_AT] = { .name = "removed_at", .label = N_("Withdrawn"), .help = N_("When it left the file (ARC-06)."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_AUTO },
	[D_REMOVED_BY] = { .name = "removed_by", .label = N_("Withdrawn by"), .help = N_("Who withdrew it (ARC-06)."),
		.type = FT_REF, .level = LEVEL_NAME, .flags = F_AUTO, .ref = "staff" },
	[D_CHASE_UNTIL] = { .name = "chase_until", .label = N_("Chase until"), .help = N_("A waived paper is to be there by this day (ARC-14)."),
		.type = FT_DATE, .level = LEVEL_NAME, .flags = 0 },
	[D_CHASE_DUE] = { .name = "chase_due", .label = N_("Chase due"), .help = N_("The end of that day; then it counts as missing again."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_AUTO },
	[D_WAIVED_AT] = { .name = "waived_at", .label = N_("Waived"), .help = N_("When the paper was waived (ARC-14)."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_AUTO },
	[D_WAIVED_BY] = { .name = "waived_by", .label = N_("Waived by"), .help = N_("The supervisor who waived it (ARC-14)."),
		.type = FT_REF, .level = LEVEL_NAME, .flags = F_AUTO, .ref = "staff" },
	[D_REASON] = { .name = "reason", .label = N_("Reason"), .help = N_("Why it was placed, withdrawn or waived (ARC-06, ARC-14)."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = 0, .min = 3, .max = 200 },
};
_Static_assert(NITEMS(document_fields) == D_NFIELDS, "document fields");
static const struct state document_states[] = {
	[D_FILED] = { .name = "filed", .label = N_("In the file"), .open = true },
	[D_WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
	[D_WAIVED] = { .name = "waived", .label = N_("Waived"), .open = true },
	[D_CHASE] = { .name = "chase", .label = N_("To be chased"), .of = D_WAIVED, .computed = "t.chase_due < (SELECT lodge.lodge_now())", .open = true },
	[D_SETTLED] = { .name = "settled", .label = N_("Settled"), .born = true },
};
#define DOCUMENT_CUSTODY { .name = "document_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN, \
		.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") }
#define FILE_SIGNED { .name = "document_file_signed", .rule = "ARC-22", \
		.sentence = N_("The centre manager has to read and sign this file before anything is filed.") }
#define FILE_ACTIVE { .name = "document_file_active", .rule = "ARC-07", \
		.sentence = N_("The file is no longer active; place the document in the new file.") }
#define FILE_IN { .name = "document_file_in", .rule = "LOAN-08", \
		.sentence = N_("The file is out; its content list changes only when it is back.") }
static const struct guard document_placing[] = {
	DOCUMENT_CUSTODY,
	{ .name = "document_item_of_bag", .rule = "ARC-08", .code = ERR_INVALID, .field = "item",
		.sentence = N_("The checklist of this bag has no such paper; choose its bag, or leave the paper empty.") },
	{ .name = "document_named", .rule = "ARC-05", .code = ERR_INVALID, .field = "title",
		.sentence = N_("Say what it is: a title, or a paper of the checklist.") },
	{ .name = "document_loan_of_file", .rule = "ARC-26", .code = ERR_INVALID, .field = "loan",
		.sentence = N_("That loan is of another file.") },
	FILE_SIGNED, FILE_ACTIVE, FILE_IN,
	{ .name = NULL },
};
static const struct guard document_leaving[] = { DOCUMENT_CUSTODY, FILE_ACTIVE, FILE_IN, { .name = NULL } };
static const struct guard document_waiving[] = {
	FILE_ACTIVE,
	{ .name = "document_is_missing", .rule = "ARC-14", .field = "item",
		.sentence = N_("Only a mandatory paper that is missing in this file can be waived.") },
	{ .name = "document_chase_ahead", .rule = "ARC-14", .code = ERR_INVALID, .field = "chase_until",
		.sentence = N_("The day until which it is chased lies ahead, within a year.") },
	{ .name = NULL },
};
static const struct op document_ops[] = {
	{ .name = "place", .label = N_("Place a document"), .help = N_("A document goes into the file through an entry on its content list (ARC-06)."),
		.roles = KEEPERS, .to = D_FILED, .flags = OP_CREATE,
		.asks = FIELD(D_FILE) | FIELD(D_TYPE) | FIELD(D_ITEM) | FIELD(D_TITLE) | FIELD(D_ORIGINAL) | FIELD(D_COPIES) | FIELD(D_SHELF) |
			FIELD(D_LOAN) | FIELD(D_REASON),
		.needs = FIELD(D_FILE) | FIELD(D_TYPE), .derive = "document_placed", .guards = document_placing, .effect = "document_placed" },
	{ .name = "withdraw", .label = N_("Withdraw the document"), .help = N_("A document leaves the file, with the reason on the content list (ARC-06)."),
		.roles = KEEPERS, .from = BIT(D_FILED), .to = D_WITHDRAWN, .asks = FIELD(D_REASON), .needs = FIELD(D_REASON),
		.state_rule = "ARC-06", .state_sentence = N_("The document has been withdrawn already."),
		.derive = "document_withdrawn", .guards = document_leaving, .flags = OP_CONFIRM },
	{ .name = "waive", .label = N_("Waive a missing paper"), .help = N_("A supervisor lets the formality go on without the paper, with a reason and a day to chase it (ARC-14)."),
		.roles = BIT(ROLE_CSS) | BIT(ROLE_CM), .to = D_WAIVED, .flags = OP_CREATE,
		.asks = FIELD(D_FILE) | FIELD(D_ITEM) | FIELD(D_TYPE) | FIELD(D_CHASE_UNTIL) | FIELD(D_REASON),
		.needs = FIELD(D_FILE) | FIELD(D_ITEM) | FIELD(D_CHASE_UNTIL) | FIELD(D_REASON), .derive = "document_waived",
		.guards = document_waiving, .effect = "document_waived", .opens = BIT(D_DEADLINE_CHASE) },
};
static const struct deadline document_deadlines[] = {
	[D_DEADLINE_CHASE] = { .name = "document_chase", .label = N_("Waived paper to chase"), .field = D_CHASE_DUE },
};
static const struct view document_views[] = {
	{ .name = "to_chase", .label = N_("Waived papers to chase"), .where = "{\"state\":\"chase\"}", .sort = "id",
		.roles = BIT(ROLE_ACU) | BIT(ROLE_CSS) },
};
const struct book book_document = { .name = "document", .title = N_("Documents"),
	.why = N_("The content list of every file: nothing enters or leaves it unwritten."),
	.readers = BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_HR), .historians = HISTORIANS, .flags = B_AREA,
	.fields = document_fields, .nfields = D_NFIELDS, .states = document_states, .nstates = D_NSTATES,
	.ops = document_ops, .nops = NITEMS(document_ops), .deadlines = document_deadlines, .ndeadlines = NITEMS(document_deadlines),
	.views = document_views, .nviews = NITEMS(document_views) };
