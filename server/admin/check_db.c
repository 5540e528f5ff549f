/*
 * check_db.c - what the database holds against what this program would make of it.
 *
 * Functions and grants are compared by making them anew inside a transaction, taking stock before
 * and after, and rolling back; the policy likewise, by applying it. Not for: files (check.c).
 * Trap: names resolve late in PL/pgSQL, so guards and effects are looked up one by one.
 */
#include "server/admin/check.h"

#include <stdio.h>
#include <string.h>

#include "common/book.h"
#include "common/report.h"
#include "server/admin/admin.h"
#include "server/admin/compile.h"
#include "server/admin/migrate.h"
#include "server/admin/policy.h"

enum { TEXT_MAX = 8 << 20 };

struct check {
	struct admin *admin;
	struct buf *findings;
};

static void finding(struct check *check, const char *before, const char *what, const char *after)
{
	buf_printf(check->findings, "database:1: %s%s%s\n", before, what, after);
}

/* Every row of the answer is a finding. */
static enum err findings_of(struct check *check, const char *sql, size_t n, const char *const *params, const char *before,
	const char *after)
{
	struct admin_rows *rows = NULL;
	enum err err = admin_query(check->admin, sql, n, params, &rows);
	if (err != OK)
		return err;
	for (size_t i = 0; i < admin_rows_count(rows); i++)
		finding(check, before, admin_rows_get(rows, i, 0), after);
	admin_rows_free(rows);
	return OK;
}

/* Appends to an array literal; the words are identifiers, types and signatures. */
static void word_add(struct buf *array, const char *word)
{
	buf_printf(array, "%s\"%s\"", array->len > 0 ? "," : "{", word);
}

struct columns {
	struct buf table, column, type;
};

static void column_add(struct columns *columns, const char *book, const char *suffix, const char *column, const char *type)
{
	buf_printf(&columns->table, "%s\"%s%s\"", columns->table.len > 0 ? "," : "{", book, suffix);
	word_add(&columns->column, column);
	word_add(&columns->type, type);
}

static void field_add(struct columns *columns, const struct book *book, const struct field *field, const char *suffix)
{
	char name[128];
	column_add(columns, book->name, suffix, field->name, compile_type(field));
	if (field->flags & F_CRYPT) {
		snprintf(name, sizeof(name), "%s_op", field->name);
		column_add(columns, book->name, suffix, name, "uuid");
	}
	if (field->flags & F_HASHED) {
		snprintf(name, sizeof(name), "%s_key", field->name);
		column_add(columns, book->name, suffix, name, "bytea");
	}
}

static void book_columns(struct columns *columns, const struct book *book)
{
	column_add(columns, book->name, "", book->key != NULL ? book->key : "id", "bigint");
	if (!(book->flags & B_NO_VERSION))
		column_add(columns, book->name, "", "version", "integer");
	if (book->flags & B_AREA)
		column_add(columns, book->name, "", "area", "integer");
	if (book->nstates > 0 && !book->states_computed)
		column_add(columns, book->name, "", "state", "text");
	for (size_t i = 0; i < book->nfields; i++) {
		if (field_is_column(&book->fields[i]))
			field_add(columns, book, &book->fields[i], "");
		if (field_is_sealed_column(&book->fields[i]))
			field_add(columns, book, &book->fields[i], "_sealed");
	}
}

static enum err columns_check(struct check *check)
{
	static const char sql[] = "SELECT DISTINCT format('lodge.%s.%s', t, c) FROM unnest($1::text[], $2::text[], $3::text[]) w(t, c, y) "
		"WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('lodge.' || quote_ident(t)) AND a.attname = c "
		"AND NOT a.attisdropped AND (a.atttypid = to_regtype(y)::oid OR (y = 'integer' AND a.atttypid = 'bigint'::regtype))) ORDER BY 1";
	struct columns columns;
	buf_init(&columns.table, TEXT_MAX);
	buf_init(&columns.column, TEXT_MAX);
	buf_init(&columns.type, TEXT_MAX);
	for (size_t i = 0; i < nbooks; i++)
		book_columns(&columns, books[i]);
	buf_puts(&columns.table, "}");
	buf_puts(&columns.column, "}");
	buf_puts(&columns.type, "}");
	const char *params[] = { columns.table.data, columns.column.data, columns.type.data };
	enum err err = findings_of(check, sql, NITEMS(params), params, "", " is missing or has another type than its book says");
	buf_done(&columns.table);
	buf_done(&columns.column);
	buf_done(&columns.type);
	return err;
}

