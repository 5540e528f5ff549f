/*
 * roles.c - the command `roles ROLE`: everything a role can see and do, one line each.
 *
 * Book, field or operation, level or states, how: tab-separated, from the descriptors and the
 * clearances of conf/policy.conf; the database is asked for the hour only, because some roles hold more in the night
 * shift (OPS-03). Not for: deciding anything. Trap: what is not printed is denied now; areas, guards and limits may
 * refuse what is printed.
 */
#include "server/admin/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/report.h"
#include "server/commands.h"
#include "server/admin/admin.h"
#include "server/admin/policy.h"

struct clearance {
	enum level lists, opens; /* at this hour */
	enum role besides;       /* the role whose operations it may do besides, or ROLE_UNSET */
};

/* How this clearance gets to see a field; NULL = not at all. */
static const char *field_how(const struct field *field, const struct clearance *has)
{
	if (field->flags & F_ARG)
		return NULL;
	if (field->level <= has->lists)
		return "read";
	if (field->level < LEVEL_FULL || field->level > has->opens)
		return NULL;
	return field->level == LEVEL_SEALED ? "open with a purpose and the password" : "open with a purpose";
}

/* Where the rows are that a role sees. */
static const char *book_where(const struct book *book, enum role role)
{
	bool party = book->parties & BIT(role);
	if (!(book->readers & BIT(role)))
		return party ? "; as a party" : NULL;
	for (const struct narrowing *narrow = book->narrowed; narrow != NULL && narrow->roles != 0; narrow++)
		if (narrow->roles & BIT(role))
			return "; some rows";
	if (!(book->flags & B_AREA))
		return "";
	if (book->estate_wide & BIT(role))
		return "; all areas";
	return party ? "; own areas, or as a party" : "; own areas";
}

static void fields_put(struct buf *out, const struct book *book, enum role role, const struct clearance *has)
{
	const char *where = book_where(book, role);
	for (size_t i = 0; where != NULL && i < book->nfields; i++) {
		const struct field *field = &book->fields[i];
		const char *how = field_how(field, has);
		if (how != NULL)
			buf_printf(out, "%s\t%s\t%s\t%s%s\n", book->name, field->name, level_word(field->level), how, where);
		if (field->flags & F_WITHHELD && has->opens == LEVEL_SEALED)
			buf_printf(out, "%s\t%s\t%s\twhere withheld: open with a purpose and the password%s\n", book->name,
				field->name, level_word(LEVEL_SEALED), where);
	}
	if (where != NULL && book->historians & BIT(role))
		buf_printf(out, "%s\thistory\t-\tread%s\n", book->name, where);
}

static void states_put(struct buf *out, const struct book *book, const struct op *op)
{
	const char *before = op->flags & OP_CREATE ? "new" : "";
	buf_puts(out, *before != '\0' ? before : op->from == 0 ? "any" : "");
	for (size_t i = 0; i < book->nstates; i++)
		if (op->from & BIT(i)) {
			buf_printf(out, "%s%s", *before != '\0' ? "," : "", book->states[i].name);
			before = ",";
		}
	if (op->to < book->nstates && !book->states_computed)
		buf_printf(out, " -> %s", book->states[op->to].name);
}

static void ops_put(struct buf *out, const struct book *book, enum role role, enum role besides)
{
	for (size_t i = 0; i < book->nops; i++) {
		const struct op *op = &book->ops[i];
		const char *before = "do; judged by ";
		if (!(op->roles & (BIT(role) | (besides != ROLE_UNSET ? BIT(besides) : 0))))
			continue;
		buf_printf(out, "%s\t%s\t", book->name, op->name);
		states_put(out, book, op);
		buf_puts(out, op->guards == NULL || op->guards->name == NULL ? "\tdo" : "\t");
		for (const struct guard *guard = op->guards; guard != NULL && guard->name != NULL; guard++) {
			buf_printf(out, "%s%s %s", before, guard->rule, guard->name);
			before = ", ";
		}
		if (!(op->roles & BIT(role)))
			buf_printf(out, "; in the night shift, as %s", role_word(besides));
		buf_puts(out, "\n");
	}
}

