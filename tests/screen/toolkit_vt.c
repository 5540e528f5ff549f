/*
 * toolkit_vt.c - opens, reads and closes the toolkit's demo program in a terminal of libvterm.
 * Not for: the real client (desk.c). Trap: a screen that never comes is printed before the test fails.
 */
#include "tests/screen/toolkit_vt.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

struct vt *open_demo(const char *term, const char *what, const char *const *extra)
{
	char *argv[] = {(char *)(uintptr_t)"/proc/self/exe", (char *)(uintptr_t)"--demo",
		(char *)(uintptr_t)what, NULL};
	struct vt *vt = vt_start(24, 80, term, "en", extra, argv);

	assert_non_null(vt);
	if (!vt_wait_text(vt, "? keys", TOOLKIT_SOON)) {
		char *screen = vt_screen_text(vt);

		print_error("%s", screen);
		free(screen);
		fail();
	}
	return vt;
}

void assert_text(struct vt *vt, const char *text)
{
	if (!vt_wait_text(vt, text, TOOLKIT_SOON)) {
		char *screen = vt_screen_text(vt);

		print_error("\"%s\" is not on the screen:\n%s", text, screen);
		free(screen);
		fail();
	}
}

void close_demo(struct vt *vt)
{
	int status = vt_stop(vt, SIGHUP, 2000);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}
