/*
 * household.c - who lives in a unit: household, person, emergency contact.
 *
 * The residents' archive proper, under the confidentiality tiers CNF-01..06. Not for: the paper
 * (file.c), VIP profiles and notes (profile.c). Trap: an important household's mobile is never in the person table. It is SEALED in
 * person_sealed, and `mobile` is then always masked, number or none (CNF-03, invariant 38).
 */
#include "common/books/books.h"

#define READERS (ROLES_ALL & ~(BIT(ROLE_GM) | BIT(ROLE_HR) | BIT(ROLE_QC) | BIT(ROLE_SK) | BIT(ROLE_FIN) | BIT(ROLE_PUR)))
#define HISTORIANS (BIT(ROLE_EM) | BIT(ROLE_CM) | BIT(ROLE_CSS) | BIT(ROLE_ACU))
#define KEEPERS (BIT(ROLE_ACU) | BIT(ROLE_FD) | BIT(ROLE_CSA) | BIT(ROLE_TSO))

static const struct choice kinds[] = { { "owner", N_("Owner") }, { "tenant_person", N_("Tenant") },
	{ "tenant_org", N_("Tenant organisation") }, { "student", N_("Student") }, { NULL, NULL } };
static const struct choice yes_no[] = { { "false", N_("No") }, { "true", N_("Yes") }, { NULL, NULL } };
static const struct choice sexes[] = { { "f", N_("Female") }, { "m", N_("Male") }, { NULL, NULL } };
/* RES-07: the kinds of person that the sources name. */
static const struct choice relations[] = { { "owner", N_("Owner") }, { "buyer", N_("Buyer") }, { "tenant", N_("Tenant") },
	{ "head", N_("Head of household") }, { "spouse", N_("Spouse") }, { "child", N_("Child") }, { "parent", N_("Parent") },
	{ "relative", N_("Relative") }, { "friend", N_("Friend") }, { "nanny", N_("Nanny") }, { "student", N_("Student") },
	{ "permanent", N_("Permanent occupant") }, { "temporary", N_("Temporary occupant") },
	{ "legal", N_("Legal representative") }, { "contact", N_("Contact person") }, { "emergency", N_("Emergency contact") },
	{ "other", N_("Other") }, { NULL, NULL } };

static const struct guard marking[] = {
	{ "household_importance_differs", "CNF-05", N_("The household is marked so already."), "important", 0 }, { .name = NULL } };
#define HOUSEHOLD_HERE(n) { .name = n, .rule = "ARC-07", .sentence = N_("The household has left; its records are kept as they were.") }
static const struct guard leaving[] = {
	HOUSEHOLD_HERE("household_is_here"),
	{ "household_files_in", "LOAN-08", N_("A file of the unit is out; take it back first."), NULL, 0 }, { .name = NULL } };
static const struct guard joining[] = { HOUSEHOLD_HERE("person_household_here"), { .name = NULL } };
static const struct guard taking_over[] = {
	{ "person_household_is_clear", "ARC-19", N_("More than one household lives in the unit; say which."), "household_name", 0 }, { .name = NULL } };

