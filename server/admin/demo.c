/*
 * demo.c - the command `demo`: loads the demo estate into an empty database.
 *
 * One transaction; the log is whole afterwards, its lines written now about what happened then.
 * Not for: a database that holds anything (refused). Trap: times are written without a zone, so
 * the session's zone must be the estate's.
 */
#include "server/admin/demo.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "server/admin/admin.h"
#include "server/commands.h"
#include "server/crypt.h"
#include "server/admin/policy.h"
#include "server/settings.h"

#define SEED UINT64_C(0x4c6f646765)

struct options {
	int scale;
	int today;              /* 0: the estate's today */
};

static enum err one_cell(struct admin *admin, const char *sql, char *text, size_t cap)
{
	struct admin_rows *rows = NULL;
	enum err err = admin_query(admin, sql, 0, NULL, &rows);
	if (err != OK)
		return err;
	const char *cell = admin_rows_get(rows, 0, 0);
	snprintf(text, cap, "%s", cell != NULL ? cell : "");
	admin_rows_free(rows);
	return OK;
}

static enum err refuse_full(struct admin *admin)
{
	char full[8];
	enum err err = one_cell(admin, "SELECT EXISTS (SELECT FROM lodge.unit) OR EXISTS (SELECT FROM lodge.staff) "
		"OR EXISTS (SELECT FROM lodge.household)", full, sizeof(full));
	if (err == OK && strcmp(full, "f") != 0) {
		log_error("this database holds an estate already; the demo estate needs an empty one");
		err = ERR_REFUSED;
	}
	return err;
}

static int parse_date(const char *text)
{
	int year, month, day, end = 0;
	char back[16];
	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end] != '\0' || year < 2000 ||
		month < 1 || month > 12)
		return 0;
	date_text(date_day(year, month, day), back);
	return strcmp(back, text) == 0 ? date_day(year, month, day) : 0;
}

/* Marks the estate as a demo, brings the policy into step with that, asks for the moments. */
static enum err demo_prepare(struct demo *demo, const struct policy *policy, const struct options *options)
{
	char today[16];
	struct buf changes;
	buf_init(&changes, 1 << 20);
	enum err err = admin_run(demo->admin, "SELECT pg_advisory_xact_lock(7120301); "
		"INSERT INTO lodge.policy (key, value, source) VALUES ('estate.demo', 'true', 'lodged demo')");
	if (err == OK)
		err = policy_sync(demo->admin, policy, &changes);
	if (err == OK)
		err = one_cell(demo->admin, "SELECT set_config('TimeZone', lodge.policy_value('estate.timezone', 'UTC'), true)",
			today, sizeof(today));
	if (err == OK)
		err = one_cell(demo->admin, "SELECT lodge.estate_time(lodge.lodge_now())::date", today, sizeof(today));
	if (err == OK)
		err = one_cell(demo->admin, "SELECT clock_timestamp() + lodge.clock_shift()", demo->now, sizeof(demo->now));
	if (err == OK) {
		char seq[32];
		err = one_cell(demo->admin, "SELECT coalesce(max(seq), 0) FROM lodge.event", seq, sizeof(seq));
		demo->last_event = strtoll(seq, NULL, 10);
	}
	demo->today = options->today != 0 ? options->today : parse_date(today);
	demo->policy = policy;
	buf_done(&changes);
	return err;
}

static void heads_write(struct demo *demo)
{
	char sql[160];
	for (int i = 1; i <= DEMO_DEPARTMENTS && demo->err == OK; i++) {
		snprintf(sql, sizeof(sql), "UPDATE lodge.department SET head = %d WHERE id = %d", demo->heads[i], i);
		demo_fail(demo, admin_run(demo->admin, sql));
	}
}

static enum err demo_fill(struct demo *demo)
{
	demo_make_estate(demo);
	demo_make_staff(demo);
	demo_make_homes(demo);
	demo_make_files(demo);
	demo_make_gate(demo);
	demo_make_visitors(demo);
	demo_make_duty(demo);
	demo_make_patrol(demo);
	demo_make_keys(demo);
	demo_flush(demo, true);
	heads_write(demo);
	demo_open_page(demo);
	if (demo->err == OK)
		demo_fail(demo, admin_run(demo->admin, "SELECT lodge.admin_event('load', 'demo', NULL, '{}')"));
	return demo->err;
}

