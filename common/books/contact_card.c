/*
 * contact_card.c - the centre's card: where it is, how it is called, and whom to call when something happens.
 *
 * OPS-04, EMG-14. One row whose every word is the policy's (centre, emergency); every terminal shows it with one key.
 * Not for: telephones of residents or employees. Trap: what the policy leaves empty is not shown.
 */
#include "common/books/shorthand.h"

#define OF_POLICY(n, l, h, k) { .name = n, .label = l, .help = h, .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO, .max = 120, \
	.computed = "(SELECT nullif(p.value, '') FROM lodge.policy p WHERE p.key = '" k "')" }

static const struct field fields[] = {
	OF_POLICY("centre", N_("Centre"), N_("The estate's name."), "estate.name"),
	OF_POLICY("address", N_("Address"), N_("Where the service centre is (OPS-04)."), "centre.address"),
	OF_POLICY("hotline", N_("Hotline"), N_("From outside (OPS-04)."), "centre.hotline"),
	OF_POLICY("extension", N_("Extension"), N_("From inside the estate (OPS-04)."), "centre.extension"),
	OF_POLICY("police", N_("Police"), N_("The country's number (EMG-14)."), "emergency.police"),
	OF_POLICY("fire", N_("Fire brigade"), N_("The country's number (EMG-14)."), "emergency.fire"),
	OF_POLICY("ambulance", N_("Ambulance"), N_("The country's number (EMG-14)."), "emergency.ambulance"),
};
const struct book book_contact_card = { .name = "contact_card", .title = N_("Contact card"),
	.why = N_("Whoever sits at a terminal can say how the centre is reached."),
	.readers = ROLES_EVERYBODY, .historians = BIT(ROLE_EM), .fields = fields, .nfields = NITEMS(fields) };
