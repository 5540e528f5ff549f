/*
 * night_keys.c - the key register: sealed sets of tenants, the cabinet, archive room, technical and vacant units, and each use.
 *
 * EKEY-01..11, X-16. A sealed set is opened for a lawful reason only, lies unsealed at the desk when it comes back, and is
 * sealed again by two persons; the others come back to their hook. Not for: the archive key's day-to-day loan (room.c).
 * Trap: `out`, `unsealed` and every lateness are computed from the uses; a set itself is only kept or retired.
 */
#include "common/books/shorthand.h"

#define KEEPERS (BIT(ROLE_FD) | BIT(ROLE_TSO) | BIT(ROLE_NM))
#define READERS (KEEPERS | BIT(ROLE_CM) | BIT(ROLE_EM))
#define HISTORIANS (BIT(ROLE_EM) | BIT(ROLE_CM))

static const struct choice classes[] = { { "sealed", N_("Sealed") }, { "cabinet", N_("Key cabinet") }, { "archive_room", N_("Archive room") },
	{ "technical", N_("Technical") }, { "vacant", N_("Vacant unit") }, { NULL, NULL } };
enum { CODE, CLASS, UNIT, LABEL, COUNT, SAFE_SLOT, SEAL_NO, TENANT_STAMPED, SEALED_WITH, SEALED_AT, SEALED_BY, CONTACT, PHONE,
	KEYS_GIVEN, RECEIVER, SIGNED_AT, REGISTERED_AT, REGISTERED_BY, REASON, NFIELDS };
