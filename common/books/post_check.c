/*
 * post_check.c - posts are checked at night: who stands there signs with his PIN, the server says when.
 *
 * NGT-01, NGT-02, NGT-08, STF-11. Three books: PINs (who set which when, never the PIN), codes shown at a post, checks.
 * Nothing that looks odd is refused but a wrong signature: absences, posts not checked, two checks too close to have been
 * walked, weak proof are named. Not for: who has to stand where (duty.c), rounds (round.c).
 * Trap: a PIN never reaches SQL; what arrives there is its keyed hash (F_PIN).
 */
#include "common/books/shorthand.h"

/* The night manager checks; whoever may stand at a post signs (entities.md 5, "Post check"). */
#define CHECKERS BIT(ROLE_NM)
#define POSTED (BIT(ROLE_SG) | BIT(ROLE_SL) | BIT(ROLE_ET) | BIT(ROLE_EL) | BIT(ROLE_FD) | BIT(ROLE_OP))
#define READERS (CHECKERS | BIT(ROLE_CM) | BIT(ROLE_DEM) | BIT(ROLE_EM) | BIT(ROLE_SS) | BIT(ROLE_QC))
#define PIN_OF(n, l, h) { .name = n, .label = l, .help = h, .type = FT_TEXT, .level = LEVEL_SEALED, .flags = F_ARG | F_PIN | F_NARROW, .min = 4, .max = 8 }

enum { P_STAFF, P_PIN, P_SET_BY, P_SET_AT, P_NFIELDS };
enum { P_IN_FORCE, P_REPLACED, P_NSTATES };
static const struct field pin_fields[] = {
	[P_STAFF] = REF("staff", N_("Whose"), N_("Whose PIN it is: work number or sign-in name; your own when nobody is named."), F_LIST | F_ANYWHERE | F_PARTY, "staff"),
	[P_PIN] = PIN_OF("pin", N_("PIN"), N_("Four to eight digits; nobody can read it again.")),
	[P_SET_BY] = REF("set_by", N_("Set by"), N_("He himself, or a superior."), F_LIST | F_AUTO, "staff"),
	[P_SET_AT] = STAMP("set_at", N_("Set"), N_("When."), F_LIST | F_SORT),
};
_Static_assert(NITEMS(pin_fields) == P_NFIELDS, "staff pin fields");
static const struct state pin_states[] = {
	[P_IN_FORCE] = { .name = "in_force", .label = N_("In force"), .open = true },
	[P_REPLACED] = { .name = "replaced", .label = N_("Replaced"), .born = true },
};
_Static_assert(NITEMS(pin_states) == P_NSTATES, "staff pin states");
static const struct guard pin_setting[] = {
	{ .name = "pin_superior", .rule = "NGT-02", .code = ERR_FORBIDDEN, .field = "staff", .sentence = N_("Everybody sets his own PIN; for somebody else his department's head or the estate manager does.") },
	{ .name = NULL },
};
static const struct op pin_ops[] = {
	{ .name = "set", .label = N_("Set a PIN"), .help = N_("The signature at post checks (NGT-02); the one before it holds no more."),
		.roles = ROLES_ALL, .to = P_IN_FORCE, .flags = OP_CREATE, .asks = FIELD(P_STAFF) | FIELD(P_PIN), .needs = FIELD(P_PIN), .derive = "pin_set",
		.guards = pin_setting, .prepare = "pin_set" },
};
static const struct choice pin_acts[] = { { "replace", N_("Replaced") }, { NULL, NULL } };
const struct book book_staff_pin = { .name = "staff_pin", .title = N_("PINs"),
	.why = N_("A signature at a post is the signer's own."),
	.readers = BIT(ROLE_EM) | BIT(ROLE_SS), .parties = ROLES_ALL & ~(BIT(ROLE_EM) | BIT(ROLE_SS)), .historians = BIT(ROLE_EM), .acts = pin_acts, .fields = pin_fields, .nfields = P_NFIELDS,
	.states = pin_states, .nstates = P_NSTATES, .ops = pin_ops, .nops = NITEMS(pin_ops) };

