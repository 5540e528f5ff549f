/*
 * demo_duty.c - the demo's posts, who stands there for two weeks, and the page of the night that runs or ran last.
 *
 * Not for: what happened on it. Trap: c07 with 刘洋, and the night manager who holds the desk, are typed by scripts; no
 * red line is open.
 */
#include <stdio.h>

#include "server/admin/admin.h"
#include "server/admin/demo.h"

enum { BEFORE = 2, AFTER = 14, MORNING = 8 * 60, EVENING = 17 * 60 + 30, DAY = 24 * 60, FIRST_GUARD = 31, GUARDS = 30, POSTS = 8 };

/* staff 0: the guards take turns. */
static const struct {
	const char *code, *name, *kind, *place;
	int by_day, by_night;
} posts[POSTS] = {
	{ "desk", "Duty desk", "desk", "Duty office", WORK_MANAGER, WORK_NIGHT },
	{ "c01", "Main gate", "gate", "Main gate", 0, WORK_GUARD },
	{ "c02", "East gate", "gate", "Building 17", 0, 0 },
	{ "c03", "Patrol 1", "patrol", "Buildings 1 to 8", 0, 0 },
	{ "c04", "Patrol 2", "patrol", "Buildings 9 to 16", 0, 0 },
	{ "c05", "Patrol 3", "patrol", "Buildings 17 to 24", 0, 0 },
	{ "c06", "Switch room", "technical", "Building 4, basement", WORK_ENGINEER, WORK_TECHNICIAN },
	{ "c07", "Rear gate", "gate", "Building 12", WORK_REAR_GATE, WORK_REAR_GATE },
};

static void act(struct demo *demo, const char *book, int64_t record, const char *op, int staff, const char *role, int day)
{
	demo_event(demo, &(struct demo_act){ .book = book, .op = op, .role = role, .record = record, .staff = staff, .day = day, .minute = 10 * 60 });
}

static void posts_put(struct demo *demo)
{
	for (size_t i = 0; i < POSTS; i++) {
		int64_t id = sheet_next_id(demo, SHEET_POST);

		sheet_int(demo, SHEET_POST, id);
		sheet_text(demo, SHEET_POST, "in_use");
		sheet_text(demo, SHEET_POST, posts[i].code);
		sheet_text(demo, SHEET_POST, posts[i].name);
		sheet_text(demo, SHEET_POST, posts[i].kind);
		sheet_text(demo, SHEET_POST, posts[i].place);
		sheet_end(demo, SHEET_POST);
		act(demo, "post", id, "set_up", WORK_SECURITY, "SS", demo->today - 400);
	}
}

static int64_t shift_put(struct demo *demo, int day, bool night)
{
	int64_t id = sheet_next_id(demo, SHEET_SHIFT);
	char date[16], code[32];

	date_text(day, date);
	snprintf(code, sizeof(code), "%s %s", date, night ? "night" : "day");
	sheet_int(demo, SHEET_SHIFT, id);
	sheet_text(demo, SHEET_SHIFT, code);
	sheet_date(demo, SHEET_SHIFT, day);
	sheet_text(demo, SHEET_SHIFT, night ? "night" : "day");
	sheet_time(demo, SHEET_SHIFT, day, night ? EVENING : MORNING);
	sheet_time(demo, SHEET_SHIFT, day, night ? DAY + MORNING : EVENING);
	sheet_end(demo, SHEET_SHIFT);
	return id;
}

static void roster_put(struct demo *demo, int64_t shift, int64_t post, int staff)
{
	int64_t id = sheet_next_id(demo, SHEET_ROSTER);

	sheet_int(demo, SHEET_ROSTER, id);
	sheet_text(demo, SHEET_ROSTER, "assigned");
	sheet_int(demo, SHEET_ROSTER, shift);
	sheet_int(demo, SHEET_ROSTER, post);
	sheet_int(demo, SHEET_ROSTER, staff);
	sheet_int(demo, SHEET_ROSTER, WORK_MANAGER);
	sheet_time(demo, SHEET_ROSTER, demo->today - BEFORE - 3, 10 * 60);
	sheet_end(demo, SHEET_ROSTER);
	act(demo, "roster", id, "assign", WORK_MANAGER, "CM", demo->today - BEFORE - 3);
}

void demo_make_duty(struct demo *demo)
{
	posts_put(demo);
	for (int day = -BEFORE; day < AFTER; day++)
		for (int night = 0; night < 2; night++) {
			int64_t shift = shift_put(demo, demo->today + day, night != 0);

			for (int i = 0; i < POSTS; i++) {
				int staff = night != 0 ? posts[i].by_night : posts[i].by_day;
				int turn = (day + BEFORE) * 5 + i * 2 + night * GUARDS / 2;

				roster_put(demo, shift, i + 1, staff != 0 ? staff : FIRST_GUARD + turn % GUARDS);
			}
		}
}

void demo_open_page(struct demo *demo)
{
	char today[16], sql[2048];

	date_text(demo->today, today);
	snprintf(sql, sizeof(sql), "SET LOCAL search_path = lodge, pg_temp;"
		"DO $$ DECLARE who lodge.actor; p lodge.duty_page; evening timestamp := '%s 17:30'; here timestamp := estate_time(lodge_now()); BEGIN"
		" INSERT INTO duty_page (state, code, shift, owner, opened_by, opened_at, log_from) SELECT 'open', s.code, s.id, %d, %d, s.starts, (SELECT max(e.seq) FROM event e)"
		" FROM shift s WHERE s.kind = 'night' AND s.day = evening::date - CASE WHEN here >= evening AND here::date = evening::date THEN 0 ELSE 1 END RETURNING * INTO p;"
		" who.at := lodge_now(); who.staff := %d; who.role := 'NM'; who.terminal := 'demo';"
		" PERFORM effect_page_opened(p, who); PERFORM write_event(who, 'duty_page', p.id, NULL, 'open', 'ok', NULL, NULL, NULL, NULL, NULL, NULL); END $$;"
		"SET LOCAL search_path TO DEFAULT", today, WORK_NIGHT, WORK_NIGHT, WORK_NIGHT);
	if (demo->err == OK)
		demo_fail(demo, admin_run(demo->admin, sql));
}
