/*
 * dialog.h - the question before an act that cannot be undone.
 *
 * It names the object and the effect; the focus is on Cancel; the key that confirms is another one
 * than the key that opened it, and never Enter alone. Not for: choices and texts (form.c).
 * Trap: Enter presses the button that is highlighted, always.
 */
#ifndef LODGE_DIALOG_H
#define LODGE_DIALOG_H

#include "client/key.h"

enum dialog_result {
	DIALOG_IGNORED = 0,
	DIALOG_USED = 1 << 0,
	DIALOG_YES = 1 << 1,
	DIALOG_NO = 1 << 2,
};

struct dialog {
	char title[128];   /* "Close the log of this shift?" */
	char object[256];  /* what it is about, as people call it */
	char effect[256];  /* what will be so afterwards */
	char confirm[64];  /* the verb on the button */
	struct key key;    /* confirms: 'y', or F2 when 'y' opened it */
	bool on_confirm;   /* which button is highlighted; false = Cancel */
};

/* Texts are translated already. opener: the key that asked for the act, or NULL. */
void dialog_init(struct dialog *, const char *title, const char *object, const char *effect,
	const char *confirm, const struct key *opener);
unsigned dialog_handle(struct dialog *, const struct key *);
void dialog_draw(const struct dialog *);

#endif
