/*
 * match.c - subset comparison of JSON. Not for: judging; expect.c says what a mismatch means.
 */
#include "tests/flow/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool match_string(const char *wanted, const char *came)
{
	size_t n = strlen(wanted);
	char word[256];

	if (n < 2 || wanted[0] != '*' || wanted[n - 1] != '*')
		return strcmp(wanted, "*") == 0 ? came[0] != '\0' : strcmp(wanted, came) == 0;
	snprintf(word, sizeof(word), "%.*s", (int)(n - 2), wanted + 1);
	return strstr(came, word) != NULL;
}

static bool match_object(const json_t *wanted, const json_t *came, char *where, size_t n)
{
	const char *key;
	json_t *value;
	char below[128] = "";

	json_object_foreach((json_t *)wanted, key, value) {
		if (match_json(value, json_object_get(came, key), below, sizeof(below)))
			continue;
		snprintf(where, n, "%.60s%s%.60s", key, below[0] != '\0' ? "." : "", below);
		return false;
	}
	return true;
}

static bool match_array(const json_t *wanted, const json_t *came, char *where, size_t n)
{
	char below[128];

	for (size_t i = 0; i < json_array_size(wanted); i++) {
		size_t j = 0;

		while (j < json_array_size(came) && !match_json(json_array_get(wanted, i),
		    json_array_get(came, j), below, sizeof(below)))
			j++;
		if (j == json_array_size(came)) {
			snprintf(where, n, "element %zu", i);
			return false;
		}
	}
	return true;
}

bool match_json(const json_t *wanted, const json_t *came, char *where, size_t n)
{
	where[0] = '\0';
	if (came == NULL)
		return false;
	if (json_is_string(wanted) && strcmp(json_string_value(wanted), "*") == 0 &&
	    !json_is_string(came))
		return !json_is_null(came);
	if (json_typeof(wanted) != json_typeof(came))
		return false;
	if (json_is_object(wanted))
		return match_object(wanted, came, where, n);
	if (json_is_array(wanted))
		return match_array(wanted, came, where, n);
	if (json_is_string(wanted))
		return match_string(json_string_value(wanted), json_string_value(came));
	return json_equal(wanted, came);
}

json_t *match_path(json_t *root, const char *path)
{
	char part[128];

	while (root != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		snprintf(part, sizeof(part), "%.*s", (int)n, path);
		if (json_is_array(root))
			root = json_array_get(root, (size_t)strtoul(part, NULL, 10));
		else
			root = json_object_get(root, part);
		path += n + (path[n] == '.');
	}
	return root;
}

bool match_holds(const json_t *root, const char *text)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(root))
		return strstr(json_string_value(root), text) != NULL;
	if (json_is_object(root)) {
		json_object_foreach((json_t *)root, key, value)
			if (strstr(key, text) != NULL || match_holds(value, text))
				return true;
	}
	json_array_foreach((json_t *)root, i, value)
		if (match_holds(value, text))
			return true;
	return false;
}
