/*
 * policy_apply.c - the command `policy apply`: the policy tables become what the file says.
 *
 * One transaction: upsert what differs, remove what the file does not name, one event with the
 * names of what changed. Clearances are only proposed: the estate manager puts them in force, but
 * for the first ones of an empty table (CNF-16). Not for: judging the file (policy.c).
 * Trap: a demo estate is marked by a row of its own, which must survive every apply.
 */
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "server/admin/admin.h"
#include "server/commands.h"
#include "server/admin/policy.h"

#define DEMO_MARK "estate.demo"

struct sync {
	struct admin *admin;
	struct arena *arena;
	struct buf *changes;
	struct buf fields; /* array literal of what changed, for the event */
	bool proposes;     /* there is a tier table: changes of it wait for approval */
};

static void change_note(struct sync *sync, enum policy_table table, const char *label, const char *what)
{
	buf_printf(sync->changes, "%s %s: %s\n", policy_shapes[table].name, label, what);
	buf_printf(&sync->fields, "%s\"%s %s\"", sync->fields.len > 0 ? "," : "", policy_shapes[table].name, label);
}

static void columns_put(struct buf *sql, const struct policy_shape *shape, size_t from, size_t to, const char *before)
{
	for (size_t i = from; i < to; i++)
		buf_printf(sql, "%s%s%s", i > from ? ", " : "", before, shape->columns[i]);
}

/* INSERT … ON CONFLICT: one row comes back when something was written. */
static void upsert_put(struct buf *sql, const struct policy_shape *shape)
{
	buf_printf(sql, "INSERT INTO lodge.%s AS t (", shape->name);
	columns_put(sql, shape, 0, shape->ncolumns, "");
	buf_puts(sql, ") VALUES (");
	for (size_t i = 0; i < shape->ncolumns; i++)
		buf_printf(sql, "%s$%zu", i > 0 ? ", " : "", i + 1);
	buf_puts(sql, ") ON CONFLICT (");
	columns_put(sql, shape, 0, shape->nkeys, "");
	if (shape->nkeys == shape->ncolumns) {
		buf_puts(sql, ") DO NOTHING RETURNING 1");
		return;
	}
	buf_puts(sql, ") DO UPDATE SET (");
	columns_put(sql, shape, shape->nkeys, shape->ncolumns, "");
	buf_puts(sql, ") = ROW(");
	columns_put(sql, shape, shape->nkeys, shape->ncolumns, "EXCLUDED.");
	buf_puts(sql, ") WHERE (");
	columns_put(sql, shape, shape->nkeys, shape->ncolumns, "t.");
	buf_puts(sql, ") IS DISTINCT FROM (");
	columns_put(sql, shape, shape->nkeys, shape->ncolumns, "EXCLUDED.");
	buf_puts(sql, ") RETURNING 1");
}

static enum err row_write(struct sync *sync, enum policy_table table, const struct policy_row *row)
{
	struct buf sql;
	struct admin_rows *rows = NULL;
	const char *label = policy_row_label(sync->arena, table, row);
	if (label == NULL)
		return ERR_NOMEM;
	buf_init(&sql, 4096);
	upsert_put(&sql, &policy_shapes[table]);
	enum err err = sql.failed ? ERR_NOMEM
		: admin_query(sync->admin, sql.data, policy_shapes[table].ncolumns, row->cells, &rows);
	if (err == OK && admin_rows_count(rows) > 0)
		change_note(sync, table, label, "set");
	if (err == OK)
		admin_rows_free(rows);
	buf_done(&sql);
	return err;
}

/* A clearance that differs from what is in force; what waits already is told and no event. */
static enum err clearance_propose(struct sync *sync, const struct policy_row *row)
{
	static const char sql[] = "SELECT lodge.clearance_propose($1, $2, $3, $4, $5)";
	const char *label = policy_row_label(sync->arena, POLICY_CLEARANCE, row), *word;
	struct admin_rows *rows = NULL;
	enum err err = label == NULL ? ERR_NOMEM
		: admin_query(sync->admin, sql, policy_shapes[POLICY_CLEARANCE].ncolumns, row->cells, &rows);
	if (err != OK)
		return err;
	word = admin_rows_get(rows, 0, 0);
	if (word != NULL && strcmp(word, "waits") == 0)
		buf_printf(sync->changes, "clearance %s: waits for the estate manager's approval (CNF-16)\n", label);
	else if (word != NULL)
		change_note(sync, POLICY_CLEARANCE, label, strcmp(word, "proposed") == 0 ?
			"proposed, waits for the estate manager's approval (CNF-16)" : "as it is in force; the proposal is withdrawn");
	admin_rows_free(rows);
	return OK;
}

/* Removes the rows whose key is not in the array literal of labels. */
static enum err rows_remove(struct sync *sync, enum policy_table table, const char *labels)
{
	const struct policy_shape *shape = &policy_shapes[table];
	struct buf sql;
	struct admin_rows *rows = NULL;
	buf_init(&sql, 1024);
	buf_printf(&sql, "DELETE FROM lodge.%s WHERE concat_ws(' ', ", shape->name);
	columns_put(&sql, shape, 0, shape->nkeys, "");
	buf_puts(&sql, ") <> ALL ($1::text[]) RETURNING concat_ws(' ', ");
	columns_put(&sql, shape, 0, shape->nkeys, "");
	buf_puts(&sql, ")");
	enum err err = sql.failed ? ERR_NOMEM : admin_query(sync->admin, sql.data, 1, &labels, &rows);
	for (size_t i = 0; err == OK && i < admin_rows_count(rows); i++)
		change_note(sync, table, admin_rows_get(rows, i, 0), "removed");
	if (err == OK)
		admin_rows_free(rows);
	buf_done(&sql);
	return err;
}

