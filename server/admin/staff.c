/*
 * staff.c - the command `staff`: employees' accounts, made and ended by administration only.
 *
 *   staff add WORK_NO LOGIN NAME DEPARTMENT ROLE [AREAS]   password on standard input
 *   staff passwd STAFF                                     password on standard input
 *   staff role STAFF ROLE [AREAS] | staff role STAFF -ROLE a further role, or its end today
 *   staff disable STAFF                                    no sign-in, live sessions end
 *   staff enable STAFF
 *
 * AREAS is 1,2 or all or none (default all). Not for: the register of staff as people read it
 * (common/books/staff.c). Trap: passwords come by standard input, never as arguments, because
 * arguments are seen by everybody on the machine.
 */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/log.h"
#include "common/text.h"
#include "server/admin/admin.h"
#include "server/auth.h"
#include "server/commands.h"

enum { PASSWORD_MIN = 8 };

struct work {
	struct admin *admin;
	struct arena *arena;
	int argc;
	char **argv;
};

/* Reads one line without echoing it. */
static enum err password_read(char password[AUTH_PASSWORD_MAX + 2])
{
	struct termios shown, hidden;
	bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
	if (terminal) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		fputs("password: ", stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	bool got = fgets(password, AUTH_PASSWORD_MAX + 2, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputs("\n", stderr);
	}
	if (got)
		password[strcspn(password, "\n")] = '\0';
	if (got && strlen(password) <= AUTH_PASSWORD_MAX && text_chars(password) >= PASSWORD_MIN)
		return OK;
	log_error("a password has %d to %d characters, on one line of standard input", PASSWORD_MIN, AUTH_PASSWORD_MAX);
	return ERR_INVALID;
}

/* "1,2" becomes {1,2}; all becomes NULL, none {}. */
static enum err areas_text(struct arena *arena, const char *given, const char **areas)
{
	*areas = NULL;
	if (strcmp(given, "all") == 0)
		return OK;
	if (strcmp(given, "none") == 0)
		given = "";
	else if (given[0] == '\0' || strspn(given, "0123456789,") != strlen(given)) {
		log_error("areas are numbers such as 1,2, or all, or none");
		return ERR_INVALID;
	}
	*areas = arena_printf(arena, "{%s}", given);
	return *areas == NULL ? ERR_NOMEM : OK;
}

/* Runs a statement that answers the id of the one employee it is about. */
static enum err one_id(struct work *work, const char *sql, size_t n, const char *const *params, const char *otherwise,
	const char **id)
{
	struct admin_rows *rows = NULL;
	enum err err = admin_query(work->admin, sql, n, params, &rows);
	if (err != OK)
		return err;
	const char *cell = admin_rows_get(rows, 0, 0);
	if (cell == NULL) {
		log_error("%s", otherwise);
		err = ERR_NOT_FOUND;
	} else if ((*id = arena_strdup(work->arena, cell)) == NULL) {
		err = ERR_NOMEM;
	}
	admin_rows_free(rows);
	return err;
}

static enum err staff_find(struct work *work, const char *name, const char **id)
{
	return one_id(work, "SELECT id FROM lodge.staff WHERE (login = lower($1) OR work_no = lower($1)) AND status <> 'left'",
		1, &name, "there is no such employee", id);
}

static enum err event_write(struct work *work, const char *op, const char *id, const char *fields)
{
	const char *params[] = { op, id, fields };
	return admin_query(work->admin, "SELECT lodge.admin_event($1, 'staff', $2::bigint, $3::text[])", 3, params, NULL);
}

static enum err key_set(struct work *work, const char *id)
{
	char password[AUTH_PASSWORD_MAX + 2];
	const char *params[4] = { id };
	enum err err = password_read(password);
	if (err == OK)
		err = auth_new_password(work->arena, password, &params[1], &params[2], &params[3]);
	explicit_bzero(password, sizeof(password));
	if (err == OK)
		err = admin_query(work->admin, "INSERT INTO lodge.staff_account (staff, salt, params, key_hash) VALUES ($1, $2, $3, $4) "
			"ON CONFLICT (staff) DO UPDATE SET salt = excluded.salt, params = excluded.params, key_hash = excluded.key_hash, "
			"failed = 0, failed_at = NULL", 4, params, NULL);
	return err;
}

/* Sessions that began with another password, or that must end, do so at once. */
static enum err sessions_end(struct work *work, const char *id)
{
	return admin_query(work->admin, "UPDATE lodge.session SET ended = clock_timestamp(), changed = clock_timestamp() "
		"WHERE staff = $1 AND ended IS NULL", 1, &id, NULL);
}

static enum err role_hold(struct work *work, const char *id, const char *role, const char *areas_given)
{
	const char *areas, *params[] = { id, role, NULL };
	if (role_of_word(role) == ROLE_UNSET) {
		log_error("there is no role %s", role);
		return ERR_INVALID;
	}
	enum err err = areas_text(work->arena, areas_given, &areas);
	params[2] = areas;
	if (err == OK)
		err = admin_query(work->admin, "INSERT INTO lodge.staff_role (staff, role, areas, since, rank) SELECT $1::bigint, $2::text, $3::integer[], "
			"lodge.estate_time(lodge.lodge_now())::date, coalesce(max(rank), 0) + 1 FROM lodge.staff_role WHERE staff = $1 "
			"ON CONFLICT (staff, role, since) DO UPDATE SET areas = excluded.areas, until = NULL", 3, params, NULL);
	return err;
}

static enum err staff_add(struct work *work)
{
	const char *department, *id, *clean, *why;
	enum err err = text_clean(work->arena, work->argv[4], strlen(work->argv[4]), false, &clean, &why);
	if (err != OK) {
		log_error("the name cannot be used: %s", why);
		return err;
	}
	const char *name = work->argv[5];
	err = one_id(work, "SELECT id FROM lodge.department WHERE name = $1", 1, &name, "there is no such department", &department);
	const char *params[] = { work->argv[2], work->argv[3], clean, department };
	if (err == OK)
		err = one_id(work, "INSERT INTO lodge.staff (work_no, login, name, department, joined, status) SELECT lower($1), lower($2), "
			"$3::text, $4::bigint, lodge.estate_time(lodge.lodge_now())::date, 'confirmed' WHERE lower($1) ~ ('^' || lodge.policy_value('staff.work_number', 'w') || '[0-9]{3,}$') AND "
			"lower($2) ~ '^[a-z][a-z0-9]{1,31}$' AND NOT EXISTS (SELECT FROM lodge.staff WHERE work_no IN (lower($1), lower($2)) "
			"OR login IN (lower($1), lower($2))) RETURNING id", 4, params,
			"the work number (such as w031) or the sign-in name is taken or not well formed", &id);
	if (err == OK)
		err = role_hold(work, id, work->argv[6], work->argc > 7 ? work->argv[7] : "all");
	if (err == OK)
		err = key_set(work, id);
	return err == OK ? event_write(work, "add", id, "{work_no,login,name,department,role,areas}") : err;
}

static enum err staff_passwd(struct work *work)
{
	const char *id;
	enum err err = staff_find(work, work->argv[2], &id);
	if (err == OK)
		err = key_set(work, id);
	if (err == OK)
		err = sessions_end(work, id);
	return err == OK ? event_write(work, "passwd", id, "{password}") : err;
}

static enum err staff_role(struct work *work)
{
	const char *id, *role = work->argv[3];
	enum err err = staff_find(work, work->argv[2], &id);
	const char *params[] = { id, role + 1 }, *ended;
	if (err == OK && role[0] == '-')
		err = one_id(work, "UPDATE lodge.staff_role SET until = lodge.estate_time(lodge.lodge_now())::date - 1 "
			"WHERE staff = $1 AND role = $2 AND until IS NULL RETURNING staff", 2, params, "he does not hold this role", &ended);
	else if (err == OK)
		err = role_hold(work, id, role, work->argc > 4 ? work->argv[4] : "all");
	return err == OK ? event_write(work, "role", id, "{role,areas}") : err;
}

static enum err account_switch(struct work *work, const char *sql, const char *op)
{
	const char *id, *account;
	enum err err = staff_find(work, work->argv[2], &id);
	if (err == OK)
		err = one_id(work, sql, 1, &id, "he has no account", &account);
	if (err == OK)
		err = sessions_end(work, id);
	return err == OK ? event_write(work, op, id, "{disabled}") : err;
}

static enum err staff_disable(struct work *work)
{
	return account_switch(work, "UPDATE lodge.staff_account SET disabled = true WHERE staff = $1 RETURNING staff", "disable");
}

static enum err staff_enable(struct work *work)
{
	return account_switch(work, "UPDATE lodge.staff_account SET disabled = false, failed = 0 WHERE staff = $1 RETURNING staff",
		"enable");
}

static const struct {
	const char *name, *done;
	int argc_min, argc_max;
	enum err (*run)(struct work *);
} verbs[] = {
	{ .name = "add", .done = "added", .argc_min = 7, .argc_max = 8, .run = staff_add },
	{ .name = "passwd", .done = "password set", .argc_min = 3, .argc_max = 3, .run = staff_passwd },
	{ .name = "role", .done = "role changed", .argc_min = 4, .argc_max = 5, .run = staff_role },
	{ .name = "disable", .done = "disabled", .argc_min = 3, .argc_max = 3, .run = staff_disable },
	{ .name = "enable", .done = "enabled", .argc_min = 3, .argc_max = 3, .run = staff_enable },
};

int cmd_staff(int argc, char **argv)
{
	size_t verb = 0;
	while (verb < NITEMS(verbs) && (argc < 2 || strcmp(argv[1], verbs[verb].name) != 0))
		verb++;
	if (verb == NITEMS(verbs) || argc < verbs[verb].argc_min || argc > verbs[verb].argc_max) {
		fputs("usage: lodged staff add WORK_NO LOGIN NAME DEPARTMENT ROLE [AREAS]   (password on standard input)\n"
			"       lodged staff passwd STAFF                                    (password on standard input)\n"
			"       lodged staff role STAFF ROLE|-ROLE [AREAS]\n"
			"       lodged staff disable|enable STAFF\n", stderr);
		return 2;
	}
	struct work work = { .argc = argc, .argv = argv, .arena = arena_new(1 << 20) };
	enum err err = work.arena == NULL ? ERR_NOMEM : admin_open(&work.admin, true);
	if (err == OK)
		err = admin_run(work.admin, "BEGIN; SELECT pg_advisory_xact_lock(7120301)");
	if (err == OK)
		err = verbs[verb].run(&work);
	if (err == OK)
		err = admin_run(work.admin, "COMMIT");
	if (err == OK)
		printf("staff %s: %s\n", argv[2], verbs[verb].done);
	admin_close(work.admin);
	arena_free(work.arena);
	return err == OK ? 0 : 1;
}
