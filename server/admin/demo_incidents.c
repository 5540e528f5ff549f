/*
 * demo_incidents.c - the demo's register of incidents: each kind of form, each state that a morning meets.
 *
 * Filed with a proven photograph, a major one in person, one that came late, a void one, a slip that waits for the centre's manager,
 * a record with its three signatures, and one that is late now. Not for: what runs at the moment; no major one is open, because
 * it would be red on every hand-over. Trap: numbers are those of the rows, without a gap (INC-03).
 */
#include "server/admin/demo.h"

#include <string.h>

#include "server/admin/admin.h"

enum { HOUR = 60, ENGINEERING_LEADER = 15, SIGNERS = 3 };

#define DIGEST " sha256:5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02"

/* Days before today and minutes of that day; 0 = not yet. Late by hours, never by weekends: the due times follow from these. */
static const struct {
	const char *form, *kind, *severity, *state, *place, *details, *action, *photos, *police, *copied_to, *reason;
	int staff, days, found, told, submitted, copied, filed, building;
	bool loss, in_person, is_unit; /* is_unit: the place is one */
} incidents[] = {
	{ .form = "incident_report", .kind = "fire", .severity = "major", .state = "filed", .place = "12-0803",
		.details = "Cháy bếp căn hộ 12-0803, khói lan ra hành lang tầng 8. Không có người bị thương.", .action = "Dập bằng hai bình chữa cháy, đưa cư dân tầng 8 ra sảnh.",
		.photos = "[{\"name\":\"IMG_2107.jpg" DIGEST "\",\"quantity\":1}]", .police = "114-0871", .copied_to = "CM, SS, ES",
		.staff = WORK_NIGHT, .days = 61, .found = 22 * HOUR + 5, .told = 22 * HOUR + 20, .submitted = 30 * HOUR, .copied = 34 * HOUR, .filed = 57 * HOUR, .building = 12,
		.loss = true, .in_person = true, .is_unit = true },
	{ .form = "incident_report", .kind = "water", .severity = "general", .state = "filed", .place = "7-b1",
		.details = "地下一层水泵房管道爆裂，积水约五厘米。", .action = "关闭 2 号阀，通知工程部和保洁部吸水。",
		.photos = "[{\"name\":\"pump room 1.jpg" DIGEST "\",\"quantity\":1}]", .copied_to = "CM, ES",
		.staff = WORK_NIGHT, .days = 26, .found = 23 * HOUR + 40, .told = 24 * HOUR + 10, .submitted = 31 * HOUR + 30, .copied = 39 * HOUR, .filed = 40 * HOUR, .building = 7,
		.loss = true },
	{ .form = "incident_report", .kind = "fight", .severity = "general", .state = "voided", .place = "Main gate", .details = "Two drivers shouting at the gate.",
		.reason = "written twice, see the report before", .staff = WORK_MANAGER, .days = 15, .found = 11 * HOUR },
	{ .form = "incident_report", .kind = "theft", .severity = "general", .state = "copied", .place = "Car park, basement 1",
		.details = "電動車電池被盜，車主 5-1102。", .action = "保護現場，調閱監控。", .police = "CA-2231/26", .copied_to = "CM, SS",
		.staff = WORK_NIGHT, .days = 9, .found = 2 * HOUR + 15, .told = 2 * HOUR + 40, .submitted = 31 * HOUR, .copied = 33 * HOUR },
	{ .form = "emergency_record", .kind = "other", .severity = "general", .state = "submitted", .place = "7-1302",
		.details = "入户查看：住户外出探亲未登记，屋内一切正常，门窗已关好。", .action = "Left by the front door; the son was told.",
		.staff = WORK_NIGHT, .days = 4, .found = 20 * HOUR + 30, .submitted = 29 * HOUR, .building = 7, .is_unit = true },
	{ .form = "incident_report", .kind = "equipment", .severity = "general", .state = "opened", .place = "3-b1",
		.details = "Cửa thang máy số 2 kẹt, đã treo biển báo.", .action = "Gọi thợ thang máy, hẹn sáng mai.",
		.staff = WORK_NIGHT, .days = 2, .found = 21 * HOUR + 40, .building = 3 },
	{ .form = "power_slip", .kind = "power", .severity = "general", .state = "submitted", .place = "Switch room", .details = "3 号馈线跳闸，17 至 20 栋停电 25 分钟。",
		.action = "Reset after the damp cable was isolated.", .staff = ENGINEERING_LEADER, .days = 1, .found = 3 * HOUR + 10, .submitted = 6 * HOUR + 20 },
};
static const struct { const char *role, *name; } signers[SIGNERS] = { { "Night manager", "邓海波" }, { "Security", "Bùi Văn Long" }, { "Neighbour", "陈明" } };

static void time_cell(struct demo *demo, size_t i, int minute)
{
	if (minute > 0)
		sheet_time(demo, SHEET_INCIDENT, demo->today - incidents[i].days, minute);
	else
		sheet_text(demo, SHEET_INCIDENT, NULL);
}

/* 0: nothing. */
static void int_cell(struct demo *demo, int number)
{
	if (number > 0)
		sheet_int(demo, SHEET_INCIDENT, number);
	else
		sheet_text(demo, SHEET_INCIDENT, NULL);
}

