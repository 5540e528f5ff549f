/*
 * incident.c - incident reports: the one form of the house, its numbers, its clocks, its register.
 *
 * INC-01..12, X-17. Written down with the first key, told to the estate manager by word, handed in within 24 hours
 * (a major one within 12 and in person), copied within one working day, filed. The slip of a power failure and the
 * record of an entry in an emergency are the same form under another name. Not for: what is done meanwhile
 * (emergency.c). Trap: late is computed when it is read and never refused; a voided report keeps its number.
 */
#include "common/books/shorthand.h"

#define DUTY (BIT(ROLE_NM) | BIT(ROLE_CM))
#define DESKS (BIT(ROLE_FD) | BIT(ROLE_OP))
#define GUARDS (BIT(ROLE_SG) | BIT(ROLE_SL))
#define SLIP (BIT(ROLE_ET) | BIT(ROLE_EL))
#define READERS (DUTY | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_GM) | BIT(ROLE_SS) | BIT(ROLE_ES) | BIT(ROLE_HR) | BIT(ROLE_QC))

const struct choice incident_kinds[] = { { "water", N_("Water leak") }, { "fire", N_("Fire") }, { "power", N_("Power cut") }, { "theft", N_("Theft") },
	{ "fight", N_("Fight") }, { "death", N_("Death") }, { "explosion", N_("Explosion") }, { "equipment", N_("Equipment") }, { "other", N_("Other") }, { NULL, NULL } };
static const struct choice kind_keys[] = { { "wl", "water" }, { "fi", "fire" }, { "pw", "power" }, { "th", "theft" }, { "fg", "fight" }, { "de", "death" },
	{ "ex", "explosion" }, { "eq", "equipment" }, { "ot", "other" }, { NULL, NULL } };
const struct choice incident_severities[] = { { "general", N_("General") }, { "major", N_("Major") }, { NULL, NULL } };
static const struct choice forms[] = { { "incident_report", N_("Incident Report") }, { "power_slip", N_("Power-failure slip") },
	{ "emergency_record", N_("Emergency record") }, { NULL, NULL } };
static const struct choice ways[] = { { "in_person", N_("In person") }, { "telephone", N_("By telephone") }, { NULL, NULL } };

enum { NO, KIND, PLACE, DETAILS, SEVERITY, ECONOMIC_LOSS, FORM, OCCURRED_AT, DISCOVERED_AT, ACTION, POLICE_NO, PHOTOS, PROBLEMS, REMARKS, IN_PERSON,
	UNIT, BUILDING, REPORTED_BY, ORAL_AT, ORAL_HOW, DUE, SUBMITTED_AT, SUBMITTED_BY, IN_TIME, COPIED_TO, COPY_DUE, COPIED_AT, COPIES_IN_TIME,
	APPROVED_BY, APPROVED_AT, TOLD_TO, INSTRUCTION, SCENE_AT, SCENE_BY, PAGE, ROLE, NAME, SIGNATURES, SHIFT, REASON, NFIELDS };
enum { OPENED, OPENED_LATE, REPORTED, REPORTED_LATE, SUBMITTED, COPIES_LATE, COPIED, FILED, VOIDED, NSTATES };
enum { DEADLINE_REPORT, DEADLINE_COPIES };
#define SPOKEN(n, l, h) { .name = n, .label = l, .help = h, .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_NARROW }
#define NOTE(n, l, h) { .name = n, .label = l, .help = h, .type = FT_NOTE, .level = LEVEL_OPEN, .flags = 0, .min = 2, .max = 4000 }
#define KEPT(n, l, h, list, sql) { .name = n, .label = l, .help = h, .type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | (list) | F_NARROW, \
	.choices = shorthand_yes_no, .computed = sql }
