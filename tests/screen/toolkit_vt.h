/*
 * toolkit_vt.h - what the tests of the toolkit share.
 * Not for: tests of the consoles.
 */
#ifndef LODGE_TOOLKIT_VT_H
#define LODGE_TOOLKIT_VT_H

#include "tests/screen/vt.h"

enum { TOOLKIT_SOON = 5000 }; /* milliseconds a screen may take to come */

/* The demo program showing `what` in a terminal of this kind; fails the test when it does not come. */
struct vt *open_demo(const char *term, const char *what, const char *const *extra);
void assert_text(struct vt *, const char *text);
/* Hangs up and expects a clean end. */
void close_demo(struct vt *);

#endif
