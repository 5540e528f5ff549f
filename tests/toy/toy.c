/* toy.c - a parcel book, in thirty lines: what a new log book costs. Its table: `lodged docs --ddl toy`. */
#include "common/book.h"

enum { NO, UNIT, WHAT, SENDER, SECRET, SHELF_UNTIL, NFIELDS };
enum { HELD, GIVEN };
static const struct field fields[] = {
	[NO] = { .name = "no", .label = "No.", .help = "The number on the shelf.", .type = FT_TEXT, .level = LEVEL_OPEN, .flags = F_LIST | F_AUTO | F_NUMBER, .max = 20 },
	[UNIT] = { .name = "unit", .label = "Unit", .help = "Whose parcel it is.", .type = FT_REF, .level = LEVEL_OPEN, .flags = F_LIST, .ref = "unit" },
	[WHAT] = { .name = "what", .label = "Parcel", .help = "What it looks like.", .type = FT_TEXT, .level = LEVEL_NAME, .flags = F_LIST, .min = 2, .max = 60 },
	[SENDER] = { .name = "sender", .label = "Sender", .help = "The sender's telephone.", .type = FT_TEXT, .level = LEVEL_CONTACT, .flags = F_LIST, .max = 24 },
	[SECRET] = { .name = "secret", .label = "Contents", .help = "What is in it.", .type = FT_NOTE, .level = LEVEL_SEALED, .flags = F_CRYPT, .max = 200 },
	[SHELF_UNTIL] = { .name = "shelf_until", .label = "Kept until", .help = "Then it goes back.", .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_LIST },
};
static const struct state states[] = {
	[HELD] = { .name = "held", .label = "Held", .open = true }, [GIVEN] = { .name = "given", .label = "Given out" },
};
static const struct op ops[] = {
	{ .name = "take", .label = "Take a parcel", .help = "A parcel arrives.", .roles = BIT(ROLE_FD), .to = HELD, .flags = OP_CREATE | OP_ANYWHERE,
		.asks = BIT(UNIT) | BIT(WHAT) | BIT(SENDER) | BIT(SECRET) | BIT(SHELF_UNTIL), .needs = BIT(UNIT) | BIT(WHAT), .opens = BIT(0) },
	{ .name = "give", .label = "Give it out", .help = "The parcel is collected.", .roles = BIT(ROLE_FD), .from = BIT(HELD), .to = GIVEN,
		.state_rule = "TOY-01", .state_sentence = "The parcel has been given out already.", .closes = BIT(0) },
};
static const struct deadline deadlines[] = { { .name = "shelf", .label = "Parcel to go back", .field = SHELF_UNTIL } };
static const struct view views[] = { { .name = "held", .label = "Parcels", .where = "{\"state\":\"held\"}", .sort = "-id", .roles = BIT(ROLE_FD) } };
const struct book book_toy = { .name = "toy", .title = "Parcels", .why = "Every parcel has a number and a shelf.",
	.readers = ROLES_ALL, .historians = BIT(ROLE_EM), .fields = fields, .nfields = NFIELDS, .states = states, .nstates = NITEMS(states),
	.ops = ops, .nops = NITEMS(ops), .deadlines = deadlines, .ndeadlines = NITEMS(deadlines), .views = views, .nviews = NITEMS(views) };
