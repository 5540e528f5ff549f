/*
 * recall.h - people who were here before come back into a form by the last digits of their paper.
 * Not for: searching names. Trap: only digits recall, so that nobody is shown another's data for a name.
 */
#ifndef LODGE_RECALL_H
#define LODGE_RECALL_H

#include "client/app.h"
#include "client/consoles/acts.h"
#include "client/form.h"

/* What a form remembers while it asks. Zeroed: nothing asked. */
struct recall_ask {
	const struct recall *recall;
	char digits[16];
};

/* Asks for whom the digits just typed into the field that was left mean, when the console's tables say so; the
 * keyboard is held. False: there is nothing to ask. */
bool recall_start(struct recall_ask *, struct screen *, struct form *, screen_answer_cb *);
/* Fills the form from the answer, or says that nobody or several are known. */
void recall_take(struct recall_ask *, struct screen *, struct form *, const struct answer *);

#endif
