/*
 * search_renew.c - the step of `lodged migrate` that no SQL can do: search keys come from ICU.
 *
 * Not for: telephones, whose keys are digits (migrations). Trap: a house of 130,000 names takes
 * half a minute; it happens once for each form of the keys.
 */
#include "server/admin/search_renew.h"

#include <stdio.h>

#include "common/arena.h"
#include "server/array.h"
#include "server/search_key.h"

enum { NAME_ARENA = 256 * 1024 };

static enum err renew_one(struct admin *db, struct arena *arena, const struct admin_rows *names, size_t i)
{
	const char *title = admin_rows_get(names, i, 3), **keys = NULL;
	const char *params[5] = { admin_rows_get(names, i, 0), admin_rows_get(names, i, 1), admin_rows_get(names, i, 2), title, NULL };
	size_t n = 0;
	enum err err = search_keys(arena, title, &keys, &n);

	if (err != OK)
		return err;
	params[4] = array_of_texts(arena, keys, n);
	return params[4] ? admin_query(db, "SELECT lodge.search_write($1::integer, $2, $3::bigint, $4, $5::text[])", 5, params, NULL) : ERR_NOMEM;
}

static enum err renew_all(struct admin *db, size_t *count)
{
	struct arena *arena = arena_new(NAME_ARENA);
	struct admin_rows *names = NULL;
	enum err err = arena ? admin_query(db, "SELECT DISTINCT area, book, record, title FROM lodge.search_name ORDER BY book, record",
		0, NULL, &names) : ERR_NOMEM;

	*count = err == OK ? admin_rows_count(names) : 0;
	for (size_t i = 0; i < *count && err == OK; i++) {
		err = renew_one(db, arena, names, i);
		arena_reset(arena);
	}
	admin_rows_free(names);
	arena_free(arena);
	return err;
}

enum err search_renew(struct admin *db, bool *any)
{
	char form[16];
	const char *params[1] = { form };
	struct admin_rows *rows = NULL;
	size_t count = 0;
	enum err err;

	snprintf(form, sizeof form, "%d", SEARCH_KEYS);
	err = admin_query(db, "SELECT 1 FROM lodge.search_form WHERE form = $1::integer", 1, params, &rows);
	if (err != OK)
		return err;
	if (admin_rows_count(rows) == 0) {
		*any = true;
		/* The functions of the house are made for this path, and have none of their own. */
		err = admin_run(db, "SET LOCAL search_path = lodge, pg_temp");
		if (err == OK)
			err = renew_all(db, &count);
		if (err == OK)
			err = admin_run(db, "SET LOCAL search_path TO DEFAULT");
		if (err == OK)
			err = admin_query(db, "INSERT INTO lodge.search_form (form) VALUES ($1::integer) ON CONFLICT (one) DO UPDATE SET form = excluded.form",
				1, params, NULL);
		if (err == OK && count)
			printf("renewed the search keys of %zu names\n", count);
	}
	admin_rows_free(rows);
	return err;
}
