/*
 * printer.h - a text to the printer that lodge.conf names (print.lpr).
 *
 * Not for: what is on the paper. Trap: the caller waits, for five seconds at most: then the program is
 * ended, and what it left undone is said.
 */
#ifndef LODGE_PRINTER_H
#define LODGE_PRINTER_H

#include <stdbool.h>

#include "client/options.h"
#include "common/buf.h"

/* Is there a printer? */
bool printer_is_there(const struct options *);
/* False: it was not taken. */
bool printer_send(const struct options *, const struct buf *text);

#endif