enum { S_POST, S_CODE, S_SHOWN_BY, S_SHOWN_AT, S_UNTIL, S_NFIELDS };
static const struct field code_fields[] = {
	[S_POST] = REF("post", N_("Post"), N_("Your own when none is named."), F_LIST | F_NARROW, "post"),
	[S_CODE] = TEXT("code", N_("Code"), N_("Four digits, made by the server; whoever checks the post reads them there."), LEVEL_OPEN, F_LIST | F_AUTO | F_NARROW, 4, 4),
	[S_SHOWN_BY] = REF("shown_by", N_("Shown by"), N_("Who stood there."), F_AUTO | F_PARTY, "staff"),
	[S_SHOWN_AT] = STAMP("shown_at", N_("Shown"), N_("When."), F_SORT),
	[S_UNTIL] = STAMP("until", N_("Holds until"), N_("Afterwards it proves nothing."), F_LIST),
};
_Static_assert(NITEMS(code_fields) == S_NFIELDS, "post code fields");
static const struct guard showing[] = {
	{ .name = "code_on_post", .rule = "NGT-02", .field = "post", .sentence = N_("Only who stands at the post shows its code.") }, { .name = NULL },
};
static const struct op code_ops[] = {
	{ .name = "show", .label = N_("Show the post's code"), .help = N_("A code of a few minutes: who enters it stands before this screen (NGT-02)."),
		.roles = POSTED, .to = STATE_SAME, .flags = OP_CREATE, .asks = FIELD(S_POST), .derive = "code_shown", .guards = showing },
};
const struct book book_post_code = { .name = "post_code", .title = N_("Codes shown at posts"),
	.why = N_("Who checks a post was there."),
	.readers = BIT(ROLE_EM), .parties = POSTED, .fields = code_fields, .nfields = S_NFIELDS, .ops = code_ops, .nops = NITEMS(code_ops) };

static const struct choice proofs[] = { { "post_terminal", N_("PIN at the post") }, { "code", N_("PIN and shown code") },
	{ "manager_terminal", N_("PIN with the checker") }, { "offline", N_("Offline, to repeat") }, { NULL, NULL } };
