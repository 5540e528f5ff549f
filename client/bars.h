/*
 * bars.h - a report as lines of text: what it is about, its numbers, a bar of one of them.
 *
 * Plain characters in exactly so many cells, the number always beside its bar, so that it is read
 * without colour, by a braille line, and in a pipe. Not for: asking or moving (report.c, cli_report.c).
 * Trap: labels are measured once per answer; a line is cut, never wrapped.
 */
#ifndef LODGE_BARS_H
#define LODGE_BARS_H

#include "common/node.h"
#include "common/report.h"

enum { BARS_COUNTS_MAX = 8, BARS_LINE_MAX = 4096 };

struct bars {
	const struct report *report;
	const struct report_column *sort; /* the number that is drawn */
	const struct node *rows;
	int64_t most;
	int label, bar;                   /* cells */
	int count[BARS_COUNTS_MAX];       /* cells of each number, with the gap before it */
};

/* Lays the rows of an answer out in so many cells. */
void bars_fit(struct bars *, const struct report *, const struct report_column *sort, const struct node *rows, int cells);
void bars_head(const struct bars *, struct buf *line);
void bars_row(const struct bars *, const struct node *row, struct buf *line);
/* True when a number of these rows is too small to be told. */
bool bars_hide(const struct node *rows);
/* What a bar is about: "7-1203  张小明", "Office", "Outsiders". */
void bars_label(const struct report *, const struct node *row, struct buf *text);

#endif