enum { IN_SAFE, OUT, UNSEALED, RETIRED, NSTATES };
static const struct field fields[] = {
	[CODE] = TEXT("code", N_("Key code"), N_("What stands on the envelope or the tag."), LEVEL_OPEN, F_LIST | F_SORT | F_NARROW, 1, 24),
	[CLASS] = CHOICE("class", N_("Class"), N_("Sealed sets open for a lawful reason only; the others with a look at who takes them (X-16)."), F_LIST, classes),
	[UNIT] = REF("unit", N_("Unit"), N_("The unit that they open; empty for technical keys."), F_LIST | F_NARROW, "unit"),
	[LABEL] = TEXT("label", N_("What they open"), N_("What they open, where it is no unit."), LEVEL_OPEN, F_LIST, 2, 80),
	[COUNT] = INT("count", N_("Number of keys"), N_("How many keys the set has."), F_LIST | F_NARROW, 1, 99),
	[SAFE_SLOT] = TEXT("safe_slot", N_("Where kept"), N_("Slot of the safe, or hook of the cabinet."), LEVEL_OPEN, F_NARROW, 1, 20),
	[SEAL_NO] = TEXT("seal_no", N_("Seal no."), N_("The number of the seal (EKEY-01)."), LEVEL_OPEN, F_LIST | F_NARROW, 1, 30),
	[TENANT_STAMPED] = TICK("tenant_stamped", N_("Tenant's stamp"), N_("Both have stamped the seal (EKEY-01)."), 0),
	[SEALED_WITH] = TEXT("sealed_with", N_("Sealed with"), N_("Who was there for the tenant when it was sealed (EKEY-01)."), LEVEL_NAME, 0, 2, 80),
	[SEALED_AT] = STAMP("sealed_at", N_("Sealed at"), N_("When it was last sealed."), F_LIST),
	[SEALED_BY] = REF("sealed_by", N_("Sealed by"), N_("Who sealed it for the house."), F_AUTO, "staff"),
	[CONTACT] = TEXT("contact", N_("Contact"), N_("Whom to ask before it is opened (EKEY-02)."), LEVEL_CONTACT, 0, 2, 80),
	[PHONE] = TEXT("phone", N_("Phone"), N_("The number on the seal (EKEY-02)."), LEVEL_CONTACT, 0, 3, 24),
	[KEYS_GIVEN] = INT("keys_given", N_("Keys given"), N_("How many keys the customer got when moving in (EKEY-11)."), F_NARROW, 1, 99),
	[RECEIVER] = TEXT("receiver", N_("Signed by"), N_("Who signed for these keys (EKEY-11)."), LEVEL_NAME, 0, 2, 80),
	[SIGNED_AT] = STAMP("signed_at", N_("Signed at"), N_("When the customer signed for them."), 0),
	[REGISTERED_AT] = STAMP("registered_at", N_("Registered"), N_("When it came into the register."), F_SORT),
	[REGISTERED_BY] = REF("registered_by", N_("Registered by"), N_("Who entered it."), F_AUTO, "staff"),
	[REASON] = TEXT("reason", N_("Reason"), N_("Why it leaves the register."), LEVEL_NAME, 0, 3, 200),
};
_Static_assert(NITEMS(fields) == NFIELDS, "key set fields");
#define USED_AS(s) "EXISTS (SELECT 1 FROM lodge.key_use k WHERE k.key_set = t.id AND k.state = '" s "')"
static const struct state states[] = {
	[IN_SAFE] = { .name = "in_safe", .label = N_("In its place") },
	[OUT] = { .name = "out", .label = N_("Taken out"), .of = IN_SAFE, .computed = USED_AS("out"), .open = true },
	[UNSEALED] = { .name = "unsealed", .label = N_("Unsealed at the desk"), .of = IN_SAFE, .computed = USED_AS("at_desk"), .open = true },
	[RETIRED] = { .name = "retired", .label = N_("Retired") },
};
_Static_assert(NITEMS(states) == NSTATES, "key set states");
static const struct guard registering[] = {
	{ .name = "key_set_code_free", .rule = "EKEY-05", .field = "code", .sentence = N_("Another set has this code.") },
	{ .name = "key_set_opens_something", .rule = "EKEY-05", .code = ERR_INVALID, .field = "unit", .sentence = N_("Give the unit, or what the keys open.") },
	{ .name = "key_set_sealed_by_both", .rule = "EKEY-01", .field = "sealed_with", .sentence = N_("A sealed set has a unit, a seal number, the tenant's stamp and the name of whoever sealed it with you.") },
	{ .name = NULL },
};
static const struct guard signing[] = {
	{ .name = "key_set_of_unit", .rule = "EKEY-11", .sentence = N_("These keys belong to no unit.") },
	{ .name = NULL },
};
static const struct guard retiring[] = {
	{ .name = "key_set_at_home", .rule = "EKEY-10", .sentence = N_("The set is out or unsealed; first it comes back.") },
	{ .name = NULL },
};
#define NO_MORE .state_rule = "EKEY-05", .state_sentence = N_("This set has left the register.")
static const struct op ops[] = {
	{ .name = "register", .label = N_("Register a key set"), .help = N_("An envelope sealed by both, or keys of the cabinet (EKEY-01, EKEY-05)."),
		.roles = KEEPERS, .to = IN_SAFE, .flags = OP_CREATE, .asks = FIELD(CODE) | FIELD(CLASS) | FIELD(UNIT) | FIELD(LABEL) | FIELD(COUNT) | FIELD(SAFE_SLOT) |
			FIELD(SEAL_NO) | FIELD(TENANT_STAMPED) | FIELD(SEALED_WITH) | FIELD(CONTACT) | FIELD(PHONE),
		.needs = FIELD(CODE) | FIELD(CLASS) | FIELD(COUNT), .derive = "key_set_registered", .guards = registering },
	{ .name = "amend", .label = N_("Correct place or contact"), .help = N_("Another slot, another person to ask (EKEY-02)."),
		.roles = KEEPERS, .from = BIT(IN_SAFE), .to = STATE_SAME, .asks = FIELD(SAFE_SLOT) | FIELD(CONTACT) | FIELD(PHONE), NO_MORE },
	{ .name = "sign_issue", .label = N_("Keys given at moving in"), .help = N_("The customer signs for the keys that he got (EKEY-11)."),
		.roles = BIT(ROLE_FD) | BIT(ROLE_TSO), .from = BIT(IN_SAFE), .to = STATE_SAME, .asks = FIELD(KEYS_GIVEN) | FIELD(RECEIVER),
		.needs = FIELD(KEYS_GIVEN) | FIELD(RECEIVER), NO_MORE, .derive = "key_set_signed", .guards = signing },
	{ .name = "retire", .label = N_("Retire the set"), .help = N_("It leaves the register, given back or destroyed."),
		.roles = BIT(ROLE_TSO), .from = BIT(IN_SAFE), .to = RETIRED, .flags = OP_CONFIRM, .asks = FIELD(REASON), .needs = FIELD(REASON), NO_MORE, .guards = retiring },
};
static const struct view views[] = {
	{ .name = "unsealed", .label = N_("Keys unsealed at the desk"), .where = "{\"state\":\"unsealed\"}", .sort = "code", .roles = 0 },
	{ .name = "register", .label = N_("Key register"), .where = "{\"state\":[\"in_safe\",\"out\",\"unsealed\"]}", .sort = "code", .roles = 0 },
};
static const struct part parts[] = {
	{ .name = "uses", .label = N_("Uses"), .book = "key_use", .by = "key_set", .where = "{}", .sort = "-id" },
};
static const struct choice set_acts[] = { { "seal", N_("Re-sealed") }, { NULL, NULL } };
const struct book book_key_set = { .name = "key_set", .title = N_("Key sets"),
	.why = N_("Every key of the house is in its place, or somebody's name stands here."),
	.readers = READERS, .historians = HISTORIANS, .flags = B_AREA, .code = "code",
	.acts = set_acts, .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NSTATES, .ops = ops, .nops = NITEMS(ops),
	.views = views, .nviews = NITEMS(views), .parts = parts, .nparts = NITEMS(parts) };

