/*
 * pdf.h - a form becomes a PDF: lodge-print, the program beside this one, draws it.
 *
 * Not for: what is on it (slip_form.c) or where it goes. Trap: the caller waits until it is drawn, five seconds at most.
 */
#ifndef LODGE_PDF_H
#define LODGE_PDF_H

#include <stdbool.h>

#include "common/buf.h"

/* Appends the PDF of a form, one line of JSON. */
bool pdf_make(const struct buf *form, struct buf *pdf);

#endif
