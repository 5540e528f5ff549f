/*
 * schema.c - the real schema in the throw-away cluster.
 * Not for: `lodged migrate` itself. Trap: see schema.h.
 */
#include "tests/unit/schema.h"

#include <stdlib.h>

#include "server/embedded.h"
#include "server/admin/migrate.h"
#include "tests/unit/cluster.h"

void schema_load(void)
{
	struct buf text;

	cluster_sql("SET client_min_messages = warning; DO $$ DECLARE who text; BEGIN FOREACH who IN "
		"ARRAY ARRAY['name','contact','reveal','report','writer','feed'] LOOP "
		"EXECUTE 'CREATE ROLE lodge_' || who || ' LOGIN'; END LOOP; END $$");
	for (size_t i = 0; i < nmigrations; i++)
		cluster_sql(migrations[i].text);
	buf_init(&text, 8 << 20);
	buf_puts(&text, "SET client_min_messages = warning;");
	migrate_text(&text);
	if (text.failed)
		abort();
	cluster_sql(text.data);
	buf_done(&text);
}