static void demo_tell(const struct demo *demo)
{
	static const struct { enum sheet_name sheet; const char *what; } counts[] = {
		{ SHEET_UNIT, "units" }, { SHEET_HOUSEHOLD, "households" }, { SHEET_PERSON, "persons" }, { SHEET_STAFF, "employees" },
		{ SHEET_FILE, "files" }, { SHEET_DOCUMENT, "documents" }, { SHEET_LOAN, "loans" },
		{ SHEET_LISTED, "suppliers' employees" }, { SHEET_VISITOR, "visitors" },
	};
	for (size_t i = 0; i < NITEMS(counts); i++)
		printf("demo: %" PRId64 " %s\n", demo->sheets[counts[i].sheet].last_id, counts[i].what);
	printf("demo: %" PRId64 " lines of the log\n", demo->last_event + 1);
}

static enum err key_load(void)
{
	struct buf path, errors;
	buf_init(&path, 4096);
	buf_init(&errors, 1 << 16);
	enum err err = settings_load(command_conf(), &errors);
	fputs(errors.data, stderr);
	if (err == OK)
		err = settings_key_file(&path);
	if (err == OK)
		err = crypt_load(path.data);
	buf_done(&path);
	buf_done(&errors);
	return err;
}

static enum err demo_load(struct demo *demo, struct arena *arena, const struct options *options)
{
	char file[4096];
	struct policy *policy = NULL;
	struct buf errors;
	buf_init(&errors, 1 << 16);
	snprintf(file, sizeof(file), "%s/policy.conf", command_conf());
	enum err err = policy_read(file, arena, &policy, &errors);
	fputs(errors.data, stderr);
	buf_done(&errors);
	if (err == OK)
		err = key_load();
	if (err == OK)
		err = admin_open(&demo->admin, true);
	if (err == OK)
		err = admin_run(demo->admin, "BEGIN");
	if (err == OK)
		err = refuse_full(demo->admin);
	if (err == OK)
		err = demo_prepare(demo, policy, options);
	if (err == OK)
		err = demo_fill(demo);
	if (err == OK)
		err = admin_run(demo->admin, "COMMIT");
	return err == OK ? admin_run(demo->admin, "ANALYZE") : err;
}

static bool options_read(int argc, char **argv, struct options *options)
{
	*options = (struct options){ .scale = 1 };
	for (int i = 1; i + 1 < argc; i += 2) {
		char *end = NULL;
		if (strcmp(argv[i], "--today") == 0 && (options->today = parse_date(argv[i + 1])) != 0)
			continue;
		if (strcmp(argv[i], "--scale") != 0)
			return false;
		long scale = strtol(argv[i + 1], &end, 10);
		if (*end != '\0' || end == argv[i + 1] || scale < 1 || scale > 10)
			return false;
		options->scale = (int)scale;
	}
	return argc % 2 == 1;
}

int cmd_demo(int argc, char **argv)
{
	struct options options;
	struct demo demo = { .chance = SEED };
	if (!options_read(argc, argv, &options)) {
		fputs("usage: lodged demo [--scale 1..10] [--today YYYY-MM-DD]\n", stderr);
		return 2;
	}
	struct arena *arena = arena_new(4 << 20);
	demo.scale = options.scale;
	demo.scratch = arena_new(4 << 20);
	enum err err = arena == NULL || demo.scratch == NULL ? ERR_NOMEM : demo_load(&demo, arena, &options);
	if (err == OK)
		demo_tell(&demo);
	for (int i = 0; i < SHEET_END; i++)
		if (demo.sheets[i].rows.max > 0)
			buf_done(&demo.sheets[i].rows);
	free(demo.units);
	admin_close(demo.admin);
	arena_free(demo.scratch);
	arena_free(arena);
	crypt_unload();
	return err == OK ? 0 : 1;
}
