/*
 * entry_say.h - what an operation has people told: over its form, and when it is done.
 *
 * Not for: refusals (app_refuse). Trap: the duty's sentence may take several rows; what stands below begins after them.
 */
#ifndef LODGE_ENTRY_SAY_H
#define LODGE_ENTRY_SAY_H

#include "client/app.h"

/* Number and time of the receipt, and in few words what is to be told now. */
void op_say_receipt(struct app *, const struct op *, const struct node *receipt);
/* What the record adds to that: the value of the field named by .duty_field; nothing where there is none. */
void op_say_field(struct buf *out, const struct book *, const struct op *, const struct node *row);
/* What the other person is to be told, whole, then what the record adds, with its label, and a blank row; how many rows that took. */
int op_draw_duty(const struct book *, const struct op *, const char *added, int row);

#endif
