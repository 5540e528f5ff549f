/*
 * print.h - what the papers of lodge-print share: fonts, layouts, the way out.
 *
 * print.c draws tables, lying; print_form.c forms, standing. Not for: any other program; this is not linked into the server.
 * Trap: an arena holds what was read until the paper is drawn.
 */
#ifndef LODGE_PRINT_H
#define LODGE_PRINT_H

#include <stdio.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define FAMILIES "DejaVu Sans, Noto Sans CJK SC, Noto Sans CJK TC, Droid Sans Fallback, Sans"

/* A layout in this font that wraps between words, or within one that is too long. */
PangoLayout *print_layout(cairo_t *, const char *style);
/* Points that a text takes on one line. */
double print_width(PangoLayout *, const char *text);
/* A PDF of that size that is written to a stream. */
cairo_surface_t *print_surface(FILE *out, double width, double height, const char *title);
/* Closes it; the exit code. unknown: letters without a glyph. */
int print_close(cairo_t *, cairo_surface_t *, FILE *out, int unknown);
/* A sentence on standard error; the exit code. */
int print_refuse(const char *what);

/* One line {"title","corner","foot","page","date","text","fields":[[label,text,least lines]…],
 * "table":{"title","columns":[…],"rows":[[…]…]}|null,"signs":[…]}; the exit code. */
int print_form(FILE *in, FILE *out);

#endif