static const struct field fields[] = {
	[NO] = TEXT("no", N_("Report no."), N_("Consecutive, never used twice; a voided report keeps its number (INC-03)."), LEVEL_OPEN, F_LIST | F_AUTO | F_NUMBER | F_NARROW, 0, 20),
	[KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("What it is; two letters are enough."), .type = FT_CHOICE, .level = LEVEL_OPEN,
		.flags = F_LIST | F_NARROW, .choices = incident_kinds, .keys = kind_keys },
	[PLACE] = TEXT("place", N_("Place"), N_("Where: a unit, a public area, or in words."), LEVEL_OPEN, F_LIST, 1, 120),
	[DETAILS] = NOTE("details", N_("Details"), N_("The facts. Residents by their unit, not by their name.")),
	[SEVERITY] = CHOICE("severity", N_("Severity"), N_("The duty manager judges it; fire, death and explosion are major unless he says otherwise (INC-01)."), F_LIST | F_NARROW, incident_severities),
	[ECONOMIC_LOSS] = TICK("economic_loss", N_("Economic loss"), N_("Something of value is damaged: photographs are needed (INC-05)."), 0),
	[FORM] = CHOICE("form_kind", N_("Form"), N_("Which of the house's forms it is; the incident report when nothing is said (X-17)."), 0, forms),
	[OCCURRED_AT] = SPOKEN("occurred_at", N_("Occurred"), N_("When it happened, if that is known.")),
	[DISCOVERED_AT] = { .name = "discovered_at", .label = N_("Discovered"), .help = N_("When it was noticed; the clocks run from here. Now, when nothing is said."),
		.type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW | F_FIRST_KEY },
	[ACTION] = NOTE("action", N_("Action taken"), N_("What was done at once.")),
	[POLICE_NO] = TEXT("police_no", N_("Police file"), N_("The number of the police's file, where there is one."), LEVEL_OPEN, F_NARROW, 2, 40),
	[PHOTOS] = { .name = "photos", .label = N_("Photos"), .help = N_("Each by its reference and its digest: IMG_0042.jpg sha256:…; nothing else proves it (INC-05, INC-08)."),
		.type = FT_ITEMS, .level = LEVEL_OPEN, .flags = 0, .max = 40 },
	[PROBLEMS] = NOTE("problems", N_("Problems"), N_("What stood in the way, what is still open.")),
	[REMARKS] = NOTE("remarks", N_("Remarks"), N_("Anything else.")),
	[IN_PERSON] = TICK("in_person", N_("In person"), N_("The report was handed to the estate manager in person (INC-02)."), 0),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that the place names."), F_AUTO | F_NARROW, "unit"),
	[BUILDING] = REF("building", N_("Building"), N_("The building that the place names."), F_AUTO | F_NARROW, "building"),
	[REPORTED_BY] = REF("reported_by", N_("Reported by"), N_("Who wrote it down."), F_AUTO | F_PARTY, "staff"),
	[ORAL_AT] = SPOKEN("oral_at", N_("Oral report"), N_("When the estate manager was told by word (INC-01). Now, when nothing is said.")),
	[ORAL_HOW] = CHOICE("oral_how", N_("Told how"), N_("In person or by telephone."), F_NARROW, ways),
	[DUE] = STAMP("due", N_("Due"), N_("The written report: 24 hours after it was discovered, 12 for a major one (INC-02)."), F_LIST | F_SORT),
	[SUBMITTED_AT] = STAMP("submitted_at", N_("Submitted"), N_("When the written report was handed in."), 0),
	[SUBMITTED_BY] = REF("submitted_by", N_("Submitted by"), N_("Who handed it in."), F_AUTO, "staff"),
	[IN_TIME] = KEPT("in_time", N_("In time"), N_("Whether the written report kept its time limit; a major one counts only in person (INC-02)."), F_LIST,
		"(CASE WHEN t.state <> 'voided' THEN lodge.incident_in_time(t.severity, t.due, t.submitted_at, t.in_person) END)"),
	[COPIED_TO] = TEXT("copied_to", N_("Copies to"), N_("The manager and the supervisors concerned."), LEVEL_OPEN, 0, 2, 200),
	[COPY_DUE] = STAMP("copy_due", N_("Copies due"), N_("Within one working day after it was submitted (INC-02)."), 0),
	[COPIED_AT] = STAMP("copied_at", N_("Copied"), N_("When the copies went out."), 0),
	[COPIES_IN_TIME] = KEPT("copies_in_time", N_("Copies in time"), N_("Whether the copies kept their time limit."), 0, "lodge.incident_kept(t.copy_due, t.copied_at)"),
	[APPROVED_BY] = REF("approved_by", N_("Filed by"), N_("Who has read and filed it."), F_AUTO, "staff"),
	[SHIFT] = SHIFT_OF("discovered_at"),
	[APPROVED_AT] = STAMP("approved_at", N_("Filed"), N_("When."), 0),
	[TOLD_TO] = REF("told_to", N_("Told to"), N_("The estate manager or his deputy, who was told (INC-01, NGT-04)."), F_ANYWHERE, "staff"),
	[INSTRUCTION] = NOTE("instruction", N_("Instruction"), N_("What he said is to be done, where it was too much to handle alone (NGT-04).")),
	[SCENE_AT] = STAMP("scene_at", N_("On the scene"), N_("Since when the duty manager was there (NGT-05)."), 0),
	[SCENE_BY] = REF("scene_by", N_("Who was there"), N_("The duty manager on the scene."), F_AUTO, "staff"),
	[PAGE] = REF("page", N_("Page"), N_("The duty page on which it stands (INC-08)."), F_AUTO | F_NARROW, "duty_page"),
	[ROLE] = TEXT("role", N_("Party"), N_("For whom he signs: night manager, security, family, neighbour, police; each party once (VUL-06)."), LEVEL_NAME, F_ARG, 2, 40),
	[NAME] = TEXT("name", N_("Name"), N_("Who signs."), LEVEL_NAME, F_ARG, 2, 80),
	[SIGNATURES] = INT("signatures", N_("Signatures"), N_("How many parties have signed; an emergency record needs three (VUL-06)."), F_AUTO | F_NARROW, 0, 99),
	[REASON] = TEXT("reason", N_("Reason"), N_("Why it is void."), LEVEL_OPEN, 0, 3, 200),
};
_Static_assert(NITEMS(fields) == NFIELDS, "incident fields");
static const struct state states[] = {
	[OPENED] = { .name = "opened", .label = N_("Opened"), .open = true },
	[OPENED_LATE] = { .name = "opened_late", .label = N_("Report late"), .of = OPENED, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[REPORTED] = { .name = "reported", .label = N_("Told by word"), .open = true },
	[REPORTED_LATE] = { .name = "reported_late", .label = N_("Told, report late"), .of = REPORTED, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[SUBMITTED] = { .name = "submitted", .label = N_("Submitted"), .open = true },
	[COPIES_LATE] = { .name = "copies_late", .label = N_("Copies late"), .of = SUBMITTED, .computed = "t.copy_due < (SELECT lodge.lodge_now())", .open = true },
	[COPIED] = { .name = "copied", .label = N_("Copied"), .open = true },
	[FILED] = { .name = "filed", .label = N_("Filed") },
	[VOIDED] = { .name = "voided", .label = N_("Void") },
};
_Static_assert(NITEMS(states) == NSTATES, "incident states");

#define TIMES { .name = "incident_times_in_order", .rule = "INC-02", .code = ERR_INVALID, .field = "discovered_at", \
	.sentence = N_("It happened before it was discovered, and none of it lies in the future.") }
#define BY_ITS_ROLE { .name = "incident_form_by_its_role", .rule = "INC-09", .code = ERR_FORBIDDEN, .field = "form_kind", \
	.sentence = N_("Engineering fills in slips of power failures, and only these.") }
