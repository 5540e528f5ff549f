/*
 * pace.h - how many pictures may be under way to a slow terminal.
 *
 * A terminal answers "CSI 5 n" when it has taken everything before it. On a slow line nothing is drawn
 * until it answers, so that keys held down do not queue pictures for seconds; on a fast one it is
 * asked only now and then. Not for: writing or reading (tty.c). Trap: some terminals never answer,
 * and a busy machine answers late once: only two slow answers in a row count.
 */
#ifndef LODGE_PACE_H
#define LODGE_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { PACE_SLOW_MS = 100, PACE_PATIENCE_MS = 2000, PACE_AGAIN_MS = 30000, PACE_MOST = 2 };

struct pace {
	bool on;              /* pictures wait for answers */
	bool suspected;       /* the last answer was slow */
	bool answers;         /* this terminal has answered before */
	int quick;            /* answers in a row that show a fast line */
	int under_way;        /* questions without an answer */
	int64_t sent[PACE_MOST], asked; /* when, oldest first; the last one, 0 = none */
	int64_t latency;      /* of an answer with nothing before it; 0 = not known */
};

/* May a picture be sent? Gives up a terminal that has not answered for two seconds. */
bool pace_may_draw(struct pace *, int64_t now);
/* A picture was sent: shall the question follow it? The question counts as sent. */
bool pace_asks(struct pace *, int64_t now);
void pace_answered(struct pace *, int64_t now);
/* When pace_may_draw may say something else without an answer; -1 = never. */
int64_t pace_deadline(const struct pace *);

#endif
