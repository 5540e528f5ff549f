/*
 * slip_own.h - what a slip as text and as a form share: the values that stand on it.
 *
 * Not for: anybody but slip.c and slip_form.c. Trap: a value that may not be seen comes as [#].
 */
#ifndef LODGE_SLIP_OWN_H
#define LODGE_SLIP_OWN_H

#include "client/slip.h"

/* A field of the record, or of what it refers to; of an empty form what there is to choose from. *label: what stands before it. */
void slip_field_value(struct buf *, const struct slip_content *, const char *name, const char **label);
/* A cell of a row; row NULL: locked. */
void slip_cell(struct buf *, const struct book *, const struct node *row, const char *name);
/* "Signatures (3)". */
void slip_rows_title(struct buf *, const struct slip_content *);
size_t slip_rows_count(const struct slip_content *);
/* Is there a table? */
bool slip_has_rows(const struct slip_content *);
/* The fields of this paper. */
const char *const *slip_fields(const struct slip_content *);
/* Lines that a hand needs for it. */
int slip_hand_lines(const struct field *);

#endif
