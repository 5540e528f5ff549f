/*
 * conf_value.h - one value of a configuration file against its row of the schema. Internal to
 * conf.c. Not for: libconfig. Trap: a value owns its strings: conf_value_done.
 */
#ifndef LODGE_CONF_VALUE_H
#define LODGE_CONF_VALUE_H

#include "common/conf.h"

/* What conf_key and conf_column have in common. */
struct conf_rule {
	const char *name;
	enum conf_type type;
	int64_t min, max;
	const char *const *choices;
	const char *unit;
	const char *(*judge)(const char *text);
};

struct conf_value {
	bool given;
	int64_t number;
	char *text; /* STRING and WORD: the text; in a cell of another type: its PostgreSQL form */
	struct conf_words words;
};

void conf_value_done(struct conf_value *);
/* False when a list is full or memory is short. */
bool conf_value_add_word(struct conf_value *, const char *word);
/* Reads a default as it is written in a schema. False when it is none of the type. */
bool conf_value_from_default(struct conf_value *, const struct conf_rule *, const char *def);
/* Range, choices, clean text. False after a complaint. */
bool conf_value_check(const struct conf_value *, const struct conf_rule *, const struct conf_place *);
/* Fills .text with the PostgreSQL form. False when memory is short. */
bool conf_value_to_sql(struct conf_value *, const struct conf_rule *);

#endif
