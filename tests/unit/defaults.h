/*
 * defaults.h - settings for programs without a file: the defaults of the table alone.
 */
#ifndef LODGE_DEFAULTS_H
#define LODGE_DEFAULTS_H

void settings_defaults(void);

#endif