/* Books' tables from which rows could be removed. */
static enum err triggers_check(struct check *check)
{
	static const char sql[] = "SELECT 'lodge.' || t FROM unnest($1::text[]) t WHERE to_regclass('lodge.' || quote_ident(t)) IS NOT NULL "
		"AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = to_regclass('lodge.' || quote_ident(t)) "
		"AND g.tgname = 'never_removed' AND g.tgenabled = 'A') ORDER BY 1";
	struct buf tables;
	buf_init(&tables, TEXT_MAX);
	for (size_t i = 0; i < nbooks; i++) {
		word_add(&tables, books[i]->name);
		if (book_has_sealed(books[i]))
			buf_printf(&tables, ",\"%s_sealed\"", books[i]->name);
	}
	buf_puts(&tables, "}");
	const char *params[] = { tables.data };
	enum err err = findings_of(check, sql, NITEMS(params), params, "", " could lose rows: it has no trigger never_removed that always fires");
	buf_done(&tables);
	return err;
}

/* nrows: how many rows of the book it takes before the actor. */
static void function_add(struct buf *names, const struct book *book, const char *kind, const char *name, int nrows)
{
	if (name == NULL)
		return;
	buf_printf(names, "%s\"lodge.%s_%s(", names->len > 0 ? "," : "{", kind, name);
	for (int i = 0; i < nrows; i++)
		buf_printf(names, "lodge.%s,", book->name);
	buf_puts(names, "lodge.actor)\"");
}

/* Guards, derivations, effects and the like that no rules file defines. */
static enum err functions_check(struct check *check)
{
	struct buf names;
	buf_init(&names, TEXT_MAX);
	for (size_t b = 0; b < nbooks; b++)
		for (size_t i = 0; i < books[b]->nops; i++) {
			const struct op *op = &books[b]->ops[i];
			function_add(&names, books[b], "known", op->known, 1);
			function_add(&names, books[b], "derive", op->derive, 1);
			function_add(&names, books[b], "prepare", op->prepare, 1);
			function_add(&names, books[b], "succeed", op->succeed, 2);
			function_add(&names, books[b], "effect", op->effect, 1);
			for (const struct guard *guard = op->guards; guard != NULL && guard->name != NULL; guard++)
				function_add(&names, books[b], "guard", guard->name, 1);
		}
	for (size_t i = 0; i < nreports; i++)
		buf_printf(&names, "%s\"lodge.report_%s(lodge.actor)\"", names.len > 0 ? "," : "{", reports[i].name);
	buf_puts(&names, names.len > 0 ? "}" : "{}");
	const char *params[] = { names.data };
	enum err err = findings_of(check, "SELECT DISTINCT f FROM unnest($1::text[]) f WHERE to_regprocedure(f) IS NULL ORDER BY 1", 1,
		params, "function ", " is named by a book or report and does not exist");
	buf_done(&names);
	return err;
}

/* Stock of functions and privileges, one sorted line each. */
static const char stock_sql[] =
	"SELECT 'function ' || p.oid::regprocedure || ' ' || md5(pg_get_functiondef(p.oid)) AS line FROM pg_proc p "
	"JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('lodge', 'op') "
	"UNION ALL SELECT 'right ' || g.grantee::regrole || ' ' || g.privilege_type || ' ' || p.oid::regprocedure FROM pg_proc p "
	"JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(p.proacl) g WHERE n.nspname IN ('lodge', 'op') "
	"AND g.grantee <> p.proowner AND g.grantee <> 0 "
	"UNION ALL SELECT 'right of everybody ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
	"WHERE n.nspname IN ('lodge', 'op') AND has_function_privilege('public', p.oid, 'EXECUTE') "
	"UNION ALL SELECT 'right ' || g.grantee::regrole || ' ' || g.privilege_type || ' ' || c.oid::regclass FROM pg_class c "
	"JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g WHERE n.nspname = 'lodge' AND g.grantee NOT IN (c.relowner, 0) "
	"UNION ALL SELECT 'right of everybody ' || c.oid::regclass FROM pg_class c "
	"JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g WHERE n.nspname = 'lodge' AND g.grantee = 0 "
	"UNION ALL SELECT 'right ' || CASE g.grantee WHEN 0 THEN 'of everybody' ELSE g.grantee::regrole::text END || ' ' || g.privilege_type "
	"|| ' ' || c.oid::regclass || '.' || a.attname FROM pg_attribute a "
	"JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(a.attacl) g WHERE n.nspname = 'lodge' "
	"UNION ALL SELECT 'right to write in schema ' || n.nspname FROM pg_namespace n, aclexplode(n.nspacl) g WHERE n.nspname IN ('lodge', 'op') "
	"AND g.privilege_type = 'CREATE' AND g.grantee <> n.nspowner ORDER BY 1";

