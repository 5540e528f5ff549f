/*
 * migrate.c - `lodged migrate`: apply the migrations not yet applied, then compile the books anew.
 *
 * Migrations are forward only and checksummed; schema op is dropped and made again whole, so that
 * nothing of an older version can linger. Not for: data. Trap: everything happens in one transaction;
 * a broken rule leaves the old house standing.
 */
#include "server/admin/migrate.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "server/admin/admin.h"
#include "server/commands.h"
#include "server/admin/compile.h"
#include "server/admin/compile_report.h"
#include "server/embedded.h"
#include "server/admin/search_renew.h"

enum { TEXT_MAX = 8 * 1024 * 1024 };

void migrate_hash(const char *text, char out[17])
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		hash = (hash ^ *p) * UINT64_C(1099511628211);
	snprintf(out, 17, "%016llx", (unsigned long long)hash);
}

/* What the read, reveal and feed roles may reach beside the books' columns. */
static const char fixed_grants[] =
	"REVOKE ALL ON ALL TABLES IN SCHEMA lodge FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;\n"
	"GRANT USAGE ON SCHEMA lodge TO lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;\n"
	"GRANT USAGE ON SCHEMA op TO lodge_reveal, lodge_report, lodge_writer;\n"
	"GRANT EXECUTE ON FUNCTION lodge.lodge_now, lodge.shift_of, lodge.copy_recall, lodge.file_missing, lodge.inspection_due, lodge.found_rank, lodge.find_codes, lodge.estate_day, "
	"lodge.host_phone, lodge.days_here, lodge.supplier_person_valid, lodge.unit_rented, lodge.pass_remind_day, "
	"lodge.unit_away, lodge.birth_near, lodge.outcome_numbers, lodge.entry_prompt, "
	"lodge.shift_runs, lodge.desk_still, "
	"lodge.check_due, lodge.missed_checks, lodge.check_overdue, lodge.last_check, lodge.check_too_fast, lodge.check_is_weak, lodge.round_points, "
	"lodge.incident_kept, lodge.incident_in_time, lodge.emergency_numbers, lodge.emergency_units TO lodge_name, lodge_contact, lodge_report;\n"
	"GRANT EXECUTE ON FUNCTION lodge.feed TO lodge_feed;\n"
	"GRANT SELECT ON lodge.policy, lodge.clearance, lodge.loan_policy, lodge.checklist, lodge.rest_day, lodge.search_name TO lodge_name, lodge_contact;\n"
	"GRANT SELECT ON lodge.search_contact TO lodge_contact;\n"
	"GRANT EXECUTE ON FUNCTION lodge.find_phones, lodge.phone_fits, lodge.roll_help TO lodge_contact;\n"
	"GRANT SELECT ON lodge.compiled TO lodge_feed;\n"
	"GRANT EXECUTE ON FUNCTION lodge.find_typo, op.report_kept TO lodge_report;\n"
	"GRANT EXECUTE ON FUNCTION op.session_salt, op.session_open, op.session_resume, op.session_unlock, op.session_role, op.session_close, "
	"op.session_lock, op.session_idle, op.session_touch, op.lookup, op.session_password, op.draft_keep, op.draft_list, op.draft_drop, op.draft_used, op.journal_end, op.journal_spoiled TO lodge_writer;\n";

void migrate_text(struct buf *out)
{
	buf_puts(out, "SET LOCAL search_path = lodge, pg_temp;\nDROP SCHEMA IF EXISTS op CASCADE;\nCREATE SCHEMA op;\n");
	compile_searched(out);
	for (size_t i = 0; i < nrules; i++)
		buf_puts(out, rules[i].text);
	for (size_t i = 0; i < nreport_texts; i++)
		buf_puts(out, report_texts[i].text);
	for (size_t i = 0; i < nbooks; i++)
		compile_book(out, books[i]);
	for (size_t i = 0; i < nreports; i++)
		compile_report(out, &reports[i]);
	buf_puts(out, "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA op, lodge FROM PUBLIC, lodge_name, lodge_contact, lodge_reveal, lodge_report, lodge_writer, lodge_feed;\n");
	buf_puts(out, fixed_grants);
	for (size_t i = 0; i < nbooks; i++)
		compile_grants(out, books[i]);
	for (size_t i = 0; i < nreports; i++)
		buf_printf(out, "GRANT EXECUTE ON FUNCTION op.report_%s TO lodge_report;\n", reports[i].name);
	buf_puts(out, "SET LOCAL search_path TO DEFAULT;\n");
}

