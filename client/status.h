/*
 * status.h - the three rows that every screen has: title, message, footer.
 *
 * Row 0 starts " Lodge"; row 22 (last but one) holds one sentence; the last row holds the keys and
 * ends with the help key. Not for: deciding what to say.
 * Trap: the last row is painted last and its text means "this console is ready" to scripts.
 */
#ifndef LODGE_STATUS_H
#define LODGE_STATUS_H

#include "client/keys.h"
#include "client/tty.h"

struct status {
	char place[160];     /* "Household > 7-1203" */
	char person[96];     /* "Desk 1  w017 Alice" */
	char clock[32];      /* "21 Nov 09:41" */
	char link[32];       /* "ok", "OFFLINE 00:42" */
	char message[320];
	enum style style;    /* of the message */
};

void status_place(struct status *, const char *place);
/* Says one sentence in the message row; style STYLE_TEXT, STYLE_ERROR or STYLE_LATE. */
void status_say(struct status *, enum style, const char *fmt, ...) PRINTF_LIKE(3, 4);
void status_clear(struct status *);
/* Title and message; call before the body. */
void status_draw(const struct status *);
/* Footer; call last. */
void status_draw_footer(enum context, keys_allow_cb *, void *arg);

#endif
