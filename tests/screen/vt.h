/*
 * vt.h - a terminal in memory: forkpty and libvterm, for tests of whole screens.
 *
 * The program under test runs in a pseudo-terminal; the test types, waits for conditions with a
 * deadline, and looks at cells. Not for: widgets alone (call them directly).
 * Trap: never sleep; every look at the screen goes through a vt_wait_* first, because the program
 * answers when it likes; and no time is long enough on a busy machine, so wait for what has to be. Each wait also moves the bytes, so nothing is read outside them.
 */
#ifndef LODGE_VT_H
#define LODGE_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct vt;

struct vt_cell {
	char text[32];  /* "" for the second half of a wide character */
	int width;
	bool bold, underline, reverse, coloured;
};

/* Starts argv (argv[0] = file to run) on a fresh terminal. term: TERM. lang: LODGE_LANG, NULL = en.
 * extra: "NAME=VALUE" settings ending with NULL, or NULL. NULL when it cannot be started. */
struct vt *vt_start(int rows, int cols, const char *term, const char *lang,
	const char *const *extra, char *const argv[]);

/* Bytes as they are; one write each. */
void vt_send(struct vt *, const char *bytes, size_t n);
void vt_puts(struct vt *, const char *text);
/* A key by its name in lodge.conf ("Enter", "F2", "Shift-Tab", "Ctrl-U", "a"), encoded as the emulated
 * terminal does it. False for an unknown name. */
bool vt_key(struct vt *, const char *name);
/* A paste, in brackets when the program asked for them. */
void vt_paste(struct vt *, const char *text, size_t n);
void vt_resize(struct vt *, int rows, int cols);
/* Limits how fast the program's output is read, bytes a second; 0 = no limit. */
void vt_throttle(struct vt *, int bytes_per_second);

/* From now on the terminal says that it paints ambiguous characters two cells wide. Call it before
 * the first wait. */
void vt_claim_wide(struct vt *);
/* How often the program asked with "CSI 5 n". */
size_t vt_questions(const struct vt *);

/* Wait until it holds, at most ms; false when it never did. */
bool vt_wait_text(struct vt *, const char *text, int ms);
bool vt_wait_gone(struct vt *, const char *text, int ms);
bool vt_wait_at(struct vt *, int row, int col, const char *text, int ms);
bool vt_wait_cursor(struct vt *, int row, int col, int ms);
bool vt_wait_end(struct vt *, int ms);
/* Until the program wrote nothing for quiet ms, sleeps (a busy machine lets it wait for its turn), and nothing beside the
 * terminal is under way. At most ms. */
void vt_settle(struct vt *, int quiet, int ms);

/* What a program has under way beside its terminal. */
struct vt_beside {
	bool (*is_busy)(void *ctx);
	void (*stopped)(void *ctx); /* by vt_stop: the program is gone */
	void *ctx;
};
void vt_set_beside(struct vt *, const struct vt_beside *);

/* Row 0..; the text of a row without blanks at its end, in a static buffer of 8 rows. */
const char *vt_row(const struct vt *, int row);
/* The whole screen, rows ended by line feeds; the caller frees it. */
char *vt_screen_text(const struct vt *);
struct vt_cell vt_cell(const struct vt *, int row, int col);
void vt_cursor(const struct vt *, int *row, int *col);
bool vt_cursor_is_shown(const struct vt *);
int vt_rows(const struct vt *);
int vt_cols(const struct vt *);

/* Counters since the start, or since vt_mark(). */
void vt_mark(struct vt *);
size_t vt_bytes(const struct vt *);   /* written by the program */
size_t vt_bells(const struct vt *);
const char *vt_title(const struct vt *);
bool vt_is_alternate(const struct vt *);
bool vt_wants_mouse(const struct vt *);
/* Every byte the program wrote since the start (at most the last 4 MiB); NUL-terminated. */
const char *vt_output(const struct vt *, size_t *n);

pid_t vt_pid(const struct vt *);
/* Closes the terminal's master side, as a cut line does. */
void vt_hang_up(struct vt *);
/* Sends signal (0 = none), waits at most ms, then kills; frees. Returns the wait status, -1 when it
 * had to be killed. */
int vt_stop(struct vt *, int signal, int ms);

#endif