/* Without its hash, for people. */
static void stock_tell(struct check *check, const char *line, const char *after)
{
	char text[512];
	size_t len = strlen(line);
	if (strncmp(line, "function ", 9) == 0 && len > 33)
		len -= 33;
	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	finding(check, "", text, after);
}

/* Two sorted lists: what only one of them holds. */
static void stock_compare(struct check *check, const struct admin_rows *has, const struct admin_rows *wants)
{
	size_t i = 0, k = 0;
	while (i < admin_rows_count(has) || k < admin_rows_count(wants)) {
		const char *one = admin_rows_get(has, i, 0), *other = admin_rows_get(wants, k, 0);
		int order = one == NULL ? 1 : other == NULL ? -1 : strcmp(one, other);
		if (order < 0)
			stock_tell(check, one, " is not what the books and rules make");
		if (order > 0)
			stock_tell(check, other, " is missing or altered");
		i += order <= 0;
		k += order >= 0;
	}
}

static enum err stock_take(struct check *check, struct admin_rows **rows)
{
	return admin_query(check->admin, stock_sql, 0, NULL, rows);
}

static enum err stock_check(struct check *check)
{
	struct admin_rows *has = NULL, *wants = NULL;
	struct buf text;
	buf_init(&text, TEXT_MAX);
	migrate_text(&text);
	enum err err = text.failed ? ERR_NOMEM : stock_take(check, &has);
	if (err == OK)
		err = admin_run(check->admin, "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA lodge FROM PUBLIC, lodge_name, lodge_contact, "
			"lodge_reveal, lodge_report, lodge_writer, lodge_feed");
	if (err == OK)
		err = admin_run(check->admin, text.data);
	if (err == OK)
		err = stock_take(check, &wants);
	if (err == OK)
		stock_compare(check, has, wants);
	admin_rows_free(has);
	admin_rows_free(wants);
	buf_done(&text);
	return err;
}

/* Whether what was compiled last came from this program. */
static enum err compiled_check(struct check *check)
{
	char hash[17];
	struct buf text;
	const char *params[] = { books_hash(), hash };
	buf_init(&text, TEXT_MAX);
	migrate_text(&text);
	migrate_hash(text.data, hash);
	buf_done(&text);
	return findings_of(check, "SELECT 'lodge.compiled' WHERE NOT EXISTS (SELECT FROM lodge.compiled "
		"WHERE books_hash = $1 AND functions_hash = $2)", NITEMS(params), params, "", " names other books than this program's: run lodged migrate");
}

static enum err clock_check(struct check *check)
{
	return findings_of(check, "SELECT shift::text FROM lodge.test_clock", 0, NULL,
		"THE TEST CLOCK IS SET: this house lives ", " away from real time; only tests may do that");
}

static enum err roles_check(struct check *check)
{
	struct buf roles;
	buf_init(&roles, 4096);
	for (int role = ROLE_UNSET + 1; role < ROLE_END; role++)
		word_add(&roles, role_word((enum role)role));
	buf_puts(&roles, "}");
	const char *params[] = { roles.data };
	enum err err = findings_of(check, "SELECT DISTINCT role FROM lodge.staff_role WHERE role <> ALL ($1::text[])", 1, params,
		"an employee holds the role ", ", which does not exist");
	buf_done(&roles);
	return err;
}

/* Applies the policy; what changes by that was out of step. */
static enum err policy_check(struct check *check, const struct policy *policy)
{
	struct buf changes;
	buf_init(&changes, TEXT_MAX);
	enum err err = policy_sync(check->admin, policy, &changes);
	for (char *line = changes.data, *end; err == OK && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		finding(check, "policy.conf is not applied: ", line, "");
	}
	buf_done(&changes);
	return err;
}

enum err check_database(const struct policy *policy, struct buf *findings)
{
	struct check check = { .findings = findings };
	enum err err = admin_open(&check.admin, true);
	if (err == OK)
		err = admin_run(check.admin, "BEGIN");
	if (err == OK)
		err = columns_check(&check);
	if (err == OK)
		err = triggers_check(&check);
	if (err == OK)
		err = clock_check(&check);
	if (err == OK)
		err = roles_check(&check);
	if (err == OK)
		err = compiled_check(&check);
	if (err == OK)
		err = stock_check(&check);
	if (err == OK)
		err = functions_check(&check);
	if (err == OK && policy != NULL)
		err = policy_check(&check, policy);
	if (err == OK)
		err = admin_run(check.admin, "ROLLBACK");
	admin_close(check.admin);
	return err;
}
