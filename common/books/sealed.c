/*
 * sealed.c - persons who must not be known to live here: protected witnesses, threatened partners.
 *
 * A book of its own, so that neither list, search, import, statistics nor a gap in the numbers of
 * the others tells that there is one (CNF-06, CNF-14). Not for: important households, whose persons
 * are known and whose mobiles are sealed (household.c). Trap: nothing of it may be counted, listed
 * or numbered together with anything that more roles read; tests/sealed compares two houses.
 */
#include "common/books/books.h"

#define KEEPERS (BIT(ROLE_CSS) | BIT(ROLE_CM) | BIT(ROLE_EM))
#define SECRET(n, l, h, t, lo, hi) { .name = n, .label = l, .help = h, .type = t, .level = LEVEL_SEALED, .flags = F_CRYPT, .min = lo, .max = hi }

enum { HOUSEHOLD, UNIT, NAME, RELATION, MOBILE, ID_NO, BIRTH, FACTS, ENDED, NFIELDS };
static const struct field fields[] = {
	[HOUSEHOLD] = { .name = "household", .label = N_("Household"), .help = N_("The household he lives with."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_SUBJECT, .ref = "household" },
	[UNIT] = { .name = "unit", .label = N_("Unit"), .help = N_("The household's unit."),
		.type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW, .ref = "unit" },
	[NAME] = SECRET("name", N_("Name"), N_("The full name as the person writes it."), FT_TEXT, 1, 80),
	[RELATION] = SECRET("relation", N_("Relation"), N_("What the person is in the household."), FT_TEXT, 0, 40),
	[MOBILE] = SECRET("mobile", N_("Mobile"), N_("How to reach him."), FT_TEXT, 5, 24),
	[ID_NO] = SECRET("id_no", N_("ID number"), N_("Number of the identity document; kept encrypted."), FT_TEXT, 4, 32),
	[BIRTH] = { .name = "birth", .label = N_("Born"), .help = N_("Date of birth."),
		.type = FT_DATE, .level = LEVEL_SEALED },
	[FACTS] = SECRET("facts", N_("Why sealed"), N_("From whom he is hidden, who asked for it, whom to call."), FT_NOTE, 0, 2000),
	[ENDED] = { .name = "ended", .label = N_("Ended"), .help = N_("Since when he lives here no more; the record stays."),
		.type = FT_DATE, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NARROW },
};
_Static_assert(NITEMS(fields) == NFIELDS, "sealed person fields");
#define ASKS (FIELD(NAME) | FIELD(RELATION) | FIELD(MOBILE) | FIELD(ID_NO) | FIELD(BIRTH) | FIELD(FACTS))
static const struct op ops[] = {
	{ .name = "add", .label = N_("Add a sealed person"), .help = N_("Enters somebody of whom nobody below the supervisor may know that he lives here."),
		.roles = KEEPERS, .to = STATE_SAME, .flags = OP_CREATE, .asks = FIELD(HOUSEHOLD) | ASKS,
		.needs = FIELD(HOUSEHOLD) | FIELD(NAME), .derive = "sealed_of_household" },
	{ .name = "amend", .label = N_("Amend the sealed person"), .help = N_("Writes over what is given; what is not given stays."),
		.roles = KEEPERS, .to = STATE_SAME, .asks = ASKS },
	{ .name = "end", .label = N_("Sealed person has left"), .help = N_("He lives here no more; the record stays."),
		.roles = KEEPERS, .to = STATE_SAME, .derive = "sealed_ends", .flags = OP_CONFIRM },
};
const struct book book_sealed_person = { .name = "sealed_person", .title = N_("Sealed persons"),
	.why = N_("Who must not be known to live here is known to three roles, and to each only with a reason."),
	.readers = KEEPERS, .historians = KEEPERS, .flags = B_AREA | B_COMPILE,
	.fields = fields, .nfields = NFIELDS, .ops = ops, .nops = NITEMS(ops) };
