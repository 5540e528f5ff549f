/*
 * file.c - the paper: files (volumes of a unit's one folder) and the documents in them.
 *
 * One household, one folder (ARC-01); what is lent is a volume, UNIT/N. Not for: lending (loan.c).
 * Trap: `state` (in, out) is computed from the loans, `status` is what became of the file.
 */
#include "common/books/books.h"

#define HISTORIANS (BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU))
#define KEEPERS (BIT(ROLE_ACU) | BIT(ROLE_HR))

static const struct choice classes[] = { { "household", N_("Household") }, { "important_event", N_("Important event") },
	{ "engineering", N_("Engineering") }, { "estate", N_("Estate") }, { "company", N_("Company") }, { "staff", N_("Staff") },
	{ "contract", N_("Contract") }, { NULL, NULL } };
static const struct choice statuses[] = { { "active", N_("Active") }, { "superseded", N_("Superseded") }, { "destroyed", N_("Destroyed") }, { NULL, NULL } };

enum { F_CODE_, F_CLASS, F_UNIT, F_TITLE, F_ROOM, F_CABINET, F_DRAWER, F_STATUS, F_CUSTODIAN, F_REASON, F_NFIELDS };
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
	[F_STATUS] = { .name = "status", .label = N_("Status"), .help = N_("Active, superseded (kept apart, ARC-07) or destroyed."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_AUTO, .choices = statuses },
	[F_CUSTODIAN] = { .name = "custodian", .label = N_("Custodian"), .help = N_("The role that keeps files of this class."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_AUTO | F_ROLES, .max = 4,
		.computed = "(CASE WHEN t.class IN ('company','staff','contract') THEN 'HR' ELSE 'ACU' END)" },
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
static const struct guard file_at_rest[] = {
	{ .name = "file_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN,
		.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") },
	{ .name = "file_active", .rule = "ARC-07", .sentence = N_("The file is no longer active; what became of it stays as it is.") },
	{ .name = "file_not_out", .rule = "LOAN-08", .sentence = N_("The file is out; take it back first.") },
	{ .name = NULL },
};
static const struct op file_ops[] = {
	{ .name = "register", .label = N_("Register a file"), .help = N_("A new volume enters the cabinet (ARC-01, ARC-04)."),
		.roles = KEEPERS, .to = STATE_SAME, .flags = OP_CREATE,
		.asks = FIELD(F_CODE_) | FIELD(F_CLASS) | FIELD(F_UNIT) | FIELD(F_TITLE) | FIELD(F_ROOM) | FIELD(F_CABINET) | FIELD(F_DRAWER),
		.needs = FIELD(F_CODE_) | FIELD(F_CLASS) | FIELD(F_TITLE), .derive = "file_registered", .guards = file_custody },
	{ .name = "move", .label = N_("Move the file"), .help = N_("The file stands elsewhere from now on (ARC-03)."),
		.roles = KEEPERS, .to = STATE_SAME, .asks = FIELD(F_ROOM) | FIELD(F_CABINET) | FIELD(F_DRAWER), .needs = FIELD(F_CABINET),
		.guards = file_custody },
	{ .name = "supersede", .label = N_("Supersede the file"), .help = N_("The unit changed hands: the file is kept apart, not deleted (ARC-07)."),
		.roles = KEEPERS, .to = STATE_SAME, .asks = FIELD(F_REASON), .needs = FIELD(F_REASON), .derive = "file_superseded",
		.guards = file_at_rest, .flags = OP_CONFIRM },
};
static const struct part file_parts[] = {
	{ .name = "documents", .label = N_("Content list"), .book = "document", .by = "file", .sort = "id" },
	{ .name = "loans", .label = N_("Loans"), .book = "loan", .by = "file", .sort = "-id" },
};
const struct book book_file = { .name = "file", .title = N_("Files"),
	.why = N_("Which paper exists, where it stands, and whether it is there."),
	.readers = ROLES_ALL, .historians = HISTORIANS, .flags = B_AREA, .code = "code",
	.fields = file_fields, .nfields = F_NFIELDS, .states = file_states, .nstates = NITEMS(file_states), .states_computed = true,
	.ops = file_ops, .nops = NITEMS(file_ops), .parts = file_parts, .nparts = NITEMS(file_parts) };

enum { D_FILE, D_TYPE, D_TITLE, D_ORIGINAL, D_COPIES, D_RECEIVED_AT, D_RECEIVED_BY, D_SHELF, D_REMOVED_AT, D_REMOVED_BY, D_REASON, D_NFIELDS };
enum { D_FILED, D_WITHDRAWN };
static const struct choice yes_no[] = { { "true", N_("Yes") }, { "false", N_("No") }, { NULL, NULL } };
static const struct choice doc_types[] = { { "move_in", N_("Move-in") }, { "fit_out", N_("Fit-out") }, { "transfer", N_("Ownership transfer") },
	{ "maintenance", N_("Maintenance") }, { "change", N_("Unit change") }, { "organisation", N_("Organisation") },
	{ "correspondence", N_("Correspondence") }, { "approval", N_("Written Approval") }, { NULL, NULL } };
static const struct field document_fields[] = {
	[D_FILE] = { .name = "file", .label = N_("File"), .help = N_("The file it lies in."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .ref = "file" },
	[D_TYPE] = { .name = "type", .label = N_("Bag"), .help = N_("The document bag it belongs to."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_LIST | F_NARROW, .choices = doc_types },
	[D_TITLE] = { .name = "title", .label = N_("Document"), .help = N_("What it is."),
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
	[D_REMOVED_AT] = { .name = "removed_at", .label = N_("Withdrawn"), .help = N_("When it left the file (ARC-06)."),
		.type = FT_TIME, .level = LEVEL_NAME, .flags = F_AUTO },
	[D_REMOVED_BY] = { .name = "removed_by", .label = N_("Withdrawn by"), .help = N_("Who withdrew it (ARC-06)."),
		.type = FT_REF, .level = LEVEL_NAME, .flags = F_AUTO, .ref = "staff" },
	[D_REASON] = { .name = "reason", .label = N_("Reason"), .help = N_("Why it was placed or withdrawn (ARC-06)."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = 0, .min = 3, .max = 200 },
};
_Static_assert(NITEMS(document_fields) == D_NFIELDS, "document fields");
static const struct state document_states[] = {
	[D_FILED] = { .name = "filed", .label = N_("In the file"), .open = true },
	[D_WITHDRAWN] = { .name = "withdrawn", .label = N_("Withdrawn") },
};
static const struct guard document_placing[] = {
	{ .name = "document_custodian", .rule = "LOAN-16", .code = ERR_FORBIDDEN,
		.sentence = N_("Files of this class are kept by another custodian; ask him to do it.") },
	{ .name = "document_file_active", .rule = "ARC-07", .sentence = N_("The file is no longer active; place the document in the new file.") },
	{ .name = "document_file_in", .rule = "LOAN-08", .sentence = N_("The file is out; its content list changes only when it is back.") },
	{ .name = NULL },
};
static const struct op document_ops[] = {
	{ .name = "place", .label = N_("Place a document"), .help = N_("A document goes into the file through an entry on its content list (ARC-06)."),
		.roles = KEEPERS, .to = D_FILED, .flags = OP_CREATE,
		.asks = FIELD(D_FILE) | FIELD(D_TYPE) | FIELD(D_TITLE) | FIELD(D_ORIGINAL) | FIELD(D_COPIES) | FIELD(D_SHELF) | FIELD(D_REASON),
		.needs = FIELD(D_FILE) | FIELD(D_TYPE) | FIELD(D_TITLE), .derive = "document_placed", .guards = document_placing },
	{ .name = "withdraw", .label = N_("Withdraw the document"), .help = N_("A document leaves the file, with the reason on the content list (ARC-06)."),
		.roles = KEEPERS, .from = BIT(D_FILED), .to = D_WITHDRAWN, .asks = FIELD(D_REASON), .needs = FIELD(D_REASON),
		.state_rule = "ARC-06", .state_sentence = N_("The document has been withdrawn already."),
		.derive = "document_withdrawn", .guards = document_placing, .flags = OP_CONFIRM },
};
const struct book book_document = { .name = "document", .title = N_("Documents"),
	.why = N_("The content list of every file: nothing enters or leaves it unwritten."),
	.readers = BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_HR), .historians = HISTORIANS, .flags = B_AREA,
	.fields = document_fields, .nfields = D_NFIELDS, .states = document_states, .nstates = NITEMS(document_states),
	.ops = document_ops, .nops = NITEMS(document_ops) };
