/*
 * embedded.h - the SQL that travels inside lodged: migrations, rules and reports, as they lay in the
 * source tree when it was built.
 *
 * The table is written by server/embed.cmake. Not for: running the SQL (migrate.c).
 * Trap: sorted by file name, and a migration's name is its number; never edit one after release.
 */
#ifndef LODGE_EMBEDDED_H
#define LODGE_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *name; /* file name without folder: "0001_core.sql" */
	const char *text; /* the whole file, NUL-terminated */
};

extern const struct embedded migrations[], rules[], report_texts[];
extern const size_t nmigrations, nrules, nreport_texts;

#endif