#define DIGESTS { .name = "incident_photos_proven", .rule = "INC-05", .code = ERR_INVALID, .field = "photos", \
	.sentence = N_("A digest is sha256: and 64 hexadecimal digits.") }
static const struct guard opening[] = { BY_ITS_ROLE, TIMES, DIGESTS, { .name = NULL } };
static const struct guard telling[] = {
	{ .name = "incident_told_superior", .rule = "NGT-04", .field = "told_to", .sentence = N_("It is told to the estate manager or to his deputy.") },
	{ .name = "incident_told_since", .rule = "INC-01", .code = ERR_INVALID, .field = "oral_at", .sentence = N_("It was told after it was discovered, and not in the future.") },
	{ .name = NULL },
};
static const struct guard submitting[] = {
	BY_ITS_ROLE, TIMES, DIGESTS,
	{ .name = "incident_says_what", .rule = "INC-06", .code = ERR_INVALID, .field = "details", .sentence = N_("The report says what happened; write the details first.") },
	{ .name = "incident_major_has_photos", .rule = "INC-08", .field = "photos", .sentence = N_("A major incident is reported with photographs of the place, each with its digest: IMG_0042.jpg sha256:…") },
	{ .name = "incident_loss_has_photos", .rule = "INC-05", .field = "photos", .sentence = N_("With economic loss the report needs photographs, for insurance and law, each with its digest: IMG_0042.jpg sha256:…") },
	{ .name = NULL },
};
static const struct guard approving[] = {
	{ .name = "incident_approver", .rule = "INC-09", .code = ERR_FORBIDDEN, .sentence = N_("The centre manager files slips of power failures, the estate manager any report; nobody files his own.") },
	{ .name = "incident_three_signed", .rule = "VUL-06", .sentence = N_("An emergency record is filed when three different parties have signed it.") },
	{ .name = NULL },
};
static const struct guard arriving[] = {
	{ .name = "incident_scene_once", .rule = "NGT-05", .sentence = N_("That the duty manager is there stands in the report already.") }, { .name = NULL },
};
static const struct guard signing[] = {
	{ .name = "incident_is_record", .rule = "X-17", .sentence = N_("Only emergency records are signed by three parties.") },
	{ .name = "incident_signed_here", .rule = "VUL-06", .sentence = N_("This is the record of a welfare check; it is signed there, and the signatures stand here too.") },
	{ .name = "incident_party_once", .rule = "VUL-06", .field = "role", .sentence = N_("This party or person has signed already; three different ones sign.") },
	{ .name = NULL },
};
#define FACTS (FIELD(KIND) | FIELD(PLACE) | FIELD(DETAILS) | FIELD(SEVERITY) | FIELD(ECONOMIC_LOSS) | FIELD(OCCURRED_AT) | FIELD(DISCOVERED_AT) | FIELD(ACTION) | \
	FIELD(POLICE_NO) | FIELD(PHOTOS) | FIELD(PROBLEMS) | FIELD(REMARKS))
