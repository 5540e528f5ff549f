/*
 * pace.c - see pace.h.
 *
 * Not for: counting bytes; the time of a whole picture says enough. Trap: a second picture under way
 * helps where the line is long and harms where it is thin: the latency of the first small question
 * tells which it is.
 */
#include "client/pace.h"

enum { QUICK_MS = 15, QUICK_ENOUGH = 3, LONGEST_MS = 10000 };

static int most(const struct pace *p)
{
	return p->latency > PACE_SLOW_MS ? PACE_MOST : 1;
}

/* A terminal that answers may need seconds for a large picture; one that never did is given up. */
static int64_t patience(const struct pace *p)
{
	return p->answers ? LONGEST_MS : PACE_PATIENCE_MS;
}

bool pace_may_draw(struct pace *p, int64_t now)
{
	if (p->under_way > 0 && now - p->sent[0] >= patience(p)) {
		p->on = p->suspected = false;
		p->under_way = 0;
	}
	return !p->on || p->under_way < most(p);
}

bool pace_asks(struct pace *p, int64_t now)
{
	bool wanted = p->on || p->suspected || p->asked == 0 || now - p->asked >= PACE_AGAIN_MS;

	if (!wanted || p->under_way >= (p->on ? most(p) : 1))
		return false;
	p->sent[p->under_way++] = now;
	p->asked = now;
	return true;
}

void pace_answered(struct pace *p, int64_t now)
{
	int64_t took;

	p->answers = true;
	if (p->under_way == 0)
		return; /* given up meanwhile */
	took = now - p->sent[0];
	p->sent[0] = p->sent[1];
	p->under_way--;
	p->quick = took < QUICK_MS ? p->quick + 1 : 0;
	if (took > PACE_SLOW_MS) {
		p->on = p->on || p->suspected;
		p->suspected = true;
	} else if (!p->on) {
		p->suspected = false;
	} else if (p->quick >= QUICK_ENOUGH) {
		p->on = p->suspected = false;
	}
}

int64_t pace_deadline(const struct pace *p)
{
	return p->on && p->under_way >= most(p) ? p->sent[0] + patience(p) : -1;
}