static const struct choice reasons[] = { { "emergency_permitted", N_("Emergency, permitted") }, { "emergency_urgent", N_("Emergency, urgent") },
	{ "tenant_request", N_("Tenant's request") }, { "forgotten", N_("Keys forgotten") }, { "fire", N_("Fire safety") },
	{ "vacant_check", N_("Check of a vacant unit") }, { "other", N_("Other") }, { NULL, NULL } };
static const struct choice ways[] = { { "phone", N_("By phone") }, { "in_person", N_("Face to face") }, { "written", N_("In writing") }, { NULL, NULL } };
static const struct choice identities[] = { { "known", N_("Known in person") }, { "id_card", N_("Identity card") }, { "passport", N_("Passport") },
	{ "work_card", N_("Work card") }, { "resident_card", N_("Resident's card") }, { NULL, NULL } };
enum { U_KEY_SET, U_CLASS, U_UNIT, U_REASON, U_DETAIL, U_CONSENT_BY, U_CONSENT_AT, U_CONSENT_HOW, U_CERTIFICATE, U_ESCORT, U_PERSON, U_IDENTITY, U_HOLDER,
	U_OUT_AT, U_GIVEN_BY, U_DUE, U_INFORMED, U_TENANT_INFORMED_AT, U_INFORMED_BY, U_IN_AT, U_RECEIVED_BY, U_DOOR_LOCKED, U_WITH, U_SEAL_NO,
	U_RESEALED_AT, U_RESEALED_BY, U_RESEALED_WITH, U_RESEAL_DUE, U_TO_INFORM, U_SHIFT, U_NFIELDS };
