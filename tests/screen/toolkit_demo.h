/*
 * toolkit_demo.h - a client without a server, for tests of the toolkit.
 *
 * A test program calls itself with "--demo" and then runs this in the terminal of the test.
 * Not for: anything that asks the house.
 * Trap: it prints what it commits into the body, so that a test can wait for it.
 */
#ifndef LODGE_TOOLKIT_DEMO_H
#define LODGE_TOOLKIT_DEMO_H

/* Runs the demo program; returns its exit code. argv: what to show first ("form", "list"). */
int toolkit_demo(int argc, char **argv);

/* For main() of a test: runs the demo instead of the tests when told to; -1 = run the tests. */
int toolkit_demo_main(int argc, char **argv);

#endif