static void act(struct demo *demo, size_t i, int64_t id, const char *op, int staff, const char *role, int minute)
{
	if (minute > 0)
		demo_event(demo, &(struct demo_act){ .book = "incident", .op = op, .role = role, .record = id, .staff = staff, .day = demo->today - incidents[i].days, .minute = minute });
}

static int filer_of(size_t i)
{
	return strcmp(incidents[i].state, "filed") == 0 ? WORK_ESTATE : 0;
}

static void unit_cell(struct demo *demo, size_t i)
{
	int64_t unit = 0;

	if (incidents[i].is_unit && demo_unit_find(demo, incidents[i].place, &unit) != NULL)
		sheet_int(demo, SHEET_INCIDENT, unit);
	else
		sheet_text(demo, SHEET_INCIDENT, NULL);
}

static void acts_put(struct demo *demo, size_t i, int64_t id)
{
	const char *role = incidents[i].staff == WORK_NIGHT ? "NM" : incidents[i].staff == WORK_MANAGER ? "CM" : "EL";

	act(demo, i, id, "open", incidents[i].staff, role, incidents[i].found);
	act(demo, i, id, "report_orally", incidents[i].staff, role, incidents[i].told);
	act(demo, i, id, "submit", incidents[i].staff, role, incidents[i].submitted);
	act(demo, i, id, "send_copies", incidents[i].staff, role, incidents[i].copied);
	act(demo, i, id, "approve", filer_of(i), "EM", incidents[i].filed);
	if (incidents[i].reason != NULL)
		act(demo, i, id, "void", incidents[i].staff, role, incidents[i].found + HOUR);
}

/* In the order of the columns (demo_sheet.c). */
static void incident_put(struct demo *demo, size_t i, int64_t id)
{
	const enum sheet_name sheet = SHEET_INCIDENT;

	sheet_int(demo, sheet, id);
	sheet_text(demo, sheet, incidents[i].state);
	sheet_int(demo, sheet, id);
	sheet_text(demo, sheet, incidents[i].kind);
	sheet_text(demo, sheet, incidents[i].place);
	sheet_text(demo, sheet, incidents[i].details);
	sheet_text(demo, sheet, incidents[i].severity);
	sheet_bool(demo, sheet, incidents[i].loss);
	sheet_text(demo, sheet, incidents[i].form);
	time_cell(demo, i, incidents[i].found);
	sheet_text(demo, sheet, incidents[i].action);
	sheet_text(demo, sheet, incidents[i].police);
	sheet_text(demo, sheet, incidents[i].photos);
	sheet_bool(demo, sheet, incidents[i].in_person);
	unit_cell(demo, i);
	int_cell(demo, incidents[i].building); /* a building's id is its number */
	int_cell(demo, incidents[i].staff);
	time_cell(demo, i, incidents[i].told);
	time_cell(demo, i, incidents[i].found + (strcmp(incidents[i].severity, "major") == 0 ? 12 : 24) * HOUR);
	time_cell(demo, i, incidents[i].submitted);
	int_cell(demo, incidents[i].submitted > 0 ? incidents[i].staff : 0);
	sheet_text(demo, sheet, incidents[i].copied_to);
	time_cell(demo, i, incidents[i].copied);
	int_cell(demo, filer_of(i));
	time_cell(demo, i, incidents[i].filed);
	int_cell(demo, strcmp(incidents[i].form, "emergency_record") == 0 ? SIGNERS : 0);
	sheet_text(demo, sheet, incidents[i].reason);
	sheet_end(demo, sheet);
}

static void signatures_put(struct demo *demo, size_t i, int64_t id)
{
	const enum sheet_name sheet = SHEET_RECORD_SIGNED;

	for (size_t k = 0; k < SIGNERS && strcmp(incidents[i].form, "emergency_record") == 0; k++) {
		sheet_int(demo, sheet, sheet_next_id(demo, sheet));
		sheet_text(demo, sheet, "signed");
		sheet_int(demo, sheet, id);
		sheet_text(demo, sheet, signers[k].role);
		sheet_text(demo, sheet, signers[k].name);
		sheet_time(demo, sheet, demo->today - incidents[i].days, incidents[i].submitted - HOUR + (int)k);
		sheet_int(demo, sheet, incidents[i].staff);
		sheet_end(demo, sheet);
	}
}

void demo_make_incidents(struct demo *demo)
{
	for (size_t i = 0; i < NITEMS(incidents); i++) {
		int64_t id = sheet_next_id(demo, SHEET_INCIDENT);

		incident_put(demo, i, id);
		signatures_put(demo, i, id);
		acts_put(demo, i, id);
	}
	demo_flush(demo, true);
	/* Working days are the database's. */
	if (demo->err == OK)
		demo_fail(demo, admin_run(demo->admin, "SET LOCAL search_path = lodge, pg_temp;"
			"UPDATE incident SET copy_due = one_working_day(submitted_at) WHERE submitted_at IS NOT NULL;"
			"INSERT INTO deadline (book, record, kind, due, met) SELECT 'incident', i.id, 'incident_report', i.due, CASE i.state WHEN 'voided' THEN i.due ELSE i.submitted_at END FROM incident i;"
			"INSERT INTO deadline (book, record, kind, due, met) SELECT 'incident', i.id, 'incident_copies', i.copy_due, i.copied_at FROM incident i WHERE i.copy_due IS NOT NULL;"
			"SET LOCAL search_path TO DEFAULT"));
}