enum { H_UNIT, H_KIND, H_NAME, H_IMPORTANT, H_OPENED, H_CLOSED, H_FACTS, H_NFIELDS };
static const struct field household_fields[] = {
	[H_UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The unit the household lives in."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .ref = "unit" },
	[H_KIND] = { .name = "kind", .label = N_("Kind"), .help = N_("Owner or tenant, a person or an organisation."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_LIST, .choices = kinds },
	[H_NAME] = { .name = "display_name", .label = N_("Household"), .help = N_("The name the household goes by."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST | F_SEARCH, .min = 1, .max = 80 },
	[H_IMPORTANT] = { .name = "important", .label = N_("Important"), .help = N_("An important household: its mobile numbers are sealed (CNF-03)."),
		.type = FT_BOOL, .level = LEVEL_CONTACT, .choices = yes_no },
	[H_OPENED] = { .name = "opened", .label = N_("Since"), .help = N_("The day the household moved in."),
		.type = FT_DATE, .level = LEVEL_NAME, .flags = F_LIST },
	[H_CLOSED] = { .name = "closed", .label = N_("Until"), .help = N_("The day it left; empty while it lives here."),
		.type = FT_DATE, .level = LEVEL_NAME, .flags = F_LIST | F_AUTO },
	[H_FACTS] = { .name = "facts", .label = N_("Special facts"), .help = N_("Facts of the special categories, with their source (CNF-14)."),
		.type = FT_NOTE, .level = LEVEL_SEALED, .flags = F_CRYPT, .max = 2000 },
};
_Static_assert(NITEMS(household_fields) == H_NFIELDS, "household fields");
static const struct op household_ops[] = {
	{ .name = "register", .label = N_("Register a household"), .help = N_("A household moves in."),
		.roles = KEEPERS, .to = STATE_SAME, .flags = OP_CREATE,
		.asks = FIELD(H_UNIT) | FIELD(H_KIND) | FIELD(H_NAME) | FIELD(H_OPENED), .needs = FIELD(H_UNIT) | FIELD(H_KIND) | FIELD(H_NAME),
		.derive = "household_registered" },
	{ .name = "amend", .label = N_("Amend the household"), .help = N_("Corrects the household's name or kind."),
		.roles = BIT(ROLE_ACU), .to = STATE_SAME, .asks = FIELD(H_KIND) | FIELD(H_NAME) | FIELD(H_OPENED) },
	{ .name = "note_facts", .label = N_("Note special facts"), .help = N_("Writes the sealed note on special facts; it cannot be read back without opening it."),
		.roles = BIT(ROLE_ACU) | BIT(ROLE_CSS), .to = STATE_SAME, .asks = FIELD(H_FACTS), .needs = FIELD(H_FACTS) },
	{ .name = "mark_important", .label = N_("Mark as important"), .help = N_("Yes seals the mobile numbers of the household, no opens them again (CNF-03, CNF-05)."),
		.roles = BIT(ROLE_EM), .to = STATE_SAME, .asks = FIELD(H_IMPORTANT), .needs = FIELD(H_IMPORTANT),
		.guards = marking, .effect = "household_marked", .flags = OP_CONFIRM },
	{ .name = "leave", .label = N_("Household has left"), .help = N_("Persons and contacts end with it; when the unit changes hands, its files are superseded and kept apart (ARC-07)."),
		.roles = BIT(ROLE_ACU), .to = STATE_SAME, .derive = "household_left", .guards = leaving, .effect = "household_left", .flags = OP_CONFIRM },
};
static const struct part household_parts[] = {
	{ .name = "persons", .label = N_("Persons"), .book = "person", .by = "household", .sort = "id" },
	{ .name = "files", .label = N_("Files"), .book = "file", .by = "unit", .of = "unit", .sort = "code" },
	{ .name = "loans", .label = N_("Open loans"), .book = "loan", .by = "unit", .of = "unit",
		.where = "{\"state\":[\"requested\",\"endorsed\",\"approved\",\"expired\",\"issued\",\"overdue\"]}", .sort = "-id" },
	{ .name = "emergency_contacts", .label = N_("Emergency contacts"), .book = "emergency_contact", .by = "household" },
	{ .name = "vip_profile", .label = N_("VIP profile"), .book = "vip_profile", .by = "household" },
	{ .name = "notes", .label = N_("Notes"), .book = "resident_note", .by = "household", .sort = "-id" },
	{ .name = "sealed_persons", .label = N_("Sealed persons"), .book = "sealed_person", .by = "household", .sort = "id" },
};
const struct book book_household = { .name = "household", .title = N_("Households"),
	.why = N_("Who lives here, known to those who need it and to nobody else."),
	.readers = READERS, .historians = HISTORIANS, .flags = B_AREA | B_SUBJECT | B_COMPILE, .caption = "display_name",
	.fields = household_fields, .nfields = H_NFIELDS, .ops = household_ops, .nops = NITEMS(household_ops),
	.parts = household_parts, .nparts = NITEMS(household_parts) };

enum { P_HOUSEHOLD, P_UNIT, P_NAME, P_RELATION, P_MOBILE, P_HOME, P_SEX, P_ID, P_BIRTH, P_NATIVE, P_REGISTERED, P_EMAIL,
	P_HELP, P_PHOTO, P_ID_COPY, P_LEFT,
	P_HOUSEHOLD_NAME, P_IMPORTANT, P_REHEARSE, P_NFIELDS };
static const struct field person_fields[] = {
	[P_HOUSEHOLD] = { .name = "household", .label = N_("Household"), .help = N_("The household he belongs to."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_SUBJECT, .ref = "household" },
	[P_UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The household's unit."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_NARROW, .ref = "unit" },
	[P_NAME] = { .name = "name", .label = N_("Name"), .help = N_("The full name as the person writes it."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST | F_SEARCH, .min = 1, .max = 80 },
	[P_RELATION] = { .name = "relation", .label = N_("Relation"), .help = N_("What the person is in the household."),
		.type = FT_CHOICE, .level = LEVEL_NAME, .flags = F_LIST | F_NARROW, .choices = relations },
	[P_MOBILE] = { .name = "mobile", .label = N_("Mobile"), .help = N_("Usual mobile; sealed for important households (CNF-03)."),
		.type = FT_TEXT, .level = LEVEL_CONTACT, .flags = F_LIST | F_PHONE | F_WITHHELD | F_NARROW, .min = 5, .max = 24 },
	[P_HOME] = { .name = "home_phone", .label = N_("Home phone"), .help = N_("Telephone at home."),
		.type = FT_TEXT, .level = LEVEL_CONTACT, .flags = F_LIST | F_PHONE | F_NARROW, .min = 5, .max = 24 },
	[P_SEX] = { .name = "sex", .label = N_("Sex"), .help = N_("Sex."),
		.type = FT_CHOICE, .level = LEVEL_FULL, .choices = sexes },
	[P_ID] = { .name = "id_no", .label = N_("ID number"), .help = N_("Number of the identity document; kept encrypted."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = F_CRYPT | F_HASHED, .min = 4, .max = 32 },
	[P_BIRTH] = { .name = "birth", .label = N_("Born"), .help = N_("Date of birth."),
		.type = FT_DATE, .level = LEVEL_FULL },
	[P_NATIVE] = { .name = "native_place", .label = N_("Native place"), .help = N_("Native place."),
		.type = FT_TEXT, .level = LEVEL_FULL, .max = 80 },
	[P_REGISTERED] = { .name = "registration_place", .label = N_("Registered at"), .help = N_("Place of the household registration."),
		.type = FT_TEXT, .level = LEVEL_FULL, .max = 120 },
	[P_EMAIL] = { .name = "email", .label = N_("E-mail"), .help = N_("E-mail address."),
		.type = FT_TEXT, .level = LEVEL_FULL, .max = 120 },
	[P_HELP] = { .name = "needs_help", .label = N_("Needs help"), .help = N_("Needs help to leave the building (VUL-07)."),
		.type = FT_BOOL, .level = LEVEL_FULL, .choices = yes_no },
	[P_PHOTO] = { .name = "photo", .label = N_("Photo"), .help = N_("Where the one-inch photo lies: mark of the paper or the scan (RES-08)."),
		.type = FT_TEXT, .level = LEVEL_FULL, .max = 60 },
	[P_ID_COPY] = { .name = "id_copy", .label = N_("ID copy"), .help = N_("Where the copy of the identity document lies; the head of a household has one (RES-08)."),
		.type = FT_TEXT, .level = LEVEL_FULL, .max = 60 },
	[P_LEFT] = { .name = "left_on", .label = N_("Left on"), .help = N_("The day the person left; nobody is ever deleted (ARC-07)."),
		.type = FT_DATE, .level = LEVEL_NAME, .flags = F_AUTO },
	[P_HOUSEHOLD_NAME] = { .name = "household_name", .label = N_("Household"), .help = N_("The name of the household; a new one is registered."),
		.type = FT_TEXT, .level = LEVEL_NAME, .flags = F_ARG | F_SEARCH, .min = 1, .max = 80 },
	[P_IMPORTANT] = { .name = "important", .label = N_("Important"), .help = N_("Yes marks the household as important; no leaves it as it is."),
		.type = FT_BOOL, .level = LEVEL_CONTACT, .flags = F_ARG, .choices = yes_no },
	[P_REHEARSE] = { .name = "rehearse", .label = N_("Only look"), .help = N_("Yes: say what would be done, and do nothing."),
		.type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_ARG | F_REHEARSE, .choices = yes_no },
};
_Static_assert(NITEMS(person_fields) == P_NFIELDS, "person fields");
#define P_ASKS (FIELD(P_NAME) | FIELD(P_RELATION) | FIELD(P_MOBILE) | FIELD(P_HOME) | FIELD(P_SEX) | FIELD(P_ID) | FIELD(P_BIRTH) | \
	FIELD(P_NATIVE) | FIELD(P_REGISTERED) | FIELD(P_EMAIL) | FIELD(P_HELP) | FIELD(P_PHOTO) | FIELD(P_ID_COPY))
static const struct op person_ops[] = {
	{ .name = "add", .label = N_("Add a person"), .help = N_("Enters a person of the household (ARC-19)."),
		.roles = KEEPERS, .to = STATE_SAME, .flags = OP_CREATE, .asks = FIELD(P_HOUSEHOLD) | P_ASKS,
		.needs = FIELD(P_HOUSEHOLD) | FIELD(P_NAME) | FIELD(P_RELATION), .derive = "person_of_household",
		.guards = joining },
	{ .name = "amend", .label = N_("Amend the person"), .help = N_("Corrects what is written of the person; untouched fields stay."),
		.roles = BIT(ROLE_ACU), .to = STATE_SAME, .asks = P_ASKS },
	{ .name = "leave", .label = N_("Person has left"), .help = N_("The person no longer lives here; the record stays."),
		.roles = BIT(ROLE_ACU), .to = STATE_SAME, .derive = "person_leaves", .flags = OP_CONFIRM },
	/* Nobody moves by an import: whom the unit knows stays in his household. It seals and never opens. */
	{ .name = "take_over", .label = N_("Take over a person"), .help = N_("Finds the person in the unit by ID number, else by name and birth, or enters him (RES-02)."),
		.roles = BIT(ROLE_ACU) | BIT(ROLE_EM), .to = STATE_SAME, .flags = OP_CREATE | OP_SCRIPT,
		.asks = FIELD(P_UNIT) | FIELD(P_HOUSEHOLD_NAME) | FIELD(P_IMPORTANT) | FIELD(P_NAME) | FIELD(P_RELATION) | FIELD(P_MOBILE) | FIELD(P_HOME) | FIELD(P_SEX) |
			FIELD(P_ID) | FIELD(P_BIRTH) | FIELD(P_REHEARSE),
		.needs = FIELD(P_UNIT) | FIELD(P_NAME) | FIELD(P_RELATION), .known = "person_of_unit", .derive = "person_taken_over", .guards = taking_over,
		.prepare = "person_taken_over" },
};
const struct book book_person = { .name = "person", .title = N_("Persons"),
	.why = N_("Who belongs to a household, and how to reach them."),
	.readers = READERS, .historians = HISTORIANS, .flags = B_AREA | B_COMPILE, .caption = "name",
	.fields = person_fields, .nfields = P_NFIELDS, .ops = person_ops, .nops = NITEMS(person_ops) };

enum { E_HOUSEHOLD, E_UNIT, E_NAME, E_PHONE, E_RELATION, E_ENDED, E_NFIELDS };
static const struct field contact_fields[] = {
	[E_HOUSEHOLD] = { .name = "household", .label = N_("Household"), .help = N_("The household it is for."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_SUBJECT, .ref = "household" },
	[E_UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The household's unit."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "unit" },
	[E_NAME] = { .name = "name", .label = N_("Name"), .help = N_("Who is to be called."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = F_LIST, .min = 1, .max = 80 },
	[E_PHONE] = { .name = "phone", .label = N_("Telephone"), .help = N_("Where."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = F_LIST, .min = 5, .max = 24 },
	[E_RELATION] = { .name = "relation", .label = N_("Relation"), .help = N_("What the person is to the household."),
		.type = FT_TEXT, .level = LEVEL_FULL, .flags = F_LIST, .max = 40 },
	[E_ENDED] = { .name = "ended", .label = N_("Invalid since"), .help = N_("Set when the contact was withdrawn."),
		.type = FT_DATE, .level = LEVEL_NAME, .flags = F_AUTO },
};
_Static_assert(NITEMS(contact_fields) == E_NFIELDS, "contact fields");
#define E_ASKS (FIELD(E_NAME) | FIELD(E_PHONE) | FIELD(E_RELATION))
static const struct op contact_ops[] = {
	{ .name = "add", .label = N_("Add an emergency contact"), .help = N_("Whom to call for the household (RES-14)."),
		.roles = KEEPERS, .to = STATE_SAME, .flags = OP_CREATE, .asks = FIELD(E_HOUSEHOLD) | E_ASKS,
		.needs = FIELD(E_HOUSEHOLD) | FIELD(E_NAME) | FIELD(E_PHONE), .derive = "contact_of_household" },
	{ .name = "amend", .label = N_("Amend the contact"), .help = N_("Corrects the contact."),
		.roles = BIT(ROLE_ACU), .to = STATE_SAME, .asks = E_ASKS },
	{ .name = "end", .label = N_("Withdraw the contact"), .help = N_("The contact is no longer valid; the record stays."),
		.roles = BIT(ROLE_ACU), .to = STATE_SAME, .derive = "contact_ends", .flags = OP_CONFIRM },
};
/* Found by the night manager only where a running emergency opens them (night_glass.sql). */
static const struct narrowing contacts_narrowed[] = { { BIT(ROLE_NM), "t.unit IN (SELECT z.unit FROM lodge.emergency_units() z)" }, { 0, NULL } };
const struct book book_emergency_contact = { .name = "emergency_contact", .title = N_("Emergency contacts"),
	.why = N_("Whom to call when something happens in a unit."),
	.readers = BIT(ROLE_ACU) | BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM) | BIT(ROLE_NM), .narrowed = contacts_narrowed, .historians = HISTORIANS, .flags = B_AREA | B_COMPILE,
	.fields = contact_fields, .nfields = E_NFIELDS, .ops = contact_ops, .nops = NITEMS(contact_ops) };