static enum err apply_one(struct admin *db, const struct embedded *migration, bool *applied)
{
	char hash[17];
	const char *params[2] = { migration->name, hash };
	struct admin_rows *rows = NULL;
	enum err err;

	migrate_hash(migration->text, hash);
	*applied = false;
	err = admin_query(db, "SELECT hash FROM public.lodge_migration WHERE name = $1", 1, params, &rows);
	if (err != OK)
		return err;
	if (admin_rows_count(rows) == 1) {
		bool same = strcmp(admin_rows_get(rows, 0, 0), hash) == 0;

		admin_rows_free(rows);
		if (same)
			return OK;
		log_error("migration %s was applied with other content; migrations are never edited", migration->name);
		return ERR_REFUSED;
	}
	admin_rows_free(rows);
	err = admin_run(db, migration->text);
	if (err == OK)
		err = admin_query(db, "INSERT INTO public.lodge_migration (name, hash) VALUES ($1, $2)", 2, params, NULL);
	*applied = err == OK;
	return err;
}

static enum err apply_all(struct admin *db, bool *any)
{
	enum err err = admin_run(db, "CREATE TABLE IF NOT EXISTS public.lodge_migration (name text PRIMARY KEY, hash text NOT NULL, "
		"at timestamptz NOT NULL DEFAULT clock_timestamp()); SET LOCAL check_function_bodies = on");

	for (size_t i = 0; i < nmigrations && err == OK; i++) {
		bool applied;

		err = apply_one(db, &migrations[i], &applied);
		if (applied)
			printf("applied %s\n", migrations[i].name);
		*any = *any || applied;
	}
	return err;
}

/* Compiles when the text differs from what stands in the database. */
static enum err compile_all(struct admin *db, bool *any)
{
	struct admin_rows *rows = NULL;
	struct buf text;
	char hash[17];
	const char *params[2] = { books_hash(), hash };
	enum err err;

	buf_init(&text, TEXT_MAX);
	migrate_text(&text);
	err = text.failed ? ERR_TOO_BIG : OK;
	if (err == OK) {
		migrate_hash(text.data, hash);
		err = admin_query(db, "SELECT 1 FROM lodge.compiled WHERE books_hash = $1 AND functions_hash = $2", 2, params, &rows);
	}
	if (err == OK && admin_rows_count(rows) == 0) {
		*any = true;
		err = admin_run(db, text.data);
		if (err == OK)
			err = admin_query(db, "INSERT INTO lodge.compiled (books_hash, functions_hash, at) VALUES ($1, $2, clock_timestamp()) "
				"ON CONFLICT (one) DO UPDATE SET books_hash = excluded.books_hash, functions_hash = excluded.functions_hash, at = excluded.at",
				2, params, NULL);
		if (err == OK)
			printf("compiled %zu books\n", nbooks);
	}
	admin_rows_free(rows);
	buf_done(&text);
	return err;
}

int cmd_migrate(int argc, char **argv)
{
	struct admin *db = NULL;
	bool any = false;
	enum err err;

	if (argc == 2 && strcmp(argv[1], "--print") == 0) {
		struct buf text;

		buf_init(&text, TEXT_MAX);
		migrate_text(&text);
		fputs(text.data, stdout);
		buf_done(&text);
		return 0;
	}
	if (argc > 1) {
		fprintf(stderr, "usage: lodged migrate [--print]\n");
		return 2;
	}
	err = admin_open(&db, true);
	if (err == OK)
		err = admin_run(db, "BEGIN");
	if (err == OK)
		err = apply_all(db, &any);
	if (err == OK)
		err = compile_all(db, &any);
	if (err == OK)
		err = search_renew(db, &any);
	if (err == OK && any)
		err = admin_query(db, "SELECT lodge.admin_event('migrate', 'house', NULL, NULL)", 0, NULL, NULL);
	if (err == OK)
		err = admin_run(db, "COMMIT");
	admin_close(db);
	if (err == OK && !any)
		printf("nothing to migrate\n");
	return err == OK ? 0 : 1;
}