/* Numbers of what is confidential are told as numbers, unless they are small. */
static void reports_put(struct buf *out, const struct report *report, enum role role, const struct clearance *has)
{
	for (size_t i = 0; i < report->ncolumns && report->roles & BIT(role); i++) {
		const struct report_column *column = &report->columns[i];
		bool counted = column->kind == COLUMN_COUNT && column->field.level >= LEVEL_FULL;
		const char *how = counted ? "as a number, unless it is small" : field_how(&column->field, has);

		if (how != NULL)
			buf_printf(out, "report %s\t%s\t%s\t%s; own areas\n", report->name, column->field.name, level_word(column->field.level), how);
	}
}

static bool clearance_find(const struct policy *policy, enum role role, bool night, struct clearance *has)
{
	for (const struct policy_row *row = policy->first[POLICY_CLEARANCE]; row != NULL; row = row->next)
		if (role_of_word(row->cells[0]) == role) {
			*has = (struct clearance){ .lists = level_of_word(row->cells[night ? 2 : 1]), .opens = level_of_word(row->cells[3]),
				.besides = night ? role_of_word(row->cells[4]) : ROLE_UNSET };
			return true;
		}
	return false;
}

bool roles_text(struct buf *out, const struct policy *policy, enum role role, bool night)
{
	struct clearance has;
	if (!clearance_find(policy, role, night, &has))
		return false;
	for (size_t i = 0; i < nbooks; i++) {
		fields_put(out, books[i], role, &has);
		ops_put(out, books[i], role, has.besides);
	}
	for (size_t i = 0; i < nreports; i++)
		reports_put(out, &reports[i], role, &has);
	return !out->failed;
}

/* Whether the night shift runs, by the house's own clock; by day where no database answers. */
static bool is_night(void)
{
	struct admin *db = NULL;
	struct admin_rows *rows = NULL;
	bool night = false;

	if (getenv("PGHOST") == NULL || admin_open(&db, true) != OK)
		return false;
	if (admin_query(db, "SELECT lodge.shift_kind(lodge.lodge_now()) = 'night'", 0, NULL, &rows) == OK)
		night = strcmp(admin_rows_get(rows, 0, 0), "t") == 0;
	admin_rows_free(rows);
	admin_close(db);
	return night;
}

static int roles_print(struct arena *arena, enum role role, bool night)
{
	char file[4096];
	struct buf out;
	struct policy *policy;
	buf_init(&out, 1 << 20);
	snprintf(file, sizeof(file), "%s/policy.conf", command_conf());
	bool fine = policy_read(file, arena, &policy, &out) == OK && roles_text(&out, policy, role, night);
	fputs(out.data, fine ? stdout : stderr);
	buf_done(&out);
	return fine ? 0 : 1;
}

int cmd_roles(int argc, char **argv)
{
	enum role role = argc == 2 || argc == 3 ? role_of_word(argv[1]) : ROLE_UNSET;
	const char *shift = argc == 3 ? argv[2] : "";
	if (role == ROLE_UNSET || (argc == 3 && strcmp(shift, "day") != 0 && strcmp(shift, "night") != 0)) {
		fputs("usage: lodged roles ROLE [day|night], ROLE being one of:", stderr);
		for (int i = ROLE_UNSET + 1; i < ROLE_END; i++)
			fprintf(stderr, " %s", role_word((enum role)i));
		fputs("\n", stderr);
		return 2;
	}
	struct arena *arena = arena_new(4 << 20);
	int status = arena == NULL ? 1 : roles_print(arena, role, argc == 3 ? strcmp(shift, "night") == 0 : is_night());
	arena_free(arena);
	return status;
}