/* The row in force: in a demo estate another may stand in for it. */
static const struct policy_row *row_in_force(const struct policy *policy, bool demo, const struct policy_row *row)
{
	if (demo)
		for (const struct policy_row *other = policy->demo; other != NULL; other = other->next)
			if (strcmp(other->cells[0], row->cells[0]) == 0)
				return other;
	return row;
}

static enum err table_sync(struct sync *sync, const struct policy *policy, enum policy_table table, bool demo)
{
	struct buf labels;
	size_t before = sync->changes->len;
	enum err err = OK;
	buf_init(&labels, 65536);
	buf_puts(&labels, "{\"" DEMO_MARK "\"");
	for (const struct policy_row *row = policy->first[table]; err == OK && row != NULL; row = row->next) {
		bool setting = table == POLICY_SETTING;
		if (table == POLICY_CLEARANCE && sync->proposes)
			err = clearance_propose(sync, row);
		else
			err = row_write(sync, table, setting ? row_in_force(policy, demo, row) : row);
		const char *label = policy_row_label(sync->arena, table, row);
		if (label != NULL)
			buf_printf(&labels, ",\"%s\"", label);
		else
			err = ERR_NOMEM;
	}
	buf_puts(&labels, "}");
	if (err == OK)
		err = labels.failed ? ERR_NOMEM : rows_remove(sync, table, labels.data);
	if (err == OK && sync->changes->len > before && policy_shapes[table].follow_up != NULL)
		err = admin_query(sync->admin, policy_shapes[table].follow_up, 0, NULL, NULL);
	buf_done(&labels);
	return err;
}

/* True when the statement gives a row. */
static enum err ask(struct admin *admin, const char *sql, bool *is)
{
	struct admin_rows *rows = NULL;
	enum err err = admin_query(admin, sql, 0, NULL, &rows);
	if (err != OK)
		return err;
	*is = admin_rows_count(rows) > 0;
	admin_rows_free(rows);
	return OK;
}

static enum err timezone_check(struct admin *admin, const struct policy *policy)
{
	struct admin_rows *rows = NULL;
	const struct policy_row *row = policy->first[POLICY_SETTING];
	while (strcmp(row->cells[0], "estate.timezone") != 0)
		row = row->next;
	enum err err = admin_query(admin, "SELECT 1 FROM pg_timezone_names WHERE name = $1", 1, &row->cells[1], &rows);
	if (err != OK)
		return err;
	if (admin_rows_count(rows) == 0) {
		log_error("policy: estate.timezone names no time zone: %s", row->cells[1]);
		err = ERR_INVALID;
	}
	admin_rows_free(rows);
	return err;
}

enum err policy_sync(struct admin *admin, const struct policy *policy, struct buf *changes)
{
	struct sync sync = { .admin = admin, .arena = policy->arena, .changes = changes };
	bool demo = false;
	buf_init(&sync.fields, 65536);
	enum err err = timezone_check(admin, policy);
	if (err == OK)
		err = ask(admin, "SELECT 1 FROM lodge.policy WHERE key = '" DEMO_MARK "' AND value = 'true'", &demo);
	if (err == OK)
		err = ask(admin, "SELECT 1 FROM lodge.clearance LIMIT 1", &sync.proposes);
	for (int table = 0; err == OK && table < POLICY_TABLES; table++)
		err = table_sync(&sync, policy, (enum policy_table)table, demo);
	if (err == OK && sync.fields.len > 0) {
		const char *fields = arena_printf(policy->arena, "{%s}", sync.fields.data);
		err = fields == NULL || sync.fields.failed ? ERR_NOMEM
			: admin_query(admin, "SELECT lodge.admin_event('apply', 'policy', NULL, $1::text[])", 1, &fields, NULL);
	}
	buf_done(&sync.fields);
	return err;
}

/* Reads, applies and commits; the lines of what changed go to standard output. */
static enum err policy_apply(struct arena *arena, const char *file, struct buf *errors, struct buf *changes)
{
	struct policy *policy;
	struct admin *admin = NULL;
	enum err err = policy_read(file, arena, &policy, errors);
	if (err == OK)
		err = admin_open(&admin, true);
	if (err == OK)
		err = admin_run(admin, "BEGIN");
	if (err == OK)
		err = policy_sync(admin, policy, changes);
	if (err == OK)
		err = changes->failed ? ERR_NOMEM : admin_run(admin, "COMMIT");
	admin_close(admin);
	return err;
}

int cmd_policy(int argc, char **argv)
{
	char file[4096];
	struct buf errors, changes;
	struct arena *arena = arena_new(4 << 20);
	if (argc != 2 || strcmp(argv[1], "apply") != 0) {
		fputs("usage: lodged policy apply\n", stderr);
		arena_free(arena);
		return 2;
	}
	snprintf(file, sizeof(file), "%s/policy.conf", command_conf());
	buf_init(&errors, 1 << 20);
	buf_init(&changes, 1 << 20);
	enum err err = arena == NULL ? ERR_NOMEM : policy_apply(arena, file, &errors, &changes);
	fputs(errors.data, stderr);
	if (err == OK)
		fputs(changes.len > 0 ? changes.data : "policy: nothing to change\n", stdout);
	buf_done(&errors);
	buf_done(&changes);
	arena_free(arena);
	return err == OK ? 0 : 1;
}
