/*
 * log.c - one write per line to standard error: time, program, kind, text.
 * Not for: files, rotation, levels of detail; journald does that. Trap: a line is cut after
 * TEXT_LARGEST bytes, so put ids before long texts.
 */
#include "common/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/text.h"

enum { TEXT_LARGEST = 2000, LINE_LARGEST = 16 * 1024 };

static const char *program = "lodge";

void log_open(const char *name)
{
	program = name;
}

static void put_time(struct buf *b)
{
	struct timespec now;
	struct tm tm;
	char stamp[sizeof("2026-01-01T00:00:00")];
	clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &tm) && strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm))
		buf_printf(b, "%s.%03ldZ ", stamp, now.tv_nsec / 1000000);
}

/* kind NULL: the bare sentence of a refused start. */
__attribute__((format(printf, 2, 0)))
static void write_line(const char *kind, const char *fmt, va_list args)
{
	char text[TEXT_LARGEST];
	struct buf line;
	vsnprintf(text, sizeof(text), fmt, args);
	buf_init(&line, LINE_LARGEST);
	if (kind)
		put_time(&line);
	buf_puts(&line, program);
	if (kind)
		buf_printf(&line, " %s", kind);
	buf_puts(&line, ": ");
	text_safe(&line, text);
	buf_put(&line, "\n", 1);
	/* One write, so that lines of several processes do not mix; there is nobody to tell when it
	 * fails. */
	ssize_t written = write(STDERR_FILENO, line.data, line.len);
	(void)written;
	buf_done(&line);
}

void log_info(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	write_line("info", fmt, args);
	va_end(args);
}

void log_warn(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	write_line("warning", fmt, args);
	va_end(args);
}

void log_error(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	write_line("error", fmt, args);
	va_end(args);
}

void fatal(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	write_line(NULL, fmt, args);
	va_end(args);
	exit(1);
}