enum { U_OUT, U_LATE, U_AT_DESK, U_RESEAL_LATE, U_RESEALED, U_RETURNED, U_NSTATES };
enum { U_DEADLINE_BACK, U_DEADLINE_RESEAL };
static const struct field use_fields[] = {
	[U_KEY_SET] = REF("key_set", N_("Key set"), N_("The set that is taken: its code."), F_LIST, "key_set"),
	[U_CLASS] = CHOICE("class", N_("Class"), N_("The class of the set."), F_AUTO, classes),
	[U_UNIT] = REF("unit", N_("Unit"), N_("The unit that they open."), F_LIST | F_AUTO | F_NARROW, "unit"),
	[U_REASON] = CHOICE("reason", N_("Reason"), N_("Why it is opened; what is lawful depends on the class (EKEY-01)."), F_LIST, reasons),
	[U_DETAIL] = TEXT("detail", N_("Details"), N_("What happened, or what is to be done."), LEVEL_NAME, 0, 3, 200),
	[U_CONSENT_BY] = TEXT("consent_by", N_("Permitted by"), N_("Who permitted it for the tenant (EKEY-02)."), LEVEL_NAME, 0, 2, 80),
	[U_CONSENT_AT] = { .name = "consent_at", .label = N_("Permitted at"), .help = N_("When; now when not given (EKEY-02)."), .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_NARROW },
	[U_CONSENT_HOW] = CHOICE("consent_how", N_("Permitted how"), N_("How; by the phone on the seal when not given (EKEY-02)."), 0, ways),
	[U_CERTIFICATE] = TEXT("certificate", N_("Certificate"), N_("The paper with the company's stamp or its representative's signature (EKEY-04)."), LEVEL_NAME, 0, 2, 80),
	[U_ESCORT] = REF("escort", N_("Escort"), N_("The centre's employee who goes along and locks up (EKEY-04)."), F_LIST | F_ANYWHERE, "staff"),
	[U_PERSON] = TEXT("person", N_("Person"), N_("Whom the door is opened for, or who takes the keys."), LEVEL_NAME, F_LIST, 2, 80),
	[U_IDENTITY] = CHOICE("identity", N_("Identity by"), N_("What the person proved himself with (EKEY-07)."), 0, identities),
	[U_HOLDER] = REF("holder", N_("Holder"), N_("The employee who takes them; you when not given."), F_LIST | F_ANYWHERE, "staff"),
	[U_OUT_AT] = STAMP("out_at", N_("Taken at"), N_("When they left their place."), F_LIST | F_SORT),
	[U_SHIFT] = SHIFT_OF("out_at"),
	[U_GIVEN_BY] = REF("given_by", N_("Given by"), N_("Who gave them out."), F_AUTO, "staff"),
	[U_DUE] = STAMP("due", N_("Due back"), N_("The end of the working day."), F_SORT),
	[U_INFORMED] = TEXT("informed", N_("Told to"), N_("Who was told of the opening (EKEY-03)."), LEVEL_NAME, 0, 2, 80),
	[U_TENANT_INFORMED_AT] = STAMP("tenant_informed_at", N_("Tenant told"), N_("When the tenant was told (EKEY-03)."), 0),
	[U_INFORMED_BY] = REF("informed_by", N_("Told by"), N_("Who told the tenant."), F_AUTO, "staff"),
	[U_IN_AT] = STAMP("in_at", N_("Back at"), N_("When they came back to the desk."), F_LIST),
	[U_RECEIVED_BY] = REF("received_by", N_("Received by"), N_("Who took them back."), F_AUTO, "staff"),
	[U_DOOR_LOCKED] = TICK("door_locked", N_("Door locked"), N_("The door was locked afterwards (EKEY-04)."), 0),
	[U_WITH] = TEXT("with", N_("Sealed with"), N_("The other person who seals and stamps, never you (EKEY-01)."), LEVEL_NAME, F_ARG, 2, 80),
	[U_SEAL_NO] = TEXT("seal_no", N_("New seal no."), N_("The number of the new seal."), LEVEL_OPEN, F_NARROW, 1, 30),
	[U_RESEALED_AT] = STAMP("resealed_at", N_("Re-sealed at"), N_("When both sealed them again."), 0),
	[U_RESEALED_BY] = REF("resealed_by", N_("Re-sealed by"), N_("Who sealed them for the house."), F_AUTO, "staff"),
	[U_RESEALED_WITH] = TEXT("resealed_with", N_("Re-sealed with"), N_("The other person who sealed them."), LEVEL_NAME, F_AUTO, 0, 80),
	[U_RESEAL_DUE] = STAMP("reseal_due", N_("Re-seal by"), N_("The end of the first working day after (EKEY-06)."), F_LIST),
	[U_TO_INFORM] = { .name = "to_inform", .label = N_("Tenant to tell"), .help = N_("Opened without asking: the tenant is still to be told (EKEY-03)."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_AUTO | F_LIST | F_NARROW, .choices = shorthand_yes_no,
		.computed = "(t.reason = 'emergency_urgent' AND t.class IN ('sealed', 'cabinet') AND t.tenant_informed_at IS NULL)" },
};
_Static_assert(NITEMS(use_fields) == U_NFIELDS, "key use fields");
static const struct state use_states[] = {
	[U_OUT] = { .name = "out", .label = N_("Taken out"), .open = true },
	[U_LATE] = { .name = "late", .label = N_("Overdue"), .of = U_OUT, .computed = "t.due < (SELECT lodge.lodge_now())", .open = true },
	[U_AT_DESK] = { .name = "at_desk", .label = N_("Unsealed at the desk"), .open = true },
	[U_RESEAL_LATE] = { .name = "reseal_late", .label = N_("Re-sealing overdue"), .of = U_AT_DESK, .computed = "t.reseal_due < (SELECT lodge.lodge_now())", .open = true },
	[U_RESEALED] = { .name = "resealed", .label = N_("Re-sealed") },
	[U_RETURNED] = { .name = "returned", .label = N_("Returned") },
};
_Static_assert(NITEMS(use_states) == U_NSTATES, "key use states");
static const struct guard taking[] = {
	{ .name = "key_use_set_kept", .rule = "EKEY-05", .field = "key_set", .sentence = N_("This set has left the register.") },
	{ .name = "key_use_alone", .rule = "EKEY-10", .field = "key_set", .sentence = N_("This set is out or unsealed already; it is brought back and sealed first.") },
	{ .name = "key_use_lawful", .rule = "EKEY-01", .field = "reason", .sentence = N_("Keys of this class are not opened for this reason.") },
	{ .name = "key_use_consented", .rule = "EKEY-02", .field = "consent_by", .sentence = N_("First ask the contact on the seal: write down who permitted it, when and how.") },
	{ .name = "key_use_certified", .rule = "EKEY-04", .field = "certificate", .sentence = N_("At the tenant's own request a certificate with stamp or signature is needed.") },
	{ .name = "key_use_escorted", .rule = "EKEY-04", .field = "escort", .sentence = N_("An employee of the centre goes along; name him as the escort.") },
	{ .name = "key_use_identified", .rule = "EKEY-07", .field = "identity", .sentence = N_("Write down for whom the door is opened and what he proved himself with.") },
	{ .name = "key_use_archive_room", .rule = "LOAN-12", .field = "holder", .sentence = N_("The archive room's key goes to an active employee of the centre, while it is not lent already.") },
	{ .name = NULL },
};
static const struct guard informing[] = {
	{ .name = "key_use_to_inform", .rule = "EKEY-03", .sentence = N_("There is nothing to tell the tenant, or he has been told.") },
	{ .name = NULL },
};
static const struct guard resealing[] = {
	{ .name = "key_use_informed", .rule = "EKEY-03", .sentence = N_("First tell the tenant that his keys were used.") },
	{ .name = "key_use_sealed_by_two", .rule = "EKEY-01", .field = "with", .sentence = N_("Two persons seal: name the other one, not yourself.") },
	{ .name = NULL },
};
static const struct op use_ops[] = {
	{ .name = "take", .label = N_("Take out keys"), .help = N_("A set leaves its place, with the reason and who permitted it (EKEY-01..05, EKEY-07)."),
		.roles = KEEPERS, .to = U_OUT, .flags = OP_CREATE, .asks = FIELD(U_KEY_SET) | FIELD(U_REASON) | FIELD(U_DETAIL) | FIELD(U_CONSENT_BY) | FIELD(U_CONSENT_AT) |
			FIELD(U_CONSENT_HOW) | FIELD(U_CERTIFICATE) | FIELD(U_ESCORT) | FIELD(U_PERSON) | FIELD(U_IDENTITY) | FIELD(U_HOLDER),
		.needs = FIELD(U_KEY_SET) | FIELD(U_REASON), .derive = "key_use_taken", .guards = taking, .opens = BIT(U_DEADLINE_BACK) | BIT(U_DEADLINE_RESEAL),
		.duty = N_("A sealed set opens with permission, or at once when water, fire, smoke or explosion cannot wait: then the tenant is told after. The door is locked again."),
		.duty_short = N_("Lock up; re-seal by two") },
	{ .name = "inform_tenant", .label = N_("Tenant told"), .help = N_("He was told that his keys were used in an urgent case (EKEY-03)."),
		.roles = KEEPERS, .from = BIT(U_OUT) | BIT(U_AT_DESK) | BIT(U_RETURNED), .to = STATE_SAME, .asks = FIELD(U_INFORMED), .state_rule = "EKEY-03",
		.state_sentence = N_("These keys are sealed again."), .derive = "key_use_informed", .guards = informing },
	{ .name = "bring_back", .label = N_("Keys are back"), .help = N_("They lie at the desk, or on their hook again."),
		.roles = KEEPERS, .from = BIT(U_OUT), .to = STATE_DERIVED, .asks = FIELD(U_DOOR_LOCKED), .state_rule = "EKEY-05",
		.state_sentence = N_("These keys have come back already."), .derive = "key_use_back", .closes = BIT(U_DEADLINE_BACK) },
	{ .name = "reseal", .label = N_("Seal again"), .help = N_("Two persons seal and stamp the envelope again (EKEY-01, EKEY-06)."),
		.roles = KEEPERS, .from = BIT(U_AT_DESK), .to = U_RESEALED, .asks = FIELD(U_WITH) | FIELD(U_SEAL_NO), .state_rule = "EKEY-01",
		.state_sentence = N_("Only keys of a sealed set that lie at the desk are sealed again."), .derive = "key_use_resealed", .guards = resealing,
		.effect = "key_use_resealed", .closes = BIT(U_DEADLINE_RESEAL) },
};
static const struct deadline use_deadlines[] = {
	[U_DEADLINE_BACK] = { .name = "key_back", .label = N_("Keys due back"), .field = U_DUE },
	[U_DEADLINE_RESEAL] = { .name = "key_reseal", .label = N_("Keys to be sealed again"), .field = U_RESEAL_DUE },
};
static const struct view use_views[] = {
	{ .name = "late", .label = N_("Keys overdue or unsealed too long"), .where = "{\"state\":[\"late\",\"reseal_late\"]}", .sort = "due", .late = true,
		.roles = BIT(ROLE_TSO) | BIT(ROLE_NM) | BIT(ROLE_CM) },
	{ .name = "to_inform", .label = N_("Tenants to tell of used keys"), .where = "{\"to_inform\":true}", .sort = "out_at", .late = true, .roles = BIT(ROLE_TSO) | BIT(ROLE_NM) },
	{ .name = "open", .label = N_("Keys out or unsealed"), .where = "{\"state\":[\"out\",\"late\",\"at_desk\",\"reseal_late\"]}", .sort = "due", .roles = BIT(ROLE_TSO) | BIT(ROLE_NM) },
};
const struct book book_key_use = { .name = "key_use", .title = N_("Key uses"),
	.why = N_("Nobody opens a tenant's door without cause, and without a line here."),
	.readers = READERS, .historians = HISTORIANS, .flags = B_AREA,
	.fields = use_fields, .nfields = U_NFIELDS, .states = use_states, .nstates = U_NSTATES, .ops = use_ops, .nops = NITEMS(use_ops),
	.deadlines = use_deadlines, .ndeadlines = NITEMS(use_deadlines), .views = use_views, .nviews = NITEMS(use_views) };