enum { POST, PIN, SIGNER, FOUND, CODE, REMARK, SHIFT, CHECKER, CHECKED_AT, SIGNED_BY, SIGNATURE_AT, PROOF, WEAK, TOO_FAST, OFFLINE_, REPEATED_AT, TONIGHT, NFIELDS };
enum { CALLED, SIGNED, OFFLINE, ABSENT, NSTATES };
static const struct field fields[] = {
	[POST] = REF("post", N_("Post"), N_("Which post: c07."), F_LIST | F_NARROW, "post"),
	[PIN] = PIN_OF("pin", N_("PIN"), N_("The signer's own; it is his signature.")),
	[SIGNER] = REF("signer", N_("On post"), N_("Who signs; the rostered person or his substitute when nobody is named."), F_LIST | F_ANYWHERE | F_PARTY, "staff"),
	[FOUND] = REF("found", N_("Found there"), N_("Who stood there in his place, if anybody (NGT-02)."), F_LIST | F_ANYWHERE, "staff"),
	[CODE] = { .name = "code", .label = N_("Code"), .help = N_("What the post's screen shows; it proves that you stand before it."), .type = FT_TEXT, .level = LEVEL_OPEN,
		.flags = F_ARG | F_NARROW, .min = 4, .max = 4 },
	[REMARK] = TEXT("remark", N_("Remark"), N_("What was found; who is absent, and why."), LEVEL_OPEN, F_LIST, 2, 200),
	[SHIFT] = REF("shift", N_("Shift"), N_("The shift that it belongs to."), F_AUTO | F_NARROW, "shift"),
	[CHECKER] = REF("checker", N_("Post checked by"), N_("The night manager on duty (NGT-02)."), F_LIST | F_AUTO, "staff"),
	[CHECKED_AT] = STAMP("checked_at", N_("Checked at"), N_("By the server's clock; offline by the terminal's."), F_LIST | F_SORT),
	[SIGNED_BY] = REF("signed_by", N_("Signed by"), N_("Who gave his PIN."), F_AUTO, "staff"),
	[SIGNATURE_AT] = STAMP("signature_at", N_("Signed at"), N_("When."), 0),
	[PROOF] = CHOICE("proof", N_("How proved"), N_("How it is known that he was there."), F_LIST | F_AUTO, proofs),
	[WEAK] = { .name = "weak", .label = N_("Weak proof"), .help = N_("Made offline and not repeated, or without the code where the post has a screen."), .type = FT_BOOL,
		.level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.check_is_weak(t.id)" },
	[TOO_FAST] = { .name = "too_fast", .label = N_("Too fast"), .help = N_("So soon after the post before it that nobody walks there in the time."), .type = FT_BOOL,
		.level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.check_too_fast(t.id)" },
	[OFFLINE_] = TICK("recorded_offline", N_("Made offline"), N_("Made while the server could not be reached; the time is the terminal's."), F_AUTO),
	[REPEATED_AT] = STAMP("repeated_at", N_("Repeated"), N_("When the signer gave his PIN again."), 0),
	[TONIGHT] = { .name = "tonight", .label = N_("This shift"), .help = N_("Of the shift that runs at this moment."), .type = FT_BOOL, .level = LEVEL_OPEN,
		.flags = F_AUTO | F_NARROW, .choices = shorthand_yes_no, .computed = "lodge.shift_runs(t.shift)" },
};
_Static_assert(NITEMS(fields) == NFIELDS, "post check fields");
static const struct state states[] = {
	[CALLED] = { .name = "called", .label = N_("To be signed"), .open = true },
	[SIGNED] = { .name = "signed", .label = N_("Signed") },
	[OFFLINE] = { .name = "offline", .label = N_("Offline, to repeat"), .open = true },
	[ABSENT] = { .name = "absent", .label = N_("Nobody there") },
};
_Static_assert(NITEMS(states) == NSTATES, "post check states");
#define IN_USE(n) { .name = n, .rule = "NGT-02", .field = "post", .sentence = N_("This post is closed.") }
#define ON_DUTY(n) { .name = n, .rule = "NGT-02", .sentence = N_("Only the night manager on duty, who holds the desk, checks posts.") }
#define ROSTERED(n) { .name = n, .rule = "NGT-02", .field = "signer", .sentence = N_("He is not rostered at this post now; name the substitute in the roster first.") }
#define ANOTHER(n) { .name = n, .rule = "NGT-02", .field = "signer", .sentence = N_("Nobody checks himself.") }
#define HIS_PIN(n) { .name = n, .rule = "NGT-02", .field = "pin", .sentence = N_("This is not his PIN, he has none, or too many wrong ones were given.") }
static const struct guard signing[] = {
	IN_USE("check_post_in_use"), ON_DUTY("check_on_duty"), ROSTERED("check_rostered"), ANOTHER("check_another"),
	{ .name = "check_code", .rule = "NGT-02", .field = "code", .sentence = N_("This is not what the post's screen shows now.") },
	HIS_PIN("check_pin"), { .name = NULL },
};
static const struct guard calling[] = { IN_USE("check_call_in_use"), ON_DUTY("check_call_on_duty"), ROSTERED("check_call_rostered"), ANOTHER("check_call_another"), { .name = NULL } };
static const struct guard answering[] = {
	{ .name = "check_answer_mine", .rule = "NGT-02", .code = ERR_FORBIDDEN, .sentence = N_("Another one was asked to sign.") },
	{ .name = "check_answer_in_time", .rule = "NGT-02", .sentence = N_("The call is too old; the night manager makes it anew.") },
	ROSTERED("check_answer_rostered"), HIS_PIN("check_answer_pin"), { .name = NULL },
};
static const struct guard missing[] = {
	IN_USE("check_absent_in_use"), ON_DUTY("check_absent_on_duty"),
	{ .name = "check_absent_found", .rule = "NGT-02", .field = "found", .sentence = N_("He is rostered there now: he signs with his PIN.") }, { .name = NULL } };
static const struct guard repeating[] = { HIS_PIN("check_repeat_pin"), { .name = NULL } };
static const struct op ops[] = {
	{ .name = "sign", .label = N_("Check a post"), .help = N_("Who stands there signs with his PIN; the time is the server's (NGT-02)."),
		.roles = CHECKERS, .from = BIT(CALLED), .to = STATE_DERIVED, .flags = OP_CREATE | OP_RESUME | OP_OFFLINE,
		.asks = FIELD(POST) | FIELD(PIN) | FIELD(SIGNER) | FIELD(CODE) | FIELD(REMARK), .needs = FIELD(POST) | FIELD(PIN), .state_rule = "NGT-02",
		.state_sentence = N_("This check is made; it stays as it is."), .derive = "check_signed", .guards = signing },
	{ .name = "call", .label = N_("Ask a post to sign"), .help = N_("Who stands there signs with his PIN at the post's own terminal (NGT-02)."),
		.roles = CHECKERS, .to = CALLED, .flags = OP_CREATE, .asks = FIELD(POST) | FIELD(SIGNER) | FIELD(REMARK), .needs = FIELD(POST), .derive = "check_made", .guards = calling },
	{ .name = "answer", .label = N_("Sign at the post"), .help = N_("The night manager checks your post; your PIN is your signature (NGT-02)."),
		.roles = POSTED, .from = BIT(CALLED), .to = SIGNED, .asks = FIELD(PIN), .needs = FIELD(PIN), .state_rule = "NGT-02",
		.state_sentence = N_("This check is made; it stays as it is."), .derive = "check_answered", .guards = answering },
	{ .name = "absent", .label = N_("Nobody at the post"), .help = N_("Who has to stand there was not there: nobody, or somebody else (NGT-02)."),
		.roles = CHECKERS, .from = BIT(CALLED), .to = ABSENT, .flags = OP_CREATE | OP_RESUME | OP_OFFLINE, .asks = FIELD(POST) | FIELD(SIGNER) | FIELD(REMARK) | FIELD(FOUND),
		.needs = FIELD(POST) | FIELD(REMARK), .state_rule = "NGT-02", .state_sentence = N_("This check is made; it stays as it is."), .derive = "check_made", .guards = missing },
	{ .name = "repeat", .label = N_("Repeat the signature"), .help = N_("What was signed offline counts in full when the signer gives his PIN again (NGT-02)."),
		.roles = CHECKERS | POSTED, .from = BIT(OFFLINE), .to = SIGNED, .asks = FIELD(PIN), .needs = FIELD(PIN), .state_rule = "NGT-02",
		.state_sentence = N_("Nothing has to be repeated."), .derive = "check_repeated", .guards = repeating },
};
static const struct view views[] = {
	{ .name = "to_sign", .label = N_("Checks to sign"), .where = "{\"state\":\"called\",\"tonight\":true}", .sort = "checked_at", .roles = CHECKERS | POSTED, .late = true },
	{ .name = "to_repeat", .label = N_("Offline checks to repeat"), .where = "{\"state\":\"offline\"}", .sort = "checked_at", .roles = CHECKERS | POSTED, .late = true },
	{ .name = "absent", .label = N_("Posts found empty"), .where = "{\"state\":\"absent\",\"tonight\":true}", .sort = "checked_at", .roles = CHECKERS | BIT(ROLE_SS) | BIT(ROLE_EM), .late = true },
	{ .name = "tonight", .label = N_("Checks of this shift"), .where = "{\"tonight\":true}", .sort = "-checked_at", .roles = CHECKERS },
	{ .name = "too_fast", .label = N_("Checks too fast to be walked"), .where = "{\"too_fast\":true,\"tonight\":true}", .sort = "checked_at", .roles = BIT(ROLE_CM) | BIT(ROLE_EM) },
};
static const char *const sheet_fields[] = { "post", "shift", "checker", "checked_at", "signed_by", "signature_at", "proof", "recorded_offline", "repeated_at", "remark", "state", NULL };
static const char *const sheet_signs[] = { N_("On post"), N_("Post checked by"), NULL };
static const struct slip slips[] = {
	{ .name = "check_sheet", .title = N_("Night post-check sign-in"), .head = "post", .fields = sheet_fields, .signs = sheet_signs },
};
const struct book book_post_check = { .name = "post_check", .title = N_("Post checks"),
	.why = N_("Every post was manned all night, and that was seen."),
	.readers = READERS, .parties = POSTED, .historians = BIT(ROLE_EM) | BIT(ROLE_CM), .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES,
	.ops = ops, .nops = NITEMS(ops), .views = views, .nviews = NITEMS(views), .slips = slips, .nslips = NITEMS(slips) };