#define ON_PAPER N_("The report has been handed in, or is void.")
static const struct op ops[] = {
	{ .name = "open", .label = N_("Open an incident"), .help = N_("Written down as it is noticed; the clocks of the report start (INC-01, INC-02)."),
		.roles = DUTY | DESKS | GUARDS | SLIP, .to = OPENED, .flags = OP_CREATE | OP_OFFLINE, .asks = FACTS | FIELD(FORM), .needs = FIELD(KIND) | FIELD(PLACE) | FIELD(DETAILS),
		.derive = "incident_opened", .guards = opening, .opens = BIT(DEADLINE_REPORT) },
	{ .name = "report_orally", .label = N_("Told by word"), .help = N_("The estate manager has been told, in person or by telephone (INC-01)."),
		.roles = DUTY, .from = BIT(OPENED), .to = REPORTED, .flags = OP_AT_ONCE, .asks = FIELD(ORAL_AT) | FIELD(ORAL_HOW) | FIELD(TOLD_TO) | FIELD(INSTRUCTION), .state_rule = "INC-01",
		.state_sentence = N_("The estate manager has been told, or the report is in already."), .derive = "incident_told", .guards = telling },
	{ .name = "amend", .label = N_("Amend the report"), .help = N_("Adds what is known by now; the severity may be judged anew until it is handed in."),
		.roles = DUTY | SLIP, .from = BIT(OPENED) | BIT(REPORTED), .to = STATE_SAME, .asks = FACTS | FIELD(INSTRUCTION), .state_rule = "INC-03", .state_sentence = ON_PAPER,
		.derive = "incident_amended", .guards = opening, .closes = BIT(DEADLINE_REPORT), .opens = BIT(DEADLINE_REPORT) },
	{ .name = "at_scene", .label = N_("On the scene"), .help = N_("The duty manager is where it happened; the time is the server's (NGT-05)."),
		.roles = DUTY, .from = BIT(OPENED) | BIT(REPORTED), .to = STATE_SAME, .flags = OP_AT_ONCE, .state_rule = "NGT-05", .state_sentence = ON_PAPER,
		.derive = "incident_at_scene", .guards = arriving },
	{ .name = "sign", .label = N_("Sign the record"), .help = N_("One of three parties signs the emergency record (VUL-06, INC-11)."),
		.roles = DUTY, .from = BIT(OPENED) | BIT(REPORTED) | BIT(SUBMITTED) | BIT(COPIED), .to = STATE_SAME, .asks = FIELD(ROLE) | FIELD(NAME),
		.needs = FIELD(ROLE) | FIELD(NAME), .state_rule = "VUL-06", .state_sentence = N_("A filed or void record is signed no more."),
		.derive = "incident_signed", .guards = signing, .effect = "incident_signed" },
	{ .name = "submit", .label = N_("Submit the report"), .help = N_("The written report goes to the estate manager; its copies are due within one working day (INC-02)."),
		.roles = DUTY | SLIP, .from = BIT(OPENED) | BIT(REPORTED), .to = SUBMITTED, .asks = FACTS | FIELD(IN_PERSON), .state_rule = "INC-02", .state_sentence = ON_PAPER,
		.derive = "incident_submitted", .guards = submitting, .closes = BIT(DEADLINE_REPORT), .opens = BIT(DEADLINE_COPIES) },
	{ .name = "send_copies", .label = N_("Send the copies"), .help = N_("The manager and the supervisors concerned have their copies (INC-02)."),
		.roles = DUTY, .from = BIT(SUBMITTED) | BIT(FILED), .to = STATE_DERIVED, .asks = FIELD(COPIED_TO), .needs = FIELD(COPIED_TO), .state_rule = "INC-02",
		.state_sentence = N_("Copies are sent once, of a report that has been handed in."), .derive = "incident_copied", .closes = BIT(DEADLINE_COPIES) },
	{ .name = "approve", .label = N_("File the report"), .help = N_("It has been read and is filed; slips of power failures by the centre manager (INC-09)."),
		.roles = BIT(ROLE_EM) | BIT(ROLE_CM), .from = BIT(SUBMITTED) | BIT(COPIED), .to = FILED, .state_rule = "INC-02",
		.state_sentence = N_("Only a report that has been handed in is filed."), .derive = "incident_filed", .guards = approving },
	{ .name = "note_police", .label = N_("Police file number"), .help = N_("The police's number, where it came after the report."),
		.roles = DUTY, .from = BIT(SUBMITTED) | BIT(COPIED) | BIT(FILED), .to = STATE_SAME, .asks = FIELD(POLICE_NO), .needs = FIELD(POLICE_NO), .state_rule = "INC-06",
		.state_sentence = N_("Before the report is handed in, amend it.") },
	{ .name = "void", .label = N_("Void the report"), .help = N_("The report is void; it keeps its number and is never removed (INC-03)."),
		.roles = DUTY | BIT(ROLE_EM), .from = BIT(OPENED) | BIT(REPORTED) | BIT(SUBMITTED) | BIT(COPIED), .to = VOIDED, .flags = OP_CONFIRM, .asks = FIELD(REASON),
		.needs = FIELD(REASON), .state_rule = "INC-03", .state_sentence = N_("A filed report stays as it is."), .closes = BIT(DEADLINE_REPORT) | BIT(DEADLINE_COPIES) },
};
static const struct deadline deadlines[] = {
	[DEADLINE_REPORT] = { .name = "incident_report", .label = N_("Written incident report"), .field = DUE },
	[DEADLINE_COPIES] = { .name = "incident_copies", .label = N_("Copies of the incident report"), .field = COPY_DUE },
};
#define RUNS "\"state\":[\"opened\",\"opened_late\",\"reported\",\"reported_late\",\"submitted\",\"copies_late\",\"copied\"]"
static const struct view views[] = {
	{ .name = "late", .label = N_("Incident reports late"), .where = "{\"state\":[\"opened_late\",\"reported_late\",\"copies_late\"]}", .sort = "due",
		.roles = DUTY | BIT(ROLE_EM) | BIT(ROLE_DEM), .late = true },
	{ .name = "open", .label = N_("Incidents open"), .where = "{\"state\":[\"opened\",\"opened_late\",\"reported\",\"reported_late\"]}", .sort = "due", .roles = DUTY },
	{ .name = "to_copy", .label = N_("Incident reports to copy"), .where = "{\"state\":[\"submitted\",\"copies_late\"]}", .sort = "due", .roles = DUTY },
	{ .name = "to_file", .label = N_("Incident reports to file"), .where = "{\"state\":[\"submitted\",\"copies_late\",\"copied\"]}", .sort = "due",
		.roles = BIT(ROLE_EM) },
	{ .name = "slips_to_file", .label = N_("Power-failure slips to approve"), .where = "{\"state\":[\"submitted\",\"copies_late\",\"copied\"],\"form_kind\":\"power_slip\"}",
		.sort = "due", .roles = BIT(ROLE_CM) },
	{ .name = "to_sign", .label = N_("Emergency records to sign"), .where = "{\"form_kind\":\"emergency_record\",\"signatures\":[0,1,2]," RUNS "}", .sort = "due", .roles = DUTY },
	{ .name = "register", .label = N_("Incident Report Register"), .where = "{\"form_kind\":[\"incident_report\",\"power_slip\",\"emergency_record\"]}", .sort = "-id", .roles = BIT(ROLE_HR) },
};
static const struct part parts[] = {
	{ .name = "signed", .label = N_("Signatures"), .book = "incident_signature", .by = "incident", .where = "{}", .sort = "id" },
	{ .name = "entries", .label = N_("In the duty book"), .book = "duty_entry", .by = "incident", .where = "{}", .sort = "id" },
	{ .name = "checks", .label = N_("Welfare checks"), .book = "welfare_check", .by = "incident", .where = "{}", .sort = "id" },
};
static const char *const on_paper[] = { "no", "kind", "severity", "place", "occurred_at", "discovered_at", "details", "action", "scene_at", "police_no", "economic_loss",
	"photos", "remarks", "problems", "reported_by", "oral_at", "oral_how", "told_to", "instruction", "page", "due", "submitted_at", "submitted_by", "in_person", "in_time",
	"copied_to", "copied_at", "approved_by", "approved_at", "state", "reason", NULL };
