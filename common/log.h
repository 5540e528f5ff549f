/*
 * log.h - one line of standard error a happening; journald or a file does the rest.
 *
 * Every line is made safe as a whole (text_safe), so no value can forge a line or reach a
 * terminal. Not for: contents of fields, tokens, passwords: say ids and names of things. Trap:
 * fatal() ends the process: start-up only, never for what a peer, a row or a file says later.
 */
#ifndef LODGE_LOG_H
#define LODGE_LOG_H

#include "common/words.h"

/* Names the program in every line; name must outlive it. */
void log_open(const char *name);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* One sentence "NAME: …" without a time, then exit 1. */
_Noreturn void fatal(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
