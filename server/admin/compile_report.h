/*
 * compile_report.h - the door of a report: op.report_NAME, from its row in the table.
 *
 * Not for: the counting (server/reports/) or grants (migrate.c). Trap: the door runs as the owner,
 * so role, session and small numbers are judged in it and nowhere after it.
 */
#ifndef LODGE_COMPILE_REPORT_H
#define LODGE_COMPILE_REPORT_H

#include "common/report.h"

/* CREATE FUNCTION op.report_NAME(token, sort, limit): the report's columns, each reference followed by
 * NAME_code and NAME_name where its book has them. One row more than the limit tells that there are more. */
void compile_report(struct buf *, const struct report *);

#endif
