/*
 * inspection.c - the Quality Inspection Record of the archive (質量檢查記錄): full checks and samples.
 *
 * ARC-17, ARC-18, QC-09. Which files are checked is drawn by the database, never by a person. Not for:
 * what misses in a file (file.c). Trap: a row in state `due` is a reminder without a number; drawing
 * makes a new row that takes over the reminder's day. When the first full check is due is computed when read.
 */
#include "common/books/books.h"

#define READERS (BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_QC))
#define HISTORIANS (BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU))

static const struct choice kinds[] = { { "half_year", N_("Half-year sample") }, { "full", N_("Full check") }, { NULL, NULL } };

enum { NO, KIND, DUE_, POPULATION, REQUIRED, JUDGED, FOUND, UNFINISHED, DRAWN_AT, DRAWN_BY, CLOSED_AT, CLOSED_BY, FINDINGS, NFIELDS };
enum { DUE, OVERDUE, MET, DRAWN, LATE, CLOSED, NSTATES };
#define COUNT(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_INT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW | (f), .max = 9999999 }
#define COUNTED(n, l, h, sql) { .name = n, .label = l, .help = h, .type = FT_INT, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW | F_LIST, .computed = sql }
static const struct field fields[] = {
	[NO] = { .name = "no", .label = N_("No."), .help = N_("The record's number, without a gap; a reminder has none."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NUMBER | F_NARROW, .max = 20 },
	[KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("A sample each half year, or all files at once (ARC-17, ARC-18)."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .choices = kinds },
	[DUE_] = { .name = "due", .label = N_("Due"), .help = N_("First check: a year after the first move-in, or at 80 per cent occupancy; then each half year."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .computed = "lodge.inspection_due(t.id)" },
	[POPULATION] = COUNT("population", N_("Files in all"), N_("How many files there were when it was drawn."), 0),
	[REQUIRED] = COUNT("required", N_("To be checked"), N_("How many have to be checked: at least 5 per cent of all (ARC-18)."), F_LIST),
	[JUDGED] = COUNTED("judged", N_("Checked"), N_("How many have been checked."),
		"(SELECT count(*) FROM lodge.inspection_item i WHERE i.inspection = t.id AND i.state <> 'open')"),
	[FOUND] = COUNTED("found", N_("Incomplete"), N_("In how many something was missing."),
		"(SELECT count(*) FROM lodge.inspection_item i WHERE i.inspection = t.id AND i.state IN ('missing','remedied'))"),
	[UNFINISHED] = COUNT("unfinished", N_("Unfinished"), N_("Earlier draws of this kind that nobody had closed: who draws again is seen."), 0),
	[DRAWN_AT] = { .name = "drawn_at", .label = N_("Drawn"), .help = N_("When the server drew the files."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[DRAWN_BY] = { .name = "drawn_by", .label = N_("Drawn by"), .help = N_("Who had them drawn."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[CLOSED_AT] = { .name = "closed_at", .label = N_("Closed"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[CLOSED_BY] = { .name = "closed_by", .label = N_("Closed by"), .help = N_("The supervisor."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[FINDINGS] = { .name = "findings", .label = N_("Findings"), .help = N_("What the check showed, for the Quality Inspection Record."),
		.type = FT_NOTE, .level = LEVEL_NAME, .flags = 0, .min = 3, .max = 4000 },
};
_Static_assert(NITEMS(fields) == NFIELDS, "inspection fields");
static const struct state states[] = {
	[DUE] = { .name = "due", .label = N_("Due"), .open = true, .born = true },
	[OVERDUE] = { .name = "overdue", .label = N_("Overdue"), .of = DUE, .computed = "lodge.inspection_due(t.id) < (SELECT lodge.lodge_now())", .open = true },
	[MET] = { .name = "met", .label = N_("Reminder met"), .born = true },
	[DRAWN] = { .name = "drawn", .label = N_("Being checked"), .open = true },
	[LATE] = { .name = "late", .label = N_("Being checked, late"), .of = DRAWN, .computed = "lodge.inspection_due(t.id) < (SELECT lodge.lodge_now())", .open = true },
	[CLOSED] = { .name = "closed", .label = N_("Closed") },
};
_Static_assert(NITEMS(states) == NSTATES, "inspection states");
static const struct guard drawing[] = {
	{ .name = "inspection_has_files", .rule = "ARC-18", .sentence = N_("There are no files to check.") },
	{ .name = NULL },
};
static const struct guard closing[] = {
	{ .name = "inspection_enough_checked", .rule = "ARC-18",
		.sentence = N_("Fewer files have been checked than were drawn; the check is closed when all have been.") },
	{ .name = NULL },
};
static const struct op ops[] = {
	{ .name = "draw", .label = N_("Draw files to check"), .help = N_("The server draws the files by lot; nobody chooses them (ARC-18)."),
		.roles = BIT(ROLE_CSS), .to = DRAWN, .flags = OP_CREATE, .asks = FIELD(KIND), .needs = FIELD(KIND),
		.derive = "inspection_drawn", .guards = drawing, .effect = "inspection_drawn" },
	{ .name = "close", .label = N_("Close the check"), .help = N_("All drawn files are checked; the findings go into the record (ARC-18)."),
		.roles = BIT(ROLE_CSS), .from = BIT(DRAWN), .to = CLOSED, .asks = FIELD(FINDINGS), .state_rule = "ARC-18",
		.state_sentence = N_("Only a check that is under way can be closed."), .derive = "inspection_closed", .guards = closing,
		.effect = "inspection_closed" },
};
static const struct view views[] = {
	{ .name = "late", .label = N_("Archive checks overdue"), .where = "{\"state\":[\"overdue\",\"late\"]}", .sort = "id", .roles = BIT(ROLE_CSS) },
	{ .name = "open", .label = N_("Archive checks"), .where = "{\"state\":[\"due\",\"drawn\"]}", .sort = "id", .roles = BIT(ROLE_CSS) },
};
static const struct part parts[] = {
	{ .name = "items", .label = N_("Files to check"), .book = "inspection_item", .by = "inspection", .sort = "id" },
};
const struct book book_inspection = { .name = "inspection", .title = N_("Quality inspections"),
	.why = N_("The archive is what it says it is: somebody looks, at files that nobody chose."),
	.readers = READERS, .historians = HISTORIANS, .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES,
	.ops = ops, .nops = NITEMS(ops), .views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts) };

static const struct choice verdicts[] = { { "ok", N_("In order") }, { "missing", N_("Something is missing") }, { NULL, NULL } };

enum { I_INSPECTION, I_FILE, I_PLACE, I_GAPS, I_VERDICT, I_REMEDY, I_JUDGED_AT, I_JUDGED_BY, I_REMEDIED_AT, I_REMEDIED_BY, I_NFIELDS };
enum { I_OPEN, I_OK, I_MISSING, I_REMEDIED, I_NSTATES };
static const struct field item_fields[] = {
	[I_INSPECTION] = { .name = "inspection", .label = N_("Check"), .help = N_("The check that it was drawn for."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW, .ref = "inspection" },
	[I_FILE] = { .name = "file", .label = N_("File"), .help = N_("The file drawn by the server."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "file" },
	[I_PLACE] = { .name = "place", .label = N_("Stands in"), .help = N_("Cabinet and drawer; the list follows the shelves."),
		.type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW,
		.computed = "(SELECT concat_ws(' / ', f.cabinet, f.drawer) FROM lodge.file f WHERE f.id = t.file)" },
	[I_GAPS] = { .name = "gaps", .label = N_("Known gaps"), .help = N_("Mandatory papers that the register knows to be missing now."),
		.type = FT_INT, .level = LEVEL_NAME, .flags = F_LIST | F_AUTO | F_NARROW, .computed = "(SELECT f.gaps FROM lodge.file f WHERE f.id = t.file)" },
	[I_VERDICT] = { .name = "verdict", .label = N_("Verdict"), .help = N_("What was found when the file was opened."),
		.type = FT_CHOICE, .level = LEVEL_OPEN, .flags = F_ARG, .choices = verdicts },
	[I_REMEDY] = { .name = "remedy", .label = N_("Remedy"), .help = N_("What is missing, and who brings it until when (ARC-17)."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST, .min = 3, .max = 200 },
	[I_JUDGED_AT] = { .name = "judged_at", .label = N_("Checked"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[I_JUDGED_BY] = { .name = "judged_by", .label = N_("Checked by"), .help = N_("Who looked into the file."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
	[I_REMEDIED_AT] = { .name = "remedied_at", .label = N_("Remedied"), .help = N_("When."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO },
	[I_REMEDIED_BY] = { .name = "remedied_by", .label = N_("Remedied by"), .help = N_("The custodian."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_AUTO, .ref = "staff" },
};
_Static_assert(NITEMS(item_fields) == I_NFIELDS, "inspection item fields");
static const struct state item_states[] = {
	[I_OPEN] = { .name = "open", .label = N_("To be checked"), .open = true },
	[I_OK] = { .name = "ok", .label = N_("In order") },
	[I_MISSING] = { .name = "missing", .label = N_("Something is missing"), .open = true },
	[I_REMEDIED] = { .name = "remedied", .label = N_("Remedied") },
};
_Static_assert(NITEMS(item_states) == I_NSTATES, "inspection item states");
static const struct guard judging[] = {
	{ .name = "inspection_under_way", .rule = "ARC-18", .sentence = N_("The check is closed; what it found stays as it is.") },
	{ .name = "inspection_remedy_named", .rule = "ARC-17", .code = ERR_INVALID, .field = "remedy",
		.sentence = N_("Say what is missing and who brings it: it is chased at once.") },
	{ .name = NULL },
};
static const struct op item_ops[] = {
	{ .name = "judge", .label = N_("Write down the verdict"), .help = N_("The supervisor has opened the file (ARC-17, ARC-18)."),
		.roles = BIT(ROLE_CSS), .from = BIT(I_OPEN) | BIT(I_OK) | BIT(I_MISSING), .to = STATE_DERIVED,
		.asks = FIELD(I_VERDICT) | FIELD(I_REMEDY), .needs = FIELD(I_VERDICT), .state_rule = "ARC-17",
		.state_sentence = N_("What was missing has been brought; the finding stays as it is."), .derive = "inspection_judged", .guards = judging },
	{ .name = "remedy_done", .label = N_("Remedied"), .help = N_("What was missing lies in the file now (ARC-17)."),
		.roles = BIT(ROLE_ACU), .from = BIT(I_MISSING), .to = I_REMEDIED, .state_rule = "ARC-17",
		.state_sentence = N_("Nothing of this file is to be remedied."), .derive = "inspection_remedied" },
};
static const struct view item_views[] = {
	{ .name = "to_remedy", .label = N_("Findings to remedy"), .where = "{\"state\":\"missing\"}", .sort = "id", .roles = BIT(ROLE_ACU) },
	{ .name = "to_check", .label = N_("Files to check"), .where = "{\"state\":\"open\"}", .sort = "id", .roles = BIT(ROLE_CSS) },
};
const struct book book_inspection_item = { .name = "inspection_item", .title = N_("Files drawn for a check"),
	.why = N_("Each drawn file has a verdict, and each finding a remedy."),
	.readers = READERS & ~BIT(ROLE_QC), .historians = HISTORIANS, .flags = B_AREA,
	.fields = item_fields, .nfields = I_NFIELDS, .states = item_states, .nstates = I_NSTATES, .ops = item_ops, .nops = NITEMS(item_ops),
	.views = item_views, .nviews = NITEMS(item_views) };
