/*
 * conf_scan.h - a configuration file as raw text: read safely, and searched for what libconfig
 * would swallow silently. Internal to conf.c. Not for: syntax or meaning. Trap: a text that passes
 * may still be broken; only a text that fails must never reach libconfig.
 */
#ifndef LODGE_CONF_SCAN_H
#define LODGE_CONF_SCAN_H

#include "common/conf.h"

/* The whole file into *text, refusing links, devices, files that anybody may write, and large
 * ones. False after a complaint. */
bool conf_read_file(const char *file, struct buf *text, struct buf *errors);
/* Complains about numbers that do not fit, numbers with leading zeros, @include, deep nesting,
 * bytes that are no clean UTF-8. True when there was nothing. */
bool conf_scan(const char *file, const struct buf *text, struct buf *errors);

#endif
