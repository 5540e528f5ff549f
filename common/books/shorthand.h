/*
 * shorthand.h - rows of field tables in one line each: text, number, reference, stamp, choice, yes or no.
 *
 * For descriptor files with many plain fields; what needs more is written out. Not for: operations.
 * Trap: a STAMP is written by the house only; everything else is asked for unless its flags say F_AUTO.
 */
#ifndef LODGE_SHORTHAND_H
#define LODGE_SHORTHAND_H

#include "common/books/books.h"

#define TEXT(n, l, h, lv, f, least, most) { .name = n, .label = l, .help = h, .type = FT_TEXT, .level = lv, .flags = (f), .min = (least), .max = (most) }
#define INT(n, l, h, f, least, most) { .name = n, .label = l, .help = h, .type = FT_INT, .level = LEVEL_OPEN, .flags = (f), .min = (least), .max = (most) }
#define REF(n, l, h, f, to) { .name = n, .label = l, .help = h, .type = FT_REF, .level = LEVEL_OPEN, .flags = (f), .ref = to }
#define DATE(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_DATE, .level = LEVEL_OPEN, .flags = F_NARROW | (f) }
#define STAMP(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_TIME, .level = LEVEL_OPEN, .flags = F_AUTO | F_NARROW | (f) }
#define CHOICE(n, l, h, f, c) { .name = n, .label = l, .help = h, .type = FT_CHOICE, .level = LEVEL_OPEN, .flags = (f), .choices = c }
#define TICK(n, l, h, f) { .name = n, .label = l, .help = h, .type = FT_BOOL, .level = LEVEL_OPEN, .flags = F_NARROW | (f), .choices = shorthand_yes_no }

/* OPS-01: of the moment in that column. Not stored: the policy's hours decide. */
#define SHIFT_OF(column) { .name = "shift", .label = N_("Shift"), .help = N_("The shift it belongs to, by the server's clock (OPS-01)."), .type = FT_TEXT, .level = LEVEL_OPEN, \
	.flags = F_AUTO | F_NARROW | F_WORDS, .max = 20, .choices = shift_kinds, .computed = "lodge.shift_of(t." column ")" }

static const struct choice shorthand_yes_no[] __attribute__((unused)) = { { "true", N_("Yes") }, { "false", N_("No") }, { NULL, NULL } };

#endif