static const char *const by_hand[] = { "no", "kind", "severity", "place", "occurred_at", "discovered_at", "details", "action", "police_no", "economic_loss", "photos",
	"remarks", "problems", "reported_by", "oral_at", NULL };
static const char *const report_signs[] = { N_("Reported by"), N_("Manager"), N_("Estate manager"), NULL };
static const char *const slip_signs[] = { N_("Reported by"), N_("Engineering"), N_("Centre manager"), NULL };
static const char *const record_signs[] = { N_("First party"), N_("Second party"), N_("Third party"), NULL };
static const char *const printed_after[] = { "submit", NULL };
static const char *const signature_columns[] = { "role", "name", "signed_at", "written_by", NULL };
static const struct slip_rows signature_rows = { .book = "incident_signature", .by = "incident", .where = "{}", .sort = "id", .columns = signature_columns, .if_any = true };
static const char *const register_columns[] = { "no", "discovered_at", "kind", "place", "severity", "in_time", "state", NULL };
static const struct slip_rows register_rows = { .book = "incident", .where = "{}", .sort = "id", .columns = register_columns };
static const char *const nothing[] = { NULL };
#define FORM(n, t, s) .name = n, .title = t, .head = "no", .fields = on_paper, .blank = by_hand, .signs = s, .after = printed_after, .only = "form_kind"
static const struct slip slips[] = {
	{ FORM("report", N_("Incident Report"), report_signs), .word = "incident_report" },
	{ FORM("power_slip", N_("Power-failure slip"), slip_signs), .word = "power_slip" },
	{ FORM("emergency_record", N_("Emergency record"), record_signs), .word = "emergency_record", .rows = &signature_rows },
	{ .name = "register", .title = N_("Incident Report Register"), .fields = nothing, .rows = &register_rows, .whole = true },
};
const struct book book_incident = { .name = "incident", .title = N_("Incidents"),
	.why = N_("What happened is written down at once, numbered, and read by those who answer for it."),
	.readers = READERS, .parties = DESKS | GUARDS | SLIP, .historians = DUTY | BIT(ROLE_DEM) | BIT(ROLE_EM), .caption = "no",
	.fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.deadlines = deadlines, .ndeadlines = NITEMS(deadlines), .views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts),
	.slips = slips, .nslips = NITEMS(slips) };

