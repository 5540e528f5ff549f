/*
 * array.c - PostgreSQL's text form of one-dimensional arrays.
 * Not for: nested arrays. Trap: see array.h.
 */
#include "server/array.h"

#include <string.h>

const char *array_of_texts(struct arena *arena, const char *const *items, size_t n)
{
	size_t size = 3;
	char *text, *at;

	for (size_t i = 0; i < n; i++)
		size += 2 * strlen(items[i]) + 3;
	at = text = arena_alloc(arena, size);
	if (!text)
		return NULL;
	*at++ = '{';
	for (size_t i = 0; i < n; i++) {
		if (i)
			*at++ = ',';
		*at++ = '"';
		for (const char *c = items[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				*at++ = '\\';
			*at++ = *c;
		}
		*at++ = '"';
	}
	*at = '}';
	return text;
}

bool array_next(const char **cursor, char *word, size_t cap)
{
	const char *from = *cursor + strspn(*cursor, "{}, \"");
	size_t n = strcspn(from, "{}, \"");

	*cursor = from + n;
	if (n == 0)
		return false;
	if (n >= cap)
		n = cap - 1;
	memcpy(word, from, n);
	word[n] = '\0';
	return true;
}

uint64_t array_roles(const char *array)
{
	uint64_t roles = 0;
	char word[16];

	while (array && array_next(&array, word, sizeof(word)))
		if (role_of_word(word) != ROLE_UNSET)
			roles |= BIT(role_of_word(word));
	return roles;
}
