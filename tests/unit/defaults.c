/*
 * defaults.c - see defaults.h.
 */
#include "tests/unit/defaults.h"

#include <stdlib.h>

#include "server/settings.h"

void settings_defaults(void)
{
	for (size_t i = 0; i < settings_nkeys; i++) {
		const struct conf_key *key = &settings_keys[i];
		if (key->type == CONF_INT)
			*(int64_t *)key->out = strtoll(key->def, NULL, 10);
	}
}
