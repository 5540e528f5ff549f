/*
 * i18n.h - texts in the language of the person: gettext catalogues, several at once.
 *
 * Catalogues are ordinary .mo files, DIR/LANG/LC_MESSAGES/lodge.mo, made by msgfmt from
 * client/po/. They are read here and not through libintl, because one server answers people in
 * four languages at once, libintl switches by environment variable (unsafe beside a thread) and
 * ignores LANGUAGE altogether under C.UTF-8 from glibc 2.39 on. Not for: dates and numbers.
 * Trap: a returned text lives as long as the process; i18n_open is called once, at start-up.
 */
#ifndef LODGE_I18N_H
#define LODGE_I18N_H

#include "common/words.h"

/* The languages of the house, English first; ends with NULL. */
extern const char *const i18n_langs[];

/* Loads every catalogue found below dir; NULL: $LODGE_LOCALE, else the compiled-in folder. A
 * missing or broken catalogue leaves that language in English. The language becomes that of
 * $LODGE_LANG, LC_ALL, LC_MESSAGES, LANG, in this order, else English. */
void i18n_open(const char *dir);
/* Switches the current language; an unknown word means English. */
void i18n_use(const char *lang);
/* Word of the current language, one of i18n_langs. */
const char *i18n_lang(void);
/* The text in the current language; msgid itself when there is none. NULL gives NULL. */
const char *tr(const char *msgid) __attribute__((format_arg(1)));
/* The text in that language, whatever the current one is. */
const char *tr_in(const char *lang, const char *msgid) __attribute__((format_arg(2)));

#endif
