/*
 * check.c - the command `check`: configuration, policy, books, tables, functions and grants agree.
 *
 * 0 = they do, 1 = findings as FILE:LINE: text on standard output, 2 = usage. Not for: the state of
 * the running server. Trap: files are judged even when the database cannot be reached.
 */
#include "server/admin/check.h"

#include <stdio.h>

#include "common/book_check.h"
#include "common/report.h"
#include "server/commands.h"
#include "server/admin/policy.h"
#include "server/settings.h"

/* Faults of descriptors name a book or report, not a place in a file: they get their table's. */
static void faults_put(struct buf *findings, const char *file, const struct buf *faults)
{
	for (const char *line = faults->data; *line != '\0'; ) {
		size_t len = 0;
		while (line[len] != '\0' && line[len] != '\n')
			len++;
		buf_printf(findings, "%s:1: ", file);
		buf_put(findings, line, len);
		buf_puts(findings, "\n");
		line += len + (line[len] == '\n');
	}
}

static void tables_judge(struct buf *findings)
{
	struct buf faults;
	buf_init(&faults, 1 << 20);
	books_check(&faults);
	faults_put(findings, "common/books/table.c", &faults);
	buf_reset(&faults);
	if (reports_check(&faults) != OK)
		faults_put(findings, "common/report.c", &faults);
	buf_done(&faults);
}

static enum err all_judge(struct arena *arena, struct buf *findings)
{
	char file[4096];
	struct policy *policy = NULL;
	enum err err = settings_load(command_conf(), findings);
	if (err != OK && err != ERR_INVALID)
		return err;
	snprintf(file, sizeof(file), "%s/policy.conf", command_conf());
	err = policy_read(file, arena, &policy, findings);
	if (err != OK && err != ERR_INVALID)
		return err;
	tables_judge(findings);
	return check_database(policy, findings);
}

int cmd_check(int argc, char **argv)
{
	struct buf findings;
	struct arena *arena = arena_new(16 << 20);
	if (argc != 1) {
		fprintf(stderr, "usage: lodged %s\n", argv[0]);
		arena_free(arena);
		return 2;
	}
	buf_init(&findings, 4 << 20);
	enum err err = arena == NULL ? ERR_NOMEM : all_judge(arena, &findings);
	if (err != OK)
		buf_puts(&findings, "database:1: could not be checked; the reason stands on standard error\n");
	fputs(findings.data, stdout);
	bool fine = findings.len == 0 && !findings.failed;
	buf_done(&findings);
	arena_free(arena);
	return fine ? 0 : 1;
}
