/*
 * slip_job.h - what has to be asked for a slip: the record, what it refers to, the rows below.
 *
 * One question after the other, for whoever can ask: the console waits with its screen, the command
 * line in its place. Not for: layout (slip.h). Trap: an answer is copied, so it may go when it was taken.
 */
#ifndef LODGE_SLIP_JOB_H
#define LODGE_SLIP_JOB_H

#include "client/slip.h"
#include "common/arena.h"

struct slip_job;

/* The record by its number, or (id 0) by its code; neither for a slip of the whole book. NULL: no memory. */
struct slip_job *slip_job_new(const struct book *, const struct slip *, int64_t id, const char *code, enum role reader);
void slip_job_free(struct slip_job *);
/* The next question; false when everything is here. */
bool slip_job_next(struct slip_job *, struct buf *method, struct buf *params);
/* Its answer; NULL: refused, which hides what was asked for. False: there will be no slip, because the record
 * itself was refused, has no such slip, or is too big. */
bool slip_job_take(struct slip_job *, const struct node *result);
/* Which it is, once the record is here: a form of several titles has the record's one. */
const struct slip *slip_job_slip(const struct slip_job *);
/* An empty one instead, of the slip's .blank: nothing is asked. */
void slip_job_blank(struct slip_job *);
/* Appends the text, when everything is here. by: who prints. */
void slip_job_write(const struct slip_job *, struct buf *, const char *by);
/* Appends the PDF. False: lodge-print is not beside this program, or failed. */
bool slip_job_pdf(const struct slip_job *, struct buf *, const char *by);
/* "report-17": what its file may be called. */
void slip_job_name(const struct slip_job *, char *name, size_t size);

#endif
