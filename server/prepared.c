/*
 * prepared.c - which statements one connection has prepared, found by their text.
 *
 * A row of entries is searched from the front: with at most 256 of them and a hash to compare
 * first, that costs less than one byte on the wire. Not for: talking to the server.
 * Trap: see prepared.h; the least recently used entry makes room.
 */
#include "server/prepared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t text_hash(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return hash;
}

static struct prepared *make_room(struct prepared_cache *cache, char gone[PREPARED_NAME])
{
	struct prepared *oldest = &cache->rows[0];

	if (cache->count < PREPARED_MAX)
		return &cache->rows[cache->count++];
	for (size_t i = 1; i < cache->count; i++)
		if (cache->rows[i].used < oldest->used)
			oldest = &cache->rows[i];
	if (oldest->ready)
		memcpy(gone, oldest->name, PREPARED_NAME);
	free(oldest->sql);
	return oldest;
}

struct prepared *prepared_take(
	struct prepared_cache *cache, const char *sql, uint64_t batch, char gone[PREPARED_NAME])
{
	uint64_t hash = text_hash(sql);
	struct prepared *row;
	char *copy;

	gone[0] = '\0';
	for (size_t i = 0; i < cache->count; i++) {
		row = &cache->rows[i];
		if (row->hash == hash && strcmp(row->sql, sql) == 0) {
			row->used = batch;
			return row;
		}
	}
	copy = strdup(sql);
	if (!copy)
		return NULL;
	row = make_room(cache, gone);
	*row = (struct prepared){.sql = copy, .hash = hash, .used = batch};
	snprintf(row->name, sizeof(row->name), "s%u", ++cache->names);
	return row;
}

void prepared_clear(struct prepared_cache *cache)
{
	for (size_t i = 0; i < cache->count; i++)
		free(cache->rows[i].sql);
	memset(cache, 0, sizeof(*cache));
}