enum { S_INCIDENT, S_ROLE, S_NAME, S_SIGNED_AT, S_WRITTEN_BY, S_NFIELDS };
static const struct field signature_fields[] = {
	[S_INCIDENT] = REF("incident", N_("Report"), N_("The emergency record that is signed."), F_AUTO | F_NARROW, "incident"),
	[S_ROLE] = TEXT("role", N_("Party"), N_("For whom he signed."), LEVEL_NAME, F_LIST | F_AUTO, 0, 40),
	[S_NAME] = TEXT("name", N_("Name"), N_("Who signed."), LEVEL_NAME, F_LIST | F_AUTO, 0, 80),
	[S_SIGNED_AT] = STAMP("signed_at", N_("Signed at"), N_("When."), F_LIST | F_SORT),
	[S_WRITTEN_BY] = REF("written_by", N_("Written by"), N_("Whose console he signed at."), F_AUTO, "staff"),
};
_Static_assert(NITEMS(signature_fields) == S_NFIELDS, "incident signature fields");
static const struct state signature_states[] = { { .name = "signed", .label = N_("Signed"), .born = true } };
const struct book book_incident_signature = { .name = "incident_signature", .title = N_("Signatures of records"),
	.why = N_("Three parties saw what is written."),
	.readers = DUTY | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_GM) | BIT(ROLE_SS), .historians = DUTY | BIT(ROLE_DEM) | BIT(ROLE_EM),
	.fields = signature_fields, .nfields = S_NFIELDS, .states = signature_states, .nstates = NITEMS(signature_states) };
